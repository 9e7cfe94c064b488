"""Papers of a run's review: what they are made from, found in the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbench.base.errors import Problem, ReviewError
from workbench.reports.papers.meeting import Meeting
from workbench.reports.papers.outcome import Outcome
from workbench.review.scope import Scope
from workbench.review.state import folded
from workbench.runs.docket import docket_of
from workbench.runs.position import events_of
from workbench.runs.store import StoredRun
from workbench.runs.under_review import latest_on
from workbench.scheme.panel import Panel


def meeting_of(stored: StoredRun, workspace: Path) -> Meeting:
    """The panel and what it judges: as the ledger has it, or as the plan declares it before there is a ledger.

    Raises:
        ReviewError: there is no panel yet.
        WorkbenchError: the run can no longer be opened, or the ledger cannot be read.
    """
    docket = docket_of(stored.folder, workspace)
    events = events_of(workspace, docket.scheme.plan.evaluation)
    state = folded(events)
    panel = state.panel if events else docket.scheme.plan.panel
    if panel is None:
        fix = "请在计划中写明 panel 后重新运行,或先运行 workbench review 建立评审组"
        raise ReviewError(Problem("no_panel", "这项评价还没有评审组", found=docket.scheme.plan.evaluation, fix=fix))
    docket, _ = docket.replayed(list(state.corrections.items()))
    return Meeting(Scope(docket), panel)


def outcome_of(stored: StoredRun) -> Outcome | None:
    """The reviewed result of a run; None when it was computed without a review, or does not count the experts' points."""
    result = stored.result()
    if result.review is None or not result.review.counted:
        return None
    return Outcome(result, result.review, str(stored.manifest().get("digest", "")))


def papers_now(stored: StoredRun, scope: Scope, panel: Panel) -> Iterator[tuple[str, bytes]]:
    """The papers of a review that is going on: the pack for a meeting, and the outcome as of the last run that was written."""
    from workbench.reports.papers.bundle import meeting_papers, review_papers

    yield from meeting_papers(Meeting(scope, panel))
    latest = latest_on(stored, scope.docket.run)
    reviewed = outcome_of(latest) if latest is not None else None
    if reviewed is not None:
        yield from review_papers(reviewed)
