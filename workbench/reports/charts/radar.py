"""得分率 of every level on its own spoke; with fewer than three levels a bar chart, because a radar would lie."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from matplotlib.figure import Figure

from workbench.reports import reading
from workbench.reports.canvas import AXIS, MARGIN, WIDTH, Align, Canvas, Foot, Head, Points, Rows, Scale
from workbench.reports.reading import Rate
from workbench.reports.style import (
    LINE,
    MUTED,
    PAPER,
    PENDING,
    REACHED,
    RULE,
    SMALL,
    TRACK,
    Fill,
    Stroke,
    drawing,
    text_width,
    wrap,
)
from workbench.scoring.result import SubjectResult

RADIUS = 128.0
MOST_AXES = 18
"""Beyond this spokes are too close for their names, and bars say it better."""
_LABEL = 122.0
_LINE = SMALL * LINE
_TRACK = Fill(TRACK, "#B8C0C8")
_WAITING = Stroke(PENDING.edge, 2.2, (2.5, 1.5))


def axes_of(subject: SubjectResult) -> tuple[str, list[Rate]]:
    """The level shown and its rates: level 1, or level 2 when fewer than three level 1 apply."""
    first = reading.level_rates(subject)
    second = reading.level2_rates(subject) if len(first) < 3 else []
    return ("二级指标", second) if len(second) > len(first) else ("一级指标", first)


@drawing()
def radar(subject: SubjectResult) -> Figure:
    """Radar of 得分率 in percent; of an unscored level only the interval it lies in, and no line leads there."""
    level, rates = axes_of(subject)
    head = Head.of(f"{subject.name}:各{level}得分率", _note(subject))
    return _radar(head, rates) if _round(rates) else _bars(head, rates)


def _round(rates: list[Rate]) -> bool:
    """Whether there are enough rates for a radar, of which three are known, and not too many."""
    return sum(map(_known, rates)) >= 3 and len(rates) <= MOST_AXES


def _known(rate: Rate) -> bool:
    return rate.low == rate.high


def _note(subject: SubjectResult) -> str:
    left_out = [level.name for level in subject.levels if reading.inapplicable(level)]
    note = f";不适用未列入:{'、'.join(left_out)}" if left_out else ""
    return f"得分率 = 得分 ÷ 分值,单位:%{note}"


def _keys(rates: list[Rate], waiting: Fill | Stroke) -> list[tuple[str, Fill | Stroke]]:
    return [] if all(map(_known, rates)) else [("得分率", REACHED), ("待定(得分率区间)", waiting)]


def _bars(head: Head, rates: list[Rate]) -> Figure:
    rows = Rows.of([r.name for r in rates] or ["(没有适用的指标)"], 150, head.height, minimum=28)
    foot = Foot(_keys(rates, PENDING))
    canvas = Canvas(rows.bottom + AXIS + foot.height)
    head.draw(canvas)
    top = max([Decimal(100), *(r.high for r in rates)])
    scale = Scale(Decimal(0), top, rows.left, WIDTH - MARGIN - 96)
    scale.draw(canvas, head.height, rows.bottom, "%")
    for y, rate in zip(rows.draw(canvas), rates, strict=False):
        canvas.box(scale(Decimal(0)), scale(Decimal(100)), y, 14, _TRACK)
        if not _known(rate):
            canvas.box(scale(rate.low), scale(rate.high), y, 14, PENDING)
        if rate.low > 0:
            canvas.box(scale(Decimal(0)), scale(rate.low), y, 14, REACHED)
        canvas.text(scale.right + 6, y, rate.text, SMALL)
    foot.draw(canvas, rows.bottom + AXIS)
    return canvas.figure


@dataclass
class _Label:
    """Name and number at the end of a spoke."""

    lines: list[str]
    x: float
    y: float
    align: Align

    @property
    def half(self) -> float:
        return len(self.lines) * _LINE / 2


def _angle(i: int, n: int) -> float:
    return 2 * math.pi * i / n


def _at(i: int, n: int, distance: float) -> tuple[float, float]:
    angle = _angle(i, n)
    return distance * math.sin(angle), -distance * math.cos(angle)


def _labels(rates: list[Rate]) -> list[_Label]:
    """One label per spoke, around the origin, moved up or down so that none covers another."""
    labels = []
    for i, rate in enumerate(rates):
        x, y = _at(i, len(rates), RADIUS + 10)
        lines = [*wrap(rate.name, _LABEL, SMALL), rate.text]
        if abs(x) < 2:
            label = _Label(lines, x, y, "center")
            label.y += -label.half if y < 0 else label.half
        else:
            label = _Label(lines, x + (4 if x > 0 else -4), y, "left" if x > 0 else "right")
        labels.append(label)
    for side in ("left", "right"):
        _spread([x for x in labels if x.align == side])
    _clear([x for x in labels if x.align == "center"], [x for x in labels if x.align != "center"])
    return labels


def _spread(side: list[_Label]) -> None:
    """Pushes the labels of one side apart, from its middle outwards."""
    side.sort(key=lambda x: x.y)
    upper = [x for x in side if x.y < 0]
    lower = [x for x in side if x.y >= 0]
    for nearer, label in pairwise(lower):
        label.y = max(label.y, nearer.y + nearer.half + label.half + 5)
    ceiling = lower[0].y - lower[0].half - 5 if lower else math.inf
    for label in reversed(upper):
        label.y = min(label.y, ceiling - label.half)
        ceiling = label.y - label.half - 5


def _clear(centred: list[_Label], others: list[_Label]) -> None:
    """Moves the top and bottom labels outwards where a neighbour reaches under them."""
    for label in centred:
        half_width = max(text_width(line, SMALL) for line in label.lines) / 2 + 6
        near = [x for x in others if abs(x.x) < half_width and (x.y < 0) == (label.y < 0)]
        if near and label.y < 0:
            label.y = min(label.y, min(x.y - x.half for x in near) - label.half - 4)
        elif near:
            label.y = max(label.y, max(x.y + x.half for x in near) + label.half + 4)


def _radar(head: Head, rates: list[Rate]) -> Figure:
    labels = _labels(rates)
    above = max(RADIUS, *(x.half - x.y for x in labels)) + 4
    below = max(RADIUS, *(x.half + x.y for x in labels)) + 10
    foot = Foot(_keys(rates, _WAITING))
    canvas = Canvas(head.height + above + below + foot.height)
    head.draw(canvas)
    cx, cy = WIDTH / 2, head.height + above
    outer = max([Decimal(100), *(r.high for r in rates)])
    _grid(canvas, cx, cy, len(rates), outer)
    _rates(canvas, cx, cy, rates, outer)
    for label in labels:
        canvas.text(cx + label.x, cy + label.y, label.lines, SMALL, align=label.align)
    foot.draw(canvas, head.height + above + below)
    return canvas.figure


def _rates(canvas: Canvas, cx: float, cy: float, rates: list[Rate], outer: Decimal) -> None:
    """The known rates joined to a surface, or only to their neighbours where one is open; open ones along their spokes."""
    low, high = (_shape(cx, cy, ends, outer) for ends in ([r.low for r in rates], [r.high for r in rates]))
    if all(map(_known, rates)):
        canvas.polygon(low, REACHED, alpha=0.22)
    _ring_numbers(canvas, cx, cy, len(rates), outer)
    for i, rate in enumerate(rates):
        if not _known(rate):
            canvas.stroke([low[i], high[i]], _WAITING)
            continue
        if not all(map(_known, rates)) and _known(rates[i - 1]):
            canvas.line([low[i - 1], low[i]], REACHED.edge, 1.4)
        x, y = low[i]
        canvas.box(x - 2.2, x + 2.2, y, 4.4, REACHED)


def _shape(cx: float, cy: float, rates: list[Decimal], outer: Decimal) -> Points:
    spots = [_at(i, len(rates), RADIUS * float(max(r, Decimal(0)) / outer)) for i, r in enumerate(rates)]
    return [(cx + x, cy + y) for x, y in spots]


def _grid(canvas: Canvas, cx: float, cy: float, n: int, outer: Decimal) -> None:
    rings = [Decimal(t) for t in (20, 40, 60, 80, 100)] + ([outer] if outer > 100 else [])
    for ring in rings:
        edge = MUTED if ring == 100 else RULE
        canvas.polygon(_shape(cx, cy, [ring] * n, outer), edge=edge)
    for x, y in _shape(cx, cy, [outer] * n, outer):
        canvas.line([(cx, cy), (x, y)])


def _ring_numbers(canvas: Canvas, cx: float, cy: float, n: int, outer: Decimal) -> None:
    for ring in (Decimal(20), Decimal(60), Decimal(100)):
        spot = math.cos(math.pi / n) * RADIUS * float(ring / outer)
        angle = math.pi / n
        x, y = cx + spot * math.sin(angle), cy - spot * math.cos(angle)
        room = text_width(f"{ring}", 7) / 2 + 1.5
        canvas.box(x - room, x + room, y, 8, Fill(PAPER, PAPER))
        canvas.text(x, y, f"{ring}", 7, MUTED, "center")


def radar_alt(subject: SubjectResult) -> str:
    """The chart in one sentence."""
    level, rates = axes_of(subject)
    parts = [f"{r.name}{r.text}" for r in rates] or ["没有适用的指标"]
    form = "雷达图" if _round(rates) else "横向条形图"
    return f"{form}:{subject.name}各{level}得分率,{'、'.join(parts)}。"
