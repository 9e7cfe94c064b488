"""The body of a Word document: paragraphs and tables in order, with the text that a reader sees after accepting all changes.

What was deleted or moved away under tracked changes, hidden text, field codes and the old-format twin of a text box are not text.
What the shape means (a form's grid, a report's tables) is for others to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from workbench.base.errors import FileError
from workbench.base.office.fields import FieldCodes
from workbench.base.office.refusing import refused
from workbench.base.office.strict import MAX_TAGS, StrictParser

MAX_SPAN = 63
"""Word's own limit of columns."""
MAX_CELLS = 100_000
"""Cells of all tables together: a score table of a thousand indicators has ten thousand."""
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_IGNORED = frozenset(
    {"del", "moveFrom", "delText", "delInstrText", "rPrChange", "pPrChange", "tcPrChange", "trPrChange", "tblPrChange"}
)
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = frozenset({"0", "false", "off", "none"})
_SYMBOLS = {
    "b3": "≥", "a3": "≤", "b1": "±", "b4": "×", "b9": "≠", "b0": "°", "a5": "∞",
    "52": "☑", "fe": "☑", "a8": "□", "6f": "□", "fc": "√", "fb": "×",
}  # fmt: skip
"""Characters of Symbol and the Wingdings fonts, by the last two digits of their code."""


@dataclass(slots=True)
class WordParagraph:
    """A paragraph: its text, the list it is numbered by ("" for none), and whether it is an entry of the table of contents."""

    text: str = ""
    list_id: str = ""
    level: int = 0
    contents: bool = False


@dataclass(slots=True)
class WordCell:
    """A cell: its paragraphs, the columns it spans, and how it is joined ("vr", "hr" begins, "vc", "hc" goes on, "" not)."""

    lines: list[str] = field(default_factory=list)
    span: int = 1
    joined: str = ""


@dataclass(slots=True)
class WordRow:
    """A row: its cells, and the columns left blank before the first."""

    cells: list[WordCell] = field(default_factory=list)
    before: int = 0
    deleted: bool = False


@dataclass(slots=True)
class WordTable:
    """A table; one inside another is a table of its own, after it."""

    rows: list[WordRow] = field(default_factory=list)

    def kept(self) -> list[WordRow]:
        """Rows that hold cells and are not deleted."""
        return [row for row in self.rows if row.cells and not row.deleted]


@dataclass(slots=True)
class WordBody:
    """Paragraphs and tables in the order in which they begin; ``changed``: something was deleted under tracked changes."""

    blocks: list[WordParagraph | WordTable] = field(default_factory=list)
    changed: bool = False


def read_word_body(
    xml: bytes,
    file: str,
    *,
    label: Callable[[str, int], str] | None = None,
    coded: Callable[[str], None] | None = None,
    max_tags: int = MAX_TAGS,
) -> WordBody:
    """The XML of a body as paragraphs and tables.

    Args:
        file: what the file is called in messages.
        label: number of the next paragraph of (list, level), to stand before its text.
        coded: told every field code, so that it may raise for one that fetches.
        max_tags: opening and closing tags that are read.

    Raises:
        FileError: broken, with entities, or larger than any document.
    """
    reader = _Reader(file, label, coded)
    reader.max_tags = max_tags
    reader.parse(xml)
    return reader.body


@dataclass(slots=True)
class _Open:
    """A paragraph being read, and its place among the lines of a cell (None: not in a cell)."""

    lines: list[str] | None
    place: int = 0
    pieces: list[str] = field(default_factory=list)
    read: WordParagraph = field(default_factory=WordParagraph)


