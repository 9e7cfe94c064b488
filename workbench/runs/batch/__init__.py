"""Batch (批量运行): many plans, each a run of its own; one that fails stops no other, and what has not changed is not run again."""
