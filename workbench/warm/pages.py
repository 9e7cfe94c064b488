"""The memory that notebooks write to, copied before they do. Linux only.

A forked process shares its parent's memory until it writes to it: each page then costs a fault, in the middle of a notebook.
Notebooks write to much the same pages, so a kernel that waits for its order has them copied meanwhile.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LESSONS = 2
"""Kernels that are looked at: where both have written, the next one will."""
_PAGE = os.sysconf("SC_PAGE_SIZE")
_MADV_POPULATE_WRITE = 23
"""Since Linux 5.14; before, nothing is copied ahead."""
_ENTRY = np.dtype(np.uint64)
_ITS_OWN = np.uint64(1 << 63 | 1 << 56)
"""Of an entry of /proc/PID/pagemap: the page is in memory, and no other process has it."""


class WrittenPages:
    """The pages of this process that its forked kernels write to."""

    def __init__(self) -> None:
        self._lessons: list[NDArray[np.int64]] = []

    def learn(self, pid: int) -> None:
        """Look at a kernel that is about to be ended; where the system does not tell, nothing is learned."""
        if len(self._lessons) < LESSONS:
            with suppress(OSError):
                self._lessons.append(_own(pid))

    def copy(self) -> None:
        """In a kernel that has nothing to do yet: have pages of its own where others have written."""
        if len(self._lessons) < LESSONS:
            return
        advise = ctypes.CDLL(None).madvise
        one, other = self._lessons
        for first, count in _runs(np.intersect1d(one, other, assume_unique=True)):
            advise(ctypes.c_void_p(first * _PAGE), ctypes.c_size_t(count * _PAGE), _MADV_POPULATE_WRITE)


def _own(pid: int) -> NDArray[np.int64]:
    """Numbers of the pages that it shared with this process when it was forked, and does not any more."""
    found = []
    with Path(f"/proc/{pid}/pagemap").open("rb", buffering=0) as pagemap:
        for first, count in _writable():
            data = os.pread(pagemap.fileno(), count * _ENTRY.itemsize, first * _ENTRY.itemsize)
            if len(data) < count * _ENTRY.itemsize:
                raise ProcessLookupError(pid)
            entries = np.frombuffer(data, dtype=_ENTRY)
            found.append(first + np.flatnonzero(entries & _ITS_OWN == _ITS_OWN))
    return np.concatenate(found)


def _writable() -> Iterator[tuple[int, int]]:
    """First page and count of every stretch of memory that this process may write to and shares with nobody but by forking."""
    for line in Path("/proc/self/maps").read_bytes().splitlines():
        addresses, permissions, *_ = line.split()
        if permissions == b"rw-p":
            start, end = (int(address, 16) // _PAGE for address in addresses.split(b"-"))
            yield start, end - start


def _runs(pages: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """First page and count of every unbroken run."""
    for run in np.split(pages, np.flatnonzero(np.diff(pages) > 1) + 1):
        if run.size:
            yield int(run[0]), int(run.size)
