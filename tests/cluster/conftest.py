"""A small province: plans of one little pack of the workspace's own, with code, attachments and a notebook of two cells; and a
cluster of real processes on the loopback.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from workbench.runs.batch.task import Task

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
PACK = {
    "id": "small-town",
    "version": "0.1.0",
    "api_version": 1,
    "title": "小城镇建设指标包",
    "object": "小城镇建设项目",
    "basis": [{"document": "项目支出绩效评价管理办法", "number": "财预〔2020〕10号"}],
    "ruleset": "caiyu-2020-10",
    "notebook": "short.ipynb",
    "tables": [
        {
            "name": "funds",
            "title": "项目资金",
            "per": "subject",
            "fields": [
                {"name": "budget", "title": "全年预算数", "type": "money", "unit": "万元", "required": True},
                {"name": "executed", "title": "全年执行数", "type": "money", "unit": "万元"},
            ],
        }
    ],
    "derived": [
        {
            "name": "remainder",
            "title": "结余",
            "python": "small-town-left",
            "reads": ["funds"],
            "columns": [{"name": "rest", "title": "结余", "unit": "万元"}],
        }
    ],
    "indicators": [
        {
            "code": "EXEC",
            "name": "预算执行率",
            "level1": "预算执行率",
            "weight": 10,
            "unit": "%",
            "judged": "execution_rate",
            "value": "funds.executed / nullif(funds.budget, 0) * 100",
            "target": "100",
            "formula": "全年执行数÷全年预算数×100%",
            "proof": ["决算报表"],
            "clause": {"document": "项目支出绩效评价管理办法", "number": "财预〔2020〕10号", "clause": "第十三条、附1"},
        },
        {
            "code": "LEFT",
            "name": "结余资金",
            "level1": "产出指标",
            "level2": "成本指标",
            "weight": 90,
            "unit": "万元",
            "value": "remainder.rest",
            "rule": {
                "kind": "banded",
                "params": {"bands": [{"at": 20, "share": 50}, {"at": 0, "share": 100}]},
                "example": True,
            },
            "formula": "全年预算数-全年执行数",
            "proof": ["决算报表"],
            "example": True,
        },
    ],
}
PLUGIN = """
from workbench.plugins.specs import hookimpl
from workbench.scoring.derivations import Derivation
from . import sums

API_VERSION = 1


def left(tables, subjects, params):
    table = tables["funds"]
    found = {table.value(row, "subject"): row for row in range(len(table))}
    return {"rest": [sums.minus(table, found[name]) for name in subjects]}


@hookimpl
def workbench_derivations():
    return [Derivation(name="small-town-left", version="1.0.0", function=left, distribution="small-town")]
