"""Bonus and deduction items outside the base points. The weight is the item's limit; the caller adds or takes off.

Each finished item adds points (chacewang.com/newsdetail/news619205.html); 年度得分 = 分值 − 扣分 + 加分 (imcaibao.com, 2018-10-19);
a serious accident takes off 10 and a minor one 1 each, and the total may go below zero (bhygbaby.com/paper/381129397.html),
which is the deduction block's ``floor``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from workbench.base.exact import BoolArray, Exact, IntArray, divide, half_up, multiply, narrow
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed, with_unit
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, have
from workbench.scoring.rules.columns import beside, column
from workbench.scoring.rules.points import assemble_open
from workbench.scoring.rules.wording import PARTIAL_STEPS, apart


def _bad_count(counted: Exact) -> BoolArray:
    """Rows whose count is negative or not whole."""
    return np.asarray((counted.units < 0) | (counted.units % 10**counted.decimals != 0), dtype=bool)


def _whole(number: Decimal | None) -> bool:
    return number is not None and number >= 0 and number % 1 == 0


def _priced(inputs: Inputs, amount: Exact, each: Decimal) -> tuple[IntArray, int]:
    """``amount × each`` points as numerator and denominator in points units, not yet rounded."""
    top, bottom = each.as_integer_ratio()
    return multiply(np.maximum(amount.units, 0), top * 10**inputs.decimals), bottom * 10**amount.decimals


def _limited(inputs: Inputs, top: IntArray, bottom: int) -> tuple[IntArray, BoolArray]:
    """Points rounded once, not above the limit, and the rows the limit has cut."""
    cut = np.asarray(top > multiply(inputs.weight, bottom), dtype=bool)
    return narrow(np.where(cut, inputs.weight, divide(top, bottom))), cut


# ---------------------------------------------------------------------------------------------------------------------
# bonus
# ---------------------------------------------------------------------------------------------------------------------


class BonusBand(Model):
    """From ``at`` on (included) the item adds ``points``."""

    at: DecimalText
    points: DecimalText = Field(ge=0)


class BonusParams(Model):
    """Exactly one of ``per_unit`` (points per unit of the value), ``per_case`` (per whole case) and ``bands`` (points).

    ``bands`` stand from best to worst; below the last one nothing is added.
    """

    per_unit: DecimalText | None = Field(default=None, gt=0)
    per_case: DecimalText | None = Field(default=None, gt=0)
    bands: list[BonusBand] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _one_form(self) -> BonusParams:
        if sum(x is not None for x in (self.per_unit, self.per_case, self.bands)) != 1:
            raise ValueError("per_unit、per_case、bands 须且只须填写一项")
        marks = [b.at for b in self.bands or []]
        points = [b.points for b in self.bands or []]
        if marks != sorted(set(marks), reverse=True) or points != sorted(points, reverse=True):
            raise ValueError("加分档次须从高到低排列且不重复,加分不得随完成值降低而增加")
        return self


BONUS_BRANCHES = {
    "unscored": "缺完成值,未评分",
    "added": "按规定加分",
    "none": "无加分情形",
    "limit": "加分达到上限",
    "bad_count": "数量为负或不是整数,未评分",
}


def score_bonus(inputs: Inputs, params: BonusParams) -> Points:
    """Points to add, at most the item's limit."""
    present, value = have(inputs, "value"), column(inputs, "value")
    cases: Cases = [("unscored", ~present, 0)]
    if params.bands is not None:
        for band in params.bands:
            units, line = beside(value, band.at)
            reached = np.asarray(units >= line, dtype=bool)
            points = inputs.points(band.points)
            branch = "none" if points == 0 else "limit" if points > inputs.weight else "added"
            cases.append((branch, reached, min(points, inputs.weight)))
        cases.append(("none", present, 0))
    else:
        if params.per_case is not None:
            cases.append(("bad_count", _bad_count(value), 0))
        points_each = params.per_case or params.per_unit or Decimal(0)
        added, cut = _limited(inputs, *_priced(inputs, value, points_each))
        cases += [
            ("none", np.asarray(value.units <= 0, dtype=bool), 0),
            ("limit", cut, added),
            ("added", present, added),
        ]
    return assemble_open(inputs, BONUS_BRANCHES, cases, ("unscored", "bad_count"))


def explain_bonus(case: Case, params: BonusParams) -> str:
    """The remark with what is added and why."""
    if case.value is None or case.branch == "unscored":
        return f"{case.name}未提供完成值,未评分"
    start = f"{case.name}{case.shown_value}"
    if case.branch == "bad_count":
        return f"{start},数量须为非负整数,未评分,请核对"
    if case.branch == "none":
        return f"{start},无加分情形,加{case.shown_points}分"
    reason = _bonus_reason(case, case.value, params)
    if case.branch == "limit":
        return f"{start},{reason},按上限加{case.shown_points}分"
    return f"{start},{reason},加{case.shown_points}分"


