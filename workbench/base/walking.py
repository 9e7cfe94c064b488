"""The files that somebody has put into a folder."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

_COMPILED = (".pyc", ".pyo")
_CACHE = "__pycache__"


def files_below(top: Path, without: Collection[str] = ()) -> Iterator[Path]:
    """The files at or below a path in a fixed order; hidden ones, compiled code and folders of the given names are left out.

    Links that lead nowhere, pipes and devices are none.
    """
    if top.is_file() and _counts(top.name):
        yield top
    for here, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if name not in (_CACHE, *without) and not name.startswith("."))
        yield from (path for f in sorted(files) if _counts(f) and (path := Path(here) / f).is_file())


def _counts(name: str) -> bool:
    return not name.startswith(".") and not name.endswith(_COMPILED)
