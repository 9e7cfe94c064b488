"""Where the content of a member comes from: memory, a file, or a stretch of a file."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from workbench.dossier.container.layout import BLOCK


class Source(Protocol):
    """Bytes that can be read from their beginning as often as needed."""

    @property
    def size(self) -> int:
        """How many bytes there are. Raises OSError."""

    def open(self) -> BinaryIO:
        """A stream over them, which the caller closes. Raises OSError."""


@dataclass(frozen=True)
class BytesSource:
    """Bytes in memory."""

    data: bytes

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.data)

    def open(self) -> BinaryIO:
        """A stream over them."""
        return io.BytesIO(self.data)


@dataclass(frozen=True)
class FileSource:
    """A file on disk."""

    path: Path

    @property
    def size(self) -> int:
        """Its size now."""
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        """The file, opened for reading."""
        return self.path.open("rb")


@dataclass(frozen=True)
class StretchSource:
    """``size`` bytes of a file from ``start`` on: a stored member is nothing else."""

    path: Path
    start: int
    size: int

    def open(self) -> BinaryIO:
        """A stream that begins and ends with the stretch, and can be moved in."""
        raw = _Stretch(self.path.open("rb", buffering=0), self.start, self.size)
        return cast(BinaryIO, io.BufferedReader(raw, BLOCK if self.size > BLOCK else io.DEFAULT_BUFFER_SIZE))


class _Stretch(io.RawIOBase):
    def __init__(self, file: io.FileIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("a stream has nothing before its beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        left = max(0, self._size - self._at)
        self._file.seek(self._start + self._at)
        count = self._file.readinto(memoryview(buffer)[:left])
        self._at += count or 0
        return count or 0

    def close(self) -> None:
        self._file.close()
        super().close()
