"""Comparing two runs of 60 indicators that differ in data, targets, rules, policy and experts: all mixtures scored, all shares exact."""

from __future__ import annotations

import tempfile
import time
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import yaml
from making_review import EVALUATION, INDICATORS, make_workspace

ROUNDS = 5


def sides(folder: Path) -> list[Any]:
    """The two runs; the second with other values, weights, rules and policy, and its lead's points."""
    from workbench.dossier.compare.comparing import Compared
    from workbench.review.desk import Desk
    from workbench.runs.opening import open_plan
    from workbench.runs.reviewing import open_review

    found = []
    for name in ("old", "new"):
        workspace = folder / name
        make_workspace(workspace)
        plan = yaml.safe_load(_plan_of(workspace))["plan"]
        if name == "new":
            _change(workspace)
            plan |= {"policy": "yibin-2018"}
            open_plan(plan, workspace=workspace).save()
            opened = open_review(_latest(workspace), workspace)
            desk = Desk(opened.ledger, opened.docket, "lead")
            for spot in desk.scope.assigned(desk.member):
                judged = desk.docket.judged(spot[1])
                desk.opine(*spot, *(("adjust", Decimal("0.50"), "现场核查") if judged else ("agree",)))
            desk.submit()
            desk.merge()
            opened.ledger.close()
        evaluation = open_plan(plan, workspace=workspace)
        found.append(Compared(name, evaluation.digest, evaluation.result(), evaluation))
    return found


def _plan_of(workspace: Path) -> str:
    return next((workspace / "runs" / EVALUATION).glob("*/plan.json")).read_text("utf-8")


def _latest(workspace: Path) -> str:
    folders = (workspace / "runs" / EVALUATION).iterdir()
    return str(max(folders, key=lambda p: p.stat().st_mtime))


def _change(workspace: Path) -> None:
    """Swap two weights, score fifteen indicators by another rule, and change two values."""
    file = workspace / "packs" / "sixty" / "pack.yaml"
    declared = yaml.safe_load(file.read_text("utf-8"))
    tree = declared["pack"]["indicators"]
    tree[0]["weight"], tree[-1]["weight"] = tree[-1]["weight"], tree[0]["weight"]
    for indicator in tree[5:20]:
        indicator |= {"rule": {"kind": "proportional"}, "target": "100"}
    file.write_text(yaml.safe_dump(declared, allow_unicode=True), "utf-8")
    data = workspace / "data" / "基础数据.csv"
    head, row = data.read_text("utf-8").splitlines()
    cells = row.split(",")
    cells[2], cells[31] = "11", "5"
    data.write_text(f"{head}\n{','.join(cells)}\n", "utf-8")


def main() -> list[dict[str, Any]]:
    """The one question."""
    from workbench.dossier.compare.comparing import compare

    with tempfile.TemporaryDirectory() as folder:
        old, new = sides(Path(folder))
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            comparison = compare(old, new)
            times.append(time.perf_counter() - start)
    causes = [d.cause for d in comparison.differences if d.what]
    assert len(causes) == 5, causes
    seconds = median(times)
    return [
        {
            "what": f"compare two runs of {INDICATORS} indicators that differ in all five causes",
            "baseline": "",
            "ours": f"{seconds:.2f} s",
            "ratio": "",
            "goal": "≤ 1 s",
            "met": seconds <= 1,
        }
    ]


if __name__ == "__main__":
    for line in main():
        print(line)
