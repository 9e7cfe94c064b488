"""The scoring rules once more, in exact fractions and without the engine, as the packs' documents word them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any


def rounded(number: Fraction) -> Fraction:
    """Half-up to two decimals, a tie away from zero."""
    scaled = abs(number) * 100
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(units if number >= 0 else -units, 100)


def rate(top: Any, bottom: Any) -> Fraction | None:
    return None if bottom == 0 else rounded(Fraction(top) / Fraction(bottom) * 100)


def share(weight: int, percent: Fraction | None, exact: bool = False) -> Fraction | None:
    """Points in proportion to a percentage; ``exact``: above 100 % in proportion to its inverse."""
    if percent is None:
        return None
    if exact and percent > 100:
        return rounded(weight * 100 / percent)
    return rounded(weight * min(percent, Fraction(100)) / 100)


def banded(weight: int, value: Fraction | None, bands: list[tuple[int, int]], lower: bool = False) -> Fraction | None:
    """(line, percent of the points), best first; ``lower``: a value not above the line reaches it."""
    if value is None:
        return None
    reached = (p for at, p in bands if (value <= at if lower else value >= at))
    return rounded(Fraction(weight * next(reached, 0), 100))


def two_sided(weight: int, off: Fraction, tolerance: int, step: int, per_step: Fraction) -> Fraction:
    over = max(abs(off) - tolerance, Fraction(0))
    return max(rounded(weight - over / step * per_step), Fraction(0))


def compared(weight: int, value: Fraction, standard: Fraction, bands: list[tuple[int, int]]) -> Fraction:
    if value <= standard:
        return Fraction(weight)
    over = rate(value - standard, standard) or Fraction(0)
    return rounded(Fraction(weight * next((p for within, p in bands if over <= within), 0), 100))


def exact(row: dict[str, Any]) -> dict[str, Any]:
    """Numbers of a row as fractions."""
    return {k: Fraction(str(v)) if isinstance(v, (int, float, Decimal)) else v for k, v in row.items()}


def text(number: Fraction | None) -> str | None:
    return None if number is None else f"{Decimal(int(number * 100)) / 100:.2f}"


def cells(evaluation: Any, name: str, subject: str) -> list[list[str | None]]:
    (found,) = [a for a in evaluation.result().analyses if a.name == name]
    return [row[1:] for row in found.rows if row[0] == subject]
