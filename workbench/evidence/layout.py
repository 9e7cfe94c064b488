"""How wide and how high the cells of a written workbook are, so that nothing is cut on screen or paper.

Spreadsheets differ in what they do with rows of unknown height (LibreOffice keeps them at one line), so rows that need
more than one line are given their height here.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

ROW_PIXELS = 22
"""Height of a row of one line in the workbook's font."""
WIDEST = 48.0
PAGE_UNITS = 160.0
"""Column width that fits on one A4 page on its side and is still read easily (10 point at about 80 %)."""
_LINE_POINTS = 15.0


def units(text: str) -> float:
    """Width of the longest line in column units: 1 a Latin letter or digit, a capital more, 2 a Chinese character."""
    return max((sum(map(_unit, line)) for line in text.splitlines()), default=0)


def _unit(char: str) -> float:
    return 2 if ord(char) > 255 else 1.3 if char.isupper() else 1


def fit_row(sheet: Worksheet, row: int, cells: Iterable[tuple[str, float]]) -> None:
    """Make a row as high as its wrapped texts, given each with the width of its column, need; one line stays as it is."""
    most = max((_lines(text, width) for text, width in cells), default=1)
    if most > 1:
        sheet.set_row(row, most * _LINE_POINTS + 2)


def _lines(text: str, width: float) -> int:
    if len(text) * 2 <= width - 1 and text.isprintable():
        return 1  # no need to measure it
    return sum(max(1, ceil(units(line) / (width - 1))) for line in text.splitlines()) or 1


def pages_across(width: float, repeated: float = 0) -> int:
    """How many A4 pages side by side a sheet of this width is printed on, its first column repeated on each."""
    return max(1, ceil((width - repeated) / (PAGE_UNITS - repeated)))
