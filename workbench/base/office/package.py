"""An xlsx or docx as a package: what it really is and how large it unpacks, looked at before anything in it is parsed."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from itertools import pairwise
from typing import BinaryIO

from workbench.base.errors import FileError
from workbench.base.office.links import Link, read_links
from workbench.base.office.refusing import (
    ASK_AGAIN,
    SAVE_AS_DOCX,
    SAVE_AS_XLSX,
    damaged,
    encrypted,
    entities,
    refused,
)
from workbench.base.office.strict import StrictParser
from workbench.base.zipends import MAX_PARTS, crowd_of

MAX_UNPACKED = 1024**3
"""Photographs in a form unpack to hundreds of megabytes, and are never unpacked here."""
MAX_RATIO = 200
RATIO_FROM = 4 * 1024**2
"""A part below this size may be as repetitive as it likes: a nearly empty sheet packs well."""
MAX_SMALL = 1024**2
MAX_PART = 32 * 1024**2
MAX_READ = 100 * 1024**2
"""All parts that are read, together."""
PROLOG = 64 * 1024
"""Where a document type would have to stand."""
_STRANGE = re.compile(
    r"\.(zip|rar|7z|gz|tar|jar|exe|dll|com|scr|bat|cmd|ps1|vbs?|vbe|js|jse|wsf|hta|lnk|msi|iso)$", re.IGNORECASE
)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, struct.error)
_HONEST = "内容与大小正常的文件"
_OFFICE = "Excel 工作簿(.xlsx)或 Word 文档(.docx)"


class Package:
    """An open package whose directory, content types and links have been checked.

    Attributes:
        main: path of the main part; kind: its content type.
        links: of every part that has some, by the part's path; those of the package by "".
    """

    def __init__(self, stream: BinaryIO, file: str) -> None:
        self.file = file
        self._read = 0
        try:
            _check_end(stream, file)
            self._archive = zipfile.ZipFile(stream)
            _check_directory(self._archive.infolist(), file)
            self._entries = {_plain(e.filename): e for e in self._archive.infolist()}
            self._check_prologs()
            types = _Types(file)
            types.parse(self.part("[Content_Types].xml", MAX_SMALL))
            self.links = self._links()
        except _BROKEN:
            raise damaged(file) from None
        self._types = types
        self.main = self._main()
        self.kind = types.of(self.main)
        self._check_macros()

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return _plain(name) in self._entries

    def part(self, name: str, limit: int = MAX_PART) -> bytes:
        """What a part holds; what it unpacks to is counted, not believed. Raises FileError."""
        entry = self._entries.get(_plain(name))
        if entry is None:
            raise damaged(self.file)
        if entry.file_size > limit:
            raise self._too_large(entry.file_size)
        try:
            with self._archive.open(entry) as stream:
                data = stream.read(limit + 1)
                whole = stream.read(1) == b""
        except _BROKEN:
            raise damaged(self.file) from None
        self._read += len(data)
        if len(data) > limit or not whole or self._read > MAX_READ:
            raise self._too_large(self._read)
        return data

    def targets(self, part: str) -> dict[str, Link]:
        """The links of a part by their id."""
        return {link.id: link for link in self.links.get(_plain(part), ())}

    def _links(self) -> dict[str, list[Link]]:
        found: dict[str, list[Link]] = {}
        for name in self._entries:
            folder, base = posixpath.split(name)
            if base.endswith(".rels") and posixpath.basename(folder) == "_rels":
                source = posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))
                found[source] = read_links(self.part(name, MAX_SMALL), posixpath.dirname(source), self.file)
        return found

    def _check_prologs(self) -> None:
        """Parts that are not read here are read by whoever opens the file next."""
        for name, entry in self._entries.items():
            if name.endswith((".xml", ".rels", ".vml")):
                with self._archive.open(entry) as stream:
                    start = stream.read(PROLOG)
                if b"<!DOCTYPE" in start or b"<!DOCTYPE" in start.replace(b"\0", b""):
                    raise entities(self.file, name)

    def _main(self) -> str:
        main = next((k for k in self.links.get("", ()) if k.kind == "officeDocument" and not k.external), None)
        if main is None or not self.has(main.target):
            raise refused(
                "file_not_office",
                "不是 Excel 工作簿,也不是 Word 文档",
                self.file,
                SAVE_AS_XLSX,
                found="压缩包",
                expected=_OFFICE,
            )
        return main.target

    def _check_macros(self) -> None:
        bare = [
            n for n in self._entries if n.endswith(("vbaproject.bin", "vbadata.xml")) or n.startswith("xl/macrosheets/")
        ]
        macro = "macroenabled" in self.kind.lower() or self._types.macros or bool(bare)
        if macro or any(
            link.kind in ("vbaProject", "xlMacrosheet", "xlIntlMacrosheet") for k in self.links.values() for link in k
        ):
            found = "带宏程序的文件" if bare else "启用宏的文件格式"
            fix = SAVE_AS_DOCX if "word" in self.kind else SAVE_AS_XLSX
            raise refused("file_macros", "文件带有宏", self.file, fix, found=found, expected="不带宏的文件")

    def _too_large(self, size: int) -> FileError:
        found = f"解压后有{size / 1024**2:.0f} MB"
        return refused(
            "zip_too_large", "解压后太大,不是正常的文件", self.file, ASK_AGAIN, found=found, expected=_HONEST
        )


class _Types(StrictParser):
    """[Content_Types].xml."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.parts: dict[str, str] = {}
        self.suffixes: dict[str, str] = {}
        self.macros = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if name == "Override":
            self.parts[_plain(attributes.get("PartName", ""))] = kind
        elif name == "Default":
            self.suffixes[attributes.get("Extension", "").lower()] = kind
        self.macros = self.macros or (name == "Override" and "vbaproject" in kind.lower())

    def of(self, part: str) -> str:
        """Content type of a part."""
        return self.parts.get(_plain(part)) or self.suffixes.get(posixpath.splitext(part)[1][1:].lower(), "")


