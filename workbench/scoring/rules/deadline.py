"""Deadline: done on time or late. Value and target are dates, counted in days since 1970-01-01.

财预〔2020〕10号 附件2 完成及时性 compares actual with planned time and states no formula, so a late date is left to
judgement unless the pack says otherwise. The other treatments (nothing, points off per day, planned over actual duration)
are local practice and the pack's own choice.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from workbench.base.exact import Exact, IntArray, aligned, multiply, share_of
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed
from workbench.evidence.dates import date_text
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, have
from workbench.scoring.rules.points import assemble_open, least_left, left_over
from workbench.scoring.rules.wording import deduction, full_text, limit_text, part_text


class DeadlineParams(Model):
    """``late``: what a late date gets.

    - judgement: nothing is scored, an expert decides;
    - zero: no points;
    - per_day: ``points_per_day`` off per day late (a begun day counts), at most ``max_deduction``;
    - proportional: points × planned duration / actual duration, both counted from the extra input ``start``.
    """

    late: Literal["judgement", "zero", "per_day", "proportional"] = "judgement"
    points_per_day: DecimalText | None = Field(default=None, gt=0)
    max_deduction: DecimalText | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _consistent(self) -> DeadlineParams:
        if self.late == "per_day" and self.points_per_day is None:
            raise ValueError("late 为 per_day 时须给出 points_per_day(每延迟1天扣多少分)")
        if self.late != "per_day" and (self.points_per_day is not None or self.max_deduction is not None):
            raise ValueError("points_per_day 和 max_deduction 只用于 late: per_day")
        return self


BRANCHES = {
    "unscored": "缺完成时间或计划时间,未评分",
    "on_time": "按时完成,得满分",
    "late_judgement": "延迟完成,文件未规定扣分办法,须评议计分",
    "late_zero": "延迟完成,不得分",
    "late_per_day": "延迟完成,按天扣分",
    "late_limit": "延迟完成,按天扣分至上限",
    "late_proportional": "延迟完成,按计划工期与实际工期之比得分",
    "no_start": "延迟完成,缺开始时间,未评分",
    "bad_start": "开始时间不早于计划完成时间,未评分",
}
OPEN = ("unscored", "late_judgement", "no_start", "bad_start")


def score(inputs: Inputs, params: DeadlineParams) -> Points:
    """Full points on time; late as ``params.late`` says."""
    present = have(inputs, "value", "target")
    zero = Exact.constant(Decimal(0), len(inputs))
    start = inputs.extra.get("start")
    decimals, (done, planned, begun) = aligned(inputs.value or zero, inputs.target or zero, start or zero)
    cases: Cases = [
        ("unscored", ~present, 0),
        ("on_time", np.asarray(done <= planned, dtype=bool), inputs.weight),
    ]
    if params.late == "per_day":
        cases += _per_day(inputs, params, done - planned, 10**decimals)
    elif params.late == "proportional":
        cases += _proportional(inputs, planned - begun, done - begun)
    else:
        cases.append((f"late_{params.late}", present, 0))
    return assemble_open(inputs, BRANCHES, cases, OPEN)


def _per_day(inputs: Inputs, params: DeadlineParams, late: IntArray, unit: int) -> Cases:
    top, bottom = (params.points_per_day or Decimal(0)).as_integer_ratio()
    days = -(-np.maximum(late, 0) // unit)
    points = left_over(inputs, multiply(days, top), bottom, params.max_deduction)
    least = least_left(inputs, params.max_deduction)
    return [
        ("late_limit", np.asarray(points <= least, dtype=bool), least),
        ("late_per_day", np.ones(len(inputs), dtype=bool), points),
    ]


def _proportional(inputs: Inputs, planned: IntArray, actual: IntArray) -> Cases:
    sensible = np.asarray(planned > 0, dtype=bool)
    shares = share_of(inputs.weight, np.maximum(planned, 0), np.where(actual > 0, actual, 1))
    return [
        ("no_start", ~have(inputs, "start"), 0),
        ("bad_start", ~sensible, 0),
        ("late_proportional", sensible, shares),
    ]


def explain(case: Case, params: DeadlineParams) -> str:
    """The remark with both dates written out."""
    if case.value is None or case.target is None or case.branch == "unscored":
        missing = "完成时间" if case.value is None else "计划时间"
        return f"{case.name}未提供{missing},未评分"
    start = f"{case.name}{date_text(case.value)}"
    if case.branch == "on_time":
        return f"{start},不晚于计划时间{date_text(case.target)},{part_text(case, Decimal(100))}"
    days = math.ceil(case.value - case.target)
    start = f"{start},晚于计划时间{date_text(case.target)}{days}天"
    return f"{start},{_late(case, params)}"


def _late(case: Case, params: DeadlineParams) -> str:
    begun = case.extra.get("start")
    if case.branch == "late_zero":
        return f"延迟完成,{part_text(case, Decimal(0))}"
    if case.branch == "no_start":
        return "缺开始时间,不能计算工期,未评分"
    if case.branch == "bad_start":
        shown = "" if begun is None else date_text(begun)
        return f"开始时间{shown}不早于计划完成时间,不能计算工期,未评分,请核对"
    if case.branch in ("late_per_day", "late_limit"):
        most = "" if params.max_deduction is None else f",最多扣{trimmed(params.max_deduction)}分"
        return f"每延迟1天扣{trimmed(params.points_per_day or Decimal(0))}分{most},{deduction(case)}"
    if case.branch == "late_proportional" and begun is not None and case.value is not None and case.target is not None:
        planned, actual = trimmed(case.target - begun), trimmed(case.value - begun)
        return f"自{date_text(begun)}起计划工期{planned}天、实际工期{actual}天,{_share(case, planned, actual)}"
    return f"文件未规定延迟的扣分办法,须在0至{case.shown_weight}分之间评议计分"


def _share(case: Case, planned: str, actual: str) -> str:
    return f"得{case.shown_weight}×{planned}/{actual}={case.shown_points}分"


def describe(terms: Terms, params: DeadlineParams) -> str:
    """The planned date, and what a late one gets."""
    planned = terms.numbers.get("target")
    late = {
        "judgement": f"延迟的文件未规定扣分办法,在0至{terms.shown_weight}分之间评议计分",
        "zero": "延迟的不得分",
        "per_day": f"每延迟1天(不足1天按1天)扣{trimmed(params.points_per_day or Decimal(0))}分,"
        f"{limit_text(terms, params.max_deduction)}",
        "proportional": f"延迟的得{terms.shown_weight}×计划工期÷实际工期(工期自{terms.title('start', '开始日期')}起算)",
    }[params.late]
    return f"不晚于计划时间{'' if planned is None else date_text(planned)}完成的{full_text(terms)};{late}"


KIND = RuleKind(
    name="deadline",
    version="1.0.0",
    title="完成时限",
    summary="按时完成得满分;延迟的按参数:评议、不得分、按天扣分,或按计划工期与实际工期之比。",
    params=DeadlineParams,
    branches=BRANCHES,
    score=score,
    explain=explain,
    describe=describe,
    needs=("value", "target"),
    sources=("财预〔2020〕10号 附件2 完成及时性",),
)
