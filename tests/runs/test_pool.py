"""Work spread over processes: every end is told, a process that dies takes no other task with it, leaving early leaves nothing half."""

from __future__ import annotations

import os
import threading
import time
from contextlib import closing
from functools import partial
from operator import call
from pathlib import Path

from workbench.runs.pool import Ended, spread
from workbench.runs.stopping import Stop


def test_every_task_is_answered_in_processes_of_their_own() -> None:
    tasks = [os.getpid] * 6
    answers = {ended.answer for ended in spread(call, tasks, 2)}
    assert os.getpid() not in answers and 1 <= len(answers) <= 2


def test_one_worker_or_one_task_needs_no_other_process() -> None:
    assert [e.answer for e in spread(call, [os.getpid] * 2, 1)] == [os.getpid()] * 2
    assert list(spread(call, [os.getpid], 8)) == [Ended(os.getpid, os.getpid())]
    assert [e.answer for e in spread(call, [os.getpid], 1, apart=True)] != [os.getpid()]
    assert list(spread(call, [], 2)) == []


def test_a_process_that_dies_is_told_with_its_task_and_the_rest_is_done() -> None:
    dying = partial(os._exit, 1)
    tasks = [partial(pow, 2, 3), dying, partial(pow, 2, 4), dying, partial(pow, 2, 5)]
    ended = list(spread(call, tasks, 2))
    assert sorted(e.answer for e in ended if e.answer is not None) == [8, 16, 32]
    assert [e.task.func for e in ended if e.answer is None] == [os._exit, os._exit]


def test_whoever_leaves_early_lets_what_has_begun_come_to_its_end_and_begins_nothing(tmp_path: Path) -> None:
    files = [tmp_path / str(n) for n in range(8)]
    with closing(spread(call, [partial(_slowly, file) for file in files], 2)) as over:
        next(over)
    assert 2 <= len(list(tmp_path.iterdir())) <= 4
    assert {file.read_text("utf-8") for file in tmp_path.iterdir()} == {"whole"}


def _slowly(file: Path) -> None:
    with file.open("w", encoding="utf-8") as stream:
        stream.write("who")
        stream.flush()
        time.sleep(0.05)
        stream.write("le")


def test_it_may_be_begun_in_a_thread_that_hears_no_signals() -> None:
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.extend(e.answer for e in spread(call, [partial(pow, 2, 3)] * 2, 2)))
    thread.start()
    thread.join()
    assert found == [8, 8]


def test_asked_to_stop_it_tells_the_ends_of_what_has_begun_and_begins_nothing(tmp_path: Path) -> None:
    files, stop = [tmp_path / str(n) for n in range(8)], Stop()
    ended = []
    for end in spread(call, [partial(_slowly, file) for file in files], 2, stop):
        stop.ask()
        ended.append(end)
    begun = list(tmp_path.iterdir())
    assert 2 <= len(begun) <= 4 and len(ended) == len(begun) and stop.begun == 0
    assert {file.read_text("utf-8") for file in begun} == {"whole"}
    assert list(spread(call, [os.getpid] * 2, 1, stop)) == list(spread(call, [os.getpid] * 2, 2, stop)) == []


def test_left_after_it_was_asked_to_stop_it_waits_for_nobody() -> None:
    stop, began = Stop(), time.monotonic()
    with closing(spread(call, [partial(pow, 2, 3), *[partial(time.sleep, 600)] * 2], 2, stop)) as over:
        next(over)
        stop.ask()
    assert time.monotonic() - began < 300
