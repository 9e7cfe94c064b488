"""Evidence tables as rows, for calculations that go row by row."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from workbench.evidence.tables import Table


def records(table: Table, *names: str) -> Iterator[dict[str, Any]]:
    """Each row as a mapping of ``subject`` and the named fields; None where a cell is blank."""
    for i in range(len(table)):
        yield {name: table.value(i, name) for name in ("subject", *names)}


def number(value: object) -> Decimal | None:
    """The value if it is a number."""
    return value if isinstance(value, Decimal) else None
