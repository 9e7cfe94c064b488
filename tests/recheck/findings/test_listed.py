"""Forms held against the lists: where the list says it, how finely it is written, and whose an unreadable file may be."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from cases import written
from found_in import QUALITY, QUANTITY, across, clean, money, row

from workbench.recheck.findings import RegisterItem
from workbench.recheck.lists import read_approved, read_register
from workbench.recheck.model import Form, Waiting

PROJECT, UNIT = "高素质农民培育", "甲县农业农村局"


def listed(path: Path, *rows: tuple[Any, ...], formats: dict[int, str] | None = None) -> Path:
    """A list in a workbook, in its second row and second column on, on a sheet called 汇总."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("汇总")
        looks = {column: book.add_format({"num_format": code}) for column, code in (formats or {}).items()}
        for number, cells in enumerate(rows, 1):
            for column, value in enumerate(cells, 1):
                sheet.write(number, column, value, looks.get(column))
    return path


def in_money(adjusted: object, executed: object, unit: str) -> Form:
    """The clean form with one row of money in a unit."""
    form = money(replace(clean(), money_unit=unit), 0, initial=adjusted, adjusted=adjusted, executed=executed)
    return replace(form, funds=form.funds[:1])


def item(project: str, unit: str = "") -> RegisterItem:
    return RegisterItem("项目清单.xlsx", written(project, "B4", "清单"), unit)


def test_an_amount_of_the_list_is_named_by_its_own_cell(tmp_path: Path) -> None:
    titles = ("项目名称", "单位", "全年预算数(万元)", "全年执行数(万元)")
    register = read_register(listed(tmp_path / "项目清单.xlsx", titles, (PROJECT, UNIT, 200, 180.5)))
    (finding,) = across(clean(), register=register)
    assert (finding.code, finding.spot and finding.spot.cell) == ("register_amounts", "E10")
    assert "清单(项目清单.xlsx 汇总 E3)为180.5万元" in finding.message


def test_accounts_of_the_list_are_named_by_their_own_cell(tmp_path: Path) -> None:
    titles = ("项目名称", "全年执行数(万元)", "决算数(万元)")
    register = read_register(listed(tmp_path / "项目清单.xlsx", titles, (PROJECT, 195.5, 190.5)))
    (finding,) = across(clean(), register=register)
    assert "清单(项目清单.xlsx 汇总 D3)为190.5万元" in finding.message


def test_what_was_approved_is_named_by_file_sheet_and_cell(tmp_path: Path) -> None:
    titles = ("项目名称", "三级指标", "指标值", "分值")
    names = [one.level3.text for one in clean().indicators]
    values = ["≥20期", "≥90%", "12月底前", "≤450元", "≥300元", "≥90%"]
    weights = [20, 10, 10, 10, 30, 10]
    rows = [(PROJECT, *each) for each in zip(names, values, weights, strict=True)]
    goals = read_approved(listed(tmp_path / "批复.xlsx", titles, *rows))
    assert across(clean(), approved=goals) == ()
    lowered = row(row(clean(), QUANTITY, target="≥18期"), QUALITY, weight=15)
    messages = {f.code: f.message for f in across(lowered, approved=goals)}
    assert "批复(批复.xlsx 汇总 D3)为≥20期" in messages["target_lowered"]
    assert "批复(批复.xlsx 汇总 E4)为10" in messages["indicator_reweighted"]
    renamed = across(row(clean(), QUALITY, level3="学员结业考试通过率"), approved=goals)
    assert "批复(批复.xlsx 汇总 C4)" in next(f.message for f in renamed if f.code == "indicator_dropped")


@pytest.mark.parametrize(
    ("adjusted", "unit", "title", "amount"),
    [
        (Decimal("123456.78"), "元", "全年预算数(万元)", 12.35),
        (Decimal("12.35"), "万元", "全年预算数(元)", 123456.78),
        (123457, "元", "全年预算数(元)", 123456.78),
        (Decimal("123456.78"), "元", "全年预算数(万元)", 12),
        ("12.3万元", "元", "全年预算数(元)", 123456.78),
    ],
)
def test_the_same_amount_in_fewer_decimals_is_the_same(
    adjusted: object, unit: str, title: str, amount: float, tmp_path: Path
) -> None:
    register = read_register(listed(tmp_path / "清单.xlsx", ("项目名称", title), (PROJECT, amount)))
    assert across(in_money(adjusted, None, unit), register=register) == ()


