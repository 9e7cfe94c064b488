"""Who may see what, and when: an expert's own judgement comes before anybody else's number (anchoring).

Before an expert has submitted they see their own points only: no conclusion, no colleague. A blind panel stays so until
everyone has submitted the round. What somebody could see when they said something is written into the event.
"""

from __future__ import annotations

from workbench.review.events import Seen
from workbench.review.scope import Scope
from workbench.review.state import Spot, State, Vote
from workbench.scheme.panel import Member, Panel


def active_experts(panel: Panel, scope: Scope) -> list[Member]:
    """Experts who have anything to judge."""
    return [m for m in panel.having("expert") if scope.assigned(m)]


def unjudged(state: State, scope: Scope, member: Member) -> list[Spot]:
    """The spots an expert still has to judge: silence is not agreement, and an opinion without its basis is silence again."""
    return [spot for spot in scope.assigned(member) if standing_vote(state, scope, member, spot) is None]


def standing_vote(state: State, scope: Scope, member: Member, spot: Spot) -> Vote | None:
    """An expert's opinion on a spot, if it has not lost its basis."""
    vote = state.votes.get((*spot, member.id))
    return vote if vote is not None and scope.stands(vote) else None


def submitted(state: State, scope: Scope, member: Member) -> bool:
    """Whether what an expert has submitted in this round is still all they have to say.

    A correction that takes an opinion's basis away, or a new assignment, opens the submission again; what is said then is
    handed in by a new one.
    """
    sent = state.submissions.get(member.id)
    if sent is None:
        return False
    votes = (standing_vote(state, scope, member, spot) for spot in scope.assigned(member))
    return all(vote is not None and vote.event.seq < sent.seq for vote in votes)


def undecided(state: State, scope: Scope, member: Member) -> bool:
    """Whether a member is an expert who still has to make up their own mind in this round."""
    return state.phase == "open" and bool(scope.assigned(member)) and not submitted(state, scope, member)


def reads_entries(state: State, scope: Scope, member: Member) -> bool:
    """Whether a member compares typed forms with their scans now, and so reads them. Never before their own judgement."""
    return "checker" in member.roles and not undecided(state, scope, member)


def round_complete(state: State, scope: Scope) -> bool:
    """Whether every expert has submitted this round."""
    if state.panel is None:
        return False
    experts = active_experts(state.panel, scope)
    return bool(experts) and all(submitted(state, scope, m) for m in experts)


def seen(state: State, scope: Scope, member: Member, spot: Spot | None = None) -> Seen:
    """What a member may see now (on one spot, for the computed points)."""
    assert state.panel is not None  # nobody is a member without one
    roles, complete = set(member.roles), round_complete(state, scope)
    if state.phase != "open":
        insider = bool(roles - {"unit"}) or state.phase != "signed"
        return Seen(computed=insider, conclusion=insider, colleagues="all" if roles - {"unit", "delegate"} else "none")
    hidden = state.panel.hide_computed and spot is not None and scope.docket.judged(spot[1])
    if "expert" in roles and _anchored(state, scope, member, complete):
        return Seen(computed=not hidden, conclusion=False, colleagues="distribution" if state.round > 1 else "none")
    if roles & {"lead", "analyst", "reviewer"}:
        return Seen(computed=True, conclusion=True, colleagues="all")
    if "expert" in roles:
        return Seen(computed=True, conclusion=True, colleagues="distribution" if state.panel.blind else "all")
    if "observer" in roles:
        return Seen(computed=True, conclusion=complete, colleagues="all" if complete else "none")
    inside = bool(roles & {"clerk", "checker", "delegate"})
    return Seen(computed=inside and not hidden, conclusion=False, colleagues="none")


def _anchored(state: State, scope: Scope, member: Member, complete: bool) -> bool:
    """Whether the member still has to make up their own mind. Whoever leads an open panel has to see it all the same."""
    assert state.panel is not None
    if state.panel.blind:
        own = submitted(state, scope, member) or not scope.assigned(member)
        return not (own if "lead" in member.roles else complete)
    return "lead" not in member.roles and not submitted(state, scope, member)
