"""The tax pack against its worked example, the example against exact fractions, its analyses, and evidence that means harm."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from workbench.base.errors import EvidenceError
from workbench.base.exact import from_units
from workbench_pack_revenue.growth import contributions, steps

PACK = "revenue-tax"


@pytest.fixture
def example(example_of: Callable[[str], Any]) -> Any:
    return example_of(PACK)


def test_every_indicator_names_its_clause(example: Any) -> None:
    assert [i.code for i in example.pack.indicators if not i.clause] == []


# ---------------------------------------------------------------------------------------------------------------------
# The example's scores, once more without the engine: fractions, and the rules as the pack's document words them
# ---------------------------------------------------------------------------------------------------------------------


def rounded(number: Fraction) -> Fraction:
    """Half-up to two decimals, a tie away from zero."""
    scaled = abs(number) * 100
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(units if number >= 0 else -units, 100)


def rate(top: Any, bottom: Any) -> Fraction:
    return rounded(Fraction(top) / Fraction(bottom) * 100)


def tier(weight: int, value: Fraction, tiers: list[tuple[int, int]]) -> Fraction:
    """The first tier whose lower end the value reaches."""
    return rounded(Fraction(weight * next((share for at, share in tiers if value >= at), 0), 100))


def stepped(weight: int, short: Fraction, per: str) -> Fraction:
    return rounded(max(weight - max(short, Fraction(0)) * Fraction(per), Fraction(0)))


def months(rows: Any, subject: str) -> list[int]:
    return [r["amount"] for r in rows["monthly"] if r["subject"] == subject]


def column(rows: Any, table: str, subject: str, name: str) -> Fraction:
    return sum((Fraction(r[name]) for r in rows[table] if r["subject"] == subject), Fraction(0))


def decision_points(rows: Any, subject: str, row_of: Any) -> dict[str, Fraction]:
    judged, b = row_of(rows, "decision", subject), row_of(rows, "budget", subject)
    policy = ["lawful", "reasoned", "published", "reviewed"]
    goal = ["forecast", "linked", "approved", "no_quota"]
    first = abs(rate(b["collected"] - b["budget_initial"], b["budget_initial"]))
    second = abs(rate(b["collected"] - b["budget_adjusted"], b["budget_adjusted"]))
    return {
        "D_POLICY": Fraction([judged[n] for n in policy].count("是")),
        "D_GOAL": Fraction([judged[n] for n in goal].count("是")),
        "D_BIAS": stepped(4, first - 3, "0.4"),
        "D_ADJUST": stepped(3, second - 1, "0.5"),
    }


def collection_points(rows: Any, subject: str, row_of: Any) -> dict[str, Fraction]:
    c, b = row_of(rows, "collection", subject), row_of(rows, "budget", subject)
    inflow = months(rows, subject)
    even = rounded((1 - sum(abs(Fraction(m, sum(inflow)) - Fraction(1, 12)) for m in inflow) / 2) * 100)
    december = rate(inflow[11], sum(inflow))
    cost = rate(c["cost"], c["organised"])
    over = rounded((cost - Fraction("1.2")) / Fraction("1.2") * 100)
    relief = rate(column(rows, "relief", subject, "enjoyed"), column(rows, "relief", subject, "eligible"))
    timely = rate(column(rows, "relief", subject, "on_time"), column(rows, "relief", subject, "amount"))
    return {
        "T_PROGRESS": stepped(4, -rounded((Fraction(b["collected"], b["budget_adjusted"]) - 1) * 100), "0.4"),
        "T_EVEN": tier(3, even, [(90, 100), (85, 80), (80, 50)]),
        "T_DECEMBER": tier(3, -december, [(-10, 100), (-12, 70), (-15, 40)]),
        "T_DUE": stepped(6, 98 - rate(c["due_paid"], c["due"]), "0.6"),
        "T_NEW": rounded(3 * rate(c["new_cleared"], c["new_arrears"]) / 100),
        "T_OLD": tier(3, rate(c["old_cleared"], c["old_arrears"]), [(30, 100), (20, 80), (10, 50)]),
        "T_COST": Fraction(4) if over <= 0 else tier(4, -over, [(-10, 80), (-20, 60), (-50, 30)]),
        "T_RELIEF": stepped(5, 98 - relief, "0.5"),
        "T_TIMELY": stepped(4, 100 - timely, "0.2"),
    }


def revenue_points(rows: Any, subject: str, row_of: Any, effort: Fraction) -> dict[str, Fraction]:
    b, e = row_of(rows, "budget", subject), row_of(rows, "economy", subject)
    factors = [r for r in rows["adjustments"] if r["subject"] == subject and "document" in r]
    now = sum((Fraction(r["amount"]) for r in factors if r["side"] == "本期"), Fraction(0))
    before = sum((Fraction(r["amount"]) for r in factors if r["side"] == "上年同期"), Fraction(0))
    once = sum(
        (Fraction(r["amount"]) for r in factors if (r["side"], r["kind"]) == ("本期", "一次性收入")), Fraction(0)
    )
    same = rounded(((b["collected"] - now) / (b["last_collected"] - before) - 1) * 100)
    grew = Fraction(b["collected"] - b["last_collected"], b["last_collected"])
    elastic = rounded(grew / Fraction(e["gdp"] - e["gdp_last"], e["gdp_last"]))
    share = rate(b["collected"], b["general_revenue"])
    below = rounded((78 - share) / 78 * 100)
    return {
        "R_COMPARABLE": stepped(7, Fraction(str(b["growth_goal"])) - same, "0.7"),
        "R_ELASTIC": stepped(5, abs(elastic - 1) - Fraction("0.2"), "5"),
        "R_EFFORT": tier(6, effort, [(100, 100), (95, 90), (90, 75), (80, 50)]),
        "R_SHARE": Fraction(6) if below <= 0 else tier(6, -below, [(-5, 80), (-10, 60), (-20, 30)]),
        "R_ONCE": tier(6, -rate(once, b["collected"]), [(-2, 100), (-5, 80), (-10, 50)]),
    }


def benefit_points(rows: Any, subject: str, row_of: Any) -> dict[str, Fraction]:
    goal, survey = row_of(rows, "decision", subject), row_of(rows, "survey", subject)
    relief = column(rows, "relief", subject, "amount")
    jobs = rounded(column(rows, "relief", subject, "jobs") * 100 / relief)
    invested = rounded(column(rows, "relief", subject, "investment") / relief)
    happy = survey.get("satisfied") or survey["very_satisfied"] + survey["fairly_satisfied"]
    return {
        "B_JOBS": rounded(5 * min(jobs / Fraction(str(goal["jobs_goal"])), Fraction(1))),
        "B_INVEST": rounded(5 * min(invested / Fraction(str(goal["investment_goal"])), Fraction(1))),
        "M_SAT": tier(10, rate(happy, survey["valid"]), [(90, 100), (80, 80), (60, 50)]),
    }


def text(number: Fraction) -> str:
    return f"{from_units(int(number * 100), 2):.2f}"


# Effort of P1 and P2 is worked out in worked-example.md 四 and tested by itself in test_effort.py.
@pytest.mark.parametrize(("subject", "effort", "deducted"), [("P1", "100.97", 0), ("P2", "89.62", 6)])
def test_expected_scores_are_what_fractions_give(
    example: Any, row_of: Any, subject: str, effort: str, deducted: int
) -> None:
    rows, expected = example.facts(), example.expected()[subject]
    points = decision_points(rows, subject, row_of) | collection_points(rows, subject, row_of)
    points |= revenue_points(rows, subject, row_of, Fraction(effort)) | benefit_points(rows, subject, row_of)
    assert {code: text(p) for code, p in points.items()} == {
        code: line["points"] for code, line in expected["indicators"].items()
    }
    assert text(sum(points.values(), Fraction(-deducted))) == expected["total"]


def test_half_year_subject_is_an_interval(example: Any) -> None:
    found = example.open(example.facts()).subject("P3")
    # 决策 8/8 → 15; 征管 15.20 and 22.20 of 29 → 18.34 and 26.79; 收入 0 to 24; 效益 5 to 20.
    assert (found.complete, found.total, found.grade) == (False, None, None)
    assert found.interval == ["38.34", "85.79"]
    assert [i.code for i in found.indicators if i.status == "not_applicable"] == [
        "D_BIAS",
        "D_ADJUST",
        "T_DECEMBER",
        "T_NEW",
    ]


# ---------------------------------------------------------------------------------------------------------------------
# Findings of the example, with their numbers
# ---------------------------------------------------------------------------------------------------------------------


def test_over_collection_and_hollow_revenue_are_said_with_numbers(example: Any, judged: Any) -> None:
    _, findings = judged(example.open(example.facts()), "P2")
    # 91200 − 80000 = 11200; 22000/91200 = 24.12 %, 22000 × 12/91200 = 2.89; 4800/91200 = 5.26 %.
    assert "超收11200万元" in findings["over_budget"]
    assert "12月入库22000万元,占全年24.12%,是月均的2.89倍" in findings["december_surge"]
    assert "1笔缴款6000万元(12月入库6000万元),期后退库0万元、财政支出返还4800万元" in findings["hollow_revenue"]
    assert "本期税收收入为86400万元,虚收占5.26%" in findings["hollow_share"]
    assert "多征500万元" in findings["overlevied"]
    assert "以后年度税款2000万元" in findings["levied_early"]
    assert "金额120万元" in findings["unlisted_fees"]
    assert "混淆入库级次900万元,占本期税收收入0.99%" in findings["wrong_level"]
    assert "年初预算偏差14%,调整后只差0.22%" in findings["adjusted_to_fit"]
    assert {"adjusted_without_document", "quota_set", "arrears_growing", "tax_share_fell"} <= set(findings)
    assert {"survey_by_unit_itself", "survey_not_random", "survey_returns_low", "survey_sample_small"} <= set(findings)


def test_sound_subject_has_none_of_them(example: Any, judged: Any) -> None:
    _, findings = judged(example.open(example.facts()), "P1")
    bad = {
        "over_budget",
        "december_surge",
        "hollow_revenue",
        "overlevied",
        "levied_early",
        "unlisted_fees",
        "quota_set",
    }
    assert bad & set(findings) == set()
    assert "金额3000万元,没有剔除" in findings["adjustment_without_document"]
    assert "账面增幅6.12%,剔除3项不可比因素后为5.99%" in findings["growth_restated"]
    # 74.5 − 74.2857 = 0.21
    assert findings["published_wrong"].startswith(
        "公布的3个比率中有1个不能由公布的数额得出,已考虑数额的四舍五入,最大相差0.21个百分点:税收收入占比"
    )


# ---------------------------------------------------------------------------------------------------------------------
# Analyses
# ---------------------------------------------------------------------------------------------------------------------


def analysis(evaluation: Any, name: str, subject: str) -> list[dict[str, Any]]:
    found = next(a for a in evaluation.result().analyses if a.name == name)
    names = ["subject", *(c.name for c in found.columns)]
    return [dict(zip(names, row, strict=True)) for row in found.rows if row[0] == subject]


def test_growth_decomposition_adds_up_in_amounts_and_in_points(example: Any) -> None:
    rows = analysis(example.open(example.facts()), "growth", "P2")
    assert [rows[0]["amount"], rows[-1]["amount"]] == ["78000.00", "91200.00"]
    moves = [r for r in rows if not r["reached"]]
    # 91200 − 78000 = 13200; 13200/78000 = 16.923… % → 16.92.
    assert sum(Decimal(r["amount"]) for r in moves) == 13200
    assert sum(Decimal(r["points"]) for r in moves) == Decimal("16.92")
    assert rows[-1]["points"] == rows[-1]["growth"] == "16.92"
    # 91200 − 81200 listed = 10000; 78000 − 73000 = 5000.
    assert (moves[-1]["step"], moves[-1]["amount"]) == ("未列示税种", "5000.00")


@pytest.mark.parametrize(
    ("changes", "base", "points"),
    [
        (["1", "1", "1"], "300", ["0.34", "0.33", "0.33"]),
        (["-1", "-1", "-1"], "300", ["-0.33", "-0.33", "-0.34"]),
        (["2", "-2"], "3", ["66.67", "-66.67"]),
        (["1"], "0", [None]),
        (["1"], "-5", [None]),
    ],
)
def test_contributions_add_up(changes: list[str], base: str, points: list[str | None]) -> None:
    found = contributions([Decimal(c) for c in changes], Decimal(base))
    assert found == [None if p is None else Decimal(p) for p in points]


def test_negative_growth_is_decomposed_too() -> None:
    rows = steps(
        [("增值税", Decimal(80), Decimal(100)), ("契税", Decimal(15), Decimal(10))], Decimal(95), Decimal(110), "其他"
    )
    assert [(r[0], r[1], r[2]) for r in rows] == [
        ("上年同期", 110, None),
        ("契税", 5, Decimal("4.54")),
        ("增值税", -20, Decimal("-18.18")),
        ("本期", 95, Decimal("-13.64")),  # −15/110
    ]


def test_progress_stops_where_a_month_is_missing(example: Any) -> None:
    rows = example.facts()
    rows["monthly"] = [r for r in rows["monthly"] if not (r["subject"] == "P1" and r["month"] == 3)]
    found = analysis(example.open(rows), "progress", "P1")
    assert [r["month"] for r in found if r["progress"] is not None] == ["1", "2"]
    # (62000 + 36000)/515000 = 19.029… %; two twelfths of the year = 16.67 %.
    assert (found[1]["progress"], found[1]["elapsed"]) == ("19.03", "16.67")


def test_published_rates_are_judged_by_their_interval(example: Any) -> None:
    rows = analysis(example.open(example.facts()), "published_check", "P1")
    # 52.0/50.0 = 104.0; 52.0/49.0 = 6.12 %, between 51.95/49.05 and 52.05/48.95; 52.0/70.0 = 74.29 %, at most 74.41 %.
    assert [r["verdict"] for r in rows] == ["一致", "四舍五入可以解释", "与公布数额不符"]
    assert (rows[2]["computed"], rows[2]["low"], rows[2]["high"]) == ("74.2857", "74.1613", "74.4103")


def test_relief_is_read_policy_by_policy(example: Any) -> None:
    rows = analysis(example.open(example.facts()), "relief_effect", "P1")
    # 1170/1200 = 97.5 %; 17400/18000 = 96.67 %; 380/180 = 2.11; 27000/18000 = 1.5.
    first = next(r for r in rows if r["policy"].startswith("小微"))
    assert (first["share"], first["timely"], first["jobs"], first["investment"]) == ("97.50", "96.67", "2.11", "1.50")


# ---------------------------------------------------------------------------------------------------------------------
# Evidence that means harm
# ---------------------------------------------------------------------------------------------------------------------


def test_zero_base_year_leaves_growth_unscored_and_said(example: Any, row_of: Any, judged: Any) -> None:
    rows = example.facts()
    row_of(rows, "budget", "P2")["last_collected"] = 0
    evaluation = example.open(rows)
    indicators, findings = judged(evaluation, "P2")
    assert [indicators[c].final for c in ("R_COMPARABLE", "R_ELASTIC")] == [None, None]
    assert "没有可比的基数" in findings["last_year_zero"]
    assert {r["points"] for r in analysis(evaluation, "growth", "P2")} == {None}


def test_base_that_adjustments_use_up_is_unscored(example: Any, row_of: Any, judged: Any) -> None:
    rows = example.facts()
    row_of(rows, "budget", "P1")["last_collected"] = 6000  # all of it one-off
    assert judged(example.open(rows), "P1")[0]["R_COMPARABLE"].final is None


def test_zero_budget_is_unscored(example: Any, row_of: Any, judged: Any) -> None:
    rows = example.facts()
    row_of(rows, "budget", "P1").update(budget_initial=0, budget_adjusted=0)
    indicators, _ = judged(example.open(rows), "P1")
    assert [indicators[c].final for c in ("D_BIAS", "D_ADJUST", "T_PROGRESS")] == [None, None, None]


def test_no_growth_of_gdp_leaves_elasticity_unscored(example: Any, row_of: Any, judged: Any) -> None:
    rows = example.facts()
    row_of(rows, "economy", "P1")["gdp"] = 8000000
    indicators, findings = judged(example.open(rows), "P1")
    assert indicators["R_ELASTIC"].final is None
    assert "增幅0%" in findings["gdp_flat"]


def test_growth_against_a_shrinking_economy_is_said(example: Any, row_of: Any, judged: Any) -> None:
    rows = example.facts()
    row_of(rows, "economy", "P1")["gdp"] = 7600000
    indicators, findings = judged(example.open(rows), "P1")
    # 6.122 % / −5 % = −1.22
    assert (indicators["R_ELASTIC"].value, indicators["R_ELASTIC"].final) == ("-1.22", "0.00")
    assert "方向相反" in findings["opposite_growth"]


def test_missing_month_is_unscored_and_counted(example: Any, judged: Any) -> None:
    rows = example.facts()
    rows["monthly"] = [r for r in rows["monthly"] if not (r["subject"] == "P1" and r["month"] == 12)]
    indicators, findings = judged(example.open(rows), "P1")
    assert [indicators[c].final for c in ("T_EVEN", "T_DECEMBER")] == [None, None]
    assert findings["months_missing"].startswith("月度入库只有11个月的数,评价期间应有12个月")


def test_months_that_do_not_add_up_are_said(example: Any, row_of: Any, judged: Any) -> None:
    rows = example.facts()
    row_of(rows, "monthly", "P1")["amount"] = 62500
    assert "相差500万元" in judged(example.open(rows), "P1")[1]["monthly_not_total"]


def test_duplicate_tax_row_is_refused_by_name(example: Any) -> None:
    rows = example.facts()
    rows["taxes"].append(dict(rows["taxes"][0]))
    with pytest.raises(EvidenceError, match="同一记录出现多次"):
        example.open(rows)


def test_total_row_among_the_taxes_is_said(example: Any, judged: Any) -> None:
    rows = example.facts()
    rows["taxes"].append({"subject": "P1", "tax": "其他税收", "amount": 520000, "last": 490000})
    assert "多520000万元" in judged(example.open(rows), "P1")[1]["taxes_over_total"]


@pytest.mark.parametrize("field", ["collected", "last_collected"])
def test_units_mixed_up_are_said(example: Any, row_of: Any, judged: Any, field: str) -> None:
    rows = example.facts()
    row = row_of(rows, "budget", "P1")
    row[field] = row[field] / 10000  # 亿元 in a column of 万元
    assert "疑为万元与亿元" in judged(example.open(rows), "P1")[1]["unit_mixed_up"]


def test_gdp_in_another_unit_is_said(example: Any, row_of: Any, judged: Any) -> None:
    rows = example.facts()
    row_of(rows, "economy", "P1").update(gdp=840, gdp_last=800)
    assert "大于地区生产总值840万元" in judged(example.open(rows), "P1")[1]["tax_over_gdp"]


def test_one_peer_only_is_no_estimate(example: Any, judged: Any) -> None:
    rows = {t: [r for r in records if r.get("subject") in (None, "P1", "R1")] for t, records in example.facts().items()}
    indicators, findings = judged(example.open(rows), "P1")
    assert indicators["R_EFFORT"].final is None
    assert findings["effort_few_peers"].startswith("资料齐全的参照对象只有1个,少于8个")


def test_adjustments_not_checked_leave_both_indicators_unscored(example: Any, row_of: Any, judged: Any) -> None:
    rows = example.facts()
    row_of(rows, "budget", "P1")["adjustments_checked"] = "否"
    indicators, findings = judged(example.open(rows), "P1")
    assert [indicators[c].final for c in ("R_COMPARABLE", "R_ONCE")] == [None, None]
    assert "adjustments_unchecked" in findings


def test_checked_without_any_factor_is_the_plain_growth(example: Any, judged: Any) -> None:
    rows = example.facts()
    rows["adjustments"] = []
    indicators, _ = judged(example.open(rows), "P1")
    # 30000/490000 = 6.12 %; nothing one-off.
    assert (indicators["R_COMPARABLE"].value, indicators["R_ONCE"].value) == ("6.12", "0.00")


def test_blank_job_count_of_one_policy_leaves_the_effect_unscored(example: Any, row_of: Any, judged: Any) -> None:
    rows = example.facts()
    del row_of(rows, "relief", "P1")["jobs"]
    assert judged(example.open(rows), "P1")[0]["B_JOBS"].final is None


def test_more_users_than_entitled_and_more_paid_than_due_are_errors(example: Any, row_of: Any) -> None:
    rows = example.facts()
    row_of(rows, "relief", "P1")["enjoyed"] = 1300
    row_of(rows, "collection", "P1").update(due_paid=530000, new_cleared=20000)
    findings = {f.code: f.severity for f in example.open(rows).subject("P1").findings}
    assert [findings[c] for c in ("relief_over_eligible", "due_overpaid", "arrears_over_cleared")] == ["error"] * 3


def test_period_that_is_none_is_an_error(example: Any, row_of: Any, judged: Any) -> None:
    from datetime import date

    rows = example.facts()
    row_of(rows, "subjects", "P1")["period_start"] = date(2024, 4, 1)
    assert "period_wrong" in judged(example.open(rows), "P1")[1]


def test_nothing_filled_in_is_nothing_scored(example: Any) -> None:
    rows = {table: [] for table in example.facts()} | {"subjects": [{"subject": "P1", "name": "空白县(虚构)"}]}
    found = example.open(rows).subject("P1")
    assert [i.code for i in found.indicators if i.final is not None] == []
    assert found.interval == ["0.00", "100.00"]


def test_falling_revenue_is_scored_not_refused(example: Any, row_of: Any, judged: Any) -> None:
    rows = example.facts()
    row_of(rows, "budget", "P1").update(collected=440000)
    indicators, findings = judged(example.open(rows), "P1")
    # (440000 − 500000)/500000 = −12 %: nine points beyond the tolerance, 3.6 off.
    assert (indicators["D_BIAS"].value, indicators["D_BIAS"].final) == ("-12.00", "0.40")
    assert "短收60000万元(12%)" in findings["short_of_budget"]
