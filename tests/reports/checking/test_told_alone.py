"""What a sentence tells by itself: a total in a word or two, all that was lost, one amount, items of spending, experts by name."""

from __future__ import annotations

import pytest
from report_checked import body, checked
from test_certainty import SCORES
from test_honest import rows

from workbench.base.errors import FileError
from workbench.reports.checking.document.reading import read

MONEY = rows(
    "来源|预算（万元）|到位（万元）|支出（万元）|执行率",
    "中央|600|600|540|90%",
    "省级|400|350|310|77.5%",
    "县级|200|200|185|92.5%",
    "合计|1200|1150|1035|86.25%",
)
ALARMED = {
    "总分为{}分。": ("八十七点五", "八十五点七"),
    "本项目得{}分。": ("87.5", "78.5"),
    "本项目最终得{}分。": ("87.5", "78.5"),
    "该项目共扣{}分。": ("12.5", "15.2"),
    "综上，项目共扣{}分，最终得87.5分。": ("12.5", "15.2"),
    "项目实际支出{}万元，预算执行率86.25%。": ("1035", "1053"),
    "支出合计{}万元：材料费900万元，设备费100万元，管理费45万元。": ("1045", "1035"),
    "项目总支出1035万元，其中：材料费{}万元、设备费100万元、管理费35万元。": ("900", "990"),
    "聘请专家{}人：张三、李四、王五、赵六。": ("4", "3"),
    "评价组聘请{}名评审专家，分别为陈某、周某某、郑某。": ("3", "5"),
    "聘请评审专家{}名，分别为陈某、周某某、郑某。": ("三", "四"),
    "失分的指标为预算执行率（1.25分）、群众满意度（0.20分），合计{}分。": ("1.45", "1.54"),
}


@pytest.mark.parametrize("sentence", ALARMED)
def test_what_a_sentence_tells_alone(sentence):
    right, wrong = ALARMED[sentence]
    assert [f.sentence() for f in checked(body(sentence.format(right), SCORES, MONEY)).found] == []
    assert checked(body(sentence.format(right), SCORES, MONEY)).questions == []
    assert len(checked(body(sentence.format(wrong), SCORES, MONEY)).found) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "该县另一项目总分为72分，等级为中。",
        "邻县项目得分72分。",
        "县水利局实施的另一项目评价得分95分，等级为优。",
        "共扣12.4分。",
        "项目支出1053万元。",
    ],
)
def test_what_may_be_somebody_elses_is_asked(sentence):
    answer = checked(body(sentence, SCORES, MONEY))
    assert [f.sentence() for f in answer.found] == [] and len(answer.questions) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "甲乡项目得72分。",
        "决策类（20分）。该项指标满分5分，因论证不足扣2分，共扣2分。",
        "部门基本支出800万元，项目支出1053万元。",
        "甲乡实施的子项目支出310万元，执行率77.5%。",
        "项目总支出1035万元，其中：材料费600万元、设备费100万元。",
        "项目总支出1035万元，其中：工程费900万元（含监理费200万元）、设备费135万元，另有管理费45万元由单位承担。",
        "聘请专家3人，分别为财务、绩效、工程、法律方面的专家。",
        "聘请专家3名：高校、科研院所。",
        "扣分较多的为管护制度（2分）、资金使用（1.5分），两类指标合计6分。",
    ],
)
def test_what_tells_of_other_things_is_left_alone(sentence):
    answer = checked(body(sentence, SCORES, MONEY))
    assert [f.sentence() for f in answer.found] == []


def test_amounts_are_written_without_idle_zeros():
    [wrong] = checked(body("上年得分85.2分，本年88.6分，提高4.4分。")).found
    assert wrong.expected == "3.4分"


def test_a_table_is_named_by_its_caption_and_not_by_any_sentence_above():
    scale = "评价结果分为优、良、中、差：90分（含）以上为优，80分（含）至90分为良，60分（含）至80分为中，60分以下为差。"
    table = [*SCORES[:-1], ["合计", "100", "85.7"]]
    assert str(checked(body(scale, table)).found[0].spot).startswith("第1张表第6行")
    assert str(checked(body("表2 得分情况", table)).found[0].spot).startswith("第1张表(表2 得分情况)")
    assert str(checked(body("得分见下表。", table)).found[0].spot).startswith("第1张表(得分见下表。)")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match="没有这个文件"):
        read(tmp_path / "没有.docx")
