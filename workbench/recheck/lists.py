"""The lists that forms are held against: 项目清单 (``--register``) and 批复绩效目标 (``--approved``), columns found by their titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from workbench.base.errors import Place, Problem, RegisterError
from workbench.recheck.files import Grid, open_grids
from workbench.recheck.findings.batch import ApprovedIndicator, RegisterItem
from workbench.recheck.forms import Mappings
from workbench.recheck.forms.header import headers
from workbench.recheck.forms.lines import flows
from workbench.recheck.forms.vocabulary import bare
from workbench.recheck.model import Spot, Written
from workbench.recheck.values import amount_of, points_of
from workbench.recheck.values.amounts import last_places

PROJECT, UNIT, YEAR, NAME, TARGET = "项目名称", "单位", "年度", "三级指标", "指标值"
_REGISTER: Mapping[str, Sequence[str]] = {
    PROJECT: ("项目名称", "项目", "预算项目名称", "一级项目名称", "二级项目名称"),
    UNIT: ("单位", "单位名称", "实施单位", "项目单位", "预算单位", "预算单位名称", "项目实施单位"),
    "主管部门": ("主管部门", "部门", "部门名称", "主管部门名称"),
    YEAR: ("年度", "预算年度", "年份"),
    "预算数": ("全年预算数", "调整后预算数", "预算数", "预算金额", "全年预算", "调整预算数"),
    "执行数": ("全年执行数", "执行数", "支出数", "执行金额", "全年支出数"),
    "决算数": ("决算数", "决算金额", "国库支付数", "国库集中支付数", "决算支出数"),
}
_AMOUNTS = ("预算数", "执行数", "决算数")
_APPROVED: Mapping[str, Sequence[str]] = {
    PROJECT: _REGISTER[PROJECT],
    UNIT: _REGISTER[UNIT],
    YEAR: _REGISTER[YEAR],
    "一级指标": ("一级指标",),
    "二级指标": ("二级指标",),
    NAME: ("三级指标", "指标名称", "三级指标名称", "绩效指标"),
    TARGET: ("指标值", "年度指标值", "目标值", "绩效指标值", "年初指标值", "年度目标值", "批复指标值"),
    "指标性质": ("指标性质", "指标方向", "符号"),
    "计量单位": ("计量单位", "度量单位", "指标值单位"),
    "分值": ("分值", "权重", "指标分值"),
}
_WHOLE_UNIT = ("部门名称", "单位名称", "部门单位名称", "预算部门", "部门单位")
"""Labels above the goals of a whole department (整体支出绩效目标申报表)."""
_TOTALS = ("合计", "总计", "小计")
_MONEY_UNIT = re.compile(r"(亿元|万元|元)")
_YEAR = re.compile(r"20\d\d")
_HEADER_WITHIN = 30
"""Rows from the top in which the titles have to stand."""


@dataclass(frozen=True)
class _Listed:
    """One table with its titles found: columns by what they hold."""

    grid: Grid
    header: int
    columns: Mapping[str, int]

    def rows(self) -> Iterator[int]:
        """The rows below the titles."""
        return iter(range(self.header + 1, self.grid.height))

    def at(self, row: int, name: str) -> Written | None:
        """The cell of a row in a column; None for no such column, or nothing in it."""
        cell = self.grid.at(row, self.columns[name]) if name in self.columns else None
        return None if cell is None or cell.blank else cell

    def text(self, row: int, name: str) -> str:
        """Its text on one line."""
        cell = self.at(row, name)
        return "" if cell is None else " ".join(cell.text.split())

    def year(self, row: int) -> int | None:
        """The year in the column for it."""
        found = _YEAR.search(self.text(row, YEAR))
        return int(found[0]) if found else None

    def places(self, row: int, names: Mapping[str, str]) -> dict[str, Spot]:
        """Where the cells of a row stand, under what ``names`` call their columns."""
        found = {key: self.at(row, name) for key, name in names.items()}
        return {key: cell.spot for key, cell in found.items() if cell is not None}

    @cached_property
    def money_unit(self) -> str | None:
        """The unit of the amounts: in their titles, else in a line above them (单位:万元)."""
        titles = [self.grid.at(self.header, self.columns[name]) for name in _AMOUNTS if name in self.columns]
        above = [cell for row in range(self.header) for _, cell in self.grid.row(row)]
        for text in [t.text for t in titles if t] + [c.text for c in above if "单位" in c.text]:
            found = _MONEY_UNIT.search(text)
            if found:
                return found[1]
        return None

    @cached_property
    def last_places(self) -> Mapping[tuple[int, str], Decimal]:
        """What one in the last decimal of its amounts is worth, by row and column."""
        spots = [(row, name) for row in self.rows() for name in _AMOUNTS]
        return dict(zip(spots, last_places([self.at(*spot) for spot in spots], self.money_unit), strict=True))


def read_register(path: Path) -> tuple[RegisterItem, ...]:
    """The projects that have to be evaluated.

    Raises:
        FileError: the file cannot or must not be read.
        RegisterError: no table of it has a column 项目名称, or it holds no project.
    """
    items: list[RegisterItem] = []
    for table in _tables(path, _REGISTER, (PROJECT,)):
        for row in table.rows():
            project = table.at(row, PROJECT)
            if project is not None and not bare(project.text).startswith(_TOTALS):
                items.append(_item(table, row, project, path.name))
    if not items:
        raise RegisterError(_lacking(path, "项目清单里没有项目", PROJECT))
    return tuple(items)


def _item(table: _Listed, row: int, project: Written, file: str) -> RegisterItem:
    unit = table.money_unit
    amounts = {"adjusted": "预算数", "executed": "执行数", "accounts": "决算数"}
    return RegisterItem(
        file=file,
        project=project,
        unit=table.text(row, UNIT) or table.text(row, "主管部门"),
        year=table.year(row),
        adjusted=amount_of(table.at(row, "预算数"), unit),
        executed=amount_of(table.at(row, "执行数"), unit),
        accounts=amount_of(table.at(row, "决算数"), unit),
        money_unit=unit,
        places=table.places(row, amounts),
        last_places={key: table.last_places[row, name] for key, name in amounts.items()},
    )


def read_approved(path: Path) -> tuple[ApprovedIndicator, ...]:
    """The indicators of the approved goals: in one list with 项目名称, or a table for each project that names it above.

    Those of a whole department go by its unit where no project is named.

    Raises:
        FileError: the file cannot or must not be read.
        RegisterError: no table of it has columns 三级指标 and 指标值, or it holds no indicator.
    """
    found: list[ApprovedIndicator] = []
    for table in _tables(path, _APPROVED, (NAME, TARGET)):
        above = "" if PROJECT in table.columns else _named_above(table)
        for row in table.rows():
            own = table.text(row, PROJECT if PROJECT in table.columns else UNIT)
            name, project = table.at(row, NAME), above or own
            if name is not None and project and not bare(name.text).startswith(_TOTALS):
                found.append(_indicator(table, row, name, project))
    if not found:
        raise RegisterError(_lacking(path, "批复绩效目标里没有指标", f"{PROJECT}、{NAME}、{TARGET}"))
    return tuple(found)


def _indicator(table: _Listed, row: int, name: Written, project: str) -> ApprovedIndicator:
    return ApprovedIndicator(
        project=project,
        name=name,
        target=table.text(row, TARGET),
        unit=table.text(row, UNIT),
        year=table.year(row),
        weight=points_of(table.at(row, "分值")),
        sign=table.text(row, "指标性质"),
        measure=table.text(row, "计量单位"),
        level1=table.text(row, "一级指标"),
        level2=table.text(row, "二级指标"),
        file=table.grid.file,
        places=table.places(row, {"target": TARGET, "weight": "分值"}),
    )


def _named_above(table: _Listed) -> str:
    """The project, or whole unit, a table of its own is for: right of the label, or in the same cell."""
    for row in range(table.header):
        cells = [cell for _, cell in table.grid.row(row)]
        for cell, beside in zip(cells, [*cells[1:], None], strict=True):
            label = bare(cell.text)
            if label in (*_REGISTER[PROJECT][:1], *_WHOLE_UNIT) and beside is not None:
                return " ".join(beside.text.split())
            own = re.match(r"\s*项\s*目\s*名\s*称\s*[:：]\s*(.+)", cell.text)
            if own:
                return own[1].strip()
    return ""


def _tables(path: Path, known: Mapping[str, Sequence[str]], needed: Sequence[str]) -> list[_Listed]:
    """The tables that have the columns needed. Raises FileError, RegisterError."""
    grids = open_grids(path, path.name)
    what = "项目清单" if known is _REGISTER else "批复绩效目标"
    if any(headers(lines, Mappings()) for lines in flows(grids)):
        fix = f"请给出{what};自评表放在要复核的文件里"
        raise RegisterError(Problem("list_is_form", f"这是自评表,不是{what}", Place(path.name), fix=fix))
    found = [table for grid in grids if (table := _table(grid, known, needed)) is not None]
    if not found:
        raise RegisterError(_lacking(path, "没有找到表头", "、".join(needed)))
    return found


def _table(grid: Grid, known: Mapping[str, Sequence[str]], needed: Sequence[str]) -> _Listed | None:
    for row in range(min(grid.height, _HEADER_WITHIN)):
        titles = {bare(cell.text): column for column, cell in reversed(list(grid.row(row)))}
        columns: dict[str, int] = {}
        for name, words in known.items():
            column = next((titles[word] for word in words if word in titles), None)
            if column is not None and column not in columns.values():
                columns[name] = column
        if all(name in columns for name in needed) and len(titles) > 1:
            return _Listed(grid, row, columns)
    return None


def _lacking(path: Path, text: str, expected: str) -> Problem:
    return Problem(
        "list_columns", text, Place(path.name), expected=f"一行标题,其中有{expected}", fix="请补上标题行后重试"
    )
