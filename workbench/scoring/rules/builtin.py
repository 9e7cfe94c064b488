"""All built-in rule kinds in the order of the documentation."""

from __future__ import annotations

from typing import Any

from workbench.scoring.kinds import RuleKind
from workbench.scoring.rules import (
    banded,
    deadline,
    defects,
    element_count,
    execution_rate,
    judged,
    proportional,
    step_deduction,
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
)
