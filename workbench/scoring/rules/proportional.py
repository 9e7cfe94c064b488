"""Proportional points: up, down or exact, capped at full points, with an optional pass threshold and overshoot table.

财预〔2020〕10号 第十六条: reached → full points; not reached → points × actual / target.
财预〔2021〕101号 三(七)2: below 60 % nothing; from 60 % points × (rate − 60 %)/(1 − 60 %).
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from pydantic import Field

from workbench.base.exact import BoolArray, Exact, IntArray, aligned, divide, half_up, multiply, share_of, to_units
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed
from workbench.scheme.basis import Direction
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, assemble, have
from workbench.scoring.rules.columns import percent_of
from workbench.scoring.rules.wording import full_text, points_of


class Overshoot(Model):
    """Above ``over`` percent of the target, ``share`` percent of the points are taken off."""

    over: DecimalText
    share: DecimalText = Field(ge=0, le=100)


class ProportionalParams(Model):
    """``pass_at``: completion (percent) below which nothing is given and from which points grow from 0.

    ``overshoot``: deduction for completion far above target; empty means full points and a finding only.
    ``flag_over``: completion (percent) above which a finding asks for the reason (10号 第十六条 gives no number).
    """

    pass_at: DecimalText | None = Field(default=None, ge=0, lt=100)
    overshoot: list[Overshoot] = []
    flag_over: DecimalText | None = None


BRANCHES = {
    "unscored": "缺完成值或目标值,未评分",
    "reached": "达到目标,得满分",
    "share": "未达目标,按比例得分",
    "below_pass": "低于及格门槛,不得分",
    "overshoot": "完成值明显偏高,按偏离度扣减",
    "bad_target": "目标值为零或负,不能按比例计分",
}


def completion(direction: Direction, value: IntArray, target: IntArray) -> tuple[IntArray, IntArray]:
    """Numerator (at least 0) and denominator of the completion ratio; denominators that are not positive become 1."""
    if direction == "lte":
        top, bottom = target, value
    elif direction == "eq":
        top, bottom = np.minimum(value, target), np.maximum(value, target)
    else:
        top, bottom = value, target
    # A constant positive target stays the one stored number it is, and dividing by it stays cheap.
    return np.maximum(top, 0), bottom if bottom.size and bottom.min() > 0 else np.where(bottom > 0, bottom, 1)


def _reached(direction: Direction, value: IntArray, target: IntArray) -> BoolArray:
    if direction == "lte":
        return np.asarray(value <= target, dtype=bool)
    return np.asarray(value == target if direction == "eq" else value >= target, dtype=bool)


def _pair(inputs: Inputs) -> tuple[IntArray, IntArray]:
    zero = Exact.constant(Decimal(0), len(inputs))
    _, (value, target) = aligned(inputs.value or zero, inputs.target or zero)
    return value, target


def score(inputs: Inputs, params: ProportionalParams) -> Points:
    """Points by the share of the target reached."""
    present = have(inputs, "value", "target")
    value, target = _pair(inputs)
    reached = _reached(inputs.direction, value, target)
    sensible = reached | (target >= 0 if inputs.direction == "lte" else target > 0)
    top, bottom = completion(inputs.direction, value, target)
    cases: Cases = [
        ("unscored", ~present, 0),
        ("bad_target", present & ~sensible, 0),
    ]
    for step in sorted(params.overshoot, key=lambda s: s.over, reverse=True):
        over = present & (inputs.direction == "gte") & (target > 0) & _above(value, target, step.over)
        cases.append(("overshoot", over, share_of(inputs.weight, to_units(100 - step.share, 4), 100 * 10**4)))
    cases.append(("reached", reached, inputs.weight))
    cases += _partial(inputs.weight, top, bottom, params.pass_at)
    points = assemble(inputs, BRANCHES, cases)
    points.scored &= present & (points.branch != KIND.code("bad_target"))
    return points


def _partial(weight: int, top: IntArray, bottom: IntArray, pass_at: Decimal | None) -> Cases:
    """weight × rate, or weight × (rate − pass)/(1 − pass), without rounding the rate on the way."""
    everyone = np.ones(len(top), dtype=bool)
    if pass_at is None:
        return [("share", everyone, share_of(weight, top, bottom))]
    whole, line = 100 * 10**4, to_units(pass_at, 4)
    over = multiply(top, whole) - multiply(bottom, line)
    shares = divide(multiply(weight, np.maximum(over, 0)), multiply(bottom, whole - line))
    return [("below_pass", np.asarray(over < 0, dtype=bool), 0), ("share", everyone, shares)]


def _above(value: IntArray, target: IntArray, percent: Decimal) -> IntArray:
    return multiply(value, 100 * 10**4) > multiply(target, to_units(percent, 4))


def explain(case: Case, params: ProportionalParams) -> str:
    """The remark an evaluator would write, numbers put in."""
    if case.branch == "unscored" or case.value is None or case.target is None:
        missing = "完成值" if case.value is None else "目标值"
        return f"{case.name}未提供{missing},未评分"
    start = f"{case.name}{case.shown_value}"
    if case.branch == "bad_target":
        return f"{start},目标值{case.shown_target}不为正,无法按比例计分,请核对目标值"
    if case.branch == "reached":
        return _reached_text(case, start)
    if _parts(case)[0] < 0:
        return f"{start}为负数,按0计,{case.verb};请核对正负号"
    ratio = "" if params.pass_at is None else _ratio_text(case)
    if case.branch == "below_pass":
        line = trimmed(params.pass_at or Decimal(0))
        return f"{start},目标{case.shown_target},完成率{ratio},低于及格门槛{line}%,不得分"
    if case.branch == "overshoot":
        return f"{start},远高于目标{case.shown_target},按偏离度扣减后{case.verb}"
    if params.pass_at is not None:
        line = trimmed(params.pass_at)
        formula = f"({ratio}−{line}%)÷(1−{line}%)×{case.shown_weight}"
        return f"{start},目标{case.shown_target},完成率{ratio},得{formula}={case.shown_points}分"
    if case.direction == "gte" and case.target == 100 and case.unit == "%":
        return f"{start},得{case.shown_weight}×{case.shown_value}={case.shown_points}分"
    return f"{start},目标{case.shown_target},得{case.shown_weight}×{_fraction(case)}={case.shown_points}分"


def _reached_text(case: Case, start: str) -> str:
    word = {"lte": "不超过", "eq": "等于"}.get(case.direction, "达到")
    if case.direction == "gte" and case.unit == "%" and case.target == 100 and case.value is not None:
        return f"{start}{',超过100%按100%计' if case.value > 100 else ''},得满分{case.shown_weight}分"
    return f"{start},{word}目标{case.shown_target},得满分{case.shown_weight}分"


def _parts(case: Case) -> tuple[Decimal, Decimal]:
    value, target = case.value or Decimal(0), case.target or Decimal(0)
    if case.direction == "lte":
        return target, value
    if case.direction == "eq":
        return min(value, target), max(value, target)
    return value, target


def _fraction(case: Case) -> str:
    top, bottom = _parts(case)
    return f"{trimmed(top)}/{trimmed(bottom)}"


def _ratio_text(case: Case) -> str:
    rate = percent_of(*_parts(case))
    return "—" if rate is None else f"{trimmed(rate)}%"


def describe(terms: Terms, params: ProportionalParams) -> str:
    """What reaching the target gives, the share below it, the threshold and what too much costs."""
    value, target = terms.title("value"), terms.title("target")
    word, short, ratio = {
        "lte": ("不超过", "超过的", f"{target}÷{value}"),
        "eq": ("等于", "不等的", f"{value}与{target}中较小数÷较大数"),
    }.get(terms.direction, ("达到", "未达到的", f"{value}÷{target}"))
    texts = [f"{value}{word}{terms.line('target')}{full_text(terms)}"]
    if params.pass_at is None:
        texts.append(f"{short}得{terms.shown_weight}×({ratio})")
    else:
        line = trimmed(params.pass_at)
        partial = f"≥{line}%得{terms.shown_weight}×(完成率−{line}%)÷(1−{line}%),<{line}%不得分"
        texts.append(f"{short}按完成率({ratio}),{partial}")
    return ";".join([*texts, *(_excess(terms, params) if terms.direction == "gte" else [])])


def _excess(terms: Terms, params: ProportionalParams) -> list[str]:
    """What completion far above the target costs, and from where on a finding asks for the reason."""
    steps = sorted(params.overshoot, key=lambda s: s.over, reverse=True)
    # The share is read with four decimals, as scoring reads it.
    texts = [
        f"完成率超过{trimmed(s.over)}%的扣{trimmed(s.share)}%,得{points_of(terms, half_up(100 - s.share, 4))}分"
        for s in steps
    ]
    if params.flag_over is not None:
        texts.append(f"完成率超过{trimmed(params.flag_over)}%的须分析原因,此项只提示、不扣分")
    return texts


KIND = RuleKind(
    name="proportional",
    version="1.0.0",
    title="比例计分",
    summary="达到目标得满分;未达目标按完成值与目标值之比得分(反向指标为目标值与完成值之比),不超过满分。",
    params=ProportionalParams,
    branches=BRANCHES,
    score=score,
    explain=explain,
    describe=describe,
    needs=("value", "target"),
    sources=("财预〔2020〕10号 第十六条", "财预〔2021〕101号 附件1 三(七)2"),
)
