"""Heading: the top of the page — where the review stands, what a merge would mean, and what to do next."""

from __future__ import annotations

from dataclasses import replace

from workbench.review.reading import Reading
from workbench.review.state import PHASE_WORDS
from workbench.review.steps import next_step
from workbench.review.views import Heading, Progress
from workbench.review.visibility import active_experts, seen, submitted, unjudged
from workbench.review.who import can
from workbench.scheme.panel import ROLE_WORDS
from workbench.scoring.outlook import Outlook


def heading(reading: Reading, subject: str) -> Heading:
    """The top of the page for one subject."""
    state, scope, member = reading.state, reading.scope, reading.member
    computed, current, preview = _outlooks(reading, subject)
    return Heading(
        title=scope.docket.result.title,
        subject=subject,
        subject_name=scope.subjects[subject].name,
        person=member.name,
        roles="、".join(ROLE_WORDS[r] for r in member.roles),
        phase=PHASE_WORDS[state.phase],
        round=state.round,
        next_step=next_step(reading),
        computed=computed,
        current=current,
        preview=preview,
        progress=tuple(_progress(reading)),
        can=can(member, state.phase),
    )


def _outlooks(reading: Reading, subject: str) -> tuple[Outlook | None, Outlook | None, Outlook | None]:
    """The conclusion as computed, with what was merged, and with what a merge would give now."""
    if not seen(reading.state, reading.scope, reading.member).conclusion:
        return None, None, None
    docket = reading.scope.docket
    settled = {spot: points for spot, points in reading.settled.items() if spot[0] == subject}
    computed = docket.outlook(subject, {})
    current = docket.outlook(subject, settled) if settled else computed
    if set(reading.member.roles) == {"unit"}:  # the unit answers with facts, not with how few points would be enough
        return _without_boundaries(computed), _without_boundaries(current), None
    merged_now = {spot: m.points for spot, m in reading.preview.items() if spot[0] == subject}
    if reading.state.phase != "open" or "lead" not in reading.member.roles:
        return computed, current, None
    return computed, current, docket.outlook(subject, settled | merged_now)


def _without_boundaries(outlook: Outlook) -> Outlook:
    return replace(outlook, up=None, down=None)


def _progress(reading: Reading) -> list[Progress]:
    """Everyone's for the lead, one's own for an expert."""
    state, scope, member = reading.state, reading.scope, reading.member
    panel = state.panel
    experts = active_experts(panel, scope) if panel is not None else []
    all_of_them = bool({"lead", "analyst", "observer", "reviewer"} & set(member.roles))
    return [
        Progress(
            expert=m.id,
            name=m.name,
            assigned=len(scope.assigned(m)),
            judged=len(scope.assigned(m)) - len(unjudged(state, scope, m)),
            submitted=submitted(state, scope, m),
        )
        for m in experts
        if all_of_them or m.id == member.id
    ]
