"""Evidence that means harm: what cannot be known stays unscored, what is wrong is said, nothing crashes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import workbench as wb
from workbench.base.errors import EvidenceError
from workbench.base.yamlio import read_yaml

FOLDER = Path(__file__).parents[1] / "src" / "workbench_pack_cost_performance"
Rows = dict[str, list[dict[str, Any]]]
Judged = Callable[[Rows, str], tuple[dict[str, Any], dict[str, Any]]]
SubjectOf = Callable[[str], dict[str, Any]]
UNIT_COSTS = ("C_UNIT", "C_STD", "C_HIST", "C_BENCH")


def test_findings_of_the_example(judged: Judged, facts: Rows) -> None:
    assert set(judged(facts, "P1")[1]) == {
        *("unit_costs", "target_over_standard", "over_standard", "items_not_spending", "saved_but_late"),
        *("factor_not_shared", "variance_causes", "quota_proposed"),
    }
    assert {"overhead_without_driver", "saved_by_not_doing", "over_standard"} <= set(judged(facts, "P3")[1])


def test_zero_volume_is_unscored_and_said(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    subject_of("P1").update(actual_output=0, qualified_output=0)
    indicators, findings = judged(facts, "P1")
    assert "zero_output" in findings
    assert [c for c in (*UNIT_COSTS, "C_PEER", "O_QLT") if indicators[c].final is not None] == []
    assert indicators["C_UNIT"].explanation.endswith("分母“合格产出量”为0")


def test_negative_amount_is_counted_and_said(judged: Judged, facts: Rows) -> None:
    facts["items"].append({"subject": "P2", "item": "其他", "amount": -60000, "has_standard": "是", "voucher": "红冲1"})
    indicators, findings = judged(facts, "P2")
    # (1560000 − 60000) / 30000 = 50
    assert indicators["C_UNIT"].value == "50.00"
    assert {"negative_items", "items_not_spending"} <= set(findings)


@pytest.mark.parametrize("amount", ["-1560000", "-9000000"])
def test_cost_of_nothing_or_less_is_no_low_cost(judged: Judged, facts: Rows, amount: str) -> None:
    facts["items"].append({"subject": "P2", "item": "其他", "amount": amount, "has_standard": "是", "voucher": "红冲1"})
    indicators, findings = judged(facts, "P2")
    assert [c for c in (*UNIT_COSTS, "C_PEER", "C_HEAD", "C_COLLECT") if indicators[c].final is not None] == []
    assert findings["cost_not_positive"].severity == "error"


def test_unfinished_work_is_no_saving_whatever_is_ticked(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    subject_of("P3")["targets_met"] = "是"
    indicators, findings = judged(facts, "P3")
    assert (indicators["C_SAVE"].value, indicators["C_SAVE"].final) == ("5.00", "0.00")
    assert {"met_against_facts", "saved_by_not_doing"} <= set(findings)


def test_quality_missed_is_no_saving(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    subject_of("P1")["quality_target"] = 97  # 48000/50000 = 96 %
    indicators, findings = judged(facts, "P1")
    assert indicators["C_SAVE"].branch == "gate_closed"
    assert "met_against_facts" in findings


def test_targets_not_judged_leave_saving_unscored(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    del subject_of("P1")["targets_met"]
    indicators, _ = judged(facts, "P1")
    assert (indicators["C_SAVE"].value, indicators["C_SAVE"].final) == ("1.43", None)


@pytest.mark.parametrize(("kept", "finding"), [({"P1", "R1"}, "one_peer"), ({"P1"}, "no_peer")])
def test_too_few_peers_are_said(judged: Judged, facts: Rows, kept: set[str], finding: str) -> None:
    rows = {t: [r for r in records if r.get("subject", "P1") in kept] for t, records in facts.items()}
    rows["shared_costs"] = []
    indicators, findings = judged(rows, "P1")
    assert finding in findings
    # With one peer 50.00 against the dearer own cost the worst gets nothing; alone there is no range and no average.
    assert indicators["C_PEER"].final == ("0.00" if finding == "one_peer" else None)
    assert (indicators["C_HEAD"].final is None) == (finding == "no_peer")


def test_other_boundary_is_not_compared(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    subject_of("P2")["cost_boundary"] = "全成本"
    indicators, findings = judged(facts, "P1")
    assert (indicators["C_PEER"].final, indicators["C_HEAD"].final) == (None, None)
    assert "mixed_kinds" in findings


def test_object_without_boundary_is_left_out_of_the_comparison(
    judged: Judged, facts: Rows, subject_of: SubjectOf
) -> None:
    del subject_of("P2")["accounting_basis"]
    indicators, findings = judged(facts, "P2")
    assert indicators["C_PEER"].final is None
    assert "boundary_missing" in findings
    # The range of the others is still 50 to 62: 4 × 5.5/12.
    assert judged(facts, "P1")[0]["C_PEER"].final == "1.83"


def test_unknown_standard_of_one_item_leaves_coverage_unscored(judged: Judged, facts: Rows) -> None:
    del facts["items"][0]["has_standard"]
    assert judged(facts, "P1")[0]["C_COVER"].final is None


def test_yuan_for_ten_thousand_is_said(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    subject_of("P1").update(standard_unit_cost="0.01", standard_document="定额(虚构)")
    assert "unit_mixed_up" in judged(facts, "P1")[1]


def test_more_qualified_than_made_is_an_error(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    subject_of("P1")["qualified_output"] = 50001
    assert judged(facts, "P1")[1]["qualified_over_actual"].severity == "error"


def test_period_that_ends_before_it_begins_is_an_error(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    subject_of("P1")["period_end"] = "2023-12-31"
    assert "period_order" in judged(facts, "P1")[1]


def test_depreciation_on_a_cash_basis_is_said(judged: Judged, facts: Rows) -> None:
    for row in facts["subjects"]:
        row["accounting_basis"] = "收付实现制"
    assert "设备折旧120000元" in judged(facts, "P1")[1]["cash_with_depreciation"].message
    assert "cash_with_depreciation" not in judged(facts, "P3")[1]


def test_full_cost_without_depreciation_is_said(judged: Judged, facts: Rows) -> None:
    for row in facts["subjects"]:
        row["cost_boundary"] = "全成本"
    assert "full_cost_without_depreciation" in judged(facts, "P3")[1]
    assert "full_cost_without_depreciation" not in judged(facts, "P1")[1]


def test_price_index_and_headcount_without_origin_are_said(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    for name in ("price_index_source", "persons_kind", "object_unit"):
        del subject_of("P1")[name]
    assert {"price_index_unsourced", "persons_kind_missing", "object_unit_missing"} <= set(judged(facts, "P1")[1])


def test_missing_last_year_is_unscored_not_zero(judged: Judged, facts: Rows, subject_of: SubjectOf) -> None:
    for name in ("previous_unit_cost", "previous_head_cost", "previous_object_cost"):
        del subject_of("P1")[name]
    indicators, _ = judged(facts, "P1")
    assert [indicators[c].final for c in ("C_HIST", "C_HEAD", "C_OBJ")] == [None, None, None]


def test_survey_by_the_unit_itself_and_counts_that_differ_are_said(judged: Judged, facts: Rows) -> None:
    facts["survey"][0] |= {"surveyor_role": "被评价单位", "sampling": "便利抽样", "neutral": 11}
    assert {"survey_by_unit_itself", "survey_not_random", "survey_counts_differ"} <= set(judged(facts, "P1")[1])


def test_nothing_but_names_is_unscored_everywhere(open_rows: Callable[[Rows], Any]) -> None:
    found = open_rows({"subjects": [{"subject": "P1", "name": "只有名称"}]}).subject("P1")
    assert [i.code for i in found.indicators if i.final is not None] == []
    assert (found.interval, found.grade) == (["0.00", "100.00"], None)


def test_largest_numbers_the_sheet_takes_do_not_stop_the_run(
    judged: Judged, facts: Rows, subject_of: SubjectOf
) -> None:
    subject_of("P1").update(
        planned_output=1000000000, actual_output=1000000000, qualified_output=1000000000, previous_output=1,
        standard_unit_cost=50000000, unit_cost_target=50000000, scale_factor=10, economy_factor=10, price_factor=10,
    )  # fmt: skip
    facts["comparable"][0] |= {"previous_quantity": 1000000000, "previous_unit_cost": 1000000, "price_index": 200}
    # 2712000 / 10^9 = 0.00…
    assert judged(facts, "P1")[0]["C_UNIT"].value == "0.00"


def reopened(folder: Path, sheet: str, header: str, new: str, divisor: int = 1) -> Any:
    """The example's plan on the workbook in ``folder`` after one column was renamed and divided."""
    book = load_workbook(folder / "evidence.xlsx")
    page = book[sheet]
    column = next(c.column for c in page[1] if str(c.value).startswith(header))
    page.cell(1, column).value = new
    for row in range(2, page.max_row + 1):
        cell = page.cell(row, column)
        if isinstance(cell.value, int | float):
            cell.value = cell.value / divisor
    book.save(folder / "evidence.xlsx")
    plan = read_yaml(FOLDER / "example" / "plan.yaml").data["plan"] | {"evidence": "evidence.xlsx"}
    return wb.open(plan, workspace=folder)


def test_amounts_in_ten_thousand_yuan_are_converted(
    tmp_path: Path, open_rows: Callable[[Rows], Any], facts: Rows
) -> None:
    open_rows(facts)
    found = reopened(tmp_path, "成本明细", "金额", "金额(万元)*", 10000).subject("P1")
    assert next(i.value for i in found.indicators if i.code == "C_UNIT") == "56.50"


def test_amounts_in_dollars_are_refused(tmp_path: Path, open_rows: Callable[[Rows], Any], facts: Rows) -> None:
    open_rows(facts)
    with pytest.raises(EvidenceError, match="美元"):
        reopened(tmp_path, "成本明细", "金额", "金额(美元)*")
