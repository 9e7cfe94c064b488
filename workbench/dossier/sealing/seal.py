"""Seal (封存): one run, its ledger and the engagement's papers into one dossier that anybody can verify."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.base.canon import CHUNK
from workbench.base.errors import DossierError, Place, PolicyError, Problem
from workbench.base.models import validated
from workbench.base.text import reason
from workbench.base.yamlio import parse_yaml
from workbench.dossier.container import BytesSource, Source, write_container
from workbench.dossier.model import FileEntry, Manifest
from workbench.dossier.sealing.checklist import checklist, declared, kind_of
from workbench.dossier.sealing.crate import NAME as CRATE
from workbench.dossier.sealing.crate import crate
from workbench.dossier.sealing.documents import Documents, papers, read_documents
from workbench.dossier.sealing.gathering import Piece, ledger_pieces, paper_pieces, run_pieces
from workbench.runs.sealed import Parts, parts_of_run
from workbench.runs.store import StoredRun
from workbench.scheme.findings import cited
from workbench.scheme.library import NATIONAL, single_key
from workbench.scheme.policy import Policy
from workbench.scoring.result import RunResult

ENDING = ".dossier.zip"


@dataclass(frozen=True)
class Sealed:
    """A dossier that was written: where, and what its manifest says."""

    path: Path
    manifest: Manifest


def seal(
    stored: StoredRun,
    workspace: Path,
    out: Path,
    *,
    documents: Path | None = None,
    recipients: Sequence[str] = (),
) -> Sealed:
    """Seal a run.

    Args:
        workspace: where the run's ledger is.
        out: the file to write; an earlier one is replaced once the new one is whole.
        documents: the YAML file that declares the papers handed in.
        recipients: age addresses of those who may open confidential papers.

    Raises:
        CheckFailed: the run folder was changed, or was written by a version that kept too little.
        DossierError, FileError, LedgerError: papers, ledger or file are not as they have to be.
    """
    titles = {item.code: item.title for item in declared()}
    given = read_documents(documents, titles)
    parts = parts_of_run(stored, workspace)
    result = stored.result()
    pieces = [*run_pieces(stored), *ledger_pieces(parts)]
    handed_in: dict[str, list[str]] = {}
    folder = documents.parent if documents is not None else workspace
    for code, piece in paper_pieces(papers(given, folder), recipients):
        handed_in.setdefault(code, []).append(piece.path)
        pieces.append(piece)
    lines = checklist(given, handed_in, result)
    kind = kind_of(lines)
    sources: dict[str, Source] = {p.path: p.source for p in pieces}
    files = sorted((_entry(p) for p in pieces), key=lambda f: f.path)
    described = Piece(CRATE, "档案说明(RO-Crate)", BytesSource(crate(files, result, kind)))
    sources[CRATE] = described.source
    years, clause = _retention(given, parts, result)
    manifest = Manifest(
        kind=kind,
        evaluation=result.evaluation,
        title=result.title,
        run=parts.origin.run,
        engine=result.engine.version,
        ledger_events=result.review.events if result.review is not None else 0,
        ledger_head=result.ledger_head,
        retain_years=years,
        retain_clause=clause,
        checklist=lines,
        files=sorted([*files, _entry(described)], key=lambda f: f.path),
    )
    write_container(out, manifest, sources)
    return Sealed(out, manifest)


def _entry(piece: Piece) -> FileEntry:
    """The manifest's line of a file, read once."""
    running, crc, size = hashlib.sha256(), 0, 0
    try:
        with piece.source.open() as stream:
            while block := stream.read(CHUNK):
                running.update(block)
                crc, size = zlib.crc32(block, crc), size + len(block)
    except OSError as error:
        message = f"要封存的文件读不出来({reason(error)})"
        raise DossierError(Problem("not_readable", message, Place(piece.path))) from None
    return FileEntry(
        path=piece.path,
        sha256=running.hexdigest(),
        size=size,
        crc32=f"{crc:08x}",
        title=piece.title,
        withheld=piece.plain_sha256 is not None,
        plain_sha256=piece.plain_sha256,
    )


def _retention(given: Documents, parts: Parts, result: RunResult) -> tuple[int | None, str | None]:
    """Years the archive is kept: what the papers say, else the policy, else the national default; nothing is invented."""
    if given.retain is not None:
        return given.retain.years, given.retain.reason
    for name in (result.policy.id, NATIONAL):
        retention = _policy(parts, name).retention
        if retention is not None:
            return retention.years, cited(retention.clause)
    return None, None


def _policy(parts: Parts, name: str) -> Policy:
    document = parse_yaml(parts.scheme[f"policies/{name}.yaml"].decode(), f"{name}.yaml")
    return validated(Policy, single_key(document, "policy", PolicyError), document, PolicyError, "policy")
