"""The two databases a ledger may live in, opened so that what they acknowledged is on the disk."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from workbench.base.errors import LedgerError, Problem
from workbench.review.ledger.failures import LOCK_SECONDS

_WRITING = "workbench_writing"
_POSTGRESQL = ("postgresql", "postgres")
_MIGRATION_LOCK = 0x7762_6C65
"""Any fixed number: who makes or upgrades the tables holds this advisory lock of PostgreSQL."""


@dataclass(frozen=True)
class Database:
    """One engine in two guises: single statements without a transaction, and transactions nobody else can write in.

    ``where`` is what messages call it; it never holds a password. ``file`` is None on a server.
    """

    reader: Engine
    writer: Engine
    where: str
    file: Path | None = None

    def exclude(self, connection: Connection) -> None:
        """Keep others from making or upgrading tables until this transaction ends (SQLite's begins with that lock)."""
        if self.file is None:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})

    def close(self) -> None:
        """Give all connections back."""
        self.reader.dispose()


def sqlite(file: Path, where: str) -> Database:
    """A SQLite file, made when it does not exist: WAL, every commit synced to the disk, foreign keys held."""
    engine = create_engine(URL.create("sqlite", database=str(file)), pool_size=2, max_overflow=8)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediately)
    return Database(engine, engine.execution_options(**{_WRITING: True}), where, file)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Our own BEGIN, see below; the driver's would come late and take no lock.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {int(LOCK_SECONDS * 1000)}")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _switch_to_wal(connection: Any) -> None:
    """Once in a file's life. SQLite does not wait for another process that is doing the same, so this does."""
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except connection.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _begin_immediately(connection: Connection) -> None:
    """Writers queue at the beginning; a transaction that reads first and writes later could only fail."""
    if connection.get_execution_options().get(_WRITING):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def postgresql(url: str) -> Database:
    """A PostgreSQL server. Few connections are kept: every open page is a process of its own.

    Raises:
        LedgerError: the address is not one of PostgreSQL, or its driver is not installed.
    """
    address = _parsed(url)
    try:
        engine = create_engine(
            address.set(drivername="postgresql+psycopg"),
            isolation_level="READ COMMITTED",  # after waiting for a lock, what others committed is seen
            pool_size=1,
            max_overflow=4,
            pool_pre_ping=True,  # a page stays open over a restart of the server
            connect_args={"connect_timeout": LOCK_SECONDS, "application_name": "workbench"},
        )
    except ImportError:
        fix = "请在源码文件夹中运行 uv sync --extra postgresql"
        raise LedgerError(Problem("no_driver", "没有安装连接 PostgreSQL 的组件", fix=fix)) from None
    event.listen(engine, "connect", _prepare_postgresql)
    where = f"PostgreSQL {address.host or ''}/{address.database or ''}"
    return Database(engine.execution_options(isolation_level="AUTOCOMMIT"), engine, where)


def _parsed(url: str) -> URL:
    try:
        address = make_url(url)
    except (SQLAlchemyError, ValueError):
        address = None
    if address is None or address.get_backend_name() not in _POSTGRESQL:
        # What was found is not shown: it may hold a password.
        raise LedgerError(
            Problem(
                "ledger_url",
                "台账的数据库地址(WORKBENCH_LEDGER)写法不对",
                expected="postgresql://用户名:密码@服务器/数据库",
                fix="密码中的 @ : / 等符号须写成 %40 %3A %2F;不用服务器时请去掉该环境变量,台账存为文件",
            )
        )
    return address


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
    # A server that acknowledges before it has written would lose what people were told is recorded.
    connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false) "
        "WHERE current_setting('synchronous_commit') IN ('off', 'local')"
    )
    connection.commit()
