"""Which files of an evidence folder are its tables."""

from __future__ import annotations

import os
from pathlib import Path

ENDINGS = (".csv", ".parquet")


def is_table_file(name: str) -> bool:
    """By its name. Office programs leave lock files such as ``~$x.csv`` and ``.~lock`` beside an open file: they are none."""
    return name.lower().endswith(ENDINGS) and not name.startswith((".", "~"))


def table_files(folder: Path) -> list[Path]:
    """The tables of a folder, not of its subfolders, by name."""
    with os.scandir(folder) as entries:
        return [folder / name for name in sorted(e.name for e in entries if is_table_file(e.name) and e.is_file())]
