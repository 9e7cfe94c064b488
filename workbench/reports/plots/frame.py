"""Sheets for declared charts: rows of horizontal bars, or a field with two axes, each with scale, legend and remark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matplotlib.figure import Figure

from workbench.evidence.tables import EPOCH
from workbench.reports.canvas import AXIS, MARGIN, WIDTH, Canvas, Foot, Head, Rows, Scale
from workbench.reports.plots.data import Data, shown
from workbench.reports.style import BODY, INK, MUTED, RULE, SMALL, Fill, Stroke, drawable, text_width, wrap

BAND = Fill("#EEF2F6", "#EEF2F6")
"""Behind the rows of the subject the chart is shown for."""
MOST_ROWS = 120
"""A sheet of more rows is no picture any more; what is left out is said."""
Key = tuple[str, Fill | Stroke]
ZERO = Decimal(0)


def scale_over(numbers: Iterable[Decimal], left: float, right: float) -> Scale:
    """From the lowest to the highest number, zero included."""
    found = [ZERO, *numbers]
    low, high = min(found), max(found)
    return Scale(low, high if high > low else low + 1, left, right)


def tick_texts(scale: Scale, dated: bool = False) -> list[tuple[Decimal, str]]:
    """Round numbers of a scale and how they are written."""
    return [(t, shown(Decimal(f"{t.normalize():f}"))) for t in scale.ticks()]


def draw_scale(canvas: Canvas, scale: Scale, top: float, bottom: float) -> None:
    """Grid lines with their numbers underneath; numbers that would run into each other are left out."""
    free = -1.0
    for tick, text in tick_texts(scale):
        x, half = scale(tick), text_width(text, SMALL) / 2
        canvas.line([(x, top), (x, bottom)], MUTED if tick == 0 else RULE, 1.0 if tick == 0 else 0.8)
        if x - half > free and x + half <= WIDTH - 2:
            canvas.text(x, bottom + 9, text, SMALL, MUTED, "center")
            free = x + half + 6


def label_column(labels: Sequence[str]) -> float:
    """Room for the labels of rows: as much as the longest wants, but never more than the bars can spare."""
    longest = max((text_width(drawable(label), BODY) for label in labels), default=0.0)
    return min(max(longest + 1, 60.0), 170.0 if longest < 330 else 220.0)


@dataclass
class BarSheet:
    """A sheet of labelled rows; ``texts_at`` is where the column of numbers on the right begins."""

    canvas: Canvas
    scale: Scale
    middles: list[float]
    texts_at: float


def bar_sheet(
    data: Data,
    labels: Sequence[str],
    scale: Scale | Sequence[Decimal],
    texts: Iterable[str],
    height: float,
    foot: Foot,
    own: Sequence[bool] = (),
) -> BarSheet:
    """Head, rows, scale and foot of a chart of horizontal bars, ready for the bars.

    Args:
        scale: the numbers to be shown (zero is added), or a scale whose ends are kept.
        texts: numbers written beside the bars, for which room is left.
        height: least height of a row.
        own: rows to be set off.
    """
    head = Head.of(data.title, data.subtitle)
    rows = Rows.of(labels, label_column(labels), head.height, minimum=height)
    room = max((text_width(t, SMALL) for t in texts), default=0.0) + 10
    right = WIDTH - MARGIN - room
    placed = (
        Scale(scale.low, scale.high, rows.left, right)
        if isinstance(scale, Scale)
        else scale_over(scale, rows.left, right)
    )
    canvas = Canvas(rows.bottom + AXIS + foot.height)
    head.draw(canvas)
    for y, size, mine in zip(*rows.places(), own or [False] * len(labels), strict=True):
        if mine:
            canvas.box(MARGIN, WIDTH - MARGIN, y, size, BAND)
    draw_scale(canvas, placed, head.height, rows.bottom)
    middles = rows.draw(canvas)
    foot.draw(canvas, rows.bottom + AXIS)
    return BarSheet(canvas, placed, middles, right + 8)


def empty_sheet(data: Data) -> Figure:
    """A sheet that says why there is nothing to see."""
    head = Head.of(data.title, data.subtitle)
    lines = wrap(f"没有可画的数据:{data.reason}。", WIDTH - 2 * MARGIN, BODY)
    foot = Foot(remark=data.chart.note or "")
    room = len(lines) * BODY * 1.3 + 16
    canvas = Canvas(head.height + room + foot.height)
    head.draw(canvas)
    canvas.text(MARGIN, head.height + room / 2, lines, BODY, MUTED)
    foot.draw(canvas, head.height + room)
    return canvas.figure


@dataclass
class Field:
    """A field with an x and a y scale; the y scale runs upwards."""

    canvas: Canvas
    x: Scale
    y: Scale

    @property
    def top(self) -> float:
        """Upper edge of the field."""
        return self.y.right

    @property
    def bottom(self) -> float:
        """Lower edge of the field."""
        return self.y.left


def near_scale(numbers: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Ends of a scale that need not begin at zero, with a little room; zero is kept where the numbers come near it."""
    low, high = min(numbers), max(numbers)
    if low == high:
        room = abs(low) / 10 or Decimal(1)
        return low - room, high + room
    room = (high - low) / 20
    start = ZERO if 0 <= low <= (high - low) else low - room
    end = ZERO if 0 <= -high <= (high - low) else high + room
    return start, end


