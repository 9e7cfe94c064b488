"""Single contradictions and the look-alikes that are none; facts of published cases (sources in the cases' own files)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from report_checked import body, checked

from workbench.reports.checking.language.bands import policy_scale

SUMMARY = [
    ["一级指标", "分值", "得分", "得分率"],
    ["决策", "20", "18", "90%"],
    ["过程", "20", "17.5", "87.5%"],
    ["产出", "30", "28", "93.33%"],
    ["效益", "30", "24", "80%"],
    ["合计", "100", "87.5", "87.5%"],
]
SECOND = [
    r
    if r[0] not in ("决策", "合计")
    else [r[0], r[1], {"18": "17", "87.5": "86.5"}[r[2]], {"18": "85%", "87.5": "86.5%"}[r[2]]]
    for r in SUMMARY
]


def codes(*blocks, **more) -> set[str]:
    return {f.rule.code for f in checked(body(*blocks), **more).found}


REACHED = [
    ["一级指标", "三级指标", "分值", "目标值", "完成值", "得分"],
    ["预算执行率", "预算执行率", "5", "100%", "95%", "4.75"],
]
FULL = [["一级指标", "二级指标", "三级指标", "分值", "得分"]] + [
    [top, f"{top}二级{n}", f"{top}三级{n}", *points]
    for top, rows in {"决策": ["5 5", "5 5"], "过程": ["20 20"], "产出": ["30 30", "20 18"], "效益": ["20 20"]}.items()
    for n, points in enumerate(p.split() for p in rows)
]
STEPS = [
    ["步骤", "说明", "分数"],
    ["1", "甲类得18分", "18"],
    ["2", "乙类得17.5分", "17.5"],
    ["3", "合计35.5分", "35.5"],
]
CLEAN = {
    "bands": [
        "90分（含）以上为优，80分（含）-90分为良，60分（含）-80分为中，60分以下为差，确定评价等级。",
        "综合得分87.5分，等级为良。",
    ],
    "bands_signs": [
        "得分≥90分为优；80分≤得分＜90分为良；60分≤得分＜80分为中；得分＜60分为差。",
        "该项目总得分87.5分，评价等级为“良”。",
    ],
    "bands_whole": [
        "评价结果等级分为优（90-100分）、良（80-89分）、中（60-79分）、差（0-59分）四档。",
        "最终评价得分为87.5分，评级为良。",
    ],
    "bands_own": [
        "绩效评价等级分为：优秀（85分以上）、良好（75-85分）、合格（60-75分）、不合格（60分以下）。",
        "综合得分87.5分，绩效等级为优秀。",
    ],
    "leaf": ["立项依据充分性：该指标满分5分，评价得分5分。依据充分，综合得分5分。", "综合得分87.5分。"],
    "years": ["2022年度该项目综合得分85分，等级为良。2023年度综合得分87.5分。"],
    "others": [
        "全市同类项目平均综合得分82分。",
        "专家组综合得分88分，评价组综合得分87.5分。",
        "上年综合得分92分，等级为优。",
    ],
    "self": ["项目单位自评得分98分，自评等级为优；本次评价得分87.5分，等级为良。"],
    "full": [
        "指标体系总分100分，由决策（20分）、过程（20分）、产出（30分）和效益（30分）组成。",
        "评分满分100分，其中：决策20分、过程20分。",
    ],
    "survey": ["发放问卷100份，回收95份，有效问卷90份，有效率94.74%，回收率95%。"],
    "money": [
        "2023年预算安排500万元，实际支出450万元，预算执行率90%。",
        "项目计划总投资1.2亿元，实际到位9800万元，到位率81.67%。",
    ],
    "capped": ["综合得分92分，因两次监控未整改，不得评为优等级，评价等级为良。"],
    "sums": ["得分=10×90%=9分", "(70%-60%)/(1-60%)×10=2.5分", "执行率=450/500×100%=90%", "2.5-0.5=2分"],
    "problems": [
        "存在以下两个方面的问题：",
        "（一）管理不规范",
        "1.合同不规范。",
        "2.验收不及时。",
        "（二）支付滞后",
        "六、有关建议",
    ],
    "veto_rule": ["存在财政资金截留挪用的，一票否决，直接评为差。", "综合得分87.5分，评价等级为“良”。"],
    "adjusted": [REACHED, "年初预算200万元，执行率120%，预算调整后执行率95%。"],
    "parts": [REACHED, "中央资金预算100万元，执行率90%。"],
    "standard": [REACHED, "预算执行率每低1%扣0.5分，扣完为止。"],
    "contents": ["三、综合评价得分88.5分\t12"],
}
FOUND = {
    "grade": ("grade", ["综合得分87.5分，评价等级为优。", SUMMARY]),
    "grade_alone": ("grade", ["该项目评价结果为优秀。", SUMMARY]),
    "total": ("total_twice", ["项目最终得分88.5分，评价等级“良”。", SUMMARY]),
    "cover": ("total_twice", [[["综合得分", "86.5", "评价等级", "良"]], SUMMARY]),
    "spoken": ("total_twice", ["综合得分为八十七点六分，评价等级为良。", SUMMARY]),
    "level": ("stated_twice", ["产出指标扣2分，得分27分。", SUMMARY]),
    "rate_alone": ("rate", ["该类指标满分30分，实际得分28分，得分率90.33%。"]),
    "text_sum": ("text_sum", ["综合得分87.5分，其中：决策18分、过程17分、产出28分、效益24分。"]),
    "listed": ("text_sum", ["各一级指标得分：决策18分、过程17分、产出28分、效益24分，合计87.5分。"]),
    "execution_amounts": ("text_rate", ["到位资金500万元，实际支出450万元，预算执行率92%。"]),
    "arithmetic": ("arithmetic", ["执行率79.27%，得10×79.27%=7.39分"]),
    "rescaled": ("rescaled", ["效益折算：25.00/29→30.27/35"]),
    "row": ("row_words", [[*STEPS[:-1], ["3", "合计35.5分", "33.5"]]]),
    "done": ("stated_twice", [REACHED, "预算执行率93%，得4.75分。"]),
    "short": ("stated_twice", [REACHED, "失分的指标为预算执行率（0.52分）。"]),
    "execution": ("stated_twice", [REACHED, "本年预算执行较慢，预算金额为200万元，执行率59%。"]),
    "levels": ("count", ["评价体系设5项一级指标。", FULL]),
    "marks": ("count", ["产出指标共2项指标，其中2项得满分。", FULL]),
    "every": ("count", ["决策指标得10分，3项指标均得满分。", FULL]),
    "count": ("count", ["评价发现存在以下三个问题：一是甲；二是乙。"]),
    "over": ("points_over", ["决策指标分值20分，得分21分。"]),
    "budget": ("money_twice", ["项目预算总额500万元。", "项目预算总额为520万元。"]),
    "money": (
        "money_sum",
        [
            "单位：万元",
            [
                ["来源", "预算数", "支出数"],
                ["中央", "100.00", "90.00"],
                ["省级", "50.00", "45.00"],
                ["合计", "150.00", "136.00"],
            ],
        ],
    ),
}


@pytest.mark.parametrize("name", CLEAN)
def test_what_only_looks_like_a_contradiction_is_none(name):
    found = checked(body(*CLEAN[name], SUMMARY)).found if name != "capped" else checked(body(*CLEAN[name])).found
    assert [f.sentence() for f in found] == []


@pytest.mark.parametrize("name", FOUND)
def test_a_contradiction_is_found_with_its_rule(name):
    code, blocks = FOUND[name]
    assert code in codes(*blocks)


def test_points_of_the_execution_rate_in_a_form_of_two_tables_count():
    """财预〔2020〕10号附1, its block of amounts a table of its own."""
    money = [["项目资金（万元）", "全年预算数", "全年执行数", "分值", "执行率", "得分"]]
    money += [["年度资金总额", "180", "171", "10", "95%", "9.5"]]
    rows = [["一级指标", "三级指标", "分值", "得分"], ["产出指标", "培训人次", "50", "50"]]
    rows += [["效益指标", "就业率", "30", "30"], ["满意度指标", "学员满意度", "10", "9"]]
    assert codes(money, [*rows, ["总分", "", "100", "98.5"]]) == set()
    assert codes(money, [*rows, ["总分", "", "100", "98.6"]]) == {"points_sum"}


def test_what_was_left_out_is_said_in_one_line():
    gaps = [[*r] for r in FULL]
    gaps[2][4] = ""
    answer = checked(body(*[[*gaps, ["合计", "", "", "100", ""]] for _ in range(7)]))
    assert [u for u in answer.unjudged if "张表" in u] == [
        "第1、2、3、4、5等7张表:有的行没有分值或得分,含这些行的合计没有核对"
    ]


def test_points_out_of_a_hundred_that_are_weighed_are_not_over_their_weight():
    rows = [["指标", "权重", "评分", "加权得分"], ["决策", "20%", "90", "18"], ["过程", "20%", "85", "17"]]
    rows += [["产出", "30%", "95", "28.5"], ["效益", "30%", "80", "24"], ["合计", "100%", "", "87.5"]]
    assert codes(rows, "综合得分87.5分。") == set()
    assert codes([*rows[:-1], ["合计", "100%", "", "88.5"]]) == {"points_sum"}


def test_tables_of_different_subjects_are_not_held_against_each_other():
    answer = checked(
        body("表1 甲镇评分表", SUMMARY, "表2 乙镇评分表", SECOND, "甲镇综合得分87.5分，乙镇综合得分86.5分。")
    )
    assert not answer.found and any("不同评价对象" in text for text in answer.unjudged)


def test_what_cannot_be_recognised_is_said_not_judged():
    answer = checked(body("会议记录", [["时间", "地点"], ["上午", "会议室"]]))
    assert not answer.found and not answer.judged and answer.counts["未识别的表"] == 1


def test_a_scale_of_the_reports_own_that_cannot_be_read_is_no_reason_for_an_alarm():
    unclear = "评价等级：优、良、中、差，分数线依次参照95、85、70执行，得分按上述标准。"
    answer = checked(body(unclear, "综合得分87.5分，评价等级为中。"))
    assert not answer.found and any("等级标准" in text for text in answer.unjudged)


def test_a_policy_has_its_own_lines():
    labels = policy_scale([("优", Decimal(85)), ("良", Decimal(75)), ("差", Decimal(0))], "某办法")
    assert codes("综合得分87.5分，评价等级为优。", policy=labels) == set()
    assert codes("综合得分87.5分，评价等级为良。", policy=labels) == {"grade"}


def test_a_finding_says_where_what_and_how_it_follows():
    wrong = [*SUMMARY[:-1], ["合计", "100", "88.5", "88.5%"]]
    [found] = [f for f in checked(body("表3 得分情况", wrong)).found if f.rule.code == "points_sum"]
    assert (found.found, found.expected, found.how) == ("88.5", "87.5", "18+17.5+28+24=87.5")
    assert str(found.spot) == "第1张表(表3 得分情况)第6行“得分”列" and "0.3分" in found.rule.source


# -- published cases ----------------------------------------------------------------------------------------------------


def test_wushan_84_47_was_published_as_excellent():
    """cases/wushan_fire_2024.json: 84.47 points published as 优; 90/80/60 gives 良."""
    [found] = checked(body("2024年度部门预算执行情况绩效自评报告", "自评得分84.47分，自评等级为优。")).found
    assert (found.rule.code, found.found, found.expected) == ("grade", "优", "良")


def test_zhongjiang_weights_that_add_to_110():
    """cases/zhongjiang_water_2022.json: indicators 100 and 执行率 10 beside a published total of 100; stated 产出 50, held 70."""
    weights = {"产出": [10, 10, 20, 10, 10, 10], "效益": [10, 10], "满意度": [10]}
    rows = [["一级指标", "三级指标", "分值", "得分"], ["预算执行率", "预算执行率", "10", "10"]]
    rows += [[level, f"指标{n}{level}", str(w), str(w)] for level, all_ in weights.items() for n, w in enumerate(all_)]
    found = codes([*rows, ["总分", "", "100", "100"]])
    assert {"weight_sum", "points_sum"} <= found


def test_tangxi_total_row_of_zeros_over_its_part():
    """cases/tangxi_2022_commission.json: 年度资金总额 0/0/0 while 财政拨款 is 90/89.974/89.974."""
    rows = [["项目资金（万元）", "年初预算数", "全年预算数", "全年执行数"], ["年度资金总额", "0", "0", "0"]]
    rows += [
        ["其中：当年财政拨款", "90", "89.974", "89.974"],
        ["上年结转资金", "0", "0", "0"],
        ["其他资金", "0", "0", "0"],
    ]
    assert codes(rows) == {"money_sum"}


def test_kaiyuan_and_sanmen_are_clean():
    """cases/kaiyuan_agri_insurance_2024.json: 88.53 良, 29.91 of 48.5 is 61.67 %; cases/sanmen_bonds_2024.json: exactly 90 is 优."""
    assert codes("再评价得分88.53分，等级为良。", "计划投保48.5万亩，实际投保29.91万亩，覆盖率61.67%。") == set()
    assert codes("综合得分90分，评价等级为优。") == set()
