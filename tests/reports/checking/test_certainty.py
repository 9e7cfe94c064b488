"""A sentence or a table that has another reading is a question to people, never an alarm; of a known form it is an alarm."""

from __future__ import annotations

import pytest
from report_checked import body, checked
from test_honest import rows

FUNDS = rows(
    "资金来源|预算数（万元）|到位数（万元）|支出数（万元）",
    "省级资金|300|300|280",
    "县级资金|210|210|190",
    "合计|510|510|470",
)
SCORES = rows("一级指标|分值|得分", "决策|20|18", "过程|20|17", "产出|30|27", "效益|30|25.5", "合计|100|87.5")
SUBJECTS = rows("子项目名称|评价得分|评价等级", "甲项目|92|优", "乙项目|84|良", "丙项目|85|良")
INVESTED = rows("企业|投资金额（万元）", "甲|120", "乙|80", "丙|100", "合计|300")

ASKED = [
    ["两年合计安排500万元，支出470万元，总体执行率94%。其中2022年执行率92%，2023年执行率96%。"],
    ["核减后总投资3780万元，核减480万元，核减率11.27%。"],
    ["资金使用率为92%，其中预算500万元，已使用450万元。"],
    ["预算批复510万元，到位510万元；建议收回不合规支出30万元。", FUNDS],
    ["3个项目加权平均得分88.64分。", SUBJECTS],
    ["首位的甲医院得分92.35分，末位的乙医院得分71.60分，8家医院平均得分83.12分。"],
    ["政策综合得分87.5分，等级为良。上一采暖季综合得分82.16分，等级为良。", SCORES],
    ["评价组从决策、产出、效益三个方面设置7项指标，满分100分，综合得分87.5分。", SCORES],
    ["建设覆盖7个街道的平台，估算投资金额300万元。", INVESTED],
    ["申报资金500万元，经三轮评审安排450万元，首轮支出率91%。"],
    ["项目总投资2600万元，其中财政预算1100万元、企业自筹1500万元，企业支出1400万元。"],
    ["收到各级资金1100万元，其中财政资金1100万元，中央800万元。"],
    ["共涉及单位12家，其中市直3家、县区5家、企业6家，部分企业为市直单位所属。"],
    ["若不计创新加分，综合得分为86.5分；本项目综合得分87.5分。", SCORES],
    ["自评中决策得20分、过程得20分，经评价决策得18分、过程得17分。", SCORES],
    ["年度计划80公里，实际建成72公里，按路基口径完成率95%。"],
    ["收入500万元，支出450万元，缴回财政20万元，结余30万元。"],
    ["决策扣2分，过程扣3分，产出扣3分，效益扣4.5分，共扣12.5分。", SCORES],
    ["自评得分率分别为决策100%、过程95%、产出98%、效益97%。", SCORES],
    ["四类指标目标得分率：决策90%、过程90%、产出95%、效益90%。", SCORES],
]  # fmt: skip
"""What was taken for a contradiction once, and neighbours of it."""


@pytest.mark.parametrize("blocks", ASKED)
def test_what_may_be_read_otherwise_is_no_alarm(blocks):
    assert [f.sentence() for f in checked(body(*blocks)).found] == []


CERTAIN = {
    "预算安排500万元，支出450万元，预算执行率{}%。": ("90", "92"),
    "本项目综合得分{}分，等级为良。": ("87.5", "85.7"),
    "决策类指标满分20分，得分{}分。": ("18", "16"),
    "（一）决策类指标（满分20分，得18分，得分率{}%）": ("90.00", "96.00"),
    "四类指标得分率依次为：决策90.00%，过程{}%，产出90.00%，效益85.00%。": ("85.00", "58.00"),
    "其中决策类得分率90%、过程类{}%、产出类90%、效益类85%。": ("85", "95"),
    "分项情况：决策{}分（满分20分），过程17分（满分20分）。": ("18.00", "16.20"),
    "对照评价办法，我单位自评得分92.5分，等级为{}。": ("优", "良"),
    "支出预算2968.85万元，决算支出2771.55万元，预算完成率{}%。": ("93.35", "96.05"),
    "年度预算2400万元，兑付1920.36万元，预算执行率{}%。": ("80.02", "85.02"),
    "上年度评价得分85分，本年比上年提高{}分。": ("2.5", "5.2"),
}


