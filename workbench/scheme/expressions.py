"""SQL as data: DuckDB's own parser reads an expression, an allow-list decides, and a small tree is kept.

A lock on the engine still lets ``now()``, ``random()`` and DDL through, so nothing runs that was not parsed and found to be
made of the nodes and functions below. The tree also says which fields a formula reads and puts its numbers in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from workbench.base.errors import ExpressionError, Place, Problem
from workbench.base.text import suggest

if TYPE_CHECKING:
    import duckdb

_PATTERN = re.compile(r"[\[*?]")
MAX_LENGTH = 4000
MAX_DEPTH = 120
MAX_EXPONENT = 30
NOWHERE = Place()

ARITHMETIC = frozenset({"+", "-", "*", "/", "//", "%"})
SCALAR = ARITHMETIC | {
    *("abs", "round", "floor", "ceil", "greatest", "least", "nullif", "sqrt", "ln", "exp", "power"),
    *("length", "lower", "upper", "trim", "contains", "starts_with", "||", "date_diff", "datediff", "year", "month"),
}
AGGREGATE = frozenset(
    {"sum", "count", "count_star", "min", "max", "avg", "median", "stddev_samp", "bool_and", "bool_or", "quantile_cont"}
)
WINDOW = AGGREGATE | {"row_number", "rank", "dense_rank", "lag", "lead"}
CONSTANTS = frozenset({"INTEGER", "NUMERIC", "FLOAT", "STRING", "BOOLEAN", "NULL_LITERAL"})
CAST_TYPES = frozenset({"decimal", "double", "integer", "bigint", "varchar", "date", "boolean"})
COMPARISONS = {
    "COMPARE_EQUAL": "=",
    "COMPARE_NOTEQUAL": "≠",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_LESSTHANOREQUALTO": "≤",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_GREATERTHANOREQUALTO": "≥",
}
OPERATORS = {
    "OPERATOR_COALESCE": "coalesce",
    "OPERATOR_IS_NULL": "is_null",
    "OPERATOR_IS_NOT_NULL": "is_not_null",
    "OPERATOR_NOT": "not",
    "COMPARE_IN": "in",
    "COMPARE_NOT_IN": "not_in",
}


@dataclass(frozen=True, slots=True)
class Ref:
    """A column: ``fund.executed`` or, from the subjects table, ``name``."""

    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """A literal: its kind (INTEGER, NUMERIC, FLOAT, STRING, BOOLEAN, NULL_LITERAL) and text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function, operator, comparison or conjunction over arguments."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """CASE WHEN … THEN … ELSE … END."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Cast:
    """CAST(child AS type); ``type`` is in lower case, a decimal with its width and scale: ``decimal(10,2)``."""

    child: Node
    type: str


Node: TypeAlias = Ref | Const | Call | Choice | Cast


@dataclass(frozen=True)
class Expression:
    """A parsed column expression: its SQL and its tree."""

    sql: str
    root: Node

    @cached_property
    def refs(self) -> tuple[str, ...]:
        """The columns it reads, in order of appearance, each once."""
        return tuple(dict.fromkeys(n.name for n in walk(self.root) if isinstance(n, Ref)))

    @property
    def constant(self) -> Decimal | None:
        """The number when the expression is nothing but a number."""
        root = self.root
        return Decimal(root.text) if isinstance(root, Const) and root.kind in ("INTEGER", "NUMERIC") else None

    @property
    def bare(self) -> str | None:
        """The column's name when the expression is nothing but a column."""
        return self.root.name if isinstance(self.root, Ref) else None


