"""Workspace (工作区): the folder with ``params/`` and ``notebooks/``, or with ``packs/`` of its own; a plan's paths start there."""

from __future__ import annotations

import os
from pathlib import Path

from workbench.base.errors import FileError, Place, Problem
from workbench.base.sealing import is_sealed
from workbench.base.text import suggest

VARIABLE = "WORKBENCH_WORKSPACE"
MARKS = ("params", "notebooks")


def find_workspace(start: Path | None = None) -> Path:
    """The nearest folder at or above ``start`` (default: here) that has ``params/`` and ``notebooks/``, or packs, or was restored; else ``start``.

    Below a pack's own folder that is the pack's folder: its example and its notebook run where they lie. The environment
    variable WORKBENCH_WORKSPACE names it outright.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).resolve()
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        below_pack = folder != here and (folder / "pack.yaml").is_file()
        marked = all((folder / mark).is_dir() for mark in MARKS)
        if marked or is_sealed(folder) or own_packs(folder) or below_pack:
            return folder
    return here


def path_from_here(path: Path) -> str:
    """A path as commands take it: from the current folder on, also out of a folder within the workspace."""
    here, root = Path.cwd(), find_workspace()
    if path.is_absolute() and here.is_relative_to(root) and path.is_relative_to(root):
        return Path(os.path.relpath(path, here)).as_posix()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def own_packs(folder: Path) -> bool:
    """Whether a folder has indicator packs of its own."""
    return any((folder / "packs").glob("*/pack.yaml"))


def inside(workspace: Path, relative: str, what: str) -> Path:
    """A plan's path as a real one. Raises FileError when it leaves the workspace or does not exist."""
    try:
        path = (workspace / relative).resolve()
        there = path.exists()
    except (OSError, ValueError, RuntimeError) as error:  # too long, a NUL, symbolic links in a circle
        fix = "请检查计划中的路径"
        raise FileError(Problem("path_invalid", f"{what}的路径无法使用", found=relative, fix=fix)) from error
    if not relative.strip():
        raise FileError(Problem("path_invalid", f"没有写明{what}的路径", fix="请在计划中填写,以工作区为起点"))
    if Path(relative).is_absolute():  # the same plan would be another run in another folder
        fix = "请改为以工作区为起点的相对路径,如 params/evidence/基础数据.xlsx"
        raise FileError(Problem("path_absolute", f"{what}不能用绝对路径", found=relative, fix=fix))
    if not path.is_relative_to(workspace.resolve()):
        fix = "计划中的路径以工作区为起点,不能指向工作区之外"
        raise FileError(Problem("path_outside", f"{what}的路径超出工作区", found=relative, fix=fix))
    if not there:
        near = suggest(path.name, [p.name for p in path.parent.iterdir()]) if path.parent.is_dir() else None
        raise FileError(Problem("file_missing", f"找不到{what}", Place(relative), found=relative, fix=near))
    return path
