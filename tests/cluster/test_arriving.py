"""Runs that come back: whole and as their manifest says, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workbench.base.canon import canonical_json, digest
from workbench.runs.batch.cluster.arriving import arrived
from workbench.runs.batch.cluster.workplace import Returned
from workbench.runs.batch.task import Outcome, Task

RUN = "d" * 64
FILES = {"result.json": b"{}", "figures/P01.png": b"png"}


def returned(files: dict[str, bytes] = FILES, sent: dict[str, str] | None = None, **changes: Any) -> Returned:
    """A run with its manifest."""
    listed = {name: digest(data) for name, data in files.items()} | (sent or {})
    manifest = canonical_json({"digest": RUN, "notebook": None, "files": listed})
    outcome = Outcome("plan", "run", "town", folder="town/abc", digest=RUN)
    return Returned(replace(outcome, **changes), {**files, "manifest.json": manifest}, sent or {})


@pytest.fixture
def task(tmp_path: Path) -> Task:
    return Task("plan", {}, tmp_path)


@pytest.fixture
def codes(task: Task) -> Callable[[Returned], list[str]]:
    """Codes of the problems; whatever is wrong, nothing is put into ``runs/``."""

    def ask(what: Returned) -> list[str]:
        outcome = arrived(task, what, {})
        assert outcome.failed
        assert not list((task.workspace / "runs").glob("*/*"))
        return [problem.code for problem in outcome.problems]

    return ask


def test_a_whole_run_is_put_among_the_others(task: Task) -> None:
    outcome = arrived(task, replace(returned(), logs={"town.log": b"1 s\n"}), {})
    assert outcome.state == "run"
    folder = task.workspace / "runs" / "town" / "abc"
    assert (folder / "figures" / "P01.png").read_bytes() == b"png"
    assert (task.workspace / "runs" / "log" / "town.log").read_bytes() == b"1 s\n"


def test_a_run_that_was_damaged_here_is_whole_again(task: Task) -> None:
    arrived(task, returned(), {})
    result = task.workspace / "runs" / "town" / "abc" / "result.json"
    result.write_bytes(b"")  # the manifest is still the same
    arrived(task, returned(), {})
    assert result.read_bytes() == b"{}"


def test_what_was_sent_is_taken_from_here(task: Task, tmp_path: Path) -> None:
    source = tmp_path / "funds.csv"
    source.write_bytes(b"x")
    name = f"evidence/{digest(b'x')}.csv"
    outcome = arrived(task, returned(sent={name: digest(b"x")}), {digest(b"x"): source})
    assert (task.workspace / "runs" / outcome.folder / name).read_bytes() == b"x"


def test_what_was_sent_and_changed_since_is_told(task: Task, tmp_path: Path) -> None:
    source = tmp_path / "funds.csv"
    source.write_bytes(b"other")
    name = f"evidence/{digest(b'x')}.csv"
    outcome = arrived(task, returned(sent={name: digest(b"x")}), {digest(b"x"): source})
    assert [problem.code for problem in outcome.problems] == ["file_changed"]
    assert not (task.workspace / "runs" / "town").exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"result.json": b"{ }"}, "file_changed"),
        ({"more.txt": b""}, "file_extra"),
        ({"../../../x.txt": b""}, "arrived_path"),
        ({"/tmp/x.txt": b""}, "arrived_path"),
        ({"a\\b.txt": b""}, "arrived_path"),
    ],
)
def test_any_other_file_refuses_the_whole(codes: Any, change: dict[str, bytes], code: str) -> None:
    found = returned()
    assert codes(replace(found, files={**found.files, **change})) == [code]


def test_a_file_that_got_lost_refuses_the_whole(codes: Any) -> None:
    found = returned()
    assert codes(replace(found, files={k: v for k, v in found.files.items() if k != "result.json"})) == ["file_lost"]


@pytest.mark.parametrize("folder", ["../elsewhere/abc", "abc", "town/..", "town/abc/def"])
def test_a_run_goes_nowhere_else(codes: Any, folder: str) -> None:
    assert codes(returned(folder=folder)) == ["arrived_path"]


def test_the_run_of_another_plan_is_refused(codes: Any) -> None:
    assert codes(returned(digest="e" * 64)) == ["arrived_other"]


def test_evidence_that_is_another_one_here_is_told(codes: Any, task: Task) -> None:
    (task.workspace / "a.csv").write_bytes(b"mine")
    inputs = (("a.csv", digest(b"theirs")), ("b.csv", digest(b"only there")), ("ledger:town", ""), ("folder/", "x"))
    assert codes(returned(inputs=inputs)) == ["input_differs"]


def test_a_failure_comes_as_it_is(task: Task) -> None:
    failed = Outcome("plan", "failed", "town")
    assert arrived(task, Returned(failed), {}) == failed
