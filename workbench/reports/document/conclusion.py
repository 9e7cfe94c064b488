"""Parts three and four of the report, made of the result alone: conclusion, checked situations, analysis of the indicators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from workbench.base.text import file_stem, plain
from workbench.reports import reading
from workbench.reports.analysis import rows_of
from workbench.reports.document import narrative
from workbench.reports.document.blocks import Block, Grid, Heading, paragraph
from workbench.reports.document.problems import Links, lost_points
from workbench.reports.document.shown import COMPARED, grid, ordinal, sentence, titled, total_rate
from workbench.reports.document.source import ReportSource
from workbench.reports.document.widths import UPRIGHT, needed
from workbench.reports.papers.grid import Column, Line
from workbench.reports.reading import number
from workbench.reports.table import Table
from workbench.reports.tables import caps_table, compare_table, label, verdict_table
from workbench.scoring.result import IndicatorResult, LevelResult, RunResult, SubjectResult

_WITH_LEVELS = ("level_bars", "radar")
_WITH_LOSSES = ("lost_points", "bonus_ledger")
_WITH_EVIDENCE = ("evidence_status",)
_WITH_REVIEW = ("dumbbell", "expert_spread")
_NOTHING_TO_DRAW = "指标均未评分，得分、得分率和失分暂无图可画。"


class Pictures:
    """What a report shows of the charts, each where it is talked about. ``known``: by the name of its file the picture, or the sentence
    that says as much.
    """

    def __init__(self, known: Mapping[str, Block]) -> None:
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
        if not reading.scored(subject):
            yield paragraph(_NOTHING_TO_DRAW)
        yield from pictures.of(subject, *_WITH_LEVELS)
        yield from pictures.of(subject, *_WITH_LOSSES)
        yield grid(verdict_table(subject), title=titled(source, subject, "评分汇总与等级确定过程"))
        yield paragraph(narrative.evidence_paragraph(subject))
        yield from pictures.of(subject, *_WITH_EVIDENCE)
    yield from _review(source, pictures)


WORTH_A_SECTION = 3
"""Indicators every subject has the same text of, from which they are told once."""
_NAMES = 6
"""Characters a line of a subject's name has at least, beside its points."""


def _compared(result: RunResult) -> Grid:
    """Subjects side by side; full points stand in the head where they are the same for all, and a sheet that is too narrow is turned."""
    table = compare_table(result)
    words, states = 2, {row[-1] for row in table.rows}
    if len(states) == 1:  # a column that says the same of all says nothing
        note = "" if all(s.complete for s in result.subjects) else f"各评价对象完成情况相同：{states.pop()}。"
        table = replace(table, columns=table.columns[:-1], rows=[row[:-1] for row in table.rows], note=note)
        words = 1
    full = {name: {v.weight for s in result.subjects for v in s.levels if v.name == name} for name in table.columns}
    same = {at: weights.copy().pop() for at, weights in enumerate(full.values()) if len(weights) == 1}
    columns = [f"{name}（{same[at]}分）" if at in same else name for at, name in enumerate(table.columns)]
    rows = [[c.removesuffix(f"/{same[at]}") if at in same else c for at, c in enumerate(row)] for row in table.rows]
    figures = set(columns[1:-words])
    wide = needed(columns, rows, [name in figures for name in columns], _NAMES) > UPRIGHT
    compared = replace(table, columns=columns, rows=rows, numeric=table.numeric | figures)
    return grid(compared, title=COMPARED, wide=wide)


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
    """情形核查: each cap, veto and event of the policy, and what was found about it; once for subjects of which it is the same."""
    subjects = source.result.subjects
    same = len(subjects) > 1 and all(s.caps == subjects[0].caps for s in subjects)
    for subject in subjects[:1] if same else subjects:
        said = narrative.caps_paragraph(subject)
        whose = f"各评价对象（{len(subjects)}个）" if same else subject.name
        yield paragraph(f"{whose}：{said}" if source.several else said)
        if subject.caps:
            yield grid(caps_table(subject), title="情形核查" if same else titled(source, subject, "情形核查"))


def analysis(source: ReportSource, links: Links, pictures: Pictures) -> Iterator[Block]:
    """指标分析 level 1 by level 1: points, the indicators in a table, then each with its computed explanation.

    What is the same of every subject is said of all of them first.
    """
    said = {s.id: _items(s, links) for s in source.result.subjects}
    same = _shared(source.result, said)
    if same:
        yield Heading("（一）各评价对象情况相同的指标", 2)
        yield paragraph(f"下列{len(same)}项指标，{len(said)}个评价对象的评分情况相同，以下分对象的分析不再重复。")
        for n, text in enumerate(same.values(), 1):
            yield paragraph(f"{n}. {text}", "item")
    for n, subject in enumerate(source.result.subjects, 2 if same else 1):
        if source.several:
            yield Heading(f"（{ordinal(n)}）{subject.name}", 2)
        own = {code: text for code, text in said[subject.id].items() if code not in same}
        for k, level in enumerate(subject.levels, 1):
            head = f"{k}. {level.name}" if source.several else f"（{ordinal(k)}）{level.name}"
            yield Heading(head, 3 if source.several else 2)
            yield from _level(source, subject, level, own)
        yield from _extras(subject)
        yield from pictures.further(subject, source)


def _items(subject: SubjectResult, links: Links) -> dict[str, str]:
    """What is said of each indicator, by its code."""
    answered = {x.code: links.of(x) for x in lost_points(subject)}
    return {i.code: narrative.indicator_item(i, answered.get(i.code, [])) for i in subject.indicators}


def _shared(result: RunResult, said: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The texts that are the same of every subject, where there are enough to be worth a section."""
    first, *others = (said[s.id] for s in result.subjects)
    same = {code: text for code, text in first.items() if all(o.get(code) == text for o in others)}
    return same if others and len(same) >= WORTH_A_SECTION else {}


def _level(
    source: ReportSource, subject: SubjectResult, level: LevelResult, said: Mapping[str, str]
) -> Iterator[Block]:
    items = reading.members(subject, level.name)
    yield paragraph(narrative.level_paragraph(subject, level))
    columns = ["二级指标", "三级指标", "分值", "指标值", "完成值", "得分"]
    first = 0 if any(i.level2 for i in items) else 1  # no empty column where a level has no second level
    rows = [_cells(i)[first:] for i in items]
    title = titled(source, subject, f"{level.name}得分")
    yield grid(Table(title, columns[first:], rows, numeric=frozenset({"分值", "得分"})))
    for n, text in enumerate((said[i.code] for i in items if i.code in said), 1):
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
