"""整改情况报告: how far the units are, in numbers and a picture, and every item with where it stands."""

from __future__ import annotations

from workbench.reports.papers.grid import Column, Line
from workbench.reports.papers.paper import Paper
from workbench.reports.rectification.listing import Listing, last_step, late_text, proofs, whose
from workbench.reports.rectification.notice import BASIS, mark_of
from workbench.reports.rectification.standing import EXPLAINED, STANDINGS, UnitStanding, by_unit, standing_alt, totals
from workbench.review.rectification.items import STATUS_WORDS, Item

_UNITS = (Column("责任单位", 8), *(Column(name, 2, "center") for name in ("事项数", *STANDINGS)))
_ITEMS = (
    Column("序号", 0.9, "center"),
    Column("问题", 4.5),
    Column("涉及对象", 1.8),
    Column("整改要求", 4.5),
    Column("责任单位", 3),
    Column("整改期限", 2.9, "center"),
    Column("整改情况", 2.3, "center"),
    Column("最近办理情况", 4.6),
    Column("佐证材料", 3),
)


def summary(listing: Listing, picture: bytes) -> bytes:
    """The report; the same bytes for the same ledger and day. ``picture``: the chart of the standing as PNG."""
    paper = Paper(f"{listing.title} 整改情况报告", mark_of(listing), landscape=True)
    paper.title("绩效评价整改情况报告", listing.title)
    day = listing.as_of
    paper.heading("一、总体情况")
    paper.text(
        f"根据{BASIS}，现将“{listing.title}”（{listing.period}）绩效评价发现问题的整改情况汇总如下，"
        f"截至{day.year}年{day.month}月{day.day}日：{listing.count}。"
    )
    for remark in listing.remarks:
        paper.note(f"提示：{remark}。")
    paper.heading("二、各责任单位整改进度")
    if by_unit(listing):
        paper.table(_UNITS, _unit_lines(listing))
        paper.note(f"{EXPLAINED}。已撤销的事项不计。")
        paper.picture(picture, standing_alt(listing))
    else:
        paper.text("没有需要整改的事项：登记的事项均已撤销。" if listing.items else "没有登记整改事项。")
    paper.new_page()
    paper.heading("三、整改事项")
    paper.table(_ITEMS, [_line(i, listing) for i in listing.items])
    paper.note(f"来源：{listing.source}。")
    return paper.data()


def _unit_lines(listing: Listing) -> list[Line]:
    units = by_unit(listing)
    lines = [Line(_counts(u)) for u in units]
    return [*lines, Line(_counts(totals(units)), "total")]


def _counts(unit: UnitStanding) -> list[str]:
    return [unit.unit, str(unit.total), *(str(n) for n in unit.counts.values())]


def _line(item: Item, listing: Listing) -> Line:
    matter = item.matter
    now = "\n".join(x for x in (STATUS_WORDS[item.status], late_text(item, listing.as_of)) if x)
    said = (matter.title, whose(item), matter.suggestion, matter.responsible, matter.due, now, last_step(item))
    return Line([str(item.number), *said, "\n".join(proofs(item, listing.lost))])
