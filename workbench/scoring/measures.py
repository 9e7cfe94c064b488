"""Measures (计算指标值): every expression of a scheme, evaluated over one row per subject, each number exact at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.base.errors import ExpressionError, Place, Problem, shorten
from workbench.base.exact import Exact, IntArray, from_units, to_units
from workbench.base.text import suggest
from workbench.evidence.tables import EPOCH, Table, own_fields
from workbench.scheme.expressions import Expression, parse_expression, quoted
from workbench.scheme.pack import Derived
from workbench.scheme.selects import parse_select
from workbench.scoring.arithmetic import Inexact, Value, evaluate
from workbench.scoring.derivations import Derivation, DerivedColumns
from workbench.scoring.sandbox import connect, limited, load_table
from workbench.scoring.sqltext import doubts, to_sql

if TYPE_CHECKING:
    import duckdb

SPOTS_AT_ONCE = 5000
SHOWN_ERROR = 200


@dataclass(frozen=True, slots=True)
class Request:
    """One measure to compute: its SQL, the decimals it is rounded to, and its name in messages."""

    sql: str
    decimals: int
    title: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a column of the wide table comes from, for provenance and titles."""

    title: str
    unit: str | None
    table: Table | None
    field: str


@dataclass
class Measures:
    """One row per subject over the subjects table, the per-subject tables and the derived tables."""

    subjects: Table
    tables: Mapping[str, Table]
    derived: Sequence[Derived] = ()
    derivations: Mapping[str, Derivation] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.subjects)

    @cached_property
    def ids(self) -> list[str]:
        """Subject ids in row order."""
        return [s or "" for s in self.subjects.texts("subject")]

    @cached_property
    def origins(self) -> dict[str, Origin]:
        """Every column an expression may name."""
        found: dict[str, Origin] = {}
        for spec in own_fields(self.subjects.spec):
            found[spec.name] = Origin(spec.title, spec.unit, self.subjects, spec.name)
        for name, table in self.tables.items():
            if table.spec.per == "subject":
                for spec in table.spec.fields:
                    found[f"{name}.{spec.name}"] = Origin(spec.title, spec.unit, table, spec.name)
        for derived in self.derived:
            for column in derived.columns:
                found[f"{derived.name}.{column.name}"] = Origin(column.title, column.unit, None, column.name)
        return found

    def sources_of(self, derived: str) -> list[Table]:
        """The evidence tables a derived table was made from, also by way of others; none for an unknown name."""
        return self._sources.get(derived, [])

    @cached_property
    def _sources(self) -> dict[str, list[Table]]:
        # Once for all tables: each value of each subject asks where it comes from.
        found: dict[str, list[Table]] = {}
        for derived in self.derived:
            names: Sequence[str] = derived.reads or list(self.tables)
            if derived.sql is not None:
                names = parse_select(derived.sql, self._readable(derived)).tables
            tables: list[Table] = []
            for name in names:
                table = self.subjects if name == "subjects" else self.tables.get(name)
                tables += found.get(name, []) if table is None else [table]
            found[derived.name] = list({id(t): t for t in tables}.values())
        return found

    def _readable(self, derived: Derived) -> set[str]:
        """The tables a derived table may read: all evidence, and the derived tables declared before it."""
        names = [d.name for d in self.derived]
        return {"subjects", *self.tables, *names[: names.index(derived.name)]}

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The engine with all tables loaded and joined into ``_wide``."""
        connection = connect()
        load_table(connection, "subjects", self.subjects)
        for name, table in self.tables.items():
            load_table(connection, name, table)
        for derived in self.derived:
            self._derive(connection, derived)
        self._join(connection)
        return connection

    def _derive(self, connection: duckdb.DuckDBPyConnection, derived: Derived) -> None:
        place = Place(key=f"derived {derived.name}")
        if derived.sql is not None:
            select = parse_select(derived.sql, self._readable(derived), place)
            with limited(connection, f"派生表“{derived.title}”"):
                connection.execute(f"CREATE TEMP TABLE {quoted(derived.name)} AS {select.sql}")
        else:
            self._derive_python(connection, derived, place)
        have = [row[0] for row in connection.execute(f"DESCRIBE {quoted(derived.name)}").fetchall()]
        missing = [c for c in ["subject", *(c.name for c in derived.columns)] if c not in have]
        if missing:
            message = f"派生表“{derived.title}”没有声明的列:{'、'.join(missing)}"
            raise ExpressionError(Problem("derived_columns", message, place, fix=suggest(missing[0], have)))
        query = f"SELECT subject FROM {quoted(derived.name)} GROUP BY subject HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
        twice = connection.execute(query).fetchall()
        if twice:
            message = f"派生表“{derived.title}”对同一对象给出多行"
            raise ExpressionError(
                Problem("derived_rows", message, place, found=str(twice[0][0]), fix="请按 subject 汇总")
            )

    def _derive_python(self, connection: duckdb.DuckDBPyConnection, derived: Derived, place: Place) -> None:
        derivation = self.derivations.get(derived.python or "")
        if derivation is None:
            fix = suggest(derived.python or "", self.derivations)
            message = "派生表需要的计算程序没有安装"
            raise ExpressionError(Problem("derivation_missing", message, place, found=derived.python, fix=fix))
        try:
            columns = self.derive(derivation, derived.params)
            rows = list(zip(self.ids, *(columns[c.name] for c in derived.columns), strict=True))
            _insert(connection, derived, rows)
        except Exception as error:  # the seam to foreign code: whatever it does wrong bears its name
            what = f"计算程序“{derivation.name}”({derivation.distribution} {derivation.version})出错"
            fix = f"{type(error).__name__}:{shorten(error, SHOWN_ERROR)};请联系该插件的作者"
            raise ExpressionError(Problem("derivation_failed", what, place, fix=fix)) from error

    def derive(self, derivation: Derivation, params: Mapping[str, Any]) -> DerivedColumns:
        """What a plugin's calculation makes of the evidence tables; ``subjects`` is one of them."""
        return derivation.function({"subjects": self.subjects, **self.tables}, self.ids, params)

    def _join(self, connection: duckdb.DuckDBPyConnection) -> None:
        columns, joins = ["_s._row AS _row"], []
        for name in self.origins:
            source, _, column = name.rpartition(".")
            columns.append(f"{quoted(source or '_s')}.{quoted(column)} AS {quoted(name)}")
            join = f"LEFT JOIN {quoted(source)} ON {quoted(source)}.subject = _s.subject"
            if source and join not in joins:
                joins.append(join)
        with limited(connection, "合并各表"):
            connection.execute(
                f"CREATE TEMP TABLE _wide AS SELECT {', '.join(columns)} FROM subjects _s {' '.join(joins)}"
            )

    def parse(self, request: Request) -> Expression:
        """The request's expression, its columns checked. Raises ExpressionError for an unknown column."""
        place = Place(key=request.title)
        expression = parse_expression(request.sql, place)
        for name in expression.refs:
            if name not in self.origins:
                fix = suggest(name, self.origins)
                raise ExpressionError(Problem("unknown_column", "公式引用了不存在的字段", place, found=name, fix=fix))
        return expression

    def worded(self, sql: str) -> str | None:
        """The text column an expression is nothing but, so that a message can name it; None for anything to compute."""
        name = parse_expression(sql).bare
        origin = self.origins.get(name or "")
        if origin is None or name is None:
            return None
        if origin.table is not None:
            return name if origin.table.field_spec(origin.field).type in ("text", "code") else None
        table = name.rpartition(".")[0]
        types = {c.name: c.type for d in self.derived if d.name == table for c in d.columns}
        return name if types.get(origin.field) == "text" else None

    def columns(self, requests: Sequence[Request]) -> list[Exact]:
        """All requests at once, each rounded half-up to its decimals; shape (n,) each.

        Raises:
            ExpressionError: not allowed, unknown column, text result, or over the limits.
        """
        found: dict[int, Exact] = {}
        pending: list[tuple[int, Request, Expression]] = []
        for i, request in enumerate(requests):
            expression = self.parse(request)
            direct = self._direct(expression)
            if direct is not None:
                # A column with fewer decimals than asked for is exact as it stands.
                found[i] = direct.rescale(min(direct.decimals, request.decimals))
            else:
                pending.append((i, request, expression))
        if pending:
            found.update(zip((i for i, _, _ in pending), self._select(pending), strict=True))
        return [found[i] for i in range(len(requests))]

    def _direct(self, expression: Expression) -> Exact | None:
        """A number, or a bare column whose rows already are the subjects, needs no engine."""
        if expression.constant is not None:
            return Exact.constant(expression.constant, len(self))
        origin = self.origins.get(expression.bare or "")
        if origin is None or origin.table is None:
            return None
        column = origin.table.columns.get(origin.field)
        return column if isinstance(column, Exact) and self._row_aligned(origin.table) else None

    def _row_aligned(self, table: Table) -> bool:
        if table is self.subjects:
            return True
        return len(table) == len(self) and table.texts("subject") == self.ids

    def _select(self, pending: Sequence[tuple[int, Request, Expression]]) -> list[Exact]:
        connection = self.connection
        codes = [to_sql(e.root) for _, _, e in pending]
        heads = ", ".join(f"{code} AS e{k}" for k, code in enumerate(codes))
        with limited(connection, "判断公式类型"):
            types = [str(row[1]) for row in connection.execute(f"DESCRIBE SELECT {heads} FROM _wide").fetchall()]
        parts = [
            f"{_fetched(code, kind, request)} AS e{k}"
            for k, (code, kind, (_, request, _)) in enumerate(zip(codes, types, pending, strict=True))
        ]
        doubtful = {k: list(doubts(e.root, self.doubles)) for k, (_, _, e) in enumerate(pending)}
        parts += [f"coalesce({' OR '.join(c)}, FALSE) AS d{k}" for k, c in doubtful.items() if c]
        with limited(connection, "计算指标值"):
            raw = connection.execute(f"SELECT {', '.join(parts)} FROM _wide ORDER BY _row").fetchnumpy()
        found = []
        for k, (kind, (_, request, expression)) in enumerate(zip(types, pending, strict=True)):
            column = self._exact(raw[f"e{k}"], kind, request, expression)
            rows = np.flatnonzero(raw[f"d{k}"] if doubtful[k] else [])
            found.append(self._settled(column, expression, rows) if rows.size else column)
        return found

    @cached_property
    def doubles(self) -> frozenset[str]:
        """The columns that hold binary floats: averages and quotients made in derived tables."""
        types = self.connection.execute("DESCRIBE _wide").fetchall()
        return frozenset(str(row[0]) for row in types if row[1] in ("DOUBLE", "FLOAT"))

    def _settled(self, column: Exact, expression: Expression, rows: IntArray) -> Exact:
        """The column with the exact value of some rows, on which floats may not decide."""
        units, valid = column.units.astype(object), column.valid.copy()
        for row, values in zip(rows, self.values(expression.refs, rows), strict=True):
            try:
                number = as_decimal(evaluate(expression.root, values.__getitem__))
            except Inexact:
                continue
            valid[row] = number is not None
            units[row] = 0 if number is None else to_units(number, column.decimals)
        return Exact(units, column.decimals, valid).compact()

    def _exact(self, raw: Any, kind: str, request: Request, expression: Expression) -> Exact:
        mask = np.ma.getmaskarray(raw)
        data = np.ma.getdata(raw)
        if kind in ("DOUBLE", "FLOAT"):
            numbers = np.where(mask, np.nan, data).astype(np.float64)
            return Exact.from_floats(numbers, request.decimals, lambda rows: self._resolve(expression, rows))
        units = np.where(mask, 0, data).astype(np.int64)
        decimals = 0 if kind in ("BOOLEAN", "DATE") else request.decimals
        return Exact(units, decimals, ~mask).rescale(request.decimals)

    def _resolve(self, expression: Expression, rows: IntArray) -> list[Decimal | None]:
        numbers: list[Decimal | None] = []
        for values in self.values(expression.refs, rows):
            try:
                exact = evaluate(expression.root, values.__getitem__)
            except Inexact:
                exact = None
            numbers.append(as_decimal(exact))
        return numbers

    def values(self, names: Sequence[str], rows: Iterable[int]) -> list[dict[str, Value]]:
        """The exact inputs of some subjects: one mapping column → value per row, in the order of ``rows``."""
        wanted = [int(r) for r in rows]
        if not names:
            return [{} for _ in wanted]
        found: dict[int, dict[str, Value]] = {}
        heads = ", ".join(quoted(n) for n in names)
        for start in range(0, len(wanted), SPOTS_AT_ONCE):
            spots = ", ".join(str(r) for r in wanted[start : start + SPOTS_AT_ONCE])
            query = f"SELECT _row, {heads} FROM _wide WHERE _row IN ({spots})"
            for record in self.connection.execute(query).fetchall():
                found[int(record[0])] = dict(zip(names, (as_value(v) for v in record[1:]), strict=True))
        return [found[r] for r in wanted]

    def lookup(self, names: Sequence[str], row: int) -> Callable[[str], Value]:
        """The exact inputs of one subject as a function of the column name."""
        return self.values(names, [row])[0].__getitem__


