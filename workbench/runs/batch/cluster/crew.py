"""The workers: waited for, compared with this machine, given what all plans need, and left without a trace at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from workbench.base.errors import Problem
from workbench.runs.batch.cluster import failures
from workbench.runs.batch.cluster.sending import Library
from workbench.runs.batch.cluster.workplace import leave, prepare

if TYPE_CHECKING:
    from distributed import Client

FIRST_WORD = 5.0
"""Seconds without workers until somebody is told."""
REMINDED = 30.0
_STEP = 0.2
_SETTLE = 1.0
"""Seconds the others have to appear after the first: they are mostly started together."""
_PREPARING = 120.0
_FAREWELL = 10.0
"""Dask itself waits without end for the answer of a worker that dies while it is asked."""


class Crew:
    """Who works for a batch."""

    def __init__(
        self, client: Client, batch: str, library: Library, expected: Mapping[str, str], tell: Callable[[str], None]
    ) -> None:
        self._client, self.batch, self._library, self._expected, self.tell = client, batch, library, expected, tell
        self.address = str(client.scheduler.address) if client.scheduler is not None else ""
        self._left_out: dict[str, Problem] = {}
        self.size = 0

    @property
    def equipment(self) -> tuple[Library, Mapping[str, str]]:
        """What a worker needs before it can run a plan."""
        return self._library, self._expected

    def gather(self, patience: float) -> None:
        """Wait for the first workers and prepare all there are. Raises ClusterError where none comes, or one may not take part."""
        began = told = time.monotonic()
        said = False
        while not self.count():
            now = time.monotonic()
            if now - began > patience:
                raise failures.ClusterError(failures.no_workers(now - began))
            if now - told > (REMINDED if said else min(FIRST_WORD, patience / 2)):
                said, told = True, now
                self.tell(f"调度器已连上,还没有工作进程,继续等待({now - began:.0f}秒)")
            time.sleep(_STEP)
        time.sleep(_SETTLE)
        problems = self._prepared(self._addresses())
        if problems:
            raise failures.refused(problems)
        self._tell_threads()

    def leave_out(self, worker: str, differences: Mapping[str, tuple[str, str]]) -> None:
        """A worker that came later and does not fit gets no more plans, which is told once."""
        if worker not in self._left_out:
            self._left_out[worker] = failures.differing(f"工作进程 {worker}", differences)
            self.tell(f"不用这个工作进程:{self._left_out[worker]}")

    def allowed(self, patience: float) -> list[str] | None:
        """Which workers may be given something; None: all. Raises ClusterError where for so long only unfit ones are there."""
        began = time.monotonic()
        while self._left_out:
            fit = [worker for worker in self._addresses() if worker not in self._left_out]
            if fit:
                return fit
            if time.monotonic() - began > patience:
                raise failures.refused(list(self._left_out.values()))
            time.sleep(_STEP)
        return None

    def count(self) -> int:
        """How many there are now."""
        self.size = len(self._addresses())
        return self.size

    def dismiss(self) -> None:
        """Every worker forgets the batch. One that does not answer has no scratch folder for long."""
        if self._client.status == "running":
            _within(_FAREWELL, partial(self._client.run, leave, self.batch, on_error="ignore"))

    def _addresses(self) -> list[str]:
        workers: Mapping[str, object] = self._client.scheduler_info(n_workers=-1)["workers"]
        return sorted(workers)

    def _prepared(self, workers: Sequence[str]) -> list[Problem]:
        ask = partial(self._client.run, prepare, self.batch, *self.equipment, workers=list(workers), on_error="return")
        answers = _within(_PREPARING, ask) or {}  # whoever did not answer is prepared with its first plan
        problems = []
        for worker, answer in sorted(answers.items()):
            if isinstance(answer, OSError):
                continue  # gone: another will be given its plans
            if isinstance(answer, BaseException):
                problems.append(failures.unable(f"工作进程 {worker}", answer))
            elif answer:
                problems.append(failures.differing(f"工作进程 {worker}", answer))
        return problems

    def _tell_threads(self) -> None:
        """A process runs one plan at a time: its other threads would only hold plans back from others."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        threads = max((int(worker["nthreads"]) for worker in workers), default=1)
        if threads > 1:
            self.tell(
                f"有的工作进程开了{threads}个线程,而一个进程同时只运行一份计划;请用 --nthreads 1、--nworkers 处理器数 启动"
            )


def _within(seconds: float, ask: Callable[[], Any]) -> Any:
    """An answer, or None where there is none in time."""
    answers: list[Any] = []

    def run() -> None:
        with suppress(Exception):
            answers.append(ask())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    return answers[0] if answers else None
