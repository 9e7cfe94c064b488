"""How a report shows things: its fields, numbers of chapters, tables of the product as blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from workbench.base.text import plain
from workbench.reports import reading
from workbench.reports.document.blocks import Edition, Grid
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Report
from workbench.reports.document.widths import TURNED, UPRIGHT, widths
from workbench.reports.papers.grid import Column, Kind, Line
from workbench.reports.reading import number
from workbench.reports.table import RowKind, Table
from workbench.scheme.basis import EXAMPLE_LABEL
from workbench.scoring.result import IndicatorResult, SubjectResult

SHORT = 16
"""Characters of a run's digest that name it on paper, as they name its folder."""
NOT_FILLED = "（待填写）"
COMPARED = "评价对象得分与等级"
"""The table that has all subjects side by side."""
NAMED_SUBJECTS = 3
"""Subjects whose totals fit into a field."""
SELF_EVALUATION = "自评"
GRADE_NOTE = "等级说明"
DAY = "评价基准日"
"""As of which day everything was computed; the report itself may have a date of its own."""
_DIGITS = "零一二三四五六七八九"
_ENDINGS = ("评价", "自评", "评估", "监控", "复核")
_WIDE = str.maketrans(",;:()", "，；：（）")
_HAN = r"[\u4e00-\u9fff“”‘’、。，；：（）《》〔〕…]"
_STOP = re.compile(rf"(?<={_HAN})[,;:]|[,;:](?={_HAN})")
_PAIR = re.compile(rf"(?<={_HAN})\([^()]*\)|\([^()]*{_HAN}[^()]*\)")
_CLAUSE = re.compile(r"(〔\d{4}〕\d+号) (?=第|附)")
_MISSING = re.compile("“(?P<what>[^“”]+)”(?P<is>未填报|缺数据，无法计算)")
EXAMPLE = "※"
"""Stands behind what no document fixes; what it means is said once, under the table."""
_EXAMPLES = "※ 权重或计分档次没有文件规定，为示例，可改。"
_SAID = frozenset({"评分说明", "说明", "影响", "等级", "依据条款"})
"""Columns that hold computed sentences."""
_KINDS: dict[RowKind, Kind] = {"plain": "plain", "subtotal": "total", "total": "total"}


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
        DAY: day(result.as_of),
        "报告日期": day(report.date or ""),
        "稿次": edition,
        **_totals(source),
        "运行": f"{result.evaluation} {source.run[:SHORT]}",
        "指标包": typeset(source.pack_text),
        "计分规则": typeset(source.ruleset_text),
        "地区办法": typeset(source.policy_text),
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
        where = "见综合评价结论"
        return {"总分": f"{len(subjects)}个评价对象，{where}", "满分": where, "等级": where, GRADE_NOTE: ""}
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


def grid(table: Table, *, title: str = "", wide: bool = False) -> Grid:
    """A table of the product as a block, its columns as wide as their texts ask for; an empty one has one row that says so."""
    rows = [set_row(row, table.columns) for row in table.rows]
    figures = [name in table.numeric for name in table.columns]
    shares = widths(table.columns, rows, figures, TURNED if wide else UPRIGHT)
    columns = [
        Column(name, share, "right" if figure else "left")
        for name, share, figure in zip(table.columns, shares, figures, strict=True)
    ]
    note = table.note
    if any(EXAMPLE in cell for row in rows for cell in row):
        note = f"{note}\n{_EXAMPLES}" if note else _EXAMPLES
    kinds = table.kinds or ["plain"] * len(table.rows)
    lines = [Line(row, _KINDS[kind]) for row, kind in zip(rows, kinds, strict=True)]
    if not lines:
        lines = [Line([table.empty.strip("()"), *[""] * (len(columns) - 1)])]
    return Grid(title or table.caption, columns, lines, note, wide)


def set_row(row: Sequence[str], columns: Sequence[str]) -> list[str]:
    """A row with its computed sentences as prose has them, and a mark instead of words that every row would repeat."""
    marked = [text.replace(f"({EXAMPLE_LABEL})", EXAMPLE) for text in row]
    return [condensed(typeset(text)) if name in _SAID else text for name, text in zip(columns, marked, strict=True)]


def bare(digest: str) -> str:
    """A digest without the name of its algorithm: 64 characters, which fit a line."""
    return digest.removeprefix("sha256:")


def day(date: str) -> str:
    """A date as an official document writes it (GB/T 9704—2012 7.3.5.4): ``2024-02-08`` → 2024年2月8日; other texts as they are."""
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", date.strip())
    return f"{found[1]}年{int(found[2])}月{int(found[3])}日" if found else date


def typeset(text: str) -> str:
    """A computed text with the punctuation of Chinese prose (GB/T 15834—2011); between figures and Latin letters nothing moves."""
    for _ in range(2):  # brackets within brackets
        text = _PAIR.sub(lambda found: found[0].translate(str.maketrans("()", "（）")), text)
    text = _CLAUSE.sub(r"\1", text)
    return _STOP.sub(lambda found: found[0].translate(_WIDE), text)


def condensed(text: str) -> str:
    """A computed text that says of each number by itself that it is missing, said of all of them at once.

    What could not be computed without a number that is named adds nothing.
    """
    parts = [(part, _MISSING.fullmatch(part)) for part in text.removesuffix("。").split("；")]
    lacking = {m["what"]: m["is"] for _, m in parts if m}
    if len(lacking) < 2:
        return text
    why = "未填报" if "未填报" in lacking.values() else "缺数据，无法计算"
    names = "".join(f"“{what}”" for what, said in lacking.items() if said == why)
    end = "。" if text.endswith("。") else ""
    return "；".join([*(part for part, m in parts if not m), f"{names}{why}"]) + end


def grouped(said: Sequence[tuple[str, str]], everybody: int, most: int = NAMED_SUBJECTS) -> list[str]:
    """What is said of several subjects, once for all of whom it is the same: ``甲、乙：…``.

    Args:
        said: a subject's name and a text.
        everybody: how many subjects there are.
        most: of more, the first and their number are named.
    """
    whose: dict[str, list[str]] = {}
    for name, text in said:
        whose.setdefault(text, []).append(name)
    return [f"{_together(names, everybody, most)}：{text}" for text, names in whose.items()]


def _together(names: Sequence[str], everybody: int, most: int) -> str:
    if len(names) == everybody > 1:
        return f"各评价对象（{everybody}个）"
    return "、".join(names) if len(names) <= most else f"{names[0]}等{len(names)}个评价对象"


def ended(text: str) -> str:
    """Somebody's words with a full stop where there is none; a gap where there are none."""
    said = text.rstrip()
    return f"{said}。" if said and said[-1] not in "。！？；：.!?" else said or NOT_FILLED


def sentence(text: str) -> str:
    """A computed explanation as a whole sentence."""
    return f"{condensed(typeset(text.rstrip('。;；,， ')))}。"


def listed(names: Sequence[str], most: int = 20) -> str:
    """``甲、乙、丙``, with ；between names that have 、 in them; of more than ``most``, how many there are besides."""
    between = "；" if any("、" in name for name in names) else "、"
    return between.join(names[:most]) + (f"等{len(names)}项" if len(names) > most else "")
