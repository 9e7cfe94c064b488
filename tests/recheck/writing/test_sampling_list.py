"""The list that projects are drawn from holds only budgets one can rely on; the rest is told beside it."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import batches
import openpyxl
import pytest
from cases import form_with, funds, indicator, written

from workbench.analysis.projects import read_register
from workbench.recheck.model import Form, FundRow
from workbench.recheck.outcome import Finding, Severity
from workbench.recheck.writing.sampling import sampling_workbook
from workbench.recheck.writing.told import told


def form(file: str, money: FundRow, unit: str | None = "万元") -> Form:
    rows = (indicator(1, "修路", "≥5公里", "5公里", 90, 90),)
    return form_with(rows, (money,), money_unit=unit, project=written("路", "C2"), file=file)


GOOD = form("好.xlsx", funds(50, 45, 10, 9, initial=40))


def drawn_from(path: Path, *forms: Form, findings: tuple[Finding, ...] = ()) -> tuple[dict[str, Decimal], list[str]]:
    """Budgets by number, and why the others are not listed; what is listed can be read again without a word."""
    batch = told([batches.rechecked(one, [f for f in findings if f.file == one.file]) for one in forms])
    data = sampling_workbook(batch)
    assert data is not None
    path.write_bytes(data)
    register = read_register(path)
    assert register.notes == []
    book = openpyxl.load_workbook(io.BytesIO(data))
    left = book["未列入"].iter_rows(min_row=2, values_only=True) if "未列入" in book.sheetnames else []
    return {project.id: project.money for project in register.projects}, [str(row[3]) for row in left]


@pytest.mark.parametrize(
    ("money", "why"),
    [
        (funds(0, 45, 10, 9, initial=50), "全年预算数为0(年初预算数为50万元)"),
        (funds(None, 45, 10, 9, initial=50), "全年预算数未填(年初预算数为50万元)"),
        (funds(None, 45, 10, 9), "全年预算数未填"),
    ],
)
def test_another_amount_never_stands_in_silently(money: FundRow, why: str, tmp_path: Path) -> None:
    listed, left = drawn_from(tmp_path / "清单.xlsx", GOOD, form("坏.xlsx", money))
    assert listed == {"0001": Decimal(50)} and left == [f"{why},请核实后补到“项目清单”"]


def test_a_form_without_a_column_for_the_adjusted_budget_has_the_initial_one(tmp_path: Path) -> None:
    money = replace(funds(None, 45, 10, 9, initial=50), adjusted=None)
    assert drawn_from(tmp_path / "清单.xlsx", form("甲.xlsx", money)) == ({"0001": Decimal(50)}, [])


def slip(one: Form, code: str, expected: str) -> Finding:
    cell = one.funds[0].adjusted
    assert cell is not None
    return batches.found(one, code, Severity.P0, cell.spot, expected=expected)


@pytest.mark.parametrize(
    ("code", "expected", "why"),
    [
        ("unit_slip", "48万元", "元与万元混用"),
        ("register_amounts", "48万元(相差一万倍,元与万元混用)", "元与万元混用"),
        ("money_unit_doubt", "核对是否以元填写", "单位可能不对"),
    ],
)
def test_nothing_is_drawn_by_an_amount_in_the_other_unit(code: str, expected: str, why: str, tmp_path: Path) -> None:
    other = form("错.xlsx", funds(480000, 45, 10, 9))
    listed, left = drawn_from(tmp_path / "清单.xlsx", GOOD, other, findings=(slip(other, code, expected),))
    assert listed == {"0001": Decimal(50)} and left == [f"表上的金额{why},请核实后补到“项目清单”"]


def test_an_amount_that_is_merely_another_in_the_list_is_drawn_by(tmp_path: Path) -> None:
    other = form("差.xlsx", funds(480, 45, 10, 9))
    found = slip(other, "register_amounts", "490万元")
    assert drawn_from(tmp_path / "清单.xlsx", other, findings=(found,))[0] == {"0001": Decimal(480)}
