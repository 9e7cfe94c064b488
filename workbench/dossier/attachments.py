"""Confidential attachments of a dossier by the names people know: which file of it is meant, and where that belongs."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.base.errors import DossierError, Problem, shorten
from workbench.dossier.container import Container
from workbench.dossier.model import FileEntry
from workbench.dossier.sealing.gathering import LEDGER
from workbench.dossier.unpacking import EVIDENCE_LIST, evidence_of, is_attachment, whole
from workbench.review.ledger.attachments import files_of


def member_named(container: Container, name: str) -> FileEntry:
    """A file of the dossier by its path, or an encrypted attachment by the name that 佐证清单 or the ledger has for it.

    Raises:
        DossierError: there is none, or several attachments have this name.
    """
    if name in container.files:
        return container.entry(name)
    wanted = {sha256 for called, _, sha256 in _named(container) if called == name}
    found = [e for e in container.files.values() if is_attachment(e) and e.plain_sha256 in wanted]
    if len({e.plain_sha256 for e in found}) > 1:
        paths = "、".join(e.path for e in found)
        problem = Problem(
            "several_members", "有几个保密附件都叫这个名称", found=name, expected=paths, fix="请写其中一个路径"
        )
        raise DossierError(problem.at(file=container.path.name))
    return found[0] if found else container.entry(name)


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
