"""评审结果表: how each indicator came from its computed to its final points — every expert's, merged, final, why, by whom, when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from workbench.base.text import moment
from workbench.reports import reading
from workbench.reports.papers.grid import Column, Line
from workbench.reports.papers.meeting import indicator_text, mark_of
from workbench.reports.papers.meeting import points as trimmed_points
from workbench.reports.papers.paper import Paper
from workbench.reports.reviewing import computed_grade, computed_total
from workbench.scheme.panel import ROLE_WORDS
from workbench.scoring.result import (
    ExpertPoints,
    IndicatorResult,
    ReviewNote,
    ReviewPerson,
    ReviewRecord,
    RunResult,
    SubjectResult,
)

COLUMNS_UP_TO = 8
"""Experts that get a column each; of more, the opinions stand in the second table only."""
AGREED = "认可"


@dataclass(frozen=True)
class Outcome:
    """A reviewed result and the run it belongs to."""

    result: RunResult
    review: ReviewRecord
    run: str

    @cached_property
    def experts(self) -> list[ReviewPerson]:
        """Experts in the order of the panel; with those who gave opinions and have left it since."""
        word = ROLE_WORDS["expert"]
        given = {e.expert for s in self.result.subjects for i in s.indicators for e in opinions(i)}
        return [p for p in self.review.people if word in p.roles or p.id in given]

    @property
    def several(self) -> bool:
        """Whether there is more than one evaluated subject."""
        return len(self.result.subjects) > 1

    def notes(self, *kinds: str) -> list[ReviewNote]:
        """Notes of these kinds, in the order of the ledger."""
        return [n for n in self.review.notes if n.kind in kinds]

    def answers(self, note: ReviewNote, *kinds: str) -> list[ReviewNote]:
        """Later notes of these kinds that refer to a note."""
        return [n for n in self.notes(*kinds) if note.event in n.refers]

    def about(self, note: ReviewNote) -> str:
        """Subject (where there are several) and indicator of a note, by name."""
        subject = next((s for s in self.result.subjects if s.id == note.subject), None)
        pool = [subject] if subject else self.result.subjects
        indicator = next((i for s in pool for i in s.indicators if i.code == note.indicator), None)
        parts = [
            subject.name if subject and self.several else "",
            indicator.name if indicator else note.indicator or "",
        ]
        return "\n".join(p for p in parts if p) or "—"

    def paper(self, name: str, *, landscape: bool = False) -> Paper:
        """A paper with its title set."""
        paper = Paper(f"{self.result.title} {name}", mark_of(self.result.evaluation, self.run), landscape=landscape)
        paper.title(name, self.result.title)
        return paper


def opinions(indicator: IndicatorResult) -> list[ExpertPoints]:
    """What experts said about an indicator."""
    return indicator.review.experts if indicator.review else []


def results(outcome: Outcome) -> bytes:
    """The table of results as docx: one table of points and one of reasons per subject, then the signatures."""
    paper = outcome.paper("评审结果表", landscape=True)
    for number, subject in enumerate(outcome.result.subjects):
        if number:
            paper.new_page()
        if outcome.several:
            paper.heading(subject.name)
        _head(paper, outcome, subject)
        _points(paper, outcome, subject)
        _reasons(paper, subject)
    _fallen(paper, outcome)
    paper.note("评审专家签名")
    columns = [Column(t, s) for t, s in (("姓名", 2), ("分工", 3), ("单位、职称", 5), ("签名", 4), ("日期", 3))]
    people = [
        Line([p.name, "、".join(p.roles), "　".join(x for x in (p.organisation, p.title) if x), "", ""], height=9.5)
        for p in outcome.experts
    ]
    paper.table(columns, people)
    paper.signature("主评人签名")
    return paper.data()


def _head(paper: Paper, outcome: Outcome, subject: SubjectResult) -> None:
    review = outcome.review
    paper.fields(
        [
            ("评审后总分、等级", f"{reading.total_text(subject)} 分,{reading.grade_text(subject)}"),
            ("计算总分、等级", _computed(subject)),
            ("汇总办法", review.merge_rule or "尚未汇总"),
            ("阶段", f"{review.phase}，第{review.round}轮"),
            ("评审台账", f"{review.events}条记录"),
            ("台账校验值", outcome.result.ledger_head[:16]),
        ],
        across=2,
    )


def _computed(subject: SubjectResult) -> str:
    """Total and grade without experts' points; a total that is an interval has no grade."""
    return f"{computed_total(subject) or '—'} 分,{computed_grade(subject) or reading.UNGRADED}"


