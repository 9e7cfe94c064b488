"""得分 of 分值 for every level 1."""

from __future__ import annotations

from decimal import Decimal

from matplotlib.figure import Figure

from workbench.reports import reading
from workbench.reports.canvas import AXIS, MARGIN, WIDTH, Canvas, Foot, Head, Rows, Scale
from workbench.reports.reading import number
from workbench.reports.style import MUTED, PENDING, REACHED, SMALL, TRACK, Fill, drawing
from workbench.scoring.result import LevelResult, SubjectResult

_TRACK = Fill(TRACK, "#B8C0C8")


@drawing()
def level_bars(subject: SubjectResult) -> Figure:
    """得分 of 分值 for every level 1, with 得分率; what is unscored as a hatched interval, 不适用 as text."""
    head = Head.of(f"{subject.name}:各一级指标得分", reading.standing(subject))
    rows = Rows.of([level.name for level in subject.levels], 130, head.height, minimum=34)
    open_levels = any(level.points is None and number(level.high) for level in subject.levels)
    keys = [("得分", REACHED), ("未得分", _TRACK)] + ([("待定(佐证补齐前的得分区间)", PENDING)] if open_levels else [])
    foot = Foot(keys)
    canvas = Canvas(rows.bottom + AXIS + foot.height)
    head.draw(canvas)
    most = max((number(t) for level in subject.levels for t in (level.weight, level.points, level.high)), default=0)
    scale = Scale(Decimal(0), Decimal(max(most, 1)), rows.left, WIDTH - MARGIN - 118)
    scale.draw(canvas, head.height, rows.bottom)
    for y, level in zip(rows.draw(canvas), subject.levels, strict=True):
        _level_bar(canvas, scale, y, level)
    foot.draw(canvas, rows.bottom + AXIS)
    return canvas.figure


def _level_bar(canvas: Canvas, scale: Scale, y: float, level: LevelResult) -> None:
    text = reading.level_points_text(level)
    left, zero = WIDTH - MARGIN - 110, Decimal(0)
    if text == "不适用":
        canvas.line([(scale(zero), y), (scale(number(level.weight)), y)], MUTED, dashed=True)
        canvas.text(
            left,
            y,
            ["不适用", *([f"分值 {level.weight}"] if number(level.weight) else ["分值已调至其他级"])],
            SMALL,
            MUTED,
        )
        return
    canvas.box(scale(zero), scale(number(level.weight)), y, 15, _TRACK)
    if level.points is None:
        canvas.box(scale(number(level.low)), scale(number(level.high)), y, 15, PENDING)
    reached = number(level.points if level.points is not None else level.low)
    if reached > 0:
        canvas.box(scale(zero), scale(reached), y, 15, REACHED)
    canvas.text(left, y, [f"{text} / {level.weight}", _rate_note(level)], SMALL)


def _rate_note(level: LevelResult) -> str:
    if reading.inapplicable(level):
        return "全部不适用,待定"
    note = f"得分率 {reading.rate_text(level)}" if level.rate is not None else "未评分,为得分区间"
    return f"{note}(折算)" if number(level.applicable) != number(level.weight) else note


def level_alt(subject: SubjectResult) -> str:
    """The bars in one sentence."""
    parts = [f"{v.name}{reading.level_points_text(v)}/{v.weight}分" for v in subject.levels]
    return f"横向条形图:{subject.name}各一级指标得分,{'、'.join(parts)};{reading.standing(subject)}。"
