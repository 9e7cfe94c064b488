"""What the hand-written versions of ``packs/`` share: scaled integers, half-up, the plain rules, totals. numpy only.

A column is a pair (units, ok): integers counted in units of 10^-2 unless said otherwise, and where they are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

UNSCORED = -1


class Column(NamedTuple):
    """Scaled integers of shape (n,) and where they are known."""

    units: Any
    ok: Any


class Item(NamedTuple):
    """Points of one indicator in hundredths, ``UNSCORED`` where there are none, and their bounds there."""

    weight: int
    units: Any
    applies: Any
    low: Any
    high: Any


class Hand(NamedTuple):
    """Points of every indicator (hundredths; -1 where unscored or not applicable) and the total's two ends."""

    points: dict[str, Any]
    low: Any
    high: Any


def column(values: Any, decimals: int = 2) -> Column:
    """Floats with at most ``decimals`` decimals as integers; NaN is missing."""
    ok = ~np.isnan(values)
    return Column(np.rint(np.where(ok, values, 0) * 10**decimals).astype(np.int64), ok)


def half_up(top: Any, bottom: Any) -> Any:
    """Quotient of integers rounded half-up, a tie away from zero; ``bottom`` is positive."""
    return np.sign(top) * ((2 * np.abs(top) + bottom) // (2 * bottom))


def ratio(top: Column, bottom: Column, times: int) -> Column:
    """``top / bottom × times`` in whole units; missing where the denominator is zero or either side is missing."""
    ok = top.ok & bottom.ok & (bottom.units != 0)
    below = np.where(ok, bottom.units, 1)
    return Column(half_up(np.sign(below) * top.units * times, np.abs(below)), ok)


def portion(part: Column, whole_: Column) -> Column:
    """Share of a part that is not above its whole, in hundredths of a percent."""
    return ratio(Column(part.units, part.ok & (part.units <= whole_.units)), whole_, 10_000)


def less(left: Column, right: Column) -> Column:
    """Difference of two columns with the same decimals."""
    return Column(left.units - right.units, left.ok & right.ok)


def off(actual: Column, planned: Column) -> Column:
    """How far an actual number is off the planned one, in hundredths of a percent of it."""
    return ratio(less(actual, planned), planned, 10_000)


def kept(values: Column, rows: Any) -> Column:
    """The numbers of some rows; the others count as missing."""
    return Column(values.units, values.ok & rows)


def some(values: Column) -> Any:
    """Where an indicator applies because there is something, or because nobody knows."""
    return ~values.ok | (values.units > 0)


def sums(owner: Any, n: int, units: Any, rows: Any = None) -> Any:
    """Sum per subject of some rows; exact below 2^53."""
    if rows is not None:
        units = units * rows
    return np.bincount(owner, weights=units, minlength=n).astype(np.int64)


def every(owner: Any, n: int, holds: Any) -> Any:
    """Subjects that have rows and of whose rows none fails."""
    return (np.bincount(owner, minlength=n) > 0) & (np.bincount(owner, weights=~holds, minlength=n) == 0)


def largest(owner: Any, n: int, units: Any) -> Any:
    """Largest of each subject's rows, 0 where there is none above."""
    found = np.zeros(n, dtype=np.int64)
    np.maximum.at(found, owner, units)
    return found


def item(weight: int, units: Any, ok: Any, applies: Any = None, low: Any = 0, high: Any = None) -> Item:
    """An indicator's points where ``ok``; elsewhere between ``low`` and ``high`` (the full weight)."""
    applies = np.ones(len(units), dtype=bool) if applies is None else applies
    high = weight if high is None else high
    scored = np.where(ok & applies, units, UNSCORED)
    return Item(weight, scored, applies, np.where(ok, units, low), np.where(ok, units, high))


def exactly(weight: int, value: Column, applies: Any = None) -> Item:
    """Weight × value / 100 %, above 100 % weight × 100 % / value."""
    low, high = np.minimum(value.units, 10_000), np.maximum(value.units, 10_000)
    return item(weight, half_up(weight * np.maximum(low, 0), high), value.ok, applies)


def proportional(weight: int, value: Column, target: Column, applies: Any = None) -> Item:
    """Weight × value / target, full from the target on; without points where the target is not positive and not reached."""
    reached = value.units >= target.units
    points = half_up(weight * np.maximum(value.units, 0), np.where(target.units > 0, target.units, 1))
    ok = value.ok & target.ok & (reached | (target.units > 0))
    return item(weight, np.where(reached, weight, points), ok, applies)


def banded(
    weight: int, value: Column, bands: Sequence[tuple[int, int]], applies: Any = None, lower: bool = False
) -> Item:
    """Share of the weight by the first band the value reaches; ``bands`` are (limit in the value's units, percent)."""
    inside = [value.units <= at if lower else value.units >= at for at, _ in bands]
    return item(weight, np.select(inside, [half_up(weight * share, 100) for _, share in bands], 0), value.ok, applies)


def level(items: Sequence[Item]) -> tuple[Any, Any]:
    """Both ends of a level 1 after 折算 of what does not apply."""
    full = sum(x.weight for x in items)
    applicable = sum(x.weight * x.applies for x in items)
    below = np.where(applicable > 0, applicable, 1)
    low = half_up(sum(x.low * x.applies for x in items) * full, below)
    high = half_up(sum(x.high * x.applies for x in items) * full, below)
    return np.where(applicable > 0, low, 0), np.where(applicable > 0, high, full)


def result(levels: Mapping[str, Mapping[str, Item]], added: Any = 0) -> Hand:
    """All points, and the total's two ends with ``added`` points (bonus less deductions)."""
    ends = [level(list(items.values())) for items in levels.values()]
    points = {code: x.units for items in levels.values() for code, x in items.items()}
    return Hand(points, sum(low for low, _ in ends) + added, sum(high for _, high in ends) + added)


def placed(table: Mapping[str, Any], owner: Any, n: int, decimals: Mapping[str, int]) -> dict[str, Column]:
    """The columns of a sheet with at most one row a subject, one place a subject; two decimals unless said otherwise."""
    found = {}
    for name, values in table.items():
        if name != "subject":
            units, ok = column(values, decimals.get(name, 2))
            found[name] = Column(np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool))
            found[name].units[owner], found[name].ok[owner] = units, ok
    return found


