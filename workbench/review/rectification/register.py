"""Register (整改台账): one person at the items of one evaluation. It needs no evidence: a year later that has moved on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from workbench.base.errors import Problem, ReviewError
from workbench.review.bodies import body_of, made
from workbench.review.events import Draft, Event
from workbench.review.ledger.port import Ledger
from workbench.review.rectification.items import Item, items_of
from workbench.review.rectification.rules import rectification_problems
from workbench.review.state import folded
from workbench.review.taking import answering, check_files, keep_file
from workbench.scheme.panel import Panel


class Register:
    """The items of a ledger as one member sees and moves them.

    Args:
        panel: who is who where nobody has begun a review, and so set a panel in the ledger.
        actor: member id.
    """

    def __init__(self, ledger: Ledger, panel: Panel, actor: str) -> None:
        self.ledger = ledger
        self.actor = actor
        self._panel = panel
        self.state = folded(ledger.events())

    @property
    def items(self) -> list[Item]:
        """Every item, in the order they were opened."""
        return items_of(self.state.events)

    def item(self, number: int) -> Item:
        """An item by its number. Raises ReviewError when there is none."""
        found = next((i for i in self.items if i.number == number), None)
        if found is None:
            fix = f"台账中有第1至{len(self.items)}项" if self.items else None
            raise ReviewError(Problem("unknown_item", "整改台账中没有这一事项", found=f"第{number}项", fix=fix))
        return found

    def say(self, kind: str, files: Iterable[tuple[str, bytes]] = (), **fields: Any) -> Event:
        """Record one event with the files handed in with it. Raises ReviewError (and writes the access log) when it may not be."""
        with answering(self.ledger, self.actor, kind):
            attachments = [keep_file(self.ledger, name, data) for name, data in files]
            return self._record(kind, fields | ({"attachments": attachments} if attachments else {}))

    def _record(self, kind: str, fields: dict[str, Any]) -> Event:
        body = body_of(kind, fields)
        draft = made(Draft, {"actor": self.actor, "client_id": uuid.uuid4().hex, "body": body})
        check_files(self.ledger, body)
        after = self.state.seq

        def decide(newer: Sequence[Event]) -> None:
            self.state.take(newer[self.state.seq - after :])  # asked again after a lost race, part may be known
            panel = self.state.panel or self._panel
            problems = rectification_problems(body, self.state, panel.member(self.actor))
            if problems:
                raise ReviewError(problems)

        event = self.ledger.append(draft, after, decide)
        self.state.take([event])
        return event
