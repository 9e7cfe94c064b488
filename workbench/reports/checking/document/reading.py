"""From a docx to :class:`Document`: paragraphs as a reader sees them, tables as full grids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from workbench.base.office.package import Package
from workbench.base.office.refusing import COPY_AGAIN, SAVE_AS_DOCX, encrypted, refused
from workbench.base.office.word import WordBody, WordRow, WordTable, read_word_body
from workbench.base.text import reason
from workbench.reports.checking.document.model import Cell, Document, Paragraph, Table

MAX_FILE = 512 * 1024**2
MAX_BODY = 48 * 1024**2
MAX_TAGS = 1_600_000
MAX_FIELDS = 80_000
"""Fields of all tables together, merged ones counted as often as they are wide."""
MAX_TEXT = 20_000
"""Characters of a paragraph or cell that are read; nobody writes a longer one that has a claim in it."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCX = "Word 文档(.docx)"
_PAGE = re.compile(r"(?:\t|[.·…]{3,})\s*\d{1,4}\s*$")
_BLANKS = re.compile(r"[ \t\u00a0\u3000]{3,}")


def read(path: Path) -> Document:
    """A docx as paragraphs and tables.

    Raises:
        FileError: no such file; not a docx; encrypted; with macros; damaged; or made to unpack without end.
    """
    file = path.as_posix()
    try:
        with path.open("rb") as stream:
            return read_stream(stream, file)
    except FileNotFoundError:
        raise refused("file_unreadable", "没有这个文件", file, "请检查路径", expected=_DOCX) from None
    except OSError as error:
        message = f"文件打不开:{reason(error)}"
        raise refused("file_unreadable", message, file, "请检查路径", expected=_DOCX) from None


def read_stream(stream: BinaryIO, file: str) -> Document:
    """The same of a docx that is open; ``file``: what it is called in messages. Raises FileError."""
    _check_kind(stream, file)
    package = Package(stream, file)
    if "wordprocessingml" not in package.kind:
        raise refused("file_not_docx", "不是 Word 文档(.docx)", file, SAVE_AS_DOCX, found=package.kind, expected=_DOCX)
    document = read_body(package.part(package.main, MAX_BODY), file)
    return Document([*document.paragraphs, *_margins(package, document, file)], document.tables)


def _margins(package: Package, document: Document, file: str) -> Iterator[Paragraph]:
    """What stands in headers and footers, each text once: whoever reads the report reads it on every page."""
    links = [link for link in package.targets(package.main).values() if link.kind in ("header", "footer")]
    seen = {p.text for p in document.paragraphs}
    last = max([*(p.order for p in document.paragraphs), *(t.order for t in document.tables)], default=-1)
    number = len(document.paragraphs)
    for target in sorted({link.target for link in links if not link.external and package.has(link.target)}):
        for text in _texts(read_word_body(package.part(target), file, max_tags=MAX_TAGS)):
            if text.strip() and text not in seen:
                seen.add(text)
                number, last = number + 1, last + 1
                yield Paragraph(text, number, last, margin=True)


def _texts(body: WordBody) -> Iterator[str]:
    """The lines of a body, those of its tables too."""
    for block in body.blocks:
        if isinstance(block, WordTable):
            yield from (_shortened(line) for row in block.kept() for cell in row.cells for line in cell.lines)
        else:
            yield _shortened(block.text)


def read_body(xml: bytes, file: str) -> Document:
    """The XML of a body as paragraphs and tables. Raises FileError."""
    return _document(read_word_body(xml, file, max_tags=MAX_TAGS), file)


def _check_kind(stream: BinaryIO, file: str) -> None:
    start = stream.read(8)
    size = stream.seek(0, 2)
    if start == _OLE:
        # The directory of such a file stands near its beginning or its end.
        stream.seek(0)
        head = stream.read(1024**2)
        stream.seek(max(0, size - 1024**2))
        if _ENCRYPTED in head or _ENCRYPTED in stream.read():
            raise encrypted(file)
        raise refused("file_old_format", "这是旧版 .doc 或其他旧格式的文件", file, SAVE_AS_DOCX, expected=_DOCX)
    if not start:
        raise refused("file_empty", "文件是空的", file, COPY_AGAIN, expected=_DOCX)
    if not start.startswith(b"PK"):
        raise refused("file_not_docx", "不是 Word 文档(.docx)", file, SAVE_AS_DOCX, expected=_DOCX)
    if size > MAX_FILE:
        found, fix = f"{size / 1024**2:.0f} MB", "请压缩图片后另存"
        raise refused("file_too_large", "文件太大", file, fix, found=found, expected="512 MB 以内")


def _document(body: WordBody, file: str) -> Document:
    paragraphs: list[Paragraph] = []
    tables: list[Table] = []
    before, apart, fields = "", True, 0
    for order, block in enumerate(body.blocks):
        if isinstance(block, WordTable):
            rows = _grid(block.kept())
            fields += sum(map(len, rows))
            if fields > MAX_FIELDS:
                found, expected = f"超过{MAX_FIELDS}格", "大小正常的报告"
                raise refused("table_too_large", "表格太大", file, "请拆分文档后再试", found=found, expected=expected)
            if rows:
                tables.append(Table(rows, len(tables) + 1, order, before, apart))
                before, apart = "", False
            continue
        text = _shortened(block.text)
        if text.strip():
            listed = (block.list_id, block.level) if block.list_id else None
            contents = block.contents or bool(_PAGE.search(text))
            paragraphs.append(Paragraph(text, len(paragraphs) + 1, order, listed, contents))
            before, apart = text.strip(), True
    return Document(paragraphs, tables)


def _shortened(text: str) -> str:
    """At most :data:`MAX_TEXT` characters, runs of blanks as two: patterns must not be worn out by a page of them."""
    return _BLANKS.sub("  ", text[:MAX_TEXT])


def _grid(rows: list[WordRow]) -> list[list[Cell]]:
    """Rows as fields of equal number; a merged cell fills all its fields with its text."""
    grid: list[list[Cell]] = []
    for y, row in enumerate(rows):
        line: list[Cell] = [Cell("", (y, x)) for x in range(row.before)]
        for part in row.cells:
            x = len(line)
            cell = Cell(_shortened("\n".join(part.lines)).strip(), (y, x))
            if part.joined == "hc" and line:
                cell = line[-1]
            elif part.joined == "vc" and grid and x < len(grid[-1]):
                cell = grid[-1][x]
            line += [cell] * part.span
        grid.append(line)
    width = max(map(len, grid), default=0)
    return [line + [Cell("", (y, x)) for x in range(len(line), width)] for y, line in enumerate(grid)]
