"""Register (整改台账): one person at the items of one evaluation. It needs no evidence: a year later that has moved on."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from workbench.base.errors import Problem, ReviewError
from workbench.review.bodies import body_of, made
from workbench.review.events import Draft, Event
from workbench.review.ledger.port import Ledger
from workbench.review.ledger.words import action_word
from workbench.review.rectification.bodies import ItemAmended, ItemChecked, ItemWithdrawn
from workbench.review.rectification.items import Item, items_of
from workbench.review.rectification.rules import rectification_problems
from workbench.review.state import folded
from workbench.review.taking import answering, check_files, keep_file
from workbench.scheme.panel import Panel

BEIJING = timedelta(hours=8)


def today() -> date:
    """The day it is in Beijing: nothing can have been done later."""
    return (datetime.now(UTC) + BEIJING).date()


class Register:
    """The items of a ledger as one member sees and moves them.

    Args:
        panel: who is who where nobody has begun a review, and so set a panel in the ledger.
        actor: member id.
        clock: the day it is; what is said to have been done later is refused.
    """

    def __init__(self, ledger: Ledger, panel: Panel, actor: str, clock: Callable[[], date] = today) -> None:
        self.ledger = ledger
        self.actor = actor
        self._clock = clock
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
            # The same file named twice is one proof.
            attachments = list(dict.fromkeys(keep_file(self.ledger, name, data) for name, data in files))
            return self._record(kind, fields | ({"attachments": attachments} if attachments else {}))

    def _record(self, kind: str, fields: dict[str, Any]) -> Event:
        body = body_of(kind, fields)
        draft = made(Draft, {"actor": self.actor, "client_id": uuid.uuid4().hex, "body": body})
        check_files(self.ledger, body)
        after = self.state.seq
        read = {i.seq: len(i.steps) for i in self.items}

        def decide(newer: Sequence[Event]) -> None:
            self.state.take(newer[self.state.seq - after :])  # asked again after a lost race, part may be known
            panel = self.state.panel or self._panel
            problems = rectification_problems(body, self.state, panel.member(self.actor))
            problems = problems or [*self._moved(body, read), *self._lost(body), *self._ahead(body)]
            if problems:
                raise ReviewError(problems)

        event = self.ledger.append(draft, after, decide)
        self.state.take([event])
        return event

    def _moved(self, body: Any, read: dict[int, int]) -> list[Problem]:
        """Two change an item at once: the second one has not seen what they would undo."""
        if not isinstance(body, (ItemAmended, ItemWithdrawn)):
            return []
        item = next(i for i in self.items if i.seq == body.item)
        if len(item.steps) == read.get(item.seq, 0):
            return []
        last = item.steps[-1].body
        message = f"第{item.number}项在您查看之后又有人办理,没有变更"
        fix = f"请重新查看(workbench rectify show {self.ledger.name}),确要变更的再办理一次"
        return [Problem("item_moved", message, found=f"{getattr(last, 'by', '')} {action_word(last.kind)}", fix=fix)]

    def _lost(self, body: Any) -> list[Problem]:
        """Nobody can have checked proof that is not there."""
        if not (isinstance(body, ItemChecked) and body.accepted):
            return []
        item = next(i for i in self.items if i.seq == body.item)
        names = [a.name for a in item.proofs if a.sha256 in self.lost()]
        fix = "请取回原件放回,或请责任单位重新报告(--file)"
        return [Problem("proof_lost", "佐证材料缺失或被改动,不能核实通过", found=n, fix=fix) for n in names]

    def _ahead(self, body: Any) -> list[Problem]:
        on = getattr(body, "on", None)
        if on is None or on <= self._clock().isoformat():
            return []
        return [Problem("day_ahead", "办理日期在今天以后", found=on, fix="请写实际办理的日期")]

    def lost(self) -> frozenset[str]:
        """SHA-256 of the proof files that are not beside the ledger any more, or not as they were handed in."""
        files = {a.sha256 for i in self.items for x in i.answers for a in x.attachments}
        return frozenset(s for s in files if self.ledger.kept(s) is None and not self.ledger.withheld(s))
