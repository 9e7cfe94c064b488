"""Run by Alembic for each command; the connection, with its transaction, comes from ``schema.py``."""

from __future__ import annotations

from alembic import context

from workbench.review.ledger.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE
)
context.run_migrations()
