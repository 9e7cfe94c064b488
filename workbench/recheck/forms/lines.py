"""All rows of a sheet, or of a whole document, in reading order; and which of their cells have found their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workbench.recheck.files import Grid
from workbench.recheck.forms.vocabulary import squeezed
from workbench.recheck.model import Spot, Written

_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(%|分|万元|元|亿元)?")
_POINTS = re.compile(r"[(（\[](?:共|满分|权重|分值)?[:：]?(\d+(?:\.\d+)?)分[^()（）\]]*[)）\]]")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table, or a paragraph, which has no grid.

    ``own`` are the cells with text that begin in it, from left to right; those merged from above are not among them.
    """

    grid: Grid | None
    row: int
    own: tuple[tuple[int, Written], ...]

    def at(self, column: int) -> Written | None:
        """What a reader sees in a column, also from above."""
        return self.grid.at(self.row, column) if self.grid is not None else None

    def home(self, column: int) -> tuple[int, int]:
        """The cell a column of this row belongs to."""
        return self.grid.home(self.row, column) if self.grid is not None else (self.row, column)

    def cell(self, column: int) -> Written:
        """What begins in a column of this row; a blank where nothing does."""
        seen = self.at(column)
        if seen is not None and (seen.spot.row, seen.spot.column) == (self.row, column):
            return seen
        if self.grid is None:
            return Written("", self.own[0][1].spot)
        return Written("", Spot(self.grid.title, self.row, column, self.grid.name(self.row, column)))

    @property
    def width(self) -> int:
        """Columns of the table."""
        return self.grid.width if self.grid is not None else 1


def flows(grids: Sequence[Grid]) -> list[list[Line]]:
    """Lines that belong together: each sheet of a workbook by itself, all tables and paragraphs of a document as one."""
    if not grids or not _is_document(grids[0]):
        return [list(_rows(grid)) for grid in grids]
    lines: list[Line] = []
    seen: set[tuple[str, int, int]] = set()
    for grid in grids:
        lines += _paragraphs(grid.lead, seen)
        lines += _rows(grid)
        lines += _paragraphs(grid.tail, seen)
    return [lines]


def _is_document(grid: Grid) -> bool:
    """Places of a workbook are called by letters."""
    cell = next(iter(grid.cells.values()), None)
    return cell is not None and cell.spot.cell.startswith("第")


def _paragraphs(around: Iterable[Written], seen: set[tuple[str, int, int]]) -> Iterable[Line]:
    """What stands between two tables is given with both: once is enough."""
    for text in around:
        if text.text and place(text) not in seen:
            seen.add(place(text))
            yield Line(None, text.spot.row, ((0, text),))


def _rows(grid: Grid) -> Iterable[Line]:
    rows: dict[int, list[tuple[int, Written]]] = {}
    for (row, column), cell in grid.cells.items():
        if cell.text:
            rows.setdefault(row, []).append((column, cell))
    for row in range(grid.height):
        own = rows.get(row, [])
        own.sort(key=lambda pair: pair[0])
        yield Line(grid, row, tuple(own))


def place(cell: Written) -> tuple[str, int, int]:
    """A key for where a cell stands."""
    return cell.spot.sheet, cell.spot.row, cell.spot.column


class Used:
    """Cells that have found their place in the form; what is left over becomes notes, so nothing is lost."""

    def __init__(self) -> None:
        self._places: set[tuple[str, int, int]] = set()

    def __contains__(self, cell: Written) -> bool:
        return place(cell) in self._places

    def add(self, *cells: Written | None) -> None:
        """These are not left over."""
        self._places.update(place(cell) for cell in cells if cell is not None)

    def left(self, lines: Iterable[Line]) -> list[Written]:
        """Cells nobody has taken, in reading order; dashes say nothing."""
        return [cell for line in lines for _, cell in line.own if not cell.blank and cell not in self]


def part_of(cell: Written, text: str) -> Written:
    """A labelled part of a cell: its text, at the same place, with its number where the text is one."""
    number = number_in(text)
    return replace(cell, text=text.strip(), number=number, percent=number is not None and text.strip().endswith("%"))


def number_in(text: str) -> Decimal | None:
    """The number of a text that is a number and at most a unit: “9.80”, “1,234.5”, “96分”, “97.75%”."""
    found = _NUMBER.fullmatch(squeezed(text))
    if found is None:
        return None
    digits = found[0].rstrip("%分万亿元").replace(",", "")
    return Decimal(digits)


def is_number(cell: Written | None) -> bool:
    """Whether a cell says a number and nothing else."""
    return cell is not None and (cell.number is not None or number_in(cell.text) is not None)


def points_in(cell: Written) -> Written | None:
    """The points a title puts in brackets: “预算执行情况(20分)” → 20."""
    found = _POINTS.search(squeezed(cell.text))
    return part_of(cell, found[1]) if found else None
