"""One digest over everything a run depends on that no plan names: this program, installed packs with their code, notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from workbench.base.canon import digest_file, digest_of
from workbench.base.sealing import SEALED, is_sealed
from workbench.base.walking import files_below
from workbench.plugins.discovery import DATA, Candidate, find_plugins
from workbench.runs.notebooks import CHECKOUT, PACKAGED
from workbench.runs.versions import ENGINE_VERSION, code_digest

_UNREAD = ("example", "tests")
"""Folders of a pack that no run reads."""


def installed_digest(workspace: Path) -> str:
    """SHA-256 over engine version, our code, every plugin (version and files) and every notebook that could be meant.

    It is asked for once in a batch. Whatever changes here, the runs are looked at anew, and what their own digests say is the
    same is not executed again.
    """
    plugins = [[c.name, c.distribution, c.version, _digests(files_of(c, workspace))] for c in find_plugins(workspace)]
    own = [PACKAGED, CHECKOUT, workspace / "notebooks"]
    notebooks = [_digests(notebooks_in(folder)) for folder in own]
    sealed = _digests(files_below(workspace / SEALED)) if is_sealed(workspace) else {}
    return digest_of([ENGINE_VERSION, code_digest(), plugins, notebooks, sealed])


def notebooks_in(folder: Path) -> Iterator[Path]:
    """The notebooks of a folder."""
    return (path for path in files_below(folder) if path.suffix == ".ipynb")


def _digests(files: Iterable[Path]) -> dict[str, str]:
    found = {}
    for path in files:
        with suppress(OSError):  # nobody may read it: whoever needs it says so
            found[path.as_posix()] = digest_file(path)
    return found


def files_of(candidate: Candidate, workspace: Path | None = None) -> Iterator[Path]:
    """The files of a plugin that a run may read: its package, or the one module and the data beside it."""
    folder, source = candidate.folder, candidate.source
    if folder is None:
        return
    if workspace is not None and folder.resolve() == workspace.resolve():
        # What else lies in a workspace comes and goes.
        parts = [*(folder / name for name in DATA), *sorted(folder.glob("*.py"))]
    elif source is not None and source.name != "__init__.py" and not candidate.workspace:
        # A module without a package lies beside all others that are installed.
        parts = [source, *(folder / name for name in DATA)]
    else:
        parts = [folder]
    for part in parts:
        yield from files_below(part, _UNREAD)
