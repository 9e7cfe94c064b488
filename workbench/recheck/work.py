"""A re-check from its order to the files of its folder: what the command and the notebook both do."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workbench.base.canon import canonical_json
from workbench.base.errors import FileError, NotWritten, Place, Problem
from workbench.base.safetext import visible
from workbench.base.writing import replace_whole, writing
from workbench.plugins.manager import load_plugins
from workbench.recheck.batch import FileRead, read_all
from workbench.recheck.corrections import FILE as CORRECTIONS
from workbench.recheck.corrections import Corrections
from workbench.recheck.findings import active_rules
from workbench.recheck.inputs import (
    STATE,
    Gathered,
    absolute,
    gather,
    is_file_name,
    policy_named,
    root_of,
    ruleset_named,
)
from workbench.recheck.lists import read_approved, read_register
from workbench.recheck.mappings import answerable, ask, known_mappings
from workbench.recheck.model import Form, Question, Waiting
from workbench.recheck.recheck import Outcome, Standards, recheck
from workbench.recheck.recompute.recompute import BUILT_IN
from workbench.recheck.writing.told import Batch, RuleNote, Told, told
from workbench.reports.csvfiles import csv_bytes
from workbench.runs.outputs import as_written, write_outputs, written_names
from workbench.scheme.library import NATIONAL, Library

RECHECKS = "rechecks"
"""In the workspace: a folder for each re-check."""
ORDER = "order.json"
READ = "读取情况.csv"
READ_HEAD = ("文件", "结果", "张数", "说明")
DEFAULT_RULESET = "10号"
_PATHS = ("register", "approved", "mapping", "findings")


@dataclass(frozen=True)
class Order:
    """What is re-checked, by what, and where the results go."""

    given: tuple[Path, ...]
    out: Path
    ruleset: str = DEFAULT_RULESET
    register: Path | None = None
    approved: Path | None = None
    mapping: Path | None = None
    findings: Path | None = None
    corrections: Path | None = None
    policy: str | None = None


@dataclass(frozen=True)
class Work:
    """Everything read and re-checked, not written yet.

    Attributes:
        reads: by name of the file.
        questions: left open; ``asked``: the mapping files in which they stand, the one just written last.
        notices: what somebody should know beside what the files themselves tell.
    """

    order: Order
    gathered: Gathered
    reads: tuple[FileRead, ...]
    standards: Standards
    corrections: Corrections
    outcome: Outcome
    questions: tuple[Question, ...]
    asked: tuple[Path, ...]
    notices: tuple[Problem, ...]

    @property
    def forms(self) -> list[Form]:
        """All forms, in the order of the files."""
        return [form for read in self.reads if read.reading for form in read.reading.forms]

    @property
    def refused(self) -> list[FileRead]:
        """Files that could not or must not be read."""
        return [read for read in self.reads if read.reading is None]


def work(
    order: Order, workspace: Path | None, workers: int, show: Callable[[FileRead, int], None] = lambda read, total: None
) -> Work:
    """Read the files and re-check their forms.

    Args:
        show: told of each file as it has been read, with the number of all files.

    Raises:
        WorkbenchError: an option names what is not there or does not hold together, or the folder takes no files.
    """
    standards, notices = _standards(order, workspace)
    lists = [path for path in (order.register, order.approved) if path is not None]
    gathered = gather(order.given, lists)
    known = known_mappings(order.mapping, order.out)
    corrections = _corrections(order)
    _remember(order)
    reads = []
    for read in read_all(gathered.sources, known.mappings, order.out, workers):
        reads.append(read)
        show(read, len(gathered.sources))
    reads.sort(key=lambda read: read.name)
    questions = tuple(q for read in reads if read.reading for q in read.reading.questions)
    written = ask(questions, known, order.out)
    forms = [form for read in reads if read.reading for form in read.reading.forms]
    shapes = [form.shape for form in forms] + [question.shape for question in questions]
    unused = known.unused(shapes)
    outcome = recheck(forms, standards, corrections, _unread(reads))
    asked = (*known.files, *([written] if written else [])) if answerable(questions) else ()
    return Work(
        order=order,
        gathered=gathered,
        reads=tuple(reads),
        standards=standards,
        corrections=corrections,
        outcome=outcome,
        questions=questions,
        asked=asked,
        notices=(*notices, *unused, *gathered.closed),
    )


def _unread(reads: Sequence[FileRead]) -> list[Waiting]:
    """What was handed in and is not among the forms."""
    found: list[Waiting] = []
    for read in reads:
        found += [Waiting(read.name)] if read.reading is None else read.reading.waiting
    return found


def write(
    done: Work, *, force: bool = False, workers: int = 1, show: Callable[[str, int], None] = lambda name, total: None
) -> list[Path]:
    """Write the results into the folder of the re-check; what an earlier run wrote and this one does not is taken away.

    Args:
        show: told of each file that has been made, with the number of all files.

    Raises:
        NotWritten: files were edited since (unless ``force``), or the folder takes none.
    """
    out = done.order.out
    before = written_names(out)
    written = write_outputs(_files(done, workers, show), out, force=force)
    now = {path.relative_to(out).as_posix() for path in written}
    for name in before:
        if name not in now and as_written(out, [name]):  # a letter of last time would tell what holds no more
            with suppress(OSError):
                (out / name).unlink()
    return written


def _files(done: Work, workers: int, show: Callable[[str, int], None]) -> Iterator[tuple[str, bytes]]:
    from workbench.recheck.writing.outputs import outputs  # what draws and lays out is not needed to read forms

    paths = {source.name: source.path for source in done.gathered.sources}
    yield from outputs(_told(done), paths, workers, show)
    yield READ, csv_bytes(READ_HEAD, _read_lines(done))


def _told(done: Work) -> Batch:
    notes = {rule.code: RuleNote(rule.title, rule.source, rule.internal) for rule in done.standards.rules}
    refused = [problem for read in done.refused for problem in read.problems]
    return told(done.outcome.forms, done.outcome.loose, notes, refused, called(done.order.given))


def without_total(done: Work) -> list[tuple[str, str]]:
    """Each form without 规则复算总分, as mappings and corrections call it, and why."""
    forms = (Told(0, one) for one in done.outcome.forms if one.total is None)
    return [(told.form.key, told.lacking) for told in forms]


def state_of(read: FileRead) -> str:
    """What became of a file, in a word."""
    if read.reading is None:
        return "没有读"
    if read.reading.forms:
        return "已复核" if not answerable(read.reading.questions) else "已复核,有待回答的问题"
    return "待回答问题" if answerable(read.reading.questions) else "没有自评表"


def _read_lines(done: Work) -> list[list[str]]:
    lacking: dict[str, list[str]] = {}
    for one in done.outcome.forms:
        if one.total is None:
            lacking.setdefault(one.form.file, []).append(f"第{one.form.number}张没有复算总分:{Told(0, one).lacking}")
    lines = []
    for read in done.reads:
        *facts, said = _read_line(read)
        lines.append([visible(cell) for cell in (*facts, " ".join([said, *lacking.get(read.name, [])]).strip())])
    return lines


def _read_line(read: FileRead) -> tuple[str, str, str, str]:
    problems: Sequence[object] = read.problems
    if read.reading is not None:
        problems = [*read.reading.notices, *(question.text for question in read.reading.questions)]
    number = str(len(read.reading.forms)) if read.reading is not None else ""
    return read.name, state_of(read), number, " ".join(str(problem) for problem in problems)


# ---------------------------------------------------------------------------------------------------------------------
# what it is done by
# ---------------------------------------------------------------------------------------------------------------------


def _standards(order: Order, workspace: Path | None) -> tuple[Standards, list[Problem]]:
    plugins = load_plugins(workspace)
    library = Library.of(plugins.folders)
    policy = policy_named(order.policy, library) if order.policy is not None else None
    bands = (policy.bands if policy is not None else None) or library.policy(NATIONAL).bands
    assert bands is not None  # the national default leaves nothing open
    standards = Standards(
        ruleset=ruleset_named(order.ruleset, library),
        kinds={**BUILT_IN, **plugins.kinds},
        bands=bands.items,
        rules=active_rules(order.findings, plugins.recheck_rules.values()),
        register=read_register(order.register) if order.register is not None else None,
        approved=read_approved(order.approved) if order.approved is not None else None,
        local_bands=tuple(bands.items) if policy is not None and policy.bands is not None else (),
    )
    told = list(plugins.problems)
    if policy is not None and policy.bands is None:
        text, fix = "这个办法没有规定分数线,等级按国家办法的分数线", "财预〔2020〕10号 第十八条:90、80、60分"
        told.append(Problem("no_bands", text, found=policy.title, fix=fix, severity="info"))
    return standards, told


def _corrections(order: Order) -> Corrections:
    """Those of the file named, which is remembered; else those of an earlier run. Raises FileError, NotWritten."""
    own = order.out / CORRECTIONS
    if order.corrections is None:
        return Corrections.load(own) if own.is_file() else Corrections()
    corrections = Corrections.load(order.corrections)
    if own.is_file() and own.resolve() != order.corrections.resolve() and Corrections.load(own) != corrections:
        text = "这次复核的文件夹里已有另一份复核更正,没有用所给的文件替换它"
        fix = f"请把两份合并到 {own.as_posix()} 后不带 --corrections 重新运行,或用 --out 另选文件夹"
        raise NotWritten(Problem("corrections_differ", text, Place(order.corrections.as_posix()), fix=fix))
    if not own.is_file():
        corrections.save(own)
    return corrections


# ---------------------------------------------------------------------------------------------------------------------
# remembering the order
# ---------------------------------------------------------------------------------------------------------------------


def called(given: Sequence[Path]) -> str:
    """What a batch is called: its folder's name, of a single file its own; empty for a root."""
    first = absolute(given[0])
    return first.name if first.is_dir() else first.stem if len(given) == 1 else first.parent.name


