"""The evidence of a finished run, read again from its folder: corrected as its result is, whatever became of the workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.base.errors import LedgerError
from workbench.review.desk import Desk, start_review
from workbench.review.events import Correction
from workbench.review.ledger.store import open_ledger
from workbench.runs.docket import RunDocket
from workbench.runs.keptevidence import kept_evidence
from workbench.runs.opening import open_computed, open_plan
from workbench.runs.reviewing import first_panel
from workbench.runs.store import StoredRun, run_folder
from workbench.scoring.result import RunResult

PROOF = b"200"


def corrected(root: Path) -> StoredRun:
    """A run whose executed money was corrected from 184 to 200 in the review, with an attachment."""
    docket = RunDocket(open_computed("params/plan.yaml", workspace=root))
    with open_ledger(root, "demo", create=True) as ledger:
        panel = first_panel(docket.scheme.plan)
        start_review(ledger, docket, panel)
        desk = Desk(ledger, docket, panel.lead.id)
        attached = {"name": "凭证.TXT", "sha256": desk.ledger.keep("凭证.TXT", PROOF), "size": len(PROOF)}
        change = {"target": "cell", "table": "项目资金", "field": "全年执行数", "old": "184", "new": "200"}
        body = {"kind": "correction", "subject": "P01", "change": change, "reason": "更正", "evidence": "凭证12号"}
        desk.send(Correction.model_validate({**body, "attachments": [attached]}))
    evaluation = open_plan("params/plan.yaml", workspace=root)
    evaluation.save()
    return StoredRun(run_folder(evaluation))


def executed(stored: StoredRun, root: Path) -> str:
    funds = kept_evidence(stored, root).tables["funds"]
    return str(funds.value(0, "executed"))


def test_corrections_of_the_review_are_made(workspace: Callable[..., Path]) -> None:
    root = workspace()
    stored = corrected(root)
    result: RunResult = stored.result()
    (rate,) = [i.shown for i in result.subjects[0].indicators if i.code == "EXEC"]
    assert (rate, executed(stored, root)) == ("100.00%", "200.000000"), "200 of 200"
    (root / "params" / "基础数据.xlsx").unlink()
    (root / "params" / "附件" / "决算报表.txt").unlink()
    assert executed(stored, root) == "200.000000", "from the folder alone"


def test_without_the_ledger_nobody_can_say_what_was_corrected(workspace: Callable[..., Path], tmp_path: Path) -> None:
    stored = corrected(workspace())
    with pytest.raises(LedgerError):
        kept_evidence(stored, tmp_path / "elsewhere")
