"""Whether two installations make the same bytes: interpreter, packages, font, our code, notebooks, installed packs."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.base.canon import digest_file, digest_of
from workbench.plugins.discovery import BUILTIN, find_plugins
from workbench.runs.batch.installed import files_of, notebooks_in
from workbench.runs.notebooks import CHECKOUT, PACKAGED
from workbench.runs.versions import ENGINE_VERSION, code_digest, environment

SHOWN = 12
"""Characters of a digest that are told."""


def installation() -> dict[str, str]:
    """What a run folder's bytes depend on and no plan names, by what it is called in messages."""
    found: dict[str, Any] = environment()
    own = sorted(
        p.name
        for p in Path(PACKAGED.parent).iterdir()
        if p.name not in ("notebooks", "__pycache__") and not p.name.startswith(".")
    )
    told = {"Python": f"{found['implementation']} {found['python']}", "操作系统": found["platform"]}
    told |= found["packages"]
    told |= {"字体": f"{found['font']['name']} {found['font']['sha256'][:SHOWN]}"}
    told |= {"计分引擎": ENGINE_VERSION, "workbench 程序": code_digest(*own)[:SHOWN], "笔记本": _notebooks()}
    return told | dict(_packs()) | between()


def between() -> dict[str, str]:
    """What who talks to each other on a cluster must have alike, the scheduler included."""
    return {name: importlib.metadata.version(name) for name in ("workbench", "distributed")}


def differences(there: Mapping[str, str], here: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """What differs: name → (there, here); empty text for what is not installed."""
    names = sorted({*there, *here}, key=lambda name: (name not in here, name))
    pairs = {name: (there.get(name, ""), here.get(name, "")) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _notebooks() -> str:
    """Digest over the product's notebooks: beside the package in a checkout, inside it when installed."""
    folder = PACKAGED if PACKAGED.is_dir() else CHECKOUT
    return _digest(folder, notebooks_in(folder))


def _packs() -> Iterator[tuple[str, str]]:
    for candidate in find_plugins():
        if candidate.module != BUILTIN and candidate.folder is not None:
            version = f"{candidate.version} {_digest(candidate.folder, files_of(candidate))}"
            yield f"插件 {candidate.distribution}", version


def _digest(folder: Path, files: Iterable[Path]) -> str:
    return digest_of({p.relative_to(folder).as_posix(): digest_file(p) for p in files})[:SHOWN]
