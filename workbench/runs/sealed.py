"""Sealed workspaces (封存工作区): a run or a dossier unfolded again, so that it can be opened, run and changed where it lies.

Pack, ruleset and policies come from ``sealed/`` alone. No code comes with them: rule kinds and derivations are those
installed, or their recorded answers, and the notebook is one of this installation.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from workbench.base.canon import CHUNK, canonical_json, digest, digest_file
from workbench.base.errors import CheckFailed, FileError, Place, PlanError, Problem
from workbench.base.filenames import name_fault
from workbench.base.models import Model, validated
from workbench.base.sealing import ORIGIN, SEALED, WITHHELD_LIST, is_sealed
from workbench.base.writing import unwritable
from workbench.base.yamlio import YamlDocument
from workbench.evidence.tables import SourceFile
from workbench.plugins.discovery import NO_VERSION, PluginFolder
from workbench.plugins.manager import load_plugins
from workbench.review.ledger.attachments import files_of
from workbench.runs.codetable import CodeTable, read_table
from workbench.runs.foreign import Sources, drawn, replaying
from workbench.runs.kept import CODE_TABLE, COPIES, EVIDENCE_LIST, PACK_FILE, SCHEME, EvidenceList, KeptFile
from workbench.runs.notebooks import CHECKOUT, DEFAULT, PACKAGED
from workbench.runs.safenames import refuse_evidence_path, refuse_scheme_name
from workbench.runs.store import PLAN, StoredRun
from workbench.runs.withheld import Ciphertext, Opener, encrypted_copies, encrypted_file
from workbench.runs.workspace import find_workspace
from workbench.scheme.library import Library, load_pack
from workbench.scheme.plan import Plan

PLAN_FILE = "params/plan.yaml"
_ATTESTED = "attested.json"


class Origin(Model):
    """``origin.json``: which run a workspace was restored from.

    ``dossier`` is the SHA-256 of the container's manifest, None for a run folder. ``changed``: names of what was changed for
    再评价, and the digest of the ``content`` it made. ``parent``: the run before the one that is written here, which is ``run``
    where something was changed.
    """

    run: str
    dossier: str | None = None
    parent: str | None = None
    changed: list[str] = []
    content: str | None = None


@dataclass(frozen=True)
class Parts:
    """What a sealed workspace is made of, whether it comes from a run folder or from a dossier.

    Attributes:
        plan: the plan as ``plan.json`` has it.
        files: path of ``evidence.files`` → its bytes.
        scheme: path below ``scheme/`` → bytes: pack, ruleset, policies and, with foreign code, ``code.json``.
        notebook: SHA-256 of the notebook that was executed; None when a notebook saved the run by itself.
        ledger: the review's events as an export; None without a review.
        attachments: name → bytes of what the events speak of.
        attested: attachments of the evidence that are left out, because who restores has checked their bytes and no person
            will open them; the workspace knows their digests.
        withheld: SHA-256 of each confidential attachment of evidence or ledger → what stands for it. Neither ``files`` nor
            ``attachments`` need to have it; where they do, it is not unfolded all the same.
    """

    plan: Mapping[str, Any]
    evidence: EvidenceList
    files: Mapping[str, Opener]
    scheme: Mapping[str, bytes]
    origin: Origin
    notebook: str | None = None
    ledger: bytes | None = None
    attachments: Mapping[str, Opener] = field(default_factory=dict)
    attested: Sequence[KeptFile] = ()
    withheld: Mapping[str, Ciphertext] = field(default_factory=dict)

    @property
    def unopened(self) -> list[KeptFile]:
        """Attachments of the evidence that are unfolded in encrypted form alone."""
        return [f for f in self.evidence.attachments if f.sha256 in self.withheld]

    @property
    def confidential(self) -> int:
        """How many contents of evidence and ledger are unfolded in encrypted form alone."""
        told = {sha256 for _, _, sha256 in files_of(self.ledger or b"")}
        return len(self.withheld.keys() & (told | {f.sha256 for f in self.unopened}))

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of every file of scheme and evidence, by its path in the workspace; of an encrypted one as it lies there."""
        found = {f"{SEALED}/{name}": digest(data) for name, data in self.scheme.items()}
        hidden = {f.path for f in [*self.attested, *self.unopened]}
        found |= {f.path: f.sha256 for f in self.evidence.files if f.path not in hidden}
        return found | {path: encrypted.sha256 for path, encrypted in self.encrypted.items()}

    @property
    def encrypted(self) -> dict[str, Ciphertext]:
        """What stands for confidential attachments of the evidence, by its path in the workspace; once for each content."""
        once = {f.sha256: f for f in reversed(self.unopened)}.values()
        return {encrypted_file(f): self.withheld[f.sha256] for f in once}