"""
SUMS = '''
def minus(table, row):
    """Budget less what was spent."""
    budget, spent = table.value(row, "budget"), table.value(row, "executed")
    return None if spent is None else budget - spent
'''
CELLS = (["plan = None"], ["import workbench as wb\n", "evaluation = wb.open(plan)\n", "evaluation.save()"])


def notebook(*cells: Sequence[str]) -> str:
    """A notebook's text; the first cell takes the parameters."""
    made = [
        {
            "cell_type": "code",
            "id": f"cell-{n}",
            "metadata": {"tags": ["parameters"]} if n == 0 else {},
            "execution_count": None,
            "outputs": [],
            "source": list(source),
        }
        for n, source in enumerate(cells)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


@dataclass(frozen=True)
class Province:
    """A workspace with as many plans as asked for. Project ``n`` has spent ``100 + n`` of ``200 + n``."""

    root: Path

    def settle(self, plans: int) -> list[Task]:
        """Write pack, notebook, plans and evidence; the tasks."""
        pack = self.root / "packs" / "small-town"
        (pack / "notebooks").mkdir(parents=True)
        (pack / "pack.yaml").write_text(yaml.safe_dump({"pack": PACK}, allow_unicode=True), encoding="utf-8")
        (pack / "plugin.py").write_text(PLUGIN, encoding="utf-8")
        (pack / "sums.py").write_text(SUMS, encoding="utf-8")
        (pack / "notebooks" / "short.ipynb").write_text(notebook(*CELLS), encoding="utf-8")
        return [self.project(n) for n in range(plans)]

    def project(self, n: int, **plan: str) -> Task:
        """One plan with its evidence, every third with an attachment."""
        folder = self.root / "evidence" / f"p{n:04d}"
        folder.mkdir(parents=True)
        rows = {
            "subjects": ["对象编号,对象名称", f"P{n:04d},项目{n}"],
            "funds": ["对象编号,全年预算数(万元),全年执行数(万元)", f"P{n:04d},{200 + n},{190 + n}"],
        }
        if n % 3 == 0:
            rows["register"] = [
                "对象编号,指标编码,佐证状态,资料名称,附件文件",
                f"P{n:04d},EXEC,已提供未核实,决算报表,附件/决算.txt",
            ]
            (folder / "附件").mkdir()
            (folder / "附件" / "决算.txt").write_text(f"全年执行数{190 + n}万元", encoding="utf-8")
        for name, lines in rows.items():
            (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        content = {
            "evaluation": f"town-{n:04d}",
            "title": f"项目{n}",
            "pack": "small-town",
            "ruleset": "caiyu-2020-10",
            "policy": "national-default",
            "period": "2023年度",
            "stage": "自评",
            "as_of": "2023-12-31",
            "evidence": f"evidence/p{n:04d}",
        }
        path = self.root / "plans" / f"p{n:04d}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump({"plan": content | plan}, allow_unicode=True), encoding="utf-8")
        return Task(f"plans/{path.name}", path, self.root)


def digests(runs: Path) -> dict[str, str]:
    """Every file of every run folder, by its path: SHA-256. Logs are outside of what has to be the same."""
    found = (p for p in runs.rglob("*") if p.is_file() and p.relative_to(runs).parts[0] != "log")
    return {p.relative_to(runs).as_posix(): sha256(p.read_bytes()).hexdigest() for p in found}


@pytest.fixture(name="digests")
def _digests() -> Callable[[Path], dict[str, str]]:
    return digests


@pytest.fixture
def province(tmp_path: Path) -> Province:
    """A folder for a province."""
    return Province(tmp_path / "province")


@dataclass
class Processes:
    """A scheduler and its workers, each a process of its own that finds ``cluster_works`` beside these tests."""

    folder: Path
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def begin(self) -> None:
        """Start the scheduler."""
        file = self.folder / "scheduler.json"
        options = ("--port", "0", "--host", "127.0.0.1", "--scheduler-file", str(file))
        self.scheduler = self._process("dask_scheduler", *options)
        while not (file.is_file() and file.stat().st_size):
            assert self.scheduler.poll() is None
            time.sleep(0.05)
        self.address = json.loads(file.read_bytes())["address"]

    def hire(self, *options: str, path: Sequence[Path] = ()) -> subprocess.Popen[bytes]:
        """One more worker, not waited for. ``path``: where it finds more modules."""
        scratch = self.folder / f"scratch{len(self.workers)}"
        usual = ("--nthreads", "1", "--local-directory", str(scratch))
        process = self._process("dask_worker", self.address, *usual, *(options or ("--no-nanny",)), path=path)
        self.workers.append(process)
        return process

    def left(self) -> list[str]:
        """What lies in the scratch folders of batches."""
        found = self.folder.glob("scratch*/dask-scratch-space/*/workbench/*")
        return sorted(p.relative_to(self.folder).as_posix() for p in found)

    def end(self) -> None:
        """Stop all of them."""
        everybody = [p for p in (*self.workers, self.scheduler) if p is not None]
        for process in everybody:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in everybody:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _process(self, module: str, *arguments: str, path: Sequence[Path] = ()) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--no-dashboard", *arguments]
        more = {
            "PYTHONPATH": os.pathsep.join([*map(str, (HERE, *path)), *filter(None, [os.environ.get("PYTHONPATH")])]),
            # A plan whose worker died is not tried by Dask itself, only by us: each death costs seconds.
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
        }
        with (self.folder / f"{module}-{len(self.workers)}.log").open("wb") as log:
            return subprocess.Popen(
                command, cwd=self.folder, env=dict(os.environ) | more, stdout=log, stderr=subprocess.STDOUT
            )


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """A scheduler without workers."""
    made = Processes(tmp_path)
    made.begin()
    yield made
    made.end()
