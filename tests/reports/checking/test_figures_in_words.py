"""Growth, shares, what is left, counts by kind, and what is taken from tables: the wrong one is found, the right one passes."""

from __future__ import annotations

import pytest
from report_checked import body, checked
from test_honest import rows

SENTENCES = {
    "人均收入由上年的12000元提高到12600元，增加600元，增长{}%。": ("5", "6"),
    "亩产从400公斤增加到450公斤，增加{}公斤。": ("50", "60"),
    "2023年接待费支出18.50万元，上年为20.00万元，同比下降{}%，减少1.5万元。": ("7.5", "15"),
    "30个项目平均得分85.2分。2022年平均得分为83.1分，同比提高{}分。": ("2.1", "3.1"),
    "项目资金800万元，其中财政资金600万元、自筹资金200万元，财政资金占项目资金的比例为{}%。": ("75", "70"),
    "实际到位500万元，实际支出450万元，占到位资金的{}%。": ("90", "94"),
    "按来源分，中央200万元、省级200万元、县级600万元，分别占20%、{}%、60%。": ("20", "25"),
    "20个项目中，优等5个，占{}%、良等15个，占75%。": ("25", "35"),
    "计划修建水渠40公里，实际修建水渠38公里，完成计划的{}%。": ("95", "98"),
    "截至目前已完成整改6个，整改完成率{}%，尚有4个正在整改。": ("60", "65"),
    "补助资金已使用450万元，支出进度{}%，未使用50万元。": ("90", "92"),
    "项目总预算为300万元（其中：上级补助200万元，自筹{}万元）。": ("100", "80"),
    "部门预算900万元，其中基本支出{}万元、项目支出600万元。": ("300", "200"),
    "年初安排500万元，均已到位。实际支出470万元，余额{}万元。": ("30", "35"),
    "由财政出资300万元、企业出资500万元和社会出资200万元构成，财政出资占比{}%。": ("30", "35"),
    "发放问卷200份，回收180份，回收率90%；其中有效问卷171份，有效率{}%。": ("95", "93"),
    "评价发现问题9个，涉及金额120万元。其中，预算方面{}个，资金方面4个，管理方面2个。": ("3", "5"),
    "评价组邀请{}名专家（赵某、钱某、孙某）打分。": ("三", "四"),
    "存在不足，主要有{}点：一是甲；二是乙；三是丙。": ("三", "四"),
    "总分100分，共扣{}分，实得88分，评价结果为【良】。": ("12", "15"),
    "总分100分，共扣12分，实得88分，评价结果为【{}】。": ("良", "中"),
    "该基金基础分得分80分，加分{}分，最终得分83分，评价等级为良。": ("3", "5"),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_figures_that_a_sentence_relates(sentence):
    right, wrong = SENTENCES[sentence]
    assert [f.sentence() for f in checked(body(sentence.format(right))).found] == []
    assert checked(body(sentence.format(wrong))).found


SUBJECTS = rows("子项目名称|评价得分|评价等级", "甲项目|92|优", "乙项目|84|良", "丙项目|85|良", "平均得分|87|良")
INVESTED = rows("序号|企业|投资金额（万元）", "1|甲|120", "2|乙|80", "3|丙|100", "|合计|300")
TAKEN = [
    ("3个项目平均得分{}分。", SUBJECTS, "87", "88"),
    ("得分最高的是甲项目，为{}分。", SUBJECTS, "92", "91"),
    ("评为“优”的1个、评为“良”的{}个。", SUBJECTS, "2", "3"),
    ("以各子项目得分的算术平均值作为总体得分，总体得分{}分。", SUBJECTS, "87.00", "86.00"),
    ("基金投资金额{}万元。", INVESTED, "300", "330"),
]


@pytest.mark.parametrize(("sentence", "table", "right", "wrong"), TAKEN)
def test_what_a_sentence_takes_from_a_table(sentence, table, right, wrong):
    assert [f.sentence() for f in checked(body(sentence.format(right), table)).found] == []
    assert checked(body(sentence.format(wrong), table)).found


PLAIN = [
    ["决策类指标共6个三级指标，满分20分，得分18分，得分率90%。", rows("指标|分值|得分", "决策|20|18", "产出|50|45", "效益|30|26", "合计|100|89")],
    ["得分在90分以上（含90分）的评定为优，80分（含）至90分的评定为良，60分（含）至80分的评定为中，低于60分的评定为差。"],
    ["综合评分为87分，评价等次“良”。2021年度该项目评价得分91分，等次“优”。"],
    ["10个项目平均得分77.05分，评价等级为“优”的项目1个，占10%。"],
]  # fmt: skip


@pytest.mark.parametrize("blocks", PLAIN)
def test_what_was_once_taken_for_a_contradiction(blocks):
    assert [f.sentence() for f in checked(body(*blocks)).found] == []
