"""Forms as they are published, drawn by hand: every figure is read from its cell, and nothing is asked.

The figures are those of the published pages named in ``published_layouts.py``.
"""

from __future__ import annotations

import published_layouts as layouts
import pytest

from workbench.recheck.forms import Mappings, forms_of
from workbench.recheck.model import FormKind, FundKind


def read(grid):
    (form,), questions = forms_of([grid], Mappings())
    assert questions == []
    return form


def said(row, *names):
    return [getattr(row, name).text if getattr(row, name) is not None else None for name in names]


@pytest.mark.parametrize("name", layouts.PUBLISHED)
def test_nothing_is_asked(name):
    forms, questions = forms_of([layouts.PUBLISHED[name]()], Mappings())
    assert len(forms) == 1
    assert questions == []


def test_money_in_the_parts_and_a_total_of_zeros():
    form = read(layouts.tangxi())
    total, fiscal = form.fund(FundKind.TOTAL), form.fund(FundKind.FISCAL)
    assert said(total, "initial", "adjusted", "executed", "weight", "rate", "points") == ["0", "0", "0", "10", "0", "0"]
    assert said(fiscal, "initial", "adjusted", "executed") == ["90", "89.974", "89.974"]
    assert [row.kind for row in form.funds] == list(FundKind)[:4]
    assert (form.year, form.money_unit, form.kind) == (2022, "万元", FormKind.PROJECT)
    assert form.project.text == "委托业务项目"
    assert form.total_points is None
    assert len(form.indicators) == 9
    last = form.indicators[-1]
    assert said(last, "level1", "level2", "target", "actual", "weight", "points") == [
        "效益指标(30分)", "可持续影响指标", "效果明显", "达成预期指标", "10", "10"
    ]  # fmt: skip
    assert form.indicators[0].weight.spot.cell == "I14"


def test_two_rows_of_titles():
    form = read(layouts.yongde())
    names = ["sign", "target", "unit", "actual", "weight", "points"]
    assert said(form.indicators[0], *names) == ["≧", "735", "人次", "735", "10", "10"]
    assert said(form.indicators[4], *names) == ["", "有效", "", "有效", "10", "10"]
    assert said(form, "total_weight", "total_points", "grade") == ["100", "96", "优"]
    assert form.money_unit == "元"
    assert form.unit.text == "永德县明朗中学"
    assert form.labels["其他需要说明事项"].text == "无"
    assert [row.level2.text for row in form.indicators][4:6] == ["经济效益指标", "社会效益指标"]


def test_a_published_blank_stays_blank():
    form = read(layouts.qingshen())
    total = form.fund(FundKind.TOTAL)
    assert said(total, "initial", "adjusted", "executed", "weight", "points") == [
        "238.93",
        "251.89",
        "251.89",
        "10",
        "",
    ]
    assert [said(row, "actual", "weight", "points") for row in form.indicators] == [["", "60", ""], ["", "30", ""]]
    assert form.indicators[0].actual.spot.cell == "H15"
    assert said(form, "total_weight", "total_points") == ["100", ""]
    assert form.labels["项目负责人"].text == "张三"
    assert form.labels["绩效指标"].text == "绩效指标(90分)"


def test_no_levels_and_the_total_in_the_head():
    form = read(layouts.chongqing())
    assert form.kind is FormKind.DEPARTMENT
    assert said(form, "total_points") == ["97.6"]
    assert said(form.fund(FundKind.TOTAL), "executed", "weight", "rate", "points") == ["", "10", "76%", "7.6"]
    assert [row.level1 for row in form.indicators] == [None] * 4
    assert said(form.indicators[1], "level3", "target", "actual", "points") == ["政府采购执行率", "100%", "72.74%", "2"]
    assert said(form, "expected", "achieved") == ["通过整合各级各类媒体营造良好氛围", "中心2021年较好地完成了履职任务"]


@pytest.mark.parametrize(
    ("build", "points", "total"), [(layouts.changning, "4", "82"), (layouts.huangshi, "19.55", "99.55分")]
)
def test_points_named_in_titles(build, points, total):
    form = read(build())
    assert said(form.fund(FundKind.TOTAL), "weight", "points") == ["20", points]
    assert form.fund(FundKind.TOTAL).weight.number == 20
    assert form.indicators[0].weight is None
    assert form.total_points.text == total
    assert form.year == 2022


def test_parts_carry_no_points():
    form = read(layouts.xiaoxian())
    assert [row.part for row in form.indicators] == [False, True, True, False, True, False, False]
    assert said(form.funds[1], "weight", "points") == ["10", "10"]
    assert form.indicators[0].level1.text == "产出指标(50分)"


def test_notes_below_the_total():
    form = read(layouts.zhongjiang())
    assert said(form, "total_weight", "total_points") == ["100", "100"]
    assert [note.text[:6] for note in form.notes] == ["(2022年", "……", "注:1.一级", "2.定性指标"]


def test_rows_of_the_blank_form_are_no_indicators():
    form = read(layouts.langfang())
    assert [row.level3.text for row in form.indicators] == ["指标1工程资金金额", "指标1工程完工率", "指标1学生满意度"]
    assert form.indicators[0].remark.text == "已完工,剩余3%尾款未付"


def test_a_department():
    form = read(layouts.jinzhai())
    assert (form.kind, form.unit.text, form.project) == (FormKind.DEPARTMENT, "金寨县茶谷和美丽乡村建设服务中心", None)
    assert said(form.fund(FundKind.TOTAL), "executed", "rate", "points") == ["338.31", "102.59%", ""]
    assert form.fund(FundKind.TOTAL).points.spot.cell == "J5"
