"""Opinions as tables: shares of full points (得分率), so that a 2-point and a 10-point indicator can stand side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from workbench.review.agreement.alpha import DIFFERENCES, alpha
from workbench.review.agreement.concordance import kendall
from workbench.review.agreement.icc import FloatArray, icc
from workbench.review.agreement.model import Coefficients, Item, Rater, Ratings

Cell = tuple[Ratings, Item]
"""An indicator of a subject: one row of a table."""


@dataclass(frozen=True)
class Grid:
    """``rates`` in percent of full points, shape (rows, experts), NaN where an expert gave none."""

    experts: tuple[Rater, ...]
    rates: FloatArray

    @classmethod
    def of(cls, experts: Sequence[Rater], cells: Iterable[Cell]) -> Grid:
        """One row for each cell; indicators worth no points have no share and are left out, as are experts without opinions."""
        rows = [[_rate(ratings, item, expert) for expert in experts] for ratings, item in cells if item.weight > 0]
        rates = np.array(rows, dtype=float).reshape(len(rows), len(experts))
        present = ~np.isnan(rates).all(axis=0) if len(rows) else np.zeros(len(experts), dtype=bool)
        return cls(tuple(e for e, there in zip(experts, present, strict=True) if there), rates[:, present])

    def coefficients(self, name: str) -> Coefficients:
        """All coefficients of the table, not yet in words."""
        rows, columns = complete_block(~np.isnan(self.rates))
        block = self.rates[np.ix_(rows, columns)]
        return Coefficients(
            name=name,
            experts=len(self.experts),
            rows=int((~np.isnan(self.rates)).any(axis=1).sum()),
            compared=(len(rows), len(columns)),
            left_out=tuple(e.name for i, e in enumerate(self.experts) if i not in set(columns)) if columns else (),
            icc=icc(block),
            w=kendall(block),
            alpha={level: alpha(self.rates, difference) for level, difference in DIFFERENCES.items()},
        )


def complete_block(given: npt.NDArray[np.bool_]) -> tuple[list[int], list[int]]:
    """Rows and columns of a large table without gaps in ``given``, shape (rows, experts); empty when there is none of 2 × 2.

    From each expert on, the one who shares most rows joins next; the most cells win, then the most experts. Which opinions are
    there decides, never what they say.
    """
    best: tuple[int, int, list[int], list[int]] = (0, 0, [], [])
    for seed in range(given.shape[1]):
        columns, rows = [seed], given[:, seed]
        while len(columns) < given.shape[1]:
            shared = (given & rows[:, None]).sum(axis=0)
            shared[columns] = 0
            partner = int(shared.argmax())
            if shared[partner] < 2:
                break
            columns, rows = [*columns, partner], rows & given[:, partner]
            size = (int(rows.sum()) * len(columns), len(columns))
            if size > best[:2]:
                best = (*size, [int(i) for i in np.flatnonzero(rows)], sorted(columns))
    return best[2], best[3]


def _rate(ratings: Ratings, item: Item, expert: Rater) -> float:
    """Percent of full points as the nearest float: equal shares are equal floats, which ties in ranks depend on."""
    points = ratings.points.get((expert.id, item.code))
    return float("nan") if points is None else float(100 * Fraction(points) / Fraction(item.weight))
