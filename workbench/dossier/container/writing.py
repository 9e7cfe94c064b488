"""Writing a dossier: whole or not at all, and only what the manifest says."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from workbench.base.canon import canonical_json, digest
from workbench.base.errors import DossierError, DossierNotWritten, Problem
from workbench.base.text import reason
from workbench.base.writing import unwritable
from workbench.dossier.container.beside import written_whole
from workbench.dossier.container.layout import (
    BLOCK,
    END_SIZE,
    MAX_MEMBERS,
    MAX_SIGNATURE,
    MAX_SIGNATURES,
    MAX_SIZE,
    Member,
    end_of,
    placed,
    signature_name,
)
from workbench.dossier.container.manifests import PLACE, manifest_bytes, members_of, too_large
from workbench.dossier.container.reading import open_container
from workbench.dossier.container.sources import Source
from workbench.dossier.model import FileEntry, Manifest, Signature


@dataclass(frozen=True)
class _Content:
    """Everything a container is made of. ``data`` is the manifest as it was signed, or is going to be."""

    path: Path
    manifest: Manifest
    data: bytes
    signed: Mapping[str, bytes]
    members: list[Member] = field(init=False)

    def __post_init__(self) -> None:
        files = members_of(self.manifest, self.data)
        after = placed(((name, len(s), zlib.crc32(s)) for name, s in self.signed.items()), files[-1].end)
        object.__setattr__(self, "members", [*files, *after])


def write_container(
    path: Path, manifest: Manifest, sources: Mapping[str, Source], signatures: Sequence[Signature] = ()
) -> None:
    """Write a dossier in place of what is at ``path``. Equal content gives equal bytes.

    ``sources`` has each file of the manifest; SHA-256, CRC-32 and size are compared while writing. Killed at any moment, it
    leaves what was there before or the whole new file.

    Raises:
        DossierError: names, sizes or numbers no container may have, a source that differs from the manifest or cannot be
            read, or a place that cannot be written.
    """
    data = manifest_bytes(manifest, path.name)
    _write(_Content(path, manifest, data, _signed(signatures, data, path.name)), sources)


def sign_container(path: Path, signature: Signature) -> None:
    """Add a signature to a dossier, or replace that of the same key. The files are examined on the way.

    Raises:
        DossierError: it is no sound dossier, the signature is for another manifest, or the place cannot be written.
    """
    container = open_container(path)
    others = [s for s in container.signatures if s.key != signature.key]
    signed = _signed([*others, signature], container.manifest_bytes, path.name)
    sources = {name: container.source(name) for name in container.files}
    _write(_Content(path, container.manifest, container.manifest_bytes, signed), sources)


def _signed(signatures: Sequence[Signature], data: bytes, file: str) -> dict[str, bytes]:
    """Member → bytes of each signature, in their order. Raises DossierError."""
    signed = {signature_name(s.key): canonical_json(s) for s in sorted(signatures, key=lambda s: s.key)}
    problems = []
    if len(signatures) > MAX_SIGNATURES or len(signed) < len(signatures):
        problems.append(Problem("too_many_signatures", f"签名超过{MAX_SIGNATURES}个,或同一人签了两次"))
    for name in [name for name, content in signed.items() if len(content) > MAX_SIGNATURE]:
        problems.append(Problem("signature_too_large", f"签名超过 {MAX_SIGNATURE // 1024} KB").at(key=name))
    for other in [s for s in signatures if s.manifest_sha256 != digest(data)]:
        fix = "请对这份档案重新签名"
        problems.append(Problem("other_manifest", "签名是对另一份清单做的", found=other.signer, fix=fix))
    if problems:
        raise DossierError([p.at(file=file) for p in problems])
    return signed


def _write(content: _Content, sources: Mapping[str, Source]) -> None:
    name = content.path.name
    problems = [p.at(file=name) for p in _misfits(content, sources)]
    if problems:
        raise DossierError(problems)
    try:
        with written_whole(content.path.resolve()) as out:
            out.write(content.members[0].header + content.data)
            for member, entry in zip(content.members[1:], content.manifest.files, strict=False):
                out.write(member.header)
                _copy(sources[entry.path], entry, out, name)
            _finish(content, out)
    except OSError as error:
        fix = "请检查文件夹、权限和磁盘空间,并关闭正打开这份档案的程序"
        raise DossierNotWritten(unwritable(error, name, fix, "档案")) from None


def _finish(content: _Content, out: BinaryIO) -> None:
    """Signatures, central directory and end record."""
    behind = content.members[len(content.manifest.files) + 1 :]
    for member, data in zip(behind, content.signed.values(), strict=True):
        out.write(member.header + data)
    for member in content.members:
        out.write(member.entry)
    out.write(end_of(content.members).record)


def _misfits(content: _Content, sources: Mapping[str, Source]) -> Iterator[Problem]:
    """What can be said before anything is written."""
    listed = {entry.path for entry in content.manifest.files}
    for extra in sorted(set(sources) - listed):
        yield Problem("not_listed", "清单里没有这个文件").at(key=extra)
    for entry in content.manifest.files:
        if entry.path not in sources:
            yield Problem("source_missing", "清单所列的文件没有提供").at(key=entry.path)
            continue
        with _read(entry.path, content.path.name):
            size = sources[entry.path].size
        if size != entry.size:
            yield _differs(entry.path)
    if len(content.members) > MAX_MEMBERS:
        yield Problem("too_many_members", f"连同签名,文件超过{MAX_MEMBERS:,}个", fix="请减少文件").at(key=PLACE)
    end = end_of(content.members)
    if end.offset + end.size + END_SIZE > MAX_SIZE:
        yield too_large().at(key=PLACE)


def _differs(member: str) -> Problem:
    fix = "封存期间请不要改动文件,然后重新封存"
    return Problem("source_differs", "文件内容与清单不符", fix=fix).at(key=member)


def _copy(source: Source, entry: FileEntry, out: BinaryIO, file: str) -> None:
    """Write one content, not a byte more than announced. Raises DossierError when it is another one."""
    sha256, crc, left = hashlib.sha256(), 0, entry.size
    with _read(entry.path, file):
        stream = source.open()
    with stream:
        while True:
            with _read(entry.path, file):
                block = stream.read(BLOCK)
            if not block or len(block) > left:
                break
            sha256.update(block)
            crc = zlib.crc32(block, crc)
            left -= len(block)
            out.write(block)
    if block or left or sha256.hexdigest() != entry.sha256 or crc != int(entry.crc32, 16):
        raise DossierError(_differs(entry.path).at(file=file))


@contextmanager
def _read(member: str, file: str) -> Iterator[None]:
    """Turn what the system says about a source into DossierError."""
    try:
        yield
    except OSError as error:
        message = f"要封存的文件读不出来({reason(error)})"
        raise DossierError(
            Problem("source_unreadable", message, fix="请检查文件和权限").at(file=file, key=member)
        ) from None
