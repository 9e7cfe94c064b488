"""Slips of those who fill the sheets: zeros, other units, other periods and easy savings are said and earn nothing unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Rows = dict[str, list[dict[str, Any]]]
Judged = Callable[[Rows, str], tuple[dict[str, Any], dict[str, Any]]]
SubjectOf = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("unit_cost_target", "C_UNIT"),
        ("standard_unit_cost", "C_STD"),
        ("previous_unit_cost", "C_HIST"),
        ("previous_head_cost", "C_HEAD"),
        ("previous_object_cost", "C_OBJ"),
    ],
)
def test_zero_is_nothing_to_compare_with(
    judged: Judged, facts: Rows, subject_of: SubjectOf, field: str, code: str
) -> None:
    subject_of("P2")[field] = 0
    indicators, findings = judged(facts, "P2")
    assert indicators[code].final is None
    assert "没有的请留空" in findings["amounts_zero"].message
    assert {"over_standard", "target_over_standard"} & set(findings) == set()


def test_spending_of_nothing_is_no_saving(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    subject_of("P2")["spending"] = 0
    indicators, findings = judged(facts, "P2")
    assert (indicators["C_SAVE"].final, indicators["C_COLLECT"].final) == (None, None)
    assert findings["zero_spending"].severity == "error"


@pytest.mark.parametrize(("field", "amount"), [("spending", 156), ("budget_cost", 168), ("spending", 15600000000)])
def test_ten_thousand_beside_yuan_is_an_error(
    judged: Judged, facts: Rows, subject_of: SubjectOf, field: str, amount: int
) -> None:
    subject_of("P2")[field] = amount
    assert judged(facts, "P2")[1]["unit_mixed_up"].severity == "error"


def test_items_in_ten_thousand_are_an_error(judged: Judged, facts: Rows) -> None:
    for row in facts["items"]:
        row["amount"] = "14.37" if row["subject"] == "P2" else row["amount"]
    assert "unit_mixed_up" in judged(facts, "P2")[1]


def test_ticked_without_a_quality_target_is_asked_about(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    subject_of("P2")["qualified_output"] = 29700
    assert "有300不合格" in judged(facts, "P2")[1]["met_without_quality_target"].message


def test_late_output_makes_a_saving_doubtful(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    # 财预〔2020〕10号 附2: the actual cost of work done in time, in quality and in quantity.
    assert "saved_but_late" not in judged(facts, "P2")[1]
    subject_of("P2")["on_time_output"] = 15000
    assert "按期完成的只有15000(计划30000)" in judged(facts, "P2")[1]["saved_but_late"].message


def test_half_a_year_beside_a_year_is_said(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    assert "periods_differ" not in judged(facts, "P1")[1]
    subject_of("P2").update(period_start="2023-07-01", period_end="2023-12-31")
    # 31 + 31 + 30 + 31 + 30 + 31 = 184 days; 2024 has 366
    message = judged(facts, "P2")[1]["periods_differ"].message
    assert "本对象184天,同类最短184天、最长366天,2023年至2024年" in message
    assert "periods_differ" in judged(facts, "P1")[1]


def test_other_standard_of_quality_is_said(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    subject_of("P2")["quality_standard"] = "物业服务质量考核办法(虚构)60分以上"
    assert "quality_standards_differ" in judged(facts, "P1")[1]


def test_negative_share_of_a_pool_is_said(judged: Judged, facts: Rows) -> None:
    facts["shared_costs"][0]["amount"] = -312000
    # 312000 × 30000/78000 = 120000; −120000 + 3333.33
    assert "(-116666.67元)" in judged(facts, "P2")[1]["shared_cost_negative"].message


def test_year_that_is_missing_is_named(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    del subject_of("P2")["year"]
    indicators, findings = judged(facts, "P2")
    assert indicators["C_BENCH"].final is None
    assert "year_missing" in findings
