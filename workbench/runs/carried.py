"""A review carried into an evaluation (重放): the ledger's corrections and merged points, as far as they still apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from workbench.base.canon import digest_of
from workbench.review.desk import due
from workbench.review.events import Event, Opened
from workbench.review.record import Record, Stale
from workbench.review.replay import adjustments
from workbench.review.scope import Scope
from workbench.review.state import State, folded
from workbench.runs.docket import RunDocket
from workbench.runs.evaluation import Evaluation
from workbench.runs.position import Position, position_at
from workbench.scoring.adjustments import Adjustment


def reviewed_digest(computed: str, ledger_head: str) -> str:
    """What identifies a run with a review on it: the run as computed from its files, and the last event that counts."""
    return digest_of({"computed": computed, "ledger_head": ledger_head})


def parent_of(events: Sequence[Event]) -> str:
    """Digest of the run before: the one the last event but this wrote that writes runs, else the one the review began with.

    The ledger alone decides, so that it is the same in every copy of the workspace, whatever lies in ``runs/``. A run that was
    only made to look (``workbench run`` in between, on other evidence) is nobody's parent.
    """
    state, base, parent = State(), "", ""
    for event in events:
        state.take([event])
        if isinstance(event.body, Opened):
            base = event.body.run
            parent = parent or base
        elif due(event, state) and event.seq < events[-1].seq:
            parent = reviewed_digest(base, event.hash)
    return parent


@dataclass
class Carried:
    """What the ledger does to an evaluation. ``docket`` is the computed side, with the corrections that hold."""

    state: State
    docket: RunDocket
    stale: Stale

    @property
    def position(self) -> Position:
        """Up to where the ledger counts."""
        return position_at(self.state.events[-1])

    @property
    def base(self) -> str:
        """Digest of the computed run the review is about now."""
        assert self.state.opened is not None  # it is the first event
        return self.state.opened.run

    @property
    def parent(self) -> str:
        """Digest of the run before this one."""
        return parent_of(self.state.events)

    @cached_property
    def _scope(self) -> Scope:
        return Scope(self.docket)

    @cached_property
    def adjustments(self) -> list[Adjustment]:
        """Merged and revised points that still apply and differ from the computed ones; none where the plan leaves them out."""
        counted = self.docket.scheme.plan.experts == "counted"
        return adjustments(self.state, self._scope) if counted else []

    @cached_property
    def record(self) -> Record:
        """The review as the result shows it."""
        return Record(self.state, self._scope, self.stale)


def carry(evaluation: Evaluation, events: Sequence[Event]) -> Evaluation:
    """The evaluation with its review. What no longer fits the evidence is left out and named, never forced."""
    state = folded(events)
    docket, stale = RunDocket(evaluation).replayed(list(state.corrections.items()))
    return replace(docket.evaluation, figures={}, carried=Carried(state, docket, stale))
