"""From the XML of a docx to :class:`Document`: text as a reader sees it, tables as full grids.

What was deleted under tracked changes, hidden text, field codes and the old-format twin of a text box are not text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbench.reports.checking.document.model import Cell, Document, Paragraph, Table
from workbench.reports.checking.document.package import body_of, parsed, refused, strict_parser

MAX_ELEMENTS = 800_000
MAX_DEPTH = 400
MAX_SPAN = 63
"""Word's own limit of columns."""
MAX_FIELDS = 80_000
"""Fields of all tables together: a score table of a thousand indicators has ten thousand."""
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_IGNORED = frozenset(
    {"del", "moveFrom", "delText", "delInstrText", "rPrChange", "pPrChange", "tcPrChange", "trPrChange"}
)
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PAGE = re.compile(r"(?:\t|[.·…]{3,})\s*\d{1,4}\s*$")
MAX_TEXT = 20_000
"""Characters of a paragraph or cell that are read; nobody writes a longer one that has a claim in it."""
_BLANKS = re.compile(r"[ \t\u00a0\u3000]{3,}")
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass
class _Text:
    """A paragraph being read."""

    pieces: list[str] = field(default_factory=list)
    list_id: str | None = None
    level: int = 0
    contents: bool = False


@dataclass
class _Field:
    """A table cell being read."""

    lines: list[str] = field(default_factory=list)
    span: int = 1
    joined: str = ""


@dataclass
class _Row:
    fields: list[_Field] = field(default_factory=list)
    before: int = 0
    deleted: bool = False


