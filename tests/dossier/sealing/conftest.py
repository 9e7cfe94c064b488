"""One small evaluation with a review, run once; what tests hand in for its archive lies in folders of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from xlsxwriter import Workbook

from workbench.base.canon import digest
from workbench.dossier.sealing.seal import Sealed, seal
from workbench.review.desk import Desk, start_review
from workbench.review.events import CellCorrection, Correction
from workbench.review.ledger.store import open_ledger
from workbench.runs.docket import RunDocket
from workbench.runs.opening import open_computed, open_plan
from workbench.runs.reviewing import first_panel
from workbench.runs.store import StoredRun, run_folder

PLAN = "params/plan.yaml"
QUESTIONNAIRES = "姓名,意见\n赵六,不满意\n".encode()
"""Confidential: the evidence has its digest only."""
SHEETS: dict[str, list[list[Any]]] = {
    "评价对象": [["对象编号*", "对象名称*"], ["P01", "营养改善计划"]],
    "项目资金": [["资金类别*", "全年预算数(万元)", "全年执行数(万元)"], ["年度资金总额", 200, 184]],
    "绩效指标": [
        ["一级指标*", "二级指标", "三级指标*", "指标性质*", "年度指标值", "计量单位", "分值(分)*", "实际完成值"],
        ["产出指标", "数量指标", "受益学生", "≥", "100", "%", 50, "92"],
        ["效益指标", "社会效益指标", "达标率", "≥", "100", "%", 30, "92"],
        ["满意度指标", "服务对象满意度指标", "满意度", "≥", "100", "%", 10, "92"],
    ],
    "佐证清单": [
        ["指标编码*", "佐证状态", "资料名称", "附件文件", "附件摘要(SHA-256)"],
        ["I01", "核实一致", "决算报表", "附件/决算报表.txt", None],
        ["I03", "核实一致", "原始问卷", None, digest(QUESTIONNAIRES)],
    ],
}
DECLARED = {
    "evaluation": "demo",
    "title": "营养改善计划绩效自评",
    "pack": "self-evaluation",
    "variant": "caiyu10",
    "ruleset": "caiyu-2020-10",
    "policy": "national-default",
    "period": "2023年度",
    "stage": "自评",
    "as_of": "2023-12-31",
    "evidence": "params/基础数据.xlsx",
}


@dataclass(frozen=True)
class Bench:
    """A workspace with its run."""

    root: Path
    run: StoredRun


def _correct(root: Path) -> None:
    """The lead begins a review and corrects a datum, with a receipt."""
    docket = RunDocket(open_computed(PLAN, workspace=root))
    with open_ledger(root, "demo", create=True) as ledger:
        panel = first_panel(docket.scheme.plan)
        start_review(ledger, docket, panel)
        proof = ledger.keep("凭证.txt", b"200")
        content = {
            "kind": "correction",
            "subject": "P01",
            "change": CellCorrection(
                target="cell", table="项目资金", field="全年执行数", old="184", new="200"
            ).model_dump(),
            "reason": "漏记一笔",
            "evidence": "凭证12号",
            "attachments": [{"name": "凭证.txt", "sha256": proof, "size": 3}],
        }
        Desk(ledger, docket, panel.lead.id).send(Correction.model_validate(content))


@pytest.fixture(scope="session")
def questionnaires() -> bytes:
    """A confidential paper whose digest stands in the evidence."""
    return QUESTIONNAIRES


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The workspace all tests share; none may change it."""
    root = tmp_path_factory.mktemp("评价")
    (root / "params" / "附件").mkdir(parents=True)
    (root / "params" / "附件" / "决算报表.txt").write_text("全年执行数184万元", encoding="utf-8")
    with Workbook(str(root / "params" / "基础数据.xlsx")) as book:
        for title, rows in SHEETS.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    (root / PLAN).write_text(yaml.safe_dump({"plan": DECLARED}, allow_unicode=True), encoding="utf-8")
    (root / "notebooks").mkdir()
    _correct(root)
    evaluation = open_plan(PLAN, workspace=root)
    evaluation.save()
    return Bench(root, StoredRun(run_folder(evaluation)))


@pytest.fixture
def copied(bench: Bench, tmp_path: Path) -> Bench:
    """A copy of the workspace that a test may change."""
    root = tmp_path / "工作区"
    shutil.copytree(bench.root, root)
    return Bench(root, StoredRun(root / bench.run.folder.relative_to(bench.root)))


@pytest.fixture
def declare(tmp_path: Path) -> Callable[..., Path]:
    """``declare({item: {…}}, {name: content}, institution=…)``: a documents file, and the papers beside it."""

    def write(items: dict[str, Any], papers: dict[str, bytes] | None = None, **others: Any) -> Path:
        folder = tmp_path / "归档"
        for name, data in (papers or {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        folder.mkdir(exist_ok=True)
        file = folder / "归档资料.yaml"
        text = yaml.safe_dump({"documents": {**others, "items": items}}, allow_unicode=True, sort_keys=False)
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def sealed(bench: Bench, tmp_path: Path) -> Callable[..., Sealed]:
    """``sealed(documents, …)``: the shared run as a dossier in the test's folder."""

    def write(documents: Path | None = None, name: str = "档案.zip", **others: Any) -> Sealed:
        return seal(bench.run, bench.root, tmp_path / name, documents=documents, **others)

    return write
