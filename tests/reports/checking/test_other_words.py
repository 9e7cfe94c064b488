"""Wordings that look like the report's own score, grade or total and are not; each with a report in which all agrees."""

from __future__ import annotations

import pytest
from docx import Document
from lxml import etree
from report_checked import body, checked

SCORES = [
    line.split("|")
    for line in ("指标|分值|得分", "决策|20|18", "过程|20|17", "产出|30|28", "效益|30|26", "合计|100|89")
]
SILENT = [
    "产出类指标总分值30分，得分值28分，得分率93.33%。",
    "决策指标设定分值20分，评价分值18分；过程指标设定分值20分，复核分值17分。",
    "效益指标分值30分，所得分值26分，扣除分值4分。",
    "项目绩效评价总分值为89分，评定为“良”等级。",
    "经测算，本项目最终分值89分，绩效等级为良。",
    "根据结果应用办法，评价等级为“优”的项目，次年预算予以优先安排；评价等级为“差”的，次年预算原则上压减三成。",
    "对于评价结果为优的单位，县财政给予通报表扬。",
    "若评价结果为差，则取消下一年度资金安排。",
    "评价等级为“中”及以下的，应当在两个月内完成整改。",
    "评价结果为“优”“良”的部门可继续申请资金。",
    "绩效等级分档如下：优（90≤得分≤100）；良（80≤得分＜90）；中（60≤得分＜80）；差（得分＜60）。",
    "等级标准为：优：不低于90分；良：不低于80分、不足90分；中：不低于60分、不足80分；差：低于60分。",
    "等级为优(90分及以上)。等级为良(80分及以上、90分以下)。等级为中(60分及以上、80分以下)。等级为差(60分以下)。",
    "项目 2022 年度综合得分为 84.5 分，本年度综合得分为 89 分，提高 4.5 分。",
]


@pytest.mark.parametrize("sentence", SILENT)
def test_another_thing_in_like_words_is_not_the_reports_own(sentence):
    answer = checked(body("某项目2023年度绩效评价报告", "项目综合得分89分，评价等级为“良”。", SCORES, sentence))
    assert not answer.found, [f.sentence() for f in answer.found]


def merged(*lines: str, spans: dict[tuple[int, int], tuple[int, int]]) -> bytes:
    """A body of one table; ``spans``: first and last field of each merged cell."""
    document = Document()
    document.add_paragraph("资金情况（单位：万元）")
    table = document.add_table(len(lines), lines[0].count("|") + 1)
    for row, line in zip(table.rows, lines, strict=True):
        for cell, text in zip(row.cells, line.split("|"), strict=True):
            cell.text = text
    for (y, x), last in spans.items():
        text = table.cell(y, x).text
        table.cell(y, x).merge(table.cell(*last)).text = text
    return etree.tostring(document.element)


HEADS = ("资金来源|资金落实||资金支付|", "|批复数|构成|支付数|支付进度")
SPANS = {(0, 0): (1, 0), (0, 1): (0, 2), (0, 3): (0, 4)}


@pytest.mark.parametrize(
    ("total", "codes"),
    [
        ("合计|300|100%|270|90.00%", set()),
        ("合计|300|100%|280|93.33%", {"money_sum"}),
        ("合计|300|100%|270|95.00%", {"money_rate"}),
    ],
)
def test_rates_under_a_merged_head_of_amounts_are_no_amounts(total, codes):
    lines = (*HEADS, "省级|100|33.33%|95|95.00%", "市级|200|66.67%|175|87.50%", total)
    assert {f.rule.code for f in checked(merged(*lines, spans=SPANS)).found} == codes


YEARS = [
    line.split("|")
    for line in (
        "年度|预算安排（万元）|实际支出（万元）",
        "2021年|400|390",
        "2022年|450|440",
        "2023年|500|480",
        "合计|1350|1310",
    )
]


def test_a_year_of_a_table_of_years_is_not_its_total():
    assert not checked(body("预算安排500万元，实际支出480万元。", YEARS)).found
    assert not checked(body("预算安排620万元，实际支出480万元。", YEARS)).found


@pytest.mark.parametrize(("base", "codes"), [("100|89", set()), ("100|88", {"points_level"})])
def test_a_subtotal_before_bonus_and_deduction_is_of_all_levels(base, codes):
    table = [
        line.split("|")
        for line in (
            "一级指标|二级指标|分值|得分",
            "决策|立项|20|18",
            "过程|管理|20|17",
            "产出|数量|20|19",
            "产出|质量|10|9",
            "效益|成效|30|26",
            f"小计||{base}",
            "加分项|受表彰|—|2",
            "减分项|被通报|—|-1",
            "总分||—|90",
        )
    ]
    assert {f.rule.code for f in checked(body(table)).found} == codes


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("该类指标满分为40分，实际得分30分，占满分的85%。", "75.00%"),
        ("线上回收60份、线下回收100份，共计160份，其中有效152份，有效率97%。", "95.00%"),
        ("总成本1000万元，其中人工600万元、材料300万元、其他100万元，人工占比65%。", "60.00%"),
    ],
)
def test_a_wrong_rate_is_told_with_what_it_is_a_rate_of(words, expected):
    [only] = checked(body(words)).found
    assert only.expected == expected


def test_a_wrong_difference_is_told_with_the_sign_of_its_column():
    lines = ("指标|分值|自评得分|复核得分|差异", "决策|20|19|18|1", "过程|20|20|17|2", "产出|60|58|55|3")
    [only] = checked(body([line.split("|") for line in lines])).found
    assert (only.rule.code, only.expected) == ("difference", "3")


def test_a_row_is_named_by_its_words_and_not_by_a_count():
    lines = (
        "方向|项目数|预算（万元）|支出（万元）|执行率",
        "培训|7|100|90|95%",
        "宣传|3|50|45|90%",
        "合计|10|150|135|90%",
    )
    [only] = [f for f in checked(body([line.split("|") for line in lines])).found if f.rule.code == "money_rate"]
    assert "培训" in only.what
