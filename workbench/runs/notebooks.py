"""Notebooks: where they are found, and the normal form in which an executed one is kept."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.base.canon import canonical_json
from workbench.base.errors import FileError, NotebookError, Place, Problem
from workbench.base.text import suggest

PACKAGED = Path(__file__).resolve().parent.parent / "notebooks"
"""Notebooks inside an installed wheel."""
CHECKOUT = Path(__file__).resolve().parents[2] / "notebooks"
"""Notebooks of a source checkout."""
DEFAULT = "evaluation.ipynb"
"""For packs that name no notebook of their own."""
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
_CELL_KEYS = ("cell_type", "source", "metadata", "outputs", "execution_count", "attachments")


def find_notebook(name: str | None, workspace: Path, pack: Path | None = None) -> Path:
    """A notebook by file name (the general one when None): the workspace's own, the pack's, or the product's.

    ``pack`` is the folder of the pack's ``pack.yaml``, which may have ``notebooks/`` of its own. Raises FileError when
    there is none.
    """
    name = name or DEFAULT
    if name != Path(name).name or "\\" in name:  # code from anywhere else must not run for a line in a plan
        fix = "请把笔记本放到工作区的 notebooks 文件夹,计划中只写文件名"
        raise FileError(Problem("path_outside", "笔记本只能写文件名,不能写路径", found=name, fix=fix))
    own = [pack / "notebooks"] if pack is not None else []
    folders = [workspace / "notebooks", *own, PACKAGED, CHECKOUT]
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    known = {p.name for folder in folders if folder.is_dir() for p in folder.glob("*.ipynb")}
    raise FileError(Problem("notebook_missing", "找不到笔记本", Place(f"notebooks/{name}"), fix=suggest(name, known)))


def read_notebook(path: Path) -> Any:
    """A notebook as nbformat has it, brought to version 4. Raises NotebookError when it is none."""
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about ids that old notebooks lack; they are given some
            notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has none
            nbformat.validate(notebook)
    except Exception as error:  # the reader lets through whatever its parts raise
        fix = "请在 JupyterLab 中打开并另存,或用 workbench new 重新取得一份"
        problem = Problem("notebook_damaged", "笔记本文件已损坏或不是笔记本", Place(f"notebooks/{path.name}"), fix=fix)
        raise NotebookError(problem) from error
    return notebook


def code_cell_number(cells: Sequence[Any], index: int) -> int:
    """Which code cell of the notebook is cell ``index`` of the executed one, into which papermill put the parameters."""
    tags = [cell.get("metadata", {}).get("tags", []) for cell in cells]
    replaced = any("injected-parameters" in t for t in tags)
    parameters = next((i for i, t in enumerate(tags) if "parameters" in t), -1)
    own = index if replaced or index <= parameters else index - 1
    return sum(cell["cell_type"] == "code" for cell in cells[: own + 1])


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
