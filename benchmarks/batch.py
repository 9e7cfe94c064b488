"""A batch of 10,000 plans: what the scheduler costs beside the runs, and a finished batch started again. Goals: 5 ms a plan, 10 s.

The plans are one real plan under other ids, the run folders are copies of its run (7 GB), so that nothing but the batch itself is
measured.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from workbench.base.canon import digest
from workbench.runs.batch.planned import Planned, Wanted, plan_batch
from workbench.runs.batch.running import run_batch
from workbench.runs.batch.summary import write_summary
from workbench.runs.batch.task import Outcome, Task
from workbench.runs.batch.working import work
from workbench.runs.pool import Ended, spread

ROOT = Path(__file__).resolve().parents[1]
NAME = "huangshi_sponge_2022"
PLANS, WORKERS = 10_000, 2
GOAL_PER_PLAN_MS, GOAL_RESUME_S = 5.0, 10.0


def main() -> list[dict[str, Any]]:
    """Rows as :mod:`run` prints them."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        template = _one_run(workspace)
        _plans(workspace, template)
        answer = partial(_there_already, template=template)
        started = time.perf_counter()
        planned = _planned(workspace)
        outcomes = list(run_batch(planned, runner=partial(spread, answer, workers=WORKERS)))
        per_plan = (time.perf_counter() - started) / PLANS * 1000
        assert len(outcomes) == PLANS and not any(outcome.failed for outcome in outcomes)
        write_summary(planned, outcomes)
        resumes = [_resumed(workspace) for _ in range(3)]
    return [
        _row(
            "10,000 plans, none executed: cost of a plan beside its run",
            f"{per_plan:.2f} ms",
            per_plan,
            GOAL_PER_PLAN_MS,
            "ms",
        ),
        _row(
            "10,000 plans, all unchanged: resume",
            f"{statistics.median(resumes):.1f} s",
            statistics.median(resumes),
            GOAL_RESUME_S,
            "s",
        ),
    ]


def _row(what: str, ours: str, measured: float, goal: float, unit: str) -> dict[str, Any]:
    return {
        "what": what,
        "baseline": f"goal {goal:g} {unit}",
        "ours": ours,
        "ratio": round(measured / goal, 2),
        "goal": "≤ 1",
        "met": measured <= goal,
    }


def _one_run(workspace: Path) -> Outcome:
    """A real run of a published plan, by the way every plan of a batch goes."""
    for name in ("params/evidence", "notebooks", "source"):
        (workspace / name).mkdir(parents=True)
    shutil.copy(ROOT / "params/evidence" / f"{NAME}.xlsx", workspace / "params/evidence")
    shutil.copy(ROOT / "params" / f"{NAME}.yaml", workspace / "source")
    outcome = work(Task(NAME, workspace / "source" / f"{NAME}.yaml", workspace))
    assert not outcome.failed, outcome.problems
    return outcome


def _plans(workspace: Path, template: Outcome) -> None:
    """Plans and run folders."""
    text = (workspace / "source" / f"{NAME}.yaml").read_text("utf-8")
    own = f"evaluation: {template.evaluation}\n"
    assert own in text
    for number in range(PLANS):
        name = f"p{number:05}"
        (workspace / "params" / f"{name}.yaml").write_text(text.replace(own, f"evaluation: {name}\n"), "utf-8")
        shutil.copytree(workspace / "runs" / template.folder, workspace / "runs" / _folder(name))


def _folder(name: str) -> str:
    return f"{name}/{digest(name.encode())[:16]}"


def _planned(workspace: Path) -> Planned:
    planned = plan_batch(Wanted(("params",)), workspace)
    assert len(planned.tasks) == PLANS
    return planned


def _there_already(task: Task, template: Outcome) -> Outcome:
    """What stands for a run."""
    name = Path(task.name).stem
    inputs = tuple((f"ledger:{name}" if key.startswith("ledger:") else key, value) for key, value in template.inputs)
    values = {"task": task.name, "state": "run", "evaluation": name, "folder": _folder(name), "inputs": inputs}
    return Outcome(**{**vars(template), **values})


def _nothing(tasks: Sequence[Task]) -> Generator[Ended[Task, Outcome], None, None]:
    assert not tasks
    yield from ()


def _resumed(workspace: Path) -> float:
    """Seconds from the request to the summary."""
    started = time.perf_counter()
    planned = _planned(workspace)
    outcomes = list(run_batch(planned, runner=_nothing, resume=True))
    write_summary(planned, outcomes)
    seconds = time.perf_counter() - started
    assert len(outcomes) == PLANS and {outcome.state for outcome in outcomes} == {"kept"}
    return seconds


if __name__ == "__main__":
    for row in main():
        print(row)
