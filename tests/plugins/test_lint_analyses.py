"""Lint of analyses and charts: each mistake is found before anyone fills in evidence."""

from __future__ import annotations

import copy
import json

import pytest

from workbench.plugins.manager import load_plugins
from workbench.reports.charts.catalogue import CHARTS
from workbench.scheme.library import Library
from workbench.scoring.derivations import Derivation
from workbench.scoring.lint import lint_pack
from workbench.scoring.lint_analyses import BUILTIN_CHARTS

FIELDS = [
    {"name": "item", "title": "成本项目", "type": "text"},
    {"name": "amount", "title": "金额", "type": "money", "unit": "万元"},
    {"name": "units", "title": "数量", "type": "integer", "unit": "件"},
    {"name": "paid", "title": "支付日期", "type": "date"},
    {"name": "level", "title": "是否合计", "type": "bool"},
]
SQL = "SELECT subject, item, amount, units, paid, level FROM cost ORDER BY amount"
COLUMNS = [{k: v for k, v in f.items() if k != "codes"} for f in FIELDS]
PACK = {
    "id": "tiny",
    "version": "1.0.0",
    "api_version": 1,
    "title": "示例",
    "object": "示例",
    "basis": [],
    "ruleset": "caiyu-2020-10",
    "tables": [{"name": "cost", "title": "成本明细", "fields": FIELDS}],
    "derived": [
        {
            "name": "summed",
            "title": "合计",
            "sql": "SELECT subject, sum(amount) AS total FROM cost GROUP BY subject",
            "columns": [{"name": "total", "title": "合计"}],
        }
    ],
    "indicators": [
        {
            "code": "A",
            "name": "合计",
            "level1": "成本",
            "weight": 100,
            "value": "summed.total",
            "target": "100",
            "rule": {"kind": "proportional"},
            "proof": ["账簿"],
            "example": True,
        }
    ],
    "analyses": [{"name": "items", "title": "分项", "sql": SQL, "columns": COLUMNS}],
}
GOOD = {
    "waterfall": {"label": "item", "values": ["amount"], "total": "level"},
    "bars": {"label": "item", "values": ["amount"], "reference": "amount", "low": "amount", "high": "amount"},
    "stack": {"label": "item", "values": ["amount"]},
    "lines": {"x": "paid", "values": ["amount"], "reference": "amount"},
    "scatter": {"label": "item", "x": "units", "values": ["amount"], "low": "amount", "high": "amount"},
}


@pytest.fixture(scope="module")
def installed():
    plugins = load_plugins()
    library = Library.of(plugins.folders)
    return plugins.kinds, {name: library.ruleset(name) for name in library.rulesets}


@pytest.fixture
def lint(tmp_path, installed):
    """``lint(pack)``: the problems with a pack, without those about the worked example it does not have."""

    def run(pack, derivations=None):
        kinds, rulesets = installed
        (tmp_path / "pack.yaml").write_text(json.dumps({"pack": pack}, ensure_ascii=False), encoding="utf-8")
        found = lint_pack(tmp_path / "pack.yaml", kinds, derivations or {}, rulesets)
        return [p for p in found if p.code != "no_example"]

    return run


def changed(analysis=None, charts=(), **top):
    pack = copy.deepcopy(PACK) | top
    pack["analyses"][0] |= analysis or {}
    pack["charts"] = [{"name": "own", "title": "图", "analysis": "items"} | dict(c) for c in charts]
    return pack


@pytest.mark.parametrize("kind", list(GOOD))
def test_a_chart_of_each_kind_has_no_problem(lint, kind):
    assert [p.code for p in lint(changed(charts=[GOOD[kind] | {"kind": kind}]))] == []


