"""All built-in rule kinds in the order of the documentation: the simple ones, then those that need peers or hold others."""

from __future__ import annotations

from typing import Any

from workbench.scoring.kinds import RuleKind
from workbench.scoring.rules import composite, extras, peers
from workbench.scoring.rules.simple import SIMPLE_KINDS

BUILTIN_KINDS: tuple[RuleKind[Any], ...] = (
    *SIMPLE_KINDS.values(),
    peers.RANGE_NORMALISED,
    peers.RANK_TIERS,
    composite.GATE,
    composite.MINIMUM,
    composite.PARTS,
    extras.BONUS,
    extras.DEDUCTION,
)
