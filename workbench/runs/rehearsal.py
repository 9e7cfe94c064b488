"""A rehearsal: the example of an installed pack opened, scored, drawn and saved, and nothing of it kept.

Whoever forks processes that evaluate does this first, so that none of them has to import, compile or find a font again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.base.errors import WorkbenchError
from workbench.plugins.manager import load_plugins
from workbench.reports.charts.catalogue import telling
from workbench.runs.opening import open_computed
from workbench.runs.store import write_files
from workbench.scheme.library import Library

if TYPE_CHECKING:
    from workbench.reports.table import Table
    from workbench.runs.evaluation import Evaluation

EXAMPLE = "example/plan.yaml"


def rehearse() -> None:
    """Do once what a notebook does with an evaluation, for the installed pack with the smallest example."""
    library = Library.of(load_plugins().folders)
    plans = [path for entry in library.packs.values() if (path := entry.path.parent / EXAMPLE).is_file()]
    for plan in sorted(plans, key=_size)[:1]:
        _rehearsed(plan)


def _size(plan: Path) -> int:
    return sum(path.stat().st_size for path in plan.parent.rglob("*") if path.is_file())


def _rehearsed(plan: Path) -> None:
    # An example that does not run is told by whoever runs it.
    with suppress(WorkbenchError), tempfile.TemporaryDirectory() as folder:
        evaluation = open_computed(plan, workspace=plan.parent.parent)
        for table in _tables(evaluation):
            table._repr_html_()
        for name in [*telling(evaluation.subject()), *(chart.name for chart in evaluation.scheme.pack.charts)]:
            evaluation.chart(name)
        write_files(evaluation, Path(folder))


def _tables(evaluation: Evaluation) -> Iterator[Table]:
    subject = evaluation.subject().id
    yield from (
        evaluation.overview(),
        evaluation.evidence_overview(),
        evaluation.requirements(),
        evaluation.comparison(),
    )
    yield from (evaluation.measures(subject), evaluation.scores(subject), evaluation.verdict(subject))
    yield from (evaluation.caps(subject), evaluation.findings(subject))
    yield from (evaluation.analysis(analysis.name, subject) for analysis in evaluation.analyses)
