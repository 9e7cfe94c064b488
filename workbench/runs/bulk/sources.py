"""Where tables come from: arrays in memory, or files that are read piece by piece."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from workbench.base.errors import EvidenceError, FileError, Place, Problem
from workbench.base.exact import Exact
from workbench.base.text import reason
from workbench.base.writing import writing
from workbench.evidence.tables import SUBJECT, Table
from workbench.runs.bulk.columns import MEMORY, common_length, refuse_repeated, table_from_columns
from workbench.runs.bulk.files import FileTable, reading
from workbench.scheme.expressions import literal, one_file
from workbench.scheme.pack import TableSpec

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

Given: TypeAlias = "Mapping[str, Any] | pd.DataFrame | str | Path"
"""Columns by field name, or the path of a Parquet or CSV file."""
_BLOCK = 1 << 20


class Source(Protocol):
    """A table that gives up its rows piece by piece."""

    def __len__(self) -> int: ...

    def check(self) -> None:
        """Raises EvidenceError for what can be told before any row is scored."""

    def rows(self, start: int, stop: int) -> Table:
        """Rows ``start`` … ``stop`` − 1, counted from 0."""

    def of(self, subjects: Sequence[str] | None) -> Table:
        """The rows of these subjects, in order; all for None, or where rows belong to no subject."""


@dataclass(frozen=True)
class MemoryTable:
    """Arrays by field name."""

    spec: TableSpec
    data: Mapping[str, Any]

    def __len__(self) -> int:
        return common_length(self.spec, self.data)

    def check(self) -> None:
        """One row for each subject."""
        if self.spec.per != "subject" or SUBJECT.name not in self.data:
            return
        seen: dict[Any, int] = {}
        for row, subject in enumerate(self.data[SUBJECT.name].tolist(), 1):
            first = seen.setdefault(subject, row)
            if first != row:
                place = Place(MEMORY, self.spec.title, row, SUBJECT.title)
                message = f"对象编号与第{first}行重复"
                raise EvidenceError(Problem("subject_twice", message, place, str(subject), "每个对象一行"))

    def rows(self, start: int, stop: int) -> Table:
        """Views of the arrays, made exact."""
        return table_from_columns(self.spec, {k: v[start:stop] for k, v in self.data.items()}, start + 1)

    def of(self, subjects: Sequence[str] | None) -> Table:
        """Picked out of the typed table, which is made once."""
        if subjects is None or self.spec.per == "shared":
            return self._whole
        kept = np.flatnonzero(self._ids.isin(subjects))
        columns = {
            name: column.take(kept) if isinstance(column, Exact) else column[kept]
            for name, column in self._whole.columns.items()
        }
        whole = self._whole
        return Table(whole.spec, whole.file, whole.sheet, whole.rows[kept], {}, columns)

    @cached_property
    def _whole(self) -> Table:
        return table_from_columns(self.spec, self.data)

    @cached_property
    def _ids(self) -> pd.Index[Any]:
        import pandas as pd

        return pd.Index(self._whole.texts(SUBJECT.name), dtype=object)


def source_of(spec: TableSpec, given: Given, connection: duckdb.DuckDBPyConnection, scratch: Path) -> Source:
    """The table in memory or in a file. A CSV is laid down as Parquet in ``scratch`` once, every cell a text.

    Raises:
        FileError: the file is not there, or neither Parquet nor CSV.
    """
    if not isinstance(given, (str, Path)):
        refuse_repeated(spec, given.keys())
        return MemoryTable(spec, {str(name): np.asarray(given[name]) for name in list(given.keys())})
    path = Path(given)
    shown = path.as_posix()
    if not path.is_file():
        raise FileError(Problem("file_missing", "文件不存在", Place(shown), fix="请检查路径和文件名"))
    if path.suffix.lower() == ".parquet":
        return FileTable(spec, connection, path, shown)
    if path.suffix.lower() not in (".csv", ".txt"):
        fix = "请从 Excel 另存为 CSV UTF-8,或导出为 Parquet"
        raise FileError(Problem("not_a_table", "只能读取 Parquet 和 CSV 文件", Place(shown), path.suffix, fix=fix))
    laid = scratch / f"{spec.name}.parquet"
    _lay_down(path, scratch / f"{spec.name}.csv", laid, connection)
    return FileTable(spec, connection, laid, shown, first=2)


def _lay_down(path: Path, copy: Path, laid: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """A CSV as Parquet. Nothing is left to the engine's guesses: it would pass over a line that does not fit the others."""
    shown = path.as_posix()
    head = _as_utf8(path, copy)
    separator = max(",\t;", key=head.count)
    try:
        names = next(csv.reader([head], delimiter=separator), [])
    except csv.Error:  # no end of line for pages, or ends of line that only old Macs have
        names = []
    if not names or len(set(names)) < len(names):
        found = next((name for name in names if names.count(name) > 1), None)
        fix = "请检查第一行:每列一个字段名,不得重复;可用 Excel 另存为 CSV UTF-8"
        raise FileError(Problem("csv_header", "表头读不出、为空或有重复的列名", Place(shown, row=1), found, fix=fix))
    columns = ", ".join(f"{literal(name.strip())}: 'VARCHAR'" for name in names)
    options = f"delim = '{separator}', header = true, auto_detect = false, columns = {{{columns}}}, hive_partitioning = false, quote = '\"', escape = '\"'"
    with reading(shown):
        query = f"SELECT * FROM read_csv({literal(one_file(copy))}, {options}, strict_mode = true)"
        connection.execute(f"COPY ({query}) TO {literal(str(laid))} (FORMAT parquet)")


def _as_utf8(path: Path, copy: Path) -> str:
    """Copy a file in UTF-8, which is what the engine reads; its first line. Raises FileError for another encoding."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        fix = "请检查文件的权限"
        raise FileError(
            Problem("unreadable", f"文件读不出({reason(error)})", Place(path.as_posix()), fix=fix)
        ) from None
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            with writing(copy.parent, "请检查磁盘空间和文件夹权限", "中间文件"):
                return _copied(path, encoding, copy)
        except UnicodeDecodeError:
            continue
    fix = "请从 Excel 另存为“CSV UTF-8(逗号分隔)”"
    raise FileError(Problem("csv_encoding", "文字编码无法识别", Place(path.as_posix()), fix=fix))


def _copied(path: Path, encoding: str, copy: Path) -> str:
    """Copy a file in UTF-8, block by block; its first line. Raises UnicodeDecodeError."""
    head = ""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file, copy.open("wb") as out:
        while True:
            block = file.read(_BLOCK)
            text = decoder.decode(block, final=not block)
            head = head or text.partition("\n")[0]
            out.write(text.encode())
            if not block:
                return head.rstrip("\r")
