"""Product of factors: several rates multiplied, times the points, rounded once.

A county's table for 高标准农田建设 (www.gzbly.net/html/text/lar/172081/17208128_4.html): 建设质量合格率 = 年度建设任务完成率 ×
质量抽检合格率, points = rate × 20, a completion above 100 % counts as 100 %.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from pydantic import Field, model_validator

from workbench.base.exact import IntArray, multiply, share_of
from workbench.base.models import Model
from workbench.base.text import trimmed
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, have
from workbench.scoring.rules.columns import column, roomy
from workbench.scoring.rules.points import assemble_open
from workbench.scoring.rules.wording import part_text


class ProductParams(Model):
    """``factors``: names of the inputs to multiply, each in percent (``value`` may be one of them).

    ``cap_factors``: a factor above 100 % counts as 100 %. The product never gives more than the full points.
    """

    factors: list[str] = Field(min_length=2)
    cap_factors: bool = True

    @model_validator(mode="after")
    def _different(self) -> ProductParams:
        if len(set(self.factors)) != len(self.factors):
            raise ValueError("同一因子(factors)写了两次")
        return self


BRANCHES = {
    "unscored": "缺一个或多个因子,未评分",
    "full": "各因子之积达到100%,得满分",
    "share": "按各因子之积得分",
    "bad_factor": "因子为负,未评分",
}


def score(inputs: Inputs, params: ProductParams) -> Points:
    """Points times the product of the factors."""
    present = have(inputs, *params.factors)
    top: IntArray = np.ones(len(inputs), dtype=np.int64)
    bottom, negative = 1, np.zeros(len(inputs), dtype=bool)
    for name in params.factors:
        factor = column(inputs, name)
        whole = 100 * 10**factor.decimals
        negative |= np.asarray(factor.units < 0, dtype=bool)
        units = np.maximum(factor.units, 0)
        top = multiply(top, np.minimum(units, whole) if params.cap_factors else units)
        bottom *= whole
    top, bottom = roomy(top, bottom)
    cases: Cases = [
        ("unscored", ~present, 0),
        ("bad_factor", negative, 0),
        ("full", np.asarray(top >= bottom, dtype=bool), inputs.weight),
        ("share", present, share_of(inputs.weight, np.minimum(top, bottom), bottom)),
    ]
    return assemble_open(inputs, BRANCHES, cases, ("unscored", "bad_factor"))


def explain(case: Case, params: ProductParams) -> str:
    """The remark with every factor put in."""
    numbers = [(_title(case, n), case.value if n == "value" else case.extra.get(n)) for n in params.factors]
    missing = [title for title, number in numbers if number is None]
    if missing or case.branch == "unscored":
        return f"{case.name}未提供{'、'.join(missing) or '因子'},未评分"
    known = [(title, number) for title, number in numbers if number is not None]
    named = "、".join(f"{title}{trimmed(number)}%" for title, number in known)
    if case.branch == "bad_factor":
        return f"{case.name}:{named},因子为负,未评分,请核对"
    over = params.cap_factors and any(number > 100 for _, number in known)
    used = [min(number, Decimal(100)) if params.cap_factors else number for _, number in known]
    start = f"{case.name}:{named}{',超过100%的按100%计' if over else ''}"
    if case.branch == "full":
        return f"{start},{part_text(case, Decimal(100))}"
    formula = "×".join([case.shown_weight, *(f"{trimmed(number)}%" for number in used)])
    return f"{start},得{formula}={case.shown_points}分"


def _title(case: Case, name: str) -> str:
    return case.extra_titles.get(name, case.name if name == "value" else name)


def describe(terms: Terms, params: ProductParams) -> str:
    """The factors, and what happens above 100 %."""
    factors = "×".join(f"“{terms.title(name)}”" for name in params.factors)
    capped = "超过100%的因子按100%计" if params.cap_factors else "积超过100%的按100%计"
    return f"得{terms.shown_weight}×{factors}分,{capped}"


KIND = RuleKind(
    name="product",
    version="1.0.0",
    title="多因子乘积",
    summary="各因子(百分数)之积乘以分值,因子超过100%按100%计,只在最后四舍五入一次。",
    params=ProductParams,
    branches=BRANCHES,
    score=score,
    explain=explain,
    describe=describe,
    needs=(),
    sources=("县级高标准农田建设绩效评价表(建设质量合格率=任务完成率×抽检合格率)",),
)
