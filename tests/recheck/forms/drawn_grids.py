"""Tables drawn by hand for tests: a list of rows, where ``<`` and ``^`` belong to the cell left of them and above them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal

from workbench.recheck.files.cells import cell_name, make_grid, table_cell_name, written
from workbench.recheck.files.grid import Grid, Merged
from workbench.recheck.model import Spot, Written


def drawn(rows, *, file="甲局/自评表.xlsx", title="Sheet1", document=False, top=0, left=0, lead=(), tail=()) -> Grid:
    """The grid of these rows; numbers become number cells, a ``document``'s cells are named 第1行第1列."""
    name = as_in_document if document else cell_name
    cells, areas = {}, {}
    homes: dict[tuple[int, int], tuple[int, int]] = {}
    for r, row in enumerate(rows, top):
        for c, value in enumerate(row, left):
            home = (r, c)
            if value == "<":
                home = homes[r, c - 1]
            elif value == "^":
                home = homes[r - 1, c]
            homes[r, c] = home
            if home != (r, c):
                old = areas.get(home, Merged(*home, *home))
                areas[home] = Merged(*home, max(old.bottom, r), max(old.right, c))
            elif value not in ("", None):
                number = Decimal(str(value)) if isinstance(value, (int, float)) else None
                cells[home] = written(str(value), Spot(title, r, c, name(r, c)), number)
    made = make_grid(file, title, cells, areas.values(), said(lead), said(tail, len(lead)), name)
    assert made is not None
    return made


def as_in_document(row, column):
    """Every cell of a drawn table is counted."""
    return table_cell_name(row, column + 1)


def said(texts, start=0):
    """Paragraphs of a document."""
    return [written(text, Spot("正文", i, 0, f"第{i + 1}段")) for i, text in enumerate(texts, start)]


def statements(value) -> list[Written]:
    """Everything written that a form holds, anywhere in it; the names of labels are not among them."""
    if isinstance(value, Written):
        return [value]
    if isinstance(value, (tuple, dict)):
        return [cell for inner in (value.values() if isinstance(value, dict) else value) for cell in statements(inner)]
    if is_dataclass(value):
        return [cell for field in fields(value) for cell in statements(getattr(value, field.name))]
    return []
