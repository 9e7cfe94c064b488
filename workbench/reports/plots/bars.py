"""Horizontal bars (one to three series, with a mark, an interval) and stacks of parts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from matplotlib.figure import Figure

from workbench.reports.canvas import Canvas, Foot, Scale
from workbench.reports.plots.data import Data, Mark, sentence, shown
from workbench.reports.plots.frame import BAND, MOST_ROWS, ZERO, BarSheet, Key, bar_sheet, empty_sheet
from workbench.reports.style import (
    ADJUSTED,
    GAINED,
    INK,
    LOST,
    PAPER,
    PENDING,
    REACHED,
    SMALL,
    Fill,
    Stroke,
    text_width,
)

SERIES = (REACHED, Fill("#9DB9D4", "#1F4E79"), PENDING, GAINED, ADJUSTED, LOST)
"""Told apart by lightness and hatch."""
OTHERS = Fill("#C6D3E0", "#7F93A8")
_MARK = Stroke(INK, 2.0, None, "|", 11)
_INTERVAL = Stroke(INK, 1.2)
_BAR, _LINE = 11.0, 14.0


def cut(data: Data) -> tuple[Sequence[Mark], str]:
    """The rows that fit on a sheet, and what is said about the rest."""
    rest = len(data.marks) - MOST_ROWS
    return data.marks[:MOST_ROWS], f"只画前{MOST_ROWS}行,其余{rest}行见分析表。" if rest > 0 else ""


def bars(data: Data) -> Figure:
    """One row per label; ``reference`` is a tick, ``low`` to ``high`` a line with ends."""
    if not data.marks:
        return empty_sheet(data)
    marks, rest = cut(data)
    texts = [[_text(v) for v in m.values] for m in marks]
    foot = Foot(_bar_keys(data, marks), data.remark(rest))
    sheet = bar_sheet(
        data,
        [m.label for m in marks],
        [n for m in marks for n in m.numbers],
        [t for row in texts for t in row],
        max(24.0, len(data.series) * _LINE + 10),
        foot,
        [m.own for m in marks],
    )
    for y, mark, row in zip(sheet.middles, marks, texts, strict=True):
        _bar_row(sheet, y, mark, row, data.side_by_side)
    return sheet.canvas.figure


def _text(number: Decimal | None) -> str:
    return "—" if number is None else shown(number)


def _bar_keys(data: Data, marks: Sequence[Mark]) -> list[Key]:
    keys: list[Key] = []
    if len(data.series) > 1:
        keys += list(zip(data.series, SERIES, strict=False))
        keys += [("本对象", BAND)] if data.side_by_side else []
    elif data.side_by_side:
        keys += [(f"{data.series[0]}:本对象", REACHED), ("其他对象", OTHERS)]
    reference, low = data.named("reference"), data.named("low")
    if reference or low:
        keys = keys or [(data.series[0], REACHED)]
    keys += [(reference, _MARK)] if reference and any(m.reference is not None for m in marks) else []
    keys += [(f"{low}—{data.named('high')}", _INTERVAL)] if low and any(_interval(m) for m in marks) else []
    return keys


def _interval(mark: Mark) -> tuple[Decimal, Decimal] | None:
    return (mark.low, mark.high) if mark.low is not None and mark.high is not None else None


def _bar_row(sheet: BarSheet, middle: float, mark: Mark, texts: Sequence[str], side_by_side: bool) -> None:
    count = len(mark.values)
    top = middle - (count - 1) * _LINE / 2
    for i, (number, text) in enumerate(zip(mark.values, texts, strict=True)):
        y = top + i * _LINE
        sheet.canvas.text(sheet.texts_at, y, text, SMALL)
        if number:
            fill = OTHERS if side_by_side and count == 1 and not mark.own else SERIES[i % len(SERIES)]
            sheet.canvas.box(sheet.scale(ZERO), sheet.scale(number), y, _BAR, fill)
    half = count * _LINE / 2 + 1
    interval = _interval(mark)
    if interval is not None:
        _whisker(sheet.canvas, sheet.scale, middle, interval)
    if mark.reference is not None:
        x = sheet.scale(mark.reference)
        for color, width in ((PAPER, 4.5), (INK, 2.0)):
            sheet.canvas.line([(x, middle - half), (x, middle + half)], color, width)


def _whisker(canvas: Canvas, scale: Scale, y: float, interval: tuple[Decimal, Decimal]) -> None:
    """A line with ends, on a white one, so that it is seen on a dark bar too."""
    x0, x1 = (scale(n) for n in interval)
    for color, width in ((PAPER, 3.2), (INK, 1.2)):
        canvas.line([(x0, y), (x1, y)], color, width)
        for x in (x0, x1):
            canvas.line([(x, y - 4), (x, y + 4)], color, width)


def bars_alt(data: Data) -> str:
    """The bars in one sentence."""
    parts = []
    for mark in data.marks:
        numbers = [
            f"{t if len(data.series) > 1 else ''}{_text(v)}" for t, v in zip(data.series, mark.values, strict=True)
        ]
        more = [f"{data.named('reference')}{shown(mark.reference)}"] if mark.reference is not None else []
        interval = _interval(mark)
        more += [f"区间{shown(interval[0])}—{shown(interval[1])}"] if interval is not None else []
        parts.append(f"{mark.label}{' '.join(numbers)}" + (f"({','.join(more)})" if more else ""))
    return sentence("条形图", data, parts)


def stack(data: Data) -> Figure:
    """One bar per label made of its parts, negative ones left of zero, the sum at the end."""
    if not data.marks:
        return empty_sheet(data)
    marks, rest = cut(data)
    sums = [shown(_sum(m)) for m in marks]
    filled = zip(data.series, SERIES, zip(*(m.values for m in marks), strict=True), strict=False)
    keys: list[Key] = [(name, fill) for name, fill, sizes in filled if any(sizes)]
    keys += [("本对象", BAND)] if data.side_by_side else []
    sheet = bar_sheet(
        data,
        [m.label for m in marks],
        [end for m in marks for end in _ends(m)],
        ["合计", *sums],
        30.0,
        Foot(keys, data.remark(rest)),
        [m.own for m in marks],
    )
    for y, mark, text in zip(sheet.middles, marks, sums, strict=True):
        _parts(sheet, y, mark)
        sheet.canvas.text(sheet.texts_at, y, text, SMALL)
    return sheet.canvas.figure


def _sum(mark: Mark) -> Decimal:
    return sum((v for v in mark.values if v is not None), ZERO)


def _ends(mark: Mark) -> list[Decimal]:
    """How far a stack reaches to each side."""
    known = [v for v in mark.values if v is not None]
    return [sum((v for v in known if v < 0), ZERO), sum((v for v in known if v > 0), ZERO)]


def _parts(sheet: BarSheet, y: float, mark: Mark) -> None:
    for sign in (1, -1):
        sizes = [v if v is not None and v * sign > 0 else ZERO for v in mark.values]
        ends = list(accumulate(sizes, initial=ZERO))
        for i, size in enumerate(sizes):
            if size:
                _part(sheet, y, ends[i], ends[i + 1], SERIES[i % len(SERIES)])


def _part(sheet: BarSheet, y: float, start: Decimal, end: Decimal, fill: Fill) -> None:
    x0, x1 = sheet.scale(start), sheet.scale(end)
    sheet.canvas.box(x0, x1, y, 20, fill)
    text = shown(end - start)
    half = text_width(text, SMALL) / 2 + 3
    if 2 * half + 2 <= abs(x1 - x0):
        middle = (x0 + x1) / 2
        if fill.hatch:
            sheet.canvas.box(middle - half, middle + half, y, 13, Fill(PAPER, PAPER))
        sheet.canvas.text(middle, y, text, SMALL, INK if fill.hatch else fill.ink, "center")


def stack_alt(data: Data) -> str:
    """The stacks in one sentence."""
    parts = []
    for mark in data.marks:
        known = [f"{t}{shown(v)}" for t, v in zip(data.series, mark.values, strict=True) if v is not None]
        parts.append(f"{mark.label}合计{shown(_sum(mark))}(其中{','.join(known)})")
    return sentence("堆积条形图", data, parts)
