"""Points a rule gives: exact parts of the weight, what deductions leave, cases with some branches left open, bounds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

import numpy as np

from workbench.base.exact import BoolArray, IntArray, divide, multiply, narrow, share_of
from workbench.scoring.kinds import Cases, Inputs, Points, assemble


def part(weight: int, percent: Decimal) -> int:
    """``percent`` percent of the points, rounded half-up once."""
    top, bottom = percent.as_integer_ratio()
    return int(share_of(weight, top, 100 * bottom))


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


def assemble_open(inputs: Inputs, branches: Mapping[str, str], cases: Cases, unscored: Collection[str]) -> Points:
    """As :func:`assemble`, with the branches named in ``unscored`` left open between 0 and full points."""
    points = assemble(inputs, branches, cases)
    for code, name in enumerate(branches):
        if name in unscored:
            points.scored &= points.branch != code
    points.units = points.units * points.scored
    return points


def bound(points: Points, rows: BoolArray, low: int | IntArray, high: int | IntArray, weight: int) -> None:
    """Narrow the bounds of the unscored among ``rows``; elsewhere they stay 0 and ``weight``."""
    chosen = rows & ~points.scored
    points.low = np.where(chosen, low, 0 if points.low is None else points.low)
    points.high = np.where(chosen, high, weight if points.high is None else points.high)
