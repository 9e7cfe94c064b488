"""Where the points went: from full points down to the total, the largest loss first."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from matplotlib.figure import Figure

from workbench.base.text import plain
from workbench.reports import reading
from workbench.reports.canvas import AXIS, MARGIN, SPOT, WIDTH, Canvas, Foot, Head, Rows, Scale
from workbench.reports.reading import Loss, minus, number, total_of
from workbench.reports.style import (
    ADJUSTED,
    BODY,
    GAINED,
    LOST,
    MUTED,
    PENDING,
    REACHED,
    SMALL,
    Fill,
    drawable,
    drawing,
    text_width,
)
from workbench.scoring.result import ExtraResult, SubjectResult

SHOWN_LOSSES, SHOWN_PENDING = 8, 5
"""Indicators with a bar of their own; the rest is merged into one."""
Kind = Literal["full", "lost", "pending", "adjusted", "gained", "total"]

_FILLS: dict[Kind, Fill] = {
    "full": REACHED,
    "lost": LOST,
    "pending": PENDING,
    "adjusted": ADJUSTED,
    "gained": GAINED,
    "total": REACHED,
}
_KEYS: dict[Kind, str] = {
    "lost": "失分",
    "pending": "待补或待定(暂不能评分)",
    "adjusted": "折算与限额",
    "gained": "加分",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the waterfall, from the running points before it to those after it."""

    kind: Kind
    label: str
    before: Decimal
    after: Decimal
    text: str


class _Way:
    def __init__(self, full: Decimal) -> None:
        self.now = full
        self.steps = [Step("full", "满分", Decimal(0), full, plain(full))]

    def move(self, kind: Kind, label: str, change: Decimal, text: str | None = None) -> None:
        if change:
            after = self.now + change
            self.steps.append(
                Step(kind, label, self.now, after, text or (minus(change) if change < 0 else f"+{change:f}"))
            )
            self.now = after


def way(subject: SubjectResult) -> list[Step]:
    """All bars in order; each begins where the one before ended, and the last is the total (or its lower bound)."""
    path = _Way(reading.full_points(subject))
    found = reading.losses(subject)
    _lose(path, [x for x in found if x.lost])
    _leave_open(path, sorted((x for x in found if x.pending), key=lambda x: -x.pending))
    for level in subject.levels:
        if reading.inapplicable(level):
            size = number(level.high) - number(level.low)
            path.move("pending", f"{level.name}(全部不适用)", -size, f"待定 {plain(size)}")
    base = total_of(v.points if v.points is not None else v.low for v in subject.levels)
    path.move("adjusted", "不适用折算", base - path.now)
    _extras(path, "gained", "加分", subject.bonus, reading.extras(subject, "bonus"))
    _extras(path, "lost", "扣分", subject.deductions, reading.extras(subject, "deductions"))
    end = number(subject.total if subject.total is not None else subject.interval[0])
    path.move("adjusted", "加减分限额" if subject.bonus or subject.deductions else "其他调整", end - path.now)
    label = "总分" if subject.total is not None else "总分区间"
    return [*path.steps, Step("total", label, Decimal(0), end, reading.total_text(subject))]


def _lose(path: _Way, found: list[Loss]) -> None:
    shown = found if len(found) <= SHOWN_LOSSES + 1 else found[:SHOWN_LOSSES]
    for loss in shown:
        path.move("lost", loss.indicator.name, -loss.lost)
    rest = found[len(shown) :]
    path.move("lost", f"其余{len(rest)}项", -sum((x.lost for x in rest), Decimal(0)))


def _leave_open(path: _Way, found: list[Loss]) -> None:
    shown = found if len(found) <= SHOWN_PENDING + 1 else found[:SHOWN_PENDING]
    for loss in shown:
        path.move("pending", loss.indicator.name, -loss.pending, f"待补 {plain(loss.pending)}")
    rest = sum((x.pending for x in found[len(shown) :]), Decimal(0))
    path.move("pending", f"其余{len(found) - len(shown)}项", -rest, f"待补 {plain(rest)}")


