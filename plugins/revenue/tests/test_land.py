"""The land pack against its worked example, the example against exact fractions, its analyses, and evidence that means harm."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from by_hand import banded, cells, exact, rate, rounded, share, text, two_sided

import workbench as wb

PACK = "revenue-land"
ROOT = Path(__file__).resolve().parents[3]
HALF = Fraction(1, 2)
Rows = list[dict[str, Any]]
Points = dict[str, Fraction | None]
Judged = Callable[[Any, str], tuple[dict[str, Any], dict[str, str]]]
RowOf = Callable[[dict[str, Rows], str, str], dict[str, Any]]


@pytest.fixture
def example(example_of: Callable[[str], Any]) -> Any:
    return example_of(PACK)


# ---------------------------------------------------------------------------------------------------------------------
# The example's scores, once more without the engine
# ---------------------------------------------------------------------------------------------------------------------


def total(rows: Rows, field: str) -> Fraction:
    return sum((r[field] for r in rows), Fraction(0))


def bounded(value: Fraction | None) -> Fraction:
    assert value is not None
    return value


def decision(s: dict[str, Any], yes: dict[str, Any], sold: Rows) -> Points:
    policy = [yes[n] == "是" for n in ("plan_public", "appraised", "public_sale", "no_discount")]
    goal = [yes[n] == "是" for n in ("forecast", "linked", "cost_budgeted")]
    found: Points = {"D_POLICY": rounded(Fraction(4 * sum(policy), 4)), "D_TARGET": rounded(Fraction(3 * sum(goal), 3))}
    if s["months"] != 12:
        return found | dict.fromkeys(("D_AREA", "D_PRICE", "D_INIT", "D_ADJ"))
    area = bounded(rate(total(sold, "area"), s["plan_area"]))
    price = bounded(rate(total(sold, "price"), s["plan_price"]))
    early = bounded(rate(s["collected"] - s["initial_budget"], s["initial_budget"]))
    late = bounded(rate(s["collected"] - s["adjusted_budget"], s["adjusted_budget"]))
    return found | {
        "D_AREA": two_sided(4, area - 100, 10, 10, HALF),
        "D_PRICE": two_sided(3, price - 100, 10, 10, HALF),
        "D_INIT": two_sided(3, early, 10, 10, HALF),
        "D_ADJ": two_sided(3, late, 5, 5, HALF),
    }


def collecting(s: dict[str, Any], sold: Rows, old: Rows, costs: Rows, accruals: Rows) -> Points:
    due, paid = total(sold, "due"), total(sold, "paid")
    known = all("penalty_due" in p for p in sold)
    penalties = [*sold, *old]
    cost = total(costs, "amount")
    bases = {"土地出让收益": max(s["collected"] - cost, Fraction(0)), "土地出让收入": s["collected"]}
    asked = sum((bases[a["base"]] * a["rate"] / 100 for a in accruals), Fraction(0))
    traced = total([c for c in costs if "parcel" in c], "amount")
    return {
        "M_DUE": banded(7, rate(due - paid, due), [(0, 100), (5, 80), (10, 60), (20, 30)], lower=True),
        "M_TIMELY": share(5, rate(total(sold, "paid_on_time"), due)),
        "M_PENALTY": share(3, rate(total(penalties, "penalty_paid"), total(penalties, "penalty_due")))
        if known
        else None,
        "M_TREASURY": share(6, rate(s["collected"], s["received"]), exact=True),
        "M_OLD": banded(4, rate(total(old, "paid"), total(old, "due")), [(50, 100), (30, 80), (10, 50)]),
        "M_COST": share(4, rate(traced, cost)),
        "M_ACCRUE": share(6, rate(total(accruals, "accrued"), asked), exact=True),
    }


def revenue(
    s: dict[str, Any], offered: Rows, sold: Rows, old: Rows, costs: Rows, months: Rows, prices: dict[str, Any]
) -> Points:
    budget = s.get("adjusted_budget", s["initial_budget"])
    pace = bounded(rate(s["collected"], budget)) - rounded(s["months"] * 100 / 12)
    december = rate(months[-1]["collected"], total(months, "collected")) if s["months"] == 12 else None
    bids = [p for p in sold if p["mode"] != "协议"]
    start = total(bids, "start_price")
    net = rate(s["collected"] - total(costs, "amount"), s["collected"]) if costs else None
    unit = rounded(total(sold, "price") / total(sold, "area"))
    standard = rounded(sum((p["area"] * prices[p["use"]] for p in sold), Fraction(0)) / total(sold, "area"))
    below = bounded(rate(standard - unit, standard))
    near = next((p for within, p in [(0, 100), (10, 80), (20, 60), (40, 30)] if below <= within), 0)
    failed = [p for p in offered if p["result"] != "成交"]
    return {
        "R_TIME": two_sided(4, pace, 10, 10, Fraction(1)),
        "R_DEC": banded(3, december, [(15, 100), (20, 80), (30, 50), (40, 20)], lower=True),
        "R_REAL": share(5, rate(s["collected"] - total([*sold, *old], "returned"), s["collected"])),
        "R_NET": banded(7, net, [(40, 100), (30, 80), (20, 60), (10, 30)]),
        "R_PREMIUM": two_sided(3, bounded(rate(total(bids, "price") - start, start)) - 15, 10, 5, HALF),
        "R_FAIL": banded(4, rate(len(failed), len(offered)), [(0, 100), (10, 80), (20, 50), (30, 20)], lower=True),
        "R_UNIT": rounded(Fraction(4 * near, 100)),
    }


def effect(s: dict[str, Any], built: Rows, costs: Rows, survey: dict[str, Any] | None) -> Points:
    due = [p for p in built if p["build"] != "未到期"]
    idle = [p for p in due if p["build"].startswith("闲置")]
    settled = [p for p in idle if p["build"] == "闲置已处置"]
    rural = None
    if costs:
        reached = bounded(rate(s["rural"], s["collected"] - total(costs, "amount")))
        rural = rounded(5 * min(reached / s["rural_target"], Fraction(1)))
    return {
        "B_RURAL": rural,
        "B_IDLE": banded(
            4, rate(total(idle, "area"), total(due, "area")), [(0, 100), (5, 80), (10, 50), (20, 20)], lower=True
        ),
        "B_DISPOSE": share(2, rate(total(settled, "area"), total(idle, "area"))),
        "B_SAT": banded(4, rate(survey["satisfied"], survey["valid"]), [(90, 100), (80, 80), (60, 50)])
        if survey
        else None,
    }


def points_of(facts: dict[str, Rows], subject: str) -> Points:
    def rows(table: str) -> Rows:
        return [exact(r) for r in facts[table] if r["subject"] == subject]

    (s,), (yes,) = rows("subjects"), rows("decision")
    parcels, costs = rows("parcels"), rows("costs")
    offered = [p for p in parcels if p["period"] == "本期"]
    sold = [p for p in offered if p["result"] == "成交"]
    old = [p for p in parcels if p["period"] != "本期"]
    prices = {r["item"][:2]: Fraction(r["value"]) for r in facts["benchmark_values"]}
    found = decision(s, yes, sold) | collecting(s, sold, old, costs, rows("accruals"))
    found |= revenue(s, offered, sold, old, costs, rows("monthly"), prices)
    return found | effect(s, [*sold, *old], costs, next(iter(rows("survey")), None))


@pytest.mark.parametrize("subject", ["L1", "L2", "L3"])
def test_expected_points_are_what_fractions_give(example: Any, subject: str) -> None:
    expected = example.expected()[subject]["indicators"]
    points = points_of(example.facts(), subject)
    assert {code: text(p) for code, p in points.items()} == {code: line["points"] for code, line in expected.items()}


@pytest.mark.parametrize(("subject", "taken_off"), [("L1", 0), ("L2", 2 * 3 + 5 + 3)])
def test_totals_are_the_sums_of_what_is_shown(example: Any, subject: str, taken_off: int) -> None:
    points = points_of(example.facts(), subject)
    sum_ = sum((p for p in points.values() if p is not None), Fraction(0))
    assert text(sum_ - taken_off) == example.expected()[subject]["total"]


def test_open_subject_has_an_interval_and_much_that_does_not_apply(example: Any, judged: Judged) -> None:
    evaluation = example.open(example.facts())
    found = evaluation.subject("L3")
    # 7/7 → 20.00; 14.85 … 27.85 of 31 → 35; 16 … 23 of 27 → 30; 4 … 13 of 13 → 15
    assert (found.total, found.interval, found.provisional) == (None, ["59.17", "92.00"], True)
    assert {"cost_missing", "not_applicable_share"} <= set(judged(evaluation, "L3")[1])


# ---------------------------------------------------------------------------------------------------------------------
# Analyses
# ---------------------------------------------------------------------------------------------------------------------


def test_from_gross_to_net_income_adds_up(example: Any) -> None:
    rows = cells(example.open(example.facts()), "net_income", "L1")
    amounts = {str(r[0]): Decimal(str(r[1])) for r in rows}
    # 58800 − 18000 − 9000 − 2000 − 1000 = 28800; − 2880 − 2304 = 23616
    assert (amounts["净收益"], amounts["可统筹财力"]) == (28800, 23616)
    steps = [Decimal(str(r[1])) for r in rows if r[2] is False]
    assert amounts["累计入库数"] + sum(steps) == amounts["可统筹财力"]


def test_negative_net_income_is_drawn_as_it_is(example: Any, row_of: RowOf, judged: Judged) -> None:
    rows = example.facts()
    row_of(rows, "costs", "L2")["amount"] = 17000
    evaluation = example.open(rows)
    amounts = {r[0]: r[1] for r in cells(evaluation, "net_income", "L2")}
    assert amounts["净收益"] == "-1000.00"
    indicators, findings = judged(evaluation, "L2")
    assert (indicators["R_NET"].value, indicators["R_NET"].final) == ("-3.85", "0.00")
    assert indicators["B_RURAL"].status == "not_applicable"
    # nothing of the negative yield, 2 % of the revenue: 180 of 520
    assert indicators["M_ACCRUE"].value == "34.62"
    assert {"net_negative", "debt_over_net"} <= set(findings)


def test_overdue_parcels_come_largest_first(example: Any) -> None:
    rows = cells(example.open(example.facts()), "overdue", "L2")
    assert [(r[0], r[8]) for r in rows] == [("QH2020-03", "2850.00"), ("QH2024-02", "2000.00")]


def test_uses_have_their_own_benchmark(example: Any) -> None:
    rows = cells(example.open(example.facts()), "uses", "L1")
    assert [(r[0], r[4], r[5]) for r in rows] == [
        ("住宅", "3750.00", "4000.00"),
        ("商服", "4000.00", "4500.00"),
        ("工业", "857.14", "800.00"),
    ]


def test_dependence_is_observed_for_all_and_never_scored(example: Any) -> None:
    evaluation = example.open(example.facts())
    (found,) = [a for a in evaluation.result().analyses if a.name == "compare"]
    shares = {row[0]: row[4] for row in found.rows}
    # 58800/150000, 26000/56000, 8000/27000, 20000/80000
    assert shares == {"L2": "46.43", "L1": "39.20", "L3": "29.63", "R1": "25.00"}
    assert [i.code for i in example.pack.indicators if "依赖" in i.name] == []


# ---------------------------------------------------------------------------------------------------------------------
# Evidence that means harm
# ---------------------------------------------------------------------------------------------------------------------


def test_findings_of_the_example(example: Any, judged: Judged) -> None:
    evaluation = example.open(example.facts())
    found = set(judged(evaluation, "L2")[1])
    wanted = {"returned_to_buyer", "fictitious", "cheap", "platform_bought", "agreed_sale", "treasury_over", "idle"}
    assert wanted | {"accrual_unfounded", "rural_without_document", "debt_over_net", "december_rush"} <= found
    assert {"rural_short", "accrual_short", "treasury_short"} <= set(judged(evaluation, "L1")[1])


def test_returned_money_is_no_revenue(example: Any, row_of: RowOf, judged: Judged) -> None:
    rows = example.facts()
    row_of(rows, "parcels", "L1")["returned"] = 5880
    evaluation = example.open(rows)
    indicators, findings = judged(evaluation, "L1")
    assert (indicators["R_REAL"].value, indicators["R_REAL"].final) == ("90.00", "4.50")
    assert "52920万元" in findings["returned_to_buyer"]
    assert evaluation.subject("L1").total == "84.53"  # 88.03 − 0.50 − 3


def test_blank_due_is_unscored_not_zero(example: Any, row_of: RowOf, judged: Judged) -> None:
    rows = example.facts()
    del row_of(rows, "parcels", "L1")["due"]
    indicators, _ = judged(example.open(rows), "L1")
    assert [indicators[c].status for c in ("M_DUE", "M_TIMELY")] == ["unscored", "unscored"]
    assert indicators["M_OLD"].final == "4.00"


def test_nothing_sold_divides_by_nothing(example: Any, judged: Judged) -> None:
    rows = example.facts()
    rows["parcels"] = [p for p in rows["parcels"] if p["subject"] != "L1" or p["result"] != "成交"]
    indicators, findings = judged(example.open(rows), "L1")
    assert (indicators["R_FAIL"].value, indicators["R_FAIL"].final) == ("100.00", "0.00")
    assert [indicators[c].final for c in ("M_DUE", "R_PREMIUM", "R_UNIT", "B_IDLE")] == [None] * 4
    assert {"none_sold", "one_parcel"} <= set(findings)


def test_zero_collected_is_unscored_and_not_a_crash(example: Any, row_of: RowOf, judged: Judged) -> None:
    rows = example.facts()
    row_of(rows, "subjects", "L1").update(collected=0, received=0)
    indicators, findings = judged(example.open(rows), "L1")
    assert [indicators[c].final for c in ("M_TREASURY", "R_REAL", "R_NET")] == [None] * 3
    assert indicators["D_INIT"].value == "-100.00"
    assert "net_negative" in findings


def test_more_paid_than_due_is_an_error(example: Any, row_of: RowOf) -> None:
    rows = example.facts()
    row_of(rows, "parcels", "L1")["paid"] = 31000
    findings = {f.code: f.severity for f in example.open(rows).subject("L1").findings}
    assert findings["parcels_contradictory"] == "error"


def test_price_below_the_start_is_an_error(example: Any, row_of: RowOf, judged: Judged) -> None:
    rows = example.facts()
    row_of(rows, "parcels", "L1")["price"] = 23000
    row_of(rows, "parcels", "L1")["due"] = 23000
    assert "below_start" in judged(example.open(rows), "L1")[1]


def test_unknown_price_of_one_use_leaves_the_unit_price_unscored(example: Any, judged: Judged) -> None:
    rows = example.facts()
    rows["benchmark_values"] = [r for r in rows["benchmark_values"] if not r["item"].startswith("工业")]
    indicators, findings = judged(example.open(rows), "L1")
    assert (indicators["R_UNIT"].value, indicators["R_UNIT"].final) == ("2736.84", None)
    assert "benchmark_missing" in findings


def test_missing_month_leaves_december_unscored(example: Any, judged: Judged) -> None:
    rows = example.facts()
    rows["monthly"].remove(next(m for m in rows["monthly"] if m["subject"] == "L1" and m["month"] == 7))
    indicators, findings = judged(example.open(rows), "L1")
    assert indicators["R_DEC"].final is None
    assert "months_missing" in findings


@pytest.mark.parametrize("factor", [10000, Decimal("0.0001")])
def test_other_unit_is_said(example: Any, row_of: RowOf, judged: Judged, factor: Any) -> None:
    rows = example.facts()
    subject = row_of(rows, "subjects", "L1")
    subject["collected"] = Decimal(subject["collected"]) * factor
    assert "unit_mixed_up" in judged(example.open(rows), "L1")[1]


def test_nothing_but_a_name_is_unscored_everywhere(example: Any, judged: Judged) -> None:
    rows = {table: [] for table in example.facts()} | {"subjects": [{"subject": "L1", "name": "空白县(虚构)"}]}
    evaluation = example.open(rows)
    indicators, findings = judged(evaluation, "L1")
    assert {i.final for i in indicators.values()} == {None}
    assert evaluation.subject("L1").interval == ["0.00", "100.00"]
    assert "violations_unchecked" in findings


# ---------------------------------------------------------------------------------------------------------------------
# The published plan (../shared/data/revenue_execution.csv: 大姚县 2024-01..04, 政府性基金收入)
# ---------------------------------------------------------------------------------------------------------------------


def test_published_rates_are_reproduced(judged: Judged) -> None:
    evaluation = wb.open("params/revenue_land_dayao_2024.yaml", workspace=ROOT)
    # 2236/25200 = 8.87 %, published 8.9; 367/(2236 − 367) = 19.64 %, published 19.6
    rows = cells(evaluation, "published_check", "DY")
    assert [(r[4], r[5], r[8]) for r in rows] == [("8.90", "8.87", "一致"), ("19.60", "19.64", "一致")]
    indicators, findings = judged(evaluation, "DY")
    # 8.87 against 33.33: 24.46 off, 14.46 beyond the tolerance, one point for each ten
    assert (indicators["R_TIME"].value, indicators["R_TIME"].final) == ("8.87", "2.55")
    assert {"wide_scope", "behind_time", "cost_missing"} <= set(findings)
    assert "dependence" not in findings
