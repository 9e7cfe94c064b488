"""One difference from the official form each: the same statements come out."""

from __future__ import annotations

import pytest
import varied_layouts as variants
from drawn_grids import drawn

from workbench.recheck.forms import Mappings, forms_of
from workbench.recheck.model import FormKind, FundKind

SAME = [
    "plain", "other_order", "unmerged_levels", "headings", "split_target", "worded_total", "totals_of_two_ranks",
    "inline_labels", "repeated", "hunan", "transposed",
]  # fmt: skip


def read(grid):
    (form,), questions = forms_of([grid], Mappings())
    assert questions == []
    return form


def row_of(row):
    return tuple(cell.text for cell in (row.level1, row.level2, row.level3, row.actual, row.weight, row.points))


@pytest.mark.parametrize("name", variants.ALL)
def test_an_ordinary_form_asks_nothing(name):
    assert forms_of([variants.ALL[name]()], Mappings())[1] == []


@pytest.mark.parametrize("name", SAME)
def test_the_same_indicators(name):
    form = read(variants.ALL[name]())
    assert [row_of(row) for row in form.indicators] == [row_of(row) for row in read(variants.plain()).indicators]
    assert [row.group for row in form.indicators] == [1, 2, 3, 4, 5]
    assert form.expected is None or form.expected.text in ("养护公路50公里", "保障运转")
    if name != "split_target":  # its total row is cut off
        assert form.total_points.number is not None or form.total_points.text == "95.2"


@pytest.mark.parametrize("name", ["plain", "other_order", "split_target"])
def test_sign_and_unit(name):
    first = read(variants.ALL[name]()).indicators[0]
    assert "".join(cell.text for cell in (first.sign, first.target, first.unit) if cell) == "≥50公里"


def test_a_shared_weight_makes_a_group():
    form = read(variants.shared_weight())
    assert [row.group for row in form.indicators] == [1, 1, 2, 3, 4]
    assert form.indicators[1].weight == form.indicators[0].weight


def test_the_higher_total_counts():
    form = read(variants.totals_of_two_ranks())
    assert (form.total_weight.text, form.total_points.text, form.grade.text) == ("100", "95.2", "优")
    assert (read(variants.worded_total()).grade.text) == "优"


def test_labels_with_their_values_in_one_cell():
    form = read(variants.inline_labels())
    assert (form.project.text, form.department.text, form.unit.text) == ("农村公路养护", "甲县交通运输局", "甲县公路站")
    assert form.money_unit == "万元"
    assert {name: cell.text for name, cell in form.labels.items()} == {
        "金额单位": "万元", "填报人": "张三", "审核人": "李四", "单位负责人": "王五", "填报日期": "2023年3月1日"
    }  # fmt: skip
    total = form.fund(FundKind.TOTAL)
    assert [c.text for c in (total.adjusted, total.executed, total.rate, total.points)] == ["120", "96", "80%", "8"]


def test_several_forms_on_one_sheet():
    forms, questions = forms_of([variants.stacked()], Mappings())
    assert questions == []
    assert [(form.number, form.year, len(form.indicators)) for form in forms] == [
        (1, 2022, 5),
        (2, 2021, 2),
        (3, None, 2),
    ]
    assert forms[1].labels["填报人"].text == "张三"
    assert [form.project.text for form in forms] == ["农村公路养护"] * 3
    assert forms[0].key == "甲局/自评表.xlsx#1"


def test_the_execution_rate_as_an_indicator():
    form = read(variants.execution_row())
    first = form.indicators[0]
    assert (first.level3.text, first.target.text, first.weight.text, first.points.text) == (
        "预算执行率",
        "100%",
        "10",
        "8",
    )
    assert form.fund(FundKind.TOTAL).weight is None


def test_columns_that_are_missing():
    form = read(variants.transfer())
    assert form.indicators[0].weight is form.indicators[0].points is None
    assert [row.kind for row in form.funds] == [FundKind.TOTAL, FundKind.PART, FundKind.PART]
    assert form.labels["主管部门2"].text == "甲省交通运输厅"


