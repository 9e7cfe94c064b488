"""Sheets of one look in one workbook, with live sums: every sum is a formula and carries its value with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Literal

from workbench.base.safetext import safe
from workbench.evidence.layout import fit_row, pages_across, units

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FONT = "仿宋_GB2312"
LONGEST = 32_000
"""Characters of one cell; Excel takes 32,767."""
_SQUEEZED = 185.0
"""Width in characters still put on one A4 page on its side (7 point)."""
_LINE_POINTS, _HIGHEST = 15.5, 400.0
"""Excel makes no row higher than 409 points; what does not fit is in the cell all the same."""
Look = Literal["plain", "sub", "total"]
_SHADES: dict[Look, str] = {"plain": "", "sub": "#F2F2F2", "total": "#E7E6E6"}


@dataclass(frozen=True)
class Formula:
    """A live formula with the value it has now; ``percent`` for 偏离度."""

    text: str
    value: Decimal | None
    percent: bool = False


@dataclass(frozen=True)
class Percent:
    """A percentage that is printed with its sign."""

    value: Decimal


@dataclass(frozen=True)
class Aside:
    """Words where a number would stand: to the right, as numbers are, and taken by no sum."""

    text: str


Cell = str | Decimal | Formula | Percent | Aside | None


@dataclass(frozen=True)
class Column:
    """A column's title and its width in characters."""

    title: str
    width: float


class Book:
    """Writes sheets of an open workbook; ``title`` stands at the head of every printed page."""

    def __init__(self, book: Workbook, title: str) -> None:
        self._book, self._title = book, title
        self._base = {"font_name": FONT, "font_size": 10.5, "border": 1, "valign": "vcenter", "text_wrap": True}
        self._formats: dict[tuple[str, Look, bool], Format] = {}
        self._head = book.add_format(self._base | {"bold": True, "align": "center", "bg_color": "#D9E2F3"})
        heading = {"font_name": "黑体", "font_size": 14, "valign": "vcenter"}
        self._centred, self._left = book.add_format(heading | {"align": "center"}), book.add_format(heading)

    def sheet(self, name: str, heading: str, columns: Sequence[Column], fixed: int = 0) -> Sheet:
        """A new sheet: a heading over all columns, then their titles; both, and the first ``fixed`` columns, stay in sight."""
        page = self._book.add_worksheet(name)
        widths = [c.width for c in columns]
        pages = _pages(widths, fixed)
        if pages == 1:
            page.merge_range(0, 0, 0, len(columns) - 1, "", self._centred)
        page.write_string(0, 0, safe(heading)[:LONGEST], self._centred if pages == 1 else self._left)
        page.set_row(0, 30)
        for at, column in enumerate(columns):
            page.set_column(at, at, column.width)
            page.write_string(1, at, column.title, self._head)
        fit_row(page, 1, [(c.title, c.width) for c in columns])
        page.freeze_panes(2, fixed)
        _print_setup(page, widths, fixed, self._title)
        return Sheet(page, self, widths)

    def format(self, code: str, look: Look, *, right: bool = False) -> Format:
        """The format of a kind of cell in a kind of row; text cells keep the apostrophe that makes them text when edited."""
        if (code, look, right) not in self._formats:
            more: dict[str, object] = {"num_format": code, "quote_prefix": code == "@", "bold": look != "plain"}
            more |= {"bg_color": _SHADES[look]} if _SHADES[look] else {}
            more |= {"align": "right"} if right else {}
            self._formats[code, look, right] = self._book.add_format(self._base | more)
        return self._formats[code, look, right]


def _pages(widths: Sequence[float], fixed: int) -> int:
    """A4 pages side by side; a sheet only a little too wide is made smaller instead."""
    return 1 if sum(widths) <= _SQUEEZED else pages_across(sum(widths), repeated=sum(widths[:fixed]))


def _print_setup(page: Worksheet, widths: Sequence[float], fixed: int, title: str) -> None:
    pages = _pages(widths, fixed)
    page.set_paper(9)  # A4
    page.set_landscape()
    page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
    page.fit_to_pages(pages, 0)
    page.repeat_rows(0, 1)
    if pages > 1 and fixed:
        page.repeat_columns(0, fixed - 1)
    page.set_header(f"&L{safe(title).replace('&', '&&')[:80]}&R&A")
    page.set_footer("&R第 &P 页 共 &N 页")


class Sheet:
    """A sheet being filled from top to bottom; ``row`` is where the next row goes, counted from 0."""

    def __init__(self, page: Worksheet, book: Book, widths: Sequence[float]) -> None:
        self._page, self._book, self._widths = page, book, widths
        self.row = 2

    def add(self, cells: Iterable[Cell], look: Look = "plain") -> int:
        """Write a row; says which row it is, counted from 1 as formulas do."""
        lines = 1
        for at, cell in enumerate(cells):
            self._write(at, cell, look)
            text = cell.text if isinstance(cell, Aside) else cell
            lines = max(lines, _lines(text, self._widths[at]) if isinstance(text, str) else 1)
        self._page.set_row(self.row, min(_HIGHEST, lines * _LINE_POINTS + 4))
        self.row += 1
        return self.row

    def add_wide(self, name: str, text: str) -> int:
        """Write a row of a name and one text over all other columns."""
        last, look = len(self._widths) - 1, self._book.format("@", "plain")
        self._page.merge_range(self.row, 1, self.row, last, "", look)
        room = sum(self._widths[1:])
        lines = max(_lines(name, self._widths[0]), _lines(text, room))
        self._write(0, name, "plain")
        self._page.write_string(self.row, 1, safe(text)[:LONGEST], look)
        self._page.set_row(self.row, min(_HIGHEST, lines * _LINE_POINTS + 4))
        self.row += 1
        return self.row

    def _write(self, at: int, cell: Cell, look: Look) -> None:
        page, row, points = self._page, self.row, "0.00##"
        percent = '0.00"%"'
        if isinstance(cell, Formula):
            shown = self._book.format(percent if cell.percent else points, look, right=True)
            page.write_formula(row, at, cell.text, shown, "" if cell.value is None else float(cell.value))
        elif isinstance(cell, Percent):
            page.write_number(row, at, float(cell.value), self._book.format(percent, look, right=True))
        elif isinstance(cell, Decimal):
            page.write_number(row, at, float(cell), self._book.format(points, look, right=True))
        elif isinstance(cell, Aside):
            page.write_string(row, at, safe(cell.text)[:LONGEST], self._book.format("@", look, right=True))
        elif cell:
            page.write_string(row, at, safe(cell)[:LONGEST], self._book.format("@", look))
        else:
            page.write_blank(row, at, None, self._book.format("@", look))


def _lines(text: str, width: float) -> int:
    """Lines a wrapped text takes in a column."""
    return sum(max(1, ceil(units(line) / (width - 1))) for line in text[:LONGEST].splitlines())


def column_letter(at: int) -> str:
    """The letters of a column, counted from 0."""
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(at))


def sum_of(at: int, rows: Sequence[int], value: Decimal) -> Formula:
    """The sum of a column over rows that follow each other, or over scattered ones."""
    letter = column_letter(at)
    if not rows:
        return Formula("=0", value)
    follow = rows[-1] - rows[0] + 1 == len(rows) and len(rows) > 1
    places = f"{letter}{rows[0]}:{letter}{rows[-1]}" if follow else ",".join(f"{letter}{r}" for r in rows)
    return Formula(f"=SUM({places})", value)
