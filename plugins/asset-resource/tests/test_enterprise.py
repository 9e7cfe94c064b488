"""asset-resource-enterprise against its worked example, and the example against exact fractions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import asset_kit as kit
import pytest

import workbench as wb

PACK = "asset-resource-enterprise"
ROOT = Path(__file__).parents[3]
Open = Callable[[kit.Facts], Any]
NATIONAL = ROOT / "params" / "state_owned_enterprises_2022.yaml"
PROFIT_BANDS = [(10, 80), (30, 50), (60, 20)]
USE_BANDS = [(10, 80), (30, 50)]


def finance(rows: kit.Facts, subject: str = "E1") -> dict[str, Any]:
    return kit.row_of(rows, "finance", subject)


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


def standard(rows: kit.Facts, item: str) -> Fraction:
    """The newest national average of the 对标值 sheet, which the pack prefers."""
    found = [r for r in rows["benchmark_values"] if r["item"] == item and r["scope"] == "全国平均"]
    return kit.exact(max(found, key=lambda r: r["year"])["value"])


def capital(rows: kit.Facts, subject: str) -> dict[str, Fraction | None]:
    """Points of 资本效益; None where nothing can be computed."""
    f = {k: kit.exact(v) for k, v in finance(rows, subject).items() if k != "subject"}
    net = sum(
        (r["amount"] * (1 if r["effect"] == "增加" else -1) for r in rows["factors"] if r["subject"] == subject), 0
    )
    assets, equity = f["assets_open"] + f["assets_close"], f["equity_open"] + f["equity_close"]
    kept = kit.percent(f["state_close"] - net, f["state_open"]) if f["state_open"] > 0 else None
    earned = kit.percent(f["net_profit"] * 2, equity) if equity > 0 else None
    leverage = kit.percent(f["liabilities_close"], f["assets_close"])
    over = leverage - standard(rows, "资产负债率基准线")
    off = max(Fraction(7) - max(abs(over) - 15, Fraction(0)) / 5, Fraction(0))
    profit = kit.percent((f["total_profit"] + f["interest"]) * 2, assets)
    return {
        "B_KEEP": None
        if kept is None
        else kit.banded(6, kept, [(100, 100), (98, 60), (95, 30)])
        + kit.compared(4, kept, standard(rows, "国有资本保值增值率"), [(1, 80), (3, 50), (5, 20)]),
        "B_ROE": None if earned is None else kit.compared(7, earned, standard(rows, "净资产收益率"), PROFIT_BANDS),
        "B_ROA": kit.compared(6, profit, standard(rows, "总资产报酬率"), PROFIT_BANDS),
        "B_LEV": min(kit.half_up(off), kit.banded(7, over, [(5, 100), (10, 50)], lower=True)),
    }


def use(rows: kit.Facts, subject: str) -> dict[str, Fraction | None]:
    """Points of 使用效率 and of 盘活率; what does not apply is left out by the caller."""
    f = {k: kit.exact(v) for k, v in finance(rows, subject).items() if k != "subject"}
    census = kit.row_of(rows, "census", subject)
    idle = [r for r in rows["idle"] if r["subject"] == subject]
    leases = [r for r in rows["leases"] if r["subject"] == subject]
    left = sum(r["original"] for r in idle if r["revived"] == "否")
    opening = sum(r["original"] for r in idle if r["at_opening"] == "是")
    revived = sum(r["original"] for r in idle if r["at_opening"] == "是" and r["revived"] == "是")
    turned = kit.half_up(f["revenue"] * 2 / (f["assets_open"] + f["assets_close"]))
    funds = kit.percent(f["receivables"] + f["inventories"], f["current_assets"])
    priced = leases and all("market_rent" in r for r in leases)
    rents = {k: sum(r.get(k, 0) for r in leases) for k in ("contract_rent", "market_rent", "due_rent", "received_rent")}
    return {
        "C_IDLE": kit.banded(5, kit.percent(left, census["due_value"]), [(2, 100), (5, 70), (10, 40)], lower=True),
        "C_TURN": kit.compared(3, turned, standard(rows, "总资产周转率"), USE_BANDS),
        "C_TWO": kit.compared(4, funds, standard(rows, "两金占流动资产比重"), USE_BANDS, lower=True),
        "C_RD": kit.compared(3, kit.percent(f["rd_spending"], f["revenue"]), standard(rows, "研发投入强度"), USE_BANDS)
        if "rd_spending" in f
        else None,
        "C_RENTM": kit.banded(
            4, kit.percent(rents["contract_rent"], rents["market_rent"]), [(95, 100), (85, 70), (70, 40)]
        )
        if priced
        else None,
        "C_RENTC": kit.proportional(4, kit.percent(rents["received_rent"], rents["due_rent"])) if leases else None,
        "D_REV": kit.banded(7, kit.percent(revived, opening), [(50, 100), (30, 70), (10, 40)]) if opening else None,
    }


def by_hand(rows: kit.Facts, subject: str) -> dict[str, Fraction | None]:
    """Points of every indicator."""
    census, paid = kit.row_of(rows, "census", subject), kit.row_of(rows, "returns", subject)
    governance = kit.row_of(rows, "governance", subject)
    rates = {
        "A_COUNT": (5, census["counted_value"], census["due_value"]),
        "A_MATCH": (5, census["matched_value"], census["counted_value"]),
        "A_TITLE": (4, census["titles_done"], census["titles_due"]),
        "A_REG": (4, census["registrations_done"], census["registrations_due"]),
        "D_PAY": (6, paid.get("paid"), paid.get("due")),
        "D_LIST": (3, paid.get("listing_done"), paid.get("listing_due")),
        "E_FIX": (3, governance["issues_fixed"], governance["issues_found"]),
    }
    met = sum(1 for v in governance.values() if v == "是")
    return {
        **{code: kit.proportional(w, kit.percent(t, b)) if b else None for code, (w, t, b) in rates.items()},
        "E_GOV": Fraction(met),
        "M_SAT": kit.satisfaction(rows, subject, 5),
        **capital(rows, subject),
        **use(rows, subject),
    }


@pytest.mark.parametrize("subject", ["E1", "E2", "E3"])
def test_expected_scores_are_what_fractions_give(
    facts: kit.Facts, pack: Any, expected: dict[str, Any], subject: str
) -> None:
    kit.assert_expected(by_hand(facts, subject), expected[subject], pack)


def test_insolvent_company_gets_an_interval_and_provisional_points(facts: kit.Facts, open_rows: Open) -> None:
    evaluation = open_rows(facts)
    found = evaluation.subject("E3")
    # worked-example.md 八: 13.50 + 0.00—17.00 + 8.05—12.65 + 7.84 + 2.75 + 0.00—5.00
    assert (found.total, found.grade, found.interval) == (None, None, ["32.14", "58.74"])
    indicators, findings = kit.judged(evaluation, "E3")
    # 60 % of the assets were counted: what is said of their use waits for the rest.
    assert {c for c, i in indicators.items() if i.status == "provisional"} == {"C_IDLE", "C_RENTC", "D_REV"}
    assert {
        "state_open_not_positive",
        "equity_not_positive",
        "insolvent",
        "leverage_over_red",
        "census_partial",
        "rent_without_market",
    } <= findings


# ---------------------------------------------------------------------------------------------------------------------
# Analyses
# ---------------------------------------------------------------------------------------------------------------------


def test_equity_bridge_ends_where_the_books_end(facts: kit.Facts, open_rows: Open) -> None:
    steps = kit.table_of(open_rows(facts), "equity_bridge", "E1")
    # 120000 + 5000 + 2400 − 600 − 1000 + 2200 = 128000 (worked-example.md 九)
    assert [(s["step"], s["amount"]) for s in steps] == [
        ("期初国有权益", "120000.00"),
        ("国家追加投资", "5000.00"),
        ("无偿划入", "2400.00"),
        ("无偿划出", "-600.00"),
        ("上缴红利", "-1000.00"),
        ("经营及其他变动", "2200.00"),
        ("期末国有权益", "128000.00"),
    ]
    assert [s["share"] for s in steps if s["step"] == "经营及其他变动"] == ["1.83"]
    levels = [Fraction(s["amount"]) for s in steps if s["level"]]
    assert levels[0] + sum(Fraction(s["amount"]) for s in steps if not s["level"]) == levels[1]


def test_no_bridge_from_negative_equity(facts: kit.Facts, open_rows: Open) -> None:
    assert kit.table_of(open_rows(facts), "equity_bridge", "E3") == []


def test_deviation_has_one_sign_for_better(facts: kit.Facts, open_rows: Open) -> None:
    found = {r["item"]: (r["gap"], r["better"]) for r in kit.table_of(open_rows(facts), "benchmark_gap", "E1")}
    # (55 − 50)/50 = 10 %: more tied up than average is worse; (67 − 64)/64 = 4.6875 %: two-sided, off is worse
    assert found["两金占流动资产比重"] == ("10.00", "-10.00")
    assert found["资产负债率"] == ("4.69", "-4.69")
    assert found["净资产收益率"] == ("-11.11", "-11.11")


def test_idle_assets_are_listed_with_route_and_worth(facts: kit.Facts, open_rows: Open) -> None:
    evaluation = open_rows(facts)
    listed = kit.table_of(evaluation, "idle_list", "E1")
    assert [(r["asset"], r["route"], r["worth"], r["done"]) for r in listed[:3]] == [
        ("城南地块", "处置", "1500.00", "未盘活"),
        ("办公楼东附楼", "未定", None, "未盘活"),
        ("滨河仓库", "共享", "18.00", "未盘活"),
    ]
    routes = {
        r["route"]: (r["items"], r["original"], r["worth"]) for r in kit.table_of(evaluation, "idle_routes", "E1")
    }
    # 处置: 城南地块 900 + 旧挖掘机 200, worth 1500 + 45
    assert routes["处置"] == ("2", "1100.00", "1545.00")
    assert routes["未定"] == ("1", "600.00", None)


def test_structure_places_each_enterprise_against_the_lines(facts: kit.Facts, open_rows: Open) -> None:
    evaluation = open_rows(facts)
    states = {s: kit.table_of(evaluation, "capital_structure", s)[0] for s in ("E1", "E3", "R1")}
    # R1, a peer: 221000/340000 = 65 %
    assert states["R1"]["ratio"] == "65.00"
    assert states["E1"]["state"] == "未超过预警线"
    assert (states["E3"]["state"], states["E3"]["red"]) == ("超过重点监管线", "74.00")


# ---------------------------------------------------------------------------------------------------------------------
# The published figures
# ---------------------------------------------------------------------------------------------------------------------


def test_national_plan_gives_the_published_ratios_and_nothing_else() -> None:
    evaluation = wb.open(NATIONAL)
    found = {s.id: {i.code: i for i in s.indicators} for s in evaluation.result().subjects}
    # state_assets.csv: 73.7/109.4 and 145.0/230.1 万亿元; the line is (73.7 + 145.0)/(109.4 + 230.1) = 64.42 %
    assert {s: i["B_LEV"].value for s, i in found.items()} == {"C2022": "67.37", "L2022": "63.02"}
    assert {s: {c for c, i in x.items() if i.final is not None} for s, x in found.items()} == {
        "C2022": {"B_LEV"},
        "L2022": {"B_LEV"},
    }
    ratios = {s: kit.table_of(evaluation, "capital_structure", s)[0]["ratio"] for s in ("C2017", "L2017")}
    assert ratios == {"C2017": "68.11", "L2017": "62.07"}  # 51.9/76.2 and 66.6/107.3
    assert all(s.grade is None for s in evaluation.result().subjects)
