"""Shared cost (公共成本) given to the objects that cause it, by a driver: hours, area, heads, output value.

Each object bears pool × its driver / the driver of all objects in the pool. Cents are given by largest remainder
(Hamilton's method: everyone the whole cents first, the cents left over to the largest fractions, ties to the object listed
first), so that the parts add up to the pool exactly. A pool with one unknown driver is not allocated at all: nobody's share is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from workbench.base.exact import BoolArray, IntArray, from_units
from workbench.evidence.tables import Table
from workbench.scoring.derivations import DerivedColumns
from workbench_pack_cost_performance.bearing import (
    CENTS,
    numbers_of,
    of_subject,
    read_entries,
    shares,
    standards,
    total_of,
)

CENT = Decimal("0.01")
Amounts = list[Decimal | None]


def largest_remainder(amount: Decimal, drivers: Sequence[Decimal]) -> list[Decimal]:
    """``amount`` (元, to the cent) in shares proportional to ``drivers``, which add up to it exactly.

    A negative amount (red entry) is shared as its opposite. Raises ValueError when no driver is positive or one is negative.
    """
    ratios = [Fraction(d) for d in drivers]
    scale = lcm(*(r.denominator for r in ratios))
    parts = [r.numerator * (scale // r.denominator) for r in ratios]
    total = sum(parts)
    if total <= 0 or min(parts) < 0:
        raise ValueError("分摊依据须有正数,且不得为负")
    cents = int(abs(amount) / CENT)
    whole = [cents * part // total for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (-(cents * parts[i] % total), i))
    for i in order[: cents - sum(whole)]:
        whole[i] += 1
    sign = -1 if amount < 0 else 1
    return [sign * share * CENT for share in whole]


@dataclass
class Pool:
    """One shared cost: its amount in 元, whether a standard exists for it, and the drivers of its objects in order."""

    name: str
    activity: str | None
    amount: Decimal
    driver: str | None
    standard: bool | None
    drivers: dict[str, Decimal | None] = field(default_factory=dict)

    @property
    def total(self) -> Decimal | None:
        """The driver of all objects; None while one of them is unknown."""
        known = [d for d in self.drivers.values() if d is not None]
        return sum(known, Decimal(0)) if len(known) == len(self.drivers) else None

    @property
    def shares(self) -> dict[str, Decimal]:
        """Amount by object; empty where a driver is unknown, nothing for anyone where all of them are 0."""
        if self.total is None:
            return {}
        if self.total == 0:
            return dict.fromkeys(self.drivers, Decimal(0))
        drivers = [d for d in self.drivers.values() if d is not None]
        return dict(zip(self.drivers, largest_remainder(self.amount, drivers), strict=True))


def read_pools(tables: Mapping[str, Table]) -> dict[str, Pool]:
    """The pools of the sheet 公共成本 with the drivers of the sheet 分摊依据, in the order of the sheets."""
    shared, drivers = tables["shared_costs"], tables["drivers"]
    pools: dict[str, Pool] = {}
    for i in range(len(shared)):
        name, activity, driver, standard = (shared.value(i, f) for f in ("pool", "activity", "driver", "has_standard"))
        amount = shared.value(i, "amount")
        pools[str(name)] = Pool(str(name), _text(activity), _money(amount), _text(driver), _bool(standard))
    for i in range(len(drivers)):
        pool = pools.get(str(drivers.value(i, "pool")))
        if pool is not None:
            quantity = drivers.value(i, "quantity")
            pool.drivers[str(drivers.value(i, "subject"))] = quantity if isinstance(quantity, Decimal) else None
    return pools


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _bool(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _money(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def allocated(tables: Mapping[str, Table], subjects: Sequence[str], _: Mapping[str, Any]) -> DerivedColumns:
    """What each object bears of all pools, and what hinders it.

    Returns columns of length n: ``pools`` (pools it takes part in), ``amount`` and ``covered`` (元; None while a pool of its own
    cannot be allocated, or it is not known whether a standard covers it), ``blocked``, ``blank`` and ``zero`` (pools of its
    own that wait for a driver, that lack its own, where its own is 0), ``unknown`` (drivers for a pool that is not listed),
    and, the same for all, ``idle_pools`` and ``idle_amount`` (pools borne by nobody).
    """
    n, shared = len(subjects), tables["shared_costs"]
    rows = {str(name): i for i, name in enumerate(shared.texts("pool"))}
    entries = read_entries(tables["drivers"], list(rows), subjects)
    cents = numbers_of(shared, "amount").rescale(CENTS).units[list(rows.values())]
    total, ready = total_of(entries, len(rows))
    parts = shares(entries, cents, total, ready)
    standard, said = standards(shared, rows)
    blocked = of_subject(entries, ~ready[entries.pool], n)
    unsaid = of_subject(entries, ~said[entries.pool], n)
    idle = ready & (total == 0)
    return {
        "pools": _counts(of_subject(entries, np.ones(len(parts), dtype=np.int64), n)),
        "amount": _amounts(of_subject(entries, parts, n), blocked == 0),
        "covered": _amounts(of_subject(entries, parts * standard[entries.pool], n), (blocked == 0) & (unsaid == 0)),
        "blocked": _counts(blocked),
        "blank": _counts(of_subject(entries, ~entries.known, n)),
        "zero": _counts(of_subject(entries, entries.known & (entries.quantity == 0), n)),
        "unknown": _counts(entries.strays),
        "idle_pools": [Decimal(int(idle.sum()))] * n,
        "idle_amount": [from_units(int(cents[idle].sum()), CENTS)] * n,
    }


def _counts(numbers: IntArray) -> list[Decimal]:
    return [Decimal(number) for number in numbers.tolist()]


def _amounts(cents: IntArray, known: BoolArray) -> Amounts:
    return [from_units(c, CENTS) if k else None for c, k in zip(cents.tolist(), known.tolist(), strict=True)]


def allocation_lines(tables: Mapping[str, Table], subjects: Sequence[str], _: Mapping[str, Any]) -> DerivedColumns:
    """Every share with what it is made of: one row for each object and pool it takes part in."""
    names = ("subject", "pool", "activity", "driver", "pool_amount", "quantity", "total", "percent", "amount")
    found: dict[str, list[Any]] = {name: [] for name in names}
    own_pools: dict[str, list[Pool]] = {subject: [] for subject in subjects}
    borne = {}
    for pool in read_pools(tables).values():
        borne[pool.name] = pool.shares
        for subject in pool.drivers:
            own_pools.setdefault(subject, []).append(pool)
    for subject in subjects:
        for pool in own_pools[subject]:
            own, total = pool.drivers[subject], pool.total
            percent = None if own is None or not total else _percent(own, total)
            row = (subject, pool.name, pool.activity, pool.driver, pool.amount, own, total, percent)
            for name, value in zip(names, (*row, borne[pool.name].get(subject)), strict=True):
                found[name].append(value)
    return found


def _percent(part: Decimal, total: Decimal) -> Decimal:
    """To six decimals; the table shows two."""
    scaled = Fraction(part) / Fraction(total) * 10**8
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(-6)
