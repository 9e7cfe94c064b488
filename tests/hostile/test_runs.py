"""Runs that go wrong midway, run folders that were touched, odd places to run in, and odd content that must come through."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from conftest import OPEN, ROOT, SAVE, Bench, Sheets, finish, put, sheets

# ---------------------------------------------------------------------------------------------------------------------
# notebooks
# ---------------------------------------------------------------------------------------------------------------------

NOTEBOOKS = {
    "a cell raises after saving": ([OPEN, SAVE, "1 / 0"], ["第4个代码格出错:ZeroDivisionError"]),
    "nothing saved": ([OPEN], ["没有保存结果", "evaluation.save()"]),
    "the kernel dies": ([OPEN, SAVE, "import os; os._exit(7)"], ["笔记本内核意外退出", "workbench lab"]),
    "another plan is saved": (
        [OPEN, "wb.open({**plan, 'title': '别的'}).save()"],
        ["保存的不是这份计划算得的结果", "wb.open(plan)"],
    ),
    "the result is touched up": (
        [
            OPEN,
            SAVE,
            "import os, pathlib\np = pathlib.Path(os.environ['WORKBENCH_STAGING'], 'result.json')\n"
            "p.write_text(p.read_text().replace('87.00', '97.00'))",
        ],
        ["保存的不是这份计划算得的结果"],
    ),
}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_that_fails(bench: Bench, name: str) -> None:
    cells, said = NOTEBOOKS[name]
    bench.notebook(*cells)
    bench.refused("笔记本执行失败", "tiny.ipynb", *said, code=3)


@pytest.mark.parametrize("content", [b"not json", b'{"cells": 3}'])
def test_notebook_that_is_none(bench: Bench, content: bytes) -> None:
    (bench.root / "notebooks" / "tiny.ipynb").write_bytes(content)
    bench.refused("notebooks/tiny.ipynb", "笔记本文件已损坏或不是笔记本", code=3)


def test_cell_that_loops(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.base.errors import NotebookError
    from workbench.runs import engine

    monkeypatch.setattr(engine, "CELL_SECONDS", 2)
    bench.notebook("while True: pass")
    with pytest.raises(NotebookError, match="运行超过2秒"):
        engine.run_plan(bench.root / "params" / "p.yaml", workspace=bench.root)
    assert bench.left() == []


# ---------------------------------------------------------------------------------------------------------------------
# where runs go
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("out", "why"), [("params/p.yaml", "是文件"), ("params/p.yaml/deeper", "是文件"), ("/proc/x", "")]
)
def test_out_that_cannot_be_written(bench: Bench, out: str, why: str) -> None:
    if out.startswith("/proc") and not Path("/proc").is_dir():
        out = "/dev/null/x"
    bench.refused("运行结果写不进去", why, "--out", args=["run", "params/p.yaml", "--out", out])
    assert (bench.root / "params" / "p.yaml").is_file()


def test_relative_out_plan_by_its_path_and_another_folder(tmp_path: Path) -> None:
    """From elsewhere, into a relative folder, in a workspace whose name has blanks, Chinese and what papermill formats."""
    bench = Bench(tmp_path / "工作区 {plan} %s")
    plan = bench.root / "params" / "p.yaml"
    plan.write_bytes(b"\xef\xbb\xbf" + plan.read_bytes().replace(b"\n", b"\r\n"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = bench("run", str(plan), "--out", "my runs", cwd=elsewhere)
    assert done.code == 0, done.err
    (saved,) = (elsewhere / "my runs" / "hostile").iterdir()
    assert json.loads((saved / "result.json").read_bytes())["subjects"][0]["total"] == "87.00"
    assert bench.left() == []
    assert not (bench.root / "my runs").exists()


# ---------------------------------------------------------------------------------------------------------------------
# interrupted, at the same time
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_run_leaves_nothing(bench: Bench, number: signal.Signals) -> None:
    bench.notebook(
        OPEN, SAVE, "import os, pathlib, time\npathlib.Path('started').write_text(str(os.getpid()))\ntime.sleep(60)"
    )
    process, started = bench.start("run", "params/p.yaml"), bench.root / "started"
    for _ in range(600):
        if started.exists() and started.read_text():
            break
        time.sleep(0.1)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # Ctrl-C reaches the kernel too
    else:
        process.send_signal(number)
    done = finish(process)
    assert done.code == 130
    assert "已中断" in done.err
    assert "Traceback" not in done.err
    assert bench.left() == []


def test_two_runs_of_one_plan_at_the_same_time(bench: Bench) -> None:
    ended = [finish(p) for p in [bench.start("run", "params/p.yaml") for _ in range(2)]]
    assert [done.code for done in ended] == [0, 0], [done.err for done in ended]
    assert bench.result()["subjects"][0]["total"] == "87.00"
    assert [p.name for p in bench.folder().parent.iterdir()] == [bench.folder().name]
    assert bench("show", "hostile").code == 0


# ---------------------------------------------------------------------------------------------------------------------
# a finished run that was touched
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run, its attachment included."""
    bench = Bench(tmp_path_factory.mktemp("stored") / "ws")
    register = [["指标编码", "资料名称", "附件文件"], ["EXEC", "决算表", "附件/决算.pdf"]]
    bench.book(lambda book: book.__setitem__("佐证清单", register))
    (bench.root / "params" / "附件").mkdir()
    (bench.root / "params" / "附件" / "决算.pdf").write_bytes(b"%PDF")
    bench.passed()
    return bench.root / "runs"


