"""Findings: what does not hold in a form, told with its place, what is written and what follows from the rules.

It runs one way: ``rule`` (what a rule is) → ``reviewed``, ``batch`` (what rules look at) → ``rules`` (the functions) →
``catalogue`` (declared, tuned, switched) → ``run``.
"""

from __future__ import annotations

from workbench.recheck.findings.batch import ApprovedIndicator, Batch, RegisterItem
from workbench.recheck.findings.catalogue import ActiveRule, active_rules, all_rules
from workbench.recheck.findings.reviewed import Reviewed
from workbench.recheck.findings.rule import Params, RecheckRule, Seen
from workbench.recheck.findings.run import batch_findings, form_findings

__all__ = [
    "ActiveRule", "ApprovedIndicator", "Batch", "Params", "RecheckRule", "RegisterItem", "Reviewed", "Seen",
    "active_rules", "all_rules", "batch_findings", "form_findings",
]  # fmt: skip
