"""Whether a ledger can be believed, and what that does and does not prove.

A hash chain shows that nothing inside it was altered, dropped, swapped or put in. It cannot show that its end was cut off, or that
somebody computed it anew from the start: for that it is compared with what earlier runs wrote down (``ledger_head``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.base.errors import Problem
from workbench.base.sealing import FOR_RECIPIENTS
from workbench.review.ledger.attachments import Attachments, files_named
from workbench.review.ledger.jsonl import read_export
from workbench.review.ledger.port import Head
from workbench.review.ledger.records import START, Checked, Stored, examined
from workbench.review.ledger.store import SqlLedger


@dataclass(frozen=True)
class RunHead:
    """What a run folder says about the ledger: the run's name and the hash of the last event it knew ("" before review)."""

    run: str
    ledger_head: str


@dataclass(frozen=True)
class Verification:
    """The answer. ``covered`` is the last event some run stands for; ``attachments`` is None when they could not be looked at.

    ``withheld``: how many of them are confidential and there in encrypted form alone.
    """

    ledger: str
    head: Head
    problems: tuple[Problem, ...]
    runs: int
    covered: int
    attachments: int | None
    withheld: int = 0

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def verdict(self) -> list[str]:
        """What is proven and what is not, in sentences for the lead evaluator."""
        head = f"末尾是第{self.head.seq}条,哈希 {self.head.hash}" if self.head.seq else "台账中还没有事件"
        if not self.passed:
            return [f"台账“{self.ledger}”核对未通过,共{len(self.problems)}处问题。{head}。"]
        return [
            f"台账“{self.ledger}”核对通过:共{self.head.seq}条事件,内容与哈希相符,序号连续,前后相接。{head}。",
            *self._about_attachments(),
            self._about_the_end(),
        ]

    def _about_attachments(self) -> list[str]:
        if self.attachments is None:
            return ["附件没有核对:导出文件不含附件。"]
        opened = self.attachments - self.withheld
        said = [f"所附文件{opened}份,均在且未被改动。"] if opened else []
        if self.withheld:
            said.append(f"另有{FOR_RECIPIENTS},{self.withheld}份:密文未被改动,内容没有核对。")
        return said

    def _about_the_end(self) -> str:
        cannot = "仅凭台账本身,看不出末尾是否被删去,也看不出是否被整体重写"
        if not self.runs:
            return f"没有可对照的评审运行结果:{cannot}。请另存上面的末尾哈希,供日后核对。"
        proven = f"已与{self.runs}次运行结果对照:至第{self.covered}条为止未被删去或重写。"
        if self.covered == self.head.seq:
            return proven
        return f"{proven}第{self.covered + 1}条以后尚无运行结果可对照:{cannot}。"


def verify(source: SqlLedger | Path, runs: Iterable[RunHead] = ()) -> Verification:
    """Check every event of a ledger, or of an exported file, and compare it with runs of the evaluation, oldest first.

    Raises:
        LedgerError: the database or the file cannot be read at all.
    """
    if isinstance(source, Path):
        export = read_export(source)
        return _judged(export.ledger, source.as_posix(), export.rows, export.problems, runs, None)
    return _judged(source.name, source.where, source.rows(), source.flaws(), runs, source.attachments)


def _judged(
    name: str,
    where: str,
    rows: Sequence[Stored],
    before: Sequence[Problem],
    runs: Iterable[RunHead],
    attachments: Attachments | None,
) -> Verification:
    checked = list(examined(rows, name, Head(0, "")))
    problems = [*before, *(p.at(file=where) for c in checked for p in c.problems)]
    files = {digest: (c.seq, file) for c in checked for file, digest in files_named(c.content)}
    if attachments is not None:
        problems += _attachment_problems(files, attachments)
    known = [run for run in runs if run.ledger_head]
    numbers = _numbers(checked)
    problems += _run_problems(known, numbers)
    last = rows[-1] if rows else START
    covered = max((numbers.get(run.ledger_head, 0) for run in known), default=0)
    looked = None if attachments is None else len(files)
    withheld = sum(attachments.state(digest) == "withheld" for digest in files) if attachments is not None else 0
    return Verification(name, Head(last.seq, last.hash), tuple(problems), len(known), covered, looked, withheld)


def _numbers(checked: Sequence[Checked]) -> dict[Any, int]:
    """Hash → number of each event whose content bears it out; a hash merely written there proves nothing."""
    return {c.content.get("hash"): c.seq for c in checked if c.content and not c.problems}


def _attachment_problems(files: Mapping[str, tuple[int, str]], attachments: Attachments) -> list[Problem]:
    words = {"missing": "附件不在台账旁的 attachments 文件夹中", "changed": "附件的内容被改动"}
    found = []
    for digest, (seq, name) in files.items():
        state = attachments.state(digest)
        if state in words:
            fix = f"请从备份或原提交人处取回(SHA-256 {digest})"
            problem = Problem(f"attachment_{state}", words[state], found=name, fix=fix)
            found.append(problem.at(file=attachments.folder.name, key=f"第{seq}条事件"))
    return found


def _run_problems(runs: Sequence[RunHead], numbers: Mapping[Any, int]) -> list[Problem]:
    """Runs whose last known event is not in the chain. The newest one tells most plainly that the end was cut off."""
    found = []
    for run in runs:
        if run.ledger_head not in numbers:
            newest = "最近一次" if run is runs[-1] else ""
            message = f"{newest}运行所记的台账末尾不在台账中:末尾被删去,或台账被改写、被替换"
            fix = "请用备份或导出的 .jsonl 文件核对;所缺事件对应的得分不能采用"
            found.append(Problem("head_missing", message, found=run.ledger_head, fix=fix).at(file=f"runs/{run.run}"))
    return found
