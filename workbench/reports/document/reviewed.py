"""What a review adds to the report: 意见采纳情况表, and 专家意见 with every expert's points."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.base.text import moment
from workbench.reports import reading
from workbench.reports.document.blocks import Block, Grid, Heading, paragraph
from workbench.reports.document.shown import day, typeset
from workbench.reports.papers.grid import Column, Line
from workbench.reports.papers.minutes import COMMENT_COLUMNS, STATEMENTS, closing_texts, comment_lines, standing
from workbench.reports.papers.outcome import COLUMNS_UP_TO, Outcome, opinions
from workbench.scoring.result import ExpertPoints, IndicatorResult, ReviewPerson, SubjectResult

UPRIGHT = 5
"""Experts whose points fit beside each other on an upright sheet."""


def comments(outcome: Outcome | None) -> Iterator[Block]:
    """意见采纳情况表: every written comment on the draft and its answer, then internal review and 定稿."""
    if outcome is None:
        return
    lines, closing = comment_lines(outcome), [typeset(text) for text in closing_texts(outcome)]
    if lines:
        yield Grid("意见采纳情况表", COMMENT_COLUMNS, lines, "\n".join(closing), wide=True)
        return
    if outcome.notes("draft_issued"):
        yield paragraph("征求意见期间没有收到书面意见。")
    yield from map(paragraph, closing)


def expert_opinions(outcome: Outcome | None) -> Iterator[Block]:
    """专家意见: the panel, written statements, and each expert's points that differ or have a reason."""
    if outcome is None:
        return
    people = [Line([p.name, "、".join(p.roles), p.specialty or "—", _post(p)]) for p in outcome.experts]
    if people:
        columns = [Column("姓名", 2), Column("分工", 3), Column("专业", 2), Column("单位、职称", 6)]
        yield Grid("评审专家名单", columns, people)
    yield from _statements(outcome)
    for subject in outcome.result.subjects:
        whose = f"{subject.name}：" if outcome.several else ""
        yield from _points(outcome, subject, f"{whose}专家打分表")
        lines = [line for i in subject.indicators for line in _opinion_lines(i)]
        if lines:
            columns = [Column("专家", 2), Column("评定", 1.3, "center"), Column("得分", 1.6, "right")]
            columns += [Column("理由", 7), Column("引用佐证", 3)]
            yield Grid(f"{whose}专家评定", columns, lines, "没有说明的认可不逐项列出，得分即计算得分。")


def _points(outcome: Outcome, subject: SubjectResult, title: str) -> Iterator[Block]:
    """Who gave how many points, an expert a column; of more experts than a sheet holds, the reasons below tell."""
    experts = outcome.experts
    judged = [i for i in subject.indicators if opinions(i)]
    if not judged or len(experts) > COLUMNS_UP_TO:
        return
    columns = [Column("指标", 4), Column("分值", 1.5, "right"), *(Column(p.name, 1.5, "right") for p in experts)]
    columns += [Column(name, 1.6, "right") for name in ("计算得分", "最终得分")]
    lines = []
    for i in judged:
        said = {e.expert: _points_of(e) for e in opinions(i)}
        own = [said.get(p.id, "—") for p in experts]
        lines.append(Line([i.name, i.weight, *own, i.computed or "—", reading.points_text(i)]))
    yield Grid(title, columns, lines, "“—”为没有分派给该专家。", wide=len(experts) > UPRIGHT)


def _points_of(said: ExpertPoints) -> str:
    return f"{said.points or said.choice}{'' if said.counted else '（未计入）'}"


def _statements(outcome: Outcome) -> Iterator[Block]:
    for kind, notes in standing(outcome).items():
        yield Heading(STATEMENTS[kind], 3)
        if kind == "delegate_statement":
            yield paragraph("单独列示，不计入专家评分汇总。", "note")
        for note in notes:
            about = outcome.about(note).replace("\n", "、")
            whose = f"，{about}" if about != "—" else ""
            yield paragraph(f"{note.by}（{day(moment(note.at)[:10])}{whose}）：")
            for text in note.text.split("\n"):
                yield paragraph(text)


def _post(person: ReviewPerson) -> str:
    return "　".join(x for x in (person.organisation, person.title) if x) or "—"


def _opinion_lines(indicator: IndicatorResult) -> Iterator[Line]:
    told = [e for e in opinions(indicator) if e.choice != "认可" or e.reason or e.evidence]
    if told:
        yield Line([f"{indicator.code}　{indicator.name}（计算得分{indicator.computed or '—'}）"], "group")
    for e in told:
        name = e.name if e.counted else f"{e.name}（未计入）"
        yield Line([name, e.choice, e.points or "—", e.reason or "—", e.evidence or "—"])
