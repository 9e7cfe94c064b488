"""Names that come with a dossier and become files: none may leave its folder, hide another one, or be taken for code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from workbench.base.errors import FileError, Place, Problem
from workbench.base.filenames import name_fault

OURS = frozenset({"sealed", "notebooks", "packs", "plugin.py", "pack.yaml", "reviews", "runs"})
"""What the program itself puts, or looks for, at the top of a workspace."""
CODE = frozenset({".py", ".pyc", ".pyo", ".pyw", ".pyd", ".so", ".dll", ".dylib", ".pth", ".ipynb"})
"""Kernels start in the workspace, and Python imports what lies there."""
_LONGEST_PATH = 800
"""Bytes of a path in UTF-8: the folder it is unfolded into comes before it, and macOS takes 1,023 in all."""
_SCHEME = re.compile(r"pack\.yaml|code\.json|(rulesets|policies)/[a-z0-9][a-z0-9._-]{0,99}\.yaml")


def refuse_scheme_name(name: str) -> None:
    """Raises FileError for anything that is no path of a scheme's file."""
    if not _SCHEME.fullmatch(name):
        raise _refused(name, "不是评价方案的文件")


def refuse_evidence_path(path: str) -> None:
    """Raises FileError for a path that :func:`evidence_fault` finds something wrong with."""
    fault = evidence_fault(path)
    if fault is not None:
        raise _refused(path, fault)


def evidence_fault(path: str) -> str | None:
    """Why evidence may not have this path: it is no plain relative one on every system, or where the program has its own."""
    parts = PurePosixPath(path).parts
    if not parts or any(map(name_fault, parts)):
        return "不是工作区之内、各种系统都能用的路径"
    if len(path.encode()) > _LONGEST_PATH:
        return f"连同文件夹超过{_LONGEST_PATH}字节"
    if parts[0].casefold() in OURS:
        return "占用了程序自用的位置"
    return "是程序文件,不予还原" if PurePosixPath(path).suffix.casefold() in CODE else None


def same_place(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Paths that cannot lie in one folder with an earlier one: the same file once more, or a file where a folder is."""
    seen: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        above = ["/".join(PurePosixPath(path).parts[:n]) for n in range(1, len(PurePosixPath(path).parts))]
        met = seen.get(path) or folders.get(path) or next((seen[folder] for folder in above if folder in seen), None)
        if met is not None:
            yield path, met
        seen.setdefault(path, path)
        folders |= {folder: path for folder in above if folder not in folders}


def _refused(name: str, why: str) -> FileError:
    fix = "请向提供档案的一方核实;资料文件可改名后重新运行、重新封存"
    return FileError(Problem("unsafe_name", f"文件名{why}", Place(), found=name, fix=fix))
