"""How a report shows things: its fields, numbers of chapters, tables of the product as blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from workbench.base.text import plain
from workbench.reports import reading
from workbench.reports.document.blocks import Edition, Grid
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Report
from workbench.reports.papers.grid import Column, Kind, Line
from workbench.reports.reading import number
from workbench.reports.table import RowKind, Table
from workbench.scoring.result import IndicatorResult, SubjectResult

SHORT = 16
"""Characters of a run's digest that name it on paper, as they name its folder."""
NOT_FILLED = "（待填写）"
NAMED_SUBJECTS = 3
"""Subjects whose totals fit into a field."""
SELF_EVALUATION = "自评"
GRADE_NOTE = "等级说明"
DAY = "评价基准日"
"""As of which day everything was computed; the report itself may have a date of its own."""
_DIGITS = "零一二三四五六七八九"
_ENDINGS = ("评价", "自评", "评估", "监控", "复核")
_KINDS: dict[RowKind, Kind] = {"plain": "plain", "subtotal": "total", "total": "total"}
_SHARES = {"评分说明": 5.2, "说明": 7.0, "三级": 3.0, "指标值": 1.7, "完成值": 1.7, "专家得分": 2.2, "汇总得分": 2.0}
"""Widths of columns whose texts are longer or shorter than the usual 1.2."""
_DIGIT, _PADDING, _WIDEST = 0.21, 0.3, 2.9
"""Share of a digit, and of the cell's margins: numbers are not broken into two lines."""


def ordinal(count: int) -> str:
    """Chinese numerals up to 99: ``12`` → 十二."""
    tens, ones = divmod(count, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def coverage(part: Decimal, whole: Decimal) -> str:
    """The share of a whole in percent: ``33.33%``."""
    return f"{plain(reading.share(part, whole))}%"


def total_rate(subject: SubjectResult) -> str:
    """The share of its full points a subject reached; empty while it has no total."""
    full = reading.full_points(subject)
    return f"{plain(reading.share(number(subject.total), full))}%" if subject.total is not None and full else ""


def lost_text(indicator: IndicatorResult) -> str:
    """Points below full points; between two numbers while it is unscored."""
    if indicator.status == "not_applicable":
        return "—"
    weight = number(indicator.weight)
    if indicator.final is not None:
        return plain(weight - number(indicator.final))
    return reading.span(plain(weight - number(indicator.high)), plain(weight - number(indicator.low)))


def report_name(source: ReportSource, report: Report) -> str:
    """报告名称: the analyst's, else the evaluation's title with what it is."""
    if report.title and report.title.strip():
        return report.title.strip()
    title, stage = source.result.title, source.result.stage
    if title.endswith("报告"):
        return title
    kind = "绩效自评" if stage == SELF_EVALUATION else stage if stage in ("事前评估", "绩效监控") else "绩效评价"
    return f"{title}报告" if title.endswith(_ENDINGS) else f"{title}{kind}报告"


def fields(source: ReportSource, report: Report, edition: Edition) -> dict[str, str]:
    """The short texts of a report, by the names templates and references use."""
    result, who = source.result, source.plan.parties
    # A unit that evaluates itself has none of these three (财预〔2020〕10号 第四条).
    gap = "" if result.stage == SELF_EVALUATION else NOT_FILLED
    return {
        "报告名称": report_name(source, report),
        "项目名称": result.title if source.several else source.subject.name,
        "委托方": report.client or who.client or gap,
        "评价机构": report.institution or who.evaluator or gap,
        "主评人": report.lead or who.lead or gap,
        "被评价单位": report.evaluated or who.evaluated or NOT_FILLED,
        "评价年度": result.period,
        "评价阶段": result.stage,
        DAY: result.as_of,
        "报告日期": report.date or "",
        "稿次": edition,
        **_totals(source),
        "运行": f"{result.evaluation} {source.run[:SHORT]}",
        "指标包": source.pack_text,
        "计分规则": source.ruleset_text,
        "地区办法": source.policy_text,
    }


def _totals(source: ReportSource) -> dict[str, str]:
    """总分, 满分, 等级 and 等级说明; of several subjects each by name, of many where they stand."""
    subjects = source.result.subjects
    said = {
        "总分": [reading.total_text(s) for s in subjects],
        "满分": [plain(reading.full_points(s)) for s in subjects],
        "等级": [s.grade or reading.UNGRADED for s in subjects],
    }
    notes = [grade_note(s) for s in subjects]
    if len(subjects) == 1:
        return {name: values[0] for name, values in said.items()} | {GRADE_NOTE: notes[0]}
    if len(subjects) > NAMED_SUBJECTS:
        return dict.fromkeys(said, f"{len(subjects)}个评价对象，见综合评价结论") | {GRADE_NOTE: ""}
    said[GRADE_NOTE] = notes
    return {
        name: "；".join(f"{s.name} {v}" for s, v in zip(subjects, values, strict=True) if v)
        for name, values in said.items()
    }


def grade_note(subject: SubjectResult) -> str:
    """等级说明: what the policy calls the grade and that it is 暂定, or that a veto left none; empty where there is no more to say."""
    if subject.grade is None:
        return "一票否决" if reading.vetoed(subject) else ""
    name = [subject.grade_name] if subject.grade_name not in (None, subject.grade) else []
    return "，".join(str(x) for x in [*name, *(["暂定"] if subject.provisional else [])])


def titled(source: ReportSource, subject: SubjectResult, what: str) -> str:
    """A caption; with several subjects whose table it is."""
    return f"{subject.name}：{what}" if source.several else what


def grid(table: Table, *, title: str = "", wide: bool = False, shares: Mapping[str, float] | None = None) -> Grid:
    """A table of the product as a block; an empty one has one row that says so."""
    widths = _SHARES | dict(shares or {})
    columns = [
        Column(name, _share(widths.get(name, 1.2), texts), "right")
        if name in table.numeric
        else Column(name, widths.get(name, 1.2))
        for name, *texts in zip(table.columns, *table.rows, strict=True)
    ]
    kinds = table.kinds or ["plain"] * len(table.rows)
    lines = [Line(row, _KINDS[kind]) for row, kind in zip(table.rows, kinds, strict=True)]
    if not lines:
        lines = [Line([table.empty.strip("()"), *[""] * (len(columns) - 1)])]
    return Grid(title or table.caption, columns, lines, table.note, wide)


def _share(usual: float, texts: Sequence[str]) -> float:
    """The width of a column of numbers: as wide as the longest of them."""
    longest = max((len(text) for text in texts), default=0)
    return max(usual, min(_WIDEST, _DIGIT * longest + _PADDING))


def bare(digest: str) -> str:
    """A digest without the name of its algorithm: 64 characters, which fit a line."""
    return digest.removeprefix("sha256:")


def sentence(text: str) -> str:
    """A computed explanation as a whole sentence."""
    return f"{text.rstrip('。;；,， ')}。"


def listed(names: Sequence[str], most: int = 20) -> str:
    """``甲、乙、丙``; of more than ``most``, how many there are besides."""
    return "、".join(names[:most]) + (f"等{len(names)}项" if len(names) > most else "")
