"""Parts three and four of the report, made of the result alone: conclusion, checked situations, analysis of the indicators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from workbench.base.text import file_stem, plain
from workbench.reports import reading
from workbench.reports.analysis import rows_of
from workbench.reports.document import narrative
from workbench.reports.document.blocks import Block, Grid, Heading, Picture, paragraph
from workbench.reports.document.problems import Links, lost_points
from workbench.reports.document.shown import grid, ordinal, sentence, titled, total_rate
from workbench.reports.document.source import ReportSource
from workbench.reports.papers.grid import Column, Line
from workbench.reports.reading import number
from workbench.reports.tables import caps_table, compare_table, label, verdict_table
from workbench.scoring.result import IndicatorResult, LevelResult, RunResult, SubjectResult

COMPARED = "评价对象得分与等级"
_WITH_LEVELS = ("level_bars", "radar")
_WITH_LOSSES = ("lost_points", "bonus_ledger")
_WITH_EVIDENCE = ("evidence_status",)
_WITH_REVIEW = ("dumbbell", "expert_spread")


class Pictures:
    """The pictures a report shows, each where it is talked about. ``known``: those there are, by the names of their files."""

    def __init__(self, known: Mapping[str, Picture]) -> None:
        self.known = known

    def of(self, subject: SubjectResult, *charts: str) -> list[Block]:
        """Some charts of a subject, as far as they are there."""
        names = [f"{file_stem(subject.id)}-{chart}" for chart in charts]
        return [self.known[name] for name in names if name in self.known]

    def further(self, subject: SubjectResult, source: ReportSource) -> list[Block]:
        """The charts the pack declares, which no part of ours speaks of."""
        tables = {a.name: a for a in source.result.analyses}
        own = [c.name for c in source.result.charts if rows_of(tables[c.analysis], subject)]
        return self.of(subject, *own)


def conclusion(source: ReportSource, pictures: Pictures) -> Iterator[Block]:
    """综合评价结论: for each subject the verdict in words, points and 得分率 of the levels, the way from points to grade."""
    result = source.result
    if source.several:
        yield _compared(result)
    for n, subject in enumerate(result.subjects, 1):
        if source.several:
            yield Heading(f"{n}. {subject.name}", 3)
        for text in narrative.conclusion(subject):
            yield paragraph(text)
        for text in narrative.consequences(subject):
            yield paragraph(f"结果应用：{text}。")
        yield level_grid(subject, titled(source, subject, "一级指标得分"))
        yield from pictures.of(subject, *_WITH_LEVELS)
        yield from pictures.of(subject, *_WITH_LOSSES)
        yield grid(verdict_table(subject), title=titled(source, subject, "评分汇总与等级确定过程"))
        yield paragraph(narrative.evidence_paragraph(subject))
        yield from pictures.of(subject, *_WITH_EVIDENCE)
    yield from _review(source, pictures)


_DIGIT, _PADDING, _ROOM = 2.0, 3.0, 156.0
"""Width in mm of a digit and of a cell's margins, and of the text on an upright sheet."""
_ABOUT = 3
"""Columns of the comparison that are about a subject as a whole and hold words."""


def _compared(result: RunResult) -> Grid:
    """Subjects side by side; full points stand in the head where they are the same for all, and a sheet that is too narrow is turned."""
    table = compare_table(result)
    full = {name: {v.weight for s in result.subjects for v in s.levels if v.name == name} for name in table.columns}
    same = {at: weights.copy().pop() for at, weights in enumerate(full.values()) if len(weights) == 1}
    columns = [f"{name}（{same[at]}分）" if at in same else name for at, name in enumerate(table.columns)]
    rows = [[c.removesuffix(f"/{same[at]}") if at in same else c for at, c in enumerate(row)] for row in table.rows]
    made = grid(replace(table, columns=columns, rows=rows, numeric=table.numeric | set(columns[1:-2])), title=COMPARED)
    longest = [max(len(row[at]) for row in rows) for at in range(1, len(columns) - 2)]
    needed = sum(max(14.0, n * _DIGIT + _PADDING) for n in longest)
    return replace(made, wide=needed > _ROOM - _ABOUT * 22)


