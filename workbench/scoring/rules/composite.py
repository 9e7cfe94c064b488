"""Rules made of rules: a gate before a rule, the lower of several, weighted parts.

Worse than last year counts 0, and the lower of two scores holds (lakalal8.com/news/content/7542175919327.html); 目标成果×70%+
推广价值×30%, below target a fixed score (wenjuan.com/lib_detail_full/627ebfa9453d32e671059f1d); 未编制实施意见的后续各项不得分
(www.ahxx.gov.cn/grassroots/255/155835351.html). The inner rules are simple built-in kinds, each with its own checked
parameters; an inner input reads the indicator's input of the same name unless ``inputs`` names another.
"""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from itertools import pairwise
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from workbench.base.exact import BoolArray, aligned, from_units, half_up, to_units
from workbench.base.models import DecimalText, Model
from workbench.base.text import trimmed, with_unit
from workbench.scoring.kinds import Case, Cases, Inputs, Points, RuleKind, Terms, assemble, have, input_column
from workbench.scoring.rules.columns import column, yes_no_rows
from workbench.scoring.rules.inner import InnerRule, bounded, bounds_of, number_of, points_decimals
from workbench.scoring.rules.points import part

# ---------------------------------------------------------------------------------------------------------------------
# gate
# ---------------------------------------------------------------------------------------------------------------------


class GateParams(Model):
    """``rule`` scores only where the gate is open; where it is closed ``closed_points`` (0) are given.

    ``condition``: not_worse or better compare the inputs named ``current`` and ``previous`` in the indicator's direction;
    flag reads the further input ``condition``, 1 open and 0 closed.
    """

    rule: InnerRule
    condition: Literal["not_worse", "better", "flag"]
    current: str = "current"
    previous: str = "previous"
    closed_points: DecimalText = Field(default=Decimal(0), ge=0)

    @property
    def own(self) -> tuple[str, ...]:
        """Further inputs that are the gate's and not the inner rule's, unless that names them."""
        return ("condition",) if self.condition == "flag" else (self.current, self.previous)


GATE_BRANCHES = {
    "unscored": "缺前置条件的数据,未评分",
    "inner": "符合前置条件,按规则得分",
    "gate_closed": "不符合前置条件,按规定计分",
    "inner_unscored": "符合前置条件,但缺计分数据,未评分",
}


def gate(inputs: Inputs, params: GateParams) -> tuple[BoolArray, BoolArray]:
    """Rows whose gate is known to be open, and rows whose gate is known to be closed."""
    if params.condition == "flag":
        return yes_no_rows(input_column(inputs, "condition"), len(inputs))
    known = have(inputs, params.current, params.previous)
    _, (now, before) = aligned(column(inputs, params.current), column(inputs, params.previous))
    gain = before - now if inputs.direction == "lte" else now - before
    opened = np.asarray(gain > 0 if params.condition == "better" else gain >= 0, dtype=bool)
    return known & opened, known & ~opened


def score_gate(inputs: Inputs, params: GateParams) -> Points:
    """The inner rule's points where the gate is open."""
    opened, closed = gate(inputs, params)
    inner = params.rule.score(inputs, inputs.weight, params.own)
    least = min(inputs.points(params.closed_points), inputs.weight)
    cases: Cases = [
        ("gate_closed", closed, least),
        ("inner", opened & inner.scored, inner.units),
        ("inner_unscored", opened, 0),
    ]
    points = assemble(inputs, GATE_BRANCHES, cases)
    points.scored = closed | (opened & inner.scored)
    low, high = bounds_of(inner)
    return bounded(
        points, np.where(opened, low, np.minimum(low, least)), np.where(opened, high, np.maximum(high, least))
    )


def explain_gate(case: Case, params: GateParams) -> str:
    """The condition with its numbers, then the inner rule's sentence."""
    condition = _condition(case, params)
    if condition is None or case.branch == "unscored":
        return f"{case.name}未提供前置条件的数据(或不是1、0),未评分"
    if case.branch == "gate_closed":
        return f"{case.name}{condition},按规定{case.verb}"
    decimals = points_decimals(case)
    return f"{condition};{params.rule.explain(case, to_units(case.weight, decimals), decimals, params.own)}"


