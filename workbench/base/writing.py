"""Writing files for a person: what keeps them from being written is told as a problem."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.base.errors import NotWritten, Place, Problem
from workbench.base.text import reason


@contextmanager
def writing(where: Path, fix: str) -> Iterator[None]:
    """What is written within. Raises NotWritten, naming the file or folder and the way out, for an OSError."""
    try:
        yield
    except OSError as error:
        raise NotWritten(
            Problem("not_written", f"文件写不出来:{reason(error)}", Place(where.as_posix()), fix=fix)
        ) from None
