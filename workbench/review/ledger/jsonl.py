"""The ledger as a text file: a header, then one canonical JSON line per event. For keeping, moving and reading elsewhere."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from workbench.base.canon import canonical_json
from workbench.base.errors import LedgerError, Place, Problem
from workbench.base.text import reason
from workbench.base.writing import unwritable
from workbench.review.ledger.attachments import files_named
from workbench.review.ledger.port import Head
from workbench.review.ledger.records import START, Stored, examined, row_of
from workbench.review.ledger.store import SqlLedger

FORMAT = "workbench-ledger"
VERSION = 1
_AGAIN = "请取得完整、未经编辑的导出文件"


@dataclass(frozen=True)
class Export:
    """An exported file as read; ``problems`` are those of the file, the chain is judged by ``records.examined``."""

    ledger: str
    rows: list[Stored]
    problems: list[Problem]


def write_export(ledger: SqlLedger, path: Path) -> Head:
    """Write the whole ledger to a new file and give its head.

    Raises:
        LedgerError: the ledger does not hang together, the file exists, or it cannot be written.
    """
    rows = ledger.rows()
    problems = [p.at(file=ledger.where) for c in examined(rows, ledger.name, Head(0, "")) for p in c.problems]
    if problems:
        raise LedgerError(problems)
    head, data = _head(rows), export_bytes(ledger.name, rows)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        fix = "请换一个文件名或文件夹;已有的文件不会被覆盖"
        raise LedgerError(unwritable(error, path, fix, "导出文件")) from None
    return head


def export_bytes(ledger: str, rows: list[Stored]) -> bytes:
    """The file that holds these rows, which have to begin with the first one."""
    return b"".join([_header(ledger, _head(rows)), *(f"{row.record}\n".encode() for row in rows)])


def _head(rows: list[Stored]) -> Head:
    last = rows[-1] if rows else START
    return Head(last.seq, last.hash)


def _header(ledger: str, head: Head) -> bytes:
    content = {"format": FORMAT, "version": VERSION, "ledger": ledger, "events": head.seq, "head": head.hash}
    return canonical_json(content)


def read_export(path: Path) -> Export:
    """Read an exported file. Raises LedgerError when it cannot be read or does not begin as one."""
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"导出文件读不出来({reason(error)})"
        raise LedgerError(Problem("file_missing", message, Place(path.as_posix()), fix="请检查路径")) from None
    first, *lines = data.split(b"\n")
    ledger = _ledger_of(first, path)
    problems, rows = [], []
    if lines[-1:] == [b""]:
        lines.pop()
    else:
        problems.append(Problem("export_cut", "文件最后一行不完整", fix=_AGAIN).at(line=len(lines) + 1))
    for number, line in enumerate(lines, 2):
        row = row_of(line.decode(errors="replace"))
        if row is None:
            problems.append(Problem("event_malformed", "这一行不是台账事件,或已被改动", fix=_AGAIN).at(line=number))
        else:
            rows.append(row)
    if _header(ledger, _head(rows)) != first + b"\n":
        message = "首行所记的条数和末尾哈希与内容不符:文件被改动或不完整"
        problems.append(Problem("export_cut", message, fix=_AGAIN).at(line=1))
    return Export(ledger, rows, [p.at(file=path.as_posix()) for p in problems])


def _ledger_of(first: bytes, path: Path) -> str:
    """The evaluation the header names."""
    try:
        header = json.loads(first)
        version = header["version"] if header["format"] == FORMAT else None
        ledger = str(header["ledger"])
    except (ValueError, KeyError, TypeError, RecursionError):
        version, ledger = None, ""
    place = Place(path.as_posix(), line=1)
    if type(version) is not int:
        fix = "请选择 workbench ledger export 导出的 .jsonl 文件"
        raise LedgerError(Problem("not_an_export", "这不是导出的评审台账,或首行已被改动", place, fix=fix))
    if version > VERSION:
        raise LedgerError(
            Problem("newer_export", "由更新版本的程序导出", place, found=str(version), fix="请升级 workbench")
        )
    return ledger


def sound_export(path: Path, evaluation: str) -> Export:
    """An exported file that holds the whole, unbroken ledger of an evaluation. Raises LedgerError naming everything else."""
    export = read_export(path)
    checked = examined(export.rows, export.ledger, Head(0, ""))
    problems = [*export.problems, *(p.at(file=path.as_posix()) for c in checked for p in c.problems)]
    if export.ledger != evaluation:
        fix = f"请用 workbench ledger import {export.ledger} 导入"
        message = "导出文件属于另一项评价"
        problems.append(
            Problem(
                "other_ledger",
                message,
                Place(path.as_posix()),
                found=export.ledger,
                expected=f"“{evaluation}”",
                fix=fix,
            )
        )
    if problems:
        raise LedgerError(problems)
    return export


def attachments_lacking(export: Export, ledger: SqlLedger) -> list[str]:
    """Names of attachments the events speak of that do not lie beside the ledger: they are copied by hand."""
    named = {digest: name for row in export.rows for name, digest in files_named(json.loads(row.record))}
    there = ("kept", "withheld")
    return sorted(name for digest, name in named.items() if ledger.attachments.state(digest) not in there)
