"""Inputs as columns a rule can compare: filled in, beside parameters in one unit, in percent, as yes or no.

Parameters are taken as they are written. A percentage that a rule forms itself (a deviation, a share of answers) is rounded
half-up to two decimals before it decides anything, because that is the number the sentence shows (docs/semantics.md §2).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from workbench.base.exact import SAFE, BoolArray, Exact, IntArray, aligned, divide, multiply, to_units
from workbench.scoring.kinds import Inputs, input_column

PERCENT_DECIMALS = 2
PERCENT = 100 * 10**PERCENT_DECIMALS


def column(inputs: Inputs, name: str) -> Exact:
    """The input called ``name``; all missing when the indicator has no such expression."""
    found = input_column(inputs, name)
    if found is not None:
        return found
    return Exact(np.zeros(len(inputs), dtype=np.int64), 0, np.zeros(len(inputs), dtype=bool))


def yes_no_rows(column: Exact | None, n: int) -> tuple[BoolArray, BoolArray]:
    """Rows that are exactly 1 (yes) and exactly 0 (no); missing or any other number is neither."""
    if column is None:
        return np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    yes = np.asarray(column.units == 10**column.decimals, dtype=bool)
    no = np.asarray(column.units == 0, dtype=bool)
    return column.valid & yes, column.valid & no


def beside(numbers: Exact, *others: Decimal) -> tuple[Any, ...]:
    """A column and parameters counted in one common unit, none of them rounded.

    The parameters come as Python integers; where they would not fit 64 bits the column comes as such too.
    """
    places = max(numbers.decimals, *(-int(x.as_tuple().exponent) for x in others))
    return roomy(numbers.rescale(places).units, *(to_units(x, places) for x in others))


def roomy(units: IntArray, *limits: int) -> tuple[Any, ...]:
    """``units`` and ``limits``, ready to be compared, added and clipped without leaving 64 bits."""
    return (units if all(abs(x) < SAFE for x in limits) else units.astype(object), *limits)


def scaled_up(number: Decimal, scale: int) -> int:
    """The smallest count of units (``scale`` of them to one) that is not below ``number``."""
    top, bottom = number.as_integer_ratio()
    return -(-top * scale // bottom)


def percentage(top: IntArray, bottom: IntArray) -> Exact:
    """``top / bottom`` in percent with two decimals, half-up; missing where the denominator is not positive."""
    positive = np.asarray(bottom > 0, dtype=bool)
    units = divide(multiply(np.where(positive, top, 0), PERCENT), np.where(positive, bottom, 1))
    return Exact(units, PERCENT_DECIMALS, positive)


def percent_of(top: Decimal, bottom: Decimal) -> Decimal | None:
    """One number's share of another as :func:`percentage` has it."""
    _, (above, below) = aligned(Exact.constant(top, 1), Exact.constant(bottom, 1))
    return percentage(above, below).number(0)
