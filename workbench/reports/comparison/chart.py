"""差异构成图: from the first total to the second, one bar per cause, or one per indicator that moved most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from matplotlib.figure import Figure

from workbench.analysis.comparison import SubjectChange
from workbench.base.text import plain
from workbench.reports.canvas import AXIS, MARGIN, WIDTH, Canvas, Foot, Head, Rows, Scale
from workbench.reports.comparison import words
from workbench.reports.comparison.words import NEW, OLD
from workbench.reports.console import clip
from workbench.reports.plots.frame import draw_scale, label_column
from workbench.reports.reading import minus, number
from workbench.reports.style import ADJUSTED, GAINED, LOST, MUTED, REACHED, SMALL, Fill, drawing, text_width

CHARTED = 10
"""Subjects whose differences are drawn; of more, those that moved most."""
SHOWN = 12
"""Indicators with a bar of their own; the rest is merged into one."""
_BAR, _LABEL, _TITLE = 15.0, 90, 160
"""Height of a bar in points; columns of a label and of a name in the title: whole names stand in the tables."""
_FILLS: dict[str, Fill] = {"两次得分": REACHED, "使得分增加": GAINED, "使得分减少": LOST, "没有影响": ADJUSTED}


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: a total reached (from zero), or a change from the points before it to those after it."""

    label: str
    before: Decimal
    after: Decimal
    total: bool = False

    @property
    def text(self) -> str:
        """The total, or the change with its sign."""
        change = self.after - self.before
        return plain(self.after) if self.total else f"+{plain(change)}" if change > 0 else minus(change)

    @property
    def kind(self) -> str:
        """What the bar is in the legend."""
        names = [*_FILLS]
        if self.total:
            return names[0]
        return names[1] if self.after > self.before else names[2] if self.after < self.before else names[3]


def cause_steps(subject: SubjectChange) -> list[Step]:
    """From the first total to the second by cause; joined causes are named together."""
    return _steps(subject, [(words.causes_text(s.causes), number(s.points)) for s in subject.shares])


def line_steps(subject: SubjectChange) -> list[Step]:
    """From the first total to the second by the lines that moved most, in the order of the scheme; the rest as one."""
    moved = [x for x in subject.lines if number(x.difference)]
    most = sorted(moved, key=lambda x: -abs(number(x.difference)))[: SHOWN if len(moved) > SHOWN + 1 else len(moved)]
    kept = {id(x) for x in most}
    steps = [(x.name, number(x.difference)) for x in moved if id(x) in kept]
    rest = [number(x.difference) for x in moved if id(x) not in kept]
    return _steps(subject, [*steps, *([(f"其余{len(rest)}项", sum(rest, Decimal(0)))] if rest else [])])


def _steps(subject: SubjectChange, changes: Sequence[tuple[str, Decimal]]) -> list[Step]:
    old, new = words.scored_sums(subject)
    way = [old]
    for _, change in changes:
        way.append(way[-1] + change)
    scored = "得分" if subject.complete else "已评分合计"
    middle = [Step(label, *ends) for (label, _), ends in zip(changes, pairwise(way), strict=True)]
    return [Step(f"{OLD}{scored}", Decimal(0), old, True), *middle, Step(f"{NEW}{scored}", Decimal(0), new, True)]


def by_cause(subject: SubjectChange) -> Figure:
    """Waterfall of the causes."""
    return _waterfall("差异构成", subject, cause_steps(subject))


def by_line(subject: SubjectChange) -> Figure:
    """Waterfall of the indicators that moved most."""
    return _waterfall("变动最大的指标", subject, line_steps(subject))


def alt_text(subject: SubjectChange, steps: Sequence[Step]) -> str:
    """A chart in one sentence."""
    said = ";".join(f"{clip(s.label, _LABEL)}{s.text}分" for s in steps)
    return f"瀑布图,{clip(subject.name, _TITLE)}:{said}。"


@drawing()
def _waterfall(title: str, subject: SubjectChange, steps: Sequence[Step]) -> Figure:
    head = Head.of(f"{clip(subject.name, _TITLE)}:{title}", _standing(subject))
    labels = [clip(s.label, _LABEL) for s in steps]
    rows = Rows.of(labels, label_column(labels), head.height)
    room = max(text_width(s.text, SMALL) for s in steps) + 12
    scale = _scale(steps, rows.left, WIDTH - MARGIN - room)
    kinds = {s.kind for s in steps}
    foot = Foot([(name, fill) for name, fill in _FILLS.items() if name in kinds], _remark(subject, scale, len(steps)))
    canvas = Canvas(rows.bottom + AXIS + foot.height)
    head.draw(canvas)
    draw_scale(canvas, scale, head.height, rows.bottom)
    middles = rows.draw(canvas)
    for number_, (y, step) in enumerate(zip(middles, steps, strict=True)):
        _bar(canvas, scale, y, step)
        if number_ + 1 < len(steps):
            x = scale(step.after)
            canvas.line([(x, y + _BAR / 2), (x, middles[number_ + 1] - _BAR / 2)], MUTED, 0.7)
    foot.draw(canvas, rows.bottom + AXIS)
    return canvas.figure


def _bar(canvas: Canvas, scale: Scale, y: float, step: Step) -> None:
    x0, x1 = scale(step.before), scale(step.after)
    if step.before == step.after and not step.total:  # a step of nothing is still seen
        x0, x1 = x0 - 0.6, x1 + 0.6
    if x0 != x1:
        canvas.box(x0, x1, y, _BAR, _FILLS[step.kind])
    canvas.text(max(x0, x1) + 5, y, step.text, SMALL, halo=True)


def _standing(subject: SubjectChange) -> str:
    old, new = words.totals_text(subject)
    difference = words.signed(subject.difference).replace("-", "−")
    return f"总分 {old} → {new} 分,等级 {words.grade_change(subject)},差异 {difference} 分"


def _scale(steps: Sequence[Step], left: float, right: float) -> Scale:
    """From 0, or, where nothing comes near 0, from a round number below the lowest point: the changes are what matters."""
    ends = [e for s in steps for e in ((s.after,) if s.total else (s.before, s.after))]
    low, high = min(ends), max(*ends, Decimal(1))
    start = (low - max((high - low) / 3, high / 20)) // 5 * 5
    return Scale(start if low > 0 and start > 0 else min(low, Decimal(0)), high, left, right)


def _remark(subject: SubjectChange, scale: Scale, bars: int) -> str:
    said = [f"横轴自 {plain(scale.low)} 分起,两次得分柱的长短不表示倍数。"] if scale.low > 0 else []
    said += ["得分没有变化。"] if bars == 2 else []
    said += ["有未评分的指标,按 0 分计入。"] if not subject.complete else []
    return "".join(said)
