"""Phrases that several rule kinds use: of the 评分说明 (what a subject got), and of the rule in words (what anybody would get)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from workbench.base.exact import from_units, half_up, to_units
from workbench.base.text import trimmed, with_unit
from workbench.scoring.kinds import Case, Terms
from workbench.scoring.rules.points import part

FULL = Decimal(100)
PARTIAL_STEPS = {
    "linear": "不足一步的按比例扣",
    "full_step": "不足一步的不扣",
    "begun_step": "不足一步的按一步扣",
}
"""What happens to a part of a step."""


def part_text(case: Case, percent: Decimal) -> str:
    """“得10×95%=9.50分”; all or nothing is said plainly."""
    if percent == FULL:
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


def full_text(terms: Terms) -> str:
    """“得满分10分”."""
    return f"得满分{terms.shown_weight}分"


def points_of(terms: Terms, percent: Decimal) -> str:
    """What ``percent`` of the weight is in points, rounded as scoring rounds it."""
    return trimmed(from_units(part(to_units(terms.weight, terms.decimals), percent), terms.decimals))


def share_text(terms: Terms, percent: Decimal) -> str:
    """“得80%即8分”; all or nothing is said plainly."""
    if percent == FULL:
        return full_text(terms)
    return "不得分" if percent == 0 else f"得{trimmed(percent)}%即{points_of(terms, percent)}分"


def ladder(
    terms: Terms,
    bands: Iterable[tuple[Decimal, Decimal]],
    otherwise: Decimal,
    unit: str,
    signs: tuple[str, str] = ("≥", "<"),
    before: Decimal | None = None,
) -> str:
    """“≥90%得满分10分,≥80%且<90%得80%即8分,<80%不得分”: each band with its points; smaller limits stand first in a band.

    Args:
        bands: limit and percent of the points, best first. otherwise: percent beyond the last.
        signs: of a value inside a limit, and outside it.
        before: the limit the first band stands outside of, if any.
    """
    inside, outside = signs
    texts, last = [], before
    for limit, share in bands:
        ends = [f"{inside}{trimmed(limit)}{unit}"] + ([] if last is None else [f"{outside}{trimmed(last)}{unit}"])
        texts.append(f"{'且'.join(ends if inside in '≥>' else ends[::-1])}{share_text(terms, share)}")
        last = limit
    rest = "" if last is None else f"{outside}{trimmed(last)}{unit}"
    return ",".join([*texts, f"{rest}{share_text(terms, otherwise)}"])


def left_text(terms: Terms, off: Decimal) -> str:
    """Points left when ``off`` are taken off; never below 0."""
    return trimmed(half_up(max(terms.weight - off, Decimal(0)), terms.decimals))


def limit_text(terms: Terms, limit: Decimal | None) -> str:
    """Where a deduction ends: “扣完为止”, “最多扣3分(至少得2分)”."""
    if limit is None:
        return "扣完为止"
    left = left_text(terms, limit)
    return f"最多扣{trimmed(limit)}分" + ("" if left == "0" else f"(至少得{left}分)")
