"""A table without ruled lines: columns where no line of text crosses, one row for each line of text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from workbench.recheck.files.ruled import Char, Table, lines_of

FEWEST_COLUMNS = 4
"""Fewer pieces in a line are no row of a form."""
FEWEST_ROWS = 3
GAP = 0.9
"""Blank between two columns, in heights of a character."""


def aligned_table(chars: Sequence[Char]) -> Table | None:
    """The table on a page; None where the text shows none."""
    lines = lines_of([c for c in chars if c.text.strip()])
    pieces = [_pieces(line) for line in lines]
    rows = [i for i, row in enumerate(pieces) if len(row) >= FEWEST_COLUMNS]
    if len(rows) < FEWEST_ROWS:
        return None
    columns = _columns([piece for i in rows for piece in pieces[i]])
    if len(columns) < FEWEST_COLUMNS:
        return None
    xs = [columns[0][0] - 1, *[(a[1] + b[0]) / 2 for a, b in pairwise(columns)], columns[-1][1] + 1]
    inside = lines[rows[0] : rows[-1] + 1]
    ys = [inside[0][0].top, *[(a[0].bottom + b[0].top) / 2 for a, b in pairwise(inside)]]
    ys.append(max(c.bottom for c in inside[-1]))
    regions = [(r, c, r, c) for r in range(len(ys) - 1) for c in range(len(xs) - 1)]
    return Table(xs, ys, regions)


def _pieces(line: list[Char]) -> list[tuple[float, float]]:
    pieces: list[tuple[float, float]] = []
    for char in line:
        if pieces and char.left - pieces[-1][1] <= GAP * (char.bottom - char.top):
            pieces[-1] = pieces[-1][0], max(pieces[-1][1], char.right)
        else:
            pieces.append((char.left, char.right))
    return pieces


def _columns(pieces: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches of x that pieces cover, put together where they overlap."""
    columns: list[tuple[float, float]] = []
    for left, right in sorted(pieces):
        if columns and left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], right)
        else:
            columns.append((left, right))
    return columns
