"""Points of one indicator, and experts who lean one way: exact numbers, worked by hand."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.review.agreement.leaning import differences, outliers
from workbench.review.agreement.model import Item, Rater, Ratings
from workbench.review.agreement.panel import assess
from workbench.review.agreement.spread import spread

ITEM = Item("I01", "社会效益", "效益", Decimal(10))


def of(*points):
    return spread(ITEM, [Decimal(p) for p in points])


def test_statistics_of_five_opinions() -> None:
    # By hand: mean 34/5, quartiles at the second and fourth of five, sum of squared deviations 14.8 over 4.
    found = of("4", "6", "7", "8", "9")
    assert (found.n, found.mean, found.median) == (5, Decimal("6.80"), Decimal("7.00"))
    assert (found.low, found.high, found.range) == (Decimal(4), Decimal(9), Decimal("5.00"))
    assert (found.deviation, found.iqr, found.iqr_share) == (Decimal("1.92"), Decimal("2.00"), Decimal("20.0"))
    assert found.wide


def test_quartiles_between_two_points_are_interpolated() -> None:
    # Excel: QUARTILE.INC({1,2,3,4},1) = 1.75 and (…,3) = 3.25.
    assert of("1", "2", "3", "4").iqr == Decimal("1.50")


@pytest.mark.parametrize(("high", "wide"), [("7.99", False), ("8.00", True)])
def test_far_apart_begins_at_three_tenths_of_full_points(high, wide) -> None:
    assert of("5", "6", high).wide is wide


def test_nothing_and_one_have_no_spread() -> None:
    none, one = of(), of("8")
    assert (none.n, none.mean, none.wide) == (0, None, False)
    assert (one.mean, one.range, one.deviation, one.iqr, one.wide) == (Decimal(8), Decimal(0), None, None, False)


def test_an_indicator_without_points_of_its_own_has_no_share() -> None:
    found = spread(Item("I01", "提示项", "效益", Decimal(0)), [Decimal(0), Decimal(0)])
    assert (found.range, found.iqr_share, found.wide) == (Decimal(0), None, False)


def test_the_process_precision_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 3
        found = of("1.2345", "9.8765", "5.5555")
    assert found == of("1.2345", "9.8765", "5.5555")


def names(ratings):
    return [(o.expert.name, o.level1, o.points) for o in assess(ratings).outliers]


def test_an_expert_who_is_generous_on_one_level_is_named_there(panel) -> None:
    # Each time the median of the other four is that of equal pairs; 0.6 three times, 1.8 of 30 points.
    found = panel(
        ("效益", "10", ["7.9", "8", "8.6", "8", "8.1"]),
        ("效益", "10", ["6", "6.1", "6.6", "5.9", "6"]),
        ("效益", "10", ["9", "9", "9.6", "9", "9"]),
        ("产出", "35", ["30", "30", "30", "30", "30"]),
        ("产出", "35", ["28", "28", "28", "28", "28"]),
    )
    assert names(found) == [("专家3", "效益", Decimal("1.80"))]
    assert assess(found).outliers[0].text.startswith("专家3在效益类指标上系统性偏高1.8分(")
    assert "3项不同,其中3项偏高" in assess(found).outliers[0].text


def test_an_expert_is_measured_against_the_others_only(panel) -> None:
    found = panel(("效益", "10", ["2", "5", "6", "7", None]))
    assert differences(found) == {("e1", "I01"): -4, ("e2", "I01"): -1, ("e3", "I01"): 1, ("e4", "I01"): 2}


def test_between_two_experts_nobody_is_off(panel) -> None:
    rows = [("效益", "10", [low, "9", None]) for low in ("1", "2", "1")]
    assert differences(panel(*rows)) == {}
    assert names(panel(*rows)) == []


@pytest.mark.parametrize("n", [2, 3, 8])
def test_one_of_three_who_dissents_throughout_is_the_one_named(panel, n) -> None:
    found = panel(*[("效益", "10", ["7", "7", "9"])] * n)
    assert names(found) == [("专家3", None, Decimal(2 * n))]


def test_a_single_indicator_is_no_system(panel) -> None:
    assert names(panel(("效益", "10", ["7", "7", "7", "7", "9"]), ("效益", "10", ["7"] * 5))) == []


@pytest.mark.parametrize(("generous", "named"), [("7.49", False), ("7.50", True)])
def test_little_is_no_system(panel, generous, named) -> None:
    # 5 % of 10 points are 0.5 on each of four indicators.
    assert bool(names(panel(*[("效益", "10", ["7", "7", "7", "7", generous])] * 4))) is named


def test_high_on_one_and_low_on_another_is_no_system(panel) -> None:
    rows = [("效益", "10", ["7", "7", "7", "7", mine]) for mine in ("10", "10", "10", "5", "5")]
    assert names(panel(*rows)) == []


def test_one_third_in_the_other_direction_is_still_a_system_and_more_is_not(panel) -> None:
    def leaning(*mine):
        return names(panel(*[("效益", "10", ["7", "7", "7", "7", points]) for points in mine]))

    assert leaning("9", "9", "6.9") == [("专家5", None, Decimal("3.90"))]
    assert leaning("9", "9", "6.9", "6.9") == []


def test_where_all_scatter_nobody_stands_out(panel) -> None:
    rows = [("7", "8", "6", "9", "8.5"), ("6", "9", "8", "7", "8.5"), ("9", "6", "7", "8", "8.5")]
    scattered = panel(*[("效益", "10", row) for row in rows])
    assert names(scattered) == []
    # The same 0.5 to 1.5 above a panel that agrees is a system.
    assert names(panel(*[("效益", "10", ("7", "7", "7", "7", "8.5"))] * 3)) == [("专家5", None, Decimal("4.50"))]


def test_indicators_all_agree_on_do_not_make_scatter_look_small(panel) -> None:
    rows = [("7", "8", "6", "9", "8.5"), ("6", "9", "8", "7", "8.5"), ("9", "6", "7", "8", "8.5")]
    assert names(panel(*[("效益", "10", row) for row in rows], *[("效益", "1", ["1"] * 5)] * 9)) == []


def test_high_in_points_but_low_in_shares_is_no_direction(panel) -> None:
    # Two large indicators 6 points up, 6 % each; one small indicator 1 point down, half of it.
    rows = [("效益", "100", ["70", "70", "70", "70", "76"])] * 2 + [("效益", "2", ["2", "2", "2", "2", "1"])]
    assert names(panel(*rows)) == []


def test_indicators_all_agree_on_do_not_hide_a_leaning(panel) -> None:
    rows = [("效益", "10", ["7", "7", "7.2", "7", "9"])] * 3
    agreed = [("过程", "10", ["10"] * 5)] * 3
    assert [o[:2] for o in names(panel(*rows, *agreed))] == [("专家5", None), ("专家5", "效益")]


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.integers(0, 20), min_size=5, max_size=5), min_size=1, max_size=6), st.permutations(range(5))
)
def test_the_order_of_experts_does_not_matter(rows, order) -> None:
    from_first, from_any = (make(rows, ids) for ids in (range(5), order))
    assert differences(from_first) == differences(from_any)
    found = [{(o.expert.id, o.points) for o in leaning(r)} for r in (from_first, from_any)]
    assert found[0] == found[1]


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 20), min_size=5, max_size=5), min_size=1, max_size=6))
def test_scoring_upside_down_turns_every_leaning_round(rows) -> None:
    upside_down = [[20 - p for p in row] for row in rows]
    found = [
        {(o.expert.id, o.points * sign) for o in leaning(make(r, range(5)))}
        for r, sign in ((rows, 1), (upside_down, -1))
    ]
    assert found[0] == found[1]


def make(rows, order):
    items = tuple(Item(f"I{i}", "指标", "效益", Decimal(20)) for i in range(len(rows)))
    points = {(f"e{e}", f"I{i}"): Decimal(row[e]) for i, row in enumerate(rows) for e in order}
    return Ratings(tuple(Rater(f"e{e}", f"专家{e}") for e in order), items, points)


def leaning(ratings):
    return outliers(ratings, differences(ratings), ratings.items, None)
