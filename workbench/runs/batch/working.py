"""What one process does for one plan, wherever it runs. Whatever goes wrong is in the answer; nothing is raised."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.base.errors import Problem, WorkbenchError, shorten
from workbench.evidence.standard import PEER
from workbench.runs.batch.inputs import inputs_named, inputs_of
from workbench.runs.batch.task import Outcome, Task, Verdict
from workbench.runs.store import runs_root

if TYPE_CHECKING:
    from workbench.runs.evaluation import Evaluation
    from workbench.scoring.result import RunResult

LOG = "batch.log"


@dataclass(frozen=True)
class Checked:
    """What ``--dry-run`` finds out about a plan: the outcome is ``checked`` or ``failed``; ``same``: nothing would be executed."""

    outcome: Outcome
    subjects: int = 0
    indicators: int = 0
    evidence: str = ""
    same: bool = False


def work(task: Task) -> Outcome:
    """Open the plan, run it unless the same run is there, and say what became of it."""
    started = time.monotonic()
    try:
        outcome = _done(task)
    except WorkbenchError as error:
        outcome = _failed(task, error.problems)
    except Exception as error:
        outcome = _failed(task, [_internal(task, error)])
    return replace(outcome, seconds=round(time.monotonic() - started, 3))


def check(task: Task) -> Checked:
    """Open the plan and find its notebook; nothing is executed and nothing is written."""
    try:
        return _checked(task)
    except WorkbenchError as error:
        return Checked(_failed(task, error.problems))
    except Exception as error:
        return Checked(_failed(task, [_internal(task, error)]))


def _done(task: Task) -> Outcome:
    from workbench.runs.engine import run_evaluation

    evaluation = _opened(task)
    done = run_evaluation(evaluation, out=task.out, force=task.force, engine=task.engine)
    result = done.result
    found = [*result.notes, *(line for subject in result.subjects for line in subject.findings)]
    return Outcome(
        task.name,
        "kept" if done.reused else "run",
        result.evaluation,
        result.title,
        done.folder.relative_to(runs_root(task.workspace, task.out)).as_posix(),
        evaluation.digest,
        _pack_of(evaluation),
        _verdicts(result),
        sum(line.severity == "error" for line in found),
        sum(line.severity == "warning" for line in found),
        inputs=inputs_of(evaluation),
    )


def _opened(task: Task) -> Evaluation:
    from workbench.runs.opening import open_plan

    return open_plan(task.plan, workspace=task.workspace, overrides=task.overrides)


def _pack_of(evaluation: Evaluation) -> str:
    return f"{evaluation.scheme.pack.title}({evaluation.scheme.pack.id})"


def _verdicts(result: RunResult) -> tuple[Verdict, ...]:
    return tuple(
        Verdict(s.id, s.name, s.total, s.interval[0], s.interval[1], s.grade, s.provisional) for s in result.subjects
    )


def _checked(task: Task) -> Checked:
    from workbench.base.canon import digest_file
    from workbench.runs.engine import notebook_of
    from workbench.runs.store import finished, run_folder

    evaluation = _opened(task)
    folder = run_folder(evaluation, task.out)
    same = not task.force and finished(folder, digest_file(notebook_of(evaluation)))
    plan = evaluation.plan
    outcome = Outcome(
        task.name,
        "checked",
        plan.evaluation,
        plan.title,
        folder.relative_to(runs_root(task.workspace, task.out)).as_posix(),
        evaluation.digest,
        _pack_of(evaluation),
    )
    subjects = sum(role != PEER for role in evaluation.evidence.subjects.texts("role"))
    return Checked(outcome, subjects, len(evaluation.scheme.tree), plan.evidence, same)


def _failed(task: Task, problems: tuple[Problem, ...] | list[Problem]) -> Outcome:
    named = ""
    if isinstance(task.plan, Mapping):
        # The row is the plan's file.
        problems = [p.at(file=task.name, line=None) if p.place.file == "计划" else p for p in problems]
        named = str(task.plan.get("evaluation", ""))
    return Outcome(task.name, "failed", named, problems=tuple(problems), inputs=inputs_named(task))


def _internal(task: Task, error: Exception) -> Problem:
    """An error of ours, told without a traceback, which is kept in the log beside those of single runs."""
    log = runs_root(task.workspace, task.out) / "log" / LOG
    with suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            stream.write(f"{task.name}\n{''.join(traceback.format_exception(error))}\n")
    what = shorten(f"{type(error).__name__}: {error}")
    fix = f"详细记录在 {log.parent.name}/{LOG},请连同它反馈给维护人员;其他计划不受影响"
    return Problem("internal", f"运行这份计划时程序出错({what})", fix=fix)
