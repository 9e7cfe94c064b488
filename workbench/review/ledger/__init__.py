"""The ledger (评审台账): an append-only chain of events in SQLite or PostgreSQL."""
