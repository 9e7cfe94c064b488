"""Tables of the ledger. What makes them (triggers included) are the migrations; this is what the code asks by.

Every time is text in UTC with milliseconds (``2026-03-01T08:00:00.000Z``): it sorts as it reads, and the column of an event equals
what its record says to the letter.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

CURRENT = "0001"
"""The revision these tables stand for; ``migrations/versions`` ends with it."""
VERSION_TABLE = "ledger_version"

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

ledgers = Table(
    "ledgers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("created_at", Text, nullable=False),
)
"""One row per evaluation; on PostgreSQL its lock is what appends wait for."""

events = Table(
    "events",
    metadata,
    Column("ledger", Text, ForeignKey("ledgers.name"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("record", Text, nullable=False),
    UniqueConstraint("ledger", "prev_hash"),
    UniqueConstraint("ledger", "client_id"),
    # No hidden row number: INSERT OR REPLACE could otherwise take the place of an event by it.
    sqlite_with_rowid=False,
)
"""Append-only. ``record`` is the canonical JSON of the whole event; the other columns repeat it for asking."""

access_log = Table(
    "access_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("ledger", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("problems", Text, nullable=False),
    Column("address", Text),
    Index(None, "ledger", "id"),
)
"""Append-only. Refused attempts; ``problems`` is a JSON list as of ``Problem.as_dict``."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("session_hash", Text, unique=True),
    Column("ledger", Text, ForeignKey("ledgers.name"), nullable=False),
    Column("member", Text, nullable=False),
    Column("issued_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("redeemed_at", Text),
    Column("revoked_at", Text),
    Column("issued_by", Text, nullable=False),
)
"""Personal links and the sessions they became. Only hashes are kept. The one table whose rows change."""
