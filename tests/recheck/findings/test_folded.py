"""One cause is told once; what is said about something else is no reason."""

from __future__ import annotations

import pytest
from found_in import QUALITY, QUANTITY, clean, findings, money, places, row
from shown import labelled


def codes(form, code):
    return [f for f in findings(form) if f.code == code]


@pytest.mark.parametrize("budget", ["", 0])
def test_a_budget_that_lacks_in_all_rows_is_told_at_the_total(budget):
    form = clean()
    for number in range(3):
        form = money(form, number, adjusted=budget)
    assert places(codes(form, "denominator_zero")) == {("denominator_zero", "D10")}


def test_parts_without_a_budget_are_told_together():
    form = money(money(clean(), 1, adjusted=0), 2, adjusted=0)
    (found,) = codes(form, "denominator_zero")
    assert (found.spot.cell, found.indicator) == ("D11", "当年财政拨款、其他资金")


def deducted(**labels):
    """Of an indicator that was reached two points are missing, and there is nothing beside it."""
    return labelled(row(clean(), QUALITY, points=8), **labels)


@pytest.mark.parametrize("labels", [
    {"存在问题": "个别农户银行卡号变更未及时报送,退回7笔,当月已补发。"}, {"改进措施": "每季度与银行核对账户。"}, {},
])  # fmt: skip
def test_another_problem_excuses_no_deduction(labels):
    assert places(codes(deducted(**labels), "met_but_deducted")) == {("met_but_deducted", "H22")}


@pytest.mark.parametrize("labels", [
    {"存在问题": "两期学员没有参加结业考试。"}, {"存在问题": "资料不齐,酌情扣分。"}, {"偏差说明": "因场地调整。"},
])  # fmt: skip
def test_a_problem_of_this_indicator_does(labels):
    assert codes(deducted(**labels), "met_but_deducted") == []


def test_without_room_beside_the_indicator_any_problem_may_be_meant():
    form = deducted(存在问题="个别农户银行卡号变更未及时报送。")
    assert codes(row(form, QUALITY, remark=None), "met_but_deducted") == []


def test_a_target_missed_is_explained_by_the_block():
    form = labelled(row(clean(), QUANTITY, remark=""), 存在问题="受天气影响,工作推进缓慢。")
    assert codes(form, "reason_blank") == []
