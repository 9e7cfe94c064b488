"""Sentences by template from a result: its conclusion, how it rests on evidence and experts, what follows.

No language model, and no number of its own: every figure is a string of the result or an exact sum of such strings
(:mod:`workbench.reports.reading`). Computed explanations are taken as they are, so that text and table say the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from workbench.base.text import plain
from workbench.evidence.tables import EvidenceStatus
from workbench.reports import reading
from workbench.reports.document.shown import grade_note, grouped, listed, sentence, total_rate, typeset
from workbench.reports.reading import number
from workbench.reports.reviewing import computed_total
from workbench.reports.tables import by_severity
from workbench.review.state import PHASE_WORDS
from workbench.scoring.result import (
    CapState,
    FindingLine,
    IndicatorResult,
    LevelResult,
    ReviewRecord,
    RunResult,
    SubjectResult,
)

WITHOUT_BONUS = "不含加分的得分"
"""How the step to the grade begins where the bands do not read the total."""
_STATUSES = [str(s) for s in EvidenceStatus]
_PHASES = {
    PHASE_WORDS["open"]: "还没有结束",
    PHASE_WORDS["signed"]: "专家组已签字",
    PHASE_WORDS["consultation"]: "专家组已签字，正在征求意见",
    PHASE_WORDS["final"]: "已经定稿",
}


# -- conclusion -----------------------------------------------------------------------------------------------------


def conclusion(subject: SubjectResult) -> list[str]:
    """The paragraphs of 评价结论: total and grade, levels, what limits the grade and why it may change."""
    # Where the way to the grade is told step by step, what is unscored is named there.
    named = 0 if any(step.step == "incomplete" for step in subject.steps) else 20
    parts = [_standing(subject, named), _levels(subject), _extras(subject), *_limits(subject), *_provisional(subject)]
    return [p for p in parts if p]


def verdict(subject: SubjectResult, most: int = 20) -> list[str]:
    """The conclusion where a table beside it tells of the levels and another place why it may change.

    ``most``: indicators that are named; the others are counted.
    """
    parts = [_standing(subject, most), _ends(subject), _extras(subject), *_limits(subject)]
    return [p for p in parts if p]


def _standing(subject: SubjectResult, most: int = 20) -> str:
    full = plain(reading.full_points(subject))
    if subject.total is None:
        waiting = reading.awaiting(subject)
        names = f"（{listed([i.name for i in waiting], most)}）" if most else ""
        open_levels = [v.name for v in subject.levels if reading.inapplicable(v) and number(v.high)]
        why = [f"{len(waiting)}项指标尚未评分{names}"] if waiting else []
        why += [f"一级指标“{'、'.join(open_levels)}”全部不适用而没有规定如何处理"] if open_levels else []
        interval = reading.total_text(subject)
        return f"经评价，{subject.name}有{'，且'.join(why)}，总分在{interval}分之间（满分{full}分），暂不评定等级。"
    text = f"经综合评价，{subject.name}总分为{subject.total}分（满分{full}分），得分率{total_rate(subject)}"
    if subject.grade is None:
        return f"{text}，{typeset(reading.grade_text(subject))}。"
    note = grade_note(subject)
    return f"{text}，评价等级为“{subject.grade}”{f'（{note}）' if note else ''}。"


def _levels(subject: SubjectResult) -> str:
    said = [_level_said(v) for v in subject.levels]
    if len(said) < 2:
        return ""
    return f"从一级指标看，{'；'.join(said)}。{_ends(subject)}"


def _ends(subject: SubjectResult) -> str:
    """Which level 1 has the highest, and which the lowest 得分率, where there is exactly one."""
    rated = [(number(v.rate), v.name) for v in subject.levels if v.rate is not None and not reading.inapplicable(v)]
    if len(rated) < 3:
        return ""
    rates = [rate for rate, _ in rated]
    ends = (("最高", max(rates)), ("最低", min(rates)))
    said = [f"“{name}”{word}" for word, end in ends for rate, name in rated if rate == end and rates.count(end) == 1]
    return f"其中得分率以{'、'.join(said)}。" if said else ""


def _level_said(level: LevelResult) -> str:
    points = reading.level_points_text(level)
    if points == "不适用":
        return f"{level.name}不适用"
    if level.points is None:
        return f"{level.name}得分在{points}分之间（满分{level.weight}分）"
    return f"{level.name}得{points}分（满分{level.weight}分），得分率{reading.rate_text(level)}"


def _extras(subject: SubjectResult) -> str:
    more, less = reading.extras(subject, "bonus"), reading.extras(subject, "deductions")
    said = [f"加分{plain(more)}分"] if more else []
    said += [f"扣分{plain(-less)}分"] if less else []
    if not said:
        return ""
    steps = {s.step: s for s in subject.steps}
    base, grade = steps.get("base"), steps.get("grade")
    apart = base is not None and grade is not None and grade.text.startswith(f"按{WITHOUT_BONUS}")
    which = f"；等级按{WITHOUT_BONUS}{base.points}分评定" if apart and base is not None and more else ""
    return f"基础分之外，{'、'.join(said)}，已计入总分{which}。"


def _limits(subject: SubjectResult) -> Iterator[str]:
    """Caps and vetoes that were triggered, and what they made of the score's own grade."""
    for cap in triggered(subject):
        proof = f"（核查文件：{cap.document}）" if cap.document else ""
        if cap.kind == "veto":
            yield f"经核查，存在“{cap.text}”的情形{proof}，依据{typeset(cap.clause)}实行一票否决：{sentence(cap.effect)}"
        elif cap.kind == "measure":
            yield f"经核查，存在“{cap.text}”的情形{proof}，依据{typeset(cap.clause)}：{sentence(cap.effect)}"
        else:
            verb = "等级不高于" if cap.kind == "ceiling" else "等级直接列为"
            yield f"经核查，存在“{cap.text}”的情形{proof}，依据{typeset(cap.clause)}，{verb}“{cap.grade}”。"
    if subject.score_grade is not None and subject.grade not in (None, subject.score_grade):
        yield f"按得分本应评为“{subject.score_grade}”，受上述情形限制，最终等级为“{subject.grade}”。"


