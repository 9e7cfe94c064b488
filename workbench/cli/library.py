"""What is installed, as commands need it: plugins, and the library of packs, rulesets and policies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import quoted, say

if TYPE_CHECKING:
    from workbench.plugins.manager import Plugins
    from workbench.runs.store import StoredRun
    from workbench.scheme.library import Library

PACK_PLACES = ("pack.yaml", "packs/*/pack.yaml", "src/*/pack.yaml", "src/*/packs/*/pack.yaml")
"""Where a pack lies below a folder: its own, a plugin's, or a distribution's; the first place that has any counts."""
WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", metavar="文件夹", help="工作区文件夹(默认为当前所在的工作区),其 packs/ 一并载入"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON,供程序读取")]


def at_workspace(root: Path) -> str:
    """`` --workspace FOLDER`` for a command that is printed to be typed here; nothing where ``root`` is what is found from here."""
    from workbench.runs.workspace import find_workspace, path_from_here

    root = root.resolve()
    return "" if root == find_workspace() else f" --workspace {quoted(path_from_here(root))}"


def home_of(stored: StoredRun) -> Path:
    """The workspace a run lies in, so that its ledger is found; of a run written elsewhere, the current one."""
    from workbench.runs.workspace import find_workspace

    folder = stored.folder.resolve()
    found = find_workspace(folder)
    return find_workspace() if found == folder else found


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


def warn_of_broken(*found: Plugins) -> None:
    """Name each broken plugin on standard error, once; the command goes on."""
    for text in dict.fromkeys(str(problem) for plugins in found for problem in plugins.problems):
        say(f"提示:{text}", error=True)


def note_sealed(workspace: Path | None) -> None:
    """Say on standard error that what is installed is not what runs of a sealed workspace use."""
    from workbench.base.sealing import is_sealed
    from workbench.runs.workspace import find_workspace

    if is_sealed(workspace or find_workspace()):
        what = "指标包、规则集和地区办法"
        say(f"提示:这是封存工作区,其中的运行只用 sealed/ 里封存的{what};这里用到的是本机安装的。", error=True)


def find_pack(name: str, library: Library) -> Path:
    """The ``pack.yaml`` of an installed pack, or of a folder or file given as a path.

    Raises:
        PlanError: neither an installed pack nor a path with a pack; or a plugin that holds several.
    """
    from workbench.base.errors import PlanError
    from workbench.scheme.library import several_packs

    paths = find_packs(name, library)
    if len(paths) > 1:
        raise PlanError(several_packs(name, paths))
    return paths[0]


def find_packs(name: str, library: Library) -> list[Path]:
    """The ``pack.yaml`` files that ``name`` stands for: an installed pack, all packs of a plugin, or those at a path.

    A plugin is named as its distribution is, with or without ``workbench-pack-``. Raises PlanError when there is none.
    """
    from workbench.base.errors import PlanError, Problem
    from workbench.base.text import suggest

    if name in library.packs:
        return [library.packs[name].path]
    paths = library.packs_of(name) or packs_at(Path(name))
    if not paths:
        message = "没有安装这个指标包,也没有这个路径的指标包"
        raise PlanError(Problem("not_installed", message, found=name, fix=suggest(name, library.packs)))
    return paths


def packs_at(path: Path) -> list[Path]:
    """The ``pack.yaml`` files at ``path``: the file itself, or those of a pack's or a distribution's folder."""
    if path.is_file():
        return [path] if path.suffix in (".yaml", ".yml") else []
    for pattern in PACK_PLACES:
        found = sorted(p for p in path.glob(pattern) if p.is_file())
        if found:
            return found
    return []
