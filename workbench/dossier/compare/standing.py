"""What a panel's signature stands for on each side: a re-run carries the review along, and nobody has signed its conclusion."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analysis.comparison import Difference, Side
from workbench.reports.reviewing import phase_text
from workbench.runs.carried import reviewed_digest
from workbench.runs.evaluation import Evaluation
from workbench.scoring.result import RunResult

NO_REVIEW = "无评审"


def phase_of(run: str, result: RunResult, evaluation: Evaluation) -> str | None:
    """Where the review of a result stands, and whether it is about this very run; None without a review."""
    if result.review is None:
        return None
    base = evaluation.carried.base if evaluation.carried is not None else run
    return phase_text(result.review, own=run in (base, reviewed_digest(base, result.ledger_head)))


def with_standing(found: Sequence[Difference], old: Side, new: Side) -> list[Difference]:
    """The differences; 专家评审 is not called the same where only the points are, and not what the panel has said to them."""
    phases = [side.phase or NO_REVIEW for side in (old, new)]
    said = f"{phases[0]}→{phases[1]};没有引起得分变化"
    return [
        d.model_copy(update={"what": [said]}) if d.cause == "experts" and not d.what and phases[0] != phases[1] else d
        for d in found
    ]