def test_attachments_are_kept(stored: Path) -> None:
    """An attachment beside a workbook that is not in the workspace's root made every run fail."""
    kept = [p.read_bytes() for p in stored.glob("*/*/evidence/*.pdf")]
    assert kept == [b"%PDF"]


TOUCHED: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "scorecard": (lambda f: (f / "scorecard.csv").write_bytes(b"x"), "scorecard.csv", "与清单不符"),
    "result": (lambda f: (f / "result.json").write_text("{"), "result.json", "与清单不符"),
    "result lost": (lambda f: (f / "result.json").unlink(), "result.json", "缺少文件"),
    "evidence": (lambda f: next((f / "evidence").glob("*.pdf")).write_bytes(b"y"), "evidence/", "与清单不符"),
    "file added": (lambda f: (f / "x.txt").write_text("x"), "x.txt", "多出文件"),
    "manifest lost": (lambda f: (f / "manifest.json").unlink(), "manifest.json", "缺少清单"),
    "manifest damaged": (lambda f: (f / "manifest.json").write_bytes(b"\xff{"), "manifest.json", "清单已损坏"),
    "manifest empty": (lambda f: (f / "manifest.json").write_text("{}"), "manifest.json", "清单已损坏"),
}


@pytest.mark.parametrize("name", TOUCHED)
def test_show_names_the_file_that_was_touched(bench: Bench, stored: Path, name: str) -> None:
    shutil.copytree(stored, bench.root / "runs")
    (folder,) = (bench.root / "runs" / "hostile").iterdir()
    touch, file, said = TOUCHED[name]
    touch(folder)
    done = bench.inside("show", "hostile")
    assert done.code == 4, done.err
    assert file in done.err and said in done.err
    assert "Traceback" not in done.err


def test_show_of_a_run_that_is_not_there(bench: Bench, stored: Path) -> None:
    shutil.copytree(stored, bench.root / "runs")
    done = bench.inside("show", "hostel")
    assert done.code == 2
    assert "是否想写“hostile”" in done.err
    assert bench.inside("show", "../params").code == 2


# ---------------------------------------------------------------------------------------------------------------------
# odd content that is no mistake
# ---------------------------------------------------------------------------------------------------------------------

NAMES = {
    "script": "<script>alert(1)</script>",
    "formula": "=cmd|' /C calc'!A0",
    "fullwidth": "＝1+1",
    "minus": "--5",
    "rtl": "\u202e乙\u2066甲",
    "emoji": "👩‍👩‍👧项目😀",
    "colour": "甲\x1b[31m红",
    "long": "长" * 5000,
}


def many(book: Sheets, subjects: dict[str, str]) -> None:
    """The workbook for these subjects, id → name."""
    tree = book["绩效指标"][1:]
    book["评价对象"][1:] = [[i, name] for i, name in subjects.items()]
    book["项目资金"][1:] = [[i, "年度资金总额", 100, 80] for i in subjects]
    book["绩效指标"][0].insert(0, "对象编号")
    book["绩效指标"][1:] = [[i, *line] for i in subjects for line in tree]


def test_hostile_names_stay_text(bench: Bench) -> None:
    tables = ("measures", "scores", "verdict", "caps", "findings")
    shown = f"for s in evaluation.subjects:\n    display(*(getattr(evaluation, t)(s.id) for t in {tables}))"
    whole = "display(evaluation.overview(), evaluation.evidence_overview(), evaluation.comparison())"
    bench.notebook(OPEN, whole, shown, "evaluation.chart('lost_points', 'script')", SAVE)
    bench.book(put("绩效指标", 2, "三级指标", NAMES["formula"]), lambda book: many(book, NAMES))
    done = bench()
    assert done.code == 0, done.err
    assert "\x1b" not in done.out and "\u202e" not in done.out
    text = (bench.folder() / "scorecard.csv").read_text(encoding="utf-8-sig")
    cells = [c for row in csv.reader(io.StringIO(text, newline="")) for c in row if c]
    assert "'" + NAMES["formula"] in cells
    assert not [
        c for c in cells if c[0] in "=+-@\t\r\n＝＋－＠" and not c.removeprefix("-").replace(".", "").isdecimal()
    ]
    kept = json.loads((bench.folder() / "notebook.ipynb").read_text(encoding="utf-8"))
    page = "".join("".join(o.get("data", {}).get("text/html", "")) for c in kept["cells"] for o in c.get("outputs", []))
    assert "&lt;script&gt;" in page and "<script" not in page
    assert {s["name"] for s in bench.result()["subjects"]} == {n.strip() for n in NAMES.values()}


