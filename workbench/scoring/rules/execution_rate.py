"""Budget execution rate (预算执行率) by bands that ask first whether the project is completed.

财预〔2021〕101号 附件1 三(七)2, given there as an example: completed and within the year's budget → 10; not completed and
[80 %, 100 %) → 7, [60 %, 80 %) → 5, below 60 % → 0 of 10. Completed above 100 % and uncompleted from 100 % on are not
covered by the document and stay unscored.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from pydantic import Field, model_validator

from workbench.base.exact import Exact, IntArray
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, have
from workbench.scoring.rules.banded import BandShare
from workbench.scoring.rules.columns import scaled_up, yes_no_rows
from workbench.scoring.rules.points import assemble_open, bound, part
from workbench.scoring.rules.wording import FULL, full_text, ladder, part_text


class ExecutionRateParams(Model):
    """``unfinished``: bands of an uncompleted project, best first; from ``at`` percent on, ``share`` percent of the points.

    ``otherwise``: percent of the points below the last band.
    """

    unfinished: list[BandShare] = Field(
        default=[BandShare(at=Decimal(80), share=Decimal(70)), BandShare(at=Decimal(60), share=Decimal(50))],
        min_length=1,
    )
    otherwise: DecimalText = Field(default=Decimal(0), ge=0, le=100)

    @model_validator(mode="after")
    def _ordered(self) -> ExecutionRateParams:
        limits = [b.at for b in self.unfinished]
        if limits != sorted(set(limits), reverse=True) or limits[0] >= FULL or limits[-1] <= 0:
            raise ValueError("未完成项目的分档界限须在0%与100%之间,从最好一档到最差一档排列且不重复")
        return self


BRANCHES = {
    "unscored": "缺执行率,未评分",
    "completed": "项目完成且执行数在预算之内,得满分",
    "unfinished": "项目尚未完成,按执行率分档得分",
    "completion_unknown": "未说明项目是否完成,未评分",
    "not_covered_unfinished": "项目尚未完成而执行率达到100%,文件未规定,未评分",
    "not_covered_over": "项目完成但执行率超过100%,文件未规定,未评分",
    "bad_rate": "执行率为负,未评分",
}
OPEN = ("unscored", "completion_unknown", "not_covered_unfinished", "not_covered_over", "bad_rate")


def score(inputs: Inputs, params: ExecutionRateParams) -> Points:
    """Points by completion and rate; what the document does not cover stays unscored."""
    present = have(inputs, "value")
    rate = inputs.value if inputs.value is not None else Exact.constant(Decimal(0), len(inputs))
    full = 100 * 10**rate.decimals
    yes, no = yes_no_rows(inputs.extra.get("completed"), len(inputs))
    below = _unfinished(inputs, rate, params)
    cases: Cases = [
        ("unscored", ~present, 0),
        ("bad_rate", np.asarray(rate.units < 0, dtype=bool), 0),
        ("not_covered_over", yes & (rate.units > full), 0),
        ("completed", yes, inputs.weight),
        ("not_covered_unfinished", no & (rate.units >= full), 0),
        ("unfinished", no, below),
        ("completion_unknown", present, 0),
    ]
    points = assemble_open(inputs, BRANCHES, cases, OPEN)
    doubtful = (points.branch == KIND.code("completion_unknown")) & (rate.units < full)
    bound(points, doubtful, below, inputs.weight, inputs.weight)
    return points


def _unfinished(inputs: Inputs, rate: Exact, params: ExecutionRateParams) -> IntArray:
    """Points of an uncompleted project."""
    points = np.full(len(inputs), part(inputs.weight, params.otherwise))
    for band in reversed(params.unfinished):
        reached = rate.units >= scaled_up(band.at, 10**rate.decimals)
        points = np.where(reached, part(inputs.weight, band.share), points)
    return points


def explain(case: Case, params: ExecutionRateParams) -> str:
    """The remark with rate, completion and band."""
    if case.value is None or case.branch == "unscored":
        return f"{case.name}未提供执行率,未评分"
    start = f"{case.name}{trimmed(case.value)}%"
    if case.branch == "bad_rate":
        return f"{start},执行率为负,未评分,请核对执行数和预算数"
    if case.branch == "completed":
        return f"{start},项目已完成且执行数控制在年度预算规模之内,{part_text(case, FULL)}"
    if case.branch == "not_covered_over":
        return f"{start},项目已完成但执行数超出年度预算规模,文件未规定此情形的得分,未评分,请核实超支原因后评议"
    if case.branch == "not_covered_unfinished":
        return f"{start},项目尚未完成而执行率已达到100%,文件未规定此情形的得分,未评分,请核实完成情况后评议"
    if case.branch == "completion_unknown":
        return f"{start},未说明项目是否完成(1为完成,0为未完成),未评分"
    share, text = _band(case.value, params)
    return f"{start},项目尚未完成,执行率{text},{part_text(case, share)}"


def _band(rate: Decimal, params: ExecutionRateParams) -> tuple[Decimal, str]:
    above = FULL
    for band in params.unfinished:
        if rate >= band.at:
            return band.share, f"小于{trimmed(above)}%且大于等于{trimmed(band.at)}%"
        above = band.at
    return params.otherwise, f"小于{trimmed(above)}%"


def describe(terms: Terms, params: ExecutionRateParams) -> str:
    """What a completed project gets, the bands of an uncompleted one, and what stays open."""
    bands = [(b.at, b.share) for b in params.unfinished]
    return (
        f"项目完成且执行率不超过100%的{full_text(terms)};"
        f"尚未完成的,执行率{ladder(terms, bands, params.otherwise, '%', before=FULL)};"
        "完成而超过100%、尚未完成而达到100%的,文件未规定,不评分"
    )


KIND = RuleKind(
    name="execution_rate",
    version="1.0.0",
    title="预算执行率分档",
    summary="项目完成且在预算之内得满分;尚未完成的按执行率分档;文件未规定的情形不评分。",
    params=ExecutionRateParams,
    branches=BRANCHES,
    score=score,
    explain=explain,
    describe=describe,
    needs=("value", "completed"),
    sources=("财预〔2021〕101号 附件1 三(七)2",),
)
