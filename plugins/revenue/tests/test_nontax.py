"""The non-tax pack against its worked example, the example against exact fractions, its analyses, and evidence that means harm."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from by_hand import banded, cells, compared, exact, rate, rounded, share, text, two_sided

import workbench as wb

PACK = "revenue-nontax"
ROOT = Path(__file__).resolve().parents[3]
Points = dict[str, Fraction | None]
Judged = Callable[[Any, str], tuple[dict[str, Any], dict[str, str]]]
RowOf = Callable[[dict[str, list[dict[str, Any]]], str, str], dict[str, Any]]


@pytest.fixture
def example(example_of: Callable[[str], Any]) -> Any:
    return example_of(PACK)


# ---------------------------------------------------------------------------------------------------------------------
# The example's scores, once more without the engine: fractions, and the rules as the pack's document words them
# ---------------------------------------------------------------------------------------------------------------------


def decision(s: dict[str, Any], items: list[dict[str, Any]], yes: dict[str, Any]) -> Points:
    ticks = [yes[n] == "是" for n in ("basis_complete", "standard_kept", "published", "reviewed")]
    goal = 40 * (yes["forecast"] == "是") + 40 * (yes["linked"] == "是") + 20
    initial, adjusted = s["initial_budget"], s["adjusted_budget"]
    early, late = rate(s["collected"] - initial, initial), rate(s["collected"] - adjusted, adjusted)
    assert early is not None and late is not None
    return {
        "D_LIST": share(6, rate(sum(i["listed"] == "是" for i in items), len(items))),
        "D_BASIS": rounded(Fraction(4 * sum(ticks), 4)),
        "D_TARGET": rounded(Fraction(3 * goal, 100)) if yes["no_quota"] == "是" else Fraction(0),
        "D_INIT": two_sided(4, early, 5, 5, Fraction(1, 2)),
        "D_ADJ": two_sided(3, late, 2, 2, Fraction(1, 2)),
    }


def collecting(s: dict[str, Any], dues: list[dict[str, Any]], c: dict[str, Any]) -> Points:
    now = [d for d in dues if d["age"] == "本年应收"]
    old = [d for d in dues if d["age"] != "本年应收"]
    net = sum((d["due"] - d["relieved"] for d in now), Fraction(0))
    on_time = sum((d["on_time"] for d in now), Fraction(0))
    later = sum((d["later"] for d in now), Fraction(0))
    owed = sum((d["due"] - d["relieved"] for d in old), Fraction(0))
    cleared = sum((d["later"] for d in old), Fraction(0))
    return {
        "M_PAID": share(6, rate(on_time + later, net), exact=True),
        "M_ONTIME": share(5, rate(c["remitted_on_time"], c["received"])),
        "M_NEW": share(3, rate(later, net - on_time)),
        "M_OLD": banded(3, rate(cleared, owed), [(50, 100), (30, 80), (10, 50)]),
        "M_ELEC": share(4, rate(c["electronic"], c["received"])),
        "M_BILL": share(4, rate(c["bills_checked"] - c["bills_faulty"], c["bills_checked"])),
        "M_RELIEF": share(4, rate(c["relief_enjoyed"], c["relief_eligible"]), exact=True),
        "M_TIMELY": share(3, rate(c["relief_on_time"], c["relief_enjoyed"])),
        "M_COST": banded(3, rate(c["cost"], s["collected"]), [(1, 100), (2, 80), (3, 60), (5, 30)], lower=True),
    }


def revenue(
    s: dict[str, Any], items: list[dict[str, Any]], months: list[dict[str, Any]], c: dict[str, Any], national: Fraction
) -> Points:
    total = sum((i["amount"] for i in items), Fraction(0))
    like = sum((i["amount"] - i["one_off"] - i["policy"] for i in items), Fraction(0))
    base = sum((i["previous"] - i["previous_one_off"] for i in items), Fraction(0))
    full = len(months) == 12
    year = sum((m["collected"] for m in months), Fraction(0))
    apart = sum((abs(m["collected"] - year / 12) for m in months), Fraction(0))
    even = rounded(100 - apart / (2 * year) * 100) if full else None
    growth, pace, part = (
        rate(like - base, base),
        rate(s["collected"], s["adjusted_budget"]),
        rate(s["collected"], s["general_revenue"]),
    )
    assert growth is not None and pace is not None and part is not None
    december = rate(months[-1]["collected"], year) if full else None
    return {
        "R_TIME": two_sided(5, pace - 100, 5, 5, Fraction(1)),
        "R_DEC": banded(4, december, [(10, 100), (15, 80), (20, 50), (25, 20)], lower=True),
        "R_EVEN": banded(4, even, [(90, 100), (80, 80), (70, 50), (60, 20)]),
        "R_GROW": two_sided(5, growth - s["gdp_growth"], 5, 2, Fraction(1, 2)) if "gdp_growth" in s else None,
        "R_ONEOFF": banded(
            4,
            rate(sum((i["one_off"] for i in items), Fraction(0)), total),
            [(10, 100), (20, 80), (30, 50), (40, 20)],
            lower=True,
        ),
        "R_SHARE": compared(5, part, national, [(10, 80), (30, 60), (60, 30)]),
        "R_TRUE": share(3, rate(c["bills_amount"], c["received"]), exact=True),
    }


def effect(b: dict[str, Any], survey: dict[str, Any] | None) -> Points:
    burden = rounded(b["enterprise_fees"] * 10000 / b["enterprises"])
    before = rounded(b["previous_enterprise_fees"] * 10000 / b["previous_enterprises"])
    pleased = None
    if survey is not None:
        satisfied = survey.get("satisfied") or survey["very_satisfied"] + survey["fairly_satisfied"]
        pleased = rate(satisfied, survey["valid"])
    return {
        "B_BURDEN": compared(4, burden, before, [(5, 80), (10, 50)]),
        "B_USE": share(3, rate(b["special_used"], b["special_income"])),
        "B_POLICY": rounded(3 * b["policy_degree"] / 100),
        "B_SAT": banded(5, pleased, [(90, 100), (80, 80), (60, 50)]),
    }


def points_of(facts: dict[str, list[dict[str, Any]]], subject: str) -> Points:
    def rows(table: str) -> list[dict[str, Any]]:
        return [exact(r) for r in facts[table] if r["subject"] == subject]

    (s,), (c,), (yes,), (b,) = (rows(t) for t in ("subjects", "collection", "decision", "benefit"))
    chosen = [r for r in facts["benchmark_values"] if r["scope"] == "全国平均" and r["year"] <= 2024]
    national = Fraction(max(chosen, key=lambda r: int(r["year"]))["value"])
    found = decision(s, rows("items"), yes) | collecting(s, rows("dues"), c)
    found |= revenue(s, rows("items"), rows("monthly"), c, national)
    return found | effect(b, next(iter(rows("survey")), None))


@pytest.mark.parametrize("subject", ["N1", "N2", "N3"])
def test_expected_points_are_what_fractions_give(example: Any, subject: str) -> None:
    expected = example.expected()[subject]["indicators"]
    points = points_of(example.facts(), subject)
    assert {code: text(p) for code, p in points.items()} == {code: line["points"] for code, line in expected.items()}


def test_totals_are_the_sums_of_what_is_shown(example: Any) -> None:
    points = points_of(example.facts(), "N1")
    assert text(sum((p for p in points.values() if p is not None), Fraction(0))) == example.expected()["N1"]["total"]
    # N2: 征管 17.54/28 → 21.93 of 35, 效益 6.45/12 → 8.06 of 15; 5 for the unlisted item, 5 + 3 for what the audit found
    second = points_of(example.facts(), "N2")
    sums = {
        level: sum((p for c, p in second.items() if c[0] == level and p is not None), Fraction(0)) for level in "DMRB"
    }
    total = sums["D"] + rounded(sums["M"] * 35 / 28) + sums["R"] + rounded(sums["B"] * 15 / 12) - 13
    assert text(total) == example.expected()["N2"]["total"]


def test_open_subject_has_an_interval(example: Any) -> None:
    found = example.open(example.facts()).subject("N3")
    # 18.05 + 28.20×35/29 + 17.00 + 5.60×15/12; at most 13 more in 收入 and 5 more before the 折算 of 效益
    assert (found.total, found.interval, found.provisional) == (None, ["76.08", "95.33"], True)


# ---------------------------------------------------------------------------------------------------------------------
# Analyses
# ---------------------------------------------------------------------------------------------------------------------


def test_growth_splits_into_causes_that_add_up(example: Any) -> None:
    rows = cells(example.open(example.facts()), "growth_causes", "N1")
    # 20000 − 2000 + (18500 − 18000) − 300 + 2800 = 21000
    assert [r[1] for r in rows] == ["20000.00", "-2000.00", "500.00", "-300.00", "2800.00", "21000.00"]
    assert sum(Decimal(str(r[1])) for r in rows[:-1]) == Decimal(str(rows[-1][1]))


def test_growth_by_item_adds_up_and_names_every_item(example: Any) -> None:
    rows = cells(example.open(example.facts()), "growth_items", "N2")
    steps = [Decimal(str(r[1])) for r in rows]
    assert sum(steps[:-1]) == steps[-1] == 13260
    assert rows[1][:2] == ["国有资产处置收入", "2500.00"]


def test_progress_stops_counting_at_a_missing_month(example: Any, row_of: RowOf) -> None:
    rows = example.facts()
    rows["monthly"].remove(next(m for m in rows["monthly"] if m["subject"] == "N2" and m["month"] == 3))
    reached = [r[2] for r in cells(example.open(rows), "progress", "N2")]
    assert reached[:3] == ["500.00", "900.00", None]
    assert set(reached[2:]) == {None}


def test_arrears_by_age_and_by_collector(example: Any) -> None:
    evaluation = example.open(example.facts())
    assert cells(evaluation, "arrears", "N2") == [
        ["本年应收", "1000.00", "100.00", "900.00", "10.00"],
        ["1年以内", "200.00", "20.00", "180.00", "10.00"],
        ["2至3年", "800.00", "80.00", "720.00", "10.00"],
    ]
    assert cells(evaluation, "collectors", "N2")[0] == ["资产管理中心", "1600.00", "1100.00", "500.00", "68.75"]


# ---------------------------------------------------------------------------------------------------------------------
# Evidence that means harm
# ---------------------------------------------------------------------------------------------------------------------


def test_findings_of_the_example(example: Any, judged: Judged) -> None:
    found = set(judged(example.open(example.facts()), "N2")[1])
    wanted = {"unlisted_items", "quota_issued", "fictitious", "retained", "held_back", "bills_differ", "december_rush"}
    assert wanted | {"growth_apart", "one_off_high", "share_high", "survey_by_unit_itself"} <= found


def test_zero_base_has_no_growth(example: Any, row_of: RowOf, judged: Judged) -> None:
    rows = example.facts()
    for item in rows["items"]:
        if item["subject"] == "N1":
            item.update(previous=0, previous_one_off=0)
    indicators, findings = judged(example.open(rows), "N1")
    assert (indicators["R_GROW"].value, indicators["R_GROW"].final) == (None, None)
    assert "zero_base" in findings


def test_negative_refunds_are_counted_and_said(example: Any, judged: Judged) -> None:
    rows = example.facts()
    refund = {"subject": "N1", "item": "退付以前年度收费", "category": "行政事业性收费收入", "listed": "是"}
    rows["items"].append(refund | {"amount": -1000, "previous": 0, "one_off": 0, "previous_one_off": 0, "policy": 0})
    indicators, findings = judged(example.open(rows), "N1")
    # (18500 − 1000 − 18000) / 18000
    assert indicators["R_GROW"].value == "-2.78"
    assert {"negative_items", "items_not_total"} <= set(findings)


def test_missing_factor_leaves_like_for_like_growth_unscored(example: Any, row_of: RowOf, judged: Judged) -> None:
    rows = example.facts()
    del row_of(rows, "items", "N1")["policy"]
    indicators, findings = judged(example.open(rows), "N1")
    assert indicators["R_GROW"].final is None
    assert indicators["R_ONEOFF"].final == "3.20"
    assert "factors_missing" in findings


def test_missing_month_leaves_evenness_unscored(example: Any, judged: Judged) -> None:
    rows = example.facts()
    rows["monthly"].remove(next(m for m in rows["monthly"] if m["subject"] == "N1" and m["month"] == 5))
    indicators, findings = judged(example.open(rows), "N1")
    assert [indicators[c].final for c in ("R_DEC", "R_EVEN")] == [None, None]
    assert "months_missing" in findings


def test_over_collection_is_not_good(example: Any, row_of: RowOf, judged: Judged) -> None:
    rows = example.facts()
    row_of(rows, "subjects", "N1").update(collected=31200, adjusted_budget=20800)
    row_of(rows, "dues", "N1")["on_time"] = 9000
    indicators, findings = judged(example.open(rows), "N1")
    assert (indicators["D_ADJ"].value, indicators["D_ADJ"].final) == ("50.00", "0.00")
    # 150 % of the budget: 45 points beyond the tolerance, nine off
    assert (indicators["R_TIME"].value, indicators["R_TIME"].final) == ("150.00", "0.00")
    # 11650 paid where 7150 were due: 6 × 100 / 162.94
    assert (indicators["M_PAID"].value, indicators["M_PAID"].final) == ("162.94", "3.68")
    assert {"over_budget", "over_paid", "treasury_differs"} <= set(findings)


def test_blank_due_is_unscored_not_zero(example: Any, row_of: RowOf, judged: Judged) -> None:
    rows = example.facts()
    del row_of(rows, "dues", "N1")["due"]
    indicators, findings = judged(example.open(rows), "N1")
    assert [indicators[c].final for c in ("M_PAID", "M_NEW")] == [None, None]
    assert [indicators[c].status for c in ("M_PAID", "M_NEW")] == ["unscored", "unscored"]
    assert indicators["M_OLD"].final == "3.00"
    assert "dues_incomplete" in findings


def test_one_item_only_is_said(example: Any, judged: Judged) -> None:
    rows = example.facts()
    rows["items"] = [i for i in rows["items"] if i["subject"] != "N1"] + [
        i for i in rows["items"] if i["subject"] == "N1"
    ][:1]
    indicators, findings = judged(example.open(rows), "N1")
    assert indicators["D_LIST"].value == "100.00"
    assert {"one_item", "items_not_total"} <= set(findings)


def test_part_year_takes_out_the_indicators_of_a_whole_year(example: Any, row_of: RowOf, judged: Judged) -> None:
    rows = example.facts()
    row_of(rows, "subjects", "N1")["months"] = 6
    rows["monthly"] = [m for m in rows["monthly"] if m["subject"] != "N1" or m["month"] <= 6]
    indicators, _ = judged(example.open(rows), "N1")
    assert {c for c, i in indicators.items() if i.status == "not_applicable"} == {"D_INIT", "D_ADJ", "R_DEC"}
    # 21000/20800 against half a year: 50.96 points off, 45.96 beyond the tolerance
    assert (indicators["R_TIME"].value, indicators["R_TIME"].final) == ("100.96", "0.00")
    # months 1 to 6 sum to 10300 and lie (50 + 650 + 250 + 100 + 100 + 250)/3 from their mean: 100 − (1400/3)/20600
    assert indicators["R_EVEN"].value == "97.73"


@pytest.mark.parametrize("factor", [10000, Decimal("0.0001")])
def test_other_unit_is_said(example: Any, row_of: RowOf, judged: Judged, factor: Any) -> None:
    rows = example.facts()
    subject = row_of(rows, "subjects", "N1")
    subject["collected"] = Decimal(subject["collected"]) * factor
    assert "unit_mixed_up" in judged(example.open(rows), "N1")[1]


def test_nothing_but_a_name_is_unscored_everywhere(example: Any, judged: Judged) -> None:
    rows = {table: [] for table in example.facts()} | {"subjects": [{"subject": "N1", "name": "空白县(虚构)"}]}
    evaluation = example.open(rows)
    indicators, findings = judged(evaluation, "N1")
    assert {i.final for i in indicators.values()} == {None}
    assert evaluation.subject("N1").interval == ["0.00", "100.00"]
    assert "violations_unchecked" in findings


def test_unchecked_violations_keep_the_grade_open_and_found_ones_count(example: Any, row_of: RowOf) -> None:
    rows = example.facts()
    del row_of(rows, "subjects", "N1")["violations_checked"]
    assert example.open(rows).subject("N1").provisional
    rows["violations"].append({"subject": "N1", "kind": "过头收费", "amount": 30, "document": "审计报告(虚构)"})
    assert example.open(rows).subject("N1").total == "89.92"  # 92.92 − 3


# ---------------------------------------------------------------------------------------------------------------------
# The published plan (../shared/data/revenue_execution.csv)
# ---------------------------------------------------------------------------------------------------------------------


def test_published_rates_are_reproduced(judged: Judged) -> None:
    evaluation = wb.open("params/revenue_nontax_published.yaml", workspace=ROOT)
    verdicts = {s: [r[8] for r in cells(evaluation, "published_check", s)] for s in ("ZZ", "DY", "LS", "QG")}
    assert verdicts == {"ZZ": ["一致"] * 3, "DY": ["一致"], "LS": ["公布数额不全,无法核对"] * 2, "QG": ["一致"] * 2}
    # 31397/67949, 16524/24627, 12762/34096, 5691.04/51304.03
    shares = {s: judged(evaluation, s)[0]["R_SHARE"].value for s in verdicts}
    assert shares == {"ZZ": "46.21", "DY": "67.10", "LS": "37.43", "QG": "11.09"}
    # 12762 / 40.4 %: the budget the page does not print
    assert cells(evaluation, "published_check", "LS")[0][-1] == "31589"
    assert "share_high" in judged(evaluation, "DY")[1]


def test_wrong_published_rate_is_an_error(example: Any, judged: Judged) -> None:
    rows = example.facts()
    claim = {"item": "非税收入", "measure": "同比增幅", "amount": 21000, "base": 20000, "amount_step": 1}
    rows["published"] = [{"subject": "N1"} | claim | {"percent": 6.5, "places": 1}]
    findings = {f.code: f.severity for f in example.open(rows).subject("N1").findings}
    assert findings["published_wrong"] == "error"
