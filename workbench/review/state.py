"""Where a review stands: the events folded, one after the other. Nothing here decides; ``permits.py`` does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, singledispatchmethod
from typing import Any, Literal

from workbench.review.events import (
    Basis,
    Challenge,
    ChallengeRejected,
    Comment,
    Correction,
    CorrectionRevoked,
    DraftIssued,
    EntryChecked,
    Event,
    Finalised,
    InternalReview,
    Merge,
    Opened,
    Opinion,
    PanelSet,
    Reopening,
    Reply,
    Revision,
    RoundOpened,
    SignOff,
    Submission,
    Withdrawal,
)
from workbench.scheme.panel import Member, Panel, Role

Phase = Literal["open", "signed", "consultation", "final"]
PHASE_WORDS: dict[Phase, str] = {
    "open": "评审中",
    "signed": "专家组已签字",
    "consultation": "征求意见",
    "final": "已定稿",
}
Spot = tuple[str, str]
"""(subject, indicator)."""
About = tuple[str, str | None, str | None, str]
"""A basis as a tuple: compared thousands of times where a model is slow."""


def about(basis: Basis) -> About:
    """Weight, computed points, value and status."""
    return basis.weight, basis.computed, basis.value, basis.status


@dataclass(frozen=True)
class Vote:
    """The opinion an expert holds now on one spot. A typed-in one counts only once it is ``checked``."""

    event: Event
    body: Opinion
    checked: bool = True

    @cached_property
    def spot(self) -> Spot:
        """Subject and indicator."""
        return self.body.subject, self.body.indicator

    @cached_property
    def about(self) -> About:
        """The computed side it was given on, quick to compare."""
        return about(self.body.basis)


@dataclass(frozen=True)
class Settled:
    """Points that a merge or a later revision gave a spot."""

    event: Event
    points: Decimal
    basis: Basis


@dataclass
class State:
    """A folded ledger. ``seq`` and ``head`` are number and hash of the last event taken in."""

    seq: int = 0
    head: str = ""
    events: list[Event] = field(default_factory=list)
    on_spot: dict[Spot, list[Event]] = field(default_factory=dict)
    """The events that are about one spot: a page shows them for the indicator it is on."""
    opened: Opened | None = None
    panel: Panel | None = None
    panels: dict[int, Panel] = field(default_factory=dict)
    """Every panel there was, by the number of the event that set it."""
    phase: Phase = "open"
    round: int = 1
    votes: dict[tuple[str, str, str], Vote] = field(default_factory=dict)
    """(subject, indicator, expert) → vote."""
    submissions: dict[str, Event] = field(default_factory=dict)
    """Expert → submission of the present round."""
    earlier: dict[Spot, tuple[Decimal, ...]] = field(default_factory=dict)
    """Points of the round before in order of size, without names; a 认可 stands for what was computed then."""
    corrections: dict[int, Correction] = field(default_factory=dict)
    challenges: dict[int, Challenge] = field(default_factory=dict)
    """Challenges nobody has answered yet."""
    merge: Event | None = None
    settled: dict[Spot, Settled] = field(default_factory=dict)
    comments: dict[int, Comment] = field(default_factory=dict)
    replies: dict[int, Reply] = field(default_factory=dict)
    """Number of the comment → the reply that stands."""
    internal_review: Event | None = None
    spoken: bool = False
    """Whether anybody has given an opinion, be it one withdrawn since."""
    moved: int = 0
    """Number of the last event that could move a score."""

    def take(self, events: Iterable[Event]) -> None:
        """Fold further events, which follow those taken before."""
        for event in events:
            self._fold(event.body, event)
            self.events.append(event)
            about = spot_of(event.body, self)
            if about is not None:
                self.on_spot.setdefault(about, []).append(event)
            self.seq, self.head = event.seq, event.hash

    def event(self, seq: int) -> Event | None:
        """An event by its number."""
        return self.events[seq - 1] if 0 < seq <= len(self.events) else None

    def person(self, member: str) -> Member | None:
        """Somebody who is on the panel or was: a name does not leave the record with its bearer."""
        panels = reversed(self.panels.values())
        return next((found for panel in panels if (found := panel.member(member)) is not None), None)

    def ever(self, *roles: Role) -> set[str]:
        """Members who hold one of the roles or have held it in this review."""
        return {m.id for panel in self.panels.values() for m in panel.members if set(roles) & set(m.roles)}

    def votes_on(self, spot: Spot) -> list[Vote]:
        """The votes held on a spot by members of the panel, in its order."""
        members = self.panel.members if self.panel else []
        found = (self.votes.get((*spot, m.id)) for m in members)
        return [v for v in found if v is not None]

    def held_on(self, spot: Spot) -> list[Vote]:
        """The votes held on a spot: those of the panel, then those of members who have left it since."""
        here = self.votes_on(spot)
        known = {v.body.expert for v in here}
        return here + [v for (*of, expert), v in self.votes.items() if tuple(of) == spot and expert not in known]

    @singledispatchmethod
    def _fold(self, body: Any, event: Event) -> None:
        """Statements, questions and answers change nothing but the record."""

    @_fold.register
    def _(self, body: Opened, event: Event) -> None:
        self.opened = body
        self.moved = event.seq

    @_fold.register
    def _(self, body: PanelSet, event: Event) -> None:
        self.panel = self.panels[event.seq] = body.panel

    @_fold.register
    def _(self, body: RoundOpened, event: Event) -> None:
        spots = {(v.body.subject, v.body.indicator) for v in self.votes.values()}
        self.earlier = {spot: tuple(sorted(_points(self.votes_on(spot)))) for spot in spots}
        self.round = body.round
        self.submissions = {}

    @_fold.register
    def _(self, body: Opinion, event: Event) -> None:
        self.votes[body.subject, body.indicator, body.expert] = Vote(event, body, checked=body.entry is None)
        self.spoken = True
        self.moved = event.seq

    @_fold.register
    def _(self, body: Withdrawal, event: Event) -> None:
        self.votes = {key: vote for key, vote in self.votes.items() if vote.event.seq != body.opinion}
        self.moved = event.seq

    @_fold.register
    def _(self, body: EntryChecked, event: Event) -> None:
        for key, vote in self.votes.items():
            if vote.event.seq in body.opinions:
                self.votes[key] = Vote(vote.event, vote.body)

    @_fold.register
    def _(self, body: Submission, event: Event) -> None:
        self.submissions[body.expert] = event

    @_fold.register
    def _(self, body: Challenge, event: Event) -> None:
        self.challenges[event.seq] = body

    @_fold.register
    def _(self, body: ChallengeRejected, event: Event) -> None:
        self.challenges.pop(body.challenge, None)

    @_fold.register
    def _(self, body: Correction, event: Event) -> None:
        self.corrections[event.seq] = body
        for cited in body.cites:
            self.challenges.pop(cited, None)
        self.moved = event.seq

    @_fold.register
    def _(self, body: CorrectionRevoked, event: Event) -> None:
        self.corrections.pop(body.correction, None)
        self.moved = event.seq

    @_fold.register
    def _(self, body: Merge, event: Event) -> None:
        self.merge = event
        self.settled = {(r.subject, r.indicator): Settled(event, r.points, r.basis) for r in body.results}
        self.moved = event.seq

    @_fold.register
    def _(self, body: Revision, event: Event) -> None:
        self.settled[body.subject, body.indicator] = Settled(event, body.points, body.basis)
        self.moved = event.seq

    @_fold.register
    def _(self, body: SignOff, event: Event) -> None:
        self.phase = "signed"

    @_fold.register
    def _(self, body: Reopening, event: Event) -> None:
        self.phase = "consultation" if self.phase == "final" else "open"

    @_fold.register
    def _(self, body: DraftIssued, event: Event) -> None:
        self.phase = "consultation"

    @_fold.register
    def _(self, body: Comment, event: Event) -> None:
        self.comments[event.seq] = body

    @_fold.register
    def _(self, body: Reply, event: Event) -> None:
        self.replies[body.comment] = body

    @_fold.register
    def _(self, body: InternalReview, event: Event) -> None:
        self.internal_review = event

    @_fold.register
    def _(self, body: Finalised, event: Event) -> None:
        self.phase = "final"


def _points(votes: Iterable[Vote]) -> Iterator[Decimal]:
    for vote in votes:
        points = said_points(vote.body)
        if points is not None and vote.checked:
            yield points


def said_points(body: Opinion) -> Decimal | None:
    """The points an opinion stood for when it was given: for 认可 those computed then; None for 不评 and 回避."""
    if body.choice == "agree":
        return None if body.basis.computed is None else Decimal(body.basis.computed)
    return body.points if body.choice == "adjust" else None


def folded(events: Iterable[Event]) -> State:
    """The state after these events, which begin with number 1."""
    state = State()
    state.take(events)
    return state


def spot_of(body: Any, state: State) -> Spot | None:
    """The subject and indicator an event is about, or None."""
    if isinstance(body, Withdrawal):
        taken_back = state.event(body.opinion)
        # Of another kind it can only be in a forged ledger, which is read all the same.
        return (
            spot_of(taken_back.body, state) if taken_back is not None and isinstance(taken_back.body, Opinion) else None
        )
    if isinstance(body, Correction):
        return (body.subject, body.change.indicator) if body.change.target == "proof" else None
    subject, indicator = getattr(body, "subject", None), getattr(body, "indicator", None)
    return (subject, indicator) if subject and indicator else None
