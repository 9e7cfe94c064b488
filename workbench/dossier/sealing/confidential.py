"""Confidential attachments (保密附件): which of evidence and ledger are sealed for the recipients only, and what stands for them.

They are named in the documents file. Everything of the same content is sealed with them, and nothing of it may stand in clear.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple

from workbench.base.canon import digest
from workbench.base.errors import CheckFailed, DocumentsError, DossierError, Place, Problem, RecipientsError
from workbench.base.text import nearest
from workbench.dossier.container import BytesSource
from workbench.dossier.model import FileEntry
from workbench.dossier.sealing.documents import Declared
from workbench.dossier.sealing.papers import Paper
from workbench.dossier.trust.confidential import seal_for
from workbench.review.ledger.attachments import files_of
from workbench.runs.sealed import Parts
from workbench.runs.withheld import Ciphertext

_TOGETHER = "请给两处都标明保密:附件写进 confidential,归档资料写 confidential: true"


class Wish(NamedTuple):
    """Where the documents file names a confidential attachment, and how."""

    place: Place
    name: str


def wishes(given: Declared, parts: Parts) -> dict[str, Wish]:
    """SHA-256 of every attachment the documents file calls confidential → where it does.

    Raises:
        DocumentsError: every name that is no attachment's, or that of a file verifying has to read.
    """
    known, tables = _attachments(parts), {f.sha256 for f in parts.evidence.tables}
    found: dict[str, Wish] = {}
    problems: list[Problem] = []
    for n, written in enumerate(given.documents.confidential):
        wish = Wish(given.place(f"confidential[{n}]"), written)
        digests = known.get(_plain(written), set())
        if not digests:
            problems.append(_no_attachment(wish, known, parts))
        elif digests & tables:
            problems.append(_table(wish))
        found |= dict.fromkeys(digests, wish)
    if problems:
        raise DocumentsError(problems)
    return found


def _attachments(parts: Parts) -> dict[str, set[str]]:
    """Every name an attachment goes by → the SHA-256 of what goes by it."""
    found: dict[str, set[str]] = {}
    listed = parts.evidence
    for file in listed.attachments:
        for name in (listed.written(file.path), file.path):
            found.setdefault(_plain(name), set()).add(file.sha256)
    for _, title, sha256 in files_of(parts.ledger or b""):
        found.setdefault(_plain(title), set()).add(sha256)
    return found


def _plain(name: str) -> str:
    """A name as it is compared, however its parts are divided and its letters composed."""
    return PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).as_posix()


def _no_attachment(wish: Wish, known: Mapping[str, set[str]], parts: Parts) -> Problem:
    listed, name = parts.evidence, _plain(wish.name)
    paths = {listed.evidence.rstrip("/"), *(f.path for f in listed.tables)}
    if name in {_plain(n) for path in paths for n in (path, listed.written(path))}:
        return _table(wish)
    near = nearest(name, known)
    how = "佐证清单的写“附件文件”一栏的内容,台账的写上传时的文件名"
    fix = f"是否想写“{near}”?{how}" if near else f"{how}{';本次没有附件' if not known else ''}"
    return Problem("no_such_attachment", "佐证清单和评审台账中没有这个附件", wish.place, wish.name, fix=fix)


def _table(wish: Wish) -> Problem:
    message = "佐证工作簿和数据表不能保密封存:核对和重跑要用它们重新计分"
    fix = "请把保密的内容放到单独的附件里,在佐证清单中写明"
    return Problem("confidential_table", message, wish.place, wish.name, fix=fix)


@dataclass
class Envelopes:
    """What confidential attachments are replaced by: each content is encrypted once, or stays as it came.

    Attributes:
        carried: those that a restored workspace had in encrypted form alone, by the SHA-256 of their content.
    """

    recipients: Sequence[str]
    wanted: Mapping[str, Wish]
    carried: Mapping[str, Ciphertext]
    _made: dict[str, BytesSource] = field(default_factory=dict, init=False, repr=False)

    def covers(self, sha256: str) -> bool:
        """Whether a content may not stand in clear."""
        return sha256 in self.wanted or sha256 in self.carried

    def around(self, sha256: str, content: Callable[[], bytes]) -> BytesSource:
        """The encrypted form of a content.

        Raises:
            CheckFailed: the content, or what came encrypted, is not what it was.
            KeyFileError: a recipient that is none.
        """
        if sha256 not in self._made:
            self._made[sha256] = BytesSource(self._encrypted(sha256, content))
        return self._made[sha256]

    def _encrypted(self, sha256: str, content: Callable[[], bytes]) -> bytes:
        if sha256 in self.carried:
            return self.carried[sha256].read()
        data = content()
        if digest(data) != sha256:
            wish, fix = self.wanted[sha256], "封存期间请不要改动文件,然后重新封存"
            raise CheckFailed(Problem("source_differs", "附件在封存期间被改动", wish.place, wish.name, fix=fix))
        return seal_for(data, self.recipients)


def refuse_mismatch(papers: Sequence[Paper], envelopes: Envelopes) -> None:
    """Nothing meant to be confidential is sealed in clear because a word was forgotten on one side.

    Raises:
        RecipientsError: something to encrypt and nobody to encrypt it for, or recipients and nothing to encrypt.
    """
    fresh = [Wish(paper.place, paper.path.name) for paper in papers if paper.confidential]
    fresh += [wish for sha256, wish in envelopes.wanted.items() if sha256 not in envelopes.carried]
    if fresh and not envelopes.recipients:
        fix = "请用 --recipient 写明谁能打开(对方的 .pub 文件)"
        raise RecipientsError(Problem("recipient_none", "有保密资料,但没有写明收件人", *fresh[0], fix=fix))
    if envelopes.recipients and not fresh:
        fix = "请在归档资料文件中给保密的资料加 confidential: true,把保密的附件写进 documents 的 confidential,或去掉 --recipient"
        if envelopes.carried:
            fix = "原档案中的保密附件没有解开,收件人仍是原来的,不能增加;请去掉 --recipient"
        raise RecipientsError(Problem("nothing_confidential", "写明了收件人,但没有一份资料标明保密", fix=fix))


def refuse_in_clear(files: Sequence[FileEntry], named: Mapping[str, str], known: Collection[str]) -> None:
    """What is sealed for the recipients only stands nowhere else for everybody to read.

    Args:
        named: path in the container → what people call the file.
        known: SHA-256 of contents that were confidential in the dossier the workspace was restored from.

    Raises:
        DossierError: every file in clear with the content of a confidential one, both named.
    """
    problems = list(_in_clear(files, named, known))
    if problems:
        raise DossierError(problems)


def _in_clear(files: Sequence[FileEntry], named: Mapping[str, str], known: Collection[str]) -> Iterator[Problem]:
    secret: dict[str | None, str] = dict.fromkeys(known, "原档案的附件")
    secret |= {f.plain_sha256: named.get(f.path, f.path) for f in files if f.withheld}
    for file in files:
        if not file.withheld and file.sha256 in secret:
            message = f"与保密的{secret[file.sha256]}内容相同,却没有加密"
            place = Place(key=named.get(file.path, file.path))
            yield Problem("confidential_in_clear", message, place, fix=_TOGETHER)
