"""Evidence tables as rows and columns of Python values, for calculations that need exact decimals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal
from typing import Any

import numpy as np

from workbench.base.exact import Exact
from workbench.evidence.tables import Table

_EXACT = Context(prec=60)
"""More digits than evidence can have."""


def values(table: Table, name: str) -> list[Any]:
    """One column of texts or numbers, None where a cell is blank."""
    column = table.columns[name]
    if not isinstance(column, Exact):
        return list(column)
    scaled, shift = _EXACT.scaleb, -column.decimals
    known = zip(column.units.tolist(), column.valid.tolist(), strict=True)
    return [scaled(Decimal(units), shift) if valid else None for units, valid in known]


def months(table: Table, name: str) -> list[int | None]:
    """The month (1 to 12) of each date in a column, None where a cell is blank."""
    column = table.columns[name]
    assert isinstance(column, Exact)
    found = column.units.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
    return [month if valid else None for month, valid in zip(found.tolist(), column.valid.tolist(), strict=True)]


def records(table: Table, *names: str) -> Iterator[dict[str, Any]]:
    """Each row as a mapping of ``subject`` and the named fields (texts or numbers); None where a cell is blank."""
    columns = [values(table, name) for name in ("subject", *names)]
    for row in zip(*columns, strict=True):
        yield dict(zip(("subject", *names), row, strict=True))


def number(value: object) -> Decimal | None:
    """The value if it is a number."""
    return value if isinstance(value, Decimal) else None
