"""``workbench run``: a plan validated, its notebook executed by papermill, the run folder finished and moved into place."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.base.errors import NotebookError, Place, Problem, shorten
from workbench.runs.kernel import kernel_environment, transport
from workbench.runs.notebooks import find_notebook, normalised
from workbench.runs.opening import open_plan
from workbench.runs.store import (
    NOTEBOOK,
    STAGING_VARIABLE,
    StoredRun,
    finished,
    run_folder,
    runs_root,
    seal_folder,
    staged,
)
from workbench.runs.workspace import VARIABLE, find_workspace
from workbench.scoring.result import RunResult

if TYPE_CHECKING:
    from workbench.runs.evaluation import Evaluation

CELL_SECONDS = 600
SHOWN_ERROR = 600
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a run left: its folder, its result, and whether it was there before."""

    folder: Path
    result: RunResult
    reused: bool


def run_plan(
    path: Path,
    *,
    out: Path | None = None,
    overrides: Sequence[str] = (),
    workspace: Path | None = None,
    force: bool = False,
    progress: Progress = lambda _: None,
) -> Outcome:
    """Run one plan.

    Args:
        out: where run folders go; ``runs/`` of the workspace when None.
        overrides: ``key=value`` texts that replace settings of the plan.
        force: execute again although the same run is there.
        progress: told in Chinese what is being done.

    Raises:
        WorkbenchError: invalid input (before any kernel starts).
        NotebookError: the notebook stopped.
    """
    root = workspace or find_workspace(path.parent if path.parent.is_dir() else None)
    progress("检查计划、方案与佐证资料")
    evaluation = open_plan(path, workspace=root, overrides=overrides)
    folder = run_folder(evaluation, out)
    if not force and finished(folder):
        os.utime(folder)  # the run asked for last is the one `workbench show` means
        return Outcome(folder, StoredRun(folder).result(), reused=True)
    started = time.monotonic()
    notebook = find_notebook(evaluation.plan.notebook or evaluation.scheme.pack.notebook, root)
    with staged(folder) as work:
        executed = execute(notebook, evaluation, work, progress)
        if not (work / "result.json").is_file():
            fix = "请在最后一格调用 evaluation.save()"
            raise NotebookError(Problem("not_saved", "笔记本执行完毕但没有保存结果", Place(notebook.name), fix=fix))
        (work / NOTEBOOK).write_bytes(normalised(executed))
        seal_folder(work, evaluation.digest)
    _log(runs_root(root, out), evaluation, time.monotonic() - started)
    return Outcome(folder, StoredRun(folder).result(), reused=False)


def execute(notebook: Path, evaluation: Evaluation, staging: Path, progress: Progress) -> dict[str, Any]:
    """Execute a notebook on a plan with papermill in a fresh kernel; its files go to ``staging``. Raises NotebookError."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    plan = evaluation.plan.model_dump(mode="json", exclude_none=True)
    extra = {STAGING_VARIABLE: str(staging), VARIABLE: str(evaluation.workspace)}
    progress(f"执行笔记本 {notebook.name}")
    output = staging / NOTEBOOK
    try:
        with kernel_environment(extra), transport() as kernel:
            executed = papermill.execute_notebook(
                str(notebook),
                str(output),
                parameters={"plan": plan},
                cwd=str(evaluation.workspace),
                kernel_name="python3",
                progress_bar=False,
                record_timing=False,
                execution_timeout=CELL_SECONDS,
                autosave_cell_every=0,
                shutdown_kernel="immediate",
                **kernel,
            )
    except PapermillExecutionError as error:
        raise NotebookError(_stopped(notebook, error)) from error
    except RuntimeError as error:  # nbclient: the kernel died or never started
        problem = Problem("kernel_died", "笔记本内核意外退出", Place(notebook.name), fix=shorten(error, SHOWN_ERROR))
        raise NotebookError(problem) from error
    return dict(executed)


def _stopped(notebook: Path, error: Any) -> Problem:
    place = Place(notebook.name, row=error.exec_count)
    message = f"第{error.exec_count}个代码格出错:{error.ename}"
    return Problem("cell_failed", message, place, fix=shorten(error.evalue, SHOWN_ERROR))


def _log(root: Path, evaluation: Evaluation, seconds: float) -> None:
    """Timings stay outside the run folder: they would make equal runs differ."""
    log = root / "log" / f"{evaluation.plan.evaluation}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {evaluation.short_digest} {seconds:.2f}s\n")
