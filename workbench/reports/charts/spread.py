"""How far experts agreed: their points per indicator, without names, under the computed and the final ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from matplotlib.figure import Figure

from workbench.reports import reading
from workbench.reports.canvas import AXIS, MARGIN, WIDTH, Canvas, Foot, Head, Rows, Scale
from workbench.reports.charts.dumbbell import (
    AXIS_NOTE,
    COMPUTED,
    FINAL,
    SHOWN,
    UNREVIEWED,
    nothing,
    place,
    share_scale,
    track,
)
from workbench.reports.plots.frame import label_column
from workbench.reports.reading import number
from workbench.reports.style import INK, SMALL, Stroke, drawing, text_width
from workbench.scoring.result import IndicatorResult, SubjectResult

_ROW, _LANE = 38.0, 8.0
"""Height of a row, and how far its two lanes lie from the middle: what experts said covers neither of the other marks."""
_MARK, _LARGEST = 5.5, 14.0
"""Size of one expert's mark in points, and the most that many experts at one place get."""
_EXPERT = Stroke("#1F4E79", 0.9, None, "s", _MARK, "#9DB9D4")
_UNCOUNTED = Stroke(INK, 1.4, None, "x", _MARK)


@dataclass(frozen=True, slots=True)
class Said:
    """Points one indicator was given; ``others`` gave none (不评, 回避). Equal points stand together with their number."""

    indicator: IndicatorResult
    counted: list[tuple[str, int]]
    uncounted: list[tuple[str, int]]
    others: int

    @property
    def people(self) -> int:
        """Experts whose points counted."""
        return sum(count for _, count in self.counted)

    @property
    def reach(self) -> Decimal:
        """Between the lowest and the highest points that counted, as a share of full points."""
        places = [place(points, self.indicator) for points, _ in self.counted]
        return max(places) - min(places) if places else Decimal(0)

    @property
    def text(self) -> str:
        """“专家 7.50—8.50(3人)”, with those who are not in it."""
        given = [points for points, _ in self.counted]
        notes = [f"{self.people}人"] if given else []
        notes += [f"{sum(n for _, n in self.uncounted)}人未计入"] if self.uncounted else []
        notes += [f"{self.others}人未评"] if self.others else []
        return f"专家 {reading.span(given[0], given[-1]) if given else '—'}({','.join(notes)})"

    @property
    def outcome(self) -> str:
        """“最终 8.00 / 10.00”."""
        return f"最终 {reading.points_text(self.indicator)} / {self.indicator.weight}"


def said_of(subject: SubjectResult) -> list[Said]:
    """Indicators experts gave points to, in the order of the result."""
    found = []
    for indicator in subject.indicators:
        experts = indicator.review.experts if indicator.review is not None else []
        counted = _grouped([e.points for e in experts if e.points is not None and e.counted])
        uncounted = _grouped([e.points for e in experts if e.points is not None and not e.counted])
        if counted or uncounted:
            found.append(Said(indicator, counted, uncounted, sum(e.points is None for e in experts)))
    return found


def _grouped(given: Sequence[str]) -> list[tuple[str, int]]:
    """Points as first written, from the lowest to the highest, and how many gave them."""
    found: dict[Decimal, tuple[str, int]] = {}
    for points in given:
        first, count = found.get(number(points), (points, 0))
        found[number(points)] = (first, count + 1)
    return [found[key] for key in sorted(found)]


def widest(found: Sequence[Said]) -> list[Said]:
    """Those experts agreed on least, in the order they came."""
    kept = sorted(range(len(found)), key=lambda n: -found[n].reach)[:SHOWN]
    return [found[n] for n in sorted(kept)]


@drawing()
def expert_spread(subject: SubjectResult) -> Figure:
    """Per indicator the computed and final points above, and experts' points below, the larger the more gave them."""
    found = said_of(subject)
    shown = widest(found)
    head = Head.of(f"{subject.name}:专家打分分布", reading.standing(subject))
    if not shown:
        return nothing(head, UNREVIEWED)
    labels, texts = [s.indicator.name for s in shown], [[s.outcome, s.text] for s in shown]
    rows = Rows.of(labels, label_column(labels), head.height, minimum=_ROW)
    room = max(text_width(t, SMALL) for pair in texts for t in pair) + 18
    scale = share_scale([p for s in shown for p in _places(s)], rows.left, WIDTH - MARGIN - room)
    foot = _foot(found, shown)
    canvas = Canvas(rows.bottom + AXIS + foot.height)
    head.draw(canvas)
    scale.draw(canvas, head.height, rows.bottom, "%")
    for y, said, text in zip(rows.draw(canvas), shown, texts, strict=True):
        _row(canvas, scale, y, said)
        canvas.text(scale.right + 16, y, text, SMALL)
    foot.draw(canvas, rows.bottom + AXIS)
    return canvas.figure


def _places(said: Said) -> list[Decimal]:
    i = said.indicator
    points = [i.computed, i.final, *(p for p, _ in [*said.counted, *said.uncounted])]
    return [place(p, i) for p in points if p is not None]


def _row(canvas: Canvas, scale: Scale, y: float, said: Said) -> None:
    i = said.indicator
    track(canvas, scale, y - _LANE)
    for points, look in ((i.computed, COMPUTED), (i.final, FINAL)):
        if points is not None:
            # The computed points are drawn a little larger, so that final ones on the same place leave their ring.
            size = look.size + (3 if look is COMPUTED else 0)
            canvas.stroke([(scale(place(points, i)), y - _LANE)], _sized(look, size))
    for look, groups in ((_EXPERT, said.counted), (_UNCOUNTED, said.uncounted)):
        for points, count in groups:
            size = min(_MARK * math.sqrt(count), _LARGEST)
            canvas.stroke([(scale(place(points, i)), y + _LANE)], _sized(look, size))


def _sized(look: Stroke, size: float) -> Stroke:
    return Stroke(look.color, look.width, look.dashes, look.marker, size, look.face)


def _foot(found: Sequence[Said], shown: Sequence[Said]) -> Foot:
    keys = [("计算得分", COMPUTED), ("最终得分", FINAL), ("专家打分(越大,给该分的人越多)", _EXPERT)]
    keys += [("未计入汇总", _UNCOUNTED)] if any(s.uncounted for s in shown) else []
    rest = f"分歧较小的{len(found) - len(shown)}项没有画出。" if len(found) > len(shown) else ""
    return Foot(keys, AXIS_NOTE + rest)


def spread_alt(subject: SubjectResult) -> str:
    """The chart in one sentence."""
    said = [f"“{s.indicator.name}”{s.text},{s.outcome}" for s in widest(said_of(subject))] or [UNREVIEWED]
    return f"散点图:{subject.name}专家打分分布,{';'.join(said)};{reading.standing(subject)}。"
