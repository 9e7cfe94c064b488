"""The built-in rules of finding: code → function. ``catalogue.yaml`` declares each of them."""

from __future__ import annotations

from workbench.recheck.findings.rule import Check
from workbench.recheck.findings.rules import (
    across,
    dates,
    listed,
    missing,
    money,
    moneyunit,
    papers,
    points,
    rates,
    satisfaction,
    sums,
    totals,
    tree,
    values,
)

BUILT_IN: dict[str, Check] = {
    check.__name__: check
    for check in (
        sums.weights_sum, sums.points_sum, totals.total_blank, totals.total_missing, sums.total_above_parts, sums.points_above_weight, sums.total_stated,
        sums.grade_score, sums.level1_stated, sums.level1_weights, sums.weights_mixed, sums.weight_blank, sums.points_blank,
        sums.number_unreadable, sums.fund_part_points, missing.columns_missing,
        rates.rate_amounts, rates.rate_base, rates.rate_rounded, rates.rate_above_100, rates.denominator_zero,
        rates.funds_blank, money.funds_sum, money.unit_slip, moneyunit.money_unit_doubt, money.cost_repeats_execution, money.execution_scored_twice,
        money.cost_unlike_executed, money.executed_accounts, rates.tiny_spending, rates.rate_noted,
        tree.mixed_trees, tree.missing_quantity, tree.missing_quality, tree.missing_time, tree.missing_benefit,
        tree.level_mismatch, tree.quantity_lte, tree.cost_gte, tree.sign_conflict, tree.duplicate_indicator,
        tree.same_fact, tree.benefit_restates_output, tree.parts_sum,
        points.execution_points, points.met_but_deducted, points.missed_but_full, points.points_rule, points.reason_blank,
        points.reason_boilerplate, points.remark_differs, points.no_evidence_scored, points.judged_differently,
        points.all_full, points.check_above_self,
        values.actual_blank, values.target_blank, values.target_in_name, values.actual_signed, values.actual_rough, values.actual_copied,
        values.all_as_target, values.actual_type, values.value_doubt, values.unit_differs, values.share_above_100,
        values.target_loose, values.achieved_copied, values.achieved_blank, satisfaction.satisfaction_no_survey,
        satisfaction.satisfaction_own_staff,
        satisfaction.satisfaction_staff_asked, satisfaction.satisfaction_words, satisfaction.satisfaction_source,
        dates.dates_order, dates.year_mismatch, papers.achieved_differs, papers.total_noted, papers.prompt_left, papers.signature_missing,
        across.text_copied, across.project_twice, across.versions_differ, across.unit_all_full,
        listed.not_evaluated, listed.register_waiting, listed.register_near, listed.register_alike, listed.not_in_register, listed.register_amounts,
        listed.target_lowered, listed.target_changed, listed.indicator_reweighted, listed.indicator_dropped,
        listed.indicator_added,
    )
}  # fmt: skip
