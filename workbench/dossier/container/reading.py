"""Opening a dossier: every byte outside the files is compared with the one it must be, nothing is interpreted."""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workbench.base.canon import canonical_json, digest
from workbench.base.errors import DossierError, Problem
from workbench.base.models import validated
from workbench.base.text import reason, suggest
from workbench.base.yamlio import YamlDocument
from workbench.dossier.container.extracting import extract
from workbench.dossier.container.layout import (
    CENTRAL_SIZE,
    END_SIZE,
    LOCAL_MAGIC,
    LOCAL_SIZE,
    MANIFEST_NAME,
    MAX_MANIFEST,
    MAX_SIGNATURE,
    MAX_SIGNATURES,
    MAX_SIZE,
    SIGNATURE_FOLDER,
    SIGNATURE_HEADER,
    Member,
    end_in,
    end_of,
    signature_name,
    size_in,
)
from workbench.dossier.container.manifests import ORIGINAL, PLACE, members_of, read_manifest, too_large
from workbench.dossier.container.recognition import END, HEAD, cut_short, recognised, without_end
from workbench.dossier.container.sources import Source, StretchSource
from workbench.dossier.model import FileEntry, Manifest, Signature

DIRECTORY = "中央目录"
SIGNATURES = "签名"
_SIGNATURE = re.compile(rf"{SIGNATURE_FOLDER}/[0-9a-f]{{16}}\.json")


@dataclass(frozen=True)
class Container:
    """A dossier whose structure is sound. Its file is opened for each reading and closed again.

    ``members`` are the files where they lie, in the manifest's order; ``files`` are their entries by path.
    """

    path: Path
    manifest: Manifest
    manifest_bytes: bytes
    signatures: tuple[Signature, ...]
    members: tuple[Member, ...]
    files: Mapping[str, FileEntry]
    starts: Mapping[str, int]

    def entry(self, member: str) -> FileEntry:
        """What the manifest says of a file. Raises DossierError when there is none of that path."""
        if member not in self.files:
            fix = suggest(member, self.files)
            raise DossierError(
                Problem("no_such_member", "档案里没有这个文件", found=member, fix=fix).at(file=self.path.name)
            )
        return self.files[member]

    def source(self, member: str) -> Source:
        """A file of the dossier as a source, unchecked: who writes from it compares it with the manifest."""
        size = self.entry(member).size
        return StretchSource(self.path, self.starts[member], size)

    def open(self, member: str) -> BinaryIO:
        """A stream over a file, which can be moved in and is not checked; use :meth:`read` where the content decides."""
        with unreadable(self.path):
            return self.source(member).open()

    def read(self, member: str) -> bytes:
        """The content of a file. Raises DossierError when it is not what the manifest says."""
        entry = self.entry(member)
        with unreadable(self.path), self.open(member) as stream:
            data = stream.read(entry.size)
        if len(data) != entry.size or digest(data) != entry.sha256:
            raise DossierError(changed(member).at(file=self.path.name))
        return data

    def extract(self, into: Path, members: Iterable[str]) -> None:
        """Write files under ``into``, at their paths. Nothing is overwritten, and no link is followed.

        Raises:
            DossierError: a path is taken, or a content is not what the manifest says; then nothing was left.
        """
        wanted = [(self.entry(name), self.source(name)) for name in members]
        extract(into, wanted, self.path.name)


def changed(member: str) -> Problem:
    """The content of a file is not what was sealed."""
    return Problem("member_changed", "文件内容与清单不符", fix=ORIGINAL).at(key=member)


@contextmanager
def unreadable(path: Path) -> Iterator[None]:
    """Turn what the system says about a file into DossierError."""
    try:
        yield
    except FileNotFoundError:
        problem = Problem("dossier_missing", "找不到档案文件", fix="请检查路径")
    except OSError as error:
        folder = path.is_dir()
        message = "这是文件夹,不是档案文件" if folder else f"档案读不出来({reason(error)})"
        fix = "请选择其中的 .zip 档案文件" if folder else "请检查权限,或重新复制"
        problem = Problem("dossier_unreadable", message, fix=fix)
    else:
        return
    raise DossierError(problem.at(file=path.name or path.as_posix()))


def open_container(path: Path) -> Container:
    """Open a dossier. Headers, manifest, signatures and directory are compared; contents are not read.

    Raises:
        DossierError: it is no dossier, or a byte outside the files is not what it must be.
    """
    with unreadable(path), path.open("rb") as stream:
        container = opened(stream, path)
        problems = []
        for member in container.members:
            stream.seek(member.offset)
            if stream.read(member.start - member.offset) != member.header:
                problems.append(header_changed(member.name).at(file=path.name))
    if problems:
        raise DossierError(problems)
    return container


def header_changed(member: str) -> Problem:
    """The local header of a member is not the one it must have."""
    return Problem("header_changed", "文件头与清单不符", fix=ORIGINAL).at(key=member)