def _insert(connection: duckdb.DuckDBPyConnection, derived: Derived, rows: list[tuple[Any, ...]]) -> None:
    types = {"text": "VARCHAR", "date": "DATE", "bool": "BOOLEAN"}
    typed = [("subject", "VARCHAR"), *((c.name, types.get(c.type, "DECIMAL(38, 10)")) for c in derived.columns)]
    # As text and in one piece: the engine reads rows one by one a hundred times slower, and floats not exactly.
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(typed)
    incoming = {
        name: np.array([None if v is None else str(v) for v in column], dtype=object)
        for (name, _), column in zip(typed, columns, strict=True)
    }
    heads = ", ".join(f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}" for name, kind in typed)
    connection.register("_incoming", incoming)
    connection.execute(f"CREATE TEMP TABLE {quoted(derived.name)} AS SELECT {heads} FROM _incoming")
    connection.unregister("_incoming")


def as_value(raw: Any) -> Value:
    """What the engine or a derivation hands over as an exact value; NaN and infinities are missing."""
    if isinstance(raw, bool) or raw is None or isinstance(raw, (str, date)):
        return raw
    if isinstance(raw, float):
        # A quotient made in a derived table is right to 15 digits: 28.499999999999996 stands for 28.5.
        return Fraction(f"{raw:.15g}" if abs(raw) < 1e15 else repr(raw)) if np.isfinite(raw) else None
    return Fraction(raw)


