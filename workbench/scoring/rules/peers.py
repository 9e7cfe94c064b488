"""Points by the place among the others: range normalisation and rank tiers. Rows marked 参照 count as others.

Range: 财预〔2014〕45号 地方财政管理绩效综合评价 scores several items by the distance to the extreme divided by the range
between provinces, times the points. Rank: a county notice (www.hnqianrun.com/news/hyxw/752.html) gives 5 points to places
1–5, takes off 0.5 for 6–10 and 1 from 11 on, and gives nothing for a share of 0.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from pydantic import Field, model_validator

from workbench.base.exact import Exact, IntArray, aligned, share_of, to_units
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed, with_unit
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, have
from workbench.scoring.rules.columns import column
from workbench.scoring.rules.points import assemble_open, left_over
from workbench.scoring.rules.wording import deduction, full_text, left_text, part_text

OPEN = ("unscored", "no_range")

# ---------------------------------------------------------------------------------------------------------------------
# range_normalised
# ---------------------------------------------------------------------------------------------------------------------


class RangeParams(Model):
    """``minimum``, ``maximum``: published extremes; left out, the extreme of all rows with a value is taken.

    With a further input ``group`` (a number) only rows of the same group are compared; rows without one stay unscored.
    """

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


def ranges(inputs: Inputs, params: RangeParams) -> tuple[Exact, Exact]:
    """Lowest and highest value that the points of each row are measured between; missing where there is no range."""
    value, group = column(inputs, "value"), groups(inputs)
    published = [x for x in (params.minimum, params.maximum) if x is not None]
    places = max(value.decimals, *(-int(x.as_tuple().exponent) for x in published), 0)
    units = value.rescale(places).units
    low, high = _extremes(units, group, np.minimum), _extremes(units, group, np.maximum)
    if params.minimum is not None:
        low = np.full(len(inputs), to_units(params.minimum, places), dtype=object)
    if params.maximum is not None:
        high = np.full(len(inputs), to_units(params.maximum, places), dtype=object)
    enough = group >= 0 if len(published) == len(("minimum", "maximum")) else company(group) > 1
    known = np.asarray(enough & (low < high), dtype=bool)
    return Exact(low, places, known).compact(), Exact(high, places, known).compact()


def groups(inputs: Inputs) -> IntArray:
    """Number of the group each row with a value is compared in, from 0; -1 for rows without value or group."""
    present, given = have(inputs, "value"), inputs.extra.get("group")
    if given is None:
        return np.where(present, 0, -1)
    number = np.unique(given.units, return_inverse=True)[1].reshape(-1)
    return np.where(present & given.valid, number, -1)


def company(group: IntArray) -> IntArray:
    """How many rows, itself included, each row is compared with; 0 for rows without a group."""
    counts = np.bincount(group[group >= 0], minlength=1)
    return np.where(group >= 0, counts[group], 0)


def _extremes(units: IntArray, group: IntArray, pick: np.ufunc) -> IntArray:
    """The least or greatest of each row's group; 0 for rows without a group."""
    rows = np.flatnonzero(group >= 0)
    if not rows.size:
        return np.zeros_like(units)
    order = rows[np.argsort(group[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    ends = np.zeros(int(group.max()) + 1, dtype=units.dtype)
    ends[group[order[starts]]] = pick.reduceat(units[order], starts)
    return np.asarray(np.where(group >= 0, ends[group], 0))


def score_range(inputs: Inputs, params: RangeParams) -> Points:
    """Points times the distance to the worst value over the range."""
    present = have(inputs, "value")
    value, (low, high) = column(inputs, "value"), ranges(inputs, params)
    _, (units, least, most) = aligned(value, low, high)
    width = np.where(low.valid, most - least, 1)  # no row without a range is measured
    top = np.where(low.valid, most - units if inputs.direction == "lte" else units - least, 0)
    cases: Cases = [
        ("unscored", ~present, 0),
        ("no_range", ~low.valid, 0),
        ("best", np.asarray(top >= width, dtype=bool), inputs.weight),
        ("worst", np.asarray(top <= 0, dtype=bool), 0),
        ("share", present, share_of(inputs.weight, np.clip(top, 0, width), width)),
    ]
    return assemble_open(inputs, RANGE_BRANCHES, cases, OPEN)


def range_context(inputs: Inputs, params: RangeParams, row: int) -> dict[str, Decimal | None]:
    """The extremes one row was measured between, for its sentence."""
    low, high = ranges(inputs, params)
    return {"minimum": low.number(row), "maximum": high.number(row)}


def explain_range(case: Case, params: RangeParams) -> str:
    """The remark; extremes are those published, or those of the rows compared (``extra`` ``minimum``, ``maximum``)."""
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


def describe_range(terms: Terms, params: RangeParams) -> str:
    """The two ends points are measured between, and the formula."""
    value = terms.title("value")
    low = "最小值" if params.minimum is None else with_unit(params.minimum, terms.unit)
    high = "最大值" if params.maximum is None else with_unit(params.maximum, terms.unit)
    less = f"({low})" if low.startswith("-") else low
    far = f"{high}−{value}" if terms.direction == "lte" else f"{value}−{less}"
    best, worst = (low, high) if terms.direction == "lte" else (high, low)
    taken = [end for end in (low, high) if end in ("最小值", "最大值")]
    found = f";{'、'.join(taken)}取自各比较对象(含参照对象)" if taken else ""
    ends = f"不劣于{best}{full_text(terms)},不优于{worst}不得分"
    return f"得{terms.shown_weight}×({far})÷({high}−{less}),{ends}{found}{_grouped(terms)}"


def _grouped(terms: Terms) -> str:
    return f";只与“{terms.title('group')}”相同的比较" if "group" in terms.titles else ""


RANGE_NORMALISED = RuleKind(
    name="range_normalised",
    version="1.0.0",
    title="极差标准化",
    summary="按完成值与最差值的距离占各比较对象极差的比例得分,参照对象一并参与比较;写了输入 group 的只与同组比较。",
    params=RangeParams,
    branches=RANGE_BRANCHES,
    score=score_range,
    explain=explain_range,
    describe=describe_range,
    context=range_context,
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

    ``zero_value_gets_zero``: a value of zero (or below) gets nothing, whatever its place. With a further input ``group``
    (a number) places are counted among rows of the same group; rows without one stay unscored.
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
    """Place of every row among those of its group, 1 is best, ties share the better place; 0 without value or group."""
    group = groups(inputs)
    rows = np.flatnonzero(group >= 0)
    keys = column(inputs, "value").units * (1 if inputs.direction == "lte" else -1)
    order = rows[np.argsort(keys[rows], kind="stable")]
    order = order[np.argsort(group[order], kind="stable")]
    new_group = np.diff(group[order], prepend=-1) != 0
    new_value = new_group | np.asarray(np.diff(keys[order], prepend=0) != 0, dtype=bool)
    spots = np.arange(order.size)
    first = np.maximum.accumulate(np.where(new_group, spots, 0))
    places = np.zeros(len(inputs), dtype=np.int64)
    places[order] = np.maximum.accumulate(np.where(new_value, spots, 0)) - first + 1
    return places


def score_rank(inputs: Inputs, params: RankParams) -> Points:
    """Full points less what the place costs."""
    present = have(inputs, "value")
    place = ranks(inputs)
    zero = column(inputs, "value").units <= 0
    cases: Cases = [("unscored", ~present, 0)]
    if params.zero_value_gets_zero:
        cases.append(("zero", np.asarray(zero, dtype=bool), 0))
    cases.append(("no_range", company(groups(inputs)) < 2, 0))
    cases += [("tier", place <= tier.upto, _less(inputs, tier.deduct)) for tier in params.tiers]
    cases.append(("otherwise", present, _less(inputs, params.otherwise_deduct)))
    return assemble_open(inputs, RANK_BRANCHES, cases, OPEN)


def _less(inputs: Inputs, deduct: Decimal) -> IntArray:
    top, bottom = deduct.as_integer_ratio()
    return left_over(inputs, np.asarray(top), bottom, None)


def rank_context(inputs: Inputs, params: RankParams, row: int) -> dict[str, Decimal | None]:
    """The place of one row and how many it was compared with, for its sentence."""
    place = int(ranks(inputs)[row])
    return {"rank": Decimal(place) if place else None, "compared": Decimal(int(company(groups(inputs))[row]))}


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
        compared = case.extra.get("compared")
        start += f",在{trimmed(compared)}个比较对象中" if compared is not None else ","
        start += f"排名第{trimmed(place)}位"
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


def describe_rank(terms: Terms, params: RankParams) -> str:
    """What each place gets."""
    texts, first = [], 1
    for tier in params.tiers:
        places = f"第{first}名" if tier.upto == first else f"第{first}~{tier.upto}名"
        texts.append(f"{places}{_cost(terms, tier.deduct)}")
        first = tier.upto + 1
    texts.append(f"第{first}名起{_cost(terms, params.otherwise_deduct)}")
    order = "由小到大" if terms.direction == "lte" else "由大到小"
    zero = ";完成值为零或负的不得分" if params.zero_value_gets_zero else ""
    return f"按{terms.title('value')}{order}排名(并列取较前名次):{','.join(texts)}{zero}{_grouped(terms)}"


def _cost(terms: Terms, off: Decimal) -> str:
    return f"扣{trimmed(off)}分得{left_text(terms, off)}分" if off else full_text(terms)


RANK_TIERS = RuleKind(
    name="rank_tiers",
    version="1.0.0",
    title="排名分档",
    summary="按完成值在各比较对象(含参照对象)中的名次分档扣分,并列取较前名次;写了输入 group 的只与同组比较。",
    params=RankParams,
    branches=RANK_BRANCHES,
    score=score_rank,
    explain=explain_rank,
    describe=describe_rank,
    context=rank_context,
    sources=("县级农业奖补绩效评价表(前5名满分、6-10名扣0.5分、11名以后扣1分)",),
)
