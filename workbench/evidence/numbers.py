"""Numeric cells into an exact column.

A float of a spreadsheet is taken with its 15 significant digits, then rounded half-up to the decimals the field
stores; a text is read digit by digit. Columns of one kind of cell are converted as one array.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from workbench.base.errors import Problem
from workbench.base.exact import FLOAT_EXACT, SAFE, BoolArray, Exact, IntArray, from_units, half_up, to_units
from workbench.base.text import trimmed, with_unit
from workbench.evidence.headers import declared_unit
from workbench.evidence.quantity import Quantity, not_finite, parse_quantity, tidy_unit, unit_factor
from workbench.evidence.raw import UNCALCULATED, Cell, is_blank
from workbench.evidence.source import ColumnSource, number_of

_PLAIN_TEXTS = re.compile(r"(?:-?[0-9]{1,9}(?:\.[0-9]{1,6})?(?:\n|\Z))+")
"""Numbers with at most 15 digits, one a line: binary floats carry them without loss."""
_PLACEHOLDERS = {"-", "--", "—", "——", "/", "无", "暂无", "空", "n/a", "na", "不适用"}
TOO_LARGE = 10**15
"""Numbers this large are mistakes: a spreadsheet itself no longer holds them exactly."""
ENGINE_DIGITS = 18
"""Digits of a number in the engine that computes measures, decimals included."""
MOST_DIGITS = 24
"""Digits of one number; decimal arithmetic on more would round."""


def parse_numbers(source: ColumnSource) -> Exact:
    """The exact column of a numeric field; unreadable cells are missing in it and told to the log."""
    column = _column(source)
    _check_range(source, column)
    if source.spec.type == "percent":
        _check_fractions(source, column)
    return column


def _column(source: ColumnSource) -> Exact:
    cells = source.cells
    plain = _plain_texts(cells) if source.factor == 1 else None
    if plain is None:
        return _mixed(source)
    return _from_floats(plain, source, lambda i: Decimal(str(cells[i])))


def _plain_texts(cells: Sequence[Cell]) -> npt.NDArray[np.float64] | None:
    """The numbers of a column whose cells are all plain numerals typed as text (a CSV column), NaN where blank."""
    if set(map(type, cells)) != {str}:
        return None
    filled = [c for c in cells if c]
    if not filled or not _PLAIN_TEXTS.fullmatch("\n".join(filled)):  # type: ignore[arg-type]  # all are str
        return None
    return np.array([float(c) if c else np.nan for c in cells])  # type: ignore[arg-type]  # all are str


def _mixed(source: ColumnSource) -> Exact:
    """Floats as one array where no unit has to be converted; every other cell on its own."""
    cells = source.cells
    if source.factor != 1:
        numbers = np.full(len(cells), np.nan)
    elif set(map(type, cells)) <= {float}:
        numbers = np.array(cells, dtype=np.float64)
    else:
        numbers = np.array([_as_float(c) for c in cells], dtype=np.float64)
    by_array = np.abs(numbers) < float(10 ** most_whole_digits(source.spec.places))
    if source.percent is not None and source.spec.type == "percent":
        by_array &= ~np.asarray(source.percent, dtype=bool)
    numbers = np.where(by_array, numbers, np.nan)
    column = _from_floats(numbers, source, lambda i: Decimal(f"{numbers[i]:.15g}"))
    return column if by_array.all() else _fill_in(source, column, np.flatnonzero(~by_array))


def _as_float(cell: Cell) -> float:
    """A number that a float holds without loss; NaN for anything that has to be looked at on its own."""
    if isinstance(cell, float):
        return cell
    if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) < TOO_LARGE:
        return float(cell)
    return float("nan")


def _from_floats(
    numbers: npt.NDArray[np.float64],
    source: ColumnSource,
    exact: Callable[[int], Decimal],
) -> Exact:
    """The column of floats that stand for decimals of at most 15 digits; NaN is missing.

    A float whose decimal fits the field lies within 3e-16 of a whole number of units, one that does not fit at least
    1e-15 away (both relative): so the first are rounded as one array, and a tie is settled by ``exact(i)``.
    """
    places = source.spec.places
    valid = ~np.isnan(numbers)
    scaled = np.where(valid, numbers, 0.0) * 10.0**places
    whole = np.rint(scaled)
    slack = 1e-9 + np.abs(scaled) * 5e-16
    more = np.abs(scaled - whole) > slack
    tie = more & (np.abs(np.abs(scaled - whole) - 0.5) <= 4 * slack)
    tie |= np.abs(scaled) >= FLOAT_EXACT
    units: IntArray = np.where(tie, 0.0, whole).astype(np.int64)
    settled = {int(i): to_units(exact(int(i)), places) for i in np.flatnonzero(tie)}
    column = _with(Exact(units, places, valid), settled)
    spots = [int(i) for i in np.flatnonzero(more)]
    if spots and source.spec.type != "integer":
        _note_rounded(source, spots)
    elif spots:
        column.valid[spots] = False
        for i in spots:
            _refuse_fraction(source, i)
    return column


def _fill_in(source: ColumnSource, column: Exact, spots: npt.NDArray[np.intp]) -> Exact:
    """The column with the cells at ``spots`` read one by one."""
    places = source.spec.places
    found: dict[int, int] = {}
    rounded: list[int] = []
    for i in spots.tolist():
        cell = source.cells[i]
        if is_blank(cell) or cell == UNCALCULATED:
            continue
        number = _number(source, i)
        if number is None:
            continue
        if number != half_up(number, places):
            if source.spec.type == "integer":
                _refuse_fraction(source, i)
                continue
            rounded.append(i)
        found[i] = to_units(number, places)
    if rounded:
        _note_rounded(source, rounded)
    return _with(column, found)


def _with(column: Exact, found: dict[int, int]) -> Exact:
    large = any(abs(u) >= SAFE for u in found.values())
    units: IntArray = column.units.astype(object) if large else column.units.copy()
    valid: BoolArray = column.valid.copy()
    for i, unit in found.items():
        units[i], valid[i] = unit, True
    return Exact(units, column.decimals, valid)


def _number(source: ColumnSource, i: int) -> Decimal | None:
    """One cell as a number in the field's unit, or None after telling why not."""
    number = _any_number(source, i)
    digits = most_whole_digits(source.spec.places)
    if number is not None and abs(number) >= 10**digits:
        expected = f"整数部分{digits}位以内的数"
        source.refuse(i, "number_too_large", "数值太大", expected=expected, fix="请核对单位,是否多填了位数或填错了栏")
        return None
    return number


