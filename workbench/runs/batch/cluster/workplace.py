"""What a worker does: keep a batch's library in its scratch folder, run one plan after the other in a workspace there.

One plan at a time in a process, whatever threads it has: environment and kernel are the process's own.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from workbench.base.canon import digest
from workbench.base.errors import FileError, WorkbenchError
from workbench.base.writing import write_file
from workbench.review.ledger.places import VARIABLE as LEDGER_VARIABLE
from workbench.runs.batch.cluster.agreement import differences, installation
from workbench.runs.batch.cluster.sending import Library, Order, base_of
from workbench.runs.batch.task import Outcome, Task
from workbench.runs.kept import COPIES
from workbench.runs.position import HEAD_VARIABLE
from workbench.runs.store import RESULT, runs_root
from workbench.runs.workspace import VARIABLE as WORKSPACE_VARIABLE

if TYPE_CHECKING:
    from distributed import Worker

SCRATCH = "workbench"
_OWN_ENVIRONMENT = (LEDGER_VARIABLE, HEAD_VARIABLE, WORKSPACE_VARIABLE)
"""What may be set on a worker's machine and means nothing for a plan that comes from another."""
_alone = threading.Lock()
_places: dict[str, Workplace] = {}


@dataclass(frozen=True)
class Unprepared:
    """The worker has not got the batch's library: it came later, or was started anew."""


