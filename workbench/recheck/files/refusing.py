"""How a file is refused: by name, with what was found, what is expected and what to do."""

from __future__ import annotations

import re
from xml.parsers import expat

from workbench.base.errors import FileError, Place, Problem

SAVE_AS_XLSX = "请在 Excel 或 WPS 中打开,另存为“Excel 工作簿(*.xlsx)”后再复核"
SAVE_AS_DOCX = "请在 Word 或 WPS 中打开,另存为“Word 文档(*.docx)”后再复核"
ASK_AGAIN = "文件不可信,请向填报单位重新索取"
COPY_AGAIN = "请重新导出或重新复制文件"
READABLE = "Excel 工作簿(.xlsx、.xls)、Word 文档(.docx)或有文字的 PDF"

MAX_TAGS = 1_000_000
"""Opening and closing tags of one part; two hundred forms in one Word file have fewer."""
_PREFIXED = re.compile(rb"\s*(?:<[?!][^>]*>\s*)*<[\w.-]+:")


def refused(
    code: str,
    message: str,
    file: str,
    fix: str,
    *,
    sheet: str | None = None,
    found: str | None = None,
    expected: str = READABLE,
) -> FileError:
    """The error for a file that is not read."""
    return FileError(Problem(code, message, Place(file, sheet), found, expected, fix))


def damaged(file: str, sheet: str | None = None) -> FileError:
    """The error for a file that is cut off or broken."""
    return refused("file_truncated", "文件不完整或已损坏", file, COPY_AGAIN, sheet=sheet, expected="完整的文件")


def entities(file: str, found: str) -> FileError:
    """The error for XML that defines entities, or names a definition elsewhere."""
    message, expected = "文件里有外部定义(XML 实体)", "没有外部定义的文件"
    return refused("file_entities", message, file, ASK_AGAIN, found=found, expected=expected)


def notice(code: str, message: str, file: str, fix: str, sheet: str | None = None) -> Problem:
    """Something a person should know about a file that was read."""
    return Problem(code, message, Place(file, sheet), fix=fix, severity="info")


class StrictParser:
    """An XML parser for files of strangers: no document type (so no entities), a bounded number of tags.

    A subclass defines ``start(name, attributes)``, ``end(name)`` and ``data(text)``. Names are those of the main namespace of
    the part, without prefix; with ``spaces`` all come as “namespace name”.
    """

    spaces = False

    def __init__(self, file: str) -> None:
        self.file = file

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Characters."""

    def parse(self, data: bytes) -> None:
        """Run over one part. Raises FileError."""
        tags = data.count(b"<")
        if tags > MAX_TAGS:
            message = "内容太多,不是正常的自评表"
            raise refused("xml_too_large", message, self.file, ASK_AGAIN, found=f"{tags}个标记")
        parser = expat.ParserCreate(namespace_separator=" " if self.spaces else None)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._stop
        parser.CharacterDataHandler = self.data
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        if not self.spaces and _PREFIXED.match(data):
            # Some programs write <x:row> for <row>.
            parser.StartElementHandler = lambda name, found: self.start(name.rpartition(":")[2], found)
            parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        try:
            parser.Parse(data, True)
        except expat.ExpatError:
            raise damaged(self.file) from None

    def _stop(self, *_: object) -> None:
        raise entities(self.file, "DOCTYPE")
