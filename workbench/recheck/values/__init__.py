"""Text of a form as values: targets, actuals, amounts, rates, dates.

It runs one way: ``units`` → ``spelled`` (numbers in words) → ``quantities`` (numbers with sign and unit) → ``moments``,
``recurring``, ``claims`` (days, words) → ``targets`` → ``readings`` → ``actuals`` → ``typed`` (all rows of a form); ``amounts`` are single
cells. Nothing is guessed: what a text does not say stays None, and what was converted or contradicts itself is told.
"""

from __future__ import annotations

from workbench.recheck.values.actuals import Actual, Says, actual_of
from workbench.recheck.values.amounts import amount_of, number_of, percent_written, points_of, rate_of
from workbench.recheck.values.claims import Claim
from workbench.recheck.values.directions import Sign
from workbench.recheck.values.targets import Target, target_of
from workbench.recheck.values.typed import TypedRow, typed_rows

__all__ = [
    "Actual", "Claim", "Says", "Sign", "Target", "TypedRow", "actual_of", "amount_of", "number_of", "percent_written",
    "points_of", "rate_of", "target_of", "typed_rows",
]  # fmt: skip
