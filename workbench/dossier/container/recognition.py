"""What a file is that is no dossier: whoever picked the wrong one should hear so, and not read about headers."""

from __future__ import annotations

from typing import BinaryIO

from workbench.base.errors import Problem
from workbench.dossier.container.layout import (
    CENTRAL_SIZE,
    END_MAGIC,
    END_SIZE,
    LOCAL_MAGIC,
    LOCAL_SIZE,
    MANIFEST_NAME,
    end_in,
)
from workbench.dossier.container.manifests import ORIGINAL

HEAD = "文件头"
END = "结尾记录"
_TAIL = END_SIZE + 65535
"""Where the end record of any zip begins at the earliest: a comment has at most 65,535 bytes."""
_PICK = "请选择 workbench seal 写出的档案文件"
_OFFICE = {b"word/document.xml": "Word 文档", b"xl/workbook.": "Excel 工作簿", b"ppt/presentation.xml": "幻灯片"}


def recognised(stream: BinaryIO, size: int) -> Problem | None:
    """Why a file is not even taken for a dossier; None when it begins like one."""
    if size == 0:
        return Problem("dossier_empty", "文件是空的", fix="请重新复制或下载").at(key=HEAD)
    start = stream.read(LOCAL_SIZE + len(MANIFEST_NAME))
    if start[LOCAL_SIZE:] == MANIFEST_NAME.encode() and start.startswith(LOCAL_MAGIC):
        return None
    tail = _last(stream, size, _TAIL)
    office = next((what for part, what in _OFFICE.items() if part in tail and END_MAGIC in tail), None)
    moved = _moved(stream, size)
    if moved is not None:
        message = f"档案前面多出{moved}字节" if moved > 0 else "档案开头被改动或缺了一段"
        return Problem("bytes_before", message, fix=ORIGINAL).at(key=HEAD)
    if office is not None:
        return Problem("not_a_dossier", f"这是{office},不是评价档案", fix=_PICK).at(key=HEAD)
    if start.startswith((LOCAL_MAGIC, END_MAGIC)):
        return _other_zip(start)
    return Problem("not_a_dossier", "这不是评价档案", fix=_PICK).at(key=HEAD)


def _last(stream: BinaryIO, size: int, count: int) -> bytes:
    begin = max(0, size - count)
    stream.seek(begin)
    return stream.read(size - begin)


def _moved(stream: BinaryIO, size: int) -> int | None:
    """By how many bytes a dossier is moved in this file, which does not begin like one; None when it does not end like one."""
    end = end_in(_last(stream, size, END_SIZE))
    if end is None or end.size > size:
        return None
    stream.seek(max(0, size - END_SIZE - end.size))
    first = stream.read(CENTRAL_SIZE + len(MANIFEST_NAME))
    return size - END_SIZE - end.size - end.offset if first.endswith(MANIFEST_NAME.encode()) else None


def _other_zip(start: bytes) -> Problem:
    if start.startswith(LOCAL_MAGIC) and len(start) < LOCAL_SIZE + len(MANIFEST_NAME):
        return cut_short()
    return Problem("not_a_dossier", "这是普通的压缩包,不是评价档案,或第一个文件头被改动", fix=_PICK).at(key=HEAD)


def cut_short() -> Problem:
    """The file ends before it should."""
    return Problem("dossier_cut", "文件不完整:没有到结尾就断了", fix="请重新复制或下载;仍不行时" + ORIGINAL).at(key=END)


def without_end(stream: BinaryIO, size: int, behind: int) -> Problem:
    """Why the last bytes are no end record. ``behind`` is where the files end: a zip among them has an end record too."""
    if size < behind:
        return cut_short()
    tail = _last(stream, size, min(_TAIL, size - behind))
    found = tail.rfind(END_MAGIC)
    extra = len(tail) - found - END_SIZE
    if found < 0 or extra < 0:
        return cut_short()
    if extra > 0:
        return Problem("bytes_after", f"档案后面多出{extra}字节", fix=ORIGINAL).at(key=END)
    return Problem("end_changed", "结尾记录被改动", fix=ORIGINAL).at(key=END)
