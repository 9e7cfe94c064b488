"""Python derivations: tables SQL cannot make (internal rates of return, frontiers), registered by a plugin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from workbench.evidence.tables import Table

DerivedColumns: TypeAlias = Mapping[str, Sequence[Decimal | str | date | bool | None]]


@dataclass(frozen=True)
class Derivation:
    """A named, versioned function from evidence tables to columns.

    ``function(tables, subjects, params)`` gets the typed tables by name (``subjects`` among them), the subject ids in
    order (n) and the pack's parameters. For a derived table it returns columns of length n, None where a value is missing;
    for an analysis any number of rows, with a column ``subject`` that says whose each row is.
    """

    name: str
    version: str
    function: Callable[[Mapping[str, Table], Sequence[str], Mapping[str, Any]], DerivedColumns]
    distribution: str
