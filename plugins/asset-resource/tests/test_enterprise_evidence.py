"""asset-resource-enterprise on evidence that means harm: negative equity, missing years, wrong units, contradictions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import asset_kit as kit
import pytest

from workbench.base.errors import WorkbenchError

PACK = "asset-resource-enterprise"
Open = Callable[[kit.Facts], Any]


def finance(rows: kit.Facts, subject: str = "E1") -> dict[str, Any]:
    return kit.row_of(rows, "finance", subject)


@pytest.mark.parametrize("opening", [0, -500])
def test_opening_equity_that_is_not_positive_is_unscored_and_said(
    facts: kit.Facts, open_rows: Open, opening: int
) -> None:
    finance(facts)["state_open"] = opening
    indicators, findings = kit.judged(open_rows(facts), "E1")
    assert (indicators["B_KEEP"].value, indicators["B_KEEP"].final) == (None, None)
    assert "state_open_not_positive" in findings


def test_loss_over_negative_equity_is_no_return(facts: kit.Facts, open_rows: Open) -> None:
    # −900 over an average of −2300 would read as +39.13 %.
    indicators, _ = kit.judged(open_rows(facts), "E3")
    assert (indicators["B_ROE"].value, indicators["B_ROE"].final) == (None, None)


def test_missing_opening_year_leaves_averages_unscored(facts: kit.Facts, open_rows: Open) -> None:
    for name in ("assets_open", "equity_open", "state_open", "liabilities_open"):
        del finance(facts)[name]
    indicators, findings = kit.judged(open_rows(facts), "E1")
    assert [c for c in ("B_KEEP", "B_ROE", "B_ROA", "C_TURN") if indicators[c].final is not None] == []
    assert indicators["B_LEV"].final == "7.00"
    assert "opening_missing" in findings


def test_growth_that_comes_from_capital_injections_is_a_loss(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "factors", "E1", factor="国家追加投资")["amount"] = 12000
    indicators, findings = kit.judged(open_rows(facts), "E1")
    # (128000 − 14400 + 1600)/120000 = 96 %: 95 % band 6 × 30 %, and (103 − 96)/103 = 6.80 % behind: 0
    assert (indicators["B_KEEP"].value, indicators["B_KEEP"].final) == ("96.00", "1.80")
    assert {"growth_by_factors", "capital_lost"} <= findings


def test_factors_not_confirmed_are_not_taken_for_none(facts: kit.Facts, open_rows: Open) -> None:
    facts["factors"] = [r for r in facts["factors"] if r["subject"] != "E1"]
    del kit.row_of(facts, "subjects", "E1")["factors_listed"]
    indicators, findings = kit.judged(open_rows(facts), "E1")
    assert indicators["B_KEEP"].final is None
    assert "factors_not_confirmed" in findings


def test_factor_with_the_wrong_sign_or_without_document_is_said(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "factors", "E1", factor="上缴红利")["effect"] = "增加"
    del kit.row_of(facts, "factors", "E1", factor="无偿划出")["document"]
    assert {"factor_contrary", "factor_without_document"} <= kit.judged(open_rows(facts), "E1")[1]


@pytest.mark.parametrize(
    ("change", "finding"),
    [({"document": None}, "factor_without_document"), ({"occurred_on": date(2023, 5, 1)}, "factor_misdated")],
)
def test_factor_not_proved_makes_preservation_provisional(
    facts: kit.Facts, open_rows: Open, change: dict[str, Any], finding: str
) -> None:
    # Deducted all the same (101.83 % as in worked-example.md 三), but no more than 拟得分.
    row = kit.row_of(facts, "factors", "E1", factor="上缴红利")
    row.update(change)
    for name in [n for n, v in row.items() if v is None]:
        del row[name]
    indicators, findings = kit.judged(open_rows(facts), "E1")
    assert (indicators["B_KEEP"].value, indicators["B_KEEP"].status) == ("101.83", "provisional")
    assert finding in findings


def test_growth_over_100_is_nothing_odd_even_without_benchmark(facts: kit.Facts, open_rows: Open) -> None:
    facts["benchmark_values"] = [r for r in facts["benchmark_values"] if r["item"] != "国有资本保值增值率"]
    indicators, findings = kit.judged(open_rows(facts), "E1")
    assert (indicators["B_KEEP"].value, indicators["B_KEEP"].final) == ("101.83", None)
    assert "rate_over_100" not in findings


@pytest.mark.parametrize(
    ("table", "keys", "change", "finding"),
    [
        ("subjects", {}, {"census_date": date(2021, 6, 30)}, "census_out_of_date"),
        ("finance", {}, {"net_profit": -100}, "growth_without_profit"),
        ("idle", {"asset": "城南地块"}, {"idle_since": date(2025, 3, 1)}, "idle_misdated"),
        ("idle", {"asset": "城南地块"}, {"idle_since": date(2024, 3, 1)}, "idle_misdated"),
        ("returns", {}, {"rate": "0.2"}, "rate_as_fraction"),
        ("benchmark_values", {"item": "国有资本保值增值率"}, {"value": "1.03"}, "benchmark_as_fraction"),
        ("benchmark_values", {"item": "资产负债率基准线"}, {"value": "0.64"}, "benchmark_as_fraction"),
        ("benchmark_values", {"item": "总资产报酬率"}, {"value": "0.032"}, "benchmark_as_fraction"),
    ],
)
def test_contradictions_are_said(
    facts: kit.Facts, open_rows: Open, table: str, keys: dict[str, str], change: dict[str, Any], finding: str
) -> None:
    assert finding not in kit.judged(open_rows(facts), "E1")[1]
    owner = {} if table == "benchmark_values" else {"subject": "E1"}
    next(r for r in facts[table] if (keys | owner).items() <= r.items()).update(change)
    assert finding in kit.judged(open_rows(facts), "E1")[1]


@pytest.mark.parametrize(
    ("said", "codes", "finding"),
    [
        ("has_leases", ("C_RENTM", "C_RENTC"), "leases_contradict"),
        ("has_transactions", ("D_LIST",), "transactions_contradict"),
    ],
)
def test_saying_no_does_not_drop_what_the_sheets_show(
    facts: kit.Facts, open_rows: Open, said: str, codes: tuple[str, ...], finding: str
) -> None:
    kit.row_of(facts, "subjects", "E1")[said] = "否"
    indicators, findings = kit.judged(open_rows(facts), "E1")
    assert {indicators[c].status for c in codes} == {"scored"}
    assert finding in findings


def test_one_tenant_paying_more_does_not_settle_the_arrears_of_another(facts: kit.Facts, open_rows: Open) -> None:
    leases = [r for r in facts["leases"] if r["subject"] == "E1"]
    leases[0].update(due_rent=180, received_rent=240)
    leases[1].update(due_rent=60, received_rent=0)
    indicators, findings = kit.judged(open_rows(facts), "E1")
    # 240 of 240 in all, but of what is due only 180: 75 %, 4 × 75 % = 3
    assert (indicators["C_RENTC"].value, indicators["C_RENTC"].final) == ("75.00", "3.00")
    assert {"received_over_due", "rent_arrears"} <= findings


def test_no_title_due_does_not_apply(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "census", "E1").update(titles_due=0, titles_done=0)
    assert kit.judged(open_rows(facts), "E1")[0]["A_TITLE"].status == "not_applicable"


def test_loss_may_be_the_base_of_the_dividend(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "returns", "E1").update(base=-1500, due=0, paid=0)
    assert "nothing_due" in kit.judged(open_rows(facts), "E1")[1]


def test_huge_numbers_are_compared_without_a_crash(facts: kit.Facts, open_rows: Open) -> None:
    finance(facts).update(state_open="0.01", state_close="9999999999999.99")
    indicators, findings = kit.judged(open_rows(facts), "E1")
    assert indicators["B_KEEP"].final == "10.00"
    assert "unit_mixed_up" in findings


def test_census_shows_what_was_not_counted(facts: kit.Facts, open_rows: Open) -> None:
    row = kit.table_of(open_rows(facts), "census_rates", "E3")[0]
    # 9000 − 5400; 5400/9000; 4860/5400; 6/12 (worked-example.md 一, 二)
    assert [row[n] for n in ("uncounted", "coverage", "matched", "titles")] == ["3600.00", "60.00", "90.00", "50.00"]


def test_idle_list_not_confirmed_is_not_an_empty_list(facts: kit.Facts, open_rows: Open) -> None:
    del kit.row_of(facts, "subjects", "E2")["idle_listed"]
    indicators, findings = kit.judged(open_rows(facts), "E2")
    assert (indicators["C_IDLE"].final, indicators["D_REV"].final) == (None, None)
    assert indicators["D_REV"].status == "unscored"
    assert "idle_not_confirmed" in findings


def test_nothing_idle_at_opening_makes_revival_inapplicable(facts: kit.Facts, open_rows: Open) -> None:
    indicators, _ = kit.judged(open_rows(facts), "E2")
    assert (indicators["C_IDLE"].value, indicators["D_REV"].status) == ("0.00", "not_applicable")


def test_paid_more_than_due_is_full_points_and_said(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "returns", "E1")["paid"] = 900
    indicators, findings = kit.judged(open_rows(facts), "E1")
    assert (indicators["D_PAY"].value, indicators["D_PAY"].final) == ("112.50", "6.00")
    assert "paid_over_due" in findings


def test_due_below_the_rate_is_said(facts: kit.Facts, open_rows: Open) -> None:
    kit.row_of(facts, "returns", "E1").update(due=700, paid=700)  # 4000 × 20 % = 800
    assert "due_below_rate" in kit.judged(open_rows(facts), "E1")[1]


@pytest.mark.parametrize(
    ("table", "field", "codes"),
    [
        ("census", "due_value", {"A_COUNT", "C_IDLE"}),
        ("census", "titles_due", {"A_TITLE"}),
        ("finance", "assets_close", {"B_LEV"}),
        ("finance", "current_assets", {"C_TWO"}),
        ("finance", "revenue", {"C_RD"}),
        ("returns", "due", {"D_PAY"}),
    ],
)
def test_zero_denominators_are_unscored(
    facts: kit.Facts, open_rows: Open, table: str, field: str, codes: set[str]
) -> None:
    kit.row_of(facts, table, "E1")[field] = 0
    indicators, _ = kit.judged(open_rows(facts), "E1")
    assert {c for c in codes if indicators[c].final is not None} == set()


def test_yuan_for_ten_thousand_yuan_is_said(facts: kit.Facts, open_rows: Open) -> None:
    for name in ("assets_open", "liabilities_open", "equity_open", "state_open"):
        finance(facts)[name] *= 10000
    assert "unit_mixed_up" in kit.judged(open_rows(facts), "E1")[1]


def test_books_that_do_not_balance_are_an_error(facts: kit.Facts, open_rows: Open) -> None:
    finance(facts)["liabilities_close"] = 291400
    findings = {f.code: f.severity for f in open_rows(facts).subject("E1").findings}
    assert findings["balance_sheet_close"] == "error"


def test_without_benchmark_the_compared_indicators_wait(facts: kit.Facts, open_rows: Open) -> None:
    facts["benchmark_values"] = []
    indicators, _ = kit.judged(open_rows(facts), "E1")
    compared = ("B_KEEP", "B_ROE", "B_ROA", "B_LEV", "C_TURN", "C_TWO", "C_RD")
    assert [c for c in compared if indicators[c].final is not None] == []


def test_same_kind_serves_where_there_is_no_national_average(facts: kit.Facts, open_rows: Open) -> None:
    facts["benchmark_values"] = [
        r for r in facts["benchmark_values"] if (r["item"], r["scope"]) != ("净资产收益率", "全国平均")
    ]
    indicators, findings = kit.judged(open_rows(facts), "E1")
    assert indicators["B_ROE"].final == "7.00"  # 4.00 % against 3.10 % of the same kind
    assert "benchmark_not_national" in findings


def test_blank_evidence_scores_nothing(facts: kit.Facts, open_rows: Open) -> None:
    blank: kit.Facts = {t: [] for t in facts}
    blank["subjects"] = [{"subject": "E9", "name": "空白企业(虚构)"}]
    found = open_rows(blank).subject("E9")
    assert (found.total, found.interval) == (None, ["0.00", "100.00"])
    assert {i.status for i in found.indicators} == {"unscored"}


def test_negative_assets_are_refused(facts: kit.Facts, open_rows: Open) -> None:
    finance(facts)["assets_close"] = -1
    with pytest.raises(WorkbenchError) as caught:
        open_rows(facts)
    assert "金额不能为负" in str(caught.value)
