"""How far the points given to one indicator lie apart. Exact fractions, for it is said in points."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from workbench.base.exact import half_up_fraction
from workbench.review.agreement.model import Item, Spread
from workbench.review.agreement.thresholds import WIDE_RANGE

_PLACES = 2
"""Of statistics in points; they are never scores."""


def spread(item: Item, points: Sequence[Decimal]) -> Spread:
    """Statistics of the points that experts gave one indicator, without words."""
    numbers = sorted(Fraction(p) for p in points)
    known = Spread(item.code, item.name, item.weight, len(numbers))
    if not numbers:
        return known
    several = len(numbers) > 1
    iqr = _iqr(numbers) if several else None
    return Spread(
        item.code,
        item.name,
        item.weight,
        len(numbers),
        mean=half_up_fraction(statistics.mean(numbers), _PLACES),
        median=half_up_fraction(statistics.median(numbers), _PLACES),
        low=min(points),
        high=max(points),
        range=half_up_fraction(numbers[-1] - numbers[0], _PLACES),
        deviation=half_up_fraction(Fraction(statistics.stdev(numbers)), _PLACES) if several else None,
        iqr=None if iqr is None else half_up_fraction(iqr, _PLACES),
        iqr_share=half_up_fraction(100 * iqr / Fraction(item.weight), 1) if iqr is not None and item.weight else None,
        wide=several and item.weight > 0 and numbers[-1] - numbers[0] >= WIDE_RANGE * Fraction(item.weight),
    )


def _iqr(numbers: Sequence[Fraction]) -> Fraction:
    """Third minus first quartile of at least two ascending numbers, interpolated between neighbours (QUARTILE.INC)."""

    def at(quarter: int) -> Fraction:
        whole, rest = divmod(quarter * (len(numbers) - 1), 4)
        above = numbers[min(whole + 1, len(numbers) - 1)]
        return numbers[whole] + (above - numbers[whole]) * Fraction(rest, 4)

    return at(3) - at(1)
