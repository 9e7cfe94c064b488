"""All built-in rule kinds in the order of the documentation."""

from __future__ import annotations

from typing import Any

from workbench.scoring.kinds import RuleKind
from workbench.scoring.rules import (
    banded,
    benchmark,
    composite,
    deadline,
    defects,
    element_count,
    execution_rate,
    extras,
    judged,
    peers,
    product,
    proportional,
    questionnaire,
    step_deduction,
    two_sided,
)

BUILTIN_KINDS: tuple[RuleKind[Any], ...] = (
    proportional.KIND,
    banded.KIND,
    execution_rate.KIND,
    judged.QUALITATIVE,
    judged.YES_NO,
    judged.JUDGEMENT,
    deadline.KIND,
    step_deduction.KIND,
    element_count.KIND,
    defects.KIND,
    benchmark.KIND,
    two_sided.KIND,
    peers.RANGE_NORMALISED,
    peers.RANK_TIERS,
    questionnaire.KIND,
    product.KIND,
    composite.GATE,
    composite.MINIMUM,
    composite.PARTS,
    extras.BONUS,
    extras.DEDUCTION,
)
