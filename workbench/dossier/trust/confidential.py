"""Confidential attachments: sealed for named recipients with age (X25519); everybody sees their digests.

Encryption draws a fresh key each time, so the same attachment sealed twice gives different bytes: a dossier with recipients
is not repeatable byte by byte, unlike any other. ``plain_sha256`` stays the same. It also lets anybody test a guess of the
content, so what has only a few possible contents is not hidden by it.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbench.base.canon import digest
from workbench.base.errors import DossierError, KeyFileError, NotOpened, Place, Problem
from workbench.dossier.model import FileEntry
from workbench.dossier.trust.keys import SigningKey


def seal_for(data: bytes, recipients: Sequence[str]) -> bytes:
    """``data`` as an age file that each of the recipients (``age1…``) can open alone.

    Raises:
        KeyFileError: no recipient, or one that is not an age address.
    """
    import pyrage

    known, problems = [], []
    for address in dict.fromkeys(recipients):
        try:
            known.append(pyrage.x25519.Recipient.from_str(address))
        except pyrage.RecipientError:
            fix = "请从收件人的 .pub 文件中取 recipient"
            problems.append(Problem("recipient", "不是封存地址", found=address, expected="以 age1 开头", fix=fix))
    if not recipients:
        fix = "请写明至少一名收件人的 .pub 文件"
        problems.append(Problem("recipient_none", "保密封存没有写明收件人", fix=fix))
    if problems:
        raise KeyFileError(problems)
    return bytes(pyrage.encrypt(data, known))


def require_withheld(entry: FileEntry) -> None:
    """Raise NotOpened for a file of the dossier that everybody can read."""
    if not entry.withheld:
        fix = "不用密钥:用解压软件打开档案,按这个路径即可看到"
        raise NotOpened(Problem("not_withheld", "这份文件没有保密封存", Place(key=entry.path), fix=fix))


def unseal(data: bytes, key: SigningKey, entry: FileEntry) -> bytes:
    """The content of a withheld member.

    Args:
        data: the member as it stands in the container.
        entry: its line of the manifest; both digests are checked.

    Raises:
        DossierError: the member was changed, or was not sealed for this key.
    """
    import pyrage

    if digest(data) != entry.sha256:
        raise _refused("digest", "文件与清单所记的摘要不符", entry, "请向封存单位索取原档案")
    try:
        content = bytes(pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(key.identity)]))
    except pyrage.DecryptError:
        message = f"不是为该密钥封存的({key.public.holder})"
        problem = Problem("not_for_key", message, Place(key=entry.path), fix="请改用收件人的密钥")
        raise NotOpened(problem) from None
    if digest(content) != entry.plain_sha256:
        raise _refused("plain_digest", "解开的内容与清单所记的原文摘要不符", entry, "请向封存单位查问")
    return content


def _refused(code: str, message: str, entry: FileEntry, fix: str) -> DossierError:
    return DossierError(Problem(code, message, Place(key=entry.path), fix=fix))
