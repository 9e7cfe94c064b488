"""What is installed, as commands need it: plugins, and the library of packs, rulesets and policies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import say

if TYPE_CHECKING:
    from workbench.plugins.manager import Plugins
    from workbench.scheme.library import Library

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", metavar="文件夹", help="工作区文件夹(默认为当前所在的工作区),其 packs/ 一并载入"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON,供程序读取")]


def installed(workspace: Path | None, *, code: bool = True) -> tuple[Plugins, Library]:
    """Plugins and the library of their data.

    Args:
        workspace: the workspace folder; found from the current folder when None.
        code: False when only data is wanted; no plugin is imported then.
    """
    from workbench.plugins.manager import load_plugins
    from workbench.runs.workspace import find_workspace
    from workbench.scheme.library import Library

    plugins = load_plugins(workspace or find_workspace(), code=code)
    return plugins, Library.of(plugins.folders)


def warn_of_broken(plugins: Plugins) -> None:
    """Name each broken plugin on standard error; the command goes on."""
    for problem in plugins.problems:
        say(f"提示:{problem}", error=True)


def find_pack(name: str, library: Library) -> Path:
    """The ``pack.yaml`` of an installed pack, or of a folder or file given as a path.

    Raises:
        PlanError: neither an installed pack nor a path with a pack.
    """
    from workbench.base.errors import PlanError, Problem
    from workbench.base.text import suggest

    if name in library.packs:
        return library.packs[name].path
    path = pack_at(Path(name))
    if path is None:
        message = "没有安装这个指标包,也没有这个路径的指标包"
        raise PlanError(Problem("not_installed", message, found=name, fix=suggest(name, library.packs)))
    return path


def pack_at(path: Path) -> Path | None:
    """The ``pack.yaml`` that ``path`` names: the file, its folder, or a distribution's folder with ``src/``."""
    if path.is_file():
        return path if path.suffix in (".yaml", ".yml") else None
    found = [path / "pack.yaml", *sorted(path.glob("src/*/pack.yaml"))] if path.is_dir() else []
    return next((p for p in found if p.is_file()), None)
