"""For each rule over single forms: a form that shows the defect, the cell, and a near miss that does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cases import funds, indicator, written
from found_in import (
    BENEFIT,
    COST,
    QUALITY,
    QUANTITY,
    SATISFACTION,
    TIME,
    clean,
    money,
    more,
    row,
    without,
)

from workbench.recheck.model import Form, FormKind, FundKind, Written

Made = Callable[[], Form]


def labelled(form: Form, **labels: str) -> Form:
    own = {name: written(text, "C31") for name, text in labels.items()}
    return replace(form, labels={**form.labels, **own})


def noted(form: Form, text: str) -> Form:
    return replace(form, notes=(written(text, "A29"),))


def totals(**cells: object) -> Form:
    return clean(**{name: written(value, f"{'G' if 'weight' in name else 'H'}28") for name, value in cells.items()})


def leveled(form: Form, number: int, level1: str, level2: str = "") -> Form:
    return row(form, number, level1=level1, level2=level2)


def parted(second: str) -> Form:
    parts = [
        indicator(7 + i, f"其中:第{i}类", "≥9期", actual, None, None, part=True)
        for i, actual in enumerate(("9期", second))
    ]
    form = clean()
    return replace(form, indicators=(form.indicators[0], *parts, *form.indicators[1:]))


def department() -> Form:
    form = replace(clean(), kind=FormKind.DEPARTMENT)
    local = [
        replace(form.funds[i], kind=FundKind.PART, name=written(n, "B11"))
        for i, n in ((1, "基本支出"), (2, "项目支出"))
    ]
    return replace(form, funds=(form.funds[0], *local))


def transfer(spent: object) -> Form:
    """中央补助, 地方资金 and 其他资金: the budgets add up, so what was spent has to."""
    form = clean()
    rows = [("中央补助", 120, 117), ("地方资金", 60, spent), ("其他资金", 20, 20)]
    parts = [
        replace(funds(budget, executed, None, None, kind=FundKind.PART, row=11 + i), name=written(name, f"B{11 + i}"))
        for i, (name, budget, executed) in enumerate(rows)
    ]
    return replace(form, funds=(form.funds[0], *parts))


def _written_in_yuan() -> Form:
    """Total and part alone, the part in yuan."""
    form = money(money(clean(), 0, initial=200), 1, initial=2000000, adjusted=2000000, executed=1955000)
    return replace(form, funds=form.funds[:2])


def built(finished: str, accepted: str) -> Form:
    form = row(clean(), TIME, level3="晒场工程完工时间", target="12月底前", actual=finished)
    return row(form, QUALITY, level2="时效指标", level3="晒场工程验收时间", target="12月底前", actual=accepted)


def unaccepted(points: object) -> Form:
    form = row(clean(), QUANTITY, level3="新建晒场地坪座数", actual="20座", target="≥20座", points=20, remark="")
    form = row(
        form, QUALITY, level3="新建晒场地坪验收合格率", actual="0%", points=points, remark="尚未验收,待竣工后组织"
    )
    return replace(form, total_points=None, grade=None)


def lacking(field: str, *numbers: int) -> Form:
    """The form without a cell in these rows; in all of them the column is not there."""
    form = clean()
    for number in numbers:
        form = row(form, number, **{field: None})
    return form


SHOWN: dict[str, tuple[Made, str]] = {
    "columns_missing": (lambda: lacking("weight", 1, 2, 3, 4, 5, 6), "D21"),
    "weights_sum": (lambda: row(totals(total_weight=105, total_points="97.78"), QUALITY, weight=15), "G28"),
    "points_sum": (lambda: totals(total_points="98.78"), "H28"),
    "total_blank": (lambda: totals(total_points=""), "H28"),
    "total_missing": (lambda: replace(clean(), total_points=None, total_weight=None, grade=None), "H26"),
    "total_above_parts": (lambda: row(totals(total_points="99.98"), QUANTITY, points="", weight=20), "H28"),
    "points_above_weight": (lambda: row(totals(total_points="98.78"), QUALITY, points=11), "H22"),
    "total_stated": (lambda: labelled(clean(), 自评总分="98.5分"), "C31"),
    "grade_score": (lambda: clean(grade=written("良", "I28")), "I28"),
    "level1_stated": (lambda: leveled(clean(), BENEFIT, "效益指标(40分)", "经济效益指标"), "B25"),
    "level1_weights": (lambda: row(row(clean(), QUALITY, weight=20, points=20), BENEFIT, weight=20, points=20), "G21"),
    "weights_mixed": (lambda: row(row(leveled(clean(), COST, "成本指标", "经济成本指标"), COST, weight=20, points=20), QUANTITY, weight=10, points=9), "G25"),
    "weight_blank": (lambda: row(clean(), QUALITY, weight=""), "G22"),
    "points_blank": (lambda: row(clean(), QUALITY, points=""), "H22"),
    "number_unreadable": (lambda: money(clean(), 0, initial="见附件"), "C10"),
    "fund_part_points": (lambda: money(clean(), 1, weight=10, points="9.75"), "F11"),
    "rate_amounts": (lambda: money(clean(), 0, rate="99.75%"), "G10"),
    "rate_base": (lambda: money(clean(), 0, rate="93.1%"), "G10"),
    "rate_rounded": (lambda: money(clean(), 0, rate="97%"), "G10"),
    "rate_above_100": (lambda: money(money(clean(), 0, executed="205.5", rate="102.75%"), 1, executed="185.5"), "E10"),
    "denominator_zero": (lambda: money(clean(), 0, adjusted=""), "D10"),
    "funds_blank": (lambda: money(clean(), 0, executed=""), "E10"),
    "funds_sum": (lambda: money(clean(), 2, executed=10, rate="50%"), "E10"),
    "unit_slip": (lambda: money(clean(), 0, executed=1955000), "E10"),
    "money_unit_doubt": (lambda: replace(clean(), money_unit="元"), "D10"),
    "cost_repeats_execution": (lambda: row(clean(), COST, target="≤200万元", actual="195.5万元"), "D24"),
    "execution_scored_twice": (lambda: row(clean(), TIME, level3="资金支出进度", target="≥95%", actual="97.75%"), "D23"),
    "cost_unlike_executed": (lambda: row(clean(), COST, level3="项目总成本", target="≤220万元", actual="196万元"), "F24"),
    "executed_accounts": (lambda: noted(clean(), "注:本项目决算数为190.5万元。"), "E10"),
    "tiny_spending": (
        lambda: row(money(clean(), 0, executed=20, rate="10%", points=1), QUANTITY, actual="20期", points=20),
        "E10",
    ),
    "rate_noted": (lambda: noted(clean(), "预算执行率达99.5%。"), "A29"),
    "mixed_trees": (lambda: more(clean(), indicator(7, "人均成本", "≤5元", "5元", 0, 0, level1="成本指标", level2="经济成本指标")), "C24"),
    "missing_quantity": (lambda: leveled(clean(), QUANTITY, "产出指标", "质量指标"), "C21"),
    "missing_quality": (lambda: leveled(clean(), QUALITY, "产出指标", "数量指标"), "C21"),
    "missing_time": (lambda: leveled(clean(), TIME, "产出指标", "数量指标"), "C21"),
    "missing_benefit": (lambda: leveled(clean(), BENEFIT, "产出指标", "质量指标"), "B26"),
    "level_mismatch": (lambda: row(clean(), QUANTITY, level3="培训资金支付率"), "D21"),
    "quantity_lte": (lambda: row(clean(), QUANTITY, target="≤20期"), "E21"),
    "cost_gte": (lambda: row(clean(), COST, target="≥450元", actual="460元"), "E24"),
    "sign_conflict": (lambda: row(clean(), QUALITY, sign="≤"), "E22"),
    "duplicate_indicator": (
        lambda: row(clean(), TIME, level2="质量指标", level3="培训学员结业考试 合格率", target="≥90%", actual="96%"),
        "D23",
    ),
    "same_fact": (lambda: row(clean(), QUALITY, level3="完成技术培训期数", target="≥20期", actual="18期"), "D22"),
    "benefit_restates_output": (lambda: row(clean(), BENEFIT, level3="技术培训完成情况", target="≥20期", actual="18期"), "D25"),
    "parts_sum": (lambda: parted("10期"), "F21"),
    "execution_points": (lambda: money(clean(), 0, points=10), "H10"),
    "met_but_deducted": (lambda: row(clean(), QUALITY, points=8), "H22"),
    "missed_but_full": (lambda: row(clean(), QUANTITY, points=20), "H21"),
    "points_rule": (lambda: row(clean(), QUANTITY, points="18.5"), "H21"),
    "reason_blank": (lambda: row(clean(), QUANTITY, remark="暂无"), "I21"),
    "reason_boilerplate": (lambda: row(clean(), QUANTITY, remark="客观原因,下一步加强管理。"), "I21"),
    "remark_differs": (lambda: row(clean(), QUANTITY, remark="因疫情少办两期,扣3分"), "I21"),
    "no_evidence_scored": (lambda: row(clean(), QUALITY, remark="未提供佐证"), "H22"),
    "judged_differently": (lambda: unaccepted(0), "H21"),
    "all_full": (lambda: row(money(totals(total_points=100), 0, points=10), QUANTITY, actual="20期", points=20), "H28"),
    "actual_blank": (lambda: row(clean(), QUALITY, actual=""), "F22"),
    "target_blank": (lambda: row(clean(), QUALITY, target=""), "E22"),
    "target_in_name": (lambda: row(clean(), QUALITY, target="", level3="学员考试合格率≥90%"), "E22"),
    "actual_signed": (lambda: row(clean(), SATISFACTION, actual="≥90%"), "F26"),
    "actual_rough": (lambda: row(clean(), SATISFACTION, actual="95%左右"), "F26"),
    "actual_copied": (lambda: row(clean(), TIME, target="按合同约定时间分批完成", actual="按合同约定时间分批完成"), "F23"),
    "actual_type": (lambda: row(clean(), QUANTITY, actual="已完成"), "F21"),
    "value_doubt": (lambda: row(clean(), QUALITY, actual="0.3"), "F22"),
    "unit_differs": (lambda: row(clean(), QUANTITY, level3="培训人数", target="≥1200人次", actual="1130人"), "F21"),
    "share_above_100": (lambda: row(clean(), QUALITY, actual="105%"), "F22"),
    "target_loose": (lambda: row(clean(), BENEFIT, target="≥200元"), "F25"),
    "achieved_copied": (lambda: clean(achieved=written("已举办培训20期,培训学员1200人,学员亩均增收300元以上", "F15")), "F15"),
    "achieved_blank": (lambda: clean(achieved=written("", "F15")), "F15"),
    "satisfaction_no_survey": (lambda: row(clean(), SATISFACTION, remark="全年无投诉"), "I26"),
    "satisfaction_own_staff": (lambda: row(clean(), SATISFACTION, level3="本单位职工满意度"), "D26"),
    "satisfaction_staff_asked": (lambda: row(clean(), SATISFACTION, level3="干部职工满意度"), "D26"),
    "satisfaction_words": (lambda: row(clean(), SATISFACTION, target="满意", actual="满意"), "F26"),
    "dates_order": (lambda: row(clean(), TIME, actual="2023年6月20日"), "F23"),
    "year_mismatch": (lambda: row(clean(), TIME, target="2021年12月底前"), "E23"),
    "achieved_differs": (lambda: clean(achieved=written("举办技术培训期数达到20期,学员亩均增收为320元。", "F15")), "F15"),
    "total_noted": (lambda: noted(clean(), "本项目自评得分96.5分,等级为优。"), "A29"),
    "prompt_left": (lambda: labelled(clean(), 评价结论="结合自评情况,说明取得的成效。(200字以内)"), "C31"),
    "signature_missing": (lambda: labelled(clean(), 填报人=""), "C31"),
    "all_as_target": (
        lambda: row(row(row(row(clean(), QUANTITY, actual="20期", points=20), COST, actual="450元"), BENEFIT, actual="300元"),
                    QUALITY, target="≥90人", actual="90人"),
        "F21",
    ),
    "satisfaction_source": (lambda: clean(achieved=written("举办培训18期。", "F15")), "F26"),
}  # fmt: skip

NEAR: dict[str, list[Made]] = {
    "columns_missing": [lambda: lacking("weight", 1, 2, 3), lambda: lacking("sign", 1, 2, 3, 4, 5, 6)],
    "weights_sum": [
        # Cut off before its total row.
        lambda: without(clean(total_weight=None, total_points=None, grade=None), SATISFACTION),
        # The row below the indicators leaves 预算执行率 to the money block.
        lambda: totals(total_weight=90),
    ],
    "total_blank": [lambda: row(totals(total_points=""), QUANTITY, points="")],
    "total_missing": [lambda: row(replace(clean(), total_points=None, total_weight=None, grade=None), QUANTITY, weight=10)],
    "points_sum": [
        lambda: totals(total_points="97.8"),
        lambda: totals(total_weight=90, total_points=88),
        lambda: row(totals(total_points="96.78"), QUALITY, points=""),
    ],
    "total_above_parts": [
        # Told as points above their weight.
        lambda: row(totals(total_points="102.78"), QUALITY, points=15),
        lambda: row(totals(total_points="97.78"), QUANTITY, points="", weight=20)],
    "points_above_weight": [lambda: row(clean(), QUALITY, points="10.00")],
    "total_stated": [lambda: labelled(clean(), 自评总分="97.78")],
    "grade_score": [
        lambda: clean(grade=written("优秀", "I28")),
        lambda: clean(grade=written("☑优 □良 □中 □差", "I28")),
        lambda: clean(grade=written("优√ 良 中 差", "I28")),
        lambda: clean(grade=written("优□ 良□ 中□ 差□", "I28")),
        lambda: clean(grade=written("合格", "I28")),
    ],
    "level1_stated": [
        lambda: leveled(clean(), BENEFIT, "效益指标(30分)", "经济效益指标"),
        lambda: noted(clean(), "一级指标统一设置:产出指标50%、效益指标30%、满意度指标10%、预算执行率10%。"),
        lambda: noted(clean(), "设成本指标的:成本20分、产出40分、效益20分;不设的:产出50分、效益30分、满意度10分。"),
    ],
    "level1_weights": [clean, lambda: replace(row(clean(), QUALITY, weight=20, points=20), total_points=None, total_weight=None)],
    "weights_mixed": [
        lambda: row(row(leveled(clean(), COST, "成本指标", "经济成本指标"), COST, weight=20, points=20), BENEFIT, weight=20, points=20),
        lambda: row(row(clean(), QUALITY, weight=20, points=20), BENEFIT, weight=20, points=20),
    ],
    "weight_blank": [lambda: row(clean(), QUALITY, weight="", points="", actual="")],
    "points_blank": [lambda: row(clean(), QUALITY, points=0), lambda: row(clean(), QUALITY, weight="", points="")],
    "number_unreadable": [lambda: row(clean(), QUALITY, points="10分"), lambda: row(clean(), QUALITY, points="不适用")],
    "fund_part_points": [lambda: money(clean(), 1, weight="—")],
    "rate_amounts": [
        lambda: money(clean(), 0, rate="0.9775"),
        lambda: money(clean(), 0, rate="97.75"),
        # Amounts rounded to two decimals leave the second decimal of the rate open.
        lambda: money(money(clean(), 0, adjusted="3.33", executed="3.21", rate="96.41%"), 1, adjusted="", executed="", rate=""),
    ],
    "rate_base": [lambda: money(clean(), 0, initial=200)],
    "rate_rounded": [lambda: money(clean(), 2, rate="100%"), lambda: money(clean(), 0, executed=196, rate="98%")],
    "rate_above_100": [lambda: money(money(clean(), 0, executed=200, rate="100%", points=10), 1, executed=180, rate="100%")],
    "denominator_zero": [lambda: money(clean(), 2, adjusted=0, executed=0, rate="")],
    "funds_blank": [lambda: money(clean(), 1, executed="")],
    "funds_sum": [
        lambda: money(clean(), 1, executed="175.505"),
        lambda: transfer("58.5"),
        department,
        lambda: replace(clean(), funds=clean().funds[:2]),
    ],
    "money_unit_doubt": [lambda: money(clean(), 0, adjusted=99000, executed=96772)],
    "unit_slip": [lambda: money(clean(), 0, executed="0.2", rate="0.1%", points="0.01")],
    "cost_repeats_execution": [lambda: row(clean(), COST, target="≤200万元", actual="190万元")],
    "execution_scored_twice": [
        lambda: row(clean(), QUALITY, level3="政府采购执行率"),
        lambda: replace(row(clean(), TIME, level3="预算执行率"), kind=FormKind.DEPARTMENT)],
    "cost_unlike_executed": [lambda: row(clean(), COST, level3="项目总成本", target="≤220万元", actual="1955000元")],
    "executed_accounts": [lambda: noted(clean(), "注:决算数为195.5万元,即1955000元;国库结余4.5万元。")],
    "tiny_spending": [
        lambda: money(clean(), 0, executed=20, rate="10%", points=1),
        lambda: row(clean(), QUANTITY, actual="20期", points=20),
    ],
    "rate_noted": [lambda: noted(clean(), "预算执行率97.75%,其中中央资金执行率90%,政府采购执行率80%。")],
    "mixed_trees": [lambda: leveled(clean(), COST, "成本指标", "经济成本指标")],
    "missing_quantity": [lambda: leveled(clean(), QUANTITY, "产出指标")],
    "missing_quality": [lambda: replace(leveled(clean(), QUALITY, "产出指标", "数量指标"), kind=FormKind.DEPARTMENT)],
    "missing_time": [lambda: leveled(leveled(clean(), TIME, "产出指标", "数量指标"), COST, "成本指标", "经济成本指标")],
    "missing_benefit": [lambda: leveled(clean(), BENEFIT, "效果指标", "社会影响")],
    "level_mismatch": [lambda: row(clean(), QUANTITY, level3="培训资金覆盖率"), lambda: row(clean(), QUALITY, level3="群众有效投诉次数"),
        lambda: row(clean(), TIME, level3="补助资金发放及时率")],
    "quantity_lte": [lambda: row(clean(), QUANTITY, level3="压减会议期数", target="≤20期")],
    "cost_gte": [lambda: row(clean(), COST, level3="成本节约率", target="≥5%", actual="6%")],
    "sign_conflict": [lambda: row(clean(), QUALITY, sign="≥")],
    "duplicate_indicator": [lambda: row(clean(), TIME, level2="质量指标", level3="培训学员结业考试合格率", target="≥95%", actual="96%")],
    "same_fact": [
        # Sheds of one size are not one shed.
        lambda: row(
            row(clean(), QUANTITY, level3="育肥猪舍", target="≥180平方米", actual="180平方米"),
            QUALITY, level3="周转猪舍", target="≥180平方米", actual="180平方米",
        ),
        lambda: row(clean(), QUALITY, level3="完成技术培训期数", target="≥18期", actual="18期"),
        lambda: row(clean(), QUALITY, level2="数量指标", level3="完成线上技术培训期数", target="≥20期", actual="18期"),
    ],
    "benefit_restates_output": [lambda: row(clean(), BENEFIT, level3="带动就业人数", target="≥20人", actual="18人")],
    "parts_sum": [lambda: parted("9期"), lambda: parted("3期")],
    "execution_points": [
        lambda: money(clean(), 0, points="9.8"),
        # Points that follow from a wrong rate are told with the rate.
        lambda: money(clean(), 0, rate="93.1%", points="9.31"),
    ],
    "met_but_deducted": [lambda: row(clean(), QUALITY, points=8, remark="两期没有组织结业考试,酌情扣2分")],
    "missed_but_full": [
        lambda: row(clean(), QUANTITY, actual="20期", points=20),
        lambda: row(clean(), QUALITY, actual="85%", sign="≤"),
        # 12月前 may or may not mean December.
        lambda: row(clean(), TIME, target="12月前", actual="12月"),
    ],
    "points_rule": [
        lambda: row(clean(), BENEFIT, actual="299元", points="29.9"),
        lambda: row(clean(), QUALITY, target="有效提升", actual="基本达到", points=8),
        lambda: money(clean(), 0, points="9.8"),
    ],
    "reason_blank": [
        lambda: labelled(row(clean(), QUANTITY, remark=""), 偏差说明="一期培训改到次年举办"),
        lambda: row(clean(), QUANTITY, remark=None),
        lambda: row(clean(), QUALITY, remark=""),
    ],
    "reason_boilerplate": [
        lambda: row(clean(), QUALITY, remark="下一步加强管理"),
        lambda: row(clean(), QUANTITY, remark="受疫情影响取消两期,下一步加强管理"),
    ],
    "remark_differs": [
        lambda: row(clean(), QUANTITY, remark="因疫情少办两期,扣2分"),
        lambda: row(clean(), QUANTITY, remark="少办两期,扣10%"),
        lambda: row(clean(), QUANTITY, remark="完成率90%,两期改到次年"),
    ],
    "no_evidence_scored": [lambda: row(clean(), QUALITY, remark="未提供佐证", points=0)],
    "judged_differently": [lambda: unaccepted(10)],
    "all_full": [clean],
    "actual_blank": [lambda: row(clean(), QUALITY, actual="", target="", weight="", points="")],
    "target_blank": [lambda: row(clean(), QUALITY, target="", actual="", points="")],
    "target_in_name": [lambda: row(clean(), QUALITY, level3="学员考试合格率≥90%")],
    "actual_signed": [lambda: row(clean(), SATISFACTION, actual="90%")],
    "actual_rough": [lambda: row(clean(), SATISFACTION, actual="95%-96%")],
    "actual_copied": [lambda: row(clean(), TIME, target="按时", actual="按时"), lambda: row(clean(), QUANTITY, actual="20期")],
    "actual_type": [lambda: row(clean(), TIME, actual="已完成"), lambda: row(clean(), QUANTITY, actual="完成率90%")],
    "value_doubt": [lambda: row(clean(), QUALITY, actual="96"), lambda: row(clean(), QUALITY, actual="0.96")],
    "unit_differs": [lambda: row(clean(), QUANTITY, actual="18场次"), lambda: row(clean(), QUANTITY, target="≥20", actual="18期")],
    "share_above_100": [lambda: row(clean(), QUALITY, level3="培训任务完成率", actual="105%"), lambda: row(clean(), QUALITY, actual="100%")],
    "target_loose": [
        lambda: row(clean(), BENEFIT, target="≥250元"),
        lambda: row(clean(), BENEFIT, target="≥200元", remark="粮价上涨,年初未能预计"),
    ],
    "achieved_copied": [lambda: clean(achieved=written("已举办培训18期,培训学员1200人,学员亩均增收300元以上", "F15"))],
    "achieved_blank": [lambda: clean(achieved=None)],
    "satisfaction_no_survey": [lambda: row(clean(), SATISFACTION, remark="发放问卷200份,收回190份")],
    "satisfaction_own_staff": [lambda: row(clean(), SATISFACTION, level3="企业职工满意度"), lambda: row(clean(), SATISFACTION, level3="单位满意度")],
    "satisfaction_staff_asked": [lambda: row(clean(), SATISFACTION, level3="参保职工满意度")],
    "satisfaction_words": [lambda: row(clean(), SATISFACTION, target="满意", actual="100%")],
    "dates_order": [
        lambda: built("2022年8月20日", "2022年9月1日"),
        lambda: built("2022年9月", "2022年9月1日"),
        lambda: row(clean(), TIME, actual="2023年3月")],
    "year_mismatch": [
        lambda: row(clean(), TIME, target="2023年6月底前"),
        lambda: clean(expected=written("2021年启动的三年行动,本年举办培训20期。", "B15")),
        lambda: replace(clean(), file="2023年报送/2023年自评表.xlsx"),
        lambda: clean(project=written("2021-2023年高素质农民培育", "C2")),
    ],
    "achieved_differs": [
        lambda: clean(achieved=written("举办技术培训期数达到18期,其中上半年举办技术培训期数5期;参训学员满意度为95.5%。", "F15")),
    ],
    "total_noted": [lambda: noted(clean(), "本项目自评得分97.78分。"), lambda: noted(clean(), "2021年度自评得分96分;上年自评得分95分。")],
    "prompt_left": [lambda: labelled(clean(), 评价结论="自评得分97.78分,等级为优。")],
    "signature_missing": [lambda: replace(clean(), labels={})],
    "all_as_target": [clean],
    "satisfaction_source": [clean],
}  # fmt: skip

ALSO: list[tuple[str, Made, str]] = [
    ("rate_above_100", lambda: money(clean(), 0, adjusted="", executed="", rate="102.75%"), "G10"),
    (
        "unit_slip",
        lambda: money(money(clean(), 0, adjusted=2000000, executed=1955000), 1, adjusted="", executed=""),
        "D10",
    ),
    # The form is in 万元, and as many cells are in the one unit as in the other: yuan is the odd one.
    (
        "unit_slip",
        _written_in_yuan,
        "C11",
    ),
    ("unit_slip", lambda: money(clean(), 0, executed="0.0195", rate=""), "E10"),
    ("unit_slip", lambda: row(clean(), COST, target="≤200万元", actual="1955000万元"), "F24"),
    ("funds_sum", lambda: transfer(90), "E10"),
    ("executed_accounts", lambda: labelled(clean(), 决算数="190.5"), "E10"),
    (
        "reason_blank",
        lambda: labelled(row(clean(), QUANTITY, remark=""), 改进措施="提出下一步改进的建议。(200字以内)"),
        "I21",
    ),
    ("executed_accounts", lambda: noted(clean(), "国库支付系统显示全年支出190.5万元。"), "E10"),
    ("rate_noted", lambda: clean(achieved=written("举办培训18期;全年资金支出率92%。", "F15")), "F15"),
    ("total_noted", lambda: noted(clean(), "经综合评定,本项目自评得95.3分。"), "A29"),
    ("no_evidence_scored", lambda: row(clean(), QUALITY, remark="无法提供原始记录,按经验填报"), "H22"),
    ("satisfaction_no_survey", lambda: clean(achieved=written("举办培训18期;未开展满意度调查。", "F15")), "F15"),
    ("satisfaction_no_survey", lambda: row(clean(), SATISFACTION, actual="满意"), "F26"),
    ("satisfaction_own_staff", lambda: row(clean(), SATISFACTION, remark="由本单位职工评分"), "F26"),
    ("year_mismatch", lambda: clean(expected=written("2021年计划举办培训20期。", "B15")), "B15"),
    ("year_mismatch", lambda: labelled(clean(), 填报日期="2021年3月10日"), "C31"),
    ("year_mismatch", lambda: labelled(clean(), 评价年度="2021年"), "C31"),
    ("year_mismatch", lambda: replace(clean(), file="2020年度自评表.xlsx"), "A1"),
    ("year_mismatch", lambda: row(clean(), TIME, target="2023年12月底前", actual="2023年11月"), "E23"),
    ("dates_order", lambda: built("2022年9月1日", "2022年8月20日"), "F22"),
    ("level1_stated", lambda: noted(clean(), "权重:产出40分、效益40分、满意度10分、预算执行率10分。"), "A29"),
    (
        "same_fact",
        lambda: row(
            clean(), QUALITY, level2="数量指标", level3="完成举办技术培训期数量", target="≥20期", actual="18期"
        ),
        "D22",
    ),
    ("remark_differs", lambda: row(clean(), QUANTITY, remark="少办两期,完成率仅80%"), "I21"),
    (
        "number_unreadable",
        lambda: row(clean(), QUALITY, points=Written("#REF!", written("", "H22").spot, error=True)),
        "H22",
    ),
    ("grade_score", lambda: clean(grade=written("□优 ☑良 □中 □差", "I28")), "I28"),
]
"""Other ways in which the same defects show."""