class _Reader(StrictParser):
    """Open paragraphs, tables and cells are stacks, for they stand in one another."""

    spaces = True

    def __init__(self, file: str, label: Callable[[str, int], str] | None, coded: Callable[[str], None] | None) -> None:
        super().__init__(file)
        self.body = WordBody()
        self._label, self._coded = label, coded
        self._names: dict[str, str] = {}
        self._path: list[str] = []
        self._skipped = self._cells = 0
        self._texts: list[_Open] = []
        self._tables: list[WordTable] = []
        self._holders: list[WordCell] = []
        self._hidden = False
        self._codes = FieldCodes(self._code)
        self._begin: dict[str, Callable[[dict[str, str]], None]] = {
            "p": self._begin_paragraph, "r": self._begin_run, "tbl": self._begin_table, "tr": self._begin_row,
            "tc": self._begin_cell, "fldChar": self._field_mark, "fldSimple": self._field_simple,
        }  # fmt: skip

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._names.get(name)
        if local is None:
            local = self._names[name] = _local(name)
        self._path.append(local)
        if self._skipped or local in _IGNORED or local == "Fallback":
            self._skip(local)
        elif begin := self._begin.get(local):
            begin(attributes)
        elif local in _MARKS:
            if self._path[-2:-1] == ["r"]:
                self._add(_MARKS[local])
        elif local:
            self._property(local, attributes)

    def end(self, _: str) -> None:
        name = self._path.pop()
        if self._skipped:
            self._skipped -= 1
        elif name == "p":
            self._end_paragraph(self._texts.pop())
        elif name == "tbl":
            self._tables.pop()
        elif name == "tc":
            self._holders.pop()

    def data(self, text: str) -> None:
        if self._skipped or not self._path:
            return
        if self._path[-1] == "instrText":
            self._codes.add(text)
        elif self._path[-1] == "t" and not self._codes.inside:
            self._add(text)

    def _add(self, text: str) -> None:
        if self._texts and not self._hidden:
            self._texts[-1].pieces.append(text)

    def _skip(self, local: str) -> None:
        if not self._skipped and local in ("del", "moveFrom"):
            self.body.changed = True
            if self._path[-2:-1] == ["trPr"] and self._tables and self._tables[-1].rows:
                self._tables[-1].rows[-1].deleted = True
        self._skipped += 1

    def _begin_paragraph(self, _: dict[str, str]) -> None:
        # A place is taken now: what hangs on a paragraph in a text box begins after it and ends before it.
        opened = _Open(self._holders[-1].lines if self._holders else None)
        if opened.lines is None:
            self.body.blocks.append(opened.read)
        else:
            opened.place = len(opened.lines)
            opened.lines.append("")
        self._texts.append(opened)

    def _begin_run(self, _: dict[str, str]) -> None:
        self._hidden = False

    def _begin_table(self, _: dict[str, str]) -> None:
        table = WordTable()
        self._tables.append(table)
        self.body.blocks.append(table)

    def _begin_row(self, _: dict[str, str]) -> None:
        if self._tables:
            self._tables[-1].rows.append(WordRow())

    def _begin_cell(self, _: dict[str, str]) -> None:
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise self._refused("sheet_too_large", "表格的单元格太多", f"超过{MAX_CELLS}个", "大小正常的文档")
        cell = WordCell()
        if self._tables and self._tables[-1].rows:
            self._tables[-1].rows[-1].cells.append(cell)
        self._holders.append(cell)

    def _field_mark(self, attributes: dict[str, str]) -> None:
        self._codes.mark(_value(attributes, "fldCharType"))

    def _field_simple(self, attributes: dict[str, str]) -> None:
        self._code(_value(attributes, "instr"))

    def _code(self, code: str) -> None:
        if self._texts and ("PAGEREF" in code or "TOC \\" in code):
            self._texts[-1].read.contents = True
        if self._coded is not None:
            self._coded(code)

    def _property(self, name: str, attributes: dict[str, str]) -> None:
        value = _value(attributes)
        if name == "vanish":
            self._hidden = self._hidden or (self._path[-3:-1] == ["r", "rPr"] and value not in _OFF)
        elif name == "gridSpan" and self._holders:
            self._holders[-1].span = self._span(value)
        elif name in ("vMerge", "hMerge") and self._holders:
            self._holders[-1].joined = name[0] + ("r" if value == "restart" else "c")
        elif name == "gridBefore" and self._tables and self._tables[-1].rows:
            self._tables[-1].rows[-1].before = self._span(value)
        elif self._texts:
            self._property_of_text(self._texts[-1].read, name, value, attributes)

    def _property_of_text(self, text: WordParagraph, name: str, value: str, attributes: dict[str, str]) -> None:
        if name == "numId" and self._path[-3:-1] == ["pPr", "numPr"] and value != "0":
            text.list_id = value
        elif name == "ilvl":
            text.level = int(value) if value in tuple("012345678") else 0
        elif name == "sym":
            self._add(_SYMBOLS.get(_value(attributes, "char")[-2:].lower(), "□"))
        elif name == "hyperlink" and _value(attributes, "anchor").startswith("_Toc"):
            text.contents = True

    def _span(self, value: str) -> int:
        span = int(value) if value.isdecimal() and len(value) < 6 else 1
        if span > MAX_SPAN:
            raise self._refused("table_too_wide", "表格太宽", f"跨{span}列的单元格", f"最多{MAX_SPAN}列的表格")
        return max(1, span)

    def _end_paragraph(self, opened: _Open) -> None:
        text = opened.read
        text.text = "".join(opened.pieces)
        if self._label and text.list_id and text.text.strip():
            text.text = self._label(text.list_id, text.level) + text.text
        if opened.lines is not None:
            opened.lines[opened.place] = text.text

    def _refused(self, code: str, message: str, found: str, expected: str) -> FileError:
        return refused(code, message, self.file, "请检查文件来源,拆分或另存后再试", found=found, expected=expected)


def _local(name: str) -> str:
    """The local name of an element of Word's, “t” of a formula, “Fallback”; empty for anything else."""
    space, _, local = name.rpartition(" ")
    if space in _WORD:
        return local
    if space == _MATH and local == "t":
        return "t"
    return "Fallback" if space == _COMPATIBLE and local == "Fallback" else ""


def _value(attributes: dict[str, str], wanted: str = "val") -> str:
    return next((v for k, v in attributes.items() if k.rpartition(" ")[2] == wanted), "")
