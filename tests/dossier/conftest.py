"""A small dossier (some 30 kB) with a file of every group, and containers put together by hand that no program of ours writes."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from workbench.base.canon import canonical_json
from workbench.dossier.container import BytesSource, write_container
from workbench.dossier.model import FileEntry, Manifest, Signature
from workbench.dossier.trust import lockbox

FILES = {
    "conclusion/figures/总分.png": Random(1).randbytes(9000),
    "conclusion/result.json": b'{"total":"87.00"}\n',
    "conclusion/scorecard.csv": "指标,得分\n完成数量,45.00\n".encode() * 40,
    "initiation/documents/contract/委托合同.pdf": Random(2).randbytes(12000),
    "proof/evidence.json": b"",
    "proof/evidence/0f.xlsx": Random(3).randbytes(4000),
    "proof/plan.json": b'{"plan":{}}\n',
    "ro-crate-metadata.json": b"{}\n",
}
"""Sorted; one is empty, one has a Chinese name, one stands on top."""


def manifest_of(files: Mapping[str, bytes], **changes: Any) -> Manifest:
    """A manifest over these contents, in the order they are given."""
    entries = [
        FileEntry(
            path=name,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            crc32=f"{zlib.crc32(data):08x}",
            title=f"文件{number}",
        )
        for number, (name, data) in enumerate(files.items(), 1)
    ]
    content = {
        "kind": "工作档案",
        "evaluation": "canteen",
        "title": "营养改善计划",
        "run": "a" * 64,
        "engine": "1.0.0",
        "ledger_events": 0,
        "ledger_head": "",
        "retain_years": 15,
        "retain_clause": None,
        "checklist": [],
        "files": entries,
    }
    return Manifest(**content | changes)


def signature_of(manifest: Manifest, key: str) -> Signature:
    """Something of the shape of a signature: the container does not judge whether it is valid."""
    sha256 = hashlib.sha256(canonical_json(manifest)).hexdigest()
    return Signature(
        algorithm="ed25519",
        key=key,
        signer="张三",
        role="主评人",
        signed_at="2023-03-31T09:00:00+08:00",
        manifest_sha256=sha256,
        public_key="cHVibGlj",
        signature="c2lnbmVk",
    )


@dataclass
class Made:
    """What a container was written from."""

    path: Path
    files: dict[str, bytes]
    manifest: Manifest
    signatures: list[Signature]


@pytest.fixture(scope="session", autouse=True)
def quick_passphrases():
    """Key files of these tests cost an eighth of the work to open: scrypt at the least a key file may have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lockbox, "LOG_N", 14)
        yield


@pytest.fixture(scope="session")
def listed() -> Callable[..., Manifest]:
    """``listed({name: content}, **changes)``: a manifest."""
    return manifest_of


@pytest.fixture(scope="session")
def signed() -> Callable[[Manifest, str], Signature]:
    """``signed(manifest, key)``: a signature, valid or not."""
    return signature_of


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Made]:
    """``written(files, keys, name)``: a dossier in the test's folder."""

    def write(
        files: Mapping[str, bytes] = FILES, keys: Sequence[str] = ("1" * 16, "e" * 16), name: str = "档案.zip"
    ) -> Made:
        manifest = manifest_of(files)
        signatures = [signature_of(manifest, key) for key in keys]
        write_container(tmp_path / name, manifest, {n: BytesSource(d) for n, d in files.items()}, signatures)
        return Made(tmp_path / name, dict(files), manifest, signatures)

    return write


@dataclass
class Part:
    """One member of a forged container. ``local`` and ``central`` replace fields of its two headers."""

    name: str
    data: bytes
    local: dict[str, Any] = field(default_factory=dict)
    central: dict[str, Any] = field(default_factory=dict)


def _bytes_of(part: Part, offset: int, central: bool) -> bytes:
    """A header, written from the APPNOTE and not with the code under test."""
    said: dict[str, Any] = {
        "made": 0x0314,
        "version": 20,
        "flags": 0x0800,
        "method": 0,
        "time": 0,
        "date": 0x21,
        "crc": zlib.crc32(part.data),
        "packed": len(part.data),
        "size": len(part.data),
        "name": part.name,
        "extra": b"",
        "comment": b"",
        "attributes": 0o100644 << 16,
        "offset": offset,
    } | (part.central if central else part.local)
    name, extra, comment = said["name"].encode(), said["extra"], said["comment"]
    common = [said[k] for k in ("version", "flags", "method", "time", "date", "crc", "packed", "size")]
    if not central:
        return struct.pack("<4s5H3I2H", b"PK\3\4", *common, len(name), len(extra)) + name + extra
    rest = (len(name), len(extra), len(comment), 0, 0, said["attributes"], said["offset"])
    return struct.pack("<4s6H3I5H2I", b"PK\1\2", said["made"], *common, *rest) + name + extra + comment


def forge(parts: Sequence[Part], comment: bytes = b"", count: int | None = None) -> bytes:
    """A zip of these members, with whatever is wrong in them."""
    body, directory = b"", b""
    for part in parts:
        directory += _bytes_of(part, len(body), True)
        body += _bytes_of(part, len(body), False) + part.data
    number = len(parts) if count is None else count
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, number, number, len(directory), len(body), len(comment))
    return body + directory + end + comment


def parts_of(files: Mapping[str, bytes], **changes: Any) -> list[Part]:
    """Manifest and files as members to be tampered with."""
    data = canonical_json(manifest_of(files, **changes))
    return [Part("manifest.json", data), *(Part(name, content) for name, content in files.items())]


@dataclass(frozen=True)
class Forger:
    """The helpers above, for tests that ask for them."""

    parts: Callable[..., list[Part]] = parts_of
    zip: Callable[..., bytes] = forge
    part: type[Part] = Part

    def with_part(self, name: str, **changes: Any) -> bytes:
        """The small dossier without signatures, one member changed."""
        return forge([replace(p, **changes) if p.name == name else p for p in parts_of(FILES)])


@pytest.fixture(scope="session")
def forger() -> Forger:
    """Containers put together by hand."""
    return Forger()
