"""A sheet of paper with merged cells that can be written as a worksheet or as a Word table, and knows where everything stands."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

_WIDE = str.maketrans("():,;", "（）：，；")
Place = tuple[str, int, int]
"""Worksheet or table (表1), row, column, from 0."""
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@dataclass(frozen=True)
class Cell:
    """Something written over ``height`` × ``width`` cells; ``form`` is the number format of a worksheet."""

    value: Decimal | str
    form: str = ""
    height: int = 1
    width: int = 1

    @property
    def shown(self) -> str:
        """As a person sees it."""
        if isinstance(self.value, str):
            return self.value.strip()
        if self.form.endswith("%"):
            places = len(self.form.partition(".")[2]) - 1 if "." in self.form else 0
            return f"{self.value * 100:.{places}f}%"
        if "." in self.form:
            return f"{self.value:.{len(self.form.partition('.')[2])}f}"
        return f"{self.value:f}"


@dataclass
class Canvas:
    """One worksheet or Word table.

    ``lead`` and ``tail`` are the paragraphs around a Word table. ``placed`` tells for every fact of a form where it stands and
    what is to be seen of it there; the key begins with the number of the form.
    """

    title: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    lead: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    placed: dict[tuple[Any, ...], tuple[Place, str]] = field(default_factory=dict)
    hidden: bool = False

    def put(
        self, row: int, column: int, value: Decimal | str | None, height: int = 1, width: int = 1,
        *, key: tuple[Any, ...] | None = None, form: str = "", seen: str | None = None,
    ) -> None:  # fmt: skip
        """Write a cell; ``key`` remembers it, ``seen`` is the part of its text that is meant."""
        cell = Cell("" if value is None else value, form, height, width)
        self.cells[row, column] = cell
        if key is not None:
            self.placed[key] = ((self.title, row, column), cell.shown if seen is None else seen)

    @property
    def height(self) -> int:
        return max((row + cell.height for (row, _), cell in self.cells.items()), default=0)

    @property
    def width(self) -> int:
        return max((column + cell.width for (_, column), cell in self.cells.items()), default=0)

    def widened(self) -> Canvas:
        """With full-width brackets, colons and commas, as most people type them."""

        def wide(text: str) -> str:
            return text.translate(_WIDE)

        cells = {at: replace(c, value=wide(c.value)) if isinstance(c.value, str) else c for at, c in self.cells.items()}
        placed = {key: (place, wide(seen)) for key, (place, seen) in self.placed.items()}
        return Canvas(self.title, cells, [*map(wide, self.lead)], [*map(wide, self.tail)], placed, self.hidden)


def as_workbook(sheets: Sequence[Canvas]) -> bytes:
    """As an xlsx file."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    formats: dict[str, Any] = {}
    for canvas in sheets:
        sheet = book.add_worksheet(canvas.title)
        if canvas.hidden:
            sheet.hide()
        for (row, column), cell in sorted(canvas.cells.items()):
            if cell.form not in formats:
                look = {"text_wrap": True, "border": 1, "valign": "vcenter"}
                formats[cell.form] = book.add_format(look | ({"num_format": cell.form} if cell.form else {}))
            form = formats[cell.form]
            value = cell.value if isinstance(cell.value, str) else float(cell.value)
            if cell.height * cell.width > 1:
                sheet.merge_range(row, column, row + cell.height - 1, column + cell.width - 1, "", form)
            if value == "":
                sheet.write_blank(row, column, None, form)
            elif isinstance(value, str):
                sheet.write_string(row, column, value, form)
            else:
                sheet.write_number(row, column, value, form)
    book.close()
    return out.getvalue()


def as_document(tables: Sequence[Canvas]) -> bytes:
    """As a docx file."""
    import docx
    from docx.oxml.parser import parse_xml

    document: Any = docx.Document()
    for canvas in tables:
        for text in canvas.lead:
            document.add_paragraph(text)
        document.element.body.insert(len(document.element.body) - 1, parse_xml(_table(canvas)))
        for text in canvas.tail:
            document.add_paragraph(text)
        document.add_paragraph("")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _table(canvas: Canvas) -> str:
    homes = {
        (row + down, column + across): (row, column)
        for (row, column), cell in canvas.cells.items()
        for down in range(cell.height)
        for across in range(cell.width)
    }
    columns = "".join('<w:gridCol w:w="1000"/>' for _ in range(canvas.width))
    rows = "".join(_row(canvas, homes, row) for row in range(canvas.height))
    return (
        f'<w:tbl {W}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(canvas: Canvas, homes: dict[tuple[int, int], tuple[int, int]], row: int) -> str:
    parts, column = [], 0
    while column < canvas.width:
        home = homes.get((row, column))
        cell = Cell("") if home is None else canvas.cells[home]
        merged = "" if cell.height == 1 else '<w:vMerge w:val="restart"/>' if home == (row, column) else "<w:vMerge/>"
        span = f'<w:gridSpan w:val="{cell.width}"/>' if cell.width > 1 else ""
        text = cell.shown if home == (row, column) else ""
        lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(line) for line in text.split("\n"))
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{1000 * cell.width}" w:type="dxa"/>{span}{merged}</w:tcPr>'
            f'<w:p><w:r><w:t xml:space="preserve">{lines}</w:t></w:r></w:p></w:tc>'
        )
        column += cell.width
    return f"<w:tr>{''.join(parts)}</w:tr>"


def write(path: Path, canvases: Sequence[Canvas]) -> Path:
    """Write by the suffix of the path."""
    path.write_bytes(as_workbook(canvases) if path.suffix == ".xlsx" else as_document(canvases))
    return path
