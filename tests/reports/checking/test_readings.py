"""Structures that can be read wrongly: what does not fit by one reading is an alarm only where that reading is borne out."""

from __future__ import annotations

import pytest
from report_checked import body, checked

from workbench.reports.checking.telling import as_dict, text


def rows(*lines: str) -> list[list[str]]:
    """A table from lines with bars between the cells."""
    return [line.split("|") for line in lines]


def found(*blocks) -> set[tuple[str, str]]:
    """Codes and what they say is there."""
    return {(f.rule.code, f.found) for f in checked(body(*blocks)).found}


LEVELS = rows("一级指标|三级指标|分值|得分", "投入|资金测算|20|18", "管理|台账管理|30|27", "成效|服务人次|50|44")
HONEST = {
    "details below their row, several columns": [
        "单位：万元",
        rows(
            "支出类别|预算|决算",
            "基本支出|900|880",
            "工资福利|700|690",
            "办公运转|200|190",
            "专项支出|400|390",
            "合计|1300|1270",
        ),
    ],
    "details below their row, one column": [
        "单位：万元",
        rows(
            "收入来源|金额", "财政补助|620.5", "省级|400.5", "市级|220", "经营收入|88.3", "其他收入|12.2", "合计|721.0"
        ),
    ],
    "a detail that is not all of its row": [
        "单位：万元",
        rows("支出内容|支出金额", "工程费|860.4", "桥涵工程|312.6", "勘察设计费|45.8", "合计|906.2"),
    ],
    "details in a table of things": [
        rows("类别|数量", "道路|126", "主干道|46", "支路|80", "桥梁|34", "总计|160"),
    ],
    "bonus with its own sum": [
        [
            *LEVELS,
            *rows(
                "基础分合计||100|89", "加分项|获省级表彰|3|2", "加分项|经验推广|2|1", "加分小计||5|3", "总得分||105|92"
            ),
        ]
    ],
    "deductions with their own sum": [
        [
            *LEVELS,
            *rows("基础分||100|89", "扣分项|逾期报送|—|-1", "扣分项|数据失真|—|-2", "扣分合计||—|-3", "最终得分||—|86"),
        ]
    ],
    "sums that name their level": [
        rows(
            "维度|指标|分值|得分",
            "合规性|招标|20|18",
            "合规性|合同|20|19",
            "合规性合计||40|37",
            "实效性|使用率|40|35",
            "实效性|满意|20|18",
            "实效性合计||60|53",
            "得分合计||100|90",
        )
    ],
    "sum of all indicators, and what is added to it": [
        rows(
            "一级指标|二级指标|分值|得分|说明|三级指标",
            "产出|数量|40|38|无|培训场次",
            "产出|质量|20|18|无|合格率",
            "效益|社会|30|27|无|就业人数",
            "指标合计||90|83||",
            "预算执行率|执行|10|9.2|无|执行进度",
            "总计||100|92.2||",
        )
    ],
    "somebody else's grade": [
        "本项目综合得分84.6分，评价等级为良。",
        rows("承办机构|合同价（万元）|考核得分|考核等级", "甲中心|120|93|优", "乙中心|80|71|中", "丙中心|60|82|良"),
        "乙中心考核等级为中，已约谈。",
    ],
    "somebody else's grade, in no table": [
        "本项目综合得分84.6分，评价等级为良。宏远物业公司服务等级为中，须更换。",
    ],
    "years before": ["2024年度得分91.2分，等级为优。此前两年得分分别为83.5分（良）和78.6分（中）。"],
    "years before, one by one": [
        "2024年度得分91.2分，等级为优。前三年得分依次为83.5分（良）、78.6分（中）、81分（良）。"
    ],
    "as many points as names": [
        "项目总分89分。投入、管理、成效三个维度分别得18分、27分和44分。",
        [*LEVELS, *rows("合计||100|89")],
    ],
    "more names than indicators known": [
        "项目总分89分。投入、管理与内控、成效三个维度分别得18分、27分和44分。",
        [*LEVELS, *rows("合计||100|89")],
    ],
    "a rate under a head of two rows": [
        rows(
            "区县|完成量|完成量|完成率",
            "区县|公里|占比(%)|(%)",
            "东区|120|40.0|96.0",
            "西区|90|30.0|88.0",
            "南区|90|30.0|91.5",
            "合计|300|100.0|92.1",
        )
    ],
    "counted in two ways": ["当年计划解决45个村1.62万人饮水，建成41个村1.55万人，建成率95.68%（按人口）。"],
    "unit costs under a total": [
        rows(
            "线路|里程(公里)|投资(万元)|每公里投资(万元)",
            "一线|12|360|30",
            "二线|20|700|35",
            "三线|8|200|25",
            "合计|40|1260|31.5",
        )
    ],
    "means of heads of population": [
        rows(
            "乡镇|人数|补助资金(万元)|户均补助资金(元)",
            "甲|120|36|3000",
            "乙|80|28|3500",
            "丙|50|16|3200",
            "合计|250|80|3200",
        )
    ],
    "full points of another scheme": [
        "综合评价得分89分，等级为良。",
        [*LEVELS, *rows("合计||100|89")],
        "竞争性评审满分150分，入围线为90分。",
    ],
    "full points of levels counted together": [
        "决策类得18分，过程类得17分。产出、效益两类指标合计60分，得54分。项目总得分89分，等级为良。",
        "决策20分，得18分；过程20分，得17分；产出30分，得28分；效益30分，得26分。四部分合计100分，得89分。",
    ],
    "what went on since years before": ["一期、二期分别投入4.00亿元、5.00亿元，累计20.00亿元。"],
    "letters that are no grades": ["项目涉及A级景区3家，扶持信用评价为A级的企业2家。项目得分89分，等级为良。"],
    "a scale of its own in a column": [
        "综合得分91分，等级为优。",
        rows("单位|考核得分|排名|考核结果", "甲|92|1|优秀", "乙|85|2|优秀", "丙|81|3|合格"),
    ],
    "another scheme's points with a grade": [
        "本项目满分100分，综合评价得分89分。被评单位在年度考核中满分120分，得分108分，等级为优。",
        [*LEVELS, *rows("合计||100|89")],
    ],
    "the round before": ["上轮评价得分78分，等级为中；本轮评价得分91分，等级为优。"],
    "units below a total": [
        rows("费用|2021年|2022年", "人工|10|12", "材料|20|21", "总成本|30|33", "产量(吨)|100|110", "单位成本|0.30|0.30")
    ],
    "points below nothing": [
        rows(
            "一级指标|二级指标|分值|得分",
            "投入|立项|60|56",
            "产出|数量|40|35",
            "加减分|创新加分|5|2",
            "加减分|违规扣分|-5|-1",
            "最终得分||100|92",
        )
    ],
    "a part that is named as one": [
        rows(
            "资金来源|计划(万元)|到位(万元)|到位率",
            "中央|100|100|100%",
            "省级|50|50|100%",
            "其中:省级专项|30|30|100%",
            "合计|150|150|100%",
        )
    ],
    "things done at sample places": [
        "产出指标满分60分，抽评32个点位，得58分。",
        rows("一级指标|三级指标|分值|得分", "产出|点位|60|58", "效益|满意|40|30", "合计||100|88"),
    ],
    "names that are counted together": [
        "决策和过程两个维度合计得35分。",
        rows("一级指标|三级指标|分值|得分", "决策|测算|20|18", "过程|台账|20|17", "产出|人次|60|54", "合计||100|89"),
    ],
    "an increase beside another year": ["项目得分89分，较2022年度的85.5分提高3.5分，较2021年度的83分提高6分。"],
}