def as_decimal(exact: Value) -> Decimal | None:
    """A value as a decimal that rounds the same way (20 decimals, a tie kept a tie); dates as days, yes and no as 1 and 0."""
    if isinstance(exact, date):
        return Decimal((exact - EPOCH).days)
    if isinstance(exact, bool):
        return Decimal(exact)
    if not isinstance(exact, Fraction):
        return None
    scaled, rest = divmod(exact.numerator * 10**20, exact.denominator)
    # A sticky last digit keeps a value just above a tie above it.
    return from_units(scaled * 10 + (1 if rest else 0), 21)


def _fetched(code: str, kind: str, request: Request) -> str:
    """What to fetch so that the number is an exact integer: scaled decimals, days, 0/1; doubles as they are."""
    if kind in ("DOUBLE", "FLOAT"):
        return code
    if kind == "BOOLEAN":
        return f"CAST({code} AS BIGINT)"
    if kind == "DATE":
        return f"date_diff('day', DATE '{EPOCH.isoformat()}', {code})"
    if kind == "VARCHAR" or "[" in kind or kind.startswith(("STRUCT", "TIMESTAMP", "INTERVAL")):
        problem = Problem(
            "not_a_number", "公式结果不是数字", Place(key=request.title), found=kind, expected="数字、日期或是否"
        )
        raise ExpressionError(problem)
    return f"CAST(CAST({code} AS DECIMAL(38, {request.decimals})) * {10**request.decimals} AS BIGINT)"