def test_a_list_of_tasks_that_carries_the_money():
    form = read(variants.tasks())
    assert form.kind is FormKind.DEPARTMENT
    total = form.fund(FundKind.TOTAL)
    assert (total.name.text, total.adjusted.text, total.weight.text, total.points.text) == (
        "金额合计",
        "200",
        "10",
        "8.8",
    )
    assert [row.name.text for row in form.funds] == ["公路养护", "桥梁检测", "金额合计"]
    assert [note.text for note in form.notes] == ["已完成", "已完成"]


def test_kinds_of_money_as_columns():
    form = read(variants.transposed())
    assert [(row.kind, row.adjusted.text) for row in form.funds] == [
        (FundKind.TOTAL, "120"), (FundKind.FISCAL, "100"), (FundKind.CARRIED, "20"), (FundKind.OTHER, "0")
    ]  # fmt: skip


def test_a_blank_form_has_no_indicators():
    form = read(variants.blank_form())
    assert form.indicators == ()
    assert (form.project.text, form.expected.text, form.total_points.text) == ("", "", "")


def test_a_shape_depends_on_the_titles_alone():
    shape = read(variants.plain()).shape
    assert read(variants.shared_weight()).shape == shape
    assert read(variants.plain(top=3, left=2)).shape == shape
    spaced = [["指 标 值" if cell == "年度指标值" else cell for cell in variants.TITLES], *variants.INDICATORS]
    assert read(drawn([*variants.head(8), *spaced])).shape != shape
    assert read(variants.other_order()).shape != shape


def test_sheets_that_are_no_forms_are_left_alone():
    cover = drawn([["项目支出绩效自评表"], ["单位名称:甲局"], ["2023年3月"]], title="封面")
    hints = drawn([["填表说明"], ["1.“得分”由单位填写;“分值”由财政部门填写"]], title="说明")
    forms, questions = forms_of([cover, variants.plain(title="表1"), hints, variants.plain(title="表2")], Mappings())
    assert questions == []
    assert [(form.number, form.title.spot.sheet) for form in forms] == [(1, "表1"), (2, "表2")]


def test_a_file_without_a_form_says_so():
    forms, (question,) = forms_of([drawn([["序号", "项目名称", "自评得分"], [1, "养护", 95]])], Mappings())
    assert forms == []
    assert question.code == "form"
    assert "没有找到自评表" in question.text


N = ""
SUBS = ["^", "^", "骨干", "≥20公里", "21公里", N, N, N]


@pytest.mark.parametrize("name", ["国道", "★国道", "其中:国道"])
def test_rows_without_points_are_sub_items_where_the_others_have_them_all(name):
    rows = [*variants.INDICATORS[:1], ["^", "^", name, *SUBS[3:]], ["^", "^", *SUBS[2:]], *variants.INDICATORS[1:]]
    form = read(drawn([*variants.head(8), variants.TITLES, *rows, variants.TOTAL]))
    assert [row.part for row in form.indicators] == [False, True, True, False, False, False, False]


@pytest.mark.parametrize("weight", [N, 10])
def test_a_row_without_points_is_an_indicator_where_a_weight_is_missing(weight):
    """90 points of 100: the weight of 国道 was left blank, or its points were."""
    rows = [[*row] for row in variants.INDICATORS]
    rows[0][5] = 10
    rows.insert(1, ["^", "^", "国道", "≥20公里", "21公里", weight, N, N])
    form = read(drawn([*variants.head(8), variants.TITLES, *rows, variants.TOTAL]))
    assert not any(row.part for row in form.indicators)


def test_a_row_without_points_begins_no_level():
    """A level 2 of its own is no sub-item of the row above."""
    rows = [*variants.INDICATORS]
    rows.insert(1, ["^", "成本指标", "单位成本", "≤2万元", "2万元", N, N, N])
    form = read(drawn([*variants.head(8), variants.TITLES, *rows, variants.TOTAL]))
    assert not any(row.part for row in form.indicators)


def test_a_table_this_program_wrote_is_no_form():
    titles = [*variants.TITLES[:6], "自评得分", "规则复算得分", "复核得分"]
    rows = [[*row[:7], row[6], N] for row in variants.INDICATORS]
    ours = drawn([["复核表:农村公路养护", *"<<<<<<<<"], titles, *rows])
    forms, (question,) = forms_of([ours], Mappings())
    assert (forms, question.code) == ([], "form")
    assert "本程序写出的复核表" in question.text
    forms, questions = forms_of([ours, variants.plain(title="表2")], Mappings())
    assert (len(forms), questions) == (1, [])
