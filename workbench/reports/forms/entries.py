"""What stands in 项目支出绩效自评表: points and rates as the result prints them, amounts and words as the evidence has them.

What nobody gave stays empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.base.exact import half_up
from workbench.base.text import plain, trimmed
from workbench.evidence.indicators import line_code
from workbench.evidence.standard import INDICATOR_SHEET
from workbench.evidence.tables import Evidence, Table
from workbench.reports import reading
from workbench.reports.document.shown import sentence
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import ReportedProblem
from workbench.reports.reading import PURE_NUMBER
from workbench.scheme.pack import Pack
from workbench.scoring.result import IndicatorResult, SubjectResult

EXECUTION = "预算执行率"
"""The level 1 that stands in the money block and not among the indicators (财预〔2020〕10号 附1)."""
FUNDS = "funds"
AMOUNTS = ("initial", "budget", "executed")
"""Fields of 项目资金: 年初预算数, 全年预算数, 全年执行数, in 万元."""
TOTAL = "年度资金总额"
SOURCES = ("其中:当年财政拨款", "上年结转资金", "其他资金")
_CENTS = 2
_ROUNDED = "资金按万元保留两位小数列示，执行率按资料中的原数计算。"
_ABOUT = ("department", "unit", "goal", "outcome")


def has_form(pack: Pack | None) -> bool:
    """Whether a pack reads what the form asks for: 项目资金 by source, and 绩效指标 line by line."""
    if pack is None or pack.indicator_sheet is None:
        return False
    columns = next(({f.name for f in t.fields} for t in pack.tables if t.name == FUNDS), set())
    return {"item", *AMOUNTS} <= columns


@dataclass(frozen=True)
class IndicatorEntry:
    """A line of 绩效指标. ``deviation``: 偏差原因分析及改进措施."""

    level1: str
    level2: str
    name: str
    target: str
    actual: str
    weight: str
    points: str
    deviation: str


@dataclass(frozen=True)
class Entries:
    """The form of one subject.

    Attributes:
        amounts: 资金类别 → 年初预算数, 全年预算数, 全年执行数 as texts.
        execution: 分值, 执行率 and 得分 of the whole; empty texts where there is no such indicator.
        notes: what a reader has to know about the points.
    """

    project: str
    department: str
    unit: str
    goal: str
    outcome: str
    amounts: dict[str, list[str]]
    execution: tuple[str, str, str]
    indicators: Sequence[IndicatorEntry]
    full: str
    total: str
    notes: Sequence[str]


def entries(
    source: ReportSource, subject: SubjectResult, evidence: Evidence, problems: Sequence[ReportedProblem]
) -> Entries:
    """What the form of a subject says. ``evidence`` as it was read, corrections of the review made."""
    about, amounts = _about(evidence, subject), _amounts(evidence, subject)
    execution = next((i for i in subject.indicators if i.level1 == EXECUTION), None)
    lines = [_line(i, evidence, subject, problems) for i in _ordered(source, subject) if i is not execution]
    return Entries(
        project=subject.name,
        department=about["department"],
        unit=about["unit"] or (source.plan.parties.evaluated or "" if not source.several else ""),
        goal=about["goal"],
        outcome=about["outcome"],
        amounts={item: [_amount(x) for x in row] for item, row in amounts.items()},
        execution=_execution(execution),
        indicators=lines,
        full=str(reading.full_points(subject)),
        total=subject.total or "",
        notes=[*(_ROUNDED for _ in range(_finer(amounts))), *_notes(subject)],
    )


def _about(evidence: Evidence, subject: SubjectResult) -> dict[str, str]:
    """The subject's own fields in 评价对象, empty where the pack has no such field."""
    people = evidence.subjects
    at = people.texts("subject").index(subject.id)
    return {name: _text(people, at, name) for name in _ABOUT}


