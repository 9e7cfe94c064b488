"""Where a ledger lies: asked for often, and without loading what reads databases."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "WORKBENCH_LEDGER"
"""Environment variable with the address of a PostgreSQL database; without it each ledger is a file."""
REVIEWS = "reviews"
FILE = "ledger.sqlite"


def may_exist(workspace: Path, evaluation: str) -> bool:
    """Whether an evaluation can have a ledger: False is certain, True has to be asked of the database."""
    return bool(os.environ.get(VARIABLE)) or (workspace / REVIEWS / evaluation / FILE).is_file()
