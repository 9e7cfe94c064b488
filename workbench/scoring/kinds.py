"""What a rule kind is: a small pure function with typed parameters, vectorised, that can explain itself.

A released kind never changes its meaning. A correction is a new version, and every result names the version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeAlias, TypeVar

import numpy as np

from workbench.base.exact import BoolArray, Exact, IntArray, to_units
from workbench.base.models import Model
from workbench.base.text import plain, trimmed, with_unit
from workbench.scheme.basis import Direction

P = TypeVar("P", bound=Model)
CALLED = {"value": "完成值", "target": "目标值"}
"""The two inputs every indicator may have, as readers know them."""
Cases: TypeAlias = list[tuple[str, BoolArray, int | IntArray]]
"""(branch, rows of shape (n,), points: one number or an array of shape (n,))."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a rule sees, for all subjects at once.

    Attributes:
        weight: the indicator's points, in units of 10^-decimals.
        decimals: decimals of points.
        direction: gte, lte, eq, …
        value, target: the rounded measures; None when the indicator has no such expression.
        extra: further measures by name.
        peers: rows that only serve for comparison (参照).
    """

    weight: int
    decimals: int
    direction: Direction
    peers: BoolArray
    value: Exact | None = None
    target: Exact | None = None
    extra: Mapping[str, Exact] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.peers)

    def points(self, number: Decimal) -> int:
        """A points number of the parameters in points units."""
        return to_units(number, self.decimals)


@dataclass(slots=True)
class Points:
    """What a rule answers, for all subjects at once.

    Attributes:
        units: points in units of 10^-decimals; 0 where not scored.
        branch: index into the kind's ``branches``.
        scored: False where the rule cannot give points (input missing, case not covered).
        low, high: bounds of the points where not scored; None means 0 and the full weight.
    """

    units: IntArray
    branch: IntArray
    scored: BoolArray
    low: IntArray | None = None
    high: IntArray | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One subject's numbers, for the sentence that goes into the 评分说明 column."""

    name: str
    weight: Decimal
    points: Decimal | None
    branch: str
    direction: Direction
    unit: str | None = None
    value: Decimal | None = None
    target: Decimal | None = None
    extra: Mapping[str, Decimal | None] = field(default_factory=dict)
    extra_titles: Mapping[str, str] = field(default_factory=dict)
    extra_units: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def shown_value(self) -> str:
        """Value with unit, ``79.27%``; a dash when missing."""
        return "—" if self.value is None else with_unit(self.value, self.unit)

    @property
    def shown_target(self) -> str:
        """Target with unit; a dash when there is none."""
        return "—" if self.target is None else with_unit(self.target, self.unit)

    @property
    def shown_weight(self) -> str:
        """Full points without trailing zeros."""
        return trimmed(self.weight)

    @property
    def shown_points(self) -> str:
        """Points with the scheme's decimals, ``7.93``."""
        return "—" if self.points is None else plain(self.points)

    @property
    def verb(self) -> str:
        """“,得7.93分” — the close of most sentences."""
        return f"得{self.shown_points}分"


@dataclass(frozen=True, slots=True)
class Terms:
    """The indicator a rule is described for: what holds before any subject's value is looked at.

    Attributes:
        weight, decimals: full points, and the decimals that points are rounded to.
        titles: what the indicator's inputs are called, by name; an input it does not have is not among them.
        units: their units, by name.
        numbers: inputs whose number is fixed (a target of 90 %), by name; of the others only the title can be told.
    """

    weight: Decimal
    decimals: int
    direction: Direction
    titles: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str | None] = field(default_factory=dict)
    numbers: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def shown_weight(self) -> str:
        """Full points without trailing zeros."""
        return trimmed(self.weight)

    @property
    def further(self) -> list[str]:
        """Names of the inputs beside value and target."""
        return [name for name in self.titles if name not in CALLED]

    @property
    def unit(self) -> str:
        """The value's unit, empty when it has none."""
        return self.units.get("value") or ""

    def title(self, name: str, otherwise: str | None = None) -> str:
        """What an input is called; ``otherwise`` where the indicator has not named it."""
        return self.titles.get(name, otherwise or CALLED.get(name, name))

    def line(self, name: str, otherwise: str | None = None) -> str:
        """An input and its number where that is fixed: “目标值90%”, otherwise “目标值”."""
        number = self.numbers.get(name)
        shown = "" if number is None else with_unit(number, self.units.get(name))
        return f"{self.title(name, otherwise)}{shown}"


