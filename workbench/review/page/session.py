"""Session: where one person's page stands — whose desk, which subject and indicator, and for whom a clerk is typing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from workbench.review.desk import Desk
from workbench.review.events import Event
from workbench.review.fields import Attachment
from workbench.review.history import visible
from workbench.review.opinions import typing_problems
from workbench.review.page.files import Files
from workbench.review.state import Vote
from workbench.review.views import Row, Status

_TYPED: dict[str, Status] = {
    "agree": "agreed",
    "adjust": "adjusted",
    "abstain": "abstained",
    "recuse": "recused",
}


@dataclass
class Session:
    """What the parts of one page share."""

    desk: Desk
    subject: str
    selected: str | None = None
    done: str | None = None
    """What was just judged, as long as the page has not gone on from there."""
    entry: tuple[str, Attachment] | None = None
    """Expert and signed scan while a clerk types a paper form in (代录)."""
    run_note: str | None = None
    """What was last told about the run that the review writes."""
    files: Files = field(init=False)
    _rows: tuple[object, list[Row]] = field(default=(None, []), init=False)
    _by_kind: dict[str, list[Event]] = field(default_factory=dict, init=False)
    _indexed: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.files = Files(self.desk)

    @property
    def page(self) -> str:
        """Names this person's page on this subject; drafts in the browser are kept under it."""
        return f"{self.desk.ledger.name}.{self.desk.actor}.{self.expert}.{self.subject}"

    @property
    def expert(self) -> str:
        """Whose opinions the form writes."""
        return self.entry[0] if self.entry else self.desk.actor

    def vote(self, indicator: str) -> Vote | None:
        """The opinion that stands now, of the person the form writes for; of another's, what was typed from paper only."""
        vote = self.desk.state.votes.get((self.subject, indicator, self.expert))
        return vote if vote is None or self.entry is None or vote.body.entry is not None else None

    def check_entry(self) -> None:
        """Stop typing for an expert when that has become somebody else's task."""
        desk = self.desk
        if self.entry is not None and typing_problems(self.entry[0], desk.actor, desk.state, desk.scope):
            self.entry = None

    def rows(self) -> list[Row]:
        """The table, made once per state; while a clerk types, with what has been typed for that expert."""
        made_for = (self.desk.state.seq, self.subject, self.entry)
        if self._rows[0] != made_for:
            rows = self.desk.rows(self.subject)
            self._rows = (made_for, rows if self.entry is None else [self._as_typed(r) for r in rows])
        return self._rows[1]

    def name(self, indicator: str) -> str:
        """The name of an indicator; the code itself where there is none."""
        spot = (self.subject, indicator)
        return self.desk.scope.indicator(spot).name if self.desk.scope.has(spot) else indicator

    def events(self, *kinds: str) -> list[Event]:
        """The events of these kinds that this person may read, oldest first."""
        state = self.desk.state
        for event in state.events[self._indexed :]:
            self._by_kind.setdefault(event.body.kind, []).append(event)
        self._indexed = len(state.events)
        found = sorted((e for kind in kinds for e in self._by_kind.get(kind, [])), key=lambda e: e.seq)
        return [e for e in found if visible(e, state, self.desk.scope, self.desk.member)]

    def _as_typed(self, row: Row) -> Row:
        vote = self.vote(row.code)
        if vote is None:
            return replace(row, mine=None, status="unjudged", flags=("unjudged", *row.flags))
        status: Status = _TYPED[vote.body.choice] if vote.checked else "unchecked"
        return replace(row, mine=row.computed if vote.body.choice == "agree" else vote.body.points, status=status)

    def move_on(self, rows: Sequence[Row]) -> None:
        """Go on to the next row to judge, where that was asked for. Left until now: the new totals need no rows."""
        if self.done is not None:
            self.selected = self.next_unjudged(rows, self.done) or self.done
            self.done = None

    def next_unjudged(self, rows: Sequence[Row], after: str) -> str | None:
        """The first row to judge after one, going round."""
        codes = [r.code for r in rows]
        start = codes.index(after) + 1 if after in codes else 0
        return next((r.code for r in [*rows[start:], *rows[:start]] if is_unjudged(r)), None)


def is_unjudged(row: Row) -> bool:
    """Whether the person at the page still has to say something on a row."""
    return "unjudged" in row.flags or "stale" in row.flags
