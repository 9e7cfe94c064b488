"""Nothing of a time limit outlives the statement it was for."""

from __future__ import annotations

import threading

import duckdb
import pytest

from workbench.scoring.sandbox import connect, limited


def test_no_timer_holds_the_connection_after_the_block() -> None:
    # A timer thread that dropped the last reference at the end of the process aborted Python (rc 134, "exception not
    # rethrown"), because the engine was closed by a dying thread.
    for _ in range(20):
        connection = connect()
        with limited(connection, "测试"):
            connection.execute("SELECT 1")
        assert not [t for t in threading.enumerate() if isinstance(t, threading.Timer)]


def test_connections_share_an_engine_but_no_table() -> None:
    first, second = connect(), connect()
    first.execute("CREATE TEMP TABLE subjects AS SELECT 1 AS x")
    second.execute("CREATE TEMP TABLE subjects AS SELECT 2 AS x")
    assert (
        first.execute("SELECT x FROM subjects").fetchall(),
        second.execute("SELECT x FROM subjects").fetchall(),
    ) == (
        [(1,)],
        [(2,)],
    )
    second.close()
    assert not connect().execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
    with pytest.raises(duckdb.CatalogException):
        connect().execute("SELECT x FROM subjects")