def test_the_names_taken_by_the_result_are_those_of_its_charts():
    assert set(BUILTIN_CHARTS) == set(CHARTS)


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"python": "roots"}, "analysis", "只写一个"),
        ({"sql": None}, "analysis", "须写 sql 或 python"),
        ({"sql": None, "python": "roots"}, "derivation_missing", "roots"),
        ({"sql": "SELECT subject, item FROM cost ORDER BY item"}, "analysis_columns", "amount、units、paid、level"),
        ({"sql": SQL.replace("cost", "costs")}, "sql_not_allowed", "是否想写“cost”?"),
        ({"sql": SQL.replace("item,", "itm,")}, "sql_failed", "itm"),
        ({"sql": SQL.replace("units", "item AS units")}, "analysis_type", "列“数量”类型不对"),
        ({"sql": SQL.replace("paid", "amount AS paid")}, "analysis_type", "应为日期"),
        ({"sql": SQL.partition(" ORDER")[0]}, "analysis_order", "ORDER BY"),
        ({"reads": ["cots"]}, "analysis_reads", "是否想写“cost”?"),
        ({"sql": "SELECT * FROM read_csv('/etc/passwd')"}, "sql_not_allowed", "不允许"),
        ({"columns": [*COLUMNS, COLUMNS[0]]}, "column_twice", "item"),
        ({"columns": [*COLUMNS, {"name": "other", "title": "金额", "type": "bool"}]}, "column_twice", "金额"),
        ({"name": "cost"}, "analysis_name", "cost"),
        ({"name": "summed"}, "analysis_name", "同名"),
        ({"name": "register"}, "analysis_name", "register"),
    ],
)
def test_analyses(lint, change, code, said):
    problems = [p for p in lint(changed(change)) if p.code == code]
    assert problems and said in str(problems[0]), lint(changed(change))
    assert "analyses" in str(problems[0]) and problems[0].place.file


def test_an_analysis_over_a_broken_table_is_not_blamed_too(lint):
    derived = PACK["derived"][0] | {"sql": "SELECT nothing FROM cost"}
    columns = [{"name": "total", "title": "合计"}]
    analysis = {"sql": "SELECT subject, total FROM summed ORDER BY 1", "columns": columns}
    assert [p.code for p in lint(changed(analysis, derived=[derived])) if p.severity == "error"] == ["sql_failed"]


def test_two_of_a_name(lint):
    pack = changed(charts=[GOOD["bars"] | {"kind": "bars"}] * 2)
    pack["analyses"] *= 2
    assert {p.code for p in lint(pack)} >= {"analysis_name", "chart_name"}


def test_a_calculation_is_known_but_not_run(lint):
    roots = {"roots": Derivation("roots", "1.0.0", lambda *_: 1 / 0, "x")}
    assert [p.code for p in lint(changed({"sql": None, "python": "roots"}), roots)] == []


@pytest.mark.parametrize(
    ("kind", "change", "code", "said"),
    [
        ("bars", {"name": "radar"}, "chart_name", "内置"),
        ("bars", {"name": "bonus_ledger"}, "chart_name", "内置"),
        ("bars", {"analysis": "item"}, "chart_analysis", "是否想写“items”?"),
        ("bars", {"label": None}, "chart_needs", "label"),
        ("bars", {"label": "amount"}, "chart_column_type", "文字"),
        ("bars", {"values": ["amout"]}, "chart_column", "是否想写“amount”?"),
        ("bars", {"values": ["item"]}, "chart_column_type", "应为数字"),
        ("bars", {"values": ["amount"] * 4}, "chart_values", "至多3列"),
        ("bars", {"values": ["amount", "units"]}, "chart_units", "万元、件"),
        ("bars", {"reference": "units"}, "chart_units", "不同单位"),
        ("bars", {"high": None}, "chart_needs", "low 与 high"),
        ("bars", {"x": "paid"}, "chart_unused", "x"),
        ("waterfall", {"values": ["amount", "amount"]}, "chart_values", "1列"),
        ("waterfall", {"total": "amount"}, "chart_column_type", "是否"),
        ("stack", {"total": "level"}, "chart_unused", "total"),
        ("lines", {"x": None}, "chart_needs", "x"),
        ("lines", {"x": "item"}, "chart_column_type", "数字或日期"),
        ("lines", {"label": "item"}, "chart_needs", "per: all"),
        ("scatter", {"values": ["amount", "amount"]}, "chart_values", "1列"),
        ("scatter", {"x": None}, "chart_needs", "x"),
    ],
)
def test_charts(lint, kind, change, code, said):
    problems = [p for p in lint(changed(charts=[GOOD[kind] | {"kind": kind} | change])) if p.code == code]
    assert problems and said in str(problems[0])
    assert "charts" in str(problems[0])


def test_lines_of_all_subjects_need_a_name_each(lint):
    charts = [GOOD["lines"] | {"kind": "lines"}]
    assert "per: all" in str(next(p for p in lint(changed({"per": "all"}, charts)) if p.code == "chart_needs"))
    charts[0] |= {"label": "item"}
    assert [p.code for p in lint(changed({"per": "all"}, charts))] == []
