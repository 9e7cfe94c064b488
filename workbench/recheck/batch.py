"""Reading many files: in several processes, each file kept as it was read, so that a second start goes on where one stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from pydantic import TypeAdapter

from workbench.base.canon import digest_file, digest_of
from workbench.base.errors import Place, Problem, WorkbenchError
from workbench.base.writing import replace_whole, writing
from workbench.recheck.forms import Mappings, read_forms
from workbench.recheck.inputs import STATE, Source
from workbench.recheck.model import Reading
from workbench.runs.pool import spread
from workbench.runs.versions import ENGINE_VERSION, code_digest

READINGS = "readings"
_READING_CODE = ("recheck/files", "recheck/forms", "recheck/model.py")
"""Parts of this program that a reading depends on."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """What became of a file. ``problems``: why there is no reading. ``kept``: it was read by an earlier start."""

    name: str
    reading: Reading | None
    problems: tuple[Problem, ...] = ()
    kept: bool = False


@dataclass(frozen=True, slots=True)
class _Order:
    source: Source
    keep: Path
    """Where the reading goes."""


def read_all(sources: Sequence[Source], mappings: Mappings, out: Path, workers: int) -> Iterator[FileRead]:
    """Read the files, those first that an earlier start has read; the others come as they end.

    Whoever stops this leaves whole readings below ``out``, which the next start takes. A reading follows from the file, its
    name, the mappings and the code that reads; of another file, or after a change, it is made again.

    Raises:
        NotWritten: the folder takes no files.
    """
    folder = out / STATE / READINGS
    with writing(folder, "请用 --out 另选文件夹"):
        folder.mkdir(parents=True, exist_ok=True)
    answered = digest_of(sorted([*key, answer] for key, answer in mappings.answers.items()))
    orders: list[_Order] = []
    used: set[str] = set()
    for source in sources:
        keep = folder / f"{_key(source, answered)}.json"
        used.add(keep.name)
        reading = _kept(keep)
        if reading is None:
            orders.append(_Order(source, keep))
        else:
            yield FileRead(source.name, reading, kept=True)
    with closing(spread(partial(_read, mappings), orders, workers)) as over:
        for ended in over:
            yield ended.answer if ended.answer is not None else _died(ended.task.source)
    _forget(folder, used)


def _key(source: Source, answered: str) -> str:
    """Under which a reading is kept. A file that cannot be opened has a key too, and is told when it is read."""
    try:
        content = digest_file(source.path)
    except (OSError, WorkbenchError):
        content = ""
    return digest_of([content, source.name, answered, ENGINE_VERSION, code_digest(*_READING_CODE)])


@cache
def _codec() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)


def _kept(path: Path) -> Reading | None:
    """A reading as an earlier start left it; None where there is none, or somebody has been at it."""
    try:
        return _codec().validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None


def _read(mappings: Mappings, order: _Order) -> FileRead:
    """Read one file; whatever goes wrong is in the answer. This is what a process of its own does."""
    name = order.source.name
    try:
        reading = read_forms(order.source.path, name, mappings)
        with suppress(OSError):  # then it is read again next time
            replace_whole(order.keep, _codec().dump_json(reading))
    except WorkbenchError as error:
        return FileRead(name, None, error.problems)
    except Exception as error:
        return FileRead(name, None, (_failed(name, error),))
    return FileRead(name, reading)


def _failed(name: str, error: Exception) -> Problem:
    text = f"读取时程序出错({type(error).__name__}),这个文件没有复核,其他文件不受影响"
    return Problem("internal", text, Place(name), fix="请另存为 .xlsx 后再试,并把这个文件反馈给维护人员")


def _died(source: Source) -> FileRead:
    fix = "文件可能过大或已损坏;请另存后单独复核这个文件"
    return FileRead(source.name, None, (Problem("died", "读取它的进程意外终止", Place(source.name), fix=fix),))


def _forget(folder: Path, used: set[str]) -> None:
    """Readings nobody needs any more: of files that were changed or taken away."""
    for path in folder.glob("*.json"):
        if path.name not in used:
            with suppress(OSError):
                path.unlink()
