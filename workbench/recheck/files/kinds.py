"""What a file really is, by its first bytes; its name is only a claim."""

from __future__ import annotations

import stat
from enum import StrEnum
from pathlib import Path, PurePosixPath

from workbench.base.errors import FileError
from workbench.base.office.refusing import COPY_AGAIN
from workbench.base.text import reason
from workbench.recheck.files.refusing import SAVE_AS_DOCX, SAVE_AS_XLSX, refused

MAX_FILE = 200 * 1024**2
_HEAD = 4096


class Kind(StrEnum):
    """Containers this package looks into."""

    PACKAGE = "xlsx/docx"
    COMPOUND = "xls/doc"
    PDF = "pdf"


def kind_of(path: Path, file: str) -> Kind:
    """The container of a file. Raises FileError for anything else, naming what it is."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise refused("not_a_file", "不是文件", file, "请给出文件,或放自评表的文件夹")
        if status.st_size > MAX_FILE:
            found = f"{status.st_size / 1024**2:.0f} MB"
            raise refused(
                "file_too_large", "文件太大", file, "请压缩图片或拆分后再复核", found=found, expected="200 MB 以内"
            )
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except FileNotFoundError:
        if path.is_symlink():
            raise refused("file_missing", "链接指向的文件不存在", file, "请放入文件本身,或修好链接") from None
        raise refused("file_missing", "文件不存在", file, "请检查路径和文件名") from None
    except (OSError, ValueError) as error:
        raise unreadable(error, file) from None
    return _kind(head, file)


def unreadable(error: OSError | ValueError, file: str) -> FileError:
    """The error for a file the system does not open."""
    why = reason(error) if isinstance(error, OSError) else "路径里有系统不认识的字符"
    return refused("file_unreadable", f"文件打不开:{why}", file, "请检查路径、权限或是否被占用")


def _kind(head: bytes, file: str) -> Kind:
    if not head:
        raise refused("file_empty", "文件是空的(0 字节)", file, COPY_AGAIN, found="0 字节")
    if head.startswith(b"PK\x03\x04"):
        return Kind.PACKAGE
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Kind.COMPOUND
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    raise _other(head, file)


def _other(head: bytes, file: str) -> FileError:
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    name = PurePosixPath(file).suffix.lower()
    word = name in (".doc", ".docx", ".wps", ".rtf")
    if b"<html" in text or b"<table" in text or text.startswith(b"<!doctype html"):
        what = "网页(HTML),只是改成了表格或文档的后缀" if name in (".xls", ".xlsx", ".doc", ".docx") else "网页(HTML)"
    elif b'progid="excel.sheet' in text or b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        what = "Excel 2003 的 XML 表格"
    elif (
        b'progid="word.document' in text
        or b"schemas.microsoft.com/office/word" in text
        or b"/office/2006/xmlpackage" in text
    ):
        what, word = "Word 的 XML 文档", True
    elif text.startswith(b"{\\rtf"):
        what, word = "RTF 文档", True
    elif text.startswith(b"mime-version:"):
        what = "单个文件网页(MHT)"
    elif not head.strip(b"\0"):
        return refused("file_damaged", "文件内容全是空字节,已损坏", file, COPY_AGAIN, found="空字节")
    elif head.startswith(b"PK"):
        return refused(
            "file_damaged", "文件不完整或已损坏", file, COPY_AGAIN, found="残缺的压缩包", expected="完整的文件"
        )
    else:
        what = "不认识的内容"
    return refused(
        "file_not_office",
        f"文件不是 Excel、Word 或 PDF,而是{what}",
        file,
        SAVE_AS_DOCX if word else SAVE_AS_XLSX,
        found=what,
    )
