"""Points that follow from the value by a formula: proportional, bands, steps. Other points are typed into the sheet.

Spreadsheets count in binary floats. So all that is added, multiplied and compared here are whole numbers (points and values
counted in their last decimal), which floats hold exactly, and each formula rounds once, a quotient of two such numbers. With
a numerator below :data:`EXACT` a tie is a float itself, and what is no tie is further from one (1 part in 2 × 10¹³) than a
float, or a spreadsheet that looks at 15 digits, can be wrong. So ROUND gives the half-up points of scoring, digit for digit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, cast

import numpy as np

from workbench.base.exact import Exact, to_units
from workbench.reports.reading import PURE_NUMBER
from workbench.reports.scorebook.terms import Terms
from workbench.scheme.basis import Direction
from workbench.scheme.pack import Indicator
from workbench.scoring.kinds import Inputs, RuleKind
from workbench.scoring.result import IndicatorResult
from workbench.scoring.rules import banded, proportional, step_deduction
from workbench.scoring.rules.banded import BandedParams
from workbench.scoring.rules.proportional import ProportionalParams
from workbench.scoring.rules.step_deduction import StepDeductionParams

EXACT = 10**13
"""Numerators below it are divided and rounded by a spreadsheet exactly as by scoring."""
_LEAST_DECIMALS = 2
"""Decimals of a value of 绩效指标 nobody has filled in yet."""


@dataclass(frozen=True)
class Known:
    """What a rule reads of one indicator: ``weight`` in points units, ``places`` the decimals its value is rounded to.

    ``worded``: there is a target, but what stands in the result is its approved wording and not a number.
    """

    weight: int
    decimals: int
    direction: Direction
    places: int
    value: Decimal | None
    target: Decimal | None
    worded: bool

    @property
    def scale(self) -> int:
        """Points units of one point."""
        return int(10**self.decimals)


@dataclass(frozen=True)
class Live:
    """A rule as a formula.

    Attributes:
        points: from the cells of the value (counted in its last decimal) and of the full points (counted likewise) to the
            expression of the points, counted likewise.
        most: the largest size of a value, so counted, with which the formula is exact.
    """

    known: Known
    points: Callable[[str, str], str]
    most: int

    @property
    def largest(self) -> Decimal:
        """The largest value a reader may try."""
        return Decimal(self.most).scaleb(-self.known.places)


def live(indicator: IndicatorResult, terms: Terms) -> Live | None:
    """The indicator's points as a formula; None where they do not follow from its value alone, or not exactly.

    Taken only where scoring's own rule gives the computed points of the result from what the formula reads.
    """
    open_ = indicator.status == "unscored" and indicator.value is None
    if not open_ and indicator.status not in ("scored", "provisional"):
        return None
    known = _known(indicator, terms)
    found = list(_formulas(indicator, known, terms))
    if not found or len({f.points("v", "w") for f in found}) > 1:
        return None
    formula = found[0]
    size = 0 if known.value is None else abs(to_units(known.value, known.places))
    return formula if formula.most > size else None


def _known(indicator: IndicatorResult, terms: Terms) -> Known:
    value = None if indicator.value is None else Decimal(indicator.value)
    declared = terms.indicators.get(indicator.code)
    target = _target(indicator, declared)
    if value is not None:
        places = decimals_of(value)
    else:
        written = max(_LEAST_DECIMALS, 0 if target is None else decimals_of(target))
        places = written if declared is None else declared.decimals
    decimals = decimals_of(Decimal(indicator.weight))
    weight, direction = to_units(Decimal(indicator.weight), decimals), cast(Direction, indicator.direction)
    worded = indicator.target is not None and target is None
    return Known(weight, decimals, direction, places, value, target, worded)


def _target(indicator: IndicatorResult, declared: Indicator | None) -> Decimal | None:
    """The target's number: the one a pack declares beside its wording, else the one written out, sign and unit around it."""
    if declared is not None and declared.target_text is not None and declared.target_text == indicator.target:
        figure = declared.target or ""
    else:
        figure = (indicator.target or "").removesuffix(indicator.unit or "").lstrip("≥≤=")
    return Decimal(figure) if PURE_NUMBER.fullmatch(figure) else None


