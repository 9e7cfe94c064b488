"""One line at a time: what follows from target, actual and weight, and what stays open."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from cases import form_with, funds, indicator

from workbench.base.errors import RulesetError
from workbench.recheck.model import FundKind, FundRow
from workbench.recheck.outcome import EXECUTION, Recomputed
from workbench.recheck.recompute import recompute
from workbench.scheme.pack import RuleRef
from workbench.scheme.ruleset import Ruleset


def line(rules: Ruleset, target: object, actual: object, points: object = 8, **more: Any) -> Recomputed:
    weight, name = more.pop("weight", 10), more.pop("name", "建设数量")
    (((found),),) = recompute([form_with((indicator(1, name, target, actual, weight, points, **more),))], rules)
    return found


def ends(found: Recomputed) -> tuple[str, str, str]:
    return str(found.low), str(found.high), str(found.taken)


@pytest.mark.parametrize(
    ("target", "actual", "points"),
    [
        ("≥50个", "40个", "8.00"),
        ("≥50个", "61", "10.00"),
        ("≤20万元", "25万元", "8.00"),
        ("≤20万元", "195000元", "10.00"),
        ("=100%", "98%", "9.80"),
        ("10-20户", "15户", "10.00"),
        ("10-20户", "8户", "8.00"),
        ("≥95%", "≥95%", "None"),
        ("≥50个", "完成80%", "8.00"),
        ("≥1.2万人次", "9600", "8.00"),
        ("≥12000", "0.96万", "8.00"),
        ("≥95%", "0.98", "10.00"),
        ("50", "100%", "10.00"),
        ("是", "是", "10.00"),
        ("是", "否", "0.00"),
        ("2022年11月底前", "2022年11月30日", "10.00"),
        ("≥50个", "-5个", "0.00"),
    ],
)
def test_one_number(target: str, actual: str, points: str, rules10: Ruleset) -> None:
    assert str(line(rules10, target, actual).points) == points


@pytest.mark.parametrize(
    ("target", "actual", "low", "high"),
    [
        ("=50个", "62.5个", "8.00", "10.00"),  # beyond: reached under 10号, not exact
        ("10-20户", "25户", "8.00", "10.00"),
        ("≥100个", "80-90个", "8.00", "9.00"),
        ("有效提升", "达成预期指标", "8.00", "10.00"),
        ("有效提升", "部分达成年度指标并具有一定效果", "6.00", "8.00"),
        ("有效提升", "未达成", "0.00", "6.00"),
        ("有效提升", "基本完成", "6.00", "10.00"),
        ("有效提升", "75%", "6.00", "8.00"),
        ("有效提升", "居民反映良好", "0", "10"),
        ("≥12次", "已完成", "0", "10"),
        ("≥95%", "0.3", "0", "10"),
        ("≥1.2万人次", "600", "0", "10"),
        ("", "12次", "0", "10"),
        ("2022年9月底前", "2022年10月", "0.00", "10.00"),  # late: 10号 has no formula
        ("9月前", "9月", "0.00", "10.00"),
        ("2022年9月底前", "已完成", "0", "10"),
        ("2022年9月底前", "按时完成", "8.00", "10.00"),
        ("是", "正常", "0", "10"),
    ],
)
def test_intervals(target: str, actual: str, low: str, high: str, rules10: Ruleset) -> None:
    found = line(rules10, target, actual)
    assert (str(found.low), str(found.high)) == (low, high)
    assert found.sentence.count("之间评") == 1


def test_a_direction_nobody_wrote_is_asked_both_ways(rules10: Ruleset) -> None:
    found = line(rules10, "5%", "4%", name="预算调整率")
    assert ends(found) == ("8.00", "10.00", "8")
    assert "未写明“≥”或“≤”" in found.sentence
    assert line(rules10, "5%", "5%", name="预算调整率").points == 10
    assert line(rules10, "20万元", "16万元", name="项目总成本", level2="成本指标").points == 10
    assert line(rules10, "=20万元", "16万元", name="项目总成本", level2="成本指标").low == 8


def test_own_points_count_inside_the_interval_and_its_nearest_end_outside(rules10: Ruleset) -> None:
    for own, taken in ((9, "9"), (5, "8.00"), (12, "10.00"), (None, "None")):
        assert str(line(rules10, "有效提升", "达成预期指标", own).taken) == taken


@pytest.mark.parametrize("actual", [None, "", "-"])
def test_a_blank_actual_gives_no_points(actual: str | None, rules10: Ruleset) -> None:
    found = line(rules10, "≥95%", actual, 10)
    assert ends(found) == ("None", "None", "None")
    assert found.weight == 10


@pytest.mark.parametrize("weight", [None, "", "十足", "-3"])
def test_no_weight_no_points(weight: object, rules10: Ruleset) -> None:
    found = line(rules10, "≥95%", "98%", weight=weight)
    assert (found.weight, found.low, found.taken) == (None, None, None)
    assert found.sentence == "分值为空或不是数,不能计算得分。"


def test_full_points_are_the_weight_itself(rules10: Ruleset) -> None:
    full = line(rules10, "≥50个", "50个", weight="3.3333")
    assert (full.points, full.weight) == (Decimal("3.3333"), Decimal("3.3333"))
    assert line(rules10, "≥50个", "25个", weight="3.3333").points == Decimal("1.67")


# ---------------------------------------------------------------------------------------------------------------------
# shared weights and sub-items
# ---------------------------------------------------------------------------------------------------------------------


def shared(rules: Ruleset, *actuals: str) -> Recomputed:
    rows = [
        indicator(i, f"指标{i}", "≥100个", a, 10 if i == 1 else None, 9 if i == 1 else None, group=7)
        for i, a in enumerate(actuals, 1)
    ]
    ((found,),) = recompute([form_with(tuple(rows))], rules)
    return found


def test_a_shared_weight_is_full_where_all_is_reached(rules10: Ruleset) -> None:
    found = shared(rules10, "100", "120", "100")
    assert (found.rows, found.points) == ((1, 2, 3), 10)


def test_a_shared_weight_lies_between_the_shares_of_its_indicators(rules10: Ruleset) -> None:
    found = shared(rules10, "100", "80")
    assert ends(found) == ("8.00", "10.00", "9")
    assert "如何分摊未规定" in found.sentence
    assert shared(rules10, "80", "80").points == 8


def test_a_blank_among_them_leaves_no_points(rules10: Ruleset) -> None:
    assert shared(rules10, "100", "").low is None


def test_sub_items_carry_nothing(rules10: Ruleset) -> None:
    rows = (
        indicator(1, "种植面积", "≥10亩", "10亩", 10, 10),
        indicator(2, "★其中:瓜果", "≥5亩", "5亩", None, None, group=1, part=True),
    )
    (found,) = recompute([form_with(rows)], rules10)
    assert [f.rows for f in found] == [(1,)]


# ---------------------------------------------------------------------------------------------------------------------
# execution
# ---------------------------------------------------------------------------------------------------------------------


def execution(rules: Ruleset, *rows: FundRow) -> Recomputed:
    ((found,),) = recompute([form_with(money=rows)], rules)
    return found


def part(adjusted: object, executed: object, kind: FundKind = FundKind.FISCAL) -> FundRow:
    return funds(adjusted, executed, None, kind=kind, row=11)


def test_execution_from_the_total_row(rules10: Ruleset) -> None:
    found = execution(rules10, funds(200, Decimal("195.5"), 20, Decimal("19.55")), part(1, 1))
    assert (found.rows, found.judged, found.points) == ((0,), "execution_rate", Decimal("19.55"))


def test_points_follow_from_the_amounts_not_from_the_rounded_rate(rules10: Ruleset) -> None:
    # 154200 ÷ 156000 = 98.8461…%: 9.88, where 98.85 % would give 9.89.
    found = execution(rules10, funds(156000, 154200, 10, Decimal("9.88"), rate="98.85%"))
    assert found.points == Decimal("9.88")
    assert found.sentence == "预算执行率98.85%,得10×98.85%=9.88分(按未舍入的执行率98.8462%计)。"
    assert "未舍入" not in execution(rules10, funds(300, 200, 10, Decimal("6.67"))).sentence


@pytest.mark.parametrize("total", [(None, None), (0, 0), (None, 0), (0, None), (100, None)])
def test_execution_from_the_parts(total: tuple[object, object], rules10: Ruleset) -> None:
    found = execution(rules10, funds(*total), part(60, 50), part(40, 30, FundKind.OTHER))
    assert found.points == 8
    assert "按其中“当年财政拨款、其他资金”计:全年预算数100万元、全年执行数80万元" in found.sentence


def test_parts_under_local_names_count_only_where_the_official_ones_are_empty(rules10: Ruleset) -> None:
    found = execution(rules10, funds(None, None), part(None, None), part(100, 70, FundKind.PART))
    assert found.points == 7
    assert execution(rules10, funds(None, None), part(100, 80), part(100, 70, FundKind.PART)).points == 8


def test_no_rate_no_points(rules10: Ruleset) -> None:
    for row, why in (
        (funds(0, 0), "全年预算数为0"),
        (funds(100, None), "未填全年执行数"),
        (funds(None, 100), "未填全年预算数"),
        (funds(None, None), "均未填"),
        (funds(None, None, rate="0.98"), "均未填"),
    ):
        found = execution(rules10, row)
        assert found.low is None
        assert why in found.sentence


def test_a_rate_as_written_where_there_are_no_amounts(rules10: Ruleset) -> None:
    found = execution(rules10, funds(None, None, rate="79.27%"))
    assert found.points == Decimal("7.93")
    assert "按所写执行率计" in found.sentence


# ---------------------------------------------------------------------------------------------------------------------
# rulesets
# ---------------------------------------------------------------------------------------------------------------------


def test_70_percent_under_both_rulesets(rules10: Ruleset, rules101: Ruleset) -> None:
    # The example of design.md §3.
    assert line(rules10, "≥100%", "70%").points == Decimal("7.00")
    assert line(rules101, "≥100%", "70%").points == Decimal("2.50")


def test_satisfaction_under_101_is_no_percentage_of_a_target(rules101: Ruleset) -> None:
    assert line(rules101, "≥95%", "85%", name="群众满意度").points == 8
    assert line(rules101, "≥95分", "85分", name="群众满意度").low == 0


def test_a_local_ruleset(local_rules: Ruleset) -> None:
    assert str(line(local_rules, "≥50个", "40个").points) == "6.0"
    assert line(local_rules, "≥50个", "40个").sentence == "建设数量完成率80%,属于≥80%一档,得10×60%=6.0分。"
    assert line(local_rules, "≤20个", "20个").points == 10
    assert line(local_rules, "≤0起", "2起").low == 0
    assert ends(line(local_rules, "有效", "较好")) == ("5.0", "8.0", "8")
    assert line(local_rules, "2022年9月底前", "2022年10月").points == 0
    assert execution(local_rules, funds(100, 85)).points == 5


def test_a_class_the_ruleset_leaves_out_stays_open(local_rules: Ruleset) -> None:
    found = line(local_rules, "是", "是")
    assert ends(found) == ("0", "10", "8")
    assert "所选计分规则未规定" in found.sentence


def test_a_kind_nobody_installed_is_named(rules10: Ruleset) -> None:
    rules = rules10.model_copy(update={"classes": {"quantitative": RuleRef(kind="proportionl")}})
    with pytest.raises(RulesetError, match="没有名为“proportionl”的计分规则") as error:
        recompute([], rules)
    assert "proportional" in str(error.value)
    rules = rules10.model_copy(
        update={"classes": {"quantitative": RuleRef(kind="proportional", params={"pass": "60"})}}
    )
    with pytest.raises(RulesetError, match="pass"):
        recompute([], rules)


# ---------------------------------------------------------------------------------------------------------------------
# 预算执行率 as an indicator
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["预算执行率", "1.预算执行率(10分)", "资金执行率", "部门预算执行率", "预算执行情况"])
def test_the_execution_rate_that_stands_in_the_table(name: str, rules10: Ruleset) -> None:
    rows = (indicator(1, name, "≥95%", "96%", 10, 10), indicator(2, "建设数量", "≥5个", "5个", 90, 90))
    (found,) = recompute([form_with(rows, (replace(funds(100, 96), weight=None),))], rules10)
    assert [(x.rows, x.judged, x.points) for x in found] == [
        ((1,), "execution_rate", Decimal("9.60")),  # as the execution rate; as a quantity it would be full points
        ((2,), "quantitative", Decimal("90.00")),
    ]


def test_its_rate_is_that_of_the_amounts(rules10: Ruleset) -> None:
    rows = (indicator(1, "预算执行率", "100%", "100%", 10, 10),)
    (found,) = recompute([form_with(rows, (funds(100, "79.27", None),))], rules10)
    assert found[0].points == Decimal("7.93")


def test_without_amounts_its_rate_is_the_written_one(rules10: Ruleset) -> None:
    (found,) = recompute([form_with((indicator(1, "预算执行率", "100%", "79.27%", 10, 10),))], rules10)
    assert (found[0].points, len(found)) == (Decimal("7.93"), 1)
    assert "按所写完成值计" in found[0].sentence


def test_101_asks_whether_the_project_is_completed_there_too(rules101: Ruleset) -> None:
    (found,) = recompute([form_with((indicator(1, "预算执行率", "100%", "85%", 10, 10),))], rules101)
    assert (found[0].low, found[0].high) == (Decimal("7.00"), Decimal("10.00"))


def test_a_rate_beside_a_scored_money_block_is_an_indicator(rules10: Ruleset) -> None:
    rows = (indicator(1, "预算执行率", "≥95%", "96%", 10, 10),)
    (found,) = recompute([form_with(rows, (funds(100, 96),))], rules10)
    assert [(x.rows, x.judged) for x in found] == [((EXECUTION,), "execution_rate"), ((1,), "quantitative")]


@pytest.mark.parametrize("name", ["政府采购执行率", "预算执行率偏差", "财政资金执行率排名"])
def test_other_rates_stay_what_they_are(name: str, rules10: Ruleset) -> None:
    (found,) = recompute([form_with((indicator(1, name, "≥95%", "96%", 10, 10),))], rules10)
    assert found[0].judged == "quantitative"


def test_a_money_block_that_never_carries_points_is_no_line(rules10: Ruleset) -> None:
    rows = (indicator(1, "建设数量", "≥5个", "5个", 100, 100),)
    (found,) = recompute([form_with(rows, (replace(funds(100, 96), weight=None),))], rules10)
    assert [x.rows for x in found] == [(1,)]