@pytest.mark.parametrize("sentence", CERTAIN)
def test_what_leaves_no_other_reading_is_an_alarm(sentence):
    right, wrong = CERTAIN[sentence]
    said = "经评价，综合得分87.5分。"
    assert [f.sentence() for f in checked(body(said, sentence.format(right), SCORES)).found] == []
    assert checked(body(said, sentence.format(wrong), SCORES)).found


def test_a_question_gives_the_numbers():
    [asked] = checked(body(ASKED[1][0])).questions
    assert "11.27%" in asked and "12.70%" in asked and "480万元÷3780万元" in asked


def test_sums_without_a_name_are_not_one_thing():
    """Every 小计 is of the rows above it, whatever stands before it is called."""
    head = "考核类别|考核项目|标准分|考核得分"
    lines = [
        "运营|准点率|10|8.6",
        "运营|覆盖率|20|19",
        "小计|小计|30|27.6",
        "安全|事故率|50|43",
        "安全|培训|20|18",
        "小计|小计|70|61",
    ]
    table = rows(head, *lines, "总分|总分|100|88.6")
    assert [f.sentence() for f in checked(body(table)).found] == []
    assert checked(body([*table[:3], ["小计", "小计", "30", "26.7"], *table[4:]])).found


def test_the_form_of_amounts_without_a_rate_counts_its_points():
    head = ["项目资金", "", "年初预算数", "全年预算数", "全年执行数", "分值", "得分"]
    table = [
        head,
        ["项目资金", "年度资金总额", "400.00", "422.20", "416.20", "10", "9.86"],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
        ["产出", "数量", "资助人次", "≥8300人次", "8324人次", "50", "50"],
        ["效益", "社会效益", "入园保障率", "100%", "100%", "30", "30"],
        ["满意度", "满意度", "家长满意度", "≥95%", "97%", "10", "9"],
        ["总分", "总分", "总分", "总分", "总分", "100", "98.86"],
    ]
    assert [f.sentence() for f in checked(body(table)).found] == []
    table[-1][-1] = "96.88"
    assert {f.rule.code for f in checked(body(table)).found} >= {"points_sum"}


def test_two_names_that_end_alike_are_two_things():
    table = rows(
        "维度|指标|分值|得分",
        "项目管理|制度|20|18",
        "资金管理|预算|10|7",
        "产出|数量|40|36",
        "效益|满意|30|27",
        "合计|合计|100|88",
    )
    words = "项目管理得分率90.00%，资金管理得分率{}%。"
    assert [f.sentence() for f in checked(body(words.format("70.00"), table)).found] == []


def test_a_schedule_that_rolls_on_is_no_difference_of_two_columns():
    table = rows(
        "年度|期初余额|新增债券|应付利息|偿还本金|期末余额",
        "2021|0|10000|0|0|10000", "2022|10000|6000|356|0|16000", "2023|16000|0|548|0|16000", "2024|16000|0|548|0|16000",
    )  # fmt: skip
    assert [f.sentence() for f in checked(body("单位：万元", table)).found] == []


def test_a_share_that_takes_up_the_rest_of_rounding():
    lines = [
        "人工|1842.6|61.9%",
        "机械|402.3|13.5%",
        "苗木|268.9|9.0%",
        "水电|155.2|5.2%",
        "农药|96.5|3.2%",
        "管理|212.4|{}%",
    ]
    table = rows("成本项目|金额（万元）|占比", *lines, "合计|2977.9|100.0%")
    assert [f.sentence() for f in checked(body([*table[:6], ["管理", "212.4", "7.2%"], table[7]])).found] == []
    assert checked(body([*table[:6], ["管理", "212.4", "1.7%"], table[7]])).found
