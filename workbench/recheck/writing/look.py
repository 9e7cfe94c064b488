"""How the sheets of a 复核表 look: house font, A4 on its side, heads in sight; what may be written into a cell."""

from __future__ import annotations

from collections.abc import Container, Sequence
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from workbench.base.safetext import safe
from workbench.base.text import plain
from workbench.evidence.layout import units
from workbench.recheck.writing.rows import Cell
from workbench.reports.sheets import EXCEL_DIGITS, FONT, LONGEST, cut

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LINE_POINTS, HIGHEST = 14.5, 400.0
"""Excel makes no row higher than 409 points; what does not fit is in the cell all the same."""
COLOURS = {"P0": "#F4B6A6", "P1": "#FFE699", "P2": "#DDEBF7"}
"""By severity; each cell says it in letters too."""


class Look:
    """Formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        base = {"font_name": FONT, "font_size": 10.5, "valign": "vcenter", "text_wrap": True}
        boxed = base | {"border": 1}
        # The quote prefix keeps a text a text when somebody edits it.
        text = boxed | {"num_format": "@", "quote_prefix": True}
        number = boxed | {"align": "right"}
        self.title = book.add_format(base | {"font_size": 16, "bold": True, "align": "center", "text_wrap": False})
        self.plain = book.add_format(base | {"num_format": "@", "quote_prefix": True, "text_wrap": False})
        self.head = book.add_format(boxed | {"bold": True, "align": "center", "bg_color": "#D9E2F3"})
        self.text = book.add_format(text)
        self.center = book.add_format(text | {"align": "center"})
        self.link = book.add_format(boxed | {"font_color": "#1F4E79", "underline": 1, "align": "center"})
        self.back = book.add_format(base | {"font_color": "#1F4E79", "underline": 1, "text_wrap": False})
        self.total = book.add_format(text | {"bold": True, "align": "center", "bg_color": "#E7E6E6"})
        self.severity = {k: book.add_format(text | {"align": "center", "bg_color": c}) for k, c in COLOURS.items()}
        shown = ("0", "0.00", "0.0##", "0.000###")
        self._numbers = {code: book.add_format(number | {"num_format": code}) for code in shown}
        strong = number | {"bold": True, "bg_color": "#E7E6E6"}
        self._totals = {code: book.add_format(strong | {"num_format": code}) for code in shown}

    def write(
        self, sheet: Worksheet, row: int, column: int, cell: Cell, *, center: bool = True, total: bool = False
    ) -> None:
        """A number as a number, a text as a text; a number with more digits than a spreadsheet keeps is a text."""
        number = isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= EXCEL_DIGITS
        if isinstance(cell, Decimal) and number:
            sheet.write_number(row, column, float(cell), self.number(cell, total=total))
            return
        text = plain(cell) if isinstance(cell, Decimal) else cell
        look = self.total if total else self.center if center else self.text
        if text in COLOURS and not total:
            look = self.severity[text]
        if text:
            sheet.write_string(row, column, cut(safe(text)), look)
        else:
            sheet.write_blank(row, column, None, look)

    def number(self, number: Decimal, *, total: bool = False) -> Format:
        """Whole numbers as such, others with two decimals or as many as they have."""
        places = -int(number.as_tuple().exponent)
        code = "0" if places <= 0 else "0.00" if places <= 2 else "0.000###"
        return (self._totals if total else self._numbers)[code]

    def table(
        self,
        sheet: Worksheet,
        columns: Sequence[tuple[str, float]],
        rows: Sequence[Sequence[Cell]],
        *,
        fixed: int,
        texts: Container[str],
        title: str,
    ) -> None:
        """A sheet that is one table, to sort and filter."""
        widths = [width for _, width in columns]
        for at, (name, width) in enumerate(columns):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, name, self.head)
        sheet.set_row(0, height([name for name, _ in columns], widths))
        for number, row in enumerate(rows, 1):
            sheet.set_row(number, height(row, widths))
            for at, cell in enumerate(row):
                self.write(sheet, number, at, cell, center=columns[at][0] not in texts)
        sheet.freeze_panes(1, fixed)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        else:
            sheet.write_string(1, 0, "(无)", self.center)
        print_setup(sheet, title)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)


def print_setup(sheet: Worksheet, title: str) -> None:
    """A4 on its side, the batch and the sheet on every page."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
    sheet.set_header(f"&L{' '.join(safe(title).split()).replace('&', '&&')[:80]}&R&A")
    sheet.set_footer("&R第 &P 页 共 &N 页")


def height(cells: Sequence[Cell], widths: Sequence[float]) -> float:
    """Height of a row that shows all its wrapped texts, as far as a spreadsheet allows."""
    most = max((lines_of(c, w) for c, w in zip(cells, widths, strict=True) if isinstance(c, str)), default=1)
    return min(HIGHEST, most * LINE_POINTS + 5)


def lines_of(text: str, width: float) -> int:
    """Lines of a wrapped text in a column."""
    if len(text) * 2 < width - 1 and "\n" not in text:
        return 1
    return sum(max(1, ceil(units(line) / (width - 1))) for line in text[:LONGEST].splitlines()) or 1
