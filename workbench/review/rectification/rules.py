"""Who may open, report and check an item, and when. Asked inside the transaction that would record it, like every permit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from workbench.base.errors import Problem
from workbench.review.opinions import is_blank
from workbench.review.rectification.bodies import (
    ItemAmended,
    ItemChecked,
    ItemOpened,
    ItemReported,
    ItemWithdrawn,
    Matter,
    RectificationBody,
)
from workbench.review.rectification.items import STATUS_WORDS, Item, day_of, items_of
from workbench.review.who import role_problem
from workbench.scheme.panel import Member, Role

if TYPE_CHECKING:
    from workbench.review.state import State

ROLES: dict[str, tuple[Role, ...]] = {
    "item_opened": ("lead", "observer"),
    "item_amended": ("lead", "observer"),
    "item_reported": ("unit", "lead", "analyst", "observer"),
    "item_checked": ("lead", "observer"),
    "item_withdrawn": ("lead", "observer"),
}
"""Not in ``who.DOORS``: these go on when the review is over, and open none of its doors."""
REGISTRARS: frozenset[Role] = frozenset({"lead", "analyst"})
"""Write down what others have handed in on paper; everybody else speaks in their own name."""


def rectification_problems(body: RectificationBody, state: State, member: Member | None) -> list[Problem]:
    """Why ``member`` may not send this now; empty when they may."""
    if member is None:
        return [Problem("not_a_member", "您不是该评价评审组的成员", fix="请向主评人索取本人的链接")]
    if not set(ROLES[body.kind]) & set(member.roles):
        return [role_problem(member, *ROLES[body.kind])]
    problems = _own_name(body.by, member)
    items = items_of(state.events)
    if isinstance(body, ItemOpened):
        return problems + _opening(body, state, items)
    item = next((i for i in items if i.seq == body.item), None)
    if item is None:
        return [*problems, Problem("unknown_item", "整改台账中没有这一事项", found=f"第{body.item}号事件")]
    if isinstance(body, ItemAmended):
        return problems + _amending(body, item, items, state)
    if isinstance(body, ItemReported):
        return problems + _reporting(body, item, member)
    if isinstance(body, ItemWithdrawn):
        return problems + _blank(body.reason, "撤销的理由") + ([_closed(item)] if item.finished else [])
    return problems + _checking(body, item, state)


def _own_name(by: str, member: Member) -> list[Problem]:
    if is_blank(by):
        return [Problem("name_missing", "须写明是谁办理的")]
    if set(member.roles) & REGISTRARS or bare(by) == bare(member.name):
        return []
    return [Problem("not_yours", "只能以本人名义办理", found=by, expected=member.name)]


def _opening(body: ItemOpened, state: State, items: Iterable[Item]) -> list[Problem]:
    problems = matter_problems(body.matter)
    problems += _not_final(state)
    known = next((i for i in items if same_problem(i.matter, body.matter)), None)
    if known is not None:
        problems.append(Problem("item_known", f"该问题已登记为第{known.number}项整改事项", found=body.matter.title))
    return problems


def _not_final(state: State) -> list[Problem]:
    if state.opened is None or state.phase == "final":
        return []
    fix = "请先完成征求意见、内部审核并定稿;定稿之后再下达整改事项"
    return [Problem("not_final", "评审还没有定稿,问题可能还会变动", fix=fix)]


def _amending(body: ItemAmended, item: Item, items: Iterable[Item], state: State) -> list[Problem]:
    problems = matter_problems(body.matter) + _blank(body.reason, "变更的理由")
    put_off = {"due": body.matter.due, "basis": body.matter.basis}
    if body.matter != item.matter.model_copy(update=put_off):  # a due date can be put off whatever the review does
        problems += _not_final(state)
    if body.matter.due < item.served and body.matter.due != item.matter.due:
        expected = f"不早于送达日期({item.served})"
        problems.append(Problem("due_before_served", "整改期限早于送达日期", found=body.matter.due, expected=expected))
    if item.status == "accepted":
        problems.append(_closed(item))
    if body.matter == item.matter and item.status != "withdrawn":
        problems.append(Problem("nothing_changed", f"第{item.number}项没有变动"))
    if any(same_problem(i.matter, body.matter) for i in items if i.seq != item.seq):
        problems.append(Problem("item_known", "另一项整改事项已是这个问题", found=body.matter.title))
    return problems


def _reporting(body: ItemReported, item: Item, member: Member) -> list[Problem]:
    problems = _blank(body.text, "整改情况")
    own, owner = member.organisation, item.matter.responsible
    if own and not set(member.roles) & {*REGISTRARS, "observer"} and bare(own) not in bare(owner):
        problems.append(Problem("not_your_unit", f"第{item.number}项不由本单位整改", found=own, expected=owner))
    if item.finished:
        problems.append(_closed(item))
    checked = [e for e in item.steps if isinstance(e.body, ItemChecked)]
    if body.done and body.on and checked and body.on < day_of(checked[-1]).isoformat():
        expected = f"不早于上次核实({day_of(checked[-1])})"
        problems.append(Problem("day_order", "退回以后重新报告整改完成的日期有误", found=body.on, expected=expected))
    if body.done and not body.attachments:
        fix = "请用 --file 附上整改佐证材料(如制度文件、验收单、缴款凭证)"
        problems.append(Problem("proof_missing", "报告整改完成须附佐证材料", fix=fix))
    if item.status == "reported" and not body.done:
        message = f"第{item.number}项已报整改完成、正待核实,不能再报进展"
        problems.append(Problem("waiting_for_check", message, fix="补充材料的,请仍按整改完成(--done)报送"))
    return problems


def _checking(body: ItemChecked, item: Item, state: State) -> list[Problem]:
    problems = _blank(body.reason, "核实意见")
    if item.done_on is None or item.report is None:
        fix = "请责任单位先报告整改完成并附佐证材料"
        found = STATUS_WORDS[item.status]
        return [*problems, Problem("nothing_reported", f"第{item.number}项没有待核实的整改报告", found=found, fix=fix)]
    if body.report != item.report.seq:
        fix = "请看过最近一次报告后再核实"
        problems.append(Problem("report_replaced", f"第{item.number}项又有新的整改报告", fix=fix))
    if body.on and body.on < day_of(item.report).isoformat():
        expected = f"不早于所核实的报告({day_of(item.report)})"
        problems.append(Problem("day_order", "核实日期早于整改报告的日期", found=body.on, expected=expected))
    if item.finished and body.accepted:
        problems.append(_closed(item))
    if body.accepted and item.asked > item.report.seq:
        fix = "请责任单位按现在的整改要求重新报告,或核实为不通过(--reject)"
        problems.append(Problem("asked_anew", f"第{item.number}项的整改要求在报告之后变更过", fix=fix))
    if _interested(body.by, item, state):
        fix = "请由财政部门或主评人指定未参与整改的人核实"
        problems.append(Problem("checked_self", "报告整改的人、责任单位不能核实自己的整改", found=body.by, fix=fix))
    return problems


def _interested(by: str, item: Item, state: State) -> bool:
    """Whether one of those named has reported, is of the unit in the panel, or is named with the unit's own name."""
    members = (state.person(m) for m in state.ever("unit"))
    people = {x for name in (*item.reporters, *(m.name for m in members if m is not None)) for x in _people(name)}
    return bool(_people(by) & people) or any(owner in bare(by) for owner in _people(item.matter.responsible))


