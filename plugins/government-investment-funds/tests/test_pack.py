"""The pack against its own worked example, and the example against exact fractions that know nothing of the engine."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from workbench.base.exact import half_up
from workbench.base.yamlio import read_yaml
from workbench.scheme.library import load_pack

FOLDER = Path(__file__).parents[1] / "src" / "workbench_pack_government_investment_funds"
Facts = dict[str, list[dict[str, Any]]]
WEIGHTS = (
    {
        "P_FIELD": 10,
        "P_EARLY": 6,
        "P_LEV_C": 5,
        "P_LEV_P": 5,
        "P_SOC": 5,
        "P_CROWD": 4,
        "P_GOAL": 4,
        "P_JOB": 3,
        "P_TAX": 3,
    }
    | {"K_RULE": 5, "K_FEE": 3, "K_CONC": 3, "K_DISC": 3, "K_POST": 3, "K_VAL": 3, "K_SAT": 2}
    | {"R_PROG": 8, "R_IDLE": 6, "R_DPI": 4, "R_TVPI": 4, "R_IRR": 6, "R_EXIT": 5}
)
"""示例 points of the tree policy_sub, as docs/packs/government-investment-funds.md lists them."""
RELIABILITY = {"审计或评估": 100, "最近一轮融资": 80, "成本": 50, "其他": 0}
NOT_IN_INVESTMENT_PERIOD = {"R_DPI", "R_TVPI", "R_IRR", "R_EXIT"}


def test_pack_holds_together(check_pack: Callable[..., None]) -> None:
    check_pack()


def rounded(number: Fraction) -> Fraction:
    """Half-up to two decimals; the numbers here are not negative."""
    scaled = number * 100
    return Fraction((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 100)


def ratio(top: Any, bottom: Any, times: int = 1) -> Fraction | None:
    return rounded(Fraction(top) / Fraction(bottom) * times) if bottom else None


def rows_of(facts: Facts, table: str, subject: str) -> list[dict[str, Any]]:
    return [r for r in facts[table] if r["subject"] == subject]


def total_of(rows: list[dict[str, Any]], field: str) -> Fraction:
    return sum((Fraction(r[field]) for r in rows), Fraction(0))


def exact_rate(payments: list[tuple[int, int]]) -> Fraction | None:
    """The one whole percent at which yearly payments are worth nothing, by trial; None when there are several."""
    found = [p for p in range(-50, 101) if sum(Fraction(a) / Fraction(100 + p, 100) ** t for t, a in payments) == 0]
    return Fraction(found[0]) if len(found) == 1 else None


def rate_of(facts: Facts, subject: str) -> Fraction | None:
    nav = max(rows_of(facts, "nav", subject), key=lambda r: r["date"])
    signs = {"实缴出资": -1, "收益分配": 1}
    flows = [
        (r["date"], signs[r["kind"]] * r["amount"]) for r in rows_of(facts, "flows", subject) if r["kind"] in signs
    ]
    flows.append((nav["date"], nav["nav"]))
    first = min(day for day, _ in flows)
    assert all((day - first).days % 365 == 0 for day, _ in flows)
    return exact_rate([((day - first).days // 365, amount) for day, amount in flows])


def policy_values(facts: Facts, subject: str) -> dict[str, Fraction | None]:
    holdings, money = rows_of(facts, "holdings", subject), rows_of(facts, "commitments", subject)
    stated = max(r["date"] for r in rows_of(facts, "nav", subject))
    goals = rows_of(facts, "goals", subject)
    fiscal = [r for r in money if r["nature"] == "财政资金"]
    due = [r for r in money if r["nature"] == "社会资本" and r["due_date"] <= stated]
    invested = total_of(holdings, "cost")
    agreed = total_of([h for h in holdings if h["agreed"] == "是"], "cost")
    young = total_of([h for h in holdings if "是" in (h["early"], h["small"], h["hard_tech"])], "cost")
    met = sum(min(r["paid"], r["committed"]) for r in due)
    by_kind = {kind: [g for g in goals if g["kind"] == kind] for kind in ("带动就业", "税收贡献")}
    reached = {k: ratio(total_of(v, "actual"), total_of(v, "target"), 100) for k, v in by_kind.items()}
    return {
        "P_FIELD": ratio(agreed, invested, 100),
        "P_EARLY": ratio(young, invested, 100),
        "P_LEV_C": ratio(total_of(money, "committed"), total_of(fiscal, "committed")),
        "P_LEV_P": ratio(total_of(money, "paid"), total_of(fiscal, "paid")),
        "P_SOC": ratio(met, total_of(due, "committed"), 100),
        "P_CROWD": ratio(total_of(holdings, "crowd"), invested),
        "P_GOAL": ratio(len([g for g in goals if g["actual"] >= g["target"]]), len(goals), 100),
        "P_JOB": reached["带动就业"],
        "P_TAX": reached["税收贡献"],
    }


def conduct_values(facts: Facts, subject: str) -> dict[str, Fraction | None]:
    holdings, terms = rows_of(facts, "holdings", subject), rows_of(facts, "terms", subject)[0]
    conduct, survey = rows_of(facts, "conduct", subject)[0], rows_of(facts, "survey", subject)
    fees = total_of([f for f in rows_of(facts, "flows", subject) if f["kind"] == "管理费"], "amount")
    held = [h for h in holdings if h["exited"] == "否"]
    reliable = sum(Fraction(h["valuation"] * RELIABILITY[h["method"]], 100) for h in held)
    sat = survey[0] if survey else {"valid": 0}
    satisfied = sat.get("satisfied", sat.get("very_satisfied", 0) + sat.get("fairly_satisfied", 0))
    largest = max(Fraction(h["cost"]) for h in holdings)
    return {
        "K_FEE": ratio(fees, terms["fee_cap"], 100),
        "K_CONC": ratio(largest, total_of(rows_of(facts, "commitments", subject), "committed"), 100),
        "K_DISC": ratio(conduct["reports_timely"], conduct["reports_due"], 100),
        "K_POST": ratio(len([h for h in held if h["managed"] == "是"]), len(held), 100),
        "K_VAL": ratio(reliable, total_of(held, "valuation"), 100),
        "K_SAT": ratio(satisfied, sat["valid"], 100),
    }


def result_values(facts: Facts, subject: str) -> dict[str, Fraction | None]:
    holdings, flows = rows_of(facts, "holdings", subject), rows_of(facts, "flows", subject)
    nav = max(rows_of(facts, "nav", subject), key=lambda r: r["date"])
    called = [f for f in flows if f["kind"] == "实缴出资"]
    spent = total_of([f for f in flows if f["kind"] in ("管理费", "其他费用")], "amount")
    old = total_of([f for f in called if (nav["date"] - f["date"]).days > 365], "amount")
    back = total_of([f for f in flows if f["kind"] == "收益分配"], "amount")
    paid, invested = total_of(called, "amount"), total_of(holdings, "cost")
    exited = total_of([h for h in holdings if h["exited"] == "是"], "cost")
    return {
        "R_PROG": ratio(invested, paid, 100),
        "R_IDLE": ratio(max(old - invested - spent, Fraction(0)), paid, 100),
        "R_DPI": ratio(back, paid),
        "R_TVPI": ratio(back + nav["nav"], paid),
        "R_IRR": rate_of(facts, subject),
        "R_EXIT": ratio(exited, invested, 100),
    }


def banded(value: Fraction, bands: list[tuple[str, int]], lower: bool = False) -> Fraction:
    ends = [(Fraction(at), share) for at, share in bands]
    return Fraction(next((s for at, s in ends if (value <= at if lower else value >= at)), 0), 100)


def share_of(code: str, value: Fraction, terms: dict[str, Any]) -> Fraction:
    """The share of an indicator's points a value earns, as the pack's document words the rules."""
    targets = {"P_FIELD": "field_share", "P_EARLY": "early_share", "P_LEV_C": "leverage", "P_LEV_P": "leverage"}
    targets |= {"P_CROWD": "crowd", "R_PROG": "progress", "R_IRR": "hurdle", "R_EXIT": "exit_share"}
    steps = {
        "K_FEE": ([("100", 100), ("105", 50)], True),
        "K_SAT": ([("90", 100), ("80", 80), ("60", 50)], False),
        "R_IDLE": ([("10", 100), ("20", 80), ("30", 60), ("50", 30)], True),
        "R_DPI": ([("1", 100), ("0.8", 80), ("0.5", 60), ("0.3", 30)], False),
        "R_TVPI": ([("1.5", 100), ("1.2", 80), ("1", 60), ("0.8", 30)], False),
    }
    if code in steps:
        return banded(value, *steps[code])
    if code == "K_CONC":
        over = max(value - Fraction(terms["concentration"]), Fraction(0))
        return max(1 - Fraction(-(-over // 1)) / 2 / WEIGHTS[code], Fraction(0))
    target = Fraction(terms[targets[code]]) if code in targets else Fraction(100)
    return max(min(value / target, Fraction(1)), Fraction(0))


def by_hand(facts: Facts, subject: str) -> tuple[dict[str, Fraction | None], dict[str, Fraction | None]]:
    """Values and points of every indicator; None where something is missing or does not apply."""
    values = policy_values(facts, subject) | conduct_values(facts, subject) | result_values(facts, subject)
    terms = rows_of(facts, "terms", subject)[0]
    phase = next(s["fund_phase"] for s in facts["subjects"] if s["subject"] == subject)
    points = {
        code: None
        if value is None or (phase == "投资期" and code in NOT_IN_INVESTMENT_PERIOD)
        else rounded(WEIGHTS[code] * share_of(code, value, terms))
        for code, value in values.items()
    }
    answers = [v for k, v in rows_of(facts, "conduct", subject)[0].items() if v in ("是", "否") and k != "subject"]
    return values | {"K_RULE": None}, points | {"K_RULE": rounded(Fraction(5 * answers.count("是"), len(answers)))}


def text(number: Fraction | None) -> str | None:
    return None if number is None else f"{half_up(Decimal(number.numerator) / number.denominator, 2):.2f}"


@pytest.mark.parametrize("subject", ["F1", "F2", "F3"])
def test_expected_scores_are_what_fractions_give(facts: Facts, subject: str) -> None:
    expected = read_yaml(FOLDER / "example" / "expected.yaml").data["expected"]["subjects"][subject]["indicators"]
    values, points = by_hand(facts, subject)
    assert {c: text(v) for c, v in values.items()} == {c: line["value"] for c, line in expected.items()}
    assert {c: text(p) for c, p in points.items()} == {c: line["points"] for c, line in expected.items()}


def level(points: dict[str, Fraction | None], letter: str) -> Fraction:
    return sum((p for c, p in points.items() if c[0] == letter and p is not None), Fraction(0))


def test_expected_totals_are_what_fractions_give(facts: Facts) -> None:
    expected = read_yaml(FOLDER / "example" / "expected.yaml").data["expected"]["subjects"]
    first, second = by_hand(facts, "F1")[1], by_hand(facts, "F2")[1]
    bonus = min(min(3 * 2, 4) + min(2 * 2, 4) + 2 + 1, 10)
    assert text(sum((level(first, c) for c in "PKR"), Fraction(bonus))) == expected["F1"]["total"]
    # 投资期: 8 + 6 of the 33 points apply.
    rescaled = rounded(level(second, "R") / 14 * 33)
    assert text(level(second, "P") + level(second, "K") + rescaled) == expected["F2"]["total"]


def test_bonus_is_capped_and_lifts_no_grade(facts: Facts, open_rows: Callable[..., Any]) -> None:
    found = open_rows(facts).subject("F1")
    assert (found.total, found.grade) == ("97.83", "良")


def test_unfinished_fund_is_an_interval(facts: Facts, open_rows: Callable[..., Any]) -> None:
    found = open_rows(facts).subject("F3")
    # 40.73 + 15.42 + 22.90 = 79.05; 税收 3, 满意度 2 and IRR 6 are open.
    assert (found.complete, found.total, found.grade, found.interval) == (False, None, None, ["79.05", "90.05"])


def test_worked_example_names_every_indicator_and_total() -> None:
    document = (FOLDER / "example" / "worked-example.md").read_text(encoding="utf-8")
    expected = read_yaml(FOLDER / "example" / "expected.yaml").data["expected"]["subjects"]
    numbers = [s["total"] for s in expected.values() if s["total"]]
    numbers += [line["points"] for s in expected.values() for line in s["indicators"].values() if line["points"]]
    assert [i.code for i in load_pack(FOLDER / "pack.yaml").indicators if i.code not in document] == []
    assert [n for n in numbers if n not in document] == []


def test_every_indicator_says_what_it_is() -> None:
    pack = load_pack(FOLDER / "pack.yaml")
    assert [
        i.code for i in pack.indicators if not (i.example and i.formula and i.meaning and i.proof and i.clause)
    ] == []
    assert [i.code for i in pack.indicators if "(" not in (i.formula or "")] == []  # the period stands in brackets


def test_every_tree_has_100_points_within_the_ranges_of_the_document() -> None:
    # 闽财规〔2025〕14号, official interpretation: 政策性 40–50, 合规性 20–25, 业绩性 30–40, bonus at most 10.
    pack = load_pack(FOLDER / "pack.yaml")
    assert {i.code: i.weight for i in pack.indicators} == WEIGHTS | {"P_LEV_Q": 0}
    ranges = {"政策性": (40, 50), "合规性": (20, 25), "业绩性": (30, 40)}
    assert {r.level1: (r.low, r.high) for r in pack.weight_ranges} == ranges
    assert set(pack.variants) == {"policy_sub", "policy_parent", "market_parent", "market_sub"}
    for variant in pack.variants.values():
        points: dict[str, Decimal] = {}
        for i in pack.indicators:
            points[i.level1] = points.get(i.level1, Decimal(0)) + variant.weights.get(i.code, i.weight)
        assert points == variant.level1
        assert sum(points.values()) == 100
        assert all(low <= points[name] <= high for name, (low, high) in ranges.items())
        leverage = variant.weights.get("P_LEV_Q", Decimal(0))
        assert (leverage > 0) == ("母基金" in variant.title)
    assert pack.bonus.cap == 10
    assert sum(item.limit for item in pack.bonus.items) > 10


def test_return_investment_is_observed_and_never_scored() -> None:
    # 国办发〔2025〕1号: no return-investment as a precondition.
    pack = load_pack(FOLDER / "pack.yaml")
    assert [i.code for i in pack.indicators if "返投" in i.name or "local" in (i.value or "")] == []
    assert "返投倍数" in next(a for a in pack.analyses if a.name == "observed").sql


def test_weights_outside_the_ranges_are_said(facts: Facts, open_rows: Callable[..., Any]) -> None:
    reason = {"kind": "weight", "reason": "突出政策目标(虚构)"}
    # 政策性 45 + 6 = 51 over 50, 业绩性 33 − 6 = 27 under 30
    changes = [reason | {"indicator": "P_FIELD", "value": "16"}, reason | {"indicator": "R_IDLE", "value": "0"}]
    said = [note.message for note in open_rows(facts, changes=changes).result().notes if "闽财规" in str(note.clause)]
    assert [name for name in ("政策性", "合规性", "业绩性") if any(name in text for text in said)] == [
        "政策性",
        "业绩性",
    ]
