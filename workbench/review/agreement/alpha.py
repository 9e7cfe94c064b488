"""Krippendorff's alpha (Krippendorff 2004, Content Analysis, ch. 11): agreement beyond chance; gaps in the table are allowed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from workbench.review.agreement.icc import ALL_EQUAL, NO_EXPERTS, NO_ROWS, FloatArray
from workbench.review.agreement.model import Coefficient, Measurement, settled

Difference = Callable[[FloatArray, FloatArray], FloatArray]
"""(distinct values ascending, how often each occurs) → squared difference of each pair, shape (values, values)."""


def alpha(rates: FloatArray, difference: Difference) -> Coefficient:
    """Alpha of ``rates``, shape (units, raters), NaN where a rater gave none: 1 full agreement, 0 chance, below 0 worse."""
    paired = rates[(~np.isnan(rates)).sum(axis=1) >= 2]
    if len(paired) < 2:  # of a single unit alpha is 0, whatever was said
        return Coefficient(why=NO_ROWS if rates.shape[0] < 2 or len(paired) else NO_EXPERTS)
    unit, rater = np.nonzero(~np.isnan(paired))
    values, which = np.unique(paired[unit, rater], return_inverse=True)
    counts = np.zeros((len(paired), len(values)))
    np.add.at(counts, (unit, which), 1)
    # A unit's pairs weigh 1/(its values - 1), so that every value weighs the same however many others it is compared with.
    weights = 1 / (counts.sum(axis=1) - 1)
    together = (counts * weights[:, None]).T @ counts - np.diag((counts * weights[:, None]).sum(axis=0))
    totals = counts.sum(axis=0)
    apart = difference(values, totals)
    expected = float((np.outer(totals, totals) * apart).sum())
    if expected == 0:
        return Coefficient(why=ALL_EQUAL)
    return Coefficient(settled(1 - (totals.sum() - 1) * float((together * apart).sum()) / expected))


def nominal(values: FloatArray, counts: FloatArray) -> FloatArray:
    """Equal or not."""
    return np.asarray(values[:, None] != values, dtype=float)


def ordinal(values: FloatArray, counts: FloatArray) -> FloatArray:
    """How many of all the values given lie between the two, their own groups by half."""
    middle = np.cumsum(counts) - counts / 2
    return np.asarray((middle[:, None] - middle) ** 2)


def interval(values: FloatArray, counts: FloatArray) -> FloatArray:
    """The distance of the two."""
    return np.asarray((values[:, None] - values) ** 2)


def ratio(values: FloatArray, counts: FloatArray) -> FloatArray:
    """The distance relative to the size; two zeros do not differ. Values are not negative."""
    sums = values[:, None] + values
    return np.asarray(((values[:, None] - values) / np.where(sums == 0, 1, sums)) ** 2)


DIFFERENCES: dict[Measurement, Difference] = {
    "nominal": nominal,
    "ordinal": ordinal,
    "interval": interval,
    "ratio": ratio,
}
