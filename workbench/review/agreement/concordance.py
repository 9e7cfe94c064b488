"""Kendall's coefficient of concordance W with the correction for ties (Kendall & Babington Smith 1939; Siegel & Castellan 1988)."""

from __future__ import annotations

import numpy as np

from workbench.review.agreement.distributions import chi2_tail
from workbench.review.agreement.icc import NO_EXPERTS, NO_ROWS, FloatArray
from workbench.review.agreement.model import Concordance, settled

ALL_TIED = "每位专家对各项给的得分率都一样,排不出先后"


def kendall(rates: FloatArray) -> Concordance:
    """W of ``rates``, shape (targets, raters), without gaps: do the experts put the targets in the same order?"""
    n, raters = rates.shape
    if n < 2 or raters < 2:
        return Concordance(why=NO_ROWS if n < 2 else NO_EXPERTS)
    ranked = [_ranks(rates[:, column]) for column in range(raters)]
    return concordance(np.sum([ranks for ranks, _ in ranked], axis=0), raters, sum(ties for _, ties in ranked))


def concordance(rank_sums: FloatArray, raters: int, ties: int) -> Concordance:
    """W from the rank sums of at least two targets; ``ties`` is Σ(t³ − t) over all groups of equal ranks of all raters.

    p is that of chi-square with n − 1 degrees of freedom, an approximation that is rough below eight targets.
    """
    n = len(rank_sums)
    s = float(((rank_sums - raters * (n + 1) / 2) ** 2).sum())
    full = raters**2 * (n**3 - n)
    possible = full - raters * ties
    if possible == 0:
        return Concordance(why=ALL_TIED, s=settled(s), ties=ties)
    w = 12 * s / possible
    chi2 = raters * (n - 1) * w
    return Concordance(
        value=settled(w),
        uncorrected=settled(12 * s / full),
        s=settled(s),
        ties=ties,
        chi2=settled(chi2),
        df=n - 1,
        p=settled(chi2_tail(chi2, n - 1)),
    )


def _ranks(rates: FloatArray) -> tuple[FloatArray, int]:
    """Ranks from 1, equal rates sharing the mean of theirs, and Σ(t³ − t) of the groups."""
    _, group, size = np.unique(rates, return_inverse=True, return_counts=True)
    shared = np.cumsum(size) - (size - 1) / 2
    return shared[group], int((size**3 - size).sum())