class _Reader:
    """Handlers of the parser; open paragraphs, tables and text boxes are stacks, for they stand in one another."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.blocks: list[_Text | list[_Row]] = []
        self.path: list[str] = []
        self.skipped = 0
        self.texts: list[_Text] = []
        self.tables: list[list[_Row]] = []
        self.holders: list[_Field | None] = [None]
        self.hidden = False
        self.count = self.fields = 0
        self.instruction = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self.count += 1
        if self.count > MAX_ELEMENTS or len(self.path) > MAX_DEPTH:
            raise refused("body_too_large", "文档太大或层次太深", self.file, "请拆分文档后再检查")
        space, _, local = name.rpartition(" ")
        if space in _WORD:
            name = local
        elif space == _MATH and local == "t":
            name = "t"
        elif space == _COMPATIBLE and local == "Fallback":
            name = "Fallback"
        else:
            name = ""
        self.path.append(name)
        if self.skipped:
            self.skipped += 1
        elif name in _IGNORED or name == "Fallback":
            self._ignore(name)
        elif name:
            self._open(name, attributes)

    def _ignore(self, name: str) -> None:
        parent = self.path[-2] if len(self.path) > 1 else ""
        if name == "del" and parent == "trPr" and self.tables and self.tables[-1]:
            self.tables[-1][-1].deleted = True
        self.skipped = 1

    def _open(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "p":
            self.texts.append(_Text())
        elif name == "r":
            self.hidden = False
        elif name == "tbl":
            rows: list[_Row] = []
            self.tables.append(rows)
            self.blocks.append(rows)
        elif name == "tr" and self.tables:
            self.tables[-1].append(_Row())
        elif name == "tc" and self.tables and self.tables[-1]:
            self.fields += 1
            if self.fields > MAX_FIELDS:
                raise refused("table_too_large", "表格太大", self.file, "请拆分文档后再检查")
            cell = _Field()
            self.tables[-1][-1].fields.append(cell)
            self.holders.append(cell)
        elif name == "txbxContent":
            self.holders.append(None)
        elif name == "instrText":
            self.instruction = True
        elif name in _MARKS and self.texts and self.path[-2] == "r" and not self.hidden:
            self.texts[-1].pieces.append(_MARKS[name])
        else:
            self._property(name, {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def _property(self, name: str, values: Mapping[str, str]) -> None:
        value = values.get("val", "")
        if name == "vanish":
            self.hidden = self.hidden or (self.path[-3:-1] == ["r", "rPr"] and value not in _OFF)
        elif name == "gridSpan" and self.holders[-1] is not None:
            self.holders[-1].span = self._span(value)
        elif name in ("vMerge", "hMerge") and self.holders[-1] is not None:
            self.holders[-1].joined = f"{name[0]}{'r' if value == 'restart' else 'c'}"
        elif name == "gridBefore" and self.tables and self.tables[-1]:
            self.tables[-1][-1].before = self._span(value)
        elif name == "numId" and self.texts and value not in ("", "0"):
            self.texts[-1].list_id = value
        elif name == "ilvl" and self.texts:
            self.texts[-1].level = int(value) if value.isdecimal() else 0
        elif name == "hyperlink" and values.get("anchor", "").startswith("_Toc") and self.texts:
            self.texts[-1].contents = True

    def _span(self, value: str) -> int:
        span = int(value) if value.isdecimal() and len(value) < 6 else 1
        if span > MAX_SPAN:
            raise refused("table_too_wide", f"表格有{span}列,超过上限", self.file, "请检查文件来源,另存后再检查")
        return max(1, span)

    def data(self, text: str) -> None:
        """Characters."""
        if self.skipped or not self.texts:
            return
        if self.instruction:
            self.texts[-1].contents = self.texts[-1].contents or "PAGEREF" in text or "TOC \\" in text
        elif self.path[-1] == "t" and not self.hidden:
            self.texts[-1].pieces.append(text)

    def end(self, _: str) -> None:
        """An element ends."""
        name = self.path.pop()
        if self.skipped:
            self.skipped -= 1
        elif name == "p":
            text, holder = self.texts.pop(), self.holders[-1]
            if holder is not None:
                holder.lines.append("".join(text.pieces))
            else:
                self.blocks.append(text)
        elif name == "tbl" and self.tables:
            self.tables.pop()
        elif name in ("tc", "txbxContent") and len(self.holders) > 1:
            self.holders.pop()
        elif name == "instrText":
            self.instruction = False


def read(path: Path) -> Document:
    """A docx as paragraphs and tables. Raises ReportUnreadable."""
    return read_body(body_of(path), path.as_posix())


def read_body(body: bytes, file: str) -> Document:
    """The XML of a body as paragraphs and tables. Raises ReportUnreadable."""
    reader = _Reader(file)
    parser = strict_parser(file, " ")
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.data
    parsed(parser, body, file)
    return _document(reader)


def _document(reader: _Reader) -> Document:
    paragraphs: list[Paragraph] = []
    tables: list[Table] = []
    before, apart, fields = "", True, 0
    for order, block in enumerate(reader.blocks):
        if isinstance(block, list):
            rows = _grid([r for r in block if not r.deleted and r.fields])
            fields += sum(map(len, rows))
            if fields > MAX_FIELDS:
                raise refused("table_too_large", "表格太大", reader.file, "请拆分文档后再检查")
            if rows:
                tables.append(Table(rows, len(tables) + 1, order, before, apart))
                before, apart = "", False
            continue
        text = _shortened("".join(block.pieces))
        if text.strip():
            listed = (block.list_id, block.level) if block.list_id is not None else None
            contents = block.contents or bool(_PAGE.search(text))
            paragraphs.append(Paragraph(text, len(paragraphs) + 1, order, listed, contents))
            before, apart = text.strip(), True
    return Document(paragraphs, tables)


def _shortened(text: str) -> str:
    """At most :data:`MAX_TEXT` characters, runs of blanks as two: patterns must not be worn out by a page of them."""
    return _BLANKS.sub("  ", text[:MAX_TEXT])


def _grid(rows: list[_Row]) -> list[list[Cell]]:
    """Rows as fields of equal number; a merged cell fills all its fields with its text."""
    grid: list[list[Cell]] = []
    for y, row in enumerate(rows):
        line: list[Cell] = [Cell("", (y, x)) for x in range(row.before)]
        for part in row.fields:
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
