"""Cells of a sheet as they are written: found or made, and where a merged range shows what is in it."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from workbench.evidence.raw import column_of
from workbench.recheck.files.cells import cell_name
from workbench.recheck.writing.annotated.patching import child, local, space

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
Range = tuple[int, int, int, int]
"""First row and column, last row and column, from 0."""


class Cells:
    """The cells of one sheet, by row and column from 0."""

    def __init__(self, sheet: Any) -> None:
        self._space = space(sheet)
        self._data = child(sheet, "sheetData")
        if self._data is None:
            raise ValueError("a sheet without cells")
        self._rows: dict[int, Any] = {}
        number = -1
        for row in self._data:
            number = int(row.get("r", number + 2)) - 1
            self._rows.setdefault(number, row)
        merged = child(sheet, "mergeCells")
        self._merged = [] if merged is None else [_range(e.get("ref", "")) for e in merged]

    def shown(self, row: int, column: int) -> tuple[int, int]:
        """Where the content of this cell is shown: at the top left of a merged range."""
        over = (r[:2] for r in self._merged if r[0] <= row <= r[2] and r[1] <= column <= r[3])
        return next(over, (row, column))

    def at(self, row: int, column: int) -> Any:
        """The ``c`` element, made where there is none, in its place."""
        line, last, after = self._row(row), -1, None
        for cell in line:
            if local(cell) != "c":
                continue
            last = _place(cell.get("r", ""))[1] if cell.get("r") else last + 1
            if last == column:
                return cell
            if last > column:
                after = cell
                break
        made = etree.Element(f"{self._space}c", r=cell_name(row, column), s=line.get("s", "0"))
        line.attrib.pop("spans", None)  # which columns are in use: they may be others now
        line.append(made) if after is None else after.addprevious(made)
        return made

    def _row(self, number: int) -> Any:
        if number not in self._rows:
            made = etree.Element(f"{self._space}row", r=str(number + 1))
            after = min((n for n in self._rows if n > number), default=None)
            if after is None:
                self._data.append(made)
            else:
                self._rows[after].addprevious(made)
            self._rows[number] = made
        return self._rows[number]


def _range(text: str) -> Range:
    first, _, last = text.partition(":")
    return (*_place(first), *_place(last or first))


def _place(text: str) -> tuple[int, int]:
    found = _REFERENCE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return int(found[2]) - 1, column_of(found[1])