def triggered(subject: SubjectResult) -> list[CapState]:
    """Caps, vetoes and events of the policy that were found to be the case."""
    return [c for c in subject.caps if c.state == "触发"]


def _provisional(subject: SubjectResult) -> Iterator[str]:
    why = provisional_reasons(subject)
    if not why:
        return
    what = "以上等级" if subject.grade is not None else "以上结论"
    yield f"{what}为暂定：{'；'.join(why)}。"


def provisional_reasons(subject: SubjectResult, most: int = 20) -> list[str]:
    """Why a conclusion may still change although everything is scored. ``most``: of a list that are named."""
    unchecked = [c.text for c in subject.caps if c.state == "未核查" and c.kind != "measure"]
    held = [i for i in subject.indicators if i.status == "provisional"]
    proved = [i for i in held if i.evidence_status == EvidenceStatus.verified]
    bare = [i for i in held if i not in proved]
    open_items = [x.name for x in subject.deductions if x.state == "未核查"]
    why = [f"{len(unchecked)}项影响等级的情形尚未核查（{listed(unchecked, most)}）"] if unchecked else []
    why += [f"{len(bare)}项指标的佐证资料{_by_status(bare)}，所得为拟得分"] if bare else []
    why += (
        [f"{len(proved)}项指标的计分前提尚未成立，所得为拟得分（{listed([i.name for i in proved], most)}）"]
        if proved
        else []
    )
    return why + ([f"{len(open_items)}项扣分事项尚未核查（{listed(open_items, most)}）"] if open_items else [])


# -- indicators -----------------------------------------------------------------------------------------------------


def level_paragraph(subject: SubjectResult, level: LevelResult) -> str:
    """How a level 1 did: points, how many indicators are full, what was lost where, what was brought to full points."""
    items = reading.members(subject, level.name)
    counted = [i for i in items if i.status != "not_applicable"]
    if not counted:
        return f"{level.name}的{len(items)}项指标均不适用。"
    full = [i for i in counted if i.final is not None and number(i.final) == number(i.weight)]
    if len(items) > 1 and all(i.status == "unscored" for i in items):
        return f"{_level_said(level)}。共{len(items)}项指标，均尚未评分。"
    judged = [i for i in counted if i.status != "unscored"]
    none = "均未得满分" if len(judged) == len(counted) else f"已评分的{len(judged)}项{'均' * (len(judged) > 1)}未得满分"
    many = f"其中{len(full)}项得满分" if full else none
    text = f"{_level_said(level)}。共{len(items)}项指标，{many}。" if len(items) > 1 else f"{_level_said(level)}。"
    if len(full) == len(items):
        text = f"{_level_said(level)}，{len(items)}项指标均得满分。" if len(full) > 1 else f"{_level_said(level)}。"
    return text + "".join(_deviations(level, items))


