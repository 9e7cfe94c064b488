"""Analyses and a pack's own charts in an evaluation: shown, drawn, stored, and read back from older results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

import workbench as wb
from workbench.base.canon import canonical_json
from workbench.base.errors import ExpressionError, PlanError
from workbench.reports.plots.draw import chart_alt, draw_chart
from workbench.reports.save import png_bytes
from workbench.runs.store import StoredRun
from workbench.scoring.result import RunResult

PACK = {
    "id": "tiny",
    "version": "1.0.0",
    "api_version": 1,
    "title": "成本示例",
    "object": "示例",
    "basis": [],
    "ruleset": "caiyu-2020-10",
    "tables": [
        {
            "name": "cost",
            "title": "成本明细",
            "required": False,
            "fields": [
                {"name": "item", "title": "成本项目", "type": "text"},
                {"name": "amount", "title": "金额", "type": "money", "unit": "万元", "decimals": 2, "min": -100},
                {"name": "paid", "title": "支付日期", "type": "date"},
            ],
        }
    ],
    "indicators": [
        {
            "code": "A",
            "name": "完成率",
            "level1": "产出",
            "weight": 100,
            "value": "100",
            "target": "100",
            "rule": {"kind": "proportional"},
            "example": True,
        }
    ],
    "analyses": [
        {
            "name": "items",
            "title": "分项成本",
            "note": "金额为不含税数。",
            "sql": "SELECT subject, item, amount, paid, amount < 0 AS refund FROM cost ORDER BY amount DESC NULLS LAST",
            "columns": [
                {"name": "item", "title": "=成本项目", "type": "text"},
                {"name": "amount", "title": "金额", "type": "money", "unit": "万元"},
                {"name": "paid", "title": "支付日期", "type": "date"},
                {"name": "refund", "title": "是否冲销", "type": "bool"},
            ],
        },
        {
            "name": "totals",
            "title": "各对象成本",
            "per": "all",
            "sql": "SELECT s.subject, s.name, sum(c.amount) AS total FROM subjects s LEFT JOIN cost c"
            " ON c.subject = s.subject GROUP BY s.subject, s.name ORDER BY s.subject",
            "columns": [
                {"name": "name", "title": "对象名称", "type": "text"},
                {"name": "total", "title": "成本合计", "type": "money", "unit": "万元"},
            ],
        },
    ],
    "charts": [
        {
            "name": "cost_waterfall",
            "title": "分项成本",
            "kind": "waterfall",
            "analysis": "items",
            "label": "item",
            "values": ["amount"],
        },
        {
            "name": "compared",
            "title": "对比",
            "kind": "bars",
            "analysis": "totals",
            "label": "name",
            "values": ["total"],
        },
    ],
}
PLAN = {
    "evaluation": "tiny",
    "title": "成本示例",
    "pack": "tiny",
    "ruleset": "caiyu-2020-10",
    "policy": "national-default",
    "period": "2024",
    "stage": "自评",
    "as_of": "2025-03-31",
    "evidence": "data",
}
SUBJECTS = "对象编号,对象名称,类型\nP01,第一中学,\nP02,第二中学,\nR01,邻县中学,参照\n"
COST = "对象编号,成本项目,金额(万元),支付日期\nP01,材料,-3.50,2024-03-01\nP01,@人工,1234567.89,2024-06-30\nP01,折旧,,\nR01,外包,7,2024-01-31\n"


def workspace(folder: Path, pack: dict = PACK) -> Path:
    (folder / "packs" / "tiny").mkdir(parents=True)
    (folder / "packs" / "tiny" / "pack.yaml").write_text(yaml.safe_dump({"pack": pack}, allow_unicode=True), "utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "评价对象.csv").write_text(SUBJECTS, "utf-8")
    (folder / "data" / "成本明细.csv").write_text(COST, "utf-8")
    (folder / "params").mkdir()
    (folder / "params" / "tiny.yaml").write_text(yaml.safe_dump({"plan": PLAN}, allow_unicode=True), "utf-8")
    return folder


@pytest.fixture
def evaluation(tmp_path):
    return wb.open("params/tiny.yaml", workspace=workspace(tmp_path))


def test_an_analysis_is_shown_for_one_subject(evaluation):
    table = evaluation.analysis("items")
    assert table.caption == "第一中学:分项成本" and table.note == "金额为不含税数。"
    assert table.columns == ["=成本项目", "金额(万元)", "支付日期", "是否冲销"]
    assert table.rows == [
        ["@人工", "1234567.89", "2024-06-30", "否"],
        ["材料", "-3.50", "2024-03-01", "是"],
        ["折旧", "—", "—", "—"],
    ]
    assert "金额为不含税数。" in table.html() and "金额为不含税数。" in str(table)


def test_a_subject_without_rows_is_told_where_they_would_come_from(evaluation):
    table = evaluation.analysis("items", "P02")
    assert table.rows == [] and "没有符合条件的记录,本表取自:成本明细" in table.html()


def test_subjects_side_by_side_with_the_named_one_set_off(evaluation):
    rows = [["第一中学", "1234564.39"], ["第二中学", "—"], ["邻县中学", "7.00"]]
    for subject, kinds in ((None, ["plain"] * 3), ("P02", ["plain", "subtotal", "plain"])):
        table = evaluation.analysis("totals", subject)
        assert (table.caption, table.rows, table.kinds) == ("各对象成本", rows, kinds)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda e: e.analysis("item"), "没有这张分析表;实际为“item”。是否想写“items”?"),
        (lambda e: e.analysis("items", "P09"), "没有这个评价对象"),
        (lambda e: e.chart("compare"), "是否想写“compared”?"),
        (lambda e: e.chart("items"), "没有这种图"),
        (lambda e: e.chart("compared", "R01"), "没有这个评价对象"),
    ],
)
def test_names_that_do_not_exist(evaluation, call, said):
    with pytest.raises(PlanError, match=said.replace("?", r"\?")):
        call(evaluation)


def test_a_pack_without_analyses_says_so(tmp_path):
    folder = workspace(tmp_path, {k: v for k, v in PACK.items() if k not in ("analyses", "charts")})
    evaluation = wb.open("params/tiny.yaml", workspace=folder)
    with pytest.raises(PlanError, match="该指标包没有分析表"):
        evaluation.analysis("items")
    evaluation.save()
    assert not (StoredFolder(evaluation) / "analysis").exists()


def StoredFolder(evaluation) -> Path:
    return evaluation.workspace / "runs" / "tiny" / evaluation.short_digest


PLUGIN = """
from decimal import Decimal

