"""Internal rate of return of dated cash flows: every root is found, none is chosen, and no float decides.

The rate r solves Σ aᵢ ÷ (1+r)^(dᵢ÷365) = 0, the convention of XIRR
(https://support.microsoft.com/zh-cn/excel/functions/xirr-function). pyxirr proposes the rate of an ordinary fund in
microseconds; decimals confirm it. Flows whose sign changes more than once may have several rates or none: then the roots
are isolated with Laguerre's extension of Descartes' rule, which bounds how many there are and so misses none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, localcontext
from functools import cache

from workbench.base.exact import half_up
from workbench_pack_government_investment_funds.worth import Flow, Worth

LOWEST, HIGHEST = Decimal("-99.99"), Decimal(10000)
"""Percent a year between which rates are looked for; beyond them a yearly rate says nothing about a fund."""
DECIMALS = 2
HALF_STEP = Decimal("0.005")
DIGITS = 40
STEPS: int = 100 * 10**DECIMALS
"""Steps of a rate in one."""
BISECTIONS = 60

UNIQUE, SEVERAL, NONE, ONE_SIGN, OUTSIDE = "唯一解", "多个解", "无解", "现金流不变号", "解超出范围"

Settled = Callable[[Decimal, Decimal], bool]
"""Whether two rates are near enough to each other for a root between them."""


@dataclass(frozen=True)
class Solution:
    """What the flows say about their rate. ``rate`` only when there is exactly one.

    Attributes:
        state: one of UNIQUE, SEVERAL, NONE, ONE_SIGN, OUTSIDE.
        roots: every rate between LOWEST and HIGHEST, percent a year, two decimals half-up, rising.
        sign_changes: how often the flows, netted by day, change their sign; no flows have more rates than this.
    """

    state: str
    roots: tuple[Decimal, ...]
    sign_changes: int

    @property
    def rate(self) -> Decimal | None:
        """The rate in percent, or None where there is none or more than one."""
        return self.roots[0] if self.state == UNIQUE else None


def solve(payments: Iterable[tuple[date, Decimal]]) -> Solution:
    """All internal rates of return of dated payments, in any order; those of one day are netted first."""
    by_day: dict[date, Decimal] = {}
    for day, amount in payments:
        by_day[day] = by_day.get(day, Decimal(0)) + amount
    days = sorted(day for day, amount in by_day.items() if amount)
    flows = [((day - days[0]).days, by_day[day]) for day in days]
    changes = len(_changes([amount for _, amount in flows]))
    if changes == 0:
        return Solution(ONE_SIGN, (), 0)
    with localcontext(Context(prec=DIGITS)):
        roots = _quick(days, flows) if changes == 1 else None
        if roots is None:
            found = _roots(Worth(flows), *_domain(), _rounded_alike)
            roots = tuple(_rounded(Worth(flows), log_rate) for log_rate in found)
        roots = tuple(abs(root) if root == 0 else root for root in roots)  # a negative zero is none
    if len(roots) == 1:
        return Solution(UNIQUE, roots, changes)
    # Flows that begin and end with different signs have a rate somewhere; it is not where rates are looked for.
    state = SEVERAL if roots else NONE if changes % 2 == 0 else OUTSIDE
    return Solution(state, roots, changes)


def _changes(amounts: Sequence[Decimal]) -> list[int]:
    """Positions after which the sign changes; no amount is zero."""
    return [i for i in range(len(amounts) - 1) if (amounts[i] > 0) != (amounts[i + 1] > 0)]


def _quick(days: Sequence[date], flows: Sequence[Flow]) -> tuple[Decimal, ...] | None:
    """The one rate of flows that change their sign once, proposed by pyxirr; None when decimals do not confirm it."""
    from pyxirr import xirr

    proposed = xirr(list(days), [float(amount) for _, amount in flows], silent=True)
    if proposed is None or not LOWEST < Decimal(proposed) * 100 < HIGHEST:
        return None
    rate = _confirmed(Worth(flows), Decimal(proposed) * 100)
    return None if rate is None else (rate,)


def _confirmed(worth: Worth, guess: Decimal) -> Decimal | None:
    """The two-decimal rate whose rounding neighbours lie on both sides of a root; None when there is none at the guess."""
    near = half_up(guess, DECIMALS)
    for candidate in (near, near - 2 * HALF_STEP, near + 2 * HALF_STEP):
        ends = candidate - HALF_STEP, candidate + HALF_STEP
        if ends[0] <= LOWEST:
            continue
        signs = [worth.sign(_log(end)) for end in ends]
        for end, sign in zip(ends, signs, strict=True):
            if sign == 0:  # exactly a tie
                return half_up(end, DECIMALS)
        if signs[0] != signs[1]:
            return candidate
    return None


def _rounded(worth: Worth, log_rate: Decimal) -> Decimal:
    rate = (log_rate.exp() - 1) * 100
    # Two roots between the same rounding neighbours leave no change of sign there; the rate is right to 15 digits anyway.
    confirmed = _confirmed(worth, rate)
    return half_up(rate, DECIMALS) if confirmed is None else confirmed


def _log(percent: Decimal) -> Decimal:
    return (1 + percent / 100).ln()


@cache
def _domain() -> tuple[Decimal, Decimal]:
    return _log(LOWEST), _log(HIGHEST)


def _rounded_alike(low: Decimal, high: Decimal) -> bool:
    """Whether every rate between the two rounds to the same step, as far as floats can tell."""
    below, above = math.expm1(low) * STEPS, math.expm1(high) * STEPS
    step = round(below)
    return round(above) == step and max(abs(below - step), abs(above - step)) < 0.499


def _roots(worth: Worth, low: Decimal, high: Decimal, settled: Settled) -> list[Decimal]:
    """ln(1+r) of every root between the ends, rising, each as near as ``settled`` asks for.

    With n changes of sign there are at most n roots. Between two of them lies a root of Σ aᵢ(dᵢ−τ)q^dᵢ; with τ between two
    flows of different sign that sum has one change of sign less, so the search ends after n steps. Where exactly such a
    turn lies does not matter as long as the flows themselves have no root near it.
    """
    flows = worth.flows
    changes = _changes([amount for _, amount in flows])
    if not changes:
        return []
    first = changes[0]
    middle = Decimal(flows[first][0] + flows[first + 1][0]) / 2
    turns = _roots(Worth([(day, amount * (day - middle)) for day, amount in flows]), low, high, worth.keeps_sign)
    edges = [low, *turns, high]
    signs = [worth.sign(edge) for edge in edges]
    found = [edge for edge, sign in zip(turns, signs[1:-1], strict=True) if sign == 0]
    for left, right, before, after in zip(edges, edges[1:], signs, signs[1:], strict=False):
        if before * after < 0:
            found.append(_bisected(worth, left, right, before, settled))
    return sorted(found)


def _bisected(worth: Worth, low: Decimal, high: Decimal, at_low: int, settled: Settled) -> Decimal:
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        here = worth.sign(middle)
        if here == 0:
            return middle
        low, high = (middle, high) if here == at_low else (low, middle)
        if settled(low, high):
            break
    return (low + high) / 2
