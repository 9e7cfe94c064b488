"""asset-resource-natural against its worked example, the example against exact fractions, and evidence that means harm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import asset_kit as kit
import pytest

from workbench.base.errors import WorkbenchError

PACK = "asset-resource-natural"
Open = Callable[[kit.Facts], Any]


def test_pack_holds_together(check_pack: Callable[..., None]) -> None:
    check_pack()


def test_every_weight_is_marked_as_an_example_and_every_indicator_is_explained(pack: Any) -> None:
    assert sum(i.weight for i in pack.indicators) == 100
    assert [i.code for i in pack.indicators if not i.example] == []
    assert [i.code for i in pack.indicators if not (i.formula and i.meaning and i.proof and i.clause)] == []


def test_worked_example_names_every_indicator_and_number(
    pack_folder: Path, pack: Any, expected: dict[str, Any]
) -> None:
    document = (pack_folder / "example" / "worked-example.md").read_text(encoding="utf-8")
    numbers = [s["total"] for s in expected.values() if s["total"]]
    numbers += [line["points"] for s in expected.values() for line in s["indicators"].values() if line["points"]]
    assert [i.code for i in pack.indicators if i.code not in document] == []
    assert [n for n in numbers if n not in document] == []


# ---------------------------------------------------------------------------------------------------------------------
# The example's scores, once more without the engine
# ---------------------------------------------------------------------------------------------------------------------


def mean(pairs: list[tuple[Any, Any]]) -> Fraction | None:
    """The mean of rates, each rounded first; None where one cannot be computed."""
    if any(top is None or bottom in (None, 0) for top, bottom in pairs):
        return None
    return kit.half_up(sum((kit.percent(t, b) for t, b in pairs), Fraction(0)) / len(pairs))


def stepped(weight: int, per_point: Fraction, short: Fraction) -> Fraction:
    """Points less what each percentage point beyond 100 % costs."""
    return kit.half_up(max(weight - per_point * max(short, Fraction(0)), Fraction(0)))


def stock(rows: kit.Facts, subject: str) -> dict[str, Fraction | None]:
    """Points of 资源底数 and of the two 保有量 indicators."""
    base = [r for r in rows["base"] if r["subject"] == subject]
    accounts = [r for r in rows["account"] if r["subject"] == subject]
    balanced = [
        kit.exact(r["opening"]) + kit.exact(r["increase"]) - kit.exact(r["decrease"]) == kit.exact(r["closing"])
        for r in accounts
    ]
    rates = {
        "A_SURVEY": (5, mean([(r.get("surveyed"), r.get("due")) for r in base])),
        "A_REG": (6, mean([(r.get("registered"), r.get("register_due")) for r in base])),
        "A_MATCH": (4, mean([(r.get("matched"), r.get("surveyed")) for r in base])),
        "A_BAL": (4, kit.percent(sum(balanced), len(balanced))),
    }
    points = {code: None if rate is None else kit.proportional(w, rate) for code, (w, rate) in rates.items()}
    for code, kind, weight, price in (("B_FARM", "耕地", 6, Fraction(3)), ("B_WOOD", "林地", 5, Fraction(5, 2))):
        row = next((r for r in accounts if r["kind"] == kind), None)
        # 376500 against 25000: fifteen times, another unit.
        usable = row is not None and kit.exact(row["closing"]) < 14 * kit.exact(row["opening"])
        points[code] = stepped(weight, price, 100 - kit.percent(row["closing"], row["target"])) if usable else None
    return points


def use(rows: kit.Facts, subject: str) -> dict[str, Fraction | None]:
    """Points of 利用效率 and of what ecology and law ask for."""
    land, ecology = kit.row_of(rows, "land", subject), kit.row_of(rows, "ecology", subject)
    idle = [r for r in rows["idle_land"] if r["subject"] == subject]
    off = max(abs(kit.percent(land["supplied_year"], land["plan_area"]) - 100) - 5, Fraction(0))
    output = kit.half_up(kit.exact(land["value_added"]) * 10000 / land["construction"])
    water = kit.half_up(kit.exact(ecology["water_used"]) * 10000 / ecology["gdp"])
    area, done = sum(r["area"] for r in idle), sum(r["area"] for r in idle if r["disposed"] == "是")
    pending = kit.percent(land["pending_done"], land["pending_open"])
    shares = {
        "B_LAW": (4, land["illegal_done"], land["illegal_due"]),
        "E_RESTORE": (4, ecology["restored"], ecology["restore_due"]),
        "E_COMP": (4, ecology["compensation_paid"], ecology["compensation_due"]),
    }
    return {
        "B_WATER": stepped(4, Fraction(1), kit.percent(ecology["water_used"], ecology["water_cap"]) - 100),
        "C_SUPPLY": kit.compared(4, kit.percent(land["supplied"], land["approved"]), 72, [(5, 80), (15, 50), (30, 20)]),
        "C_PEND": kit.banded(4, pending, [(25, 100), (15, 70), (5, 40)]),
        "C_PLAN": kit.half_up(max(3 - off / 10, Fraction(0))),
        "C_IDLE": kit.banded(5, kit.percent(done, area), [(50, 100), (30, 70), (15, 40)]) if area else None,
        "C_YIELD": kit.compared(5, output, 320, [(10, 80), (30, 50), (60, 20)]),
        "C_WATERGDP": kit.compared(3, water, 50, [(10, 80), (30, 50)], lower=True),
        **{code: kit.proportional(w, kit.percent(t, b)) if b else None for code, (w, t, b) in shares.items()},
    }


def by_hand(rows: kit.Facts, subject: str) -> dict[str, Fraction | None]:
    """Points of every indicator."""
    fees = {
        "D_LAND": ("国有土地使用权出让收入", 5),
        "D_MINE": ("矿业权出让收益", 6),
        "D_WATER": ("水资源税费", 4),
        "D_SEA": ("海域使用金", 3),
    }
    dues = {r["fee"]: r for r in rows["dues"] if r["subject"] == subject}
    paid = mean([(r["paid_quantity"], r["due_quantity"]) for r in rows["paid_use"] if r["subject"] == subject])
    assert paid is not None
    met = sum(1 for v in kit.row_of(rows, "governance", subject).values() if v == "是")
    return {
        **stock(rows, subject),
        **use(rows, subject),
        "D_PAID": kit.proportional(4, paid),
        **{
            code: kit.proportional(w, kit.percent(dues[fee]["paid"], dues[fee]["due"])) if fee in dues else None
            for code, (fee, w) in fees.items()
        },
        "E_GOV": Fraction(met),
        "M_SAT": kit.satisfaction(rows, subject, 4),
    }


@pytest.mark.parametrize("subject", ["N1", "N2", "N3"])
def test_expected_scores_are_what_fractions_give(
    facts: kit.Facts, pack: Any, expected: dict[str, Any], subject: str
) -> None:
    kit.assert_expected(by_hand(facts, subject), expected[subject], pack)


def test_unsurveyed_county_gets_an_interval_and_provisional_points(facts: kit.Facts, open_rows: Open) -> None:
    evaluation = open_rows(facts)
    found = evaluation.subject("N3")
    # worked-example.md 七: 5.97—14.97, 7.60—15.74, 0.00, 7.41—12.04, 1.50, 2.00
    assert (found.total, found.grade, found.interval) == (None, None, ["24.48", "46.25"])
    indicators, findings = kit.judged(evaluation, "N3")
    waiting = {c for c, i in indicators.items() if i.status == "provisional"}
    assert waiting == {"C_SUPPLY", "C_PEND", "C_IDLE", "C_YIELD", "D_PAID"}
    assert {"survey_missing", "units_mixed", "base_far_from_account", "deferred_without_document"} <= findings
    # 25 sheets, 24 of them valid, handed out by the county itself where people came by
    assert {"survey_sample_small", "survey_by_unit_itself", "survey_not_random"} <= findings


# ---------------------------------------------------------------------------------------------------------------------
# Analyses
# ---------------------------------------------------------------------------------------------------------------------


def test_accounts_keep_their_units_and_show_the_gap(facts: kit.Facts, open_rows: Open) -> None:
    accounts = {r["label"]: r for r in kit.table_of(open_rows(facts), "accounts", "N1")}
    # 5000 + 0 − 20 − 4990 = −10; coal (8000 − 8300)/8300 = −3.61 %
    assert (accounts["海域"]["gap"], accounts["海域"]["state"]) == ("-10.00", "不平衡")
    assert (accounts["矿产资源·煤炭"]["unit"], accounts["矿产资源·煤炭"]["change"]) == ("万吨", "-3.61")
    assert accounts["水资源·地表水"]["state"] == "平衡"


def test_farmland_bridge_adds_up(facts: kit.Facts, open_rows: Open) -> None:
    evaluation = open_rows(facts)
    steps = [(r["step"], r["amount"]) for r in kit.table_of(evaluation, "farm_bridge", "N1")]
    assert steps == [("年初", "42100.00"), ("本年增加", "150.00"), ("本年减少", "-250.00"), ("年末", "42000.00")]
    # 376500 − 25000 − 100 + 100
    assert ("对不上的差额", "351500.00") in [
        (r["step"], r["amount"]) for r in kit.table_of(evaluation, "farm_bridge", "N3")
    ]


def test_yield_stands_beside_peers_and_benchmark(facts: kit.Facts, open_rows: Open) -> None:
    evaluation = open_rows(facts)
    found = {s: kit.table_of(evaluation, "yields", s)[0] for s in ("N1", "R1")}
    # 480 × 10000/16000 = 300, /15 = 20 a mu; 760 × 10000/20000 = 380
    assert (found["N1"]["yield"], found["N1"]["yield_mu"], found["N1"]["standard"]) == ("300.00", "20.00", "320.00")
    assert (found["R1"]["yield"], found["R1"]["role"]) == ("380.00", "参照")


def test_deviation_has_one_sign_for_better(facts: kit.Facts, open_rows: Open) -> None:
    found = {r["item"]: (r["gap"], r["better"]) for r in kit.table_of(open_rows(facts), "benchmark_gap", "N1")}
    # (60 − 50)/50: more water is worse; (86 − 100)/100 on a two-sided indicator
    assert found["万元GDP用水量"] == ("20.00", "-20.00")
    assert found["供地计划完成率"] == ("-14.00", "-14.00")


def test_idle_land_is_listed_with_route_and_worth(facts: kit.Facts, open_rows: Open) -> None:
    evaluation = open_rows(facts)
    listed = kit.table_of(evaluation, "idle_list", "N1")
    assert (listed[0]["parcel"], listed[0]["area"], listed[0]["route"], listed[0]["worth"]) == (
        "临港七号",
        "38.00",
        "处置",
        "11400.00",
    )
    routes = {r["route"]: (r["area"], r["done"], r["worth"]) for r in kit.table_of(evaluation, "idle_routes", "N1")}
    assert routes["处置"] == ("50.00", "12.00", "20400.00")  # 12 + 38; 9000 + 11400


def test_overpaying_one_does_not_settle_the_arrears_of_another(facts: kit.Facts, open_rows: Open) -> None:
    facts["dues"] += [
        {"subject": "N1", "fee": "矿业权出让收益", "item": "二号矿", "due": 1000, "paid": 400},
    ]
    evaluation = open_rows(facts)
    fees = {r["fee"]: r for r in kit.table_of(evaluation, "dues_list", "N1")}
    # 12600 + 400 against 12000 + 1000 would be 100 %; of what is due 12000 + 400 came in: 12400/13000 = 95.38 %
    assert (fees["矿业权出让收益"]["rate"], fees["矿业权出让收益"]["arrears"]) == ("95.38", "600.00")
    indicators, findings = kit.judged(evaluation, "N1")
    assert (indicators["D_MINE"].value, indicators["D_MINE"].final) == ("95.38", "5.72")  # 6 × 95.38 % = 5.7228
    assert {"paid_over_due", "arrears"} <= findings


# ---------------------------------------------------------------------------------------------------------------------
# Evidence that means harm
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("times", "suspect"), [(15, True), (10000, True), (100, True), (2, False)])
def test_other_units_are_suspected_by_their_factor(
    facts: kit.Facts, open_rows: Open, times: int, suspect: bool
) -> None:
    row = kit.row_of(facts, "account", "N1", kind="耕地")
    for name in ("opening", "increase", "decrease"):
        row[name] *= times
    row["closing"] = 42000
    indicators, findings = kit.judged(open_rows(facts), "N1")
    assert ("units_mixed" in findings) is suspect
    assert (indicators["B_FARM"].final is None) is suspect


def test_target_in_another_unit_leaves_the_holding_unscored(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "account", "N1", kind="耕地")["target"] = 41800 * 15
    indicators, findings = kit.judged(open_rows(facts), "N1")
    assert indicators["B_FARM"].final is None
    assert "units_mixed" in findings


def test_two_units_of_one_kind_are_never_added(facts: kit.Facts, open_rows: Open) -> None:
    facts["account"].append(
        {"subject": "N1", "kind": "耕地", "item": "水田", "unit": "亩", "opening": 1500, "increase": 0, "decrease": 0}
        | {"closing": 1500, "target": 1500}
    )
    indicators, _ = kit.judged(open_rows(facts), "N1")
    assert (indicators["B_FARM"].value, indicators["B_FARM"].final) == (None, None)


def test_base_and_account_in_different_units_are_an_error(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "base", "N1", kind="林地")["unit"] = "亩"
    findings = {f.code: f.severity for f in open_rows(facts).subject("N1").findings}
    assert findings["units_differ"] == "error"


def test_area_in_mu_is_refused_where_hectares_are_asked(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "land", "N1")["construction"] = "240000亩"
    with pytest.raises(WorkbenchError) as caught:
        open_rows(facts)
    assert "单位与规定的不同" in str(caught.value)


@pytest.mark.parametrize("construction", [16000 * 15, 160, 16000 * 10000])
def test_yield_far_from_the_benchmark_asks_for_the_unit(facts: kit.Facts, open_rows: Open, construction: int) -> None:
    kit.row_of(facts, "land", "N1")["construction"] = construction
    kit.row_of(facts, "land", "N1")["value_added"] = 512  # 320 万元/公顷 on 16000 公顷
    assert "yield_unit" in kit.judged(open_rows(facts), "N1")[1]


def test_zero_area_is_unscored_and_said(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "land", "N1")["construction"] = 0
    indicators, findings = kit.judged(open_rows(facts), "N1")
    assert indicators["C_YIELD"].final is None
    assert {"zero_area", "built_differs"} <= findings


def test_zero_due_quantity_of_one_kind_is_unscored(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "base", "N1", kind="海域")["due"] = 0
    kit.row_of(facts, "paid_use", "N1", kind="海域")["due_quantity"] = 0
    indicators, _ = kit.judged(open_rows(facts), "N1")
    assert (indicators["A_SURVEY"].final, indicators["D_PAID"].final) == (None, None)


@pytest.mark.parametrize(
    ("name", "code"),
    [("surveyed", "A_SURVEY"), ("matched", "A_MATCH"), ("registered", "A_REG")],
)
def test_one_blank_kind_is_not_skipped_in_the_mean(facts: kit.Facts, open_rows: Open, name: str, code: str) -> None:
    del kit.row_of(facts, "base", "N1", kind="海域")[name]
    assert kit.judged(open_rows(facts), "N1")[0][code].final is None


def test_more_surveyed_than_there_is_counts_as_all_of_it(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "base", "N1", kind="海域")["surveyed"] = 7000
    indicators, findings = kit.judged(open_rows(facts), "N1")
    # (100 + 95 + 100 + 100 + 100)/5
    assert indicators["A_SURVEY"].value == "99.00"
    assert "base_over" in findings


def test_incomplete_account_leaves_the_balance_unscored(facts: kit.Facts, open_rows: Open) -> None:
    del kit.row_of(facts, "account", "N1", kind="海域")["decrease"]
    indicators, findings = kit.judged(open_rows(facts), "N1")
    assert indicators["A_BAL"].final is None
    assert "account_incomplete" in findings


def test_paid_more_than_due_is_full_points_and_said(facts: kit.Facts, open_rows: Open) -> None:
    indicators, findings = kit.judged(open_rows(facts), "N1")
    assert (indicators["D_MINE"].value, indicators["D_MINE"].final) == ("105.00", "6.00")
    assert "paid_over_due" in findings


def test_more_farmland_than_the_target_is_nothing_odd(facts: kit.Facts, open_rows: Open) -> None:
    # 42000/41800 = 100.48 % (worked-example.md 二): held, and no rate to be checked
    indicators, findings = kit.judged(open_rows(facts), "N1")
    assert indicators["B_FARM"].value == "100.48"
    assert [f.indicator for f in open_rows(facts).subject("N1").findings if f.code == "rate_over_100"] == ["D_MINE"]
    assert "units_mixed" not in findings


@pytest.mark.parametrize(
    ("said", "code", "finding"),
    [
        ("has_mining", "D_MINE", "mining_contradicts"),
        ("has_sea", "D_SEA", "sea_contradicts"),
        ("has_forest", "B_WOOD", "forest_contradicts"),
    ],
)
def test_saying_no_does_not_drop_what_the_sheets_show(
    facts: kit.Facts, open_rows: Open, said: str, code: str, finding: str
) -> None:
    kit.row_of(facts, "subjects", "N1")[said] = "否"
    indicators, findings = kit.judged(open_rows(facts), "N1")
    assert indicators[code].status == "scored"
    assert finding in findings


def test_no_water_at_all_is_unscored_and_said(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "ecology", "N1")["water_used"] = 0
    indicators, findings = kit.judged(open_rows(facts), "N1")
    assert [indicators[c].final for c in ("B_WATER", "C_WATERGDP")] == [None, None]
    assert "water_zero" in findings


def test_water_cap_of_nought_does_not_speak_of_excess(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "ecology", "N1")["water_cap"] = 0
    indicators, findings = kit.judged(open_rows(facts), "N1")
    assert indicators["B_WATER"].final is None
    assert ("water_over_cap" in findings, "zero_denominator" in findings) == (False, True)


def test_contradictions_are_said(facts: kit.Facts, open_rows: Open) -> None:
    before = kit.judged(open_rows(facts), "N1")[1]
    kit.row_of(facts, "land", "N1")["value_added"] = 601  # gdp 600
    facts["idle_land"][0]["found_on"] = date(2025, 1, 1)
    del kit.row_of(facts, "base", "N1", kind="海域")["registered"]
    for row in facts["benchmark_values"]:
        if row["item"] == "土地供应率":
            row["value"] = "0.72"
    indicators, findings = kit.judged(open_rows(facts), "N1")
    wanted = {"output_over_gdp", "idle_dated_late", "base_unrated", "benchmark_as_fraction"}
    assert (wanted & before, wanted & findings) == (set(), wanted)
    assert indicators["A_REG"].final is None


def test_huge_numbers_are_compared_without_a_crash(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "land", "N1").update(construction="0.0001", value_added="99999999999999")
    indicators, findings = kit.judged(open_rows(facts), "N1")
    assert "yield_unit" in findings
    assert indicators["C_YIELD"].final == "5.00"


def test_idle_land_not_confirmed_is_not_an_empty_list(facts: kit.Facts, open_rows: Open) -> None:
    del kit.row_of(facts, "subjects", "N2")["idle_listed"]
    indicators, findings = kit.judged(open_rows(facts), "N2")
    assert indicators["C_IDLE"].status == "unscored"
    assert "idle_not_confirmed" in findings


def test_newest_benchmark_not_after_the_year_is_taken(facts: kit.Facts, open_rows: Open) -> None:
    facts["benchmark_values"].append(
        {"item": "万元GDP用水量", "scope": "全国平均", "year": 2025, "value": 40, "source": "水资源公报(虚构数)"}
    )
    assert kit.judged(open_rows(facts), "N1")[0]["C_WATERGDP"].final == "1.50"


def test_blank_evidence_scores_nothing(facts: kit.Facts, open_rows: Open) -> None:
    blank: kit.Facts = {t: [] for t in facts}
    blank["subjects"] = [{"subject": "N9", "name": "空白县(虚构)"}]
    found = open_rows(blank).subject("N9")
    assert (found.total, found.interval) == (None, ["0.00", "100.00"])
    assert {i.status for i in found.indicators} == {"unscored"}
