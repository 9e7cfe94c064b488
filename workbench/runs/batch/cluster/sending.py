"""What goes to a worker: a workspace's own packs and notebooks once, and for each plan its file and its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from workbench.base.canon import digest, digest_of
from workbench.base.errors import WorkbenchError
from workbench.base.sealing import is_sealed
from workbench.base.walking import files_below
from workbench.evidence.tablefiles import table_files
from workbench.plugins.discovery import DATA, PACK_FILE, PACKS
from workbench.review.ledger.places import may_exist
from workbench.runs.opening import read_plan
from workbench.runs.position import events_of
from workbench.runs.workspace import inside

if TYPE_CHECKING:
    from workbench.runs.batch.task import Task

OWN = (PACKS, "notebooks")


@dataclass(frozen=True)
class Library:
    """Packs, rulesets, policies, their code and the notebooks of a workspace: path → bytes."""

    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """SHA-256 over all of it."""
        return digest_of({name: digest(data) for name, data in self.files.items()})


@dataclass(frozen=True)
class Order:
    """One plan as it travels.

    Attributes:
        batch: under which name the worker keeps the library this plan belongs to.
        task: what is to be done; its paths, which mean something here alone, are left out.
        plan: name and bytes of the plan file; None where the plan is a mapping.
        evidence: what the plan calls its evidence.
        files: path from the workspace → bytes: evidence, then the attachments the worker asked for.
        absent: attachments that the worker asked for and that are not there.
        inputs: where the worker fetches evidence and attachments itself; None: they are in ``files``.
        equipment: library, and what has to be installed; only for a worker that said it has not got them.
    """

    batch: str
    task: Task
    plan: tuple[str, bytes] | None
    evidence: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    inputs: str | None = None
    equipment: tuple[Library, Mapping[str, str]] | None = None


def library_of(workspace: Path) -> Library:
    """What a workspace has of its own. Where the workspace is a pack's own folder, the pack's data, code and notebooks."""
    tops = [workspace / name for name in OWN]
    if (workspace / PACK_FILE).is_file():
        tops += [*(workspace / name for name in DATA), *workspace.glob("*.py")]
    names = {path.relative_to(workspace).as_posix() for top in tops for path in files_below(top)}
    return Library(_readable(workspace, sorted(names)))


def order_of(task: Task, batch: str, inputs: str | None = None) -> Order | None:
    """What a worker needs for a task; None where the plan is for this machine alone.

    That is a plan whose review is under way (the ledger lies here), one of a restored workspace, and one that cannot even be
    read to its evidence: what is wrong with it is told best where it lies.
    """
    root = task.workspace
    try:
        plan = read_plan(task.plan, root, task.overrides).plan
        if is_sealed(root) or (may_exist(root, plan.evaluation) and events_of(root, plan.evaluation)):
            return None
        files = {} if inputs is not None else _read(root, _evidence(root, plan.evidence))
        written = _plan_file(task)
    except (WorkbenchError, OSError):
        return None
    bare = replace(task, plan={} if written is not None else task.plan, workspace=Path(), out=None)
    return Order(batch, bare, written, plan.evidence, files, inputs=inputs)


def _plan_file(task: Task) -> tuple[str, bytes] | None:
    if not isinstance(task.plan, Path):
        return None
    path = task.plan if task.plan.is_absolute() or task.plan.is_file() else task.workspace / task.plan
    return path.name, path.read_bytes()


def with_attachments(order: Order, names: Sequence[str], workspace: Path) -> Order:
    """The same order with the attachments its worker asked for, as far as they are in the folder of the evidence."""
    there = [name for name in names if _is_attachment(workspace, order.evidence, name)]
    files = dict(order.files) | _readable(workspace, there)
    return replace(order, files=files, absent=frozenset(names) - files.keys())


def base_of(evidence: str, *, folder: bool) -> PurePosixPath:
    """The folder that paths of attachments begin at, from the workspace on."""
    return PurePosixPath(evidence) if folder else PurePosixPath(evidence).parent


def _is_attachment(workspace: Path, evidence: str, name: str) -> bool:
    """Whether a file lies in the folder of the evidence: no worker gets anything else."""
    try:
        base = (workspace / base_of(evidence, folder=(workspace / evidence).is_dir())).resolve()
        path = (workspace / name).resolve()
        return path.is_relative_to(base) and path.is_relative_to(workspace.resolve()) and path.is_file()
    except (OSError, ValueError):
        return False


def _evidence(workspace: Path, name: str) -> list[str]:
    """The files of the evidence itself. Raises FileError where it is none that could be read."""
    path = inside(workspace, name, "佐证资料")
    if path.is_file():
        return [name]
    tables = table_files(path)
    if any(not p.resolve().is_relative_to(path) for p in tables):
        raise OSError("a link that leads out of the folder")
    return [f"{name.rstrip('/')}/{p.name}" for p in tables]


def _readable(workspace: Path, names: Sequence[str]) -> dict[str, bytes]:
    """As many of the files as may be read: one that may not is as good as absent, and the plan that needs it says so."""
    files: dict[str, bytes] = {}
    for name in names:
        with suppress(OSError):
            files[name] = (workspace / name).read_bytes()
    return files


def _read(workspace: Path, names: Sequence[str]) -> dict[str, bytes]:
    return {name: (workspace / name).read_bytes() for name in names}
