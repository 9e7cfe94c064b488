"""Shared parts of packs: what a pack declares in one line (``survey``, ``benchmarks``) written out as tables and checks.

Pure functions Pack → Pack. Everything after loading (template, reader, measures, findings, digest) sees only the result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from workbench.base.errors import PackError, Place, Problem
from workbench.base.text import plain, suggest
from workbench.scheme.benchmarks import (
    LONGEST_NAME,
    PARTS,
    benchmark_checks,
    benchmark_derived,
    benchmark_table,
)
from workbench.scheme.pack import BenchmarkSheet, CheckSpec, Derived, Pack, SurveySpec, TableSpec
from workbench.scheme.survey import survey_checks, survey_derived, survey_table

FINEST = Decimal("0.01")


@dataclass(frozen=True)
class Parts:
    """What one declaration stands for; ``key`` is where it stands in the pack file."""

    key: str
    tables: list[TableSpec] = field(default_factory=list)
    derived: list[Derived] = field(default_factory=list)
    checks: list[CheckSpec] = field(default_factory=list)


def expanded(pack: Pack) -> Pack:
    """The pack with its short declarations written out; a pack already written out stays as it is.

    Raises:
        PackError: the pack has a table or check of its own under a name the declaration needs, or the declaration itself
            cannot be written out.
    """
    problems = [*_survey_problems(pack.survey), *_benchmark_problems(pack)]
    if problems:
        raise PackError(problems)
    parts: list[Parts] = []
    if pack.survey is not None:
        survey = pack.survey
        parts.append(Parts("survey", [survey_table(survey)], [survey_derived(survey)], survey_checks(survey)))
    if pack.benchmarks is not None:
        sheet = pack.benchmarks
        parts.append(Parts("benchmarks", [benchmark_table(sheet)], benchmark_derived(sheet), benchmark_checks(sheet)))
    problems = [p for part in parts for p in _taken(pack, part)]
    if problems:
        raise PackError(problems)
    for part in parts:
        pack = pack.model_copy(
            update={
                "tables": [*pack.tables, *(t for t in part.tables if t not in pack.tables)],
                # First, so that the pack's own derived tables can read them.
                "derived": [*(d for d in part.derived if d not in pack.derived), *pack.derived],
                "checks": [*pack.checks, *(c for c in part.checks if c not in pack.checks)],
            }
        )
    return pack


def _taken(pack: Pack, part: Parts) -> Iterator[Problem]:
    """Names the declaration needs that the pack has given to something else."""
    own = {t.name for t in pack.tables if t not in part.tables} | {
        d.name for d in pack.derived if d not in part.derived
    }
    for name in dict.fromkeys([*(t.name for t in part.tables), *(d.name for d in part.derived)]):
        if name in own:
            yield _name_taken(part.key, f"表名“{name}”", name)
    codes = {c.code for c in pack.checks if c not in part.checks}
    for code in dict.fromkeys(c.code for c in part.checks):
        if code in codes:
            yield _name_taken(part.key, f"检查编码“{code}”", code)


def _name_taken(key: str, what: str, name: str) -> Problem:
    fix = f"请改名,或删去 {key}: 自己写全"
    return Problem("name_taken", f"{what}由 {key}: 自动生成,指标包不能再用", Place(key=f"pack.{key}"), name, fix=fix)


def _survey_problems(survey: SurveySpec | None) -> Iterator[Problem]:
    """Percents finer than two decimals would not be those shown in the findings."""
    if survey is None:
        return
    for name in ("minimum_valid_percent", "margin_percent"):
        percent: Decimal = getattr(survey, name)
        if percent % FINEST:
            yield Problem("survey", "百分比至多两位小数", Place(key=f"pack.survey.{name}"), plain(percent))


def _benchmark_problems(pack: Pack) -> Iterator[Problem]:
    sheet = pack.benchmarks
    if sheet is None:
        return
    place = Place(key="pack.benchmarks.items")
    for item in sheet.items:
        if len(item.name) > LONGEST_NAME:
            yield Problem("benchmark_name", "对标项的 name 太长", place, item.name, f"不超过{LONGEST_NAME}个字符")
    for name in _repeated(n for i in sheet.items for n in (i.name, *(f"{i.name}_{part}" for part in PARTS))):
        yield Problem("benchmark_name", "对标项的 name 重复,或与另一项的范围、年度、来源列同名", place, name)
    for title in _repeated(i.title for i in sheet.items):
        yield Problem("benchmark_title", "对标项的 title 重复", place, title)
    yield from _year_problems(pack, sheet)


def _year_problems(pack: Pack, sheet: BenchmarkSheet) -> Iterator[Problem]:
    years = [f.name for f in pack.subject_fields if f.type == "integer"]
    if sheet.year is not None and sheet.year not in years:
        fix = suggest(sheet.year, years) or "请在 subject_fields 中加上这个字段,类型 integer"
        expected = "subject_fields 中的整数字段"
        yield Problem(
            "benchmark_year",
            "对标值的年度取自不存在的字段",
            Place(key="pack.benchmarks.year"),
            sheet.year,
            expected,
            fix,
        )


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
