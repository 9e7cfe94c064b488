"""Run store: immutable run folders, written beside and moved into place whole.

``result.json`` scorecard.csv findings.csv review.csv (with a review) analysis/ figures/ evidence/ evidence.json plan.json
scheme/ environment.json notebook.ipynb manifest.json — every file but the manifest stands in the manifest with its SHA-256.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.base.canon import canonical_json, digest, digest_file
from workbench.base.errors import CheckFailed, FileError, NotWritten, Place, Problem
from workbench.base.sealing import ENCRYPTED, withheld_digests
from workbench.base.text import suggest
from workbench.base.writing import unwritable, write_file
from workbench.evidence.tables import SourceFile
from workbench.reports.csvfiles import analysis_csv, findings_csv, review_csv, scorecard_csv
from workbench.runs.kept import CODE_TABLE, COPIES, EVIDENCE_LIST, SCHEME, evidence_list
from workbench.runs.versions import environment
from workbench.runs.withheld import encrypted_bytes
from workbench.scoring.result import RunResult

if TYPE_CHECKING:
    from workbench.runs.evaluation import Evaluation

STAGING_VARIABLE = "WORKBENCH_STAGING"
"""Set by ``workbench run`` for the kernel: where the notebook's ``save()`` writes before the folder is finished."""
MANIFEST = "manifest.json"
NOTEBOOK = "notebook.ipynb"
RESULT = "result.json"
PLAN = "plan.json"
FORGOTTEN = 24 * 3600
"""Seconds after which a half-written folder is nobody's."""
_ATTEMPTS = 5
_AGAIN = "请重新运行该计划"


@dataclass(frozen=True)
class StoredRun:
    """A run folder on disk."""

    folder: Path

    def result(self) -> RunResult:
        """Its ``result.json``. Raises FileError when it is missing or not a result."""
        path = self.folder / RESULT
        if not path.is_file():
            raise FileError(Problem("not_a_run", "这不是运行文件夹:没有 result.json", Place(str(self.folder))))
        try:
            return RunResult.model_validate_json(path.read_bytes())
        except ValueError as error:
            fix = "可能由另一版程序写成,请重新运行"
            raise FileError(Problem("bad_result", "result.json 内容不符合格式", Place(str(path)), fix=fix)) from error

    def manifest(self) -> dict[str, Any]:
        """Its manifest: run digest, and path → SHA-256 of every file. Raises CheckFailed when it is lost or damaged."""
        try:
            content: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            if isinstance(content, dict) and isinstance(content.get("files"), dict):
                return content
        except FileNotFoundError:
            raise CheckFailed(Problem("file_lost", "运行文件夹缺少清单", Place(MANIFEST), fix=_AGAIN)) from None
        except (OSError, ValueError):
            pass
        raise CheckFailed(Problem("file_changed", "清单已损坏,无法核对", Place(MANIFEST), fix=_AGAIN))

    def unchanged(self, name: str) -> bytes:
        """A file of the folder as the manifest has it. Raises CheckFailed when it is lost or was changed."""
        try:
            data = (self.folder / name).read_bytes()
        except OSError:
            raise CheckFailed(Problem("file_lost", "运行文件夹缺少文件", Place(name), fix=_AGAIN)) from None
        if digest(data) != self.manifest()["files"].get(name):
            raise CheckFailed(Problem("file_changed", "文件内容与清单不符", Place(name), fix=_AGAIN))
        return data

    def check(self) -> None:
        """Compare every file with the manifest. Raises CheckFailed naming each file that differs, lacks or is extra."""
        files = self.manifest()["files"]
        here = {p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file()} - {MANIFEST}
        problems = [Problem("file_lost", "运行文件夹缺少文件", Place(f)) for f in sorted(set(files) - here)]
        problems += [Problem("file_extra", "运行文件夹多出文件", Place(f)) for f in sorted(here - set(files))]
        for name in sorted(here & set(files)):
            if digest_file(self.folder / name) != files[name]:
                problems.append(Problem("file_changed", "文件内容与清单不符", Place(name)))
        if problems:
            raise CheckFailed(problems)


def runs_root(workspace: Path, out: Path | None = None) -> Path:
    """Where run folders live."""
    return out if out is not None else workspace / "runs"


def run_folder(evaluation: Evaluation, out: Path | None = None) -> Path:
    """``runs/<evaluation>/<first 16 characters of the digest>``."""
    return runs_root(evaluation.workspace, out) / evaluation.plan.evaluation / evaluation.short_digest


