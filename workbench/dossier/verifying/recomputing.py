"""Recomputing: every point and total of a dossier worked out again from the evidence inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.dossier.container import Container
from workbench.dossier.sealing.retention import ruled_retention
from workbench.dossier.unpacking import parts_of_dossier
from workbench.dossier.verifying.scratch import scratch
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
        retention: years and clause that the rules inside set; None twice where they set none.
    """

    result: RunResult
    digest: str
    replayed: Sequence[CodeRef]
    parent_claimed: bool
    retention: tuple[int | None, str | None]


def recomputed(container: Container) -> Recomputed:
    """Score the evidence of a dossier by the scheme in it, in a folder that is gone afterwards.

    No code of the dossier runs; foreign code is not run either, its recorded answers stand. Attachments are not unfolded,
    encrypted ones neither: their bytes have been examined, and scoring reads their digests.

    Raises:
        NoScratch: this computer has no room for it.
        WorkbenchError: the parts do not hold together.
    """
    parts = parts_of_dossier(container)
    parts = replace(parts, attested=parts.evidence.attachments, withheld={})
    with scratch() as folder:
        root = restore(parts, folder / "workspace")
        sources = load_sources(root, tables_only=True, recording=False)
        evaluation = open_plan(PLAN_FILE, workspace=root, sources=sources)
        result, origin = evaluation.result(), evaluation.origin
        carried = evaluation.carried is not None and evaluation.carried.base == evaluation.computed_digest
        claimed = not carried and origin is not None and origin.parent is not None
        retention = ruled_retention(parts.scheme, result.policy.id)
        return Recomputed(result, evaluation.digest, tuple(sources.replayed), claimed, retention)
