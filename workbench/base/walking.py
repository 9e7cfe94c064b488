"""The files that somebody has put into a folder."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

_COMPILED = (".pyc", ".pyo")


def files_below(top: Path, without: Collection[str] = (), without_at_top: Collection[str] = ()) -> Iterator[Path]:
    """The files at or below a path in a fixed order; hidden ones, compiled code and folders of the given names are left out."""
    if top.is_file():
        yield top
    for here, folders, files in os.walk(top):
        left_out = {*without, *(without_at_top if Path(here) == top else ())}
        folders[:] = sorted(name for name in folders if name not in left_out and not name.startswith("."))
        yield from (Path(here) / f for f in sorted(files) if not f.startswith(".") and not f.endswith(_COMPILED))
