"""What the tests of the packs share: rows and results looked up, and the rules once more in exact fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Facts = dict[str, list[dict[str, Any]]]


def row_of(rows: Facts, table: str, subject: str, **values: Any) -> dict[str, Any]:
    """The one row of a table that belongs to a subject and has these values."""
    fits = [r for r in rows[table] if r["subject"] == subject and values.items() <= r.items()]
    assert len(fits) == 1
    return fits[0]


def judged(evaluation: Any, subject: str) -> tuple[dict[str, Any], set[str]]:
    """A subject's indicators by code, and the codes of its findings."""
    found = evaluation.subject(subject)
    return {i.code: i for i in found.indicators}, {f.code for f in found.findings}


def table_of(evaluation: Any, name: str, subject: str) -> list[dict[str, Any]]:
    """The rows of one analysis that belong to a subject, by column name."""
    found = next(a for a in evaluation.result().analyses if a.name == name)
    names = [c.name for c in found.columns]
    return [dict(zip(names, row[1:], strict=True)) for row in found.rows if row[0] == subject]


# ---------------------------------------------------------------------------------------------------------------------
# The rules once more, in fractions
# ---------------------------------------------------------------------------------------------------------------------


def half_up(number: Fraction) -> Fraction:
    """Two decimals, half away from zero."""
    scaled = abs(number) * 100
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(units if number >= 0 else -units, 100)


def exact(number: Any) -> Fraction:
    """A number of the facts file, text or not."""
    return Fraction(str(number))


def percent(top: Any, bottom: Any) -> Fraction:
    """A rate in percent as it is shown."""
    return half_up(exact(top) / exact(bottom) * 100)


def proportional(weight: int, value: Fraction) -> Fraction:
    """Points × value, no more than the points."""
    return half_up(weight * min(value, Fraction(100)) / 100)


def banded(weight: int, value: Fraction, bands: list[tuple[int, int]], lower: bool = False) -> Fraction:
    """The first band whose limit the value reaches; (limit, percent of the points)."""
    share = next((s for at, s in bands if (value <= at if lower else value >= at)), 0)
    return half_up(Fraction(weight * share, 100))


def compared(
    weight: int, value: Fraction, standard: Any, bands: list[tuple[int, int]], lower: bool = False
) -> Fraction:
    """Full points unless worse than the standard; then the share of the band the deviation falls into."""
    line = exact(standard)
    worse = half_up((value - line if lower else line - value) / line * 100)
    if worse <= 0:
        return Fraction(weight)
    return half_up(Fraction(weight * next((s for within, s in bands if worse <= within), 0), 100))


def satisfaction(rows: Facts, subject: str, weight: int) -> Fraction | None:
    """满意份数 ÷ 有效份数 in the bands of 财预〔2021〕101号 附件1 三(七)4; the first two answers are the satisfied ones."""
    survey = next((r for r in rows["survey"] if r["subject"] == subject), None)
    if survey is None:
        return None
    satisfied = survey.get("satisfied") or survey["very_satisfied"] + survey["fairly_satisfied"]
    return banded(weight, percent(satisfied, survey["valid"]), [(90, 100), (80, 80), (60, 50)])


def text(number: Fraction | None) -> str | None:
    """A number with two decimals, as the result writes it."""
    if number is None:
        return None
    units = number * 100
    assert units.denominator == 1
    whole, rest = divmod(abs(units.numerator), 100)
    return f"{'-' if units < 0 else ''}{whole}.{rest:02d}"


def rescaled(points: dict[str, Fraction | None], weights: dict[str, int], applicable: set[str]) -> Fraction:
    """The total: the points of each level 1 (first letter of the code) scaled up to its full weight."""
    total = Fraction(0)
    for level in sorted({code[0] for code in weights}):
        full = sum(w for c, w in weights.items() if c[0] == level)
        counted = sum(w for c, w in weights.items() if c[0] == level and c in applicable)
        reached = sum((points[c] or Fraction(0) for c in applicable if c[0] == level), Fraction(0))
        total += half_up(reached * full / counted) if counted != full else reached
    return total


def assert_expected(points: dict[str, Fraction | None], wanted: dict[str, Any], pack: Any) -> None:
    """Points in fractions are those of expected.yaml, and where there is a total, it is theirs after 折算."""
    assert {c: text(p) for c, p in points.items()} == {c: x["points"] for c, x in wanted["indicators"].items()}
    if wanted["total"] is not None:
        weights = {i.code: int(i.weight) for i in pack.indicators}
        applicable = {code for code, p in points.items() if p is not None}
        assert text(rescaled(points, weights, applicable)) == wanted["total"]
