"""Finds plugins and the folders of their data without running a line of their code."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from workbench.base.sealing import is_sealed
from workbench.plugins.specs import PROJECT

BUILTIN = "workbench.builtin"
PACKS = "packs"
PACK_FILE = "pack.yaml"
CODE_FILE = "plugin.py"
DATA = (PACK_FILE, CODE_FILE, "rulesets", "policies")
NO_VERSION = "—"


@dataclass(frozen=True, slots=True)
class PluginFolder:
    """A folder of declared data and the distribution it came with."""

    path: Path
    distribution: str
    version: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plugin that was found; none of its code has run.

    Attributes:
        name: the entry point's name, or the folder's name in a workspace.
        module: the module that holds the hooks.
        folder: where its data lies; None when the module cannot be found.
        source: the module's source file, where it has one.
        workspace: it is a workspace folder, not an installed distribution.
    """

    name: str
    distribution: str
    version: str
    module: str
    folder: Path | None
    source: Path | None
    workspace: bool = False

    @property
    def has_code(self) -> bool:
        """Whether there is anything to import."""
        return not self.workspace or self.source is not None

    @property
    def label(self) -> str:
        """Distribution and version as a message names them."""
        return self.distribution if self.workspace else f"{self.distribution} {self.version}"


def find_plugins(workspace: Path | None = None) -> list[Candidate]:
    """All plugins: the built-in one, then distributions by name, then the folders of a workspace."""
    found = list(_installed(tuple(sys.path)))
    if workspace is not None:
        taken = {c.folder.resolve() for c in found if c.folder is not None}
        found += [c for c in _in_workspace(workspace) if c.folder is None or c.folder.resolve() not in taken]
    return found


@cache
def _installed(path: tuple[str, ...]) -> tuple[Candidate, ...]:
    """Installed plugins; read once for each ``sys.path``, because the scan opens the metadata of every distribution."""
    candidates = [_from_entry_point(e) for e in importlib.metadata.entry_points(group=PROJECT)]
    return tuple(sorted(candidates, key=lambda c: (c.module != BUILTIN, c.distribution.lower(), c.name)))


def _from_entry_point(entry: importlib.metadata.EntryPoint) -> Candidate:
    distribution = entry.dist
    name, version = (distribution.name, distribution.version) if distribution is not None else (entry.name, NO_VERSION)
    spec = None if entry.attr else _spec(entry.module)
    folder, source = _places(spec)
    return Candidate(entry.name, name, version, entry.value, folder, source)


def _spec(module: str) -> ModuleSpec | None:
    """The module's spec. ``find_spec("a.b")`` would import ``a``; here each step only looks into folders."""
    top, *rest = module.split(".")
    try:
        spec = importlib.util.find_spec(top)
        name = top
        for part in rest:
            if spec is None or spec.submodule_search_locations is None:
                return None
            name = f"{name}.{part}"
            spec = PathFinder.find_spec(name, list(spec.submodule_search_locations))
    except (ImportError, ValueError):
        return None
    return spec


def _places(spec: ModuleSpec | None) -> tuple[Path | None, Path | None]:
    if spec is None:
        return None, None
    source = Path(spec.origin) if spec.origin is not None and spec.origin.endswith(".py") else None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))), source
    return (source.parent, source) if source is not None else (None, None)


def _in_workspace(workspace: Path) -> Iterator[Candidate]:
    """A workspace's ``packs/<name>/``; or the workspace itself, when it is a pack's own folder; of a sealed one nothing."""
    if is_sealed(workspace):
        return  # what came with a dossier is evidence, never a plugin
    if (workspace / PACK_FILE).is_file():
        yield _from_folder(workspace, f"工作区 {workspace.resolve().name}")
        return
    packs = workspace / PACKS
    for folder in sorted(packs.iterdir()) if packs.is_dir() else []:
        if folder.is_dir() and folder.name[0] not in "._" and any((folder / part).exists() for part in DATA):
            yield _from_folder(folder, f"工作区 {PACKS}/{folder.name}")


def _from_folder(folder: Path, distribution: str) -> Candidate:
    source = folder / CODE_FILE
    code = source if source.is_file() else None
    return Candidate(folder.resolve().name, distribution, NO_VERSION, CODE_FILE, folder, code, workspace=True)


def declared_api_version(source: Path | None) -> int | None:
    """The ``API_VERSION`` a module's source declares, read without importing it; None when it declares none."""
    if source is None:
        return None
    try:
        tree = ast.parse(source.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        names = [t.id for t in targets if isinstance(t, ast.Name)]
        value = getattr(statement, "value", None)
        if "API_VERSION" in names and isinstance(value, ast.Constant) and isinstance(value.value, int):
            return value.value
    return None
