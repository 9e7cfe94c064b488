"""Opinions: whether one expert may say this about one indicator now.

On a verified quantitative indicator the number follows from the evidence, so an expert challenges value, evidence or rule
branch (数据更正) instead of proposing points; free points are for rules that leave room for judgement, unless the policy opens
others. Bounds are 0..weight, and the policy's ± limit where it has one.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from workbench.base.errors import Place, Problem
from workbench.base.exact import half_up
from workbench.base.text import plain, suggest
from workbench.review.events import CHOICE_WORDS, Basis, Entry, Opinion
from workbench.review.scope import Scope
from workbench.review.state import Spot, State
from workbench.review.visibility import seen, submitted, undecided
from workbench.scheme.panel import ROLE_WORDS, Member


def opinion_problems(body: Opinion, actor: str, state: State, scope: Scope) -> list[Problem]:
    """Every reason why this opinion cannot stand; roles and phase are checked elsewhere."""
    spot = (body.subject, body.indicator)
    member = state.panel.member(body.expert) if state.panel else None
    unknown = spot_problems(body.subject, body.indicator, scope)
    if unknown:
        return unknown
    if member is None or state.panel is None:
        known = [m.id for m in state.panel.having("expert")] if state.panel else []
        return [Problem("not_a_member", "评审组没有这名专家", found=body.expert, fix=suggest(body.expert, known))]
    problems = _whose(body, actor, member, state, scope)
    if spot not in scope.assigned(member):
        problems.append(_not_assigned(member, spot, scope))
    if body.round != state.round:
        problems.append(Problem("wrong_round", "轮次不对", found=str(body.round), expected=str(state.round)))
    if submitted(state, scope, member):
        problems.append(Problem("submitted", "本轮意见已提交,不能再改", fix="如需修改,请主评人另开一轮评审"))
    at_the_screen = state.panel.member(actor) or member  # the clerk's view, where a paper form is typed in
    if body.seen != seen(state, scope, at_the_screen, spot):
        problems.append(Problem("seen_differs", "页面显示的内容与权限不符", fix="请刷新页面后重新提交"))
    return problems + basis_problems(body.basis, spot, scope) + _choice_problems(body, spot, scope)


def spot_problems(subject: str | None, indicator: str | None, scope: Scope) -> list[Problem]:
    """Subject and indicator have to be there, each where it is named, and the one to have the other."""
    if subject is not None and subject not in scope.subjects:
        fix = suggest(subject, scope.subjects)
        return [Problem("unknown_subject", "没有这个评价对象", found=subject, fix=fix)]
    if indicator is None or indicator in scope.codes:
        return []
    return [Problem("unknown_indicator", "没有这个指标", found=indicator, fix=suggest(indicator, scope.codes))]


def _whose(body: Opinion, actor: str, member: Member, state: State, scope: Scope) -> list[Problem]:
    if body.entry is None:
        return [] if body.expert == actor else [Problem("not_yours", "不能以他人名义评分", found=member.name)]
    problems = entry_problems(body.entry, actor, member, state, scope)
    held = state.votes.get((body.subject, body.indicator, body.expert))
    if held is not None and held.body.entry is None:
        place = Place(key=scope.title(held.spot))
        fix = "确需以纸质打分表为准的,请专家本人先撤回"
        problems.append(Problem("own_opinion", "专家本人已提交该项意见,不能代录", place, fix=fix))
    return problems


def entry_problems(entry: Entry, actor: str, expert: Member, state: State, scope: Scope) -> list[Problem]:
    """Why somebody may not hand in what an expert wrote on paper (代录)."""
    named = [] if entry.clerk == actor else [Problem("not_yours", "代录人须是本人", found=entry.clerk, expected=actor)]
    return named + _own_form(expert, actor) + own_first(actor, state, scope)


def _own_form(expert: Member, actor: str) -> list[Problem]:
    return [Problem("same_person", "专家本人的意见请直接提交,不用代录")] if expert.id == actor else []


def typing_problems(expert: str, actor: str, state: State, scope: Scope) -> list[Problem]:
    """Why somebody may not begin to type for an expert: whoever does so reads what was typed before."""
    clerk, found = (state.panel.member(m) if state.panel else None for m in (actor, expert))
    if clerk is None or "clerk" not in clerk.roles:
        return [Problem("wrong_role", "这一步不由您办理", expected=ROLE_WORDS["clerk"])]
    if found is None or "expert" not in found.roles:
        return [Problem("no_expert", "请选择专家")]
    return _own_form(found, actor) + own_first(actor, state, scope)


def own_first(actor: str, state: State, scope: Scope) -> list[Problem]:
    """Nobody reads others' forms before they have made up their own mind."""
    member = state.panel.member(actor) if state.panel else None
    if member is None or not undecided(state, scope, member):
        return []
    return [Problem("own_first", "您本人的评审意见尚未提交,不能代录或复核他人的打分表", fix="请先提交本人的意见")]


