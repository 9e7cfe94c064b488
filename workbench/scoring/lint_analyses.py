"""Lint of a pack's analyses and charts: names, SQL run on empty tables, and what each kind of chart can draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from workbench.base.errors import Place, Problem, WorkbenchError
from workbench.base.text import suggest
from workbench.evidence.standard import workbook_specs
from workbench.scheme.expressions import syntax_tree
from workbench.scheme.pack import AnalysisSpec, ChartSpec, ColumnSpec, Pack
from workbench.scheme.selects import parse_select
from workbench.scoring.analyses import NUMERIC, fetch
from workbench.scoring.derivations import Derivation
from workbench.scoring.measures import Measures

BUILTIN_CHARTS = (
    *("level_bars", "lost_points", "radar", "evidence_status", "bonus_ledger"),
    *("dumbbell", "expert_spread"),
)
"""Names of the charts every result has; a pack's own chart needs another."""
ROLES = ("label", "x", "total", "reference", "low", "high")
_TEXTS = frozenset({"text", "date", "integer"})
_WORDS = {"total": "是否(bool)", "label": "文字、日期或整数", "x": "数字或日期"}


@dataclass(frozen=True)
class ChartRule:
    """What a kind of chart needs, what it may have besides, and how many series it draws."""

    needs: tuple[str, ...]
    may: tuple[str, ...]
    most: int


CHART_RULES: dict[str, ChartRule] = {
    "waterfall": ChartRule(("label",), ("total",), 1),
    "bars": ChartRule(("label",), ("reference", "low", "high"), 3),
    "stack": ChartRule(("label",), (), 6),
    "lines": ChartRule(("x",), ("label", "reference", "low", "high"), 4),
    "scatter": ChartRule(("label", "x"), ("reference", "low", "high"), 1),
}


def lint_analyses(
    pack: Pack, measures: Measures, broken: Collection[str], derivations: Mapping[str, Derivation]
) -> Iterator[Problem]:
    """What is wrong with the analyses and charts of a pack.

    Args:
        measures: the pack's empty tables with the derived tables that work.
        broken: names of the derived tables that do not; an analysis over one of them is not blamed too.
    """
    yield from _names(pack)
    for spec in pack.analyses:
        yield from _analysis(spec, measures, broken, derivations)
    known = {a.name: a for a in pack.analyses}
    for chart in pack.charts:
        if chart.analysis in known:
            yield from _chart(chart, known[chart.analysis])
        else:
            fix = suggest(chart.analysis, known)
            yield Problem("chart_analysis", "图引用了不存在的分析表", _at(chart), chart.analysis, fix=fix)


def _at(item: AnalysisSpec | ChartSpec) -> Place:
    return Place(key=f"{'analyses' if isinstance(item, AnalysisSpec) else 'charts'} {item.name}")


def _names(pack: Pack) -> Iterator[Problem]:
    tables = {s.name for s in workbook_specs(pack)} | {d.name for d in pack.derived}
    for name, count in Counter(a.name for a in pack.analyses).items():
        if count > 1 or name in tables:
            place = Place(key=f"analyses {name}")
            yield Problem("analysis_name", "分析表名重复,或与佐证表、派生表同名", place, name, fix="请换一个名称")
    for name, count in Counter(c.name for c in pack.charts).items():
        if count > 1 or name in BUILTIN_CHARTS:
            place = Place(key=f"charts {name}")
            yield Problem("chart_name", "图名重复,或与内置的图同名", place, name, fix="请换一个名称")


def _analysis(
    spec: AnalysisSpec, measures: Measures, broken: Collection[str], derivations: Mapping[str, Derivation]
) -> Iterator[Problem]:
    for what in ("name", "title"):
        for text, count in Counter(getattr(c, what) for c in spec.columns).items():
            if count > 1:
                yield Problem("column_twice", "分析表的列重复", _at(spec), text)
    if (spec.sql is None) == (spec.python is None):
        yield Problem("analysis", "分析表须写 sql 或 python,且只写一个", _at(spec))
    elif spec.sql is not None:
        yield from _sql(spec, spec.sql, measures, broken)
    elif spec.python not in derivations:
        fix = suggest(spec.python or "", derivations)
        yield Problem("derivation_missing", "分析表需要的计算程序没有安装", _at(spec), spec.python, fix=fix)
    known = {"subjects", *measures.tables}
    for name in spec.reads:
        if name not in known:
            yield Problem("analysis_reads", "reads 引用了不存在的佐证表", _at(spec), name, fix=suggest(name, known))


