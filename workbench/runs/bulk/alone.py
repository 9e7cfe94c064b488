"""What of a pack looks across subjects: it may only be scored with all of them together, never piece by piece.

A SELECT stands alone when every row it reads, joins, groups or ranks belongs to the subject of the row it yields. Whatever is
not recognised as that counts as looking across: a wrong “alone” would change scores, a wrong “across” only costs memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from workbench.scheme.benchmarks import benchmark_derived
from workbench.scheme.expressions import NOWHERE, parse_expression, syntax_tree
from workbench.scheme.pack import Derived, Extra, Indicator, Pack
from workbench.scheme.scheme import Scheme
from workbench.scheme.selects import MAX_SELECT_LENGTH, parse_select
from workbench.scoring.engine import SUBJECTS
from workbench.scoring.kinds import RuleKind

SUBJECT = "subject"
HERE = "workbench"
_JOINS = ("INNER", "LEFT")


def looks_across(scheme: Scheme, kinds: Mapping[str, RuleKind[Any]]) -> list[str]:
    """What of a scheme needs all subjects together, each as a sentence; empty when every subject can be scored alone."""
    ruled = [*scheme.indicators, *scheme.bonus, *scheme.deductions]
    found = []
    for item in ruled:
        kind = kinds[item.rule.kind]
        if kind.context is not None:  # what a rule reads off the other rows
            found.append(f"指标“{item.item.name}”按“{kind.title}”计分,要与全部对象比较")
        elif kind.distribution != HERE:
            found.append(f"指标“{item.item.name}”的计分规则“{kind.title}”来自插件,不能确定是否只看对象自己的数")
    judge = _Derived(scheme.pack)
    for name in sorted(_derived_of((r.item for r in ruled), scheme.pack)):
        if not judge.alone(name):
            derived = judge.by_name[name]
            why = "由插件的程序计算" if derived.sql is None else "的查询引用了其他对象的数据"
            found.append(f"派生表“{derived.title}”{why},不能确定是否只看对象自己的数")
    return found


def _derived_of(items: Iterable[Indicator | Extra], pack: Pack) -> set[str]:
    """The derived tables the formulas of these items read."""
    names = {d.name for d in pack.derived}
    found: set[str] = set()
    for item in items:
        formulas = [item.value, *(spec.expr for spec in item.inputs.values())]
        if isinstance(item, Indicator):
            formulas += [item.target, item.applies, item.claimed, item.provisional]
        for sql in formulas:
            refs = parse_expression(sql).refs if sql is not None else ()
            found |= {ref.rpartition(".")[0] for ref in refs} & names
    return found


class _Across(Exception):
    """A part of a SELECT that is not recognised as standing alone."""


class _Derived:
    """Judges the derived tables of a pack, each once."""

    def __init__(self, pack: Pack) -> None:
        self.by_name = {d.name: d for d in pack.derived}
        self._shared = {t.name for t in pack.tables if t.per == "shared"}
        self._own = {t.name for t in pack.tables if t.per != "shared"} | {SUBJECTS}
        # Made by this program: rows of the shared sheet ranked for each year, whatever subjects ask for the year.
        sheet = pack.benchmarks
        self._known = {(d.name, d.sql) for d in benchmark_derived(sheet)} if sheet is not None else set()
        self._judged: dict[str, bool] = {}

    def alone(self, name: str) -> bool:
        """Whether a derived table, and all it is made from, stands alone."""
        if name not in self._judged:
            self._judged[name] = self._judge(self.by_name[name])
        return self._judged[name]

    def _judge(self, derived: Derived) -> bool:
        if derived.sql is None:
            return False
        if (derived.name, derived.sql) in self._known:
            return True
        parse_select(derived.sql, self._shared | self._own | self.by_name.keys())
        try:
            _Query({}, self).node(syntax_tree(derived.sql, NOWHERE, MAX_SELECT_LENGTH))
        except _Across:
            return False
        return True

    def per_subject(self, table: str) -> bool:
        """Whether a table has rows of subjects (others are the same for all). Raises _Across for one that looks across."""
        if table in self._shared:
            return False
        if table not in self._own and not (table in self.by_name and self.alone(table)):
            raise _Across
        return True


class _Query:
    """One SELECT. Rows “of subjects” have a column ``subject`` that always is the row's own."""

    def __init__(self, withs: Mapping[str, bool], derived: _Derived) -> None:
        self._withs, self._derived = dict(withs), derived

    def node(self, node: Mapping[str, Any]) -> bool:
        """Whether it yields rows of subjects; False when it reads nothing but shared tables. Raises _Across."""
        for entry in (node.get("cte_map") or {}).get("map", []):
            if entry["value"].get("aliases"):
                raise _Across
            inner = _Query(self._withs, self._derived)
            self._withs[str(entry["key"]).lower()] = inner.node(_query_of(entry["value"]))
        if node["type"] == "SET_OPERATION_NODE":
            return self._combined(node)
        table = node.get("from_table")
        sources = self._linked(table, _conjuncts(node.get("where_clause"))) if table else set()
        if not sources:
            return self._shared_only(node)
        self._check(node)
        return True

    def _combined(self, node: Mapping[str, Any]) -> bool:
        parts = node.get("children") or [node["left"], node["right"]]
        kinds = {_Query(self._withs, self._derived).node(part) for part in parts}
        spots = {_subject_spot(part) for part in parts}
        if len(kinds) != 1 or (kinds == {True} and len(spots) != 1) or _limits(node):
            raise _Across
        return kinds.pop()

    def _shared_only(self, node: Mapping[str, Any]) -> bool:
        for table in _walk(node):
            if table.get("type") == "BASE_TABLE" and "table_name" in table and self._of_subjects(table):
                raise _Across
        return False

    def _of_subjects(self, table: Mapping[str, Any]) -> bool:
        name = str(table["table_name"])
        known = self._withs.get(name.lower())
        return self._derived.per_subject(name) if known is None else known

    def _linked(self, table: Mapping[str, Any], where: list[Mapping[str, Any]]) -> set[str]:
        """Names of the sources with rows of subjects; those of one row all belong to one subject."""
        if table.get("column_name_alias"):
            raise _Across
        kind = table["type"]
        if kind == "BASE_TABLE":
            return {_named(table)} if self._of_subjects(table) else set()
        if kind == "SUBQUERY":
            inner = _Query(self._withs, self._derived).node(table["subquery"]["node"])
            return {_named(table)} if inner else set()
        if kind != "JOIN":
            return set()
        if table["join_type"] not in _JOINS or table["ref_type"] not in ("REGULAR", "CROSS"):
            raise _Across
        left, right = self._linked(table["left"], where), self._linked(table["right"], where)
        conditions = _conjuncts(table.get("condition")) + (where if table["join_type"] == "INNER" else [])
        using = SUBJECT in [str(c).lower() for c in table.get("using_columns") or []]
        if left and right and not using and not any(_links(c, left, right) for c in conditions):
            raise _Across
        self._no_subjects_below(table.get("condition"))
        return left | right

    def _check(self, node: Mapping[str, Any]) -> None:
        groups = node.get("group_expressions") or []
        odd = len(node.get("group_sets") or []) > 1 or node["aggregate_handling"] != "STANDARD_HANDLING"
        if odd or _limits(node) or (groups and not any(map(_is_subject, groups))) or _subject_spot(node) is None:
            raise _Across
        for part in ("select_list", "where_clause", "having", "qualify", "group_expressions", "modifiers"):
            self._no_subjects_below(node.get(part))

    def _no_subjects_below(self, part: Any) -> None:
        """Windows within a subject only, subqueries that read nothing of subjects, and no number of a row in its table."""
        for inner in _walk(part):
            if inner.get("class") == "COLUMN_REF" and str(inner["column_names"][-1]).lower() == "_row":
                raise _Across
            if inner.get("class") == "WINDOW" and not any(map(_is_subject, inner.get("partitions") or [])):
                raise _Across
            if inner.get("class") == "SUBQUERY":
                self._shared_only(inner["subquery"]["node"])


