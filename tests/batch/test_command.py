"""``workbench batch``: exit codes, what is said, what is left after a stop, and a command that is killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.base.errors import FileError
from workbench.cli.failure import INTERRUPTED
from workbench.runs.batch.finished import runs_of


def states(answer: Any) -> dict[str, str]:
    return {plan["plan"]: plan["state"] for plan in answer["plans"]}


def test_a_batch_from_plans_to_summary(
    command: Any, workspace: Path, plans: Callable[..., list[Path]], quick: None
) -> None:
    plans(2)
    said = command("params", "--workers", "1", code=0)
    assert "[2/2] params/c-2.yaml 已运行:98.00分,优(暂定)" in said.stderr
    assert "共2份:已运行2份。" in said.stdout and "下一步:workbench report batch --batch params\n" in said.stdout
    folder = workspace / "runs/batch/params"
    books = [folder / "批量运行汇总.xlsx", folder / "批量运行汇总.html"]
    times = [path.stat().st_mtime_ns for path in books]
    again = command.json("params", "--workers", "1")
    assert states(again) == {"params/c-1.yaml": "kept", "params/c-2.yaml": "kept"}
    assert again["counts"] == {"run": 0, "kept": 2, "failed": 0}
    assert [path.stat().st_mtime_ns for path in books] == times, "what it says has not changed"
    assert command.json("params", "--workers", "1", "--set", "title=另一题")["counts"]["run"] == 2
    assert [path.stat().st_mtime_ns for path in books] != times


def test_failures_have_their_code_and_resume_needs_no_words(
    command: Any, workspace: Path, plans: Callable[..., list[Path]], quick: None
) -> None:
    plans(2)
    (workspace / "params/c-2.yaml").write_text("plan: 1\n", "utf-8")
    said = command("params", "--workers", "1", code=3)
    assert "已运行1份、失败1份" in said.stdout and "这不是评价计划文件" in said.stdout
    assert states(command.json("--resume", "--workers", "1", code=3)) == {
        "params/c-1.yaml": "kept",
        "params/c-2.yaml": "failed",
    }
    plans(2)
    assert command.json("--resume", "--workers", "1")["counts"] == {"run": 1, "kept": 1, "failed": 0}


def test_wrong_use_is_told(command: Any, workspace: Path) -> None:
    assert "没有写明要运行哪些计划" in command(code=2).stderr
    assert "还没有批量运行过" in command("--resume", code=2).stderr
    assert "不能另写" in command("--resume", "--set", "a=b", code=2).stderr
    assert "--scheduler" in command("params", "--inputs", "x", code=2).stderr


def test_a_dry_run_tells_all_that_is_wrong_and_runs_nothing(
    command: Any, workspace: Path, plans: Callable[..., list[Path]]
) -> None:
    plans(3)
    assert "可以运行3份" in command("params", "--dry-run", "--workers", "1", code=0).stdout
    for name in ("c-2", "c-3"):
        (workspace / f"params/evidence/{name}/项目资金.csv").unlink()
    said = command("params", "--dry-run", "--workers", "1", code=2)
    assert said.stdout.count("缺少文件“项目资金”") == 2 and "没有运行任何计划" in said.stdout
    answer = command.json("params", "--dry-run", "--workers", "1", code=2)
    assert answer["failed"] == 2 and answer["plans"][0]["indicators"] == 2 and not (workspace / "runs").exists()


def test_two_plans_of_one_evaluation_are_two_runs_and_told(
    command: Any, workspace: Path, plans: Callable[..., list[Path]], quick: None
) -> None:
    path = plans(1)[0]
    (workspace / "params/other.yaml").write_text(path.read_text("utf-8").replace("涵洞改造自评", "另一题"), "utf-8")
    said = command("params", "--workers", "1", code=0)
    assert "2份计划的评价编号都是 c-1" in said.stderr and len(list((workspace / "runs/c-1").iterdir())) == 2


def interrupted(monkeypatch: pytest.MonkeyPatch, number: int, times: int) -> None:
    """Have the first notebook interrupted while it runs, so many times."""
    from workbench.runs import engine

    before, left = engine.execute, iter(range(times))

    def execute(*args: Any, **options: Any) -> Any:
        for _ in left:
            signal.raise_signal(number)
        return before(*args, **options)

    monkeypatch.setattr(engine, "execute", execute)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_counts_what_has_begun_leaves_a_summary_and_tells_the_way_on(
    command: Any,
    workspace: Path,
    plans: Callable[..., list[Path]],
    quick: None,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    plans(3)
    interrupted(monkeypatch, number, 1)
    said = command("params", "--workers", "1", code=INTERRUPTED)
    assert "正在等已开始的1份结束;再按一次 Ctrl-C 立即停下" in said.stderr
    assert "workbench batch --resume --workers 1\n" in said.stderr and "已运行1份、尚未运行2份" in said.stdout
    assert len((workspace / "runs/batch/params/receipts.jsonl").read_bytes().splitlines()) == 1
    assert (workspace / "runs/batch/params/批量运行汇总.xlsx").is_file()
    assert command.json("--resume", "--workers", "1")["counts"] == {"run": 2, "kept": 1, "failed": 0}


def test_a_second_ctrl_c_stops_at_once_and_the_next_start_does_it_all(
    command: Any, workspace: Path, plans: Callable[..., list[Path]], quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans(2)
    interrupted(monkeypatch, signal.SIGINT, 2)
    assert command.json("params", "--workers", "1", code=INTERRUPTED)["counts"] == {"run": 0, "kept": 0, "failed": 0}
    assert command.json("--resume", "--workers", "1")["counts"]["run"] == 2


def test_the_runs_of_a_batch_are_known_by_its_name(
    command: Any, workspace: Path, plans: Callable[..., list[Path]], quick: None
) -> None:
    plans(2)
    (workspace / "params/c-3.yaml").write_text("plan: 1\n", "utf-8")
    command("params", "--workers", "1", "--out", "别处", code=3)
    said = command("params", "--workers", "1", code=3)
    assert "下一步:workbench report batch --batch params\n" in said.stdout
    found = runs_of("params", workspace)
    assert [f.relative_to(workspace).parts[:2] for f in found] == [("runs", "c-1"), ("runs", "c-2")]
    assert [f.parent.name for f in runs_of("别处/batch/params", workspace)] == ["c-1", "c-2"]
    with pytest.raises(FileError, match="是否想写“params”"):
        runs_of("parms", workspace)


def test_asked_to_stop_at_the_last_plan_it_is_simply_done(
    command: Any, plans: Callable[..., list[Path]], quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans(1)
    interrupted(monkeypatch, signal.SIGINT, 1)
    assert command.json("params", "--workers", "1")["counts"]["run"] == 1


def test_after_a_kill_in_the_middle_resume_does_the_rest(workspace: Path, plans: Callable[..., list[Path]]) -> None:
    """Real processes and real notebooks; SIGKILL as soon as the first receipt is there."""
    plans(4)
    receipts = workspace / "runs/batch/params/receipts.jsonl"
    line = [sys.executable, "-c", "from workbench.cli import main; main()", "batch"]
    first = subprocess.Popen([*line, "params", "--workers", "2"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while first.poll() is None and not (receipts.is_file() and b"\n" in receipts.read_bytes()):
        time.sleep(0.02)
    os.kill(first.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    first.wait()
    before = len(receipts.read_bytes().splitlines())
    done = subprocess.run([*line, "--resume", "--json", "--workers", "1"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    counts = json.loads(done.stdout)["counts"]
    assert counts["failed"] == 0 and counts["run"] + counts["kept"] == 4 and counts["kept"] >= before >= 1
    assert len(list((workspace / "runs").glob("c-*/*/manifest.json"))) == 4
