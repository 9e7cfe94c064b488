"""What workers are asked to do in tests: light, and found by them on their path."""

from __future__ import annotations

import os
import time

from workbench.base.canon import digest_file
from workbench.runs.batch.task import Outcome, Task


def light(task: Task) -> Outcome:
    """Nothing: the plan is there."""
    return Outcome(task.name, "checked", title=str(os.getpid()))


def reading(task: Task) -> Outcome:
    """What evidence there is."""
    top = task.workspace / "evidence"
    found = ((p.relative_to(task.workspace).as_posix(), digest_file(p)) for p in top.rglob("*") if p.is_file())
    return Outcome(task.name, "checked", inputs=tuple(sorted(found)))


def slow(task: Task) -> Outcome:
    """Long enough for somebody to interrupt it."""
    time.sleep(0.3)
    return light(task)


def deadly(task: Task) -> Outcome:
    """The plan ``p0000`` is the end of whatever process it comes to."""
    if "p0000" in task.name:
        os._exit(1)
    return light(task)
