"""Published revenue bulletins: every published rate recomputed from the published amounts, nothing made up beside them.

The published numbers stand in params/facts/tax_by_type_lintao_202402.yaml and params/facts/revenue_execution_published.yaml
with their addresses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.base.yamlio import read_yaml
from workbench.evidence.template import write_workbook
from workbench.plugins.manager import load_plugins
from workbench.scheme.library import Library

ROOT = Path(__file__).resolve().parents[2]
LINTAO, EXECUTION = "tax_by_type_lintao_202402", "revenue_execution_published"


@cache
def result_of(name: str) -> Any:
    return wb.open(f"params/{name}.yaml", workspace=ROOT).result()


def rows_of(result: Any, name: str) -> list[dict[str, Any]]:
    analysis = next(a for a in result.analyses if a.name == name)
    names = ["subject", *(c.name for c in analysis.columns)]
    return [dict(zip(names, row, strict=True)) for row in analysis.rows]


def findings(result: Any, subject: str) -> dict[str, str]:
    found = next(s for s in result.subjects if s.id == subject)
    return {f.code: f.message for f in found.findings}


@pytest.fixture
def reopen(tmp_path: Path) -> Callable[[str, dict[str, Any]], Any]:
    """The same plan on other facts."""
    pack = Library.of(load_plugins(None, code=False).folders).pack("revenue-tax")

    def opened(name: str, facts: dict[str, Any]) -> Any:
        plan = read_yaml(ROOT / "params" / f"{name}.yaml").data["plan"] | {"evidence": "evidence.xlsx"}
        days = {"period_start", "period_end"}
        facts["subjects"] = [{k: v for k, v in row.items() if k not in days} for row in facts["subjects"]]
        write_workbook(tmp_path / "evidence.xlsx", pack, facts)
        return wb.open(plan, workspace=tmp_path).result()

    return opened


def facts_of(name: str) -> dict[str, Any]:
    facts: dict[str, Any] = read_yaml(ROOT / "params" / "facts" / f"{name}.yaml").data["facts"]
    return facts


# ---------------------------------------------------------------------------------------------------------------------
# 临洮县, January and February 2024, by tax
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tax", "plan_share", "growth"),
    [
        # Published: percent of the year's plan, growth over the same months of 2023.
        ("税收收入", "17.19", "9.38"),
        ("增值税", "17.36", "24.71"),
        ("消费税", "34.00", "6.25"),
        ("企业所得税", "21.11", "-8.02"),
        ("个人所得税", "26.37", "2.50"),
        ("资源税", "3.71", "-42.22"),
        ("城市维护建设税", "13.92", "2.48"),
        ("房产税", "1.49", "-21.62"),
        ("印花税", "15.03", "39.77"),
        ("城镇土地使用税", "0.81", "-72.73"),
        ("土地增值税", "9.12", "-12.35"),
    ],
)
def test_lintao_rates_come_from_the_published_amounts(tax: str, plan_share: str, growth: str) -> None:
    rows = {r["measure"]: r for r in rows_of(result_of(LINTAO), "published_check") if r["item"] == tax}
    assert [rows[m]["published"] for m in ("完成进度", "同比增幅")] == [plan_share, growth]
    assert [rows[m]["verdict"] for m in ("完成进度", "同比增幅")] == ["一致", "一致"]


def test_lintao_says_what_is_not_listed() -> None:
    # 7833 + 17 + 3156 + 778 + 26 + 330 + 29 + 239 + 12 + 433 = 12853; 15348 − 12853 = 2495.
    said = findings(result_of(LINTAO), "LT")
    assert said["taxes_unlisted"].startswith("所列10个税种合计12853万元,比税收收入15348万元少2495万元")
    assert said["published_same"] == "公布的22个比率都能由公布的数额得出"


def test_lintao_growth_is_decomposed_exactly() -> None:
    rows = rows_of(result_of(LINTAO), "growth")
    moves = {r["step"]: r for r in rows if not r["reached"]}
    assert len(moves) == 11
    # 15348 − 14032 = 1316 and 9.38 points; VAT 7833 − 6281 = 1552; unlisted 2495 − 2432 = 63.
    assert sum(Decimal(r["amount"]) for r in moves.values()) == 1316
    assert sum(Decimal(r["points"]) for r in moves.values()) == Decimal("9.38")
    assert (moves["增值税"]["amount"], moves["增值税"]["points"]) == ("1552.00", "11.06")
    assert moves["未列示税种"]["amount"] == "63.00"


def test_lintao_scores_only_what_was_published() -> None:
    (subject,) = result_of(LINTAO).subjects
    # 15348/89275 − 2/12 = 0.53 points ahead of time: full 4 of 35 − 3 = 32 that apply, 4 × 35/32 = 4.375 → 4.38.
    assert {i.code: (i.value, i.final) for i in subject.indicators if i.final is not None} == {
        "T_PROGRESS": ("0.53", "4.00")
    }
    assert (subject.complete, subject.grade, subject.interval) == (False, None, ["4.38", "100.00"])


def test_lintao_wrong_rate_would_be_said(reopen: Callable[[str, dict[str, Any]], Any]) -> None:
    facts = facts_of(LINTAO)
    facts["published"][0]["percent"] = "17.91"  # digits swapped
    # 17.91 − 17.1918 = 0.72
    assert findings(reopen(LINTAO, facts), "LT")["published_wrong"].startswith(
        "公布的22个比率中有1个不能由公布的数额得出,已考虑数额的四舍五入,最大相差0.72个百分点:税收收入完成进度"
    )


# ---------------------------------------------------------------------------------------------------------------------
# Five bulletins
# ---------------------------------------------------------------------------------------------------------------------


def test_every_published_rate_is_reproduced_explained_or_said_to_lack_its_base() -> None:
    rows = rows_of(result_of(EXECUTION), "published_check")
    verdicts = {s: Counter(r["verdict"] for r in rows if r["subject"] == s) for s in ("ZZ", "DY", "LS", "ZT", "CN")}
    assert verdicts["ZZ"] == {"一致": 13, "公布数额不全,无法核对": 1}
    assert verdicts["DY"] == {"一致": 10}
    # 罗山县 published rates without budgets and without last year's amounts: only the share can be checked.
    assert verdicts["LS"] == {"一致": 1, "公布数额不全,无法核对": 8}
    assert verdicts["ZT"] == {"一致": 1, "四舍五入可以解释": 1, "公布数额不全,无法核对": 1}
    assert verdicts["CN"] == {"一致": 4}


@pytest.mark.parametrize(
    ("subject", "item", "measure", "published", "computed"),
    [
        ("ZZ", "公共财政预算总收入", "同比增幅", "10.61", "10.6085"),  # 6517/(67949 − 6517)
        ("ZZ", "非税收入", "占比", "46.21", "46.2067"),  # 31397/67949
        ("ZZ", "公共财政预算支出", "同比增幅", "4.22", "4.2150"),  # 5025/119216 = 4.21504 %
        ("DY", "一般公共预算收入", "完成进度", "40.40", "40.3728"),  # 24627/60999, printed 40.4
        ("DY", "政府性基金支出", "同比增幅", "-83.90", "-83.8604"),  # −27580/32888
        ("LS", "税务部门完成", "占比", "62.57", "62.5704"),  # 21334/34096
        ("ZT", "税收收入", "占比", "73.50", "73.3681"),  # 28.1/38.3
        ("CN", "财政总收入", "同比增幅", "32.40", "32.3627"),  # 12543.83/38760.20
    ],
)
def test_rates_recomputed(subject: str, item: str, measure: str, published: str, computed: str) -> None:
    rows = rows_of(result_of(EXECUTION), "published_check")
    (row,) = [r for r in rows if (r["subject"], r["item"], r["measure"]) == (subject, item, measure)]
    assert (row["published"], row["computed"]) == (published, computed)


def test_share_of_zhaotong_is_explained_by_its_one_decimal() -> None:
    rows = rows_of(result_of(EXECUTION), "published_check")
    (row,) = [r for r in rows if r["subject"] == "ZT" and r["measure"] == "占比"]
    # 28.05/38.35 and 28.15/38.25
    assert (row["low"], row["high"], row["verdict"]) == ("73.1421", "73.5948", "四舍五入可以解释")
    assert "不算错误" in findings(result_of(EXECUTION), "ZT")["published_rounded"]


def test_parts_of_every_bulletin_add_up() -> None:
    for subject in result_of(EXECUTION).subjects:
        assert "published_parts" not in {f.code for f in subject.findings}


def test_part_that_does_not_add_up_would_be_said(reopen: Callable[[str, dict[str, Any]], Any]) -> None:
    facts = facts_of(EXECUTION)
    row = next(r for r in facts["published"] if r["subject"] == "ZZ" and r["item"] == "上划省级收入")
    row["amount"] = 4173
    said = findings(reopen(EXECUTION, facts), "ZZ")["published_parts"]
    assert said == "公布的3组构成中有1组各部分相加不等于合计(已考虑四舍五入),最大差额10万元"
