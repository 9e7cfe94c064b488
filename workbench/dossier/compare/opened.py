"""Opening what is compared: a run as it was recorded, and the evaluation that computes it again."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.base.errors import DossierError, WorkbenchError
from workbench.base.sealing import is_sealed
from workbench.dossier.compare.comparing import Compared
from workbench.dossier.container import examine
from workbench.dossier.unpacking import parts_of_dossier, result_of
from workbench.runs.evaluation import Evaluation
from workbench.runs.opening import open_plan
from workbench.runs.position import Position
from workbench.runs.sealed import Parts, load_sources, parts_of_run, restore
from workbench.runs.store import PLAN, StoredRun, find_run
from workbench.runs.workspace import find_workspace
from workbench.scoring.result import RunResult


def compared(name: str, workspace: Path) -> Compared:
    """A run folder, the latest run of an evaluation id, or a dossier, ready to be compared.

    The workspace's files count where they still make this very run; where they have moved on, the run is restored from its
    own folder and opened there, at the place in the ledger it was written at.

    Raises:
        FileError: there is no such run.
        CheckFailed, DossierError: the run folder or the dossier was changed.
        WorkbenchError: the run can be opened neither in the workspace nor from its folder.
    """
    if Path(name).is_file():
        return _sealed(Path(name))
    stored = find_run(name, workspace)
    stored.check()
    result, run = stored.result(), str(stored.manifest()["digest"])
    plan = json.loads(stored.unchanged(PLAN))["plan"]
    evaluation = _as_it_was(plan, result, run, workspace)
    if evaluation is None:
        evaluation = restored(_parts(stored, workspace), result)
    # The folder's place on this computer is nobody's business: a comparison says the same wherever it is made.
    return Compared(f"{result.evaluation}/{stored.folder.resolve().name}", run, result, evaluation)


def _sealed(path: Path) -> Compared:
    """A dossier: the result in it, and the evaluation of what it was sealed with."""
    container, problems = examine(path)
    if container is None or problems:
        raise DossierError(problems)
    result = result_of(container)
    return Compared(path.name, container.manifest.run, result, restored(parts_of_dossier(container), result))


def _as_it_was(plan: Mapping[str, Any], result: RunResult, run: str, workspace: Path) -> Evaluation | None:
    """The run's plan opened in the workspace; None where that is another run by now."""
    try:
        evaluation = _opened(plan, result, workspace)
    except WorkbenchError:
        return None
    return evaluation if evaluation.digest == run else None


def _opened(plan: str | Path | Mapping[str, Any], result: RunResult, workspace: Path) -> Evaluation:
    """The plan as of the event the result was written at; what came later is none of it."""
    events = result.review.events if result.review is not None else 0
    upto = Position(result.evaluation, events, result.ledger_head)
    return open_plan(plan, workspace=workspace, upto=upto, sources=load_sources(workspace, recording=False))


def restored(parts: Parts, result: RunResult) -> Evaluation:
    """The evaluation of a run or a dossier, unfolded where nothing else lies; everything it needs is read when this returns.

    Raises:
        WorkbenchError: what is kept cannot be opened with what is installed.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        root = restore(parts, Path(folder).resolve() / "restored")
        return _opened(parts.plan, result, root)


def _parts(stored: StoredRun, workspace: Path) -> Parts:
    """The ledger of a run lies in its own workspace, which need not be the one the command was called in."""
    folder = stored.folder.resolve()
    sealed = next((p for p in folder.parents if is_sealed(p)), None)
    own = sealed or find_workspace(folder)
    return parts_of_run(stored, own if own in folder.parents else workspace)
