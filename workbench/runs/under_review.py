"""Which run a review is about: the one its ledger names, never in silence whatever was run last.

``workbench run --set …`` tries something out; experts must not find themselves judging that.
"""

from __future__ import annotations

import json
from pathlib import Path

from workbench.base.errors import CheckFailed, Place, Problem
from workbench.review.events import Opened
from workbench.runs.carried import reviewed_digest
from workbench.runs.position import events_of
from workbench.runs.sealed import origin_of
from workbench.runs.store import PLAN, StoredRun, all_runs, find_run

COUNT = (
    "要评审,请删去计划中的 experts 一行,运行 workbench run,再打开新的运行;"
    "要另组评审组重新评审,请对评价档案用 workbench rerun --panel new"
)
_DIGITS = 16
SWITCH = "确需在该运行上继续评审的,请主评人加 --switch 重新打开;评审台账接着使用,不再适用的意见会逐项标明"


def run_under_review(name: str, workspace: Path, *, switch: bool = False) -> StoredRun:
    """The run to review.

    Args:
        name: evaluation id, or a run folder.
        switch: take the folder, or the latest run of the evaluation, even where the ledger is about another one.

    Raises:
        FileError: no such run.
        CheckFailed: the ledger is about another run than this folder, or about one that is not there any more; or this one does
            not count the experts' points.
    """
    latest = find_run(name, workspace)
    base = reviewed_base(workspace, latest.result().evaluation)
    if switch or base is None or belongs(latest, base):
        return _reviewable(latest)
    named = Path(name).resolve() == latest.folder.resolve()
    found = None if named else latest_on(latest, base)
    if found is None:
        raise CheckFailed(Problem("other_run", _which(_reviewable(latest), base, workspace, named=named), fix=SWITCH))
    return found


def _which(other: StoredRun, base: str, workspace: Path, *, named: bool) -> str:
    """Which run the experts have judged, and which one is here."""
    judged, here = base[:_DIGITS], other.folder.name
    text = f"评审所依据的是另一次运行 {judged},不是 {here}"
    if not named:
        text = f"评审所依据的运行 {judged} 不在运行文件夹中,这里最近一次运行是 {here}"
    origin = origin_of(workspace)
    changed = origin is not None and bool(origin.changed)
    return f"{text}:专家评的是原评价,{here} 是改动后重新评价的,还没有人评过" if changed else text


def counts_experts(stored: StoredRun) -> bool:
    """Whether the run's plan lets the points of a review count. Raises CheckFailed when the plan is lost or was changed."""
    return bool(json.loads(stored.unchanged(PLAN))["plan"].get("experts") != "ignored")


def _reviewable(stored: StoredRun) -> StoredRun:
    if not counts_experts(stored):
        message = "这次运行不计专家评审(计划中 experts: ignored),不能据以评审"
        raise CheckFailed(Problem("experts_ignored", message, Place(stored.folder.name), fix=COUNT))
    return stored


def latest_on(stored: StoredRun, base: str) -> StoredRun | None:
    """Of the runs beside one, the latest that belongs to a computed run."""
    return next((run for run in all_runs(stored) if belongs(run, base)), None)


def last_run(stored: StoredRun, base: str) -> str | None:
    """Where the last run with a part of the review is, as a sentence; None before one was written."""
    latest = latest_on(stored, base)
    if latest is None or not latest.result().ledger_head:
        return None
    folder = latest.folder
    return f"最近写出的运行:{folder.parent.parent.name}/{folder.parent.name}/{folder.name}"


def newer_than(stored: StoredRun, workspace: Path) -> StoredRun | None:
    """The latest run to review of the evaluation where it is not on what this one was computed from; None where it is."""
    latest = next((run for run in all_runs(stored) if counts_experts(run)), stored)
    base = reviewed_base(workspace, stored.result().evaluation)
    return None if base is None or belongs(latest, base) else latest


def reviewed_base(workspace: Path, evaluation: str) -> str | None:
    """Digest of the computed run the review is about now; None before there is a review."""
    opened = [e.body.run for e in events_of(workspace, evaluation) if isinstance(e.body, Opened)]
    return opened[-1] if opened else None


def belongs(stored: StoredRun, base: str) -> bool:
    """Whether a run is the computed one, or that one with a part of its review."""
    made_of = stored.manifest().get("digest")
    return made_of in (base, reviewed_digest(base, stored.result().ledger_head))
