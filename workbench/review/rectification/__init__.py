"""Rectification (整改台账): problems of a report as items of the ledger, with owner, due date, status and proof."""
