"""Waterfall of an analysis: levels reached, and the steps that lead from one to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from matplotlib.figure import Figure

from workbench.reports.canvas import SPOT, Foot, Scale
from workbench.reports.plots.data import Data, Mark, sentence, shown
from workbench.reports.plots.frame import MOST_ROWS, ZERO, BarSheet, Key, bar_sheet, empty_sheet
from workbench.reports.style import GAINED, LOST, MUTED, REACHED, SMALL, Fill

Kind = Literal["level", "up", "down", "none"]
_FILLS: dict[Kind, Fill] = {"level": REACHED, "up": GAINED, "down": LOST, "none": Fill("#6B7280", "#6B7280")}
_WORDS: dict[Kind, str] = {"up": "增加", "down": "减少"}
_BAR = 14.0


@dataclass(frozen=True, slots=True)
class Step:
    """One bar, from the running number before it to the one after it (a level: from zero)."""

    kind: Kind
    label: str
    before: Decimal
    after: Decimal

    @property
    def text(self) -> str:
        """The level reached, or the change with its sign."""
        return shown(self.after) if self.kind == "level" else shown(self.after - self.before, signed=True)


def way(data: Data) -> tuple[list[Step], list[str]]:
    """All bars in order, and what does not add up. Steps after the last level lead to a 合计 of their own."""
    steps: list[Step] = []
    doubts: list[str] = []
    running: Decimal | None = None
    for mark in _merged(data.marks):
        if not mark.total:
            before = running if running is not None else ZERO
            running = before + mark.value
            kind: Kind = "up" if mark.value > 0 else "down" if mark.value < 0 else "none"
            steps.append(Step(kind, mark.label, before, running))
            continue
        if running is not None and running != mark.value:
            gap = shown(mark.value - running, signed=True)
            doubts.append(f"“{mark.label}”与前面各步的累计相差{gap}。")
        running = mark.value
        steps.append(Step("level", mark.label, ZERO, running))
    if steps and steps[-1].kind != "level":
        steps.append(Step("level", "合计", ZERO, steps[-1].after))
    return steps, doubts


def _merged(marks: tuple[Mark, ...]) -> Iterator[Mark]:
    """Levels, and steps as long as there is room; the steps beyond it as one before the next level."""
    room = MOST_ROWS - sum(m.total for m in marks)
    rest: list[Mark] = []
    for mark in marks:
        if mark.total:
            yield from _one(rest)
            rest = []
            yield mark
        elif room > 0:
            room -= 1
            yield mark
        else:
            rest.append(mark)
    yield from _one(rest)


def _one(rest: list[Mark]) -> Iterator[Mark]:
    if rest:
        yield replace(rest[0], label=f"其余{len(rest)}项", values=(sum((m.value for m in rest), ZERO),))


def waterfall(data: Data) -> Figure:
    """Bars from level to level, joined by lines; where the scale does not begin at zero, levels are marks without a length."""
    steps, doubts = way(data)
    if not steps:
        return empty_sheet(data)
    scale = _scale(steps)
    cut = f"横轴自{shown(scale.low)}起,合计只标位置。" if scale.low > 0 else ""
    keys: list[Key] = [("合计", _FILLS["level"])]
    keys += [(word, _FILLS[kind]) for kind, word in _WORDS.items() if any(s.kind == kind for s in steps)]
    foot = Foot(keys, data.remark(cut, *doubts))
    sheet = bar_sheet(data, [s.label for s in steps], scale, [s.text for s in steps], 24.0, foot)
    for i, (y, step) in enumerate(zip(sheet.middles, steps, strict=True)):
        _bar(sheet, y, step)
        if i + 1 < len(steps):
            x = sheet.scale(step.after)
            sheet.canvas.line([(x, y + _BAR / 2), (x, sheet.middles[i + 1] - _BAR / 2)], MUTED, 0.7)
    return sheet.canvas.figure


def _bar(sheet: BarSheet, y: float, step: Step) -> None:
    x0, x1 = sheet.scale(step.before), sheet.scale(step.after)
    if step.kind == "level" and sheet.scale.low > 0:  # a bar cut off on the left would make differences look larger
        x0, x1 = x1 - SPOT, x1 + SPOT
    elif step.kind == "none":  # a step of nothing is still seen
        x0, x1 = x0 - 0.6, x1 + 0.6
    if x0 != x1:
        sheet.canvas.box(x0, x1, y, _BAR, _FILLS[step.kind])
    sheet.canvas.text(max(x0, x1) + 5, y, step.text, SMALL)


def _scale(steps: list[Step]) -> Scale:
    """From zero; where all bars end far above it and close together, from a round number below them."""
    ends = [e for s in steps for e in ((s.after,) if s.kind == "level" else (s.before, s.after))]
    low, high = min(ends), max(ends)
    if low <= 0 or high - low >= low / 4:
        low, high = min(low, ZERO), max(high, ZERO)
        return Scale(low, high if high > low else low + 1, 0, 1)
    if high == low:
        return Scale(ZERO, high, 0, 1)
    unit = Decimal(1).scaleb((high - low).adjusted())
    return Scale(max((low - (high - low) / 3) // unit * unit, ZERO), high, 0, 1)


def waterfall_alt(data: Data) -> str:
    """The waterfall in one sentence."""
    steps, doubts = way(data)
    text = sentence("瀑布图", data, [f"{s.label}{s.text}" for s in steps])
    return text if not doubts else f"{text[:-1]};{';'.join(d.rstrip('。') for d in doubts)}。"
