"""A worksheet, or a table of a Word or PDF file, as cells that know where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.recheck.model import Written


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range, all four from 0 and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """One worksheet or table.

    Attributes:
        title: of the worksheet, or 表1, 第1页表1 ….
        height, width: rows and columns up to the last cell that holds anything.
        cells: what is written, by (row, column) of the top left cell; blank cells are absent unless they are merged.
        name: how a person finds what begins in a row and column.
        lead, tail: paragraphs of a Word or PDF file right before and right after the table, none for a worksheet.
    """

    file: str
    title: str
    height: int
    width: int
    cells: Mapping[tuple[int, int], Written]
    name: Callable[[int, int], str] = field(repr=False, compare=False)
    merged: Sequence[Merged] = ()
    lead: Sequence[Written] = ()
    tail: Sequence[Written] = ()
    _home: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for area in self.merged:
            for row in range(area.top, min(area.bottom, self.height - 1) + 1):
                for column in range(area.left, min(area.right, self.width - 1) + 1):
                    self._home[row, column] = (area.top, area.left)

    def home(self, row: int, column: int) -> tuple[int, int]:
        """The cell that a spot belongs to: itself, or the top left of the merged range over it."""
        return self._home.get((row, column), (row, column))

    def at(self, row: int, column: int) -> Written | None:
        """What a reader sees at a spot, also inside a merged range; None for nothing."""
        return self.cells.get(self.home(row, column))

    def row(self, row: int) -> Iterator[tuple[int, Written]]:
        """The cells that begin in a column of this row, merged ranges from above included, from left to right, each once."""
        last: tuple[int, int] | None = None
        for column in range(self.width):
            home = self.home(row, column)
            if home != last and home in self.cells:
                yield column, self.cells[home]
            last = home
