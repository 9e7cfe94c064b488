"""The pack against its own worked example, the example against exact fractions, and evidence that means harm."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.base.exact import half_up
from workbench.base.yamlio import read_yaml
from workbench.evidence.template import write_workbook
from workbench.scheme.library import load_pack

FOLDER = Path(__file__).parents[1] / "src" / "workbench_pack_cost_performance"
Facts = dict[str, list[dict[str, Any]]]
Open = Callable[[Facts], Any]


def facts() -> Facts:
    """The example's rows, dates left out: they decide nothing but one finding."""
    data = read_yaml(FOLDER / "example" / "facts.yaml").data["facts"]
    return {
        table: [{k: v for k, v in row.items() if k != "verified_on"} for row in rows] for table, rows in data.items()
    }


def subject_of(rows: Facts, subject: str) -> dict[str, Any]:
    return next(row for row in rows["subjects"] if row["subject"] == subject)


@pytest.fixture
def open_rows(tmp_path: Path) -> Open:
    """Open the example's plan on other rows."""
    plan = read_yaml(FOLDER / "example" / "plan.yaml").data["plan"] | {"evidence": "evidence.xlsx"}

    def opened(rows: Facts) -> Any:
        write_workbook(tmp_path / "evidence.xlsx", load_pack(FOLDER / "pack.yaml"), rows)
        return wb.open(plan, workspace=tmp_path)

    return opened


def judged(evaluation: Any, subject: str) -> tuple[dict[str, Any], set[str]]:
    """A subject's indicators by code, and the codes of its findings."""
    found = evaluation.subject(subject)
    return {i.code: i for i in found.indicators}, {f.code for f in found.findings}


def test_pack_holds_together(check_pack: Callable[..., None]) -> None:
    check_pack()


# ---------------------------------------------------------------------------------------------------------------------
# The example's scores, once more without the engine: fractions, and the rules as the pack's document words them
# ---------------------------------------------------------------------------------------------------------------------