@dataclass(frozen=True)
class RuleKind(Generic[P]):
    """A rule kind: name, version, parameter model, branches and the two functions.

    ``branches`` maps a branch name to its Chinese meaning; their order is the branch code of bulk tables.
    ``needs`` names the inputs (``value``, ``target`` or extra names) without which a subject stays unscored.
    ``context(inputs, params, row)`` gives ``explain`` further numbers of one subject as ``Case.extra``: what the rule read
    off the other rows. ``judged(params)``: whether a person's judgement is part of the points, so that an expert may propose
    others; without it the rule reads facts, which are corrected instead (数据更正). ``describe(terms, params)``: the rule as it
    applies to one indicator, in one or two sentences: every band with its points, every step; the summary without it.
    """

    name: str
    version: str
    title: str
    summary: str
    params: type[P]
    branches: Mapping[str, str]
    score: Callable[[Inputs, P], Points]
    explain: Callable[[Case, P], str]
    needs: tuple[str, ...] = ("value",)
    sources: tuple[str, ...] = ()
    distribution: str = "workbench"
    context: Callable[[Inputs, P, int], Mapping[str, Decimal | None]] | None = None
    judged: Callable[[P], bool] | None = None
    describe: Callable[[Terms, P], str] | None = None

    def leaves_judgement(self, params: P) -> bool:
        """Whether the rule with these parameters leaves room for judgement."""
        return self.judged is not None and self.judged(params)

    def described(self, terms: Terms, params: P) -> str:
        """The rule in words for one indicator; what the kind does in general where it cannot say more."""
        return self.summary if self.describe is None else self.describe(terms, params)

    def code(self, branch: str) -> int:
        """Branch code of a branch name."""
        return list(self.branches).index(branch)

    def branch_name(self, code: int) -> str:
        """Branch name of a branch code."""
        return list(self.branches)[code]


def empty_points(n: int) -> Points:
    """All unscored, branch 0 (by convention every kind's first branch is ``unscored``)."""
    return Points(np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int8), np.zeros(n, dtype=bool))


def have(inputs: Inputs, *names: str) -> BoolArray:
    """Rows in which all the named inputs (value, target, extra names) are present."""
    present = np.ones(len(inputs), dtype=bool)
    for name in names:
        column = input_column(inputs, name)
        present &= column.valid if column is not None else False
    return present


def input_column(inputs: Inputs, name: str) -> Exact | None:
    """The input called ``name``: value, target or an extra measure."""
    if name == "value":
        return inputs.value
    if name == "target":
        return inputs.target
    return inputs.extra.get(name)


def assemble(inputs: Inputs, branches: Mapping[str, str], cases: Cases) -> Points:
    """Points from cases ``(branch, rows, points)``; the first case that covers a row wins.

    Points are an int for all rows, or an array of shape (n,). Rows no case covers stay unscored.
    """
    n, codes = len(inputs), list(branches)
    # Arithmetic on small integers instead of masks: numpy's masked choice is ten times slower on mixed rows.
    # An earlier case has the higher rank, and a row keeps the highest; 0 is no case at all.
    rank = np.zeros(n, dtype=np.int8)
    ranked = list(zip(range(len(cases), 0, -1), cases, strict=True))
    for own, (_, rows, _) in ranked:
        np.maximum(rank, np.asarray(rows, dtype=bool).view(np.int8) * np.int8(own), out=rank)
    spots = rank.astype(np.intp)
    fixed = np.array([0, *(points if np.ndim(points) == 0 else 0 for _, _, points in reversed(cases))])
    units: IntArray = fixed[spots]
    for own, (_, _, points) in ranked:
        if np.ndim(points):
            share = np.asarray(points) * (rank == own)
            units = np.add(units, share, out=units) if units.dtype == share.dtype else units + share
    branch = np.array([0, *(codes.index(name) for name, _, _ in reversed(cases))], dtype=np.int8)[spots]
    return Points(units, branch, rank > 0)