@pytest.mark.parametrize("name", HONEST)
def test_what_another_reading_explains_is_no_alarm(name):
    assert [f.sentence() for f in checked(body(*HONEST[name])).found] == []


PLANTED = {
    "one total of two, under the reading that the other bears out": (
        [
            "单位：万元",
            rows("支出类别|预算|决算", "基本支出|900|880", "工资福利|700|690", "办公运转|200|190", "合计|900|980"),
        ],
        ("money_sum", "980"),
    ),
    "a level's own sum": (
        [
            rows(
                "维度|指标|分值|得分",
                "合规性|招标|20|18",
                "合规性|合同|20|19",
                "合规性合计||40|38",
                "实效性|使用|60|53",
                "实效性合计||60|53",
                "得分合计||100|90",
            )
        ],
        ("points_level", "38"),
    ),
    "the sum of a bonus": (
        [
            [
                *LEVELS,
                *rows(
                    "基础分合计||100|89",
                    "加分项|获省级表彰|3|2",
                    "加分项|经验推广|2|1",
                    "加分小计||5|4",
                    "总得分||105|92",
                ),
            ]
        ],
        ("points_level", "4"),
    ),
    "a score above its full points before the names": (
        [
            rows(
                "一级指标|二级指标|分值|得分|说明|三级指标",
                "产出|数量|40|48|无|场次",
                "产出|质量|20|18|无|合格率",
                "效益|社会|40|30|无|就业",
                "总计||100|96||",
            )
        ],
        ("points_over", "48"),
    ),
    "one grade of a column": (
        [
            rows(
                "承办机构|合同价（万元）|考核得分|占比|考核等级",
                "甲中心|120|93|46%|优",
                "乙中心|80|71|31%|良",
                "丙中心|60|82|23%|良",
            )
        ],
        ("grade", "良"),
    ),
    "grades by letters": (
        ["年度得分86.5分，评价等级为A级。A级（90分及以上）、B级（80分及以上）、C级（60分及以上）、D级（60分以下）。"],
        ("grade", "A级"),
    ),
    "out of a thousand": (
        ["评价总分845分（满分1000分），等级为优。900分及以上为优，800分至900分为良，600分至800分为中，600分以下为差。"],
        ("grade", "优"),
    ),
    "intervals before their labels": (
        ["项目得分78分，等级为良。评分按100-90（含）、90-80（含）、80-60（含）、60以下四档对应优、良、中、差。"],
        ("grade", "良"),
    ),
    "as many points as names": (
        ["项目总分89分。投入、管理、成效三个维度分别得18分、25分和44分。", [*LEVELS, *rows("合计||100|89")]],
        ("stated_twice", "25"),
    ),
    "so many parts together": (
        ["投入部分20分，得18分；管理部分30分，得27分；成效部分50分，得44分。三部分合计98分。"],
        ("text_sum", "98"),
    ),
    "amounts and their sum": (
        ["两类资金分别到位2.50亿元、0.60亿元，合计3.20亿元，均为财政资金。"],
        ("money_sum", "3.20亿元"),
    ),
    "two scores and their difference": (["扣分最多的是丙项目，自评93分，复核81分，分差13分。"], ("difference", "13")),
    "sections with their sums": (
        [
            "单位：万元",
            rows(
                "项目|金额",
                "一、收入合计|800",
                "1.财政补助|650",
                "2.其他收入|150",
                "二、支出合计|790",
                "1.人员|500",
                "2.公用|270",
            ),
        ],
        ("money_sum", "790"),
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_leaves_no_other_reading_is_found(name):
    blocks, wanted = PLANTED[name]
    assert wanted in found(*blocks)


def test_a_reading_that_fails_throughout_is_a_question():
    """Two totals that no rows make: the rows are not what the total is of."""
    answer = checked(
        body(
            "单位：万元",
            rows("资金类别|预算|决算", "一般公共预算|500|490", "专项一|260|255", "专项二|90|88", "合计|640|610"),
        )
    )
    assert answer.found == []
    [question] = answer.questions
    assert question.startswith("第1张表(单位：万元)第5行“预算”列“预算”合计写为640,按一种读法应为850")
    assert question.endswith("同样的另有1处;读法没有把握,不作为问题")


def test_questions_are_told_beside_what_was_found():
    answer = checked(body("经核查，远山公司信用等级为中。本项目综合得分91分。"))
    assert answer.found == [] and "远山公司" in answer.questions[0]
    assert f"请人核对:{answer.questions[0]}" in text(answer)
    assert as_dict(answer)["questions"] == answer.questions


def test_forms_of_several_projects_are_not_held_against_one_another():
    """Each form names its project in its own head."""

    def form(name: str, first: str, second: str, total: str) -> list[list[str]]:
        head = rows(f"项目名称|项目名称|{name}|{name}", "一级指标|三级指标|分值|自评得分")
        return [*head, *rows(f"产出|培训人数|60|{first}", f"效益|就业率|40|{second}", f"总分||100|{total}")]

    blocks = [
        "项目支出绩效自评表",
        form("技能培训", "58", "39", "97"),
        "项目支出绩效自评表",
        form("创业补贴", "55", "36", "91"),
    ]
    assert [f.sentence() for f in checked(body(*blocks)).found] == []


def test_a_table_that_is_part_of_another_is_no_wrong_sum():
    """Its total says nothing of full points, and its indicators have fewer than a hundred."""
    table = rows("一级指标|三级指标|分值|得分", "产出|培训人数|30|29", "效益|就业率|30|28", "总分|||93")
    answer = checked(body(table))
    assert answer.found == [] and len(answer.questions) == 1


def test_what_was_not_added_up_is_said():
    table = rows("资金|安排（万元）", "合计|640", "一般公共预算|500", "专项一|260", "专项二|90", "小计|40")
    assert any("合计没有核对" in s for s in checked(body(table)).unjudged)
    grades = rows("机构|得分|等级", "甲|93|一星", "乙|88|二星", "丙|95|优", "丁|70|合格", "戊|66|合格")
    assert checked(body(grades)).found == []
