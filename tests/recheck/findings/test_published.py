"""Published forms: every anomaly recorded in the case files that a form can show is found; forms without one show no P0 or P1."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cases import PUBLISHED, form_of, form_with, funds, written
from found_in import findings, places

from workbench.recheck.model import FundKind

RECORDED = {
    # 资金只拨20%而建设内容全部按100%完成
    "changning_pig_2022": {("tiny_spending", "E10")},
    # 政府采购执行率72.74%对目标100%仍得满分
    "cq_media_center_2021": {("missed_but_full", "H29")},
    # 满意度单一指标占40分;完成值写成区间“≥90%”而非实测数
    "hubei_fishing_ban_2020": {("level1_weights", "G24"), ("actual_signed", "F24")},
    # 执行数大于全年预算数,得分栏留空;数量指标写作“≤”;3061户是2000的153%
    "jinzhai_2023_dept": {("rate_above_100", "E10"), ("points_blank", "H10"), ("quantity_lte", "E21"), ("target_loose", "F23")},
    # 86.20%应得8.62公布9;数量指标用资金额,应得8.62公布9;资金使用额重复计分
    "lf_foodschool_2019_hvac": {("execution_points", "H10"), ("points_rule", "H21"), ("execution_scored_twice", "D21"), ("rate_rounded", "G10")},
    # 2022年度与2023年度不一致
    "liangping_forestry_2022": {("year_mismatch", "C2")},
    # 完成值、得分均为空
    "qingshen_drc_2023_blank": {("actual_blank", "F21"), ("actual_blank", "F22"), ("points_blank", "H21"), ("points_blank", "H22"), ("points_blank", "H10")},
    # 总额行0/0/0而其中财政拨款90/89.974/89.974;项目总成本完成值90而执行数89.974
    "tangxi_2022_commission": {("funds_sum", "D10"), ("funds_sum", "E10"), ("denominator_zero", "D10"), ("cost_unlike_executed", "F25")},
    # 84.47分评为“优”
    "wushan_fire_2024": {("grade_score", "I21")},
    # 达到100%得7/10无说明;98/100应得9.8公布9
    "yongde_mingliang_school_2022": {("met_but_deducted", "H23"), ("points_rule", "H26")},
    # 分值之和110,公布总分100
    "zhongjiang_water_2022": {("weights_sum", "G29"), ("points_sum", "H30")},
}  # fmt: skip
NOT_SHOWN = {"kaiyuan_agri_insurance_2024", "xiaoxian_hexi_2023"}
"""What is recorded there stands in a report's text, or in rows that the case file describes and does not list."""


def test_every_case_is_accounted_for():
    without = {case for case, facts in PUBLISHED.items() if not facts["anomalies"]}
    assert set(PUBLISHED) == set(RECORDED) | NOT_SHOWN | without


@pytest.mark.parametrize("case", RECORDED)
def test_recorded_anomalies_are_found_at_their_cells(case):
    assert places(findings(form_of(case))) >= RECORDED[case]


@pytest.mark.parametrize("case", [case for case, facts in PUBLISHED.items() if not facts["anomalies"]])
def test_forms_without_anomalies_show_nothing_grave(case):
    assert [f for f in findings(form_of(case)) if f.severity != "P2"] == []


def test_points_repeated_in_a_part_of_the_money_block():
    """xiaoxian_hexi_2023: 资金行“其中:本年财政拨款”也重复标注分值10、得分10."""
    form = form_of("xiaoxian_hexi_2023")
    part = funds("9.48", "9.48", 10, 10, rate="100%", kind=FundKind.FISCAL, row=11)
    found = findings(replace(form, funds=(*form.funds, part)))
    assert places(found) == {("fund_part_points", "F11")}


def test_a_note_that_fixes_other_weights_than_the_table_has():
    """zhongjiang_water_2022: 产出70、效益20与注中统一设置的50/30不符."""
    note = written("注:一级指标权重统一设置为:产出指标50分、效益指标30分、满意度指标10分、预算执行率10分。", "A31")
    found = findings(replace(form_of("zhongjiang_water_2022"), notes=(note,)))
    (stated,) = [f for f in found if f.code == "level1_stated"]
    assert (stated.spot, stated.found, stated.expected) == (note.spot, "产出50、效益30", "产出70、效益20")


def test_prompts_of_the_template_left_in_the_form():
    """qingshen_drc_2023_blank: 评价结论保留模板提示语."""
    labels = {"评价结论": written("结合自评情况,说明项目自评总分,说明项目实施取得的成效或成果。(200字以内)", "C25")}
    assert ("prompt_left", "C25") in places(findings(replace(form_of("qingshen_drc_2023_blank"), labels=labels)))


@pytest.mark.parametrize("item", PUBLISHED["sanmen_bonds_2024"]["scored_list"], ids=lambda item: item["name"])
def test_exactly_90_is_excellent(item):
    form = form_with(total_points=written(item["score"], "H9"), grade=written(item["grade"], "I9"))
    assert findings(form) == ()
