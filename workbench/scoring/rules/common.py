"""What several rule kinds share: exact parts of the points, deductions, yes/no inputs, bounds of the unscored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from workbench.base.exact import SAFE, BoolArray, Exact, IntArray, divide, from_units, multiply, share_of
from workbench.base.text import trimmed
from workbench.scoring.kinds import Case, Inputs, Points, assemble


def part(weight: int, percent: Decimal) -> int:
    """``percent`` percent of the points, rounded half-up once."""
    top, bottom = percent.as_integer_ratio()
    return int(share_of(weight, top, 100 * bottom))


def scaled_up(number: Decimal, scale: int) -> int:
    """The smallest count of units (``scale`` of them to one) that is not below ``number``."""
    top, bottom = number.as_integer_ratio()
    return -(-top * scale // bottom)


def left_over(inputs: Inputs, top: IntArray, bottom: IntArray | int, limit: Decimal | None) -> IntArray:
    """Points left when ``top / bottom`` points are taken off, at most ``limit`` of them; never below 0.

    Only the result is rounded, half-up. The denominators must be positive.
    """
    below = np.asarray(bottom)
    kept = np.maximum(multiply(inputs.weight, below) - multiply(top, 10**inputs.decimals), 0)
    points = np.maximum(divide(kept, below), least_left(inputs, limit))
    return narrow(np.broadcast_to(points, (len(inputs),)))


def least_left(inputs: Inputs, limit: Decimal | None) -> int:
    """The lowest points a deduction of at most ``limit`` can leave."""
    if limit is None:
        return 0
    top, bottom = limit.as_integer_ratio()
    left = inputs.weight * bottom - top * 10**inputs.decimals
    return max(0, int(divide(np.asarray(left, dtype=object), bottom)))


def narrow(units: IntArray) -> IntArray:
    """Python integers as int64 where they fit."""
    if units.dtype != object or (units.size and max(abs(int(u)) for u in units) >= SAFE):
        return units
    return units.astype(np.int64)


def yes_no_rows(column: Exact | None, n: int) -> tuple[BoolArray, BoolArray]:
    """Rows that are exactly 1 (yes) and exactly 0 (no); missing or any other number is neither."""
    if column is None:
        return np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    yes = np.asarray(column.units == 10**column.decimals, dtype=bool)
    no = np.asarray(column.units == 0, dtype=bool)
    return column.valid & yes, column.valid & no


def assemble_open(
    inputs: Inputs,
    branches: Mapping[str, str],
    cases: list[tuple[str, BoolArray, int | IntArray]],
    unscored: tuple[str, ...],
) -> Points:
    """As :func:`assemble`, with the branches named in ``unscored`` left open between 0 and full points."""
    codes = [i for i, name in enumerate(branches) if name in unscored]
    return unscored_in(assemble(inputs, branches, cases), codes)


def unscored_in(points: Points, codes: Sequence[int]) -> Points:
    """``points`` with the branches ``codes`` left unscored, between 0 and full points."""
    for code in codes:
        points.scored &= points.branch != code
    points.units = points.units * points.scored
    return points


def bound(points: Points, rows: BoolArray, low: int | IntArray, high: int | IntArray, weight: int) -> None:
    """Narrow the bounds of the unscored among ``rows``; elsewhere they stay 0 and ``weight``."""
    chosen = rows & ~points.scored
    points.low = np.where(chosen, low, 0 if points.low is None else points.low)
    points.high = np.where(chosen, high, weight if points.high is None else points.high)


def deduction(case: Case) -> str:
    """“扣1.5分,得3.50分”: full points less what is left, so that the sentence adds up."""
    off = case.weight - (case.points if case.points is not None else case.weight)
    return f"扣{trimmed(off)}分,{case.verb}" if off else f"不扣分,{case.verb}"


def part_text(case: Case, percent: Decimal) -> str:
    """“得10×95%=9.50分”; all or nothing is said plainly."""
    if percent == 100:
        return f"得满分{case.shown_weight}分"
    if percent == 0:
        return case.verb
    return f"得{case.shown_weight}×{trimmed(percent)}%={case.shown_points}分"


def fraction_text(number: Fraction, places: int = 4) -> str:
    """A fraction as an evaluator writes it: half-up to ``places``, without trailing zeros; of any size."""
    scaled = abs(number) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return trimmed(from_units(units if number >= 0 else -units, places))
