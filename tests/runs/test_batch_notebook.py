"""``wb.batch`` and ``wb.batch_async``: what a notebook shows while a batch runs, and what it gets; nothing is executed here."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import replace
from pathlib import Path

import pytest

import workbench as wb
from workbench.base.errors import Place, PlanError, Problem
from workbench.runs.batch.notebook import BatchView, ordered, run_told
from workbench.runs.batch.planned import Planned
from workbench.runs.batch.progress import Lines, Panel, looked_on, watched
from workbench.runs.batch.task import Outcome, Task, Verdict
from workbench.runs.pool import Ended, spread

HOSTILE = "<script>alert(1)</script>"
PROBLEM = Problem("x", "不是数字", Place("水利.xlsx", "项目收支", 12, "执行数"), found=HOSTILE, fix="请填写数字")
BAD = "plan: {evaluation: x"


def outcome(name: str) -> Outcome:
    """The third fails, the others run."""
    if name.endswith("2"):
        return Outcome(name, "failed", problems=(PROBLEM,))
    verdict = Verdict("p", "某县水利局", "93.50", "93.50", "93.50", "优", True)
    return Outcome(
        name, "run", f"e{name}", "养护", f"e/{name}", pack="self-evaluation", verdicts=(verdict,), seconds=1.25
    )


def runner(tasks):
    """One after the other, at once."""
    for task in tasks:
        yield Ended(task, outcome(task.name))


@pytest.fixture
def planned(tmp_path: Path) -> Planned:
    tasks = []
    for number in range(5):
        path = tmp_path / f"{number}.yaml"
        path.write_text(f"plan: {{evaluation: e{number}}}\n", encoding="utf-8")
        tasks.append(Task(str(number), path, tmp_path))
    return Planned("项目", tmp_path, None, tasks)


def test_lines_are_printed_where_nobody_looks_on(planned: Planned, capsys: pytest.CaptureFixture[str]) -> None:
    assert not looked_on()
    done, notes = run_told(planned, watched(runner, 2, told := Lines(5)), told, resume=False)
    said = capsys.readouterr().out.splitlines()
    assert [o.task for o in done] == ["0", "1", "2", "3", "4"] and notes == []
    assert said[0] == "[1/5] 0 e0 养护 已运行:93.50分,优(暂定)(1.2秒)"
    assert said[2].startswith("[3/5] 2 失败:水利.xlsx [项目收支] 第12行 “执行数”:不是数字")
    assert said[-1] == "完成:已运行4份、失败1份"


def test_the_panel_shows_counts_names_and_failures(planned: Planned) -> None:
    panel = Panel(5, stoppable=True)
    seen = []

    def looking(tasks):
        for ended in watched(runner, 2, panel)(tasks):
            panel._draw()
            seen.append(panel.names.value)
            yield ended

    run_told(planned, looking, panel, resume=False)
    assert seen == ["正在运行:1、2", "正在运行:2、3", "正在运行:3、4", "正在运行:4", ""]
    assert panel.bar.value == panel.bar.max == 5 and panel.bar.bar_style == "danger"
    assert "完成:已运行4份、失败1份" in panel.counts.value and panel.button.layout.display == "none"
    assert "失败1份" in panel.failures.value and HOSTILE not in panel.failures.value


def test_after_the_button_nothing_begins_and_the_rest_is_run_later(planned: Planned) -> None:
    panel = Panel(5, stoppable=True)

    def pressed(task):
        panel.button.click()
        return outcome(task.name)

    def pressing(tasks):
        yield from spread(pressed, tasks, 1, panel.stop)

    done, notes = run_told(planned, watched(pressing, 1, panel), panel, resume=False)
    assert [o.task for o in done] == ["0"]
    assert "已停下" in panel.counts.value and panel.bar.bar_style == "warning"
    view = BatchView(planned, done, (), notes)
    assert view.left == 4 and "尚未运行4份" in view._repr_html_() and "已停下" in str(view)


@pytest.mark.parametrize(("times", "ends", "note"), [(1, 1, "已停下:已开始的都已运行完"), (2, 0, "已立即停下")])
def test_the_kernels_interrupt_stops_it_too(planned: Planned, times: int, ends: int, note: str) -> None:
    """Once: what has begun comes to its end; twice: at once."""
    told = Lines(5)

    def interrupted(task):
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        return outcome(task.name)

    done, notes = run_told(planned, lambda tasks: spread(interrupted, tasks, 1, told.stop), told, resume=False)
    assert len(done) == ends and [n.startswith(note) for n in notes] == [True]


def test_a_view_shows_itself_and_becomes_a_frame(planned: Planned) -> None:
    low = Verdict("q", "乙", None, "52.00", "88.50", None)
    outcomes = [outcome("1"), outcome("2"), Outcome("3", "kept", verdicts=(low,))]
    view = BatchView(planned, outcomes, [planned.workspace / "汇总.html"], linked=True)
    assert HOSTILE not in view._repr_html_() and "%E6%B1%87%E6%80%BB.html" in view._repr_html_()
    frame, full = view.to_frame(), view.to_frame(full=True)
    assert list(frame["状态"]) == ["失败", "已运行", "没有变化"]  # the order and the words of the summary
    assert list(frame["等级"]) == ["", "优(暂定)", "待定"] and list(frame["得分区间"]) == ["", "", "52.00—88.50"]
    assert list(frame["得分"].isna()) == [True, False, True] and list(full["得分上限"])[2] == 88.5
    assert full["失败原因"][0] == str(PROBLEM) and len(frame.columns) == 8
    assert list(full["用时(秒)"].isna()) == [True, False, True]  # nothing ran for what has not changed
    assert [row[2:6] for row in view.subjects.rows] == [
        ["", "", "", "失败"],
        ["某县水利局", "93.50", "优(暂定)", "已运行"],
        ["乙", "52.00—88.50", "待定", "没有变化"],
    ]
    many = BatchView(planned, [outcome("1")] * 203, ()).subjects
    assert len(many.rows) == 200 and many.note == "另有3行,见汇总"
    assert [row[1:] for row in view.grades.rows] == [["优", "1", "1", "100.0"], ["待定", "1", "0", "100.0"]]
    assert BatchView(planned, [], ()).to_frame().empty


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two plans that cannot be read: they fail in this process, within milliseconds."""
    for mark in ("params", "notebooks"):
        (tmp_path / mark).mkdir()
    for name in ("a", "b"):
        (tmp_path / "params" / f"{name}.yaml").write_text(f"{BAD}{name}", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "notebooks")
    return tmp_path


