"""Measures (计算指标值): every expression of a scheme, evaluated over one row per subject, each number exact at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from workbench.base.errors import ExpressionError, Place, Problem
from workbench.base.exact import Exact, IntArray, from_units, to_units
from workbench.base.text import suggest
from workbench.evidence.tables import EPOCH, Table, own_fields
from workbench.scheme.expressions import Expression, parse_expression, quoted
from workbench.scheme.pack import Derived
from workbench.scoring.arithmetic import Inexact, Value, evaluate
from workbench.scoring.derivations import Derivation
from workbench.scoring.engine import Engine
from workbench.scoring.sandbox import limited
from workbench.scoring.sqltext import doubts, to_sql

SPOTS_AT_ONCE = 5000


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
    _fetched: dict[str, tuple[Any, ...]] = field(default_factory=dict, init=False, repr=False)
    _types: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.subjects)

    @property
    def ids(self) -> list[str]:
        """Subject ids in row order."""
        return self.engine.ids

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

    @cached_property
    def engine(self) -> Engine:
        """The same tables in the engine, each loaded when it is first asked for."""
        return Engine(self.subjects, self.tables, self.derived, self.derivations)

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

    def expect(self, formulas: Iterable[str]) -> None:
        """Join what these will read in one go; joined one batch after the other, all columns would be joined each time anew.

        With a formula among them that cannot be read nothing is joined: where it is computed, it is said what it belongs to.

        Raises:
            ExpressionError: a derived table fails, as in :meth:`columns`.
        """
        try:
            names = {name for sql in formulas for name in parse_expression(sql).refs}
        except ExpressionError:
            return
        if names <= self.origins.keys():
            self.engine.joined(names)

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
        wide = self.engine.joined({name for _, _, e in pending for name in e.refs})
        connection = self.engine.connection
        codes = [to_sql(e.root) for _, _, e in pending]
        heads = ", ".join(f"{code} AS e{k}" for k, code in enumerate(codes))
        if not self._types.keys() >= set(codes):  # known in the shadow calculation
            with limited(connection, "判断公式类型"):
                described = connection.execute(f"DESCRIBE SELECT {heads} FROM _wide").fetchall()
            self._types.update(zip(codes, (str(row[1]) for row in described), strict=True))
        types = [self._types[code] for code in codes]
        parts = [
            f"{_fetched(code, kind, request)} AS e{k}"
            for k, (code, kind, (_, request, _)) in enumerate(zip(codes, types, pending, strict=True))
        ]
        doubtful = {k: list(doubts(e.root, wide.doubles)) for k, (_, _, e) in enumerate(pending)}
        parts += [f"coalesce({' OR '.join(c)}, FALSE) AS d{k}" for k, c in doubtful.items() if c]
        with limited(connection, "计算指标值"):
            raw = connection.execute(f"SELECT {', '.join(parts)} FROM _wide ORDER BY _row").fetchnumpy()
        found = []
        for k, (kind, (_, request, expression)) in enumerate(zip(types, pending, strict=True)):
            column = self._exact(raw[f"e{k}"], kind, request, expression)
            rows = np.flatnonzero(raw[f"d{k}"] if doubtful[k] else [])
            found.append(self._settled(column, expression, rows) if rows.size else column)
        return found

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
        self.engine.joined(set(names))
        found: dict[int, dict[str, Value]] = {}
        heads = ", ".join(quoted(n) for n in names)
        for start in range(0, len(wanted), SPOTS_AT_ONCE):
            spots = ", ".join(str(r) for r in wanted[start : start + SPOTS_AT_ONCE])
            query = f"SELECT _row, {heads} FROM _wide WHERE _row IN ({spots})"
            for record in self.engine.connection.execute(query).fetchall():
                found[int(record[0])] = dict(zip(names, (as_value(v) for v in record[1:]), strict=True))
        return [found[r] for r in wanted]

    def lookup(self, names: Sequence[str], row: int) -> Callable[[str], Value]:
        """The exact inputs of one subject as a function of the column name.

        Sentences ask subject by subject and indicator by indicator, so a column is fetched whole, once.
        """
        missing = [name for name in names if name not in self._fetched]
        if missing:
            self.engine.joined(set(missing))
            query = f"SELECT {', '.join(quoted(n) for n in missing)} FROM _wide ORDER BY _row"
            records = self.engine.connection.execute(query).fetchall()
            self._fetched.update(zip(missing, zip(*records, strict=True), strict=True))
        return {name: as_value(self._fetched[name][row]) for name in names}.__getitem__


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
