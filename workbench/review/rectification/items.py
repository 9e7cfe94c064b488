"""Items of 整改台账: the ledger's events folded into what is open, reported, accepted, and how late it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from workbench.review.rectification.bodies import (
    RECTIFYING,
    ItemAmended,
    ItemChecked,
    ItemOpened,
    ItemReported,
    ItemWithdrawn,
    Matter,
)

if TYPE_CHECKING:
    from workbench.review.events import Event
    from workbench.review.fields import Attachment

Status = Literal["open", "under_way", "reported", "accepted", "rejected", "withdrawn"]
STATUS_WORDS: dict[Status, str] = {
    "open": "待整改",
    "under_way": "整改中",
    "reported": "已整改待核",
    "accepted": "核实通过",
    "rejected": "核实不通过",
    "withdrawn": "已撤销",
}
MOVED = "变更:"
"""In the basis of a due date that was put off, before somebody's reason."""
_SERVED = re.compile(r"(\d{4}-\d{2}-\d{2})送达$")
_BEIJING = timedelta(hours=8)
"""A day of the ledger (UTC) is the day people here had."""


@dataclass
class Item:
    """One item. ``number`` counts from 1 in the register, ``seq`` is the event that opened it; ``steps`` are what came after."""

    number: int
    seq: int
    opened: Event
    matter: Matter
    steps: list[Event] = field(default_factory=list)

    @property
    def opened_by(self) -> str:
        """Who registered it."""
        assert isinstance(self.opened.body, ItemOpened)  # that is how an item begins
        return self.opened.body.by

    @property
    def run(self) -> str:
        """Digest of the run whose report says it as it stands here."""
        said = [e.body.run for e in (self.opened, *self.steps) if isinstance(e.body, (ItemOpened, ItemAmended))]
        return said[-1]

    @property
    def earlier_dues(self) -> set[str]:
        """Due dates it had before the present one."""
        return {m.due for _, m in self._matters()} - {self.matter.due}

    @property
    def served(self) -> str:
        """The day the result was served, as the basis of its due dates has it; empty where nobody said one."""
        found = [_SERVED.search(m.basis) for _, m in self._matters() if MOVED not in m.basis]
        days = [f[1] for f in found if f is not None]
        return days[-1] if days else ""

    @property
    def asked(self) -> int:
        """Number of the event since which this is what has to be done."""
        since, asked = self.seq, ""
        for seq, matter in self._matters():
            since, asked = (since, asked) if matter.suggestion == asked else (seq, matter.suggestion)
        return since

    def _matters(self) -> Iterator[tuple[int, Matter]]:
        for event in (self.opened, *self.steps):
            if isinstance(event.body, (ItemOpened, ItemAmended)):
                yield event.seq, event.body.matter

    def until(self, day: date) -> Item:
        """The item with what had been reported and checked by the end of a day; its matter is the present one."""
        return replace(self, steps=[e for e in self.steps if not _later(e, day)])

    @property
    def answers(self) -> list[ItemReported | ItemChecked]:
        """What was reported and checked, oldest first."""
        return [e.body for e in self.steps if isinstance(e.body, (ItemReported, ItemChecked))]

    @property
    def status(self) -> Status:
        """Where it stands."""
        moves = [e.body for e in self.steps if isinstance(e.body, (ItemWithdrawn, ItemAmended))]
        if moves and isinstance(moves[-1], ItemWithdrawn):
            return "withdrawn"
        if not self.answers:
            return "open"
        last = self.answers[-1]
        if isinstance(last, ItemChecked):
            return "accepted" if last.accepted else "rejected"
        return "reported" if last.done else "under_way"

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do about it."""
        return self.status in ("accepted", "withdrawn")

    @property
    def owed(self) -> bool:
        """Whether it is the unit's turn: not while its report waits to be checked."""
        return self.status in ("open", "under_way", "rejected")

    @property
    def report(self) -> Event | None:
        """The last report of the end of it, which is what a check looks at."""
        done = [e for e in self.steps if isinstance(e.body, ItemReported) and e.body.done]
        return done[-1] if done else None

    @property
    def proofs(self) -> list[Attachment]:
        """The files of the last report of the end of it."""
        report = self.report
        return list(report.body.attachments) if report is not None and isinstance(report.body, ItemReported) else []

    @property
    def reporters(self) -> set[str]:
        """Everybody who has reported on it."""
        return {x.by for x in self.answers if isinstance(x, ItemReported)}

    @property
    def done_on(self) -> date | None:
        """The day the unit was done by its own report; None while it is not, or when that was not accepted."""
        if self.report is None or self.status not in ("reported", "accepted"):
            return None
        return day_of(self.report)

    def days_late(self, as_of: date) -> int:
        """Days after the due date: until the unit was done, or until ``as_of`` while it is not; 0 within time, or withdrawn."""
        if self.status == "withdrawn":
            return 0
        return max(0, ((self.done_on or as_of) - date.fromisoformat(self.matter.due)).days)

    def overdue(self, as_of: date) -> bool:
        """Whether the unit still has to do something that was due before ``as_of``."""
        return self.owed and self.days_late(as_of) > 0


def _later(event: Event, day: date) -> bool:
    return isinstance(event.body, (ItemReported, ItemChecked)) and day_of(event) > day


def day_of(event: Event) -> date:
    """The day a report or a check is of: the one it names, else the one it was recorded on, in Beijing."""
    said = getattr(event.body, "on", None)
    recorded = datetime.fromisoformat(event.at.replace("Z", "+00:00")) + _BEIJING
    return date.fromisoformat(said) if said is not None else recorded.date()


def items_of(events: Iterable[Event]) -> list[Item]:
    """The items, in the order they were opened. What answers no item can only be in a forged ledger; it is passed over."""
    found: dict[int, Item] = {}
    for event in events:
        body = event.body
        if isinstance(body, ItemOpened):
            found[event.seq] = Item(len(found) + 1, event.seq, event, body.matter)
        elif isinstance(body, (ItemAmended, ItemReported, ItemChecked, ItemWithdrawn)) and body.item in found:
            item = found[body.item]
            item.steps.append(event)
            item.matter = body.matter if isinstance(body, ItemAmended) else item.matter
    return list(found.values())


def without_rectification(events: Sequence[Event]) -> Sequence[Event]:
    """Events up to the last one that is not about rectification: what follows it moves no result and no digest of a run."""
    end = len(events)
    while end and isinstance(events[end - 1].body, RECTIFYING):
        end -= 1
    return events[:end]
