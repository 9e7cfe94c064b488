"""Parquet files in, through DuckDB: exact decimals, dates and texts as Python values."""

from __future__ import annotations

from pathlib import Path

from workbench.evidence.raw import Cell, RawSheet, file_error
from workbench.scheme.expressions import one_file, quoted

_PLAIN = {"VARCHAR", "DOUBLE", "FLOAT", "BOOLEAN", "DATE", "TINYINT", "SMALLINT", "INTEGER", "BIGINT"}
_PLAIN |= {"UTINYINT", "USMALLINT", "UINTEGER"}
MAX_CELLS = 32_000_000
_SOURCE = "read_parquet($file, hive_partitioning = false)"


def read_parquet(path: Path, file: str, title: str) -> RawSheet:
    """One Parquet file as a sheet whose first row holds the column names. Raises FileError."""
    import duckdb

    given = {"file": one_file(path)}
    try:
        with duckdb.connect(":memory:", config={"threads": 1}) as database:
            relation = database.execute(f"DESCRIBE SELECT * FROM {_SOURCE}", given).fetchall()
            names = [str(r[0]) for r in relation]
            counted = database.execute(f"SELECT count(*) FROM {_SOURCE}", given).fetchone()
            if counted is not None and counted[0] * len(names) > MAX_CELLS:
                raise file_error("sheet_too_wide", f"数据太多({counted[0]}行)", file, "请把表拆小")
            columns = ", ".join(_column(str(r[0]), str(r[1])) for r in relation)
            found = database.execute(f"SELECT {columns} FROM {_SOURCE}", given).fetchall()
    except duckdb.Error:
        raise file_error("parquet_broken", "Parquet 文件不完整或已损坏", file, "请重新导出") from None
    rows: list[list[Cell]] = [list(names), *(list(row) for row in found)]
    return RawSheet(file, title, rows)


def _column(name: str, kind: str) -> str:
    column = quoted(name)
    if kind in _PLAIN or kind.startswith("DECIMAL"):
        return column
    return f"CAST({column} AS {'DATE' if kind.startswith('TIMESTAMP') else 'VARCHAR'})"