def walk(node: Node) -> Iterator[Node]:
    """All nodes of a tree, parents before children."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> tuple[Node, ...]:
    """The direct children of a node."""
    if isinstance(node, Call):
        return node.args
    if isinstance(node, Choice):
        return (*(part for branch in node.branches for part in branch), node.otherwise)
    if isinstance(node, Cast):
        return (node.child,)
    return ()


def quoted(name: str) -> str:
    """A column or table name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def one_file(path: Path) -> str:
    """A path for the engine to read, which takes it for a pattern: ``甲[1].csv`` would be ``甲1.csv``."""
    return _PATTERN.sub(r"[\g<0>]", str(path))


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    import duckdb

    # Without threads it lives on in a forked kernel.
    config: dict[str, str | bool | int | float | list[str]] = {"threads": "1", "async_threads": "0"}
    return duckdb.connect(":memory:", config=config | {"enable_external_access": "false"})


def syntax_tree(sql: str, place: Place, longest: int = MAX_LENGTH) -> dict[str, Any]:
    """The parser's own tree of one statement. Raises ExpressionError when it is too long or deep, no SQL, or several."""
    if len(sql) > longest:
        raise ExpressionError(Problem("sql_too_long", f"公式超过{longest}字", place))
    try:
        sql.encode()
        answer = _parser().execute("SELECT json_serialize_sql(?)", [sql]).fetchall()[0][0]
        tree: dict[str, Any] = json.loads(answer)
    except RecursionError:
        raise ExpressionError(Problem("sql_too_deep", "公式嵌套太深", place, found=sql)) from None
    except UnicodeEncodeError:
        raise ExpressionError(Problem("sql_syntax", "公式含有不可用字符", place, found=repr(sql))) from None
    if tree["error"]:
        only_select = tree.get("error_type") == "not implemented"
        message = "只允许查询,不允许建表、修改或设置" if only_select else "公式语法错误"
        fix = "请只写一个列表达式或一个 SELECT" if only_select else _where(tree["error_message"])
        raise ExpressionError(Problem("sql_syntax", message, place, found=sql, fix=fix))
    if len(tree["statements"]) != 1:
        raise ExpressionError(Problem("sql_many", "只允许一条语句", place, found=sql))
    node: dict[str, Any] = tree["statements"][0]["node"]
    return node


def _where(message: str) -> str:
    """What the parser's English message says of the spot."""
    near = re.search(r'near "(.*?)"', message, re.DOTALL)
    return f"请检查“{near[1]}”附近的写法" if near else "请检查括号、引号和逗号是否成对,公式是否写完"


def parse_expression(sql: str, place: Place = NOWHERE) -> Expression:
    """Parse one column expression. Raises ExpressionError when it is not allowed or not valid."""
    try:
        return _parsed(sql)
    except ExpressionError as error:
        raise ExpressionError([replace(p, place=place) for p in error.problems]) from None


@lru_cache(maxsize=4096)
def _parsed(sql: str) -> Expression:
    node = syntax_tree(f"SELECT {sql}", NOWHERE)
    plain_select = node["type"] == "SELECT_NODE" and node["from_table"]["type"] == "EMPTY" and not node["modifiers"]
    clauses = ("where_clause", "having", "qualify", "sample")
    if not plain_select or len(node["select_list"]) != 1 or any(node[c] for c in clauses) or node["group_expressions"]:
        raise ExpressionError(Problem("sql_shape", "这里只能写一个列表达式", found=sql))
    if node["select_list"][0]["alias"]:
        fix = "请删去公式末尾的名称(100x 会被读作 100,名为 x)"
        raise ExpressionError(Problem("sql_shape", "公式不能带别名", found=sql, fix=fix))
    return Expression(sql, _Reader(sql, NOWHERE).read(node["select_list"][0]))


