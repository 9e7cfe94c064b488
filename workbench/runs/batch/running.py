"""Runs a batch: what is unchanged is told first, the rest goes to a runner, what crashed is tried once more at the end."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from functools import partial

from workbench.base.errors import Problem
from workbench.runs.batch.installed import installed_digest
from workbench.runs.batch.lock import Locked
from workbench.runs.batch.planned import Planned
from workbench.runs.batch.receipts import RECEIPTS, Receipts
from workbench.runs.batch.task import Outcome, Task
from workbench.runs.batch.unchanged import Recogniser
from workbench.runs.batch.working import Checked, check, work
from workbench.runs.pool import Ended, spread
from workbench.runs.stopping import NEVER, Stop

Runner = Callable[[Sequence[Task]], Generator[Ended[Task, Outcome], None, None]]
"""Does tasks wherever it likes and tells each end; no answer: what did it died on it. Asked to stop, it begins no further one, tells
the ends of those that have begun, and ends."""
CRASHES = frozenset({"kernel_died"})
"""Codes of failures that are as good as a death of the process."""


def local_runner(workers: int, stop: Stop = NEVER) -> Runner:
    """Processes of this machine, at most so many at a time, until somebody asks to stop."""
    return partial(spread, work, workers=workers, stop=stop, apart=True)


def run_batch(planned: Planned, *, runner: Runner, resume: bool = False) -> Generator[Outcome, None, None]:
    """Run what has to be run; every task's outcome comes as soon as it is known, and its receipt is written before.

    Where the runner is asked to stop, what has begun comes with its end and a later start goes on with the rest. Left early, it
    goes on with all that has not come.

    Args:
        resume: what failed and has not changed since is left as it is.

    Raises:
        FileError: a batch of this name is running. NotWritten: its folder takes no files.
    """
    yield from planned.refused
    with Locked(planned.folder), Receipts(planned.folder / RECEIPTS) as receipts:
        planned.write()
        receipts.begin([task.name for task in planned.tasks])
        batch = _Batch(planned, receipts, resume=resume)
        yield from batch.unchanged()
        yield from batch.run(runner)


def check_batch(planned: Planned, workers: int) -> Generator[Checked, None, None]:
    """Open every plan and execute none; what is wrong with each is in its outcome.

    Raises:
        FileError: a batch of this name is running, and a register's rows cannot be turned into evidence meanwhile.
    """
    yield from map(Checked, planned.refused)
    with Locked(planned.folder) if planned.unwritten else nullcontext():
        planned.write()
        with closing(spread(check, planned.tasks, workers)) as over:
            for ended in over:
                yield ended.answer or Checked(_died(ended.task))


class _Batch:
    """One start: what is left to do, and how it is kept."""

    def __init__(self, planned: Planned, receipts: Receipts, *, resume: bool) -> None:
        self._receipts = receipts
        self._tasks = planned.tasks
        self._recogniser = Recogniser(planned.workspace, installed_digest(planned.workspace), resume)
        self._asked: dict[str, str] = {}
        self.todo: list[Task] = []

    def unchanged(self) -> Iterator[Outcome]:
        """What need not be run; the others are :attr:`todo` afterwards."""
        for task in self._tasks:
            asked = self._recogniser.asked(task)
            before = self._receipts.find(task.name, asked)
            receipt = self._recogniser.kept(task, asked, before)
            if receipt is None:
                self._asked[task.name] = asked
                self.todo.append(task)
                continue
            if receipt is not self._receipts.known.get(task.name):
                self._receipts.add(receipt)
            yield receipt.outcome

    def run(self, runner: Runner) -> Iterator[Outcome]:
        """All that is left, and what crashed a second time."""
        crashed: list[Task] = []
        for ended in _over(runner, self.todo):
            if _crashed(ended):
                crashed.append(ended.task)
            else:
                yield self._kept(ended, 1)
        for ended in _over(runner, crashed):
            yield self._kept(ended, 2)

    def _kept(self, ended: Ended[Task, Outcome], attempts: int) -> Outcome:
        task = ended.task
        outcome = replace(ended.answer or _died(task), attempts=attempts)
        self._receipts.add(self._recogniser.receipt(task, self._asked[task.name], outcome))
        return outcome


def _crashed(ended: Ended[Task, Outcome]) -> bool:
    answer = ended.answer
    return answer is None or (answer.failed and any(problem.code in CRASHES for problem in answer.problems))


def _died(task: Task) -> Outcome:
    fix = "可能是内存不足或被系统终止;请用 --workers 1 重新运行,仍不行请单独运行这份计划"
    problem = Problem("died", "运行这份计划的进程两次意外终止", fix=fix)
    return Outcome(task.name, "failed", problems=(problem,))


def _over(runner: Runner, tasks: Sequence[Task]) -> Iterator[Ended[Task, Outcome]]:
    """What the runner tells; it is stopped when nobody listens any more."""
    if tasks:
        with closing(runner(tasks)) as ends:
            yield from ends
