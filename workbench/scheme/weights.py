"""Weight conditions of a ruleset's document. They are 原则上, so breaking one is a finding and not an error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from workbench.base.text import trimmed
from workbench.scheme.findings import Finding
from workbench.scheme.pack import Indicator, Variant
from workbench.scheme.plan import Plan
from workbench.scheme.ruleset import Ruleset


def check_weights(
    plan: Plan, variant: Variant | None, ruleset: Ruleset, indicators: Sequence[Indicator]
) -> Iterator[Finding]:
    """Findings on level-1 weights: against the tree's own points and against the ruleset's minimum shares."""
    points: dict[str, Decimal] = {}
    for indicator in indicators:
        points[indicator.level1] = points.get(indicator.level1, Decimal(0)) + indicator.weight
    if variant is not None:
        yield from _variant(points, variant, ruleset)
    for check in ruleset.weight_checks:
        applies = not check.stages or plan.stage in check.stages
        if not applies:
            continue
        have = sum((points.get(name, Decimal(0)) for name in check.level1), Decimal(0))
        if have < check.minimum:
            names = "、".join(check.level1)
            message = f"{names}分值合计{trimmed(have)},低于原则要求的{trimmed(check.minimum)}"
            yield Finding(check.code, "warning", message, clause=check.clause)


def _variant(points: dict[str, Decimal], variant: Variant, ruleset: Ruleset) -> Iterator[Finding]:
    for name in dict.fromkeys([*variant.level1, *points]):
        want, have = variant.level1.get(name, Decimal(0)), points.get(name, Decimal(0))
        if want != have:
            message = f"一级指标“{name}”分值{trimmed(have)},“{variant.title}”原则上为{trimmed(want)}"
            yield Finding("level1_weight", "warning", message, clause=variant.clause)
    if variant.ruleset is not None and variant.ruleset != ruleset.id:
        message = f"指标树“{variant.title}”出自{variant.ruleset},计分却用{ruleset.id}({ruleset.title})"
        yield Finding("mixed_rulesets", "warning", message, clause=variant.clause)
