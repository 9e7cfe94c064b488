"""Columns that follow from others, in tables of any kind: the number that breaks the rule the other rows keep is found."""

from __future__ import annotations

import pytest
from report_checked import body, checked
from test_honest import rows

TABLES = {
    "完成率": (["乡镇|计划数（户）|完成数（户）|完成率", "甲|80|76|95%", "乙|50|49|98%", "丙|40|{}|90%", "合计|170|161|94.71%"], "36", "38"),
    "比率": (["年度|参训人数|合格人数|合格率（%）", "2021|400|380|95", "2022|500|480|{}", "2023|600|582|97"], "96", "86"),
    "占比": (["问题类别|问题数|占比", "预算编制|6|30%", "资金使用|10|50%", "资产管理|4|{}", "合计|20|100%"], "20%", "25%"),
    "合计": (["问题类别|问题数", "预算编制|6", "资金使用|10", "资产管理|4", "合计|{}"], "20", "21"),
    "增减额": (["科目|上年数|本年数|增减额|增减率", "办公费|50|45|-5|-10%", "差旅费|20|26|{}|30%", "会议费|10|9|-1|-10%"], "6", "5"),
    "增减率": (["科目|2022年|2023年|增长率", "收入|500|600|20%", "支出|400|450|{}", "结转|80|88|10%"], "12.5%", "15.2%"),
    "平均": (["指标|分值|专家甲|专家乙|平均分", "决策|40|36|38|37", "产出|30|27|25|{}", "效果|30|28|27|27.5", "合计|100|91|90|90.5"], "26", "28"),
    "平均得分": (["单位名称|得分|等级", "甲|92|优", "乙|84|良", "丙|85|良", "平均|{}|良"], "87", "88"),
    "小计": (["乡镇|中央|省级|小计", "甲|20|30|50", "乙|10|15|{}", "丙|40|20|60", "合计|70|65|135"], "25", "35"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TABLES)
def test_a_column_that_follows_from_others(kind):
    lines, right, wrong = TABLES[kind]
    assert [f.sentence() for f in checked(body(rows(*(line.format(right) for line in lines)))).found] == []
    found = {f.rule.code for f in checked(body(rows(*(line.format(wrong) for line in lines)))).found}
    assert found & {"table_sum", "table_rate", "points_sum", "points_level"}


NESTED = {
    "numbered": ["序号|指标|满分|得分", "一|决策|40|37", "1|立项|20|18", "2|目标|20|{}", "二|产出|60|55", "3|数量|30|28", "4|质量|30|27", "|合计|100|92"],
    "coded": ["指标|权重|得分", "A 决策|40|37", "A1 立项|20|18", "A2 目标|20|{}", "B 产出|60|55", "B1 数量|30|28", "B2 质量|30|27", "总分|100|92"],
    "named": ["指标|权重|得分", "决策|20|18", "立项|20|18", "产出指标|50|47", "数量|30|28", "质量|20|{}", "效益指标|30|27", "就业|30|27", "总分|100|92"],
    "added up": ["指标|权重|得分", "前期|40|37", "立项|20|18", "目标|20|{}", "成果|60|55", "数量|30|28", "质量|30|27", "总分|100|92"],
}  # fmt: skip


@pytest.mark.parametrize("way", NESTED)
def test_levels_in_one_column_are_not_added_twice(way):
    assert checked(body(rows(*(line.format("19") for line in NESTED[way])))).found == []
    found = [f.rule.code for f in checked(body(rows(*(line.format("17") for line in NESTED[way])))).found]
    assert "points_level" in found and "weight_sum" not in found


def test_levels_nothing_tells_apart_are_not_judged():
    lines = [
        "指标|权重|得分",
        "立项|40|37",
        "甲|25|18",
        "数量|60|55",
        "乙|30|28",
        "丙|30|27",
        "丁|15|11",
        "总分|100|92",
    ]
    answer = checked(body(rows(*lines)))
    assert answer.found == [] and any("分不清层级" in text for text in answer.unjudged)


REPEATED = [
    "一级指标|三级指标|分值|得分",
    "产出（40分）|数量|20|20",
    "产出（40分）|质量|20|19",
    "效益（60分）|就业|60|55",
    "总分||100|94",
]


def test_a_level_repeated_in_every_row_is_one():
    assert checked(body(rows(*REPEATED))).found == []
    wrong = [line.replace("40分", "50分") for line in REPEATED]
    assert [f.rule.code for f in checked(body(rows(*wrong))).found] == ["weight_level"]


def test_full_points_behind_the_names_of_indicators():
    lines = [
        "一级指标|三级指标|评分说明|得分",
        "产出（50分）|数量（30分）|达标|30",
        "产出（50分）|质量（20分）|达标|{}",
        "效益（50分）|就业（50分）|达标|45",
        "合计（100分）|||94",
    ]
    assert checked(body(rows(*(line.format("19") for line in lines)))).found == []
    found = {f.rule.code for f in checked(body(rows(*(line.format("21") for line in lines)))).found}
    assert found == {"points_over", "points_sum"}


def test_points_of_last_year_stand_beside_those_of_this_year():
    lines = [
        "一级指标|满分|上年得分|本年得分|本年得分率",
        "决策|20|16|18|90%",
        "产出|50|43|{}|88%",
        "效益|30|26|27|90%",
        "合计|100|85|89|89%",
    ]
    texts = "经评价，综合得分89分，等级为良。上年度评价得分85分，本年比上年提高{}分。"
    assert checked(body(texts.format("4"), rows(*(line.format("44") for line in lines)))).found == []
    found = {f.rule.code for f in checked(body(texts.format("4"), rows(*(line.format("43") for line in lines)))).found}
    assert found == {"points_sum", "rate"}
    assert {f.rule.code for f in checked(body(texts.format("6"), rows(*(x.format("44") for x in lines)))).found} == {
        "difference"
    }
