"""Files that are there whole or not at all, whatever stops the program while it writes."""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A stream to a hidden file beside ``path``, which takes its place, synced, when the block ends well.

    Each writer has a file of its own, so that two who write the same dossier at once do not mix: the last one stays. A
    killed writer leaves its file; the next one of the same ``path`` removes it. Which files have a writer is asked of the
    system, not of a clock or a process id (which is used again, and says nothing about other computers): on POSIX a writer
    holds a lock that ends with it, on Windows an open file cannot be removed. Raises OSError.
    """
    # A digest for a name: the name itself may be as long as names may be.
    prefix = f".{hashlib.sha256(path.name.encode()).hexdigest()[:16]}-"
    for left in path.parent.glob(f"{prefix}*.part"):
        _remove_if_abandoned(left)
    part, stream = _own(path.parent, prefix)
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            if sys.platform == "win32":
                stream.close()  # Windows does not rename an open file
            part.replace(path)  # elsewhere still locked: nobody can take it for abandoned
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _own(folder: Path, prefix: str) -> tuple[Path, BinaryIO]:
    """A new file with this process as its writer."""
    while True:
        part = folder / f"{prefix}{secrets.token_hex(8)}.part"
        stream = part.open("xb")
        if sys.platform != "win32":
            with suppress(OSError):  # a file system without locks: then nobody gets one, and nothing is removed
                fcntl.flock(stream, fcntl.LOCK_EX)
            if not os.fstat(stream.fileno()).st_nlink:  # another writer came between opening and locking
                stream.close()
                continue
        return part, stream


def _remove_if_abandoned(part: Path) -> None:
    with suppress(OSError):
        if sys.platform != "win32":
            with part.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                part.unlink()
        else:
            part.unlink()


def _sync(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can."""
    if sys.platform != "win32":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
