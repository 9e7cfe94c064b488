"""``workbench batch``: exit codes, what is said, what is left after a stop, and a command that is killed in the middle."""

from __future__ import annotations

import io
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

from workbench.cli import batch as command_module
from workbench.cli.failure import INTERRUPTED, guarded


def states(answer: Any) -> dict[str, str]:
    return {plan["plan"]: plan["state"] for plan in answer["plans"]}


def test_a_batch_from_plans_to_summary(
    command: Any, workspace: Path, plans: Callable[..., list[Path]], quick: None
) -> None:
    plans(2)
    said = command("params", "--workers", "1", code=0)
    assert "[2/2] params/c-2.yaml 已运行:98.00分,优(暂定)" in said.stderr
    assert "共2份:已运行2份。" in said.stdout and "workbench report batch --all" in said.stdout
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


class Stopped(io.StringIO):
    """Standard error of somebody who presses Ctrl-C when the first plan is told."""

    def write(self, text: str) -> int:
        if text.startswith("[1/"):
            raise KeyboardInterrupt
        return super().write(text)


def test_ctrl_c_leaves_a_summary_and_the_way_on(
    command: Any,
    workspace: Path,
    plans: Callable[..., list[Path]],
    quick: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plans(3)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", Stopped())
        assert guarded(lambda: command_module.batch(["params"], workers=1)) == INTERRUPTED
        assert "workbench batch --resume" in sys.stderr.getvalue()
    assert "尚未运行2份" in capsys.readouterr().out
    assert (workspace / "runs/batch/params/批量运行汇总.xlsx").is_file()
    assert command.json("--resume", "--workers", "1")["counts"] == {"run": 2, "kept": 1, "failed": 0}


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
