"""Gathering: the files of a run, its ledger and the papers, each with its place in the container and its title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.base.canon import digest
from workbench.base.errors import CheckFailed, Place, Problem
from workbench.dossier.confidential import seal_for
from workbench.dossier.container import BytesSource, FileSource, Source
from workbench.dossier.model import FOLDERS, Group
from workbench.dossier.sealing.checklist import declared
from workbench.dossier.sealing.documents import Paper
from workbench.runs.kept import EVIDENCE_LIST, SCHEME
from workbench.runs.sealed import Parts
from workbench.runs.store import COPIES, MANIFEST, PLAN, StoredRun

RUN_MANIFEST = "conclusion/run-manifest.json"
LEDGER = "proof/ledger/ledger.jsonl"
ATTACHMENTS = "proof/ledger/attachments"
_PROOF = (PLAN, EVIDENCE_LIST, f"{SCHEME}/", f"{COPIES}/")
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
_GROUP_FOLDERS: dict[Group, str] = {group: folder for folder, group in FOLDERS.items()}


@dataclass(frozen=True)
class Piece:
    """One file on its way into the container. ``plain_sha256`` where it was encrypted for recipients."""

    path: str
    title: str
    source: Source
    plain_sha256: str | None = None


def run_pieces(stored: StoredRun) -> Iterator[Piece]:
    """Everything of a run folder, and its own manifest."""
    for name in stored.manifest()["files"]:
        yield Piece(member_of(name), _title(name), FileSource(stored.folder / name))
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
        CheckFailed: a confidential paper, and nobody to seal it for.
        KeyFileError: a recipient that is none.
    """
    items = {item.code: item for item in declared()}
    for paper in papers:
        item = items[paper.item]
        path = f"{_GROUP_FOLDERS[item.group]}/documents/{item.code}/{paper.path.name}"
        if not paper.confidential:
            yield item.code, Piece(path, item.title, FileSource(paper.path))
            continue
        if not recipients:
            fix = "请用 --recipient 写明谁能打开(对方的 .pub 文件)"
            raise CheckFailed(Problem("recipient_none", "有保密资料,但没有写明收件人", Place(paper.path.name), fix=fix))
        data = paper.path.read_bytes()
        yield item.code, Piece(f"{path}.age", item.title, BytesSource(seal_for(data, recipients)), digest(data))
