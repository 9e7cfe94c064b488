"""From the ledger to ratings: the opinions that count now, and those of the round before."""

from __future__ import annotations

from workbench.review.agreement.model import Item, Rater, Ratings
from workbench.review.merging import points_of
from workbench.review.scope import Scope
from workbench.review.state import Spot, State, folded


def ratings(state: State, scope: Scope, subject: str) -> Ratings:
    """The opinions a merge would count on one subject, whoever may see them: a page asks only for those who may."""
    assert state.panel is not None  # opinions only exist under a panel
    spots = [spot for spot in scope.assigned_to_any(state.panel) if spot[0] == subject]
    points = {
        (vote.body.expert, spot[1]): number
        for spot in spots
        for vote in state.votes_on(spot)
        if vote.checked and (number := points_of(vote, scope)) is not None
    }
    heard = {expert for expert, _ in points}
    experts = tuple(Rater(m.id, m.name) for m in state.panel.members if m.id in heard)
    return Ratings(experts, tuple(_item(scope, spot) for spot in spots), points)


def before_this_round(state: State) -> State | None:
    """The review as it stood when the present round was opened, or None in the first round."""
    opened = next((e.seq for e in reversed(state.events) if e.body.kind == "round_opened"), None)
    return None if opened is None else folded(state.events[: opened - 1])


def _item(scope: Scope, spot: Spot) -> Item:
    indicator = scope.indicator(spot)
    return Item(spot[1], indicator.name, indicator.level1, scope.weight(spot), scope.docket.judged(spot[1]))
