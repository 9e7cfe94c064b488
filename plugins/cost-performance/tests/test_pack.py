"""The pack against its own worked example, and the example once more in exact fractions, without the engine."""

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

FOLDER = Path(__file__).parents[1] / "src" / "workbench_pack_cost_performance"
Rows = dict[str, list[dict[str, Any]]]
STEPS = [(2, 80), (5, 60), (10, 30)]
"""Percent above a standard → percent of the points, as the worked example words it."""


def test_pack_holds_together(check_pack: Callable[..., None]) -> None:
    check_pack()


# ---------------------------------------------------------------------------------------------------------------------
# The rules, as the pack's document words them
# ---------------------------------------------------------------------------------------------------------------------


def rounded(number: Fraction) -> Fraction:
    """Half-up to two decimals; the numbers here are not negative."""
    scaled = number * 100
    return Fraction((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 100)


def number(row: dict[str, Any], name: str, default: int = 1) -> Fraction:
    return Fraction(str(row.get(name, default)))


def rate(top: Any, bottom: Any) -> Fraction:
    return rounded(Fraction(top) / Fraction(bottom) * 100)


def banded(weight: Fraction, value: Fraction, bands: list[tuple[int, int]]) -> Fraction:
    """The first band whose lower end the value reaches; (lower end, percent of the points)."""
    return rounded(weight * next((share for at, share in bands if value >= at), 0) / 100)


def benchmarked(weight: Fraction, value: Fraction, standard: Fraction, bands: list[tuple[int, int]]) -> Fraction:
    over = rate(value - standard, standard) if value > standard else Fraction(0)
    if over == 0:
        return weight
    return rounded(weight * next((share for within, share in bands if over <= within), 0) / 100)


def thresholded(weight: int, completion: Fraction) -> Fraction:
    """财预〔2021〕101号: nothing below 60 %, then (rate − 60 %)/(1 − 60 %) of the points."""
    if completion >= 100:
        return Fraction(weight)
    return rounded(weight * max(completion - 60, Fraction(0)) / 40)


# ---------------------------------------------------------------------------------------------------------------------
# Cost with its shared part, and the comparison at one level of prices
# ---------------------------------------------------------------------------------------------------------------------


def shared(rows: Rows) -> dict[str, Fraction]:
    """Each object's part of the pools, to the cent; the odd cent goes to the object listed first (all fractions tie)."""
    parts: dict[str, Fraction] = {}
    for pool in rows["shared_costs"]:
        bearers = [d for d in rows["drivers"] if d["pool"] == pool["pool"]]
        total, cents = sum(d["quantity"] for d in bearers), pool["amount"] * 100
        shares = [cents * d["quantity"] // total for d in bearers]
        shares[0] += cents - sum(shares)
        for bearer, share in zip(bearers, shares, strict=True):
            parts[bearer["subject"]] = parts.get(bearer["subject"], Fraction(0)) + Fraction(share, 100)
    return parts


def costs_of(rows: Rows) -> dict[str, Fraction]:
    """Own items and shared part; the item sheet decides who has a cost."""
    costs: dict[str, Fraction] = {}
    for row in rows["items"]:
        costs[row["subject"]] = costs.get(row["subject"], Fraction(0)) + number(row, "amount")
    parts = shared(rows)
    return {subject: cost + parts.get(subject, 0) for subject, cost in costs.items()}


def adjusted_unit_costs(rows: Rows, costs: dict[str, Fraction]) -> dict[str, Fraction]:
    """Unit cost at the benchmark region's prices. Only the price factor is known for all of them, so only it is used."""
    return {
        s["subject"]: rounded(
            (costs[s["subject"]] / s["qualified_output"] if s["subject"] in costs else Fraction(s["peer_unit_cost"]))
            / number(s, "price_factor")
        )
        for s in rows["subjects"]
    }


def average_of_others(rows: Rows, costs: dict[str, Fraction], own: dict[str, Any], per: str) -> Fraction:
    """Adjusted cost of the others over their persons or objects, at the own level of prices."""
    others = [s for s in rows["subjects"] if s is not own and per in s and s["subject"] in costs]
    cost = sum((costs[s["subject"]] / number(s, "price_factor") for s in others), Fraction(0))
    return rounded(cost / sum(s[per] for s in others) * number(own, "price_factor"))


def three_axes(weight: int, value: Fraction, standards: list[Fraction]) -> Fraction:
    """History 40 %, peers 30 %, benchmark 30 % of the points."""
    shares = [Fraction(weight * share, 100) for share in (40, 30, 30)]
    return sum((benchmarked(w, value, s, STEPS) for w, s in zip(shares, standards, strict=True)), Fraction(0))


def marks(rows: Rows, own: dict[str, Any]) -> dict[str, Fraction]:
    """The national averages at the own level: all factors of its own are used."""
    region = number(own, "scale_factor") * number(own, "price_factor")
    return {
        row["item"]: rounded(row["value"] * region) for row in rows["benchmark_values"] if row["scope"] == "全国平均"
    }


def reduction(rows: Rows, subject: str) -> Fraction | None:
    items = [r for r in rows["comparable"] if r["subject"] == subject and r["comparable"] == "是"]
    if not items:
        return None
    now = sum((number(r, "unit_cost") * r["quantity"] for r in items), Fraction(0))
    then = sum((number(r, "previous_unit_cost") * r["price_index"] * r["quantity"] / 100 for r in items), Fraction(0))
    return rounded((1 - now / then) * 100)


# ---------------------------------------------------------------------------------------------------------------------
# The example's scores
# ---------------------------------------------------------------------------------------------------------------------


def axes_points(rows: Rows, s: dict[str, Any], costs: dict[str, Fraction]) -> dict[str, Fraction | None]:
    """Running cost per head and per object; None where the number of last year, of heads or of objects is missing."""
    found: dict[str, Fraction | None] = {}
    for code, weight, per, before, item in (
        ("C_HEAD", 4, "persons", "previous_head_cost", "人均运行成本"),
        ("C_OBJ", 3, "objects", "previous_object_cost", "物均运行成本"),
    ):
        found[code] = None
        if per in s and before in s:
            history = rounded(s[before] * Fraction(s["price_index"], 100))
            standards = [history, average_of_others(rows, costs, s, per), marks(rows, s)[item]]
            found[code] = three_axes(weight, rounded(costs[s["subject"]] / s[per]), standards)
    return found


def cost_points(rows: Rows, s: dict[str, Any]) -> dict[str, Fraction | None]:
    costs, subject = costs_of(rows), s["subject"]
    cost, unit = costs[subject], rounded(costs[subject] / s["qualified_output"])
    priced = adjusted_unit_costs(rows, costs)
    low, high = min(priced.values()), max(priced.values())
    own = [r for r in rows["items"] if r["subject"] == subject]
    covered = sum((number(r, "amount") for r in own if r["has_standard"] == "是"), Fraction(0))
    target, index = Fraction(s["unit_cost_target"]), Fraction(s["price_index"], 100)
    complete, mark = rate(cost, s["spending"]), marks(rows, s)
    cheaper = reduction(rows, subject)
    goal = number(s, "reduction_target", 10)
    return {
        "C_COLLECT": rounded(5 * min(complete, Fraction(100)) / max(complete, Fraction(100))),
        "C_COVER": rounded(3 * rate(covered, cost) / 100),
        "C_UNIT": Fraction(5) if unit <= target else rounded(5 * target / unit),
        "C_STD": benchmarked(Fraction(6), unit, number(s, "standard_unit_cost"), [(3, 80), (5, 60), (10, 30)]),
        "C_HIST": benchmarked(Fraction(4), unit, rounded(s["previous_unit_cost"] * index), STEPS)
        if "previous_unit_cost" in s
        else None,
        "C_PEER": rounded(4 * (high - priced[subject]) / (high - low)),
        "C_BENCH": benchmarked(Fraction(3), unit, mark["单位成本"], STEPS),
        **axes_points(rows, s, costs),
        "C_LIKE": None if cheaper is None else rounded(4 * cheaper / goal),
    }


def by_hand(rows: Rows, subject: str) -> tuple[dict[str, Fraction | None], Fraction | None]:
    """Points of every indicator, and the total; None where something is missing or does not apply."""
    s = next(r for r in rows["subjects"] if r["subject"] == subject)
    control, effect, survey = (
        next(r for r in rows[t] if r["subject"] == subject) for t in ("control", "effect", "survey")
    )
    passed, goal = rate(s["qualified_output"], s["actual_output"]), Fraction(s.get("quality_target", 100))
    met = s["targets_met"] == "是" and s["actual_output"] >= s["planned_output"] and passed >= goal
    saved = rate(s["budget_cost"] - s["spending"], s["budget_cost"])
    green = s["environment_relevant"] == "是"
    satisfied = survey["satisfied"] if "satisfied" in survey else survey["very_satisfied"] + survey["fairly_satisfied"]
    points = cost_points(rows, s) | {
        "C_SAVE": banded(Fraction(3), saved, [(5, 100), (2, 80), (0, 60)]) if met else Fraction(0),
        "C_CTRL": rounded(Fraction(2 * [v for k, v in control.items() if k != "subject"].count("是"), 4)),
        "S_COST": max(2 - Fraction(effect["social_events"], 2), Fraction(0)),
        "E_COST": max(Fraction(2 - effect["environment_events"]), Fraction(0)) if green else None,
        "O_QTY": thresholded(10, rate(s["actual_output"], s["planned_output"])),
        "O_QLT": thresholded(10, passed / goal * 100),
        "O_TIME": thresholded(5, rate(s["on_time_output"], s["planned_output"])),
        "B_ECO": rounded(Fraction(4 * effect["economic_degree"], 100)),
        "B_SOC": thresholded(7, rate(effect["service_met"], effect["service_due"])),
        "B_ENV": rounded(Fraction(4 * effect["environment_degree"], 100)) if green else None,
        "M_SAT": banded(Fraction(10), rate(satisfied, survey["valid"]), [(90, 100), (80, 80), (60, 50)]),
    }
    if points["C_HIST"] is None:
        return points, None
    levels = {"CSE": (50, 48), "O": (25, 25), "B": (15, 11), "M": (10, 10)}
    total = Fraction(0)
    for letters, (full, without_green) in levels.items():
        level = sum((p for code, p in points.items() if code[0] in letters and p is not None), Fraction(0))
        total += level if green else rounded(level * full / without_green)
    return points, total


def text(value: Fraction | None) -> str | None:
    return None if value is None else f"{half_up(Decimal(value.numerator) / value.denominator, 2):.2f}"


@pytest.mark.parametrize("subject", ["P1", "P2", "P3"])
def test_expected_scores_are_what_fractions_give(facts: Rows, subject: str) -> None:
    expected = read_yaml(FOLDER / "example" / "expected.yaml").data["expected"]["subjects"][subject]
    points, total = by_hand(facts, subject)
    assert {code: text(p) for code, p in points.items()} == {
        code: line["points"] for code, line in expected["indicators"].items()
    }
    assert text(total) == expected["total"]


def test_total_of_the_unfinished_subject_is_an_interval(open_rows: Callable[[Rows], Any], facts: Rows) -> None:
    found = open_rows(facts).subject("P3")
    # 成本 16.75 + 0.81 = 17.56 of 44 → 19.95, 16.75 + 4 + 2.01 + 4 = 26.76 → 30.41; 产出 23.13; 效益 8.59; 满意度 5
    assert (found.complete, found.total, found.grade) == (False, None, None)
    assert found.interval == ["56.67", "67.13"]


def test_worked_example_names_every_indicator_and_total() -> None:
    document = (FOLDER / "example" / "worked-example.md").read_text(encoding="utf-8")
    pack = load_pack(FOLDER / "pack.yaml")
    expected = read_yaml(FOLDER / "example" / "expected.yaml").data["expected"]["subjects"]
    numbers = [s["total"] for s in expected.values() if s["total"]]
    numbers += [line["points"] for s in expected.values() for line in s["indicators"].values() if line["points"]]
    assert [c for c in [i.code for i in pack.indicators] if c not in document] == []
    assert [n for n in numbers if n not in document] == []


def test_every_weight_is_marked_as_an_example() -> None:
    pack = load_pack(FOLDER / "pack.yaml")
    assert [i.code for i in pack.indicators if not i.example] == []
    assert [i.code for i in pack.indicators if not (i.formula and i.meaning and i.proof and i.clause)] == []
    levels: dict[str, Decimal] = {}
    for i in pack.indicators:
        levels[i.level1] = levels.get(i.level1, Decimal(0)) + i.weight
    assert levels == {"成本指标": 50, "产出指标": 25, "效益指标": 15, "满意度指标": 10}


def test_proof_names_the_documents_of_cost() -> None:
    """Issue 3: 明细账, 合同, 工时表, 询价记录."""
    asked = {p for i in load_pack(FOLDER / "pack.yaml").indicators for p in i.proof}
    assert {"成本明细账", "合同", "工时表", "询价记录"} <= asked


def test_formula_is_shown_where_there_is_no_single_value(open_rows: Callable[[Rows], Any], facts: Rows) -> None:
    indicators = {i.code: i for i in open_rows(facts).subject("P1").indicators}
    assert indicators["C_CTRL"].formula == "符合的要点数÷4×分值(评价期间)"
