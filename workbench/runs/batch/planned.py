"""What a batch consists of: plan files and folders of them, or the rows of a register under one template."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.base.canon import digest, digest_file
from workbench.base.errors import FileError, Place, PlanError, Problem, WorkbenchError
from workbench.base.text import file_stem, nearest
from workbench.base.yamlio import read_yaml
from workbench.evidence.tablefiles import ENDINGS
from workbench.runs.batch.task import PLANS, Outcome, Task
from workbench.runs.kernel import WARM, Engine
from workbench.runs.store import runs_root

BATCHES = "batch"
"""Folder beside the run folders in which batches keep what is theirs."""
TABLES = (".xlsx", *ENDINGS)
_KEY = re.compile(rb"""(?:["']([^"']*)["']|([^\s"'#{\[&*!|>%@`:-][^\s:#]*))\s*:(?:\s|$)""")
"""The first key of a block mapping."""
_PEEKED = 4096
_BRACES = re.compile(rb"\{[^{}:\n]+\}")
"""A placeholder, or at least something in braces that is no mapping."""
_NAMED = 3
"""Templates that are named where several are passed over."""


@dataclass(frozen=True)
class Wanted:
    """What somebody asked for; written down so that ``--resume`` alone goes on with it.

    Attributes:
        sources: plan files, folders of plans, or one register; paths from the workspace where they lie in it.
        template: the plan with placeholders, for a register.
        overrides: ``key=value`` texts of ``--set``.
        out: where run folders go.
    """

    sources: tuple[str, ...]
    template: str | None = None
    overrides: tuple[str, ...] = ()
    out: str | None = None


@dataclass(frozen=True)
class Planned:
    """The tasks of a batch.

    Attributes:
        name: how the batch and its folder are called.
        workspace, out: as in :class:`Task`.
        refused: what is none and should be one, such as a row without an id; told like a failed run.
        notes: what is noteworthy and stops nothing.
        unwritten: what writes evidence that tasks read: a register's rows, which nobody may change while others read them.
    """

    name: str
    workspace: Path
    out: Path | None
    tasks: Sequence[Task]
    refused: Sequence[Outcome] = ()
    notes: Sequence[Problem] = field(default_factory=list)
    unwritten: Sequence[Callable[[], None]] = ()

    def write(self) -> None:
        """Write what tasks read. Raises NotWritten."""
        for write in self.unwritten:
            write()

    @property
    def folder(self) -> Path:
        """Where the batch keeps receipts and summary."""
        return runs_root(self.workspace, self.out) / BATCHES / self.name

    @property
    def total(self) -> int:
        """How many outcomes there will be."""
        return len(self.tasks) + len(self.refused)


@dataclass(frozen=True)
class Manner:
    """How all tasks of a batch are done; see :class:`Task`."""

    force: bool = False
    engine: Engine = WARM


def plan_batch(wanted: Wanted, workspace: Path, manner: Manner = Manner()) -> Planned:
    """Find out what a batch consists of; no plan is opened.

    Raises:
        WorkbenchError: there is nothing to run, a register does not fit its template, or the request contradicts itself.
    """
    paths = [_there(Path(source), workspace) for source in wanted.sources]
    registers = [path for path in paths if _is_register(path)]
    if not registers:
        if wanted.template is not None:
            fix = "只有项目清单才用模板;请写明清单,如 workbench batch 项目清单.xlsx --template 计划.yaml"
            raise PlanError(Problem("template_alone", "写了 --template,但没有项目清单", found=wanted.template, fix=fix))
        return _of_plans(paths, wanted, workspace, manner)
    if len(paths) > 1:
        fix = "请把各清单分别运行,或合成一份"
        raise PlanError(Problem("several_registers", "一次只能运行一份项目清单,也不能与计划混用", fix=fix))
    if wanted.template is None:
        fix = "请用 --template 写明计划模板,其中用 {列名} 引用清单的列"
        raise PlanError(Problem("no_template", "项目清单须有计划模板", Place(registers[0].name), fix=fix))
    from workbench.runs.batch.register import of_register

    return of_register(registers[0], _there(Path(wanted.template), workspace), wanted, workspace, manner)


def out_folder(wanted: Wanted, workspace: Path) -> Path | None:
    """``wanted.out`` as a path."""
    return (workspace / wanted.out).resolve() if wanted.out is not None else None


def from_workspace(path: Path, workspace: Path) -> str:
    """A path as it is told and written down: below the workspace from there, else whole."""
    whole, root = path.resolve(), workspace.resolve()
    return (whole.relative_to(root) if whole.is_relative_to(root) else whole).as_posix()


def _there(path: Path, workspace: Path) -> Path:
    for found in (workspace / path, path):
        if found.is_file() or found.is_dir():
            return found.resolve()
        if found.exists():  # a pipe, a device: reading it could take for ever
            message, fix = "这既不是文件也不是文件夹", "请写明计划文件、清单或放计划的文件夹"
            raise FileError(Problem("not_a_file", message, Place(path.name), path.as_posix(), fix=fix))
    beside = path.parent.iterdir() if path.parent.is_dir() else ()
    near = nearest(path.name, [other.name for other in beside if other.name != path.name])
    fix = f"是否想写“{near}”?" if near else "请检查路径"
    raise FileError(Problem("file_missing", "找不到文件", Place(path.name), found=path.as_posix(), fix=fix))


def _is_register(path: Path) -> bool:
    """A table, or a folder that has tables and no plans."""
    if path.is_file():
        return path.suffix.lower() in TABLES
    endings = {p.suffix.lower() for p in path.iterdir() if p.is_file()}
    return not endings & set(PLANS) and bool(endings & set(ENDINGS))


def _of_plans(paths: Sequence[Path], wanted: Wanted, workspace: Path, manner: Manner) -> Planned:
    notes: list[Problem] = []
    files: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            files.update(dict.fromkeys(_plans_in(path, notes)))
        else:
            _refuse_template(path)
            files[path] = None
    if not files and any(note.code == "templates" for note in notes):
        fix = "请写明项目清单,并用 --template 写明模板,如 workbench batch 项目清单.xlsx --template 模板.yaml"
        raise FileError(Problem("no_plans", "只找到计划模板", found="、".join(wanted.sources), fix=fix))
    if not files:
        fix = "请写明计划文件或放计划的文件夹,如 workbench batch params/"
        raise FileError(Problem("no_plans", "没有找到评价计划", found="、".join(wanted.sources) or None, fix=fix))
    out = out_folder(wanted, workspace)
    kept = _once(files, notes)
    refused = [_unnamed(path) for path in kept if not _is_text(path)]
    tasks = [
        Task(from_workspace(path, workspace), path, workspace, out, wanted.overrides, manner.force, manner.engine)
        for path in kept
        if _is_text(path)
    ]
    homes = {path if path.is_dir() else path.parent for path in paths}
    name = batch_name(homes.pop(), workspace) if len(homes) == 1 else "plans"
    return Planned(name, workspace, out, tasks, refused, notes)


def _is_text(path: Path) -> bool:
    try:
        path.as_posix().encode()
    except UnicodeEncodeError:
        return False
    return True


def _unnamed(path: Path) -> Outcome:
    """A file whose name is no text: nothing could be written down about it."""
    name = os.fsencode(path.name).decode("gbk", "replace")
    fix = "请重新命名,用 UTF-8 编码的文件名"
    problem = Problem("file_name", "文件名的编码不是 UTF-8", Place(name), fix=fix)
    return Outcome(name, "failed", problems=(problem,))


def batch_name(source: Path, workspace: Path) -> str:
    """How the batch of a folder or a register is called: by its path below the workspace, ``自评_清单``, so that the batches of two
    with the same name keep apart; one from elsewhere by its own name and a digest of its folder.
    """
    path, root = (source if source.is_dir() else source.with_suffix("")).resolve(), workspace.resolve()
    if path == root:
        return file_stem(root.name) or "plans"
    if path.is_relative_to(root):
        return file_stem("_".join(path.relative_to(root).parts)) or "plans"
    return f"{file_stem(path.name) or 'plans'}_{digest(os.fsencode(path.parent))[:8]}"


def _plans_in(folder: Path, notes: list[Problem]) -> list[Path]:
    """The plans of a folder, without its subfolders; other YAML files are told apart by their first key."""
    found = sorted(p for p in folder.iterdir() if p.suffix.lower() in PLANS and not p.name.startswith((".", "~")))
    plans = [p for p in found if p.is_file() and is_plan(p)]
    if len(plans) < len(found):
        message = f"有{len(found) - len(plans)}个 YAML 文件不是评价计划(顶层不是“plan:”),没有列入"
        notes.append(Problem("no_plan", message, Place(folder.name), severity="info"))
    templates = [p for p in plans if is_template(p)]
    if templates:
        named = "、".join(p.name for p in templates[:_NAMED])
        more = f"等{len(templates)}个" if len(templates) > _NAMED else ""
        message = f"{named}{more}是计划模板,没有列入;要用到项目清单上,请用 --template"
        notes.append(Problem("templates", message, Place(folder.name), severity="info"))
    return [p for p in plans if p not in templates]


def _refuse_template(path: Path) -> None:
    if is_template(path):
        fix = f"请同时写明项目清单:workbench batch 项目清单.xlsx --template {path.name}"
        raise PlanError(Problem("is_template", "这是模板,请用 --template", Place(path.name), fix=fix))


def is_template(path: Path) -> bool:
    """Whether a plan file is a template: what is looked up or shown as the evaluation's own has placeholders in it."""
    try:
        # Nearly all plans are told by their bytes: thousands of them are not read as YAML for this.
        if not _BRACES.search(path.read_bytes()):
            return False
    except OSError:
        return False
    from workbench.runs.batch.template import has_placeholders

    try:
        return has_placeholders(read_yaml(path).data)
    except WorkbenchError:
        return False


def is_plan(path: Path) -> bool:
    """Whether a YAML file wants to be a plan; one that cannot be read does, so that somebody is told."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_PEEKED)
    except OSError:
        return True
    for line in head.removeprefix(b"\xef\xbb\xbf").splitlines():
        if not line.strip() or line.lstrip().startswith(b"#") or line.rstrip() == b"---":
            continue
        key = _KEY.match(line)
        if key is None:
            break
        return (key[1] or key[2]) == b"plan"
    try:
        data = read_yaml(path).data
    except WorkbenchError:
        return True
    return isinstance(data, dict) and "plan" in data


def _once(files: dict[Path, None], notes: list[Problem]) -> list[Path]:
    """Every content once: the same plan under two names is one run."""
    alike: dict[str, list[Path]] = defaultdict(list)
    for path in files:
        try:
            alike[digest_file(path)].append(path)
        except OSError:
            alike[path.as_posix()].append(path)
    for first, *others in alike.values():
        for other in others:
            message = f"与 {first.name} 内容相同,只运行一次"
            notes.append(Problem("same_plan", message, Place(other.name), severity="warning"))
    return [first for first, *_ in alike.values()]
