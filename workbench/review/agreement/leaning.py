"""Experts who lean one way (系统性偏高或偏低): each against the median of the others, exactly, for it is said in points."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction

from workbench.base.exact import half_up_fraction
from workbench.review.agreement.model import Item, Outlier, Ratings
from workbench.review.agreement.thresholds import (
    OTHERS_NEEDED,
    OUTLYING_INDICATORS,
    OUTLYING_SAME_WAY,
    OUTLYING_SCATTER,
    OUTLYING_SHARE,
)

Differences = Mapping[tuple[str, str], Fraction]
"""(expert id, indicator code) → own points minus the median of the others'."""


def differences(ratings: Ratings) -> Differences:
    """Every opinion against the others on the same indicator; the median leaves its own expert out, and needs two others."""
    found: dict[tuple[str, str], Fraction] = {}
    for item in ratings.items:
        keys = [(e.id, item.code) for e in ratings.experts if (e.id, item.code) in ratings.points]
        if item.weight > 0 and len(keys) > OTHERS_NEEDED:
            ranked = sorted(keys, key=lambda key: ratings.points[key])
            numbers = [Fraction(ratings.points[key]) for key in ranked]
            found |= {key: numbers[i] - _median_without(numbers, i) for i, key in enumerate(ranked)}
    return found


def outliers(ratings: Ratings, apart: Differences, items: Sequence[Item], level1: str | None) -> list[Outlier]:
    """Experts whose differences over ``items`` add up to much, in one direction, and to more than the panel's usual scatter.

    ``thresholds.py`` says how much that is.
    """
    disputed = {code for (_, code), difference in apart.items() if difference}
    leanings = {e: _leaning(e.id, apart, items, disputed) for e in ratings.experts}
    leanings = {e: lean for e, lean in leanings.items() if lean.shares}
    found = []
    for expert, lean in leanings.items():
        others = [share for e, other in leanings.items() if e is not expert for share in other.disputed]
        if lean.is_system and lean.stands_out(others):
            points = half_up_fraction(lean.points, 2)
            found.append(Outlier(expert, level1, points, lean.differing, lean.same_way, len(leanings)))
    return found


@dataclass(frozen=True)
class _Leaning:
    """One expert's differences: summed in ``points``, out of ``full`` points; each as a share of its indicator's full points.

    ``disputed`` are the shares on indicators on which anybody differs: where all say 认可 there is no scatter to measure.
    """

    points: Fraction
    full: Fraction
    shares: tuple[Fraction, ...]
    disputed: tuple[Fraction, ...]

    @property
    def same_way(self) -> int:
        """Indicators that differ in the direction of the whole."""
        return sum(share * self.points > 0 for share in self.shares)

    @property
    def differing(self) -> int:
        """Indicators that differ at all."""
        return sum(share != 0 for share in self.shares)

    @property
    def is_system(self) -> bool:
        """Whether it is much, and one direction."""
        return (
            abs(self.points) >= OUTLYING_SHARE * self.full
            and self.same_way >= OUTLYING_INDICATORS
            and self.same_way >= OUTLYING_SAME_WAY * self.differing
        )

    def stands_out(self, others: Sequence[Fraction]) -> bool:
        """Whether the sum is more than chance would pile up from the others' usual difference: that grows with the root of n."""
        usual = statistics.median([abs(share) for share in others]) if others else Fraction(0)
        total = sum(self.disputed, Fraction(0))
        return total * self.points > 0 and total**2 >= (OUTLYING_SCATTER * usual) ** 2 * len(self.disputed)


def _leaning(expert: str, apart: Differences, items: Sequence[Item], disputed: Set[str]) -> _Leaning:
    compared = [(item, apart[expert, item.code]) for item in items if (expert, item.code) in apart]
    shares = [(item, difference / Fraction(item.weight)) for item, difference in compared]
    return _Leaning(
        points=sum((difference for _, difference in compared), Fraction(0)),
        full=sum((Fraction(item.weight) for item, _ in compared), Fraction(0)),
        shares=tuple(share for _, share in shares),
        disputed=tuple(share for item, share in shares if item.code in disputed),
    )


def _median_without(ascending: Sequence[Fraction], left_out: int) -> Fraction:
    """The median of all numbers but one, by its place in the ascending list."""
    rest = len(ascending) - 1
    low, high = (ascending[i if i < left_out else i + 1] for i in ((rest - 1) // 2, rest // 2))
    return (low + high) / 2
