"""Consistency: whether the files of a dossier say the same of one run, and the ledger hangs together."""

from __future__ import annotations

import json
from collections.abc import Iterator

from workbench.base.canon import canonical_json
from workbench.base.errors import LedgerError, Place, Problem
from workbench.base.sealing import ENCRYPTED
from workbench.dossier.container import Container
from workbench.dossier.container.manifests import ORIGINAL
from workbench.dossier.sealing.checklist import checklist, declared, kind_of
from workbench.dossier.sealing.crate import NAME as CRATE
from workbench.dossier.sealing.crate import crate
from workbench.dossier.sealing.documents import read_documents
from workbench.dossier.sealing.gathering import ATTACHMENTS, EVIDENCE, LEDGER, RUN_MANIFEST, member_of
from workbench.dossier.unpacking import RESULT, encrypts, run_manifest, whole
from workbench.dossier.verifying.scratch import scratch
from workbench.reports.csvfiles import analysis_csv, findings_csv, review_csv, scorecard_csv
from workbench.review.ledger.attachments import file_name, files_named
from workbench.review.ledger.jsonl import sound_export
from workbench.review.ledger.records import Stored
from workbench.scoring.result import RunResult

_REVIEW = "proof/ledger/"


def manifest_problems(container: Container, result: RunResult) -> Iterator[Problem]:
    """Where manifest, checklist, run manifest and description contradict the result or each other."""
    manifest, files = container.manifest, container.files
    stated = {
        "evaluation": (manifest.evaluation, result.evaluation),
        "title": (manifest.title, result.title),
        "engine": (manifest.engine, result.engine.version),
        "ledger_head": (manifest.ledger_head, result.ledger_head),
        "kind": (manifest.kind, kind_of(manifest.checklist)),
        "run": (manifest.run, str(run_manifest(container).get("digest"))),
    }
    for field, (found, expected) in stated.items():
        if found != expected:
            yield _contradiction("清单与评价结果、目录或运行清单不符", f"manifest.json {field}", found, expected)
    for item in manifest.checklist:
        lost = [name for name in item.files if name not in files]
        if lost or (item.state == "有") != bool(item.files) or (item.state != "有" and not item.reason):
            yield _contradiction("档案目录所列的资料不在档案中,或没有写明理由", item.title, "、".join(lost) or None)
    yield from _checklist(container, result)
    yield from _run_files(container)
    others = [entry for name, entry in files.items() if name != CRATE]
    if CRATE not in files or crate(others, result, manifest.kind, manifest.institution) != whole(container, CRATE):
        yield _contradiction("档案说明(RO-Crate)与清单不符", CRATE)


def _run_files(container: Container) -> Iterator[Problem]:
    """The run's own files are those the run folder had when it was written, confidential attachments in encrypted form."""
    stated = {member_of(name): sha256 for name, sha256 in run_manifest(container)["files"].items()}
    found = {name: _member(container, name, sha256, within=EVIDENCE) for name, sha256 in stated.items()}
    yield from (_contradiction("文件与运行清单所记的不同", name) for name, member in found.items() if member is None)
    own = {name if member is None else member for name, member in found.items()}
    listed = {name for item in container.manifest.checklist for name in item.files}
    for name in container.files.keys() - own - {CRATE, RUN_MANIFEST}:
        if name.split("/")[1] == "documents" and name not in listed:
            yield _contradiction("归档资料不在档案目录中", name)
        if name.split("/")[1] != "documents" and not name.startswith(_REVIEW):
            yield _contradiction("档案中有运行清单没有的文件", name)


def _member(container: Container, name: str, sha256: str, *, within: str) -> str | None:
    """The file of this name and digest, or the encrypted one that stands for it where attachments are; None without either."""
    entry = container.files.get(name)
    if entry is not None:
        return name if entry.sha256 == sha256 else None
    encrypted = f"{name}{ENCRYPTED}"
    hidden = name.startswith(f"{within}/") and encrypts(container.files.get(encrypted), sha256)
    return encrypted if hidden else None


