"""A run and its texts with less in them: what the publication edition is made from, so that it cannot show the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from workbench.base.models import Model
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Texts
from workbench.reports.gallery import drawn, gallery
from workbench.reports.publication.consent import EXPLANATIONS
from workbench.reports.publication.people import PERSON
from workbench.reports.publication.personal import GONE
from workbench.reports.publication.redaction import Redaction
from workbench.reports.reading import PURE_NUMBER
from workbench.scoring.result import RunResult

_APPROVED = re.compile(r"[^;；]*于(?=\d{4}-\d{2}-\d{2}批准)")
"""Who approved that an indicator does not apply."""
_FIXED = {
    *("id", "code", "rule", "indicator", "name_of", "status", "state", "kind", "step", "severity", "reads"),
    *("evidence_status", "direction", "grade", "score_grade", "schema_version", "as_of", "stage", "phase"),
    *("pack", "ruleset", "policy", "engine", "scheme_digest", "evidence_digest", "ledger_head", "parent"),
    *("derivations", "charts", "analyses", "evaluation", "merge_rule", "roles"),
}
"""Fields that are no free text: codes, states, versions. Digests stand in the result and in no output made of it."""
_CLAUSES = re.compile(r"[;；]|。")
_TELLING = 6
"""Characters of a clause that says something by itself: findings quote explanations clause by clause."""


def reduced_source(source: ReportSource, texts: Texts, redaction: Redaction) -> ReportSource:
    """The run without people, opinions, evidence and whatever is asked for. Charts are drawn anew from what is left."""
    result = _result(source.result, texts, redaction)
    plan = source.plan.model_copy(
        update={"panel": None, "parties": source.plan.parties.model_copy(update={"lead": None})}
    )
    charts = {c.name: drawn(c) for c in gallery(result) if c.name in source.pictures}
    pictures, drawings = {n: c.png for n, c in charts.items()}, {n: c.svg for n, c in charts.items()}
    return replace(source, result=result, plan=plan, evidence=(), pictures=pictures, drawings=drawings)


def reduced_texts(texts: Texts) -> Texts:
    """The texts without the group, and without the evidence behind problems."""
    problems = [p.model_copy(update={"evidence": ""}) for p in texts.report.problems]
    report = texts.report.model_copy(update={"group": [], "lead": PERSON, "problems": problems})
    return replace(texts, report=report)


def _result(result: RunResult, texts: Texts, redaction: Redaction) -> RunResult:
    hidden = texts.report.publication.remove
    data: dict[str, Any] = result.model_dump()
    clean = _cleaner(data, hidden, redaction)
    data["notes"] = []  # how files were read
    for subject in data["subjects"]:
        subject["findings"] = [f for f in subject["findings"] if f["indicator"] not in hidden]
        for indicator in subject["indicators"]:
            _indicator(indicator, hidden)
        for item in (*subject["bonus"], *subject["deductions"]) if EXPLANATIONS in hidden else ():
            item["explanation"] = GONE
    if data["review"] is not None:
        data["review"] = _review(data["review"])
    for analysis in data["analyses"]:
        _analysis(analysis, clean)
    for chart in data["charts"]:
        chart["title"] = clean(chart["title"])
    return RunResult.model_validate(_cleaned(data, clean))


def _cleaner(data: dict[str, Any], hidden: Collection[str], redaction: Redaction) -> Callable[[str], str]:
    """What takes out of a text everything that is not for the public; explanations that are hidden wherever they are quoted."""
    items = [i for subject in data["subjects"] for i in subject["indicators"]]
    said = [i["explanation"] for i in items if EXPLANATIONS in hidden or i["code"] in hidden]
    said += [i[key] for i in items for key in ("formula", "substituted") if i["code"] in hidden and i[key]]
    if EXPLANATIONS in hidden:
        said += [x["explanation"] for s in data["subjects"] for x in (*s["bonus"], *s["deductions"])]
    clauses = {clause for text in said for clause in _CLAUSES.split(text) if len(clause) >= _TELLING}
    longest = sorted(clauses, key=lambda clause: (-len(clause), clause))

    def clean(text: str) -> str:
        for clause in longest:
            text = text.replace(clause, GONE)
        return redaction.text(text)

    return clean


def _indicator(indicator: dict[str, Any], hidden: Collection[str]) -> None:
    indicator["evidence"], indicator["review"] = [], None
    if indicator["status"] == "not_applicable":
        indicator["explanation"] = _APPROVED.sub("", indicator["explanation"])
    if indicator["code"] in hidden or EXPLANATIONS in hidden:
        indicator |= {"explanation": GONE, "formula": None, "substituted": None}
    if indicator["code"] in hidden:
        indicator |= {"value": None, "shown": None, "target": None}


def _review(review: dict[str, Any]) -> dict[str, Any]:
    """How many there were and how opinions were merged; not who, and not what anybody said."""
    unknown = {"id": "", "name": "", "specialty": None, "organisation": None, "title": None, "recused": None}
    people = [person | unknown | {"weight": "1"} for person in review["people"]]
    fallen = [line | {"message": "", "indicator": None} for line in review["not_applied"]]
    return review | {"people": people, "notes": [], "not_applied": fallen}


def _analysis(analysis: dict[str, Any], clean: Callable[[str], str]) -> None:
    analysis["title"], analysis["note"] = clean(analysis["title"]), clean(analysis["note"] or "") or None
    analysis["sources"] = [clean(source) for source in analysis["sources"]]
    # The first cell of a row is the id of its subject.
    analysis["rows"] = [[row[0], *(_cleaned(cell, clean) for cell in row[1:])] for row in analysis["rows"]]


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    """Every free text of a value; numbers and fixed fields stay."""
    if isinstance(value, dict):
        return {key: inner if key in _FIXED else _cleaned(inner, clean) for key, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner, clean) for inner in value]
    if isinstance(value, str) and not PURE_NUMBER.fullmatch(value):
        return clean(value)
    assert not isinstance(value, Model)
    return value
