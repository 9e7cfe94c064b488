"""Expert points stand beside the computed ones, never on top of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from workbench.base.errors import SchemeError
from workbench.evidence.tables import EvidenceStatus, Proof, Waiver
from workbench.scoring.adjustments import Adjustment

Engage = Callable[..., Any]
Ind = Callable[..., dict[str, Any]]
Expert = Callable[..., Adjustment]


@pytest.fixture
def tree(ind: Ind) -> list[dict[str, Any]]:
    judged = {"rule": {"kind": "judgement"}, "value": None, "target": None}
    return [ind("A", "60"), ind("B", "30"), ind("C", "10", "管理", **judged)]


ROWS = {"P1": {"a": "85", "b": "90"}, "P2": {"a": "70", "b": None}}


def codes(caught: pytest.ExceptionInfo[SchemeError]) -> list[str]:
    return [p.code for p in caught.value.problems]


def test_computed_points_are_never_touched(engage: Engage, tree: list[dict[str, Any]], expert: Expert) -> None:
    # docs/semantics.md §7: an expert's number never overwrites the computed number.
    before = engage(tree, ROWS).results()["P1"].indicators[0]
    after = engage(tree, ROWS).results([expert("A", "45.5")])["P1"].indicators[0]
    assert (before.computed, before.final) == ("51.00", "51.00")  # hand: 60 × 85 %
    assert (after.computed, after.final) == ("51.00", "45.50")
    assert after.explanation == f"{before.explanation};经专家评审由51.00分调整为45.50分"
    assert (after.low, after.high, after.status) == ("45.50", "45.50", "scored")


def test_the_arrays_of_the_card_are_not_shared(engage: Engage, tree: list[dict[str, Any]], expert: Expert) -> None:
    # Found on the way: low bound and computed points were one array, and writing the one changed the other.
    card = engage(tree, ROWS).card([expert("A", "45.5"), expert("A", "10", "P2")])
    column = card.column("A")
    assert column.computed.tolist() == [5100, 4200]
    assert column.final.tolist() == column.low.tolist() == column.high.tolist() == [4550, 1000]
    assert column.adjusted.tolist() == [True, True]
    assert not card.column("B").adjusted.any()


def test_the_total_is_the_sum_of_final_points(engage: Engage, tree: list[dict[str, Any]], expert: Expert) -> None:
    result = engage(tree, ROWS).results([expert("A", "45.5"), expert("C", "8.25")])["P1"]
    assert result.total == "80.75"  # hand: 45.50 + 27.00 + 8.25
    assert (result.grade, result.complete) == ("良", True)


def test_an_expert_settles_what_the_rule_left_open(engage: Engage, tree: list[dict[str, Any]], expert: Expert) -> None:
    made = engage(tree, ROWS, status={"A": "verified", "B": "verified"})
    assert made.results()["P1"].interval == ["78.00", "88.00"]
    result = made.results([expert("C", "8")])["P1"]
    c = result.indicators[2]
    assert (c.computed, c.final, c.status) == (None, "8.00", "provisional")
    assert "须由专家" in c.explanation and c.explanation.endswith("经专家评审评定为8.00分")
    assert (result.total, result.provisional) == ("86.00", True)


def test_a_missing_value_is_settled_too_and_stays_missing(
    engage: Engage, tree: list[dict[str, Any]], expert: Expert
) -> None:
    b = engage(tree, ROWS).results([expert("B", "12", "P2")])["P2"].indicators[1]
    assert (b.value, b.computed, b.final) == (None, None, "12.00")


def test_what_was_left_unscored_has_no_computed_points_after_all(
    engage: Engage, tree: list[dict[str, Any]], expert: Expert
) -> None:
    # The rule could compute 51.00, but the value was found wrong and no other was given, so it scored nothing.
    made = engage(tree, ROWS, status={"A": "contradicted", "B": "verified"})
    before = made.results()["P1"].indicators[0]
    after = made.results([expert("A", "30")])["P1"].indicators[0]
    assert (before.computed, before.status) == (None, "unscored")
    assert (after.computed, after.final, after.status) == (None, "30.00", "provisional")
    assert after.explanation == f"{before.explanation};经专家评审评定为30.00分"


@pytest.mark.parametrize("points", ["0", "60", "60.00", "0.01"])
def test_points_up_to_the_bounds(engage: Engage, tree: list[dict[str, Any]], expert: Expert, points: str) -> None:
    found = engage(tree, ROWS).results([expert("A", points)])["P1"].indicators[0]
    assert Decimal(found.final or "x") == Decimal(points)


@pytest.mark.parametrize("points", ["-0.01", "60.01", "100", "NaN", "Infinity", "-1"])
def test_points_beyond_the_bounds_are_refused(
    engage: Engage, tree: list[dict[str, Any]], expert: Expert, points: str
) -> None:
    with pytest.raises(SchemeError, match="0至60") as caught:
        engage(tree, ROWS).results([expert("A", points)])
    assert codes(caught) == ["adjust_bounds"]


@pytest.mark.parametrize("more", [{"reason": ""}, {"reason": "  "}, {"by": ""}, {"at": " "}])
def test_no_points_without_name_reason_and_time(
    engage: Engage, tree: list[dict[str, Any]], expert: Expert, more: dict[str, str]
) -> None:
    # docs/semantics.md §7: an expert's number without name, reason and time.
    with pytest.raises(SchemeError) as caught:
        engage(tree, ROWS).results([expert("A", "50", **more)])
    assert codes(caught) == ["adjust_reason"]


def test_unknown_subject_and_indicator_with_the_nearest(
    engage: Engage, tree: list[dict[str, Any]], expert: Expert
) -> None:
    with pytest.raises(SchemeError) as caught:
        engage(tree, ROWS).results([expert("A", "1", "P9"), expert("X", "1"), expert("A", "99")])
    assert codes(caught) == ["unknown_subject", "unknown_indicator", "adjust_bounds"]
    assert "是否想写" in str(caught.value)


def test_two_points_for_one_indicator_are_refused(engage: Engage, tree: list[dict[str, Any]], expert: Expert) -> None:
    # docs/semantics.md §7: a lost adjustment must never happen; the merge has to come before.
    with pytest.raises(SchemeError) as caught:
        engage(tree, ROWS).results([expert("A", "50"), expert("A", "55"), expert("A", "50", "P2")])
    assert codes(caught) == ["adjust_twice"]


def test_what_does_not_apply_cannot_be_adjusted(engage: Engage, tree: list[dict[str, Any]], expert: Expert) -> None:
    waiver = Waiver("P1", "B", "本年度无此内容", "说明", "李四", date(2024, 2, 1))
    made = engage(tree, ROWS, waivers=[waiver])
    with pytest.raises(SchemeError) as caught:
        made.results([expert("B", "20")])
    assert codes(caught) == ["adjust_not_applicable"]
    assert made.results([expert("B", "20", "P2")])["P2"].indicators[1].final == "20.00"


def test_zero_by_rule_cannot_be_talked_up(engage: Engage, tree: list[dict[str, Any]], expert: Expert) -> None:
    # docs/semantics.md §7: a score without evidence. Status, sentence and points would contradict each other.
    late = Proof("P1", "A", EvidenceStatus.overdue, notice_number="补1号", notice_date=date(2024, 1, 5))
    made = engage(tree, ROWS, status={"B": "verified"}, proofs=[late])
    with pytest.raises(SchemeError) as caught:
        made.results([expert("A", "30")])
    assert codes(caught) == ["adjust_zero_by_rule"]
    a = made.results([expert("A", "0")])["P1"].indicators[0]
    assert (a.status, a.final) == ("zero_by_rule", "0.00")


def test_claims_are_compared_with_computed_points_only(engage: Engage, ind: Ind, expert: Expert) -> None:
    # The rule computed nothing for C, so there is nothing a claim of 8 could differ from.
    judged = {"rule": {"kind": "judgement"}, "value": None, "target": None, "claimed": "data.claim"}
    made = engage([ind("A", "90"), ind("C", "10", **judged)], {"P1": {"a": "100", "claim": "8"}})
    result = made.one(expert("C", "8"))
    assert not [f for f in result.findings if f.code == "claimed_points_differ"]


def test_no_adjustments_change_nothing(engage: Engage, tree: list[dict[str, Any]]) -> None:
    made = engage(tree, ROWS)
    assert made.results(()) == made.results()