def most_whole_digits(places: int) -> int:
    """Digits before the point of a number with ``places`` decimals that a spreadsheet and the engine hold exactly."""
    return min(len(str(TOO_LARGE)) - 1, ENGINE_DIGITS - places)


def _any_number(source: ColumnSource, i: int) -> Decimal | None:
    cell = source.cells[i]
    if isinstance(cell, bool):
        source.refuse(i, "number_bool", "数字栏里是逻辑值", expected="数字", fix="请填写数字,没有数据请留空")
        return None
    if isinstance(cell, float | int | Decimal):
        number = number_of(cell)
        if number is None:
            source.refuse(i, "not_finite", "不是有限的数", expected="数字", fix="请检查除数是否为零;没有数据请留空")
            return None
        if source.percent is not None and source.percent[i] and source.spec.type == "percent":
            return number * 100
        return number * source.factor
    if isinstance(cell, str):
        return _from_text(source, i, cell.strip())
    source.refuse(i, "number_date", "数字栏里是日期或时间", expected="数字", fix="请把单元格格式设为“常规”后重填")
    return None


def _from_text(source: ColumnSource, i: int, text: str) -> Decimal | None:
    if not_finite(text):
        code = "excel_error" if text.startswith("#") else "not_finite"
        source.refuse(i, code, "不是有限的数", expected="数字", fix="请检查公式和除数;没有数据请留空")
        return None
    quantity = parse_quantity(text)
    if quantity is None or quantity.sign:
        blank = text.lower() in _PLACEHOLDERS
        fix = "没有数据请留空" if blank else "请只填数字,说明写到备注;没有数据请留空"
        source.refuse(i, "not_a_number", "数字栏里是文字", expected=_expected(source), fix=fix)
        return None
    if len(quantity.number.as_tuple().digits) > MOST_DIGITS:
        source.refuse(i, "number_too_long", "数字位数太多", expected=f"{MOST_DIGITS}位以内", fix="请只保留需要的位数")
        return None
    if not quantity.unit:
        return quantity.number * source.factor
    return _with_unit(source, i, quantity)


