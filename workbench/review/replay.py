"""Replay (重放): which merged or revised points still hold against the computed side, and which have lost their object.

A new run on changed evidence computes anew. Points that were given for another computed score, value, weight or status are
not carried over in silence: they are named, and the computed points stand until the panel has looked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workbench.review.events import Basis, Merge, Revision
from workbench.review.merging import rule_words
from workbench.review.scope import Scope
from workbench.review.state import Settled, Spot, State
from workbench.scoring.adjustments import Adjustment
from workbench.scoring.result import STATUS_WORDS


@dataclass(frozen=True)
class Standing:
    """Points that hold, and for each that does not, why."""

    points: dict[Spot, Decimal]
    fallen: dict[Spot, str]


def standing(state: State, scope: Scope) -> Standing:
    """Compare what was settled with what is computed now."""
    points: dict[Spot, Decimal] = {}
    fallen: dict[Spot, str] = {}
    for spot, settled in state.settled.items():
        why = _why_fallen(settled.basis, settled.points, spot, scope)
        if why is None:
            points[spot] = settled.points
        else:
            fallen[spot] = why
    return Standing(points, fallen)


def _why_fallen(then: Basis, points: Decimal, spot: Spot, scope: Scope) -> str | None:
    if not scope.has(spot):
        return "评价方案中已没有这个对象或指标"
    now = scope.basis(spot)
    if then == now:
        return _not_allowed(points, spot, scope)
    if then.weight != now.weight:
        return f"分值由{then.weight}分变为{now.weight}分"
    if then.computed != now.computed:
        return f"计算得分由{then.computed or '未评分'}变为{now.computed or '未评分'}"
    if then.status != now.status:
        return f"评分状态由{STATUS_WORDS[then.status]}变为{STATUS_WORDS[now.status]}"
    return f"指标值由{then.value or '缺失'}变为{now.value or '缺失'}"


def _not_allowed(points: Decimal, spot: Spot, scope: Scope) -> str | None:
    """A policy that has become stricter takes back what it no longer lets experts give."""
    if points == scope.computed(spot):
        return None
    if not scope.open_to_points(spot[1]):
        return "现行办法不允许专家直接改分"
    low, high = scope.bounds(spot)
    return None if low <= points <= high else f"超出现行办法允许的范围({scope.bounds_text(spot)})"


def adjustments(state: State, scope: Scope) -> list[Adjustment]:
    """The points that hold and differ from the computed ones, as scoring takes them."""
    found = []
    for spot, points in standing(state, scope).points.items():
        if points != scope.computed(spot):
            found.append(_adjustment(spot, points, state.settled[spot], state))
    return found


def _adjustment(spot: Spot, points: Decimal, settled: Settled, state: State) -> Adjustment:
    found = ground(spot, settled)
    return Adjustment(
        subject=spot[0],
        indicator=spot[1],
        points=points,
        reason=found.reason,
        by=name_of(state, settled.event.actor),
        at=settled.event.at,
        way=found.way,
    )


@dataclass(frozen=True)
class Ground:
    """Why points were settled so, and how the explanation of the indicator says it."""

    reason: str
    way: str


def ground(spot: Spot, settled: Settled) -> Ground:
    """How a merge or a revision found the points of a spot."""
    body = settled.event.body
    if isinstance(body, Revision):
        return Ground(body.reason, "征求意见后复核")
    assert isinstance(body, Merge)  # nothing else settles points
    number = next(len(r.counted) for r in body.results if (r.subject, r.indicator) == spot)
    rule = rule_words(body.rule, number)
    return Ground(f"{number}名专家意见按“{rule}”汇总", f"{number}名专家评审({rule})")


def name_of(state: State, member: str) -> str:
    """The name of a member, or of one who has left the panel since; 程序 for what nobody decided."""
    found = state.person(member)
    return found.name if found is not None else "程序"