def _extras(path: _Way, kind: Kind, word: str, items: list[ExtraResult], change: Decimal) -> None:
    """One bar per item, or one for all where a limit on the whole block makes it less than its items."""
    sign = -1 if change < 0 else 1
    sizes = [sign * abs(number(i.points)) for i in items]
    if sum(sizes) != change:
        path.move(kind, f"{word}合计", change)
        return
    for item, size in zip(items, sizes, strict=True):
        path.move(kind, f"{word}:{item.name}", size)


@drawing()
def lost_points(subject: SubjectResult) -> Figure:
    """Waterfall from full points to the total; indicators that wait for evidence are hatched as 待补."""
    steps = way(subject)
    head = Head.of(f"{subject.name}:失分分析", reading.standing(subject))
    rows = Rows.of([s.label for s in steps], _column(steps), head.height)
    scale = _scale(steps, number(subject.interval[1]), rows.left)
    kinds = {s.kind for s in steps}
    foot = Foot([(name, _FILLS[kind]) for kind, name in _KEYS.items() if kind in kinds], _remark(scale, len(steps)))
    canvas = Canvas(rows.bottom + AXIS + foot.height)
    head.draw(canvas)
    scale.draw(canvas, head.height, rows.bottom)
    middles = rows.draw(canvas)
    for i, (y, step) in enumerate(zip(middles, steps, strict=True)):
        right = _bar(canvas, scale, y, step, number(subject.interval[1]))
        canvas.text(right + 5, y, step.text, SMALL)
        if i + 1 < len(steps):
            x = scale(step.after)
            canvas.line([(x, y + 7), (x, middles[i + 1] - 7)], MUTED, 0.7)
    foot.draw(canvas, rows.bottom + AXIS)
    return canvas.figure


def _column(steps: list[Step]) -> float:
    """Room for the labels: more where names are long, but never more than the bars can spare."""
    longest = max(text_width(drawable(s.label), BODY) for s in steps)
    return min(max(longest + 1, 90.0), 170.0 if longest < 330 else 230.0)


def _bar(canvas: Canvas, scale: Scale, y: float, step: Step, high: Decimal) -> float:
    """Draws one bar and says where it ends on the right."""
    right = max(step.before, step.after)
    if step.kind == "total" and high > step.after:
        canvas.box(scale(step.after), scale(high), y, 14, PENDING)
        right = high
    if step.kind in ("full", "total") and scale.low > 0:
        # A bar cut off on the left would make the loss look larger than it is: only the place is marked.
        canvas.box(scale(step.after) - SPOT, scale(step.after) + SPOT, y, 14, _FILLS[step.kind])
    elif step.kind != "total" or scale(step.after) != scale(step.before):
        canvas.box(scale(step.before), scale(step.after), y, 14, _FILLS[step.kind])
    return scale(right)


def _scale(steps: list[Step], high: Decimal, left: float) -> Scale:
    """From 0, or, where nothing comes near 0, from a round number below the lowest point."""
    ends = [end for s in steps for end in (s.before, s.after) if s.kind not in ("full", "total")]
    ends += [steps[0].after, steps[-1].after]
    top = max(*ends, high, Decimal(1))
    low = min(ends) - max((top - min(ends)) / 4, top / 20)
    start = low // 10 * 10 if low >= 20 else min(Decimal(0), *ends)
    return Scale(start, top, left, WIDTH - MARGIN - 84)


def _remark(scale: Scale, bars: int) -> str:
    start = f"横轴自 {plain(scale.low)} 分起,满分和总分只标位置。" if scale.low > 0 else ""
    return start if bars > 2 else f"没有失分。{start}"


def lost_alt(subject: SubjectResult) -> str:
    """The waterfall in one sentence."""
    steps = way(subject)
    parts = [f"{s.label}{s.text}" for s in steps[1:-1]] or ["没有失分"]
    return f"瀑布图:{subject.name}从{steps[0].text}分到{steps[-1].text}分,{'、'.join(parts)}。"
