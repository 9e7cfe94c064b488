"""Re-run (重跑): a dossier unfolded into a workspace of its own and run again in a clean kernel, as it was or with one thing changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.base.canon import digest_file, digest_of
from workbench.base.errors import (
    DossierError,
    FileError,
    NotebookError,
    Place,
    Problem,
    WorkbenchError,
    shorten,
)
from workbench.dossier.container import Container, examine
from workbench.dossier.container.layout import MANIFEST_NAME
from workbench.dossier.rerunning.changing import Change, Experts, changed
from workbench.dossier.unpacking import parts_of_dossier, result_of, run_manifest, whole
from workbench.dossier.verifying.contradictions import contradictions, same_engine
from workbench.runs.codetable import CodeRef
from workbench.runs.engine import Outcome, run_evaluation
from workbench.runs.evaluation import SHORT
from workbench.runs.opening import open_plan, read_plan
from workbench.runs.sealed import PLAN_FILE, Origin, Parts, origin_of, restore
from workbench.runs.store import StoredRun
from workbench.runs.versions import ENGINE_VERSION, environment
from workbench.runs.withheld import as_in_clear
from workbench.runs.workspace import find_workspace, path_from_here
from workbench.scoring.result import RunResult

RERUNS = "reruns"
"""Folder of a workspace for what was unfolded from dossiers."""
DIGITS = 8
_SHOWN = 200
"""Characters shown of what a dossier says, which anybody may have written."""
_ENVIRONMENT = "conclusion/environment.json"


@dataclass(frozen=True)
class Rerun:
    """What running a dossier again gave.

    Attributes:
        identical: nothing was changed, and result and digest are those of the dossier, byte by byte.
        experts: what became of their points; ``reviewed``: whether the dossier has any; ``counted``: whether they count in it.
        corrections: data corrections of the ledger: those that count in the new run; with a new panel those it left behind.
        without_effect: something was given in place of what was sealed, and it says the same.
        differences: where the result is another (nothing changed), with what was sealed and what came out.
        files: files of the run folder that differ although the result does not: figures and notebook depend on versions.
        environment: how this environment differs from the sealed one, in words.
        withheld: confidential attachments that were not opened: their encrypted form stands for them in the new run, too.
        replayed: foreign code that is not installed as it was; its recorded answers were used.
    """

    outcome: Outcome
    workspace: Path
    changed: Sequence[str]
    experts: Experts
    reviewed: bool
    counted: bool
    corrections: int
    without_effect: bool
    identical: bool
    differences: Sequence[Problem]
    files: Sequence[str]
    environment: Sequence[str]
    withheld: int
    replayed: Sequence[CodeRef]


def rerun(
    path: Path,
    into: Path | None = None,
    change: Change | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Rerun:
    """Run a dossier again.

    Args:
        into: the workspace to unfold into; one that was unfolded from the same dossier for the same change is gone on with.
            A folder of its own below ``reruns/`` of the current workspace when None.

    Raises:
        DossierError: the dossier is not sound, or cannot be run although nothing was put in from outside.
        WorkbenchError: what is to be changed does not fit, or the run stopped.
    """
    change = change or Change()
    progress("核对档案")
    container, problems = examine(path)
    if container is None or problems:
        raise DossierError(problems)
    parts = changed(parts_of_dossier(container), change)
    into = into or find_workspace() / RERUNS / _folder_name(path, parts.origin)
    progress(f"还原工作区 {path_from_here(into)}")
    with _unfolded(parts, into, change):
        with _blaming(change):
            evaluation = open_plan(PLAN_FILE, workspace=into)
            evaluation.result()  # what no formula can take is told before a kernel starts
        outcome = run_evaluation(evaluation, progress=progress)
    differences = list(_differences(container, evaluation.digest, outcome.result)) if not change.names else []
    same, sealed = not change.names and not differences, result_of(container)
    return Rerun(
        outcome=outcome,
        workspace=into,
        changed=change.names,
        experts=change.experts,
        reviewed=container.manifest.ledger_events > 0,
        counted=sealed.review is not None and sealed.review.counted,
        corrections=_corrections(sealed if change.experts == "new" else outcome.result),
        without_effect=bool(change.names) and _inputs(outcome.result) == _inputs(sealed),
        identical=same and evaluation.digest == container.manifest.run,
        differences=differences,
        files=_differing_files(container, outcome) if same else [],
        environment=list(_environment(container)),
        withheld=parts.confidential,
        replayed=tuple(evaluation.replayed),
    )


def _folder_name(path: Path, origin: Origin) -> str:
    """Dossier, what is changed, and digits that are others for another dossier or another change of the same name."""
    digits = digest_of(origin.model_dump())[:DIGITS]
    return "-".join([path.name.removesuffix(".zip").removesuffix(".dossier"), *origin.changed, digits])


def shown_path(path: Path) -> str:
    """A path as notebooks take it: from the current folder on, or from the workspace on, where it lies below."""
    below = next((folder for folder in (Path.cwd(), find_workspace()) if path.is_relative_to(folder)), None)
    return str(path) if below is None else path.relative_to(below).as_posix()


def _inputs(result: RunResult) -> tuple[str, str, str, Sequence[tuple[str, str, str | None]]]:
    """What a result follows from; two that share it differ in nothing but names of files.

    Of the experts that is the ledger and every point of theirs that counts and is another than the computed one.
    """
    indicators = ((s.id, i) for s in result.subjects for i in s.indicators)
    given = [(s, i.code, i.final) for s, i in indicators if i.review and i.review.applied and i.final != i.computed]
    return result.scheme_digest, result.evidence_digest, result.ledger_head, given


def _corrections(result: RunResult) -> int:
    """Data corrections of the ledger that a result rests on."""
    return sum(f.code == "review_correction" for s in result.subjects for f in s.findings)


@contextmanager
def _blaming(change: Change, *but: type[WorkbenchError]) -> Iterator[None]:
    """What cannot be opened or computed is the dossier's fault where nothing was put in from outside; errors ``but`` are not."""
    try:
        yield
    except but:
        raise
    except WorkbenchError as error:
        if change.brings_in:
            raise
        raise DossierError(error.problems) from None


