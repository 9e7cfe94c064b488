"""Published rates against published amounts (公布数核对): can the rate come from the amounts as they were printed?

Printed numbers are rounded, so an amount printed as 28.1 亿元 stands for anything between 28.05 and 28.15. The rate is
computed from the printed amounts, then from every corner of those intervals (it is monotone in each amount, so the extremes
lie in the corners). Only a published rate whose own interval lies outside of that range cannot come from the amounts.

All claims are judged at once, in exact integers. With g = 1 for growth and 0 for the plain quotients, rate = (amount/base − g)
× 100; a base that was not printed is amount − change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from workbench.base.exact import BoolArray, Exact, IntArray, aligned, divide, from_units, multiply
from workbench.evidence.tables import Table
from workbench_pack_revenue.rows import values

SAME, ROUNDED, WRONG, UNKNOWN = "一致", "四舍五入可以解释", "与公布数额不符", "公布数额不全,无法核对"
VERDICTS = (SAME, ROUNDED, WRONG, UNKNOWN)
GROWTH = "同比增幅"
"""The kind of rate that is less one; the others (完成进度, 占比) are plain quotients."""
TABLE = "published"
AMOUNTS = ("amount", "base", "change")
USUAL_PLACES, MOST_PLACES = 2, 9
MOST = 2**56
"""Twice the sum of two amounts must stay inside 64 bits; larger ones are counted as Python integers."""
TEN = 10**10
"""Rates go out with ten decimals, as analyses and derived tables take them."""


@dataclass(frozen=True)
class Claims:
    """Published rates, one a row; arrays of shape (n,).

    ``amounts`` and ``steps`` (the unit each amount was printed in: 1000 万元 for 亿元 with one decimal) count in units of
    10^-decimals. ``growth`` is 1 where the rate is less one. ``places``: decimals the rate was printed with.
    """

    subjects: list[str]
    items: list[str]
    measures: list[str]
    decimals: int
    amounts: Mapping[str, Exact]
    steps: Mapping[str, IntArray]
    percent: Exact
    growth: IntArray
    places: IntArray

    @cached_property
    def from_change(self) -> BoolArray:
        """Where the base is to be had from the amount and its change."""
        return np.asarray((self.growth == 1) & ~self.amounts["base"].valid & self.amounts["change"].valid)

    @cached_property
    def base(self) -> Exact:
        """What the amount is divided by: printed, or the amount less its change."""
        amount, base, change = (self.amounts[name] for name in AMOUNTS)
        known = base.valid | (self.from_change & amount.valid)
        return Exact(np.where(self.from_change, amount.units - change.units, base.units), self.decimals, known)

    def corner(self, rows: IntArray, up: int, side: int) -> tuple[IntArray, IntArray]:
        """Twice the amount and the base of some rows at one corner of their intervals; ``up`` and ``side`` are −1 or 1."""
        top = 2 * self.amounts["amount"].units[rows] + up * self.steps["amount"][rows]
        base = 2 * self.amounts["base"].units[rows] + side * self.steps["base"][rows]
        change = 2 * self.amounts["change"].units[rows] + side * self.steps["change"][rows]
        return top, np.where(self.from_change[rows], top - change, base)


def claims(table: Table) -> Claims:
    """The rows of the sheet; an amount whose printed unit is not given counts as exact."""
    names = [*AMOUNTS, *(f"{name}_step" for name in AMOUNTS)]
    decimals, units = aligned(*(_numbers(table, name) for name in names))
    if any(u.dtype == object or np.any(abs(u) >= MOST) for u in units):
        units = [u.astype(object) for u in units]
    known = {name: _numbers(table, name).valid for name in names}
    found = dict(zip(names, units, strict=True))
    amounts = {name: Exact(found[name], decimals, known[name]) for name in AMOUNTS}
    first = np.where(known["amount_step"], found["amount_step"], 0)
    steps = {name: np.where(known[f"{name}_step"], found[f"{name}_step"], first) for name in AMOUNTS}
    measures, places = values(table, "measure"), _numbers(table, "places").rescale(0)
    return Claims(
        subjects=values(table, "subject"),
        items=values(table, "item"),
        measures=measures,
        decimals=decimals,
        amounts=amounts,
        steps=steps,
        percent=_numbers(table, "percent"),
        growth=np.array([m == GROWTH for m in measures], dtype=np.int64),
        places=np.clip(np.where(places.valid, places.units, USUAL_PLACES), 0, MOST_PLACES).astype(np.int64),
    )


def _numbers(table: Table, name: str) -> Exact:
    column = table.columns[name]
    assert isinstance(column, Exact)
    return column


def verdicts(stated: Claims) -> IntArray:
    """Index into ``VERDICTS`` of every claim."""
    amount, base, percent = stated.amounts["amount"], stated.base, stated.percent
    width = np.where(stated.from_change, stated.steps["amount"] + stated.steps["change"], stated.steps["base"])
    # A base whose interval holds nothing may have been nothing: no rate can be had from it.
    known = amount.valid & base.valid & percent.valid & (abs(2 * base.units) > width)
    found = np.where(known, VERDICTS.index(WRONG), VERDICTS.index(UNKNOWN))
    rows = np.flatnonzero(known)
    scale = 10 ** stated.places[rows]
    shown = _rates(stated, amount.units[rows], base.units[rows], rows, scale)
    same = multiply(shown, 10**percent.decimals) == multiply(percent.units[rows], scale)
    found[rows[same]] = VERDICTS.index(SAME)
    rest = rows[~same]
    found[rest[_explained(stated, rest)]] = VERDICTS.index(ROUNDED)
    return found


def _rates(stated: Claims, top: IntArray, base: IntArray, rows: IntArray, scale: IntArray | int) -> IntArray:
    """(top / base − g) × 100 in units of 1/``scale``, half-up; ``base`` must not be zero."""
    return divide(multiply(multiply(top - stated.growth[rows] * base, 100), scale), base)


def _explained(stated: Claims, rows: IntArray) -> BoolArray:
    """Whether the range of the computed rate meets that of the published one, half a printed unit on either side."""
    percent, places = stated.percent, 10 ** stated.places[rows]
    whole = 2 * 10**percent.decimals * places
    middle, half = multiply(percent.units[rows], 2 * places), 10**percent.decimals
    below, above = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for up, side in product((-1, 1), repeat=2):
        top, base = stated.corner(rows, up, side)
        # rate ≤ published + half, with both sides times the base, whose sign is the same in every corner.
        rate = multiply(multiply(np.sign(base) * (top - stated.growth[rows] * base), 100), whole)
        below |= np.asarray(rate <= multiply(abs(base), middle + half), dtype=bool)
        above |= np.asarray(rate >= multiply(abs(base), middle - half), dtype=bool)
    return below & above


def published_summary(
    tables: Mapping[str, Table], subjects: Sequence[str], params: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Derivation: how many published rates of each subject came out how; None for a subject without any."""
    stated = claims(tables[TABLE])
    place = {name: i for i, name in enumerate(subjects)}
    owner = np.array([place.get(name, len(subjects)) for name in stated.subjects], dtype=np.int64)
    found = verdicts(stated)
    columns = {"same": SAME, "rounded": ROUNDED, "wrong": WRONG, "unknown": UNKNOWN}
    rows = {name: owner[found == VERDICTS.index(verdict)] for name, verdict in columns.items()} | {"claims": owner}
    counts = {name: np.bincount(at, minlength=len(subjects) + 1).tolist()[:-1] for name, at in rows.items()}
    result: dict[str, list[Any]] = {
        name: [Decimal(n) if any_ else None for n, any_ in zip(counts[name], counts["claims"], strict=True)]
        for name in counts
    }
    gaps: list[Decimal | None] = [None] * (len(subjects) + 1)
    items: list[str | None] = [None] * (len(subjects) + 1)
    for at, gap, item in _wrong(stated, np.flatnonzero(found == VERDICTS.index(WRONG)), owner):
        gaps[at] = max(gap, gaps[at] or gap)
        items[at] = item if items[at] is None else f"{items[at]}、{item}"
    return result | {"gap": gaps[:-1], "wrong_items": items[:-1]}