def _with_unit(source: ColumnSource, i: int, quantity: Quantity) -> Decimal | None:
    unit = declared_unit(source.spec)
    factor = unit_factor(quantity.unit, unit) if unit or source.spec.type == "money" else None
    if factor is None:
        fix = f"请换算成{unit}后只填数字" if unit else "请只填数字,不带单位"
        source.refuse(i, "unit_mismatch", "单位与规定的不同,且无法换算", expected=_expected(source), fix=fix)
        return None
    number = quantity.number * factor
    if quantity.unit != tidy_unit(unit or ""):
        text = f"“{source.cells[i]}”已换算为{with_unit(number, unit)}"
        found = str(source.cells[i])
        source.log.add(Problem("unit_converted", text, source.place(i), found=found, expected=unit, severity="info"))
    return number


def _expected(source: ColumnSource) -> str:
    """What belongs into the column, in the unit of its header."""
    unit = source.unit or declared_unit(source.spec)
    return f"数字(单位:{unit})" if unit else "数字"


def _refuse_fraction(source: ColumnSource, i: int) -> None:
    source.refuse(i, "not_an_integer", "应为整数", expected="整数", fix="请核对是否填错了栏或单位")


def _note_rounded(source: ColumnSource, spots: list[int]) -> None:
    places = source.spec.places
    text = f"{len(spots)}个数的小数多于{places}位,已四舍五入(首个在第{source.rows[spots[0]]}行)"
    place = source.place(spots[0])
    source.log.add(Problem("rounded", text, place, found=str(source.cells[spots[0]]), severity="info"))


def _check_range(source: ColumnSource, column: Exact) -> None:
    spec = source.spec
    low, high = spec.min, spec.max
    if low is None and spec.type == "money":
        low = Decimal(0)
    outside = np.zeros(len(column), dtype=bool)
    if low is not None:
        outside |= column.units < _ceiling(low, column.decimals)
    if high is not None:
        outside |= column.units > _floor(high, column.decimals)
    for i in np.flatnonzero(outside & column.valid):
        _refuse_outside(source, int(i), from_units(column.units[i], column.decimals), low, high)


def _ceiling(bound: Decimal, decimals: int) -> int:
    scaled = bound.scaleb(decimals)
    return int(scaled.to_integral_value(rounding="ROUND_CEILING"))


def _floor(bound: Decimal, decimals: int) -> int:
    return int(bound.scaleb(decimals).to_integral_value(rounding="ROUND_FLOOR"))


def _refuse_outside(source: ColumnSource, i: int, number: Decimal, low: Decimal | None, high: Decimal | None) -> None:
    spec = source.spec
    unit = declared_unit(spec) or ""
    negative = number < 0 and low is not None and low >= 0
    if spec.type == "money" and negative:
        fix = "请核对正负号;退回、核减的金额请填到专门的栏"
        source.refuse(i, "negative_money", "金额不能为负", expected=f"≥{trimmed(low or Decimal(0))}{unit}", fix=fix)
        return
    bounds = [
        f"≥{trimmed(low)}{unit}" if low is not None else "",
        f"≤{trimmed(high)}{unit}" if high is not None else "",
    ]
    hint = "执行率、完成率超过100%请核对分子分母" if spec.type == "percent" and high == 100 and number > 100 else ""
    fix = hint or "请核对数值和单位是否填错"
    source.refuse(i, "out_of_range", "数值超出合理范围", expected=" 且 ".join(b for b in bounds if b), fix=fix)


def _check_fractions(source: ColumnSource, column: Exact) -> None:
    """A number in (0, 1] without a percent sign may be 93 % typed as 0.93 or really 0.93 %: the writer has to say."""
    spec = source.spec
    if spec.max is not None and spec.max <= 1:
        return
    one = 10**column.decimals
    small = column.valid & (column.units != 0) & (abs(column.units) <= one)
    for i in np.flatnonzero(small):
        if _says_percent(source, int(i)):
            continue
        number = from_units(column.units[i], column.decimals)
        source.refuse(
            int(i),
            "percent_fraction",
            "百分数疑似以小数填写",
            expected="如 93 或 93%",
            fix=f"若为{trimmed(number * 100)}%,请填 {trimmed(number * 100)};若确为{trimmed(number)}%,请填“{trimmed(number)}%”",
        )


def _says_percent(source: ColumnSource, i: int) -> bool:
    cell = source.cells[i]
    if isinstance(cell, str):
        quantity = parse_quantity(cell)
        return quantity is not None and quantity.unit in ("%", "‰")
    return source.percent is not None and bool(source.percent[i])