def parts_of_run(stored: StoredRun, workspace: Path | None = None) -> Parts:
    """The parts of a run folder.

    Args:
        workspace: where the run's ledger is, needed only for a run with a review; found from the run folder when None.

    Raises:
        CheckFailed: the folder was changed, or an earlier version wrote it without what is needed.
        LedgerError: the ledger no longer has the event the run was written at.
    """
    from workbench.runs.sealedledger import KeptLedger, ledger_of

    stored.check()
    manifest, result = stored.manifest(), stored.result()
    names = [n.removeprefix(f"{SCHEME}/") for n in manifest["files"] if n.startswith(f"{SCHEME}/")]
    if PACK_FILE not in names or EVIDENCE_LIST not in manifest["files"]:
        message = "这次运行由较早的程序写成,没有保存评价方案"
        raise CheckFailed(Problem("run_without_scheme", message, Place(stored.folder.name), fix="请重新运行该计划"))
    evidence = EvidenceList.model_validate_json(stored.unchanged(EVIDENCE_LIST))
    ledger: KeptLedger | None = None
    if result.ledger_head:
        ledger = ledger_of(workspace or find_workspace(stored.folder), result)
    withheld = {
        content: Ciphertext(manifest["files"][name], opener(stored.folder / name))
        for name, content in encrypted_copies(manifest["files"]).items()
    }
    return Parts(
        plan=json.loads(stored.unchanged(PLAN))["plan"],
        evidence=evidence,
        files={f.path: opener(stored.folder / COPIES / f.copy_name) for f in evidence.files},
        scheme={name: stored.unchanged(f"{SCHEME}/{name}") for name in names},
        origin=Origin(run=manifest["digest"], parent=result.parent),
        notebook=manifest.get("notebook"),
        ledger=ledger.export if ledger is not None else None,
        attachments=ledger.attachments if ledger is not None else {},
        withheld=withheld | dict(ledger.withheld if ledger is not None else {}),
    )


def opener(path: Path) -> Opener:
    """Opens a file when it is wanted."""
    return lambda: path.open("rb")


def origin_of(workspace: Path) -> Origin | None:
    """Where a sealed workspace came from; None for any other. Raises CheckFailed when that cannot be read."""
    if not is_sealed(workspace):
        return None
    path = workspace / SEALED / ORIGIN
    try:
        return Origin.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        fix = "请重新还原该工作区"
        raise CheckFailed(Problem("bad_origin", "封存工作区的来源说明已损坏", Place(path.name), fix=fix)) from None


def load_sources(root: Path, *, tables_only: bool = False, recording: bool = True) -> Sources:
    """Where a workspace's packs, rulesets, policies, rule kinds and derivations come from.

    Args:
        tables_only: in a sealed workspace run no foreign code, even where it is installed.
        recording: keep what foreign code is asked and answers, for the run that will be written.

    Raises:
        CheckFailed: the recorded answers of a sealed workspace are damaged.
    """
    installed = load_plugins(root)
    if is_sealed(root):
        table = read_table(root / SEALED / CODE_TABLE) or CodeTable(code=[], kinds={}, calls={})
        sources = replaying(installed, table, tables_only=tables_only)
        sources.folders = [PluginFolder(root / SEALED, "封存", NO_VERSION)]
    else:
        sources = drawn(installed)
    if recording:
        sources.record()
    return sources


def attested_files(root: Path) -> dict[str, SourceFile]:
    """Attachments that a sealed workspace was restored without, by path; none anywhere else."""
    path = root / SEALED / _ATTESTED
    if not is_sealed(root) or not path.is_file():
        return {}
    return {f["path"]: SourceFile(**f) for f in json.loads(path.read_bytes())}


