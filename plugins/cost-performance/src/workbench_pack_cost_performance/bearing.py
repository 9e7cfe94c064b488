"""What every object bears of the shared costs, all pools at once: :mod:`allocation` in whole cents and arrays.

An entry is one line of the sheet 分摊依据 that names a listed pool. Cents are given as ``largest_remainder`` gives them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.base.exact import SAFE, BoolArray, Exact, IntArray, multiply
from workbench.evidence.tables import Table

CENTS = 2


@dataclass(frozen=True)
class Entries:
    """Who takes part in which pool, in the order of the sheet; arrays of one length.

    Attributes:
        owner: index of the subject; −1 for one that is not evaluated but bears its share all the same.
        pool: index of the pool.
        quantity: the driver in units of its last decimal, 0 where it is blank; known: whether it is filled in.
        strays: shape (n,), lines of each subject for a pool that is not listed.
    """

    owner: IntArray
    pool: IntArray
    quantity: IntArray
    known: BoolArray
    strays: IntArray


def read_entries(drivers: Table, pools: Sequence[str], subjects: Sequence[str]) -> Entries:
    """The lines of the sheet 分摊依据; of two lines for the same subject and pool the later one holds."""
    place = {name: i for i, name in enumerate(pools)}
    number = {name: i for i, name in enumerate(subjects)}
    owners = [number.get(str(name), -1) for name in drivers.texts("subject")]
    numbers = [place.get(str(name), -1) for name in drivers.texts("pool")]
    owner, pool = np.array(owners, dtype=np.int64), np.array(numbers, dtype=np.int64)
    strays = np.bincount(owner[(pool < 0) & (owner >= 0)], minlength=len(subjects))
    last = {(name, p): i for i, (name, p) in enumerate(zip(drivers.texts("subject"), numbers, strict=True)) if p >= 0}
    rows = np.array(list(last.values()), dtype=np.int64)
    column = numbers_of(drivers, "quantity")
    quantity = column.units[rows] * column.valid[rows]
    if quantity.size and int(abs(quantity).max()) * quantity.size >= SAFE:
        quantity = quantity.astype(object)
    return Entries(owner[rows], pool[rows], quantity, column.valid[rows], strays)


def numbers_of(table: Table, name: str) -> Exact:
    """A numeric column. Raises TypeError for a text."""
    column = table.columns[name]
    if not isinstance(column, Exact):
        raise TypeError(f"{name} is not a numeric column")
    return column


def total_of(entries: Entries, pools: int) -> tuple[IntArray, BoolArray]:
    """Drivers of each pool added up, and whether all of them are known."""
    total = np.zeros(pools, dtype=entries.quantity.dtype)
    np.add.at(total, entries.pool, entries.quantity)
    return total, np.asarray(np.bincount(entries.pool, weights=~entries.known, minlength=pools) == 0)


def shares(entries: Entries, cents: IntArray, total: IntArray, ready: BoolArray) -> IntArray:
    """Cents each entry bears; 0 where a driver of the pool is unknown or all of them are 0.

    Raises:
        ValueError: a pool has a negative driver.
    """
    shared = ready & (total != 0)
    if np.any(shared[entries.pool] & (entries.quantity < 0)):
        raise ValueError("分摊依据须有正数,且不得为负")
    base = np.where(shared, total, 1)[entries.pool]
    quantity = np.where(shared[entries.pool], entries.quantity, 0)
    top = multiply(abs(cents)[entries.pool], quantity)
    whole = top // base
    rest = top - whole * base
    left = np.where(shared, abs(cents), 0)
    np.subtract.at(left, entries.pool, whole)
    # The cents left over go to the largest rests of each pool, among equals to the first listed.
    first = np.unique(-rest, return_inverse=True)[1]
    order = np.lexsort((first, entries.pool))
    place = np.arange(len(order)) - np.searchsorted(entries.pool[order], entries.pool[order])
    whole[order] += place < left[entries.pool[order]]
    return np.asarray(np.where(cents < 0, -1, 1)[entries.pool] * whole)


def of_subject(entries: Entries, units: Any, n: int) -> IntArray:
    """Sum of each subject's entries, shape (n,)."""
    units = np.asarray(units)
    found = np.zeros(n, dtype=object if units.dtype == object else np.int64)
    ours = entries.owner >= 0
    np.add.at(found, entries.owner[ours], units[ours])
    return found


def standards(shared: Table, rows: Mapping[str, int]) -> tuple[BoolArray, BoolArray]:
    """Whether a spending standard covers each pool, and whether that was said; ``rows`` says where each pool stands."""
    column = numbers_of(shared, "has_standard")
    spots = np.array(list(rows.values()), dtype=np.int64)
    return np.asarray(column.units[spots] == 1), np.asarray(column.valid[spots])
