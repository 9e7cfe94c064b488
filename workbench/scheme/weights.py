"""Weights: what an indicator weighs in the tree chosen, and the conditions of the documents on it.

The conditions are 原则上, so breaking one is a finding and not an error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from workbench.base.errors import Place, Problem
from workbench.base.text import plain, suggest, trimmed
from workbench.scheme.findings import Finding, cited
from workbench.scheme.pack import Indicator, Variant, WeightRange
from workbench.scheme.plan import Plan
from workbench.scheme.ruleset import Ruleset


def by_level1(indicators: Sequence[Indicator]) -> dict[str, Decimal]:
    """Points of each level 1, in the order of the tree."""
    points: dict[str, Decimal] = {}
    for indicator in indicators:
        points[indicator.level1] = points.get(indicator.level1, Decimal(0)) + indicator.weight
    return points


def in_tree(
    variant: Variant | None, indicators: Sequence[Indicator], keep: Collection[str] = frozenset()
) -> list[Indicator]:
    """The pack's indicators as they weigh in one of its trees; those the tree gives 0 are left out.

    Args:
        keep: codes that stay although the tree leaves them out, because the plan gives them a weight of its own.
    """
    if variant is None or not variant.weights:
        return list(indicators)
    tree = []
    for indicator in indicators:
        weight = variant.weights.get(indicator.code)
        if weight is None:
            tree.append(indicator)
        elif weight or indicator.code in keep:
            tree.append(indicator.model_copy(update={"weight": weight}))
    return tree


def tree_problems(variant: Variant | None, indicators: Sequence[Indicator], place: Place) -> Iterator[Problem]:
    """What is wrong with a tree's own weights: a code the pack does not have, a weight below 0."""
    if variant is None:
        return
    codes = [i.code for i in indicators]
    for code, weight in variant.weights.items():
        if code not in codes:
            message = f"指标树“{variant.title}”给不存在的指标定了分值"
            yield Problem("variant_weight", message, place, code, fix=suggest(code, codes))
        elif weight < 0:
            message = f"指标树“{variant.title}”中指标“{code}”的分值小于0"
            yield Problem("variant_weight", message, place, plain(weight), "0或正数,0表示该树不设此指标")


def left_out_problem(variant: Variant, code: str, place: Place) -> Problem:
    """A plan changes an indicator that the chosen tree does not have."""
    fix = "请删去这条调整;要把它加进来,请用 kind: weight 给出分值"
    return Problem("not_in_tree", f"所选指标树“{variant.title}”不设这个指标", place, code, fix=fix)


def check_weights(
    plan: Plan,
    variant: Variant | None,
    ruleset: Ruleset,
    indicators: Sequence[Indicator],
    ranges: Sequence[WeightRange] = (),
) -> Iterator[Finding]:
    """Findings on level-1 weights: the tree's own points, the ruleset's minimum shares, the ranges a source allows."""
    points = by_level1(indicators)
    if variant is not None:
        yield from _variant(points, variant, ruleset)
    for check in ruleset.weight_checks:
        applies = not check.stages or plan.stage in check.stages
        if not applies:
            continue
        if not set(check.level1) & {*points, *(variant.level1 if variant else ())}:
            continue  # another kind of evaluation: a fund's or an asset's tree has no such level 1 at all
        have = sum((points.get(name, Decimal(0)) for name in check.level1), Decimal(0))
        if have < check.minimum:
            names = "、".join(check.level1)
            message = f"{names}分值合计{trimmed(have)},低于原则要求的{trimmed(check.minimum)}"
            yield Finding(check.code, "warning", message, clause=check.clause)
    for limits, have in out_of_range(points, ranges):
        yield Finding("weight_range", "warning", range_text(limits, have), clause=limits.clause)


def out_of_range(points: dict[str, Decimal], ranges: Sequence[WeightRange]) -> Iterator[tuple[WeightRange, Decimal]]:
    """The ranges that a tree with these level-1 points breaks, with the points it has."""
    for limits in ranges:
        have = points.get(limits.level1, Decimal(0))
        if not limits.low <= have <= limits.high:
            yield limits, have


def range_text(limits: WeightRange, have: Decimal) -> str:
    """A broken range in one sentence."""
    allowed = f"{trimmed(limits.low)}—{trimmed(limits.high)}"
    return f"一级指标“{limits.level1}”分值{trimmed(have)},不在{cited(limits.clause)}规定的{allowed}之内"


def _variant(points: dict[str, Decimal], variant: Variant, ruleset: Ruleset) -> Iterator[Finding]:
    for name in dict.fromkeys([*variant.level1, *points]):
        want, have = variant.level1.get(name, Decimal(0)), points.get(name, Decimal(0))
        if want != have:
            message = f"一级指标“{name}”分值{trimmed(have)},“{variant.title}”原则上为{trimmed(want)}"
            yield Finding("level1_weight", "warning", message, clause=variant.clause)
    if variant.ruleset is not None and variant.ruleset != ruleset.id:
        message = f"指标树“{variant.title}”出自{variant.ruleset},计分却用{ruleset.id}({ruleset.title})"
        yield Finding("mixed_rulesets", "warning", message, clause=variant.clause)
