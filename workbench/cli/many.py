"""What commands that work through many things share: how many at a time, the bar of their progress, the code when some failed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FAILURES = 3
"""Exit code of a batch in which something failed: that of a failed notebook, which is what a batch of plans would have."""
MOST = 32
_USUAL_WORKERS = 4


def usual_workers() -> int:
    """How many are worked on at a time where nobody says: as there are processors, at most four."""
    return min(os.cpu_count() or 1, _USUAL_WORKERS)


@contextmanager
def bar(words: str, total: int | None = None) -> Iterator[Callable[[str | None, int | None], None]]:
    """A bar on standard error. What it yields goes one step further: a line to print above it, or None, and the total."""
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
    with Progress(*columns, TimeRemainingColumn(), console=console, refresh_per_second=4) as progress:
        task = progress.add_task("", total=total)

        def step(line: str | None, total: int | None) -> None:
            if line is not None:
                progress.console.print(line, highlight=False)
            progress.update(task, advance=1, total=total)

        yield step
