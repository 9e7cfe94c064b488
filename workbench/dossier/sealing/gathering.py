"""Gathering: the files of a run, its ledger and the papers, each with its place in the container and its title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbench.base.canon import digest
from workbench.base.errors import CheckFailed, DossierError, Place, Problem
from workbench.base.text import reason
from workbench.dossier.container import BytesSource, FileSource, Source
from workbench.dossier.sealing.checklist import declared
from workbench.dossier.sealing.papers import Paper
from workbench.dossier.trust.confidential import seal_for
from workbench.runs.kept import EVIDENCE_LIST, SCHEME
from workbench.runs.sealed import Parts, parts_of_run
from workbench.runs.store import COPIES, MANIFEST, PLAN, RESULT, StoredRun
from workbench.scheme.library import NATIONAL

RUN_MANIFEST = "conclusion/run-manifest.json"
LEDGER = "proof/ledger/ledger.jsonl"
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
    """

    path: str
    title: str
    source: Source
    plain_sha256: str | None = None
    expected: str | None = None


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
    wanted = {f"{COPIES}/{f.sha256}{PurePosixPath(f.path).suffix}" for f in parts.evidence.files}
    wanted |= {f"{SCHEME}/policies/{name}.yaml" for name in (result.policy.id, NATIONAL)}
    wanted |= {f"{SCHEME}/rulesets/{result.ruleset.id}.yaml", RESULT, "scorecard.csv"}
    lost = sorted(wanted - set(stored.manifest()["files"]))
    if lost:
        raise CheckFailed(Problem("file_lost", "运行文件夹缺少文件", Place(name), fix=_AGAIN) for name in lost)
    return parts


def run_pieces(stored: StoredRun) -> Iterator[Piece]:
    """Everything of a run folder, and its own manifest."""
    for name, sha256 in stored.manifest()["files"].items():
        yield Piece(member_of(name), _title(name), FileSource(stored.folder / name), expected=sha256)
    yield Piece(RUN_MANIFEST, "运行清单", FileSource(stored.folder / MANIFEST))


def member_of(name: str) -> str:
    """Where a file of the run folder stands in the container."""
    return f"{'proof' if name.startswith(_PROOF) else 'conclusion'}/{name}"


def _title(name: str) -> str:
    first = name.partition("/")[0]
    general = {SCHEME: "计分规则集与地区办法", COPIES: "佐证资料", "figures": "图", "analysis": "分析表"}
    return _TITLES.get(name) or general.get(first, name)


def ledger_pieces(parts: Parts) -> Iterator[Piece]:
    """The ledger up to the run, and what its events speak of."""
    if parts.ledger is not None:
        yield Piece(LEDGER, "评审台账", BytesSource(parts.ledger))
    for name, source in sorted(parts.attachments.items()):
        with source() as stream:
            yield Piece(f"{ATTACHMENTS}/{name}", "评审台账的附件", BytesSource(stream.read()))


def paper_pieces(papers: Sequence[Paper], recipients: Sequence[str]) -> Iterator[tuple[str, Piece]]:
    """Item and piece of each paper handed in. Confidential ones are encrypted for the recipients.

    Raises:
        DossierError: a confidential paper and nobody to seal it for, or recipients and nothing confidential.
        KeyFileError: a recipient that is none.
    """
    _refuse_mismatch(papers, recipients)
    titles = {item.code: item.title for item in declared()}
    for paper in papers:
        title = titles[paper.item]
        if not paper.confidential:
            yield paper.item, Piece(paper.member, title, FileSource(paper.path))
            continue
        try:
            data = paper.path.read_bytes()
        except OSError as error:
            message = f"归档资料读不出来({reason(error)})"
            raise DossierError(Problem("not_readable", message, paper.place, paper.path.name)) from None
        yield paper.item, Piece(paper.member, title, BytesSource(seal_for(data, recipients)), digest(data))


def _refuse_mismatch(papers: Sequence[Paper], recipients: Sequence[str]) -> None:
    """Nothing meant to be confidential is sealed in clear: raises DossierError when papers and recipients do not agree."""
    secret = [paper for paper in papers if paper.confidential]
    if secret and not recipients:
        fix = "请用 --recipient 写明谁能打开(对方的 .pub 文件)"
        problem = Problem(
            "recipient_none", "有保密资料,但没有写明收件人", secret[0].place, secret[0].path.name, fix=fix
        )
        raise DossierError(problem)
    if recipients and not secret:
        fix = "请在归档资料文件中给保密的资料加 confidential: true,或去掉 --recipient"
        raise DossierError(Problem("nothing_confidential", "写明了收件人,但没有一份资料标明保密", fix=fix))
