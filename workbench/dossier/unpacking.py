"""Unpacking: a dossier as the parts of a sealed workspace. Its content is compared with the manifest while it is read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from workbench.base.canon import digest
from workbench.base.errors import DossierError, FileError, Place, Problem
from workbench.base.sealing import ENCRYPTED
from workbench.dossier.container import Container
from workbench.dossier.container.layout import MAX_MEMBERS, MAX_SIZE
from workbench.dossier.container.manifests import ORIGINAL
from workbench.dossier.model import FileEntry
from workbench.dossier.sealing.gathering import ATTACHMENTS, EVIDENCE, LEDGER, RUN_MANIFEST
from workbench.runs.kept import EvidenceList, KeptFile
from workbench.runs.safenames import refuse_evidence_path, refuse_scheme_name, same_place
from workbench.runs.sealed import Origin, Parts
from workbench.runs.versions import ENGINE_VERSION
from workbench.runs.withheld import Ciphertext
from workbench.scoring.result import SCHEMA_VERSION, RunResult

RESULT = "conclusion/result.json"
_PLAN = "proof/plan.json"
EVIDENCE_LIST = "proof/evidence.json"
_SCHEME = "proof/scheme/"
MAX_READ = 256 * 1024**2
"""Bytes of what is read as a whole: plan, scheme, result, ledger. Evidence is copied, whatever its size."""
_DIGITS = 64
_AGE = b"age-encryption.org/v1\n"
"""How every file encrypted with age begins."""
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
    """What a sealed workspace is restored from. Confidential attachments stay encrypted: nothing here has a key.

    Raises:
        DossierError: a part is lacking or is not of the declared form.
    """
    plan = _json(container, _PLAN)
    if not isinstance(plan, dict) or not isinstance(plan.get("plan"), dict):
        raise _malformed(container, _PLAN, "评价计划不符合格式")
    evidence = evidence_of(container)
    _refuse_withheld(container, evidence)
    scheme = {n.removeprefix(_SCHEME): n for n in container.files if n.startswith(_SCHEME)}
    _refuse_names(container, evidence, scheme)
    if sum(f.size for f in evidence.files) > MAX_SIZE or len(evidence.files) + len(evidence.unread) > MAX_MEMBERS:
        raise _malformed(container, EVIDENCE_LIST, "资料清单把少数文件列成了大量副本")
    copies = {f.path: f"{EVIDENCE}/{f.copy_name}" for f in evidence.files if not _hidden(container, f)}
    for file in [f for f in evidence.files if f.path in copies]:
        entry = container.entry(copies[file.path])
        if (entry.sha256, entry.size) != (file.sha256, file.size):
            raise _malformed(container, entry.path, "佐证资料与资料清单所记的摘要不符")
    manifest, parent = container.manifest, result_of(container).parent
    attachments = [name for name, e in container.files.items() if name.startswith(f"{ATTACHMENTS}/") and not e.withheld]
    withheld = {entry.plain_sha256: entry for entry in container.files.values() if is_attachment(entry)}
    return Parts(
        plan=plan["plan"],
        evidence=evidence,
        files={path: partial(container.open, member) for path, member in copies.items()},
        scheme={name: whole(container, member) for name, member in scheme.items()},
        origin=Origin(run=manifest.run, dossier=digest(container.manifest_bytes), parent=parent),
        notebook=run_manifest(container).get("notebook"),
        ledger=whole(container, LEDGER) if LEDGER in container.files else None,
        attachments={PurePosixPath(name).name: partial(container.open, name) for name in attachments},
        withheld={
            s: Ciphertext(e.sha256, partial(container.open, e.path)) for s, e in withheld.items() if s is not None
        },
    )


def evidence_of(container: Container) -> EvidenceList:
    """The list of evidence. Raises DossierError when it is none."""
    try:
        return EvidenceList.model_validate_json(whole(container, EVIDENCE_LIST))
    except ValueError:
        raise _malformed(container, EVIDENCE_LIST, "资料清单不符合格式") from None


def _hidden(container: Container, file: KeptFile) -> bool:
    """Whether an evidence file is there in encrypted form alone."""
    return f"{EVIDENCE}/{file.copy_name}" not in container.files and encrypts(
        container.files.get(f"{EVIDENCE}/{file.copy_name}{ENCRYPTED}"), file.sha256
    )


def encrypts(entry: FileEntry | None, sha256: str) -> bool:
    """Whether a file of the dossier stands for a content that is sealed for recipients only."""
    return entry is not None and entry.withheld and entry.plain_sha256 == sha256


def is_attachment(entry: FileEntry) -> bool:
    """Whether a file is an attachment of evidence or ledger that is sealed for recipients only."""
    return entry.withheld and entry.path.startswith((f"{EVIDENCE}/", f"{ATTACHMENTS}/"))


def _refuse_withheld(container: Container, evidence: EvidenceList) -> None:
    """Papers and attachments may be sealed for recipients only, and nothing that is needed to score. Raises DossierError."""
    allowed = {f"{EVIDENCE}/{f.copy_name}{ENCRYPTED}" for f in evidence.attachments}
    forms: dict[str | None, str] = {}
    problems: list[Problem] = []
    for entry in container.files.values():
        faults = list(_withheld_faults(entry, allowed))
        if not faults and entry.withheld:
            faults += _ciphertext_faults(container, entry, forms)
        problems += (_fault(container, entry.path, fault) for fault in faults)
    if problems:
        raise DossierError(problems)


def _ciphertext_faults(container: Container, entry: FileEntry, forms: dict[str | None, str]) -> Iterator[str]:
    """What is no encrypted file, and an attachment that was encrypted in two ways: sealing does it once for each content."""
    with container.open(entry.path) as stream:
        if stream.read(len(_AGE)) != _AGE:
            yield "标为保密的文件不是密文"
    if is_attachment(entry) and forms.setdefault(entry.plain_sha256, entry.sha256) != entry.sha256:
        yield "同一内容的保密附件却有两种密文"


def _withheld_faults(entry: FileEntry, allowed: Collection[str]) -> Iterator[str]:
    path = PurePosixPath(entry.path)
    if not entry.withheld:
        if entry.plain_sha256 is not None:
            yield "没有保密封存的文件却另记了原文摘要"
    elif entry.plain_sha256 is None:
        yield "保密封存的文件没有记原文摘要"
    elif path.parts[1:2] != ("documents",):
        if entry.path not in allowed and path.parent.as_posix() != ATTACHMENTS:
            yield "只有归档资料和附件可以保密封存,重新计分要用的文件不能"
        elif path.name[:_DIGITS] != entry.plain_sha256 or path.suffix != ENCRYPTED:
            yield "保密附件的名称与所记的原文摘要不符"


def _refuse_names(container: Container, evidence: EvidenceList, scheme: Mapping[str, str]) -> None:
    """Nothing may become a file that leaves the workspace or is taken for code. Raises DossierError."""
    named: list[tuple[str, str, Callable[[str], None]]]
    named = [(name, member, refuse_scheme_name) for name, member in scheme.items()]
    named += [(name, EVIDENCE_LIST, refuse_evidence_path) for name in evidence.paths]
    problems: list[Problem] = []
    for name, member, refuse in named:
        try:
            refuse(name)
        except FileError as error:
            problems += (p.at(file=container.path.name, key=member) for p in error.problems)
    for name, met in same_place(evidence.paths):
        twice = _fault(container, EVIDENCE_LIST, "同一路径列了两次" if name == met else f"路径与“{met}”不能并存")
        problems.append(replace(twice, found=name))
    if problems:
        raise DossierError(problems)


def _json(container: Container, member: str) -> Any:
    try:
        return json.loads(whole(container, member))
    except (ValueError, RecursionError):
        raise _malformed(container, member, "文件不是 JSON") from None


def _malformed(container: Container, member: str, message: str) -> DossierError:
    return DossierError(_fault(container, member, message))


def _fault(container: Container, member: str, message: str) -> Problem:
    return Problem("malformed", message, fix=ORIGINAL).at(file=container.path.name, key=member)
