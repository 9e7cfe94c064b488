"""The evidence of a finished run, read again from what its folder kept: forms print amounts and words no result has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from workbench.base.errors import CheckFailed, Place, Problem
from workbench.evidence.tables import Evidence
from workbench.runs.opening import open_plan
from workbench.runs.sealed import PLAN_FILE, parts_of_run, restore
from workbench.runs.store import StoredRun


def kept_evidence(stored: StoredRun, workspace: Path) -> Evidence:
    """The evidence of a run as it was read, with the corrections of its review; attachments are not opened.

    Args:
        workspace: where the run's ledger is.

    Raises:
        CheckFailed: the folder was changed, or what it kept does not make this run any more.
        LedgerError: the run has a review, and the workspace no longer has its ledger.
    """
    parts = parts_of_run(stored, workspace)
    parts = replace(parts, attested=parts.evidence.attachments, attachments={})
    with TemporaryDirectory() as folder:
        evaluation = open_plan(PLAN_FILE, workspace=restore(parts, Path(folder) / "run"))
    if evaluation.digest != stored.manifest()["digest"]:
        message, fix = "保存的资料和方案与这次运行不符", "请重新运行该计划"
        raise CheckFailed(Problem("run_changed", message, Place(stored.folder.name), fix=fix))
    return evaluation.as_read