def test_both_ways_run_the_same_batch(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    view = wb.batch("params", "", workers=1)
    again = asyncio.run(wb.batch_async("params", workers=1))
    assert [o.task for o in view.outcomes] == [o.task for o in again.outcomes] == ["params/a.yaml", "params/b.yaml"]
    assert all(o.failed for o in again.outcomes) and [p.name for p in view.files] == [
        "批量运行汇总.xlsx",
        "批量运行汇总.html",
    ]
    # Nobody looks on: the notebook may be put anywhere, so that the place is told from the workspace on and is no link.
    assert "汇总:runs/batch/params/批量运行汇总.xlsx" in again._repr_html_() and "href" not in again._repr_html_()
    assert 'href="../runs/batch/params/' in replace(again, linked=True)._repr_html_()
    assert "第2行" in str(view) or "第1行" in str(view)
    assert [o.failed for o in wb.batch(resume=True, workers=1).outcomes] == [True, True]
    assert "完成:失败2份" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("plans", "options"),
    [("", {}), ("params", {"workers": 0}), ("params", {"workers": True}), ("params", {"time_limit": "5"})],
)
def test_what_cannot_be_is_refused(workspace: Path, plans: str, options: dict[str, object]) -> None:
    with pytest.raises(PlanError):
        ordered(plans, None, **options)
