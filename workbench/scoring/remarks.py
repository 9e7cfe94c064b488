"""Findings about one subject: what the rules say against what was published, odd rates, checks of the pack, rounding."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbench.base.errors import shorten
from workbench.base.exact import from_units, half_up
from workbench.base.text import plain, trimmed, with_unit
from workbench.evidence.tables import Evidence, EvidenceStatus
from workbench.scheme.findings import Finding
from workbench.scheme.pack import CheckSpec, Indicator
from workbench.scoring.explain import explanation, zero_inputs
from workbench.scoring.measures import Request
from workbench.scoring.scorecard import IndicatorScores, Scorecard
from workbench.scoring.status import NOT_APPLICABLE, PROVISIONAL
from workbench.scoring.totals import NO_GRADE, Totals
from workbench.scoring.verdict import Verdict, grade_name

LONGEST_NAME = 200
"""Of a text put into a message; a longer one is cut."""
TAIL = Decimal("0.005")
"""Published points differing by less than this are the same (两位小数)."""


def check_findings(card: Scorecard) -> dict[str, list[Finding]]:
    """The pack's own checks over all subjects in one pass: subject → findings."""
    checks = card.scheme.pack.checks
    requests = [Request(c.when, 0, f"检查 {c.code}") for c in checks]
    # By position: one code may stand for several wordings of the same finding.
    named = {(i, n): card.measures.worded(s.expr) for i, c in enumerate(checks) for n, s in c.show.items()}
    shows = [
        (i, name, Request(s.expr, s.decimals, f"检查 {c.code} {name}"))
        for i, c in enumerate(checks)
        for name, s in c.show.items()
        if named[i, name] is None
    ]
    columns = card.measures.columns([*requests, *(r for _, _, r in shows)])
    shown = {(i, name): column for (i, name, _), column in zip(shows, columns[len(checks) :], strict=True)}
    found: dict[str, list[Finding]] = {}
    for i, (check, column) in enumerate(zip(checks, columns, strict=False)):
        for row in (column.valid & (column.units != 0)).nonzero()[0]:
            subject = card.measures.ids[row]
            values = {n: shown[i, n].number(int(row)) for n in check.show if named[i, n] is None}
            texts = {n: name for n in check.show if (name := named[i, n]) is not None}
            said = card.measures.values(list(texts.values()), [int(row)])[0]
            names = {n: shorten(said[name] or "缺", LONGEST_NAME) for n, name in texts.items()}
            found.setdefault(subject, []).append(_checked(check, values, names, subject))
    return found


def _checked(check: CheckSpec, values: dict[str, Decimal | None], names: dict[str, str], subject: str) -> Finding:
    words = names | {n: "缺" if v is None else with_unit(v, check.show[n].unit) for n, v in values.items()}
    return Finding(check.code, check.severity, check.filled(words), subject, check.indicator, check.clause)


def indicator_findings(card: Scorecard, row: int) -> Iterator[Finding]:
    """Findings on each indicator of one subject."""
    subject = card.measures.ids[row]
    for scores in card.indicators:
        if scores.status[row] == NOT_APPLICABLE:
            continue
        yield from _zero_denominator(card, scores, row, subject)
        yield from _over_hundred(scores, row, subject)
        yield from _far_above(scores, row, subject)
        yield from _claimed(card, scores, row, subject)


def _zero_denominator(card: Scorecard, scores: IndicatorScores, row: int, subject: str) -> Iterator[Finding]:
    for title, place in zero_inputs(card.measures, scores, row):
        where = f"({place})" if place else ""
        message = f"{scores.ruled.item.name}的分母“{title}”为0{where},不能计算,未评分;请核对该数是否漏填或填错单位"
        yield Finding("zero_denominator", "warning", message, subject, scores.code)


def _over_hundred(scores: IndicatorScores, row: int, subject: str) -> Iterator[Finding]:
    item = scores.ruled.item
    value = scores.inputs.value.number(row) if scores.inputs.value is not None else None
    # A rate measured against more than 100 % (保值增值率 against the national average) may well exceed it.
    goal = scores.inputs.target if scores.inputs.target is not None else scores.inputs.extra.get("standard")
    target = goal.number(row) if goal is not None else None
    higher_is_better = scores.inputs.direction in ("gte", "eq")
    if item.unit != "%" or value is None or not higher_is_better or (target is not None and target > 100):
        return
    if value > 100 and not (isinstance(item, Indicator) and item.over_100):
        limited = ",得分以满分为限" if scores.inputs.direction == "gte" else ""
        message = f"{item.name}{plain(value)}%超过100%{limited};请核对分子、分母的单位与口径"
        yield Finding("rate_over_100", "warning", message, subject, scores.code)


