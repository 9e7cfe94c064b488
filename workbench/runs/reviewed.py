"""The run a step of the review calls for: merge, sign-off, reopening, revision, 定稿, a correction after a merge.

It is made from the plan kept in the run folder under review, which is what the experts judged. A plan file edited since is
another evaluation: ``workbench run`` runs it, and the review goes on with that run when it is opened for review.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from workbench.base.errors import CheckFailed, LedgerError, Place, Problem
from workbench.review.desk import due
from workbench.review.events import Event
from workbench.review.state import State
from workbench.runs.carried import reviewed_digest
from workbench.runs.engine import Outcome, Progress, run_evaluation
from workbench.runs.evaluation import SHORT
from workbench.runs.opening import open_plan
from workbench.runs.position import Position, events_of, position_at
from workbench.runs.store import MANIFEST, PLAN, StoredRun


def publish_run(run: Path, workspace: Path, head: str, progress: Progress = lambda _: None) -> Outcome:
    """Write the run of the ledger as it was right after one event; a run that is there already is given back.

    It starts a kernel and changes folder and environment of its process meanwhile, so a process that does other things leaves
    it to one of its own.

    Args:
        run: the run folder under review.
        head: hash of the event. Whatever was recorded after it does not count.
        progress: told in Chinese what is being done.

    Raises:
        CheckFailed: evidence, pack, rules or program are no longer those the review is about; the event stays recorded.
        LedgerError: the ledger has no such event.
        WorkbenchError: the plan can no longer be opened, or the notebook stopped.
    """
    progress("检查计划、方案与佐证资料")
    plan = json.loads(StoredRun(run).unchanged(PLAN))["plan"]
    name = str(plan["evaluation"])
    position = _position(workspace, name, head)
    evaluation = open_plan(plan, workspace=workspace, upto=position)
    if evaluation.carried is None or evaluation.computed_digest != evaluation.carried.base:
        fix = "这一步已记入评审台账,没有丢失。请恢复原来的资料;确需采用新资料的,请重新运行该计划,再打开新的运行继续评审"
        message = "佐证资料、评价方案或程序在评审开始之后改过,没有写出新的运行"
        raise CheckFailed(Problem("run_moved", message, Place(run.name), fix=fix))
    # A run kept elsewhere (--out) has its successors beside it.
    out = run.resolve().parent.parent if run.resolve().parent.name == name else None
    return run_evaluation(evaluation, out=out, progress=progress)


def unwritten(run: Path, computed: str, events: Sequence[Event]) -> list[Event]:
    """Events that called for a run which is not there, because who wrote it was stopped; oldest first.

    Args:
        run: a run folder of the evaluation; the others lie beside it.
        computed: digest of the computed run under review. Runs on what it was about before can no longer be written.
    """
    state, found = State(), []
    for event in events:
        state.take([event])
        if state.opened is not None and state.opened.run == computed and due(event, state):
            folder = run.parent / reviewed_digest(computed, event.hash)[:SHORT]
            found += [] if (folder / MANIFEST).is_file() else [event]
    return found


def _position(workspace: Path, evaluation: str, head: str) -> Position:
    found = next((e for e in events_of(workspace, evaluation) if e.hash == head), None)
    if found is None:
        fix = f"请运行 workbench ledger verify {evaluation} 查看详情"
        raise LedgerError(Problem("head_missing", "评审台账中没有这条事件", found=head[:16], fix=fix))
    return position_at(found)
