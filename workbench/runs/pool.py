"""Work spread over processes: each end is told when it comes, and one that dies takes no other with it."""

from __future__ import annotations

import gc
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from workbench.runs.stopping import NEVER, Stop

PATIENCE = 120.0
"""Seconds a worker has to end what it is doing after somebody stopped the whole."""
_OUTER_SIGNALS = ("SIGINT", "SIGHUP", "SIGBREAK", "SIGTERM")
"""What a terminal, or a service that is stopped, sends to every process in it: the first one hears it and tells the others in its
own way."""
_NOW = getattr(signal, "SIGUSR1", None)
"""What tells a worker to end what it does at once; it may not be a signal that a terminal sends to all."""
_AT_ONCE = 3.0
"""Seconds it has for that."""
Task = TypeVar("Task")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Ended(Generic[Task, Answer]):
    """A task that is over; no answer: its process died on it (killed, out of memory)."""

    task: Task
    answer: Answer | None


def spread(
    work: Callable[[Task], Answer], tasks: Sequence[Task], workers: int, stop: Stop = NEVER, *, apart: bool = False
) -> Generator[Ended[Task, Answer], None, None]:
    """Do every task, at most ``workers`` at a time, in processes of their own; with one worker, or one task, in this process.

    Where this is left early (an interrupt, an error), no further task begins; those that have begun are brought to their ends.

    Args:
        work: a function of a module, which a new process imports. It has to say in its answer what went wrong: raising is dying.
        stop: once it is asked for, no further task begins, and the ends of those that have begun are still told. Whoever leaves
            this early all the same does not want to wait: then the workers are ended at once.
        apart: never in this process: a task may be the end of the one it is done in.
    """
    if not apart and min(workers, len(tasks)) <= 1:
        yield from _here(work, tasks, stop)
        return
    waiting, team = deque(tasks), _Team(work)
    try:
        for _ in range(min(workers, len(tasks))):
            if not stop.asked:
                team.give(waiting.popleft())
        while team.busy:
            stop.begun = len(team.busy)
            for ended in team.ended():
                if waiting and not stop.asked:
                    team.give(waiting.popleft())
                stop.begun = len(team.busy)
                yield ended
    except (KeyboardInterrupt, GeneratorExit):
        if stop.asked:
            team.kill()
        raise
    finally:
        stop.begun = 0
        team.dismiss()


def _here(
    work: Callable[[Task], Answer], tasks: Sequence[Task], stop: Stop
) -> Generator[Ended[Task, Answer], None, None]:
    for task in tasks:
        if stop.asked:
            return
        stop.begun = 1
        try:
            answer = work(task)
        finally:
            stop.begun = 0
        yield Ended(task, answer)


class _Team:
    """Workers, each at the other end of a pipe: whose pipe breaks is dead, and its task is known."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self._work, self._context = work, get_context("spawn")
        self._idle: list[Connection] = []
        self._processes: dict[Connection, BaseProcess] = {}
        self.busy: dict[Connection, Any] = {}

    def give(self, task: Any) -> None:
        """Hand a task to a worker that has none, a new one where there is no such worker."""
        pipe = self._idle.pop() if self._idle else self._hired()
        self.busy[pipe] = task
        with suppress(OSError):  # died while it had nothing to do: its pipe tells, as of any that dies
            pipe.send(task)

    def ended(self) -> Iterator[Ended[Any, Any]]:
        """Wait until a task is over, or several are."""
        ready: list[Any] = wait(list(self.busy))
        for pipe in ready:
            task = self.busy.pop(pipe)
            try:
                answer = pipe.recv()
                self._idle.append(pipe)
            except (EOFError, OSError):
                answer = None
                self._buried(pipe)
            yield Ended(task, answer)

    def kill(self) -> None:
        """End every worker at once: what it writes is taken away by its own code, or, where that takes long, stays half."""
        for process in self._processes.values():
            if _NOW is None or process.pid is None:
                process.kill()
            else:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, _NOW)
        ends = time.monotonic() + _AT_ONCE
        for process in self._processes.values():
            process.join(max(0.0, ends - time.monotonic()))
            process.kill()

    def dismiss(self) -> None:
        """Let every worker end what it does, and wait for it; whoever is interrupted while waiting ends them at once."""
        processes = list(self._processes.values())
        for pipe in self._processes:
            pipe.close()
        try:
            for process in processes:
                process.join(PATIENCE)
        finally:
            for process in processes:
                process.kill()
                process.join()

    def _hired(self) -> Connection:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(self._work, theirs), daemon=True)
        with _deaf():
            process.start()
        theirs.close()
        self._processes[ours] = process
        return ours

    def _buried(self, pipe: Connection) -> None:
        process = self._processes.pop(pipe)
        pipe.close()
        process.kill()
        process.join()


class _deaf:
    """Without an ear for the terminal, so that a process begun meanwhile is born without one: it would print a traceback."""

    def __enter__(self) -> None:
        self._before = {}
        with suppress(ValueError):  # not the main thread, which alone may ask for signals
            self._before = {number: signal.signal(number, signal.SIG_IGN) for number in _signals()}

    def __exit__(self, *error: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)


def _signals() -> list[int]:
    return [getattr(signal, name) for name in _OUTER_SIGNALS if hasattr(signal, name)]


def _serve(work: Callable[[Any], Any], pipe: Connection) -> None:
    """What a worker does until nobody is at the other end."""
    for number in _signals():
        signal.signal(number, signal.SIG_IGN)
    if _NOW is not None:
        signal.signal(_NOW, signal.default_int_handler)
    first = True
    try:
        with suppress(EOFError, OSError):
            while True:
                pipe.send(work(pipe.recv()))
                if first:
                    # What is imported by now stays: no later collection of garbage has to look through it again.
                    gc.collect()
                    gc.freeze()
                    first = False
    except KeyboardInterrupt:
        os._exit(1)  # whatever is left of it: libraries in the middle of something would complain
    gc.unfreeze()  # or libraries written in C report at the end what was never given back
