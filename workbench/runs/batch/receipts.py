"""Receipts (回执): what became of each plan and from what, one line of JSON appended as soon as it is over.

A start that is killed loses at most the line it was writing. A line that cannot be read is no receipt: its plan is run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from workbench.base.canon import canonical_json
from workbench.base.errors import Place, Problem
from workbench.base.writing import replace_whole, writing
from workbench.runs.batch.task import Outcome, Verdict

RECEIPTS = "receipts.jsonl"
TASKS = "tasks.json"
"""Names of the tasks of the last start: receipts of a plan that is gone, or was not asked for again, stay."""
_VERSION = 1
_WASTE = 2
"""Lines for each plan from which on the file is written anew."""
_FIX = "请检查文件夹和权限,或用 --out 另选文件夹"


@dataclass(frozen=True)
class Receipt:
    """What became of a plan, and what it was made from.

    Attributes:
        asked: digest of the plan as written, of what was asked for beside it, and of what is installed.
        manifest: SHA-256 of the run folder's manifest; empty without a folder.
        stamp: digest over names, sizes and times of the run folder's files, see :mod:`workbench.runs.batch.unchanged`.
    """

    asked: str
    outcome: Outcome
    manifest: str = ""
    stamp: str = ""

    def line(self) -> bytes:
        """As it is written."""
        outcome = asdict(self.outcome)
        outcome["problems"] = [problem.as_dict() for problem in self.outcome.problems]
        content = {"v": _VERSION, "asked": self.asked, "manifest": self.manifest, "stamp": self.stamp}
        return (json.dumps(content | {"outcome": outcome}, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


class Receipts:
    """The receipts of a batch: those of earlier starts, by task, and a file to which new ones are appended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: IO[bytes] | None = None
        with writing(path, _FIX):  # who may not read it may not write it
            lines = path.read_bytes().split(b"\n") if path.is_file() else []
        read = [receipt for line in lines if (receipt := _read(line)) is not None]
        self.known = {receipt.outcome.task: receipt for receipt in read}
        self._alike = {receipt.asked: receipt for receipt in read}
        self._torn = bool(lines) and lines[-1] != b""
        self._waste = len(lines) > _WASTE * len(self.known) + 1

    def __enter__(self) -> Receipts:
        """Raises NotWritten when the folder takes no file."""
        with writing(self._path, _FIX):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._waste:
                replace_whole(self._path, b"".join(receipt.line() for receipt in self.known.values()))
            self._stream = self._path.open("ab")
            if self._torn and not self._waste:
                self._stream.write(b"\n")
        return self

    def __exit__(self, *error: object) -> None:
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()

    def begin(self, tasks: Sequence[str]) -> None:
        """Write down which tasks this start is about. Raises NotWritten."""
        with writing(self._path, _FIX):
            replace_whole(self._path.with_name(TASKS), canonical_json(tasks))

    def of_last_start(self) -> list[Receipt]:
        """Receipts of the tasks that the last start was about; of all, where it is not known."""
        try:
            names = json.loads(self._path.with_name(TASKS).read_text(encoding="utf-8"))
            return [self.known[name] for name in names if name in self.known]
        except (OSError, ValueError, TypeError):
            return list(self.known.values())

    def find(self, task: str, asked: str) -> Receipt | None:
        """The receipt of a task; of one that asked for the same under another name (a row that moved) if it has none."""
        own = self.known.get(task)
        alike = self._alike.get(asked)
        if alike is None or (own is not None and own.asked == asked):
            return own
        return replace(alike, outcome=replace(alike.outcome, task=task))

    def add(self, receipt: Receipt) -> None:
        """Append one; it is in the file when this returns. Raises NotWritten."""
        assert self._stream is not None  # within the block
        with writing(self._path, _FIX):
            self._stream.write(receipt.line())
            self._stream.flush()
        self.known[receipt.outcome.task] = receipt


def _read(line: bytes) -> Receipt | None:
    """A receipt; None for what is none, was torn, or was written by another version."""
    try:
        content = json.loads(line)
        if content["v"] != _VERSION:
            return None
        digests = (content["asked"], content["manifest"], content["stamp"])
        if not all(isinstance(text, str) for text in digests):
            return None
        return Receipt(digests[0], _outcome(content["outcome"]), *digests[1:])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _outcome(content: Mapping[str, Any]) -> Outcome:
    verdicts = tuple(Verdict(**verdict) for verdict in content["verdicts"])
    inputs = tuple((str(name), str(digest)) for name, digest in content["inputs"])
    problems = tuple(_problem(problem) for problem in content["problems"])
    outcome = Outcome(**{**content, "verdicts": verdicts, "inputs": inputs, "problems": problems})
    if not isinstance(outcome.task, str) or outcome.state not in ("run", "kept", "failed"):
        raise ValueError("not an outcome")
    return outcome if outcome.failed else replace(outcome, state="kept")


def _problem(content: Mapping[str, Any]) -> Problem:
    return Problem(**{**content, "place": Place(**content["place"])})
