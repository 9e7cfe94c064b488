"""``workbench packs new``: a first pack that passes its own check."""

from __future__ import annotations


def packs_new() -> None:
    """x"""
