"""A worker's workspace: what a plan finds in it, and what is left of it. Everything but the process is real."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from workbench.review.ledger.places import VARIABLE
from workbench.runs.batch.cluster.agreement import installation
from workbench.runs.batch.cluster.sending import Order, library_of, order_of, with_attachments
from workbench.runs.batch.cluster.workplace import Lacking, Returned, Unprepared, leave, perform, prepare
from workbench.runs.batch.task import Outcome, Task

BATCH = "batch-of-tests"
ATTACHMENT = "evidence/p0000/附件/决算.txt"


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def looking(task: Task) -> Outcome:
    """What a plan would see: the files in its workspace, and its environment."""
    found = [(name, "") for name in names(task.workspace)]
    (task.workspace / "left.txt").write_text("x", encoding="utf-8")
    (task.workspace / "packs" / "small-town" / "more.py").write_text("x", encoding="utf-8")
    return Outcome(task.name, "checked", title=os.environ.get(VARIABLE, "none"), inputs=tuple(found))


def spoiling(task: Task) -> Outcome:
    """A plan whose notebook changes a pack."""
    (task.workspace / "packs" / "small-town" / "pack.yaml").write_text("spoilt", encoding="utf-8")
    return Outcome(task.name, "checked")


def running(task: Task) -> Outcome:
    """As a run would leave its folder: one file, and a copy of the evidence."""
    from workbench.base.canon import digest_file

    folder = task.workspace / "runs" / "town" / "abc"
    funds = task.workspace / "evidence" / "p0001" / "funds.csv"
    (folder / "evidence").mkdir(parents=True)
    (folder / "result.json").write_text("{}", encoding="utf-8")
    (folder / "evidence" / f"{digest_file(funds)}.csv").write_bytes(funds.read_bytes())
    (task.workspace / "runs" / "log").mkdir()
    (task.workspace / "runs" / "log" / "town.log").write_text("1 s\n", encoding="utf-8")
    return Outcome(task.name, "run", folder="town/abc")


@pytest.fixture
def scratch(province: Any, tmp_path: Path) -> Iterator[Path]:
    """A worker's scratch folder with the province's library unfolded."""
    province.settle(0)
    scratch = tmp_path / "scratch"
    worker: Any = SimpleNamespace(local_directory=str(scratch))
    assert prepare(BATCH, library_of(province.root), installation(), worker) == {}
    yield scratch / "workbench" / BATCH
    leave(BATCH)


@pytest.fixture
def order(province: Any) -> Callable[..., Order]:
    def make(n: int, **changes: Any) -> Order:
        found = order_of(province.project(n), BATCH)
        assert found is not None
        return replace(found, **changes)

    return make


def test_a_plan_finds_library_and_evidence_and_leaves_the_library(scratch: Path, order: Any) -> None:
    before = names(scratch)
    answer = perform(order(1), looking)
    assert isinstance(answer, Returned)
    seen = [name for name, _ in answer.outcome.inputs]
    assert seen == sorted([*library_names(), "evidence/p0001/funds.csv", "evidence/p0001/subjects.csv"])
    assert names(scratch) == before == [f"workspace/{name}" for name in library_names()]


def library_names() -> list[str]:
    pack = "packs/small-town"
    return [f"{pack}/notebooks/short.ipynb", f"{pack}/pack.yaml", f"{pack}/plugin.py", f"{pack}/sums.py"]


def test_a_spoilt_library_is_unfolded_again(scratch: Path, order: Any) -> None:
    pack = scratch / "workspace" / "packs" / "small-town" / "pack.yaml"
    before = pack.read_bytes()
    perform(order(1), spoiling)
    assert pack.read_bytes() == before


def test_attachments_are_asked_for_once(scratch: Path, order: Any, province: Any) -> None:
    first = order(0)
    answer = perform(first, looking)
    assert answer == Lacking((ATTACHMENT,))
    again = perform(with_attachments(first, [ATTACHMENT], province.root), looking)
    assert isinstance(again, Returned)
    assert (ATTACHMENT, "") in again.outcome.inputs


def test_attachments_that_nobody_has_are_not_asked_for_again(scratch: Path, order: Any) -> None:
    assert isinstance(perform(order(0, absent=frozenset({ATTACHMENT})), looking), Returned)


def test_inputs_are_fetched_with_their_attachments(scratch: Path, order: Any, province: Any) -> None:
    answer = perform(order(0, files={}, inputs=province.root.as_uri()), looking)
    assert isinstance(answer, Returned)
    found = [name for name, _ in answer.outcome.inputs if name.startswith("evidence/")]
    assert found == [
        "evidence/p0000/funds.csv",
        "evidence/p0000/register.csv",
        "evidence/p0000/subjects.csv",
        ATTACHMENT,
    ]


def test_inputs_that_are_not_there_fail_the_plan_alone(scratch: Path, order: Any, tmp_path: Path) -> None:
    answer = perform(order(1, files={}, inputs=tmp_path.as_uri()), looking)
    assert isinstance(answer, Returned)
    assert [problem.code for problem in answer.outcome.problems] == ["input_missing"]


def test_a_worker_asks_no_ledger_of_its_own(scratch: Path, order: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = order(1)
    monkeypatch.setenv(VARIABLE, "postgresql://somewhere/ledgers")
    answer = perform(made, looking)
    assert isinstance(answer, Returned)
    assert answer.outcome.title == "none"
    assert os.environ[VARIABLE] == "postgresql://somewhere/ledgers"


def test_a_run_comes_back_without_what_was_sent(scratch: Path, order: Any) -> None:
    from workbench.base.canon import digest

    made = order(1)
    answer = perform(made, running)
    funds = digest(made.files["evidence/p0001/funds.csv"])
    assert isinstance(answer, Returned)
    assert answer.files == {"result.json": b"{}"}
    assert answer.sent == {f"evidence/{funds}.csv": funds}
    assert answer.logs == {"town.log": b"1 s\n"}


def test_nothing_is_left_when_the_batch_is_over(scratch: Path, order: Any) -> None:
    def last(task: Task) -> Outcome:
        leave(BATCH)  # Ctrl-C of whoever wanted it, while a plan is being run
        assert scratch.is_dir()
        return Outcome(task.name, "checked")

    perform(order(1), last)
    assert not scratch.exists()


def test_another_installation_gets_nothing(province: Any, tmp_path: Path) -> None:
    province.settle(0)
    here = installation()
    other = here | {"numpy": "1.0.0", "插件 workbench-pack-of-nobody": "1.0 abc"}
    worker: Any = SimpleNamespace(local_directory=str(tmp_path))
    found = prepare("other", library_of(province.root), other, worker)
    assert found == {"numpy": (here["numpy"], "1.0.0"), "插件 workbench-pack-of-nobody": ("", "1.0 abc")}
    assert not (tmp_path / "workbench").exists()


def test_a_worker_without_the_library_says_so(order: Any) -> None:
    assert perform(order(1), looking) == Unprepared()
