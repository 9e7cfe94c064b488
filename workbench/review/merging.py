"""Merging (汇总): experts' points on one indicator become one number, by a stated rule, exactly, on the printed weights.

No document fixes the rule (财监〔2021〕4号 and 财预〔2020〕10号 are silent), so it is the panel's, and every merge records it.
Counted are 认可 (the computed points) and 调整; 不评 and 回避 are not, and neither is what a second person has yet to check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from workbench.base.errors import Place, Problem
from workbench.base.exact import half_up_fraction, to_units
from workbench.base.text import plain
from workbench.review.events import Merge, MergedPoints
from workbench.review.scope import Scope
from workbench.review.state import Spot, State, Vote, said_points
from workbench.scheme.panel import MERGE_WORDS, MergeRule

TRIMMED_FROM = 5
"""Opinions from which the highest and the lowest are dropped."""


@dataclass(frozen=True)
class Counted:
    """One opinion that enters a merge: its event number, its points, the expert's weight."""

    event: int
    points: Decimal
    weight: Decimal


def merge_points(rule: MergeRule, opinions: Sequence[Counted], decimals: int) -> Decimal | None:
    """One number from at least one opinion, rounded half-up to ``decimals``; None when a consensus is not there."""
    return _merged(rule, tuple(opinions), decimals)


@lru_cache(maxsize=10_000)
def _merged(rule: MergeRule, opinions: tuple[Counted, ...], decimals: int) -> Decimal | None:
    """Kept, because after each event all but one indicator have the opinions they had before."""
    places = max(-int(o.points.as_tuple().exponent) for o in opinions)
    units = sorted(to_units(o.points, places) for o in opinions)  # whole numbers: exact, and quick
    if rule == "consensus" and units[0] != units[-1]:
        return None
    if rule == "trimmed_mean" and len(units) >= TRIMMED_FROM:
        units = units[1:-1]
    if rule == "median":
        units = [units[(len(units) - 1) // 2], units[len(units) // 2]]
    value = Fraction(sum(units), len(units)) / Fraction(10) ** places
    if rule == "weighted_mean":
        total = sum(Fraction(o.weight) for o in opinions)
        value = sum((Fraction(o.points) * Fraction(o.weight) for o in opinions), Fraction(0)) / total
    return half_up_fraction(value, decimals)


def rule_words(rule: MergeRule, opinions: int) -> str:
    """The rule as it worked on so many opinions: a trimmed mean of fewer than five is a mean."""
    worked: MergeRule = "mean" if rule == "trimmed_mean" and opinions < TRIMMED_FROM else rule
    return MERGE_WORDS[worked].partition("(")[0]


def counted(state: State, scope: Scope, spot: Spot) -> list[Counted]:
    """The opinions on a spot that count now: not those of members taken off the panel, off the spot, or recused since."""
    assert state.panel is not None  # votes only exist under a panel
    found = []
    for member in state.panel.members:
        vote = state.votes.get((*spot, member.id)) if spot in scope.assigned(member) else None
        points = points_of(vote, scope) if vote is not None and vote.checked else None
        if vote is not None and points is not None:
            found.append(Counted(vote.event.seq, points, member.weight))
    return found


def points_of(vote: Vote, scope: Scope) -> Decimal | None:
    """The points an opinion stands for: the computed ones for 认可; None for 不评, 回避 and what has lost its basis."""
    return said_points(vote.body) if scope.stands(vote) else None


def merged(state: State, scope: Scope) -> tuple[list[MergedPoints], list[Problem]]:
    """What a merge gives now, for every spot somebody could give points on, and why some spots cannot be merged."""
    assert state.panel is not None
    results, problems = [], []
    for spot in filter(scope.answerable, scope.assigned_to_any(state.panel)):
        opinions = counted(state, scope, spot)
        needed = scope.quorum(state.panel)
        if len(opinions) < needed:
            problems.append(_too_few(spot, scope, len(opinions), needed))
            continue
        points = merge_points(state.panel.merge, opinions, scope.decimals)
        if points is None:
            problems.append(_no_consensus(spot, scope, opinions))
            continue
        events = [o.event for o in opinions]
        results.append(
            MergedPoints(subject=spot[0], indicator=spot[1], points=points, counted=events, basis=scope.basis(spot))
        )
    return results, problems


def up_to_date(state: State, scope: Scope) -> bool:
    """Whether the last merge is what a merge would give now: same round, rule, opinions and points."""
    last = state.merge.body if state.merge else None
    if (
        not isinstance(last, Merge)
        or state.panel is None
        or (last.round, last.rule) != (state.round, state.panel.merge)
    ):
        return False
    results, missing = merged(state, scope)
    return not missing and last.results == results


def _too_few(spot: Spot, scope: Scope, found: int, needed: int) -> Problem:
    fix = (
        "请增加该指标的评审专家,或由已分派的专家评定(“不评”“回避”不计入);评审组自定的人数可在“评审组”中改低;"
        "都不评定的,在“评审组”中不再分派该指标,该项按计算得分计"
    )
    place = Place(key=scope.title(spot))
    return Problem("no_quorum", "有效意见不足,不能汇总", place, f"{found}人", f"至少{needed}人", fix=fix)


def _no_consensus(spot: Spot, scope: Scope, opinions: Sequence[Counted]) -> Problem:
    points = "、".join(plain(o.points) for o in opinions)
    fix = "请另开一轮评审,由专家讨论后各自修改,或由主评人改用其他汇总办法"
    return Problem("no_consensus", "专家意见不一致", Place(key=scope.title(spot)), points, "同一得分", fix=fix)
