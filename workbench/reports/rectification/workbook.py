"""整改台账.xlsx: every item, the overdue ones, and everything that was reported and checked."""

from __future__ import annotations

from workbench.reports.papers.words import moment
from workbench.reports.rectification.listing import Listing, late_text, proofs, step_text
from workbench.reports.sheets import Cell, Column, Sheet, workbook_bytes
from workbench.review.rectification.items import STATUS_WORDS, Item

_ITEM = (
    *(Column("序号", 6), Column("问题", 24), Column("表现", 34), Column("原因", 28), Column("整改要求", 34)),
    *(Column("责任单位", 18), Column("整改期限", 12), Column("期限依据", 24), Column("整改情况", 12)),
    *(Column("逾期", 13), Column("最近办理情况", 34), Column("佐证材料", 24), Column("登记人", 10)),
)
_STEP = (
    *(Column("序号", 6), Column("问题", 24), Column("责任单位", 18), Column("办理情况", 60)),
    *(Column("佐证材料", 26), Column("记入时间(北京时间)", 17), Column("记录号", 8)),
)


def workbook(listing: Listing) -> bytes:
    """The workbook's bytes, the same for the same ledger and day."""
    sheets = [
        Sheet("整改台账", _ITEM, [_row(i, listing) for i in listing.items], fixed=2),
        Sheet("逾期清单", _ITEM, [_row(i, listing) for i in listing.overdue], fixed=2),
        Sheet("办理记录", _STEP, [row for i in listing.items for row in _steps(i)], fixed=2),
        Sheet("说明", (Column("事项", 16), Column("内容", 90)), _notes(listing)),
    ]
    return workbook_bytes(f"{listing.title} 整改台账", sheets)


def _row(item: Item, listing: Listing) -> list[Cell]:
    matter = item.matter
    return [
        *(item.number, matter.title, matter.finding, matter.cause, matter.suggestion),
        *(matter.responsible, matter.due, matter.basis, STATUS_WORDS[item.status], late_text(item, listing.as_of)),
        *(step_text(item.steps[-1]) if item.steps else "", "\n".join(proofs(item)), item.opened_by),
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
    return [
        ["评价项目", f"{listing.title}({listing.period})"],
        ["汇总", listing.count],
        ["来源", listing.source],
        ["逾期", "未报整改完成的,按计算日与整改期限之差;已报完成的,按报告日期与整改期限之差"],
    ]
