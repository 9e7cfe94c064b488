"""A batch as it runs: a crash is tried once more, a failure stops nothing, a stop keeps what is done, two at once do not meet."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from workbench.base.errors import FileError, Problem
from workbench.runs.batch.inputs import ABSENT, inputs_named
from workbench.runs.batch.lock import Locked
from workbench.runs.batch.planned import Planned, Wanted, plan_batch
from workbench.runs.batch.running import check_batch, local_runner, run_batch
from workbench.runs.batch.task import Outcome, Task
from workbench.runs.batch.working import work
from workbench.runs.pool import Ended, spread


def done(task: Task) -> Outcome:
    """What a worker of a test answers: nothing was run."""
    return Outcome(task.name, "run", evaluation=task.name)


def dying(task: Task, folder: Path, times: int) -> Outcome:
    """Kills its process ``times`` times on the task called b."""
    if task.name == "b":
        marks = len(list(folder.iterdir()))
        if marks < times:
            (folder / str(marks)).touch()
            os._exit(9)
    return done(task)


@pytest.fixture
def planned(tmp_path: Path) -> Planned:
    return Planned("x", tmp_path, None, [Task(name, {}, tmp_path) for name in "abc"])


@pytest.mark.parametrize(("times", "state", "attempts"), [(1, "run", 2), (2, "failed", 2)])
def test_a_worker_that_is_killed_is_tried_once_more(
    planned: Planned, tmp_path: Path, times: int, state: str, attempts: int
) -> None:
    folder = tmp_path / "marks"
    folder.mkdir()
    runner = partial(spread, partial(dying, folder=folder, times=times), workers=2, apart=True)
    outcomes = {o.task: o for o in run_batch(planned, runner=runner)}
    assert (outcomes["b"].state, outcomes["b"].attempts) == (state, attempts)
    assert [p.code for p in outcomes["b"].problems] == (["died"] if state == "failed" else [])
    assert {outcomes[name].state for name in "ac"} == {"run"} and outcomes["a"].attempts == 1


def test_a_batch_of_this_machine_never_runs_in_its_own_process(planned: Planned, tmp_path: Path) -> None:
    """What crashed is tried again alone, and one task alone once was done in the process that keeps the batch."""
    [ended] = local_runner(1)([Task("a", {"evidence": "x"}, tmp_path)])
    assert ended.answer is not None and ended.answer.failed
    folder = tmp_path / "marks"
    folder.mkdir()
    alone = partial(spread, partial(dying, folder=folder, times=9), workers=1, apart=True)
    assert [end.answer for end in alone([Task("b", {}, tmp_path)])] == [None]


def test_what_cannot_even_be_looked_for_is_told_and_is_no_crash(workspace: Path) -> None:
    """A name that no file can have made the failure itself fail; a pipe was read for ever."""
    if hasattr(os, "mkfifo"):
        os.mkfifo(workspace / "params/evidence/pipe")
    for evidence in ("长" * 300, "params/evidence/pipe", "/dev/zero"):
        outcome = work(Task("x", {"evidence": evidence, "evaluation": "x"}, workspace))
        assert outcome.failed and [p.code for p in outcome.problems] != ["internal"]
    assert inputs_named(Task("x", {"evidence": "params/evidence/pipe"}, workspace)) == (
        ("params/evidence/pipe", ABSENT),
    )


def test_a_kernel_that_dies_is_a_crash_and_other_failures_are_not(planned: Planned) -> None:
    calls: list[str] = []

    def runner(tasks: Sequence[Task]) -> Iterator[Ended[Task, Outcome]]:
        for task in tasks:
            calls.append(task.name)
            code = {"a": "kernel_died", "b": "cell_failed"}.get(task.name)
            failed = replace(done(task), state="failed", problems=(Problem(code or "", "x"),))
            yield Ended(task, failed if code else done(task))

    outcomes = {o.task: (o.state, o.attempts) for o in run_batch(planned, runner=runner)}
    assert calls == ["a", "b", "c", "a"]
    assert outcomes == {"a": ("failed", 2), "b": ("failed", 1), "c": ("run", 1)}


def test_whoever_stops_listening_ends_the_runner_and_keeps_what_is_told(planned: Planned) -> None:
    ended: list[str] = []

    def runner(tasks: Sequence[Task]) -> Iterator[Ended[Task, Outcome]]:
        try:
            for task in tasks:
                yield Ended(task, done(task))
        finally:
            ended.append("closed")

    with closing(run_batch(planned, runner=runner)) as over:
        assert next(over).task == "a"
    assert ended == ["closed"]
    assert len((planned.folder / "receipts.jsonl").read_bytes().splitlines()) == 1
    with Locked(planned.folder):
        pass


def test_a_second_batch_of_the_name_is_refused_and_no_lock_outlives_its_process(planned: Planned) -> None:
    with Locked(planned.folder), pytest.raises(FileError) as told:
        next(run_batch(planned, runner=lambda tasks: (task for task in ())))
    assert told.value.problems[0].code == "batch_running" and str(os.getpid()) in str(told.value)
    lines = (
        "import os, sys; from pathlib import Path; from workbench.runs.batch.lock import Locked",
        "Locked(Path(sys.argv[1])).__enter__(); os._exit(9)",
    )
    script = "; ".join(lines)
    subprocess.run([sys.executable, "-c", script, str(planned.folder)], check=False)
    assert [o.state for o in run_batch(planned, runner=partial(spread, done, workers=1))] == ["run"] * 3


def test_a_failing_plan_is_told_with_its_place_and_the_others_are_run(
    workspace: Path, plans: Callable[..., list[Path]], quick: None
) -> None:
    plans(3)
    (workspace / "params/c-2.yaml").write_text("plan:\n  evaluation: [\n", "utf-8")
    (workspace / "params/evidence/c-3/项目资金.csv").write_text("预算数(万元)*\n很多\n", "utf-8")
    planned = plan_batch(Wanted(("params",)), workspace)
    outcomes = {o.task: o for o in run_batch(planned, runner=partial(spread, work, workers=1))}
    assert {name: o.state for name, o in outcomes.items()} == {
        "params/c-1.yaml": "run",
        "params/c-2.yaml": "failed",
        "params/c-3.yaml": "failed",
    }
    good = outcomes["params/c-1.yaml"]
    assert good.folder == f"c-1/{good.digest[:16]}" and (workspace / "runs" / good.folder / "manifest.json").is_file()
    assert [(v.total, v.grade) for v in good.verdicts] == [("98.00", "优")] and good.pack == "涵洞改造(culverts)"
    assert outcomes["params/c-2.yaml"].problems[0].place.line
    assert (bad := outcomes["params/c-3.yaml"].problems[0]).place.row == 2 and bad.place.field == "预算数"


def test_an_error_of_ours_is_told_and_kept_in_a_log(
    workspace: Path, plans: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **options: object) -> None:
        raise ZeroDivisionError("x")

    plans(1)
    monkeypatch.setattr("workbench.runs.engine.execute", broken)
    [outcome] = run_batch(plan_batch(Wanted(("params",)), workspace), runner=partial(spread, work, workers=1))
    assert outcome.problems[0].code == "internal" and "ZeroDivisionError" in outcome.problems[0].message
    assert "Traceback" in (workspace / "runs/log/batch.log").read_text("utf-8")


def test_a_check_opens_every_plan_and_writes_nothing(
    workspace: Path, plans: Callable[..., list[Path]], quick: None
) -> None:
    plans(2, notebook="nowhere.ipynb")
    plans(1)
    planned = plan_batch(Wanted(("params",)), workspace)
    checked = {c.outcome.task: c for c in check_batch(planned, 1)}
    assert not (workspace / "runs").exists()
    good, bad = checked["params/c-1.yaml"], checked["params/c-2.yaml"]
    assert (good.outcome.state, good.subjects, good.indicators, good.same) == ("checked", 1, 2, False)
    assert [p.code for p in bad.outcome.problems] == ["notebook_missing"]
    list(run_batch(planned, runner=partial(spread, work, workers=1)))
    assert [c.same for c in check_batch(planned, 1)] == [True, False]
