"""整改台账.xlsx: every item, the overdue ones, and everything that was reported and checked."""

from __future__ import annotations

from workbench.base.text import moment
from workbench.reports.rectification.listing import Listing, last_step, late_text, proofs, step_text, whose
from workbench.reports.rectification.standing import EXPLAINED, STANDINGS, UnitStanding, by_unit, standing_alt, totals
from workbench.reports.sheets import Cell, Column, Picture, Sheet, workbook_bytes
from workbench.review.rectification.items import STATUS_WORDS, Item

_ITEM = (
    *(Column("序号", 5), Column("问题", 18), Column("涉及对象", 10), Column("表现", 26)),
    *(Column("原因", 21), Column("整改要求", 26)),
    *(Column("责任单位", 13), Column("整改期限", 11), Column("期限依据", 17), Column("整改情况", 9)),
    *(Column("逾期", 11), Column("最近办理情况", 24), Column("佐证材料", 17), Column("登记人", 8)),
)
_STEP = (
    *(Column("序号", 6), Column("问题", 24), Column("责任单位", 18), Column("办理情况", 60)),
    *(Column("佐证材料", 26), Column("记入时间(北京时间)", 17), Column("记录号", 8)),
)
_UNIT = (Column("责任单位", 40), *(Column(name, 12) for name in ("事项数", *STANDINGS)))


def workbook(listing: Listing, picture: bytes) -> bytes:
    """The workbook's bytes, the same for the same ledger and day. ``picture``: the chart of the standing as PNG."""
    units = by_unit(listing)
    sheets = [
        # An item is read across: it stands on one sheet of paper, small as it is.
        Sheet("整改台账", _ITEM, [_row(i, listing) for i in listing.items], fixed=2, across=1),
        Sheet("逾期清单", _ITEM, [_row(i, listing) for i in listing.overdue], fixed=2, across=1),
        Sheet("单位进度", _UNIT, [_unit(u) for u in (*units, totals(units))], fixed=1, total=True),
        Sheet("单位进度图", (), [], picture=Picture(picture, standing_alt(listing))),
        Sheet("办理记录", _STEP, [row for i in listing.items for row in _steps(i)], fixed=2),
        Sheet("说明", (Column("事项", 16), Column("内容", 90)), _notes(listing)),
    ]
    # The header of every sheet: a printed 逾期清单 without its day says nothing.
    return workbook_bytes(f"整改台账(计算日 {listing.as_of}) {listing.title}", sheets)


def _unit(unit: UnitStanding) -> list[Cell]:
    return [unit.unit, unit.total, *unit.counts.values()]


def _row(item: Item, listing: Listing) -> list[Cell]:
    matter = item.matter
    return [
        *(item.number, matter.title, whose(item), matter.finding, matter.cause, matter.suggestion),
        *(matter.responsible, matter.due, matter.basis, STATUS_WORDS[item.status], late_text(item, listing.as_of)),
        *(last_step(item), "\n".join(proofs(item, listing.lost)), item.opened_by),
    ]


def _steps(item: Item) -> list[list[Cell]]:
    return [
        [
            *(item.number, item.matter.title, item.matter.responsible, step_text(event)),
            *("\n".join(a.name for a in getattr(event.body, "attachments", [])), moment(event.at), event.seq),
        ]
        for event in item.steps
    ]


def _notes(listing: Listing) -> list[list[Cell]]:
    remarks: list[list[Cell]] = [["提示", remark] for remark in listing.remarks]
    return [
        ["评价项目", f"{listing.title}({listing.period})"],
        ["汇总", listing.count],
        ["来源", listing.source],
        *remarks,
        ["单位进度", f"{EXPLAINED};已撤销的事项不计"],
        ["逾期", "未报整改完成的,按计算日与整改期限之差;已报完成的,按报告日期与整改期限之差"],
    ]