def _bonus_reason(case: Case, value: Decimal, params: BonusParams) -> str:
    if params.bands is not None:
        band = next((b for b in params.bands if value >= b.at), params.bands[-1])
        return f"属于≥{with_unit(band.at, case.unit)}一档"
    if params.per_case is not None:
        return f"每项加{trimmed(params.per_case)}分"
    return f"每{apart(Decimal(1), case.unit or '个单位')}加{trimmed(params.per_unit or Decimal(0))}分"


def describe_bonus(terms: Terms, params: BonusParams) -> str:
    """What is added for what, and the limit."""
    if params.bands is not None:
        bands = [f"≥{with_unit(b.at, terms.unit)}加{_at_most(terms, b.points)}分" for b in params.bands]
        return f"{terms.title('value')}达到的最高一档:{','.join(bands)};未达到的不加分"
    if params.per_case is not None:
        each = f"每{terms.unit or '项'}加{trimmed(params.per_case)}分"
    else:
        each = f"每{apart(Decimal(1), terms.unit or '个单位')}加{trimmed(params.per_unit or Decimal(0))}分"
    return f"{each},最多加{terms.shown_weight}分"


def _at_most(terms: Terms, points: Decimal) -> str:
    return trimmed(half_up(min(points, terms.weight), terms.decimals))


BONUS = RuleKind(
    name="bonus",
    version="1.0.0",
    title="加分",
    summary="按数量、按项或按档加分,不超过该项上限。",
    params=BonusParams,
    branches=BONUS_BRANCHES,
    score=score_bonus,
    explain=explain_bonus,
    describe=describe_bonus,
    sources=("县级高标准农田管护评价表(自筹资金、道路硬化等每完成一项加分)",),
)

# ---------------------------------------------------------------------------------------------------------------------
# deduction
# ---------------------------------------------------------------------------------------------------------------------


class DeductionSteps(Model):
    """Beyond ``start`` each ``step`` takes off ``per_step`` points; ``worse`` says on which side.

    ``partial``: a step not yet complete counts in proportion (linear), not at all (full_step) or whole (begun_step).
    """

    start: DecimalText = Decimal(0)
    step: DecimalText = Field(gt=0)
    per_step: DecimalText = Field(gt=0)
    worse: Literal["higher", "lower"] = "higher"
    partial: Literal["linear", "full_step", "begun_step"] = "linear"


class DeductionParams(Model):
    """What is taken off: ``per_case`` points per case counted by the value, or ``steps`` of the value, and/or ``classes``.

    ``classes``: points per case by the name of the further input that counts it, ``{serious: 10, minor: 1}``.
    """

    per_case: DecimalText | None = Field(default=None, gt=0)
    steps: DeductionSteps | None = None
    classes: dict[str, DecimalText] = {}

    @model_validator(mode="after")
    def _some_form(self) -> DeductionParams:
        if self.per_case is not None and self.steps is not None:
            raise ValueError("per_case 与 steps 只能填写一项")
        if self.per_case is None and self.steps is None and not self.classes:
            raise ValueError("per_case、steps、classes 须至少填写一项")
        if any(points <= 0 for points in self.classes.values()):
            raise ValueError("classes 中每起扣分须大于0(扣分写正数)")
        return self

    @property
    def needed(self) -> tuple[str, ...]:
        """Names of the inputs the item reads."""
        own = ("value",) if self.per_case is not None or self.steps is not None else ()
        return (*own, *self.classes)

    @property
    def counted(self) -> dict[str, Decimal]:
        """Points per case by the input that counts the cases."""
        return ({} if self.per_case is None else {"value": self.per_case}) | self.classes


DEDUCTION_BRANCHES = {
    "unscored": "缺数据,未评分",
    "deducted": "按规定扣分",
    "none": "无扣分情形",
    "limit": "扣分达到上限",
    "bad_count": "数量为负或不是整数,未评分",
}


def score_deduction(inputs: Inputs, params: DeductionParams) -> Points:
    """Points to take off (a positive number), at most the item's limit."""
    present = have(inputs, *params.needed)
    bad = np.zeros(len(inputs), dtype=bool)
    top, bottom = np.zeros(len(inputs), dtype=np.int64), 1
    for name, points in params.counted.items():
        counts = column(inputs, name)
        bad |= _bad_count(counts)
        top, bottom = _added(top, bottom, *_priced(inputs, counts, points))
    if params.steps is not None:
        top, bottom = _added(top, bottom, *_stepped(inputs, params.steps))
    taken, cut = _limited(inputs, top, bottom)
    cases: Cases = [
        ("unscored", ~present, 0),
        ("bad_count", bad, 0),
        ("none", np.asarray(top == 0, dtype=bool), 0),
        ("limit", cut, taken),
        ("deducted", present, taken),
    ]
    return assemble_open(inputs, DEDUCTION_BRANCHES, cases, ("unscored", "bad_count"))


