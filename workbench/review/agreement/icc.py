"""Intraclass correlation: the six forms of Shrout & Fleiss 1979 with F tests and 95 % intervals (also McGraw & Wong 1996)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.review.agreement.distributions import f_critical, f_tail
from workbench.review.agreement.model import Icc, IccName, settled

FloatArray = npt.NDArray[np.float64]
Interval = tuple[float, float]

NO_ROWS = "可供比较的不足两项"
NO_EXPERTS = "可供比较的专家不足两位"
ALL_EQUAL = "所有得分率都相同,没有差异可供比较"
TOO_CLOSE = "各项平均得分率的差别太小(公式的分母不为正),算不出"

_TAIL = 0.025
"""Of a 95 % interval."""
_NOISE = 1e-20
"""A sum of squares below this share of the raw one is rounding: points have a few decimals, squares differ by 1e-9 or more."""
_ICC_NAMES: tuple[IccName, ...] = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")


@dataclass(frozen=True)
class _Squares:
    """Mean squares of the two-way table of n targets and k raters: between rows, within rows, between columns, residual."""

    n: int
    k: int
    rows: float
    within: float
    columns: float
    error: float


def icc(rates: FloatArray) -> dict[IccName, Icc]:
    """All six forms for ``rates``, shape (targets, raters), without gaps. A form that cannot be had says why.

    ICC(2,1) asks whether experts give the same points, ICC(3,k) whether the panel's mean orders the targets reliably.
    """
    why = NO_ROWS if rates.shape[0] < 2 else NO_EXPERTS if rates.shape[1] < 2 else None
    if why is not None:
        return dict.fromkeys(_ICC_NAMES, Icc(why=why))
    squares = _mean_squares(rates)
    if squares.within == 0 and squares.rows == 0:
        return dict.fromkeys(_ICC_NAMES, Icc(why=ALL_EQUAL))
    one, agreement, consistency = _one_way(squares), _agreement(squares), _consistency(squares)
    return dict(
        zip(_ICC_NAMES, (one[0], agreement[0], consistency[0], one[1], agreement[1], consistency[1]), strict=True)
    )


def _mean_squares(rates: FloatArray) -> _Squares:
    n, k = rates.shape
    noise = _NOISE * float((rates**2).sum())

    def squares(deviations: FloatArray, repeated: int = 1) -> float:
        total = float((deviations**2).sum()) * repeated
        return total if total > noise else 0.0

    grand, row, column = rates.mean(), rates.mean(axis=1), rates.mean(axis=0)
    rows, columns = squares(row - grand, k), squares(column - grand, n)
    within = squares(rates - row[:, None])
    error = squares(rates - row[:, None] - column[None, :] + grand)
    return _Squares(n, k, rows / (n - 1), within / (n * (k - 1)), columns / (k - 1), error / ((n - 1) * (k - 1)))


def _one_way(q: _Squares) -> tuple[Icc, Icc]:
    """(1,1) and (1,k): every target has other raters; rater and error cannot be told apart."""
    single = _ratio(q.rows - q.within, q.rows + (q.k - 1) * q.within, q)
    average = _ratio(q.rows - q.within, q.rows, q)
    return _forms(single, average, q.rows, q.within, (q.n - 1, q.n * (q.k - 1)), q.k)


def _consistency(q: _Squares) -> tuple[Icc, Icc]:
    """(3,1) and (3,k): these raters only; who is strict throughout does no harm."""
    single = _ratio(q.rows - q.error, q.rows + (q.k - 1) * q.error, q)
    average = _ratio(q.rows - q.error, q.rows, q)
    return _forms(single, average, q.rows, q.error, (q.n - 1, (q.n - 1) * (q.k - 1)), q.k)


def _agreement(q: _Squares) -> tuple[Icc, Icc]:
    """(2,1) and (2,k): raters stand for all such experts; being strict throughout counts as disagreement."""
    df = (q.n - 1, (q.n - 1) * (q.k - 1))
    single = _ratio(q.rows - q.error, q.rows + (q.k - 1) * q.error + q.k * (q.columns - q.error) / q.n, q)
    average = _ratio(q.rows - q.error, q.rows + (q.columns - q.error) / q.n, q)
    bounds = None if single is None or 0 in (q.rows, q.error) else _agreement_bounds(q, single)
    test = _test(q.rows, q.error, df)
    return _icc(single, bounds, test), _icc(average, _averaged(bounds, q.k), test)


def _agreement_bounds(q: _Squares, single: float) -> Interval:
    """Interval of (2,1), with Satterthwaite's degrees of freedom for the mix of columns and residual.

    The mix takes a negative estimate as 0, as the coefficient itself is: variances do not enter a mix negatively.
    """
    share = max(single, 0.0)
    a, b = q.k * share, q.n * (1 + (q.k - 1) * share) - q.k * share
    mixed = (a * q.columns) ** 2 / (q.k - 1) + (b * q.error) ** 2 / ((q.n - 1) * (q.k - 1))
    v = (a * q.columns + b * q.error) ** 2 / mixed
    upper, lower = f_critical(_TAIL, q.n - 1, v), f_critical(_TAIL, v, q.n - 1)
    noise = q.k * q.columns + (q.k * q.n - q.k - q.n) * q.error
    low = q.n * (q.rows - upper * q.error) / (upper * noise + q.n * q.rows)
    high = q.n * (lower * q.rows - q.error) / (noise + q.n * lower * q.rows)
    return low, high


def _forms(
    single: float | None, average: float | None, rows: float, noise: float, df: tuple[int, int], k: int
) -> tuple[Icc, Icc]:
    """The single and the average form of a model whose F is ``rows`` / ``noise``."""
    test = _test(rows, noise, df)
    if 0 in (rows, noise):  # F is 0 or infinite: both bounds would be the same number
        return _icc(single, None, test), _icc(average, None, test)
    f = rows / noise
    low, high = f / f_critical(_TAIL, *df), f * f_critical(_TAIL, df[1], df[0])
    singles = (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)
    return _icc(single, singles, test), _icc(average, _averaged(singles, k), test)


def _averaged(bounds: Interval | None, k: int) -> Interval | None:
    """Bounds of a single rater's coefficient as those of the mean of k (Spearman–Brown)."""
    if bounds is None or min(1 + (k - 1) * bound for bound in bounds) <= 0:
        return None
    low, high = (k * bound / (1 + (k - 1) * bound) for bound in bounds)
    return low, high


def _ratio(numerator: float, denominator: float, q: _Squares) -> float | None:
    """None where the denominator is not clearly positive: the quotient would be any number, even above 1."""
    return numerator / denominator if denominator > 1e-12 * (q.rows + q.columns + q.error) else None


@dataclass(frozen=True)
class _Test:
    f: float | None
    df: tuple[int, int]
    p: float | None


def _test(rows: float, noise: float, df: tuple[int, int]) -> _Test:
    if noise == 0:
        return _Test(None, df, None)
    f = rows / noise
    return _Test(settled(f), df, settled(f_tail(f, *df)))


def _icc(value: float | None, interval: Interval | None, test: _Test) -> Icc:
    if value is None:
        return Icc(None, TOO_CLOSE, test.f, test.df, test.p)
    bounds = None if interval is None else (settled(interval[0]), settled(interval[1]))
    return Icc(settled(value), None, test.f, test.df, test.p, bounds)
