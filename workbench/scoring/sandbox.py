"""The locked DuckDB in which measures run: no file, no network, no settings, one thread, bounded memory and time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.base.errors import ExpressionError, Problem
from workbench.base.exact import Exact
from workbench.evidence.numbers import ENGINE_DIGITS
from workbench.evidence.tables import EPOCH, Column, Table, own_fields
from workbench.scheme.expressions import quoted
from workbench.scheme.pack import FieldSpec

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "2GB"
SECONDS = 60.0
WIDE_DIGITS = ENGINE_DIGITS + 1
"""Digits of a loaded number. Two columns of 18 digits give a product of 18, and 520,000 × 665,000 with six decimals each
overflows it; from 19 on the engine calculates with 38."""
NULL = np.iinfo(np.int64).min
"""Stands for a missing integer on its way into the engine; no evidence value reaches it."""


def connect(memory_limit: str = MEMORY_LIMIT) -> duckdb.DuckDBPyConnection:
    """A connection of its own to this process's engine, whose configuration is locked.

    Tables are made TEMP, which no other connection sees and which end with it: starting an engine costs 30 ms, more than
    scoring a thousand subjects needs of it.
    """
    return _engine(memory_limit).cursor()


@cache
def _engine(memory_limit: str) -> duckdb.DuckDBPyConnection:
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": "1",  # a float SUM differs between runs on two threads
        "async_threads": "0",  # without threads of its own an engine lives on in a forked kernel
        "memory_limit": memory_limit,
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": "",
        # Division by zero is missing, never an infinity that a comparison or a least() takes for a number.
        "ieee_floating_point_ops": "false",
        "error_on_division_by_zero": "false",
        "python_enable_replacements": "false",
    }
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET lock_configuration=true")
    return connection


@contextmanager
def limited(connection: duckdb.DuckDBPyConnection, what: str, seconds: float | None = None) -> Iterator[None]:
    """Run a statement under the time limit; engine errors become ExpressionError naming ``what``."""
    import duckdb

    seconds = SECONDS if seconds is None else seconds
    timer = threading.Timer(seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise ExpressionError(Problem("sql_time", f"{what}:计算超过{seconds:g}秒,已中止")) from error
    except duckdb.OutOfMemoryException as error:
        raise ExpressionError(Problem("sql_memory", f"{what}:计算所需内存超过限制")) from error
    except duckdb.Error as error:
        fix = f"请核对参与计算的数的单位和大小;计算引擎的说明:{str(error).splitlines()[0]}"
        raise ExpressionError(Problem("sql_failed", f"{what}:计算失败", fix=fix)) from error
    finally:
        timer.cancel()
        # Waited for: a timer that outlives the block would hold the connection, and closing it from a dying thread at
        # the end of the process aborts Python.
        timer.join()


def load_table(connection: duckdb.DuckDBPyConnection, name: str, table: Table) -> None:
    """Create ``name`` in the engine from typed evidence: money and numbers as DECIMAL, dates as DATE."""
    fields = [f for f in own_fields(table.spec) if f.name in table.columns]
    # A field nobody filled in costs nothing: most optional ones are.
    blank = {f.name for f in fields if _blank(table.columns[f.name])}
    raw = {f.name: _raw(table.columns[f.name]) for f in fields if f.name not in blank}
    raw["_row"] = np.arange(len(table), dtype=np.int64)
    selected = ["_row"] + [f"{_typed(f, table.columns[f.name], f.name in blank)} AS {quoted(f.name)}" for f in fields]
    connection.register("_incoming", raw)
    with limited(connection, f"装入“{table.spec.title}”"):
        connection.execute(f"CREATE TEMP TABLE {quoted(name)} AS SELECT {', '.join(selected)} FROM _incoming")
    connection.unregister("_incoming")


def _blank(column: Column) -> bool:
    if isinstance(column, Exact):
        return not column.valid.any()
    return all(text is None for text in column.tolist())


def _raw(column: Column) -> Any:
    if not isinstance(column, Exact):
        return column
    if column.units.dtype == object:
        raise ExpressionError(Problem("too_large", f"数值超过{ENGINE_DIGITS}位,无法计算", fix="请核对单位"))
    return np.where(column.valid, column.units, NULL)


def _typed(field: FieldSpec, column: Column, blank: bool) -> str:
    name = "NULL" if blank else quoted(field.name)
    if not isinstance(column, Exact):
        return f"CAST({name} AS VARCHAR)"
    value = f"nullif({name}, {NULL})"
    if field.type == "bool":
        return f"CAST({value} AS BOOLEAN)"
    if field.type == "date":
        return f"CAST(DATE '{EPOCH.isoformat()}' + CAST({value} AS INTEGER) AS DATE)"
    if column.decimals == 0:
        return f"CAST({value} AS DECIMAL({WIDE_DIGITS}, 0))"
    unit = f"0.{'0' * (column.decimals - 1)}1"
    return f"CAST(CAST({value} AS DECIMAL({ENGINE_DIGITS}, 0)) * {unit} AS DECIMAL({WIDE_DIGITS}, {column.decimals}))"
