"""Attachments of events: files beside the ledger, named by their digest."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Literal

from workbench.base.canon import digest, digest_file

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
State = Literal["kept", "missing", "changed"]


def file_name(name: str, sha256: str) -> str:
    """What an attachment's file is called."""
    suffix = Path(name).suffix.lower()
    return f"{sha256}{suffix if _SUFFIX.fullmatch(suffix) else ''}"


class Attachments:
    """A folder of ``<sha256><suffix>``; the suffix only helps people who look into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, name: str, data: bytes) -> str:
        """Write ``data`` unless it is there, and give its SHA-256. Never half-written. Raises OSError."""
        sha256 = digest(data)
        there = self._find(sha256)
        if there is not None and there.stat().st_size == len(data) and digest_file(there) == sha256:
            return sha256
        self.folder.mkdir(parents=True, exist_ok=True)
        target = there or self.folder / file_name(name, sha256)
        beside = self.folder / f".{sha256[:16]}-{secrets.token_hex(8)}"
        try:
            with beside.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        return sha256

    def kept(self, sha256: str) -> bytes | None:
        """The bytes, or None when they are not there or not the same."""
        path = self._find(sha256)
        try:
            data = path.read_bytes() if path is not None else None
        except OSError:
            return None
        return data if data is not None and digest(data) == sha256 else None

    def state(self, sha256: str) -> State:
        """Whether the file is there and the same."""
        if self._find(sha256) is None:
            return "missing"
        return "changed" if self.kept(sha256) is None else "kept"

    def _find(self, sha256: str) -> Path | None:
        if not _DIGEST.fullmatch(sha256):  # anything else might be a path out of the folder
            return None
        return next(iter(sorted(self.folder.glob(f"{sha256}*"))), None)