def _points(paper: Paper, outcome: Outcome, subject: SubjectResult) -> None:
    experts = outcome.experts if len(outcome.experts) <= COLUMNS_UP_TO else []
    columns = [Column("编码", 1.7), Column("指标", 4.6), Column("分值", 1.4, "right"), Column("计算得分", 1.9, "right")]
    columns += [Column(p.name, 1.9, "center") for p in experts]
    columns += [Column("汇总得分", 1.9, "right"), Column("最终得分", 1.9, "right"), Column("说明", 5)]
    merged_by = {_by(i) for i in subject.indicators} - {""}
    once = merged_by.pop() if len(merged_by) == 1 else ""
    rows = []
    for i in subject.indicators:
        said = {e.expert: e for e in opinions(i)}
        cells = [i.code, indicator_text(i), trimmed_points(i.weight), i.computed or "未评分"]
        cells += [said_text(said.get(p.id)) for p in experts]
        rows.append(Line([*cells, (i.review and i.review.merged) or "—", reading.points_text(i), why(i, once)]))
    blank = [""] * (len(columns) - 5)
    rows.append(
        Line(
            [
                "",
                "总分",
                trimmed_points(str(reading.full_points(subject))),
                *blank,
                f"{reading.total_text(subject)}",
                "",
            ],
            "total",
        )
    )
    paper.table(columns, rows)
    if once:
        paper.note(f"汇总：{once}。")


def said_text(said: ExpertPoints | None) -> str:
    """One expert's cell: points with the choice under them, or only the choice."""
    if said is None:
        return "—"
    return said.choice if said.points is None else f"{said.points}\n{said.choice}"


def _by(indicator: IndicatorResult) -> str:
    """Who merged or revised the indicator's points, and when."""
    review = indicator.review
    return "　".join(x for x in (review.by, moment(review.at)) if x) if review else ""


def why(indicator: IndicatorResult, said_once: str = "") -> str:
    """How the final points came about: rule, by whom, when; or why the merged ones no longer hold.

    ``said_once``: who and when of the merge, where one line under the table says it for all.
    """
    review = indicator.review
    if review is None or (review.merged, review.revised) == (None, None):
        return "" if review is None else "尚未汇总"
    by = _by(indicator)
    rule, reason = review.rule or "", review.reason or ""
    revised = f"征求意见后复核为{review.revised}分" if review.revised is not None else ""
    parts = ["" if rule in reason else rule, revised, reason, "" if by == said_once else by]
    if not review.applied:
        parts.insert(0, f"未采用汇总得分：{review.why_not or ''}")
    return "\n".join(p for p in parts if p)


def _reasons(paper: Paper, subject: SubjectResult) -> None:
    columns = [
        Column("专家", 2, "center"),
        Column("评定", 1.3, "center"),
        Column("得分", 1.4, "right"),
        Column("理由", 9),
        Column("引用佐证", 4),
        Column("时间、轮次", 3),
    ]
    rows = list(_reason_rows(subject))
    if rows:
        paper.note("各专家评定的理由（没有说明的认可见上表）")
        paper.table(columns, rows)


def _reason_rows(subject: SubjectResult) -> Iterator[Line]:
    for i in subject.indicators:
        told = [e for e in opinions(i) if e.choice != AGREED or e.reason or e.evidence]
        if told:
            yield Line([f"{i.code}　{i.name}"], "group")
        for e in told:
            clerk = f"\n（{e.entered_by}代录）" if e.entered_by else ""
            when = f"{moment(e.at)}\n第{e.round}轮"
            yield Line([e.name + clerk, e.choice, e.points or "—", e.reason or "—", e.evidence or "—", when])


def _fallen(paper: Paper, outcome: Outcome) -> None:
    """Opinions that lost their object, named one by one."""
    if not outcome.review.not_applied:
        return
    paper.note("不再适用的评定（资料或方案有变，须重新评定）")
    rows = [Line([line.indicator or "—", line.message]) for line in outcome.review.not_applied]
    paper.table([Column("指标", 2), Column("原因", 12)], rows)