def _deviations(level: LevelResult, items: list[IndicatorResult]) -> Iterator[str]:
    lost = sorted((i for i in items if i.final is not None and _missing(i) > 0), key=lambda i: -_missing(i))
    if lost:
        whole = reading.total_of(plain(_missing(i)) for i in lost)
        said = "、".join(f"{i.name}（{plain(_missing(i))}分）" for i in lost)
        sum_said = f"，合计{plain(whole)}分" if len(lost) > 1 else ""
        yield f"失分的指标为{said}{sum_said}。"
    over = [i.name for i in items if i.final is not None and _missing(i) < 0]
    if over:
        yield f"{listed(over)}得分高于分值。"
    waiting = [i.name for i in items if i.status == "unscored"]
    if waiting:
        yield f"{len(waiting)}项尚未评分。"
    waived = [i.name for i in items if i.status == "not_applicable"]
    if waived:
        summed = reading.final_sum(items)
        applicable = plain(reading.total_of(i.weight for i in items if i.status != "not_applicable"))
        reached = reading.level_points_text(level)
        yield f"{listed(waived)}不适用，本级得分按适用部分折算（{summed}/{applicable}→{reached}/{level.weight}）。"


def _missing(indicator: IndicatorResult) -> Decimal:
    return number(indicator.weight) - number(indicator.final)


def indicator_item(indicator: IndicatorResult, problems: list[int]) -> str:
    """One indicator with its computed explanation, and the problems that answer for what it lost."""
    said = [f"失{plain(_missing(indicator))}分"] if indicator.final is not None and _missing(indicator) > 0 else []
    said += [f"见问题{'、'.join(map(str, problems))}"] if problems else []
    text = sentence(indicator.explanation)
    name = typeset(indicator.name)
    if not text.startswith(name):
        text = f"{name}：{text}"
    return f"{text.removesuffix('。')}（{'，'.join(said)}）。" if said else text


# -- evidence, review, consequences ---------------------------------------------------------------------------------


def evidence_paragraph(subject: SubjectResult) -> str:
    """How many indicators, and how many points of weight, stand on evidence of each status."""
    items = [i for i in subject.indicators if i.status != "not_applicable"]
    groups = {s: [i for i in items if i.evidence_status == s] for s in _STATUSES}
    groups |= {i.evidence_status: [] for i in items if i.evidence_status not in groups}
    for i in items:
        if i.evidence_status not in _STATUSES:
            groups[i.evidence_status].append(i)
    said = [
        f"“{status}”的{len(found)}项（分值{plain(reading.total_of(i.weight for i in found))}分）"
        for status, found in groups.items()
        if found
    ]
    waived = len(subject.indicators) - len(items)
    rest = f"；不适用{waived}项，无须佐证" if waived else ""
    return typeset(f"从佐证资料看，适用的{len(items)}项指标中，{'、'.join(said)}{rest}。") if items else ""


def _by_status(items: Sequence[IndicatorResult]) -> str:
    """``尚未核实一致（“未提供(待补)”3项、“已提供未核实”2项）``; one status for all needs no number."""
    counts = Counter(i.evidence_status for i in items)
    ordered = sorted(counts, key=lambda s: _STATUSES.index(s) if s in _STATUSES else len(_STATUSES))
    if len(ordered) == 1:
        return typeset(f"为“{ordered[0]}”")
    return typeset(f"尚未核实一致（{'、'.join(f'“{s}”{counts[s]}项' for s in ordered)}）")


def review_paragraphs(result: RunResult) -> list[str]:
    """Who reviewed, how opinions were merged and what that changed."""
    review = result.review
    if review is None:
        return ["本报告所载得分为按佐证资料和计分规则计算的得分，没有经过专家评审。"]
    if not review.counted:
        return ["本次评价不计专家评审，所载得分均为按佐证资料和计分规则计算的得分；专家意见附后备查。"]
    return [_panel(review), *(p for s in result.subjects if (p := _moved(s, several=len(result.subjects) > 1)))]


