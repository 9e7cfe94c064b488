"""Notes (评审记录): what was said and decided around the points, event by event, as ``result.json`` keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from workbench.base.text import plain
from workbench.review import events as e
from workbench.review.history import correction_text
from workbench.review.panels import panel_text
from workbench.review.replay import name_of
from workbench.review.scope import Scope
from workbench.review.state import State, spot_of
from workbench.scoring.result import ReviewNote

Refers = Callable[[Any], list[int]]
ABOUT: dict[str, str] = {"value": "数值", "evidence": "佐证", "branch": "计分档次"}
OWN = (e.Challenge, e.ChallengeRejected)
"""Between an expert and the lead until the round is closed; so is an expert's own statement."""
_STATEMENTS: Mapping[str, Literal["expert_statement", "group_statement", "delegate_statement"]] = {
    "expert": "expert_statement",
    "group": "group_statement",
    "delegate": "delegate_statement",
}
_TEXTS: dict[type[Any], Callable[[Any], str]] = {
    e.Statement: lambda b: b.text,
    e.Inquiry: lambda b: b.text,
    e.Answer: lambda b: b.text,
    e.Challenge: lambda b: f"质疑{ABOUT[b.about]}:{b.text}" + (f"(建议:{b.proposed})" if b.proposed else ""),
    e.ChallengeRejected: lambda b: b.reason,
    e.CorrectionRevoked: lambda b: b.reason,
    e.Revision: lambda b: f"改为{plain(b.points)}分,理由:{b.reason}",
    e.Comment: lambda b: b.text,
    e.Reply: lambda b: b.reason,
    e.InternalReview: lambda b: b.text,
    e.SignOff: lambda b: b.statement,
    e.Reopening: lambda b: b.reason,
    e.DraftIssued: lambda b: f"征求{'、'.join(b.to)}意见" + (f",请于{b.due}前反馈" if b.due else ""),
    e.RoundOpened: lambda b: f"第{b.round}轮,理由:{b.reason}",
    e.Finalised: lambda b: b.text,
}
"""Kinds that are notes, and their text. Points and who submitted them stand with the indicators."""
_REFERS: dict[type[Any], Refers] = {
    e.Statement: lambda b: [b.supersedes] if b.supersedes else [],
    e.Answer: lambda b: [b.inquiry],
    e.ChallengeRejected: lambda b: [b.challenge],
    e.Correction: lambda b: b.cites,
    e.CorrectionRevoked: lambda b: [b.correction],
    e.Revision: lambda b: b.cites,
    e.Reply: lambda b: [b.comment],
}
_ACCEPTED: dict[type[Any], Callable[[Any], bool]] = {
    e.Reply: lambda b: b.accepted,
    e.InternalReview: lambda b: b.passed,
}


def notes(state: State, scope: Scope, closed: int) -> list[ReviewNote]:
    """Every note in the order of the ledger; of the panel, how it was changed once opinions had been given.

    Args:
        closed: number of the last event up to which experts' own words are open to all; later ones are left out.
    """
    return [
        _note(event, state, scope)
        for event in state.events
        if _is_note(event.body) and (event.seq <= closed or not _own(event.body))
    ]


def _is_note(body: Any) -> bool:
    changed = isinstance(body, e.PanelSet) and body.reason is not None
    return changed or isinstance(body, e.Correction) or type(body) in _TEXTS


def _text(event: e.Event, state: State, scope: Scope) -> str:
    body = event.body
    if isinstance(body, e.PanelSet):
        return panel_text(event.seq, body, state)
    return correction_text(body, scope) if isinstance(body, e.Correction) else _TEXTS[type(body)](body)


def _own(body: Any) -> bool:
    return isinstance(body, OWN) or (isinstance(body, e.Statement) and body.of == "expert")


def _note(event: e.Event, state: State, scope: Scope) -> ReviewNote:
    body, kind = event.body, type(event.body)
    spot = spot_of(body, state) or _of_reference(body, state)
    return ReviewNote(
        event=event.seq,
        kind=_STATEMENTS[body.of] if isinstance(body, e.Statement) else body.kind,  # type: ignore[arg-type]  # _TEXTS' kinds
        # A comment is told to the panel by somebody else than who wrote it.
        by=body.source if isinstance(body, e.Comment) else name_of(state, event.actor),
        at=event.at,
        text=_text(event, state, scope),
        subject=spot[0] if spot else getattr(body, "subject", None),
        indicator=spot[1] if spot else getattr(body, "indicator", None),
        evidence=evidence_of(body),
        refers=list(_REFERS[kind](body)) if kind in _REFERS else [],
        accepted=_ACCEPTED[kind](body) if kind in _ACCEPTED else None,
    )


def _of_reference(body: Any, state: State) -> tuple[str, str] | None:
    """An answer is about what the question was about."""
    numbers = _REFERS[type(body)](body) if type(body) in _REFERS and not isinstance(body, e.Correction) else []
    found = state.event(numbers[0]) if numbers else None
    return spot_of(found.body, state) if found is not None else None


def evidence_of(body: Any) -> str | None:
    """What somebody relied on: the reference they wrote and the files they handed in."""
    said = (getattr(body, "evidence", None) or "").strip()
    return ";".join([*([said] if said else []), *(a.name for a in getattr(body, "attachments", []))]) or None