class _Reader:
    """Turns the parser's JSON into nodes; everything it does not know is refused."""

    def __init__(self, sql: str, place: Place) -> None:
        self.sql, self.place, self.depth = sql, place, 0
        self.readers: dict[str, Callable[[dict[str, Any]], Node]] = {
            "COLUMN_REF": lambda n: Ref(".".join(n["column_names"])),
            "CONSTANT": self._constant,
            "FUNCTION": self._function,
            "OPERATOR": lambda n: Call(self._known(n["type"], OPERATORS), self._all(n["children"])),
            "COMPARISON": lambda n: Call(self._known(n["type"], COMPARISONS), self._all([n["left"], n["right"]])),
            "CONJUNCTION": lambda n: Call(n["type"].removeprefix("CONJUNCTION_").lower(), self._all(n["children"])),
            "BETWEEN": self._between,
            "CASE": self._case,
            "CAST": self._cast,
        }

    def read(self, node: dict[str, Any]) -> Node:
        reader = self.readers.get(node["class"])
        if reader is None:
            self.refuse(f"不允许的写法:{node['class']}")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse(f"公式嵌套超过{MAX_DEPTH}层")
        found = reader(node)
        self.depth -= 1
        return found

    def refuse(self, message: str, fix: str | None = None) -> NoReturn:
        raise ExpressionError(Problem("sql_not_allowed", message, self.place, found=self.sql, fix=fix))

    def _all(self, nodes: list[dict[str, Any]]) -> tuple[Node, ...]:
        return tuple(self.read(n) for n in nodes)

    def _known(self, name: str, table: dict[str, str]) -> str:
        if name not in table:
            self.refuse(f"不允许的运算:{name}")
        return table[name]

    def _constant(self, node: dict[str, Any]) -> Node:
        kind, text = str(node["literal"]["kind"]), str(node["literal"]["text"])
        if kind not in CONSTANTS:
            self.refuse(f"不允许的常量:{kind}")
        if kind in ("INTEGER", "NUMERIC", "FLOAT"):
            text = text.replace("_", "")
            if abs(int(text.lower().partition("e")[2] or 0)) > MAX_EXPONENT:
                self.refuse(f"数字的指数超过{MAX_EXPONENT}")
        return Const(kind, text)

    def _function(self, node: dict[str, Any]) -> Node:
        if node["filter"] or node["distinct"] or node["order_bys"]["orders"]:
            self.refuse("这里不允许 FILTER、DISTINCT 和 ORDER BY")
        name = check_function(node, SCALAR, self.refuse)
        return Call(name, self._all([a["expression"] for a in node["arguments"]]))

    def _between(self, node: dict[str, Any]) -> Node:
        value, low, high = self._all([node["input"], node["lower"], node["upper"]])
        return Call("and", (Call("≥", (value, low)), Call("≤", (value, high))))

    def _case(self, node: dict[str, Any]) -> Node:
        branches = tuple((self.read(c["when_expr"]), self.read(c["then_expr"])) for c in node["case_checks"])
        return Choice(branches, self.read(node["else_expr"]))

    def _cast(self, node: dict[str, Any]) -> Node:
        name = check_cast(node, self.refuse)
        sizes = [part.get("literal", {}).get("text", "") for part in node["type_expr"]["children"]]
        if node["try_cast"] or (sizes and (name != "decimal" or not all(s.isdigit() for s in sizes))):
            self.refuse("类型转换只能写 CAST(… AS 类型),只有 DECIMAL 可带位数")
        if sizes:
            name = f"decimal({sizes[0]},{sizes[1] if len(sizes) > 1 else 0})"
        return Cast(self.read(node["child"]), name)


def check_function(node: dict[str, Any], allowed: frozenset[str], refuse: Callable[..., Any]) -> str:
    """The lower-case name of a function node, refused unless plain and on the list."""
    name = str(node["function_name"]).lower()
    if node["schema"] or node["catalog"] or name not in allowed:
        refuse(f"不允许的函数:{name}", suggest(name, [f for f in allowed if f.isidentifier()]))
    return name


def check_cast(node: dict[str, Any], refuse: Callable[..., Any]) -> str:
    """The lower-case target type of a cast, refused unless on the list."""
    name = str(node["type_expr"]["type_name"]).lower()
    if name not in CAST_TYPES:
        refuse(f"不允许的类型转换:{name}")
    return name
