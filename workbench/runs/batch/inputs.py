"""What a run read beside its plan and its scheme: evidence, attachments, ledger. Told with a digest, and asked again without opening.

A name ending in ``/`` is a folder, known by the names of its tables; an empty digest says that nothing was there; ``ledger:``
stands before the evaluation whose review counted, with the hash of its last event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from workbench.base.canon import digest_file, digest_of
from workbench.base.errors import WorkbenchError
from workbench.base.yamlio import read_yaml
from workbench.evidence.tablefiles import table_files
from workbench.runs.position import events_of

if TYPE_CHECKING:
    from workbench.runs.batch.task import Task
    from workbench.runs.evaluation import Evaluation

Inputs = tuple[tuple[str, str], ...]
LEDGER = "ledger:"
ABSENT = ""


def inputs_of(evaluation: Evaluation) -> Inputs:
    """What an evaluation was read from, with the digests its files had when they were read."""
    source = evaluation.corrected_from or evaluation
    root, name = evaluation.workspace, source.plan.evidence
    found = {file.path: file.sha256 for file in source.as_read.files}
    base = PurePosixPath(name)
    if (root / name).is_dir():
        found[f"{base.as_posix()}/"] = _tables_in(root / name)
    else:
        base = base.parent
    now = Now(root)
    for proof in source.as_read.proofs:
        if proof.attachment is not None:  # named and not taken: it may count as soon as it is another
            name = (base / proof.attachment).as_posix()
            found[name] = found.get(name) or now.digest(name)
    found[f"{LEDGER}{source.plan.evaluation}"] = evaluation.position.head
    return tuple(sorted(found.items()))


def inputs_named(task: Task) -> Inputs:
    """What can be said of a plan that could not be opened: the evidence it names, as it is now; nothing where that is unknown."""
    content: Any = task.plan
    try:
        if isinstance(content, Path):
            path = content if content.is_absolute() else task.workspace / content
            content = read_yaml(path).data["plan"]
        name = content["evidence"]
    except (WorkbenchError, OSError, LookupError, TypeError):
        return ()
    given = [text.partition("=")[2] for text in task.overrides if text.partition("=")[0].strip() == "evidence"]
    name = PurePosixPath(str([name, *given][-1])).as_posix()
    folder = task.workspace / name
    try:
        names = [f"{name}/", *(f"{name}/{p.name}" for p in table_files(folder))] if folder.is_dir() else [name]
    except OSError:  # nobody may look into it, or no file can have such a name
        names = [name]
    now = Now(task.workspace)
    return tuple((n, now.digest(n)) for n in names)


class Now:
    """Digests as they are now; of a file that many plans share only once."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._known: dict[str, str] = {}

    def same(self, inputs: Iterable[tuple[str, str]]) -> bool:
        """Whether everything is as it was."""
        return all(self.digest(name) == was for name, was in inputs)

    def digest(self, name: str) -> str:
        """The digest of one input now, :data:`ABSENT` without it."""
        if name not in self._known:
            self._known[name] = self._asked(name)
        return self._known[name]

    def _asked(self, name: str) -> str:
        if name.startswith(LEDGER):
            return self._head(name.removeprefix(LEDGER))
        try:
            path = self._workspace / name
            if name.endswith("/"):
                return _tables_in(path)
            return digest_file(path) if path.is_file() else ABSENT  # a pipe or device would be read for ever
        except (OSError, ValueError):
            return ABSENT

    def _head(self, evaluation: str) -> str:
        try:
            events = events_of(self._workspace, evaluation)
        except WorkbenchError:
            return "unreadable"  # no hash is that: the run says what is wrong with the ledger
        return events[-1].hash if events else ""


def _tables_in(folder: Path) -> str:
    return digest_of([path.name for path in table_files(folder)])


def content_digest(plan: Path | Mapping[str, Any], workspace: Path) -> str:
    """Digest of a plan as it is written, a file's bytes or a register's row; :data:`ABSENT` where there is no such file."""
    if isinstance(plan, Mapping):
        return digest_of(plan)
    try:
        return digest_file(plan if plan.is_absolute() else workspace / plan)
    except OSError:
        return ABSENT
