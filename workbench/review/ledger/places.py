"""Where a ledger lies: asked for often, and without loading what reads databases."""

from __future__ import annotations

import os
from pathlib import Path

from workbench.base.sealing import is_sealed

VARIABLE = "WORKBENCH_LEDGER"
"""Environment variable with the address of a PostgreSQL database; without it each ledger is a file."""
REVIEWS = "reviews"
FILE = "ledger.sqlite"


def server(workspace: Path) -> str | None:
    """Address of the database that holds a workspace's ledgers; None where each is a file.

    The ledger of a sealed workspace came with its dossier. A server of the same name may know another one, so it is not asked.
    """
    return None if is_sealed(workspace) else os.environ.get(VARIABLE) or None


def may_exist(workspace: Path, evaluation: str) -> bool:
    """Whether an evaluation can have a ledger: False is certain, True has to be asked of the database."""
    return server(workspace) is not None or (workspace / REVIEWS / evaluation / FILE).is_file()
