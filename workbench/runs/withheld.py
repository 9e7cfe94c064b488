"""Confidential attachments (保密附件) that a run folder or a sealed workspace has in encrypted form alone.

Nobody opens them here. A run keeps the encrypted file in place of its copy, and sealing that run puts the same bytes back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256 as running_sha256
from pathlib import Path
from typing import BinaryIO, TypeAlias

from workbench.base.canon import CHUNK, digest
from workbench.base.errors import CheckFailed, Place, Problem
from workbench.base.sealing import ENCRYPTED, SEALED
from workbench.runs.kept import COPIES, KeptFile

_FOLDER = "withheld"
_COPY = re.compile(rf"{COPIES}/([0-9a-f]{{64}})(?:\.[^/]*)?{re.escape(ENCRYPTED)}", re.DOTALL)
Opener: TypeAlias = Callable[[], BinaryIO]
"""Opens some bytes for reading; closed by who calls."""


@dataclass(frozen=True)
class Ciphertext:
    """An encrypted attachment: the SHA-256 it must have as it is, and its bytes."""

    sha256: str
    open: Opener

    def read(self) -> bytes:
        """All of it. Raises CheckFailed when it is not what it was."""
        with self.open() as stream:
            data = stream.read()
        if digest(data) != self.sha256:
            raise _changed(Place())
        return data

    def write(self, path: Path) -> None:
        """Copy it to a new file. Raises CheckFailed when it is not what it was."""
        path.parent.mkdir(parents=True, exist_ok=True)
        running = running_sha256()
        with self.open() as incoming, path.open("xb") as stream:
            while block := incoming.read(CHUNK):
                running.update(block)
                stream.write(block)
        if running.hexdigest() != self.sha256:
            raise _changed(Place(path.name))


def _changed(place: Place) -> CheckFailed:
    message = "保密附件的密文已被改动"
    return CheckFailed(Problem("withheld_changed", message, place, fix="请从原档案重新还原工作区"))


def encrypted_file(file: KeptFile) -> str:
    """Where in a sealed workspace the encrypted form of an evidence attachment lies."""
    return f"{SEALED}/{_FOLDER}/{file.copy_name}{ENCRYPTED}"


def encrypted_bytes(workspace: Path, content: str, expected: str) -> bytes | None:
    """The encrypted form of an evidence attachment; None when a sealed workspace has none.

    Args:
        content: SHA-256 of the attachment itself.
        expected: SHA-256 of its encrypted form.

    Raises:
        CheckFailed: it was changed.
    """
    path = next(iter(sorted((workspace / SEALED / _FOLDER).glob(f"{content}*{ENCRYPTED}"))), None)
    if path is None:
        return None
    data = path.read_bytes()
    if digest(data) != expected:
        raise _changed(Place(path.relative_to(workspace).as_posix()))
    return data


def encrypted_copies(files: Mapping[str, str]) -> dict[str, str]:
    """Those files of a run folder that stand for a confidential attachment: name → SHA-256 of the attachment itself.

    Args:
        files: name → SHA-256, as the run's manifest has them. A copy in clear has the digest it is named by, whatever its ending.
    """
    named = {name: found[1] for name in files if (found := _COPY.fullmatch(name))}
    return {name: content for name, content in named.items() if files[name] != content}


def as_in_clear(files: Mapping[str, str]) -> dict[str, str]:
    """The files of a run folder as if it had every attachment itself: an encrypted copy says the same."""
    hidden = encrypted_copies(files)
    return {
        name.removesuffix(ENCRYPTED) if name in hidden else name: hidden.get(name, sha256)
        for name, sha256 in files.items()
    }