from workbench.plugins.specs import hookimpl
from workbench.scoring.derivations import Derivation


def shares(tables, subjects, params):
    cost, rows = tables["cost"], []
    for i in range(len(cost)):
        amount = cost.value(i, "amount")
        rows.append((cost.value(i, "subject"), cost.value(i, "item"), None if amount is None else amount / params["by"]))
    return dict(zip(("subject", "item", "share"), zip(*rows), strict=True))


@hookimpl
def workbench_derivations():
    return [Derivation(name="shares", version="2.1.0", function=shares, distribution="")]
"""


def test_a_plugin_calculates_an_analysis_and_is_named(tmp_path):
    columns = [{"name": "item", "title": "成本项目", "type": "text"}, {"name": "share", "title": "份额", "decimals": 1}]
    spec = {"name": "shares", "title": "份额", "python": "shares", "params": {"by": 7}, "reads": ["cost"]}
    folder = workspace(tmp_path, PACK | {"analyses": [spec | {"columns": columns}], "charts": []})
    (folder / "packs" / "tiny" / "plugin.py").write_text(PLUGIN, "utf-8")
    evaluation = wb.open("params/tiny.yaml", workspace=folder)
    # −3.50÷7 = −0.5; 1234567.89÷7 = 176366.8414…
    assert evaluation.analysis("shares").rows == [["材料", "-0.5"], ["@人工", "176366.8"], ["折旧", "—"]]
    [used] = evaluation.result().derivations
    assert (used.name, used.version) == ("shares", "2.1.0")
    assert ["计算程序", f"shares 2.1.0({used.distribution})"] in evaluation.overview().rows


def test_the_run_folder_holds_every_analysis_and_figure(evaluation):
    shown = evaluation.chart("cost_waterfall")
    evaluation.chart("compared", "P02")
    evaluation.save()
    folder = StoredFolder(evaluation)
    StoredRun(folder).check()
    names = set(StoredRun(folder).manifest()["files"])
    assert {"analysis/items.csv", "analysis/totals.csv", "figures/P01-cost_waterfall.png"} <= names
    assert (folder / "figures" / "P01-cost_waterfall.png").read_bytes() == shown.data
    # Texts and headers cannot become formulas; a negative number stays a number; missing is empty; 参照 has no analysis.
    assert (folder / "analysis" / "items.csv").read_bytes().decode("utf-8") == (
        "\ufeff对象编号,'=成本项目,金额(万元),支付日期,是否冲销\r\n"
        "P01,'@人工,1234567.89,2024-06-30,否\r\n"
        "P01,材料,-3.50,2024-03-01,是\r\n"
        "P01,折旧,,,\r\n"
    )


def test_a_report_can_be_drawn_from_the_result_alone(evaluation):
    evaluation.chart("compared", "P02")
    evaluation.save()
    folder = StoredFolder(evaluation)
    result = StoredRun(folder).result()
    [chart] = [c for c in result.charts if c.name == "compared"]
    [analysis] = [a for a in result.analyses if a.name == chart.analysis]
    subject = result.subjects[1]
    figure = png_bytes(draw_chart(chart, analysis, subject))
    assert figure == (folder / "figures" / "P02-compared.png").read_bytes()
    assert "第一中学1,234,564.39" in chart_alt(chart, analysis, subject)


def test_a_result_of_the_first_format_is_still_read(evaluation):
    content = evaluation.result().model_dump()
    for name in ("analyses", "charts", "derivations"):
        del content[name]
    for subject in content["subjects"]:
        del subject["bonus_cap"]
    old = RunResult.model_validate_json(canonical_json(content | {"schema_version": "1.0.0"}))
    assert (old.analyses, old.charts, old.derivations, old.schema_version) == ([], [], [], "1.0.0")


def test_the_result_is_plain_json(evaluation):
    [items, totals] = json.loads(canonical_json(evaluation.result().model_dump()))["analyses"]
    assert items["rows"][1] == ["P01", "材料", "-3.50", "2024-03-01", True]
    assert totals["rows"][1] == ["P02", "第二中学", None]
    assert items["columns"][1] == {"name": "amount", "title": "金额", "type": "money", "unit": "万元", "decimals": 2}


def test_a_broken_analysis_stops_the_run_and_is_named(tmp_path):
    broken = PACK["analyses"][0] | {"sql": "SELECT subject, item, amount FROM cost"}
    evaluation = wb.open("params/tiny.yaml", workspace=workspace(tmp_path, PACK | {"analyses": [broken], "charts": []}))
    with pytest.raises(ExpressionError, match="分析表“分项成本”没有声明的列:paid、refund"):
        evaluation.result()
