"""Recomputing: every point and total of a dossier worked out again from the evidence inside."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.dossier.container import Container
from workbench.dossier.unpacking import parts_of_dossier
from workbench.runs.codetable import CodeRef
from workbench.runs.opening import open_plan
from workbench.runs.sealed import PLAN_FILE, load_sources, restore
from workbench.scoring.result import RunResult


@dataclass(frozen=True)
class Recomputed:
    """What working it out again gave.

    Attributes:
        digest: of the run.
        replayed: foreign code whose recorded answers were used.
        parent_claimed: the run before is only what the dossier says it is; of a review the ledger tells.
    """

    result: RunResult
    digest: str
    replayed: Sequence[CodeRef]
    parent_claimed: bool


def recomputed(container: Container) -> Recomputed:
    """Score the evidence of a dossier by the scheme in it, in a folder that is gone afterwards.

    No code of the dossier runs; foreign code is not run either, its recorded answers stand. Attachments are not unfolded,
    encrypted ones neither: their bytes have been examined, and scoring reads their digests.

    Raises:
        WorkbenchError: the parts do not hold together.
    """
    with tempfile.TemporaryDirectory(prefix="dossier-") as folder:
        parts = parts_of_dossier(container)
        parts = replace(parts, attested=parts.evidence.attachments, withheld={})
        root = restore(parts, Path(folder) / "workspace")
        sources = load_sources(root, tables_only=True, recording=False)
        evaluation = open_plan(PLAN_FILE, workspace=root, sources=sources)
        result, origin = evaluation.result(), evaluation.origin
        carried = evaluation.carried is not None and evaluation.carried.base == evaluation.computed_digest
        claimed = not carried and origin is not None and origin.parent is not None
        return Recomputed(result, evaluation.digest, tuple(sources.replayed), claimed)
