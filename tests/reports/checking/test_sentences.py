"""How other makers' reports say it: each sentence with a wrong number is found, and the look-alike that is right is not.

The facts are one made-up project: 决策 9/10, 过程 17.5/20, 产出 39/40, 效益 26/30, together 91.5, 优.
"""

from __future__ import annotations

import pytest
from report_checked import body, checked

ROWS = (
    "决策/项目立项/立项依据充分性/5/5 决策/资金投入/预算编制科学性/5/4 过程/资金管理/资金到位率/5/5 过程/资金管理/预算执行率/5/4.5 "
    "过程/组织实施/制度执行有效性/10/8 产出/产出数量/道路建设里程/20/19 产出/产出质量/验收合格率/20/20 "
    "效益/社会效益/出行便利程度/20/17 效益/满意度/群众满意度/10/9"
)
ITEMS = [row.split("/") for row in ROWS.split()]
TABLE = [["一级指标", "二级指标", "三级指标", "分值", "得分"], *ITEMS, ["合计", "", "", "100", "91.5"]]
PROCESS = [["指标名称", "分值", "得分", "依据"], *([*row[2:], ""] for row in ITEMS[2:5])]
SUMMED = [*PROCESS, ["小计", "20", "17.5", ""]]


def found(*blocks) -> set[str]:
    return {f.rule.code for f in checked(body(*blocks)).found}


TOTALS = {
    "该项目得分为{}分，评价等级为“优”。": "90.5",
    "本项目绩效评价综合评分为{}分，绩效等级为优。": "90.5",
    "经评审，项目最终得分为{}分，评价级别：优。": "90.5",
    "评价结论：{}分，优。": "90.5",
    "2023年度综合得分{}分，较2022年度的88分提高3.5分。": "92.5",
    "综合得分为91.5分，处于“{}”区间。": "中",
    "综合得分为91.5分（{}）。": "良",
    "绩效评价等级为B级（{}），综合得分91.5分。": "良",
    "综合得分91.5分，评价结果为{}等次。": "良",
}
"""What a sentence says of the whole, with a number or a grade that contradicts the table."""


@pytest.mark.parametrize("sentence", TOTALS)
def test_the_total_and_its_grade_in_the_fields_words(sentence):
    assert found(sentence.format(TOTALS[sentence]), TABLE)
    right = "优" if TOTALS[sentence] in "良中" else "91.5"
    assert found(sentence.format(right), TABLE) == set()


LEVELS = {
    "过程类指标（20分）得{}分。": ("18.5", "17.5"),
    "决策9/10分，过程{}/20分，产出39/40分，效益26/30分。": ("18.5", "17.5"),
    "决策（10分）、过程（20分）、产出（40分）、效益（30分）得分依次为9分、{}分、39分、26分。": ("18.5", "17.5"),
    "产出指标得分率为{}%。": ("95.5", "97.5"),
    "效益指标满分为30分，评价组评定得分为{}分。": ("27", "26"),
    "预算执行率：分值5分，得{}分。": ("4", "4.5"),
}


@pytest.mark.parametrize("sentence", LEVELS)
def test_levels_and_indicators_in_the_fields_words(sentence):
    wrong, right = LEVELS[sentence]
    assert found(sentence.format(wrong), TABLE) and found(sentence.format(right), TABLE) == set()


RELATIONS = {
    "单位自评总分98分，复核得分91.5分，核减{}分。": ("7.5", "6.5"),
    "自评得分98分，复核得分91.5分，二者相差{}分。": ("5.5", "6.5"),
    "2022年度评价得分为95分；2023年度评价得分为91.5分，较上年下降{}分。": ("4.5", "3.5"),
    "综合得分91.5分，等级为优，共扣分{}分。": ("10", "8.5"),
    "总得分91.5分，其中：基础得分{}分，政策加分2分，扣分项扣1分。": ("91.5", "90.5"),
    "各专家评分：甲88分、乙90分、丙90.5分，平均{}分。": ("88.5", "89.5"),
    "最低的乙县78.4分，等级为{}。": ("良", "中"),
}


@pytest.mark.parametrize("sentence", RELATIONS)
def test_scores_that_a_sentence_relates_to_one_another(sentence):
    wrong, right = RELATIONS[sentence]
    assert found(sentence.format(wrong)) and found(sentence.format(right)) == set()


RATES = {
    "全年预算数500万元，执行数450万元，执行率{}%。": ("92", "90"),
    "预算执行率为{}%（450万元/500万元）。": ("95", "90"),
    "实际到位资金500万元；实际支出450万元，预算执行率{}%。": ("96", "90"),
    "预算安排500万元。截至2023年12月31日，已支付450万元，支付率为{}%。": ("92", "90"),
    "资金安排500万元，支出450万元，结余50万元，预算执行率{}%。": ("92", "90"),
    "应参保12.5万人，实际参保11.8万人，参保率{}%。": ("96.4", "94.4"),
    "应发放补贴1200户，实发1180户，发放率{}%。": ("99.33", "98.33"),
    "发放问卷120份，回收114份，问卷回收率{}%，其中有效问卷110份。": ("93", "95"),
    "抽查资金320万元，占项目资金总额800万元的{}%。": ("45", "40"),
    "就诊120万人次，较上年的100万人次增长{}%。": ("25", "20"),
    "预算执行率=实际支出/预算安排×100%=450/500×100%={}%。": ("92", "90"),
}


