"""The tables in the engine: evidence loaded, derived tables made and all of it joined, each when it is first asked for.

Scoring reads a part of what a pack declares; findings and analyses read the rest, and bulk scoring asks for neither.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.base.errors import ExpressionError, NotRecorded, Place, Problem, shorten
from workbench.base.text import suggest
from workbench.evidence.tables import Table
from workbench.scheme.expressions import quoted
from workbench.scheme.pack import Derived
from workbench.scheme.selects import parse_select
from workbench.scoring.derivations import Derivation, DerivedColumns
from workbench.scoring.sandbox import connect, limited, load_table

if TYPE_CHECKING:
    import duckdb

SHOWN_ERROR = 200
SUBJECTS = "subjects"


@dataclass(frozen=True)
class Wide:
    """The table ``_wide`` as it is now: its columns, and those that hold binary floats (quotients of derived tables)."""

    columns: frozenset[str] = frozenset()
    doubles: frozenset[str] = frozenset()


@dataclass
class Engine:
    """A connection and what has been put there so far."""

    subjects: Table
    tables: Mapping[str, Table]
    derived: Sequence[Derived] = ()
    derivations: Mapping[str, Derivation] = field(default_factory=dict)
    _present: set[str] = field(default_factory=set, init=False)
    _wide: Wide | None = field(default=None, init=False)

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection; tables are there once :meth:`require` was asked for them."""
        return connect()

    @cached_property
    def ids(self) -> list[str]:
        """Subject ids in row order."""
        return [s or "" for s in self.subjects.texts("subject")]

    @cached_property
    def _by_name(self) -> dict[str, Derived]:
        return {d.name: d for d in self.derived}

    def readable(self, derived: Derived | None = None) -> frozenset[str]:
        """The tables SQL may read: all evidence, and the derived tables declared before ``derived`` (all when None)."""
        names = list(self._by_name)
        before = names if derived is None else names[: names.index(derived.name)]
        return frozenset({SUBJECTS, *self.tables, *before})

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
                names = parse_select(derived.sql, self.readable(derived)).tables
            tables: list[Table] = []
            for name in names:
                table = self.subjects if name == SUBJECTS else self.tables.get(name)
                tables += found.get(name, []) if table is None else [table]
            found[derived.name] = list({id(t): t for t in tables}.values())
        return found

    def require(self, names: Iterable[str]) -> None:
        """Load these tables, and whatever the derived ones among them are made from.

        Raises:
            ExpressionError: a derived table's SELECT is not allowed or fails, a declared column lacks, a subject has
                several rows, or a plugin's calculation fails.
        """
        for name in names:
            if name in self._present:
                continue
            if name in self._by_name:
                self._derive(self._by_name[name])
            else:
                load_table(self.connection, name, self.subjects if name == SUBJECTS else self.tables[name])
            self._present.add(name)

    def _derive(self, derived: Derived) -> None:
        place, connection = Place(key=f"derived {derived.name}"), self.connection
        if derived.sql is not None:
            select = parse_select(derived.sql, self.readable(derived), place)
            self.require(select.tables)
            with limited(connection, f"派生表“{derived.title}”"):
                connection.execute(f"CREATE TEMP TABLE {quoted(derived.name)} AS {select.sql}")
        else:
            self._calculate(derived, place)
        have = [row[0] for row in connection.execute(f"DESCRIBE {quoted(derived.name)}").fetchall()]
        missing = [c for c in ["subject", *(c.name for c in derived.columns)] if c not in have]
        if missing:
            message = f"派生表“{derived.title}”没有声明的列:{'、'.join(missing)}"
            raise ExpressionError(Problem("derived_columns", message, place, fix=suggest(missing[0], have)))
        query = f"SELECT subject FROM {quoted(derived.name)} GROUP BY subject HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
        twice = connection.execute(query).fetchall()
        if twice:
            message = f"派生表“{derived.title}”对同一对象给出多行"
            fix = "请按 subject 汇总"
            raise ExpressionError(Problem("derived_rows", message, place, found=str(twice[0][0]), fix=fix))

    def _calculate(self, derived: Derived, place: Place) -> None:
        derivation = self.derivations.get(derived.python or "")
        if derivation is None:
            fix = suggest(derived.python or "", self.derivations)
            message = "派生表需要的计算程序没有安装"
            raise ExpressionError(Problem("derivation_missing", message, place, found=derived.python, fix=fix))
        try:
            columns = self.derive(derivation, derived.params)
            rows = list(zip(self.ids, *(columns[c.name] for c in derived.columns), strict=True))
            _insert(self.connection, derived, rows)
        except NotRecorded:
            raise
        except Exception as error:  # the seam to foreign code: whatever it does wrong bears its name
            what = f"计算程序“{derivation.name}”({derivation.distribution} {derivation.version})出错"
            fix = f"{type(error).__name__}:{shorten(error, SHOWN_ERROR)};请联系该插件的作者"
            raise ExpressionError(Problem("derivation_failed", what, place, fix=fix)) from error

    def derive(self, derivation: Derivation, params: Mapping[str, Any]) -> DerivedColumns:
        """What a plugin's calculation makes of the evidence tables; ``subjects`` is one of them."""
        return derivation.function({SUBJECTS: self.subjects, **self.tables}, self.ids, params)

    def joined(self, columns: Collection[str]) -> Wide:
        """See to it that ``_wide`` has these columns, one row per subject (``table.column``; bare ones are of subjects)."""
        have = self._wide.columns if self._wide else frozenset()
        if self._wide is None or not have.issuperset(columns):
            self._wide = self._join(have.union(columns))
        return self._wide

    def _join(self, columns: frozenset[str]) -> Wide:
        ordered = sorted(columns)
        sources = list(dict.fromkeys(name.rpartition(".")[0] for name in ordered if "." in name))
        self.require([SUBJECTS, *sources])
        heads = ["_s._row AS _row"]
        for name in ordered:
            source, _, column = name.rpartition(".")
            heads.append(f"{quoted(source or '_s')}.{quoted(column)} AS {quoted(name)}")
        joins = [f"LEFT JOIN {quoted(s)} ON {quoted(s)}.subject = _s.subject" for s in sources]
        select = f"SELECT {', '.join(heads)} FROM subjects _s {' '.join(joins)}"
        with limited(self.connection, "合并各表"):
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE _wide AS {select}")
        types = self.connection.execute("DESCRIBE _wide").fetchall()
        return Wide(columns, frozenset(str(row[0]) for row in types if row[1] in ("DOUBLE", "FLOAT")))


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
