"""Verdict (评价结论): caps, vetoes, consequences and completeness of one subject, each step with its line.

Caps and vetoes come after the bands, so that neither experts nor bonus can lift them; each consequence says whether it reads
the grade, the score or a checked fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from workbench.base.exact import IntArray, from_units
from workbench.base.text import plain
from workbench.evidence.standard import CLEAR, TRIGGERED, UNCHECKED
from workbench.evidence.tables import CapFact
from workbench.scheme.findings import Finding, cited
from workbench.scheme.policy import NOT_STATED, Cap, Consequence, Policy
from workbench.scheme.scheme import Scheme
from workbench.scoring.result import CapState, ConsequenceState, StepLine
from workbench.scoring.scorecard import Scorecard
from workbench.scoring.totals import NO_GRADE, LevelTotals, Totals


@dataclass
class Verdict:
    """The conclusion on one subject."""

    complete: bool
    provisional: bool
    total: Decimal | None
    interval: tuple[Decimal, Decimal]
    score_grade: str | None
    grade: str | None
    vetoed: bool
    caps: list[CapState] = field(default_factory=list)
    consequences: list[ConsequenceState] = field(default_factory=list)
    steps: list[StepLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def judge(card: Scorecard, totals: Totals, row: int, facts: Sequence[CapFact]) -> Verdict:
    """The verdict on subject ``row`` from its totals and the facts checked about it."""
    scheme, decimals = card.scheme, card.decimals
    interval = (from_units(totals.low[row], decimals), from_units(totals.high[row], decimals))
    complete = bool(totals.complete[row])
    band = int(totals.grade[row])
    score_grade = scheme.bands.items[band].label if band != NO_GRADE else None
    verdict = Verdict(
        complete=complete,
        provisional=bool(totals.provisional[row]),
        total=interval[0] if complete else None,
        interval=interval,
        score_grade=score_grade,
        grade=score_grade,
        vetoed=False,
    )
    verdict.steps.extend(_sums(card, totals, row, verdict))
    _apply_caps(scheme, verdict, facts)
    _deduction_states(card, row, verdict)
    _consequences(scheme, verdict)
    return verdict


def _sums(card: Scorecard, totals: Totals, row: int, verdict: Verdict) -> Iterator[StepLine]:
    decimals = card.decimals
    for level in totals.levels:
        yield from _level_lines(level, row, decimals)
    base = _span(totals.base_low[row], totals.base_high[row], decimals)
    yield StepLine(
        step="base", text=f"基础分合计{base}分", points=_same(totals.base_low, totals.base_high, row, decimals)
    )
    if card.bonus:
        cap = card.scheme.pack.bonus.cap
        limit = f"(上限{plain(cap)}分)" if cap is not None else ""
        points = plain(from_units(totals.bonus[row], decimals))
        yield StepLine(step="bonus", text=f"加分{points}分{limit}", points=points)
    if card.deductions:
        points = plain(from_units(totals.deducted[row], decimals))
        yield StepLine(step="deductions", text=f"扣分{points}分", points=points)
    if verdict.total is None:
        missing = [c.ruled.item.name for c in card.indicators if c.applicable[row] and not c.settled[row]]
        missing += [f"一级指标“{x.name}”全部不适用" for x in totals.levels if x.open[row]]
        text = f"总分在{_span(totals.low[row], totals.high[row], decimals)}分之间,{len(missing)}项未评分:{'、'.join(missing)};不评定等级"
        yield StepLine(step="incomplete", text=text)
        return
    yield StepLine(step="total", text=f"总分{plain(verdict.total)}分", points=plain(verdict.total))
    yield StepLine(step="grade", text=_grade_text(card.scheme, totals, row, decimals, verdict.score_grade))


def _grade_text(scheme: Scheme, totals: Totals, row: int, decimals: int, grade: str | None) -> str:
    read = plain(from_units(totals.read[row], decimals))
    which = {"base": "不含加分的得分", "base_plus_bonus": "总分"}[scheme.bands.reads]
    if not scheme.pack.bonus.items:
        which = "总分"
    lines = "、".join(f"{b.label}≥{plain(b.lower)}" for b in scheme.bands.items)
    source = cited(scheme.bands.clause)
    note = f"({NOT_STATED})" if scheme.policy.bands is None else ""
    return f"按{which}{read}分对照{lines},评为“{grade}”{note};依据{source}"


def _level_lines(level: LevelTotals, row: int, decimals: int) -> Iterator[StepLine]:
    weight = plain(from_units(level.weight[row], decimals))
    if level.open[row]:
        yield StepLine(step="level1", text=f"{level.name}:全部不适用,没有规定其{weight}分如何处理,不评分")
        return
    if level.weight[row] == 0:
        yield StepLine(step="level1", text=f"{level.name}:全部不适用,分值已按规则集调至其他一级指标", points="0")
        return
    points = _span(level.low[row], level.high[row], decimals)
    applicable = plain(from_units(level.applicable[row], decimals))
    yield StepLine(
        step="level1",
        text=f"{level.name}得{points}分/{applicable}分",
        points=_same(level.low, level.high, row, decimals),
    )
    if level.rescaled[row]:
        rescaled = _span(level.rescaled_low[row], level.rescaled_high[row], decimals)
        text = f"{level.name}折算:{points}/{applicable}→{rescaled}/{weight}"
        yield StepLine(step="rescaled", text=text, points=_same(level.rescaled_low, level.rescaled_high, row, decimals))


def _span(low: int, high: int, decimals: int) -> str:
    first, last = plain(from_units(low, decimals)), plain(from_units(high, decimals))
    return first if first == last else f"{first}—{last}"


def _same(low: IntArray, high: IntArray, row: int, decimals: int) -> str | None:
    return plain(from_units(low[row], decimals)) if low[row] == high[row] else None


def _apply_caps(scheme: Scheme, verdict: Verdict, facts: Sequence[CapFact]) -> None:
    """Each cap is 触发 / 已核查未触发 / 未核查; the worst triggered ceiling or set grade holds, a veto beats all."""
    by_code = _by_cap(facts, verdict)
    order = [b.label for b in scheme.bands.items]
    for fact in facts:
        if fact.cap not in {c.code for c in scheme.policy.caps}:
            message = f"{fact.place}:情形代码“{fact.cap}”不在地区办法“{scheme.policy.title}”中,未采用"
            verdict.findings.append(Finding("unknown_cap", "error", message, fact.subject))
    for cap in scheme.policy.caps:
        state = _cap_state(cap, by_code.get(cap.code), verdict)
        verdict.caps.append(state)
        if state.state == UNCHECKED and cap.effect.kind != "measure":
            verdict.provisional = True
        if state.state == TRIGGERED:
            _trigger(cap, order, verdict)
    if verdict.vetoed:
        verdict.grade = None


def _by_cap(facts: Sequence[CapFact], verdict: Verdict) -> dict[str, CapFact]:
    """One fact for each cap; of several the gravest holds, so that no later line undoes what was found."""
    gravity = (CLEAR, UNCHECKED, TRIGGERED)
    found: dict[str, CapFact] = {}
    for fact in facts:
        other = found.setdefault(fact.cap, fact)
        if other is fact:
            continue
        kept = max(other, fact, key=lambda f: gravity.index(f.state))
        message = f"{other.place}、{fact.place}:同一情形“{fact.cap}”有多行,按“{kept.state}”处理,请核对"
        verdict.findings.append(Finding("cap_twice", "warning", message, fact.subject))
        found[fact.cap] = kept
    return found


def _cap_state(cap: Cap, fact: CapFact | None, verdict: Verdict) -> CapState:
    state = fact.state if fact is not None else UNCHECKED
    document = fact.document if fact is not None else None
    when = fact.date if fact is not None else None
    if state != UNCHECKED and (document is None or when is None):
        message = f"{fact.place if fact else ''}:“{cap.event}”核查为“{state}”但缺依据文件或日期,请补填"
        verdict.findings.append(Finding("cap_without_document", "warning", message, fact.subject if fact else None))
    return CapState(
        rule=cap.code,
        text=cap.event,
        state=state,  # type: ignore[arg-type]  # the reader admits only the three states
        effect=cap.effect.text,
        kind=cap.effect.kind,
        grade=cap.effect.grade,
        clause=cited(cap.clause) or "",
        document=document,
        date=when.isoformat() if when else None,
    )


def _trigger(cap: Cap, order: list[str], verdict: Verdict) -> None:
    source = cited(cap.clause)
    if cap.effect.kind == "veto":
        verdict.vetoed = True
        text = f"一票否决:{cap.event};{cap.effect.text}(办法未规定对应等级);依据{source}"
        verdict.steps.append(StepLine(step="veto", text=text))
        return
    if cap.effect.kind == "measure" or cap.effect.grade is None:
        verdict.steps.append(StepLine(step="cap", text=f"{cap.event}:{cap.effect.text};依据{source}"))
        return
    limit, sets = cap.effect.grade, cap.effect.kind == "set"
    if verdict.grade is None:
        verdict.grade = limit if sets else None
    elif order.index(limit) > order.index(verdict.grade):
        verdict.grade = limit
    text = f"{cap.event}:等级{'直接列为' if sets else '不高于'}“{limit}”({cap.effect.text});依据{source}"
    verdict.steps.append(StepLine(step="cap", text=text))


def _deduction_states(card: Scorecard, row: int, verdict: Verdict) -> None:
    if any(not d.settled[row] for d in card.deductions):
        verdict.provisional = True


def _consequences(scheme: Scheme, verdict: Verdict) -> None:
    """What follows. For a grade on which the notice says nothing the national default holds, and says so."""
    own = scheme.policy.consequences or []
    named = {grade for c in own for grade in c.when.grades or []}
    national = [] if scheme.policy.id == scheme.national.id else scheme.national.consequences or []
    default = [c for c in national if c.when.reads == "grade" and verdict.grade not in named]
    for policy, consequences in ((scheme.policy, own), (scheme.national, default)):
        for consequence in consequences:
            if _follows(consequence, verdict):
                note = f"({NOT_STATED})" if policy is not scheme.policy else ""
                state = ConsequenceState(
                    text=f"{consequence.text}{note}",
                    reads=consequence.when.reads,
                    clause=cited(consequence.clause) or "",
                    policy=policy.id,
                )
                verdict.consequences.append(state)
                verdict.steps.append(StepLine(step="consequence", text=f"{state.text};依据{state.clause}"))


def _follows(consequence: Consequence, verdict: Verdict) -> bool:
    when = consequence.when
    if when.reads == "grade":
        return verdict.grade is not None and verdict.grade in (when.grades or [])
    if when.reads == "cap":
        return any(c.rule == when.cap and c.state == TRIGGERED for c in verdict.caps)
    # Even an incomplete score is below the line when its upper end is.
    return when.below is not None and verdict.interval[1] < when.below


def grade_name(policy: Policy, grade: str | None) -> str | None:
    """The policy's own word for a grade (克州: 优秀), or the national label."""
    return None if grade is None else (policy.grade_names or {}).get(grade, grade)
