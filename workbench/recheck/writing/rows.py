"""The lines of a 复核表 as cells: columns of the sheet a re-check is kept on, 预算执行率 first, a total at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.base.text import plain
from workbench.recheck.findings.reviewed import Line
from workbench.recheck.model import FundRow, IndicatorRow, Spot, Written
from workbench.recheck.outcome import EXECUTION, Rechecked
from workbench.recheck.recompute.execution import NAME, scored_fund
from workbench.recheck.values import points_of
from workbench.recheck.values.directions import Sign
from workbench.recheck.writing.told import Told, deviation, interval, line_of, points_text

Cell = str | Decimal | None
TITLES = (
    *("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "计量单位", "权重", "自评完成值", "自评得分"),
    *("规则复算得分", "复核完成值", "复核得分", "偏离度(%)", "备注(扣分原因)"),
)
_DEADLINE = "时限"
_SELF_EVIDENT = (Sign.DEADLINE, Sign.QUALITATIVE, Sign.YES_NO, Sign.BETWEEN)
"""What a target is by its words, without a sign."""
SHARED = (6, 8, 9, 11, 12)
"""Columns of which several indicators that share a weight have one cell."""


@dataclass(frozen=True)
class Row:
    """One row; ``span`` rows from here have one cell of each of :data:`SHARED`, 0 where it belongs to a row above."""

    cells: tuple[Cell, ...]
    span: int = 1


def rows_of(told: Told) -> list[Row]:
    """Every indicator in the order of the form, sub-items too."""
    lines = {number: line for line in told.lines for number in _numbers(line)}
    own = _own_cells(told.form.indicators)
    rows = [_execution(told, lines[EXECUTION])] if EXECUTION in lines else []
    last = 0
    for row in told.form.indicators:
        line = None if row.part else lines.get(row.number)
        inside = row.number <= last
        if line is not None and not inside:
            last = max(_numbers(line))
        span = 0 if inside else 1 if line is None else last - row.number + 1
        rows.append(Row(_indicator(told, row, line, own[row.number], first=not inside), span))
    return rows


def total_row(told: Told) -> tuple[Cell, ...]:
    """合计: the sums as they are told, not worked out again here."""
    one = told.one
    weight = told.form.total_weight
    number = points_of(weight)
    full: Cell = number if number is not None else line_of(weight) or None
    again: Cell = interval(one.low, one.high) or one.total
    said = f"自评等级：{one.self_grade or '—'}；{told.counted_as}等级：{told.grade or '—'}"
    return ("合计", None, None, None, None, None, full, None, told.own, again, None, one.decided, told.deviation, said)


def _numbers(line: Line) -> tuple[int, ...]:
    return tuple(t.row.number for t in line.rows) or (EXECUTION,)


def _execution(told: Told, line: Line) -> Row:
    fund = scored_fund(told.form)
    rate = None if fund is None else line_of(fund.rate)
    spots = [] if fund is None else _cells(fund)
    head: tuple[Cell, ...] = (NAME, None, NAME, None, "100%", "%", *_weight(line), rate, *_own(line))
    return Row((*head, *_again(told, line, (EXECUTION,), spots)))


def _indicator(
    told: Told, row: IndicatorRow, line: Line | None, spots: list[Written], *, first: bool
) -> tuple[Cell, ...]:
    names = (line_of(row.level1), line_of(row.level2), line_of(row.level3))
    target = _target(told, row)
    actual = line_of(row.actual)
    if line is not None and first:
        head: tuple[Cell, ...] = (*names, *target, *_weight(line), actual, *_own(line))
        return (*head, *_again(told, line, (row.number,), spots))
    choice = next((c for c in told.choices([row.number]) if c.actual), None)
    rest: tuple[Cell, ...] = (None, None, None if choice is None else choice.actual, None, None)
    return (*names, *target, None, actual, *rest, _said(told, None, (row.number,), spots))


def _target(told: Told, row: IndicatorRow) -> tuple[Cell, ...]:
    """指标性质, 指标值, 计量单位; where the form has no columns for them, what was read out of the target's text."""
    read = told.targets[row.number]
    sign, unit = line_of(row.sign), line_of(row.unit)
    shown = _DEADLINE if read.sign is Sign.DEADLINE else read.sign_shown
    # In brackets what nobody wrote: it follows from the kind of indicator.
    sign = sign or (shown if read.written or not shown or read.sign in _SELF_EVIDENT else f"({shown})")
    return sign, line_of(row.target), unit or read.unit


def _weight(line: Line) -> tuple[Cell]:
    return (line.weight if line.weight is not None else line_of(line.weight_cell),)


def _own(line: Line) -> tuple[Cell]:
    return (line.points if line.points is not None else line_of(line.points_cell),)


def _again(told: Told, line: Line, rows: tuple[int, ...], spots: list[Written]) -> tuple[Cell, ...]:
    """规则复算得分, 复核完成值, 复核得分, 偏离度, 备注."""
    again = line.recomputed
    choices = told.choices(_numbers(line))
    points = next((c.points for c in choices if c.points is not None), None)
    actual = next((c.actual for c in choices if c.actual is not None and c.row in rows), None)
    shown = points_text(again)
    recomputed: Cell = again.low if again is not None and again.low == again.high else shown
    counted = points if points is not None else None if again is None else again.taken
    return recomputed, actual, points, deviation(line.points, counted), _said(told, line, _numbers(line), spots)


def _said(told: Told, line: Line | None, rows: tuple[int, ...], spots: list[Written]) -> str:
    """What a reviewer decided and why, how the points come about where they differ, and what was found in these cells."""
    parts = [f"{c.reason}（复核人：{c.reviewer}）" for c in told.choices(rows)]
    again = None if line is None else line.recomputed
    places = {_place(cell.spot) for cell in spots}
    found = [f for f in told.one.findings if f.spot is not None and _place(f.spot) in places]
    if again is not None and line is not None and (again.points is None or again.points != line.points):
        # A finding about the points has the sentence in it.
        parts += [again.sentence] if not any(again.sentence.rstrip("。") in f.message for f in found) else []
    parts += [f"[{f.severity}]{f.message}" for f in found]
    return "\n".join(dict.fromkeys(part for part in parts if part))


def _place(spot: Spot) -> tuple[str, int, int]:
    return spot.sheet, spot.row, spot.column


def _own_cells(rows: Sequence[IndicatorRow]) -> dict[int, list[Written]]:
    """The cells each row alone has, by its number; of one that several have (a shared weight), the first.

    A level-1 or level-2 cell over several rows is about none of them: what is found there stands in the list below.
    """
    levels = Counter(_place(cell.spot) for row in rows for cell in (row.level1, row.level2) if cell is not None)
    taken = {place for place, times in levels.items() if times > 1}
    own: dict[int, list[Written]] = {}
    for row in rows:
        own[row.number] = [cell for cell in _cells(row) if _place(cell.spot) not in taken]
        taken |= {_place(cell.spot) for cell in own[row.number]}
    return own


def _cells(row: IndicatorRow | FundRow) -> list[Written]:
    return list(_written(row))


def _written(row: IndicatorRow | FundRow) -> Iterator[Written]:
    names = type(row).__slots__
    yield from (cell for cell in (getattr(row, name) for name in names) if isinstance(cell, Written))


def recheck_text(one: Rechecked) -> str:
    """复核得分 in words: a number, or that nobody has decided every line."""
    return plain(one.decided) if one.decided is not None else "未定"
