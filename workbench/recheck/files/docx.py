"""Word documents (.docx): tables as grids, with the paragraphs around them.

Text is what a reader sees after accepting all changes: what was deleted or moved away under tracked changes, hidden text,
field codes and the old-format twin of a text box are not text; automatic numbers are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from workbench.base.errors import Problem
from workbench.recheck.files.cells import check_area, check_count, make_grid, table_cell_name, written
from workbench.recheck.files.fields import FieldCode
from workbench.recheck.files.grid import Grid, Merged
from workbench.recheck.files.numbering import Numbering, read_numbering
from workbench.recheck.files.package import Package
from workbench.recheck.files.refusing import StrictParser, notice
from workbench.recheck.model import Spot, Written

MAX_SPAN = 63
"""Word's own limit of columns."""
MAX_AROUND = 40
"""Paragraphs kept before and after a table."""
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_IGNORED = frozenset(
    {"del", "moveFrom", "delText", "delInstrText", "rPrChange", "pPrChange", "tcPrChange", "trPrChange", "tblPrChange"}
)
_MARKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = frozenset({"0", "false", "off", "none"})
_SYMBOLS = {
    "b3": "≥", "a3": "≤", "b1": "±", "b4": "×", "b9": "≠", "b0": "°", "a5": "∞",
    "52": "☑", "fe": "☑", "a8": "□", "6f": "□", "fc": "√", "fb": "×",
}  # fmt: skip
"""Characters of Symbol and the Wingdings fonts, by the last two digits of their code."""


@dataclass
class _Text:
    """A paragraph being read."""

    pieces: list[str] = field(default_factory=list)
    list_id: str = ""
    level: int = 0


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


