"""Unpacking: a dossier as the parts of a sealed workspace. Its content is compared with the manifest while it is read."""

from __future__ import annotations

import json
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from workbench.base.canon import digest
from workbench.base.errors import DossierError, Problem
from workbench.dossier.container import Container
from workbench.dossier.manifests import ORIGINAL
from workbench.dossier.sealing.gathering import ATTACHMENTS, LEDGER, RUN_MANIFEST
from workbench.runs.kept import EvidenceList
from workbench.runs.sealed import Origin, Parts
from workbench.scoring.result import RunResult

RESULT = "conclusion/result.json"
_PLAN = "proof/plan.json"
_EVIDENCE_LIST = "proof/evidence.json"
_EVIDENCE = "proof/evidence"
_SCHEME = "proof/scheme/"


def result_of(container: Container) -> RunResult:
    """The sealed result. Raises DossierError when it is not one this version can read."""
    try:
        return RunResult.model_validate_json(container.read(RESULT))
    except ValueError:
        raise _malformed(container, RESULT, "评价结果不符合格式,或由更新版本的程序写成") from None


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
        evidence = EvidenceList.model_validate_json(container.read(_EVIDENCE_LIST))
    except ValueError:
        raise _malformed(container, _EVIDENCE_LIST, "资料清单不符合格式") from None
    copies = {f.path: f"{_EVIDENCE}/{f.sha256}{PurePosixPath(f.path).suffix}" for f in evidence.files}
    for member in copies.values():
        container.entry(member)
    manifest = container.manifest
    attachments = [name for name in container.files if name.startswith(f"{ATTACHMENTS}/")]
    return Parts(
        plan=plan["plan"],
        evidence=evidence,
        files={path: partial(container.open, member) for path, member in copies.items()},
        scheme={n.removeprefix(_SCHEME): container.read(n) for n in container.files if n.startswith(_SCHEME)},
        origin=Origin(run=manifest.run, dossier=digest(container.manifest_bytes), parent=manifest.run),
        notebook=run_manifest(container).get("notebook"),
        ledger=container.read(LEDGER) if LEDGER in container.files else None,
        attachments={PurePosixPath(name).name: partial(container.open, name) for name in attachments},
    )


def _json(container: Container, member: str) -> Any:
    try:
        return json.loads(container.read(member))
    except (ValueError, RecursionError):
        raise _malformed(container, member, "文件不是 JSON") from None


def _malformed(container: Container, member: str, message: str) -> DossierError:
    problem = Problem("malformed", message, fix=ORIGINAL).at(file=container.path.name, key=member)
    return DossierError(problem)
