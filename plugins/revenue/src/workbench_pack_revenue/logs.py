"""ln and exp to within a few units of the last digit of the decimal context, far faster than ``Decimal.ln`` and ``exp``.

A number is moved next to one of some hundred whose logarithm or exponential is known, computed once with guard digits. What
remains is so small that a short series gives it: additions and multiplications alone, the same digits on every machine.
"""

from __future__ import annotations

from decimal import Context, Decimal
from functools import cache
from math import factorial

_GUARDED = Context(prec=40)
"""Never the context of the process: what is computed here once serves every later caller."""
_LN_TEN = _GUARDED.ln(Decimal(10))
_TENTH, _THOUSANDTH = Decimal("0.1"), Decimal("0.001")
_ATANH = [_GUARDED.divide(Decimal(1), Decimal(2 * k + 1)) for k in reversed(range(10))]
"""atanh z = z·Σ z²ᵏ/(2k + 1); ten terms leave less than 10⁻³³ of a z below 0.024."""
_TAYLOR = [_GUARDED.divide(Decimal(1), Decimal(factorial(k))) for k in reversed(range(9))]
"""eʳ = Σ rᵏ/k!; nine terms leave less than 10⁻³⁴ of an r not above 0.0005."""


@cache
def _centre(tenths: int) -> tuple[Decimal, Decimal]:
    """The middle of a tenth between 1 and 10, which begins at ``tenths``, and its logarithm."""
    middle = _GUARDED.divide(Decimal(2 * tenths + 1), Decimal(20))
    return middle, _GUARDED.ln(middle)


@cache
def _exp_of(step: Decimal) -> Decimal:
    return _GUARDED.exp(step)


def ln(number: Decimal) -> Decimal:
    """Natural logarithm of a positive number."""
    exponent = number.adjusted()
    leading = number.scaleb(-exponent)
    middle, known = _centre(int(leading * 10))
    z = (leading - middle) / (leading + middle)
    square, series = z * z, _ATANH[0]
    for coefficient in _ATANH[1:]:
        series = series * square + coefficient
    return exponent * _LN_TEN + known + 2 * z * series


def exp(power: Decimal) -> Decimal:
    """e to a power of moderate size."""
    tenths = power.quantize(_TENTH)
    rest = power - tenths
    thousandths = rest.quantize(_THOUSANDTH)
    rest, series = rest - thousandths, _TAYLOR[0]
    for coefficient in _TAYLOR[1:]:
        series = series * rest + coefficient
    return _exp_of(tenths) * _exp_of(thousandths) * series
