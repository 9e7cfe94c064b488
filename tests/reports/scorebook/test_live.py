"""When points follow from the value by a formula, and when they are typed. (That the formulas are right, LibreOffice tells.)"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from workbench.reports.scorebook.live import live
from workbench.reports.scorebook.terms import Terms
from workbench.scoring.result import IndicatorResult

MakeTerms = Callable[..., Terms]


def indicator(**changes: Any) -> IndicatorResult:
    """93.50 % of 95 %: 10 × 93.5/95 = 9.842… → 9.84 (财预〔2020〕10号 第十六条)."""
    fields = {
        "code": "C1", "level1": "产出", "level2": None, "name": "完成率", "weight": "10.00", "direction": "gte", "unit": "%",
        "target": "95%", "value": "93.50", "shown": "93.50%", "evidence_status": "核实一致", "computed": "9.84",
        "final": "9.84", "low": "9.84", "high": "9.84", "status": "scored", "rule": "proportional@1.0.0", "branch": "share",
        "explanation": "", "formula": None, "substituted": None, "example": False, "clause": None, "evidence": [],
    }  # fmt: skip
    return IndicatorResult(**fields | changes)


def unfilled(**changes: Any) -> IndicatorResult:
    return indicator(
        value=None, shown=None, computed=None, final=None, low="0.00", high="10.00", status="unscored", **changes
    )


def declared(**more: Any) -> dict[str, Any]:
    """The same indicator as a pack declares it."""
    base = {"code": "C1", "name": "完成率", "level1": "产出", "weight": 10, "judged": "quantitative", "value": "data.c"}
    return {"indicators": [base | more]}


def test_the_formula_counts_in_whole_numbers(terms: MakeTerms) -> None:
    answer = live(indicator(), terms())
    assert answer is not None
    assert answer.points("V", "W") == "IF(V>=9500,W,ROUND(W*MAX(V,0)/9500,0))"


@pytest.mark.parametrize("target", ["95%", "≥95%", "95"])
def test_a_target_may_bear_sign_and_unit(terms: MakeTerms, target: str) -> None:
    assert live(indicator(target=target), terms()) is not None


def test_other_rules_of_the_ruleset_are_told_apart(terms: MakeTerms) -> None:
    """101号: (93.5/95 − 60 %)/40 % of 10 is 9.605… → 9.61, not 9.84; the points say which rule it was."""
    assert live(indicator(), terms(ruleset="caiyu-2021-101")) is None
    assert live(indicator(computed="9.61", final="9.61"), terms(ruleset="caiyu-2021-101")) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"target": "达到合同约定"},
        {"computed": "9.85"},
        {"rule": "proportional@2.0.0"},
        {"rule": "qualitative@1.0.0"},
        {"status": "zero_by_rule", "computed": "0.00", "final": "0.00"},
        {"status": "not_applicable", "computed": None, "final": None},
        {"value": "93500000000.00", "target": "95000000000%"},
    ],
    ids=["worded target", "other points", "other version", "judged", "zero by rule", "not applicable", "too large"],
)
def test_other_points_are_typed(terms: MakeTerms, changes: dict[str, Any]) -> None:
    assert live(indicator(**changes), terms()) is None


def test_points_nobody_has_scored_wait_for_the_value(terms: MakeTerms) -> None:
    answer = live(unfilled(), terms())
    assert answer is not None and answer.known.places == 2
    assert live(unfilled(), terms(**declared(decimals=4, target="95"))).known.places == 4
    contradicted = indicator(status="unscored", computed=None, final=None, low="0.00", high="10.00")
    assert live(contradicted, terms()) is None, "the value is there and does not count"


def test_beside_its_wording_the_pack_says_the_number(terms: MakeTerms) -> None:
    words = {"target": "96", "target_text": "≥95%"}
    assert live(indicator(), terms(**declared(**words))) is not None
    assert live(indicator(target="≥95%"), terms(**declared(**words))) is None, "96 gives 9.74"
    scored = indicator(target="≥95%", computed="9.74", final="9.74")
    answer = live(scored, terms(**declared(**words)))
    assert answer is not None and answer.known.target == Decimal(96)
    computed = {"target": "data.aim", "target_text": "≥95%"}
    assert live(indicator(target="≥95%"), terms(**declared(**computed))) is None


def test_added_indicators_have_their_rule_in_the_plan(terms: MakeTerms) -> None:
    rule = {"kind": "banded", "params": {"bands": [{"at": 90, "share": 70}]}}
    added = declared(judged=None, rule=rule)["indicators"][0]
    change = {"kind": "add", "indicator": added, "reason": "补充"}
    scored = indicator(rule="banded@1.0.0", computed="7.00", final="7.00", target="不低于上年")
    answer = live(scored, terms(changes=[change]))
    assert answer is not None
    assert answer.points("V", "W") == "IF(V>=9000,ROUND(W*7/10,0),0)"


def test_a_reader_may_not_try_values_too_large_to_be_exact(terms: MakeTerms) -> None:
    answer = live(indicator(), terms())
    assert answer is not None
    # 1000 (ten points) × value × 100 stays below 10^13.
    assert answer.largest == Decimal("100000000")
