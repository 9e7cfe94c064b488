"""整改台账 of an evaluation: its ledger, who works here, and the run whose report it goes back to. Nothing is rescored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from workbench.base.errors import CheckFailed, LedgerError, Place, Problem
from workbench.reports.document.source import ReportSource
from workbench.reports.rectification.listing import Listing
from workbench.review.ledger.failures import NoLedger
from workbench.review.ledger.store import SqlLedger, open_ledger
from workbench.review.rectification.items import without_rectification
from workbench.review.rectification.register import Register
from workbench.runs.reporting import kept_plan, report_source
from workbench.runs.reviewing import first_panel, local_member
from workbench.runs.store import StoredRun, all_runs, find_run
from workbench.scheme.panel import Member


@dataclass(frozen=True)
class Rectification:
    """An evaluation's register, open for whoever works at this computer."""

    register: Register
    member: Member
    stored: StoredRun
    workspace: Path

    def listing(self, as_of: date) -> Listing:
        """The register on one day."""
        result, state = self.stored.result(), self.register.state
        return Listing(
            evaluation=result.evaluation,
            title=result.title,
            period=result.period,
            as_of=as_of,
            items=self.register.items,
            events=state.seq,
            head=state.head,
        )

    def source(self) -> ReportSource:
        """The run as its report reads it, without pictures."""
        return report_source(self.stored, pictures=False)


@contextmanager
def rectification(run: str, workspace: Path, *, opening: bool = False) -> Iterator[Rectification]:
    """The register of an evaluation.

    Args:
        run: evaluation id, or with ``opening`` a run folder too.
        opening: problems of this run are about to become items: a ledger is made where there is none, and with a review in it
            the run has to be the final one.

    Raises:
        FileError: there is no such run.
        NoLedger: there are no items yet.
        CheckFailed: the run is not the one the review ended with.
        ReviewError: this person is not on the panel.
    """
    stored = find_run(run, workspace)
    plan = kept_plan(stored)
    with _ledger(workspace, plan.evaluation, create=opening) as ledger:
        panel = first_panel(plan)
        register = Register(ledger, panel, "")
        if not opening and not register.items:
            raise _nothing_yet(plan.evaluation)
        if opening:
            stored = _final(stored, run, register)
        register.actor = local_member(register.state.panel or panel).id
        member = (register.state.panel or panel).member(register.actor)
        assert member is not None  # it was found there
        yield Rectification(register, member, stored, workspace)


def _ledger(workspace: Path, evaluation: str, *, create: bool) -> SqlLedger:
    try:
        return open_ledger(workspace, evaluation, create=create)
    except NoLedger:
        raise _nothing_yet(evaluation) from None


def _nothing_yet(evaluation: str) -> LedgerError:
    fix = f"请先运行 workbench rectify open {evaluation},把报告中的问题登记为整改事项"
    return NoLedger(Problem("no_items", "该评价还没有整改事项", found=evaluation, fix=fix))


def _final(stored: StoredRun, run: str, register: Register) -> StoredRun:
    """The run a review ended with; of an evaluation without a review the one that was named."""
    counted = without_rectification(register.state.events)
    if not counted:
        return stored
    head = counted[-1].hash
    if stored.result().ledger_head == head:
        return stored
    named = Path(run).resolve() == stored.folder.resolve()
    found = None if named else next((r for r in all_runs(stored) if r.result().ledger_head == head), None)
    if found is None:
        fix = f"请写评价编号,或先运行 workbench run 写出第{counted[-1].seq}号事件之后的运行"
        message = "这次运行不是评审台账最后一步之后的运行,其中的问题可能已有变动"
        raise CheckFailed(Problem("not_final_run", message, Place(stored.folder.name), fix=fix))
    return found