def falling(weight: int, gap: Any, price: tuple[int, int], ok: Any, applies: Any = None) -> Item:
    """Weight less ``gap`` times the fraction ``price``, neither more than the weight nor less than nothing."""
    top, bottom = price
    left = np.maximum(weight * bottom - np.maximum(gap, 0) * top, 0)
    return item(weight, half_up(left, bottom), ok, applies)


def behind(
    weight: int,
    value: Column,
    standard: Column,
    bands: Sequence[tuple[int, int]],
    applies: Any = None,
    lower: bool = False,
) -> Item:
    """Full where not worse than the standard, else by the band of the deviation in hundredths of a percent of it."""
    gap = value.units - standard.units if lower else standard.units - value.units
    off = ratio(Column(gap, value.ok & standard.ok & (standard.units > 0)), standard, 10_000)
    return banded(weight, off, [(0, 100), *bands], applies, lower=True)


def elements(weight: int, flags: Sequence[Column]) -> Item:
    """Equal shares of what holds; while some are not judged, from what holds to what may."""
    count, known = len(flags), np.logical_and.reduce([f.ok for f in flags])
    points = half_up(weight * sum(f.units for f in flags), count)
    most = half_up(weight * sum(np.where(f.ok, f.units, 1) for f in flags), count)
    return item(weight, points, known, low=points, high=most)


def questionnaire(weight: int, survey: Mapping[str, Column], bands: Sequence[tuple[int, int]]) -> Item:
    """Satisfied among the valid answers, where the counts fit each other."""
    people, sample, valid, given = (survey[name] for name in ("population", "sample", "valid", "satisfied"))
    very, fairly = survey["very_satisfied"], survey["fairly_satisfied"]
    satisfied = np.where(given.ok, given.units, very.units + fairly.units)
    known = people.ok & sample.ok & valid.ok & (given.ok | (very.ok & fairly.ok))
    fits = (valid.units > 0) & (valid.units <= sample.units) & (sample.units <= people.units)
    return banded(weight, ratio(Column(satisfied, known & fits & (satisfied <= valid.units)), valid, 10_000), bands)


def benchmarked(rows: Mapping[str, Any], year: Any, items: Sequence[str], scope: str = "全国平均") -> dict[str, Column]:
    """The value of each item for each subject: the newest of the scope that is not after the subject's year."""
    found = {}
    for name in items:
        chosen = np.flatnonzero((rows["item"] == name) & (rows["scope"] == scope))
        chosen = chosen[np.argsort(rows["year"][chosen], kind="stable")]
        spot = np.searchsorted(rows["year"][chosen], np.where(np.isnan(year), -1, year), side="right") - 1
        found[name] = Column(column(rows["value"][chosen]).units[spot], spot >= 0)
    return found


def whole(n: int) -> Column:
    """100 % for everybody, in hundredths of a percent."""
    return Column(np.full(n, 10_000), np.ones(n, dtype=bool))


def summed(owner: Any, n: int, values: Column, rows: Any = None) -> Column:
    """Sum per subject of the chosen rows; missing where one of them is blank or there is none."""
    if rows is None:
        rows = np.ones(len(owner), dtype=bool)
    known = np.bincount(owner, weights=rows & ~values.ok, minlength=n) == 0
    there = np.bincount(owner, weights=rows, minlength=n) > 0
    return Column(sums(owner, n, values.units, rows), known & there)


def cases(owner: Any, n: int, kinds: Any, prices: Mapping[str, int]) -> Any:
    """Hundredths of points lost by the kinds of a subject's rows."""
    return sums(owner, n, np.select([kinds == kind for kind in prices], list(prices.values()), 0))
