"""What a person judges: qualitative bands, yes or no, expert judgement. The rule never judges; it turns the finding into points.

财预〔2020〕10号 第十六条: 达成年度指标 100%–80%(含), 部分达成并具有一定效果 80%–60%(含), 未达成且效果较差 60%–0% of the points.
财预〔2021〕101号 附件1 三(七)1 (yes or no: all or nothing, or a stated part) and 3 (the same three bands).
Older local forms (湖北 2020 self-evaluation) write 100–80, 80–50, 50–0: that is ``bands`` with other lower ends.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from pydantic import Field, model_validator

from workbench.base.exact import BoolArray, IntArray, share_of
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, have
from workbench.scoring.rules.columns import scaled_up, yes_no_rows
from workbench.scoring.rules.points import assemble_open, bound, part
from workbench.scoring.rules.wording import FULL, full_text, part_text, points_of, share_text

SOURCES = ("财预〔2020〕10号 第十六条", "财预〔2021〕101号 附件1 三(七)")

# ---------------------------------------------------------------------------------------------------------------------
# qualitative
# ---------------------------------------------------------------------------------------------------------------------


class JudgedBand(Model):
    """From ``at`` percent (inclusive) up to the lower end of the band before it."""

    title: str
    at: DecimalText = Field(ge=0, lt=100)


class QualitativeParams(Model):
    """``bands`` from best to worst; the last one starts at 0."""

    bands: list[JudgedBand] = Field(
        default=[
            JudgedBand(title="达成年度指标", at=Decimal(80)),
            JudgedBand(title="部分达成年度指标并具有一定效果", at=Decimal(60)),
            JudgedBand(title="未达成年度指标且效果较差", at=Decimal(0)),
        ],
        min_length=1,
    )

    @model_validator(mode="after")
    def _ordered(self) -> QualitativeParams:
        ends = [b.at for b in self.bands]
        if ends != sorted(set(ends), reverse=True) or ends[-1] != 0:
            raise ValueError("定性档次须从最好一档到最差一档排列,下限不重复,最后一档的下限为0")
        return self

    def upper(self, index: int) -> Decimal:
        """Upper end of band ``index`` (0-based): 100 for the first, else the lower end of the band before."""
        return FULL if index == 0 else self.bands[index - 1].at


QUALITATIVE_BRANCHES = {
    "unscored": "未评定达成比例,未评分",
    "judged": "按评定比例得分",
    "band_mismatch": "评定比例不在所选档次之内,未评分",
    "band_unknown": "所选档次不存在,未评分",
    "out_of_range": "评定比例不在0%~100%之内,未评分",
}
QUALITATIVE_OPEN = ("unscored", "band_mismatch", "band_unknown", "out_of_range")


def score_qualitative(inputs: Inputs, params: QualitativeParams) -> Points:
    """Points times the percent judged; a band alone only bounds the points."""
    present = have(inputs, "value")
    percent, scale = _percent(inputs)
    outside = (percent < 0) | (percent > 100 * scale)
    named = [_named(inputs, i) for i in range(len(params.bands))]
    known, fits = np.zeros(len(inputs), dtype=bool), np.zeros(len(inputs), dtype=bool)
    for i, rows in enumerate(named):
        known |= rows
        fits |= rows & _holds(percent, scale, params, i)
    chosen = have(inputs, "band")
    cases: Cases = [
        ("band_unknown", chosen & ~known, 0),
        ("unscored", ~present, 0),
        ("out_of_range", outside, 0),
        ("band_mismatch", chosen & ~fits, 0),
        ("judged", present, share_of(inputs.weight, np.clip(percent, 0, 100 * scale), 100 * scale)),
    ]
    points = assemble_open(inputs, QUALITATIVE_BRANCHES, cases, QUALITATIVE_OPEN)
    for i, rows in enumerate(named):
        low, high = part(inputs.weight, params.bands[i].at), part(inputs.weight, params.upper(i))
        bound(points, rows & ~present, low, high, inputs.weight)
    return points


def _percent(inputs: Inputs) -> tuple[IntArray, int]:
    """The percent judged and how many units one percent has."""
    if inputs.value is None:
        return np.zeros(len(inputs), dtype=np.int64), 1
    value = inputs.value.rescale(max(6, inputs.value.decimals))
    return value.units, 10**value.decimals


def _named(inputs: Inputs, index: int) -> BoolArray:
    """Rows whose ``band`` input names band ``index`` (0-based)."""
    column = inputs.extra.get("band")
    if column is None:
        return np.zeros(len(inputs), dtype=bool)
    return np.asarray(column.valid & (column.units == (index + 1) * 10**column.decimals), dtype=bool)


def _holds(percent: IntArray, scale: int, params: QualitativeParams, index: int) -> BoolArray:
    inside = percent >= scaled_up(params.bands[index].at, scale)
    if index:
        inside = inside & (percent < scaled_up(params.upper(index), scale))
    return np.asarray(inside, dtype=bool)


def explain_qualitative(case: Case, params: QualitativeParams) -> str:
    """The remark with the band and the percent judged."""
    chosen = case.extra.get("band")
    if case.branch == "band_unknown":
        shown = "" if chosen is None else trimmed(chosen)
        return f"{case.name}所选档次{shown}不存在(共{len(params.bands)}档),未评分"
    if case.value is None or case.branch == "unscored":
        if chosen is not None and 1 <= chosen <= len(params.bands):
            return f"{case.name}评为{_range(params, int(chosen) - 1)},未评定具体比例,未评分"
        return f"{case.name}未评定达成比例,未评分"
    judged = f"评定比例{trimmed(case.value)}%"
    if case.branch == "out_of_range":
        return f"{case.name}{judged},不在0%~100%之内,未评分,请核对"
    if case.branch == "band_mismatch":
        index = min(max(int(chosen or 1), 1), len(params.bands)) - 1
        return f"{case.name}评为{_range(params, index)},但{judged}不在该档之内,未评分,请核对"
    index = next((i for i, b in enumerate(params.bands) if case.value is not None and case.value >= b.at), 0)
    return f"{case.name}评为{_range(params, index)},{judged},{part_text(case, case.value)}"


def _range(params: QualitativeParams, index: int) -> str:
    band = params.bands[index]
    return f"“{band.title}”({trimmed(params.upper(index))}%~{trimmed(band.at)}%)"


def describe_qualitative(terms: Terms, params: QualitativeParams) -> str:
    """Every band with its percents and its points."""
    texts = []
    for index, band in enumerate(params.bands):
        ends = band.at, params.upper(index)
        percents = "—".join(f"{trimmed(end)}%" for end in ends)
        points = "—".join(points_of(terms, end) for end in ends)
        texts.append(f"“{band.title}”{percents}得{points}分")
    bounds = ";各档含下限、不含上限,最高一档含100%" if len(texts) > 1 else ""
    return f"按评定的达成比例得分:{';'.join(texts)}{bounds}"


QUALITATIVE = RuleKind(
    name="qualitative",
    version="1.0.0",
    title="定性分档",
    summary="按评定的达成比例得分;比例须落在所选档次之内,档次下限含本数。",
    params=QualitativeParams,
    branches=QUALITATIVE_BRANCHES,
    score=score_qualitative,
    explain=explain_qualitative,
    describe=describe_qualitative,
    sources=(*SOURCES, "湖北2020绩效自评表填表说明(100–80、80–50、50–0)"),
    judged=lambda _: True,
)

# ---------------------------------------------------------------------------------------------------------------------
# yes_no
# ---------------------------------------------------------------------------------------------------------------------


class YesNoParams(Model):
    """``no_share``: percent of the points given when the answer is no."""

    no_share: DecimalText = Field(default=Decimal(0), ge=0, le=100)


YES_NO_BRANCHES = {
    "unscored": "未判断是否符合,未评分",
    "yes": "符合要求,得满分",
    "no": "不符合要求",
    "out_of_range": "判断结果不是1(是)或0(否),未评分",
}


def score_yes_no(inputs: Inputs, params: YesNoParams) -> Points:
    """Full points for 1; the stated part, by default nothing, for 0."""
    present = have(inputs, "value")
    yes, no = yes_no_rows(inputs.value, len(inputs))
    cases: Cases = [
        ("unscored", ~present, 0),
        ("yes", yes, inputs.weight),
        ("no", no, part(inputs.weight, params.no_share)),
        ("out_of_range", present, 0),
    ]
    return assemble_open(inputs, YES_NO_BRANCHES, cases, ("unscored", "out_of_range"))


def explain_yes_no(case: Case, params: YesNoParams) -> str:
    """The remark: met or not met."""
    if case.value is None or case.branch == "unscored":
        return f"{case.name}未判断是否符合要求,未评分"
    if case.branch == "out_of_range":
        return f"{case.name}的判断结果{trimmed(case.value)}不是1(是)或0(否),未评分,请核对"
    if case.branch == "yes":
        return f"{case.name}符合要求,{part_text(case, FULL)}"
    return f"{case.name}不符合要求,{part_text(case, params.no_share)}"


def describe_yes_no(terms: Terms, params: YesNoParams) -> str:
    """What yes and no give."""
    return f"符合要求{full_text(terms)},不符合的{share_text(terms, params.no_share)}"


YES_NO = RuleKind(
    name="yes_no",
    version="1.0.0",
    title="是否判断",
    summary="符合要求得满分;不符合不得分或只得规定的比例。",
    params=YesNoParams,
    branches=YES_NO_BRANCHES,
    score=score_yes_no,
    explain=explain_yes_no,
    describe=describe_yes_no,
    sources=("财预〔2021〕101号 附件1 三(七)1",),
)

# ---------------------------------------------------------------------------------------------------------------------
# judgement
# ---------------------------------------------------------------------------------------------------------------------


class JudgementParams(Model):
    """Nothing to set: the points are the experts'."""


