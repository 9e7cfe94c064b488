"""What the review changed: computed and final points of each indicator on one line, the difference between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from matplotlib.figure import Figure

from workbench.reports import reading
from workbench.reports.canvas import AXIS, MARGIN, WIDTH, Canvas, Foot, Head, Rows, Scale
from workbench.reports.plots.frame import label_column
from workbench.reports.reading import number
from workbench.reports.reviewing import computed_total
from workbench.reports.style import (
    BODY,
    INK,
    LINE,
    MUTED,
    PAPER,
    REACHED,
    SMALL,
    TRACK,
    Stroke,
    drawing,
    text_width,
    wrap,
)
from workbench.scoring.result import IndicatorResult, SubjectResult

SHOWN = 16
"""Indicators with a row of their own; of more, those that moved most."""
COMPUTED = Stroke(INK, 1.4, None, "o", 8.0, PAPER)
FINAL = Stroke(REACHED.face, 1.4, None, "o", 8.0, REACHED.face)
"""The computed points are hollow and the final ones full in every chart of a review."""
UNREVIEWED = "本次评价没有专家评审"
AXIS_NOTE = "横轴为得分占分值的比例。"
_ROW = 30.0


@dataclass(frozen=True, slots=True)
class Move:
    """An indicator whose final points are not the computed ones; ``computed`` None: only people could judge it."""

    indicator: IndicatorResult
    computed: str | None
    final: str

    @property
    def change(self) -> Decimal:
        """Points the review added."""
        return number(self.final) - number(self.computed)

    @property
    def text(self) -> str:
        """“8.00 → 7.50(−0.50)”."""
        if self.computed is None:
            return f"未评分 → {self.final}"
        sign = "+" if self.change > 0 else ""
        return f"{self.computed} → {self.final}({sign}{reading.minus(self.change)})"


def judged(subject: SubjectResult) -> list[IndicatorResult]:
    """Indicators a review was held on and that have final points."""
    return [i for i in subject.indicators if i.review is not None and i.final is not None]


def moves(subject: SubjectResult) -> list[Move]:
    """Every indicator the review changed, in the order of the result."""
    found = [Move(i, i.computed, i.final) for i in judged(subject) if i.final is not None]
    return [m for m in found if m.computed is None or m.change]


def largest(found: Sequence[Move]) -> list[Move]:
    """Those that moved most, in the order they came."""
    kept = sorted(range(len(found)), key=lambda n: -abs(found[n].change))[:SHOWN]
    return [found[n] for n in sorted(kept)]


def place(points: str | None, indicator: IndicatorResult) -> Decimal:
    """Where points stand between nothing and full points, in percent."""
    return reading.share(number(points), number(indicator.weight))


def share_scale(places: Sequence[Decimal], left: float, right: float) -> Scale:
    """From nothing to full points; further where points lie outside."""
    return Scale(min(Decimal(0), *places), max(Decimal(100), *places), left, right)


def track(canvas: Canvas, scale: Scale, y: float) -> None:
    """The way from nothing to full points."""
    canvas.line([(scale(Decimal(0)), y), (scale(Decimal(100)), y)], TRACK, 5.0)


def nothing(head: Head, reason: str) -> Figure:
    """A sheet that says why there is nothing to see."""
    lines = wrap(f"没有可画的数据:{reason}。", WIDTH - 2 * MARGIN, BODY)
    room = len(lines) * BODY * LINE + 16
    canvas = Canvas(head.height + room + MARGIN)
    head.draw(canvas)
    canvas.text(MARGIN, head.height + room / 2, lines, BODY, MUTED)
    return canvas.figure


@drawing()
def dumbbell(subject: SubjectResult) -> Figure:
    """Computed ○ and final ● points per indicator, as shares of its full points; unchanged ones are counted only."""
    found = moves(subject)
    rows_shown = largest(found)
    head = Head.of(f"{subject.name}:计算得分与最终得分", _standing(subject))
    if not rows_shown:
        return nothing(head, _why_nothing(subject))
    labels = [m.indicator.name for m in rows_shown]
    texts = [[m.text, f"分值 {m.indicator.weight}"] for m in rows_shown]
    rows = Rows.of(labels, label_column(labels), head.height, minimum=_ROW)
    room = max(text_width(t, SMALL) for pair in texts for t in pair) + 16
    places = [(place(m.computed or m.final, m.indicator), place(m.final, m.indicator)) for m in rows_shown]
    scale = share_scale([p for pair in places for p in pair], rows.left, WIDTH - MARGIN - room)
    foot = Foot([("计算得分", COMPUTED), ("最终得分", FINAL)], AXIS_NOTE + _left_out(subject, found, rows_shown))
    canvas = Canvas(rows.bottom + AXIS + foot.height)
    head.draw(canvas)
    scale.draw(canvas, head.height, rows.bottom, "%")
    for y, move, (before, after), text in zip(rows.draw(canvas), rows_shown, places, texts, strict=True):
        track(canvas, scale, y)
        canvas.line([(scale(before), y), (scale(after), y)], INK, 2.0)
        if move.computed is not None:
            canvas.stroke([(scale(before), y)], COMPUTED)
        canvas.stroke([(scale(after), y)], FINAL)
        canvas.text(scale.right + 14, y, text, SMALL)
    foot.draw(canvas, rows.bottom + AXIS)
    return canvas.figure


def _standing(subject: SubjectResult) -> str:
    before = computed_total(subject)
    return reading.standing(subject) if before is None else f"计算总分 {before} 分;最终{reading.standing(subject)}"


def _why_nothing(subject: SubjectResult) -> str:
    count = len(judged(subject))
    return f"评审没有改变得分,{count}项指标的最终得分都是计算得分" if count else UNREVIEWED


def _left_out(subject: SubjectResult, found: Sequence[Move], shown: Sequence[Move]) -> str:
    same = len(judged(subject)) - len(found)
    said = [f"变动较小的{len(found) - len(shown)}项没有画出"] if len(found) > len(shown) else []
    said += [f"最终得分与计算得分相同的{same}项没有画出"] if same else []
    return f"{','.join(said)}。" if said else ""


def dumbbell_alt(subject: SubjectResult) -> str:
    """The chart in one sentence."""
    found = moves(subject)
    said = [f"“{m.indicator.name}”{m.text}" for m in largest(found)] or [_why_nothing(subject)]
    return f"哑铃图:{subject.name}计算得分与最终得分,{';'.join(said)};{_standing(subject)}。"