def _not_assigned(member: Member, spot: Spot, scope: Scope) -> Problem:
    place = Place(key=scope.title(spot))
    conflict = scope.conflict(member, spot)
    if conflict is not None:
        return Problem("recused", f"{member.name}对该指标已声明回避", place, conflict)
    if not scope.applies(spot):
        return Problem("not_applicable", "该指标不适用,或逾期未提供佐证按规则零分,不需评定", place)
    return Problem("not_assigned", f"该指标没有分派给{member.name}", place, fix="请主评人在评审组中调整分工")


def basis_problems(basis: Basis, spot: Spot, scope: Scope) -> list[Problem]:
    """An opinion is about a computed score; when that has moved, the page was out of date."""
    if basis == scope.basis(spot):
        return []
    return [Problem("basis_moved", "该指标的计算结果已变", Place(key=scope.title(spot)), fix="请刷新后重新评定")]


def _choice_problems(body: Opinion, spot: Spot, scope: Scope) -> list[Problem]:
    place = Place(key=scope.title(spot))
    word = CHOICE_WORDS[body.choice]
    problems = []
    if body.choice != "agree" and is_blank(body.reason):
        problems.append(Problem("reason_missing", f"选择“{word}”须写明理由", place))
    if body.choice == "adjust":
        return problems + adjust_problems(body.points, spot, scope, hidden=not body.seen.computed)
    if body.points is not None:
        problems.append(Problem("points_not_wanted", f"选择“{word}”不填得分", place, plain(body.points)))
    if body.choice == "agree" and scope.computed(spot) is None:
        fix = "请给出得分,或选择不评" if scope.open_to_points(spot[1]) else "请选择不评,或提出质疑"
        problems.append(Problem("nothing_computed", "该指标程序未评分,没有可认可的得分", place, fix=fix))
    elif body.choice == "agree" and not body.seen.computed:
        fix = "请给出得分,或选择不评"
        problems.append(Problem("not_seen", "该指标的计算得分尚未向您显示,不能认可", place, fix=fix))
    return problems


def is_blank(text: str) -> bool:
    """Whether nothing can be read: zero-width characters are no reason."""
    return not any(c.isprintable() and not c.isspace() for c in text)


def adjust_problems(points: Decimal | None, spot: Spot, scope: Scope, *, hidden: bool) -> list[Problem]:
    """Why points cannot be proposed: none given, the indicator is not open to points, or they are out of bounds.

    ``hidden``: the computed points are, and so must be the bounds around them.
    """
    if points is None:
        expected = None if hidden else scope.bounds_text(spot)
        return [Problem("points_missing", "请填写得分", Place(key=scope.title(spot)), expected=expected)]
    problems = points_problems(points, spot, scope)
    return [replace(p, expected=None) if hidden and p.code == "points_bounds" else p for p in problems]


def points_problems(points: Decimal, spot: Spot, scope: Scope) -> list[Problem]:
    """Why these points cannot stand on this indicator."""
    place = Place(key=scope.title(spot))
    why_not = closed_to_points(spot, scope)
    if why_not is not None:
        return [why_not]
    low, high = scope.bounds(spot)
    if not points.is_finite() or not low <= points <= high:
        limit = scope.limit(spot)
        message = "得分超出范围" if limit is None else f"得分超出范围(本办法限定调整幅度±{plain(limit)}分)"
        return [Problem("points_bounds", message, place, str(points), scope.bounds_text(spot))]
    if half_up(points, scope.decimals) != points:
        return [Problem("points_decimals", "得分的小数位太多", place, str(points), f"最多{scope.decimals}位小数")]
    return []


def closed_to_points(spot: Spot, scope: Scope) -> Problem | None:
    """Why nobody may propose points on an indicator, or None when they may."""
    place = Place(key=scope.title(spot))
    if not scope.applies(spot):
        return Problem("not_applicable", "该指标不适用,或逾期未提供佐证按规则零分,不能调整得分", place)
    if not scope.open_to_points(spot[1]):
        fix = "请对数值、佐证或适用的计分档次提出质疑;主评人更正资料后,程序重新计分"
        return Problem("not_judged", "该指标按资料计分,不能直接改分", place, fix=fix)
    return None
