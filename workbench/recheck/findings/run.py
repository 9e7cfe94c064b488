"""Applying the rules: what they see becomes findings in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.base.text import beginning
from workbench.recheck.findings.batch import Batch
from workbench.recheck.findings.catalogue import ActiveRule
from workbench.recheck.findings.reviewed import Reviewed
from workbench.recheck.findings.rule import Seen
from workbench.recheck.model import Form
from workbench.recheck.outcome import Finding

LONGEST = 300
"""Characters of a cell that a finding repeats."""
BLANK = "空白"
"""What stands for nothing; it is no quotation."""
_ALL = -1


def form_findings(reviewed: Reviewed, rules: Sequence[ActiveRule]) -> tuple[Finding, ...]:
    """What the rules for single forms see in one, gravest first, then by place.

    Raises:
        Exception: whatever the rule of a plugin raises.
    """
    return _ordered(
        _finding(rule, seen, seen.form or reviewed.form)
        for rule in rules
        if rule.scope == "form"
        for seen in rule.check(reviewed, rule.params)
    )


def batch_findings(batch: Batch, rules: Sequence[ActiveRule]) -> tuple[Finding, ...]:
    """What the rules over all forms see. ``form`` is 0 where a line of a list is meant, not a form.

    Raises:
        Exception: whatever the rule of a plugin raises.
    """
    lists = {"forms": True, "register": batch.register is not None, "approved": batch.approved is not None}
    return _ordered(
        _finding(rule, seen, seen.form)
        for rule in rules
        if lists.get(rule.scope, False)
        for seen in rule.check(batch, rule.params)
    )


def _finding(rule: ActiveRule, seen: Seen, form: Form | None) -> Finding:
    cell = seen.cell
    written = seen.found if seen.found is not None else "" if cell is None else cell.text
    blank = written in ("", BLANK)
    found = BLANK if blank else written
    found = beginning(found, LONGEST)
    words = {
        **seen.told,
        "found": found,
        "stands": found if blank else f"为“{found}”",
        "expected": seen.expected,
        "indicator": seen.indicator,
        "field": seen.field,
    }
    return Finding(
        file=form.file if form is not None else seen.file,
        form=form.number if form is not None else 0,
        code=rule.code,
        severity=rule.severity,
        spot=None if cell is None else cell.spot,
        field=seen.field,
        indicator=seen.indicator,
        found=found,
        expected=seen.expected,
        message=rule.message.format_map(words),
        suggestion=rule.suggestion.format_map(words),
    )


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=_place))


def _place(finding: Finding) -> tuple[str, str, int, str, int, int, str]:
    spot = finding.spot
    row, column = (_ALL, _ALL) if spot is None else (spot.row, spot.column)
    sheet = "" if spot is None else spot.sheet
    return finding.severity, finding.file, finding.form, sheet, row, column, finding.code
