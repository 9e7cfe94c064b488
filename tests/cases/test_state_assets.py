"""Administrative assets of Chongqing in 2023 from the published table, nothing made up where nothing was published.

params/facts/state_assets.csv: assets, liabilities and net assets of twelve scopes in 亿元, two growth rates, and national
totals of three years in 万亿元.
"""

from __future__ import annotations

import csv
import importlib.util
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.base.yamlio import read_yaml
from workbench.evidence.template import write_workbook
from workbench.plugins.manager import load_plugins
from workbench.scheme.library import Library

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "make_asset_params.py"
NAME = "chongqing_administrative_assets_2023"
PLAN = ROOT / "params" / f"{NAME}.yaml"
WORKBOOK = Path("params") / "evidence" / f"{NAME}.xlsx"
FACTS = ROOT / "params" / "facts" / "state_assets.csv"
Reopen = Callable[[list[dict[str, str]]], Any]


@pytest.fixture(scope="module")
def evaluation() -> Any:
    return wb.open(PLAN, workspace=ROOT)


@pytest.fixture
def facts() -> list[dict[str, str]]:
    with FACTS.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def reopen(tmp_path: Path) -> Reopen:
    """The same plan on other facts."""
    spec = importlib.util.spec_from_file_location("make_asset_params", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    pack = Library.of(load_plugins(None, code=False).folders).pack("asset-resource-administrative")
    plan = read_yaml(PLAN).data["plan"] | {"evidence": "evidence.xlsx"}

    def opened(rows: list[dict[str, str]]) -> Any:
        write_workbook(tmp_path / "evidence.xlsx", pack, script.chongqing(rows))
        return wb.open(plan, workspace=tmp_path)

    return opened


def debt(subject: Any) -> Any:
    return next(i for i in subject.indicators if i.code == "E_DEBT")


@pytest.mark.parametrize(
    ("subject", "ratio", "points"),
    # liabilities / assets; then how far above 12.8 / 64.2 = 19.94 %: full, 80 % within 10, 30 % within 50, else nothing.
    [
        ("C01", "21.57", "3.20"),  # 2981.4 / 13822.1; 1.63 / 19.94 = 8.17 %
        ("C02", "26.31", "1.20"),  # 1143.8 / 4347.5; 31.95 %
        ("C03", "19.40", "4.00"),  # 1837.6 / 9474.6
        ("C04", "9.49", "4.00"),  # 173 / 1823.4
        ("C05", "33.54", "0.00"),  # 492.9 / 1469.5; 68.20 %
        ("C06", "30.00", "0.00"),  # 68.5 / 228.3; 50.45 %
        ("C07", "0.46", "4.00"),  # 14.5 / 3122.1
        ("C08", "18.76", "4.00"),  # 20 / 106.6
        ("C09", "17.23", "4.00"),  # 341.8 / 1983.8
        ("C10", "29.64", "1.20"),  # 104.4 / 352.2; 48.65 %
        ("C11", "14.55", "4.00"),  # 237.4 / 1631.6
        ("C12", "8.12", "4.00"),  # 63.6 / 783.6
    ],
)
def test_debt_ratio_against_the_national_one(evaluation: Any, subject: str, ratio: str, points: str) -> None:
    found = evaluation.subject(subject)
    line = debt(found)
    assert (line.value, line.final, line.status) == (ratio, points, "provisional")
    assert "对标值19.94%" in line.explanation
    # The other 96 points are open: nothing else was published.
    assert found.interval == [points, str(Decimal(points) + 96)]
    assert (found.grade, [i.code for i in found.indicators if i.final is not None]) == (None, ["E_DEBT"])


def test_every_published_row_adds_up(evaluation: Any, facts: list[dict[str, str]]) -> None:
    for fact in facts:
        if fact["net_assets"]:
            left = Decimal(fact["assets"]) - Decimal(fact["liabilities"])
            assert left == Decimal(fact["net_assets"]), fact["scope"]
    codes = {f.code for s in evaluation.subjects for f in s.findings}
    assert codes & {"net_assets_differ", "parts_differ", "growth_differs", "unit_mixed_up"} == set()


def test_parts_of_the_city_and_of_its_own_level(evaluation: Any) -> None:
    rows = {r[0]: r for r in evaluation.analysis("reconcile").rows}
    columns = evaluation.analysis("reconcile").columns
    gap = columns.index("分项差(万元)")
    # 4347.5 + 9474.6 = 13822.1 and 352.2 + 1631.6 = 1983.8; the others are not summed up.
    assert {name: row[gap] for name, row in rows.items() if row[gap] != "—"} == {
        "重庆市全市行政事业性合计": "0.00",
        "重庆市市级合计": "0.00",
    }
    whole = rows["重庆市全市行政事业性合计"]
    # 6.2 % against the national 7.4 %; 13822.1 亿元 are 138221000 万元.
    assert (whole[columns.index("资产增长率(%)")], whole[columns.index("增长率对标值(%)")]) == ("6.20", "7.40")
    assert whole[columns.index("资产总额(万元)")] == "138221000.00"


def test_newest_national_value_is_taken_with_its_source(evaluation: Any) -> None:
    table = evaluation.analysis("deviation", "C01")
    (year,), (source,) = table.column("年度"), table.column("来源")
    # 2017: 9.5 / 30.0 = 31.67 %; 2018: 9.9 / 33.5 = 29.55 %; 2023: 12.8 / 64.2 = 19.94 %.
    assert (table.column("对标值(%)"), year) == (["19.94"], "2023")
    assert source.startswith("负债12.8万亿元÷资产64.2万亿元;https://")


def test_row_that_does_not_add_up_is_said(facts: list[dict[str, str]], reopen: Reopen) -> None:
    row = next(f for f in facts if f["scope"] == "行政单位")
    row["net_assets"] = "3204.7"
    evaluation = reopen(facts)
    said = {f.code: f.message for f in evaluation.subject("C02").findings}
    # 4347.5 − 1143.8 = 3203.7 亿元
    assert said["net_assets_differ"].endswith("=32037000万元,与填报的净资产32047000万元相差-10000万元")
    assert "parts_differ" in {f.code for f in evaluation.subject("C01").findings}


def test_last_published_digit_is_no_difference(facts: list[dict[str, str]], reopen: Reopen) -> None:
    next(f for f in facts if f["scope"] == "行政单位")["net_assets"] = "3203.8"
    assert "net_assets_differ" not in {f.code for f in reopen(facts).subject("C02").findings}


def test_trillions_read_as_hundred_millions_are_said(facts: list[dict[str, str]], reopen: Reopen) -> None:
    # As if the national total had been taken for an amount in 亿元: the whole is no longer the sum of its parts.
    next(f for f in facts if f["scope"] == "全市行政事业性合计")["unit"] = "万亿元"
    assert "parts_differ" in {f.code for f in reopen(facts).subject("C01").findings}


def test_workbooks_are_made_from_the_facts(tmp_path: Path) -> None:
    made = []
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        out = tmp_path / zone.replace("/", "-")
        out.mkdir()
        environment = os.environ | {"TZ": zone, "LC_ALL": "C", "PYTHONHASHSEED": "7"}
        command = [sys.executable, str(SCRIPT), "--out", str(out)]
        subprocess.run(command, check=True, env=environment, cwd=out, stdout=subprocess.PIPE)
        made.append({p.relative_to(out): p for p in sorted(out.rglob("*.xlsx"))})
    assert WORKBOOK in made[0]
    assert {n: p.read_bytes() for n, p in made[0].items()} == {n: p.read_bytes() for n, p in made[1].items()}
    for name, path in made[0].items():
        # Contents, not archives: another zlib packs the same sheets into other bytes.
        with zipfile.ZipFile(path) as new, zipfile.ZipFile(ROOT / name) as here:
            assert {n: new.read(n) for n in new.namelist()} == {n: here.read(n) for n in here.namelist()}
