"""Net present value of dated flows as a function of ln(1+r): its sign, by floats where they can tell, else by decimals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

YEAR_DAYS = 365
NOTHING = Decimal("1e-25")
"""A net present value this small beside the flows is none: what touches zero is a root, too."""
ROUNDING = 2.0**-50
"""Eight times the relative error of one float operation."""

Flow = tuple[int, Decimal]
"""Days since the first flow, and the amount: negative paid in, positive received."""


def float_error(flows: int, years: Any, log_rate: Any) -> Any:
    """Most a float sum of discounted flows can be wrong, as a share of the sum of their sizes; numbers or arrays.

    A discount factor is wrong by a few roundings, of which those of its exponent count times the exponent; a sum by one
    more per summand. ``ROUNDING`` is many times what that comes to.
    """
    return ROUNDING * (flows + 16 * (1 + years + years * abs(log_rate)))


class Worth:
    """Net present value of flows in the order of their days. Decimals have the digits of the caller's context."""

    def __init__(self, flows: Sequence[Flow]) -> None:
        self.flows = flows
        self._amounts = [float(amount) for _, amount in flows]
        self._years = [day / YEAR_DAYS for day, _ in flows]

    def sign(self, log_rate: Decimal) -> int:
        """Sign at a rate; 0 when the value is nothing beside the flows."""
        worth, clear = self._measured(float(log_rate), 0)
        if abs(worth) > clear:
            return 1 if worth > 0 else -1
        return self._exact_sign(log_rate)

    def keeps_sign(self, low: Decimal, high: Decimal) -> bool:
        """Whether floats show that the value is nowhere zero between the two rates."""
        worth, clear = self._measured(float(low + high) / 2, float(high - low) / 2)
        return abs(worth) > clear

    def _measured(self, log_rate: float, reach: float) -> tuple[float, float]:
        """The value at a rate, and how far from it the value may lie at rates up to ``reach`` away."""
        longest = self._years[-1]
        try:
            terms = [a * math.exp(-log_rate * t) for a, t in zip(self._amounts, self._years, strict=True)]
            share = float_error(len(terms), longest, log_rate) + 2 * math.expm1(reach * longest)
        except OverflowError:
            return 0.0, math.inf
        return sum(terms), share * sum(map(abs, terms))

    def _exact_sign(self, log_rate: Decimal) -> int:
        factor = (-log_rate / YEAR_DAYS).exp()
        terms = [amount * factor**day for day, amount in self.flows]
        worth = sum(terms, Decimal(0))
        if abs(worth) <= NOTHING * sum((abs(term) for term in terms), Decimal(0)):
            return 0
        return 1 if worth > 0 else -1
