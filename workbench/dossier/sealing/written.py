"""The written report beside a dossier: where the 定稿 of a run lies, and how its signed copy gets into the archive.

Only a report signed by the lead evaluator and sealed by the institution is the formal one (财监〔2021〕4号 第十八条第(四)项), and that
is what is archived (第二十条第二款). What the program wrote is neither, so it is never sealed unasked and never counts by itself; it
may go along with the scan when the documents file names it.
"""

from __future__ import annotations

import os
from pathlib import Path

from workbench.dossier.sealing.documents import Documents
from workbench.dossier.sealing.seal import run_digest
from workbench.runs.evaluation import SHORT
from workbench.runs.outputs import as_written
from workbench.runs.reportset import REPORTS
from workbench.runs.store import StoredRun

ITEM = "report"
"""The checklist's code of the signed report."""
SCAN = "签章的评价报告.pdf"
_NAME = "评价报告-定稿.docx"
_SCANS = {".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".tif", ".tiff"}


def written_report(stored: StoredRun, workspace: Path) -> Path | None:
    """The 定稿 in Word of exactly this run, in its usual place and as it was written; None where there is none."""
    folder = workspace / REPORTS / stored.result().evaluation / run_digest(stored)[:SHORT]
    return folder / _NAME if as_written(folder, [_NAME]) else None


def without_scan(documents: Documents) -> bool:
    """Whether files are handed in as the signed report of which none is a scan."""
    given = documents.items.get(ITEM)
    return given is not None and bool(given.files) and all(Path(f).suffix.lower() not in _SCANS for f in given.files)


def lines_for(report: Path, folder: Path) -> list[str]:
    """What to write into a documents file in ``folder``; a report outside of it has to be copied there first."""
    inside = report.resolve().is_relative_to(folder.resolve())
    name = os.path.relpath(report.resolve(), folder.resolve()).replace(os.sep, "/") if inside else report.name
    return ["    report:", f"      files: [{SCAN}, {name}]"]
