"""The docx as a file: what it really is and how large it unpacks, looked at before anything in it is parsed."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from workbench.base.errors import FileError, Place, Problem
from workbench.base.text import reason
from workbench.base.zipends import MAX_PARTS, crowd_of

MAX_FILE = 512 * 1024**2
MAX_BODY = 48 * 1024**2
MAX_SMALL = 1024**2
MAX_RATIO = 300
RATIO_FROM = 4 * 1024**2
"""A part below this size may be as repetitive as it likes: a long table of blanks packs well."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "请在 Word 或 WPS 中另存为“Word 文档(*.docx)”后再检查"
_ASK = "文件不可信,请向提供方重新索取"
_CONTENT_TYPES = "[Content_Types].xml"
_RELATIONS = "_rels/.rels"
_BODY = re.compile(r"/relationships/officeDocument$")


class ReportUnreadable(FileError):
    """A report is no docx that can be read: exit code 2."""

    heading = "报告无法读取"


def refused(code: str, message: str, file: str, fix: str) -> ReportUnreadable:
    """The error for a file that is not read."""
    return ReportUnreadable(Problem(code, message, Place(file), fix=fix))


def body_of(path: Path) -> bytes:
    """The XML of the document's body, unpacked under limits.

    Raises:
        ReportUnreadable: no such file; not a docx; encrypted; with macros; damaged; or made to unpack without end.
    """
    try:
        with path.open("rb") as stream:
            return body_in(stream, path.as_posix())
    except OSError as error:
        raise refused("file_unreadable", f"文件打不开:{reason(error)}", path.as_posix(), "请检查路径") from None


def body_in(stream: BinaryIO, file: str) -> bytes:
    """The same of a docx that is open; ``file``: what it is called in messages."""
    try:
        _check_kind(stream, file)
        _check_end(stream, file)
        with zipfile.ZipFile(stream) as archive:
            _check_directory(archive, file)
            name = _body_name(_part(archive, _RELATIONS, MAX_SMALL, file), file)
            return _part(archive, name, MAX_BODY, file)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, struct.error):
        raise refused("file_damaged", "文件不完整或已损坏", file, "请重新导出或重新复制文件") from None


def _check_kind(stream: BinaryIO, file: str) -> None:
    start = stream.read(8)
    size = stream.seek(0, 2)
    if start == _OLE:
        # The directory of such a file stands near its beginning or its end.
        stream.seek(0)
        head = stream.read(MAX_SMALL)
        stream.seek(max(0, size - MAX_SMALL))
        if _ENCRYPTED in head or _ENCRYPTED in stream.read():
            raise refused("file_encrypted", "文件已加密", file, "请先在 Word 或 WPS 中取消打开密码,再保存")
        raise refused("file_old_format", "这是旧版 .doc 或其他旧格式的文件", file, _SAVE_AS)
    if not start:
        raise refused("file_empty", "文件是空的", file, "请重新导出或重新复制文件")
    if not start.startswith(b"PK"):
        raise refused("file_not_docx", "不是 Word 文档(.docx)", file, _SAVE_AS)
    if size > MAX_FILE:
        raise refused("file_too_large", f"文件有{size / 1024**2:.0f} MB,超过上限", file, "请压缩图片后另存")


def _check_end(stream: BinaryIO, file: str) -> None:
    """The directory's size before it is loaded: a million empty entries would fill the memory."""
    if crowd_of(stream) is not None:
        raise _crowded(file)


def _crowded(file: str) -> ReportUnreadable:
    return refused("zip_too_many", "压缩包里的部件太多,不是正常的 Word 文档", file, _ASK)


def _check_directory(archive: zipfile.ZipFile, file: str) -> None:
    names = [e.filename for e in archive.infolist()]
    if len(names) > MAX_PARTS:
        raise _crowded(file)
    if len(names) != len(set(names)):
        raise refused("zip_duplicate", "压缩包里有同名部件", file, _ASK)
    if any(n.startswith(("/", "\\")) or ":" in n or "\\" in n or ".." in n.split("/") for n in names):
        raise refused("zip_path", "压缩包里有指向外部的路径", file, _ASK)
    if any(e.flag_bits & 1 for e in archive.infolist()):
        raise refused("file_encrypted", "文件已加密", file, "请先取消密码,再保存")
    if any(n.lower().endswith("vbaproject.bin") for n in names) or file.lower().endswith((".docm", ".dotm")):
        raise refused("file_macros", "文档带有宏", file, _SAVE_AS)
    if _CONTENT_TYPES not in names or _RELATIONS not in names:
        raise refused("file_not_docx", "不是 Word 文档(.docx)", file, _SAVE_AS)


def _part(archive: zipfile.ZipFile, name: str, limit: int, file: str) -> bytes:
    """A part of the package; what it unpacks to is counted, not believed."""
    try:
        entry = archive.getinfo(name)
    except KeyError:
        raise refused("file_not_docx", "不是 Word 文档(.docx)", file, _SAVE_AS) from None
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refused("zip_method", "压缩方式不是 Word 用的", file, _SAVE_AS)
    ratio = entry.file_size / max(1, entry.compress_size)
    if entry.file_size > limit or (entry.file_size > RATIO_FROM and ratio > MAX_RATIO):
        message = f"正文解压后有{entry.file_size / 1024**2:.0f} MB(压缩比{ratio:.0f}倍),超过上限"
        raise refused("zip_too_large", message, file, _ASK)
    with archive.open(entry) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise refused("zip_too_large", "正文解压后的大小与所写的不符,超过上限", file, _ASK)
    return data


def _body_name(relations: bytes, file: str) -> str:
    """Which part is the body: the package says so; it is usually ``word/document.xml``."""
    found: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship" and _BODY.search(attributes.get("Type", "")):
            found.append(attributes.get("Target", "").removeprefix("/"))

    parser = strict_parser(file)
    parser.StartElementHandler = start
    parsed(parser, relations, file)
    if not found or not found[0].endswith(".xml") or ".." in found[0]:
        raise refused("file_not_docx", "不是 Word 文档(.docx)", file, _SAVE_AS)
    return found[0]


def strict_parser(file: str, separator: str | None = None) -> expat.XMLParserType:
    """A parser that stops at a document type: without one there are no entities, and nothing can grow or be fetched."""
    parser = expat.ParserCreate(namespace_separator=separator)

    def stop(*_: object) -> None:
        raise refused("file_entities", "文档里有外部定义(DOCTYPE)", file, _ASK)

    parser.StartDoctypeDeclHandler = stop
    parser.buffer_text = True
    return parser


def parsed(parser: expat.XMLParserType, data: bytes, file: str) -> None:
    """Run the parser. Raises ReportUnreadable when the XML is broken."""
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise refused("file_damaged", "文档内容不完整或已损坏", file, "请重新导出或重新复制文件") from None
