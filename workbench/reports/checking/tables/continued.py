"""Tables that a page cut in two, put together again: the second part repeats the header, or has none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.reports.checking.document.model import Cell, Table
from workbench.reports.checking.language.numbers import cell_number
from workbench.reports.checking.language.words import tight

_GOES_ON = re.compile(r"续|接上")
_SUM = re.compile(r"(?:合计|总计|共计|总分|总得分|总额)(?:[(].*[)])?")

_SHORT = 24
"""Characters of a line between two parts of a table (“表1（续）”)."""


def whole_tables(tables: Sequence[Table]) -> list[Table]:
    """The tables of a document, parts of one joined; a joined one keeps the places of its parts."""
    made: list[Table] = []
    for table in tables:
        skip = _goes_on(made[-1], table) if made else None
        if skip is None:
            made.append(table)
        else:
            made[-1] = _joined(made[-1], table, skip)
    return made


def _goes_on(above: Table, table: Table) -> int | None:
    """How many header rows of ``table`` to leave out where it goes on from ``above``; None where it does not."""
    said = bool(_GOES_ON.search(table.before)) and len(table.before) <= _SHORT
    if above.width != table.width or (table.apart and not said) or _ends(above) or len(above.rows) < 2:
        return None
    same = 0
    while same < min(len(above.rows), len(table.rows)) and _texts(above.rows[same]) == _texts(table.rows[same]):
        same += 1
    if same:
        return same if not _begins_again(above, table, same) and same < len(table.rows) else None
    return 0 if _is_head(above.rows[0]) and not _is_head(table.rows[0]) and _alike(above, table) else None


def _ends(table: Table) -> bool:
    """Whether the table has its total already."""
    return any(_SUM.fullmatch(tight(c.text)) for c in table.rows[-1])


def _begins_again(above: Table, table: Table, same: int) -> bool:
    """Whether the second table tells of the same rows again: it is another subject's."""
    first = {t for t in _texts(table.rows[same]) if t and cell_number(t) is None}
    start = {t for t in _texts(above.rows[same]) if t and cell_number(t) is None} if same < len(above.rows) else set()
    return bool(first) and first == start


def _texts(row: Sequence[Cell]) -> list[str]:
    return [tight(c.text) for c in row]


def _is_head(row: Sequence[Cell]) -> bool:
    return len({tight(c.text) for c in row} - {""}) > 1 and not any(cell_number(c.text) for c in row)


def _alike(above: Table, table: Table) -> bool:
    """Whether numbers stand where they stood."""
    last = {x for x, c in enumerate(above.rows[-1]) if cell_number(c.text) is not None}
    first = {x for x, c in enumerate(table.rows[0]) if cell_number(c.text) is not None}
    return bool(last) and last == first


def _joined(above: Table, table: Table, skip: int) -> Table:
    size = len(above.rows)
    rows = [[Cell(c.text, (c.origin[0] + size - skip, c.origin[1])) for c in row] for row in table.rows[skip:]]
    shared: dict[tuple[int, int], Cell] = {}
    rows = [[shared.setdefault(c.origin, c) for c in row] for row in rows]
    later = [*above.later, (size, table, skip)]
    return Table([*above.rows, *rows], above.number, above.order, above.before, above.apart, later)
