"""整改台账 of an evaluation: its ledger, who works here, and the run whose report it goes back to. Nothing is rescored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from workbench.base.errors import CheckFailed, FileError, LedgerError, Place, Problem, ReviewError
from workbench.reports.document.source import ReportSource
from workbench.reports.rectification.listing import Listing
from workbench.review.ledger.failures import NoLedger
from workbench.review.ledger.places import may_exist
from workbench.review.ledger.store import SqlLedger, open_ledger
from workbench.review.rectification.items import without_rectification
from workbench.review.rectification.register import Register
from workbench.review.rectification.rules import ROLES
from workbench.review.who import role_problem
from workbench.runs.reporting import kept_plan, report_source
from workbench.runs.reviewing import first_panel, local_member
from workbench.runs.store import StoredRun, all_runs, find_run
from workbench.scheme.basis import is_identifier
from workbench.scheme.panel import Member, Panel


@dataclass(frozen=True)
class Rectification:
    """An evaluation's register, open for whoever works at this computer."""

    register: Register
    member: Member
    stored: StoredRun
    workspace: Path

    def listing(self, as_of: date) -> Listing:
        """The register on one day. Reads every proof file."""
        result, state = self.stored.result(), self.register.state
        return Listing.on(
            as_of,
            self.register.items,
            evaluation=result.evaluation,
            title=result.title,
            period=result.period,
            events=state.seq,
            head=state.head,
            run=self.digest,
            lost=self.register.lost(),
        )

    @property
    def digest(self) -> str:
        """The digest of its run."""
        return str(self.stored.manifest()["digest"])

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
    stored = _stored(run, workspace)
    plan = kept_plan(stored)
    panel = first_panel(plan)
    with _ledger(workspace, plan.evaluation, panel, create=opening) as ledger:
        register = Register(ledger, panel, "")
        if not opening and not register.items:
            raise _nothing_yet(plan.evaluation)
        if opening or register.state.opened is not None:
            stored = _final(stored, run, register, opening=opening)
        register.actor = local_member(register.state.panel or panel).id
        member = (register.state.panel or panel).member(register.actor)
        assert member is not None  # it was found there
        yield Rectification(register, member, stored, workspace)


def _stored(run: str, workspace: Path) -> StoredRun:
    """The run. Where it is lost and its register is not, that is said: nothing has to be registered anew."""
    try:
        return find_run(run, workspace)
    except FileError as error:
        if not (is_identifier(run) and may_exist(workspace, run)):
            raise
        fix = "请从备份取回 runs 中的运行文件夹,或用原来的资料重新运行计划;台账没有丢"
        problem = Problem("run_lost", "整改台账还在,它所依据的运行不在了", found=run, fix=fix)
        raise FileError([problem, *error.problems]) from None


def _ledger(workspace: Path, evaluation: str, panel: Panel, *, create: bool) -> SqlLedger:
    try:
        return open_ledger(workspace, evaluation)
    except NoLedger:
        if not create:
            raise _nothing_yet(evaluation) from None
    member = local_member(panel)  # nobody who may not open an item leaves a ledger behind
    if not set(ROLES["item_opened"]) & set(member.roles):
        raise ReviewError(role_problem(member, *ROLES["item_opened"]))
    return open_ledger(workspace, evaluation, create=True)


def _nothing_yet(evaluation: str) -> LedgerError:
    fix = f"请先运行 workbench rectify open {evaluation},把报告中的问题登记为整改事项"
    return NoLedger(Problem("no_items", "该评价还没有整改事项", found=evaluation, fix=fix))


def _final(stored: StoredRun, run: str, register: Register, *, opening: bool) -> StoredRun:
    """The run a review ended with; of an evaluation without a review the one that was named.

    Only what becomes an item has to be from there: a register can be read while its review goes on again.
    """
    counted = without_rectification(register.state.events)
    if not counted:
        return stored
    head = counted[-1].hash
    if stored.result().ledger_head == head:
        return stored
    named = Path(run).resolve() == stored.folder.resolve()
    found = None if named else next((r for r in all_runs(stored) if r.result().ledger_head == head), None)
    if found is None and not opening:
        return stored
    if found is None:
        fix = f"请写评价编号,或先运行 workbench run 写出第{counted[-1].seq}号事件之后的运行"
        message = "这次运行不是评审台账最后一步之后的运行,其中的问题可能已有变动"
        raise CheckFailed(Problem("not_final_run", message, Place(stored.folder.name), fix=fix))
    return found
