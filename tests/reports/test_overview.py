"""The head of a notebook names the plan, the rules, who takes part and every declared change with its reason."""

from __future__ import annotations

from pathlib import Path

import workbench as wb
from workbench.base.yamlio import read_yaml

ROOT = Path(__file__).resolve().parents[2]


def test_overview_names_rules_parties_sources_and_changes():
    plan = dict(read_yaml(ROOT / "params/huangshi_sponge_2022.yaml").data["plan"])
    approval = {"document": "预算批复", "number": "黄财〔2022〕1号"}
    plan["changes"] = [dict(c) | {"approval": approval} for c in plan["changes"]]
    plan["parties"] = {"client": "市财政局", "lead": "张三"}
    table = wb.open(plan, workspace=ROOT).overview()
    rows = {row[0]: row[1] for row in table.rows}
    assert rows["委托方"] == "市财政局" and rows["主评人"] == "张三" and "评价机构" not in rows
    assert "caiyu-2020-10" in rows["计分规则集"] and "优≥90" in rows["等级"]
    assert any("EXEC分值改为20" in row[1] and "批准:黄财〔2022〕1号" in row[1] for row in table.rows)
    assert any("zjj.huangshi.gov.cn" in row[1] for row in table.rows)
