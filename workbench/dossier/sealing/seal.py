"""Seal (封存): one run, its ledger and the engagement's papers into one dossier that anybody can verify."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.base.canon import CHUNK
from workbench.base.errors import CheckFailed, DossierError, DossierNotWritten, Place, Problem
from workbench.base.sealing import withheld_digests
from workbench.base.text import reason
from workbench.dossier.container import BytesSource, Source, write_container
from workbench.dossier.container.manifests import manifest_bytes
from workbench.dossier.model import CheckItem, FileEntry, Manifest, Signature
from workbench.dossier.sealing.checklist import checklist, kind_of, titles
from workbench.dossier.sealing.confidential import Envelopes, refuse_in_clear, refuse_mismatch, wishes
from workbench.dossier.sealing.crate import NAME as CRATE
from workbench.dossier.sealing.crate import crate
from workbench.dossier.sealing.documents import Declared, Documents, read_documents
from workbench.dossier.sealing.existing import kept_signatures, refuse_run_folder
from workbench.dossier.sealing.gathering import Piece, ledger_pieces, paper_pieces, run_pieces, whole_parts
from workbench.dossier.sealing.naming import refuse_names
from workbench.dossier.sealing.papers import papers
from workbench.dossier.sealing.retention import ruled_retention
from workbench.runs.sealed import Parts
from workbench.runs.store import MANIFEST, StoredRun
from workbench.scoring.result import RunResult

ENDING = ".dossier.zip"
FOLDER = "dossiers"
_DIGITS = 16
_SHA256 = re.compile(r"[0-9a-f]{64}")
Sign = Callable[[bytes], Sequence[Signature]]
"""Makes signatures over the manifest's bytes."""
_MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Sealed:
    """A dossier that was written: where, what its manifest says, and who has signed it."""

    path: Path
    manifest: Manifest
    signatures: Sequence[Signature]


@dataclass(frozen=True)
class _Content:
    """What goes into a dossier beside its description."""

    parts: Parts
    result: RunResult
    given: Declared
    pieces: list[Piece]
    known_secrets: Collection[str]
    checklist: list[CheckItem]


def default_name(stored: StoredRun) -> str:
    """The name of a run's dossier: evaluation and the beginning of the run's digest."""
    return f"{stored.result().evaluation}-{run_digest(stored)[:_DIGITS]}{ENDING}"


def run_digest(stored: StoredRun) -> str:
    """The digest of a run as its manifest has it. Raises CheckFailed when there is none."""
    found = stored.manifest().get("digest")
    if not isinstance(found, str) or not _SHA256.fullmatch(found):
        message = "运行文件夹的清单已被改动:没有运行摘要"
        raise CheckFailed(Problem("file_changed", message, Place(MANIFEST), fix="请重新运行该计划"))
    return found


def seal(
    stored: StoredRun,
    workspace: Path,
    out: Path,
    *,
    documents: Path | None = None,
    recipients: Sequence[str] = (),
    sign: Sign = lambda manifest: (),
    replace: bool = False,
    progress: Callable[[str], None] = lambda text: None,
) -> Sealed:
    """Seal a run. The same run and papers give the same bytes, unless something is encrypted.

    Args:
        workspace: where the run's ledger is.
        out: the file to write. What is there is replaced once the new one is whole; signatures over the same content stay.
        documents: the YAML file that declares the papers handed in.
        recipients: age addresses of those who may open confidential papers and attachments.
        sign: makes the signatures the dossier is written with.
        replace: write even over another signed dossier, or over a file that is none.
        progress: is told what takes time.

    Raises:
        CheckFailed: the run folder was changed, or was written by a version that kept too little.
        DossierError, FileError, LedgerError, YamlError: papers, ledger or file are not as they have to be.
        EvidenceError: evidence under a name that could not be restored on every system.
    """
    refuse_run_folder(out)
    run_digest(stored)
    content = _content(stored, workspace, read_documents(documents, titles()), recipients)
    progress(f"计算{len(content.pieces)}个文件的摘要")
    manifest, sources = _described(content)
    data = manifest_bytes(manifest, out.name)
    kept = kept_signatures(out, data, replace=replace)
    made = sign(data)
    signatures = [*(s for s in kept if s.key not in {m.key for m in made}), *made]
    _make_folder(out)
    progress(f"写入档案,{sum(f.size for f in manifest.files) / _MEGABYTE:.1f} MB")
    write_container(out, manifest, sources, signatures)
    return Sealed(out, manifest, signatures)


def _content(stored: StoredRun, workspace: Path, given: Declared, recipients: Sequence[str]) -> _Content:
    handed = papers(given)  # first, because it is what needs mending most often
    parts = whole_parts(stored, workspace)
    envelopes = Envelopes(recipients, wishes(given, parts), parts.withheld)
    refuse_mismatch(handed, envelopes)
    refuse_names(parts.evidence, envelopes.covers)
    result = stored.result()
    pieces = [*run_pieces(stored, parts, envelopes), *ledger_pieces(parts, envelopes)]
    handed_in: dict[str, list[str]] = {}
    for code, piece in paper_pieces(handed, recipients):
        handed_in.setdefault(code, []).append(piece.path)
        pieces.append(piece)
    lines = checklist(given, handed_in, result, {p.path for p in pieces})
    return _Content(parts, result, given, pieces, withheld_digests(workspace).keys(), lines)


def _described(content: _Content) -> tuple[Manifest, dict[str, Source]]:
    """The manifest over everything, the RO-Crate included, and where each file comes from."""
    result, lines, given = content.result, content.checklist, content.given.documents
    kind = kind_of(lines)
    files = sorted((_entry(p) for p in content.pieces), key=lambda f: f.path)
    named = {p.path: p.named for p in content.pieces if p.named is not None}
    refuse_in_clear(files, named, content.known_secrets)
    description = crate(files, result, kind, given.institution)
    described = Piece(CRATE, "档案说明(RO-Crate)", BytesSource(description))
    years, clause = _retention(given, content.parts, result)
    manifest = Manifest(
        kind=kind,
        evaluation=result.evaluation,
        title=result.title,
        institution=given.institution,
        run=content.parts.origin.run,
        engine=result.engine.version,
        ledger_events=result.review.events if result.review is not None else 0,
        ledger_head=result.ledger_head,
        retain_years=years,
        retain_clause=clause,
        checklist=lines,
        files=sorted([*files, _entry(described)], key=lambda f: f.path),
    )
    return manifest, {p.path: p.source for p in [*content.pieces, described]}


def _make_folder(out: Path) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"文件夹建不起来({reason(error)})"
        fix = "请检查文件夹和权限,或用 --out 另写文件名"
        raise DossierNotWritten(Problem("not_writable", message, Place(out.parent.as_posix()), fix=fix)) from None


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
    if piece.expected not in (None, running.hexdigest()):
        fix = "封存期间请不要改动文件,然后重新封存"
        raise DossierError(Problem("source_differs", "文件在封存期间被改动", Place(piece.path), fix=fix))
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
    """Years the archive is kept, and what says so: the papers, else the rules; nothing is invented."""
    if given.retain is not None:
        return given.retain.years, given.retain.reason
    return ruled_retention(parts.scheme, result.policy.id)
