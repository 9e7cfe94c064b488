"""How far each responsible unit is (整改进度): a table, and the same as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from matplotlib.figure import Figure

from workbench.reports.canvas import AXIS, MARGIN, WIDTH, Canvas, Foot, Head, Rows, Scale
from workbench.reports.console import clip
from workbench.reports.plots.frame import draw_scale, label_column
from workbench.reports.rectification.listing import Listing
from workbench.reports.style import GAINED, INK, LOST, PAPER, PENDING, REACHED, SMALL, Fill, drawing, text_width
from workbench.review.rectification.items import Item
from workbench.review.rectification.rules import bare

STANDINGS: dict[str, Fill] = {"已完成": REACHED, "待核实": GAINED, "整改中": PENDING, "逾期": LOST}
"""已完成: accepted; 待核实: reported as done; 整改中: still owed and within time; 逾期: still owed and late."""
EXPLAINED = "已完成:核实通过;待核实:已报整改完成;整改中:未报完成、未到期限(含待整改、退回);逾期:未报完成、已过期限"
CHARTED = 30
"""Units with a bar of their own."""
_BAR, _LABEL, _LEAST = 15.0, 60, 5
"""Height of a bar, columns of a name, items a scale reaches to at least: its numbers are then whole."""


@dataclass(frozen=True)
class UnitStanding:
    """How many items of a unit stand how; withdrawn ones do not count."""

    unit: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())


def standing_of(item: Item, listing: Listing) -> str:
    """Which of :data:`STANDINGS`."""
    if item.status == "accepted":
        return "已完成"
    if item.status == "reported":
        return "待核实"
    return "逾期" if item.overdue(listing.as_of) else "整改中"


def by_unit(listing: Listing) -> list[UnitStanding]:
    """Every unit in the order of the register; names that differ in blanks only are one."""
    found: dict[str, UnitStanding] = {}
    for item in listing.items:
        if item.status != "withdrawn":
            owner = item.matter.responsible
            unit = found.setdefault(bare(owner), UnitStanding(owner, dict.fromkeys(STANDINGS, 0)))
            unit.counts[standing_of(item, listing)] += 1
    return list(found.values())


def totals(units: Sequence[UnitStanding]) -> UnitStanding:
    """All units together."""
    return UnitStanding("合计", {name: sum(u.counts[name] for u in units) for name in STANDINGS})


def standing_alt(listing: Listing) -> str:
    """The picture in one sentence."""
    units = by_unit(listing)
    told = [f"{clip(u.unit, _LABEL)}共{u.total}项({_said(u)})" for u in units[:CHARTED]]
    rest = f";其余{len(units) - CHARTED}个单位见表" if len(units) > CHARTED else ""
    return f"各责任单位整改进度条形图,截至{listing.as_of}:{';'.join(told) or '没有整改事项'}{rest}。"


def _said(unit: UnitStanding) -> str:
    return ",".join(f"{name}{count}" for name, count in unit.counts.items() if count)


@drawing()
def standing_chart(listing: Listing) -> Figure:
    """One bar for each unit, made of how its items stand."""
    units = by_unit(listing)
    shown = units[:CHARTED]
    head = Head.of("各责任单位整改进度", f"单位:项,截至{listing.as_of}")
    labels = [clip(u.unit, _LABEL) for u in shown]
    rows = Rows.of(labels, label_column(labels), head.height)
    texts = [f"共{u.total}项" for u in shown]
    room = max((text_width(t, SMALL) for t in texts), default=0.0) + 12
    scale = Scale(Decimal(0), Decimal(max([_LEAST, *(u.total for u in shown)])), rows.left, WIDTH - MARGIN - room)
    rest = f"只画前{CHARTED}个单位,其余见表。" if len(units) > CHARTED else ""
    foot = Foot([(n, f) for n, f in STANDINGS.items() if any(u.counts[n] for u in shown)], f"{EXPLAINED}。{rest}")
    canvas = Canvas(rows.bottom + AXIS + foot.height)
    head.draw(canvas)
    draw_scale(canvas, scale, head.height, rows.bottom)
    for y, unit, text in zip(rows.draw(canvas), shown, texts, strict=True):
        _bar(canvas, scale, y, unit)
        canvas.text(scale(Decimal(unit.total)) + 5, y, text, SMALL, halo=True)
    foot.draw(canvas, rows.bottom + AXIS)
    return canvas.figure


def _bar(canvas: Canvas, scale: Scale, y: float, unit: UnitStanding) -> None:
    done = 0
    for name, count in unit.counts.items():
        if not count:
            continue
        x0, x1, fill = scale(Decimal(done)), scale(Decimal(done + count)), STANDINGS[name]
        canvas.box(x0, x1, y, _BAR, fill)
        half = text_width(str(count), SMALL) / 2 + 2
        if 2 * half + 2 <= x1 - x0:
            middle = (x0 + x1) / 2
            if fill.hatch:
                canvas.box(middle - half, middle + half, y, 11, Fill(PAPER, PAPER))
            canvas.text(middle, y, str(count), SMALL, INK if fill.hatch else fill.ink, "center")
        done += count
