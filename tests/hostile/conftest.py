"""A workspace in which everything may be wrong, and the real command: as a user starts it, or in this process."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from workbench.cli.app import PROGRAM, application

ROOT = Path(__file__).resolve().parents[2]
WORKBENCH = shutil.which("workbench", path=str(Path(sys.executable).parent)) or "workbench"
PLAN = {
    "evaluation": "hostile",
    "title": "测试",
    "pack": "self-evaluation",
    "variant": "caiyu10",
    "ruleset": "caiyu-2020-10",
    "policy": "national-default",
    "period": "2022年度",
    "stage": "自评",
    "as_of": "2023-03-31",
    "evidence": "params/e.xlsx",
    "notebook": "tiny.ipynb",
}
OPEN = "import workbench as wb\nevaluation = wb.open(plan)"
SAVE = "evaluation.save()"
ENGLISH = re.compile(r"(?:\b[A-Za-z]{3,} ){3,}[A-Za-z]{3,}\b")
"""Four words in a row: a sentence that nobody translated."""
Sheets = dict[str, list[list[Any]]]

# Started in the background of a shell, the tests would ignore Ctrl-C, and so would every command they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def sheets() -> Sheets:
    """A small workbook with nothing wrong in it: total 87.00."""
    return {
        "评价对象": [["对象编号", "对象名称"], ["P01", "项目甲"]],
        "项目资金": [
            ["对象编号", "资金类别", "全年预算数(万元)", "全年执行数(万元)"],
            ["P01", "年度资金总额", 100, 80],
        ],
        "绩效指标": [
            [
                "指标编码",
                "一级指标",
                "三级指标",
                "指标性质",
                "年度指标值",
                "计量单位",
                "分值",
                "实际完成值",
                "评定比例",
            ],
            ["Q", "产出指标", "完成数量", "≥", "100", "个", 50, "90", None],
            ["B", "效益指标", "效果", "定性", "好", None, 30, None, 80],
            ["S", "满意度指标", "满意度", "≥", "90%", "%", 10, "95%", None],
        ],
    }


def put(sheet: str, row: int, title: str, value: Any) -> Callable[[Sheets], None]:
    """An edit of :func:`sheets`: one cell, by its row as a spreadsheet counts and its header."""

    def edit(book: Sheets) -> None:
        rows = book[sheet]
        if title not in rows[0]:
            for r in rows:
                r.append(title if r is rows[0] else None)
        rows[row - 1][rows[0].index(title)] = value

    return edit


def write_xlsx(
    path: Path, book: Mapping[str, Sequence[Sequence[Any]]], percent: Sequence[tuple[str, int]] = ()
) -> None:
    """A workbook of plain cells; ``percent`` lists (sheet, row) whose numbers are shown as percentages."""
    from xlsxwriter import Workbook

    path.parent.mkdir(parents=True, exist_ok=True)
    with Workbook(str(path)) as out:
        day, share = out.add_format({"num_format": "yyyy-mm-dd"}), out.add_format({"num_format": "0%"})
        for title, rows in book.items():
            sheet = out.add_worksheet(title)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(r, c, value)
                    elif isinstance(value, date):
                        sheet.write_datetime(r, c, value, day)
                    elif value is not None:
                        sheet.write(r, c, value, share if (title, r + 1) in percent else None)


def notebook(*cells: str) -> str:
    """A notebook with a parameters cell and these code cells."""

    def cell(i: int, source: str, **metadata: Any) -> dict[str, Any]:
        base = {"cell_type": "code", "id": f"c{i}", "outputs": [], "execution_count": None}
        return base | {"metadata": metadata, "source": source}

    made = [cell(0, "plan = 'params/p.yaml'", tags=["parameters"]), *(cell(i, s) for i, s in enumerate(cells, 1))]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass
class Bench:
    """A workspace with one plan, ``params/p.yaml``, and the command run in it."""

    root: Path
    plan: dict[str, Any] = field(default_factory=lambda: dict(PLAN))

    def __post_init__(self) -> None:
        for name in ("params", "notebooks"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        self.notebook(OPEN, SAVE)
        self.book()
        self.write_plan()

    def notebook(self, *cells: str) -> None:
        (self.root / "notebooks" / "tiny.ipynb").write_text(notebook(*cells), encoding="utf-8")

    def book(self, *edits: Callable[[Sheets], object], percent: Sequence[tuple[str, int]] = ()) -> None:
        book = sheets()
        for edit in edits:
            edit(book)
        write_xlsx(self.root / "params" / "e.xlsx", book, percent)

    def write_plan(self, **settings: Any) -> None:
        """The plan as YAML; JSON is YAML, and needs no library to write it."""
        content = {k: v for k, v in (self.plan | settings).items() if v is not None}
        lines = [f"  {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in content.items()]
        (self.root / "params" / "p.yaml").write_text("\n".join(["plan:", *lines, ""]), encoding="utf-8")

    def start(
        self, *args: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """The command, started in a process group of its own."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("WORKBENCH_")}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        return subprocess.Popen(
            [WORKBENCH, *args], cwd=cwd or self.root, env=kept | dict(env or {}), start_new_session=True, **pipes
        )

    def __call__(self, *args: str, **more: Any) -> Done:
        return finish(self.start(*(args or ("run", "params/p.yaml")), **more))

    def left(self) -> list[str]:
        """Everything that stands in the runs folder."""
        return sorted(p.relative_to(self.root).as_posix() for p in (self.root / "runs").rglob("*"))

    def inside(self, *args: str) -> Done:
        """The command in this process, for what it says: a process of its own would take a second to start."""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.root)
            for name in [name for name in os.environ if name.startswith("WORKBENCH_")]:
                patch.delenv(name)
            done = CliRunner().invoke(application(), args or ("run", "params/p.yaml"), prog_name=PROGRAM)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    def refused(self, *said: str, code: int = 2, args: Sequence[str] = (), process: bool = False) -> Done:
        """Run; the command must end with ``code``, say all this in Chinese, and leave nothing behind."""
        done = self(*args) if process else self.inside(*args)
        assert done.code == code, done.err
        missing = [text for text in said if text not in done.err]
        assert not missing, f"{missing} not in: {done.err}"
        assert "Traceback" not in done.out + done.err
        assert not ENGLISH.search(done.err), done.err
        assert self.left() == []
        return done

    def passed(self, env: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Run, in a process of its own where it needs an environment; it must succeed. What is in ``result.json``."""
        done = self(env=env) if env else self.inside()
        assert done.code == 0, done.err
        assert "Traceback" not in done.out + done.err
        return self.result()

    def folder(self) -> Path:
        (found,) = (p.parent for p in (self.root / "runs").glob("*/*/manifest.json"))
        return found

    def result(self) -> dict[str, Any]:
        return json.loads((self.folder() / "result.json").read_text(encoding="utf-8"))


def finish(process: subprocess.Popen[bytes]) -> Done:
    out, err = process.communicate(timeout=100)
    return Done(process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "ws")
