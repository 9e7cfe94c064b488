"""Gathering: the files of a run, its ledger and the papers, each with its place in the container and its title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from workbench.base.canon import digest
from workbench.base.errors import CheckFailed, DossierError, Place, Problem
from workbench.base.sealing import ENCRYPTED
from workbench.base.text import reason
from workbench.dossier.container import BytesSource, FileSource, Source
from workbench.dossier.sealing.checklist import declared
from workbench.dossier.sealing.confidential import Envelopes
from workbench.dossier.sealing.papers import Paper
from workbench.dossier.trust.confidential import seal_for
from workbench.review.ledger.attachments import file_name, files_of
from workbench.runs.kept import COPIES, EVIDENCE_LIST, SCHEME
from workbench.runs.sealed import Parts, parts_of_run
from workbench.runs.store import MANIFEST, PLAN, RESULT, StoredRun
from workbench.runs.withheld import encrypted_copies
from workbench.scheme.library import NATIONAL

RUN_MANIFEST = "conclusion/run-manifest.json"
LEDGER = "proof/ledger/ledger.jsonl"
EVIDENCE = f"proof/{COPIES}"
ATTACHMENTS = "proof/ledger/attachments"
_PROOF = (PLAN, EVIDENCE_LIST, f"{SCHEME}/", f"{COPIES}/")
_AGAIN = "请重新运行该计划"
_TITLES = {
    PLAN: "评价计划",
    EVIDENCE_LIST: "资料清单(文件与摘要)",
    "result.json": "评价结果",
    "scorecard.csv": "评分表",
    "findings.csv": "发现的问题",
    "review.csv": "专家评审意见",
    "notebook.ipynb": "已执行的笔记本",
    "environment.json": "运行环境",
    f"{SCHEME}/pack.yaml": "指标包",
    f"{SCHEME}/code.json": "插件计算结果",
}


@dataclass(frozen=True)
class Piece:
    """One file on its way into the container.

    Attributes:
        plain_sha256: digest of the content where that was encrypted for recipients.
        expected: what the run's manifest says its digest is; None for a file that comes from elsewhere.
        named: what people call it, where its path does not say so.
    """

    path: str
    title: str
    source: Source
    plain_sha256: str | None = None
    expected: str | None = None
    named: str | None = None


def whole_parts(stored: StoredRun, workspace: Path) -> Parts:
    """The parts of a run folder, all of them.

    A folder whose manifest was rewritten to fit what somebody put into it agrees with itself; it still has to be a run.

    Raises:
        CheckFailed: the folder was changed, lacks what its lists name, or was written by an earlier version.
        LedgerError: the ledger no longer has the event the run was written at.
    """
    try:
        parts, result = parts_of_run(stored, workspace), stored.result()
    except (KeyError, TypeError, ValueError):
        message = "运行文件夹的内容不符合格式"
        raise CheckFailed(Problem("file_changed", message, Place(stored.folder.name), fix=_AGAIN)) from None
    hidden = {f.path for f in parts.unopened}
    wanted = {f"{COPIES}/{f.copy_name}{ENCRYPTED * (f.path in hidden)}" for f in parts.evidence.files}
    wanted |= {f"{SCHEME}/policies/{name}.yaml" for name in (result.policy.id, NATIONAL)}
    wanted |= {f"{SCHEME}/rulesets/{result.ruleset.id}.yaml", RESULT, "scorecard.csv"}
    lost = sorted(wanted - set(stored.manifest()["files"]))
    if lost:
        raise CheckFailed(Problem("file_lost", "运行文件夹缺少文件", Place(name), fix=_AGAIN) for name in lost)
    return parts


def run_pieces(stored: StoredRun, parts: Parts, envelopes: Envelopes) -> Iterator[Piece]:
    """Everything of a run folder, and its own manifest. Confidential attachments of the evidence are encrypted."""
    files, listed = stored.manifest()["files"], parts.evidence
    hidden, names = encrypted_copies(files), {f.sha256: f"佐证资料“{listed.written(f.path)}”" for f in listed.files}
    attached = {f"{COPIES}/{f.copy_name}" for f in listed.attachments} - {
        f"{COPIES}/{f.copy_name}" for f in listed.tables
    }
    for name, sha256 in files.items():
        member, title, content = member_of(name), _title(name), hidden.get(name, sha256)
        named = names.get(content) if name.startswith(f"{COPIES}/") else None
        if name in hidden:
            source = FileSource(stored.folder / name)
            yield Piece(member, title, source, plain_sha256=content, expected=sha256, named=named)
        elif name in attached and envelopes.covers(sha256):
            closed = envelopes.around(sha256, partial(stored.unchanged, name))
            yield Piece(member + ENCRYPTED, title, closed, plain_sha256=sha256, named=named)
        else:
            yield Piece(member, title, FileSource(stored.folder / name), expected=sha256, named=named)
    yield Piece(RUN_MANIFEST, "运行清单", FileSource(stored.folder / MANIFEST))


def member_of(name: str) -> str:
    """Where a file of the run folder stands in the container."""
    return f"{'proof' if name.startswith(_PROOF) else 'conclusion'}/{name}"


def _title(name: str) -> str:
    first = name.partition("/")[0]
    general = {SCHEME: "计分规则集与地区办法", COPIES: "佐证资料", "figures": "图", "analysis": "分析表"}
    return _TITLES.get(name) or general.get(first, name)


def ledger_pieces(parts: Parts, envelopes: Envelopes) -> Iterator[Piece]:
    """The ledger up to the run, and what its events speak of. Confidential attachments are encrypted."""
    if parts.ledger is None:
        return
    yield Piece(LEDGER, "评审台账", BytesSource(parts.ledger))
    title = "评审台账的附件"
    for name, (said, sha256) in sorted({file_name(n, s): (n, s) for _, n, s in files_of(parts.ledger)}.items()):
        member, named, read = f"{ATTACHMENTS}/{name}", f"台账附件“{said}”", partial(_content, parts, name)
        if envelopes.covers(sha256):
            closed = envelopes.around(sha256, read)
            yield Piece(member + ENCRYPTED, title, closed, plain_sha256=sha256, named=named)
        else:
            yield Piece(member, title, BytesSource(read()), named=named)


def _content(parts: Parts, name: str) -> bytes:
    with parts.attachments[name]() as stream:
        return stream.read()


def paper_pieces(papers: Sequence[Paper], recipients: Sequence[str]) -> Iterator[tuple[str, Piece]]:
    """Item and piece of each paper handed in. Confidential ones are encrypted for the recipients.

    Raises:
        DossierError: a paper cannot be read.
        KeyFileError: a recipient that is none.
    """
    titles = {item.code: item.title for item in declared()}
    for paper in papers:
        title, named = titles[paper.item], f"归档资料“{paper.path.name}”"
        if not paper.confidential:
            yield paper.item, Piece(paper.member, title, FileSource(paper.path), named=named)
            continue
        try:
            data = paper.path.read_bytes()
        except OSError as error:
            message = f"归档资料读不出来({reason(error)})"
            raise DossierError(Problem("not_readable", message, paper.place, paper.path.name)) from None
        closed = BytesSource(seal_for(data, recipients))
        yield paper.item, Piece(paper.member, title, closed, digest(data), named=named)
