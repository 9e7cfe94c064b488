"""Columns beside parameters, and percentages a rule forms itself; parameters are taken as they are written.

A percentage that a rule forms itself (a deviation, a share of answers) is rounded half-up to two decimals before it
decides anything, because that is the number the sentence shows (design.md §4, 2: the number shown is the number used).
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np

from workbench.base.exact import SAFE, Exact, IntArray, aligned, divide, multiply, to_units
from workbench.base.text import with_unit
from workbench.scoring.kinds import Inputs, input_column

PERCENT_DECIMALS = 2
PERCENT = 100 * 10**PERCENT_DECIMALS


def column(inputs: Inputs, name: str) -> Exact:
    """The input called ``name``; all missing when the indicator has no such expression."""
    found = input_column(inputs, name)
    if found is not None:
        return found
    return Exact(np.zeros(len(inputs), dtype=np.int64), 0, np.zeros(len(inputs), dtype=bool))


def beside(numbers: Exact, *others: Decimal) -> tuple[Any, ...]:
    """A column and parameters counted in one common unit, none of them rounded.

    The parameters come as Python integers; where they would not fit 64 bits the column comes as such too.
    """
    places = max(numbers.decimals, *(-int(x.as_tuple().exponent) for x in others))
    return roomy(numbers.rescale(places).units, *(to_units(x, places) for x in others))


def roomy(units: IntArray, *limits: int) -> tuple[Any, ...]:
    """``units`` and ``limits``, ready to be compared, added and clipped without leaving 64 bits."""
    return (units if all(abs(x) < SAFE for x in limits) else units.astype(object), *limits)


def percentage(top: IntArray, bottom: IntArray) -> Exact:
    """``top / bottom`` in percent with two decimals, half-up; missing where the denominator is not positive."""
    positive = np.asarray(bottom > 0, dtype=bool)
    units = divide(multiply(np.where(positive, top, 0), PERCENT), np.where(positive, bottom, 1))
    return Exact(units, PERCENT_DECIMALS, positive)


def percent_of(top: Decimal, bottom: Decimal) -> Decimal | None:
    """One number's share of another as :func:`percentage` has it."""
    _, (above, below) = aligned(Exact.constant(top, 1), Exact.constant(bottom, 1))
    return percentage(above, below).number(0)


def falling(marks: list[Decimal], shares: list[Decimal]) -> bool:
    """True when ``marks`` strictly rise while ``shares`` never do."""
    rising = all(a < b for a, b in pairwise(marks))
    return rising and all(a >= b for a, b in pairwise(shares))


def apart(number: Decimal, unit: str | None) -> str:
    """A distance between two values: percentages differ by 个百分点, everything else by its own unit."""
    return with_unit(number, "个百分点" if unit == "%" else unit)