@dataclass(frozen=True)
class Unfit:
    """The worker would make other bytes: its address, and what differs, as (there, here)."""

    worker: str
    differences: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Lacking:
    """Attachments that 佐证清单 names and the order has not brought, as paths from the workspace."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Returned:
    """What became of a plan.

    Attributes:
        files: the run folder, path → bytes, without what the client has sent itself.
        sent: path in the run folder → digest of the file of the order that it is a copy of.
        logs: name below ``runs/log`` → what was written there.
    """

    outcome: Outcome
    files: Mapping[str, bytes] = field(default_factory=dict)
    sent: Mapping[str, str] = field(default_factory=dict)
    logs: Mapping[str, bytes] = field(default_factory=dict)


Answer = Returned | Lacking | Unprepared | Unfit


def prepare(
    batch: str, library: Library, expected: Mapping[str, str], dask_worker: Worker | None = None
) -> dict[str, tuple[str, str]]:
    """Compare the installations and unfold the library. Returns what differs, as (there, here); then nothing is unfolded."""
    assert dask_worker is not None  # given by Dask to a function with this parameter
    return _prepared(batch, library, expected, Path(dask_worker.local_directory))


def _prepared(batch: str, library: Library, expected: Mapping[str, str], scratch: Path) -> dict[str, tuple[str, str]]:
    found = differences(installation(), expected)
    if not found and batch not in _places:
        place = Workplace(scratch / SCRATCH / batch, library)
        place.unfold()
        _places[batch] = place
    return found


def leave(batch: str) -> None:
    """The batch is over: its folder goes, at once or as soon as what runs in it has ended."""
    place = _places.pop(batch, None)
    if place is not None and _alone.acquire(blocking=False):
        try:
            place.remove()
        finally:
            _alone.release()


def perform(order: Order, work: Callable[[Task], Outcome]) -> Answer:
    """Run one plan. What goes wrong is in the answer."""
    with _alone:
        if order.batch not in _places:
            unfit = _equipped(order)
            if unfit is not None:
                return unfit
        place = _places[order.batch]
        try:
            with _bare_environment():
                return place.done(order, work)
        finally:
            if order.batch in _places:
                place.tidy()
            else:  # left meanwhile
                place.remove()


def _equipped(order: Order) -> Unprepared | Unfit | None:
    """Prepare with what the order has brought; why that cannot be."""
    from distributed import get_worker

    if order.equipment is None:
        return Unprepared()
    worker = get_worker()
    found = _prepared(order.batch, *order.equipment, Path(worker.local_directory))
    return Unfit(str(worker.address), found) if found else None


@dataclass
class Workplace:
    """A workspace in a worker's scratch folder: the library stays, everything else is there for one plan."""

    folder: Path
    library: Library

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    def unfold(self) -> None:
        """Begin anew with nothing but the library."""
        self.remove()
        self.workspace.mkdir(parents=True)
        _lay(self.workspace, self.library.files)

    def remove(self) -> None:
        """Leave nothing."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def tidy(self) -> None:
        """Take away what belonged to one plan; where the library itself was touched, unfold it again."""
        for path in self.folder.iterdir():
            if path != self.workspace:
                _gone(path)
        for path in sorted(self.workspace.rglob("*"), reverse=True):
            name = path.relative_to(self.workspace).as_posix()
            if path.is_dir() and not path.is_symlink():
                with suppress(OSError):
                    path.rmdir()  # only where nothing of the library is in it
            elif name not in self.library.files:
                _gone(path)
        if not self._whole():
            self.unfold()

    def done(self, order: Order, work: Callable[[Task], Outcome]) -> Answer:
        """The plan's run, or what is missing for it."""
        task = self._task(order)
        sent = {digest(data) for data in order.files.values()}
        try:
            _lay(self.workspace, order.files)
            lacking = self._completed(order)
        except WorkbenchError as error:
            return Returned(Outcome(task.name, "failed", problems=error.problems))
        if lacking:
            return Lacking(lacking)
        outcome = work(task)
        files, omitted = self._result(outcome, sent)
        log = runs_root(self.workspace) / "log"
        logs = {path.name: path.read_bytes() for path in log.glob("*.log")}
        return Returned(outcome, files, omitted, logs)

    def _task(self, order: Order) -> Task:
        plan: Any = order.task.plan
        if order.plan is not None:
            name, data = order.plan
            plan = self.folder / "plan" / name  # its name is all that any message tells of it
            plan.parent.mkdir(exist_ok=True)
            plan.write_bytes(data)
        return replace(order.task, plan=plan, workspace=self.workspace)

    def _completed(self, order: Order) -> tuple[str, ...]:
        """Fetch what is to be fetched; the attachments that have to be asked for."""
        inputs = None
        if order.inputs is not None:
            from workbench.runs.batch.cluster.fetching import Inputs

            inputs = Inputs(order.inputs)
            inputs.fetch_evidence(order.evidence, self.workspace)
        wanted = [n for n in self._attachments(order.evidence) if n not in order.absent]
        wanted = [n for n in wanted if not (self.workspace / n).is_file()]
        if inputs is None:
            return tuple(wanted)
        for name in wanted:
            inputs.fetch(name, self.workspace)
        return ()

    def _attachments(self, evidence: str) -> Sequence[str]:
        """Paths of the files that 佐证清单 names; none where the evidence cannot be read, which the run will tell."""
        from workbench.evidence.reader import read_sheets
        from workbench.evidence.register import is_inside
        from workbench.evidence.standard import REGISTER

        path = self.workspace / evidence
        base = base_of(evidence, folder=path.is_dir())
        try:
            table = read_sheets(path, [REGISTER], "", FileError).tables[REGISTER.name]
        except (WorkbenchError, OSError):
            return ()
        names = dict.fromkeys(n for n in table.texts("attachment") if n is not None and is_inside(n))
        return [(base / name).as_posix() for name in names]

    def _result(self, outcome: Outcome, sent: set[str]) -> tuple[dict[str, bytes], dict[str, str]]:
        """The files of the run folder, and those that only repeat what the order has brought."""
        if not outcome.folder or not (self._run(outcome) / RESULT).is_file():
            return {}, {}
        files: dict[str, bytes] = {}
        omitted: dict[str, str] = {}
        for path in sorted(self._run(outcome).rglob("*")):
            name, known = path.relative_to(self._run(outcome)).as_posix(), path.stem
            if path.is_file() and PurePosixPath(name).parts[0] == COPIES and known in sent:
                omitted[name] = known
            elif path.is_file():
                files[name] = path.read_bytes()
        return files, omitted

    def _run(self, outcome: Outcome) -> Path:
        return runs_root(self.workspace) / outcome.folder

    def _whole(self) -> bool:
        files = self.library.files.items()
        return all((p := self.workspace / name).is_file() and p.stat().st_size == len(data) for name, data in files)


def _lay(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        write_file(folder / name, data)


def _gone(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


@contextmanager
def _bare_environment() -> Iterator[None]:
    before = {name: os.environ.pop(name) for name in _OWN_ENVIRONMENT if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(before)
