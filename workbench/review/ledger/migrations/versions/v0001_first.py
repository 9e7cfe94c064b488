"""First tables, and the triggers by which the database itself keeps events and access log append-only.

A trigger refuses UPDATE and DELETE (and TRUNCATE on PostgreSQL). Another one lets in only the event that continues the chain:
that is also what keeps SQLite's INSERT OR REPLACE, which deletes without firing DELETE triggers, from taking an event's place.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

APPEND_ONLY = ("events", "access_log")

OUT_OF_ORDER = """
    NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM events WHERE ledger = NEW.ledger)
    OR NEW.prev_hash <> coalesce((SELECT hash FROM events WHERE ledger = NEW.ledger ORDER BY seq DESC LIMIT 1), '')
    OR EXISTS (SELECT 1 FROM events WHERE ledger = NEW.ledger AND client_id = NEW.client_id)
"""
REFUSE_FUNCTION = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
ORDER_FUNCTION = f"""
CREATE FUNCTION ledger_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {OUT_OF_ORDER} THEN
        RAISE EXCEPTION 'the event does not continue the chain' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Create everything."""
    _tables()
    if op.get_bind().dialect.name == "postgresql":
        _postgresql_triggers()
    else:
        _sqlite_triggers()


def _tables() -> None:
    op.create_table(
        "ledgers",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_ledgers"),
    )
    op.create_table(
        "events",
        sa.Column("ledger", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("prev_hash", "hash", "client_id", "actor", "kind", "at")),
        sa.Column("record", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("ledger", "seq", name="pk_events"),
        sa.ForeignKeyConstraint(["ledger"], ["ledgers.name"], name="fk_events_ledger"),
        sa.UniqueConstraint("ledger", "prev_hash", name="uq_events_ledger_prev_hash"),
        sa.UniqueConstraint("ledger", "client_id", name="uq_events_ledger_client_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer, nullable=False),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("at", "ledger", "actor", "action", "problems")),
        sa.Column("address", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_ledger_id", "access_log", ["ledger", "id"])
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("session_hash", sa.Text),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("ledger", "member", "issued_at", "expires_at")),
        *(sa.Column(n, sa.Text) for n in ("redeemed_at", "revoked_at")),
        sa.Column("issued_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
        sa.ForeignKeyConstraint(["ledger"], ["ledgers.name"], name="fk_sessions_ledger"),
        sa.UniqueConstraint("session_hash", name="uq_sessions_session_hash"),
    )


def _sqlite_triggers() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        f"CREATE TRIGGER events_in_order BEFORE INSERT ON events WHEN {OUT_OF_ORDER} "
        "BEGIN SELECT RAISE(ABORT, 'the event does not continue the chain'); END"
    )
    op.execute(
        "CREATE TRIGGER access_log_in_order BEFORE INSERT ON access_log "
        "WHEN EXISTS (SELECT 1 FROM access_log WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END"
    )


def _postgresql_triggers() -> None:
    op.execute(REFUSE_FUNCTION)
    op.execute(ORDER_FUNCTION)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
        )
        # ALWAYS: also in a session that switched ordinary triggers off.
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only")
    op.execute("CREATE TRIGGER events_in_order BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION ledger_in_order()")
    op.execute("ALTER TABLE events ENABLE ALWAYS TRIGGER events_in_order")
