"""Ruled lines and characters of a page become tables: walls between spots decide which spots are one cell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

NEAR = 2.5
"""Points within which two lines are one, or meet."""
SHORTEST = 4.0
OPEN_SIDE = 8.0
"""A rule that reaches this far beyond the outermost upright line closes a column without an outer border."""
MARGIN = 0.9
"""Between text and the border of its cell, in heights of a character."""
ON_LINE = 0.35
"""Text whose middle is closer to a ruled line, in heights of a character, is crossed by it; in a form that fits it is 0.5 and more."""
MAX_LINES = 3_000


class Char(NamedTuple):
    """A character and its box, y downwards."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Line(NamedTuple):
    """A horizontal (at = y) or upright (at = x) line from ``low`` to ``high``."""

    at: float
    low: float
    high: float


@dataclass
class Table:
    """Lines of a grid, and the regions between them: each (top, left, bottom, right) of spots, inclusive."""

    xs: list[float]
    ys: list[float]
    regions: list[tuple[int, int, int, int]]
    chars: dict[int, list[Char]] = field(default_factory=dict)
    _region_of: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for i, (top, left, bottom, right) in enumerate(self.regions):
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    self._region_of[row, column] = i

    def take(self, char: Char) -> bool:
        """Puts a character into its cell; False when it stands outside."""
        x, y = (char.left + char.right) / 2, (char.top + char.bottom) / 2
        row, column = bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1
        if not (0 <= row < len(self.ys) - 1 and 0 <= column < len(self.xs) - 1):
            return False
        self.chars.setdefault(self._region_of[row, column], []).append(char)
        return True

    def overrun(self) -> bool:
        """Whether text does not fit into its cells: written over other text, or across a line into the cell above or below."""
        return any(_crowded(inside) or self._crossed(i, inside) for i, inside in self.chars.items())

    def _crossed(self, region: int, chars: list[Char]) -> bool:
        top, bottom = self.ys[self.regions[region][0]], self.ys[self.regions[region][2] + 1]
        seen = ((c, (c.top + c.bottom) / 2) for c in chars if c.text.strip())
        return any(min(middle - top, bottom - middle) < ON_LINE * (c.bottom - c.top) for c, middle in seen)


def widened(table: Table, xs: Sequence[float], near: float) -> Table:
    """The table with the columns of the page before, where it has but some of them.

    A cell over many rows that a page break has cut often has no border of its own on the next page.
    """
    at = [next((i for i, x in enumerate(xs) if abs(x - own) < near), -1) for own in table.xs]
    if len(table.xs) < 4 or len(at) >= len(xs) or -1 in at or at != sorted(set(at)):
        return table
    regions = [(top, at[left], bottom, at[right + 1] - 1) for top, left, bottom, right in table.regions]
    last = len(table.ys) - 2
    regions += [(0, 0, last, at[0] - 1)] if at[0] else []
    regions += [(0, at[-1], last, len(xs) - 2)] if at[-1] < len(xs) - 1 else []
    return Table(list(xs), table.ys, regions)


def tables_of(lines: Sequence[tuple[float, float, float, float]]) -> list[Table]:
    """Tables drawn with lines, from top to bottom."""
    flat = _joined([Line((y0 + y1) / 2, min(x0, x1), max(x0, x1)) for x0, y0, x1, y1 in lines if abs(y0 - y1) < 1])
    upright = _joined([Line((x0 + x1) / 2, min(y0, y1), max(y0, y1)) for x0, y0, x1, y1 in lines if abs(x0 - x1) < 1])
    tables = [_table(*group) for group in _groups(flat[:MAX_LINES], upright[:MAX_LINES])]
    return sorted((t for t in tables if t is not None), key=lambda t: (t.ys[0], t.xs[0]))


def _joined(lines: list[Line]) -> list[Line]:
    """Lines drawn piece by piece as whole ones."""
    joined: list[Line] = []
    levels = _levels([line.at for line in lines])
    for line in sorted(Line(_nearest(levels, k.at), k.low, k.high) for k in lines):
        last = joined[-1] if joined else None
        if last is not None and last.at == line.at and line.low <= last.high + NEAR:
            joined[-1] = Line(last.at, last.low, max(last.high, line.high))
        else:
            joined.append(line)
    return [line for line in joined if line.high - line.low >= SHORTEST]


def _levels(values: Sequence[float]) -> list[float]:
    """Values that lie close together as one."""
    levels: list[float] = []
    for value in sorted(values):
        if not levels or value - levels[-1] > NEAR:
            levels.append(value)
    return levels


def _nearest(levels: list[float], value: float) -> float:
    return levels[max(0, bisect_right(levels, value) - 1)]


