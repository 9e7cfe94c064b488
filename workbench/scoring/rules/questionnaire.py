"""Questionnaire: satisfaction from a survey, with its population, sample and valid returns, by a named formula.

财预〔2021〕101号 附件1 三(七)4 scores satisfaction by bands (≥90 % → 10, [80,90) → 8, [60,80) → 5, below → 0 of 10) and
names 问卷调查 as a way of taking the value; 财预〔2020〕10号 附件2 满意度 “一般采取社会调查”. Neither fixes formula or sample.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from workbench.base.exact import BoolArray, Exact, IntArray, aligned, share_of
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, have
from workbench.scoring.rules.banded import BandShare
from workbench.scoring.rules.columns import beside, column, percent_of, percentage
from workbench.scoring.rules.points import assemble_open, part
from workbench.scoring.rules.wording import FULL, full_text, ladder, part_text

COUNTS = ("population", "sample", "valid")
TITLES = {"population": "服务对象总数", "sample": "发放份数", "valid": "有效份数", "satisfied": "满意份数"}


class QuestionnaireParams(Model):
    """The further inputs ``population``, ``sample`` and ``valid`` are counts of persons or forms.

    ``formula``: mean takes the value itself (mean score or percent, 0–100); satisfied_share takes ``satisfied`` /
    ``valid``. ``bands`` from best to worst, lower ends inclusive, below them ``otherwise`` percent of the points; without
    bands points grow in proportion up to ``full_at`` percent. A sample below ``minimum_sample`` or with fewer valid
    returns than ``minimum_valid_percent`` is scored and marked.
    """

    formula: Literal["mean", "satisfied_share"]
    bands: list[BandShare] | None = Field(default=None, min_length=1)
    otherwise: DecimalText = Field(default=Decimal(0), ge=0, le=100)
    full_at: DecimalText = Field(default=Decimal(100), gt=0, le=100)
    minimum_sample: int | None = Field(default=None, ge=1)
    minimum_valid_percent: DecimalText | None = Field(default=None, gt=0, le=100)

    @model_validator(mode="after")
    def _ordered(self) -> QuestionnaireParams:
        limits = [b.at for b in self.bands or []]
        if limits != sorted(set(limits), reverse=True):
            raise ValueError("分档界限须从高到低排列且不重复")
        if self.bands is None and self.otherwise:
            raise ValueError("otherwise 只用于分档(bands)")
        if self.bands is not None and self.full_at != 100:
            raise ValueError("full_at 只用于按比例计分,不与 bands 同用")
        return self


BRANCHES = {
    "unscored": "缺调查数据,未评分",
    "scored": "按满意度得分",
    "scored_weak_sample": "按满意度得分,样本量或有效回收率低于要求",
    "bad_counts": "总体、样本、有效份数相互矛盾,未评分",
    "bad_value": "满意度不在0~100之间,未评分",
}


def score(inputs: Inputs, params: QuestionnaireParams) -> Points:
    """Points by the satisfaction, marked where the sample is weak."""
    read = "value" if params.formula == "mean" else "satisfied"
    present = have(inputs, read, *COUNTS)
    good = _consistent(inputs, params)
    level = satisfaction(inputs, params)
    points = _points(inputs.weight, level, params)
    cases: Cases = [
        ("unscored", ~present, 0),
        ("bad_counts", ~good, 0),
        ("bad_value", _outside(level), 0),
        ("scored_weak_sample", weak(inputs, params), points),
        ("scored", present, points),
    ]
    return assemble_open(inputs, BRANCHES, cases, ("unscored", "bad_counts", "bad_value"))


def satisfaction(inputs: Inputs, params: QuestionnaireParams) -> Exact:
    """Satisfaction in percent: the value, or the satisfied among the valid with two decimals."""
    if params.formula == "mean":
        return column(inputs, "value")
    _, (top, bottom) = aligned(column(inputs, "satisfied"), column(inputs, "valid"))
    return percentage(top, bottom)


def weak(inputs: Inputs, params: QuestionnaireParams) -> BoolArray:
    """Rows whose sample is smaller, or whose valid returns are fewer, than asked for."""
    result = np.zeros(len(inputs), dtype=bool)
    if params.minimum_sample is not None:
        sample = column(inputs, "sample")
        result |= np.asarray(sample.units < params.minimum_sample * 10**sample.decimals, dtype=bool)
    if params.minimum_valid_percent is not None:
        _, (valid, sample_units) = aligned(column(inputs, "valid"), column(inputs, "sample"))
        rate, least = beside(percentage(valid, sample_units), params.minimum_valid_percent)
        result |= np.asarray(rate < least, dtype=bool)
    return result


def _consistent(inputs: Inputs, params: QuestionnaireParams) -> BoolArray:
    """0 < valid ≤ sample ≤ population, and the satisfied are among the valid."""
    _, (population, sample, valid) = aligned(*(column(inputs, name) for name in COUNTS))
    good = (valid > 0) & (valid <= sample) & (sample <= population)
    if params.formula == "satisfied_share":
        _, (satisfied, answers) = aligned(column(inputs, "satisfied"), column(inputs, "valid"))
        good = good & (satisfied >= 0) & (satisfied <= answers)
    return np.asarray(good, dtype=bool)


def _outside(level: Exact) -> BoolArray:
    return np.asarray((level.units < 0) | (level.units > 100 * 10**level.decimals), dtype=bool)


def _points(weight: int, level: Exact, params: QuestionnaireParams) -> IntArray:
    if params.bands is None:
        units, full = beside(level, params.full_at)
        return share_of(weight, np.clip(units, 0, full), full)
    result = np.full(len(level), part(weight, params.otherwise))
    for band in reversed(params.bands):
        units, limit = beside(level, band.at)
        result = np.where(units >= limit, part(weight, band.share), result)
    return result


def explain(case: Case, params: QuestionnaireParams) -> str:
    """The remark with the survey's numbers put in."""
    needed = COUNTS if params.formula == "mean" else (*COUNTS, "satisfied")
    missing = [case.extra_titles.get(n, TITLES[n]) for n in needed if case.extra.get(n) is None]
    missing += ["调查结果"] if params.formula == "mean" and case.value is None else []
    if missing or case.branch == "unscored":
        return f"{case.name}未提供{'、'.join(missing) or '调查数据'},未评分"
    numbers = {n: case.extra.get(n) or Decimal(0) for n in needed}
    survey = "、".join(f"{TITLES[n]}{trimmed(numbers[n])}" for n in needed)
    if case.branch == "bad_counts":
        return f"{case.name}{survey},数量关系不成立,未评分,请核对"
    level = _level(case, numbers, params)
    if case.branch == "bad_value":
        return f"{case.name}调查结果{trimmed(level)}不在0~100之间,未评分,请核对"
    note = f"({_weakness(numbers, params)})" if case.branch == "scored_weak_sample" else ""
    return f"{case.name}{survey}{note},满意度{trimmed(level)}%,{_close(case, level, params)}"