def rounded(number: Fraction) -> Fraction:
    """Half-up to two decimals; the numbers here are not negative."""
    scaled = number * 100
    return Fraction((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 100)


def rate(top: Any, bottom: Any) -> Fraction:
    return rounded(Fraction(top) / Fraction(bottom) * 100)


def banded(weight: int, value: Fraction, bands: list[tuple[int, int]]) -> Fraction:
    """The first band whose lower end the value reaches; (lower end, percent of the points)."""
    return rounded(Fraction(weight * next((share for at, share in bands if value >= at), 0), 100))


def benchmarked(weight: int, value: Fraction, standard: Fraction, bands: list[tuple[int, int]]) -> Fraction:
    over = rate(value - standard, standard) if value > standard else Fraction(0)
    if over == 0:
        return Fraction(weight)
    return rounded(Fraction(weight * next((share for within, share in bands if over <= within), 0), 100))


def thresholded(weight: int, completion: Fraction) -> Fraction:
    """财预〔2021〕101号: nothing below 60 %, then (rate − 60 %)/(1 − 60 %) of the points."""
    if completion >= 100:
        return Fraction(weight)
    return rounded(weight * max(completion - 60, Fraction(0)) / 40)


def by_hand(rows: Facts, subject: str) -> tuple[dict[str, Fraction | None], Fraction | None]:
    """Points of every indicator, and the total; None where something is missing or does not apply."""
    s = subject_of(rows, subject)
    control, effect, survey = (
        next(r for r in rows[t] if r["subject"] == subject) for t in ("control", "effect", "survey")
    )
    costs: dict[str, Fraction] = {}
    covered = Fraction(0)
    for row in rows["items"]:
        costs[row["subject"]] = costs.get(row["subject"], Fraction(0)) + row["amount"]
        covered += row["amount"] if row["subject"] == subject and row["has_standard"] == "是" else 0
    cost = costs[subject]
    priced = {
        r["subject"]: rounded(costs[r["subject"]] / r["qualified_output"])
        if r["subject"] in costs
        else Fraction(r["peer_unit_cost"])
        for r in rows["subjects"]
    }
    unit, low, high = priced[subject], min(priced.values()), max(priced.values())
    target, standard = Fraction(s["unit_cost_target"]), Fraction(s["standard_unit_cost"])
    last_year = (
        rounded(Fraction(s["previous_unit_cost"]) * s["price_index"] / 100) if "previous_unit_cost" in s else None
    )
    passed = rate(s["qualified_output"], s["actual_output"])
    goal = Fraction(s.get("quality_target", 100))
    met = s["targets_met"] == "是" and s["actual_output"] >= s["planned_output"] and passed >= goal
    saved = rate(s["budget_cost"] - s["spending"], s["budget_cost"])
    complete = rate(cost, s["spending"])
    green = s["environment_relevant"] == "是"
    satisfaction = [(90, 100), (80, 80), (60, 50)]
    points = {
        "C_COLLECT": rounded(7 * min(complete, Fraction(100)) / max(complete, Fraction(100))),
        "C_COVER": rounded(4 * rate(covered, cost) / 100),
        "C_UNIT": Fraction(7) if unit <= target else rounded(7 * target / unit),
        "C_STD": benchmarked(9, unit, standard, [(3, 80), (5, 60), (10, 30)]),
        "C_HIST": None if last_year is None else benchmarked(6, unit, last_year, [(2, 80), (5, 60), (10, 30)]),
        "C_PEER": rounded(6 * (high - unit) / (high - low)),
        "C_SAVE": banded(4, saved, [(5, 100), (2, 80), (0, 60)]) if met else Fraction(0),
        "C_CTRL": rounded(Fraction(3 * [v for k, v in control.items() if k != "subject"].count("是"), 4)),
        "S_COST": max(2 - Fraction(effect["social_events"], 2), Fraction(0)),
        "E_COST": max(Fraction(2 - effect["environment_events"]), Fraction(0)) if green else None,
        "O_QTY": thresholded(10, rate(s["actual_output"], s["planned_output"])),
        "O_QLT": thresholded(10, passed / goal * 100),
        "O_TIME": thresholded(5, rate(s["on_time_output"], s["planned_output"])),
        "B_ECO": rounded(Fraction(4 * effect["economic_degree"], 100)),
        "B_SOC": thresholded(7, rate(effect["service_met"], effect["service_due"])),
        "B_ENV": rounded(Fraction(4 * effect["environment_degree"], 100)) if green else None,
        "M_SAT": banded(10, rate(survey["satisfied"], survey["valid"]), satisfaction),
    }
    if last_year is None:
        return points, None
    levels = {"CSE": (50, 48), "O": (25, 25), "B": (15, 11), "M": (10, 10)}
    total = Fraction(0)
    for letters, (full, without_green) in levels.items():
        level = sum((p for code, p in points.items() if code[0] in letters and p is not None), Fraction(0))
        total += level if green else rounded(level * full / without_green)
    return points, total


def text(number: Fraction | None) -> str | None:
    return None if number is None else f"{half_up(Decimal(number.numerator) / number.denominator, 2):.2f}"


@pytest.mark.parametrize("subject", ["P1", "P2", "P3"])
def test_expected_scores_are_what_fractions_give(subject: str) -> None:
    expected = read_yaml(FOLDER / "example" / "expected.yaml").data["expected"]["subjects"][subject]
    points, total = by_hand(facts(), subject)
    assert {code: text(p) for code, p in points.items()} == {
        code: line["points"] for code, line in expected["indicators"].items()
    }
    assert text(total) == expected["total"]


def test_total_of_the_unfinished_subject_is_an_interval(open_rows: Open) -> None:
    found = open_rows(facts()).subject("P3")
    # 成本 22.02/48 → 22.94 and 28.02/48 → 29.19; 产出 23.13; 效益 6.30/11 → 8.59; 满意度 5
    assert (found.complete, found.total, found.grade) == (False, None, None)
    assert found.interval == ["59.66", "65.91"]


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
    assert sum(i.weight for i in pack.indicators) == 100
    assert [i.code for i in pack.indicators if not (i.formula and i.meaning and i.proof and i.clause)] == []


def test_formula_is_shown_where_there_is_no_single_value(open_rows: Open) -> None:
    indicators, _ = judged(open_rows(facts()), "P1")
    assert indicators["C_CTRL"].formula == "符合的要点数÷4×分值(评价期间)"


# ---------------------------------------------------------------------------------------------------------------------
# Evidence that means harm
# ---------------------------------------------------------------------------------------------------------------------


def test_findings_of_the_example(open_rows: Open) -> None:
    evaluation = open_rows(facts())
    assert judged(evaluation, "P1")[1] == {"unit_costs", "target_over_standard", "over_standard", "items_not_spending"}
    assert {"overhead_without_driver", "saved_by_not_doing", "over_standard"} <= judged(evaluation, "P3")[1]


def test_zero_volume_is_unscored_and_said(open_rows: Open) -> None:
    rows = facts()
    subject_of(rows, "P1").update(actual_output=0, qualified_output=0)
    indicators, findings = judged(open_rows(rows), "P1")
    assert "zero_output" in findings
    assert [c for c in ("C_UNIT", "C_STD", "C_HIST", "C_PEER", "O_QLT") if indicators[c].final is not None] == []
    assert indicators["C_UNIT"].explanation.endswith("分母“合格产出量”为0")


def test_negative_amount_is_counted_and_said(open_rows: Open) -> None:
    rows = facts()
    rows["items"].append({"subject": "P2", "item": "其他", "amount": -60000, "has_standard": "是", "voucher": "红冲1"})
    indicators, findings = judged(open_rows(rows), "P2")
    # (1560000 − 60000) / 30000 = 50
    assert indicators["C_UNIT"].value == "50.00"
    assert {"negative_items", "items_not_spending"} <= findings


def test_unfinished_work_is_no_saving_whatever_is_ticked(open_rows: Open) -> None:
    rows = facts()
    subject_of(rows, "P3")["targets_met"] = "是"
    indicators, findings = judged(open_rows(rows), "P3")
    assert (indicators["C_SAVE"].value, indicators["C_SAVE"].final) == ("5.00", "0.00")
    assert {"met_against_facts", "saved_by_not_doing"} <= findings


def test_quality_missed_is_no_saving(open_rows: Open) -> None:
    rows = facts()
    subject_of(rows, "P1")["quality_target"] = 97  # 48000/50000 = 96 %
    indicators, findings = judged(open_rows(rows), "P1")
    assert indicators["C_SAVE"].branch == "gate_closed"
    assert "met_against_facts" in findings


def test_targets_not_judged_leave_saving_unscored(open_rows: Open) -> None:
    rows = facts()
    del subject_of(rows, "P1")["targets_met"]
    indicators, _ = judged(open_rows(rows), "P1")
    assert (indicators["C_SAVE"].value, indicators["C_SAVE"].final) == ("1.43", None)


@pytest.mark.parametrize(("kept", "finding"), [(["P1", "R1"], "one_peer"), (["P1"], "no_peer")])
def test_too_few_peers_are_said(open_rows: Open, kept: list[str], finding: str) -> None:
    rows = {t: [r for r in records if r["subject"] in kept] for t, records in facts().items()}
    indicators, findings = judged(open_rows(rows), "P1")
    assert finding in findings
    # With one peer 50.00 against 56.50 the worst gets nothing; alone there is no range.
    assert indicators["C_PEER"].final == ("0.00" if finding == "one_peer" else None)


def test_other_boundary_is_not_compared(open_rows: Open) -> None:
    rows = facts()
    subject_of(rows, "P2")["cost_boundary"] = "全成本"
    indicators, findings = judged(open_rows(rows), "P1")
    assert indicators["C_PEER"].final is None
    assert "mixed_kinds" in findings


def test_object_without_boundary_is_left_out_of_the_comparison(open_rows: Open) -> None:
    rows = facts()
    del subject_of(rows, "P2")["accounting_basis"]
    evaluation = open_rows(rows)
    assert judged(evaluation, "P2")[0]["C_PEER"].final is None
    assert "boundary_missing" in judged(evaluation, "P2")[1]
    # The range of the others is still 50 to 62: 6 × 5.5/12.
    assert judged(evaluation, "P1")[0]["C_PEER"].final == "2.75"


def test_unknown_standard_of_one_item_leaves_coverage_unscored(open_rows: Open) -> None:
    rows = facts()
    del rows["items"][0]["has_standard"]
    assert judged(open_rows(rows), "P1")[0]["C_COVER"].final is None


def test_yuan_for_ten_thousand_is_said(open_rows: Open) -> None:
    rows = facts()
    subject_of(rows, "P1").update(standard_unit_cost="0.0055", standard_document="定额(虚构)")
    assert "unit_mixed_up" in judged(open_rows(rows), "P1")[1]


def test_more_qualified_than_made_is_an_error(open_rows: Open) -> None:
    rows = facts()
    subject_of(rows, "P1")["qualified_output"] = 50001
    findings = {f.code: f.severity for f in open_rows(rows).subject("P1").findings}
    assert findings["qualified_over_actual"] == "error"


def test_period_that_ends_before_it_begins_is_an_error(open_rows: Open) -> None:
    rows = facts()
    subject_of(rows, "P1")["period_end"] = "2023-12-31"
    assert "period_order" in judged(open_rows(rows), "P1")[1]


def test_amounts_in_ten_thousand_yuan_are_converted(tmp_path: Path, open_rows: Open) -> None:
    from openpyxl import load_workbook

    open_rows(facts())
    book = load_workbook(tmp_path / "evidence.xlsx")
    sheet = book["成本明细"]
    column = next(c.column for c in sheet[1] if str(c.value).startswith("金额"))
    sheet.cell(1, column).value = "金额(万元)*"
    for row in range(2, sheet.max_row + 1):
        cell = sheet.cell(row, column)
        if cell.value is not None:
            cell.value = cell.value / 10000
    book.save(tmp_path / "evidence.xlsx")
    plan = read_yaml(FOLDER / "example" / "plan.yaml").data["plan"] | {"evidence": "evidence.xlsx"}
    indicators, _ = judged(wb.open(plan, workspace=tmp_path), "P1")
    assert indicators["C_UNIT"].value == "56.50"
