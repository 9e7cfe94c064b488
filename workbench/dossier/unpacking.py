"""Unpacking: a dossier as the parts of a sealed workspace. Its content is compared with the manifest while it is read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from workbench.base.canon import digest
from workbench.base.errors import DossierError, FileError, Place, Problem
from workbench.dossier.container import Container
from workbench.dossier.container.layout import MAX_MEMBERS, MAX_SIZE
from workbench.dossier.container.manifests import ORIGINAL
from workbench.dossier.sealing.gathering import ATTACHMENTS, LEDGER, RUN_MANIFEST
from workbench.runs.kept import EvidenceList
from workbench.runs.safenames import refuse_evidence_path, refuse_scheme_name
from workbench.runs.sealed import Origin, Parts
from workbench.runs.versions import ENGINE_VERSION
from workbench.scoring.result import SCHEMA_VERSION, RunResult

RESULT = "conclusion/result.json"
_PLAN = "proof/plan.json"
_EVIDENCE_LIST = "proof/evidence.json"
_EVIDENCE = "proof/evidence"
_SCHEME = "proof/scheme/"
MAX_READ = 256 * 1024**2
"""Bytes of what is read as a whole: plan, scheme, result, ledger. Evidence is copied, whatever its size."""
_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){2}")


def whole(container: Container, member: str) -> bytes:
    """The content of a file that verifying and unfolding read at once. Raises DossierError when it would fill the memory."""
    if container.entry(member).size > MAX_READ:
        raise _malformed(container, member, f"文件超过 {MAX_READ // 1024**2} MB,不是封存程序写的")
    return container.read(member)


def result_of(container: Container) -> RunResult:
    """The sealed result. Raises DossierError when it is not one, or was written by a later version."""
    content = _json(container, RESULT)
    engine = content.get("engine") if isinstance(content, dict) else None
    stated = {
        "schema_version": (content.get("schema_version") if isinstance(content, dict) else None, SCHEMA_VERSION),
        "engine": (engine.get("version") if isinstance(engine, dict) else None, ENGINE_VERSION),
    }
    for key, (found, known) in stated.items():
        if not isinstance(found, str) or not _VERSION.fullmatch(found):
            raise _malformed(container, RESULT, "评价结果没有写明版本")
        if _numbers(found) > _numbers(known):
            place, fix = Place(container.path.name, key=f"{RESULT} {key}"), "请升级 workbench 后再打开"
            raise DossierError(Problem("newer_result", "由更新版本的程序写成", place, found, f"≤{known}", fix))
    try:
        return RunResult.model_validate_json(whole(container, RESULT))
    except ValueError:
        raise _malformed(container, RESULT, "评价结果不符合格式") from None


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def run_manifest(container: Container) -> dict[str, Any]:
    """The run folder's own manifest: ``digest``, ``notebook``, ``files``. Raises DossierError."""
    content = _json(container, RUN_MANIFEST)
    if not isinstance(content, dict) or not isinstance(content.get("files"), dict):
        raise _malformed(container, RUN_MANIFEST, "运行清单不符合格式")
    return content


def parts_of_dossier(container: Container) -> Parts:
    """What a sealed workspace is restored from.

    Raises:
        DossierError: a part is lacking or is not of the declared form.
    """
    plan = _json(container, _PLAN)
    if not isinstance(plan, dict) or not isinstance(plan.get("plan"), dict):
        raise _malformed(container, _PLAN, "评价计划不符合格式")
    try:
        evidence = EvidenceList.model_validate_json(whole(container, _EVIDENCE_LIST))
    except ValueError:
        raise _malformed(container, _EVIDENCE_LIST, "资料清单不符合格式") from None
    scheme = {n.removeprefix(_SCHEME): n for n in container.files if n.startswith(_SCHEME)}
    _refuse_names(container, evidence, scheme)
    if sum(f.size for f in evidence.files) > MAX_SIZE or len(evidence.files) + len(evidence.unread) > MAX_MEMBERS:
        raise _malformed(container, _EVIDENCE_LIST, "资料清单把少数文件列成了大量副本")
    copies = {f.path: f"{_EVIDENCE}/{f.sha256}{PurePosixPath(f.path).suffix}" for f in evidence.files}
    for file in evidence.files:
        entry = container.entry(copies[file.path])
        if (entry.sha256, entry.size) != (file.sha256, file.size):
            raise _malformed(container, entry.path, "佐证资料与资料清单所记的摘要不符")
    manifest, parent = container.manifest, result_of(container).parent
    attachments = [name for name in container.files if name.startswith(f"{ATTACHMENTS}/")]
    return Parts(
        plan=plan["plan"],
        evidence=evidence,
        files={path: partial(container.open, member) for path, member in copies.items()},
        scheme={name: whole(container, member) for name, member in scheme.items()},
        origin=Origin(run=manifest.run, dossier=digest(container.manifest_bytes), parent=parent),
        notebook=run_manifest(container).get("notebook"),
        ledger=whole(container, LEDGER) if LEDGER in container.files else None,
        attachments={PurePosixPath(name).name: partial(container.open, name) for name in attachments},
    )


def _refuse_names(container: Container, evidence: EvidenceList, scheme: Mapping[str, str]) -> None:
    """Nothing may become a file that leaves the workspace or is taken for code. Raises DossierError."""
    named: list[tuple[str, str, Callable[[str], None]]]
    named = [(name, member, refuse_scheme_name) for name, member in scheme.items()]
    named += [
        (name, _EVIDENCE_LIST, refuse_evidence_path) for name in (*(f.path for f in evidence.files), *evidence.unread)
    ]
    problems: list[Problem] = []
    for name, member, refuse in named:
        try:
            refuse(name)
        except FileError as error:
            problems += (p.at(file=container.path.name, key=member) for p in error.problems)
    if problems:
        raise DossierError(problems)


def _json(container: Container, member: str) -> Any:
    try:
        return json.loads(whole(container, member))
    except (ValueError, RecursionError):
        raise _malformed(container, member, "文件不是 JSON") from None


def _malformed(container: Container, member: str, message: str) -> DossierError:
    problem = Problem("malformed", message, fix=ORIGINAL).at(file=container.path.name, key=member)
    return DossierError(problem)
