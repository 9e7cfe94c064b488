"""Writing files for a person: whole or not at all, and what keeps them from being written is told as a problem."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.base.errors import NotWritten, Place, Problem
from workbench.base.text import reason


@contextmanager
def writing(where: Path, fix: str, what: str = "文件") -> Iterator[None]:
    """What is written within. Raises NotWritten, naming the file or folder and the way out, for an OSError."""
    try:
        yield
    except OSError as error:
        raise NotWritten(unwritable(error, where, fix, what)) from None


def unwritable(error: OSError, where: Path | str, fix: str, what: str = "") -> Problem:
    """What is told, wherever it was, when ``what`` cannot be written."""
    file = where.as_posix() if isinstance(where, Path) else where
    return Problem("not_writable", f"{what}写不进去({reason(error)})", Place(file), fix=fix)


def write_file(path: Path, data: bytes) -> None:
    """Write a file, and make the folders it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def replace_whole(path: Path, data: bytes) -> None:
    """Put ``data`` in the place of a file. Whoever is stopped meanwhile leaves the old file or the new one, never half of one."""
    beside = path.with_name(f".{os.getpid()}-{hashlib.sha256(path.name.encode()).hexdigest()[:8]}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
