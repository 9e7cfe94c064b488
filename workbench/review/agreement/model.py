"""What agreement is computed from, and what it says. Plain values; a coefficient that cannot be had says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Measurement = Literal["nominal", "ordinal", "interval", "ratio"]
"""What the numbers of Krippendorff's alpha mean (定类, 定序, 定距, 定比)."""
IccName = Literal["ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"]
"""Shrout & Fleiss 1979. McGraw & Wong 1996 call (2,·) “A” for absolute agreement and (3,·) “C” for consistency."""

FEW_EXPERTS = 5
"""Below this many experts everything is for reference only (仅供参考)."""


@dataclass(frozen=True)
class Rater:
    """An expert, as far as agreement is concerned."""

    id: str
    name: str


@dataclass(frozen=True)
class Item:
    """An indicator. ``judged``: its rule leaves room for judgement, so agreement on it is more than a nod to the arithmetic."""

    code: str
    name: str
    level1: str
    weight: Decimal
    judged: bool = True


@dataclass(frozen=True)
class Ratings:
    """The opinions that count on one subject: 认可 as the computed points, 调整 as the proposed ones; 不评 and 回避 are not here.

    ``points``: (expert id, indicator code) → points.
    """

    experts: tuple[Rater, ...]
    items: tuple[Item, ...]
    points: Mapping[tuple[str, str], Decimal]


@dataclass(frozen=True)
class Coefficient:
    """A coefficient, rounded to six decimals, or None and ``why`` in words."""

    value: float | None = None
    why: str | None = None


@dataclass(frozen=True)
class Icc(Coefficient):
    """An intraclass correlation with its F test (H0: 0) and 95 % confidence interval (low, high)."""

    f: float | None = None
    df: tuple[int, int] | None = None
    p: float | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Concordance(Coefficient):
    """Kendall's W; ``value`` is corrected for ties, ``uncorrected`` is not. ``ties`` is Σ(t³ − t), ``s`` the sum of squares."""

    uncorrected: float | None = None
    s: float | None = None
    ties: int | None = None
    chi2: float | None = None
    df: int | None = None
    p: float | None = None


@dataclass(frozen=True)
class Coefficients:
    """All coefficients of a group of indicators (or, for one indicator, of several subjects).

    ``experts`` gave at least one opinion; ICC and W need a table without gaps and rest on ``compared`` (rows, experts), for
    which the experts in ``left_out`` had judged too little. Alpha takes gaps and uses everything.
    """

    name: str
    experts: int
    rows: int
    compared: tuple[int, int]
    left_out: tuple[str, ...]
    icc: Mapping[IccName, Icc]
    w: Concordance
    alpha: Mapping[Measurement, Coefficient]
    text: str = ""

    @property
    def few(self) -> bool:
        """Whether these are for reference only."""
        return self.experts < FEW_EXPERTS or 0 < self.compared[1] < FEW_EXPERTS


@dataclass(frozen=True)
class Spread:
    """The points of one indicator: statistics rounded half-up to two decimals, ``low`` and ``high`` as given.

    ``deviation`` is the sample standard deviation, ``iqr`` the distance of the quartiles (interpolated as Excel's
    QUARTILE.INC) in points and ``iqr_share`` in percent of full points. None where there are no or too few points.
    """

    code: str
    name: str
    weight: Decimal
    n: int
    mean: Decimal | None = None
    median: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    range: Decimal | None = None
    deviation: Decimal | None = None
    iqr: Decimal | None = None
    iqr_share: Decimal | None = None
    wide: bool = False
    text: str = ""

    @property
    def few(self) -> bool:
        """Whether this is for reference only."""
        return self.n < FEW_EXPERTS


@dataclass(frozen=True)
class Outlier:
    """An expert who leans one way: ``points`` above (positive) or below the others over the indicators of ``level1``.

    ``level1`` is None for all indicators together. Of the ``differing`` indicators ``same_way`` differ in that direction;
    ``panel`` experts were compared.
    """

    expert: Rater
    level1: str | None
    points: Decimal
    differing: int
    same_way: int
    panel: int
    text: str = ""

    @property
    def few(self) -> bool:
        """Whether this is for reference only."""
        return self.panel < FEW_EXPERTS


@dataclass(frozen=True)
class Agreement:
    """Everything agreement says about one subject. It names experts: for the lead, never for a blind panel.

    ``judged`` holds only the indicators that leave room for judgement; None where that is all of them or none.
    """

    overall: Coefficients
    judged: Coefficients | None
    levels: tuple[Coefficients, ...]
    indicators: tuple[Spread, ...]
    outliers: tuple[Outlier, ...]
    headline: str = ""

    @property
    def wide(self) -> tuple[Spread, ...]:
        """Indicators on which the experts are far apart."""
        return tuple(s for s in self.indicators if s.wide)


@dataclass(frozen=True)
class Shift:
    """One indicator between two rounds, over the experts who gave points in both."""

    before: Spread
    after: Spread
    changed: int
    direction: Literal["narrower", "wider", "same"]
    text: str = ""


@dataclass(frozen=True)
class Convergence:
    """Two rounds of a Delphi panel compared. It names nobody, so experts may see it.

    ``opinions`` are those given in both rounds, ``changed`` of them with other points.
    """

    experts: int
    opinions: int
    changed: int
    w_before: Concordance
    w_after: Concordance
    shifts: tuple[Shift, ...] = field(default=())
    headline: str = ""

    @property
    def few(self) -> bool:
        """Whether this is for reference only."""
        return self.experts < FEW_EXPERTS


def settled(number: float) -> float:
    """Six decimals: machines whose sums differ in the last bit then say the same. Never a negative zero."""
    return round(float(number), 6) + 0.0
