"""整改通知 to one responsible unit: what it has to put right until when, and a form to report it on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.reports.papers.grid import Column, Line
from workbench.reports.papers.paper import Paper
from workbench.reports.rectification.listing import Listing, late_text, whose
from workbench.review.rectification.bodies import ItemChecked
from workbench.review.rectification.items import STATUS_WORDS, Item
from workbench.review.rectification.rules import bare

BASIS = "《项目支出绩效评价管理办法》（财预〔2020〕10号）第二十七条"
_COLUMNS = (
    Column("序号", 0.9, "center"),
    Column("问题及表现", 6),
    Column("原因", 4),
    Column("整改要求", 5.5),
    Column("整改期限", 2.3, "center"),
    Column("目前情况", 2.5, "center"),
)
_FORM = (
    Column("序号", 0.9, "center"),
    Column("问题", 4),
    Column("整改措施及完成情况", 8),
    Column("完成日期", 2.3, "center"),
    Column("佐证材料", 5),
)
NOTICE = "整改通知"
"""How the file names begin."""
_ROOM = 22.0
"""Height in mm of a row to write in."""


def notices(listing: Listing) -> Iterator[tuple[str, bytes]]:
    """File name and bytes of a notice for each unit that has something left to do.

    A unit keeps its number, that of its place in the register, when others are done.
    """
    owners: dict[str, str] = {}
    for item in listing.items:
        owners.setdefault(bare(item.matter.responsible), item.matter.responsible)
    for number, (key, owner) in enumerate(owners.items(), 1):
        items = [i for i in listing.items if i.owed and bare(i.matter.responsible) == key]
        if items:
            yield f"{NOTICE}-{number:02}-{_file_part(owner)}.docx", notice(listing, owner, items)


def mark_of(listing: Listing) -> str:
    """What stands at the foot of every page."""
    return f"{listing.evaluation} 整改台账 第{listing.events}号事件 {listing.head[:16]} 计算日 {listing.as_of}"


def _file_part(owner: str) -> str:
    return re.sub(r"[^\w·-]", "_", owner)[:30]


def notice(listing: Listing, owner: str, items: list[Item]) -> bytes:
    """One notice; the same bytes for the same ledger and day."""
    paper = Paper(f"{listing.title} 整改通知", mark_of(listing), landscape=True)
    paper.title("绩效评价整改通知", listing.title)
    paper.text(f"{owner}：")
    paper.text(
        f"根据{BASIS}，现将“{listing.title}”（{listing.period}）绩效评价发现、须由你单位整改的{len(items)}项问题反馈如下，"
        f"请按整改要求在期限内完成整改，并报送整改落实情况和佐证材料。"
    )
    paper.table(_COLUMNS, [_line(i, listing) for i in items])
    paper.note(f"目前情况截至 {listing.as_of}。")
    paper.signature("下达单位（盖章）")
    paper.new_page()
    paper.title("整改落实情况报告表", listing.title)
    paper.table(_FORM, [Line([str(i.number), i.matter.title, "", "", ""], height=_ROOM) for i in items])
    paper.signature("责任单位（盖章）", "负责人")
    return paper.data()


def _line(item: Item, listing: Listing) -> Line:
    matter = item.matter
    last = item.answers[-1] if item.status == "rejected" else None
    why = f"理由：{last.reason}" if isinstance(last, ItemChecked) else ""
    now = "\n".join(x for x in (STATUS_WORDS[item.status], why, late_text(item, listing.as_of)) if x)
    about = f"\n涉及对象：{whose(item)}" if matter.subjects else ""
    return Line(
        [str(item.number), f"{matter.title}\n{matter.finding}{about}", matter.cause, matter.suggestion, matter.due, now]
    )
