"""Every published case, drawn as the official form, comes back figure by figure."""

from __future__ import annotations

import pytest
from cases import PUBLISHED
from drawn_grids import drawn

from workbench.recheck.forms import Mappings, forms_of
from workbench.recheck.model import FundKind

CASES = {
    name: case for name, case in PUBLISHED.items() if case.get("indicators") and "基金" not in case["evaluation_type"]
}
SIGNS = {"gte": "≥", "lte": "≤", "eq": "="}
N = ""


def shown(value):
    return N if value is None else value


def official(case):
    """The case as 附1; levels are merged over their rows."""
    budget, rows = case["budget"], []
    above = (None, None)
    for one in case["indicators"]:
        levels = (shown(one["level1"]), shown(one["level2"]))
        target, unit = shown(one["target_value"]), one["unit"] or N
        if one["direction"] in SIGNS and target != N:
            target = f"{SIGNS[one['direction']]}{target}{unit}"
        actual = shown(one["actual_value"])
        rows.append(
            [
                "^",
                "^" if levels[0] == above[0] and levels[0] else levels[0],
                "^" if levels == above and levels[1] else levels[1],
                one["level3"], "<", target, actual, shown(one["weight"]), shown(one["score"]), N,
            ]
        )  # fmt: skip
        above = levels
    title = case["title"] if case["title"].endswith("表") else "项目支出绩效自评表"
    return drawn(
        [
            [title, *"<<<<<<<<<"],
            [f"({case['year']}年度)", *"<<<<<<<<<"],
            ["项目名称", "<", "某项目", *"<<<<<<<"],
            ["主管部门", "<", "某局", "<", "<", "实施单位", "<", case["issuer"], "<", "<"],
            [f"项目资金\n({budget['unit'] or '万元'})", "<", N, "<", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
            [
                "^", "^", "年度资金总额", "<", *(shown(budget[k]) for k in ("initial_budget", "adjusted_budget", "executed")),
                shown(budget["weight"]), shown(budget["published_rate_pct"]), shown(budget["published_score"]),
            ],
            ["绩效指标", "一级指标", "二级指标", "三级指标", "<", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
            *rows,
            ["总分", *"<<<<<<", 100, shown(case["published_total"]), shown(case["published_grade"])],
        ]
    )  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_every_figure_comes_back(name):
    case = CASES[name]
    (form,), questions = forms_of([official(case)], Mappings())
    assert questions == []
    assert [
        [row.level3.text, row.actual.text, row.weight.text, row.points.text, row.level1.text] for row in form.indicators
    ] == [
        [str(shown(one[key])) for key in ("level3", "actual_value", "weight", "score", "level1")]
        for one in case["indicators"]
    ]
    total, budget = form.fund(FundKind.TOTAL), case["budget"]
    assert [cell.text for cell in (total.adjusted, total.executed, total.weight, total.points)] == [
        str(shown(budget[key])) for key in ("adjusted_budget", "executed", "weight", "published_score")
    ]
    assert (form.year, form.money_unit) == (case["year"], budget["unit"] or "万元")
    assert form.total_points.text == str(shown(case["published_total"]))
    assert (form.grade.text if form.grade else None) == case["published_grade"]
