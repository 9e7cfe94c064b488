"""One defect in many wordings is found; honest wordings beside it raise nothing grave."""

from __future__ import annotations

import pytest
from found_in import BENEFIT, COST, QUALITY, QUANTITY, TIME, clean, findings, money, places, row
from shown import totals
from wordings import DEFECTS, HONEST, Wording

from workbench.recheck.outcome import Severity


@pytest.mark.parametrize("wording", DEFECTS, ids=lambda w: f"{w.code}-{w.text}")
def test_a_defect_is_found_in_every_wording(wording: Wording) -> None:
    assert wording.code in {f.code for f in findings(wording.form)}


@pytest.mark.parametrize("wording", HONEST, ids=lambda w: f"{w.code}-{w.text}")
def test_an_honest_wording_raises_nothing_grave(wording: Wording) -> None:
    assert [f.message for f in findings(wording.form) if f.severity is not Severity.P2] == []


SAME = [
    ("培训期数", "举办培训班数量", "期"), ("道路维修长度", "维修道路里程", "公里"), ("设备采购数量", "购置设备台数", "台"),
    ("监测断面数", "完成监测断面数量", "个"), ("举办宣传活动次数", "宣传活动场次", "场"),
]  # fmt: skip
OTHERS = [
    ("男学员人数", "女学员人数", "人"), ("线上培训期数", "线下培训期数", "期"), ("甲镇维修道路长度", "乙镇维修道路长度", "公里"),
    ("采购电脑台数", "采购打印机台数", "台"),
]  # fmt: skip


@pytest.mark.parametrize(("names", "same"), [*((n, True) for n in SAME), *((n, False) for n in OTHERS)])
def test_one_fact_under_two_names(names: tuple[str, str, str], same: bool) -> None:
    first, second, unit = names
    form = row(clean(), QUANTITY, level3=first, target=f"≥20{unit}", actual=f"18{unit}")
    form = row(form, QUALITY, level2="数量指标", level3=second, target=f"≥20{unit}", actual=f"18{unit}", points=9)
    assert ("same_fact" in {f.code for f in findings(form)}) is same


@pytest.mark.parametrize(
    ("output", "benefit", "actual", "restated"),
    [
        ("补助学生人数", "受益学生人数", "570人", True),
        ("培训人数", "受益群众", "570人", True),
        ("培训人数", "带动就业", "570人", True),
        ("培训人数", "新增就业人数", "600人", False),
        ("培训人数", "新增就业人数", "580人", False),
    ],
)
def test_a_benefit_that_restates_an_output(output: str, benefit: str, actual: str, restated: bool) -> None:
    done = actual if restated else "600人"
    form = row(totals(), QUANTITY, level3=output, target="≥600人", actual=done)
    form = row(form, BENEFIT, level2="社会效益指标", level3=benefit, target="≥600人", actual=actual)
    assert ("benefit_restates_output" in {f.code for f in findings(form)}) is restated


@pytest.mark.parametrize(
    ("first", "second", "reversed_"),
    [
        ("培训开始时间", "培训结束时间", True),
        ("招标完成时间", "合同签订时间", True),
        ("设备采购合同签订时间", "设备采购验收时间", True),
        ("工程竣工时间", "竣工验收时间", True),
        ("采购招标时间", "采购中标时间", True),
        ("项目启动时间", "项目完成时间", True),
        ("一期工程完工时间", "二期工程开工时间", False),
        ("设备采购完成时间", "培训开始时间", False),
        ("项目启动时间", "前期设备招标完成时间", False),
    ],
)
def test_stages_in_their_order(first: str, second: str, reversed_: bool) -> None:
    form = row(clean(), TIME, level3=first, actual="2022年9月1日")
    form = row(form, QUALITY, level2="时效指标", level3=second, target="12月底前", actual="2022年8月1日")
    assert (("dates_order", "F22") in places(findings(form))) is reversed_


@pytest.mark.parametrize(
    ("name", "target", "told"),
    [
        ("举办培训12期", "", "12期"),
        ("举办培训12期", "完成", "12期"),
        ("采购设备30台(套)", "", "30台"),
        ("合格率≥95%", "按要求完成", "≥95%"),
        ("2022年培训期数", "", None),
        ("举办培训12期", "≥12期", None),
    ],
)
def test_a_target_that_stands_in_the_name_only(name: str, target: str, told: str | None) -> None:
    found = findings(row(clean(), QUANTITY, level3=name, target=target))
    assert [f.expected for f in found if f.code == "target_in_name"] == ([] if told is None else [told])
    assert told is None or "target_blank" not in {f.code for f in found}


def test_what_the_execution_rate_loses_needs_no_reason() -> None:
    form = row(money(clean(), 0, weight=None, points=None), QUALITY, weight=20, points=20)
    cells = {
        "level1": "预算执行率",
        "level2": "预算执行率",
        "level3": "预算执行率",
        "target": "100%",
        "actual": "97.75%",
        "points": "9.78",
        "remark": "",
    }
    assert "reason_blank" not in {f.code for f in findings(row(form, TIME, **cells))}
    assert "reason_blank" in {f.code for f in findings(row(form, TIME, **cells | {"level3": "培训资料印发率"}))}


def test_a_blank_total_row_over_parts_with_money_is_no_gap() -> None:
    blank = {"initial": "", "adjusted": "", "executed": "", "rate": ""}
    form = money(clean(), 0, **blank)
    assert findings(form) == ()
    assert {f.code for f in findings(money(form, 2, **blank)) if f.severity is Severity.P0} == set()
    assert "funds_blank" in {f.code for f in findings(money(money(form, 1, **blank), 2, **blank))}


def test_a_wan_that_nobody_can_place_is_asked_and_scores_nothing() -> None:
    found = findings(row(clean(), QUANTITY, target="≥1.2万人次", actual="600"))
    assert [(f.code, f.spot.cell) for f in found if f.spot] == [("value_doubt", "F21")]


def test_the_sum_of_weights_is_told_not_the_total_that_was_written() -> None:
    found = next(f for f in findings(row(totals(total_weight=100), COST, weight=20)) if f.code == "weights_sum")
    assert (found.found, found.expected) == ("110", "100")
    assert "合计写作100" in found.message
