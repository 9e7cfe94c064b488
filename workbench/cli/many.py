"""What commands that work through many things share: how many at a time, the bar of their progress, the code when some failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from workbench.base.processors import usual_workers as usual_workers

FAILURES = 3
"""Exit code of a batch in which something failed: that of a failed notebook, which is what a batch of plans would have."""
MOST = 32


class Step(Protocol):
    """One step further: a line to print above the bar, or None; the total; and what has come of it, to stand behind the bar."""

    def __call__(self, line: str | None, total: int | None, counts: str = "", /) -> None: ...


@contextmanager
def bar(words: str, total: int | None = None, first: str = "") -> Iterator[Step]:
    """A bar on standard error; it yields what goes a step further. ``first`` stands behind it until the first step."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn(words), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("还需"))
    console = Console(stderr=True, markup=False)
    counted = TextColumn("{task.description}")
    with Progress(*columns, TimeRemainingColumn(), counted, console=console, refresh_per_second=4) as progress:
        task = progress.add_task(first, total=total)

        def step(line: str | None, total: int | None, counts: str = "", /) -> None:
            if line is not None:
                progress.console.print(line, highlight=False)
            progress.update(task, advance=1, total=total, description=counts)

        yield step
