"""Workbooks of plain tables: every cell a text or a number, never a formula; each sheet set up for A4 paper."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.base.packed import FIXED, repacked
from workbench.base.safetext import safe
from workbench.base.text import plain
from workbench.evidence.headers import header_text
from workbench.evidence.layout import fit_row, pages_across
from workbench.scheme.pack import FieldSpec

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FONT = "仿宋_GB2312"
ROW_PIXELS = 30
"""Height of a row of one line: some of these sheets are filled in by hand."""
EXCEL_DIGITS = 15
"""Digits a spreadsheet keeps of a number; one with more is written as text."""
LONGEST = 32_000
"""Characters of one cell; Excel takes 32,767."""
_LINKS, _LONGEST_LINK = 65_000, 2_000
"""Links of a sheet, and characters of one, that Excel opens a workbook with."""


@dataclass(frozen=True)
class Link:
    """A text that leads to a file or folder: ``target`` is its path from the workbook on."""

    text: str
    target: str


Cell = str | Decimal | int | Link | None


@dataclass(frozen=True)
class Column:
    """A column: its title, its width in characters, the words its cells may be chosen from, the decimals its numbers show."""

    title: str
    width: float = 12
    choices: Sequence[str] = ()
    places: int | None = None


@dataclass(frozen=True)
class Picture:
    """A PNG on a sheet of its own, with what it shows in words."""

    png: bytes
    alt: str
    scale: float = 0.62


@dataclass(frozen=True)
class Sheet:
    """One sheet; ``fixed`` columns stay in sight; ``total``: the last row is set apart; ``sifted``: it can be filtered.

    ``across``: how many pages it is printed side by side on; None for as many as its columns want.

    A sheet with a picture has no rows: under a table a page break would cut it, below a repeated header.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    fixed: int = 0
    total: bool = False
    picture: Picture | None = None
    across: int | None = None
    sifted: bool = False

    @property
    def widths(self) -> list[float]:
        """Width of each column in characters."""
        return [c.width for c in self.columns]


def column_of(spec: FieldSpec, width: float) -> Column:
    """The column of a sheet that will be read again: its header is the one the reader looks for."""
    return Column(header_text(spec), width, spec.codes or ("是", "否") if spec.type in ("code", "bool") else ())


def workbook_bytes(title: str, sheets: Iterable[Sheet]) -> bytes:
    """The workbook, the same bytes for the same content."""
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "default_row_height": ROW_PIXELS,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(stream, options) as book:
        book.set_properties({"title": safe(title)[:250], "author": "绩效评价工作台", "created": FIXED})
        writer = _Writer(book, title)
        for sheet in sheets:
            writer.write(sheet)
    return repacked(stream.getvalue())


class _Writer:
    def __init__(self, book: Workbook, title: str) -> None:
        self.book, self.title = book, title
        self.base = {"font_name": FONT, "font_size": 10.5, "border": 1, "valign": "vcenter", "text_wrap": True}
        self.head = book.add_format(self.base | {"bold": True, "align": "center", "bg_color": "#D9E2F3"})
        self.link = book.add_format(self.base | {"font_color": "#1F4E79", "underline": 1, "text_wrap": False})
        self.formats: dict[tuple[str, bool], Format] = {}

    def write(self, sheet: Sheet) -> None:
        page = self.book.add_worksheet(sheet.title)
        if sheet.picture is not None:
            self._picture(page, sheet.picture)
            self._print_setup(page, sheet)
            return
        page.freeze_panes(1, sheet.fixed)
        fit_row(page, 0, zip([c.title for c in sheet.columns], sheet.widths, strict=True))
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, column.width)
            page.write_string(0, at, column.title, self.head)
            if column.choices and sheet.rows:
                choice = {"validate": "list", "source": list(column.choices)}
                page.data_validation(1, at, len(sheet.rows), at, choice)
        for number, row in enumerate(sheet.rows, 1):
            cells = [cut(safe(c)) if isinstance(c, str) else c for c in row]
            fit_row(page, number, ((c, w) for c, w in zip(cells, sheet.widths, strict=True) if isinstance(c, str)))
            for at, cell in enumerate(cells):
                strong = sheet.total and number == len(sheet.rows)
                self._cell(page, number, at, cell, sheet.columns[at].places, strong=strong)
        if sheet.sifted and sheet.rows:
            page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
        self._print_setup(page, sheet)

    def _cell(self, page: Worksheet, row: int, at: int, cell: Cell, shown: int | None, *, strong: bool) -> None:
        number = Decimal(cell) if isinstance(cell, int) else cell if isinstance(cell, Decimal) else None
        if number is not None and len(number.as_tuple().digits) <= EXCEL_DIGITS:
            places = shown if shown is not None else max(0, -int(number.as_tuple().exponent))
            page.write_number(row, at, float(number), self._format(f"#,##0{'.' * bool(places)}{'0' * places}", strong))
        elif number is not None:
            page.write_string(row, at, plain(number), self._format("@", strong))
        elif isinstance(cell, Link) and row <= _LINKS and len(cell.target) <= _LONGEST_LINK:
            page.write_url(row, at, f"external:{cell.target}", self.link, cut(safe(cell.text)))
        elif cell:
            text = cut(safe(cell.text)) if isinstance(cell, Link) else str(cell)
            page.write_string(row, at, text, self._format("@", strong))
        else:
            page.write_blank(row, at, None, self._format("@", strong))

    def _format(self, code: str, strong: bool) -> Format:
        if (code, strong) not in self.formats:
            # The quote prefix keeps a text a text when somebody edits it.
            more: dict[str, object] = {"num_format": code, "quote_prefix": code == "@", "bold": strong}
            self.formats[code, strong] = self.book.add_format(self.base | more)
        return self.formats[code, strong]

    def _picture(self, page: Worksheet, picture: Picture) -> None:
        look = {
            "image_data": io.BytesIO(picture.png),
            "description": safe(picture.alt),
            "x_scale": picture.scale,
            "y_scale": picture.scale,
        }
        page.insert_image(0, 0, "picture.png", look)

    def _print_setup(self, page: Worksheet, sheet: Sheet) -> None:
        pages = sheet.across or pages_across(sum(sheet.widths), repeated=sum(sheet.widths[: sheet.fixed]))
        page.set_paper(9)  # A4
        page.set_landscape()
        page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
        if sheet.picture is not None:
            page.fit_to_pages(1, 1)
        else:
            page.fit_to_pages(pages, 0)
            page.repeat_rows(0)
        if pages > 1 and sheet.fixed:
            page.repeat_columns(0, sheet.fixed - 1)
        page.set_header(f"&L{safe(self.title).replace('&', '&&')[:80]}&R&A")
        page.set_footer("&R第 &P 页 共 &N 页")


def cut(text: str) -> str:
    """What a cell takes; what is left out is told."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}……(以下从略)"
