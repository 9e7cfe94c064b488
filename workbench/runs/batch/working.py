"""What one process does for one plan, wherever it runs. Whatever goes wrong is in the answer; nothing is raised."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
        evaluated=_evaluated(evaluation),
    )


def _opened(task: Task) -> Evaluation:
    from workbench.runs.opening import open_plan

    return open_plan(task.plan, workspace=task.workspace, overrides=task.overrides)


def _pack_of(evaluation: Evaluation) -> str:
    return f"{evaluation.scheme.pack.title}({evaluation.scheme.pack.id})"


def _evaluated(evaluation: Evaluation) -> str:
    return evaluation.plan.parties.evaluated or ""


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
        evaluated=_evaluated(evaluation),
    )
    subjects = sum(role != PEER for role in evaluation.evidence.subjects.texts("role"))
    return Checked(outcome, subjects, len(evaluation.scheme.tree), plan.evidence, same)


def _failed(task: Task, problems: tuple[Problem, ...] | list[Problem]) -> Outcome:
    if not isinstance(task.plan, Mapping):
        return Outcome(task.name, "failed", problems=tuple(problems), inputs=inputs_named(task))
    return replace(refused(task.name, task.plan, [_of_row(p, task) for p in problems]), inputs=inputs_named(task))


def refused(name: str, plan: Mapping[str, Any], problems: Iterable[Problem]) -> Outcome:
    """The failure of a register's row, called as the row calls itself."""
    parties = plan.get("parties")
    told = [plan.get("evaluation"), plan.get("title"), parties.get("evaluated") if isinstance(parties, dict) else None]
    evaluation, title, evaluated = (str(text) if text is not None else "" for text in told)
    return Outcome(name, "failed", evaluation, title, problems=tuple(dict.fromkeys(problems)), evaluated=evaluated)


def _of_row(problem: Problem, task: Task) -> Problem:
    """A problem of a row's plan, which is no file, by the row; also evidence that is not where the row says."""
    assert isinstance(task.plan, Mapping)
    place, evidence = problem.place, str(task.plan.get("evidence"))
    if place.file == "计划":
        return problem.at(file=task.name, line=None)
    if place.row is None and place.sheet is None and not _is_there(task.workspace / evidence):
        fix = "路径从工作区文件夹写起,如 params/evidence/项目.xlsx;" + (problem.fix or "")
        moved = problem.at(file=task.name, field="佐证资料", line=None)
        return replace(moved, found=problem.found or evidence, fix=fix.rstrip(";"))
    return problem


def _is_there(path: Path) -> bool:
    with suppress(OSError):  # a name no file can have
        return path.exists()
    return False


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
