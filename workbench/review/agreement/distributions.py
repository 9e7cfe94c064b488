"""Tails of the F and chi-square distributions, on floats; scipy stays out of the installation."""

from __future__ import annotations

import math

_CLOSE = 1e-15
_TINY = 1e-300
_MOST_STEPS = 100_000


def chi2_tail(x: float, df: int) -> float:
    """P(X > x) of chi-square with ``df`` ≥ 1 (whole) degrees of freedom.

    Starts from df 1 (erfc) or 2 (exp) and climbs by Q(a+1, z) = Q(a, z) + z^a e^-z / Γ(a+1), in which every term is positive.
    """
    z = x / 2
    if z <= 0:
        return 1.0
    a = 0.5 if df % 2 else 1.0
    tail = math.erfc(math.sqrt(z)) if df % 2 else math.exp(-z)
    while a < df / 2:
        tail += math.exp(a * math.log(z) - z - math.lgamma(a + 1))
        a += 1
    return min(tail, 1.0)


def f_tail(f: float, df1: float, df2: float) -> float:
    """P(X > f) of the F distribution; degrees of freedom are positive and need not be whole."""
    if f <= 0:
        return 1.0
    return beta_share(df2 / (df2 + df1 * f), df2 / 2, df1 / 2)


def f_critical(tail: float, df1: float, df2: float) -> float:
    """The f with P(X > f) = ``tail``, 0 < tail < 1."""
    x = _inverse_beta_share(tail, df2 / 2, df1 / 2)
    return df2 * (1 - x) / (df1 * x)


def beta_share(x: float, a: float, b: float) -> float:
    """Regularised incomplete beta I_x(a, b), 0 ≤ x ≤ 1 (DLMF 8.17.22: continued fraction)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # the fraction is fast only below its mean
        return 1 - beta_share(1 - x, b, a)
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - _log_beta(a, b)) / a
    return min(front * _beta_fraction(x, a, b), 1.0)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _beta_fraction(x: float, a: float, b: float) -> float:
    """1/(1 + d1/(1 + d2/(1 + …))) by the modified Lentz method."""
    value, c, d = 1.0, math.inf, 1.0
    for step in range(1, _MOST_STEPS):
        m, odd = divmod(step, 2)
        numerator = -(a + m) * (a + b + m) if odd else m * (b - m)
        term = numerator * x / ((a + step - 1) * (a + step))
        d = 1 / ((1 + term * d) or _TINY)
        c = (1 + term / c) or _TINY
        value *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return value


def _inverse_beta_share(share: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = share: Newton's step where it stays inside the bracket, else its middle."""
    low, high, x = 0.0, 1.0, a / (a + b)
    log_beta = _log_beta(a, b)
    for _ in range(200):
        missing = beta_share(x, a, b) - share
        low, high = (low, x) if missing > 0 else (x, high)
        slope = math.exp((a - 1) * math.log(x) + (b - 1) * math.log1p(-x) - log_beta)
        step = x - missing / slope if slope > 0 else low
        nearer = step if low < step < high else (low + high) / 2
        if abs(nearer - x) <= 1e-14 * x:
            return nearer
        x = nearer
    return x
