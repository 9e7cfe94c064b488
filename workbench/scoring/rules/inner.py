"""A rule inside a composite: which kind, with which parameters, reading which of the indicator's inputs.

Not a rule of its own. The inner rule scores and explains exactly as it would alone, for a weight the composite gives it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

import numpy as np
from pydantic import Field, ValidationInfo, field_validator

from workbench.base.exact import Exact, IntArray, from_units, to_units
from workbench.base.models import Model
from workbench.base.text import suggest
from workbench.scheme.basis import Direction
from workbench.scoring.kinds import Case, Inputs, Points, RuleKind, Terms, input_column
from workbench.scoring.rules.simple import SIMPLE_KINDS


class InnerRule(Model):
    """A simple rule kind inside a composite; ``inputs`` maps its input names to the indicator's.

    ``direction``: the inner rule's own one, where it is not the indicator's.
    """

    kind: str
    params: dict[str, Any] = Field(default={}, validate_default=True)
    inputs: dict[str, str] = {}
    direction: Direction | None = None

    @field_validator("kind")
    @classmethod
    def _simple(cls, kind: str) -> str:
        if kind not in SIMPLE_KINDS:
            raise ValueError(f"“{kind}”不能作为内层计分规则。{suggest(kind, SIMPLE_KINDS)}")
        return kind

    @field_validator("params")
    @classmethod
    def _fitting(cls, params: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        kind = SIMPLE_KINDS.get(info.data.get("kind", ""))
        if kind is not None:
            kind.params.model_validate(params)
        return params

    @property
    def rule(self) -> RuleKind[Any]:
        """The inner kind."""
        return SIMPLE_KINDS[self.kind]

    def checked(self) -> Model:
        """The inner parameters as the inner kind's model."""
        checked: Model = self.rule.params.model_validate(self.params)
        return checked

    @property
    def judged(self) -> bool:
        """Whether the inner rule leaves room for judgement."""
        return self.rule.leaves_judgement(self.checked())

    def outer(self, name: str) -> str:
        """The indicator's input that the inner input ``name`` reads."""
        return self.inputs.get(name, name)

    def further(self, extra: Iterable[str], hidden: Collection[str]) -> list[str]:
        """Further inputs the inner rule sees, in their order: the indicator's without the ``hidden``, and the mapped."""
        names = [*(name for name in extra if name not in hidden), *self.inputs]
        return [name for name in dict.fromkeys(names) if name not in ("value", "target")]

    def view(self, inputs: Inputs, weight: int, hidden: Collection[str] = ()) -> Inputs:
        """The inputs as the inner rule sees them."""
        names = self.further(inputs.extra, hidden)
        extra = {name: found for name in names if (found := input_column(inputs, self.outer(name))) is not None}
        value, target = (input_column(inputs, self.outer(name)) for name in ("value", "target"))
        direction = self.direction or inputs.direction
        return Inputs(weight, inputs.decimals, direction, inputs.peers, value, target, extra)

    def score(self, inputs: Inputs, weight: int, hidden: Collection[str] = ()) -> Points:
        """Points of the inner rule for a weight of its own, its bounds filled in."""
        points = self.rule.score(self.view(inputs, weight, hidden), self.checked())
        low = np.zeros_like(points.units) if points.low is None else points.low
        high = np.full_like(points.units, weight) if points.high is None else points.high
        points.low = np.where(points.scored, points.units, low)
        points.high = np.where(points.scored, points.units, high)
        return points

    def explain(self, case: Case, weight: int, decimals: int, hidden: Collection[str] = ()) -> str:
        """The inner rule's own sentence, for one subject."""
        points = self.score(_one_row(case, decimals), weight, hidden)
        outer = self.outer("value")
        names = self.further(case.extra, hidden)
        inner = Case(
            name=case.name if outer == "value" else case.extra_titles.get(outer, case.name),
            weight=from_units(weight, decimals),
            points=from_units(points.units[0], decimals) if points.scored[0] else None,
            branch=self.rule.branch_name(int(points.branch[0])),
            direction=self.direction or case.direction,
            unit=case.unit if outer in ("value", "target") else case.extra_units.get(outer),
            value=number_of(case, outer),
            target=number_of(case, self.outer("target")),
            extra={name: number_of(case, self.outer(name)) for name in names},
            extra_titles={n: case.extra_titles[self.outer(n)] for n in names if self.outer(n) in case.extra_titles},
            extra_units={n: case.extra_units[self.outer(n)] for n in names if self.outer(n) in case.extra_units},
        )
        return self.rule.explain(inner, self.checked())

    def described(self, terms: Terms, weight: Decimal, hidden: Collection[str] = ()) -> str:
        """The inner rule in words, for a weight of its own: its kind's title, then what it gives."""
        reads = {n: self.outer(n) for n in ("value", "target", *self.further(terms.further, hidden))}
        inner = Terms(
            weight=weight,
            decimals=terms.decimals,
            direction=self.direction or terms.direction,
            titles={n: terms.titles[o] for n, o in reads.items() if o in terms.titles},
            units={n: terms.units[o] for n, o in reads.items() if o in terms.units},
            numbers={n: terms.numbers[o] for n, o in reads.items() if o in terms.numbers},
        )
        return f"{self.rule.title},{self.rule.described(inner, self.checked())}"


def number_of(case: Case, name: str) -> Decimal | None:
    """The case's number called ``name``: value, target or a further input."""
    return {"value": case.value, "target": case.target}.get(name, case.extra.get(name))


def _one_row(case: Case, decimals: int) -> Inputs:
    """The case's numbers as inputs of one row."""
    nothing = Exact(np.zeros(1, dtype=np.int64), 0, np.zeros(1, dtype=bool))
    extra = {name: nothing if x is None else Exact.constant(x, 1) for name, x in case.extra.items()}
    return Inputs(
        weight=to_units(case.weight, decimals),
        decimals=decimals,
        direction=case.direction,
        peers=np.zeros(1, dtype=bool),
        value=None if case.value is None else Exact.constant(case.value, 1),
        target=None if case.target is None else Exact.constant(case.target, 1),
        extra=extra,
    )


def points_decimals(case: Case) -> int:
    """Decimals of points: those of the points shown, at least those of the weight."""
    shown = [2 if case.points is None else -int(case.points.as_tuple().exponent)]
    return max(0, *shown, -int(case.weight.as_tuple().exponent))


def bounded(points: Points, low: IntArray, high: IntArray) -> Points:
    """``points`` with the bounds of the unscored set and everything else at its points."""
    points.units = np.where(points.scored, points.units, 0)
    points.low = np.where(points.scored, points.units, low)
    points.high = np.where(points.scored, points.units, high)
    return points


def bounds_of(points: Points) -> tuple[IntArray, IntArray]:
    """Bounds of an inner rule's points."""
    assert points.low is not None and points.high is not None  # InnerRule.score has filled them in
    return points.low, points.high