def decimals_of(number: Decimal) -> int:
    """Decimals a number is written with."""
    return max(0, -int(number.as_tuple().exponent))


def _formulas(indicator: IndicatorResult, known: Known, terms: Terms) -> Iterable[Live]:
    """One formula for each rule that may be the indicator's and gives its points."""
    for rule in terms.rules(indicator):
        kind, build = _KINDS.get(rule.kind, (None, None))
        if kind is None or build is None or indicator.rule != f"{kind.name}@{kind.version}":
            continue
        params = kind.params.model_validate(rule.params)
        formula = build(known, params)
        if formula is not None and (known.value is None or _gives(kind, known, params, indicator.computed)):
            yield formula


def _gives(kind: RuleKind[Any], known: Known, params: Any, computed: str | None) -> bool:
    """Whether the rule, from what is known here, gives the computed points."""

    def column(number: Decimal | None) -> Exact | None:
        return None if number is None else Exact.constant(number, 1)

    peers = np.zeros(1, dtype=bool)
    value, target = column(known.value), column(known.target)
    points = kind.score(Inputs(known.weight, known.decimals, known.direction, peers, value, target), params)
    expected = None if computed is None else to_units(Decimal(computed), known.decimals)
    return bool(points.scored[0]) and int(points.units[0]) == expected


# ---------------------------------------------------------------------------------------------------------------------
# proportional
# ---------------------------------------------------------------------------------------------------------------------