def opened(stream: BinaryIO, path: Path) -> Container:
    """The container in a stream, without a look at the files' own headers and contents. Raises DossierError."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    try:
        _refuse(recognised(stream, size))
        if size > MAX_SIZE:
            _refuse(too_large().at(key=HEAD))
        data = _manifest(stream, size)
        manifest = read_manifest(data, path.name)
        members = members_of(manifest, data)
        signed = _tail(stream, size, members)
        signatures = tuple(_signature(name, content) for name, content in signed)
    except DossierError as error:
        raise DossierError([p.at(file=path.name) for p in error.problems]) from None
    files = {entry.path: entry for entry in manifest.files}
    starts = {member.name: member.start for member in members[1:]}
    return Container(path, manifest, data, signatures, tuple(members[1:]), files, starts)


def _refuse(problem: Problem | None) -> None:
    if problem is not None:
        raise DossierError(problem)


def _manifest(stream: BinaryIO, size: int) -> bytes:
    """The bytes of the manifest, which agree with their header."""
    stream.seek(0)
    header = stream.read(LOCAL_SIZE + len(MANIFEST_NAME))
    length = size_in(header)
    sound = Member(MANIFEST_NAME, length, 0, 0).header
    if header[:14] != sound[:14] or header[18:] != sound[18:]:
        message = "第一个文件头被改动,或是解压以后重新压缩的"
        _refuse(Problem("repacked", message, fix=f"重新压缩的不能作为评价档案,{ORIGINAL}").at(key=HEAD))
    if length > MAX_MANIFEST:
        message = f"清单超过 {MAX_MANIFEST // 1024**2} MB,或第一个文件头被改动"
        _refuse(Problem("manifest_too_large", message, fix=ORIGINAL).at(key=PLACE))
    data = stream.read(length)
    if len(data) < length:
        _refuse(cut_short())
    if Member(MANIFEST_NAME, length, zlib.crc32(data), 0).header != header:
        _refuse(Problem("manifest_changed", "清单与其校验值不符:被改动或已损坏", fix=ORIGINAL).at(key=PLACE))
    return data


def _tail(stream: BinaryIO, size: int, members: list[Member]) -> list[tuple[str, bytes]]:
    """Name and content of each signature. What follows the files must be them, directory and end record, and no more."""
    behind = members[-1].end
    stream.seek(max(0, size - END_SIZE))
    end = end_in(stream.read(END_SIZE))
    if size < behind or end is None:
        raise DossierError(without_end(stream, size, behind))
    longest = MAX_SIGNATURES * (SIGNATURE_HEADER + MAX_SIGNATURE)
    if not behind <= end.offset <= behind + longest or end.offset + end.size + END_SIZE != size:
        message = "档案的长度与清单和结尾记录对不上:有内容被删去、插入或重复"
        _refuse(Problem("length_differs", message, fix=ORIGINAL).at(key=END))
    stream.seek(behind)
    signed = list(_signed(stream.read(end.offset - behind), behind))
    everything = [*members, *(member for member, _ in signed)]
    if end_of(everything) != end:
        _refuse(Problem("end_changed", "结尾记录与清单不符", fix=ORIGINAL).at(key=END))
    _compare_directory(stream.read(end.size), everything)
    return [(member.name, content) for member, content in signed]


def _compare_directory(data: bytes, members: list[Member]) -> None:
    at = 0
    for member in members:
        length = CENTRAL_SIZE + len(member.name.encode())
        if data[at : at + length] != member.entry:
            message = "中央目录与清单不符:名称、位置或属性被改动"
            _refuse(Problem("directory_changed", message, found=member.name, fix=ORIGINAL).at(key=DIRECTORY))
        at += length


def _signed(data: bytes, offset: int) -> Iterator[tuple[Member, bytes]]:
    """The signatures behind the files, ascending, without a byte between them."""
    at, before = 0, ""
    while at < len(data):
        header = data[at : at + SIGNATURE_HEADER]
        start = at + SIGNATURE_HEADER
        length = size_in(header) if len(header) == SIGNATURE_HEADER and header.startswith(LOCAL_MAGIC) else -1
        content = data[start : start + length] if 0 <= length <= MAX_SIGNATURE else b""
        name = header[LOCAL_SIZE:].decode("ascii", "replace")
        member = Member(name, len(content), zlib.crc32(content), offset + at)
        if length != len(content) or member.header != header or name <= before:
            message = "签名文件被改动,或档案里夹带了清单之外的内容"
            named = name > before and _SIGNATURE.fullmatch(name)
            _refuse(Problem("signature_malformed", message, fix=ORIGINAL).at(key=name if named else SIGNATURES))
        yield member, content
        at, before = start + length, name


def _signature(name: str, content: bytes) -> Signature:
    """One signature, which stands under its own fingerprint. Whether it is valid is judged elsewhere."""
    try:
        data = json.loads(content.decode())
        same = isinstance(data, dict) and canonical_json(data) == content
    except (ValueError, RecursionError):
        same = False
    if not same or signature_name(str(data.get("key"))) != name:
        _refuse(Problem("signature_malformed", "签名文件已损坏,或不是封存程序写的", fix=ORIGINAL).at(key=name))
    return validated(Signature, data, YamlDocument(data, name), DossierError, name)
