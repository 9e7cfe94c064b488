"""Tables in Parquet and CSV files, read piece by piece: checked whole before the first piece, so that scoring never stops midway.

Only what the engine reads exactly is taken: decimals and texts become DECIMAL, floats stay floats and are rounded as those
in memory are. Row numbers are those of the data, from 1; a CSV's are those of its lines as a spreadsheet shows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.base.errors import EvidenceError, FileError, NotWritten, Place, Problem
from workbench.base.exact import Exact
from workbench.evidence.numbers import ENGINE_DIGITS
from workbench.evidence.tables import EPOCH, SUBJECT, Column, Table, TextArray, own_fields
from workbench.runs.bulk.columns import known_field, whole_table
from workbench.scheme.expressions import literal, one_file, quoted
from workbench.scheme.pack import FieldSpec, TableSpec
from workbench.scoring.engine import SUBJECTS

if TYPE_CHECKING:
    import duckdb

_FLOATS = ("DOUBLE", "FLOAT")
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_TEXTS = ("VARCHAR", "ENUM")
_YES, _NO = "('是', 'true', '1')", "('否', 'false', '0')"
_LINE = "_line"
_READ = "file_row_number = true, hive_partitioning = false"
_CSV_LINE = re.compile(r"CSV Error on Line: (\d+)")


@dataclass(frozen=True)
class FileTable:
    """A table of a pack in a file. ``shown`` is how messages call the file; ``path`` is a Parquet file, ``first`` its first row's number."""

    spec: TableSpec
    connection: duckdb.DuckDBPyConnection
    path: Path
    shown: str
    first: int = 1

    def __len__(self) -> int:
        return int(self._ask(f"SELECT count(*) FROM {self._source}")[0][0])

    def check(self) -> None:
        """Look through the whole file. Raises EvidenceError with every column that holds what its field cannot."""
        problems = [p for name in self._columns for p in self._column_problems(name)]
        if not problems and self._bad:
            # CASE, not FILTER: five hundred filtered aggregates take a minute where these take a second.
            heads = ", ".join(f"min(CASE WHEN {bad} THEN {_LINE} END)" for bad in self._bad.values())
            rows = self._ask(f"SELECT {heads} FROM {self._source}")[0]
            problems = [self._told(name, row) for name, row in zip(self._bad, rows, strict=True) if row is not None]
        if not problems and SUBJECT.name in self._columns and self.spec.per == "subject":
            problems = self._repeated()
        if problems:
            raise EvidenceError(problems)

    def rows(self, start: int, stop: int) -> Table:
        """Rows ``start`` … ``stop`` − 1 of the file, counted from 0."""
        return self._table(f"{self._source} WHERE {_LINE} >= {start} AND {_LINE} < {stop} ORDER BY {_LINE}")

    def of(self, subjects: Sequence[str] | None) -> Table:
        """The rows of these subjects in the order of the file; all rows for None, or where they belong to no subject."""
        if subjects is None or self.spec.per == "shared":
            return self._table(f"{self._source} ORDER BY {_LINE}")
        self.connection.register("_wanted", {"id": np.array(subjects, dtype=object)})
        try:
            key = self._expression(SUBJECT)
            return self._table(f"{self._source} WHERE {key} IN (SELECT id FROM _wanted) ORDER BY {_LINE}")
        finally:
            self.connection.unregister("_wanted")

    # -- what is in the file ------------------------------------------------------------------------------------------

    @property
    def _source(self) -> str:
        return f"(SELECT *, file_row_number AS {_LINE} FROM read_parquet({literal(one_file(self.path))}, {_READ}))"

    def _ask(self, query: str) -> list[Any]:
        with reading(self.shown):
            return self.connection.execute(query).fetchall()

    @cached_property
    def _columns(self) -> dict[str, tuple[str, str]]:
        """Field → what the file calls it, and the engine's type. A field may be called by its name or its title."""
        titles = {f.title: f.name for f in own_fields(self.spec)}
        found: dict[str, tuple[str, str]] = {}
        for name, kind, *_ in self._ask(f"DESCRIBE SELECT * FROM {self._source}"):
            if name in (_LINE, "file_row_number"):
                continue
            field = titles.get(name, name)
            known_field(self.spec, field, Place(self.shown, self.spec.title))
            if field in found:
                place = Place(self.shown, field=name)
                raise EvidenceError(Problem("column_twice", "同一字段有两列", place, fix="请只保留一列"))
            found[field] = (name, str(kind))
        if self.spec.name != SUBJECTS and self.spec.per != "shared" and SUBJECT.name not in found:
            place = Place(self.shown, self.spec.title)
            raise EvidenceError(Problem("no_subjects", "没有“对象编号”(subject)列,不知道各行属于哪个对象", place))
        return found

    def _field(self, name: str) -> FieldSpec:
        return next((f for f in own_fields(self.spec) if f.name == name), SUBJECT)

    def _raw(self, name: str) -> str:
        """A column as it stands; a blank text is missing."""
        column = quoted(self._columns[name][0])
        return f"nullif(trim({column}), '')" if self._kind(name) in _TEXTS else column

    def _kind(self, name: str) -> str:
        return self._columns[name][1].partition("(")[0]

    def _expression(self, field: FieldSpec) -> str:
        """A column as the field's own type: DECIMAL, DATE, BOOLEAN or VARCHAR; floats stay floats. NULL where it does not fit."""
        raw, kind = self._raw(field.name), self._kind(field.name)
        if field.type in ("text", "code"):
            return f"CAST({raw} AS VARCHAR)"
        if field.type == "date":
            return f"TRY_CAST({raw} AS DATE)"
        if field.type == "bool" and kind != "BOOLEAN":
            low = f"lower(CAST({raw} AS VARCHAR))"
            return f"CASE WHEN {low} IN {_YES} THEN true WHEN {low} IN {_NO} THEN false END"
        if field.type == "bool" or kind in _FLOATS:
            return raw
        plain = f"CASE WHEN NOT contains({raw}, '_') THEN {raw} END" if kind in _TEXTS else raw
        return f"TRY_CAST({plain} AS DECIMAL({ENGINE_DIGITS}, {field.places}))"

    # -- what is wrong with it ----------------------------------------------------------------------------------------

    def _column_problems(self, name: str) -> Iterator[Problem]:
        """A column whose type can never be what the field holds."""
        field, kind = self._field(name), self._kind(name)
        place = Place(self.shown, field=field.title)
        dates = kind in ("DATE", "TIMESTAMP") or kind.startswith("TIMESTAMP")
        if kind in _TEXTS or field.type in ("text", "code"):
            return
        if field.type == "date" and not dates:
            yield Problem("date_unknown", "这一列不是日期", place, self._columns[name][1], "日期,如 2022-03-01")
        if field.numeric and kind not in (*_FLOATS, *_WHOLE, "DECIMAL", "BOOLEAN"):
            yield Problem("not_a_number", "这一列不是数字", place, self._columns[name][1], "数字")
        if field.type == "bool" and kind not in ("BOOLEAN", *_WHOLE):
            yield Problem("not_a_yes_no", "这一列不是是否", place, self._columns[name][1], "是或否")

    @cached_property
    def _bad(self) -> dict[str, str]:
        """Columns that may hold what does not fit → the condition that tells such a row."""
        found: dict[str, str] = {}
        for name in self._columns:
            field, kind, raw = self._field(name), self._kind(name), self._raw(name)
            if name == SUBJECT.name and self.spec.per != "shared":
                found[name] = f"{raw} IS NULL"
            elif field.codes is not None:
                listed = ", ".join(literal(code) for code in field.codes)
                found[name] = f"CAST({raw} AS VARCHAR) NOT IN ({listed})"
            elif field.numeric and kind in _FLOATS:
                limit = 10 ** (ENGINE_DIGITS - field.places)
                found[name] = f"abs({raw}) >= {limit} AND NOT isnan({raw})"
            elif field.type not in ("text", "code") and kind not in ("BOOLEAN", "DATE"):
                found[name] = f"{raw} IS NOT NULL AND {self._expression(field)} IS NULL"
        return found

    def _told(self, name: str, row: int) -> Problem:
        field = self._field(name)
        column = quoted(self._columns[name][0])
        count = self._ask(f"SELECT count(*) FROM {self._source} WHERE {self._bad[name]}")[0][0]
        answer = self._ask(f"SELECT CAST({column} AS VARCHAR) FROM {self._source} WHERE {_LINE} = {row}")[0][0]
        place = Place(self.shown, row=row + self.first, field=field.title)
        more = f"(另有{count - 1}行也是)" if count > 1 else ""
        if name == SUBJECT.name:
            return Problem("subject_missing", f"没有填写对象编号{more}", place)
        if field.codes is not None:
            return Problem("unknown_code", f"不在代码表里{more}", place, answer, "、".join(field.codes))
        if field.type == "date":
            return Problem("date_unknown", f"日期无法识别{more}", place, answer, "日期,如 2022-03-01")
        if field.type == "bool":
            return Problem("not_a_yes_no", f"不是是否{more}", place, answer, "是或否")
        whole = ENGINE_DIGITS - field.places
        return Problem(
            "not_a_number", f"数字字段中有不能用的内容{more}", place, answer, f"数字,整数部分不超过{whole}位"
        )

    def _repeated(self) -> list[Problem]:
        key = self._expression(SUBJECT)
        query = (
            f"SELECT {key} AS id, min({_LINE}), max({_LINE}) FROM {self._source} GROUP BY id HAVING count(*) > 1 "
            "ORDER BY 2 LIMIT 10"
        )
        problems = []
        for subject, first, again in self._ask(query):
            place = Place(self.shown, row=again + self.first, field=SUBJECT.title)
            message = f"对象编号与第{first + self.first}行重复"
            problems.append(Problem("subject_twice", message, place, subject, "每个对象一行"))
        return problems

    # -- its rows as a table ------------------------------------------------------------------------------------------

    def _table(self, rows: str) -> Table:
        names = list(self._columns)
        heads = [f"{self._fetched(self._field(name))} AS c{i}" for i, name in enumerate(names)]
        with reading(self.shown):
            raw = self.connection.execute(f"SELECT {', '.join([_LINE, *heads])} FROM {rows}").fetchnumpy()
        columns = {name: self._exact(self._field(name), raw[f"c{i}"]) for i, name in enumerate(names)}
        lines = np.asarray(raw[_LINE], dtype=np.int64) + self.first
        if self.spec.per != "shared" and SUBJECT.name not in columns:
            columns[SUBJECT.name] = np.array(list(map(str, lines - self.first + 1)), dtype=object)
        return whole_table(self.spec, self.shown, columns, lines)

    def _fetched(self, field: FieldSpec) -> str:
        """A column as what comes over exactly: floats, texts, or whole numbers of its smallest unit."""
        code = self._expression(field)
        if field.type in ("text", "code") or (field.numeric and self._kind(field.name) in _FLOATS):
            return code
        if field.type == "date":
            return f"date_diff('day', DATE '{EPOCH.isoformat()}', {code})"
        if field.type == "bool":
            return f"CAST({code} AS BIGINT)"
        return f"CAST(CAST({code} AS DECIMAL(38, {field.places})) * {10**field.places} AS BIGINT)"

    def _exact(self, field: FieldSpec, raw: Any) -> Column:
        missing, data = np.ma.getmaskarray(raw), np.ma.getdata(raw)
        if field.type in ("text", "code"):
            texts: TextArray = data.astype(object)
            texts[missing] = None
            return texts
        if data.dtype.kind == "f" and self._kind(field.name) in _FLOATS:
            return Exact.from_floats(np.where(missing, np.nan, data).astype(np.float64), field.places)
        return Exact(np.where(missing, 0, data).astype(np.int64), field.places, ~missing)


@contextmanager
def reading(shown: str) -> Iterator[None]:
    """Whatever keeps the engine from reading a file becomes a FileError naming it."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise FileError(Problem("memory", "读取这个文件所需的内存超过限制", Place(shown))) from error
    except duckdb.Error as error:
        told = str(error).splitlines()[0]
        if isinstance(error, duckdb.IOException) and "write" in told.lower():
            raise NotWritten(Problem("not_writable", f"中间文件写不进去({told})", fix="请检查磁盘空间")) from error
        line = _CSV_LINE.search(told)
        place = Place(shown, row=int(line[1]) if line else None)
        fix = "请核对这一行的列数和引号" if line else f"请重新导出;读取程序的说明:{told}"
        raise FileError(Problem("file_broken", "文件不完整、已损坏或格式不对", place, fix=fix)) from error