def finished(folder: Path, notebook: str) -> bool:
    """Whether the folder holds a complete run of the notebook with this SHA-256, every file as the manifest says."""
    if not (folder / NOTEBOOK).is_file() or not (folder / MANIFEST).is_file():
        return False
    try:
        stored = StoredRun(folder)
        stored.check()
        return bool(stored.manifest().get("notebook") == notebook)
    except (CheckFailed, OSError):
        return False


def save_run(evaluation: Evaluation) -> None:
    """Save from a notebook: into the staging folder of ``workbench run``, or as a run of its own."""
    staging = os.environ.get(STAGING_VARIABLE)
    if staging:
        write_files(evaluation, Path(staging))
        return
    folder = run_folder(evaluation)
    if (folder / MANIFEST).is_file():
        return
    with staged(folder) as work:
        write_files(evaluation, work)
        seal_folder(work, evaluation.digest)


class staged:
    """A scratch folder beside ``folder`` that takes its place when the block ends well, and vanishes when it does not.

    Raises FileError when nothing can be written there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[Path] = []

    def __enter__(self) -> Path:
        parent = self.folder.parent
        try:
            self.made = [p for p in (parent, *parent.parents) if not p.exists()]
            parent.mkdir(parents=True, exist_ok=True)
            _clear_forgotten(parent)
            self.work = Path(tempfile.mkdtemp(prefix=f".{self.folder.name}-", dir=parent))
        except OSError as error:
            self._forget()
            raise _unwritable(parent, error) from None
        return self.work

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            _put_in_place(self.work, self.folder)
            return
        shutil.rmtree(self.work, ignore_errors=True)
        self._forget()
        if isinstance(error, OSError):
            raise _unwritable(self.folder.parent, error) from error

    def _forget(self) -> None:
        """Remove the folders made on the way, as far as they are empty: a run that failed leaves no trace."""
        for folder in self.made:
            with suppress(OSError):
                folder.rmdir()


def _clear_forgotten(parent: Path) -> None:
    """Remove what runs that were killed have left half-written: nobody writes on a run for a day."""
    for folder in parent.glob(".*-*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > FORGOTTEN:
                shutil.rmtree(folder, ignore_errors=True)


def _unwritable(folder: Path, error: OSError) -> FileError:
    return NotWritten(unwritable(error, folder, "请检查文件夹和权限,或用 --out 另选文件夹", "运行结果"))


def _put_in_place(work: Path, folder: Path) -> None:
    """Move a finished run to its name. Of two processes that finish the same run at the same time, either may be first."""
    work.chmod(0o755)
    for attempt in range(_ATTEMPTS):
        try:
            manifest = folder / MANIFEST
            same = manifest.is_file() and manifest.read_bytes() == (work / MANIFEST).read_bytes()
            if same and _undamaged(folder):
                shutil.rmtree(work, ignore_errors=True)
                return
            if folder.exists():
                aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
                folder.rename(aside / folder.name)
                shutil.rmtree(aside, ignore_errors=True)
            work.rename(folder)
            return
        except OSError as error:
            if attempt == _ATTEMPTS - 1:
                shutil.rmtree(work, ignore_errors=True)
                raise _unwritable(folder.parent, error) from None


def _undamaged(folder: Path) -> bool:
    """Whether every file is as the manifest says: a run is made anew to mend one that is not."""
    try:
        StoredRun(folder).check()
    except CheckFailed:
        return False
    return True


def result_bytes(evaluation: Evaluation) -> bytes:
    """What ``result.json`` holds."""
    return canonical_json(evaluation.result().model_dump(), indent=2)


def write_files(evaluation: Evaluation, folder: Path) -> None:
    """Write result, scorecard, findings, experts' opinions, analyses, figures and environment into ``folder``, and what the
    evaluation was made from: plan, scheme and copies of the evidence.

    Raises:
        CheckFailed: an evidence file was changed since it was read.
    """
    result = evaluation.result()
    write_file(folder / RESULT, result_bytes(evaluation))
    write_file(folder / "scorecard.csv", scorecard_csv(result))
    write_file(folder / "findings.csv", findings_csv(result))
    if result.review is not None:
        write_file(folder / "review.csv", review_csv(result))
    for analysis in evaluation.analyses:
        write_file(folder / "analysis" / f"{analysis.name}.csv", analysis_csv(analysis))
    write_file(folder / PLAN, canonical_json({"plan": evaluation.plan.model_dump()}, indent=2))
    write_file(folder / "environment.json", canonical_json(environment(), indent=2))
    for name, data in evaluation.figures.items():
        if Path(name).name != name:  # a figure is named after its subject, and a subject's id comes from a workbook
            raise FileError(Problem("path_outside", "图的文件名不能含路径", found=name, fix="请修改对象编号"))
        write_file(folder / "figures" / name, data)
    _write_sources(evaluation, folder)


def _write_sources(evaluation: Evaluation, folder: Path) -> None:
    for name, data in evaluation.scheme_files.items():
        write_file(folder / SCHEME / name, data)
    code = evaluation.code_table()
    if code is not None:
        write_file(folder / SCHEME / CODE_TABLE, code)
    listed = evidence_list(evaluation)
    write_file(folder / EVIDENCE_LIST, canonical_json(listed.model_dump(), indent=2))
    withheld, attached = withheld_digests(evaluation.workspace), {f.path for f in listed.attachments}
    for file in evaluation.evidence.files:
        known = withheld.get(file.sha256) if file.path in attached else None
        encrypted = encrypted_bytes(evaluation.workspace, file.sha256, known) if known is not None else None
        if encrypted is not None:  # also where a recipient has put the opened file there: it stays confidential
            write_file(encrypted_copy_of(file, folder), encrypted)
        else:
            write_file(copy_of(file, folder), _as_it_was_read(evaluation, file))


def _as_it_was_read(evaluation: Evaluation, file: SourceFile) -> bytes:
    try:
        data = (evaluation.workspace / file.path).read_bytes()
    except FileNotFoundError:
        raise CheckFailed(
            Problem("evidence_moved", "佐证资料已不在原处,没有保存", Place(file.path), fix=_AGAIN)
        ) from None
    if digest(data) != file.sha256:
        message = "佐证资料在计算期间被改动,没有保存"
        raise CheckFailed(Problem("evidence_moved", message, Place(file.path), fix=_AGAIN))
    return data


def copy_of(file: SourceFile, folder: Path) -> Path:
    """Where a run folder keeps its copy of an evidence file."""
    return folder / COPIES / f"{file.sha256}{Path(file.path).suffix}"


def encrypted_copy_of(file: SourceFile, folder: Path) -> Path:
    """Where it keeps a confidential attachment that its workspace has in encrypted form alone."""
    copy = copy_of(file, folder)
    return copy.with_name(f"{copy.name}{ENCRYPTED}")


def seal_folder(folder: Path, run_digest: str, notebook: str | None = None) -> None:
    """Write the manifest over everything in the folder; ``notebook`` is the SHA-256 of the notebook that was executed."""
    files = {
        p.relative_to(folder).as_posix(): digest(p.read_bytes())
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != MANIFEST
    }
    write_file(
        folder / MANIFEST, canonical_json({"digest": run_digest, "notebook": notebook, "files": files}, indent=2)
    )


def find_run(name: str, workspace: Path) -> StoredRun:
    """A run by folder, or the latest one of an evaluation id. Raises FileError when there is none."""
    path = Path(name)
    if _is_run(path):
        return StoredRun(path)
    root = runs_root(workspace)
    plain = path.name == name and (root / name).is_dir()
    folders = [p for p in (root / name).iterdir() if _is_run(p)] if plain else []
    if not folders:
        known = [p.name for p in root.iterdir() if any(p.glob(f"*/{MANIFEST}"))] if root.is_dir() else []
        fix = f"请在该评价的工作区内运行,或写运行文件夹的路径。{suggest(name, known)}"
        raise FileError(Problem("run_missing", "找不到这次运行", found=name, fix=fix))
    return StoredRun(max(folders, key=_made))


def all_runs(stored: StoredRun) -> list[StoredRun]:
    """The runs kept beside one, itself included, the latest first."""
    folders = [p for p in stored.folder.parent.iterdir() if _is_run(p)]
    return [StoredRun(p) for p in sorted(folders, key=_made, reverse=True)]


def latest_runs(workspace: Path) -> list[StoredRun]:
    """The latest run of every evaluation, by the evaluations' ids."""
    root = runs_root(workspace)
    kept = (
        ([p for p in folder.iterdir() if _is_run(p)] for folder in sorted(root.iterdir()) if folder.is_dir())
        if root.is_dir()
        else ()
    )
    return [StoredRun(max(folders, key=_made)) for folders in kept if folders]


def _made(folder: Path) -> tuple[float, str]:
    return folder.stat().st_mtime, folder.name


def _is_run(folder: Path) -> bool:
    """Whether a folder is, or is left of, a run. Half-written ones are hidden."""
    return not folder.name.startswith(".") and any((folder / name).is_file() for name in (MANIFEST, RESULT))