def _people(names: str) -> set[str]:
    """Everybody in a line of names."""
    return {bare(name) for name in _BETWEEN.split(names)} - {""}


def matter_problems(matter: Matter) -> list[Problem]:
    """Texts nobody could read."""
    words = {"title": "问题", "finding": "表现", "cause": "原因", "suggestion": "整改要求", "responsible": "责任单位"}
    return [p for key, word in words.items() for p in _blank(getattr(matter, key), word)]


def same_problem(one: Matter, other: Matter) -> bool:
    """Whether two are about one problem: its title and whom it concerns; everything else may have been reworded."""
    return bare(one.title) == bare(other.title) and set(one.subjects) == set(other.subjects)


_BETWEEN = re.compile("[、,,;;/\n]")


def bare(name: str) -> str:
    """A name to compare it: without blanks and characters nobody sees, wide and narrow letters alike."""
    plain = unicodedata.normalize("NFKC", name)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf").casefold()


def _closed(item: Item) -> Problem:
    if item.status == "withdrawn":
        fix = "确要恢复的,请用 workbench rectify open --amend --reason 理由"
        return Problem("item_closed", f"第{item.number}项已撤销", fix=fix)
    fix = "核实通过后又发现问题的,可由核实人再核实为不通过(--reject)"
    return Problem("item_closed", f"第{item.number}项已核实通过", fix=fix)


def _blank(text: str, what: str) -> list[Problem]:
    return [Problem("reason_missing", f"须写明{what}")] if is_blank(text) else []
