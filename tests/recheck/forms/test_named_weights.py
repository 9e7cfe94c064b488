"""Weights without a column of their own: in the names of the indicators, or of the level above."""

from __future__ import annotations

import pytest
import varied_layouts as variants
from drawn_grids import drawn

from workbench.recheck.forms import Mappings, forms_of

TITLES = [title for title in variants.TITLES if title != "分值"]
TOTAL = ["总分", "<", "<", "<", "<", 95.2, ""]
NAMES = ["养护里程", "验收合格率", "完工及时率", "通行能力", "群众满意度"]


def read(names, seconds=None):
    """The form with other names, and without a column 分值."""
    rows = [[*row[:2], name, *row[3:5], *row[6:]] for row, name in zip(variants.INDICATORS, names, strict=True)]
    for row, second in zip(rows, seconds or (), strict=False):
        row[1] = second
    (form,), questions = forms_of([drawn([*variants.head(8), TITLES, *rows, TOTAL])], Mappings())
    assert questions == []
    return form


def weights(form):
    return [None if row.weight is None else row.weight.text for row in form.indicators]


@pytest.mark.parametrize("how", [
    "{}(20分)|{}(15分)|{}(15分)|{}(30分)|{}(10分)", "{}（分值20）|{}（分值：15）|{}（权重15）|{}（满分30分）|{}（10 分）",
    "{}20分|{} 15分|{},15分|{}:30分|{}10分", "{}(20)|{}(15)|{}(15)|{}(30)|{}[10]", "{}(20%)|{}(15%)|{}(15%)|{}(30%)|{}(10%)",
    "(20分){}|(15分){}|(15分){}|(30分){}|(10分){}",
])  # fmt: skip
def test_points_in_the_names(how):
    form = read([part.format(name) for part, name in zip(how.split("|"), NAMES, strict=True)])
    assert weights(form) == ["20", "15", "15", "30", "10"]
    assert [row.level3.text for row in form.indicators] == NAMES
    assert form.indicators[0].weight.spot == form.indicators[0].level3.spot
    assert form.indicators[0].weight.number == 20


def test_points_of_a_level_with_one_indicator():
    seconds = ["数量指标(20分)", "质量指标(15分)", "时效指标(15分)", "社会效益指标(30分)", "服务对象满意度(10分)"]
    assert weights(read(NAMES, seconds)) == ["20", "15", "15", "30", "10"]
    # 35 points over two indicators are no weight of either.
    assert weights(read(NAMES, ["数量指标(35分)", "^", *seconds[2:]])) == ["", "", "15", "30", "10"]


def test_points_of_a_level_whose_indicators_share_their_score():
    rows = [[*row[:5], *row[6:]] for row in variants.INDICATORS]
    rows[0][1:6:4], rows[1][1:6:4] = ["产出数量(35分)", 34], ["^", "^"]
    rows[2][1], rows[3][1], rows[4][1] = "时效指标(15分)", "社会效益指标(30分)", "满意度(10分)"
    (form,), _ = forms_of([drawn([*variants.head(8), TITLES, *rows, TOTAL])], Mappings())
    assert weights(form) == ["35", "35", "15", "30", "10"]
    assert [row.group for row in form.indicators] == [1, 1, 2, 3, 4]


@pytest.mark.parametrize("names", [
    NAMES, [*NAMES[:4], "考试平均80分"], [*NAMES[:4], "满意度(90)"], [f"{name}5分" for name in NAMES], [f"{name}(3)" for name in NAMES],
    ["考核得分(满分100分)", *NAMES[1:]],
])  # fmt: skip
def test_numbers_that_are_no_points(names):
    form = read(names)
    assert weights(form) == [None] * 5
    assert [row.level3.text for row in form.indicators] == names


def test_a_name_without_points_among_others_has_a_blank_weight():
    form = read(["养护里程(20分)", "验收合格率(15分)", "完工及时率", "通行能力(30分)", "群众满意度(10分)"])
    assert weights(form) == ["20", "15", "", "30", "10"]


def test_a_form_with_the_column_keeps_its_names():
    rows = [[*row[:2], f"{row[2]}(1分)", *row[3:]] for row in variants.INDICATORS]
    (form,), _ = forms_of([drawn([*variants.head(8), variants.TITLES, *rows, variants.TOTAL])], Mappings())
    assert weights(form) == ["20", "15", "15", "30", "10"]
    assert form.indicators[0].level3.text == "养护里程(1分)"
