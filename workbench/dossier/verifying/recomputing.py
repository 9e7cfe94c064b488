"""Recomputing: every point and total of a dossier worked out again from the evidence inside, and compared with what it says."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.base.canon import canonical_json
from workbench.base.errors import Problem
from workbench.dossier.container import Container
from workbench.dossier.unpacking import parts_of_dossier
from workbench.runs.codetable import CodeRef
from workbench.runs.opening import open_plan
from workbench.runs.sealed import PLAN_FILE, load_sources, restore
from workbench.runs.versions import ENGINE_VERSION
from workbench.scoring.result import IndicatorResult, RunResult, SubjectResult

COMPUTED = ("value", "computed", "final", "low", "high", "status", "branch", "weight", "target")
"""What of an indicator is compared; sentences may be worded anew by a later version."""
CONCLUDED = ("total", "interval", "grade", "score_grade", "complete", "provisional")


@dataclass(frozen=True)
class Recomputed:
    """What working it out again gave. ``replayed``: foreign code whose recorded answers were used. ``digest``: of the run."""

    result: RunResult
    digest: str
    replayed: Sequence[CodeRef]

    @property
    def same_engine(self) -> bool:
        """Whether nothing may differ at all."""
        return self.result.engine.version == ENGINE_VERSION


def recomputed(container: Container) -> Recomputed:
    """Score the evidence of a dossier by the scheme in it, in a folder that is gone afterwards.

    No code of the dossier runs; foreign code is not run either, its recorded answers stand.

    Raises:
        WorkbenchError: the parts do not hold together.
    """
    with tempfile.TemporaryDirectory(prefix="dossier-") as folder:
        root = restore(parts_of_dossier(container), Path(folder) / "workspace")
        sources = load_sources(root, tables_only=True, recording=False)
        evaluation = open_plan(PLAN_FILE, workspace=root, sources=sources)
        return Recomputed(evaluation.result(), evaluation.digest, tuple(sources.replayed))


def contradictions(sealed: RunResult, again: RunResult, *, same_engine: bool) -> Iterator[Problem]:
    """Where the sealed result says something else than the evidence gives.

    Args:
        same_engine: every byte of the result is compared; otherwise points, totals, grades and states.
    """
    theirs, ours = ({s.id: s for s in r.subjects} for r in (sealed, again))
    for name in theirs.keys() ^ ours.keys():
        yield Problem("subject", "评价对象与佐证资料不符", found=name)
    for name in [n for n in theirs if n in ours]:
        yield from _subject(theirs[name], ours[name])
    if same_engine and canonical_json(sealed) != canonical_json(again):
        fields = [n for n in type(sealed).model_fields if getattr(sealed, n) != getattr(again, n)]
        yield Problem("result_differs", "评价结果与重算的不一致", found="、".join(fields))


def _subject(sealed: SubjectResult, again: SubjectResult) -> Iterator[Problem]:
    for field in CONCLUDED:
        yield from _differs(f"{sealed.id} {field}", getattr(sealed, field), getattr(again, field))
    ours = {i.code: i for i in again.indicators}
    for item in sealed.indicators:
        if item.code not in ours:
            yield Problem("indicator", "指标不在评价方案中", found=f"{sealed.id} {item.code}")
        else:
            yield from _indicator(f"{sealed.id} {item.code} {item.name}", item, ours[item.code])
    for cap, other in zip(sealed.caps, again.caps, strict=False):
        yield from _differs(f"{sealed.id} 情形“{cap.text}”", (cap.rule, cap.state), (other.rule, other.state))
    consequences = ([c.text for c in s.consequence] for s in (sealed, again))
    yield from _differs(f"{sealed.id} 结果应用", *consequences)


def _indicator(name: str, sealed: IndicatorResult, again: IndicatorResult) -> Iterator[Problem]:
    for field in COMPUTED:
        yield from _differs(f"{name} {field}", getattr(sealed, field), getattr(again, field))


def _differs(what: str, sealed: object, again: object) -> Iterator[Problem]:
    if sealed != again:
        message = "档案所记与按佐证重算的不一致"
        yield Problem("recomputed", message, found=str(sealed), expected=str(again)).at(key=what)
