"""A sealed workspace (封存工作区): restored from a run or a dossier, it works with what was sealed and nothing else."""

from __future__ import annotations

from pathlib import Path

SEALED = "sealed"
"""Its folder of pack, ruleset, policies, recorded outputs of foreign code, and where all of it came from."""
ORIGIN = "origin.json"


def is_sealed(workspace: Path) -> bool:
    """Whether a workspace was restored: no code in it is a plugin's, and its ledger is the file in it."""
    return (workspace / SEALED / ORIGIN).is_file()
