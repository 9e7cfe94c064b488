"""Lint of blanks: a sum skips them silently, and a total of half the rows looks like a total (docs/semantics.md §1).

Only what an indicator is scored by is looked at. A column counts as guarded where the SELECT says anywhere what its blanks
mean (``count(x)``, ``x IS NULL``, ``x IS NOT NULL``, ``coalesce(x, …)``), or where the condition of the CASE that sums it
reads it, because a blank fulfils no condition.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.base.errors import Place, Problem
from workbench.scheme.expressions import NOWHERE, parse_expression, syntax_tree
from workbench.scheme.pack import Derived, Extra, Indicator, Pack
from workbench.scheme.selects import MAX_SELECT_LENGTH, parse_select

SUMS = frozenset({"sum", "avg"})
GUARDS = frozenset({"OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL", "OPERATOR_COALESCE"})
CALLS = ("FUNCTION", "WINDOW")


def lint_blanks(pack: Pack) -> Iterator[Problem]:
    """A warning for each column whose blanks a derived table skips on the way to an indicator. Expects sound SQL."""
    scored = {name for item in _items(pack) for name in _refs(item)}
    for derived in pack.derived:
        if derived.sql is not None:
            yield from _derived(pack, derived, derived.sql, scored)


def _items(pack: Pack) -> list[Indicator | Extra]:
    return [*pack.indicators, *pack.bonus.items, *pack.deductions.items]


def _refs(item: Indicator | Extra) -> Iterator[str]:
    expressions = [item.value, getattr(item, "target", None), *(spec.expr for spec in item.inputs.values())]
    for sql in expressions:
        if sql is not None:
            yield from parse_expression(sql).refs


def _derived(pack: Pack, derived: Derived, sql: str, scored: set[str]) -> Iterator[Problem]:
    tree = syntax_tree(sql, NOWHERE, MAX_SELECT_LENGTH)
    summed = {
        column
        for item in tree.get("select_list", [])
        if f"{derived.name}.{item.get('alias')}" in scored
        for column in _summed(item)
    }
    blank = _blank(pack, derived, sql)
    for column in sorted((summed & blank.keys()) - _guarded(tree)):
        place = Place(key=f"derived {derived.name}")
        message = f"汇总时会不声不响地跳过{blank[column]}为空的行,而指标按汇总数计分"
        fix = f"请把该字段设为必填,或写 CASE WHEN count({column}) = count(*) THEN sum({column}) END"
        yield Problem("blank_skipped", message, place, column, fix=fix, severity="warning")


def _blank(pack: Pack, derived: Derived, sql: str) -> dict[str, str]:
    """Numeric fields that may be blank, of the tables read; a name that is required in another of them is left out."""
    read = parse_select(sql, {"subjects", *(t.name for t in pack.tables), *(d.name for d in pack.derived)}).tables
    tables = [t for t in pack.tables if t.name in read]
    sure = {f.name for t in tables for f in t.fields if f.required}
    sure |= {c.name for d in pack.derived if d.name in read for c in d.columns}
    return {f.name: f"“{t.title}”表“{f.title}”" for t in tables for f in t.fields if f.numeric and f.name not in sure}


def _summed(tree: Any) -> set[str]:
    """Columns that a sum anywhere below adds up, without those its CASE conditions read."""
    calls = [n for n in _objects(tree) if n.get("class") in CALLS and str(n.get("function_name", "")).lower() in SUMS]
    return {name for call in calls for name in _added(call.get("arguments"))}


def _added(tree: Any) -> set[str]:
    cases = [n for n in _objects(tree) if n.get("class") == "CASE"]
    conditions = {name for case in cases for check in case["case_checks"] for name in _names(check["when_expr"])}
    return _names(tree) - conditions


def _guarded(tree: Any) -> set[str]:
    return {
        name
        for node in _objects(tree)
        if node.get("type") in GUARDS
        or (node.get("class") in CALLS and str(node.get("function_name", "")).lower() == "count")
        for name in _names(node.get("arguments") or node.get("children"))
    }


def _objects(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _objects(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _objects(value)


def _names(tree: Any) -> set[str]:
    """Columns read anywhere below, without the table's name."""
    return {str(n["column_names"][-1]) for n in _objects(tree) if n.get("class") == "COLUMN_REF"}
