"""A run that comes back from a worker: compared with its manifest byte by byte, then put among the others whole."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath

from workbench.base.errors import CheckFailed, Place, Problem, WorkbenchError
from workbench.base.filenames import name_fault
from workbench.base.writing import write_file
from workbench.runs.batch.cluster.workplace import Returned
from workbench.runs.batch.inputs import LEDGER, Now
from workbench.runs.batch.task import Outcome, Task
from workbench.runs.store import StoredRun, runs_root, staged

_AGAIN = "请再运行一次;仍然如此时请检查该机器的内存和网络"


def arrived(task: Task, returned: Returned, sources: Mapping[str, Path]) -> Outcome:
    """Put a run into ``runs/``; the outcome as it is then, failed where the run is not what it has to be.

    Args:
        sources: digest → where on this machine the files lie that were sent and did not come back.
    """
    outcome = returned.outcome
    _log(task, returned.logs)
    if not returned.files:
        return outcome
    try:
        _same_inputs(task, outcome)
        with staged(_folder(task, outcome.folder)) as work:
            for name, data in returned.files.items():
                write_file(work / _safe(name), data)
            for name, sha256 in returned.sent.items():
                write_file(work / _safe(name), sources[sha256].read_bytes())
            _check(StoredRun(work), outcome)
    except WorkbenchError as error:
        return replace(outcome, state="failed", folder="", verdicts=(), problems=error.problems)
    return outcome


def _check(stored: StoredRun, outcome: Outcome) -> None:
    stored.check()
    if stored.manifest().get("digest") != outcome.digest:
        raise CheckFailed(Problem("arrived_other", "传回的不是这份计划的运行", Place(outcome.folder), fix=_AGAIN))


def _same_inputs(task: Task, outcome: Outcome) -> None:
    """What the worker has read is what lies here, as far as it lies here."""
    problems, now = [], Now(task.workspace)
    for name, sha256 in outcome.inputs:
        if name.startswith(LEDGER) or name.endswith("/") or not sha256 or not (task.workspace / name).is_file():
            continue
        if now.digest(name) != sha256:
            message = "集群读到的文件与本机的不同(位置相同、内容不同)"
            fix = "请把同一份文件放到两处,或改动后重新运行"
            problems.append(Problem("input_differs", message, Place(name), sha256[:16], fix=fix))
    if problems:
        raise CheckFailed(problems)


def _folder(task: Task, name: str) -> Path:
    parts = PurePosixPath(name).parts
    if len(parts) != 2:
        raise _unsafe(name)
    return runs_root(task.workspace, task.out) / _safe(name)


def _safe(name: str) -> str:
    """A path that stays within its folder. Raises CheckFailed for any other."""
    if name.startswith("/") or any(name_fault(part) for part in name.split("/")):
        raise _unsafe(name)
    return name


def _unsafe(name: str) -> CheckFailed:
    return CheckFailed(Problem("arrived_path", "传回的文件名超出运行文件夹", found=name, fix=_AGAIN))


def _log(task: Task, logs: Mapping[str, bytes]) -> None:
    """Times and errors of ours go where those of local runs are."""
    folder = runs_root(task.workspace, task.out) / "log"
    for name, data in logs.items():
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / _safe(name)).open("ab") as stream:
                stream.write(data)
