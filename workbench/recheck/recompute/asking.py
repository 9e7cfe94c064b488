"""What is asked of a rule kind, in many lines at once, and what it answers.

All asks of one class, weight and direction are one call of the engine's rule kind (:mod:`workbench.scoring.kinds`), whatever
forms they come from: a thousand forms cost a few hundred calls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from workbench.base.errors import Place, Problem, RulesetError
from workbench.base.exact import Exact, from_units, to_units
from workbench.base.models import Model, validated
from workbench.base.text import suggest
from workbench.base.yamlio import YamlDocument
from workbench.scheme.basis import Direction
from workbench.scheme.ruleset import Ruleset
from workbench.scoring.kinds import Case, Inputs, Points, RuleKind


@dataclass(frozen=True, slots=True)
class Ask:
    """One value to be turned into points.

    Attributes:
        judged: class of the ruleset.
        weight: full points.
        name: what the value is called; unit: of value and target.
        value, target: None where the kind has to do without.
        band: number of a qualitative band, from 1, where only the band is known.
        shown: the value as the sentence has it, where that is rounded.
        completed: 1 for a project that is completed, 0 for one that is not (101号); None where nobody says.
    """

    judged: str
    direction: Direction
    weight: Decimal
    name: str
    unit: str = ""
    value: Decimal | None = None
    target: Decimal | None = None
    band: Decimal | None = None
    completed: Decimal | None = None
    shown: Decimal | None = None

    @property
    def extra(self) -> dict[str, Decimal]:
        """What a kind may be told besides."""
        return {name: value for name in _EXTRA if (value := getattr(self, name)) is not None}


_EXTRA = ("band", "completed")


@dataclass(frozen=True, slots=True)
class Answer:
    """Points between ``low`` and ``high``, equal where the rule gives one number, and the kind's own sentence."""

    low: Decimal
    high: Decimal
    sentence: str


@dataclass(frozen=True)
class Rule:
    """A class of the ruleset: its kind with checked parameters."""

    kind: RuleKind[Any]
    params: Model
    decimals: int

    @property
    def by_target(self) -> bool:
        """Whether the kind holds a value against a target itself."""
        return "target" in self.kind.needs


def rules_of(ruleset: Ruleset, kinds: Mapping[str, RuleKind[Any]]) -> dict[str, Rule]:
    """The rules of a ruleset by class.

    Raises:
        RulesetError: a class names a kind that is not installed, or its parameters do not fit the kind.
    """
    rules = {}
    for name, ref in ruleset.classes.items():
        key = f"ruleset.classes.{name}"
        kind = kinds.get(ref.kind)
        if kind is None:
            place = Place(file=ruleset.id, key=f"{key}.kind")
            fix = suggest(ref.kind, kinds)
            raise RulesetError(Problem("kind", f"没有名为“{ref.kind}”的计分规则", place, ref.kind, fix=fix))
        document = YamlDocument(None, ruleset.id)
        params: Model = validated(kind.params, ref.params, document, RulesetError, f"{key}.params")
        rules[name] = Rule(kind, params, ruleset.points_decimals)
    return rules


def answers(asks: Sequence[Ask], rules: Mapping[str, Rule]) -> list[Answer]:
    """One answer per ask, in order."""
    groups: dict[tuple[str, Direction, Decimal], list[int]] = defaultdict(list)
    for i, ask in enumerate(asks):
        groups[ask.judged, ask.direction, ask.weight].append(i)
    found: list[Answer | None] = [None] * len(asks)
    for (judged, direction, weight), spots in groups.items():
        rows = [asks[i] for i in spots]
        for i, answer in zip(spots, _group(rows, rules[judged], direction, weight), strict=True):
            found[i] = answer
    return [answer for answer in found if answer is not None]


def _group(asks: Sequence[Ask], rule: Rule, direction: Direction, weight: Decimal) -> list[Answer]:
    full = to_units(weight, rule.decimals)
    inputs = Inputs(
        weight=full,
        decimals=rule.decimals,
        direction=direction,
        peers=np.zeros(len(asks), dtype=bool),
        value=_column([a.value for a in asks]),
        target=_column([a.target for a in asks]),
        extra={
            name: _column([a.extra.get(name) for a in asks]) for name in _EXTRA if any(name in a.extra for a in asks)
        },
    )
    points = rule.kind.score(inputs, rule.params)
    return [_answer(ask, points, i, rule, full) for i, ask in enumerate(asks)]


def _column(numbers: Sequence[Decimal | None]) -> Exact:
    decimals = max((-int(n.as_tuple().exponent) for n in numbers if n is not None), default=0)
    return Exact.from_decimals(numbers, max(0, decimals))


def _answer(ask: Ask, points: Points, row: int, rule: Rule, full: int) -> Answer:
    scored = bool(points.scored[row])
    low, high = (int(points.units[row]),) * 2
    if not scored:
        low = 0 if points.low is None else int(points.low[row])
        high = full if points.high is None else int(points.high[row])
    least = _points(low, ask.weight, full, rule.decimals)
    most = least if low == high else _points(high, ask.weight, full, rule.decimals)
    case = Case(
        name=ask.name,
        weight=ask.weight,
        points=least if scored else None,
        branch=rule.kind.branch_name(int(points.branch[row])),
        direction=ask.direction,
        unit=ask.unit,
        value=ask.value if ask.shown is None else ask.shown,
        target=ask.target,
        extra=ask.extra,
    )
    return Answer(least, most, rule.kind.explain(case, rule.params))


def _points(units: int, weight: Decimal, full: int, decimals: int) -> Decimal:
    """Points; full points are the weight itself, which may have more decimals than points (50 ÷ 15)."""
    if units >= full:
        rounded = from_units(full, decimals)
        return rounded if rounded == weight else weight
    return min(from_units(units, decimals), weight)
