"""The ledger of a run that is to be sealed, and its return into a workspace that is restored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from workbench.base.canon import digest_file
from workbench.base.errors import LedgerError, Problem
from workbench.base.sealing import ENCRYPTED, withheld_digests
from workbench.review.ledger.attachments import Attachments, file_name, files_named, files_of
from workbench.review.ledger.jsonl import export_bytes, sound_export
from workbench.review.ledger.store import open_ledger
from workbench.runs.withheld import Ciphertext, Opener
from workbench.scoring.result import RunResult


@dataclass(frozen=True)
class KeptLedger:
    """The events a run was written at, as an export, and the attachments they speak of.

    Attributes:
        attachments: name in the ledger's folder → bytes.
        withheld: SHA-256 of those that are there in encrypted form alone → what stands for them.
    """

    export: bytes
    attachments: Mapping[str, Opener]
    withheld: Mapping[str, Ciphertext]


def ledger_of(workspace: Path, result: RunResult) -> KeptLedger:
    """The ledger up to the event a run was written at.

    Raises:
        NoLedger, LedgerError: there is no ledger, it has no such event, or an attachment is not there any more.
    """
    name, head = result.evaluation, result.ledger_head
    known = withheld_digests(workspace)
    with open_ledger(workspace, name) as ledger:
        rows = ledger.rows()
        end = next((n for n, row in enumerate(rows, 1) if row.hash == head), None)
        if end is None:
            fix = f"请运行 workbench ledger verify {name} 查看详情"
            raise LedgerError(Problem("head_missing", "评审台账中没有这次运行所依据的事件", found=head[:16], fix=fix))
        kept, found, withheld = rows[:end], dict[str, Opener](), dict[str, Ciphertext]()
        for title, sha256 in (named for row in kept for named in files_named(json.loads(row.record))):
            encrypted = ledger.attachments.encrypted(sha256)
            unchanged = encrypted is not None and digest_file(encrypted) == known[sha256]
            if (
                encrypted is not None and unchanged
            ):  # also where a recipient has put the opened file there: it stays confidential
                withheld[sha256] = Ciphertext(known[sha256], _file(encrypted))
                continue
            if encrypted is not None or ledger.attachments.state(sha256) != "kept":
                fix = "请把该附件放回台账旁的 attachments 文件夹"
                raise LedgerError(Problem("attachment_lost", "台账的附件缺失或已改动", found=title, fix=fix))
            found[file_name(title, sha256)] = _reader(ledger.attachments, sha256)
        return KeptLedger(export_bytes(name, kept), found, withheld)


def _file(path: Path) -> Opener:
    return lambda: path.open("rb")


def _reader(attachments: Attachments, sha256: str) -> Opener:
    """Reads an attachment when it is wanted; one that has gone meanwhile is empty, and so not what its name says."""
    return lambda: BytesIO(attachments.kept(sha256) or b"")


def fill(
    workspace: Path,
    evaluation: str,
    export: bytes,
    attachments: Mapping[str, Opener],
    withheld: Mapping[str, Ciphertext],
) -> None:
    """Put an exported ledger and its attachments into a workspace that has none.

    Raises:
        LedgerError: the ledger is not whole.
        CheckFailed: an encrypted attachment was changed.
    """
    file = workspace / "ledger.jsonl"
    file.write_bytes(export)
    try:
        rows = sound_export(file, evaluation).rows
        with open_ledger(workspace, evaluation, create=True) as ledger:
            ledger.fill(rows)
            for name, source in attachments.items():
                with source() as stream:
                    kept = ledger.keep(name, stream.read())
                if kept != Path(name).stem:
                    raise LedgerError(Problem("attachment_changed", "附件与台账所记的摘要不符", found=name))
            for sha256, name in {s: file_name(title, s) for _, title, s in files_of(export) if s in withheld}.items():
                withheld[sha256].write(ledger.attachments.folder / f"{name}{ENCRYPTED}")
    finally:
        file.unlink()