@contextmanager
def _unfolded(parts: Parts, into: Path, change: Change) -> Iterator[None]:
    """A restored workspace; one restored just now is gone again where what was changed turns out not to fit."""
    restored = _unfold(parts, into, change)
    try:
        yield
    except NotebookError:
        raise  # there is something to look at
    except BaseException:
        if restored:
            shutil.rmtree(into, ignore_errors=True)
        raise


def _unfold(parts: Parts, into: Path, change: Change) -> bool:
    """Restore, unless that was done before and not got further. Whether it was done now.

    Raises:
        FileError: the folder is another one, or was restored from this dossier and edited since.
    """
    if not into.is_dir() or origin_of(into) != parts.origin:
        with _blaming(change, FileError):  # the folder is the user's
            restore(parts, into)
        return True
    edited = list(_edited(parts, into))
    if edited:
        fix = "请换一个文件夹,或移走这个文件夹后重新还原"
        place = Place(into.as_posix())
        raise FileError(Problem("workspace_edited", "还原的工作区已被改动", place, "、".join(edited), fix=fix))
    return False


def _edited(parts: Parts, into: Path) -> Iterator[str]:
    """Files of a restored workspace that say something else than the parts; the review may have gone on."""
    for name, sha256 in parts.digests.items():
        path = into / name
        if not path.is_file() or digest_file(path) != sha256:
            yield name
    if read_plan(PLAN_FILE, into).plan != read_plan(parts.plan, into).plan:
        yield PLAN_FILE


# -- what is compared -------------------------------------------------------------------------------------------------


def _differences(container: Container, ran: str, again: RunResult) -> Iterator[Problem]:
    """Where a run that nothing was changed for is another one than the sealed."""
    sealed, run = result_of(container), container.manifest.run
    yield from contradictions(sealed, again)
    if same_engine(sealed) and ran != run:
        message = "方案、佐证或台账与运行摘要不符"
        yield Problem("run_digest", message, Place(MANIFEST_NAME, key="run"), run[:SHORT], ran[:SHORT])


def _differing_files(container: Container, outcome: Outcome) -> list[str]:
    """Files of the run folder with other bytes than the sealed ones."""
    then, now = (as_in_clear(m["files"]) for m in (run_manifest(container), StoredRun(outcome.folder).manifest()))
    return sorted(shorten(name, _SHOWN) for name in then.keys() | now.keys() if then.get(name) != now.get(name))


def _environment(container: Container) -> Iterator[str]:
    """What of the environment is not as it was, in words."""
    try:
        before = _flat(json.loads(whole(container, _ENVIRONMENT)))
    except (ValueError, RecursionError, DossierError):
        yield "档案没有可读的运行环境说明"
        return
    before["engine"] = container.manifest.engine
    after = _flat(json.loads(json.dumps(environment()))) | {"engine": ENGINE_VERSION}
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield shorten(f"{name}:{before.get(name, '无')}→{after.get(name, '无')}", _SHOWN)


def _flat(content: Any, name: str = "") -> dict[str, str]:
    if not isinstance(content, dict):
        return {name: str(content)}
    found: dict[str, str] = {}
    for key, value in content.items():
        found |= _flat(value, f"{name}.{key}" if name else str(key))
    return found
