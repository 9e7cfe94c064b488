"""One digest over everything a run depends on that no plan names: this program, installed packs with their code, notebooks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from workbench.base.canon import digest_file, digest_of
from workbench.base.sealing import SEALED, is_sealed
from workbench.plugins.discovery import DATA, Candidate, find_plugins
from workbench.runs.notebooks import CHECKOUT, PACKAGED
from workbench.runs.versions import ENGINE_VERSION, code_digest

_PASSED_OVER = ("__pycache__", "example", "tests")
"""Folders of a pack that no run reads."""
_OF_A_WORKSPACE = ("runs", "reviews", "reports", "params", "dossiers")
"""Where the pack's own folder is the workspace: what else lies in it."""


def installed_digest(workspace: Path) -> str:
    """SHA-256 over engine version, our code, every plugin (version and files) and every notebook that could be meant.

    It is asked for once in a batch. Whatever changes here, the runs are looked at anew, and what their own digests say is the
    same is not executed again.
    """
    plugins = [[c.name, c.distribution, c.version, _digests(_files_of(c, workspace))] for c in find_plugins(workspace)]
    own = [PACKAGED, CHECKOUT, workspace / "notebooks"]
    notebooks = [_digests(sorted(folder.glob("*.ipynb"))) for folder in own]
    sealed = _digests(_below(workspace / SEALED, ())) if is_sealed(workspace) else {}
    return digest_of([ENGINE_VERSION, code_digest(), plugins, notebooks, sealed])


def _digests(files: Iterator[Path] | list[Path]) -> dict[str, str]:
    return {path.as_posix(): digest_file(path) for path in files}


def _files_of(candidate: Candidate, workspace: Path) -> Iterator[Path]:
    folder, source = candidate.folder, candidate.source
    if folder is None:
        return
    if source is not None and source.name != "__init__.py" and not candidate.workspace:
        # A module without a package lies beside all others that are installed.
        yield source
        for name in DATA:
            yield from _below(folder / name, ())
        return
    yield from _below(folder, _OF_A_WORKSPACE if folder.resolve() == workspace.resolve() else ())


def _below(top: Path, left_out: tuple[str, ...]) -> Iterator[Path]:
    """The files at or below a path in a fixed order, hidden ones and compiled code left out."""
    if top.is_file():
        yield top
        return
    for here, folders, files in os.walk(top):
        passed = {*_PASSED_OVER, *(left_out if Path(here) == top else ())}
        folders[:] = sorted(f for f in folders if f not in passed and not f.startswith("."))
        yield from (Path(here) / f for f in sorted(files) if not f.startswith(".") and not f.endswith((".pyc", ".pyo")))
