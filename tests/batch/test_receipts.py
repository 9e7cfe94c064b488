"""Receipts: what has not changed is recognised without being opened, whatever single file changed is not, damage loses nothing."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.errors import Place, Problem
from workbench.runs.batch.finished import runs_of
from workbench.runs.batch.planned import Manner, Planned, Wanted, plan_batch
from workbench.runs.batch.receipts import Receipt, Receipts, _read
from workbench.runs.batch.running import run_batch
from workbench.runs.batch.summary import write_summary
from workbench.runs.batch.task import Outcome, Task, Verdict
from workbench.runs.batch.working import work
from workbench.runs.pool import Ended

ran: list[str] = []


def runner(tasks):
    """Tells what it was given, and does it here."""
    for task in tasks:
        ran.append(task.name)
        yield Ended(task, work(task))


def again(workspace: Path, **how: bool) -> list[str]:
    """The names of what one more start works on."""
    ran.clear()
    outcomes = list(run_batch(plan_batch(Wanted(("params",)), workspace), runner=runner, **how))
    assert not [o for o in outcomes if o.failed], outcomes
    return list(ran)


@pytest.fixture
def batch(workspace: Path, plans: Callable[..., list[Path]], quick: None) -> Path:
    """A workspace in which a batch of two is over."""
    plans(2)
    assert again(workspace) == ["params/c-1.yaml", "params/c-2.yaml"]
    assert again(workspace) == []
    return workspace


def test_whatever_single_file_changes_is_seen(batch: Path) -> None:
    run = next((batch / "runs/c-1").iterdir())
    evidence = batch / "params/evidence/c-1"
    own = {
        "result": (run / "result.json", lambda data: data.replace(b"98", b"99")),
        "same size and time": (run / "scorecard.csv", lambda data: data[:-2] + b" \n"),
        "plan": (batch / "params/c-1.yaml", lambda data: data + b"# \n"),
        "evidence": (evidence / "评价对象.csv", lambda data: data.replace("交通局".encode(), "水务局".encode())),
        "attachment that was missing": (evidence / "验收单.txt", lambda data: b"new"),
        "table that was not there": (evidence / "备用.csv", lambda data: b"x\n1\n"),
    }
    for what, (path, change) in own.items():
        before = path.read_bytes() if path.is_file() else None
        times = path.stat() if before is not None else None
        path.write_bytes(change(before or b""))
        if times is not None:
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert again(batch) == ["params/c-1.yaml"], what
        assert again(batch) == [], what
    shutil.rmtree(batch / "runs/c-2")
    assert "params/c-2.yaml" in again(batch)


def test_what_all_depend_on_makes_all_look_again_and_nothing_run(batch: Path) -> None:
    for path, line in ((batch / "notebooks/small.ipynb", "\n"), (batch / "packs/culverts/rulesets/own.yaml", "# \n")):
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(line)
        assert again(batch) == ["params/c-1.yaml", "params/c-2.yaml"]
        assert again(batch) == []


def test_a_copied_workspace_is_recognised_by_its_bytes(
    batch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(batch, copy)
    monkeypatch.chdir(copy)
    (copy / "packs/culverts").touch()
    before = (copy / "runs/batch/params/receipts.jsonl").read_bytes()
    planned = plan_batch(Wanted(("params",)), copy)
    # What is installed is known by its path too, so that the copy looks once; the runs are not executed.
    assert {o.state for o in run_batch(planned, runner=runner)} == {"kept"}
    assert again(copy) == []
    assert (copy / "runs/batch/params/receipts.jsonl").read_bytes().startswith(before)


def test_force_runs_everything(batch: Path) -> None:

    ran.clear()
    planned = plan_batch(Wanted(("params",)), batch, Manner(force=True))
    assert {o.state for o in run_batch(planned, runner=runner)} == {"run"} and len(ran) == 2


def test_damaged_receipts_are_none(batch: Path) -> None:
    path = batch / "runs/batch/params/receipts.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])  # torn by a kill
    assert again(batch) == ["params/c-2.yaml"]
    assert again(batch) == []
    path.write_bytes(b"\xff\x00{]\n[]\nnull\n" + b"[" * 100_000 + b"\n" + whole.replace(b'{"v":1', b'{"v":99'))
    assert len(again(batch)) == 2
    assert again(batch) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_an_attachment_that_is_there_and_not_taken_is_as_it_was(batch: Path, tmp_path: Path) -> None:
    """One that leads out of the folder was written down as missing, and the plan opened again at every start."""
    (tmp_path / "elsewhere.txt").write_text("x", "utf-8")
    (batch / "params/evidence/c-1/验收单.txt").symlink_to(tmp_path / "elsewhere.txt")
    assert again(batch) == ["params/c-1.yaml"]
    assert again(batch) == []


def test_what_lies_beside_code_and_is_no_file_changes_nothing(batch: Path) -> None:
    (batch / "notebooks/.#small.ipynb").symlink_to(batch / "nowhere")
    (batch / "notebooks/旧.ipynb").mkdir()
    (batch / "packs/culverts/broken").symlink_to(batch / "nowhere")
    assert again(batch) == []


def test_a_summary_tells_the_reasons_of_this_start(batch: Path) -> None:
    planned = plan_batch(Wanted(("params",)), batch)
    told = []
    for reason in ("甲原因", "乙原因"):
        failed = Outcome("params/c-1.yaml", "failed", problems=(Problem("x", reason),))
        page = write_summary(planned, [failed])[1]
        told.append(reason in page.read_text("utf-8"))
    assert told == [True, True]


def test_only_the_plans_of_the_last_start_are_its_runs(batch: Path) -> None:
    assert [f.parent.name for f in runs_of("params", batch)] == ["c-1", "c-2"]
    (batch / "params/c-2.yaml").unlink()
    assert again(batch) == []
    assert [f.parent.name for f in runs_of("params", batch)] == ["c-1"]


def test_many_old_lines_are_dropped(batch: Path) -> None:
    path = batch / "runs/batch/params/receipts.jsonl"
    path.write_bytes(path.read_bytes() * 5)
    assert again(batch) == [] and len(path.read_bytes().splitlines()) == 2


def test_another_name_for_the_same_plan_is_not_run(batch: Path) -> None:
    (batch / "params/c-1.yaml").rename(batch / "params/renamed.yaml")
    assert again(batch) == [] and again(batch) == []


def test_a_review_that_begins_is_seen(batch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.runs.batch.inputs.events_of", lambda *_: [Event()])
    assert len(again(batch)) == 2


class Event:
    hash = "ab" * 32


def test_failures_are_tried_again_unless_resumed(batch: Path) -> None:
    folder = batch / "params/evidence/c-1"
    (folder / "项目资金.csv").write_text("预算数(万元)*\n很多\n", "utf-8")

    def outcomes(**how: bool) -> dict[str, str]:
        ran.clear()
        return {o.task: o.state for o in run_batch(plan_batch(Wanted(("params",)), batch), runner=runner, **how)}

    expected = {"params/c-1.yaml": "failed", "params/c-2.yaml": "kept"}
    assert outcomes() == expected and ran == ["params/c-1.yaml"]
    assert outcomes() == expected and ran == ["params/c-1.yaml"]
    assert outcomes(resume=True) == expected and ran == []
    (folder / "项目资金.csv").write_text("预算数(万元)*\n5\n", "utf-8")
    assert outcomes(resume=True)["params/c-1.yaml"] == "run" and ran == ["params/c-1.yaml"]


@pytest.mark.parametrize(
    "problem",
    [
        Problem("died", "进程终止"),
        Problem("cell_failed", "第2个代码格出错:OSError", fix="[Errno 28] No space left on device"),
        Problem("cell_failed", "第2个代码格出错:MemoryError"),
        Problem("input_unreadable", "佐证资料取不下来"),
        Problem("file_changed", "文件内容与清单不符"),
        Problem("cell_failed", "第2个代码格出错:CheckFailed", fix="佐证资料在计算期间被改动,没有保存"),
    ],
)
def test_what_the_machine_did_is_tried_again_when_resumed(batch: Path, problem: Problem) -> None:
    path = batch / "runs/batch/params/receipts.jsonl"
    receipts = [_read(line) for line in path.read_bytes().splitlines()]
    died = Outcome("params/c-1.yaml", "failed", problems=(problem,))
    path.write_bytes(Receipt(receipts[0].asked, died).line())
    assert "params/c-1.yaml" in again(batch, resume=True)


texts = st.text(max_size=20)
outcomes = st.builds(
    Outcome,
    task=texts,
    state=st.sampled_from(["kept", "failed"]),
    evaluation=texts,
    title=texts,
    folder=texts,
    verdicts=st.lists(st.builds(Verdict, texts, texts, st.none() | texts, texts, texts, st.none() | texts)).map(tuple),
    errors=st.integers(0, 9),
    seconds=st.floats(0, 1e6),
    problems=st.lists(
        st.builds(
            Problem, texts, texts, st.builds(Place, texts, row=st.integers(1, 9) | st.none()), fix=st.none() | texts
        )
    ).map(tuple),
    inputs=st.lists(st.tuples(texts, texts)).map(tuple),
)


@given(outcomes)
def test_a_receipt_is_read_as_it_was_written(outcome: Outcome) -> None:
    receipt = Receipt("a" * 64, outcome, "b", "c")
    line = receipt.line()
    assert line.count(b"\n") == 1 and _read(line) == receipt


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert _read(data) is None


def test_unknown_is_not_found(tmp_path: Path) -> None:
    with Receipts(tmp_path / "receipts.jsonl") as receipts:
        assert receipts.find("a", "b") is None
        receipts.add(Receipt("b", Outcome("a", "failed")))
        assert receipts.find("a", "b") is not None
    assert Planned("x", tmp_path, None, [Task("a", {}, tmp_path)]).total == 1
