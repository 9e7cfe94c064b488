"""All benchmarks in one run: ratios against what a user would use instead. Ends with exit code 4 when a goal is missed.

uv run python benchmarks/run.py
"""

from __future__ import annotations

import importlib
import platform
import sys
from pathlib import Path

NAMES = (
    "startup",
    "scoring",
    "million",
    "pack_scoring",
    "workbook",
    "notebook",
    "warm",
    "batch",
    "review",
    "dossier",
    "compare",
    "report",
    "recheck",
)


def run() -> int:
    """Print a table; 0 when every goal is met, else 4."""
    sys.path.insert(0, str(Path(__file__).parent))
    results = [importlib.import_module(name).main() for name in NAMES]
    rows = [row for result in results for row in (result if isinstance(result, list) else [result])]
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    for row in rows:
        mark = "met" if row["met"] else "MISSED"
        print(f"{row['what']}\n    {row['baseline']} → {row['ours']}; ratio {row['ratio']}, goal {row['goal']}: {mark}")
    return 0 if all(row["met"] for row in rows) else 4


if __name__ == "__main__":
    sys.exit(run())