def _sql(spec: AnalysisSpec, sql: str, measures: Measures, broken: Collection[str]) -> Iterator[Problem]:
    working = {"subjects", *measures.tables, *(d.name for d in measures.derived)}
    try:
        if set(parse_select(sql, working | set(broken), _at(spec)).tables) & set(broken):
            return
        fetch(spec, measures)
    except WorkbenchError as error:
        yield from (p.at(key=_at(spec).key) for p in error.problems)
        return
    if not any(m["type"] == "ORDER_MODIFIER" for m in syntax_tree(sql, _at(spec))["modifiers"]):
        fix = "请在末尾写 ORDER BY,行的先后才确定"
        yield Problem("analysis_order", "分析表没有写明行的顺序", _at(spec), fix=fix, severity="warning")


def _chart(chart: ChartSpec, analysis: AnalysisSpec) -> Iterator[Problem]:
    """Columns that exist, of a type that can be drawn, as many as the kind takes."""
    rule, columns = CHART_RULES[chart.kind], {c.name: c for c in analysis.columns}
    given = {role: name for role in ROLES if (name := getattr(chart, role)) is not None}
    for role in rule.needs:
        if role not in given:
            yield Problem("chart_needs", f"{chart.kind} 图须写 {role}", _at(chart))
    for role in given:
        if role not in (*rule.needs, *rule.may):
            yield Problem("chart_unused", f"{chart.kind} 图用不到 {role}", _at(chart), given[role], fix="请删去")
    if len(chart.values) > rule.most:
        expected = f"{rule.most}列" if rule.most == 1 else f"至多{rule.most}列"
        yield Problem("chart_values", f"{chart.kind} 图画不了这么多列", _at(chart), str(len(chart.values)), expected)
    if ("low" in given) != ("high" in given):
        yield Problem("chart_needs", "区间的 low 与 high 须同时写", _at(chart))
    if chart.kind == "lines" and (analysis.per == "all") != ("label" in given):
        message = "lines 图的分析表为 per: all 时须用 label 写明每条线是谁,否则不写 label"
        yield Problem("chart_needs", message, _at(chart))
    named = [*given.items(), *(("values", name) for name in chart.values)]
    for role, name in named:
        yield from _column(chart, role, name, columns)
    drawn = [columns[n] for r, n in named if n in columns and r not in ("label", "x", "total")]
    yield from _units(chart, drawn)


def _column(chart: ChartSpec, role: str, name: str, columns: Mapping[str, ColumnSpec]) -> Iterator[Problem]:
    if name not in columns:
        fix = suggest(name, columns)
        yield Problem("chart_column", f"{role} 引用了分析表中没有的列", _at(chart), name, fix=fix)
        return
    fits = {"label": _TEXTS, "x": NUMERIC | {"date"}, "total": frozenset({"bool"})}.get(role, NUMERIC)
    found = columns[name].type
    if found not in fits:
        message = f"{role} 引用的列“{columns[name].title}”类型不对"
        yield Problem("chart_column_type", message, _at(chart), found, _WORDS.get(role, "数字"))


def _units(chart: ChartSpec, drawn: list[ColumnSpec]) -> Iterator[Problem]:
    units = {c.unit or ("%" if c.type == "percent" else "无") for c in drawn if c.type in NUMERIC}
    if len(units) > 1:
        found, fix = "、".join(sorted(units)), "请分成几张图,或换算成同一单位"
        yield Problem("chart_units", "一根数轴上画了不同单位的列", _at(chart), found, fix=fix)
