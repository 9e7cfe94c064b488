"""The summary of a batch: workbook and page beside its receipts."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.base.canon import canonical_json, digest_of
from workbench.base.writing import replace_whole, writing
from workbench.runs.batch.planned import Planned
from workbench.runs.batch.task import STATE_WORDS, Outcome, rank
from workbench.runs.store import runs_root

if TYPE_CHECKING:
    from workbench.reports.batch import Row

WRITTEN = "summary.json"
"""What the summary was written from: of the same runs it is not written again."""


def write_summary(planned: Planned, outcomes: Sequence[Outcome]) -> list[Path]:
    """Write workbook and page, failed plans first; where they lie.

    A start that found everything unchanged leaves the summary of the one before, which tells more.

    Raises:
        NotWritten: the folder takes no files, or the workbook is open in a spreadsheet.
    """
    folder = planned.folder
    ordered = sorted(outcomes, key=rank)
    same = digest_of([planned.total, *([o.task, o.folder, o.failed, o.digest, *map(str, o.problems)] for o in ordered)])
    begun = any(outcome.state == "run" for outcome in ordered)
    before = [] if begun else _written(folder, same)
    if before:
        return before
    from workbench.reports.batch import Heading, summary_page, summary_workbook
    from workbench.reports.batch.page import FILE as PAGE
    from workbench.reports.batch.workbook import FILE as WORKBOOK

    paths = [folder / WORKBOOK, folder / PAGE]
    rows = [row_of(outcome) for outcome in ordered]
    runs = Path(os.path.relpath(runs_root(planned.workspace, planned.out), folder)).as_posix()
    heading = Heading(planned.name, planned.total, runs)
    with writing(folder, "请关闭已打开的汇总文件后重新运行(没有变化的不会再运行),或用 --out 另选文件夹"):
        folder.mkdir(parents=True, exist_ok=True)
        for path, data in zip(paths, (summary_workbook(rows, heading), summary_page(rows, heading)), strict=True):
            replace_whole(path, data)
        replace_whole(folder / WRITTEN, canonical_json({"content": same, "files": [path.name for path in paths]}))
    return paths


def _written(folder: Path, content: str) -> list[Path]:
    """The files of the summary that says this already; none where there is no such one."""
    try:
        told = json.loads((folder / WRITTEN).read_text(encoding="utf-8"))
        paths = [folder / Path(str(name)).name for name in told["files"]]
        return paths if told["content"] == content and all(path.is_file() for path in paths) else []
    except (OSError, ValueError, LookupError, TypeError):
        return []


def row_of(outcome: Outcome) -> Row:
    """As the summary shows it. The time of what has not changed is that of another start, and left out."""
    from workbench.reports.batch import Row, RowVerdict

    verdicts = tuple(RowVerdict(**asdict(verdict)) for verdict in outcome.verdicts)
    return Row(
        outcome.task,
        STATE_WORDS[outcome.state],
        outcome.failed,
        outcome.evaluation,
        outcome.title,
        outcome.folder,
        outcome.pack,
        verdicts,
        outcome.errors,
        outcome.warnings,
        0.0 if outcome.state == "kept" else outcome.seconds,
        outcome.attempts,
        outcome.problems,
        outcome.evaluated,
    )
