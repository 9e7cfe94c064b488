"""Evidence that means harm: what cannot be known stays unscored and is said; nothing crashes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import workbench as wb
from workbench.base.errors import WorkbenchError
from workbench.base.yamlio import read_yaml

Facts = dict[str, list[dict[str, Any]]]
Open = Callable[..., Any]
RowOf = Callable[..., dict[str, Any]]
FLOW_MEASURES = ("R_PROG", "R_IDLE", "R_DPI", "R_TVPI", "R_IRR", "K_FEE")


def judged(evaluation: Any, subject: str) -> tuple[dict[str, Any], dict[str, str]]:
    """A subject's indicators by code, and its findings: code → message."""
    found = evaluation.subject(subject)
    return {i.code: i for i in found.indicators}, {f.code: f.message for f in found.findings}


def scored(indicators: dict[str, Any], *codes: str) -> list[str]:
    return [c for c in codes if indicators[c].final is not None]


def test_findings_of_the_example(facts: Facts, open_rows: Open) -> None:
    evaluation = open_rows(facts)
    own = {subject: set(judged(evaluation, subject)[1]) for subject in ("F1", "F2", "F3")}
    assert {"overdue_capital", "idle_money", "over_concentration", "losses_tolerated", "local_observed"} <= own["F1"]
    assert {"fee_over", "nav_unaudited", "merit_without_document", "survey_by_unit_itself"} <= own["F2"]
    assert {"irr_several", "over_concentration", "losses_tolerated"} <= own["F3"]
    assert "leverage_gap" not in own["F1"]  # 3.40 − 3.00 = 0.4


def test_flows_that_never_change_sign_have_no_rate(facts: Facts, open_rows: Open) -> None:
    facts["flows"] = [f for f in facts["flows"] if f["kind"] != "收益分配" or f["subject"] != "F1"]
    for row in facts["nav"]:
        row["nav"] = 0 if row["subject"] == "F1" else row["nav"]
    indicators, findings = judged(open_rows(facts), "F1")
    assert (indicators["R_IRR"].value, indicators["R_IRR"].final) == (None, None)
    assert "不存在内部收益率" in findings["irr_one_sign"]
    # What is known stays known: nothing of 30000 came back.
    assert (indicators["R_DPI"].value, indicators["R_TVPI"].value, indicators["R_DPI"].final) == (
        "0.00",
        "0.00",
        "0.00",
    )