def settled_out(given: Sequence[Path], workspace: Path, out: Path | None = None, *, force: bool = False) -> Path:
    """The folder of a re-check: ``out``, or else ``rechecks/<name of the folder>``.

    Raises:
        NotWritten: something else was re-checked there (unless ``force``).
    """
    out = out or workspace / RECHECKS / (called(given) or "根目录")
    before = remembered(out)
    if before is not None and not force and not _goes_on(before.given, given):
        text, found = "这里已有另一处文件的复核结果", "、".join("/".join(path.parts[-2:]) for path in before.given)
        fix = "请用 --out 另选文件夹;确实要用这次的结果替换的,加 --force"
        raise NotWritten(Problem("out_taken", text, Place(out.as_posix()), found=found, fix=fix))
    return out


def _goes_on(before: Sequence[Path], given: Sequence[Path]) -> bool:
    """Whether these are the same files, or more beside them, all called what they were called."""
    more = {absolute(path) for path in before} <= {absolute(path) for path in given}
    return more and root_of(before) == root_of(given)


def remembered(out: Path) -> Order | None:
    """The order a folder's results were made by; None for a folder without any."""
    try:
        told = json.loads((out / STATE / ORDER).read_text(encoding="utf-8"))
        paths = {name: _back(told[name], out) for name in _PATHS if told[name] is not None}
        given = tuple(_back(path, out) for path in told["given"])
        return Order(given, out, told["ruleset"], policy=told.get("policy"), **paths)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def opened(out: Path) -> Order:
    """As :func:`remembered`. Raises FileError for a folder without an order."""
    order = remembered(out)
    if order is None:
        fix = "请先运行 workbench recheck,再打开它写出的文件夹"
        raise FileError(Problem("no_recheck", "这里没有复核结果", Place(out.as_posix()), fix=fix))
    return order


def _remember(order: Order) -> None:
    told = {name: _from(getattr(order, name), order.out) for name in _PATHS}
    given = [_from(path, order.out) for path in order.given]
    content = {"given": given, "ruleset": _whole(order.ruleset), "policy": _whole(order.policy), **told}
    with writing(order.out, "请用 --out 另选文件夹"):
        (order.out / STATE).mkdir(parents=True, exist_ok=True)
        replace_whole(order.out / STATE / ORDER, canonical_json(content, indent=2))


def _whole(name: str | None) -> str | None:
    """A ruleset or policy by its name, or by a path that holds from everywhere."""
    return absolute(Path(name)).as_posix() if name is not None and is_file_name(name) else name


def _from(path: Path | None, out: Path) -> str | None:
    """A path as it is from the folder of the re-check, so that both may be moved together; absolute on another drive."""
    if path is None:
        return None
    try:
        return Path(os.path.relpath(absolute(path), absolute(out))).as_posix()
    except ValueError:
        return absolute(path).as_posix()


def _back(path: str, out: Path) -> Path:
    return Path(os.path.normpath(absolute(out) / path))
