"""Brings a database to the tables this version works with. Alembic is imported only when something has to be done."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, column, create_engine, inspect, select, table, text

from workbench.base.errors import LedgerError, Place, Problem
from workbench.review.ledger.databases import Database
from workbench.review.ledger.failures import RESTORE
from workbench.review.ledger.tables import CURRENT, VERSION_TABLE, events

MIGRATIONS = Path(__file__).parent / "migrations"
_POSTGRESQL_GUARDS = {"events_append_only", "events_in_order", "access_log_append_only"}


def make_current(database: Database, *, create: bool) -> bool:
    """Make or upgrade the tables. False when there are none and ``create`` is not asked for.

    Any number of processes may do this at once: the first does the work, the others wait and find it done.

    Raises:
        LedgerError: the tables are from a newer version, or not ours.
    """
    with database.reader.connect() as connection:
        found = _version(connection, database.where)
    if found == CURRENT or (found is None and not create):
        return found is not None
    with database.writer.begin() as connection:
        database.exclude(connection)
        if _version(connection, database.where) != CURRENT:
            _migrate(connection)
    return True


def _version(connection: Connection, where: str) -> str | None:
    """The revision in the database, or None when it has no tables yet."""
    inspector = inspect(connection)
    if not inspector.has_table(VERSION_TABLE):
        if inspector.has_table(events.name):
            raise LedgerError(
                Problem("not_a_ledger", "数据库中的表不是评审台账的", Place(where), fix="请换一个空的数据库或文件")
            )
        return None
    versions = table(VERSION_TABLE, column("version_num"))
    found = connection.execute(select(versions.c.version_num)).scalar()
    if found is not None and str(found) > CURRENT:
        fix = "请升级 workbench 后再打开;台账没有改动"
        raise LedgerError(
            Problem(
                "newer_ledger",
                "台账由更新版本的程序建立",
                Place(where),
                found=str(found),
                expected=f"不高于{CURRENT}",
                fix=fix,
            )
        )
    return None if found is None else str(found)


def _migrate(connection: Connection) -> None:
    from alembic.command import upgrade
    from alembic.config import Config

    # In the configuration "%" begins a substitution.
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    upgrade(config, "head")


def _guards(connection: Connection) -> set[tuple[str, str]]:
    """Name and text of each trigger of a SQLite file: one that kept its name may have lost its teeth."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    return {(name, sql) for name, sql in connection.execute(text(query))}


def _new_guards() -> set[tuple[str, str]]:
    """The triggers of a new file."""
    with create_engine("sqlite://").begin() as connection:
        _migrate(connection)
        return _guards(connection)


def flaws(database: Database) -> list[Problem]:
    """Triggers that were taken away or switched off, and pages of a file that are damaged."""
    with database.reader.connect() as connection:
        if database.file is None:
            query = "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A' AND tgrelid IN ('events'::regclass, 'access_log'::regclass)"
            missing = _POSTGRESQL_GUARDS - set(connection.execute(text(query)).scalars())
            damage = None
        else:
            missing = {name for name, _ in _new_guards() ^ _guards(connection)}
            damage = connection.execute(text("PRAGMA integrity_check(1)")).scalar()
    found = []
    if missing:
        fix = "有人改动过数据库的结构;请查明原因,核对内容后把台账导出,再导入新的台账"
        message = "数据库中防止改动和删除的触发器缺失或被停用"
        found.append(Problem("guards_missing", message, found="、".join(sorted(missing)), fix=fix))
    if damage not in (None, "ok"):
        found.append(Problem("ledger_corrupt", "台账文件已损坏", found=str(damage), fix=RESTORE))
    return found
