"""Which run a review is about: the one its ledger names, never in silence whatever was run last.

``workbench run --set …`` tries something out; experts must not find themselves judging that.
"""

from __future__ import annotations

from pathlib import Path

from workbench.base.errors import CheckFailed, Problem
from workbench.review.events import Opened
from workbench.runs.carried import reviewed_digest
from workbench.runs.position import events_of
from workbench.runs.store import StoredRun, all_runs, find_run

SWITCH = "确需在该运行上继续评审的,请主评人加 --switch 重新打开;评审台账接着使用,不再适用的意见会逐项标明"


def run_under_review(name: str, workspace: Path, *, switch: bool = False) -> StoredRun:
    """The run to review.

    Args:
        name: evaluation id, or a run folder.
        switch: take the folder, or the latest run of the evaluation, even where the ledger is about another one.

    Raises:
        FileError: no such run.
        CheckFailed: the ledger is about another run than this folder, or about one that is not there any more.
    """
    latest = find_run(name, workspace)
    base = reviewed_base(workspace, latest.result().evaluation)
    if switch or base is None or belongs(latest, base):
        return latest
    if Path(name).resolve() == latest.folder.resolve():
        message = "评审所依据的是另一次运行"
        raise CheckFailed(Problem("other_run", message, found=latest.folder.name, expected=base[:16], fix=SWITCH))
    found = latest_on(latest, base)
    if found is None:
        message = "评审所依据的运行不在运行文件夹中"
        raise CheckFailed(Problem("other_run", message, found=latest.folder.name, expected=base[:16], fix=SWITCH))
    return found


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
    """The latest run of the evaluation where it is not on what this one was computed from; None where it is."""
    latest = all_runs(stored)[0]
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