def _groups(flat: list[Line], upright: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Lines that hang together."""
    home = list(range(len(flat) + len(upright)))

    def root(i: int) -> int:
        while home[i] != i:
            home[i] = home[home[i]]
            i = home[i]
        return i

    for i, h in enumerate(flat):
        for j, v in enumerate(upright):
            if h.low - NEAR <= v.at <= h.high + NEAR and v.low - NEAR <= h.at <= v.high + NEAR:
                home[root(len(flat) + j)] = root(i)
    groups: dict[int, tuple[list[Line], list[Line]]] = {}
    for i, line in enumerate([*flat, *upright]):
        groups.setdefault(root(i), ([], []))[0 if i < len(flat) else 1].append(line)
    return list(groups.values())


def _table(flat: list[Line], upright: list[Line]) -> Table | None:
    if len({h.at for h in flat}) < 2 or not upright:
        return None
    xs = _levels([v.at for v in upright])
    low, high = min(h.low for h in flat), max(h.high for h in flat)
    xs = ([low] if xs[0] - low > OPEN_SIDE else []) + xs + ([high] if high - xs[-1] > OPEN_SIDE else [])
    ys = _levels([h.at for h in flat])
    if len(xs) < 2 or len(xs) * len(ys) > 100_000:
        return None
    return Table(xs, ys, _regions(xs, ys, flat, upright))


def _regions(
    xs: list[float], ys: list[float], flat: list[Line], upright: list[Line]
) -> list[tuple[int, int, int, int]]:
    """Spots that no wall parts, as rectangles."""
    beside = {
        (i, _index(xs, v.at)) for v in upright for i, y in enumerate(_middles(ys)) if v.low - 1 <= y <= v.high + 1
    }
    below = {(_index(ys, h.at), j) for h in flat for j, x in enumerate(_middles(xs)) if h.low - 1 <= x <= h.high + 1}
    taken: set[tuple[int, int]] = set()
    regions = []
    for top in range(len(ys) - 1):
        for left in range(len(xs) - 1):
            if (top, left) in taken:
                continue
            right = left
            while right + 2 < len(xs) and (top, right + 1) not in beside and (top, right + 1) not in taken:
                right += 1
            bottom = top
            while bottom + 2 < len(ys) and _open(bottom + 1, left, right, beside, below):
                bottom += 1
            regions.append((top, left, bottom, right))
            taken |= {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
    return regions


def _open(row: int, left: int, right: int, beside: set[tuple[int, int]], below: set[tuple[int, int]]) -> bool:
    """Whether a row of spots goes on from the one above, over its whole width."""
    inside = all((row, c) not in beside for c in range(left + 1, right + 1))
    return inside and all((row, c) not in below for c in range(left, right + 1))


def _middles(levels: list[float]) -> list[float]:
    return [(a + b) / 2 for a, b in pairwise(levels)]


def _index(levels: list[float], value: float) -> int:
    return max(0, bisect_right(levels, value) - 1)


def lines_of(chars: Sequence[Char]) -> list[list[Char]]:
    """Characters as lines from top to bottom, each from left to right."""
    lines: list[list[Char]] = []
    for char in sorted(chars, key=lambda c: ((c.top + c.bottom) / 2, c.left)):
        middle = (char.top + char.bottom) / 2
        if lines and middle < lines[-1][0].bottom - (lines[-1][0].bottom - lines[-1][0].top) * 0.3:
            lines[-1].append(char)
        else:
            lines.append([char])
    return [sorted(line, key=lambda c: c.left) for line in lines]


def _crowded(chars: Sequence[Char]) -> bool:
    """Whether lines are written over one another, as when a cell was too low for its text."""
    lines = lines_of([c for c in chars if c.text.strip()])
    return any(b[0].top < a[0].bottom - 0.45 * (a[0].bottom - a[0].top) for a, b in pairwise(lines))


def line_text(line: Sequence[Char]) -> str:
    """One line; a gap wider than half a character is a blank."""
    text = ""
    for i, char in enumerate(line):
        if i and char.left - line[i - 1].right > 0.5 * (char.bottom - char.top) and not text.endswith(" "):
            text += " "
        text += char.text
    return text.strip()


def ends_full(chars: Sequence[Char], right: float) -> bool:
    """Whether the last line of a cell reaches its right border, so that no further character had room."""
    seen = [c for c in chars if c.text.strip()]
    last = lines_of(seen)[-1][-1] if seen else None
    return last is not None and right - last.right < (last.right - last.left) + MARGIN * (last.bottom - last.top)


def _first_width(line: Sequence[Char]) -> float:
    """Width of what a line break is not put into: a Chinese character, or a whole word in Latin letters."""
    start = next(i for i, c in enumerate(line) if c.text.strip())
    end = start
    while end + 1 < len(line) and all(c.text.isascii() and c.text.strip() for c in line[end : end + 2]):
        end += 1
    return line[end].right - line[start].left


def cell_text(chars: Sequence[Char], right: float) -> str:
    """Text of a cell: a line that reached the right border goes on in the next one, any other ends there."""
    lines = [line for line in lines_of(chars) if line_text(line)]
    text = ""
    for i, line in enumerate(lines):
        piece = line_text(line)
        if not i:
            text = piece
            continue
        before = [c for c in lines[i - 1] if c.text.strip()][-1]
        full = right - before.right < _first_width(line) + MARGIN * (before.bottom - before.top)
        between = " " if text[-1].isascii() and text[-1].isalpha() and piece[0].isascii() and piece[0].isalpha() else ""
        text += (between if full else "\n") + piece
    return text
