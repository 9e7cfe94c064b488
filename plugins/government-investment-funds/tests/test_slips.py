"""Slips of those who fill the sheets: what is doubled, missing or in another unit is said and never earns points unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

Facts = dict[str, list[dict[str, Any]]]
Open = Callable[..., Any]
RowOf = Callable[..., dict[str, Any]]


def judged(evaluation: Any, subject: str) -> tuple[dict[str, Any], dict[str, str]]:
    """A subject's indicators by code, and its findings: code → message."""
    found = evaluation.subject(subject)
    return {i.code: i for i in found.indicators}, {f.code: f.message for f in found.findings}


def test_a_distribution_entered_twice_is_said(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    facts["flows"].append(dict(row_of(facts, "flows", subject="F1", kind="收益分配")))
    indicators, findings = judged(open_rows(facts), "F1")
    # (17520 + 12000)/30000 = 0.984
    assert indicators["R_DPI"].value == "0.98"
    assert "有2笔" in findings["flows_repeated"]


def test_two_payments_with_their_own_numbers_are_two(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    row = row_of(facts, "flows", subject="F1", kind="收益分配")
    facts["flows"].append(row | {"voucher": "第二笔"})
    assert "flows_repeated" not in judged(open_rows(facts), "F1")[1]


def test_an_investment_entered_twice_is_an_error(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    facts["holdings"].append(dict(row_of(facts, "holdings", subject="F1")))
    assert "有2行" in judged(open_rows(facts), "F1")[1]["holdings_repeated"]


def test_no_fee_in_the_flows_is_not_a_low_fee(facts: Facts, open_rows: Open) -> None:
    facts["flows"] = [f for f in facts["flows"] if f["subject"] != "F1" or f["kind"] != "管理费"]
    indicators, findings = judged(open_rows(facts), "F1")
    assert (indicators["K_FEE"].value, indicators["K_FEE"].final) == (None, None)
    assert "金额为0" in findings["fee_unrecorded"]


def test_fee_of_nothing_is_entered_as_nothing(facts: Facts, open_rows: Open) -> None:
    facts["flows"] = [f for f in facts["flows"] if f["subject"] != "F1" or f["kind"] != "管理费"]
    facts["flows"].append({"subject": "F1", "date": date(2023, 6, 30), "kind": "管理费", "amount": 0})
    indicators, findings = judged(open_rows(facts), "F1")
    assert (indicators["K_FEE"].value, indicators["K_FEE"].final) == ("0.00", "3.00")
    assert "fee_unrecorded" not in findings


def test_capital_paid_in_with_a_minus_is_no_denominator(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    row_of(facts, "flows", subject="F1")["amount"] = -20000
    indicators, findings = judged(open_rows(facts), "F1")
    assert [c for c in ("R_PROG", "R_IDLE", "R_DPI", "R_TVPI") if indicators[c].final is not None] == []
    assert "累计投入为-10000万元" in findings["nothing_paid"]


@pytest.mark.parametrize(
    ("table", "where", "field", "amount"),
    [
        ("nav", {"date": date(2023, 12, 31)}, "nav", 200000000),
        ("flows", {"kind": "实缴出资"}, "amount", 90000000),
        ("holdings", {}, "cost", 60000000),
    ],
)
def test_yuan_beside_ten_thousand_is_an_error(
    facts: Facts, open_rows: Open, row_of: RowOf, table: str, where: dict[str, Any], field: str, amount: int
) -> None:
    row_of(facts, table, subject="F1", **where)[field] = amount
    found = open_rows(facts).subject("F1")
    assert [f.severity for f in found.findings if f.code == "unit_mixed_up"] == ["error"]


@pytest.mark.parametrize(
    "field", ["field_share", "early_share", "leverage", "crowd", "progress", "exit_share", "hurdle"]
)
def test_target_of_zero_is_said(facts: Facts, open_rows: Open, row_of: RowOf, field: str) -> None:
    row_of(facts, "terms", subject="F1")[field] = 0
    assert "怎样都得满分" in judged(open_rows(facts), "F1")[1]["targets_zero"]


def test_project_without_its_proceeds_is_no_profit(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    del row_of(facts, "holdings", subject="F1", project="生物检测(虚构)")["proceeds"]
    findings = judged(open_rows(facts), "F1")[1]
    assert "有1个项目没有填累计收回" in findings["gains_unknown"]
    # 商业物业 is left: 3000 − 1500
    assert findings["losses_tolerated"].startswith("有1个项目亏损,合计1500万元")


def test_stated_day_far_behind_the_others_is_said(facts: Facts, open_rows: Open) -> None:
    evaluation = open_rows(facts)
    # 2022-12-31 beside 2023-12-31
    assert "早365天" in judged(evaluation, "F3")[1]["stated_day_behind"]
    assert "stated_day_behind" not in judged(evaluation, "F1")[1]


def test_overdue_capital_is_told_apart(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    row_of(facts, "commitments", subject="F1", nature="国有资本")["paid"] = 5000
    # 6000 − 5000 of the state, 8000 − 4000 of social capital
    assert (
        judged(open_rows(facts), "F1")[1]["overdue_capital"]
        == "截至基准日有5000万元认缴逾期未到位,其中社会资本4000万元"
    )


def test_sub_fund_that_is_not_looked_through_is_said(facts: Facts, open_rows: Open) -> None:
    paid = {"subject": "F1", "committed": 5000, "paid": 5000, "exited_cost": 0}
    facts["subfunds"] = [paid | {"fund": "甲"}, paid | {"fund": "乙"}]
    facts["holdings"][0]["via"] = "甲"
    assert "有1只参投子基金" in judged(open_rows(facts, variant="policy_parent"), "F1")[1]["not_looked_through"]


def test_rate_of_return_names_only_the_sheets_it_comes_from(facts: Facts, open_rows: Open) -> None:
    shown = str(open_rows(facts).evidence_overview()._repr_html_())
    rate = shown[shown.index("内部收益率 [") :].split("门槛收益率")[0]
    assert "[现金流水]" in rate
    assert "[期末净值]" in rate
    assert not any(sheet in rate for sheet in ("[政策目标]", "[满意度调查]", "[投资项目]"))
