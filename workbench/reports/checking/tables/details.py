"""Rows that only break down the row above them (“基本支出” above “人员经费” and “公用经费”), where nothing but the numbers says so."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from workbench.reports.checking.language.numbers import Number

_FEWEST = 2
"""Rows that together make the one above them; a single equal one is chance."""


_HUNDRED = 100
_TELLING = 10
"""A small whole number is that of some row by chance."""


def outer(values: Sequence[Decimal | None], total: Decimal) -> list[int] | None:
    """The rows that make the total when rows that break down another are left out; None where no reading makes it.

    Args:
        values: a column from top to bottom, without the total.
    """
    kept: list[int] = []
    n = 0
    while n < len(values):
        kept.append(n)
        n = _behind(values, n)
    found = sum((values[n] or Decimal(0) for n in kept), Decimal(0))
    return kept if len(kept) < len(values) and len(kept) > 1 and found == total else None


def left_out(values: Sequence[Decimal | None], total: Decimal) -> bool:
    """Whether rows behind one another make what the column is more than its total: they may be parts of another row."""
    excess = sum((v or Decimal(0) for v in values), Decimal(0)) - total
    by_chance = excess < _TELLING and excess == excess.to_integral_value()
    for n in range(1, len(values)) if excess > 0 and not by_chance else ():
        run = Decimal(0)
        for value in values[n:]:
            run += value or Decimal(0)
            if run == excess:
                return True
    return False


def levelled(stated: Number, exact: Fraction, shares: Sequence[Number]) -> bool:
    """Whether shares come to a hundred as printed and one is off by no more than their rounding: the 尾差 was put into it."""
    step = Fraction(1, 10**stated.places)
    balanced = sum((n.value for n in shares), Decimal(0)) == _HUNDRED
    return balanced and abs(Fraction(stated.value) - exact) <= step * len(shares)


def _behind(values: Sequence[Decimal | None], n: int) -> int:
    """The row after the details of row ``n``: the first rows behind it that add up to it, or simply the next."""
    whole = values[n]
    left = whole or Decimal(0)
    for m in range(n + 1, len(values)) if whole else ():
        left -= values[m] or Decimal(0)
        if left == 0 and m - n >= _FEWEST:
            return m + 1
        if left * (whole or 1) < 0:
            break
    return n + 1