def restore(parts: Parts, into: Path) -> Path:
    """Unfold parts into a new folder: all of it or nothing.

    Raises:
        FileError: the folder exists, cannot be written, or a part's name would leave its place in it.
        CheckFailed: a file is not what the list says.
        LedgerError: the ledger does not hang together.
    """
    plan = validated(Plan, dict(parts.plan), YamlDocument(None, PLAN), PlanError, "plan")
    for name in parts.scheme:
        refuse_scheme_name(name)
    for name in parts.evidence.paths:
        refuse_evidence_path(name)
    with _new_folder(into) as work:
        _put(work / SEALED / ORIGIN, canonical_json(parts.origin.model_dump(), indent=2))
        for name, data in parts.scheme.items():
            _put(work / SEALED / name, data)
        _put_evidence(parts, work)
        for name in parts.evidence.unread:
            _put(work / name, b"")
        content = {"plan": plan.model_dump(mode="json", exclude_none=True)}
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10**6)
        _put(work / PLAN_FILE, text.encode())
        _put_notebook(parts, plan, work)
        if parts.ledger is not None:
            from workbench.runs.sealedledger import fill

            fill(work, plan.evaluation, parts.ledger, parts.attachments, parts.withheld)
    return into


def _put_evidence(parts: Parts, work: Path) -> None:
    """The evidence but for attachments that are attested or confidential; of the latter the encrypted form, once for a content."""
    left_out = {f.path: f for f in [*parts.attested, *parts.unopened]}
    for file in [f for f in parts.evidence.files if f.path not in left_out]:
        _copy(file, parts.files.get(file.path), work / file.path)
    if left_out:
        _put(work / SEALED / _ATTESTED, canonical_json([f.model_dump() for f in left_out.values()]))
    for path, encrypted in parts.encrypted.items():
        encrypted.write(work / path)
    if parts.withheld:
        listed = {content: encrypted.sha256 for content, encrypted in parts.withheld.items()}
        _put(work / SEALED / WITHHELD_LIST, canonical_json(listed))


@contextmanager
def _new_folder(into: Path) -> Iterator[Path]:
    """A scratch folder beside ``into`` that takes its name when the block ends well."""
    if into.exists():
        fix = "请换一个还没有的文件夹;已有的内容不会被覆盖"
        raise FileError(Problem("folder_exists", "文件夹已存在", Place(into.as_posix()), fix=fix))
    work = None
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{into.name}-", dir=into.parent))
        yield work
        work.chmod(0o755)
        _take_place(work, into)
    except BaseException as error:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)
        if isinstance(error, OSError):
            raise FileError(unwritable(error, into, "请检查文件夹和权限", "文件夹")) from None
        raise


def _take_place(work: Path, into: Path) -> None:
    """Give a finished folder its name. Raises FileError when another one has got it meanwhile."""
    try:
        work.rename(into)
    except OSError:
        if not into.exists():
            raise
        message, fix = "文件夹刚刚被占用,另一次重跑可能正在用它", "请等它结束再运行,或换一个文件夹"
        raise FileError(Problem("folder_taken", message, Place(into.as_posix()), fix=fix)) from None


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as stream:  # two names that are one on this computer's disk are refused
        stream.write(data)


def _copy(file: KeptFile, source: Opener | None, path: Path) -> None:
    if source is None:
        raise CheckFailed(Problem("file_lost", "缺少佐证资料", Place(file.path)))
    path.parent.mkdir(parents=True, exist_ok=True)
    running, size = sha256(), 0
    with source() as incoming, path.open("xb") as stream:
        while size <= file.size and (block := incoming.read(CHUNK)):
            running.update(block)
            size += stream.write(block)
    if (size, running.hexdigest()) != (file.size, file.sha256):
        raise CheckFailed(Problem("file_changed", "佐证资料与清单所记的摘要不符", Place(file.path)))


def _put_notebook(parts: Parts, plan: Plan, work: Path) -> None:
    """This installation's notebook of the executed one's name, the same if there is; otherwise the general one."""
    name = plan.notebook or load_pack(work / SEALED / PACK_FILE).notebook or DEFAULT
    if name_fault(name):
        raise FileError(Problem("path_outside", "笔记本只能写文件名,不能写路径", Place(PLAN), found=name))
    found = installed_notebooks(name)
    same = [path for path in found if digest_file(path) == parts.notebook]
    _put(work / "notebooks" / name, [*same, *found, *installed_notebooks(DEFAULT)][0].read_bytes())


def installed_notebooks(name: str) -> list[Path]:
    """The notebooks of a name that came with this program or an installed pack. ``name`` is a plain file name."""
    packs = Library.of(load_plugins(code=False).folders).packs.values()
    folders = [PACKAGED, CHECKOUT, *(entry.path.parent / "notebooks" for entry in packs)]
    return [folder / name for folder in folders if (folder / name).is_file()]
