"""Names that come with a dossier and become files: none may leave its folder, hide another one, or be taken for code."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from workbench.base.errors import FileError, Place, Problem
from workbench.base.filenames import name_fault

OURS = frozenset({"sealed", "notebooks", "packs", "plugin.py", "pack.yaml", "reviews", "runs"})
"""What the program itself puts, or looks for, at the top of a workspace."""
CODE = frozenset({".py", ".pyc", ".pyo", ".pyw", ".pyd", ".so", ".dll", ".dylib", ".pth", ".ipynb"})
"""Kernels start in the workspace, and Python imports what lies there."""
_SCHEME = re.compile(r"pack\.yaml|code\.json|(rulesets|policies)/[a-z0-9][a-z0-9._-]{0,99}\.yaml")


def refuse_scheme_name(name: str) -> None:
    """Raises FileError for anything that is no path of a scheme's file."""
    if not _SCHEME.fullmatch(name):
        raise _refused(name, "不是评价方案的文件")


def refuse_evidence_path(path: str) -> None:
    """Raises FileError for a path that is no plain relative one on every system, or stands where the program looks for its own."""
    parts = PurePosixPath(path).parts
    if not parts or any(map(name_fault, parts)):
        raise _refused(path, "不是工作区之内、各种系统都能用的路径")
    if parts[0].casefold() in OURS:
        raise _refused(path, "占用了程序自用的位置")
    if PurePosixPath(path).suffix.casefold() in CODE:
        raise _refused(path, "是程序文件,不予还原")


def _refused(name: str, why: str) -> FileError:
    fix = "请向提供档案的一方核实;资料文件可改名后重新运行、重新封存"
    return FileError(Problem("unsafe_name", f"文件名{why}", Place(), found=name, fix=fix))
