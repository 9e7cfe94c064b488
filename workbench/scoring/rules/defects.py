"""Defects (倒扣分): each defect found takes points off, or the share of units or money concerned does, until nothing is left.

Local tables: 每发现一处管理不到位扣1分; 一般事故每起扣1分; 十六字方针每一项不符扣0.75分; 质量不达标每项扣1分最多扣6分. For widely spread
money the deduction follows the nature of the problem and its share of units or money (reference framework of
财预〔2020〕10号 as Zhengzhou applies it).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np
from pydantic import Field, model_validator

from workbench.base.exact import BoolArray, Exact, IntArray, multiply
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, have, input_column
from workbench.scoring.rules.points import assemble_open, bound, least_left, left_over
from workbench.scoring.rules.wording import deduction, full_text, limit_text, part_text


class DefectsParams(Model):
    """What is taken off for what.

    Attributes:
        per_case: points off per defect, the value being their number.
        per_percent: instead, points off per 1 percent, the value being a share of units or money in percent.
        counts: extra input (a number of defects) → points off per case.
        max_deduction: most points taken off in all; all of them when null.
    """

    per_case: DecimalText | None = Field(default=None, gt=0)
    per_percent: DecimalText | None = Field(default=None, gt=0)
    counts: dict[str, DecimalText] = {}
    max_deduction: DecimalText | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _consistent(self) -> DefectsParams:
        if self.per_case is not None and self.per_percent is not None:
            raise ValueError("per_case(每处扣分)与 per_percent(每1%扣分)只能给一个")
        if not self.prices:
            raise ValueError("须给出 per_case、per_percent 或 counts 中的一项")
        if min(self.prices.values()) <= 0:
            raise ValueError("每处扣分须大于0")
        return self

    @property
    def prices(self) -> dict[str, Decimal]:
        """Points off per unit of each input."""
        own = self.per_case if self.per_percent is None else self.per_percent
        return ({} if own is None else {"value": own}) | self.counts


BRANCHES = {
    "unscored": "缺问题数量,未评分",
    "none": "未发现问题,得满分",
    "deducted": "发现问题,按规定扣分",
    "limit": "发现问题,扣分至上限",
    "bad_count": "问题数量不是非负整数,或占比不在0%~100%之内,未评分",
}


def score(inputs: Inputs, params: DefectsParams) -> Points:
    """Points less what each defect takes off."""
    present = have(inputs, *params.prices)
    bad = np.zeros(len(inputs), dtype=bool)
    columns = {name: column for name in params.prices if (column := input_column(inputs, name)) is not None}
    prices = {name: Fraction(params.prices[name]) / 10**column.decimals for name, column in columns.items()}
    # Two int64 products add up safely (see exact.SAFE), more might not.
    top: IntArray = np.zeros(len(inputs), dtype=np.int64 if len(columns) <= 2 else object)
    bottom = math.lcm(*(price.denominator for price in prices.values()))
    for name, column in columns.items():
        bad |= _bad(column, percent=name == "value" and params.per_percent is not None)
        # A missing count is taken as none only for the highest points still possible.
        top = top + multiply(np.where(column.valid, column.units, 0), int(prices[name] * bottom))
    points = left_over(inputs, np.maximum(top, 0), bottom, params.max_deduction)
    least = least_left(inputs, params.max_deduction)
    cases: Cases = [
        ("bad_count", bad, 0),
        ("unscored", ~present, 0),
        ("none", np.asarray(top == 0, dtype=bool), inputs.weight),
        ("limit", np.asarray(points <= least, dtype=bool), least),
        ("deducted", present, points),
    ]
    result = assemble_open(inputs, BRANCHES, cases, ("unscored", "bad_count"))
    # Defects already known cost their points whatever the missing counts will be.
    bound(result, ~present & ~bad, 0, points, inputs.weight)
    return result


def _bad(column: Exact, percent: bool) -> BoolArray:
    unit = 10**column.decimals
    strange = (column.units < 0) | (column.units > 100 * unit if percent else column.units % unit != 0)
    return np.asarray(column.valid & strange, dtype=bool)


def explain(case: Case, params: DefectsParams) -> str:
    """The remark with every kind of defect found and what it costs."""
    numbers = {name: case.value if name == "value" else case.extra.get(name) for name in params.prices}
    missing = [name for name, number in numbers.items() if number is None]
    if case.branch == "bad_count":
        return f"{case.name}{_listed(case, numbers, params)},{_complaint(params)},未评分,请核对"
    if case.branch == "unscored" or missing:
        titles = "、".join(_title(case, name) for name in missing)
        return f"{case.name}未提供{titles or '问题数量'},未评分"
    if case.branch == "none":
        return f"{case.name}未发现问题,{part_text(case, Decimal(100))}"
    found = {name: number for name, number in numbers.items() if number}
    most = "" if params.max_deduction is None else f",最多扣{trimmed(params.max_deduction)}分"
    costs = ";".join(_cost(case, name, params) for name in found)
    return f"{case.name}{_listed(case, found, params)},{costs}{most},{deduction(case)}"


def _complaint(params: DefectsParams) -> str:
    return "占比应在0%至100%之间" if params.per_percent is not None else "问题数量应为不小于0的整数"


def _title(case: Case, name: str) -> str:
    return "问题数量" if name == "value" else case.extra_titles.get(name, name)


def _unit(case: Case, name: str) -> str:
    return (case.unit if name == "value" else case.extra_units.get(name)) or "处"


def _listed(case: Case, numbers: Mapping[str, Decimal | None], params: DefectsParams) -> str:
    """“3处” of the value, “重大问题1处” of the others."""
    texts = []
    for name, number in numbers.items():
        if number is None:
            continue
        percent = name == "value" and params.per_percent is not None
        amount = f"{trimmed(number)}{'%' if percent else _unit(case, name)}"
        texts.append(amount if name == "value" else f"{_title(case, name)}{amount}")
    return "、".join(texts)


def _cost(case: Case, name: str, params: DefectsParams) -> str:
    price = trimmed(params.prices[name])
    if name == "value":
        return f"每1%扣{price}分" if params.per_percent is not None else f"每{_unit(case, name)}扣{price}分"
    return f"{_title(case, name)}每{_unit(case, name)}扣{price}分"


def describe(terms: Terms, params: DefectsParams) -> str:
    """What each kind of defect costs, and where the deduction ends."""
    costs = []
    for name, price in params.prices.items():
        unit = terms.units.get(name) or "处"
        whose = "" if name == "value" else f"“{terms.title(name)}”"
        each = "问题占比每1%" if name == "value" and params.per_percent is not None else f"{whose}每{unit}"
        costs.append(f"{each}扣{trimmed(price)}分")
    return f"未发现问题{full_text(terms)};{'、'.join(costs)},{limit_text(terms, params.max_deduction)}"


KIND = RuleKind(
    name="defects",
    version="1.0.0",
    title="问题扣分",
    summary="每发现一处问题(或问题占比每1%)扣规定的分,扣完为止。",
    params=DefectsParams,
    branches=BRANCHES,
    score=score,
    explain=explain,
    describe=describe,
    needs=(),
    sources=("财预〔2020〕10号 附件2框架下的地方评分表(每发现一处扣分)",),
)
