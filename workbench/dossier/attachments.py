"""Confidential attachments of a dossier by the names people know: which file of it is meant, and where that belongs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from workbench.base.errors import NotOpened, Problem, shorten
from workbench.base.sealing import ENCRYPTED
from workbench.base.text import nearest
from workbench.dossier.container import Container
from workbench.dossier.model import FileEntry
from workbench.dossier.sealing.gathering import LEDGER
from workbench.dossier.unpacking import EVIDENCE_LIST, evidence_of, is_attachment, whole
from workbench.review.ledger.attachments import files_of

_LISTED = 12


def member_named(container: Container, name: str) -> FileEntry:
    """A file of the dossier by its path, an attachment by the name that 佐证清单 or the ledger has for it, or a paper by its file
    name (with or without the folders it lay in). What is sealed for recipients comes before what everybody can read.

    Raises:
        NotOpened: there is none, or several have this name.
    """
    if name in container.files:
        return container.entry(name)
    named = list(_members(container))
    found = {e.path: e for called, e in named if called == name}
    found = found or {e.path: e for called, e in named if called == PurePosixPath(name).name and is_paper(e)}
    hidden = [e for e in found.values() if e.withheld]
    chosen = hidden or list(found.values())
    if not chosen:
        raise NotOpened(_unknown(container, name, named))
    if len({e.plain_sha256 or e.sha256 for e in chosen}) > 1:
        paths = "、".join(e.path for e in chosen)
        problem = Problem(
            "several_members", "有几份文件都叫这个名称", found=name, expected=paths, fix="请写其中一个路径"
        )
        raise NotOpened(problem.at(file=container.path.name))
    return chosen[0]


def _unknown(container: Container, name: str, named: Sequence[tuple[str, FileEntry]]) -> Problem:
    """No such file; those that are sealed for recipients are named first."""
    sealed = list(dict.fromkeys(called for called, e in named if e.withheld))
    paths = [e.path for e in container.files.values() if e.withheld]
    near = nearest(name, [*sealed, *paths]) or nearest(name, container.files)
    listed = (sealed or paths)[:_LISTED]
    fix = (
        f"是否想写“{near}”?" if near else f"保密封存的有:{'、'.join(listed)}" if listed else "档案里没有保密封存的文件"
    )
    return Problem("no_such_member", "档案里没有这个文件", found=name, fix=fix).at(file=container.path.name)


def is_paper(entry: FileEntry) -> bool:
    """Whether a file is a paper that was handed in (归档资料)."""
    return PurePosixPath(entry.path).parts[1:2] == ("documents",)


def _members(container: Container) -> Iterator[tuple[str, FileEntry]]:
    """Every attachment and paper with each name it is known by."""
    contents: dict[str, list[FileEntry]] = {}
    for entry in container.files.values():
        contents.setdefault(entry.plain_sha256 or entry.sha256, []).append(entry)
        if is_paper(entry):
            yield PurePosixPath(entry.path).name.removesuffix(ENCRYPTED if entry.withheld else ""), entry
    for called, _, sha256 in _named(container):
        yield from ((called, e) for e in contents.get(sha256, []) if not is_paper(e))


def uses_of(container: Container, entry: FileEntry) -> list[str]:
    """Where evidence and ledger speak of an encrypted attachment, in words; nothing for papers. Raises DossierError."""
    if not is_attachment(entry):
        return []
    told = (where for called, where, sha256 in _named(container) if sha256 == entry.plain_sha256)
    return list(dict.fromkeys(told))


def _named(container: Container) -> Iterator[tuple[str, str, str]]:
    """Name, place in words and SHA-256 of everything that evidence and ledger name."""
    if EVIDENCE_LIST in container.files:
        listed = evidence_of(container)
        for file in listed.files:
            written = listed.written(file.path)
            yield written, f"佐证清单的附件文件“{shorten(written)}”", file.sha256
    if LEDGER in container.files:
        for number, title, sha256 in files_of(whole(container, LEDGER)):
            yield title, f"评审台账第{number}条事件的附件“{shorten(title)}”", sha256
