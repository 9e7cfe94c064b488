"""Points by the place among the others: range normalisation and rank tiers. Rows marked 参照 count as others.

Range: 财预〔2014〕45号 地方财政管理绩效综合评价 scores several items by the distance to the extreme divided by the range
between provinces, times the points. Rank: a county notice (www.hnqianrun.com/news/hyxw/752.html) gives 5 points to places
1–5, takes off 0.5 for 6–10 and 1 from 11 on, and gives nothing for a share of 0.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from pydantic import Field, model_validator

from workbench.base.exact import Exact, IntArray, share_of
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed, with_unit
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, have
from workbench.scoring.rules.columns import beside, column
from workbench.scoring.rules.points import assemble_open, left_over
from workbench.scoring.rules.wording import deduction, part_text

OPEN = ("unscored", "no_range")

# ---------------------------------------------------------------------------------------------------------------------
# range_normalised
# ---------------------------------------------------------------------------------------------------------------------


class RangeParams(Model):
    """``minimum``, ``maximum``: published extremes; left out, the extreme of all rows with a value is taken."""

    minimum: DecimalText | None = None
    maximum: DecimalText | None = None

    @model_validator(mode="after")
    def _apart(self) -> RangeParams:
        if self.minimum is not None and self.maximum is not None and self.minimum >= self.maximum:
            raise ValueError("最小值(minimum)须小于最大值(maximum)")
        return self


RANGE_BRANCHES = {
    "unscored": "缺完成值,未评分",
    "best": "达到最优值,得满分",
    "worst": "为最差值,不得分",
    "share": "按在最差值与最优值之间的位置得分",
    "no_range": "没有可比较的极差,未评分",
}


def extremes(inputs: Inputs, params: RangeParams) -> tuple[Decimal, Decimal] | None:
    """Lowest and highest value that points are measured between; None when there is no range."""
    value = column(inputs, "value")
    known = value.take(np.flatnonzero(value.valid))
    if (params.minimum is None or params.maximum is None) and len(known) < 2:
        return None
    low, high = params.minimum, params.maximum
    low = known.number(int(np.argmin(known.units))) if low is None else low
    high = known.number(int(np.argmax(known.units))) if high is None else high
    return (low, high) if low is not None and high is not None and low < high else None


def score_range(inputs: Inputs, params: RangeParams) -> Points:
    """Points times the distance to the worst value over the range."""
    present = have(inputs, "value")
    value, ends = column(inputs, "value"), extremes(inputs, params)
    cases: Cases = [("unscored", ~present, 0)]
    if ends is None:
        cases.append(("no_range", present, 0))
    else:
        top, width = _position(value, ends, inputs.direction == "lte")
        cases += [
            ("best", np.asarray(top >= width, dtype=bool), inputs.weight),
            ("worst", np.asarray(top <= 0, dtype=bool), 0),
            ("share", present, share_of(inputs.weight, np.clip(top, 0, width), width)),
        ]
    return assemble_open(inputs, RANGE_BRANCHES, cases, OPEN)


def _position(value: Exact, ends: tuple[Decimal, Decimal], lower_is_better: bool) -> tuple[IntArray, int]:
    """Distance to the worst value and the range, in one unit."""
    units, low, high = beside(value, *ends)
    return (high - units if lower_is_better else units - low), high - low


def explain_range(case: Case, params: RangeParams) -> str:
    """The remark; extremes are named when published or handed in as ``extra`` ``minimum`` and ``maximum``."""
    if case.value is None or case.branch == "unscored":
        return f"{case.name}未提供完成值,未评分"
    start = f"{case.name}{case.shown_value}"
    if case.branch == "no_range":
        return f"{start},没有可供比较的其他对象或各对象完成值相同,无法计算极差,未评分"
    low = params.minimum if params.minimum is not None else case.extra.get("minimum")
    high = params.maximum if params.maximum is not None else case.extra.get("maximum")
    known = low is not None and high is not None
    if low is not None and high is not None:
        start += f",比较范围{with_unit(low, case.unit)}~{with_unit(high, case.unit)}"
    if case.branch == "best":
        return f"{start},达到各比较对象的最优值,{part_text(case, Decimal(100))}"
    if case.branch == "worst":
        return f"{start},为各比较对象的最差值,{part_text(case, Decimal(0))}"
    if not known or low is None or high is None:
        return f"{start},按与各比较对象最差值的距离占极差的比例,{case.verb}"
    far, near = (high, case.value) if case.direction == "lte" else (case.value, low)
    formula = f"({trimmed(far)}−{_bracketed(near)})÷({trimmed(high)}−{_bracketed(low)})"
    return f"{start},得{case.shown_weight}×{formula}={case.shown_points}分"


def _bracketed(number: Decimal) -> str:
    return f"({trimmed(number)})" if number < 0 else trimmed(number)


RANGE_NORMALISED = RuleKind(
    name="range_normalised",
    version="1.0.0",
    title="极差标准化",
    summary="按完成值与最差值的距离占各比较对象极差的比例得分,参照对象一并参与比较。",
    params=RangeParams,
    branches=RANGE_BRANCHES,
    score=score_range,
    explain=explain_range,
    sources=("财预〔2014〕45号",),
)

# ---------------------------------------------------------------------------------------------------------------------
# rank_tiers
# ---------------------------------------------------------------------------------------------------------------------


class RankTier(Model):
    """Places down to ``upto`` (included) lose ``deduct`` points."""

    upto: int = Field(ge=1)
    deduct: DecimalText = Field(ge=0)


class RankParams(Model):
    """``tiers`` from the best places down; later places lose ``otherwise_deduct`` points.

    ``zero_value_gets_zero``: a value of zero (or below) gets nothing, whatever its place.
    """

    tiers: list[RankTier] = Field(min_length=1)
    otherwise_deduct: DecimalText = Field(ge=0)
    zero_value_gets_zero: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> RankParams:
        places = [t.upto for t in self.tiers]
        deducted = [*(t.deduct for t in self.tiers), self.otherwise_deduct]
        if places != sorted(set(places)) or deducted != sorted(deducted):
            raise ValueError("名次档次须由前到后排列且不重复,扣分不得随名次靠后而减少")
        return self


RANK_BRANCHES = {
    "unscored": "缺完成值,未评分",
    "tier": "按名次所在档次得分",
    "otherwise": "名次在各档之后",
    "zero": "完成值为零,不得分",
    "no_range": "没有可比较的其他对象,未评分",
}


def ranks(inputs: Inputs) -> IntArray:
    """Place of every row among all rows with a value, 1 is best, ties share the better place; 0 where missing."""
    value = column(inputs, "value")
    sign = 1 if inputs.direction == "lte" else -1
    ordered = np.sort(sign * value.units[value.valid])
    places = np.searchsorted(ordered, sign * value.units, side="left") + 1
    return np.where(value.valid, places, 0)


def score_rank(inputs: Inputs, params: RankParams) -> Points:
    """Full points less what the place costs."""
    present = have(inputs, "value")
    place = ranks(inputs)
    zero = column(inputs, "value").units <= 0
    cases: Cases = [("unscored", ~present, 0)]
    if params.zero_value_gets_zero:
        cases.append(("zero", np.asarray(zero, dtype=bool), 0))
    if np.count_nonzero(present) < 2:
        cases.append(("no_range", present, 0))
    cases += [("tier", place <= tier.upto, _less(inputs, tier.deduct)) for tier in params.tiers]
    cases.append(("otherwise", present, _less(inputs, params.otherwise_deduct)))
    return assemble_open(inputs, RANK_BRANCHES, cases, OPEN)


def _less(inputs: Inputs, deduct: Decimal) -> IntArray:
    top, bottom = deduct.as_integer_ratio()
    return left_over(inputs, np.asarray(top), bottom, None)


def explain_rank(case: Case, params: RankParams) -> str:
    """The remark; the place itself is named when handed in as ``extra`` ``rank``, the tier always."""
    if case.value is None or case.branch == "unscored":
        return f"{case.name}未提供完成值,未评分"
    start = f"{case.name}{case.shown_value}"
    if case.branch == "no_range":
        return f"{start},没有可供比较的其他对象,无法排名,未评分"
    if case.branch == "zero":
        return f"{start},完成值为零,按规定{part_text(case, Decimal(0))}"
    place = case.extra.get("rank")
    if place is not None:
        start += f",排名第{trimmed(place)}位"
    close = part_text(case, Decimal(100)) if case.points == case.weight else deduction(case)
    return f"{start},{_tier_text(case, params)},{close}"


def _tier_text(case: Case, params: RankParams) -> str:
    if case.branch == "otherwise" or case.points is None:
        return f"名次在第{params.tiers[-1].upto}名以后"
    off, points = [max(case.weight - t.deduct, Decimal(0)) for t in params.tiers], case.points
    index = min(range(len(off)), key=lambda i: abs(off[i] - points))
    if index == 0:
        return f"名次在前{params.tiers[0].upto}名以内"
    return f"名次在第{params.tiers[index - 1].upto + 1}~{params.tiers[index].upto}名"


RANK_TIERS = RuleKind(
    name="rank_tiers",
    version="1.0.0",
    title="排名分档",
    summary="按完成值在各比较对象(含参照对象)中的名次分档扣分,并列取较前名次。",
    params=RankParams,
    branches=RANK_BRANCHES,
    score=score_rank,
    explain=explain_rank,
    sources=("县级农业奖补绩效评价表(前5名满分、6-10名扣0.5分、11名以后扣1分)",),
)
