"""The kinds a composite may hold: each decides a row from that row alone. No composite and no peer kind is among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.scoring.kinds import RuleKind
from workbench.scoring.rules import (
    banded,
    benchmark,
    deadline,
    defects,
    element_count,
    execution_rate,
    judged,
    product,
    proportional,
    questionnaire,
    step_deduction,
    two_sided,
)

SIMPLE_KINDS: Mapping[str, RuleKind[Any]] = {
    kind.name: kind
    for kind in (
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
        questionnaire.KIND,
        product.KIND,
    )
}
"""By name, as a composite's ``rule.kind`` writes it."""