def _wrong(stated: Claims, rows: IntArray, owner: IntArray) -> Iterator[tuple[int, Decimal, str]]:
    """Whose each wrong rate is, how far it is off in percentage points, and what it is called."""
    percent, base = stated.percent, stated.base.units[rows]
    whole = 10**percent.decimals
    rate = multiply(multiply(stated.amounts["amount"].units[rows] - stated.growth[rows] * base, 100), whole)
    apart = abs(multiply(percent.units[rows], base) - rate)
    gaps = divide(multiply(apart, TEN), multiply(abs(base), whole))
    for row, gap in zip(rows.tolist(), gaps.tolist(), strict=True):
        yield int(owner[row]), from_units(gap, 10), f"{stated.items[row]}{stated.measures[row]}"


def published_check(
    tables: Mapping[str, Table], subjects: Sequence[str], params: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Analysis: one row for each published rate, in the order of the sheet."""
    stated = claims(tables[TABLE])
    found = verdicts(stated)
    known = np.flatnonzero(found != VERDICTS.index(UNKNOWN))
    corners = [_rates(stated, *stated.corner(known, up, side), known, TEN) for up, side in product((-1, 1), repeat=2)]
    return {
        "subject": stated.subjects,
        "item": stated.items,
        "measure": stated.measures,
        "amount": stated.amounts["amount"].numbers(),
        "base": stated.base.numbers(),
        "published": stated.percent.numbers(),
        "computed": _computed(stated),
        "low": _spread(np.minimum.reduce(corners), known, len(found)),
        "high": _spread(np.maximum.reduce(corners), known, len(found)),
        "verdict": [VERDICTS[v] for v in found],
        "implied": _implied(stated),
    }


def _spread(units: IntArray, rows: IntArray, n: int) -> list[Decimal | None]:
    """Numbers with ten decimals at some of ``n`` rows, None elsewhere."""
    result: list[Decimal | None] = [None] * n
    for row, number in zip(rows.tolist(), units.tolist(), strict=True):
        result[row] = from_units(number, 10)
    return result


def _computed(stated: Claims) -> list[Decimal | None]:
    """The rates from the amounts as printed, where there is a base and it is not nothing."""
    amount, base, percent = stated.amounts["amount"], stated.base, stated.percent
    rows = np.flatnonzero(amount.valid & base.valid & percent.valid & (base.units != 0))
    return _spread(_rates(stated, amount.units[rows], base.units[rows], rows, TEN), rows, len(percent))


def _implied(stated: Claims) -> list[Decimal | None]:
    """The base a rate would need where none was published: what a reader can ask for."""
    amount, percent = stated.amounts["amount"], stated.percent
    whole = 100 * 10**percent.decimals
    share = percent.units + stated.growth * whole
    rows = np.flatnonzero(amount.valid & percent.valid & ~stated.base.valid & (share > 0))
    scaled = multiply(multiply(amount.units[rows], whole), TEN)
    return _spread(divide(scaled, multiply(share[rows], 10**stated.decimals)), rows, len(percent))