def _query_of(value: Mapping[str, Any]) -> Mapping[str, Any]:
    node: Mapping[str, Any] = value["query_node"] if "query_node" in value else value["query"]["node"]
    return node


def _walk(part: Any) -> Iterator[Mapping[str, Any]]:
    """Every object of the tree below ``part``, itself included."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _walk(inner)


def _named(table: Mapping[str, Any]) -> str:
    return str(table.get("alias") or table.get("table_name") or "").lower()


def _is_subject(part: Mapping[str, Any]) -> bool:
    return part.get("class") == "COLUMN_REF" and str(part["column_names"][-1]).lower() == SUBJECT


def _subject_spot(node: Mapping[str, Any]) -> int | None:
    """Which column it yields as ``subject``; None when there is none. Raises _Across for one that is something else."""
    if node["type"] == "SET_OPERATION_NODE":
        parts = node.get("children") or [node["left"]]
        return _subject_spot(parts[0])
    spots = []
    for i, part in enumerate(node["select_list"]):
        called = str(part.get("alias") or "").lower() or (SUBJECT if _is_subject(part) else "")
        if called == SUBJECT:
            if not _is_subject(part):
                raise _Across
            spots.append(i)
    return spots[0] if len(spots) == 1 else None


def _limits(node: Mapping[str, Any]) -> bool:
    """Whether so many rows are taken, or one of each of something that is not the subject."""
    for modifier in node.get("modifiers") or []:
        targets = modifier.get("distinct_on_targets") or []
        if "LIMIT" in modifier["type"] or (targets and not any(map(_is_subject, targets))):
            return True
    return False


def _conjuncts(part: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    if not part:
        return []
    if part.get("type") == "CONJUNCTION_AND":
        return [inner for child in part["children"] for inner in _conjuncts(child)]
    return [part]


def _links(part: Mapping[str, Any], left: set[str], right: set[str]) -> bool:
    """Whether a condition is ``a.subject = b.subject`` over both sides of a join."""
    if part.get("type") != "COMPARE_EQUAL":
        return False
    sides = []
    for end in (part["left"], part["right"]):
        names = [str(n).lower() for n in end.get("column_names", [])]
        if len(names) != 2 or names[1] != SUBJECT:
            return False
        sides.append(names[0])
    first, second = sides
    return (first in left and second in right) or (first in right and second in left)