def _added(top: IntArray, bottom: int, more: IntArray, below: int) -> tuple[IntArray, int]:
    """Sum of two fractions."""
    return narrow(multiply(top, below).astype(object) + multiply(more, bottom)), bottom * below


def _stepped(inputs: Inputs, steps: DeductionSteps) -> tuple[IntArray, int]:
    value = column(inputs, "value")
    units, start, step = beside(value, steps.start, steps.step)
    gap = np.maximum(units - start if steps.worse == "higher" else start - units, 0)
    price, parts = steps.per_step.as_integer_ratio()
    price *= 10**inputs.decimals
    if steps.partial == "linear":
        return multiply(gap, price), step * parts
    return multiply(gap // step if steps.partial == "full_step" else -(-gap // step), price), parts


def explain_deduction(case: Case, params: DeductionParams) -> str:
    """The remark with every count and what it costs."""
    numbers = {n: case.value if n == "value" else case.extra.get(n) for n in params.needed}
    missing = [_title(case, n, params) for n, number in numbers.items() if number is None]
    if missing or case.branch == "unscored":
        return f"{case.name}未提供{'、'.join(missing) or '数据'},未评分"
    known = {n: number for n, number in numbers.items() if number is not None}
    if case.branch == "bad_count":
        wrong = "、".join(
            f"{_title(case, n, params)}{trimmed(known[n])}" for n in params.counted if not _whole(known[n])
        )
        return f"{case.name}:{wrong},数量须为非负整数,未评分,请核对"
    if case.branch == "none":
        return f"{case.name}无扣分情形,扣{case.shown_points}分"
    reasons = [
        f"{_title(case, n, params)}{trimmed(known[n])}起,每起扣{trimmed(p)}分"
        for n, p in params.counted.items()
        if known[n]
    ]
    if params.steps is not None:
        reasons.append(_steps_text(case, known["value"], params.steps))
    end = "按上限扣" if case.branch == "limit" else "共扣" if len(reasons) > 1 else "扣"
    return f"{case.name}:{';'.join(reasons)};{end}{case.shown_points}分"


def _steps_text(case: Case, value: Decimal, steps: DeductionSteps) -> str:
    side = "超过" if steps.worse == "higher" else "低于"
    counted = {"linear": "", "full_step": "(不足一步不扣)", "begun_step": "(不足一步按一步扣)"}[steps.partial]
    each = f"每{apart(steps.step, case.unit)}扣{trimmed(steps.per_step)}分{counted}"
    gap = value - steps.start if steps.worse == "higher" else steps.start - value
    if gap <= 0:
        return f"完成值{case.shown_value},未{side}{with_unit(steps.start, case.unit)}"
    return f"完成值{case.shown_value},{side}{with_unit(steps.start, case.unit)}共{apart(gap, case.unit)},{each}"


def _title(case: Case, name: str, params: DeductionParams) -> str:
    if name == "value":
        return "发现问题" if params.steps is None else "完成值"
    return case.extra_titles.get(name, name)


def describe_deduction(terms: Terms, params: DeductionParams) -> str:
    """What is taken off the total for what, and the limit."""
    costs = [
        f"{'' if name == 'value' else f'“{terms.title(name)}”'}每{terms.units.get(name) or '起'}扣{trimmed(points)}分"
        for name, points in params.counted.items()
    ]
    if params.steps is not None:
        steps = params.steps
        side = "超过" if steps.worse == "higher" else "低于"
        each = (
            f"每{apart(steps.step, terms.unit or '个单位')}扣{trimmed(steps.per_step)}分,{PARTIAL_STEPS[steps.partial]}"
        )
        costs.append(f"{terms.title('value')}{side}{with_unit(steps.start, terms.unit)}的部分{each}")
    return f"从总分中扣:{';'.join(costs)};最多扣{terms.shown_weight}分"


DEDUCTION = RuleKind(
    name="deduction",
    version="1.0.0",
    title="扣分",
    summary="按问题数量、问题类别或步长从总分中扣分,不超过该项上限;总分能否为负由扣分块的 floor 决定。",
    params=DeductionParams,
    branches=DEDUCTION_BRANCHES,
    score=score_deduction,
    explain=explain_deduction,
    describe=describe_deduction,
    needs=(),
    sources=("农业项目评价表(较大及以上安全事故倒扣10分,一般事故每起扣1分)", "吉政发〔2025〕11号(扣分指标)"),
)
