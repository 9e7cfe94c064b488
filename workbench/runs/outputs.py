"""A folder of outputs that are made again and again: what is still as it was written is replaced, what somebody edited is not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from workbench.base.canon import canonical_json, digest
from workbench.base.errors import NotWritten, Place, Problem
from workbench.base.writing import writing

WRITTEN = "files.json"
"""File name, with ``/`` for what stands in a folder of its own → SHA-256 of what was written last."""


def write_outputs(files: Iterable[tuple[str, bytes]], folder: Path, *, force: bool = False) -> list[Path]:
    """Write files into a folder, and beside them what they were written as.

    Raises:
        NotWritten: files were edited since (unless ``force``), none of the others is written then; or the folder takes none.
    """
    wanted = dict(files)
    before = _written(folder)
    edited = [name for name in wanted if not force and _edited(folder / name, wanted[name], before.get(name))]
    if edited:
        fix = "请用 --out 另选文件夹以保留改动,或用 --force 覆盖"
        message = "文件写出后有人改过,没有覆盖"
        raise NotWritten(
            Problem("output_edited", message, Place((folder / name).as_posix()), fix=fix) for name in edited
        )
    record = before | {name: digest(data) for name, data in wanted.items()}
    with writing(folder, "请关闭已打开的文件,或用 --out 另选文件夹"):
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in wanted.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(data)
        (folder / WRITTEN).write_bytes(canonical_json(record, indent=2))
    return [folder / name for name in wanted]


def _edited(path: Path, data: bytes, written: str | None) -> bool:
    if not path.is_file():
        return False
    here = path.read_bytes()
    return here != data and digest(here) != written


def _written(folder: Path) -> dict[str, str]:
    """What was written last; nothing where that is not known any more."""
    try:
        content = json.loads((folder / WRITTEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