def _panel(review: ReviewRecord) -> str:
    experts = [p for p in review.people if "评审专家" in p.roles and not p.left]
    merged = f"各专家得分按“{review.merge_rule}”汇总" if review.merge_rule else "专家意见尚未汇总"
    fallen = (
        f"有{len(review.not_applied)}项评审意见因资料或方案有变不再适用，须重新评定。" if review.not_applied else ""
    )
    stage = _PHASES.get(review.phase, review.phase)
    return f"评审组有评审专家{len(experts)}名，{merged}；评审进行了{review.round}轮，{stage}。{fallen}"


def _moved(subject: SubjectResult, several: bool) -> str:
    """From the computed to the final total, and how many indicators moved."""
    before = computed_total(subject)
    if before is None or subject.computed is None:
        return ""
    moved = [i for i in subject.indicators if i.final != i.computed]
    whose = f"{subject.name}" if several else ""
    if not moved:
        return f"{whose}经评审，各项得分与计算得分一致。"
    names = listed([i.name for i in moved])
    grade = f"（{subject.computed.grade}）" if subject.computed.grade is not None else ""
    after = f"（{subject.grade}）" if subject.grade is not None else ""
    text = f"{whose}经评审调整{len(moved)}项指标（{names}）"
    return f"{text}，总分由计算的{before}分{grade}变为{reading.total_text(subject)}分{after}。"


def consequences(subject: SubjectResult) -> list[str]:
    """What follows, each with its clause."""
    return [f"{typeset(c.text)}（依据{typeset(c.clause)}）" for c in subject.consequence]


def caps_paragraph(subject: SubjectResult) -> str:
    """How many of the policy's situations were checked and what was found."""
    if not subject.caps:
        return "所用地区办法没有规定须另行核查的情形。"
    counts = {state: sum(c.state == state for c in subject.caps) for state in ("触发", "已核查未触发", "未核查")}
    said = "、".join(f"{state}{n}项" for state, n in counts.items() if n)
    return f"地区办法规定了{len(subject.caps)}项须核查的情形，其中{said}。"


def limitations(result: RunResult) -> list[str]:
    """What a reader has to know about how far the conclusion reaches, as far as it can be computed."""
    lines = [(subject.name, text) for subject in result.subjects for text in _limits_of(subject)]
    return grouped(lines, len(result.subjects)) if len(result.subjects) > 1 else [text for _, text in lines]


def _limits_of(subject: SubjectResult) -> Iterator[str]:
    waiting = reading.awaiting(subject)
    if waiting:
        yield f"{len(waiting)}项指标缺少资料未评分，总分为区间。"
    if why := provisional_reasons(subject):
        yield sentence("；".join(why))
    unchecked = [c.text for c in subject.caps if c.state == "未核查" and c.kind == "measure"]
    if unchecked:
        yield f"{len(unchecked)}项不影响等级的情形尚未核查（{listed(unchecked)}）。"
    example = [i.name for i in subject.indicators if i.example]
    if example:
        yield f"{len(example)}项指标的权重或计分档次没有文件规定，为示例，可改。"


_SAID_ELSEWHERE = frozenset({"no_proof"})
_GRAVITY = {"error": "须核实", "warning": "提醒", "info": "说明"}
"""How grave a finding is, in a report: what is to be looked into in the evidence is no error of the program."""


def findings(result: RunResult) -> list[str]:
    """What the program noticed, the gravest first, each with its clause; how files were read only where it is a warning.

    What :func:`limitations` tells stands there alone.
    """
    several = len(result.subjects) > 1
    notes = [_finding(f) for f in by_severity(result.notes) if f.severity != "info"]
    own = [
        (s.name, _finding(f)) for s in result.subjects for f in by_severity(s.findings) if f.code not in _SAID_ELSEWHERE
    ]
    return notes + (grouped(own, len(result.subjects)) if several else [text for _, text in own])


def _finding(line: FindingLine) -> str:
    clause = f"依据：{typeset(line.clause)}。" if line.clause else ""
    return f"（{_GRAVITY[line.severity]}）{sentence(line.message)}{clause}"