def _far_above(scores: IndicatorScores, row: int, subject: str) -> Iterator[Finding]:
    """10号 第十六条: 完成值高于指标值较多的要分析原因. The document gives no number, so the ruleset's is an example."""
    limit = getattr(scores.ruled.params, "flag_over", None)
    value = scores.inputs.value.number(row) if scores.inputs.value is not None else None
    target = scores.inputs.target.number(row) if scores.inputs.target is not None else None
    if limit is None or value is None or not target or scores.inputs.direction != "gte" or target < 0:
        return
    if value * 100 > target * limit:
        share = trimmed(half_up(value / target * 100, 2))
        message = f"{scores.ruled.item.name}完成值为指标值的{share}%,超过{trimmed(limit)}%(提示线为示例,可改);请分析原因,指标值是否偏低"
        yield Finding("far_above_target", "info", message, subject, scores.code)


def _claimed(card: Scorecard, scores: IndicatorScores, row: int, subject: str) -> Iterator[Finding]:
    if scores.claimed is None or not scores.claimed.valid[row] or not scores.settled[row]:
        return
    if scores.only_adjusted(row):  # the rule computed nothing a claim could differ from
        return
    claimed = scores.claimed.number(row) or Decimal(0)
    ours = from_units(scores.computed[row], scores.inputs.decimals)
    if abs(claimed - ours) < TAIL:
        return
    shown = plain(half_up(claimed, 2))
    message = (
        f"{scores.ruled.item.name}:自评(公布)得分{shown},按{card.scheme.ruleset.id}为{plain(ours)},"
        f"相差{plain(half_up(claimed - ours, 2))}分;{explanation(card, scores, row)}"
    )
    yield Finding("claimed_points_differ", "warning", message, subject, scores.code)


def subject_findings(
    card: Scorecard, totals: Totals, evidence: Evidence, row: int, verdict: Verdict
) -> Iterator[Finding]:
    """Findings on the subject as a whole."""
    subject = card.measures.ids[row]
    yield from verdict.findings
    yield from _published(card, evidence, row, verdict, subject)
    yield from _dropped_share(card, row, subject)
    yield from _unproven(card, row, subject)


def _published(card: Scorecard, evidence: Evidence, row: int, verdict: Verdict, subject: str) -> Iterator[Finding]:
    total = evidence.subjects.value(row, "published_total")
    grade = evidence.subjects.value(row, "published_grade")
    if isinstance(total, Decimal) and verdict.total is not None and abs(total - verdict.total) >= TAIL:
        message = f"公布总分{plain(half_up(total, 2))},按规则为{plain(verdict.total)},相差{plain(half_up(total - verdict.total, 2))}分"
        yield Finding("published_total_differs", "warning", message, subject)
    ours = (verdict.grade, grade_name(card.scheme.policy, verdict.grade))  # 良, in 克州's words 良好
    if isinstance(grade, str) and verdict.grade is not None and grade not in ours:
        yield Finding("published_grade_differs", "warning", f"公布等级“{grade}”,按规则为“{verdict.grade}”", subject)


def _dropped_share(card: Scorecard, row: int, subject: str) -> Iterator[Finding]:
    dropped = sum(c.inputs.weight for c in card.indicators if c.status[row] == NOT_APPLICABLE)
    if dropped == 0:
        return
    share, limit = from_units(dropped, card.decimals), card.scheme.ruleset.not_applicable_share
    message = f"不适用指标分值合计{plain(share)}分"
    if share > limit:
        yield Finding("not_applicable_share", "warning", f"{message},超过{plain(limit)}%的提示线(示例,可改)", subject)
    else:
        yield Finding("not_applicable_share", "info", message, subject)


def _unproven(card: Scorecard, row: int, subject: str) -> Iterator[Finding]:
    missing = [
        c.ruled.item.name
        for c in card.indicators
        if c.status[row] == PROVISIONAL and card.proofs.rows_with(c.code, EvidenceStatus.missing)[row]
    ]
    if missing:
        names = "、".join(missing[:6]) + (f"等{len(missing)}项" if len(missing) > 6 else "")
        yield Finding("no_proof", "warning", f"{len(missing)}项指标只有数值没有佐证,得分为拟得分:{names}", subject)


def rounding_findings(card: Scorecard, totals: Totals, finer: Totals) -> dict[str, Finding]:
    """Subjects whose grade would differ with unrounded arithmetic: subject → finding. ``finer`` has more decimals."""
    found: dict[str, Finding] = {}
    bands = card.scheme.bands.items
    for row, subject in enumerate(card.measures.ids):
        ours, theirs = int(totals.grade[row]), int(finer.grade[row])
        if NO_GRADE in (ours, theirs) or ours == theirs:
            continue
        message = (
            f"按显示的{plain(from_units(totals.read[row], card.decimals))}分评为“{bands[ours].label}”,"
            f"若各步不取整则为“{bands[theirs].label}”;以显示的得分为准"
        )
        found[subject] = Finding("rounding_changes_grade", "warning", message, subject)
    return found
