"""Everything a re-check writes, by name within its folder: what tells of all forms first, then what is made apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from workbench.recheck.writing.csvtables import FINDINGS, SUMMARY, findings_csv, summary_csv
from workbench.recheck.writing.dashboard import page
from workbench.recheck.writing.pieces import make, pieces
from workbench.recheck.writing.sampling import NAME as SAMPLING
from workbench.recheck.writing.sampling import sampling_workbook
from workbench.recheck.writing.told import Batch
from workbench.recheck.writing.workbook import FILE as WORKBOOK
from workbench.recheck.writing.workbook import volumes, workbook
from workbench.runs.pool import spread

Step = Callable[[str, int], None]
"""Told of each file that has been made, with the number of all files."""

_WHOLE: tuple[tuple[str, Callable[[Batch], bytes | None]], ...] = (
    (FINDINGS, findings_csv),
    (SUMMARY, summary_csv),
    (WORKBOOK, workbook),
    (page.NAME, page.page),
    (SAMPLING, sampling_workbook),
)
"""What tells of all forms, in this process: a batch takes as long to be handed over as to be written."""


def outputs(
    batch: Batch, paths: Mapping[str, Path], workers: int = 1, show: Step = lambda name, total: None
) -> Iterator[tuple[str, bytes]]:
    """Names and bytes, the same for the same batch and files, with any number of workers; only their order may differ.

    Args:
        paths: where files are, by the names the forms have them under; files not among them get no annotated copy.
    """
    apart = pieces(batch, volumes(batch), paths)
    total = len(_WHOLE) + sum(piece.count for piece in apart)
    for name, write in _WHOLE:
        data = write(batch)
        show(name, total)
        if data is not None:
            yield name, data
    with closing(spread(make, apart, workers)) as over:
        for ended in over:
            made = ended.answer if ended.answer is not None else ended.task.instead()
            for name, data in made.items():
                show(name, total)
                yield name, data
