"""Recognising what has not changed: from a receipt, without opening a plan, in well under a millisecond each.

All of it has to be as it was: the plan as written, what was asked for beside it, what is installed, evidence and attachments
(those that were missing too), the ledger's head, and the run folder. Whatever differs is run, and a run has its own way to see
that it would be the same.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.base.canon import digest, digest_file, digest_of
from workbench.base.errors import Problem, WorkbenchError
from workbench.runs.batch.inputs import Now, content_digest
from workbench.runs.batch.receipts import Receipt
from workbench.runs.batch.task import Outcome, Task
from workbench.runs.store import MANIFEST, StoredRun, runs_root

PASSING = frozenset(
    {
        *("died", "kernel_died", "cell_timeout", "run_timeout", "not_writable", "evidence_moved", "internal"),
        *("input_missing", "input_unreadable", "cluster_internal", "arrived_other", "arrived_path"),
        *("file_changed", "file_lost", "file_extra"),  # of a run that came back from a worker
    }
)
"""Codes of failures that another start may not meet: these are tried again whatever the inputs say."""
PASSING_IN_CELLS = ("MemoryError", "OSError", "CheckFailed")
"""What a cell fails with in the same way: no memory, a full disk, evidence that changed while it was computed."""


@dataclass
class Recogniser:
    """Compares receipts with what is there now.

    Attributes:
        installed: see :func:`workbench.runs.batch.installed.installed_digest`.
        resume: a failure whose inputs are the same is left as it is.
    """

    workspace: Path
    installed: str
    resume: bool = False

    def __post_init__(self) -> None:
        self._now = Now(self.workspace)

    def asked(self, task: Task) -> str:
        """Digest of everything that is known before the plan is opened."""
        return digest_of([content_digest(task.plan, task.workspace), task.overrides, self.installed])

    def kept(self, task: Task, asked: str, receipt: Receipt | None) -> Receipt | None:
        """The receipt that still holds, or None: then the plan has to be run."""
        if receipt is None or task.force or receipt.asked != asked or not self._now.same(receipt.outcome.inputs):
            return None
        if receipt.outcome.failed:
            return receipt if self.resume and not any(map(_may_pass, receipt.outcome.problems)) else None
        folder = runs_root(task.workspace, task.out) / receipt.outcome.folder
        if not receipt.stamp:
            return None
        now = stamp(folder)
        if now == receipt.stamp:
            return receipt
        # Copied, restored, touched, or changed: only its bytes tell.
        return replace(receipt, stamp=now) if _whole(folder, receipt.manifest) else None

    def receipt(self, task: Task, asked: str, outcome: Outcome) -> Receipt:
        """The receipt of what has just ended."""
        if not outcome.folder:
            return Receipt(asked, outcome)
        folder = runs_root(task.workspace, task.out) / outcome.folder
        try:
            return Receipt(asked, outcome, digest_file(folder / MANIFEST), stamp(folder))
        except OSError:  # taken away at once: next time it is run again
            return Receipt(asked, outcome)


def _may_pass(problem: Problem) -> bool:
    told = problem.code == "cell_failed" and problem.message.rpartition(":")[2] in PASSING_IN_CELLS
    return told or problem.code in PASSING


def _whole(folder: Path, manifest: str) -> bool:
    """Whether the folder still has the manifest of its receipt, and every file as that says."""
    try:
        if digest_file(folder / MANIFEST) != manifest:
            return False
        StoredRun(folder).check()
    except (OSError, WorkbenchError):
        return False
    return True


def stamp(folder: Path) -> str:
    """Digest over the name, size and times of every file of a folder; empty where there is none.

    A file that somebody writes to gets another time of change, which nobody can set back (``ctime``, where the system has it).
    """
    try:
        return digest("\n".join(sorted(_entries(str(folder)))).encode("utf-8", "surrogateescape"))
    except OSError:
        return ""


def _entries(top: str) -> list[str]:
    """A line for every file below a folder."""
    lines, folders = [], [(top, "")]
    while folders:
        folder, prefix = folders.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append((entry.path, f"{prefix}{entry.name}/"))
                else:
                    stat = entry.stat(follow_symlinks=False)
                    lines.append(f"{prefix}{entry.name}|{stat.st_size}|{stat.st_mtime_ns}|{stat.st_ctime_ns}")
    return lines