@pytest.mark.parametrize(
    ("adjusted", "unit", "title", "amount"),
    [
        (Decimal("123556.78"), "元", "全年预算数(万元)", 12.35),
        (Decimal("12.37"), "万元", "全年预算数(元)", 123456.78),
        (Decimal("12.35"), "万元", "全年预算数(万元)", 12.37),
        (123458, "元", "全年预算数(元)", 123456.78),
    ],
)
def test_another_amount_is_another_in_whatever_unit(
    adjusted: object, unit: str, title: str, amount: float, tmp_path: Path
) -> None:
    register = read_register(listed(tmp_path / "清单.xlsx", ("项目名称", title), (PROJECT, amount)))
    assert [f.code for f in across(in_money(adjusted, None, unit), register=register)] == ["register_amounts"]


def test_zeros_that_are_not_shown_are_decimals_all_the_same(tmp_path: Path) -> None:
    """12.4 in a column of amounts with two decimals is 12.40, and 12.36 is another amount."""
    rows = [("项目名称", "全年预算数(万元)"), (PROJECT, 12.4), ("农村公路养护", 33.25)]
    register = read_register(listed(tmp_path / "清单.xlsx", *rows))
    found = across(in_money(Decimal("12.36"), None, "万元"), register=register)
    assert "register_amounts" in {f.code for f in found}


def test_one_finer_amount_makes_the_others_no_finer_than_two_decimals(tmp_path: Path) -> None:
    rows = [("项目名称", "全年预算数(万元)"), (PROJECT, 28.5), ("农村公路养护", 28.50005)]
    register = read_register(listed(tmp_path / "清单.xlsx", *rows))
    codes = [
        {f.code for f in across(in_money(Decimal(yuan), None, "元"), register=register)}
        for yuan in ("285000.5", "285070")
    ]
    assert ["register_amounts" in found for found in codes] == [False, True]


# -- files that cannot be read ----------------------------------------------------------------------------------------


def test_files_of_nobody_knows_whom_take_nothing_off_the_list_of_missing_projects() -> None:
    register = (item(PROJECT), item("农村公路养护", "甲县交通运输局"), item("农村水利"))
    for count in (1, 2, 3):
        unread = [Waiting(f"扫描{n}.pdf") for n in range(count)]
        found = across(clean(), register=register, unread=unread)
        assert [(f.code, f.severity) for f in found] == [("not_evaluated", "P0")] * 2
        note = f"另有{count}个文件读不出来,文件名看不出是哪个项目的,没有自评表的项目中至多{count}个可能在里面:扫描0.pdf"
        assert all(note in f.message for f in found)


def test_a_file_named_after_one_project_is_not_that_of_another_whose_name_begins_alike() -> None:
    register = (item(PROJECT), item("农村公路养护"), item("农村公路养护二期工程"))
    found = across(clean(), register=register, unread=(Waiting("农村公路养护二期工程.pdf"),))
    assert [(f.code, f.found) for f in found] == [
        ("not_evaluated", "农村公路养护"),
        ("register_waiting", "农村公路养护二期工程"),
    ]


def test_a_form_of_the_unit_with_a_like_name_that_waits_goes_before_files_of_nobody() -> None:
    register = (item(PROJECT), item("路灯亮化", "县城管局"))
    unread = (Waiting("陌生标题.xlsx", "路灯亮化项目", "县城管局"), Waiting("加密.pdf"), Waiting("损坏.xlsx"))
    (finding,) = across(clean(), register=register, unread=unread)
    assert (finding.code, finding.found) == ("register_waiting", "路灯亮化")
    assert "自评表可能是在等待回答提问的“路灯亮化项目”(陌生标题.xlsx)" in finding.message
    assert "回答识别对照里的提问" in finding.suggestion


def test_a_form_that_waits_and_is_named_in_the_list_is_taken_for_no_other() -> None:
    register = (item(PROJECT), item("路灯亮化", "县城管局"), item("路灯亮化项目", "县城管局"))
    found = across(clean(), register=register, unread=(Waiting("一.xlsx", "路灯亮化项目", "县城管局"),))
    assert [(f.code, f.found) for f in found] == [("not_evaluated", "路灯亮化"), ("register_waiting", "路灯亮化项目")]


def test_a_waiting_form_of_another_unit_is_not_near() -> None:
    register = (item(PROJECT), item("路灯亮化", "县城管局"))
    found = across(clean(), register=register, unread=(Waiting("一.xlsx", "路灯亮化项目", "县水务局"),))
    assert [f.code for f in found] == ["not_evaluated"]
