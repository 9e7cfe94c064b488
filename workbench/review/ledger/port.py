"""What the rest of the review asks of a ledger. The store behind it is a database; nothing else keeps state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from workbench.base.errors import Problem
from workbench.review.events import Draft, Event

Decide = Callable[[Sequence[Event]], None]
"""Told the events that came since ``after``; raises ReviewError when the draft may not follow them."""


@dataclass(frozen=True)
class Head:
    """The end of a chain: number and hash of the last event; 0 and empty before the first."""

    seq: int
    hash: str


class Ledger(Protocol):
    """The events of one evaluation, in the order in which they were taken."""

    @property
    def name(self) -> str:
        """The evaluation it belongs to."""

    def head(self) -> Head:
        """Number and hash of the last event."""

    def events(self, after: int = 0, upto: int | None = None) -> list[Event]:
        """Events with numbers above ``after`` (and not above ``upto``)."""

    def append(self, draft: Draft, after: int, decide: Decide) -> Event:
        """Take one draft, or say why not.

        Inside one transaction nobody else can append in: ``decide`` is told the events after number ``after`` and may
        refuse; otherwise the draft becomes the next event. A draft whose ``client_id`` was taken before gives back that event
        (when it says the same; otherwise it is refused).

        Raises:
            ReviewError: what ``decide`` raised, or the client id was used for something else.
            LedgerError: the database cannot be reached or written.
        """

    def refused(self, actor: str, action: str, problems: Sequence[Problem]) -> None:
        """Write a refused attempt to the access log, which is kept apart from the events."""

    def keep(self, name: str, data: bytes) -> str:
        """Keep an attachment beside the ledger and give its SHA-256."""

    def kept(self, sha256: str) -> bytes | None:
        """An attachment kept before, or None when it is not there or not the same."""

    def withheld(self, sha256: str) -> bool:
        """Whether an attachment is confidential and there in encrypted form alone."""
