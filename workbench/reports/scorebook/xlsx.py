"""A sheet of the workbook: texts that stay texts, numbers in formats, formulas with the value they have now; A4 on its side."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from math import ceil
from typing import TYPE_CHECKING, Literal

from workbench.base.safetext import safe
from workbench.base.text import plain
from workbench.evidence.layout import units

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

FONT = "仿宋_GB2312"
LONGEST = 32_000
"""Characters of one cell; Excel takes 32,767."""
DIGITS = 15
"""Digits a spreadsheet keeps of a number; one with more is written as text."""
_LINE, _ROW, _HIGHEST = 14.5, 20.0, 400.0
"""Excel makes no row higher than 409 points; what does not fit is in the cell all the same."""
_DIGIT, _PADDING = 7, 5
"""Pixels of a character's width and of a column's edges in the font columns are measured in."""
ACROSS = 1250
"""Pixels across every sheet."""
_PAPER_WIDE, _PAPER_HIGH = 784.0, 500.0
"""Points of A4 on its side between the margins."""
_SCALE = _PAPER_WIDE / (ACROSS * 0.75)
_PRESSED = 1.3
"""How much fuller than full a single page may be printed."""
_UNIT = re.compile(r"[\w%‰°·/()/㎡³²^]{1,12}")
"""Units that can stand in a number format."""
Look = Literal["plain", "entry", "sub", "total", "head", "title", "helper"]
_LOOKS: dict[Look, dict[str, object]] = {
    "plain": {"border": 1},
    "entry": {"border": 1, "bg_color": "#FFF8DC", "locked": False},
    "sub": {"border": 1, "bg_color": "#F2F2F2", "bold": True},
    "total": {"border": 1, "bg_color": "#E2E7EF", "bold": True},
    "head": {"border": 1, "bg_color": "#D9E2F3", "bold": True, "align": "center"},
    "title": {"font_name": "黑体", "font_size": 14, "align": "center"},
    "helper": {"font_color": "#808080"},
}


@dataclass(frozen=True)
class Formula:
    """A live formula with the value it has now: a number, a text, or nothing."""

    text: str
    value: Decimal | int | str | None


Cell = str | Decimal | int | Formula | None


def cell(row: int, at: int) -> str:
    """``H7`` for row 6 and column 7, both counted from 0."""
    return f"{letters(at)}{row + 1}"


@cache
def letters(at: int) -> str:
    """The letters of a column counted from 0."""
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(at))


def over(at: int, first: int, last: int) -> str:
    """``N7:N12``, rows counted from 0."""
    return f"{cell(first, at)}:{cell(last, at)}"


def quoted(name: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + name.replace("'", "''") + "'"


def number_format(places: int, unit: str | None = None) -> str:
    """A format with so many decimals; the unit stands behind where a format can hold it."""
    shown = f"#,##0{'.' * bool(places)}{'0' * places}"
    return f'{shown}"{unit}"' if unit and _UNIT.fullmatch(unit) else shown


class Pages:
    """The workbook being written, its formats, and what is printed over every page."""

    def __init__(self, book: Workbook, heading: str, footer: str) -> None:
        self.book, self.heading, self.footer = book, heading, footer
        self.flagged = book.add_format({"bold": True, "font_color": "#C00000", "underline": 1})
        self.marked = book.add_format({"bg_color": "#FFC78F", "italic": True})
        self._formats: dict[tuple[Look, str, str], Format] = {}

    def format(self, look: Look, code: str, align: str) -> Format:
        """One format of a look; text cells keep the apostrophe that makes them text when edited."""
        key = (look, code, align)
        if key not in self._formats:
            base = {"font_name": FONT, "font_size": 10.5, "valign": "vcenter", "text_wrap": True}
            base |= {"align": align} if align else {}
            base |= {"num_format": code, "quote_prefix": code == "@"} if look not in ("head", "title") else {}
            self._formats[key] = self.book.add_format(base | _LOOKS[look])
        return self._formats[key]

    def page(self, name: str, widths: Sequence[float], grows: int, hidden: Collection[int] = ()) -> Page:
        """A new sheet.

        Args:
            widths: of its columns, in characters.
            grows: the column that takes what the others leave of the paper's width; one more than there are stays empty.
            hidden: columns out of sight.
        """
        return Page(self, name, [*widths, 0.0][: max(len(widths), grows + 1)], grows, hidden)


class Page:
    """One sheet; all are equally wide, so that all print at the same scale."""

    def __init__(self, pages: Pages, name: str, widths: Sequence[float], grows: int, hidden: Collection[int]) -> None:
        self.pages, self.name = pages, name
        rest = ACROSS - sum(_pixels(w) for at, w in enumerate(widths) if at not in hidden)
        self.widths = [w + rest / _DIGIT if at == grows else w for at, w in enumerate(widths)]
        self.sheet = pages.book.add_worksheet(name)
        self._heights: dict[int, float] = {}
        for at, width in enumerate(self.widths):
            self.sheet.set_column(at, at, width, None, {"hidden": at in hidden})

    def put(self, row: int, at: int, content: Cell, look: Look = "plain", code: str = "@", align: str = "") -> None:
        """Write one cell; ``code`` is its number format, ``@`` for texts."""
        sheet = self.sheet
        if isinstance(content, Formula):
            shown = self.pages.format(look, "General" if code == "@" else code, align)
            value = content.value
            cached = "" if value is None else value if isinstance(value, str) else float(value)
            sheet.write_formula(row, at, content.text, shown, cached)
        elif isinstance(content, (Decimal, int)) and len(Decimal(content).as_tuple().digits) <= DIGITS:
            sheet.write_number(row, at, float(content), self.pages.format(look, code, align))
        elif content is None or content == "":
            sheet.write_blank(row, at, None, self.pages.format(look, code, align))
        else:
            text = content if isinstance(content, str) else plain(Decimal(content))
            sheet.write_string(row, at, safe(text)[:LONGEST], self.pages.format(look, "@", align))

    def merge(self, row: int, first: int, last: int, content: Cell, look: Look, align: str = "") -> None:
        """One cell over several columns of a row."""
        self.sheet.merge_range(row, first, row, last, "", self.pages.format(look, "@", align))
        self.put(row, first, content, look, align=align)

    def fit(self, row: int, texts: Sequence[tuple[str, float]]) -> None:
        """Make a row at least as high as these texts, each with its width, need."""
        most = max((_lines(safe(text)[:LONGEST], width) for text, width in texts), default=1)
        self.high(row, min(_HIGHEST, max(_ROW, most * _LINE + 4)))

    def high(self, row: int, height: float) -> None:
        """Make a row at least so high, in points."""
        self._heights[row] = max(height, self._heights.get(row, 0.0))
        self.sheet.set_row(row, self._heights[row])

    def allow(self, row: int, at: int, rule: str, words: str, hint: str = "") -> None:
        """What may be typed into a cell: a formula that is true for it, what is said otherwise, and what is said beforehand."""
        said = {"error_title": "试算", "error_message": words[:255]}
        said |= {"input_title": "试算", "input_message": hint[:255]} if hint else {}
        self.sheet.data_validation(row, at, row, at, {"validate": "custom", "value": f"={rule}"} | said)

    def choose(self, row: int, at: int, words: Sequence[str]) -> None:
        """The words a cell may be chosen from."""
        self.sheet.data_validation(row, at, row, at, {"validate": "list", "source": list(words)})

    def flag(self, row: int, at: int, begins: str, last: int | None = None) -> None:
        """Make a cell (or a column down to ``last``) stand out, on grey paper too, where its text begins so."""
        rule = {"type": "text", "criteria": "begins with", "value": begins, "format": self.pages.flagged}
        self.sheet.conditional_format(row, at, row if last is None else last, at, rule)

    def mark(self, area: tuple[int, int, int, int], rule: str) -> None:
        """Shade cells (first row, first column, last row, last column) for which a formula is true."""
        self.sheet.conditional_format(*area, {"type": "formula", "criteria": rule, "format": self.pages.marked})

    def head(self, row: int, titles: Sequence[str]) -> None:
        """A row of column titles."""
        for at, title in enumerate(titles):
            self.put(row, at, title, "head")
        self.fit(row, list(zip(titles, self.widths, strict=False)))

    def table(
        self, titles: Sequence[str], rows: Sequence[Sequence[Cell]], *, fixed: int = 0, code: str = "0.00##"
    ) -> None:
        """A whole sheet of one table: heading, titles, rows; numbers in ``code``."""
        self.merge(0, 0, len(titles) - 1, self.name, "title")
        self.high(0, 28)
        self.head(1, titles)
        for row, cells in enumerate(rows or [["(无)"]], 2):
            for at, content in enumerate([*cells, *[None] * (len(titles) - len(cells))]):
                number = isinstance(content, (Decimal, int, Formula))
                self.put(row, at, content, code=code if number else "@")
            self.fit(row, [(c, w) for c, w in zip(cells, self.widths, strict=False) if isinstance(c, str)])
        self.sheet.freeze_panes(2, fixed)
        if rows:
            self.sheet.autofilter(1, 0, len(rows) + 1, len(titles) - 1)
        self.print_setup((0, 1), len(self.widths), max(len(rows), 1) + 1)

    def print_setup(self, heads: tuple[int, int], columns: int, last_row: int, apart: int | None = None) -> None:
        """A4 on its side, one page wide, the heading rows on every page; only the first ``columns`` are printed.

        Args:
            apart: a row that begins a page where the sheet takes more than one.
        """
        sheet = self.sheet
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        one = self._almost_one_page()
        sheet.fit_to_pages(1, int(one))
        if apart is not None and not one:
            sheet.set_h_pagebreaks([apart])
        sheet.repeat_rows(*heads)
        sheet.print_area(0, 0, last_row, columns - 1)
        sheet.set_header(f"&L{_printed(self.pages.heading)}&R&A")
        sheet.set_footer(f"&L{_printed(self.pages.footer)}&R第 &P 页 共 &N 页")

    def _almost_one_page(self) -> bool:
        """Whether all rows fit on one page, or nearly: then no second one is begun for the last few."""
        return sum(self._heights.values()) * _SCALE <= _PAPER_HIGH * _PRESSED


def _pixels(width: float) -> float:
    """What a column takes on the screen at full size."""
    return width * _DIGIT + _PADDING


@lru_cache(maxsize=4096)
def _lines(text: str, width: float) -> int:
    """Lines a wrapped text takes in a column."""
    return sum(max(1, ceil(units(line) / (width - 1))) for line in text.splitlines())


def _printed(text: str) -> str:
    """As a header takes it: an ampersand begins a code there."""
    return safe(" ".join(text.split())).replace("&", "&&")[:80]