def _review(source: ReportSource, pictures: Pictures) -> Iterator[Block]:
    for text in narrative.review_paragraphs(source.result):
        yield paragraph(text)
    for subject in source.result.subjects:
        yield from pictures.of(subject, *_WITH_REVIEW)


def level_grid(subject: SubjectResult, title: str) -> Grid:
    """一级指标得分: full points, points and 得分率 of each level 1, what was added and taken, the total."""
    columns = [Column("一级指标", 3), *(Column(t, 2, "right") for t in ("分值", "得分", "得分率"))]
    lines = [
        Line([v.name, v.weight, reading.level_points_text(v), reading.rate_text(v) or "—"]) for v in subject.levels
    ]
    for word, step, sign in (("加分", "bonus", "+"), ("扣分", "deductions", "−")):
        size = abs(reading.extras(subject, step))
        if subject.bonus if step == "bonus" else subject.deductions:
            lines.append(Line([word, "—", f"{sign}{plain(size)}" if size else plain(size), "—"]))
    full = plain(reading.full_points(subject))
    lines.append(Line(["合计", full, reading.total_text(subject), total_rate(subject) or "—"], "total"))
    note = "得分率为得分占分值的百分比，保留两位小数。"
    rescaled = [v.name for v in subject.levels if number(v.applicable) != number(v.weight) and number(v.applicable)]
    note += f"{'、'.join(rescaled)}含不适用指标，得分已按适用部分折算。" if rescaled else ""
    return Grid(title, columns, lines, note)


def situations(source: ReportSource) -> Iterator[Block]:
    """情形核查: each cap, veto and event of the policy, and what was found about it."""
    for subject in source.result.subjects:
        said = narrative.caps_paragraph(subject)
        yield paragraph(f"{subject.name}：{said}" if source.several else said)
        if subject.caps:
            shares = {"情形": 4.0, "核查结果": 1.8, "影响": 3.5, "依据条款": 2.6, "核查文件": 2.4, "文件日期": 1.8}
            yield grid(caps_table(subject), title=titled(source, subject, "情形核查"), shares=shares)


def analysis(source: ReportSource, links: Links, pictures: Pictures) -> Iterator[Block]:
    """指标分析 level 1 by level 1: points, the indicators in a table, then each with its computed explanation."""
    for n, subject in enumerate(source.result.subjects, 1):
        if source.several:
            yield Heading(f"（{ordinal(n)}）{subject.name}", 2)
        answered = {x.code: links.of(x) for x in lost_points(subject)}
        for k, level in enumerate(subject.levels, 1):
            head = f"{k}. {level.name}" if source.several else f"（{ordinal(k)}）{level.name}"
            yield Heading(head, 3 if source.several else 2)
            yield from _level(source, subject, level, answered)
        yield from _extras(subject)
        yield from pictures.further(subject, source)


def _level(
    source: ReportSource, subject: SubjectResult, level: LevelResult, answered: Mapping[str, list[int]]
) -> Iterator[Block]:
    items = reading.members(subject, level.name)
    yield paragraph(narrative.level_paragraph(subject, level))
    columns = [Column("二级指标", 2.2), Column("三级指标", 3.6), Column("分值", 1.3, "right"), Column("指标值", 2)]
    columns += [Column("完成值", 2), Column("得分", 1.5, "right")]
    yield Grid(titled(source, subject, f"{level.name}得分"), columns, [Line(_cells(i)) for i in items])
    for n, indicator in enumerate(items, 1):
        text = narrative.indicator_item(indicator, answered.get(indicator.code, []))
        yield paragraph(f"{n}. {text}", "item")


def _cells(indicator: IndicatorResult) -> list[str]:
    shown = [reading.target_text(indicator), reading.value_text(indicator), reading.points_text(indicator)]
    return [indicator.level2 or "", label(indicator), indicator.weight, *shown]


def _extras(subject: SubjectResult) -> Iterator[Block]:
    """Bonus and deduction items that moved the total, or wait for a check."""
    for word, items in (("加分", subject.bonus), ("扣分", subject.deductions)):
        said = [x for x in items if number(x.points) or x.state == "未核查"]
        if said:
            yield paragraph(f"{word}事项：")
        for n, item in enumerate(said, 1):
            yield paragraph(f"{n}. {item.name}（{item.state}）：{sentence(item.explanation)}", "item")