def test_three_hundred_subjects(bench: Bench) -> None:
    subjects = {f"P{i:03d}": f"项目{i}" for i in range(300)}
    bench.book(lambda book: many(book, subjects))
    result = bench.passed()
    assert [s["id"] for s in result["subjects"]] == sorted(subjects)
    assert {s["total"] for s in result["subjects"]} == {"87.00"}


def test_far_days_small_and_large_numbers_and_no_weight(bench: Bench, tmp_path: Path) -> None:
    def edit(book: Sheets) -> None:
        book["绩效指标"] += [
            ["D1", "产出指标", "早", "时限", "1969-12-31", None, 0, "1950-01-01", None],
            ["D2", "产出指标", "晚", "时限", date(9999, 12, 31), None, 0, "9999-12-31", None],
            ["L", "产出指标", "大", "≥", "999999999999", "元", 0, "999999999999", None],
            ["T", "产出指标", "小", "≥", "0.000001", "元", 0, "0.000001", None],
        ]
        book["项目资金"][1][2:] = [0.000001, 0.000001]

    bench.book(edit)
    folder = tmp_path / ("t" * 120)  # too long for the kernel's sockets
    folder.mkdir()
    (subject,) = bench.passed(env={"TMPDIR": str(folder)})["subjects"]
    found = {i["code"]: i for i in subject["indicators"]}
    assert (found["EXEC"]["value"], found["EXEC"]["final"]) == ("100.00", "10.00")
    assert {found[c]["final"] for c in ("D1", "D2", "L", "T")} == {"0.00"}
    assert "1950年1月1日" in found["D1"]["explanation"]
    assert (found["L"]["value"], found["T"]["value"]) == ("999999999999.00", "0.000001")
    assert subject["total"] == "89.00"


@pytest.mark.parametrize("value", [93, "93%", "９３％", 0.93])
def test_a_percentage_however_it_is_written(bench: Bench, value: object) -> None:
    """0.93 in a cell shown as a percentage is 93 %. Opened, not run: the value is settled before a kernel starts."""
    import workbench as wb

    percent = [("绩效指标", 4)] if value == 0.93 else []
    bench.book(put("绩效指标", 4, "实际完成值", value), percent=percent)
    (subject,) = wb.open("params/p.yaml", workspace=bench.root).result().subjects
    assert next(i.value for i in subject.indicators if i.code == "S") == "93.00"


def test_zero_denominator_and_unknown_indicator_in_the_register(bench: Bench) -> None:
    """Neither stops the run: the one is not scored, the other is an error among the findings that names its row."""
    register = [["指标编码", "资料名称"], ["EXEQ", "决算表"], ["Q", "清单"]]
    bench.book(put("项目资金", 2, "全年预算数(万元)", 0), lambda book: book.__setitem__("佐证清单", register))
    (subject,) = bench.passed()["subjects"]
    rate = next(i for i in subject["indicators"] if i["code"] == "EXEC")
    assert (rate["status"], rate["final"], subject["total"]) == ("unscored", None, None)
    assert subject["interval"] == ["79.00", "89.00"]
    assert "分母“全年预算数”为0" in rate["explanation"]
    assert any("e.xlsx [项目资金] 第2行" in e["place"] for e in rate["evidence"])
    (finding,) = [f for f in subject["findings"] if f["severity"] == "error"]
    assert "[佐证清单] A2" in finding["message"] and "“EXEQ”" in finding["message"]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """GBK CSV files and a Parquet file in one folder."""
    import duckdb

    bench = Bench(tmp_path_factory.mktemp("mixed") / "ws")
    folder = bench.root / "params" / "data"
    folder.mkdir()
    for title, rows in sheets().items():
        texts = [["" if c is None else str(c) for c in row] for row in rows]
        if title == "绩效指标":
            with duckdb.connect() as engine:
                columns = ", ".join(f'"{head}" VARCHAR' for head in texts[0])
                engine.execute(f"CREATE TABLE t ({columns})")
                engine.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(texts[0]))})", texts[1:])
                engine.execute(f"COPY t TO '{folder / title}.parquet' (FORMAT parquet)")
        else:
            lines = [",".join(row) for row in texts]
            (folder / f"{title}.csv").write_bytes("\r\n".join(lines).encode("gbk"))
    bench.write_plan(evidence="params/data")
    return bench


def test_gbk_csv_and_parquet(mixed: Bench) -> None:
    assert mixed.passed()["subjects"][0]["total"] == "87.00"
    kept = sorted(p.suffix for p in (mixed.folder() / "evidence").iterdir())
    assert kept == [".csv", ".csv", ".parquet"]


def test_a_real_plan_in_a_copy_of_the_project(tmp_path: Path) -> None:
    for name in ("params", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / "ws" / name)
    bench = Bench(tmp_path / "ws")
    done = bench("run", "params/huangshi_sponge_2022.yaml", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["subjects"][0]["total"] == "99.55"
    refused = bench("run", "params/huangshi_sponge_2022.yaml", "--json", "--set", "policy=x")
    assert refused.code == 2
    assert json.loads(refused.out)["problems"][0]["place"] == {"file": "--set", "key": "plan.policy"}
