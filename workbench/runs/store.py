"""Run store: immutable run folders, written beside and moved into place whole.

``result.json`` scorecard.csv figures/ evidence/ plan.json environment.json notebook.ipynb manifest.json — every file but
the manifest stands in the manifest with its SHA-256.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.base.canon import canonical_json, digest, digest_file
from workbench.base.errors import CheckFailed, FileError, Place, Problem
from workbench.base.text import inert, suggest
from workbench.runs.versions import environment
from workbench.scoring.result import STATUS_WORDS, RunResult

if TYPE_CHECKING:
    from workbench.runs.evaluation import Evaluation

STAGING_VARIABLE = "WORKBENCH_STAGING"
"""Set by ``workbench run`` for the kernel: where the notebook's ``save()`` writes before the folder is finished."""
MANIFEST = "manifest.json"
NOTEBOOK = "notebook.ipynb"
SCORECARD_HEAD = (
    *("对象编号", "对象名称", "指标编码", "一级指标", "二级指标", "三级指标", "分值", "指标值", "完成值", "计量单位"),
    *("佐证状态", "计算得分", "最终得分", "状态", "计分规则", "评分说明", "示例"),
)


@dataclass(frozen=True)
class StoredRun:
    """A run folder on disk."""

    folder: Path

    def result(self) -> RunResult:
        """Its ``result.json``. Raises FileError when it is missing or not a result."""
        path = self.folder / "result.json"
        if not path.is_file():
            raise FileError(Problem("not_a_run", "这不是运行文件夹:没有 result.json", Place(str(self.folder))))
        try:
            return RunResult.model_validate_json(path.read_bytes())
        except ValueError as error:
            problem = Problem(
                "bad_result", "result.json 内容不符合格式", Place(str(path)), fix=str(error).splitlines()[0]
            )
            raise FileError(problem) from error

    def manifest(self) -> dict[str, Any]:
        """Its manifest: run digest, and path → SHA-256 of every file."""
        content: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        return content

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


def finished(folder: Path) -> bool:
    """Whether the folder holds a complete run with its notebook, and every file is as the manifest says."""
    if not (folder / NOTEBOOK).is_file() or not (folder / MANIFEST).is_file():
        return False
    try:
        StoredRun(folder).check()
    except (CheckFailed, ValueError, KeyError):
        return False
    return True


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
    """A scratch folder beside ``folder`` that takes its place when the block ends well, and vanishes when it does not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Path:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.work = Path(tempfile.mkdtemp(prefix=f".{self.folder.name}-", dir=self.folder.parent))
        return self.work

    def __exit__(self, kind: object, *rest: object) -> None:
        if kind is None:
            if self.folder.exists():
                shutil.rmtree(self.folder)
            self.work.chmod(0o755)
            self.work.rename(self.folder)
        else:
            shutil.rmtree(self.work, ignore_errors=True)


def write_files(evaluation: Evaluation, folder: Path) -> None:
    """Write result, scorecard, figures, plan, environment and evidence copies into ``folder``."""
    result = evaluation.result()
    _write(folder / "result.json", canonical_json(result.model_dump(), indent=2))
    _write(folder / "scorecard.csv", scorecard_csv(result))
    _write(folder / "plan.json", canonical_json({"plan": evaluation.plan.model_dump()}, indent=2))
    _write(folder / "environment.json", canonical_json(environment(), indent=2))
    for name, data in evaluation.figures.items():
        _write(folder / "figures" / name, data)
    for file in evaluation.evidence.files:
        source = evaluation.workspace / file.path
        _write(folder / "evidence" / f"{file.sha256}{source.suffix}", source.read_bytes())


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def seal_folder(folder: Path, run_digest: str) -> None:
    """Write the manifest over everything in the folder."""
    files = {
        p.relative_to(folder).as_posix(): digest(p.read_bytes())
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != MANIFEST
    }
    _write(folder / MANIFEST, canonical_json({"digest": run_digest, "files": files}, indent=2))


def scorecard_csv(result: RunResult) -> bytes:
    """The 评分表 of all subjects as CSV (UTF-8 with BOM, so that Excel opens it; no cell can become a formula)."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(SCORECARD_HEAD)
    for subject in result.subjects:
        for i in subject.indicators:
            row = [subject.id, subject.name, i.code, i.level1, i.level2, i.name, i.weight, i.target, i.shown, i.unit]
            row += [i.evidence_status, i.computed, i.final, STATUS_WORDS[i.status], i.rule, i.explanation]
            row.append("示例权重,可改" if i.example else None)
            writer.writerow([inert(c) if c and not _is_number(c) else c for c in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def find_run(name: str, workspace: Path) -> StoredRun:
    """A run by folder, or the latest one of an evaluation id. Raises FileError when there is none."""
    path = Path(name)
    if (path / "result.json").is_file():
        return StoredRun(path)
    root = runs_root(workspace)
    folders = [p.parent for p in (root / name).glob("*/result.json")] if (root / name).is_dir() else []
    if not folders:
        known = [p.name for p in root.iterdir() if p.is_dir()] if root.is_dir() else []
        raise FileError(Problem("run_missing", "找不到这次运行", found=name, fix=suggest(name, known)))
    return StoredRun(max(folders, key=lambda folder: (folder.stat().st_mtime, folder.name)))