def test_a_single_flow_has_no_rate(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    facts["flows"] = [f for f in facts["flows"] if f["subject"] != "F1"]
    facts["flows"].append({"subject": "F1", "date": date(2023, 12, 31), "kind": "实缴出资", "amount": 30000})
    indicators, findings = judged(open_rows(facts), "F1")
    # Paid in on the stated day: −30000 + 20000 is one flow.
    assert indicators["R_IRR"].final is None
    assert "irr_one_sign" in findings


def test_several_rates_are_all_listed(facts: Facts, open_rows: Open) -> None:
    evaluation = open_rows(facts)
    indicators, findings = judged(evaluation, "F3")
    assert (indicators["R_IRR"].value, indicators["R_IRR"].final) == (None, None)
    assert "变号2次,内部收益率有2个解" in findings["irr_several"]
    row = next(r for r in analysis(evaluation, "returns_table") if r["subject"] == "F3")
    assert (row["rate"], row["state"], row["roots"]) == (None, "多个解", "10.00%、20.00%")


def test_no_rate_at_all_is_said(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    # −10000, +20000, −15000: 20000² < 4 × 10000 × 15000.
    row_of(facts, "flows", subject="F3", kind="收益分配")["amount"] = 20000
    row_of(facts, "nav", subject="F3", date=date(2022, 12, 31))["nav"] = 200
    indicators, findings = judged(open_rows(facts), "F3")
    assert indicators["R_IRR"].final is None
    assert "没有内部收益率" in findings["irr_none"]


def test_rate_out_of_range_is_said(facts: Facts, open_rows: Open) -> None:
    facts["nav"] = [n for n in facts["nav"] if n["subject"] != "F2"]
    facts["nav"].append({"subject": "F2", "date": date(2023, 1, 1), "nav": 100000, "source": "审计报告"})
    next(s for s in facts["subjects"] if s["subject"] == "F2")["fund_phase"] = "退出期"
    indicators, findings = judged(open_rows(facts), "F2")  # tenfold in one day
    assert indicators["R_IRR"].final is None
    assert "irr_outside" in findings


def test_loss_gives_a_negative_rate_and_no_points(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    # 20000 × 0.9³ + 10000 × 0.9² = 22680 = 12000 × 0.9 + 5520 + 6360: −10 % a year.
    row_of(facts, "nav", subject="F1", date=date(2023, 12, 31))["nav"] = 6360
    indicators, _ = judged(open_rows(facts), "F1")
    assert (indicators["R_IRR"].value, indicators["R_IRR"].final) == ("-10.00", "0.00")


def test_nothing_paid_in_is_no_division(facts: Facts, open_rows: Open) -> None:
    facts["flows"] = [f for f in facts["flows"] if f["subject"] != "F1" or f["kind"] in ("管理费", "其他费用")]
    indicators, findings = judged(open_rows(facts), "F1")
    assert {"nothing_paid", "paid_differs"} <= set(findings)
    assert scored(indicators, "R_PROG", "R_IDLE", "R_DPI", "R_TVPI", "R_IRR") == []


def test_negative_value_is_computed_and_said(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    row_of(facts, "nav", subject="F1", date=date(2023, 12, 31))["nav"] = -500
    indicators, findings = judged(open_rows(facts), "F1")
    # (17520 − 500) / 30000 = 0.5673…
    assert indicators["R_TVPI"].value == "0.57"
    assert "资不抵债" in findings["nav_negative"]


@pytest.mark.parametrize("kind", ["收益分配", "管理费"])
def test_foreign_money_is_not_added_up(facts: Facts, open_rows: Open, row_of: RowOf, kind: str) -> None:
    row_of(facts, "flows", subject="F1", kind=kind)["currency"] = "美元"
    evaluation = open_rows(facts)
    indicators, findings = judged(evaluation, "F1")
    assert scored(indicators, *FLOW_MEASURES) == []
    assert "1笔外币" in findings["foreign_money"]
    assert [r for r in analysis(evaluation, "j_curve") if r["subject"] == "F1"] == []
    assert indicators["P_LEV_P"].final == "4.69"  # what does not need the flows stays


def test_dollars_in_the_header_are_an_error(facts: Facts, open_rows: Open, tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError) as caught:
        reheaded(open_rows, facts, tmp_path, "现金流水", "金额", "金额(美元)*", 1)
    assert "美元" in str(caught.value)
    assert "现金流水" in str(caught.value)


def test_amounts_in_yuan_are_converted(facts: Facts, open_rows: Open, tmp_path: Path) -> None:
    evaluation = reheaded(open_rows, facts, tmp_path, "现金流水", "金额", "金额(元)*", 10000)
    assert judged(evaluation, "F1")[0]["R_TVPI"].value == "1.25"


def reheaded(open_rows: Open, facts: Facts, folder: Path, sheet: str, head: str, new: str, times: int) -> Any:
    """The plan on a workbook whose column has another head and whose numbers are so many times larger."""
    open_rows(facts)
    book = load_workbook(folder / "evidence.xlsx")
    column = next(c.column for c in book[sheet][1] if str(c.value).startswith(head))
    book[sheet].cell(1, column).value = new
    for row in range(2, book[sheet].max_row + 1):
        cell = book[sheet].cell(row, column)
        cell.value = None if cell.value is None else cell.value * times
    book.save(folder / "evidence.xlsx")
    here = Path(__file__).parents[1] / "src" / "workbench_pack_government_investment_funds" / "example" / "plan.yaml"
    return wb.open(read_yaml(here).data["plan"] | {"evidence": "evidence.xlsx"}, workspace=folder)


def test_dates_before_the_fund_was_set_up_are_errors(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    row_of(facts, "flows", subject="F1")["date"] = date(2020, 1, 31)
    row_of(facts, "holdings", subject="F1")["invested_on"] = date(2020, 3, 1)
    findings = judged(open_rows(facts), "F1")[1]
    assert findings["before_founding"].startswith("有1笔流水、1笔投资早于基金成立日期(2020年11月)")


def test_flows_after_the_stated_day_are_left_out_and_said(facts: Facts, open_rows: Open) -> None:
    facts["flows"].append({"subject": "F1", "date": date(2024, 2, 1), "kind": "收益分配", "amount": 9000})
    indicators, findings = judged(open_rows(facts), "F1")
    assert (indicators["R_DPI"].value, indicators["R_IRR"].value) == ("0.58", "10.00")
    assert "1笔流水(投入0万元、分配9000万元)" in findings["after_stated"]


@pytest.mark.parametrize("blank", ["date", "nav"])
def test_value_without_its_day_dates_nothing(facts: Facts, open_rows: Open, blank: str) -> None:
    facts["nav"] = [n for n in facts["nav"] if n["subject"] != "F1"]
    row = {"subject": "F1", "date": date(2023, 12, 31), "nav": 20000, "source": "审计报告"}
    facts["nav"].append({k: v for k, v in row.items() if k != blank})
    indicators, findings = judged(open_rows(facts), "F1")
    assert {"nav_missing", "nav_row_incomplete"} <= set(findings)
    assert scored(indicators, *FLOW_MEASURES, "P_SOC") == []
    assert "已提供" not in (indicators["R_IRR"].value or "")


def test_newest_complete_value_is_the_stated_one(facts: Facts, open_rows: Open) -> None:
    facts["nav"].append({"subject": "F1", "date": date(2024, 6, 30)})
    indicators, findings = judged(open_rows(facts), "F1")
    assert indicators["R_TVPI"].value == "1.25"
    assert "nav_row_incomplete" in findings


def test_unknown_phase_leaves_results_unscored(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    del row_of(facts, "subjects", subject="F1")["fund_phase"]
    indicators, findings = judged(open_rows(facts), "F1")
    assert "phase_missing" in findings
    assert {indicators[c].status for c in ("R_DPI", "R_TVPI", "R_IRR", "R_EXIT")} == {"unscored"}


def test_investment_period_shows_results_without_scoring_them(facts: Facts, open_rows: Open) -> None:
    indicators, _ = judged(open_rows(facts), "F2")
    shown = {c: (indicators[c].value, indicators[c].status) for c in ("R_DPI", "R_TVPI", "R_IRR", "R_EXIT")}
    # 0/10000, 10400/10000, 10400 after 365 days, 0/4500
    assert [v for v, _ in shown.values()] == ["0.00", "1.04", "4.00", "0.00"]
    assert {s for _, s in shown.values()} == {"not_applicable"}


def test_blank_evidence_is_all_unscored(facts: Facts, open_rows: Open) -> None:
    rows: Facts = {table: [] for table in facts}
    rows["subjects"] = [{"subject": "F1", "name": "空白基金(虚构)"}]
    evaluation = open_rows(rows)
    found = evaluation.subject("F1")
    assert (found.total, found.grade, {i.status for i in found.indicators}) == (None, None, {"unscored"})
    assert all(a.rows == [] or a.name in ("duties",) for a in evaluation.analyses)
    assert [r["value"] for r in analysis(evaluation, "duties") if r["value"] is not None] == []


def test_unknown_payment_is_not_zero(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    del row_of(facts, "commitments", subject="F1", instalment="第二期")["paid"]
    indicators, findings = judged(open_rows(facts), "F1")
    assert scored(indicators, "P_LEV_P", "P_SOC") == []
    assert indicators["P_LEV_C"].final == "5.00"
    assert "paid_blank" in findings


def test_no_fiscal_money_is_no_leverage(facts: Facts, open_rows: Open) -> None:
    for row in facts["commitments"]:
        row["nature"] = "国有资本" if row["nature"] == "财政资金" else row["nature"]
    indicators, findings = judged(open_rows(facts), "F1")
    assert scored(indicators, "P_LEV_C", "P_LEV_P") == []
    assert "no_fiscal_money" in findings


def test_promises_are_set_against_payments(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    row_of(facts, "commitments", subject="F1", instalment="第二期").update(committed=20000)
    message = judged(open_rows(facts), "F1")[1]["leverage_gap"]
    # 46000/10000 and 30000/10000
    assert message.startswith("放大倍数按认缴为4.6倍、按实缴为3倍")


def test_early_payment_of_one_instalment_does_not_cover_another(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    row_of(facts, "commitments", subject="F1", instalment="第一期", nature="社会资本")["paid"] = 14000
    row_of(facts, "commitments", subject="F1", instalment="第二期")["paid"] = 0
    indicators, findings = judged(open_rows(facts), "F1")
    # 10000 of 18000
    assert indicators["P_SOC"].value == "55.56"
    assert "paid_over" in findings


def test_a_loss_takes_no_points_exempted_or_not(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    row = row_of(facts, "holdings", subject="F1", project="生物检测(虚构)")
    totals, messages = [], []
    for exemption in ("已认定", "不予认定"):
        row["exemption"] = exemption
        evaluation = open_rows(facts)
        totals.append(evaluation.subject("F1").total)
        messages.append(judged(evaluation, "F1")[1]["losses_tolerated"])
    assert totals == ["97.83", "97.83"]
    # 生物检测 5000 − 2000, 商业物业 3000 − 1500
    assert [m.split(";")[0] for m in messages] == [
        f"有2个项目亏损,合计4500万元,其中{n}个有文件认定尽职免责" for n in (1, 0)
    ]


def test_exemption_needs_its_document(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    del row_of(facts, "holdings", subject="F1", project="生物检测(虚构)")["exemption_document"]
    findings = judged(open_rows(facts), "F1")[1]
    assert "其中0个有文件认定" in findings["losses_tolerated"]
    assert "exemption_without_document" in findings


def test_everything_sold_needs_no_care_and_no_valuation(facts: Facts, open_rows: Open) -> None:
    for row in facts["holdings"]:
        if row["subject"] == "F3":
            row["exited"] = "是"
            for field in ("valuation", "method", "managed"):
                row.pop(field, None)
    indicators, _ = judged(open_rows(facts), "F3")
    assert {indicators[c].status for c in ("K_POST", "K_VAL")} == {"not_applicable"}
    assert indicators["R_EXIT"].value == "100.00"


def test_funds_of_several_kinds_in_one_plan_are_said(facts: Facts, open_rows: Open, row_of: RowOf) -> None:
    row_of(facts, "subjects", subject="F2")["orientation"] = "市场化"
    assert "2种类型" in judged(open_rows(facts), "F1")[1]["mixed_funds"]


def test_parent_fund_has_the_leverage_of_its_sub_funds(facts: Facts, open_rows: Open) -> None:
    # 泉财规〔2025〕3号 附件1: 参投基金整体实缴规模/基金对参投基金的实缴金额 = (50000 + 30000)/(10000 + 15000) = 3.2
    both = {"subject": "F1", "committed": 20000, "exited_cost": 0, "valuation": 16000, "method": "审计或评估"}
    facts["subfunds"] = [
        both | {"fund": "甲", "paid": 10000, "total_paid": 50000},
        both | {"fund": "乙", "paid": 15000, "total_paid": 30000},
    ]
    for row in facts["holdings"]:
        row["via"] = "甲"
    indicators, _ = judged(open_rows(facts, variant="policy_parent"), "F1")
    assert (indicators["P_LEV_Q"].value, indicators["P_LEV_Q"].final) == ("3.20", "6.00")
    # Invested is what went into the sub-funds: 25000 of 30000; the largest is 15000 of 34000; both audited.
    assert [indicators[c].value for c in ("R_PROG", "K_CONC", "K_VAL")] == ["83.33", "44.12", "100.00"]
    assert indicators["P_FIELD"].value == "88.89"  # looked through


@pytest.mark.parametrize("tree", ["policy_parent", "market_parent", "market_sub"])
def test_every_tree_scores_the_example(facts: Facts, open_rows: Open, tree: str) -> None:
    evaluation = open_rows(facts, variant=tree)
    codes = [i.code for i in evaluation.subject("F1").indicators]
    assert ("P_LEV_Q" in codes) == ("parent" in tree)
    assert {n.code for n in evaluation.result().notes if n.severity != "info"} == set()


def test_fujian_cuts_the_fee_of_a_middling_fund(facts: Facts, open_rows: Open) -> None:
    for row in facts["holdings"]:
        row["agreed"] = "否" if row["subject"] == "F2" else row["agreed"]
    evaluation = open_rows(facts)
    found = evaluation.subject("F2")
    assert (found.total, found.grade) == ("78.30", "中")  # 88.30; P_FIELD 10 → 0
    assert "扣减一定比例的基金管理费" in str(evaluation.verdict("F2"))
    assert "扣减" not in str(evaluation.verdict("F1"))  # 良


def test_jilin_keeps_or_replaces_the_manager(facts: Facts, open_rows: Open) -> None:
    shown = str(open_rows(facts, policy="jilin-2025").requirements())
    assert "保留或撤换基金管理机构" in shown
    assert "任务10" in shown


def analysis(evaluation: Any, name: str) -> list[dict[str, Any]]:
    found = next(a for a in evaluation.analyses if a.name == name)
    return [dict(zip(["subject", *(c.name for c in found.columns)], row, strict=True)) for row in found.rows]


def test_j_curve_adds_up(facts: Facts, open_rows: Open) -> None:
    rows = [r for r in analysis(open_rows(facts), "j_curve") if r["subject"] == "F1"]
    # −20000; −10000 more; +12000; +5520. Fees paid out of the fund are no flow of the investors.
    assert [r["cumulative"] for r in rows] == ["-20000.00", "-30000.00", "-18000.00", "-12480.00"]
    assert [r["position"] for r in rows] == [None, "-1000.00", "4500.00", "7520.00"]


def test_fee_paid_beside_the_commitment_is_paid_in(facts: Facts, open_rows: Open) -> None:
    facts["flows"].append({"subject": "F1", "date": date(2022, 12, 31), "kind": "管理费(出资人另付)", "amount": 1000})
    evaluation = open_rows(facts)
    indicators, _ = judged(evaluation, "F1")
    # 17520/31000 = 0.5651…; fees 2800/1800 = 155.555… %; invested 27000 of the 30000 called
    assert [indicators[c].value for c in ("R_DPI", "K_FEE", "R_PROG")] == ["0.57", "155.56", "90.00"]
    assert next(r for r in analysis(evaluation, "j_curve") if r["date"] == "2022-12-31")["flow"] == "11000.00"


def test_published_multiples_of_dpi_rvpi_tvpi(facts: Facts, open_rows: Open) -> None:
    # https://pe2insight.com/understanding-private-equity-fund-multiples-dpi-rvpi-and-tvpi: paid in 100, distributed 50,
    # residual 150 give 0.5, 1.5 and 2.0.
    facts["flows"] = [
        {"subject": "F1", "date": date(2021, 1, 4), "kind": "实缴出资", "amount": 10000},
        {"subject": "F1", "date": date(2022, 1, 4), "kind": "收益分配", "amount": 5000},
    ]
    facts["nav"] = [{"subject": "F1", "date": date(2023, 1, 4), "nav": 15000, "source": "审计报告"}]
    row = next(r for r in analysis(open_rows(facts), "returns_table") if r["subject"] == "F1")
    assert [row[n] for n in ("dpi", "rvpi", "tvpi")] == ["0.50", "1.50", "2.00"]
    # −10000 + 5000/x + 15000/x² with x = 1.5: exactly 50 %.
    assert row["rate"] == "50.00"
