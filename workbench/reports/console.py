"""What ``workbench run`` prints at its end: plain text in columns that also line up under Chinese characters."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from pathlib import Path

from workbench.base.lines import pad, width, wrap
from workbench.base.text import plain
from workbench.evidence.tables import EvidenceStatus
from workbench.reports import reading
from workbench.reports.reviewing import computed_grade, computed_total, phase_text
from workbench.reports.tables import by_severity
from workbench.review.state import PHASE_WORDS, Phase
from workbench.scoring.result import (
    SEVERITY_WORDS,
    CapState,
    IndicatorResult,
    ReviewRecord,
    RunResult,
    SubjectResult,
)

WIDTH = 100
DETAILED, LISTED = 3, 20
"""Subjects described one by one, and subjects listed at all."""
TOP_LOSSES, NAMED_MISSING, SHOWN_NOTES, SHOWN_FINDINGS = 3, 8, 6, 3
_LEAD = 12


def clean(text: object) -> str:
    """Text on one line without control characters, so that no name can move the cursor or colour the screen."""
    return "".join(c if c.isprintable() else " " for c in str(text)).strip()


def clip(text: str, columns: int) -> str:
    """``text`` cut to ``columns`` with an ellipsis: for names whose full form stands in the tables."""
    line = clean(text)
    if width(line) <= columns:
        return line
    used = list(accumulate(map(width, line)))
    return f"{line[: bisect_right(used, columns - 1)]}…"


def entry(lead: str, text: str) -> list[str]:
    """A named line; further lines stand under the text."""
    lines = wrap(clean(text), WIDTH - _LEAD - 2)
    return [f"  {pad(lead if i == 0 else '', _LEAD)}{line}" for i, line in enumerate(lines)]


def summary(result: RunResult, folder: Path | str, workspace: str = "") -> str:
    """Subjects with total and grade, where points were lost, what is open, what to do next, where the run is kept.

    Args:
        workspace: the option that names the workspace in commands; empty where they find it by themselves.
    """
    lines = wrap(clean(f"{result.title}({result.stage},{result.period})"), WIDTH)
    lines += _overview(result.subjects) if len(result.subjects) > 1 else []
    counted = result.review is None or result.review.counted
    for subject in result.subjects[: DETAILED if len(result.subjects) > DETAILED else None]:
        lines += ["", *_details(subject, counted)]
    if len(result.subjects) > DETAILED:
        lines += ["", f"其余{len(result.subjects) - DETAILED}个对象的失分与问题见运行文件夹中的评分表。"]
    lines += [""]
    lines += _notes(result)
    lines += _review(result)
    step = next_step(result)
    lines += entry("下一步", step)
    # A command and a path are kept whole, so that they can be copied, even where they are wider than the rest.
    if counted and (result.review is not None or "专家评审" in step):
        lines += [f"  {pad('打开评审页', _LEAD)}workbench review {clean(result.evaluation)}{workspace}"]
    lines += [f"  {pad('运行文件夹', _LEAD)}{clean(folder)}"]
    return "\n".join(line.rstrip() for line in lines)


def _review(result: RunResult) -> list[str]:
    """Where the review stands, and every point it gave that no longer applies."""
    review = result.review
    if review is None:
        return []
    adjusted = sum(bool(i.review and i.review.applied) for s in result.subjects for i in s.indicators)
    where = f"{phase_text(review)},第{review.round}轮" if review.counted else review.phase
    lines = entry("专家评审", f"{where},台账{review.events}条事件,采用汇总得分{adjusted}项")
    for number, line in enumerate(review.not_applied[:SHOWN_NOTES]):
        lines += entry("" if number else "不再适用", line.message)
    more = len(review.not_applied) - SHOWN_NOTES
    return lines + (entry("", f"另有{more}项,见 findings.csv") if more > 0 else [])


def _notes(result: RunResult) -> list[str]:
    notes = by_severity(result.notes)
    lines = [line for n in notes[:SHOWN_NOTES] for line in entry(SEVERITY_WORDS[n.severity], n.message)]
    more = len(notes) - SHOWN_NOTES
    return lines + (entry("", f"另有{more}条提示,见评价概况") if more > 0 else [])


def _overview(subjects: list[SubjectResult]) -> list[str]:
    header = ("评价对象", "总分", "等级", "备注")
    rows = [
        (clean(s.name), reading.total_text(s), clean(reading.grade_text(s)), clean(_remark(s)))
        for s in subjects[:LISTED]
    ]
    limits = (40, 18, 20, WIDTH)
    widths = [min(max(width(r[i]) for r in [header, *rows]), limits[i]) for i in range(4)]
    widths[3] = min(widths[3], WIDTH - sum(widths[:3]) - 6)
    lines = [line for row in [header, *rows] for line in _aligned(row, widths)]
    if len(subjects) > LISTED:
        lines.append(f"……另有{len(subjects) - LISTED}个评价对象,共{len(subjects)}个。")
    return lines


def _aligned(row: tuple[str, ...], widths: list[int]) -> list[str]:
    cells = [wrap(text, max(columns, 2)) for text, columns in zip(row, widths, strict=True)]
    return [
        "  ".join(pad(c[i] if i < len(c) else "", widths[j], right=j == 1) for j, c in enumerate(cells))
        for i in range(max(len(c) for c in cells))
    ]


def _triggered(subject: SubjectResult, *kinds: str) -> list[CapState]:
    return [c for c in subject.caps if c.state == "触发" and c.kind in kinds]


def _remark(subject: SubjectResult) -> str:
    notes = []
    if subject.grade != subject.score_grade and subject.score_grade is not None:
        notes.append(f"按得分为{subject.score_grade}")
    notes += [f"缺{len(reading.awaiting(subject))}项"] if reading.awaiting(subject) else []
    errors = sum(f.severity == "error" for f in subject.findings)
    return ",".join([*notes, f"{errors}处错误"] if errors else notes)


def _details(subject: SubjectResult, counted: bool) -> list[str]:
    lines = wrap(f"【{clean(subject.name)}】", WIDTH)
    before = subject.computed if counted else None
    if before is not None:
        grade = f",{clean(found)}" if (found := computed_grade(subject)) is not None else ""
        lines += entry("计算得分", f"{computed_total(subject)} 分{grade}")
    name = "总分" if before is None else "评审后得分"
    lines += entry(name if subject.total is not None else f"{name}区间", _total_line(subject))
    lines += entry("等级", _grade_line(subject))
    for cap in _triggered(subject, "veto", "ceiling", "set", "measure"):
        lines += entry("一票否决" if cap.kind == "veto" else "触发情形", f"{cap.text}:{cap.effect}({cap.clause})")
    for follow in subject.consequence:
        lines += entry("结果应用", f"{follow.text}({follow.clause})")
    lines += _lost(subject)
    return lines + _found(subject)


def _total_line(subject: SubjectResult) -> str:
    return f"{reading.total_text(subject)} 分(满分 {plain(reading.full_points(subject))} 分)"


def _grade_line(subject: SubjectResult) -> str:
    notes: list[str] = []
    if subject.grade != subject.score_grade and subject.score_grade is not None:
        notes.append(f"按得分为{subject.score_grade}")
    if not subject.complete and subject.grade is None:
        notes.append("有未评分指标,不评等级")
    unchecked = [c.text for c in subject.caps if c.state == "未核查" and c.kind != "measure"]
    notes += [f"{len(unchecked)}项情形未核查:{'、'.join(unchecked)}"] if unchecked else []
    provisional = [i for i in subject.indicators if i.status == "provisional"]
    proved = sum(i.evidence_status == EvidenceStatus.verified for i in provisional)
    unproved = len(provisional) - proved
    notes += [f"{unproved}项为拟得分,佐证待核实"] if unproved else []
    notes += [f"{proved}项计分前提不成立,只作拟得分"] if proved else []
    return ";".join([reading.grade_text(subject), *notes])


def _lost(subject: SubjectResult) -> list[str]:
    lost = [x for x in reading.losses(subject) if x.lost > 0]
    if not lost:
        return [] if reading.awaiting(subject) else entry("失分", "没有失分")
    lines = []
    for i, loss in enumerate(lost[:TOP_LOSSES]):
        text = f"{clip(loss.indicator.name, 40)} {reading.minus(-loss.lost)}:{loss.indicator.explanation}"
        lines += entry("主要失分" if i == 0 else "", text)
    more = lost[TOP_LOSSES:]
    if more:
        lines += entry("", f"其余{len(more)}项共 {reading.minus(-sum((x.lost for x in more), reading.number(None)))}")
    return lines


def _found(subject: SubjectResult) -> list[str]:
    findings = by_severity(subject.findings)
    if not findings:
        return entry("发现问题", "无")
    counts = [(w, sum(f.severity == s for f in findings)) for s, w in SEVERITY_WORDS.items()]
    said = "、".join(f"{word}{n}处" for word, n in counts if n)
    lines = entry("发现问题", f"{said}{',全部见 findings.csv' if len(findings) > SHOWN_FINDINGS else ''}")
    return lines + [line for f in findings[:SHOWN_FINDINGS] for line in entry("", f.message)]


def _review_step(review: ReviewRecord) -> str:
    """What the review waits for; the page says it to each person in detail."""
    if not review.counted:
        return "本次结论没有经专家组签字;与计入专家得分的运行对比,用 workbench compare"
    if review.not_applied:
        fix = "请打开评审页重新评定;评审须改在这次运行上继续的,加 --switch"
        return f"资料或方案有变,{len(review.not_applied)}项不再适用;{fix}"
    steps: dict[Phase, str] = {
        "open": "评审尚未签字,请打开评审页继续",
        "signed": "专家组已签字,可发出征求意见稿",
        "consultation": "正在征求意见,请逐条答复并经内部审核后定稿",
        "final": "报告已定稿",
    }
    return next(step for phase, step in steps.items() if PHASE_WORDS[phase] == review.phase)


def _open_items(result: RunResult) -> str:
    """“2 项指标未评分:甲、乙,原因见评分说明”; for several subjects how many each of them has open."""
    waiting = {s.name: reading.awaiting(s) for s in result.subjects}
    items = [i for found in waiting.values() for i in found]
    names = [clip(i.name, 32) for i in items]
    if len(result.subjects) > 1:
        names = [f"{clip(name, 32)}({len(found)}项)" for name, found in waiting.items() if found]
    listed = "、".join(names[:NAMED_MISSING]) + ("等" if len(names) > NAMED_MISSING else "")
    bare = sum(_bare(i) for s in result.subjects for i in s.indicators)
    others = f";另有 {bare} 项只有数值、缺佐证" if bare else ""
    # What is missing may be a value, a judged percent or a document: the score table says which.
    return f"{len(items)} 项指标未评分:{listed},缺什么见评分说明{others}"


def _bare(indicator: IndicatorResult) -> bool:
    """A number nobody has proved: it scores 拟得分 only."""
    return indicator.status == "provisional" and indicator.evidence_status == EvidenceStatus.missing


def next_step(result: RunResult) -> str:
    """The one thing to do next, the most pressing first."""
    if any(reading.awaiting(s) for s in result.subjects):
        return f"{_open_items(result)};请补充后重新运行"
    if any(f.severity == "error" for s in result.subjects for f in s.findings) or any(
        n.severity == "error" for n in result.notes
    ):
        return "请先处理上面列为错误的问题,再重新运行"
    if result.review is not None:
        return _review_step(result.review)
    unchecked = sum(c.state == "未核查" and c.kind != "measure" for s in result.subjects for c in s.caps)
    if unchecked:
        return f"请在“情形核查”表中填写 {unchecked} 项未核查的情形后重新运行;也可先送专家评审,等级为暂定"
    provisional = sum(i.status == "provisional" for s in result.subjects for i in s.indicators)
    if provisional:
        return f"可送专家评审;{provisional} 项拟得分须补齐、核实佐证后才能定案"
    if not all(s.complete for s in result.subjects):
        return "评价尚未完成,原因见评价结论的步骤;请补充后重新运行"
    return "可送专家评审"
