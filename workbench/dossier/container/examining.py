"""The full pass over a dossier: every byte read once, SHA-256 and CRC-32 of every file compared."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import FileIO
from pathlib import Path

from workbench.base.errors import DossierError, Problem
from workbench.dossier.container.layout import Member
from workbench.dossier.container.manifests import ORIGINAL
from workbench.dossier.container.reading import Container, changed, header_changed, opened, unreadable
from workbench.dossier.container.repacked import explained
from workbench.dossier.model import FileEntry

Progress = Callable[[int, int], None]
"""Told how many bytes of how many have been examined."""
_BLOCK = 256 * 1024
"""Small enough to stay in a core's own cache between reading, SHA-256 and CRC-32."""
_LARGE = 16 * 1024**2
_BATCH = 4 * 1024**2
_BATCH_MEMBERS = 500
_THREADS = 4


def examine(path: Path, progress: Progress | None = None) -> tuple[Container | None, list[Problem]]:
    """Examine a whole dossier.

    Returns:
        The container, or None when what holds it together is damaged; and everything that is not as it was sealed, each
        with its place. No problems mean: every byte of the file is the one the manifest and the signatures call for.
    """
    try:
        with unreadable(path):
            with path.open("rb") as stream:
                container = opened(stream, path)
            problems = list(_examined(container, progress or (lambda done, total: None)))
    except DossierError as error:
        return None, explained(path, error.problems)
    return container, [p.at(file=path.name) for p in problems]


def _examined(container: Container, tell: Progress) -> Iterator[Problem]:
    """Headers and contents of the files, by several threads: hashing lets go of the interpreter, and no file needs another.

    With a second core free, both sums together take less time than one thread needs for SHA-256 alone.
    """
    batches = list(_batches(container.members))
    total, done = sum(m.end - m.offset for m in container.members), 0
    pool = ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1))
    try:
        for batch, problems in zip(batches, pool.map(lambda b: _faults(container, b), batches), strict=True):
            yield from problems
            done += batch[-1].end - batch[0].offset
            tell(done, total)
    finally:
        pool.shutdown(cancel_futures=True)


def _batches(members: Sequence[Member]) -> Iterator[Sequence[Member]]:
    """Neighbours, few enough to share the work evenly and enough of them not to open the file too often."""
    begin = 0
    for number, member in enumerate(members, 1):
        full = member.end - members[begin].offset >= _BATCH or number - begin >= _BATCH_MEMBERS
        if full or number == len(members):
            yield members[begin:number]
            begin = number


def _faults(container: Container, batch: Sequence[Member]) -> list[Problem]:
    """What is wrong in members that lie one behind the other. Raises OSError."""
    problems = []
    view = memoryview(bytearray(_BLOCK))
    with container.path.open("rb", buffering=0) as stream:
        stream.seek(batch[0].offset)
        for member in batch:
            if stream.read(member.start - member.offset) != member.header:
                problems.append(header_changed(member.name))
            sha256, crc = _sums(stream, member, view, container.path)
            problems += _content_faults(member, container.files[member.name], sha256, crc)
    return problems


def _sums(stream: FileIO, member: Member, view: memoryview, path: Path) -> tuple[str, int]:
    """SHA-256 and CRC-32 of the content the stream stands before. A large file alone would keep one core busy with both."""
    sha256, crc = hashlib.sha256(), 0
    if member.size >= _LARGE:
        with ThreadPoolExecutor(1) as beside:
            other = beside.submit(_crc_of, path, member)
            for block in _blocks(stream, member.size, view):
                sha256.update(block)
            return sha256.hexdigest(), other.result()
    for block in _blocks(stream, member.size, view):
        sha256.update(block)
        crc = zlib.crc32(block, crc)
    return sha256.hexdigest(), crc


def _crc_of(path: Path, member: Member) -> int:
    crc = 0
    with path.open("rb", buffering=0) as stream:
        stream.seek(member.start)
        for block in _blocks(stream, member.size, memoryview(bytearray(_BLOCK))):
            crc = zlib.crc32(block, crc)
    return crc


def _blocks(stream: FileIO, left: int, view: memoryview) -> Iterator[memoryview]:
    """So many bytes of a stream, as far as it has them, each time in the same place."""
    while left and (count := stream.readinto(view[: min(_BLOCK, left)])):
        yield view[:count]
        left -= count


def _content_faults(member: Member, entry: FileEntry, sha256: str, crc: int) -> Iterator[Problem]:
    if sha256 != entry.sha256:
        yield replace(changed(member.name), found=sha256, expected=entry.sha256)
    elif crc != member.crc:
        message = "清单所记的 CRC-32 与内容不符(内容本身与 SHA-256 相符)"
        yield Problem("crc_wrong", message, fix=ORIGINAL).at(key=member.name)
