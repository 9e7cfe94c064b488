"""Benchmark: how far the value falls behind a standard, in percent of the standard, decides the share of the points.

财预〔2020〕10号 annex 2 and 吉政发〔2025〕11号 name what is compared with: quota, own history, the same kind, the national
average. No notice gives the bands: they are the pack's.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from workbench.base.exact import Exact, aligned
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed, with_unit
from workbench.scheme.basis import Direction
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, have
from workbench.scoring.rules.columns import beside, column, percentage
from workbench.scoring.rules.points import assemble_open, part
from workbench.scoring.rules.wording import full_text, ladder, part_text, share_text

AGAINST = {
    "quota": "定额标准",
    "history": "历史水平",
    "peers": "同类水平",
    "national": "全国平均水平",
    "benchmark": "对标值",
}
"""``benchmark``: a value chosen from several scopes, so that its own row says whether it is national."""


class DeviationBand(Model):
    """Up to ``within`` percent worse than the standard (limit included), ``share`` percent of the points."""

    within: DecimalText = Field(gt=0)
    share: DecimalText = Field(ge=0, le=100)


class BenchmarkParams(Model):
    """``bands`` from the smallest deviation to the largest; beyond the last one ``otherwise`` percent of the points.

    ``against`` words the sentence. The standard itself is the further input ``standard``. The direction says which side
    is worse: gte below, lte above, eq and two_sided both.
    """

    against: Literal["quota", "history", "peers", "national", "benchmark"]
    bands: list[DeviationBand] = []
    otherwise: DecimalText = Field(default=Decimal(0), ge=0, le=100)

    @model_validator(mode="after")
    def _ordered(self) -> BenchmarkParams:
        shares = [*(b.share for b in self.bands), self.otherwise]
        rising = all(a.within < b.within for a, b in pairwise(self.bands))
        if not rising or any(a < b for a, b in pairwise(shares)):
            raise ValueError("偏离档次须由小到大排列且不重复,得分比例不得随偏离加大而升高")
        return self


BRANCHES = {
    "unscored": "缺完成值或对照标准,未评分",
    "better": "不劣于对照标准,得满分",
    "band": "劣于对照标准,按偏离度所在档次得分",
    "otherwise": "偏离度超出最后一档",
    "bad_standard": "对照标准为零或负,不能计算偏离度",
}


def deviation(value: Exact, standard: Exact, direction: Direction) -> Exact:
    """Percent by which the value is worse than the standard; missing where the standard is not positive."""
    _, (actual, line) = aligned(value, standard)
    above = actual - line
    gap = {"lte": above, "eq": abs(above), "two_sided": abs(above)}.get(direction, -above)
    return percentage(gap, line)


def score(inputs: Inputs, params: BenchmarkParams) -> Points:
    """Points of the band the deviation falls into."""
    present = have(inputs, "value", "standard")
    gap = deviation(column(inputs, "value"), column(inputs, "standard"), inputs.direction)
    cases: Cases = [
        ("unscored", ~present, 0),
        ("bad_standard", ~gap.valid, 0),
        ("better", np.asarray(gap.units <= 0, dtype=bool), inputs.weight),
    ]
    for band in params.bands:
        units, limit = beside(gap, band.within)
        cases.append(("band", np.asarray(units <= limit, dtype=bool), part(inputs.weight, band.share)))
    cases.append(("otherwise", present, part(inputs.weight, params.otherwise)))
    return assemble_open(inputs, BRANCHES, cases, ("unscored", "bad_standard"))


def explain(case: Case, params: BenchmarkParams) -> str:
    """The remark with standard and deviation put in."""
    standard = case.extra.get("standard")
    against = AGAINST[params.against]
    if case.value is None or standard is None or case.branch == "unscored":
        return f"{case.name}未提供{'完成值' if case.value is None else against},未评分"
    line = with_unit(standard, case.extra_units.get("standard") or case.unit)
    start = f"{case.name}{case.shown_value},{against}{line}"
    gap = deviation(Exact.constant(case.value, 1), Exact.constant(standard, 1), case.direction).number(0)
    if gap is None or case.branch == "bad_standard":
        return f"{start}不为正,无法计算偏离度,未评分,请核对{against}"
    if case.branch == "better":
        same = "与" + against + "持平" if gap == 0 else f"优于{against}{trimmed(abs(gap))}%"
        return f"{start},{same},{part_text(case, Decimal(100))}"
    side = "高于" if case.value > standard else "低于"
    band = next((b for b in params.bands if gap <= b.within), None)
    if band is None or case.branch == "otherwise":
        share, place = params.otherwise, f"超过{trimmed(params.bands[-1].within)}%" if params.bands else "劣于标准"
    else:
        share, place = band.share, f"在{trimmed(band.within)}%以内"
    return f"{start},{side}{against}{trimmed(gap)}%,{place},{part_text(case, share)}"


def describe(terms: Terms, params: BenchmarkParams) -> str:
    """The standard, which side of it is worse, and what each deviation gets."""
    good, worse = {"lte": ("不高于", "高于"), "eq": ("等于", "偏离"), "two_sided": ("等于", "偏离")}.get(
        terms.direction, ("不低于", "低于")
    )
    against = AGAINST[params.against]
    start = f"{terms.title('value')}{good}{_named_standard(terms, against)}{full_text(terms)}"
    if not params.bands:
        return f"{start};{worse}{against}的{share_text(terms, params.otherwise)}"
    bands = [(b.within, b.share) for b in params.bands]
    return f"{start};{worse}{against}的,相差{ladder(terms, bands, params.otherwise, '%', ('≤', '>'))}"


def _named_standard(terms: Terms, against: str) -> str:
    """“定额标准500元”; the pack's own title for it, where it differs, comes in brackets."""
    title = terms.title("standard", against)
    return terms.line("standard", against) if title == against else f"{against}({terms.line('standard')})"


KIND = RuleKind(
    name="benchmark",
    version="1.0.0",
    title="对标计分",
    summary="与定额、历史、同类或全国平均水平相比,不劣于标准得满分,劣于标准按偏离度所在档次得分。",
    params=BenchmarkParams,
    branches=BRANCHES,
    score=score,
    explain=explain,
    describe=describe,
    needs=("value", "standard"),
    sources=("财预〔2020〕10号 附2(计划、行业、历史标准)", "吉政发〔2025〕11号(历史、同类、对标比较)"),
)