def _level(case: Case, numbers: dict[str, Decimal], params: QuestionnaireParams) -> Decimal:
    if params.formula == "mean" or numbers["valid"] <= 0:
        return case.value or Decimal(0)
    return percent_of(numbers["satisfied"], numbers["valid"]) or Decimal(0)


def _weakness(numbers: dict[str, Decimal], params: QuestionnaireParams) -> str:
    reasons = []
    if params.minimum_sample is not None and numbers["sample"] < params.minimum_sample:
        reasons.append(f"样本量低于要求的{params.minimum_sample}份")
    if params.minimum_valid_percent is not None:
        rate = percent_of(numbers["valid"], numbers["sample"])
        if rate is None or rate < params.minimum_valid_percent:
            reasons.append(f"有效回收率低于要求的{trimmed(params.minimum_valid_percent)}%")
    return ",".join(reasons) or "样本量或有效回收率低于要求"


def _close(case: Case, level: Decimal, params: QuestionnaireParams) -> str:
    if params.bands is None:
        if level >= params.full_at:
            return part_text(case, Decimal(100))
        over = "" if params.full_at == 100 else f"÷{trimmed(params.full_at)}%"
        return f"得{case.shown_weight}×{trimmed(level)}%{over}={case.shown_points}分"
    band = next((b for b in params.bands if level >= b.at), None)
    if band is None:
        return f"未达到≥{trimmed(params.bands[-1].at)}%的最低一档,{part_text(case, params.otherwise)}"
    return f"属于≥{trimmed(band.at)}%一档,{part_text(case, band.share)}"


def describe(terms: Terms, params: QuestionnaireParams) -> str:
    """Where the satisfaction comes from, what it gives, and which samples are marked."""
    satisfied, valid, sample = (terms.title(n, TITLES[n]) for n in ("satisfied", "valid", "sample"))
    source = "取调查结果" if params.formula == "mean" else f"={satisfied}÷{valid}"
    if params.bands is not None:
        given = f"满意度{ladder(terms, [(b.at, b.share) for b in params.bands], params.otherwise, '%')}"
    elif params.full_at == FULL:
        given = f"得{terms.shown_weight}×满意度"
    else:
        line = trimmed(params.full_at)
        given = f"满意度达到{line}%{full_text(terms)},低于的得{terms.shown_weight}×满意度÷{line}%"
    weak = [] if params.minimum_sample is None else [f"{sample}少于{params.minimum_sample}"]
    if params.minimum_valid_percent is not None:
        weak.append(f"{valid}占{sample}不足{trimmed(params.minimum_valid_percent)}%")
    note = f";{'、'.join(weak)}的照常计分并注明" if weak else ""
    return f"满意度{source};{given}{note}"


KIND = RuleKind(
    name="questionnaire",
    version="1.0.0",
    title="问卷调查",
    summary="按问卷的满意度得分(均值或满意份数占比,分档或按比例);样本不足的照常计分并注明。",
    params=QuestionnaireParams,
    branches=BRANCHES,
    score=score,
    explain=explain,
    describe=describe,
    needs=COUNTS,
    sources=("财预〔2021〕101号 附件1 三(七)4", "财预〔2020〕10号 附件2 满意度"),
)
