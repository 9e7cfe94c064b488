"""What is like a defect and is none, beside the defect it is like: totals and amounts per head, parts and wholes, rates of something else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cases import indicator, written
from found_in import BENEFIT, COST, QUALITY, QUANTITY, SATISFACTION, TIME, clean, findings, money, more, places, row
from shown import labelled, noted, totals

from workbench.recheck.model import Form, FormKind, Written
from workbench.recheck.outcome import Severity


def codes(form: Form) -> set[str]:
    return {f.code for f in findings(form)}


def achieved(form: Form, text: str) -> Form:
    return replace(form, achieved=written(text, "F15"))


@pytest.mark.parametrize(
    ("name", "target", "actual", "text", "differs"),
    [
        # An amount for all of them is none per head.
        ("住宿生补贴标准", "=800元/生", "800元/生", "全年为212名住宿生发放补贴16.96万元", False),
        ("住宿生补贴标准", "=800元/生", "800元/生", "住宿生补贴标准为750元/生", True),
        ("亩均管护补助", "≤60元", "58元", "对3.2万亩公益林发放管护补助185.6万元", False),
        # What was not done is not what was done.
        ("新建提灌站", "≥6座", "5座", "1座提灌站因选址变更未建成", False),
        ("新建提灌站", "≥6座", "5座", "建成提灌站6座", True),
        ("抽检样品批次", "≥500批次", "512批次", "不合格样品9批次全部下架", False),
        # A rate with a qualifier is another one than without.
        ("首诉办结率", "≥90%", "88.2%", "全年办结率99.1%", False),
        ("30分钟到场率", "≥95%", "93.6%", "到场率98.8%", False),
        ("蔬菜抽检合格率", "≥97%", "97.9%", "水果抽检合格率99.2%", False),
        ("蔬菜抽检合格率", "≥97%", "97.9%", "蔬菜抽检合格率99.2%", True),
        # Others than all of them.
        ("培训总人数", "≥300人", "312人", "培训骨干教师45人", False),
        ("新增就业人数", "≥300人", "312人", "带动就业870人", False),
        ("救助对象人数", "≥70人", "74人", "月均救助城镇对象9人、农村对象65人", False),
        ("参保人数", "≥31万人", "31.42万人", "参保人数314218人", False),
        ("维修路灯数量", "≥800盏", "823盏", "新建路灯60盏", False),
        ("采购设备数量", "≥12台", "12台", "购置设备10台", True),
        # A number behind a name in another unit.
        ("踏勘路线", "≥60条", "66条", "踏勘路线840公里", False),
    ],
)  # fmt: skip
def test_what_the_sentence_tells_of_an_indicator(name: str, target: str, actual: str, text: str, differs: bool) -> None:
    form = achieved(row(clean(), QUANTITY, level3=name, target=target, actual=actual, points=18), f"{text}。")
    assert ("achieved_differs" in codes(form)) is differs


def test_an_indicator_of_the_same_unit_without_a_number_is_still_one_of_two() -> None:
    form = row(clean(), QUANTITY, level3="补助学生人数", target="≥150人", actual="已完成")
    form = row(form, BENEFIT, level3="因贫失学学生数", target="=0人", actual="0人")
    assert "achieved_differs" not in codes(achieved(form, "共补助学生150人。"))


@pytest.mark.parametrize(
    ("number", "name", "told"),
    [
        (QUALITY, "限价销售执行率", False),
        (QUALITY, "轮作制度执行率", False),
        (QUALITY, "项目资金执行率", True),
        (BENEFIT, "空气质量达标合格率", False),
        (BENEFIT, "饮用水水质合格率", False),
        (BENEFIT, "设备验收合格率", True),
        (BENEFIT, "群众诉求响应及时率", False),
        (QUANTITY, "专项资金支付进度率", True),
        (QUANTITY, "发放小额贷款金额", False),
        (QUANTITY, "工程验收合格比例", True),
        (TIME, "印发宣传折页数量", True),
        (TIME, "改造管网长度", True),
        (TIME, "按期办结件数", False),
        (TIME, "超期未办件数", False),
        (TIME, "每月巡查次数", False),
        (QUALITY, "举办展览场次", True),
        (QUALITY, "获奖作品数量", False),
    ],
)
def test_which_level_a_name_belongs_to(number: int, name: str, told: bool) -> None:
    assert ("level_mismatch" in codes(row(clean(), number, level3=name))) is told


@pytest.mark.parametrize(
    ("target", "actual", "loose"),
    [
        ("≥5%", "7.2%", False),
        ("≥3篇", "4篇", False),
        ("≥3篇", "8篇", True),
        ("≥200元", "320元", True),
        ("≥5%", "12%", True),
    ],
)
def test_a_little_more_of_a_few_is_no_loose_target(target: str, actual: str, loose: bool) -> None:
    assert ("target_loose" in codes(row(clean(), BENEFIT, target=target, actual=actual))) is loose


def test_the_measured_value_counts_and_not_the_demand_beside_it() -> None:
    form = row(clean(), TIME, level3="提案答复时限", target="2个月内", actual="平均41天,均在2个月内答复")
    assert findings(form) == ()
    assert "actual_signed" in codes(row(form, TIME, actual="2个月内"))
    rate = row(clean(), QUALITY, target="≥90%", actual="合格率93.4%,达到不低于90%的要求")
    assert findings(rate) == ()


def test_a_comparison_with_something_else_is_no_share_of_the_target() -> None:
    form = row(clean(), BENEFIT, target="不低于全省平均水平", actual="为全省平均标准的112%,达到要求")
    assert findings(form) == ()
    form = row(form, BENEFIT, actual="集中供养标准高于当地人均收入的65%,符合要求", remark="")
    assert findings(form) == ()
    assert "points_rule" in codes(row(form, BENEFIT, target="有效改善", actual="完成目标的70%", points=28))


@pytest.mark.parametrize("actual", ["每季度首月8日前拨付到位", "按时拨付"])
def test_a_day_that_comes_back(actual: str) -> None:
    form = row(clean(), TIME, level3="租金补贴按季拨付", target="每季度首月10日前", actual=actual)
    assert [f for f in findings(form) if f.severity is not Severity.P2] == []


def test_a_short_term_answered_by_a_word_cannot_be_compared() -> None:
    assert "actual_type" in codes(row(clean(), TIME, level3="故障修复时限", target="≤3个工作日", actual="及时"))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("设备验收合格率", "所购设备验收合格比例", True),
        ("COD减排量", "化学需氧量削减量", True),
        ("培训学员合格率", "设备验收合格率", False),
        ("公路养护里程", "道路养护长度", True),
    ],
)
def test_one_fact_under_a_synonym(first: str, second: str, same: bool) -> None:
    rate = first.endswith("率")
    cells = {"target": "100%" if rate else "≥120吨", "actual": "100%" if rate else "131吨"}
    form = row(clean(), BENEFIT, level3=first, **cells)
    form = more(
        form, indicator(7, second, cells["target"], cells["actual"], 0, 0, level1="效益指标", level2="生态效益指标")
    )
    assert ("same_fact" in codes(form)) is same


def test_a_rate_of_the_whole_cannot_exceed_it() -> None:
    assert "share_above_100" in codes(row(clean(), QUALITY, level3="终端在线率", target="≥95%", actual="103%"))
    assert "share_above_100" not in codes(row(clean(), QUALITY, level3="床位使用率", target="≥95%", actual="103%"))


@pytest.mark.parametrize(
    ("text", "differs"),
    [
        ("经自评,项目得分92.4分,等级为优", True),
        ("经自评,本项目总得分97.78分", False),
        ("项目综合得分90分", True),
        ("经自评,产出指标得分47分", False),
    ],
)
def test_the_total_in_the_prose_of_the_report(text: str, differs: bool) -> None:
    assert ("total_noted" in codes(noted(clean(), f"{text}。"))) is differs


@pytest.mark.parametrize(
    ("text", "differs"),
    [
        ("截至年底,实际支出178.2万元", True),
        ("全年执行数195.5万元", False),
        ("全年实际支出195.5万元,其中培训费用支出92万元", False),
        ("全年执行数约196万元", False),
        ("上半年实际支出80万元", False),
        ("实际支出92万元用于教材", False),
        ("三年累计实际支出530万元", False),
    ],
)
def test_the_money_in_the_prose_of_the_report(text: str, differs: bool) -> None:
    assert ("executed_accounts" in codes(noted(clean(), f"{text}。"))) is differs


@pytest.mark.parametrize(
    ("text", "differs"),
    [
        ("2021年向860名学员提供培训。", True),
        ("2022年向860名学员提供培训。", False),
        ("2021年结转资金向860名学员提供培训。", False),
    ],
)
def test_the_year_that_a_sentence_is_about(text: str, differs: bool) -> None:
    form = achieved(row(clean(), QUANTITY, actual="18期"), text)
    assert ("year_mismatch" in codes(form)) is differs


def test_a_line_below_the_title_with_another_year() -> None:
    assert ("year_mismatch", "A29") in places(findings(noted(clean(), "(2021年度)")))
    assert "year_mismatch" not in codes(noted(clean(), "(2022年度)"))


@pytest.mark.parametrize(
    ("text", "reversed_"),
    [
        ("烘干设备2022年11月20日到货并验收", True),
        ("烘干设备2022年8月20日到货并验收", False),
        ("第二批烘干设备2022年11月20日到货", False),
        ("烘干设备计划2022年11月20日前到货", False),
        ("培训教室2022年11月20日竣工", False),
    ],
)
def test_a_day_in_a_sentence_and_a_stage_of_the_same_thing(text: str, reversed_: bool) -> None:
    form = row(clean(), TIME, level3="烘干设备投入使用时间", target="10月底前", actual="2022年9月18日")
    assert ("dates_order" in codes(achieved(form, f"{text}。"))) is reversed_


def unlevelled(form: Form, number: int, **cells: object) -> Form:
    blank: dict[str, Written | None] = {"level1": None, "level2": None}
    rows = tuple(replace(r, **blank) for r in form.indicators)
    return row(replace(form, indicators=rows, kind=FormKind.DEPARTMENT), number, **cells)


def test_a_form_without_levels_is_read_by_the_names() -> None:
    assert "satisfaction_own_staff" in codes(unlevelled(clean(), SATISFACTION, level3="局机关干部职工满意度"))
    assert "quantity_lte" in codes(unlevelled(clean(), QUANTITY, level3="流动服务场次", target="≤20场", actual="18场"))
    assert "quantity_lte" not in codes(unlevelled(clean(), COST, level3="单场服务经费", target="≤450元"))


def test_a_part_is_missing_though_the_execution_rate_is_an_indicator() -> None:
    form = row(
        money(totals(), 0, weight=None, points=None), TIME, level1="预算执行", level2="预算执行率", level3="预算执行率"
    )
    form = row(form, TIME, target="100%", actual="97.75%", points="9.78", remark="")
    assert "missing_time" in codes(replace(form, total_weight=None, total_points=written("97.78", "H28")))


@pytest.mark.parametrize(
    ("block", "deducted"),
    [("部分教室网络不稳,已经检修", True), ("结业考试组织不够严密,扣2分", False), ("无。", True)],
)
def test_a_problem_of_something_else_excuses_no_deduction(block: str, deducted: bool) -> None:
    form = labelled(row(totals(), QUALITY, points=8, remark=""), 存在问题=block)
    assert ("met_but_deducted" in codes(form)) is deducted


def test_the_cost_of_a_department_that_is_its_execution_rate() -> None:
    form = replace(
        row(clean(), COST, level3="部门预算执行率", target="≥95%", actual="97.75%"), kind=FormKind.DEPARTMENT
    )
    assert "cost_repeats_execution" in codes(form)
    assert "execution_scored_twice" in codes(
        row(clean(), COST, level3="预算资金执行率", target="≥95%", actual="97.75%")
    )


def test_an_amount_in_the_wrong_unit_is_told_once_and_costs_no_points() -> None:
    form = row(clean(), COST, level3="单场费用", target="≤25万元", actual="243000万元")
    (slip,) = (f for f in findings(form) if f.severity is not Severity.P2)
    assert (slip.code, slip.severity, slip.expected) == ("unit_slip", Severity.P0, "24.3万元")


def test_a_row_in_the_wrong_unit_is_told_once() -> None:
    form = money(clean(), 1, initial=1900000, adjusted=1800000, executed=1755000)
    (slip,) = (f for f in findings(form) if f.code == "unit_slip")
    assert slip.spot is not None
    assert (slip.spot.cell, slip.field, slip.expected) == (
        "C11",
        "年初预算数、全年预算数、全年执行数",
        "190万元、180万元、175.5万元",
    )


@pytest.mark.parametrize(
    ("remark", "differs"), [("两期未办,按70%计分", True), ("两期未办,按90%计分", False), ("两期未办,按10%扣分", False)]
)
def test_the_share_by_which_points_are_said_to_be_given(remark: str, differs: bool) -> None:
    assert ("remark_differs" in codes(row(clean(), QUANTITY, remark=remark))) is differs


def test_a_share_of_what_is_to_be_done_has_a_direction() -> None:
    form = row(
        totals(total_points="95.78"),
        QUALITY,
        level3="按期竣工标段占比",
        target="100%",
        actual="80%",
        points=8,
        remark="雨季停工,两个标段顺延",
    )
    assert findings(form) == ()
    assert "missed_but_full" in codes(row(form, QUALITY, points=10))
    bad = row(clean(), QUALITY, level3="抽检不合格率", target="3%", actual="1.2%")
    assert [f for f in findings(bad) if f.severity is not Severity.P2] == []
