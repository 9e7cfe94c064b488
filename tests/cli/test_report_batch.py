"""``workbench report batch``: many runs at once; what is unchanged is left, what fails is told and stops nothing, what is stopped goes on."""

from __future__ import annotations

import csv
import io
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from workbench.cli import report_batch
from workbench.cli.failure import INTERRUPTED
from workbench.runs.opening import open_plan
from workbench.runs.outputs import WRITTEN
from workbench.runs.reportset import MADE
from workbench.runs.store import run_folder

NAMES = {"huangshi-sponge-2022": "huangshi_sponge_2022", "yongde-mingliang-school-2022": "yongde_mingliang_school_2022"}
HUANGSHI, YONGDE = NAMES


@pytest.fixture
def runs(finished: Callable[..., Path]) -> list[Path]:
    """The runs of two evaluations."""
    return [finished(name) for name in NAMES.values()]


HERE = ("report", "batch", "--workers", "1")
"""In this process, which costs less."""


def snapshot(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file() and p.suffix != ".csv"}


def lines(workspace: Path) -> list[dict[str, str]]:
    data = (workspace / "reports" / report_batch.SUMMARY).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "or a spreadsheet takes it for another encoding"
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_every_evaluation_gets_its_report_as_when_it_is_asked_for_alone(cli, runs, workspace) -> None:
    done = cli("report", "batch", "--all", "--workers", "2", code=0)
    assert "共2份:已写出2份。" in done.stdout and "[2/2] " in done.stderr
    folders = [workspace / "reports" / run.parent.name / run.name for run in runs]
    before = snapshot(workspace / "reports")
    assert all({folder / MADE, folder / WRITTEN, folder / "评分表.xlsx"} <= before.keys() for folder in folders)
    assert [(x["运行"], x["结果"], x["稿次"]) for x in lines(workspace)] == [
        (f"{run.parent.name}/{run.name}", "已写出", "征求意见稿") for run in runs
    ]
    assert lines(workspace)[0]["文件夹"] == f"reports/{HUANGSHI}/{runs[0].name}" and int(
        lines(workspace)[0]["还差几项"]
    )

    cli("report", HUANGSHI, code=0)
    after = snapshot(workspace / "reports")
    same = [p for p in before if p.name != MADE]
    assert after.keys() == before.keys() and all(after[p][0] == before[p][0] for p in same)


def test_nothing_is_written_twice_but_what_something_changed_under(cli, runs, workspace) -> None:
    cli(*HERE, *NAMES, code=0)
    before = snapshot(workspace / "reports")
    assert "没有变化2份" in cli(*HERE, "--all", code=0).stdout
    assert snapshot(workspace / "reports") == before
    texts = workspace / "params" / "reports" / YONGDE
    texts.mkdir(parents=True)
    (texts / "overview.md").write_text("本项目经批准实施。", "utf-8")
    told = cli.json(*HERE, *NAMES)
    assert [x["state"] for x in told["runs"]] == ["没有变化", "已写出"]
    page = workspace / "reports" / HUANGSHI / runs[0].name / "评价报告-征求意见稿.html"
    page.unlink()
    assert [x["state"] for x in cli.json(*HERE, "--all")["runs"]] == ["已写出", "没有变化"]
    assert page.is_file()


def test_one_that_cannot_be_written_stops_none_of_the_others(cli, runs, workspace) -> None:
    (runs[0] / "scorecard.csv").write_bytes(b"changed")
    told = cli.json(*HERE, HUANGSHI, "nowhere-2022", YONGDE, str(runs[1]), code=3)
    assert [(x["run"].partition("/")[0], x["state"]) for x in told["runs"]] == [
        (HUANGSHI, "失败"),
        ("nowhere-2022", "失败"),
        (YONGDE, "已写出"),
    ]
    assert told["failed"] == 2 and told["runs"][0]["problems"][0]["code"] == "file_changed"
    assert not (workspace / "reports" / HUANGSHI).exists()
    found = lines(workspace)
    assert "scorecard.csv:文件内容与清单不符" in found[0]["失败原因"] and "找不到这次运行" in found[1]["失败原因"]
    said = cli(*HERE, "--all", code=3)
    assert "没有写出的:" in said.stdout and "scorecard.csv" in said.stdout and "没有变化1份、失败1份" in said.stdout


def test_what_somebody_edited_stays_unless_forced(cli, runs, workspace) -> None:
    cli(*HERE, HUANGSHI, code=0)
    book = workspace / "reports" / HUANGSHI / runs[0].name / "评分表.xlsx"
    book.write_bytes(b"edited")
    assert "可能有人改过,没有覆盖" in cli(*HERE, "--all", code=3).stdout
    assert book.read_bytes() == b"edited"
    assert "没有变化1份" in cli(*HERE, "--all", "--force", code=0).stdout
    assert book.read_bytes() != b"edited"


def test_several_runs_of_one_evaluation_have_folders_of_their_own(cli, runs, workspace) -> None:
    plan = workspace / "params" / f"{NAMES[YONGDE]}.yaml"
    plan.write_text(plan.read_text("utf-8").replace("title: ", "title: 再次", 1), "utf-8")
    again = open_plan(plan, workspace=workspace)
    again.save()
    both = [runs[1], run_folder(again)]
    told = cli.json(*HERE, *map(str, both), "--out", "交付")
    assert {x["folder"] for x in told["runs"]} == {f"交付/{YONGDE}/{run.name}" for run in both}
    assert len({run.name for run in both}) == 2 and (workspace / "交付" / report_batch.SUMMARY).is_file()


class Stopped(io.StringIO):
    """Standard error of somebody who presses Ctrl-C when the first report is told."""

    def write(self, text: str) -> int:
        if text.startswith("[1/"):
            signal.raise_signal(signal.SIGINT)
        return super().write(text)


def test_a_batch_that_was_stopped_goes_on_where_it_was(cli, runs, workspace, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", Stopped())
        with pytest.raises(typer.Exit) as ended:
            report_batch.batch(every=True, workers=1)
        assert ended.value.exit_code == INTERRUPTED and "再按一次 Ctrl-C" in sys.stderr.getvalue()
        assert "再运行同一条命令" in sys.stderr.getvalue()
    assert not list((workspace / "reports").rglob("*.part")) and len(lines(workspace)) == 1
    assert [x["state"] for x in cli.json(*HERE, "--all")["runs"]] == ["没有变化", "已写出"]


def test_there_has_to_be_something_to_write(cli, workspace) -> None:
    assert "--all" in cli("report", "batch", code=2).stderr
    assert "工作区中还没有运行" in cli(*HERE, "--all", code=2).stderr
