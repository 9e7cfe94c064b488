"""Tables and scales as other makers lay them out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from report_checked import body, checked
from test_sentences import ITEMS, PROCESS, SUMMED, TABLE, found

from workbench.reports.checking.language.bands import scale_in

NATIONAL = [("优", Decimal(90)), ("良", Decimal(80)), ("中", Decimal(60)), ("差", Decimal(0))]
SCALES = [
    "90(含)-100分为优，80（含）—90分为良，60（含）-80分为中，60分以下为差",
    "[90,100]优，[80,90)良，[60,80)中，[0,60)差",
    "90分以上优、80-90分良、60-80分中、60分以下差",
    "90分及以上为“优”，80分及以上、90分以下为“良”，60分及以上、80分以下为“中”，60分以下为“差”",
    "优、良、中、差四个等级：100-90分(含90分)为优，90-80分为良，80-60分为中，60分以下为差",
    "优：S≥90；良：80≤S<90；中：60≤S<80；差：S<60",
    "其中大于等于90分为优，大于等于80分小于90分为良，大于等于60分小于80分为中，小于60分为差",
    "等级为优、良、中、差，对应分值区间依次为90—100分、80—89分、60—79分、60分以下",
    "等级一般划分为四档：90（含）-100分为优、80（含）-90分为良、60（含）-80分为中、60分以下为差",
    "90分及以上为“优”、80分及以上为“良”、60分及以上为“中”，以下为“差”",
]


@pytest.mark.parametrize("text", SCALES)
def test_a_scale_however_it_is_worded(text):
    assert scale_in(text) == (NATIONAL, False)


@pytest.mark.parametrize("text", ["4个项目中，优1个、良1个、中1个、差1个。", "得分89.5分，低于90分，为良"])
def test_what_is_no_scale(text):
    assert scale_in(text) == (None, False)


def test_grades_of_a_table_of_subjects_are_no_scale():
    rows = [["序号", "项目名称", "决策", "过程", "总分", "等级"], ["1", "甲", "40", "47", "87", "良"]]
    rows += [["2", "乙", "45", "48", "93", "优"], ["3", "丙", "35", "40", "75", "中"]]
    assert found(rows) == set()
    assert found([*rows[:-1], [*rows[-1][:-1], "良"]]) == {"grade"}


HEADS = [
    ("一级指标", "二级指标", "三级指标", "标准分值", "评价分"),
    ("一级指标", "二级指标", "三级指标", "权重（分）", "考评得分"),
    ("评价维度", "评价内容", "评价指标", "满分值", "实际得分（分）"),
    ("一级指标", "二级指标", "三级指标", "指标分值", "自评分"),
    ("一级", "二级", "三级", "分值（100分）", "得分情况"),
    ("一级指标", "二级指标", "三级指标", "应得分", "专家打分"),
]


@pytest.mark.parametrize("head", HEADS, ids="".join)
def test_columns_under_other_words(head):
    assert found([[*head], *TABLE[1:]]) == set()
    assert "points_sum" in found([[*head], *TABLE[1:-1], ["总    计", "", "", "100", "92.5"]])


@pytest.mark.parametrize("repeated", [True, False])
@pytest.mark.parametrize("between", [(), ("表1（续）",)])
def test_a_table_over_two_pages_is_one(repeated, between):
    first, second = TABLE[:6], [TABLE[0]] * repeated + [*TABLE[6:-1]]
    assert found("表1 评分表", first, *between, [*second, TABLE[-1]]) == set()
    wrong = checked(body("表1 评分表", first, *between, [*second, ["合计", "", "", "100", "92.5"]])).found
    assert [(f.rule.code, f.spot.number, f.spot.row) for f in wrong] == [("points_sum", 2, 5 + repeated)]


def test_tables_of_two_subjects_are_not_joined():
    other = [*ITEMS[:-1], [*ITEMS[-1][:-1], "8"]]
    assert found([TABLE[0], *ITEMS], [TABLE[0], *other]) <= {"stated_twice"}


def test_a_table_of_one_level_against_its_heading():
    assert found("（二）过程类指标（20分）得17.5分", SUMMED, "综合得分91.5分。", TABLE) == set()
    assert "stated_twice" in found("（二）过程类指标（20分）得18.5分", PROCESS)
    assert "stated_twice" in found("（二）过程类指标（25分），得17.5分", PROCESS)
    assert "stated_twice" in found("过程指标得分18分，满分20分。", "表3 过程类指标得分情况", SUMMED)


def test_full_points_over_the_whole_width_of_a_table():
    rows = [["指标名称", "权重", "得分"], ["产出指标（50分）"] * 3, ["培训人数", "30", "30"], ["合格率", "20", "19"]]
    rows += [["效益指标（50分）"] * 3, ["就业率", "50", "45"], ["总得分", "100", "94"]]
    assert "weight_level" not in found(rows)


def test_amounts_in_a_table_of_subjects():
    rows = [["序号", "项目名称", "预算数（万元）", "支出数（万元）", "执行率", "总分"]]
    rows += [["1", "甲", "200", "190", "95%", "87"], ["2", "乙", "100", "80", "80%", "91"]]
    total = ["合计", "", "300", "270", "90%", ""]
    assert found([*rows, total]) == set()
    assert found([*rows, ["合计", "", "320", "270", "84.38%", ""]]) == {"money_sum"}


def test_the_official_form_is_of_a_hundred_points():
    """财预〔2020〕10号附1; zhongjiang_water_2022.json is a published one of 110."""
    rows = [["项目资金（万元）", "全年预算数", "全年执行数", "分值", "执行率", "得分"]]
    rows += [["年度资金总额", "180", "171", "10", "95%", "9.5"]]
    form = [
        ["一级指标", "三级指标", "分值", "得分"],
        ["产出指标", "培训人次", "60", "60"],
        ["效益指标", "就业率", "40", "40"],
    ]
    assert "weight_full" in found(rows, [*form, ["总分", "", "110", "109.5"]])


def test_a_table_of_numbers_that_was_not_recognised_is_named():
    answer = checked(body([["事项", "金额合计", "说明"], ["甲", "12", "无"], ["乙", "13", "无"]]))
    assert not answer.found and any("没有认出是什么表" in text for text in answer.unjudged)
