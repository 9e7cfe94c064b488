"""One digest over everything a run depends on that no plan names: this program, installed packs with their code, notebooks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from workbench.base.canon import digest_file, digest_of
from workbench.base.sealing import SEALED, is_sealed
from workbench.base.walking import files_below
from workbench.plugins.discovery import DATA, Candidate, find_plugins
from workbench.runs.notebooks import CHECKOUT, PACKAGED
from workbench.runs.versions import ENGINE_VERSION, code_digest

_UNREAD = ("__pycache__", "example", "tests")
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
    sealed = _digests(files_below(workspace / SEALED)) if is_sealed(workspace) else {}
    return digest_of([ENGINE_VERSION, code_digest(), plugins, notebooks, sealed])


def _digests(files: Iterable[Path]) -> dict[str, str]:
    return {path.as_posix(): digest_file(path) for path in files}


def files_of(candidate: Candidate, without_at_top: Collection[str] = ()) -> Iterator[Path]:
    """The files of a plugin that a run may read: its package, or the one module and the data beside it."""
    folder, source = candidate.folder, candidate.source
    if folder is None:
        return
    if source is not None and source.name != "__init__.py" and not candidate.workspace:
        # A module without a package lies beside all others that are installed.
        yield source
        for name in DATA:
            yield from files_below(folder / name, _UNREAD)
    else:
        yield from files_below(folder, _UNREAD, without_at_top)


def _files_of(candidate: Candidate, workspace: Path) -> Iterator[Path]:
    here = candidate.folder is not None and candidate.folder.resolve() == workspace.resolve()
    return files_of(candidate, _OF_A_WORKSPACE if here else ())
