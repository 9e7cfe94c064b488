"""行政事业性资产 on evidence that means harm: zero staff, negative net assets, missing years, wrong units, contradictions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

PACK = "asset-resource-administrative"
Facts = dict[str, list[dict[str, Any]]]
Open = Callable[[Facts], Any]
Judged = Callable[[Any, str], tuple[dict[str, Any], set[str]]]
RowOf = Callable[..., dict[str, Any]]


def test_zero_staff_is_unscored_and_said(facts: Facts, open_rows: Open, judged: Judged, row_of: RowOf) -> None:
    row_of(facts, "subjects", "P1")["staff"] = 0
    indicators, findings = judged(open_rows(facts), "P1")
    assert [indicators[c].final for c in ("D_EQUIP", "D_OFFICE")] == [None, None]
    assert "分母“年末在职人数”为0" in indicators["D_EQUIP"].explanation
    assert "no_staff" in findings


def test_negative_net_assets_are_scored_and_said(facts: Facts, open_rows: Open, judged: Judged, row_of: RowOf) -> None:
    row_of(facts, "balance", "P2").update(liabilities=36000, net_assets=-6000)
    indicators, findings = judged(open_rows(facts), "P2")
    # 36000 / 30000 = 120 %, (120 − 19.94) / 19.94 = 501.8 % over the national average.
    assert (indicators["E_DEBT"].value, indicators["E_DEBT"].final) == ("120.00", "0.00")
    assert "negative_net_assets" in findings
    assert "net_assets_differ" not in findings


def test_no_assets_no_ratio(facts: Facts, open_rows: Open, judged: Judged, row_of: RowOf) -> None:
    row_of(facts, "balance", "P2").update(assets=0, liabilities=0, net_assets=0)
    assert judged(open_rows(facts), "P2")[0]["E_DEBT"].final is None


@pytest.mark.parametrize(
    ("table", "keys", "change", "finding"),
    [
        ("kinds", {"kind": "专用设备"}, {"idle": 4100}, "idle_over_total"),
        ("kinds", {"kind": "专用设备"}, {"own_use": 3000}, "use_not_total"),
        ("kinds", {"kind": "专用设备"}, {"counted": 4001}, "count_over_book"),
        ("kinds", {"kind": "专用设备"}, {"cards_matched": 201}, "count_over_book"),
        ("revival", {}, {"revived_value": 3601}, "revived_over_opening"),
        ("revival", {}, {"closing_value": 2600}, "idle_flow_differs"),
        ("revival", {}, {"closing_value": 2600}, "idle_list_differs"),
        ("properties", {"property": "临时岗亭"}, {"area": 0}, "zero_area"),
        ("idle", {"asset": "老办公楼"}, {"area": 0}, "zero_area"),
        ("idle", {"asset": "城北闲置地块"}, {"appraised": None}, "idle_unpriced"),
        ("idle", {"asset": "老办公楼"}, {"other_need": None}, "idle_undecided"),
        ("balance", {}, {"net_assets": 42800}, "net_assets_differ"),
        ("balance", {}, {"published_growth": 6}, "growth_differs"),
        ("balance", {}, {"assets": "5.2", "liabilities": "0.91", "net_assets": "4.29"}, "unit_mixed_up"),
        ("subjects", {}, {"has_leases": "否"}, "said_none_but_listed"),
        ("allocation", {"item": "办公桌"}, {"standard_price": None}, "no_standard"),
        ("office", {}, {"area": 0}, "office_zero"),
        ("leases", {"asset": "老剧场一层"}, {"market_rent": 60}, "cheap_rent"),
        ("leases", {"asset": "老剧场一层"}, {"value": 1100}, "leases_differ"),
        ("leases", {"asset": "老剧场一层"}, {"approval": None}, "lease_unapproved"),
        ("income", {"source": "资产处置"}, {"paid": 21}, "overpaid"),
        ("daily", {}, {"issues_fixed": 6}, "irregular_over_all"),
        ("survey", {}, {"surveyor_role": "被评价单位"}, "survey_by_unit_itself"),
        ("idle", {"asset": "老办公楼"}, {"since": date(2025, 3, 1)}, "idle_dated_late"),
        ("idle", {"asset": "文化仓库"}, {"market_rent": 0}, "idle_unpriced"),
        ("leases", {"asset": "老剧场一层"}, {"received": 13}, "rent_over_contract"),
        ("kinds", {"kind": "专用设备"}, {"shared": 1001}, "shared_over"),
        ("office", {}, {"area": "110.5"}, "office_zero"),
    ],
)
def test_contradictions_are_said(
    facts: Facts,
    open_rows: Open,
    judged: Judged,
    row_of: RowOf,
    table: str,
    keys: dict[str, str],
    change: dict[str, Any],
    finding: str,
) -> None:
    row = row_of(facts, table, "P1", **keys)
    row.update(change)
    for name in [n for n, v in row.items() if v is None]:
        del row[name]
    assert finding in judged(open_rows(facts), "P1")[1]


def test_findings_of_the_example(facts: Facts, open_rows: Open, judged: Judged) -> None:
    # None of the contradictions above is there before it is made.
    assert judged(open_rows(facts), "P1")[1] == {
        "cards_unmatched",
        "ledger_differs",
        "untitled",
        "misplaced",
        "office_over",
        "idle_worth",
        "rent_not_collected",
        "arrears",
        "benchmark_not_national",
    }


def test_one_kind_counted_twice_does_not_cover_another(
    facts: Facts, open_rows: Open, judged: Judged, row_of: RowOf
) -> None:
    row_of(facts, "kinds", "P3", kind="房屋和构筑物")["counted"] = 10000
    indicators, findings = judged(open_rows(facts), "P3")
    # 9000 of 9000 and 0 of 1000: 90 %, not 100 %
    assert indicators["B_COUNT"].value == "90.00"
    assert "count_over_book" in findings


def test_one_source_paying_more_does_not_settle_what_another_owes(
    facts: Facts, open_rows: Open, judged: Judged, row_of: RowOf
) -> None:
    facts["income"].append({"subject": "P1", "source": "对外投资", "due": 10, "paid": 30})
    indicators, findings = judged(open_rows(facts), "P1")
    # 52 + 30 against 58 + 10 would be 120.59 %; of what is due 52 + 10 came in: 62/68 = 91.18 %, 3 × 91.18 % = 2.7354
    assert (indicators["D_REMIT"].value, indicators["D_REMIT"].final) == ("91.18", "2.74")
    assert {"overpaid", "arrears"} <= findings


def test_rent_short_in_one_contract_is_not_hidden_by_another(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    row_of(facts, "leases", "P1", asset="文化馆临街门面")["received"] = 60
    found = {f.code: f.message for f in open_rows(facts).subject("P1").findings}
    # 54 + 12 due, 60 + 9 received; 12 − 9 short, 60 − 54 more
    assert found["rent_not_collected"] == "合同租金合计66万元,实收合计69万元;没有收齐的合同共少收3万元"
    assert "共多6万元" in found["rent_over_contract"]


def test_nothing_to_be_titled_does_not_apply(facts: Facts, open_rows: Open, judged: Judged) -> None:
    facts["properties"] = [r for r in facts["properties"] if r["property"] == "临时岗亭"]
    assert judged(open_rows(facts), "P1")[0]["B_TITLE"].status == "not_applicable"


def test_equipment_where_none_is_allowed_is_said(facts: Facts, open_rows: Open, judged: Judged) -> None:
    for row in facts["allocation"]:
        row["standard_quantity"] = 0
    indicators, findings = judged(open_rows(facts), "P1")
    assert indicators["D_OVER"].final is None
    assert "nothing_allowed" in findings


@pytest.mark.parametrize(
    ("item", "value"), [("资产负债率", "0.1994"), ("固定资产利用率", "0.94"), ("资产闲置率", "0.065")]
)
def test_benchmark_as_a_fraction_is_suspected(
    facts: Facts, open_rows: Open, judged: Judged, item: str, value: str
) -> None:
    facts["benchmark_values"] = [r for r in facts["benchmark_values"] if r["item"] != item]
    facts["benchmark_values"].append(
        {"item": item, "scope": "全国平均", "year": 2023, "value": value, "unit": "%", "source": "某报告(虚构)"}
    )
    assert "benchmark_as_fraction" in judged(open_rows(facts), "P1")[1]


def test_benchmark_below_zero_is_not_compared_with(facts: Facts, open_rows: Open) -> None:
    facts["benchmark_values"] = [r for r in facts["benchmark_values"] if r["item"] != "出租收益率"]
    facts["benchmark_values"].append(
        {"item": "出租收益率", "scope": "全国平均", "year": 2023, "value": -2, "unit": "%", "source": "某报告(虚构)"}
    )
    table = open_rows(facts).analysis("deviation", "P1")
    row = dict(
        zip(table.column("指标"), zip(table.column("优于对标值(%)"), table.column("结论"), strict=True), strict=True)
    )
    assert row["出租收益率"] == ("—", "对标值不为正,不比较")


def test_stocktaking_by_kind_and_in_all(facts: Facts, open_rows: Open) -> None:
    table = open_rows(facts).analysis("stocktaking", "P1")
    rows = {
        k: (c, m)
        for k, c, m in zip(
            table.column("资产类别"), table.column("盘点覆盖率(%)"), table.column("账实相符率(%)"), strict=True
        )
    }
    # 1000/1200, 1290/1300; 39700/40000, 2385/2408 (worked-example.md 三)
    assert rows["家具和用具"] == ("83.33", "99.23")
    assert rows["合计"] == ("99.25", "99.04")


def test_leases_listed_apply_whatever_is_ticked(facts: Facts, open_rows: Open, judged: Judged, row_of: RowOf) -> None:
    row_of(facts, "subjects", "P1")["has_leases"] = "否"
    indicators, _ = judged(open_rows(facts), "P1")
    assert [indicators[c].status for c in ("D_RENT", "D_REMIT", "E_YIELD")] == ["scored"] * 3


def test_market_rent_missing_leaves_the_ratio_unscored(facts: Facts, open_rows: Open, judged: Judged) -> None:
    indicators, findings = judged(open_rows(facts), "P3")
    assert indicators["D_RENT"].final is None
    assert "rent_without_market" in findings


def test_missing_opening_balance_leaves_revival_unscored(
    facts: Facts, open_rows: Open, judged: Judged, row_of: RowOf
) -> None:
    row = row_of(facts, "revival", "P1")
    del row["opening_value"], row["opening_area"]
    indicators, findings = judged(open_rows(facts), "P1")
    assert [indicators[c].final for c in ("E_REVIVE_A", "E_REVIVE_V")] == [None, None]
    assert "no_opening_idle" in findings


def test_nothing_idle_at_the_opening_does_not_apply(
    facts: Facts, open_rows: Open, judged: Judged, row_of: RowOf
) -> None:
    row_of(facts, "revival", "P2").update(opening_area=0, revived_area=0, closing_area=150)
    indicators, _ = judged(open_rows(facts), "P2")
    assert [indicators[c].status for c in ("E_REVIVE_A", "E_REVIVE_V")] == ["not_applicable", "scored"]


def test_nothing_due_does_not_apply_but_blank_does(
    facts: Facts, open_rows: Open, judged: Judged, row_of: RowOf
) -> None:
    row_of(facts, "income", "P2", source="资产处置").update(due=0, paid=0)
    del row_of(facts, "income", "P1", source="资产处置")["due"]
    evaluation = open_rows(facts)
    assert judged(evaluation, "P2")[0]["D_SALE"].status == "not_applicable"
    assert judged(evaluation, "P1")[0]["D_SALE"].status == "unscored"


def test_one_using_unit_shows_no_misplacement(facts: Facts, open_rows: Open, judged: Judged) -> None:
    evaluation = open_rows(facts)
    assert "one_using_unit" in judged(evaluation, "P2")[1]
    assert "misplaced" not in judged(evaluation, "P2")[1]
    assert "misplaced" in judged(evaluation, "P1")[1]


def test_without_benchmark_nothing_is_compared(facts: Facts, open_rows: Open, judged: Judged) -> None:
    facts["benchmark_values"] = [r for r in facts["benchmark_values"] if r["item"] != "资产闲置率"]
    indicators, findings = judged(open_rows(facts), "P1")
    assert (indicators["E_IDLE"].value, indicators["E_IDLE"].final) == ("6.79", None)
    assert "benchmark_missing" in findings


def test_year_not_given_compares_with_nothing(facts: Facts, open_rows: Open, judged: Judged, row_of: RowOf) -> None:
    del row_of(facts, "subjects", "P1")["year"]
    assert judged(open_rows(facts), "P1")[0]["E_DEBT"].final is None


def test_parts_that_do_not_add_up_are_said(facts: Facts, open_rows: Open, judged: Judged, row_of: RowOf) -> None:
    for part in ("P2", "P3"):
        row_of(facts, "subjects", part)["part_of"] = "P1"
    message = next(f.message for f in open_rows(facts).subject("P1").findings if f.code == "parts_differ")
    # 30000 + 12000 − 52000; 6300 + 5400 − 9100; 23700 + 6600 − 42900
    assert message == "2个分项之和与合计不符:资产相差-10000万元,负债相差2600万元,净资产相差-12600万元"


def test_everything_blank_is_an_interval(facts: Facts, open_rows: Open, judged: Judged) -> None:
    evaluation = open_rows({"subjects": [{"subject": "P1", "name": "空白单位"}], "cap_facts": []})
    found = evaluation.subject("P1")
    assert (found.total, found.grade, found.interval) == (None, None, ["0.00", "100.00"])
    assert {i.status for i in found.indicators} == {"unscored"}
    assert [a.name for a in evaluation.analyses if a.rows] == []
    for chart in evaluation.scheme.pack.charts:
        assert evaluation.chart(chart.name, "P1").data
