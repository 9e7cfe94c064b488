"""Tables of a PDF that go on on the next page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workbench.recheck.model import Written

NEAR = 4.0
"""Points within which columns of two pages agree."""
_HEAD = 3
_BEGINNING = re.compile(r".{0,40}自评表|(项目|单位|部门)名称|(项目)?(主管部门|实施单位)")
"""What stands in the first rows of a form and nowhere else."""
_PAGE_NUMBER = re.compile(r"[-—–\s第共页/of\d]{1,20}", re.IGNORECASE)


@dataclass
class Part:
    """A table on one page.

    Attributes:
        number: of the table on its page, 0 for a page without one.
        cells: text by (top, left, bottom, right) of spots, inclusive.
        xs: upright lines; height: rows; full: cells whose last line reaches the right border, so that it may go on.
        starts: of each further page, its number, the row it begins with, and how many of its rows belong to the page before.
    """

    page: int
    number: int
    cells: dict[tuple[int, int, int, int], str]
    xs: list[float]
    height: int
    lead: list[Written] = field(default_factory=list)
    tail: list[Written] = field(default_factory=list)
    full: frozenset[tuple[int, int, int, int]] = frozenset()
    starts: list[tuple[int, int, int]] = field(default_factory=list)

    def name(self, row: int, number: int) -> str:
        """How a person finds a cell of a row, its cells counted from 1."""
        page, first, before = next((s for s in reversed(self.starts) if s[1] <= row), (self.page, 0, 0))
        where = f"第{page}页" if page != self.page else ""
        return f"{where}第{row - first + before + 1}行第{number}列"


def join_parts(parts: list[Part]) -> list[Part]:
    """Tables in order, continued ones joined."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last is not None and _goes_on(last, part):
            _append(last, part)
        else:
            joined.append(part)
    return [part for part in joined if part.number]


def _goes_on(last: Part, part: Part) -> bool:
    page = last.starts[-1][0] if last.starts else last.page
    between = [w for w in (*last.tail, *part.lead) if not _PAGE_NUMBER.fullmatch(w.text)]
    agree = len(last.xs) == len(part.xs) and all(abs(a - b) < NEAR for a, b in zip(last.xs, part.xs, strict=True))
    follows = part.page == page + 1 and part.number == 1 and bool(last.number)
    return follows and not between and agree and not _begins(part)


def _begins(part: Part) -> bool:
    """Whether a form of its own begins with a page, in a table drawn as the one before."""
    texts = ("".join(text.split()) for (top, _, _, _), text in part.cells.items() if top < _HEAD)
    return any(_BEGINNING.match(text) for text in texts)


def _append(last: Part, part: Part) -> None:
    split = int(_cuts_row(last, part))
    first = last.height - split
    full = set(part.full)
    for (top, left, bottom, right), text in part.cells.items():
        above = _above(last, left, right) if top == 0 else None
        if above is not None and split and bottom == 0:
            last.cells[above] += text
        elif above is not None and _one_cell(last.cells[above], above[2] > above[0], text, bottom > 0):
            # A cell over several rows that the end of the page has cut in two.
            said = last.cells.pop(above)
            last.cells[above[0], left, first + bottom, right] = said or text
        else:
            last.cells[first + top, left, first + bottom, right] = text
    last.full = frozenset((first + top, left, first + bottom, right) for top, left, bottom, right in full)
    last.starts.append((part.page, first + split, split))
    last.height = first + part.height
    last.tail = part.tail


def _cuts_row(last: Part, part: Part) -> bool:
    """Whether the first row is the rest of the row before: only what was cut in mid-line goes on, and the rest is blank."""
    pairs = [(_above(last, k[1], k[3]), text) for k, text in part.cells.items() if k[0] == k[2] == 0]
    goes_on = all(above in last.full for above, text in pairs if text)
    blank = any(above is not None and last.cells[above] and not text for above, text in pairs)
    return goes_on and blank and any(text for _, text in pairs) and all(above is not None for above, _ in pairs)


def _one_cell(above: str, above_tall: bool, below: str, below_tall: bool) -> bool:
    """Whether the cells at the foot and the head of two pages are one; its text stands on either page, or is repeated."""
    if below in ("", above):
        return above_tall or below_tall
    return not above and above_tall and below_tall


def _above(last: Part, left: int, right: int) -> tuple[int, int, int, int] | None:
    """The cell at the foot of the page before, of the same columns."""
    return next((k for k in last.cells if k[2] == last.height - 1 and (k[1], k[3]) == (left, right)), None)
