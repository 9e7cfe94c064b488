"""The lists that forms are held against, where they are about whole departments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from workbench.base.errors import RegisterError
from workbench.recheck.lists import read_approved

TITLES = ["一级指标", "二级指标", "三级指标", "年度指标值", "分值"]
ROW = ["产出指标", "数量指标", "普法宣传场次", "≥36场", 10]


def table(path: Path, *rows: list[Any]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("批复")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


@pytest.mark.parametrize(
    "above", [["部门(单位)名称", "甲县司法局"], ["单位名称", "甲县司法局"], ["项目名称:甲县司法局"]]
)
def test_goals_below_the_name_of_the_unit(above: list[str], tmp_path: Path) -> None:
    (found,) = read_approved(table(tmp_path / "目标.xlsx", ["部门整体支出绩效目标"], above, TITLES, ROW))
    assert (found.project, found.name.text, found.target) == ("甲县司法局", "普法宣传场次", "≥36场")


def test_goals_in_one_list_by_unit(tmp_path: Path) -> None:
    found = read_approved(table(tmp_path / "目标.xlsx", ["单位", *TITLES], ["甲局", *ROW], ["乙局", *ROW]))
    assert [(one.project, one.unit) for one in found] == [("甲局", "甲局"), ("乙局", "乙局")]


def test_a_row_without_its_project_is_not_that_of_the_unit(tmp_path: Path) -> None:
    titles = ["项目名称", "单位", *TITLES]
    found = read_approved(table(tmp_path / "目标.xlsx", titles, ["普法", "甲局", *ROW], ["", "甲局", *ROW]))
    assert [one.project for one in found] == ["普法"]
    with pytest.raises(RegisterError):
        read_approved(table(tmp_path / "空.xlsx", TITLES, ROW))