class _Reader(StrictParser):
    """Open paragraphs, tables and text boxes are stacks, for they stand in one another."""

    spaces = True

    def __init__(self, file: str, numbering: Numbering) -> None:
        super().__init__(file)
        self.blocks: list[str | list[_Row]] = []
        self.changed = False
        self._numbering = numbering
        self._names: dict[str, str] = {}
        self._path: list[str] = []
        self._skipped = self._fields = 0
        self._texts: list[_Text] = []
        self._tables: list[list[_Row]] = []
        self._holders: list[_Field | None] = [None]
        self._hidden = False
        self._codes = FieldCode(file)
        self._begin: dict[str, Callable[[dict[str, str]], None]] = {
            "p": lambda _: self._texts.append(_Text()), "r": self._begin_run, "tbl": self._begin_table,
            "tr": self._begin_row, "tc": self._begin_cell, "fldChar": self._field_mark, "fldSimple": self._field_simple,
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
            if self._texts and self._path[-2:-1] == ["r"] and not self._hidden:
                self._texts[-1].pieces.append(_MARKS[local])
        elif local:
            self._property(local, attributes)

    def end(self, _: str) -> None:
        name = self._path.pop()
        if self._skipped:
            self._skipped -= 1
        elif name == "p" and self._texts:
            self._end_paragraph(self._texts.pop())
        elif name == "tbl" and self._tables:
            self._tables.pop()
        elif name == "tc" and len(self._holders) > 1:
            self._holders.pop()

    def data(self, text: str) -> None:
        if self._skipped or not self._path:
            return
        if self._path[-1] == "instrText":
            self._codes.add(text)
        elif self._path[-1] == "t" and self._texts and not self._hidden and not self._codes.inside:
            self._texts[-1].pieces.append(text)

    def _skip(self, local: str) -> None:
        if not self._skipped and local in ("del", "moveFrom"):
            self.changed = True
            if self._path[-2:-1] == ["trPr"] and self._tables and self._tables[-1]:
                self._tables[-1][-1].deleted = True
        self._skipped += 1

    def _begin_run(self, _: dict[str, str]) -> None:
        self._hidden = False

    def _begin_table(self, _: dict[str, str]) -> None:
        rows: list[_Row] = []
        self._tables.append(rows)
        self.blocks.append(rows)

    def _begin_row(self, _: dict[str, str]) -> None:
        if self._tables:
            self._tables[-1].append(_Row())

    def _begin_cell(self, _: dict[str, str]) -> None:
        self._fields += 1
        if self._fields % 1000 == 0:
            check_count(self.file, "表格", self._fields)
        cell = _Field()
        if self._tables and self._tables[-1]:
            self._tables[-1][-1].fields.append(cell)
        self._holders.append(cell)

    def _field_mark(self, attributes: dict[str, str]) -> None:
        self._codes.mark(_value(attributes, "fldCharType"))

    def _field_simple(self, attributes: dict[str, str]) -> None:
        self._codes.check(_value(attributes, "instr"))

    def _property(self, name: str, attributes: dict[str, str]) -> None:
        cell = self._holders[-1]
        if name == "vanish":
            self._hidden = self._hidden or (self._path[-3:-1] == ["r", "rPr"] and _value(attributes) not in _OFF)
        elif name == "gridSpan" and cell is not None:
            cell.span = self._span(_value(attributes))
        elif name in ("vMerge", "hMerge") and cell is not None:
            cell.joined = name[0] + ("r" if _value(attributes) == "restart" else "c")
        elif name == "gridBefore" and self._tables and self._tables[-1]:
            self._tables[-1][-1].before = self._span(_value(attributes))
        elif name == "numId" and self._texts and self._path[-3:-1] == ["pPr", "numPr"]:
            self._texts[-1].list_id = _value(attributes)
        elif name == "ilvl" and self._texts:
            self._texts[-1].level = int(_value(attributes)) if _value(attributes) in "012345678" else 0
        elif name == "sym" and self._texts and not self._hidden:
            self._texts[-1].pieces.append(_SYMBOLS.get(_value(attributes, "char")[-2:].lower(), "□"))

    def _span(self, value: str) -> int:
        span = int(value) if value.isdecimal() and len(value) < 6 else 1
        if span > MAX_SPAN:
            check_area(self.file, "表格", 1_000_000, span)
        return max(1, span)

    def _end_paragraph(self, text: _Text) -> None:
        body = "".join(text.pieces)
        if text.list_id and body.strip():
            body = self._numbering.label(text.list_id, text.level) + body
        holder = self._holders[-1]
        if self._texts and any(name == "txbxContent" for name in self._path):
            # A text box hangs on a paragraph: what is in it is read where it hangs.
            self._texts[-1].pieces.append(f"\n{body}\n" if body.strip() else "")
        elif holder is not None:
            holder.lines.append(body)
        else:
            self.blocks.append(body)


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


def read_docx(package: Package) -> tuple[list[Grid], list[Problem]]:
    """The tables that hold anything, and what a person should know. Raises FileError."""
    file = package.file
    links = package.targets(package.main).values()
    numbered = next((k.target for k in links if k.kind == "numbering" and not k.external), None)
    reader = _Reader(file, read_numbering(package.part(numbered) if numbered else b"", file))
    reader.parse(package.part(package.main))
    notices = []
    if reader.changed:
        text = "文档里有没接受的修订,按接受后的内容读取"
        notices.append(notice("changes_tracked", text, file, "请填报单位接受或拒绝全部修订后再报送"))
    return _grids(reader), notices


def _grids(reader: _Reader) -> list[Grid]:
    tables: list[list[_Row]] = []
    around: list[list[tuple[int, str]]] = [[]]
    paragraphs = 0
    for block in reader.blocks:
        if isinstance(block, list):
            tables.append(block)
            around.append([])
            continue
        paragraphs += 1
        if block.strip():
            around[-1].append((paragraphs, block))
    grids = (
        _grid(reader.file, f"表{i}", rows, _paragraphs(before[-MAX_AROUND:]), _paragraphs(after[:MAX_AROUND]))
        for i, (rows, (before, after)) in enumerate(zip(tables, pairwise(around), strict=True), 1)
    )
    return [grid for grid in grids if grid is not None]


def _paragraphs(found: list[tuple[int, str]]) -> list[Written]:
    cells = [written(text, Spot("正文", number - 1, 0, f"第{number}段")) for number, text in found]
    return [cell for cell in cells if cell.text]


def _grid(file: str, title: str, rows: list[_Row], lead: list[Written], tail: list[Written]) -> Grid | None:
    cells: dict[tuple[int, int], Written] = {}
    areas: dict[tuple[int, int], Merged] = {}
    above: dict[int, tuple[int, int]] = {}
    kept = [row for row in rows if not row.deleted and row.fields]
    check_area(file, title, len(kept), 1)
    for y, row in enumerate(kept):
        x, line = row.before, dict[int, tuple[int, int]]()
        home = y, x
        for part in row.fields:
            if part.joined == "hc" and x > row.before:
                pass
            elif part.joined == "vc" and x in above:
                home = above[x]
            else:
                home = y, x
            _widen(areas, home, y, x + part.span - 1)
            if text := "\n".join(part.lines).strip():
                _put(cells, home, text, title)
            line.update(dict.fromkeys(range(x, x + part.span), home))
            x += part.span
        above = line
        check_area(file, title, y + 1, x)
    return make_grid(file, title, cells, areas.values(), lead, tail, table_cell_name)


def _widen(areas: dict[tuple[int, int], Merged], home: tuple[int, int], bottom: int, right: int) -> None:
    old = areas.get(home)
    areas[home] = Merged(*home, max(bottom, old.bottom if old else 0), max(right, old.right if old else 0))


def _put(cells: dict[tuple[int, int], Written], home: tuple[int, int], text: str, title: str) -> None:
    # A cell merged away may still hold text of its own; Word shows none of it.
    if home not in cells:
        cells[home] = written(text, Spot(title, *home, table_cell_name(*home)))
