"""The tables: made once by migrations, whoever comes first; those of somebody else are left alone."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from ledger_drafts import fill
from sqlalchemy import text

from workbench.base.errors import LedgerError
from workbench.review.ledger.schema import MIGRATIONS
from workbench.review.ledger.store import open_ledger
from workbench.review.ledger.tables import CURRENT, VERSION_TABLE, metadata


def test_the_tables_are_those_of_the_last_migration():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [CURRENT]


def test_migrations_make_what_the_code_asks_by(ledger):
    with ledger.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_processes_that_come_at_once_make_it_once(tmp_path, url):
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, Path(__file__).with_name("openers.py"), tmp_path, url or "", "8"]
    done = subprocess.run(command, stdout=subprocess.PIPE, env=env, encoding="utf-8", check=True)
    # One made the tables; nobody else, and nobody who opens them later, pays for importing Alembic.
    assert sum(json.loads(done.stdout)) == 1
    ledger = open_ledger(tmp_path, "demo", url)
    assert len(ledger.events()) == 8
    ledger.close()


def test_a_process_killed_while_it_made_the_file_leaves_nothing_in_the_way(tmp_path):
    file = tmp_path / "reviews" / "demo" / "ledger.sqlite"
    file.parent.mkdir(parents=True)
    file.touch()
    with pytest.raises(LedgerError, match="该评价还没有评审台账"):
        open_ledger(tmp_path, "demo")
    ledger = open_ledger(tmp_path, "demo", create=True)
    assert fill(ledger, 1).head().seq == 1
    ledger.close()


def test_a_newer_ledger_is_left_alone(opened):
    ledger = opened()
    with ledger._database.writer.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0999'"))
    with pytest.raises(LedgerError, match=r"台账由更新版本的程序建立;实际为“0999”;应为不高于0001。请升级 workbench"):
        opened()


def test_tables_of_another_program_are_left_alone(tmp_path):
    file = tmp_path / "reviews" / "demo" / "ledger.sqlite"
    file.parent.mkdir(parents=True)
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE events (day TEXT)")
    connection.close()
    with pytest.raises(LedgerError, match="数据库中的表不是评审台账的"):
        open_ledger(tmp_path, "demo", create=True)


def test_a_sqlite_file_is_as_durable_as_it_can_be(in_file):
    with in_file.reading() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")}
        assert found == {"journal_mode": "wal", "synchronous": 2}  # 2 is FULL
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_a_server_told_to_acknowledge_early_is_told_otherwise(tmp_path, database):
    ledger = open_ledger(tmp_path, "demo", f"{database}&options=-csynchronous_commit%3Doff", create=True)
    with ledger.reading() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
    ledger.close()
