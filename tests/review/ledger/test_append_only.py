"""The database itself keeps events and access log as they were written: raw SQL, past all of our code."""

from __future__ import annotations

import pytest
from ledger_drafts import fill
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from workbench.base.errors import Problem
from workbench.review.ledger.records import Stored

CHANGES = [
    "UPDATE events SET record = 'x'",
    "UPDATE events SET actor = 'li' WHERE seq = 2",
    "DELETE FROM events",
    "DELETE FROM events WHERE seq = 3",
    "UPDATE access_log SET actor = 'li'",
    "DELETE FROM access_log",
]
COLUMNS = ", ".join(Stored._fields)
INSERT = f"INSERT INTO events ({COLUMNS}) VALUES ({', '.join(f':{name}' for name in Stored._fields)})"


@pytest.fixture
def filled(ledger):
    fill(ledger, 3)
    ledger.refused("zhang", "opine", [Problem("closed", "已签字")])
    return ledger


def refused(ledger, statement, values=None):
    """Run a statement as somebody with the database's password would; it must fail, and change nothing."""
    before = ledger.rows(), ledger.refusals()
    with (
        pytest.raises(DBAPIError, match=r"append-only|continue the chain"),
        ledger._database.writer.begin() as connection,
    ):
        connection.execute(text(statement), values or {})
    assert (ledger.rows(), ledger.refusals()) == before


@pytest.mark.parametrize("statement", CHANGES)
def test_changes_are_refused(filled, statement):
    refused(filled, statement)


def test_an_event_that_does_not_continue_the_chain_is_refused(filled):
    first, second, third = filled.rows()
    new = third._replace(seq=4, prev_hash=third.hash, hash="4" * 64, client_id="another-client")
    for wrong in (
        new._replace(seq=5),
        new._replace(seq=3),
        new._replace(prev_hash=second.hash),
        new._replace(prev_hash=""),
        new._replace(client_id=first.client_id),
    ):
        refused(filled, INSERT, wrong._asdict())
    with filled.writing() as connection:
        connection.execute(text(INSERT), new._asdict())
    assert len(filled.rows()) == 4


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_sqlite_replaces_nothing(filled):
    """INSERT OR REPLACE deletes the row in its way without asking DELETE triggers."""
    second = filled.rows()[1]
    for change in ({}, {"record": "x"}, {"seq": 4}, {"prev_hash": "0" * 64}, {"client_id": "another-client"}):
        statement = INSERT.replace("INSERT", "INSERT OR REPLACE")
        refused(filled, statement, second._replace(**change)._asdict())
    refused(filled, "INSERT OR REPLACE INTO access_log VALUES (1, '', 'demo', 'li', '', '[]', NULL)")


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE events",
        "TRUNCATE access_log",
        "TRUNCATE ledgers CASCADE",
        "INSERT INTO events SELECT * FROM events ON CONFLICT (ledger, seq) DO UPDATE SET record = 'x'",
        "SET LOCAL session_replication_role = replica; DELETE FROM events",
    ],
)
def test_postgresql_knows_more_ways_and_refuses_them(filled, statement):
    refused(filled, statement)


def test_a_ledger_with_events_is_not_deleted(filled):
    with pytest.raises(DBAPIError), filled._database.writer.begin() as connection:
        connection.execute(text("DELETE FROM ledgers"))
    assert len(filled.events()) == 3