JUDGEMENT_BRANCHES = {"unscored": "未评分", "needs_expert": "须由专家评议计分"}


def score_judgement(inputs: Inputs, params: JudgementParams) -> Points:
    """No points of its own: an expert's recorded adjustment gives them."""
    cases: Cases = [("needs_expert", np.ones(len(inputs), dtype=bool), 0)]
    return assemble_open(inputs, JUDGEMENT_BRANCHES, cases, ("unscored", "needs_expert"))


def explain_judgement(case: Case, params: JudgementParams) -> str:
    """The remark that points are the experts'."""
    shown = "" if case.value is None else f"完成情况{case.shown_value},"
    return f"{case.name}{shown}须由专家在0至{case.shown_weight}分之间评议计分"


def describe_judgement(terms: Terms, params: JudgementParams) -> str:
    """That the points are the experts'."""
    return f"不自动计分,由专家在0至{terms.shown_weight}分之间评议计分并写明理由"


JUDGEMENT = RuleKind(
    name="judgement",
    version="1.0.0",
    title="专家评议",
    summary="不自动计分,由专家评议后填写得分和理由。",
    params=JudgementParams,
    branches=JUDGEMENT_BRANCHES,
    score=score_judgement,
    explain=explain_judgement,
    describe=describe_judgement,
    needs=(),
    sources=("财预〔2020〕10号 附件2",),
    judged=lambda _: True,
)