def _text(table: Table, i: int, name: str) -> str:
    value = table.value(i, name) if name in table.columns else None
    return trimmed(value) if isinstance(value, Decimal) else str(value) if value is not None else ""


def _amounts(evidence: Evidence, subject: SubjectResult) -> dict[str, list[str]]:
    funds = evidence.tables[FUNDS]
    rows = {_text(funds, i, "item"): i for i in funds.records.get(subject.id, [])}
    return {item: [_text(funds, i, name) for name in AMOUNTS] for item, i in rows.items()}


def _amount(text: str) -> str:
    """An amount as a form has it, with two decimals."""
    return plain(half_up(Decimal(text), _CENTS)) if PURE_NUMBER.fullmatch(text) else text


def _finer(amounts: Mapping[str, Sequence[str]]) -> bool:
    """Whether an amount has more decimals than are shown."""
    return any(len(x.partition(".")[2]) > _CENTS for row in amounts.values() for x in row)


def _execution(indicator: IndicatorResult | None) -> tuple[str, str, str]:
    if indicator is None:
        return "", "", ""
    return indicator.weight, indicator.shown or "", _points(indicator)


def _points(indicator: IndicatorResult) -> str:
    """Points; none while it is unscored."""
    return "不适用" if indicator.status == "not_applicable" else indicator.final or ""


def _ordered(source: ReportSource, subject: SubjectResult) -> Iterator[IndicatorResult]:
    """The indicators level by level in the order of the form, those of one level 2 together."""
    sheet = source.pack.indicator_sheet if source.pack is not None else None
    for level in subject.levels:
        items = reading.members(subject, level.name)
        declared = sheet.level2.get(level.name, []) if sheet is not None else []
        names = list(dict.fromkeys([*declared, *(i.level2 for i in items)]))
        yield from sorted(items, key=lambda i: names.index(i.level2))


def _line(
    indicator: IndicatorResult, evidence: Evidence, subject: SubjectResult, problems: Sequence[ReportedProblem]
) -> IndicatorEntry:
    sheet = evidence.tables[INDICATOR_SHEET.name]
    numbered = enumerate(sheet.records.get(subject.id, []), 1)
    at = next((i for n, i in numbered if line_code(sheet, i, n) == indicator.code), None)
    found = reading.value_text(indicator) if indicator.shown is not None else ""
    if indicator.direction == "qualitative" and at is not None:  # what was reached stands there in words
        words = _text(sheet, at, "actual")
        found = f"{words}（{found}）" if words and found and words not in found else words or found
    target = reading.target_text(indicator) if indicator.target is not None else ""
    reason = _text(sheet, at, "reason") if at is not None else ""
    return IndicatorEntry(
        indicator.level1,
        indicator.level2 or "",
        indicator.name,
        target,
        found,
        indicator.weight,
        _points(indicator),
        _deviation(indicator, subject, problems) or reason,
    )


def _deviation(indicator: IndicatorResult, subject: SubjectResult, problems: Sequence[ReportedProblem]) -> str:
    """Cause and suggestion of the problems linked to an indicator."""
    linked = [p for p in problems if indicator.code in p.indicators and (not p.subjects or subject.id in p.subjects)]
    said = [
        "；".join(
            f"{word}：{text.rstrip('。；')}" for word, text in (("原因", p.cause), ("措施", p.suggestion)) if text
        )
        for p in linked
    ]
    return "\n".join(text for text in said if text)


def _notes(subject: SubjectResult) -> Iterator[str]:
    waiting = reading.awaiting(subject)
    if subject.total is None:
        yield f"有{len(waiting)}项指标未评分，总分在{reading.span(*subject.interval)}之间。"
    yield from (sentence(step.text) for step in subject.steps if step.step == "rescaled")
    for word, step in (("加分", "bonus"), ("扣分", "deductions")):
        yield from (f"{word}：{sentence(s.text)}" for s in subject.steps if s.step == step)
    if subject.provisional:
        yield f"等级：{sentence(reading.grade_text(subject))}"
