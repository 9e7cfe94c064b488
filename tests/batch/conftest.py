"""A workspace with a small pack whose evidence fits one row, a notebook of two cells, and plans as many as a test wants."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from workbench.cli.app import application
from workbench.runs.pool import spread
from workbench.runs.stopping import NEVER

PACK = """
pack:
  id: culverts
  version: 1.0.0
  api_version: 1
  title: 涵洞改造
  object: 涵洞改造项目
  basis: [{document: 项目支出绩效评价管理办法, number: 财预〔2020〕10号}]
  ruleset: caiyu-2020-10
  notebook: small.ipynb
  subject_fields:
    - {name: department, title: 主管部门, type: text}
    - {name: finished, title: 完工日期, type: date}
    - {name: open, title: 是否通车, type: bool}
  tables:
    - name: funds
      title: 项目资金
      per: subject
      fields:
        - {name: budget, title: 预算数, type: money, unit: 万元, required: true}
        - {name: executed, title: 执行数, type: money, unit: 万元}
    - name: works
      title: 工程量
      per: subject
      required: false
      fields:
        - {name: planned, title: 计划座数, type: integer, min: 1, required: true}
        - {name: built, title: 完成座数, type: integer, min: 0}
  indicators:
    - {code: EXEC, name: 预算执行率, level1: 预算执行率, weight: 10, unit: "%", judged: execution_rate,
       value: "funds.executed / nullif(funds.budget, 0) * 100", target: "100", formula: 执行数÷预算数, proof: [凭证], example: true}
    - {code: BUILT, name: 完成座数, level1: 产出指标, level2: 数量指标, weight: 90, unit: 座, decimals: 0,
       judged: quantitative, value: works.built, target: works.planned, proof: [验收单], example: true}
"""
PLAN = {
    "evaluation": "c-1",
    "title": "涵洞改造自评",
    "pack": "culverts",
    "ruleset": "caiyu-2020-10",
    "policy": "national-default",
    "period": "2025年度",
    "stage": "自评",
    "as_of": "2025-12-31",
    "evidence": "params/evidence/c-1",
}
CELLS = (
    "plan = None",
    "import workbench as wb\nevaluation = wb.open(plan)\nevaluation.save()",
)


def _notebook() -> dict[str, Any]:
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"c{number}",
            "metadata": {"tags": ["parameters"]} if number == 0 else {},
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(CELLS)
    ]
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace, and the current folder; it has no plans yet."""
    root = tmp_path / "workspace"
    for name in ("params/evidence", "notebooks", "packs/culverts"):
        (root / name).mkdir(parents=True)
    (root / "packs/culverts/pack.yaml").write_text(PACK, "utf-8")
    (root / "notebooks/small.ipynb").write_text(json.dumps(_notebook()), "utf-8")
    monkeypatch.chdir(root)
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)
    return root


@pytest.fixture
def plans(workspace: Path) -> Callable[..., list[Path]]:
    """``plans(3)``: that many plans, each with evidence of its own; settings given are put into each."""

    def make(count: int, **settings: Any) -> list[Path]:
        return [one(workspace, f"c-{number}", **settings) for number in range(1, count + 1)]

    return make


def one(workspace: Path, name: str, **settings: Any) -> Path:
    """One plan and its evidence."""
    evidence = workspace / "params/evidence" / name
    evidence.mkdir(parents=True, exist_ok=True)
    (evidence / "评价对象.csv").write_text(f"对象编号*,对象名称*,主管部门\n{name},{name}号涵洞,交通局\n", "utf-8")
    (evidence / "项目资金.csv").write_text("预算数(万元)*,执行数(万元)\n100,80\n", "utf-8")
    (evidence / "工程量.csv").write_text("计划座数*,完成座数\n4,4\n", "utf-8")
    (evidence / "佐证清单.csv").write_text("指标编码*,资料名称,附件文件\nBUILT,验收单,验收单.txt\n", "utf-8")
    path = workspace / "params" / f"{name}.yaml"
    content = PLAN | {"evaluation": name, "evidence": f"params/evidence/{name}"} | settings
    path.write_text(yaml.safe_dump({"plan": content}, allow_unicode=True, sort_keys=False), "utf-8")
    return path


@pytest.fixture
def sheet(workspace: Path) -> Callable[..., Path]:
    """``sheet([["评价编号", …], …])``: a register as a workbook; dates are written as dates."""

    def make(rows: list[list[Any]], name: str = "项目库.xlsx", title: str = "Sheet1") -> Path:
        from xlsxwriter import Workbook

        path = workspace / name
        with Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
            target = book.add_worksheet(title)
            for number, row in enumerate(rows):
                target.write_row(number, 0, row)
        return path

    return make


@pytest.fixture
def template(workspace: Path) -> Callable[..., Path]:
    """``template(title="{项目名称}自评")``: a template of which the given settings replace those of the plan; None leaves one out."""

    def make(**settings: Any) -> Path:
        content = {k: v for k, v in (PLAN | {"evidence": "{本行}"} | settings).items() if v is not None}
        path = workspace / "模板.yaml"
        path.write_text(yaml.safe_dump({"plan": content}, allow_unicode=True, sort_keys=False), "utf-8")
        return path

    return make


class Command:
    """Runs ``workbench batch`` in this process."""

    def __call__(self, *args: str, code: int | None = None) -> Any:
        from typer.testing import CliRunner

        result = CliRunner().invoke(application(), ["batch", *args], prog_name="workbench")
        if code is not None:
            assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    def json(self, *args: str, code: int = 0) -> Any:
        return json.loads(self(*args, "--json", code=code).stdout)


@pytest.fixture
def command() -> Command:
    return Command()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs without a notebook: the evaluation saves itself, in this process."""
    monkeypatch.setattr("workbench.runs.engine.execute", _saved)
    monkeypatch.setattr("workbench.runs.batch.running.spread", _in_this_process)


def _in_this_process(work: Any, tasks: Any, workers: int, stop: Any = NEVER, **_: Any) -> Any:
    return spread(work, tasks, 1, stop)


def _saved(notebook: Path, evaluation: Any, staging: Path, *rest: Any) -> dict[str, Any]:
    from workbench.runs.store import write_files

    write_files(evaluation, staging)
    return _notebook()
