"""Shandong's transition funds: only what was published is computed, and parts that do not add up are said.

The published table (../shared/data/government_funds.csv, in params/facts/shandong_transition_funds.yaml): numbers of funds and
projects, committed capital, what the funds invested and the social capital it brought, in 亿元. The page gives no year.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.base.yamlio import read_yaml
from workbench.evidence.template import write_workbook
from workbench.plugins.manager import load_plugins
from workbench.scheme.library import Library

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "params" / "shandong_transition_funds.yaml"
FACTS = ROOT / "params" / "facts" / "shandong_transition_funds.yaml"


@pytest.fixture(scope="module")
def result() -> Any:
    return wb.open(PLAN, workspace=ROOT).result()


@pytest.fixture
def facts() -> dict[str, list[dict[str, Any]]]:
    return deepcopy(read_yaml(FACTS).data["facts"])  # what was read stays as it is for the next reader


@pytest.fixture
def reopen(tmp_path: Path) -> Callable[..., Any]:
    """The same plan on other facts."""
    pack = Library.of(load_plugins(None, code=False).folders).pack("government-investment-funds")
    plan = read_yaml(PLAN).data["plan"] | {"evidence": "evidence.xlsx"}

    def opened(rows: dict[str, list[dict[str, Any]]]) -> Any:
        write_workbook(tmp_path / "evidence.xlsx", pack, rows, variant=plan["variant"])
        return wb.open(plan, workspace=tmp_path).result()

    return opened


def findings(result: Any, subject: str) -> dict[str, str]:
    return {f.code: f.message for f in next(s for s in result.subjects if s.id == subject).findings}


def published(facts: dict[str, list[dict[str, Any]]], scope: str) -> dict[str, Any]:
    return next(r for r in facts["published"] if r["scope"] == scope)


@pytest.mark.parametrize(
    ("subject", "multiple"),
    [
        ("SD", "2.33"),  # 4740 / 2036 = 2.3280…
        ("SDGOV", "3.18"),  # 4385 / 1379 = 3.1798…
    ],
)
def test_social_capital_brought_by_each_yuan_invested(result: Any, subject: str, multiple: str) -> None:
    found = next(s for s in result.subjects if s.id == subject)
    values = {i.code: i.value for i in found.indicators if i.value is not None}
    assert values == {"P_CROWD": multiple}
    # No target was published, so nothing is scored; the peer is not judged at all.
    assert [i.code for i in found.indicators if i.final is not None] == []
    assert (found.total, found.grade, found.interval) == (None, None, ["0.00", "100.00"])
    assert {s.id for s in result.subjects} == {"SD", "SDGOV"}


def test_the_gap_of_one_is_rounding(result: Any) -> None:
    # 5481 + 1889 = 7370 against 7371; 1379 + 658 = 2037 against 2036; 4385 + 355 = 4740. Three rounded numbers: 3 × 0.5.
    assert findings(result, "SD")["published_rounding"] == (
        "公布的分项之和与合计有尾差:认缴规模7371亿元对7370亿元,基金投资额2036亿元对2037亿元,"
        "带动社会资本4740亿元对4740亿元;不超过四舍五入容差1.5亿元,照录不改"
    )
    # 172 + 216 = 388 and 4258 + 1223 = 5481 without a gap.
    assert not {"published_rounding", "published_sum", "published_count_sum"} & set(findings(result, "SDGOV"))
    # 388 + 157 = 545 and 1510 + 467 = 1977.
    assert not {"published_sum", "published_count_sum"} & set(findings(result, "SD"))


def test_the_missing_year_is_said(result: Any) -> None:
    assert "没有载明年份" in findings(result, "SD")["published_undated"]


def test_a_larger_gap_is_an_error(facts: dict[str, list[dict[str, Any]]], reopen: Callable[..., Any]) -> None:
    facts["published"][0]["committed"] = 7372  # 2 above the parts
    found = findings(reopen(facts), "SD")
    assert "7372亿元对7370亿元" in found["published_sum"]


def test_counts_must_add_up_exactly(facts: dict[str, list[dict[str, Any]]], reopen: Callable[..., Any]) -> None:
    facts["published"][0]["fund_count"] = 546
    assert "基金数合计546、分项之和545" in findings(reopen(facts), "SD")["published_count_sum"]


def test_facts_are_those_of_the_published_table(facts: dict[str, list[dict[str, Any]]]) -> None:
    columns = ("fund_count", "committed", "projects", "invested", "leveraged")
    expected = {
        "新旧动能转换基金合计": (545, 7371, 1977, 2036, 4740),
        "政府投资基金": (388, 5481, 1510, 1379, 4385),
        "国有企业投资基金": (157, 1889, 467, 658, 355),
        "省级设立": (172, 4258, None, None, None),
        "市县设立": (216, 1223, None, None, None),
    }
    assert {s: tuple(published(facts, s).get(c) for c in columns) for s in expected} == expected
