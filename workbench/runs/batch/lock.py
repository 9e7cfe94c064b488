"""One batch of a name at a time. The system lets go of the lock when its process ends in whatever way: none is left behind."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from workbench.base.errors import FileError, Place, Problem
from workbench.base.writing import writing

LOCK = "lock"
_FAR = 1 << 20
"""Windows locks bytes, and what is locked cannot be read: a byte behind all that is ever written."""

if sys.platform == "win32":
    import msvcrt

    def _take(stream: IO[bytes]) -> bool:
        stream.seek(_FAR)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import errno
    import fcntl

    def _take(stream: IO[bytes]) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # A file system without locks: then nobody gets one, and runs written twice at a time come to no harm.
            return error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
        return True


class Locked:
    """Holds the batch of a folder. Raises FileError when another process has it, NotWritten when nothing can be written there."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK

    def __enter__(self) -> None:
        with writing(self._path, "请检查文件夹和权限,或用 --out 另选文件夹"):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self._path.open("a+b")
        if not _take(self._stream):
            self._stream.seek(0)
            holder = self._stream.read(20).decode("ascii", "replace").strip()
            self._stream.close()
            fix = "请等它结束,或先中断它(已完成的会保留),再运行"
            message = f"同名的批量运行正在进行(进程 {holder})" if holder else "同名的批量运行正在进行"
            raise FileError(Problem("batch_running", message, Place(self._path.parent.name), fix=fix))
        with suppress(OSError):  # a full disk: whoever waits is not told for whom
            self._stream.seek(0)
            self._stream.truncate()
            self._stream.write(str(os.getpid()).encode())
            self._stream.flush()

    def __exit__(self, *error: object) -> None:
        self._stream.close()
