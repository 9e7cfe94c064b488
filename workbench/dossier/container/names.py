"""Which names a member may have: those that mean the same file, inside the folder, on every system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.base.filenames import folded, name_fault
from workbench.dossier.model import FOLDERS

TOP = "ro-crate-metadata.json"
"""The only file outside the archive groups; RO-Crate asks for it there."""
MAX_NAME = 200
"""Bytes of a name in UTF-8: with a folder before it, it stays below what Windows opens (260 characters)."""


def member_fault(name: str) -> str | None:
    """What is wrong with a member's name, in Chinese; None when nothing is."""
    parts = name.split("/")
    if name != TOP and (len(parts) < 2 or parts[0] not in FOLDERS):
        return f"名称不在 {'、'.join(FOLDERS)} 之内"
    fault = next(filter(None, map(name_fault, parts)), None)
    return f"名称超过{MAX_NAME}字节" if fault is None and len(name.encode()) > MAX_NAME else fault


def member_faults(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names that may not stand in one container, each with what is wrong: by themselves, in their order, or beside others."""
    files: set[str] = set()
    folders: set[str] = set()
    before = ""
    for name in names:
        fault = member_fault(name)
        same = folded(name)
        above = _above(same)
        if fault is None and (same in files or same in folders or not files.isdisjoint(above)):
            fault = "名称与另一个文件或文件夹相同(不分大小写)"
        elif fault is None and name <= before:
            fault = "文件没有按名称排序"
        if fault is not None:
            yield name, fault
        files.add(same)
        folders.update(above)
        before = name


def _above(name: str) -> list[str]:
    """The folders a name lies in."""
    parts = name.split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts))]
