"""How many indicators, and how many points of weight, stand on evidence of each status."""

from __future__ import annotations

from decimal import Decimal

from matplotlib.figure import Figure

from workbench.base.text import plain
from workbench.evidence.tables import EvidenceStatus
from workbench.reports import reading
from workbench.reports.canvas import MARGIN, WIDTH, Canvas, Head, Rows, Scale
from workbench.reports.style import BODY, INK, MUTED, PAPER, PENDING, REACHED, SMALL, Fill, drawing, text_width, wrap
from workbench.scoring.result import IndicatorResult, SubjectResult

_STATUS: dict[str, Fill] = {
    EvidenceStatus.verified: REACHED,
    EvidenceStatus.unverified: Fill("#9DB9D4", "#1F4E79"),
    EvidenceStatus.missing: PENDING,
    EvidenceStatus.contradicted: Fill("#E08A4A", "#7A3E10", "xxx"),
    EvidenceStatus.overdue: Fill("#5B2333", "#5B2333", ink=PAPER),
}
WAIVED = "不适用(无须佐证)"
_OTHER = Fill("#C9CDD3", "#6B7280", "...")


def evidence_groups(subject: SubjectResult) -> dict[str, list[IndicatorResult]]:
    """The indicators by the status of their evidence, in the order of the statuses; what needs none stands last."""
    groups: dict[str, list[IndicatorResult]] = {str(s): [] for s in _STATUS}
    for indicator in subject.indicators:
        status = WAIVED if indicator.status == "not_applicable" else indicator.evidence_status
        groups.setdefault(status, []).append(indicator)
    return {status: items for status, items in groups.items() if items}


@drawing()
def evidence_status(subject: SubjectResult) -> Figure:
    """How many indicators, and how many points of weight, stand on evidence of each status."""
    groups = evidence_groups(subject)
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


def evidence_alt(subject: SubjectResult) -> str:
    """The bars in one sentence."""
    parts = [
        f"{status}{len(items)}项{plain(reading.total_of(i.weight for i in items))}分"
        for status, items in evidence_groups(subject).items()
    ]
    return f"堆积条形图:{subject.name}共{len(subject.indicators)}项指标的佐证资料状态,{'、'.join(parts) or '无指标'}。"
