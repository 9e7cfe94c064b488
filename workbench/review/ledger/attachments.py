"""Attachments of events: files beside the ledger, named by their digest."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from workbench.base.canon import digest, digest_file
from workbench.base.sealing import ENCRYPTED

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
State = Literal["kept", "withheld", "missing", "changed"]
"""``withheld``: the attachment is confidential, and there in encrypted form alone."""


def file_name(name: str, sha256: str) -> str:
    """What an attachment's file is called."""
    suffix = Path(name).suffix.lower()
    return f"{sha256}{suffix if _SUFFIX.fullmatch(suffix) else ''}"


class Attachments:
    """A folder of ``<sha256><suffix>``; the suffix only helps people who look into it.

    ``withheld``: SHA-256 of confidential attachments → that of the encrypted file, ``<sha256><suffix>.age``, in their place.
    """

    def __init__(self, folder: Path, withheld: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._withheld = withheld or {}

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
        if self._find(sha256) is not None:
            return "changed" if self.kept(sha256) is None else "kept"
        path = self.encrypted(sha256)
        if path is None:
            return "missing"
        return "withheld" if digest_file(path) == self._withheld[sha256] else "changed"

    def encrypted(self, sha256: str) -> Path | None:
        """The file that stands for a confidential attachment, whether or not it was changed; None for any other."""
        files = self._named(sha256) if sha256 in self._withheld else []
        return next((path for path in files if path.suffix == ENCRYPTED), None)

    def _find(self, sha256: str) -> Path | None:
        encrypted = self.encrypted(sha256)
        return next((path for path in self._named(sha256) if path != encrypted), None)

    def _named(self, sha256: str) -> list[Path]:
        if not _DIGEST.fullmatch(sha256):  # anything else might be a path out of the folder
            return []
        return sorted(self.folder.glob(f"{sha256}*"))


def files_named(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and SHA-256 of every attachment anywhere in an event, of kinds this version does not know too."""
    waiting: list[Any] = [content]
    while waiting:  # no recursion: a forged event may be nested as deep as its maker likes
        node = waiting.pop()
        if isinstance(node, dict):
            if set(node) == {"name", "sha256", "size"}:
                yield str(node["name"]), str(node["sha256"])
            waiting.extend(reversed(node.values()))
        elif isinstance(node, list):
            waiting.extend(reversed(node))


def files_of(export: bytes) -> Iterator[tuple[int, str, str]]:
    """Number of the event, name and SHA-256 of every attachment an export speaks of; lines that are no event are passed over."""
    for line in export.split(b"\n")[1:]:
        try:
            content = json.loads(line)
            number = int(content["seq"])
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        yield from ((number, name, sha256) for name, sha256 in files_named(content))
