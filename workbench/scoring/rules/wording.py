"""Phrases of the 评分说明 that several rule kinds use."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from workbench.base.exact import from_units
from workbench.base.text import trimmed, with_unit
from workbench.scoring.kinds import Case


def part_text(case: Case, percent: Decimal) -> str:
    """“得10×95%=9.50分”; all or nothing is said plainly."""
    if percent == 100:
        return f"得满分{case.shown_weight}分"
    if percent == 0:
        return case.verb
    return f"得{case.shown_weight}×{trimmed(percent)}%={case.shown_points}分"


def deduction(case: Case) -> str:
    """“扣1.5分,得3.50分”: full points less what is left, so that the sentence adds up."""
    off = case.weight - (case.points if case.points is not None else case.weight)
    return f"扣{trimmed(off)}分,{case.verb}" if off else f"不扣分,{case.verb}"


def apart(number: Decimal, unit: str | None) -> str:
    """A distance between two values: percentages differ by 个百分点, everything else by its own unit."""
    return with_unit(number, "个百分点" if unit == "%" else unit)


def fraction_text(number: Fraction, places: int = 4) -> str:
    """A fraction as an evaluator writes it: half-up to ``places``, without trailing zeros; of any size."""
    scaled = abs(number) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return trimmed(from_units(units if number >= 0 else -units, places))
