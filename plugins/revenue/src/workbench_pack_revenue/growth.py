"""Growth by item (增长分解): last year's total, what each item added or took away, this year's total.

Contribution of an item in percentage points = its change / last year's total × 100. The points shown add up to the growth
shown: each is cut down to the unit, and the units still lacking go to the largest remainders (Hamilton's method).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from workbench.base.exact import from_units
from workbench.evidence.tables import Table
from workbench_pack_revenue.rows import number, records

DECIMALS = 2
COLUMNS = ("step", "amount", "points", "reached", "this", "last", "growth")


def growth_by_item(
    tables: Mapping[str, Table], subjects: Sequence[str], params: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Analysis: the steps from last year's total to this year's.

    Args:
        params: ``table``, ``item``, ``this``, ``last`` name the items and their amounts; ``totals``, ``total_this``,
            ``total_last`` the per-subject table with the totals; ``rest`` what the unlisted part is called.

    Without both totals, or without any item, a subject has no rows. An item that lacks a number is part of the rest.
    """
    this, last = params["this"], params["last"]
    items: dict[str, list[tuple[str, Decimal, Decimal]]] = {name: [] for name in subjects}
    for row in records(tables[params["table"]], params["item"], this, last):
        now, before = number(row[this]), number(row[last])
        if row["subject"] in items and now is not None and before is not None:
            items[row["subject"]].append((row[params["item"]], now, before))
    found: dict[str, list[Any]] = {name: [] for name in ("subject", *COLUMNS)}
    ends = (params["total_this"], params["total_last"])
    for row in records(tables[params["totals"]], *ends):
        now, before = (number(row[name]) for name in ends)
        listed = items.get(row["subject"], [])
        if listed and now is not None and before is not None:
            for values in steps(listed, now, before, params["rest"]):
                for column, value in zip(found, (row["subject"], *values), strict=True):
                    found[column].append(value)
    return found


def steps(
    items: Sequence[tuple[str, Decimal, Decimal]], now: Decimal, before: Decimal, rest: str
) -> list[tuple[str, Decimal, Decimal | None, bool, Decimal, Decimal, Decimal | None]]:
    """Rows in the order of COLUMNS: last year, the items from the largest gain to the largest loss, the rest, this year."""
    listed = sorted(items, key=lambda item: item[2] - item[1])
    unlisted = (now - sum((i[1] for i in items), Decimal(0)), before - sum((i[2] for i in items), Decimal(0)))
    if any(unlisted):
        listed.append((rest, *unlisted))
    points = contributions([b - c for _, b, c in listed], before)
    rows: list[tuple[str, Decimal, Decimal | None, bool, Decimal, Decimal, Decimal | None]] = [
        ("上年同期", before, None, True, before, before, None)
    ]
    for (name, a, b), share in zip(listed, points, strict=True):
        rows.append((name, a - b, share, False, a, b, growth(a, b)))
    total = sum((p for p in points if p is not None), Decimal(0)) if before > 0 else None
    rows.append(("本期", now, total, True, now, before, growth(now, before)))
    return rows


def growth(now: Decimal, before: Decimal) -> Decimal | None:
    """Growth in percent, unrounded to 20 digits; None where last year was nothing or less."""
    return (now - before) / before * 100 if before > 0 else None


def contributions(changes: Sequence[Decimal], base: Decimal) -> list[Decimal | None]:
    """Each change in percentage points of ``base``, two decimals, adding up to their rounded sum; None when base ≤ 0."""
    if base <= 0:
        return [None] * len(changes)
    exact = [Fraction(c) / Fraction(base) * 100 * 10**DECIMALS for c in changes]
    units = [e.numerator // e.denominator for e in exact]
    whole = sum(exact, Fraction(0))
    size = (2 * abs(whole.numerator) + whole.denominator) // (2 * whole.denominator)
    lacking = (size if whole >= 0 else -size) - sum(units)
    order = sorted(range(len(exact)), key=lambda i: (units[i] - exact[i], i))
    for i in order[:lacking]:
        units[i] += 1
    return [from_units(u, DECIMALS) for u in units]
