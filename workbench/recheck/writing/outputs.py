"""Everything a re-check writes, by name within its folder, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from workbench.recheck.writing.annotated import annotate, copies, listed
from workbench.recheck.writing.csvtables import FINDINGS, SUMMARY, findings_csv, summary_csv
from workbench.recheck.writing.dashboard import page
from workbench.recheck.writing.letters import FOLDER, letter, letter_name
from workbench.recheck.writing.sampling import NAME as SAMPLING
from workbench.recheck.writing.sampling import sampling_workbook
from workbench.recheck.writing.told import Batch, Told
from workbench.recheck.writing.workbook import workbooks
from workbench.runs.pool import spread

_AT_ONCE = 25
"""Letters that one process writes before it asks for more: the batch they share travels with them."""


@dataclass(frozen=True)
class _Letters:
    """Letters to some units; ``batch`` without forms, for what it knows of rules."""

    batch: Batch
    units: tuple[tuple[int, str, tuple[Told, ...]], ...]


def outputs(batch: Batch, paths: Mapping[str, Path], workers: int = 1) -> Iterator[tuple[str, bytes]]:
    """Names and bytes, the same for the same batch and files, with any number of workers.

    Args:
        paths: where files are, by the names the forms have them under; files not among them get no annotated copy.
    """
    yield FINDINGS, findings_csv(batch)
    yield SUMMARY, summary_csv(batch)
    yield from workbooks(batch)
    yield page.NAME, page.page(batch)
    register = sampling_workbook(batch)
    if register is not None:
        yield SAMPLING, register
    yield from _letters(batch, workers)
    yield from _copies(batch, paths, workers)


def _letters(batch: Batch, workers: int) -> Iterator[tuple[str, bytes]]:
    about = Batch((), (), batch.rules, title=batch.title)
    units = [(number, unit, tuple(forms)) for number, (unit, forms) in enumerate(batch.by_unit.items(), 1)]
    units = [entry for entry in units if any(told.one.findings for told in entry[2])]
    tasks = [_Letters(about, tuple(units[i : i + _AT_ONCE])) for i in range(0, len(units), _AT_ONCE)]
    made: dict[str, bytes] = {}
    with closing(spread(_write_letters, tasks, workers)) as over:
        for ended in over:
            # A process that died: its letters are written here.
            made.update(ended.answer if ended.answer is not None else _write_letters(ended.task))
    yield from sorted(made.items())


def _write_letters(task: _Letters) -> dict[str, bytes]:
    """Letters by name. This is what a process of its own does."""
    return {
        f"{FOLDER}/{letter_name(number, unit)}": letter(task.batch, unit, forms) for number, unit, forms in task.units
    }


def _copies(batch: Batch, paths: Mapping[str, Path], workers: int) -> Iterator[tuple[str, bytes]]:
    made: dict[str, bytes] = {}
    with closing(spread(annotate, list(copies(batch, paths)), workers)) as over:
        for ended in over:
            # A file on which a process dies has its remarks listed all the same.
            name, data = (
                ended.answer if ended.answer is not None else listed(ended.task, "读取原件的进程意外终止,改列清单")
            )
            made[name] = data
    yield from sorted(made.items())
