"""The figures of one evaluated subject, drawn from the numbers of its result and no others."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from matplotlib.figure import Figure

from workbench.base.text import plain
from workbench.evidence.tables import EvidenceStatus
from workbench.reports import reading, waterfall
from workbench.reports.canvas import AXIS, MARGIN, WIDTH, Canvas, Foot, Head, Rows, Scale
from workbench.reports.dumbbell import dumbbell, dumbbell_alt, judged
from workbench.reports.ledger import bonus_ledger, ledger_alt
from workbench.reports.radar import axes_of, radar
from workbench.reports.reading import number
from workbench.reports.spread import expert_spread, said_of, spread_alt
from workbench.reports.style import (
    BODY,
    INK,
    MUTED,
    PAPER,
    PENDING,
    REACHED,
    SMALL,
    TRACK,
    Fill,
    drawing,
    text_width,
    wrap,
)
from workbench.reports.waterfall import lost_points
from workbench.scoring.result import IndicatorResult, LevelResult, SubjectResult

__all__ = [
    "CHARTS",
    "TITLES",
    "alt_text",
    "bonus_ledger",
    "dumbbell",
    "evidence_status",
    "expert_spread",
    "level_bars",
    "lost_points",
    "radar",
    "telling",
]

_TRACK = Fill(TRACK, "#B8C0C8")
_STATUS: dict[str, Fill] = {
    EvidenceStatus.verified: REACHED,
    EvidenceStatus.unverified: Fill("#9DB9D4", "#1F4E79"),
    EvidenceStatus.missing: PENDING,
    EvidenceStatus.contradicted: Fill("#E08A4A", "#7A3E10", "xxx"),
    EvidenceStatus.overdue: Fill("#5B2333", "#5B2333", ink=PAPER),
}
WAIVED = "不适用(无须佐证)"
_OTHER = Fill("#C9CDD3", "#6B7280", "...")


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


def _groups(subject: SubjectResult) -> dict[str, list[IndicatorResult]]:
    groups: dict[str, list[IndicatorResult]] = {str(s): [] for s in _STATUS}
    for indicator in subject.indicators:
        status = WAIVED if indicator.status == "not_applicable" else indicator.evidence_status
        groups.setdefault(status, []).append(indicator)
    return {status: items for status, items in groups.items() if items}


@drawing()
def evidence_status(subject: SubjectResult) -> Figure:
    """How many indicators, and how many points of weight, stand on evidence of each status."""
    groups = _groups(subject)
    head = Head.of(f"{subject.name}:佐证资料状态", f"共 {len(subject.indicators)} 项指标")
    rows = Rows.of(["指标项数", "指标分值"], 60, head.height, minimum=40)
    table = [wrap(status, 260, BODY) for status in groups]
    heights = [len(lines) * BODY * 1.3 + 8 for lines in table]
    canvas = Canvas(rows.bottom + 34 + sum(heights) + MARGIN)
    head.draw(canvas)
    counts = [Decimal(len(items)) for items in groups.values()]
    weights = [reading.total_of(i.weight for i in items) for items in groups.values()]
    fills = [_STATUS.get(EvidenceStatus(s), _OTHER) if s in _known() else _OTHER for s in groups]
    for y, numbers in zip(rows.draw(canvas), (counts, weights), strict=True):
        _stack(canvas, rows.left, y, numbers, fills)
    y = rows.bottom + 14
    for x, title in ((WIDTH - 150, "项数"), (WIDTH - MARGIN - 6, "分值")):
        canvas.text(x, y, title, SMALL, MUTED, "right")
    y += 12
    for lines, height, fill, count, weight in zip(table, heights, fills, counts, weights, strict=True):
        canvas.line([(rows.left, y), (WIDTH - MARGIN, y)])
        canvas.box(rows.left, rows.left + 22, y + height / 2, 10, fill)
        canvas.text(rows.left + 30, y + height / 2, lines)
        canvas.text(WIDTH - 150, y + height / 2, plain(count), align="right")
        canvas.text(WIDTH - MARGIN - 6, y + height / 2, plain(weight), align="right")
        y += height
    return canvas.figure


def _known() -> set[str]:
    return {str(s) for s in EvidenceStatus}


def _stack(canvas: Canvas, left: float, y: float, numbers: list[Decimal], fills: list[Fill]) -> None:
    whole = sum(numbers, Decimal(0))
    if not whole:
        canvas.text(left, y, "无", BODY, MUTED)
        return
    scale, start = Scale(Decimal(0), whole, left, WIDTH - MARGIN), Decimal(0)
    for size, fill in zip(numbers, fills, strict=True):
        x0, x1 = scale(start), scale(start + size)
        start += size
        if not size:
            continue
        canvas.box(x0, x1, y, 22, fill)
        label = plain(size)
        if text_width(label, BODY) + 8 <= x1 - x0:
            room = text_width(label, BODY) / 2 + 3
            if fill.hatch:
                canvas.box((x0 + x1) / 2 - room, (x0 + x1) / 2 + room, y, 14, Fill(PAPER, PAPER))
            canvas.text((x0 + x1) / 2, y, label, BODY, INK if fill.hatch else fill.ink, "center")


def _level_alt(subject: SubjectResult) -> str:
    parts = [f"{v.name}{reading.level_points_text(v)}/{v.weight}分" for v in subject.levels]
    return f"横向条形图:{subject.name}各一级指标得分,{'、'.join(parts)};{reading.standing(subject)}。"


def _lost_alt(subject: SubjectResult) -> str:
    steps = waterfall.way(subject)
    parts = [f"{s.label}{s.text}" for s in steps[1:-1]] or ["没有失分"]
    return f"瀑布图:{subject.name}从{steps[0].text}分到{steps[-1].text}分,{'、'.join(parts)}。"


def _radar_alt(subject: SubjectResult) -> str:
    level, rates = axes_of(subject)
    parts = [f"{r.name}{r.text}" for r in rates] or ["没有适用的指标"]
    form = "雷达图" if len(rates) >= 3 else "横向条形图"
    return f"{form}:{subject.name}各{level}得分率,{'、'.join(parts)}。"


def _evidence_alt(subject: SubjectResult) -> str:
    parts = [
        f"{status}{len(items)}项{plain(reading.total_of(i.weight for i in items))}分"
        for status, items in _groups(subject).items()
    ]
    return f"堆积条形图:{subject.name}共{len(subject.indicators)}项指标的佐证资料状态,{'、'.join(parts) or '无指标'}。"


CHARTS: dict[str, Callable[[SubjectResult], Figure]] = {
    "level_bars": level_bars,
    "lost_points": lost_points,
    "radar": radar,
    "evidence_status": evidence_status,
    "bonus_ledger": bonus_ledger,
    "dumbbell": dumbbell,
    "expert_spread": expert_spread,
}
"""The charts every result has, by the name notebooks use; a pack may declare more (workbench.reports.plots)."""
TITLES: dict[str, str] = {
    "level_bars": "各一级指标得分",
    "lost_points": "失分分析",
    "radar": "各级指标得分率",
    "evidence_status": "佐证资料状态",
    "bonus_ledger": "加分与扣分",
    "dumbbell": "计算得分与最终得分",
    "expert_spread": "专家打分分布",
}
"""What a chart is called under its picture."""
_ALT: dict[str, Callable[[SubjectResult], str]] = {
    "level_bars": _level_alt,
    "lost_points": _lost_alt,
    "radar": _radar_alt,
    "evidence_status": _evidence_alt,
    "bonus_ledger": ledger_alt,
    "dumbbell": dumbbell_alt,
    "expert_spread": spread_alt,
}


def alt_text(chart_name: str, subject: SubjectResult) -> str:
    """One sentence that says in numbers what a chart shows. Raises KeyError for a chart that does not exist."""
    return _ALT[chart_name](subject)


def telling(subject: SubjectResult) -> list[str]:
    """The charts that have something to show for a subject, in the order of :data:`CHARTS`."""
    without = {"bonus_ledger"} if not subject.bonus and not subject.deductions else set()
    without |= {"dumbbell"} if not judged(subject) else set()
    without |= {"expert_spread"} if not said_of(subject) else set()
    return [name for name in CHARTS if name not in without]
