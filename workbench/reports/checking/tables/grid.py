"""A table looked at in one direction: headers on top, or, for tables that lie on their side, in the first column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.reports.checking.document.model import Cell, Spot, Table
from workbench.reports.checking.language.numbers import Number, cell_number
from workbench.reports.checking.language.words import tight

BLANK = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "－", "–", "×"})


@dataclass(frozen=True, slots=True)
class Value:
    """A number in a cell and where it stands; ``origin`` tells merged cells from equal ones."""

    number: Number
    spot: Spot
    origin: tuple[int, int]


@dataclass(frozen=True)
class Grid:
    """Rows of cells; ``turned`` when they are the table's columns."""

    table: Table
    turned: bool = False

    @property
    def rows(self) -> Sequence[Sequence[Cell]]:
        """The cells in this direction."""
        return [list(row) for row in zip(*self.table.rows, strict=True)] if self.turned else self.table.rows

    def spot(self, row: int, column: int, header: str) -> Spot:
        """The place of a cell in the table as it lies in the document."""
        if self.turned:
            name = self.table.rows[0][row].text
            return self.table.spot(column, name or str(row + 1))
        return self.table.spot(row, header or str(column + 1))


def value_at(grid: Grid, rows: Sequence[Sequence[Cell]], row: int, column: int, header: str) -> Value | None:
    """The number in a cell; None where it is none."""
    cell = rows[row][column]
    number = cell_number(cell.text)
    return None if number is None else Value(number, grid.spot(row, column, header), cell.origin)


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, or a dash for it."""
    return tight(text) in BLANK
