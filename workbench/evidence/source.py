"""The raw cells of one column with where they stand, and what a single cell says as a text or as a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from workbench.base.errors import Place, Problem
from workbench.base.text import trimmed
from workbench.evidence.log import ReadingLog
from workbench.evidence.raw import Cell
from workbench.scheme.pack import FieldSpec


@dataclass(frozen=True)
class ColumnSource:
    """The cells of one field and where they stand.

    Attributes:
        cells: n raw cells; rows: n source row numbers as a spreadsheet shows them.
        factor: what numbers without a unit of their own are multiplied by (from the header's unit).
        unit: what the header says its numbers are in, where that is another unit than declared.
        percent: for each cell whether its number format shows a percentage; None when no cell of the sheet has one.
    """

    spec: FieldSpec
    file: str
    sheet: str
    cells: Sequence[Cell]
    rows: Sequence[int]
    log: ReadingLog
    factor: Decimal = Decimal(1)
    percent: Sequence[bool] | None = None
    unit: str | None = None

    def place(self, i: int) -> Place:
        """Where cell ``i`` stands."""
        return Place(self.file, self.sheet, int(self.rows[i]), self.spec.title)

    def refuse(self, i: int, code: str, message: str, *, expected: str | None = None, fix: str | None = None) -> None:
        """Records that cell ``i`` cannot be accepted."""
        found = text_of(self.cells[i])
        self.log.add(Problem(code, message, self.place(i), found=found, expected=expected, fix=fix))


def text_of(cell: Cell, percent: bool = False) -> str | None:
    """A cell as the text a reader sees; None when blank. Numbers with Excel's 15 digits, 0.93 as 93% where shown so."""
    if isinstance(cell, str):
        return cell.strip() or None
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int | Decimal):
        number = number_of(cell)
        return str(cell) if number is None else trimmed(number * 100) + "%" if percent else trimmed(number)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def number_of(cell: float | int | Decimal) -> Decimal | None:
    """A numeric cell as the decimal it stands for (15 significant digits for a float); None for NaN and infinities."""
    number = Decimal(f"{cell:.15g}") if isinstance(cell, float) else Decimal(cell)
    return number if number.is_finite() else None