def _plain(name: str) -> str:
    # Names of parts tell no upper from lower case.
    return name.lstrip("/").lower()


def _check_end(stream: BinaryIO, file: str) -> None:
    """The directory's size before it is loaded: a million empty entries would fill the memory."""
    crowd = crowd_of(stream)
    if crowd is not None:
        message, found = "压缩包里的部件太多,不是正常的文件", f"{crowd}个部件"
        raise refused("zip_too_many", message, file, ASK_AGAIN, found=found, expected=_HONEST)


def _check_directory(entries: list[zipfile.ZipInfo], file: str) -> None:
    names = [_plain(e.filename) for e in entries]
    unpacked = sum(e.file_size for e in entries)
    if len(entries) > MAX_PARTS:
        raise zipfile.BadZipFile
    if len(names) != len(set(names)) or _overlap(entries):
        raise refused("zip_overlap", "压缩包里的部件同名或互相重叠", file, ASK_AGAIN, expected=_HONEST)
    if bad := next((e.filename for e in entries if _leaves(e.filename)), None):
        raise refused("zip_path", "压缩包里有指向外部的路径", file, ASK_AGAIN, found=bad, expected=_HONEST)
    if any(e.flag_bits & 1 for e in entries):
        raise encrypted(file)
    if bad := next((e.filename for e in entries if _STRANGE.search(e.filename)), None):
        raise refused("zip_nested", "文件里夹带压缩包或程序", file, ASK_AGAIN, found=bad, expected=_HONEST)
    dense = max((e.file_size / max(1, e.compress_size) for e in entries if e.file_size > RATIO_FROM), default=0.0)
    if unpacked > MAX_UNPACKED or dense > MAX_RATIO:
        found = f"解压后有{unpacked / 1024**2:.0f} MB" + (f",压缩比{dense:.0f}倍" if dense else "")
        raise refused(
            "zip_bomb", "压缩比或解压后的大小不正常(压缩炸弹)", file, ASK_AGAIN, found=found, expected=_HONEST
        )
    if any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in entries):
        raise refused("zip_method", "压缩方式不是 Excel、Word 用的", file, SAVE_AS_XLSX, expected=_HONEST)


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Whether parts share bytes: one small stretch of data that many parts unpack is the densest bomb there is."""
    ordered = sorted(entries, key=lambda e: e.header_offset)
    return any(
        a.header_offset + 30 + len(a.orig_filename) + a.compress_size > b.header_offset for a, b in pairwise(ordered)
    )


def _leaves(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or "\\" in name or ".." in name.split("/")
