"""Five training schools: unit costs from the published facts, nothing made up where nothing was published.

The published table (params/facts/training_unit_cost_lvliang_2021.csv): 2600 元 a person, 就业奖补 400 元 a person, persons
trained, persons qualified, subsidy in 万元.
"""

from __future__ import annotations

import csv
import importlib.util
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.base.yamlio import read_yaml
from workbench.evidence.template import write_workbook
from workbench.plugins.manager import load_plugins
from workbench.scheme.library import Library

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "make_cost_params.py"
PLAN = ROOT / "params" / "training_unit_cost_lvliang_2021.yaml"
WORKBOOK = Path("params") / "evidence" / "training_unit_cost_lvliang_2021.xlsx"
FACTS = ROOT / "params" / "facts" / "training_unit_cost_lvliang_2021.csv"
SCORED = {"C_COVER", "C_STD", "O_QLT"}


@pytest.fixture(scope="module")
def result() -> Any:
    return wb.open(PLAN, workspace=ROOT).result()


@pytest.fixture
def facts() -> list[dict[str, str]]:
    with FACTS.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def reopen(tmp_path: Path) -> Callable[[list[dict[str, str]]], Any]:
    """The same plan on other facts."""
    spec = importlib.util.spec_from_file_location("make_cost_params", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    pack = Library.of(load_plugins(None, code=False).folders).pack("cost-performance")
    plan = read_yaml(PLAN).data["plan"] | {"evidence": "evidence.xlsx"}

    def opened(rows: list[dict[str, str]]) -> Any:
        write_workbook(tmp_path / "evidence.xlsx", pack, script.rows_of(rows))
        return wb.open(plan, workspace=tmp_path).result()

    return opened


def finding(subject: Any, code: str) -> str:
    return next(f.message for f in subject.findings if f.code == code)


def value(subject: Any, code: str) -> str | None:
    return next(i.value for i in subject.indicators if i.code == code)


@pytest.mark.parametrize(
    ("subject", "amount", "trained", "per_trained", "qualified"),
    [
        # amount = published 万元 × 10000; per person trained = amount / trained; per person qualified = amount / qualified.
        ("L1", "2189200", "842", "2600", "842"),  # 218.92 万; 2600 × 842 = 2189200
        ("L2", "2340000", "900", "2600", "900"),  # 234 万;    2600 × 900 = 2340000
        ("L3", "2446600", "941", "2600", "941"),  # 244.66 万; 2600 × 941 = 2446600
        ("L4", "2386800", "942", "2533.76", "918"),  # 238.68 万; 2600 × 918 = 2386800; 2386800 / 942 = 2533.7579…
        ("L5", "2516800", "968", "2600", "968"),  # 251.68 万; 2600 × 968 = 2516800
    ],
)
def test_unit_costs(result, subject: str, amount: str, trained: str, per_trained: str, qualified: str) -> None:
    found = next(s for s in result.subjects if s.id == subject)
    assert finding(found, "unit_costs") == (
        f"归集成本{amount}元;按实际产出{trained}计单位成本{per_trained}元,按合格产出{qualified}计2600元;评分采用后者"
    )
    # amount / qualified is 2600 for each of them.
    assert {value(found, code) for code in ("C_UNIT", "C_STD", "C_HIST")} == {"2600.00"}
    # The published amount is 2600 × qualified in all five rows.
    assert "published_differs" not in {f.code for f in found.findings}


@pytest.mark.parametrize(
    ("subject", "rate", "points", "interval"),
    [
        # Scored: coverage 3 of 3, quota 6 of 6, quality by 101号 (60 % threshold) of 10.
        # 842/842 = 100 % → 10; lowest 3 + 6 + 10 = 19; highest 100.
        ("L1", "100.00", "10.00", ["19.00", "100.00"]),
        ("L2", "100.00", "10.00", ["19.00", "100.00"]),
        ("L3", "100.00", "10.00", ["19.00", "100.00"]),
        # 918/942 = 97.452…% → 97.45 %; 10 × (97.45 − 60)/40 = 9.3625 → 9.36; 3 + 6 + 9.36 = 18.36; 100 − 0.64 = 99.36.
        ("L4", "97.45", "9.36", ["18.36", "99.36"]),
        ("L5", "100.00", "10.00", ["19.00", "100.00"]),
    ],
)
def test_interval_without_grade(result, subject: str, rate: str, points: str, interval: list[str]) -> None:
    found = next(s for s in result.subjects if s.id == subject)
    quality = next(i for i in found.indicators if i.code == "O_QLT")
    assert (quality.value, quality.final, quality.status) == (rate, points, "provisional")
    assert (found.total, found.interval, found.grade, found.complete) == (None, interval, None, False)
    assert {i.code for i in found.indicators if i.final is not None} == SCORED


def test_unqualified_are_not_paid_for(result) -> None:
    # 2600 × 942 = 2449200; 942 − 918 = 24; 2600 × 24 = 62400.
    found = next(s for s in result.subjects if s.id == "L4")
    assert finding(found, "paid_for_qualified") == (
        "公布金额2386800元=定额标准2600元×合格产出量918;若按实际产出量942计应为2449200元;不合格产出24没有支付,相差62400元"
    )
    others = [f.code for s in result.subjects if s.id != "L4" for f in s.findings]
    assert "paid_for_qualified" not in others


def test_no_quota_is_proposed_where_the_boundary_was_not_published(result) -> None:
    """Accounting basis and period are not on the page, so the five schools are not compared and no standard follows."""
    table = next(a for a in result.analyses if a.name == "quota_proposal")
    names = [c.name for c in table.columns]
    rows = [dict(zip(names, row[1:], strict=True)) for row in table.rows]
    assert [row["quota"] for row in rows] == [None] * 5
    assert {row["reason"] for row in rows} == {"口径没有写全、不一致或没有成本,不参加测算"}


def test_cost_that_is_the_quota_says_so(result) -> None:
    for found in result.subjects:
        assert "单位成本必然等于定额" in finding(found, "paid_by_standard")


def test_published_amount_that_is_not_the_product_is_said(facts, reopen) -> None:
    # As if the subsidy of the fourth school had been paid for all 942 trained: 244.92 万, 2449200 − 2386800 = 62400 too much.
    facts[3]["published_subsidy_wan"] = "244.92"
    found = next(s for s in reopen(facts).subjects if s.id == "L4")
    assert finding(found, "published_differs") == (
        "公布金额2449200元与定额标准2600元×合格产出量918=2386800元不一致,相差62400元"
    )
    # 2449200 / 918 = 2667.9738… → 2667.97; over the quota by 67.97/2600 = 2.614…% → 2.61 %, within 3 %: 6 × 80 % = 4.80.
    quota = next(i for i in found.indicators if i.code == "C_STD")
    assert (quota.value, quota.final) == ("2667.97", "4.80")
    assert "超标准率2.61%" in finding(found, "over_standard")


def test_workbook_is_made_from_the_facts(tmp_path: Path) -> None:
    made = []
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        out = tmp_path / zone.replace("/", "-")
        out.mkdir()
        environment = os.environ | {"TZ": zone, "LC_ALL": "C", "PYTHONHASHSEED": "7"}
        command = [sys.executable, str(SCRIPT), "--out", str(out)]
        subprocess.run(command, check=True, env=environment, cwd=out, stdout=subprocess.PIPE)
        made.append(out / WORKBOOK)
    assert made[0].read_bytes() == made[1].read_bytes()
    # Contents, not archives: another zlib packs the same sheets into other bytes.
    with zipfile.ZipFile(made[0]) as new, zipfile.ZipFile(ROOT / WORKBOOK) as here:
        assert {n: new.read(n) for n in new.namelist()} == {n: here.read(n) for n in here.namelist()}