@pytest.mark.parametrize("sentence", RATES)
def test_rates_against_the_amounts_around_them(sentence):
    wrong, right = RATES[sentence]
    assert found(sentence.format(wrong)) and found(sentence.format(right)) == set()


AMOUNTS = {
    "资金安排8,250万元（中央5,000万元、省2,000万元、市{}万元）。": ("1,150", "1,250"),
    "资金支出450万元，其中：设备费200万元、材料费150万元、其他费用{}万元。": ("110", "100"),
    "中央补助300万元、省级补助100万元、县级配套100万元，合计{}万元。": ("550", "500"),
    "预算500万元，支出450万元，结余{}万元。": ("60", "50"),
    "共评价项目4个，其中优1个、良{}个、中1个、差1个。": ("2", "1"),
}


@pytest.mark.parametrize("sentence", AMOUNTS)
def test_a_whole_and_its_parts(sentence):
    wrong, right = AMOUNTS[sentence]
    assert "money_sum" in found(sentence.format(wrong)) and found(sentence.format(right)) == set()


COUNTS = {
    "主要问题有{}方面：一是甲；二是乙；三是丙。": ("四个", "三个"),
    "评价发现的主要问题包括{}方面：一是甲；二是乙；三是丙。": ("四个", "三个"),
    "发现问题{}个：一是甲；二是乙；三是丙。": ("4", "3"),
}


@pytest.mark.parametrize("sentence", COUNTS)
def test_counts_against_what_is_listed(sentence):
    wrong, right = COUNTS[sentence]
    assert found(sentence.format(wrong)) == {"count"} and found(sentence.format(right)) == set()


def test_a_report_without_a_table_adds_up_across_its_sentences():
    levels = "决策类指标满分10分，得9分；过程类指标满分20分，得17.5分；产出类指标满分40分，得39分；效益类指标满分30分，得26分。"
    assert found("2023年度评价得分为91.5分，等级为优。", f"其中，{levels}") == set()
    assert found("2023年度评价得分为92.5分，等级为优。", f"其中，{levels}") == {"text_sum"}


SILENT = [
    ["2021年、2022年、2023年项目得分分别为80分、85.5分、91.5分。", "综合得分91.5分，高于全市平均得分85分。", TABLE],
    ["截至6月底，实际支出200万元，执行率40%；截至12月底，累计支出480万元，预算500万元，全年预算执行率96%。"],
    ["项目总投资1000万元，其中中央资金500万元、省级资金300万元。"],
    ["项目资金1500万元，其中省级资金1200万元（含上年结转100万元），县级配套300万元。"],
    ["2023年预算500万元，实际支出480万元，其中设备购置支出90万元，执行率90%；培训支出390万元，执行率97.5%。"],
    ["年初预算200万元，年中追加20万元，调整后预算220万元，支出209万元，预算执行率95%。"],
    ["A镇预算100万元、支出90万元、执行率90%，B镇预算200万元、支出160万元、执行率80%。"],
    ["预算执行率由上年的85%提高到本年的96%，本年预算500万元，支出480万元。"],
    ["省级资金到位300万元，到位率100%，县级配套应到位200万元，实际到位150万元，到位率75%，总体到位率90%。"],
    ["三位专家评分分别为88分、90分、93分，去掉最高分和最低分后平均90分。"],
    ["甲项目得分92分，等级为优；乙项目得分85分，等级为良；丙项目得分55分，等级为差。"],
    ["甲项目综合得分92分，乙项目综合得分85分。"],
    ["水质等级为优，企业信用等级为良，产出指标得分39分，等级为优。综合得分91.5分，等级为优。", TABLE],
    ["单位自评得分98分，核减6.5分，其中产出指标核减4分；复核得分91.5分。", TABLE],
    ["主要问题有两个方面：一是制度不健全，二是执行不到位，三个乡镇未按时完工。"],
    ["项目预算500万元，支出约480万元，执行率96.12%。"],
    ["就业人数由1000人增加到1200人，增长20%。亩均增收200元，较实施前增长15%，惠及农户1200户。"],
    ["指标分析", "立项依据充分性：该项目得5分。预算执行率：该项目得分4.5分。", TABLE],
]


@pytest.mark.parametrize("blocks", SILENT, ids=[str(b[0])[:16] for b in SILENT])
def test_what_only_looks_like_a_contradiction(blocks):
    assert [f.sentence() for f in checked(body(*blocks)).found] == []
