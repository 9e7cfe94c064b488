"""A run folder as the source of its report: checked, and read with what it kept of its plan and scheme."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.base.errors import CheckFailed, Place, PlanError, Problem
from workbench.base.models import validated
from workbench.base.yamlio import YamlDocument
from workbench.plugins.discovery import NO_VERSION, PluginFolder
from workbench.reports.document.manuscript import wrong_references
from workbench.reports.document.source import Album, EvidenceFile, ReportSource
from workbench.reports.document.texts import Texts, read_texts
from workbench.runs.evaluation import SHORT
from workbench.runs.kept import EVIDENCE_LIST, SCHEME, EvidenceList
from workbench.runs.store import PLAN, StoredRun
from workbench.scheme.library import NATIONAL, Library
from workbench.scheme.plan import Plan
from workbench.scoring.result import RunResult

if TYPE_CHECKING:
    from workbench.reports.gallery import Drawn

DRAWN = 3
"""Subjects whose charts are drawn anew where the run folder has none; of more, only those it has are shown."""
_FIGURES = "figures"


def report_source(
    stored: StoredRun, progress: Callable[[str], None] = lambda _: None, *, pictures: bool = True
) -> ReportSource:
    """What a report of a run is made from.

    Args:
        pictures: whether its charts are wanted.
        progress: told in Chinese what is being done.

    Raises:
        CheckFailed: a file of the run folder is lost, was changed or put in.
        FileError: its result cannot be read.
    """
    progress("核对运行文件夹")
    stored.check()
    result = stored.result()
    library = _library(stored.folder / SCHEME)
    plan = kept_plan(stored)
    charts = _charts(stored, result, progress) if pictures else ({}, {})
    return ReportSource(
        result=result,
        run=str(stored.manifest()["digest"]),
        plan=plan,
        pack=library.pack(plan.pack) if plan.pack in library.packs else None,
        ruleset=library.ruleset(plan.ruleset) if plan.ruleset in library.rulesets else None,
        policy=library.policy(plan.policy) if plan.policy in library.policies else None,
        national=library.policy(NATIONAL) if NATIONAL in library.policies else None,
        evidence=_evidence(stored),
        pictures=charts[0],
        drawings=charts[1],
    )


def kept_plan(stored: StoredRun) -> Plan:
    """The plan a run was made from, as it kept it. Raises CheckFailed or PlanError when it is lost or damaged."""
    document = YamlDocument(_json(stored, PLAN), PLAN)
    return validated(Plan, document.data["plan"], document, PlanError, "plan")


def _json(stored: StoredRun, name: str) -> Any:
    try:
        return json.loads((stored.folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise CheckFailed(Problem("file_lost", "运行文件夹缺少文件,或文件已损坏", Place(name))) from None


def _library(folder: Path) -> Library:
    """Pack, ruleset and policies the run kept; empty for a run of an earlier version, which kept none."""
    return Library.of([PluginFolder(folder, "run", NO_VERSION)])


def _evidence(stored: StoredRun) -> list[EvidenceFile]:
    if not (stored.folder / EVIDENCE_LIST).is_file():
        return []
    kept = EvidenceList.model_validate(_json(stored, EVIDENCE_LIST))
    return [EvidenceFile(f.path, f.sha256) for f in kept.files]


def _charts(stored: StoredRun, result: RunResult, progress: Callable[[str], None]) -> tuple[Album, Album]:
    """The charts as PNG and SVG, drawn as those in the run folder are, by the same code from the same numbers."""
    from workbench.reports.gallery import drawn, gallery
    from workbench.reports.style import drawing

    every = len(result.subjects) <= DRAWN
    kept = {path.stem for path in (stored.folder / _FIGURES).glob("*.png")}
    charts = {chart.name: chart for chart in gallery(result) if every or chart.name in kept}

    @cache
    def made() -> dict[str, Drawn]:
        found = {}
        with drawing():
            for name, chart in charts.items():
                progress(f"绘制{chart.title}")
                found[name] = drawn(chart)
        return found

    return Album(charts, lambda name: made()[name].png), Album(charts, lambda name: made()[name].svg)


def texts_folder(workspace: Path, evaluation: str) -> Path:
    """Where an evaluation's texts are, unless somebody says otherwise."""
    return workspace / "params" / "reports" / evaluation


def report_texts(
    workspace: Path, evaluation: str, given: Path | None = None, source: ReportSource | None = None
) -> Texts:
    """The texts of an evaluation: those in ``given``, else in its own folder, else none.

    Args:
        source: the run they refer to; where a file cannot be read, wrong references in the others are told with it.

    Raises:
        FileError, TextsError: as :func:`workbench.reports.document.texts.read_texts`.
    """
    folder = given if given is not None else texts_folder(workspace, evaluation)
    if given is None and not folder.is_dir():
        return Texts()
    return read_texts(folder, lambda texts: wrong_references(source, texts) if source is not None else ())


def report_folder(reports: Path, source: ReportSource) -> Path:
    """The folder of a run's outputs below the one of all reports."""
    return reports / source.result.evaluation / source.run[:SHORT]