def _checklist(container: Container, result: RunResult) -> Iterator[Problem]:
    """Where the checklist claims what neither the papers nor the result show, or lets off a mandatory item.

    Codes and titles of ``checklist.yaml`` stay as they are for that: dossiers sealed before have them.
    """
    files = container.files
    handed_in = {
        item.code: [name for name in files if name.split("/")[1:3] == ["documents", item.code]] for item in declared()
    }
    stated = {item.code: item for item in container.manifest.checklist}
    for item in checklist(read_documents(None, {}), handed_in, result, files.keys()):
        said = stated.pop(item.code, None)
        if said is None or (sorted(said.files), said.title, said.group) != (sorted(item.files), item.title, item.group):
            found = "、".join(said.files) if said is not None else None
            yield _contradiction(
                "档案目录与档案中的资料和评审记录不符", item.title, found, "、".join(item.files) or "无"
            )
        elif item.mandatory and not said.mandatory:
            yield _contradiction("档案目录把必备资料列为非必备", item.title)
    for said in stated.values():
        yield _contradiction("档案目录没有这一项", said.title)


def table_problems(container: Container, result: RunResult) -> Iterator[Problem]:
    """A result that is not written the one way, and CSV files that do not say what it says."""
    if whole(container, RESULT) != canonical_json(result.model_dump(exclude_unset=True), indent=2):
        yield _contradiction("评价结果不是程序写出的样子(空白、次序或重复的键)", RESULT)
    tables = {"scorecard.csv": scorecard_csv(result), "findings.csv": findings_csv(result)}
    if result.review is not None:
        tables["review.csv"] = review_csv(result)
    tables |= {f"analysis/{a.name}.csv": analysis_csv(a) for a in result.analyses}
    for name, data in tables.items():
        member = f"conclusion/{name}"
        if member not in container.files or whole(container, member) != data:
            yield _contradiction("表格与评价结果不符", member, expected=RESULT)


def ledger_problems(container: Container, result: RunResult) -> Iterator[Problem]:
    """Where the ledger is broken, cut, of another evaluation, or lacks what its events speak of."""
    manifest = container.manifest
    if LEDGER not in container.files:
        if manifest.ledger_head or manifest.ledger_events or result.review is not None or _reviewed(container):
            yield _contradiction("有评审结果或附件,但没有评审台账", LEDGER)
        return
    if result.review is None:
        yield _contradiction("有评审台账,评价结果中却没有评审记录", RESULT, expected=LEDGER)
    try:
        rows = _rows(container)
    except LedgerError as error:
        yield from (p.at(file=container.path.name, key=f"{LEDGER} {p.place.key or ''}".strip()) for p in error.problems)
        return
    head = (rows[-1].seq, rows[-1].hash) if rows else (0, "")
    if head != (manifest.ledger_events, manifest.ledger_head):
        yield _contradiction(
            "台账的末尾与清单不符:被截短、续写或替换", LEDGER, f"第{head[0]}条", f"第{manifest.ledger_events}条"
        )
    spoken_of = {LEDGER}
    for row in rows:
        for title, sha256 in files_named(json.loads(row.record)):
            name = f"{ATTACHMENTS}/{file_name(title, sha256)}"
            member = _member(container, name, sha256, within=ATTACHMENTS)
            spoken_of.add(member or name)
            if member is None:
                yield _contradiction("台账的附件不在档案中,或不是原件", f"{LEDGER} 第{row.seq}条事件", title)
    for name in container.files:
        if name.startswith(_REVIEW) and name not in spoken_of:
            yield _contradiction("台账没有提到这个文件", name)


def _reviewed(container: Container) -> bool:
    """Whether there is anything of a review."""
    return any(name.startswith(_REVIEW) for name in container.files)


def _rows(container: Container) -> list[Stored]:
    with scratch() as folder:
        file = folder / "ledger.jsonl"
        file.write_bytes(whole(container, LEDGER))
        return sound_export(file, container.manifest.evaluation).rows


def _contradiction(message: str, key: str, found: str | None = None, expected: str | None = None) -> Problem:
    return Problem("contradiction", message, Place(key=key), found, expected, fix=ORIGINAL)
