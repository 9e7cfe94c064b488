"""Notebooks: where they are found, and the normal form in which an executed one is kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from workbench.base.canon import canonical_json
from workbench.base.errors import FileError, Place, Problem
from workbench.base.text import suggest

PACKAGED = Path(__file__).resolve().parent.parent / "notebooks"
"""Notebooks inside an installed wheel."""
CHECKOUT = Path(__file__).resolve().parents[2] / "notebooks"
"""Notebooks of a source checkout."""
DEFAULT = "evaluation.ipynb"
"""For packs that name no notebook of their own."""
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
_CELL_KEYS = ("cell_type", "source", "metadata", "outputs", "execution_count", "attachments")


def find_notebook(name: str | None, workspace: Path) -> Path:
    """A notebook by file name (the general one when None): the workspace's own, else the one that came with the product.

    Raises FileError when there is none.
    """
    name = name or DEFAULT
    folders = [workspace / "notebooks", PACKAGED, CHECKOUT]
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    known = [p.name for folder in folders if folder.is_dir() for p in folder.glob("*.ipynb")]
    raise FileError(Problem("notebook_missing", "找不到笔记本", Place(f"notebooks/{name}"), fix=suggest(name, known)))


def normalised(notebook: dict[str, Any]) -> bytes:
    """The executed notebook without times, random ids, paths of addresses and stderr, so that equal runs give equal bytes."""
    cells = [_cell(cell, number) for number, cell in enumerate(notebook["cells"])]
    metadata = {k: v for k, v in notebook.get("metadata", {}).items() if k in ("kernelspec", "language_info")}
    metadata.get("language_info", {}).pop("version", None)
    content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return canonical_json(content, indent=1)


def _cell(cell: dict[str, Any], number: int) -> dict[str, Any]:
    kept = {k: v for k, v in cell.items() if k in _CELL_KEYS}
    kept["id"] = f"cell-{number:03d}"
    kept["metadata"] = {"tags": tags} if (tags := cell.get("metadata", {}).get("tags")) else {}
    if "outputs" in kept:
        kept["outputs"] = [_masked(o) for o in kept["outputs"] if o.get("name") != "stderr"]
    return kept


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _ADDRESS.sub("0x…", value)
    if isinstance(value, list):
        return [_masked(v) for v in value]
    if isinstance(value, dict):
        return {k: v if k == "image/png" else _masked(v) for k, v in value.items()}
    return value