def _condition(case: Case, params: GateParams) -> str | None:
    if params.condition == "flag":
        flag, title = case.extra.get("condition"), case.extra_titles.get("condition", "前置条件")
        return None if flag is None else f"{title}{'符合' if flag == 1 else '不符合'}"
    now, before = number_of(case, params.current), number_of(case, params.previous)
    if now is None or before is None:
        return None
    worse = now > before if case.direction == "lte" else now < before
    word = "持平" if now == before else "变差" if worse else "改善"
    named = {"current": "本期", "previous": "上期", "value": "完成值", "target": "目标值"}
    first, second = (case.extra_titles.get(n, named.get(n, n)) for n in (params.current, params.previous))
    if params.previous == "target" and now != before:
        word = "未达到目标" if worse else "好于目标"
    return f"{first}{with_unit(now, case.unit)}、{second}{with_unit(before, case.unit)},{word}"


def describe_gate(terms: Terms, params: GateParams) -> str:
    """The condition, what it gives where it is not met, and the rule behind it."""
    least = trimmed(half_up(min(params.closed_points, terms.weight), terms.decimals))
    closed = "不得分" if least == "0" else f"得{least}分"
    inner = params.rule.described(terms, terms.weight, params.own)
    return f"须{_condition_text(terms, params)},否则{closed};符合的按{inner}"


def _condition_text(terms: Terms, params: GateParams) -> str:
    if params.condition == "flag":
        return f"“{terms.title('condition', '前置条件')}”符合"
    fewer, more = ("不高于", "低于") if terms.direction == "lte" else ("不低于", "高于")
    sign = more if params.condition == "better" else fewer
    now, before = terms.title(params.current, "本期值"), terms.line(params.previous, "上期值")
    return f"{now}{sign}{before}"


GATE = RuleKind(
    name="gate",
    version="1.0.0",
    title="前置条件",
    summary="前置条件不符合的按规定计分(通常为0分),符合的按内层规则计分。",
    params=GateParams,
    branches=GATE_BRANCHES,
    score=score_gate,
    explain=explain_gate,
    describe=describe_gate,
    needs=(),
    sources=("大气污染防治考核(两项浓度与上年相比不降反升均计0分)", "县级评价表(未编制实施意见的后续各项不得分)"),
    judged=lambda params: params.rule.judged,
)

# ---------------------------------------------------------------------------------------------------------------------
# minimum
# ---------------------------------------------------------------------------------------------------------------------


class MinimumParams(Model):
    """The lowest points of two or more rules, each scored for the whole weight."""

    rules: list[InnerRule] = Field(min_length=2)


MINIMUM_BRANCHES = {"unscored": "有一项未评分", "lowest": "取各项中较低得分"}


def score_minimum(inputs: Inputs, params: MinimumParams) -> Points:
    """The lower of the inner rules' points; open as long as one of them is."""
    inner = [rule.score(inputs, inputs.weight) for rule in params.rules]
    done = np.asarray(np.all([p.scored for p in inner], axis=0), dtype=bool)
    lowest = reduce(np.minimum, [p.units for p in inner])
    points = assemble(inputs, MINIMUM_BRANCHES, [("lowest", done, lowest)])
    lows, highs = zip(*(bounds_of(p) for p in inner), strict=True)
    return bounded(points, reduce(np.minimum, lows), reduce(np.minimum, highs))


def explain_minimum(case: Case, params: MinimumParams) -> str:
    """Every inner sentence, then the lowest."""
    decimals = points_decimals(case)
    weight = to_units(case.weight, decimals)
    parts = ";".join(f"({i}){rule.explain(case, weight, decimals)}" for i, rule in enumerate(params.rules, 1))
    return f"{parts};{'有一项未评分,暂不计分' if case.points is None else f'取较低得分,{case.verb}'}"


def describe_minimum(terms: Terms, params: MinimumParams) -> str:
    """Every rule in words."""
    texts = [f"({i}){rule.described(terms, terms.weight)}" for i, rule in enumerate(params.rules, 1)]
    return f"按下列各项分别计分,取最低得分:{';'.join(texts)}"


