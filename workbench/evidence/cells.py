"""Cells of one column into one typed column: whole columns at once where all cells are alike, cell by cell where not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from workbench.base.exact import Exact
from workbench.base.text import half_width, suggest
from workbench.evidence import dates
from workbench.evidence.numbers import parse_numbers
from workbench.evidence.raw import UNCALCULATED, is_blank
from workbench.evidence.source import ColumnSource, text_of
from workbench.evidence.tables import EPOCH, Column, TextArray

_EPOCH_ORDINAL = EPOCH.toordinal()
_ERROR_CELL = re.compile(r"#(N/A|DIV/0!|NUM!|VALUE!|REF!|NAME\?|NULL!|SPILL!|CALC!)")
_YES = {"是", "有", "√", "✓", "true", "yes", "y", "1"}
_NO = {"否", "无", "×", "✗", "x", "false", "no", "n", "0"}
_CODE_ALIASES = {">=": "≥", "≧": "≥", "<=": "≤", "≦": "≤", "正向": "≥", "反向": "≤", "负向": "≤", "等于": "="}


def parse_column(source: ColumnSource) -> Column:
    """The typed column. What cannot be read is missing in it and told to the log."""
    _refuse_uncalculated(source)
    spec = source.spec
    if spec.numeric:
        return parse_numbers(source)
    if spec.type == "date":
        return _parse_dates(source)
    if spec.type == "bool":
        return _parse_each(source, _parse_bool)
    if spec.type == "code" and spec.codes:
        return _parse_codes(source, spec.codes)
    return parse_texts(source)


def _refuse_uncalculated(source: ColumnSource) -> None:
    if str not in set(map(type, source.cells)) or UNCALCULATED not in source.cells:
        return
    for i, cell in enumerate(source.cells):
        if type(cell) is str and cell == UNCALCULATED:
            source.refuse(
                i,
                "formula_uncalculated",
                "公式没有计算结果",
                fix="请在 Excel 或 WPS 中打开并保存一次,或直接填写数值",
            )


def parse_texts(source: ColumnSource) -> TextArray:
    """Texts without white space around them; numbers and dates as a reader sees them; error cells refused."""
    cells, percent = source.cells, source.percent
    column = np.full(len(cells), None, dtype=object)
    if set(map(type, cells)) <= {str}:
        column[:] = [c.strip() or None for c in cells]  # type: ignore[union-attr]  # all are str
    else:
        column[:] = [text_of(c, percent is not None and percent[i]) for i, c in enumerate(cells)]
    if "#" in "".join({t[0] for t in column if t}):
        for i, text in enumerate(column):
            if text and _ERROR_CELL.fullmatch(text):
                source.refuse(i, "excel_error", "单元格是公式错误", fix="请改正公式,或直接填写内容;没有内容请留空")
                column[i] = None
    if UNCALCULATED in column:
        column[column == UNCALCULATED] = None
    return column


def _parse_each(source: ColumnSource, parse: Callable[[ColumnSource, int], int | None]) -> Exact:
    n = len(source.cells)
    units, valid = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool)
    for i, cell in enumerate(source.cells):
        if is_blank(cell) or cell == UNCALCULATED:
            continue
        number = parse(source, i)
        if number is not None:
            units[i], valid[i] = number, True
    return Exact(units, 0, valid)


def _parse_dates(source: ColumnSource) -> Exact:
    """Whole days since 1970-01-01; a time of day is dropped."""
    if all(isinstance(c, date) for c in source.cells):
        days = [c.toordinal() - _EPOCH_ORDINAL for c in source.cells]  # type: ignore[union-attr]  # all are dates
        return Exact(np.array(days, dtype=np.int64), 0, np.ones(len(days), dtype=bool))
    return _parse_each(source, _parse_day)


def _parse_day(source: ColumnSource, i: int) -> int | None:
    cell = source.cells[i]
    day = cell if isinstance(cell, date) else dates.parse_date(text_of(cell) or "")
    if day is not None:
        return day.toordinal() - _EPOCH_ORDINAL
    text = text_of(cell) or ""
    if _ERROR_CELL.fullmatch(text):
        source.refuse(i, "excel_error", "单元格是公式错误", expected=dates.FORMS, fix="请改正公式;没有日期请留空")
    elif dates.is_month(text):
        source.refuse(i, "date_month_only", "日期缺少日", expected=dates.FORMS, fix="请写到日,如月末写该月最后一天")
    elif isinstance(cell, float | int):
        fix = "请把单元格格式设为“日期”后重填;只写年份请补全月和日"
        source.refuse(i, "date_number", "日期栏里是数字", expected=dates.FORMS, fix=fix)
    else:
        fix = "请按所列形式之一填写,没有日期请留空"
        source.refuse(i, "date_unknown", "日期无法识别", expected=dates.FORMS, fix=fix)
    return None


def _parse_bool(source: ColumnSource, i: int) -> int | None:
    text = half_width(text_of(source.cells[i]) or "").lower()
    if text in _YES or text in _NO:
        return int(text in _YES)
    source.refuse(i, "bool_unknown", "应填是或否", expected="是 或 否", fix="请从下拉列表中选“是”或“否”")
    return None


def _fold(text: str) -> str:
    folded = re.sub(r"\s+", "", half_width(text)).lower()
    return _CODE_ALIASES.get(folded, folded)


def _parse_codes(source: ColumnSource, codes: Sequence[str]) -> TextArray:
    column = parse_texts(source)
    known = {_fold(c): c for c in codes}
    # A long column repeats few codes: each is looked up once.
    meaning = {t: known.get(_fold(t)) for t in set(column.tolist()) if t is not None}
    if None in meaning.values():
        for i, text in enumerate(column):
            if text is not None and meaning[text] is None:
                expected = "、".join(codes[:12]) + ("等" if len(codes) > 12 else "")
                fix = f"{suggest(text, codes)}请从下拉列表中选择"
                source.refuse(i, "unknown_code", "不在代码表里", expected=expected, fix=fix)
    column[:] = [None if t is None else meaning[t] for t in column]
    return column