def _proportional(known: Known, params: ProportionalParams) -> Live | None:
    target, lower = known.target, known.direction == "lte"
    if target is None or target < 0 or (target == 0 and not lower):
        return None
    finer = 10 ** max(0, decimals_of(target) - known.places)
    line = to_units(target, max(known.places, decimals_of(target)))
    # Both without and with a threshold: (rate − a/b) / (1 − a/b), the rate being top / bottom.
    passed = Fraction(to_units(params.pass_at or Decimal(0), 4), 10**6)
    a, b = passed.numerator, passed.denominator

    def points(value: str, weight: str) -> str:
        v = _times(value, finer)
        top, bottom, reached = f"MAX({v},0)", f"{line}", f"{v}>={line}"
        if lower:
            top, bottom, reached = f"{line}", v, f"{v}<={line}"
        elif known.direction == "eq":
            top, bottom, reached = f"MAX(MIN({v},{line}),0)", f"MAX({v},{line})", f"{v}={line}"
        over = top if not a else f"MAX({_times(top, b)}-{_times(bottom, a)},0)"
        share = f"ROUND({weight}*{over}/{_below(bottom, b - a)},0)"
        return _overshot(params, known, v, line, weight, f"IF({reached},{weight},{share})")

    steps = [Fraction(to_units(s.over, 4), 10**6) for s in params.overshoot]
    largest = max(known.weight * b, 100 * 10**4 * known.weight if steps else 0, *(s.denominator for s in steps))
    return _bounded(known, points, finer, EXACT // max(largest, 1), line)


def _overshot(params: ProportionalParams, known: Known, v: str, line: int, weight: str, otherwise: str) -> str:
    """Completion far above the target costs a share of the points; the farthest step wins."""
    expression = otherwise
    for step in sorted(params.overshoot, key=lambda s: s.over) if known.direction == "gte" else ():
        over = Fraction(to_units(step.over, 4), 10**6) * line
        kept = Fraction(to_units(100 - step.share, 4), 10**6)
        less = f"ROUND({_times(weight, kept.numerator)}/{kept.denominator},0)"
        expression = f"IF({_times(v, over.denominator)}>{over.numerator},{less},{expression})"
    return expression


# ---------------------------------------------------------------------------------------------------------------------
# bands
# ---------------------------------------------------------------------------------------------------------------------


def _banded(known: Known, params: BandedParams) -> Live | None:
    higher, exclusive = params.better == "higher", params.exclusive
    sign = {(True, False): ">=", (True, True): ">", (False, False): "<=", (False, True): "<"}[higher, exclusive]
    # Between two values there is no whole number, so each limit moves to the next one on the side that keeps its meaning.
    whole = ceil if sign in (">=", "<") else floor

    def points(value: str, weight: str) -> str:
        expression = _part(weight, params.otherwise)
        for band in reversed(params.bands):
            limit = whole(Fraction(band.at) * 10**known.places)
            expression = f"IF({value}{sign}{limit},{_part(weight, band.share)},{expression})"
        return expression

    return _bounded(known, points, 1, EXACT, 0)


def _part(weight: str, percent: Decimal) -> str:
    share = Fraction(percent) / 100
    if share.denominator == 1:
        return weight if share else "0"
    return f"ROUND({_times(weight, share.numerator)}/{share.denominator},0)"


# ---------------------------------------------------------------------------------------------------------------------
# steps
# ---------------------------------------------------------------------------------------------------------------------


def _steps(known: Known, params: StepDeductionParams) -> Live | None:
    if known.worded and (params.threshold is None or params.relative):
        return None
    line = known.target if params.threshold is None else params.threshold
    base = line if known.target is None else known.target
    if line is None or base is None or (params.relative and base <= 0):
        return None
    places = max(known.places, decimals_of(line), decimals_of(base))
    finer, limit = 10 ** (places - known.places), to_units(line, places)
    size = Fraction(base) / 100 if params.relative else Fraction(1)
    # How many steps one unit of the gap is, and how many points units one step costs.
    per_unit = 1 / (size * Fraction(params.step) * 10**places)
    price = Fraction(params.per_step) * known.scale

    def points(value: str, weight: str) -> str:
        v = _times(value, finer)
        gap = {"lte": f"MAX({v}-{limit},0)", "eq": f"ABS({v}-{limit})", "two_sided": f"ABS({v}-{limit})"}.get(
            known.direction, f"MAX({limit}-{v},0)"
        )
        if params.partial == "linear":
            return _least(weight, gap, per_unit * price, params.max_deduction, known)
        turns = f"{_times(gap, per_unit.numerator)}/{per_unit.denominator}"
        count = f"INT({turns})" if params.partial == "full_step" else f"(-INT(-{turns}))"
        return _least(weight, count, price, params.max_deduction, known)

    whole = per_unit * price
    room = EXACT - known.weight * max(whole.denominator, price.denominator)
    return _bounded(known, points, finer, room // (2 * per_unit.numerator * price.numerator), limit)


def _least(weight: str, count: str, price: Fraction, most: Decimal | None, known: Known) -> str:
    """Full points less ``count × price`` points units, at most ``most`` points of them, rounded once."""
    top, below = price.numerator, price.denominator
    left = f"ROUND(MAX({_times(weight, below)}-{_times(count, top)},0)/{below},0)"
    if most is None:
        return left
    limit = Fraction(most) * known.scale
    kept = f"MAX({_times(weight, limit.denominator)}-{limit.numerator},0)"
    return f"MAX({left},ROUND({kept}/{limit.denominator},0))"


# ---------------------------------------------------------------------------------------------------------------------


def _bounded(known: Known, points: Callable[[str, str], str], finer: int, most: int, line: int) -> Live | None:
    """The formula where its constants are small enough; ``most`` and ``line`` in the units the formula counts the value in."""
    if line >= most or re.search(r"\d{14}", points("v", "w")):
        return None
    return Live(known, points, most // finer)


def _times(expression: str, factor: int) -> str:
    return expression if factor == 1 else f"{expression}*{factor}"


def _below(expression: str, factor: int) -> str:
    """What is divided by."""
    product = _times(expression, factor)
    return f"({product})" if "*" in product else product


_KINDS: dict[str, tuple[RuleKind[Any], Callable[[Known, Any], Live | None]]] = {
    "proportional": (proportional.KIND, _proportional),
    "banded": (banded.KIND, _banded),
    "step_deduction": (step_deduction.KIND, _steps),
}
"""Kinds whose points follow from value and target alone."""
