"""RO-Crate: the container described for programs that do not know it (RO-Crate 1.1, Process Run Crate 0.5).

What was run (the engine, with its version), on what (plan, scheme, evidence, ledger), with what result. No time of day: the
description of the same run has the same bytes, and verifying demands them: they belong to the manifest's version 1. Another way
to describe needs a new version, with this one kept for the dossiers that have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from workbench.base.canon import canonical_json
from workbench.dossier.model import FileEntry, Kind
from workbench.scoring.result import RunResult

SPECIFICATION = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
NAME = "ro-crate-metadata.json"
_RUN, _PROGRAM = "#run", "#workbench"
_LICENSE = "#terms"
_TERMS = "未经委托方及其同级财政部门同意,不得对外提供、泄露、公开(财监〔2021〕4号 第二十一条)"
_INSTITUTION = "#institution"
_SHA256 = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
"""A term that RO-Crate 1.1 lacks and the Workflow Run profiles define; declared in place, so that no second context is fetched."""
_OFFICE = "application/vnd.openxmlformats-officedocument"
_TYPES = {
    ".age": "application/age-encryption",
    ".csv": "text/csv",
    ".doc": "application/msword",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".md": "text/markdown",
    ".ofd": "application/ofd",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".txt": "text/plain",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".yaml": "application/yaml",
    ".zip": "application/zip",
}
"""Our own table: the system's differs from computer to computer, and the bytes with it."""


def crate(files: Sequence[FileEntry], result: RunResult, kind: Kind, institution: str | None = None) -> bytes:
    """``ro-crate-metadata.json`` over these files, each with its SHA-256; ``institution`` did the evaluation."""
    root, action = _root(files, result, kind), _action(files, result)
    graph = [_descriptor(), root, *map(_file, files), action, _program(result)]
    graph += [_named(PROFILE, "Process Run Crate", "0.5"), _terms()]
    if institution is not None:
        graph.append({"@id": _INSTITUTION, "@type": "Organization", "name": institution})
        root |= {"author": {"@id": _INSTITUTION}, "publisher": {"@id": _INSTITUTION}}
        action |= {"agent": {"@id": _INSTITUTION}}
    return canonical_json({"@context": [f"{SPECIFICATION}/context", _SHA256], "@graph": graph}, indent=1)


def _id(path: str) -> dict[str, str]:
    """A reference to a file; names in Chinese are percent-encoded, as identifiers have to be."""
    return {"@id": quote(path)}


def _descriptor() -> dict[str, Any]:
    about = {"conformsTo": {"@id": SPECIFICATION}, "about": {"@id": "./"}}
    return {"@id": NAME, "@type": "CreativeWork"} | about


def _root(files: Sequence[FileEntry], result: RunResult, kind: Kind) -> dict[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{result.title}({kind})",
        "description": f"{result.title} {result.period} {result.stage}:方案、佐证、评审台账、评价结果和归档资料",
        "datePublished": result.as_of,
        "license": {"@id": _LICENSE},
        "conformsTo": {"@id": PROFILE},
        "hasPart": [_id(f.path) for f in files],
        "mentions": {"@id": _RUN},
    }


def _file(entry: FileEntry) -> dict[str, Any]:
    media = _TYPES.get(PurePosixPath(entry.path).suffix.lower(), "application/octet-stream")
    return _id(entry.path) | {
        "@type": "File",
        "name": f"{entry.title}:{PurePosixPath(entry.path).name}",
        "contentSize": str(entry.size),
        "encodingFormat": media,
        "sha256": entry.sha256,
    }


def _action(files: Sequence[FileEntry], result: RunResult) -> dict[str, Any]:
    documents = "/documents/"
    used = [f for f in files if f.path.startswith("proof/") and documents not in f.path]
    made = [f for f in files if f.path.startswith("conclusion/") and documents not in f.path]
    return {
        "@id": _RUN,
        "@type": "CreateAction",
        "name": f"{result.evaluation} 的评分",
        "description": f"指标包 {result.pack.id} {result.pack.version},计分规则集 {result.ruleset.id} {result.ruleset.version}",
        "instrument": {"@id": _PROGRAM},
        "object": [_id(f.path) for f in used],
        "result": [_id(f.path) for f in made],
    }


def _program(result: RunResult) -> dict[str, Any]:
    return {
        "@id": _PROGRAM,
        "@type": "SoftwareApplication",
        "name": "绩效评价工作台(workbench)",
        "version": result.engine.version,
    }


def _named(identifier: str, name: str, version: str) -> dict[str, Any]:
    return {"@id": identifier, "@type": "CreativeWork", "name": name, "version": version}


def _terms() -> dict[str, Any]:
    return {"@id": _LICENSE, "@type": "CreativeWork", "name": "使用限制", "description": _TERMS}
