"""Derived tables: one SELECT over the pack's own tables, checked node by node before it may run."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NoReturn

from workbench.base.errors import ExpressionError, Place, Problem
from workbench.base.text import suggest
from workbench.scheme.expressions import AGGREGATE, NOWHERE, SCALAR, WINDOW, check_cast, check_function, syntax_tree

CLASSES = frozenset(
    {"COLUMN_REF", "CONSTANT", "FUNCTION", "OPERATOR", "COMPARISON", "CONJUNCTION"}
    | {"BETWEEN", "CASE", "CAST", "SUBQUERY", "WINDOW", "TYPE"}
)
TABLE_TYPES = frozenset({"BASE_TABLE", "JOIN", "SUBQUERY", "EMPTY"})
NODE_TYPES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE"})
OPERATOR_TYPES = frozenset(
    {"OPERATOR_COALESCE", "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL", "OPERATOR_NOT", "OPERATOR_CAST"}
    | {"COMPARE_IN", "COMPARE_NOT_IN", "NOT_EXISTS"}
)
FUNCTIONS = SCALAR | AGGREGATE
MAX_SELECT_LENGTH = 20_000
"""A SELECT may be longer than a formula: those written out of a list of benchmarks have a line for each."""
CLOCK_AND_SESSION = frozenset(
    {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "today", "rowid"}
    | {"current_user", "user", "session_user", "current_role", "current_schema", "current_catalog"}
)
"""Names SQL reads like columns although they ask the clock or the session."""


@dataclass(frozen=True, slots=True)
class Select:
    """A checked SELECT and the tables it reads."""

    sql: str
    tables: tuple[str, ...]


def parse_select(sql: str, known: Collection[str], place: Place = NOWHERE) -> Select:
    """Check one SELECT over the ``known`` tables. Raises ExpressionError when it is not allowed or not valid."""
    return _parsed(sql, frozenset(known), place)


@lru_cache(maxsize=1024)
def _parsed(sql: str, known: frozenset[str], place: Place) -> Select:
    walker = _Walker(sql, known, place)
    walker.visit(syntax_tree(sql, place, MAX_SELECT_LENGTH))
    return Select(sql.strip().rstrip(";"), tuple(dict.fromkeys(walker.tables)))


@dataclass
class _Walker:
    """Visits every object of the syntax tree; an unknown class, type, function or table is refused."""

    sql: str
    known: Collection[str]
    place: Place
    tables: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def refuse(self, message: str, fix: str | None = None) -> NoReturn:
        raise ExpressionError(Problem("sql_not_allowed", message, self.place, found=self.sql, fix=fix))

    def visit(self, node: Any) -> None:
        if isinstance(node, list):
            for item in node:
                self.visit(item)
        elif isinstance(node, dict):
            outside = set(self.names)
            self._visit_with(node)
            self._check(node)
            for key, value in node.items():
                if key != "cte_map":
                    self.visit(value)
            self.names = outside

    def _visit_with(self, node: dict[str, Any]) -> None:
        """Each WITH query sees those before it, and the names hold for this node only.

        Elsewhere the same name would be looked up in the engine, where its own catalog answers (duckdb_databases).
        """
        for entry in (node.get("cte_map") or {}).get("map", []):
            name = str(entry["key"])
            if not name.isidentifier() or name.lower() in {k.lower() for k in self.known}:
                self.refuse(f"WITH 的名称“{name}”须是普通名称,且不与本指标包的表同名")
            self.visit(entry["value"])
            self.names.add(name.lower())

    def _check(self, node: dict[str, Any]) -> None:
        if "class" in node:
            self._check_expression(node)
        elif "from_table" in node or str(node.get("type", "")).endswith("_NODE"):
            if node["type"] not in NODE_TYPES:
                self.refuse(f"不允许的语句:{node['type']}")
            if node.get("sample"):
                self.refuse("不允许抽样(结果须可重复)")
        elif "sample" in node and "type" in node:
            self._check_table(node)

    def _check_expression(self, node: dict[str, Any]) -> None:
        kind = node["class"]
        if kind not in CLASSES:
            self.refuse("不允许使用 *,请写出列名" if kind == "STAR" else f"不允许的写法:{kind}")
        if kind == "COLUMN_REF" and str(node["column_names"][-1]).lower() in CLOCK_AND_SESSION:
            self.refuse(f"不允许读取时钟或会话:{node['column_names'][-1]}", "日期请用计划的 as_of 或资料中的日期")
        elif kind == "FUNCTION":
            check_function(node, FUNCTIONS, self.refuse)
        elif kind == "WINDOW":
            check_function(node, WINDOW, self.refuse)
        elif kind == "CAST":
            check_cast(node, self.refuse)
        elif kind == "OPERATOR" and node["type"] not in OPERATOR_TYPES:
            self.refuse(f"不允许的运算:{node['type']}")

    def _check_table(self, node: dict[str, Any]) -> None:
        if node["type"] not in TABLE_TYPES:
            self.refuse("只能读取本指标包的表,不允许表函数和文件")
        if node["sample"]:
            self.refuse("不允许抽样(结果须可重复)")
        if node["type"] == "BASE_TABLE":
            name = str(node["table_name"])
            if node["schema_name"] or node["catalog_name"]:
                self.refuse(f"不允许带库名的表:{name}")
            if name in self.known:
                self.tables.append(name)
            elif name.lower() not in self.names:
                self.refuse(f"表“{name}”不在本指标包中", suggest(name, self.known))