def field_sheet(data: Data, xs: Sequence[Decimal], ys: Sequence[Decimal], ends: float, foot: Foot) -> Field:
    """Head, axes with titles and foot of a chart with two axes; ``ends`` is room kept on the right of the field."""
    assert data.chart.x is not None
    head = Head.of(data.title, "")
    height = 240.0
    top = head.height + 14
    y = Scale(*near_scale(ys), top + height, top)
    texts = tick_texts(y)
    left = MARGIN + max(text_width(t, SMALL) for _, t in texts) + 6
    low, high = near_scale(xs) if len(set(xs)) > 1 or not data.dated else (xs[0] - 30, xs[0] + 30)
    if data.chart.kind == "lines" and len(set(xs)) > 1:
        low, high = min(xs), max(xs)
    x = Scale(low, high, left + 8, WIDTH - MARGIN - ends)
    canvas = Canvas(top + height + AXIS + 14 + foot.height)
    head.draw(canvas)
    _draw_y(canvas, y, texts, left, WIDTH - MARGIN - ends + 6)
    _draw_x(canvas, x, top + height, data)
    title = data.axis(data.chart.values[0]) if len(data.series) == 1 else f"单位:{data.unit}" if data.unit else ""
    canvas.text(MARGIN, head.height, title, SMALL, MUTED)
    canvas.text(WIDTH - MARGIN, top + height + AXIS + 6, data.axis(data.chart.x), SMALL, MUTED, "right")
    foot.draw(canvas, top + height + AXIS + 14)
    return Field(canvas, x, y)


def _draw_y(canvas: Canvas, scale: Scale, texts: Sequence[tuple[Decimal, str]], left: float, right: float) -> None:
    for tick, text in texts:
        at = scale(tick)
        canvas.line([(left, at), (right, at)], MUTED if tick == 0 else RULE, 1.2 if tick == 0 else 0.7)
        canvas.text(left - 4, at, text, SMALL, MUTED, "right")


def _draw_x(canvas: Canvas, scale: Scale, bottom: float, data: Data) -> None:
    canvas.line([(scale.left - 8, bottom), (scale.right + 6, bottom)], MUTED)
    free = -1.0
    for tick in x_ticks(scale, data):
        text = date_text(tick) if data.dated else data.place(Decimal(f"{tick.normalize():f}"))
        half = text_width(text, SMALL) / 2
        x = min(max(scale(tick), MARGIN + half), WIDTH - MARGIN - half)
        canvas.line([(scale(tick), bottom), (scale(tick), bottom + 3)], MUTED)
        if x - half > free:
            canvas.text(x, bottom + 10, text, SMALL, INK, "center")
            free = x + half + 6


def x_ticks(scale: Scale, data: Data) -> list[Decimal]:
    """Places named on the x axis: round numbers (whole ones for whole numbers), or beginnings of days, months, years."""
    if data.dated:
        return date_ticks(scale.low, scale.high)
    assert data.chart.x is not None
    ticks = scale.ticks()
    whole = data.columns[data.chart.x].type == "integer"
    return [t for t in ticks if t == t.to_integral_value()] if whole else ticks


def _day(days: Decimal) -> date:
    return date.fromordinal(EPOCH.toordinal() + int(days))


def date_text(days: Decimal) -> str:
    """2024-03-15, or without the day for the first of a month."""
    day = _day(days)
    return day.isoformat()[: 7 if day.day == 1 else 10]


def date_ticks(low: Decimal, high: Decimal) -> list[Decimal]:
    """At most seven first days of months, each as many months apart; for a short time single days."""
    first, last = _day(low), _day(high)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months < 2:
        step = max(1, (int(high) - int(low)) // 5)
        return [Decimal(d) for d in range(int(low), int(high) + 1, step)]
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120) if months / s <= 7), 240)
    starts = range(first.year * 12, last.year * 12 + 13)
    days = [date(m // 12, m % 12 + 1, 1) for m in starts if m % step == 0 and m // 12 < 9999]
    return [Decimal((d - EPOCH).days) for d in days if first <= d <= last]
