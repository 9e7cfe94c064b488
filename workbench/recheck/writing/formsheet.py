"""The sheet of one form: what it is, its lines, what was found, room to sign. One paper for one project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.base.safetext import safe
from workbench.base.text import plain
from workbench.recheck.outcome import Finding
from workbench.recheck.writing.look import Look, height, print_setup
from workbench.recheck.writing.rows import SHARED, TITLES, Cell, Row, recheck_text, rows_of, total_row
from workbench.recheck.writing.told import Batch, Told, place_of
from workbench.reports.sheets import cut

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_WIDTHS = (10, 10, 18, 6, 14, 7, 6, 13, 8, 12, 11, 8, 8, 40)
_TEXTS = (2, 4, 7, 10, 13)
_HEAD = 3
_SPANS = ((0, 0), (1, 1), (2, 3), (4, 5), (6, 8), (9, 12), (13, 13))
"""Columns of the list of findings, laid over those of the lines."""
_FOUND = ("级别", "位置", "问题", "所写", "应为", "说明", "建议")
_SIGN = "复核人：________________    日期：______年____月____日"


def write_form(look: Look, sheet: Worksheet, told: Told, batch: Batch, back: str) -> None:
    """Fill the sheet. ``back``: where its link to the summary leads."""
    last = len(TITLES) - 1
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    sheet.set_row(0, 26)
    sheet.merge_range(0, 0, 0, last - 1, f"{cut(safe(told.project))} 绩效自评复核表", look.title)
    sheet.write_url(0, last, back, look.back, "返回汇总")
    sheet.write_string(1, 0, cut(_facts(told)), look.plain)
    sheet.write_string(2, 0, cut(_totals(told)), look.plain)
    for at, title in enumerate(TITLES):
        sheet.write_string(_HEAD, at, title, look.head)
    sheet.set_row(_HEAD, height(TITLES, _WIDTHS))
    row = _lines(look, sheet, rows_of(told))
    for at, cell in enumerate(total := total_row(told)):
        look.write(sheet, row, at, cell, total=True)
    sheet.set_row(row, height(total, _WIDTHS))
    row = _findings(look, sheet, row + 2, told, batch)
    sheet.write_string(row + 1, 0, _SIGN, look.plain)
    sheet.freeze_panes(_HEAD + 1, 3)
    print_setup(sheet, told.form.file)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD)


def _facts(told: Told) -> str:
    form = told.form
    year = f"{form.year}年度" if form.year else "未写明年度"
    count = f"第{form.number}张" if form.number > 1 else ""
    kind = f"{form.kind.value}{'（没有项目名称，以单位为项目）' if told.whole else ''}"
    return f"单位：{safe(told.unit) or '未写明'}    年度：{year}    类型：{kind}    文件：{safe(form.file)}{count}"


def _totals(told: Told) -> str:
    one, own = told.one, told.own
    points = f"自评得分：{'—' if own is None else plain(own)}    规则复算得分：{told.recomputed or '—'}"
    why = "    没有复算总分，原因见各项备注和汇总" if told.lacking else ""
    return f"计分规则：{safe(one.ruleset) or '—'}    {points}    复核得分：{recheck_text(one)}{why}"


def _lines(look: Look, sheet: Worksheet, rows: list[Row]) -> int:
    """The lines; returns the row after them."""
    for number, row in enumerate(rows, _HEAD + 1):
        for at, cell in enumerate(row.cells):
            if at in SHARED and row.span == 0:
                continue
            if at in SHARED and row.span > 1:
                sheet.merge_range(number, at, number + row.span - 1, at, "", look.center)
            look.write(sheet, number, at, cell, center=at not in _TEXTS)
        sheet.set_row(number, height(row.cells, _WIDTHS))
    return _HEAD + 1 + len(rows)


def _findings(look: Look, sheet: Worksheet, row: int, told: Told, batch: Batch) -> int:
    found = told.one.findings
    sheet.write_string(row, 0, f"问题清单（{len(found)}个）" if found else "没有发现问题", look.plain)
    if not found:
        return row + 1
    widths = [sum(_WIDTHS[first : last + 1]) for first, last in _SPANS]
    row += 1
    _across(look, sheet, row, _FOUND, head=True)
    for finding in found:
        row += 1
        cells = _finding(finding, batch)
        _across(look, sheet, row, cells)
        sheet.set_row(row, height(cells, widths))
    return row + 1


def _finding(finding: Finding, batch: Batch) -> tuple[str, ...]:
    about = "\n".join(filter(None, (batch.title_of(finding.code), finding.indicator)))
    where = place_of(finding).rpartition(" ")[2] or "整张表"
    source = batch.source_of(finding.code)
    said = f"{finding.message}（依据：{source}）" if source else finding.message
    return finding.severity.value, where, about, finding.found, finding.expected, said, finding.suggestion


def _across(look: Look, sheet: Worksheet, row: int, cells: tuple[Cell, ...], *, head: bool = False) -> None:
    for at, ((first, last), cell) in enumerate(zip(_SPANS, cells, strict=True)):
        format_ = look.head if head else look.center if at < 2 else look.text
        if first != last:
            sheet.merge_range(row, first, row, last, "", format_)
        if head:
            sheet.write_string(row, first, str(cell), look.head)
        else:
            look.write(sheet, row, first, cell, center=at < 2)
