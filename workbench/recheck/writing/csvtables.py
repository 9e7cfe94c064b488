"""findings.csv and summary.csv: what a re-check found, for programs. UTF-8 with BOM; no cell can become a formula.

A text that a spreadsheet would take for a formula gets an apostrophe before it, as in all CSV files of this program; what XML
cannot hold (control characters) is spelt out as [U+001B].
"""

from __future__ import annotations

from decimal import Decimal

from workbench.base.safetext import visible
from workbench.base.text import plain
from workbench.recheck.outcome import Finding
from workbench.recheck.writing.told import Batch, Told
from workbench.reports.csvfiles import csv_bytes

FINDINGS, SUMMARY = "findings.csv", "summary.csv"
FINDINGS_HEAD = ("file", "form", "code", "severity", "sheet", "cell", "found", "expected", "message", "suggestion")
SUMMARY_HEAD = (
    *("file", "form", "project", "unit", "self_total", "recomputed_total", "recheck_total", "difference"),
    *("self_grade", "recheck_grade", "findings"),
)


def findings_csv(batch: Batch) -> bytes:
    """Every finding, form by form, then those about no form."""
    return csv_bytes(FINDINGS_HEAD, [_finding(finding) for finding in batch.findings])


def summary_csv(batch: Batch) -> bytes:
    """One line per form; ``project`` of a whole department is its unit.

    ``difference`` is 复核得分 (规则复算得分 while there is none) − 自评得分; ``findings`` their number.
    """
    return csv_bytes(SUMMARY_HEAD, [_summary(told) for told in batch.forms])


def _finding(finding: Finding) -> list[str]:
    spot = finding.spot
    place = ("", "") if spot is None else (spot.sheet, spot.cell)
    form = str(finding.form) if finding.form else ""
    said = (finding.found, finding.expected, finding.message, finding.suggestion)
    return [visible(text) for text in (finding.file, form, finding.code, finding.severity, *place, *said)]


def _summary(told: Told) -> list[str]:
    form, one = told.form, told.one
    names = (form.file, str(form.number), told.listed, told.unit)
    totals = map(_number, (told.own, one.total, one.decided, told.difference))
    return [*map(visible, names), *totals, one.self_grade, one.grade, str(len(one.findings))]


def _number(number: Decimal | None) -> str:
    return "" if number is None else plain(number)
