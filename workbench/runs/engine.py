"""``workbench run``: a plan validated, its notebook executed by papermill, the run folder finished and moved into place."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.base.canon import digest_file
from workbench.base.errors import ExpressionError, NotebookError, Place, Problem, shorten
from workbench.runs.kernel import PLAIN, Engine, kernel_environment, transport
from workbench.runs.notebooks import code_cell_number, find_notebook, normalised, read_notebook
from workbench.runs.opening import open_plan
from workbench.runs.position import HEAD_VARIABLE
from workbench.runs.store import (
    NOTEBOOK,
    RESULT,
    STAGING_VARIABLE,
    StoredRun,
    finished,
    result_bytes,
    run_folder,
    runs_root,
    seal_folder,
    staged,
)
from workbench.runs.workspace import VARIABLE, find_workspace
from workbench.scheme.library import Library
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
    engine: Engine = PLAIN,
) -> Outcome:
    """Run one plan, with its review up to now where there is a ledger.

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
    return run_evaluation(evaluation, out=out, force=force, progress=progress, engine=engine)


def run_evaluation(
    evaluation: Evaluation,
    *,
    out: Path | None = None,
    force: bool = False,
    progress: Progress = lambda _: None,
    engine: Engine = PLAIN,
) -> Outcome:
    """Run what is opened already; see :func:`run_plan`."""
    root, folder = evaluation.workspace, run_folder(evaluation, out)
    notebook = notebook_of(evaluation)
    notebook_digest = digest_file(notebook)
    if not force and finished(folder, notebook_digest):
        with suppress(OSError):
            os.utime(folder)  # the run asked for last is the one `workbench show` means
        return Outcome(folder, StoredRun(folder).result(), reused=True)
    started = time.monotonic()
    # Computed here too: what no formula can take is told before a kernel starts, and the notebook's result is checked.
    expected = _computed(evaluation)
    with staged(folder) as work:
        executed = execute(notebook, evaluation, work, progress, engine)
        _check_saved(work, expected, notebook)
        (work / NOTEBOOK).write_bytes(normalised(executed))
        seal_folder(work, evaluation.digest, notebook_digest)
    _log(runs_root(root, out), evaluation, time.monotonic() - started)
    return Outcome(folder, StoredRun(folder).result(), reused=False)


def notebook_of(evaluation: Evaluation) -> Path:
    """The notebook that a run of it executes. Raises FileError when there is none."""
    pack = Library.of(evaluation.plugins.folders).packs[evaluation.plan.pack].path.parent
    name = evaluation.plan.notebook or evaluation.scheme.pack.notebook
    return find_notebook(name, evaluation.workspace, pack)


def _computed(evaluation: Evaluation) -> bytes:
    """The result the notebook has to save. Raises ExpressionError, naming the pack, for a formula that cannot be computed."""
    try:
        return result_bytes(evaluation)
    except ExpressionError as error:
        file = f"{evaluation.scheme.pack.id} pack.yaml"
        raise ExpressionError(p if p.place.file else p.at(file=file) for p in error.problems) from None


def execute(
    notebook: Path, evaluation: Evaluation, staging: Path, progress: Progress, engine: Engine = PLAIN
) -> dict[str, Any]:
    """Execute a notebook on a plan with papermill in a fresh kernel; its files go to ``staging``. Raises NotebookError."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    # Its warnings are English and say nothing that is not said here.
    logging.getLogger("papermill").addHandler(logging.NullHandler())
    source = read_notebook(notebook)
    plan = evaluation.plan.model_dump(mode="json", exclude_none=True)
    # The kernel starts in the workspace, wherever this command was given.
    extra = {
        STAGING_VARIABLE: str(staging.resolve()),
        VARIABLE: str(evaluation.workspace),
        HEAD_VARIABLE: str(evaluation.position),
    }
    progress(f"执行笔记本 {notebook.name}")
    try:
        with kernel_environment(extra), transport(engine) as kernel:
            executed = papermill.execute_notebook(
                source,
                None,
                parameters={"plan": plan},
                cwd=str(evaluation.workspace),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                record_timing=False,
                execution_timeout=CELL_SECONDS,
                autosave_cell_every=0,
                shutdown_kernel="immediate",
                **kernel,
                **engine.options,
            )
    except PapermillExecutionError as error:
        raise NotebookError(_stopped(notebook, source["cells"], error)) from error
    except TimeoutError as error:
        raise NotebookError(_timed_out(notebook, engine, error)) from error
    except RuntimeError as error:  # nbclient: the kernel died or never started
        fix = "可能内存不足,或笔记本中的代码结束了内核;请用 workbench lab 逐格运行查找原因"
        raise NotebookError(Problem("kernel_died", "笔记本内核意外退出", Place(notebook.name), fix=fix)) from error
    return dict(executed)


def _stopped(notebook: Path, cells: Sequence[Any], error: Any) -> Problem:
    message = f"第{code_cell_number(cells, error.cell_index)}个代码格出错:{error.ename}"
    return Problem(
        "cell_failed", message, Place(notebook.name), fix=shorten(" ".join(error.evalue.split()), SHOWN_ERROR)
    )


def _timed_out(notebook: Path, engine: Engine, error: TimeoutError) -> Problem:
    from workbench.warm.engine import RunTimeout

    place = Place(notebook.name)
    if isinstance(error, RunTimeout):
        fix = "请放宽时限,或用 workbench lab 逐格运行查找原因"
        return Problem("run_timeout", f"笔记本运行超过{engine.seconds}秒,已中止", place, fix=fix)
    return Problem("cell_timeout", f"有代码格运行超过{CELL_SECONDS}秒,已中止", place)


def _check_saved(work: Path, expected: bytes, notebook: Path) -> None:
    """The notebook has saved the result of this plan. Raises NotebookError."""
    place, saved = Place(notebook.name), work / RESULT
    if not saved.is_file():
        fix = "请在最后一格调用 evaluation.save()"
        raise NotebookError(Problem("not_saved", "笔记本执行完毕但没有保存结果", place, fix=fix))
    if saved.read_bytes() != expected:
        fix = "请用参数 plan 打开计划(evaluation = wb.open(plan)),并保存这个 evaluation"
        raise NotebookError(Problem("other_result", "笔记本保存的不是这份计划算得的结果", place, fix=fix))


def _log(root: Path, evaluation: Evaluation, seconds: float) -> None:
    """Timings stay outside the run folder: they would make equal runs differ."""
    log = root / "log" / f"{evaluation.plan.evaluation}.log"
    with suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            stream.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {evaluation.short_digest} {seconds:.2f}s\n")
