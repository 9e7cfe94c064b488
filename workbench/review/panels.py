"""Panels (评审组的变更): what a new panel changes, in words, and when it may."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.base.errors import Place, Problem
from workbench.base.text import plain
from workbench.review.events import PanelSet
from workbench.review.opinions import is_blank
from workbench.review.scope import Scope
from workbench.review.state import State
from workbench.scheme.panel import MERGE_WORDS, ROLE_WORDS, Member, Panel, panel_problems

_ON, _OFF = "是", "否"


def panel_text(number: int, body: PanelSet, state: State) -> str:
    """The event in one sentence: the panel at first, later what is different, and why."""
    before = max((n for n in state.panels if n < number), default=None)
    if before is None:
        return f"设定评审组{len(body.panel.members)}人,汇总办法:{MERGE_WORDS[body.panel.merge]}"
    changed = ";".join(changes(state.panels[before], body.panel)) or "没有变动"
    return f"变更评审组:{changed}" + (f",理由:{body.reason}" if body.reason else "")


def changes(old: Panel, new: Panel) -> Iterator[str]:
    """What is different, one phrase each."""
    if old.merge != new.merge:
        yield f"汇总办法由“{MERGE_WORDS[old.merge]}”改为“{MERGE_WORDS[new.merge]}”"
    if old.quorum != new.quorum:
        yield f"有效意见人数由{old.quorum or '按办法'}改为{new.quorum or '按办法'}"
    if old.blind != new.blind:
        yield f"背靠背评分由{_ON if old.blind else _OFF}改为{_ON if new.blind else _OFF}"
    if old.hide_computed != new.hide_computed:
        yield f"隐去定性指标计算得分由{_ON if old.hide_computed else _OFF}改为{_ON if new.hide_computed else _OFF}"
    for member in old.members:
        if new.member(member.id) is None:
            yield f"移出{member.name}({_roles(member)})"
    for member in new.members:
        before = old.member(member.id)
        if before is None:
            yield f"加入{member.name}({_roles(member)})"
        elif before != member:
            yield f"{member.name}:{'、'.join(_member_changes(before, member))}"


def _member_changes(old: Member, new: Member) -> Iterator[str]:
    """What is different about one member."""
    if old.roles != new.roles:
        yield f"角色由{_roles(old)}改为{_roles(new)}"
    if old.weight != new.weight:
        yield f"权重由{plain(old.weight)}改为{plain(new.weight)}"
    if old.indicators != new.indicators:
        yield f"分工由{_named(old.indicators)}改为{_named(new.indicators)}"
    if old.conflicts != new.conflicts:
        yield f"回避由{len(old.conflicts)}项改为{len(new.conflicts)}项"
    if (old.name, old.specialty, old.organisation, old.title, old.login) != (
        new.name,
        new.specialty,
        new.organisation,
        new.title,
        new.login,
    ):
        yield "更新本人信息"


def _roles(member: Member) -> str:
    return "、".join(ROLE_WORDS[r] for r in member.roles)


def _named(indicators: list[str]) -> str:
    return "、".join(indicators) or "全部指标"


def panel_set_problems(body: PanelSet, state: State, scope: Scope) -> list[Problem]:
    """Why the panel cannot be this one from now on."""
    level1 = list(dict.fromkeys(scope.indicator((next(iter(scope.subjects)), code)).level1 for code in scope.codes))
    named = panel_problems(body.panel, scope.codes, level1, list(scope.subjects), "")
    problems = [p.at(key=None) for p in named]
    if state.panel is None:
        return problems
    if state.spoken and is_blank(body.reason or ""):
        problems.append(Problem("reason_missing", "已有评审意见,变更评审组须写明理由"))
    if state.phase != "open" and _settling(body.panel) != _settling(state.panel):
        message = "专家组已签字,不能再变更主评人、评审专家及其分工、权重和汇总办法"
        problems.append(Problem("panel_closed", message, fix="可增减其他人员;其余变更须先重新开启评审"))
    return problems + _other_person(body.panel, state)


def _settling(panel: Panel) -> object:
    """What of a panel a score may hang on: the lead, the experts, and how their opinions become one number."""
    experts = [(m.id, m.weight, m.indicators, m.conflicts) for m in panel.having("expert")]
    return panel.lead.id, experts, panel.merge, panel.quorum, panel.blind, panel.hide_computed


def _other_person(panel: Panel, state: State) -> list[Problem]:
    """What stands in the ledger under an id is one person's; somebody else must not inherit it."""
    spoken = {e.actor for e in state.events} | {v.body.expert for v in state.votes.values()}
    problems = []
    for member in panel.members:
        before = state.person(member.id)
        if before is not None and before.name != member.name and member.id in spoken:
            message = f"成员编号“{member.id}”下已有评审记录,不能改给他人"
            problems.append(Problem("other_person", message, Place(), member.name, before.name, "请给新成员另编编号"))
    return problems
