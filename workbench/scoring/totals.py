"""Totals of all subjects: level-1 sums, 折算 inside a level 1, base, bonus, deductions, total and the score's own grade.

Order and meaning: base total → bonus (capped) → deductions (floor) → total → bands. Every sum is an exact sum of the
points shown. An unscored indicator makes the total an interval and leaves the grade open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from workbench.base.exact import BoolArray, IntArray, divide, from_units, half_up, multiply, to_units
from workbench.base.text import plain
from workbench.scheme.scheme import Scheme
from workbench.scoring.result import LevelResult
from workbench.scoring.scorecard import IndicatorScores, Scorecard
from workbench.scoring.status import PROVISIONAL, UNSCORED

NO_GRADE = -1


@dataclass
class LevelTotals:
    """One level 1 over all subjects, arrays of shape (n,) in points units.

    Attributes:
        weight: full points after reallocation; applicable: points of the indicators that apply.
        low, high: sum of the indicators' points before 折算 (equal when all are scored).
        rescaled_low, rescaled_high: after 折算 to ``weight``; the same where nothing was inapplicable.
        open: subjects for which the level is wholly inapplicable and no document says where its points go.
    """

    name: str
    weight: IntArray
    applicable: IntArray
    low: IntArray
    high: IntArray
    rescaled_low: IntArray
    rescaled_high: IntArray
    open: BoolArray

    @property
    def rescaled(self) -> BoolArray:
        """Subjects whose level was 折算."""
        return np.asarray((self.applicable > 0) & (self.applicable != self.weight), dtype=bool)


@dataclass
class Totals:
    """Totals over all subjects, arrays of shape (n,) in points units; ``grade`` indexes the bands, −1 is none."""

    levels: list[LevelTotals]
    base_low: IntArray
    base_high: IntArray
    bonus: IntArray
    deducted: IntArray
    low: IntArray
    high: IntArray
    read: IntArray
    complete: BoolArray
    provisional: BoolArray
    grade: IntArray


def level_result(level: LevelTotals, row: int, decimals: int) -> LevelResult:
    """One level 1 of one subject as the result shows it."""
    weight, low, high = int(level.weight[row]), int(level.rescaled_low[row]), int(level.rescaled_high[row])
    settled = low == high and not level.open[row]
    rate = plain(half_up(Decimal(low * 100) / weight, 2)) if settled and weight else None
    return LevelResult(
        name=level.name,
        weight=plain(from_units(weight, decimals)),
        applicable=plain(from_units(level.applicable[row], decimals)),
        points=plain(from_units(low, decimals)) if settled else None,
        low=plain(from_units(low, decimals)),
        high=plain(from_units(high, decimals)),
        rate=rate,
    )


def total(card: Scorecard) -> Totals:
    """Add up a scorecard."""
    levels = [_level(card, name) for name in card.scheme.level1]
    _reallocate(card.scheme, levels)
    base_low, base_high = _sum([x.rescaled_low for x in levels]), _sum([x.rescaled_high for x in levels])
    bonus = _extras(card.bonus, len(card))
    cap = card.scheme.pack.bonus.cap
    if cap is not None:
        bonus = np.minimum(bonus, to_units(cap, card.decimals))
    deducted = _extras(card.deductions, len(card))
    low, high = _floored(card, base_low + bonus - deducted), _floored(card, base_high + bonus - deducted)
    complete = np.ones(len(card), dtype=bool)
    for column in card.indicators:
        complete &= column.status != UNSCORED
    for level in levels:
        complete &= ~level.open
    read = low if card.scheme.bands.reads == "base_plus_bonus" else _floored(card, base_low - deducted)
    return Totals(
        levels=levels,
        base_low=base_low,
        base_high=base_high,
        bonus=bonus,
        deducted=deducted,
        low=low,
        high=high,
        read=read,
        complete=complete,
        provisional=_provisional(card),
        grade=np.where(complete, grade_of(card.scheme, read, card.decimals), NO_GRADE),
    )


def _provisional(card: Scorecard) -> BoolArray:
    """Subjects with points that rest on unverified evidence, bonus and deductions that count included."""
    rows = np.zeros(len(card), dtype=bool)
    for column in card.indicators:
        rows |= column.status == PROVISIONAL
    for extra in (*card.bonus, *card.deductions):
        rows |= (extra.status == PROVISIONAL) & (extra.final != 0)
    return rows


def _floored(card: Scorecard, points: IntArray) -> IntArray:
    floor = card.scheme.pack.deductions.floor
    if floor is None or not card.deductions:
        return points
    return np.maximum(points, to_units(floor, card.decimals))


def grade_lines(scheme: Scheme, decimals: int) -> list[int]:
    """The lowest points of every band, best first, in points units."""
    return [_reached_from(band.lower, decimals) for band in scheme.bands.items]


def grade_of(scheme: Scheme, points: IntArray, decimals: int) -> IntArray:
    """Index of the band each score falls into (lower bound inclusive); the last band takes whatever lies below."""
    lines = grade_lines(scheme, decimals)
    grades = np.full(np.shape(points), len(lines) - 1, dtype=np.int64)
    for i in reversed(range(len(lines))):
        grades = np.where(points >= lines[i], i, grades)
    return grades


def _reached_from(line: Decimal, decimals: int) -> int:
    """The lowest points, in points units, that are not below the line (89.994 is not reached by 89.99)."""
    top, bottom = line.as_integer_ratio()
    return int(-(-top * 10**decimals // bottom))


def _sum(arrays: Sequence[IntArray]) -> IntArray:
    return np.asarray(sum(arrays[1:], arrays[0]))


def _extras(items: Sequence[IndicatorScores], n: int) -> IntArray:
    """Bonus or deduction points: only what evidence carries counts."""
    result: IntArray = np.zeros(n, dtype=np.int64)
    for item in items:
        limit = item.inputs.weight
        result = result + np.minimum(np.where(item.settled, item.final, 0), limit)
    return result


def _level(card: Scorecard, name: str) -> LevelTotals:
    columns = [c for c in card.indicators if getattr(c.ruled.item, "level1", None) == name]
    weight = sum(c.inputs.weight for c in columns)
    n = len(card)
    applicable: IntArray = np.zeros(n, dtype=np.int64)
    low: IntArray = np.zeros(n, dtype=np.int64)
    high: IntArray = np.zeros(n, dtype=np.int64)
    for column in columns:
        rows = column.applicable
        everyone = bool(rows.all())  # the usual case, and much the cheaper one
        applicable += column.inputs.weight if everyone else rows * np.int64(column.inputs.weight)
        low = _plus(low, column.low if everyone else column.low * rows)
        high = _plus(high, column.high if everyone else column.high * rows)
    level = LevelTotals(name, np.full(n, weight), applicable, low, high, low, high, np.zeros(n, dtype=bool))
    _rescale(level)
    return level


def _plus(total: IntArray, points: IntArray) -> IntArray:
    """The running total with ``points`` added, in place where both are machine integers."""
    return np.add(total, points, out=total) if points.dtype == total.dtype else total + points


def _rescale(level: LevelTotals) -> None:
    """折算: points × full / applicable, half-up, shown as its own line (35 × 25/29 = 30.17)."""
    rows = level.rescaled
    level.rescaled_low, level.rescaled_high = level.low, level.high
    level.open = np.asarray((level.applicable == 0) & (level.weight > 0), dtype=bool)
    if np.any(rows):
        below = np.where(level.applicable > 0, level.applicable, 1)
        level.rescaled_low = np.where(rows, divide(multiply(level.low, level.weight), below), level.low)
        level.rescaled_high = np.where(rows, divide(multiply(level.high, level.weight), below), level.high)
    if np.any(level.open):
        level.rescaled_low = np.where(level.open, 0, level.rescaled_low)
        level.rescaled_high = np.where(level.open, level.weight, level.rescaled_high)


def _reallocate(scheme: Scheme, levels: list[LevelTotals]) -> None:
    """Move the points of a wholly inapplicable level 1 to where the ruleset's document says (101号: 满意度 → 效益)."""
    by_name = {level.name: level for level in levels}
    for move in scheme.ruleset.reallocations:
        source, target = by_name.get(move.level1), by_name.get(move.to)
        if source is None or target is None or not np.any(source.open):
            continue
        rows = source.open & (target.applicable > 0)
        target.weight = np.where(rows, target.weight + source.weight, target.weight)
        source.weight = np.where(rows, 0, source.weight)
        _rescale(source)
        _rescale(target)