MINIMUM = RuleKind(
    name="minimum",
    version="1.0.0",
    title="取较低值",
    summary="按两项或多项规则分别计分,取其中最低的得分。",
    params=MinimumParams,
    branches=MINIMUM_BRANCHES,
    score=score_minimum,
    explain=explain_minimum,
    describe=describe_minimum,
    needs=(),
    sources=("大气污染防治考核(部分省份取两类得分中较低分值)",),
    judged=lambda params: any(rule.judged for rule in params.rules),
)

# ---------------------------------------------------------------------------------------------------------------------
# parts
# ---------------------------------------------------------------------------------------------------------------------


class Part(Model):
    """One rule and the percent of the weight it decides."""

    title: str
    share: DecimalText = Field(gt=0, lt=100)
    rule: InnerRule


class PartsParams(Model):
    """``parts``: rules whose shares of the weight add to 100 percent."""

    parts: list[Part] = Field(min_length=2)

    @model_validator(mode="after")
    def _whole(self) -> PartsParams:
        total = sum(p.share for p in self.parts)
        if total != 100:
            raise ValueError(f"各部分占比之和须为100,现为{trimmed(Decimal(total))}")
        return self


PARTS_BRANCHES = {"unscored": "有一部分未评分", "summed": "各部分得分之和"}


def part_weights(weight: int, params: PartsParams) -> list[int]:
    """Points of every part: the rounded running total's steps, so that they add to the weight exactly."""
    ends, running = [0], Decimal(0)
    for piece in params.parts:
        running += piece.share
        ends.append(part(weight, running))
    return [after - before for before, after in pairwise(ends)]


def score_parts(inputs: Inputs, params: PartsParams) -> Points:
    """The sum of the parts, each rounded on its own; open as long as one part is."""
    weights = part_weights(inputs.weight, params)
    inner = [piece.rule.score(inputs, w) for piece, w in zip(params.parts, weights, strict=True)]
    done = np.asarray(np.all([p.scored for p in inner], axis=0), dtype=bool)
    points = assemble(inputs, PARTS_BRANCHES, [("summed", done, reduce(np.add, [p.units for p in inner]))])
    lows, highs = zip(*(bounds_of(p) for p in inner), strict=True)
    return bounded(points, reduce(np.add, lows), reduce(np.add, highs))


def explain_parts(case: Case, params: PartsParams) -> str:
    """Every part's sentence with its points, then the sum."""
    decimals = points_decimals(case)
    weights = part_weights(to_units(case.weight, decimals), params)
    parts = [
        f"{piece.title}(占{trimmed(piece.share)}%,{trimmed(from_units(w, decimals))}分):"
        f"{piece.rule.explain(case, w, decimals)}"
        for piece, w in zip(params.parts, weights, strict=True)
    ]
    return f"{';'.join(parts)};{'有一部分未评分,暂不计分' if case.points is None else f'合计{case.verb}'}"


def describe_parts(terms: Terms, params: PartsParams) -> str:
    """Every part with its points and its rule."""
    weights = [from_units(w, terms.decimals) for w in part_weights(to_units(terms.weight, terms.decimals), params)]
    texts = [
        f"({i}){piece.title}占{trimmed(piece.share)}%即{trimmed(weight)}分,按{piece.rule.described(terms, weight)}"
        for i, (piece, weight) in enumerate(zip(params.parts, weights, strict=True), 1)
    ]
    return f"各部分得分相加:{';'.join(texts)}"


PARTS = RuleKind(
    name="parts",
    version="1.0.0",
    title="加权分项合成",
    summary="分值按占比分给各部分,各部分按自己的规则计分后相加。",
    params=PartsParams,
    branches=PARTS_BRANCHES,
    score=score_parts,
    explain=explain_parts,
    describe=describe_parts,
    needs=(),
    sources=("社科项目结项评价(目标成果×70%+推广价值×30%)",),
    judged=lambda params: any(piece.rule.judged for piece in params.parts),
)
