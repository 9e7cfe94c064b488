"""Two-sided: best at one value, and points fall with the distance on either side.

The deduction is that of local tables on the framework of 财预〔2013〕53号 (在职人员控制率: 0.5 off per point over), applied on
both sides of a best value. No notice gives tolerance or steps: they are the pack's.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import numpy as np
from pydantic import Field

from workbench.base.exact import Exact, IntArray, aligned, multiply
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed, with_unit
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, have
from workbench.scoring.rules.columns import beside, column
from workbench.scoring.rules.points import assemble_open, left_over
from workbench.scoring.rules.wording import PARTIAL_STEPS, apart, full_text, limit_text, part_text


class TwoSidedParams(Model):
    """Beyond ``tolerance`` (absolute) each ``step`` of distance costs ``per_step`` points, never below 0.

    ``partial``: a step not yet complete counts in proportion (linear), not at all (full_step) or whole (begun_step).
    The best value is the further input ``standard`` where the indicator has one, otherwise its target.
    """

    step: DecimalText = Field(gt=0)
    per_step: DecimalText = Field(gt=0)
    tolerance: DecimalText = Field(default=Decimal(0), ge=0)
    partial: Literal["linear", "full_step", "begun_step"] = "linear"


BRANCHES = {
    "unscored": "缺完成值或最佳值,未评分",
    "within": "在允许偏差以内,得满分",
    "falling": "偏离最佳值,按步长扣分",
    "floor": "偏离最佳值,扣完为止",
}


def score(inputs: Inputs, params: TwoSidedParams) -> Points:
    """Points less what the distance costs."""
    best = "standard" if "standard" in inputs.extra else "target"
    present = have(inputs, "value", best)
    beyond = distance(column(inputs, "value"), column(inputs, best), params)
    left = left_over(inputs, *cost(beyond, params), None)
    cases: Cases = [
        ("unscored", ~present, 0),
        ("within", np.asarray(beyond.units == 0, dtype=bool), inputs.weight),
        ("floor", np.asarray(left == 0, dtype=bool), 0),
        ("falling", present, left),
    ]
    return assemble_open(inputs, BRANCHES, cases, ("unscored",))


def distance(value: Exact, best: Exact, params: TwoSidedParams) -> Exact:
    """How far the value lies outside the tolerance; 0 inside."""
    decimals, (actual, line) = aligned(value, best)
    units, free = beside(Exact(abs(actual - line), decimals, value.valid & best.valid), params.tolerance)
    places = max(decimals, -int(params.tolerance.as_tuple().exponent))
    return Exact(np.maximum(units - free, 0), places, value.valid & best.valid)


def cost(beyond: Exact, params: TwoSidedParams) -> tuple[IntArray, int]:
    """Points the distance costs, as numerator and denominator, not yet rounded."""
    gap, step = beside(beyond, params.step)
    price, parts = params.per_step.as_integer_ratio()
    if params.partial == "linear":
        return multiply(gap, price), step * parts
    steps = gap // step if params.partial == "full_step" else -(-gap // step)
    return multiply(steps, price), parts


def explain(case: Case, params: TwoSidedParams) -> str:
    """The remark with distance, tolerance and steps put in."""
    named = "standard" in case.extra
    best = case.extra.get("standard") if named else case.target
    if case.value is None or best is None or case.branch == "unscored":
        return f"{case.name}未提供{'完成值' if case.value is None else '最佳值'},未评分"
    off = abs(case.value - best)
    start = f"{case.name}{case.shown_value},最佳值{with_unit(best, case.unit)}"
    if case.branch == "within":
        if off == 0:
            return f"{start},与最佳值一致,{part_text(case, Decimal(100))}"
        free = f"偏离{apart(off, case.unit)},在允许偏差{apart(params.tolerance, case.unit)}以内"
        return f"{start},{free},{part_text(case, Decimal(100))}"
    free = f",超出允许偏差{apart(off - params.tolerance, case.unit)}" if params.tolerance else ""
    counted = {"linear": "", "full_step": "(不足一步不扣)", "begun_step": "(不足一步按一步扣)"}[params.partial]
    rule = f"每{apart(params.step, case.unit)}扣{trimmed(params.per_step)}分{counted}"
    end = "扣完为止," if case.branch == "floor" else ""
    return f"{start},偏离{apart(off, case.unit)}{free},{rule},{end}得{case.shown_points}分"


def describe(terms: Terms, params: TwoSidedParams) -> str:
    """The best value, how far off it is still full points, and what a step costs."""
    best = terms.line("standard" if "standard" in terms.titles else "target", "最佳值")
    free = f"与{best}相差不超过{apart(params.tolerance, terms.unit)}" if params.tolerance else f"等于{best}"
    each = f"每{apart(params.step, terms.unit or '个单位')}扣{trimmed(params.per_step)}分"
    start = f"{terms.title('value')}{free}{full_text(terms)};向两端{'超出部分' if params.tolerance else '偏离'}{each}"
    return f"{start},{PARTIAL_STEPS[params.partial]},{limit_text(terms, None)}"


KIND = RuleKind(
    name="two_sided",
    version="1.0.0",
    title="两端计分",
    summary="在最佳值(允许偏差内)得满分,向两端每偏离一个步长扣一定分值,扣完为止。",
    params=TwoSidedParams,
    branches=BRANCHES,
    score=score,
    explain=explain,
    describe=describe,
    sources=("财预〔2013〕53号 各地评分表(超标逐点扣分)",),
)
