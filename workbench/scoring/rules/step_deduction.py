"""Step deduction: full points up to a line, then so many points off per step beyond it, until nothing is left.

Local tables on the framework of 财预〔2013〕53号: 在职人员控制率 ≤100 % full, 0.5 of 5 off per point over; 预算完成率 100 % full,
2 of 5 off per 5 % short; 开工率 ≥90 % full, 1 of 4 off per 5 % short; 建成面积 1 off per 1 % below the task.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
from pydantic import Field

from workbench.base.exact import Exact, IntArray, aligned, multiply
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed, with_unit
from workbench.scheme.basis import Direction
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, have
from workbench.scoring.rules.points import assemble_open, least_left, left_over
from workbench.scoring.rules.wording import (
    PARTIAL_STEPS,
    apart,
    deduction,
    fraction_text,
    full_text,
    limit_text,
    part_text,
)


class StepDeductionParams(Model):
    """``threshold``: value up to which full points are given; the target when null.

    Attributes:
        step: size of one step, in the value's unit (in percent when ``relative``).
        per_step: points off per step.
        partial: a part of a step counts in proportion (linear), not at all (full_step) or whole (begun_step).
        max_deduction: most points taken off; all of them when null.
        relative: the gap is measured in percent of the target (of the threshold where there is no target).
    """

    threshold: DecimalText | None = None
    step: DecimalText = Field(gt=0)
    per_step: DecimalText = Field(gt=0)
    partial: Literal["linear", "full_step", "begun_step"] = "linear"
    max_deduction: DecimalText | None = Field(default=None, ge=0)
    relative: bool = False


BRANCHES = {
    "unscored": "缺完成值或目标值,未评分",
    "full": "符合标准,得满分",
    "deducted": "偏离标准,按步扣分",
    "limit": "偏离标准,扣分至上限",
    "bad_target": "目标值为零或负,不能按百分比计偏离,未评分",
}
OPEN = ("unscored", "bad_target")


def score(inputs: Inputs, params: StepDeductionParams) -> Points:
    """Points less the steps of shortfall (≥) or excess (≤)."""
    present = have(inputs, *_needed(inputs, params))
    unit, (value, line, base) = _columns(inputs, params)
    gap = _gap(inputs.direction, value, line)
    sensible = np.asarray(base > 0, dtype=bool) if params.relative else np.ones(len(inputs), dtype=bool)
    below = np.where(sensible, base, 1) if params.relative else np.asarray(unit)
    top, bottom = _steps(multiply(gap, 100 if params.relative else 1), below, params)
    price, piece = params.per_step.as_integer_ratio()
    points = left_over(inputs, multiply(top, price), multiply(bottom, piece), params.max_deduction)
    least = least_left(inputs, params.max_deduction)
    cases: Cases = [
        ("unscored", ~present, 0),
        ("full", np.asarray(gap == 0, dtype=bool), inputs.weight),
        ("bad_target", ~sensible, 0),
        ("limit", np.asarray(points <= least, dtype=bool), least),
        ("deducted", present, points),
    ]
    return assemble_open(inputs, BRANCHES, cases, OPEN)


def _needed(inputs: Inputs, params: StepDeductionParams) -> tuple[str, ...]:
    target = params.threshold is None or (params.relative and inputs.target is not None)
    return ("value", "target") if target else ("value",)


def _columns(inputs: Inputs, params: StepDeductionParams) -> tuple[int, list[IntArray]]:
    """Units of one, and the units of value, line and base of the percentage."""
    n = len(inputs)
    zero = Exact.constant(Decimal(0), n)
    line = inputs.target or zero if params.threshold is None else Exact.constant(params.threshold, n)
    decimals, columns = aligned(inputs.value or zero, line, inputs.target or line)
    return 10**decimals, columns


def _gap(direction: Direction, value: IntArray, line: IntArray) -> IntArray:
    """How far the value is on the wrong side of the line; 0 on the right side."""
    if direction in ("eq", "two_sided"):
        return np.asarray(abs(value - line))
    return np.asarray(np.maximum(value - line if direction == "lte" else line - value, 0))


def _steps(gap: IntArray, below: IntArray, params: StepDeductionParams) -> tuple[IntArray, IntArray]:
    """Number of steps in ``gap / below`` as a fraction; whole where parts of steps do not count as such."""
    top, bottom = params.step.as_integer_ratio()
    steps, size = multiply(gap, bottom), multiply(below, top)
    if params.partial == "linear":
        return steps, size
    whole = steps // size if params.partial == "full_step" else -(-steps // size)
    return np.asarray(whole), np.asarray(1)


def explain(case: Case, params: StepDeductionParams) -> str:
    """The remark with line, gap and what a step costs."""
    line = case.target if params.threshold is None else params.threshold
    if case.value is None or line is None or case.branch == "unscored":
        return f"{case.name}未提供{'完成值' if case.value is None else '目标值'},未评分"
    unit = case.unit or ""
    start = f"{case.name}{case.shown_value}"
    shown = f"{trimmed(line)}{unit}"
    if case.branch == "full":
        word = {"lte": "未超过", "eq": "等于", "two_sided": "等于"}.get(case.direction, "达到")
        return f"{start},{word}{shown},{part_text(case, Decimal(100))}"
    if case.branch == "bad_target":
        return f"{start},目标值{case.shown_target}不为正,不能按百分比计偏离,未评分,请核对目标值"
    over = case.value > line
    per = f"每{'超' if over else '低'}{_amount(Fraction(params.step), unit, params)}扣{trimmed(params.per_step)}分"
    most = "" if params.max_deduction is None else f",最多扣{trimmed(params.max_deduction)}分"
    gap = _exact_gap(case, line, params)
    word = "超过" if over else "低于"
    return f"{start},{word}{shown}共{_amount(gap, unit, params)},{per}{_part_rule(gap, params)}{most},{deduction(case)}"


def _exact_gap(case: Case, line: Decimal, params: StepDeductionParams) -> Fraction:
    gap = abs(Fraction(case.value or 0) - Fraction(line))
    base = Fraction(line if case.target is None else case.target)
    return gap * 100 / base if params.relative and base > 0 else gap


def _amount(number: Fraction, unit: str, params: StepDeductionParams) -> str:
    shown = fraction_text(number)
    if params.relative:
        return f"{shown}%"
    if unit == "%":
        return f"{shown}个百分点"
    return f"{shown}{unit or '个单位'}"


def _part_rule(gap: Fraction, params: StepDeductionParams) -> str:
    """What happens to a part of a step, said only where there is one."""
    if gap % Fraction(params.step) == 0:
        return ""
    return f",{PARTIAL_STEPS[params.partial]}"


def describe(terms: Terms, params: StepDeductionParams) -> str:
    """The line, what a step beyond it costs, and where the deduction ends."""
    good, worse = {"lte": ("不超过", "超"), "eq": ("等于", "偏离"), "two_sided": ("等于", "偏离")}.get(
        terms.direction, ("不低于", "低")
    )
    shown = terms.line("target") if params.threshold is None else with_unit(params.threshold, terms.unit)
    measured = "target" in terms.titles or params.threshold is None
    base = (f"{terms.title('target')}的" if measured else f"{shown}的") if params.relative else ""
    step = f"{trimmed(params.step)}%" if params.relative else apart(params.step, terms.unit or "个单位")
    each = f"每{worse}{base}{step}扣{trimmed(params.per_step)}分"
    rest = f"{PARTIAL_STEPS[params.partial]},{limit_text(terms, params.max_deduction)}"
    return f"{terms.title('value')}{good}{shown}{full_text(terms)};{each},{rest}"


KIND = RuleKind(
    name="step_deduction",
    version="1.0.0",
    title="按步扣分",
    summary="达到标准得满分;每偏离一步扣规定的分,扣完为止。",
    params=StepDeductionParams,
    branches=BRANCHES,
    score=score,
    explain=explain,
    describe=describe,
    sources=("财预〔2013〕53号框架下的地方评分表(在职人员控制率、预算完成率、开工率)",),
)
