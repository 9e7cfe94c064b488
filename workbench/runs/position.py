"""Position (台账位置): up to which event of its ledger an evaluation is computed.

``workbench run`` pins it for the kernel it starts, so that a review that goes on meanwhile changes nothing about this run.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.base.errors import LedgerError, Problem
from workbench.review.ledger.places import may_exist

if TYPE_CHECKING:
    from workbench.review.events import Event

HEAD_VARIABLE = "WORKBENCH_LEDGER_HEAD"
"""Evaluation, number and hash of the last event that counts; other evaluations are not concerned."""


@dataclass(frozen=True)
class Position:
    """Number and hash of the last event that counts; 0 and empty before the review."""

    evaluation: str
    seq: int = 0
    head: str = ""

    def __str__(self) -> str:
        return f"{self.evaluation} {self.seq} {self.head}"


def position_at(event: Event) -> Position:
    """The position right after an event."""
    return Position(event.ledger, event.seq, event.hash)


def pinned(evaluation: str) -> Position | None:
    """The position this process was told to keep to, or None."""
    name, _, rest = os.environ.get(HEAD_VARIABLE, "").partition(" ")
    seq, _, head = rest.partition(" ")
    return Position(name, int(seq), head) if name == evaluation and seq.isdecimal() else None


def events_of(workspace: Path, evaluation: str, upto: Position | None = None) -> Sequence[Event]:
    """The events that count: up to a position (by default the pinned one), else all but rectification after the last of the
    others, which moves no run; none where nobody has begun a review.

    Raises:
        LedgerError: the ledger cannot be read, or does not have the event of that position.
    """
    pin = upto or pinned(evaluation)
    if (pin is not None and pin.seq == 0) or not (pin or may_exist(workspace, evaluation)):
        return []
    events = _read(workspace, evaluation, pin)
    if pin is not None and (not events or (events[-1].seq, events[-1].hash) != (pin.seq, pin.head)):
        fix = f"请运行 workbench ledger verify {evaluation} 查看详情"
        raise LedgerError(Problem("head_missing", f"评审台账中没有这次运行所依据的第{pin.seq}条事件", fix=fix))
    return events


def _read(workspace: Path, evaluation: str, pin: Position | None) -> Sequence[Event]:
    from workbench.review.ledger.failures import NoLedger
    from workbench.review.ledger.store import open_ledger
    from workbench.review.rectification.items import without_rectification

    try:
        ledger = open_ledger(workspace, evaluation)
    except NoLedger:
        return []
    try:
        return ledger.events(upto=pin.seq) if pin is not None else without_rectification(ledger.events())
    finally:
        ledger.close()
