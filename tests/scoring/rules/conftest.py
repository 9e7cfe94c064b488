"""One way to run a rule kind in tests: rows in, outcomes out, and what must hold for every rule checked each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from workbench.base.exact import Exact, from_units, to_units
from workbench.scoring.kinds import Case, Inputs, Points, RuleKind

Row = Mapping[str, Any]
"""value, target and extra inputs of one subject; None or absent is missing."""


@dataclass(frozen=True)
class Outcome:
    """What a rule said about one subject; points None where unscored."""

    branch: str
    points: Decimal | None
    low: Decimal
    high: Decimal
    sentence: str


@dataclass(frozen=True)
class Bench:
    """A rule kind with parameters and the indicator around it."""

    kind: RuleKind[Any]
    params: Any
    weight: Decimal = Decimal(10)
    decimals: int = 2
    direction: Any = "gte"
    unit: str | None = "%"
    name: str = "指标"
    places: int = 2
    extras: tuple[str, ...] = ()

    def __call__(self, *rows: Row) -> list[Outcome]:
        """Outcomes of the rows scored together, after every general promise has been checked."""
        points, inputs = self._score(rows)
        outcomes = [self._outcome(points, inputs, i) for i in range(len(rows))]
        for row, outcome in zip(rows, outcomes, strict=True):
            self._check(outcome)
            alone, own = self._score([row])
            assert self._outcome(alone, own, 0) == outcome  # vectorised as one at a time
        return outcomes

    def one(self, **row: Any) -> Outcome:
        """The outcome of a single row."""
        return self(row)[0]

    def given(self, *rows: Row) -> list[str | None]:
        """Points as text, None where unscored."""
        return [None if o.points is None else str(o.points) for o in self(*rows)]

    def with_(self, **changes: Any) -> Bench:
        """The same rule with another weight, direction, …; ``params`` as a mapping is validated."""
        if isinstance(changes.get("params"), dict):
            changes["params"] = self.kind.params.model_validate(changes["params"])
        return replace(self, **changes)

    def _score(self, rows: Sequence[Row]) -> tuple[Points, Inputs]:
        extras = [n for n in dict.fromkeys(k for row in rows for k in row) if n not in ("value", "target")]
        inputs = Inputs(
            weight=to_units(self.weight, self.decimals),
            decimals=self.decimals,
            direction=self.direction,
            peers=np.zeros(len(rows), dtype=bool),
            value=self._column(rows, "value", self.places),
            target=self._column(rows, "target", 6),  # the scorecard's TARGET_DECIMALS
            extra={n: self._column(rows, n, 2) for n in dict.fromkeys([*self.extras, *extras])},
        )
        return self.kind.score(inputs, self.params), inputs

    @staticmethod
    def _column(rows: Sequence[Row], name: str, decimals: int) -> Exact:
        cells = [row.get(name) for row in rows]
        return Exact.from_decimals([None if c is None else Decimal(str(c)) for c in cells], decimals)

    def _outcome(self, points: Points, inputs: Inputs, i: int) -> Outcome:
        n = len(inputs)
        assert points.units.shape == points.branch.shape == points.scored.shape == (n,)
        assert points.units.dtype.kind in "iO"
        shown = from_units(points.units[i], self.decimals) if points.scored[i] else None
        branch = self.kind.branch_name(int(points.branch[i]))
        context = self.kind.context(inputs, self.params, i) if self.kind.context is not None else {}
        case = Case(
            name=self.name,
            weight=from_units(inputs.weight, self.decimals),
            points=shown,
            branch=branch,
            direction=self.direction,
            unit=self.unit,
            value=inputs.value.number(i) if inputs.value else None,
            target=inputs.target.number(i) if inputs.target else None,
            extra={name: column.number(i) for name, column in inputs.extra.items()} | dict(context),
        )
        low = 0 if points.low is None else points.low[i]
        high = inputs.weight if points.high is None else points.high[i]
        bounds = from_units(low, self.decimals), from_units(high, self.decimals)
        return Outcome(branch, shown, *bounds, self.kind.explain(case, self.params))

    def _check(self, outcome: Outcome) -> None:
        assert 0 <= outcome.low <= outcome.high <= self.weight
        assert self.name in outcome.sentence
        if outcome.points is None:
            assert "未评分" in outcome.sentence or "评议计分" in outcome.sentence or "无法" in outcome.sentence
            return
        assert 0 <= outcome.points <= self.weight
        full = f"得满分{self.weight.normalize():f}分"
        assert f"{outcome.points}分" in outcome.sentence or full in outcome.sentence or "不得分" in outcome.sentence


@pytest.fixture(scope="session")
def bench() -> Callable[..., Bench]:
    """``bench(KIND, {params}, weight="5", direction="lte", …)``."""

    def make(kind: RuleKind[Any], params: Mapping[str, Any] | None = None, **around: Any) -> Bench:
        if "weight" in around:
            around["weight"] = Decimal(str(around["weight"]))
        return Bench(kind, kind.params.model_validate(dict(params or {})), **around)

    return make


@pytest.fixture(scope="session")
def half_up() -> Callable[[Fraction], Decimal]:
    """An exact rational rounded by decimal's own ROUND_HALF_UP: the yardstick, independent of the engine's integers."""

    def rounded(number: Fraction, places: int = 2) -> Decimal:
        # Domain: the 80 digits kept are far more than any quotient of the tests needs to be told from a tie.
        with localcontext() as context:
            context.prec = 80
            exact = Decimal(number.numerator) / Decimal(number.denominator)
            return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)

    return rounded
