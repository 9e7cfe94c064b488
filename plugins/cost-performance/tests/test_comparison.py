"""Three axes of comparison, adjustment factors, like-for-like reduction and the proposed quota: numbers and gaps."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

Rows = dict[str, list[dict[str, Any]]]
Judged = Callable[[Rows, str], tuple[dict[str, Any], dict[str, Any]]]
Analysed = Callable[[Rows, str, str], list[dict[str, Any]]]
SubjectOf = Callable[[str], dict[str, Any]]


def axis(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(row for row in rows if row["axis"] == name)


def test_three_axes_side_by_side(analysed: Analysed, facts: Rows) -> None:
    rows = analysed(facts, "three_axes", "P2")
    assert len(rows) == 11
    history, peers, mark = (axis(rows, f"人均:{name}") for name in ("历史(上年)", "同类平均", "对标值"))
    # 2350 × 1.02; (2400 − 2397)/2397 = 0.125…%
    assert (history["raw"], history["adjusted"], history["deviation"]) == ("2350.00", "2397.00", "0.13")
    # Raw (2712000 + 1250000 + 1123600)/2100 = 2421.714…; adjusted 5022000/2100 × 0.98 = 2343.60; effect on the standard 0.9677
    assert (peers["raw"], peers["adjusted"], peers["factor"]) == ("2421.71", "2343.60", "0.9677")
    assert (mark["raw"], mark["factor"], mark["adjusted"], mark["gap"]) == ("2300.00", "0.9800", "2254.00", "146.00")


def test_deviation_shown_is_the_one_that_scores(analysed: Analysed, judged: Judged, facts: Rows) -> None:
    # (11400 − 10754.21)/10754.21 = 6.0050…% → 6.00, from the numbers shown; unrounded it would be 6.01.
    shown = axis(analysed(facts, "three_axes", "P3"), "物均:同类平均")
    assert shown["deviation"] == "6.00"
    assert "高于同类水平6%" in judged(facts, "P3")[0]["C_OBJ"].explanation


def test_factor_that_one_peer_lacks_is_not_used(
    judged: Judged, analysed: Analysed, facts: Rows, subject_of: SubjectOf
) -> None:
    del subject_of("R2")["price_factor"]
    indicators, findings = judged(facts, "P2")
    # Raw unit costs: lowest 50, highest 62; (62 − 52)/12 × 4 = 3.33
    assert (indicators["C_PEER"].value, indicators["C_PEER"].final) == ("52.00", "3.33")
    assert {"factor_not_shared", "not_adjusted"} <= set(findings)
    effect = analysed(facts, "adjustment_factors", "P2")[0]
    assert (effect["factor"], effect["effect"]) == ("1.0000", "0.00")
    assert effect["used"] == "没有全部可比对象都填写的系数,未调整"


def test_factors_multiply_and_their_effect_is_shown(analysed: Analysed, facts: Rows) -> None:
    for row in facts["subjects"]:
        row |= {"scale_factor": "1.1", "economy_factor": "1.2"}
    shown = analysed(facts, "adjustment_factors", "R3")[0]
    # 1.1 × 1.2 × 1.06 = 1.3992; 56.18/1.3992 = 40.1515…; 40.1515 − 56.18 = −16.0284…
    assert (shown["used"], shown["factor"]) == ("城市规模 经济水平 物价水平", "1.3992")
    assert (shown["adjusted"], shown["effect"]) == ("40.15", "-16.03")


def test_no_factor_is_no_adjustment_and_said(judged: Judged, facts: Rows) -> None:
    for row in facts["subjects"]:
        for name in ("scale_factor", "price_factor", "factor_source"):
            row.pop(name, None)
    indicators, findings = judged(facts, "P1")
    # Against the benchmark itself: (56.50 − 55)/55 = 2.73 %, within 5 %: 3 × 60 %.
    assert indicators["C_BENCH"].final == "1.80"
    assert {"not_adjusted", "benchmark_not_adjusted"} <= set(findings)


def test_factor_without_source_is_said(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    del subject_of("P2")["factor_source"]
    assert "factor_unsourced" in judged(facts, "P2")[1]


def test_national_average_comes_first_and_without_benchmarks_nothing_is_scored(judged: Judged, facts: Rows) -> None:
    assert judged(facts, "P1")[0]["C_BENCH"].explanation.count("56.1元") == 1  # 55 of 2023, not 54 of 2024
    facts["benchmark_values"] = []
    indicators, findings = judged(facts, "P1")
    assert (indicators["C_BENCH"].final, indicators["C_HEAD"].final) == (None, None)
    assert "benchmark_none" in findings


@pytest.mark.parametrize(
    ("field", "code", "finding"), [("persons", "C_HEAD", "zero_persons"), ("objects", "C_OBJ", "zero_objects")]
)
def test_zero_staff_or_objects_is_unscored(
    judged: Judged, facts: Rows, subject_of: SubjectOf, field: str, code: str, finding: str
) -> None:
    subject_of("P1")[field] = 0
    indicators, findings = judged(facts, "P1")
    assert (indicators[code].value, indicators[code].final) == (None, None)
    assert finding in findings


def test_object_not_judged_per_head_does_not_need_persons(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    subject_of("P1").update(per_head="否", persons=0)
    indicators, findings = judged(facts, "P1")
    assert indicators["C_HEAD"].status == "not_applicable"
    assert "zero_persons" not in findings


# ---------------------------------------------------------------------------------------------------------------------
# Like-for-like reduction
# ---------------------------------------------------------------------------------------------------------------------


def test_reduction_by_item(analysed: Analysed, facts: Rows) -> None:
    lines = {row["item"]: row for row in analysed(facts, "reduction_lines", "P2")}
    # (2400 × 1.03 − 2200) × 150 = 40800; 1 − 2200/2472 = 11.0032…%
    assert [lines["电梯和消防维保"][k] for k in ("expected_unit_cost", "saved", "rate")] == [
        "2472.0000",
        "40800.00",
        "11.00",
    ]


@pytest.mark.parametrize(
    ("field", "finding"), [("comparable", "comparable_unsaid"), ("price_index", "comparable_incomplete")]
)
def test_gap_in_a_comparable_item_leaves_the_rate_unscored(
    judged: Judged, facts: Rows, field: str, finding: str
) -> None:
    del facts["comparable"][0][field]
    indicators, findings = judged(facts, "P1")
    assert indicators["C_LIKE"].final is None
    assert finding in findings


def test_dearer_than_last_year_gets_nothing(judged: Judged, facts: Rows) -> None:
    facts["comparable"] = [facts["comparable"][0] | {"unit_cost": 5300}]
    indicators, _ = judged(facts, "P1")
    # 1 − 5300/(5000 × 1.04) = −1.923…%
    assert (indicators["C_LIKE"].value, indicators["C_LIKE"].final) == ("-1.92", "0.00")


def test_reduction_with_quality_missed_is_said(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    subject_of("P1")["quality_target"] = 97
    assert "合格率96%没有达到目标97%" in judged(facts, "P1")[1]["cheaper_but_worse"].message


def test_default_target_is_said_to_be_an_example(judged: Judged, facts: Rows) -> None:
    assert "示例" in judged(facts, "P2")[1]["reduction_target_default"].message


# ---------------------------------------------------------------------------------------------------------------------
# 评价结束出标准
# ---------------------------------------------------------------------------------------------------------------------


def test_quota_from_efficient_peers(analysed: Analysed, judged: Judged, facts: Rows) -> None:
    row = analysed(facts, "quota_proposal", "P2")[0]
    # (1250000 + 1060000 + 1560000/0.98)/75000 = 52.0244…; local 52.02 × 0.98 = 50.9796
    assert [row[k] for k in ("member", "quota", "low", "high", "local_quota")] == [
        True,
        "52.02",
        "50.00",
        "53.06",
        "50.98",
    ]
    assert analysed(facts, "quota_proposal", "P1")[0]["member"] is False
    assert (
        "没有" in analysed(facts, "quota_proposal", "R2")[0]["reason"]
        or "不明" in analysed(facts, "quota_proposal", "R2")[0]["reason"]
    )
    assert "建议定额50.98元,区间49元—52元" in judged(facts, "P2")[1]["quota_proposed"].message


def test_quality_missed_keeps_a_cheap_object_out(analysed: Analysed, facts: Rows, subject_of: SubjectOf) -> None:
    subject_of("R1")["quality_target"] = 100
    subject_of("R1")["qualified_output"] = 24000
    row = analysed(facts, "quota_proposal", "R1")[0]
    assert (row["member"], row["reason"].split(";")[0]) == (False, "合格率没有达到目标,不参加测算")
    # Four left (53, 53.06, 56.50, 60), lower half two of them.
    assert row["quota"] is None


def test_too_few_efficient_peers_give_no_quota(judged: Judged, analysed: Analysed, facts: Rows) -> None:
    kept = {"P1", "R1", "R3"}
    rows = {t: [r for r in records if r.get("subject", "P1") in kept] for t, records in facts.items()}
    _, findings = judged(rows, "P1")
    assert "不足3个" in findings["quota_too_few"].message
    assert "quota_proposed" not in findings
    assert analysed(rows, "quota_proposal", "P1")[0]["quota"] is None


def test_unit_cost_table_uses_the_shown_unit_cost(analysed: Analysed, facts: Rows) -> None:
    row = analysed(facts, "unit_costs", "P1")[0]
    assert [row[k] for k in ("unit_cost", "standard", "over_rate", "quality")] == ["56.50", "55.00", "2.73", "96.00"]


def test_cost_by_item_and_by_activity_add_up_to_the_collected_cost(analysed: Analysed, facts: Rows) -> None:
    items = analysed(facts, "cost_items", "P1")
    assert (items[-1]["label"], items[-1]["amount"]) == ("归集成本合计", "2712000.00")
    assert sum(Decimal(r["amount"]) for r in items if not r["total"]) == Decimal(items[-1]["amount"])
    activities = analysed(facts, "cost_by_activity", "P1")
    assert sum(Decimal(r["amount"]) for r in activities) == Decimal("2712000.00")
    assert [r["overhead"] for r in activities if r["activity"] == "公共成本分摊"] == ["195333.34"]


def test_formula_of_the_adjusted_unit_cost_keeps_its_brackets(judged: Judged, facts: Rows) -> None:
    # 1560000 / (30000 × 0.98) = 53.0612…
    assert judged(facts, "P2")[0]["C_PEER"].substituted == "1560000元÷(30000×0.98)=53.06元"
