"""Conclude: from scorecard and totals to the public result of every evaluated subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workbench.base.exact import from_units
from workbench.base.text import plain
from workbench.evidence.standard import CLEAR, TRIGGERED, UNCHECKED
from workbench.evidence.tables import Evidence
from workbench.scheme.findings import Finding, cited
from workbench.scheme.pack import Indicator
from workbench.scheme.scheme import Scheme
from workbench.scoring.adjustments import Adjustment
from workbench.scoring.derivations import Derivation
from workbench.scoring.explain import (
    case_of,
    evidence_refs,
    explanation,
    measure_text,
    points_or_none,
    target_text,
    value_text,
)
from workbench.scoring.kinds import RuleKind
from workbench.scoring.measures import Measures
from workbench.scoring.proofs import STATUSES
from workbench.scoring.remarks import check_findings, indicator_findings, rounding_findings, subject_findings
from workbench.scoring.result import (
    CheckState,
    ExtraResult,
    FindingLine,
    IndicatorResult,
    SubjectResult,
)
from workbench.scoring.scorecard import IndicatorScores, Scorecard, score
from workbench.scoring.status import STATUS, UNSCORED
from workbench.scoring.totals import Totals, level_result, total
from workbench.scoring.verdict import grade_name, judge

SHADOW_DIGITS = 4
"""Further decimals of the shadow calculation that tells whether rounding decided the grade."""


def conclude(
    scheme: Scheme,
    evidence: Evidence,
    kinds: Mapping[str, RuleKind[Any]],
    derivations: Mapping[str, Derivation] | None = None,
    adjustments: Sequence[Adjustment] = (),
) -> tuple[Scorecard, list[SubjectResult]]:
    """Score, judge and explain every subject that is not a 参照, in order of id.

    Raises:
        ExpressionError, SchemeError: as :func:`workbench.scoring.scorecard.score`.
    """
    measures = Measures(evidence.subjects, evidence.tables, scheme.pack.derived, derivations or {})
    measures.expect(_formulas(scheme))
    card = score(scheme, evidence, kinds, derivations, adjustments, measures=measures)
    totals = total(card)
    shadow = score(scheme, evidence, kinds, derivations, adjustments, SHADOW_DIGITS, measures)
    by_rounding = rounding_findings(card, totals, total(shadow))
    by_check = check_findings(card)
    results = []
    for row in sorted(range(len(card)), key=card.measures.ids.__getitem__):
        if not card.peers[row]:
            results.append(_subject(card, totals, evidence, row, by_check, by_rounding))
    return card, results


def _formulas(scheme: Scheme) -> Iterator[str]:
    """Every formula that is scored by, explained or checked."""
    for ruled in (*scheme.indicators, *scheme.bonus, *scheme.deductions):
        item = ruled.item
        roles = ("value", "target", "claimed", "applies", "provisional")
        yield from (sql for role in roles if (sql := getattr(item, role, None)) is not None)
        yield from (spec.expr for spec in item.inputs.values())
    for check in scheme.pack.checks:
        yield check.when
        yield from (spec.expr for spec in check.show.values())


def _subject(
    card: Scorecard,
    totals: Totals,
    evidence: Evidence,
    row: int,
    by_check: Mapping[str, list[Finding]],
    by_rounding: Mapping[str, Finding],
) -> SubjectResult:
    subject = card.measures.ids[row]
    facts = [f for f in evidence.cap_facts if f.subject == subject]
    verdict = judge(card, totals, row, facts)
    findings = [*by_check.get(subject, []), *indicator_findings(card, row)]
    findings += subject_findings(card, totals, evidence, row, verdict)
    findings += [f for f in card.proofs.findings if f.subject in (None, subject)]
    findings += [by_rounding[subject]] if subject in by_rounding else []
    low, high = verdict.interval
    cap = card.scheme.pack.bonus.cap
    return SubjectResult(
        id=subject,
        name=str(evidence.subjects.value(row, "name") or subject),
        complete=verdict.complete,
        provisional=verdict.provisional,
        total=plain(verdict.total) if verdict.total is not None else None,
        interval=[plain(low), plain(high)],
        grade=verdict.grade,
        grade_name=grade_name(card.scheme.policy, verdict.grade),
        score_grade=verdict.score_grade,
        levels=[level_result(level, row, card.decimals) for level in totals.levels],
        caps=verdict.caps,
        consequence=verdict.consequences,
        indicators=[_indicator(card, scores, row) for scores in card.indicators],
        bonus=[_extra(card, scores, row) for scores in card.bonus],
        deductions=[_extra(card, scores, row) for scores in card.deductions],
        steps=verdict.steps,
        findings=[finding_line(f) for f in findings],
        bonus_cap=plain(cap) if cap is not None else None,
    )


def finding_line(finding: Finding) -> FindingLine:
    """A finding as the result shows it."""
    return FindingLine(
        code=finding.code,
        severity=finding.severity,
        message=finding.message,
        indicator=finding.indicator,
        clause=cited(finding.clause),
    )


def _indicator(card: Scorecard, scores: IndicatorScores, row: int) -> IndicatorResult:
    item = scores.ruled.item
    assert isinstance(item, Indicator)
    decimals = scores.inputs.decimals
    value = scores.inputs.value.number(row) if scores.inputs.value is not None else None
    written, with_numbers = measure_text(card, scores, row)
    return IndicatorResult(
        code=item.code,
        level1=item.level1,
        level2=item.level2,
        responsible=item.responsible,
        name=item.name,
        weight=plain(from_units(scores.inputs.weight, decimals)),
        direction=item.direction,
        unit=item.unit,
        target=target_text(scores, row),
        value=plain(value) if value is not None else None,
        shown=value_text(scores, row),
        evidence_status=str(STATUSES[int(card.proofs.status_of(item.code)[row])]),
        computed=None if scores.only_adjusted(row) else points_or_none(scores, scores.computed[row], row),
        final=points_or_none(scores, scores.final[row], row),
        low=plain(from_units(scores.low[row], decimals)),
        high=plain(from_units(scores.high[row], decimals)),
        status=STATUS[int(scores.status[row])],
        rule=f"{scores.kind.name}@{scores.kind.version}",
        branch=scores.kind.branch_name(int(scores.branch[row])),
        explanation=explanation(card, scores, row),
        formula=written,
        substituted=with_numbers,
        example=item.example or scores.ruled.rule.example,
        clause=cited(item.clause or scores.ruled.rule.clause),
        evidence=evidence_refs(card, scores, row),
    )


def _extra(card: Scorecard, scores: IndicatorScores, row: int) -> ExtraResult:
    item, decimals = scores.ruled.item, scores.inputs.decimals
    value = scores.inputs.value.number(row) if scores.inputs.value is not None else None
    settled = scores.status[row] != UNSCORED
    state: CheckState = UNCHECKED if not settled else (TRIGGERED if scores.final[row] else CLEAR)
    text = scores.kind.explain(case_of(scores, row), scores.ruled.params)
    proof = next(iter(card.proofs.proofs.get((item.code, row), [])), None)
    return ExtraResult(
        code=item.code,
        name=item.name,
        limit=plain(from_units(scores.inputs.weight, decimals)),
        value=plain(value) if value is not None else None,
        points=points_or_none(scores, scores.final[row], row),
        state=state,
        explanation=text,
        clause=cited(item.clause),
        document=" ".join(x for x in (proof.document, proof.number) if x) or None if proof else None,
        date=proof.verified_on.isoformat() if proof and proof.verified_on else None,
    )
