"""Band table: the value falls into a band and takes the band's share of the points.

财预〔2021〕101号 三(七)4: satisfaction ≥90 % → 10, [80,90) → 8, [60,80) → 5, below → 0 of 10.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, have
from workbench.scoring.rules.columns import beside, column
from workbench.scoring.rules.points import assemble_open, part
from workbench.scoring.rules.wording import ladder


class BandShare(Model):
    """From ``at`` on (upwards: value ≥ at; downwards: value ≤ at) the band gives ``share`` percent of the points."""

    at: DecimalText
    share: DecimalText = Field(ge=0, le=100)


class BandedParams(Model):
    """``bands`` from best to worst; what no band takes gets ``otherwise`` percent.

    ``better``: higher values are better (limits are inclusive lower ends) or lower ones (inclusive upper ends).
    ``exclusive``: limits do not belong to their band.
    """

    bands: list[BandShare] = Field(min_length=1)
    otherwise: DecimalText = Field(default=Decimal(0), ge=0, le=100)
    better: Literal["higher", "lower"] = "higher"
    exclusive: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> BandedParams:
        limits = [b.at for b in self.bands]
        if limits != sorted(limits, reverse=self.better == "higher") or len(set(limits)) != len(limits):
            raise ValueError("分档界限须从最好一档到最差一档排列且不重复")
        return self


BRANCHES = {"unscored": "缺数据,未评分", "band": "按所在档次得分", "otherwise": "未达到最低一档"}


def score(inputs: Inputs, params: BandedParams) -> Points:
    """Points of the band the value falls into."""
    present = have(inputs, "value")
    cases: Cases = [("unscored", ~present, 0)]
    for band in params.bands:
        value, limit = beside(column(inputs, "value"), band.at)
        inside = np.asarray(_holds(value, limit, params), dtype=bool)
        cases.append(("band", inside, part(inputs.weight, band.share)))
    cases.append(("otherwise", present, part(inputs.weight, params.otherwise)))
    return assemble_open(inputs, BRANCHES, cases, ("unscored",))


def explain(case: Case, params: BandedParams) -> str:
    """The remark with the band named."""
    if case.value is None or case.branch == "unscored":
        return f"{case.name}未提供完成值,未评分"
    sign, _ = _signs(params)
    unit = case.unit or ""
    last = params.bands[-1]
    if case.branch == "otherwise":
        share, text = params.otherwise, f"未达到{sign}{trimmed(last.at)}{unit}的最低一档"
    else:
        reached = next((b for b in params.bands if _holds(case.value, b.at, params)), last)
        share, text = reached.share, f"属于{sign}{trimmed(reached.at)}{unit}一档"
    return f"{case.name}{case.shown_value},{text},得{case.shown_weight}×{trimmed(share)}%={case.shown_points}分"


def describe(terms: Terms, params: BandedParams) -> str:
    """Every band with its points."""
    bands = [(b.at, b.share) for b in params.bands]
    return f"{terms.title('value')}{ladder(terms, bands, params.otherwise, terms.unit, _signs(params))}"


def _signs(params: BandedParams) -> tuple[str, str]:
    """Sign of a value inside a limit, and of one outside it."""
    inclusive, exclusive = {"higher": (("≥", "<"), (">", "≤")), "lower": (("≤", ">"), ("<", "≥"))}[params.better]
    return exclusive if params.exclusive else inclusive


def _holds(value: Any, limit: Any, params: BandedParams) -> Any:
    """Whether a number is inside the limit, or where a column of units is."""
    if params.better == "higher":
        return value > limit if params.exclusive else value >= limit
    return value < limit if params.exclusive else value <= limit


KIND = RuleKind(
    name="banded",
    version="1.0.0",
    title="分档计分",
    summary="按值所在的档次取该档的分值比例,档次下限含本数。",
    params=BandedParams,
    branches=BRANCHES,
    score=score,
    explain=explain,
    describe=describe,
    sources=("财预〔2021〕101号 附件1 三(七)4",),
)
