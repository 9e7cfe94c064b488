"""Points by the place among the others: these rules are the only ones for which the other rows count."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.scoring.rules.peers import RANGE_NORMALISED, RANK_TIERS, RangeParams, ranges, ranks


def together(rule, values):
    """Outcomes of the values scored together; the bench itself would also score each one alone."""
    points, inputs = rule._score([{"value": v} for v in values])
    return [rule._outcome(points, inputs, i) for i in range(len(values))]


# ---------------------------------------------------------------------------------------------------------------------
# range_normalised
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "points"),
    # 财预〔2014〕45号: distance to the extreme over the range between provinces, times the points. Range 20–60.
    [("gte", ["0.00", "2.50", "3.33", "10.00"]), ("lte", ["10.00", "7.50", "6.67", "0.00"])],
)
def test_the_distance_to_the_worst_over_the_range(bench, direction, points):
    outcomes = together(bench(RANGE_NORMALISED, direction=direction), ["20", "30", "33.33", "60"])
    assert [str(o.points) for o in outcomes] == points
    ends = ["worst", "share", "share", "best"]
    assert [o.branch for o in outcomes] == (ends if direction == "gte" else ends[::-1])


@pytest.mark.parametrize("values", [["5"], ["5", None], ["5", "5"], ["5", "5", None]])
def test_without_a_range_nothing_is_scored(bench, values):
    outcomes = together(bench(RANGE_NORMALISED), values)
    assert [o.branch for o in outcomes] == ["unscored" if v is None else "no_range" for v in values]
    assert all(o.points is None and (o.low, o.high) == (0, 10) for o in outcomes)


def test_published_extremes_need_no_peers(bench):
    rule = bench(RANGE_NORMALISED, {"minimum": -20, "maximum": "60"})
    assert rule.given({"value": 20}, {"value": -20}, {"value": -30}, {"value": 60}, {"value": 61}, {}) == [
        "5.00",
        "0.00",
        "0.00",
        "10.00",
        "10.00",
        None,
    ]
    assert rule.one(value=20).sentence == "指标20%,比较范围-20%~60%,得10×(20−(-20))÷(60−(-20))=5.00分"
    lower = rule.with_(direction="lte")
    assert lower.one(value=50).sentence == "指标50%,比较范围-20%~60%,得10×(60−50)÷(60−(-20))=1.25分"


def test_one_published_extreme_still_needs_company(bench):
    rule = bench(RANGE_NORMALISED, {"minimum": 0})
    assert [o.branch for o in together(rule, ["50"])] == ["no_range"]
    assert [str(o.points) for o in together(rule, ["50", "100"])] == ["5.00", "10.00"]
    assert [o.branch for o in together(rule, ["-3", "-2"])] == ["no_range"] * 2


def test_rows_kept_for_comparison_count(bench):
    rule = bench(RANGE_NORMALISED)
    _, inputs = rule._score([{"value": 0}, {"value": 50}, {"value": 100}])
    low, high = ranges(inputs, RangeParams())
    assert (low.numbers(), high.numbers()) == ([0] * 3, [100] * 3)
    marked = replace(inputs, peers=np.array([True, False, True]))
    assert list(RANGE_NORMALISED.score(marked, RangeParams()).units) == [0, 500, 1000]


def test_the_extremes_of_the_others_are_named(bench):
    # Hand: range 20–60; (33.33 − 20) ÷ (60 − 20) = 0.33325, × 10 = 3.3325 → 3.33.
    outcomes = together(bench(RANGE_NORMALISED), ["20", "33.33", "60", None])
    assert outcomes[1].sentence == "指标33.33%,比较范围20%~60%,得10×(33.33−20)÷(60−20)=3.33分"
    assert outcomes[2].sentence == "指标60%,比较范围20%~60%,达到各比较对象的最优值,得满分10分"
    assert outcomes[3].sentence == "指标未提供完成值,未评分"
    # One extreme published: the other is still that of the rows.
    sentence = together(bench(RANGE_NORMALISED, {"minimum": 0}), ["50", "100"])[0].sentence
    assert sentence == "指标50%,比较范围0%~100%,得10×(50−0)÷(100−0)=5.00分"


def grouped(rule, *rows):
    points, inputs = rule._score([{"value": v, "group": g} for v, g in rows])
    return [rule._outcome(points, inputs, i) for i in range(len(rows))]


def test_only_rows_of_the_same_group_are_compared(bench):
    # Hand: group 1 spans 0–40, group 2 spans 100–200; group 3 has one row; a row without a group has no company.
    rows = [(0, 1), (10, 1), (40, 1), (100, 2), (175, 2), (200, 2), (7, 3), (8, None), (None, 1)]
    outcomes = grouped(bench(RANGE_NORMALISED), *rows)
    points = ["0.00", "2.50", "10.00", "0.00", "7.50", "10.00", None, None, None]
    assert [None if o.points is None else str(o.points) for o in outcomes] == points
    assert [o.branch for o in outcomes][6:] == ["no_range", "no_range", "unscored"]
    assert "比较范围100%~200%" in outcomes[4].sentence
    ranked = grouped(bench(RANK_TIERS, {"tiers": [{"upto": 1, "deduct": 0}], "otherwise_deduct": 1}), *rows)
    assert [None if o.points is None else str(o.points) for o in ranked] == (
        ["9.00", "9.00", "10.00", "9.00", "9.00", "10.00", None, None, None]
    )
    assert "在3个比较对象中排名第2位" in ranked[1].sentence


@given(rows=st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 3)), min_size=1, max_size=20), lower=st.booleans())
def test_a_group_is_scored_as_if_it_were_alone(bench, rows, lower):
    for kind, params in ((RANGE_NORMALISED, {}), (RANK_TIERS, TIERS)):
        rule = bench(kind, params, direction="lte" if lower else "gte")
        all_at_once = grouped(rule, *rows)
        for name in {g for _, g in rows}:
            alone = together(rule, [v for v, g in rows if g == name])
            assert [o for o, (_, g) in zip(all_at_once, rows, strict=True) if g == name] == alone


def test_extremes_in_numbers_of_any_size(bench):
    # 10^30 does not fit 64 bits. Hand: half way between 0 and 10^30.
    assert [str(o.points) for o in together(bench(RANGE_NORMALISED), [0, 5 * 10**29, 10**30])] == [
        "0.00",
        "5.00",
        "10.00",
    ]
    assert [str(o.points) for o in together(bench(RANK_TIERS, TIERS), [10**30, 1, 10**29])] == ["10.00"] * 3


def test_extremes_must_lie_apart():
    with pytest.raises(ValidationError):
        RangeParams.model_validate({"minimum": 5, "maximum": 5})


@given(
    values=st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=2, max_size=8),
    weight=st.decimals(0, 100, places=2),
    lower=st.booleans(),
)
def test_range_points_agree_with_exact_rationals(bench, half_up, values, weight, lower):
    # Domain: values of two decimals up to 10^9.
    outcomes = together(bench(RANGE_NORMALISED, weight=weight, direction="lte" if lower else "gte"), values)
    low, high = Fraction(min(values)), Fraction(max(values))
    for value, outcome in zip(values, outcomes, strict=True):
        if low == high:
            assert outcome.branch == "no_range"
            continue
        far = high - Fraction(value) if lower else Fraction(value) - low
        assert outcome.points == half_up(Fraction(weight) * far / (high - low))


# ---------------------------------------------------------------------------------------------------------------------
# rank_tiers
# ---------------------------------------------------------------------------------------------------------------------

# County table (hnqianrun.com/news/hyxw/752.html), 5 points: 前5名满分, 6-10名扣0.5分, 11名以后扣1分, 占比为0不得分.
TIERS = {
    "tiers": [{"upto": 5, "deduct": 0}, {"upto": 10, "deduct": "0.5"}],
    "otherwise_deduct": 1,
    "zero_value_gets_zero": True,
}


def test_the_county_table(bench):
    values = [*range(12, 0, -1), 0, None]
    outcomes = together(bench(RANK_TIERS, TIERS, weight=5), values)
    expected = ["5.00"] * 5 + ["4.50"] * 5 + ["4.00"] * 2 + ["0.00"]
    assert [str(o.points) for o in outcomes[:-1]] == expected
    assert [o.branch for o in outcomes] == ["tier"] * 10 + ["otherwise"] * 2 + ["zero", "unscored"]
    assert outcomes[0].sentence == "指标12%,在13个比较对象中排名第1位,名次在前5名以内,得满分5分"
    assert outcomes[5].sentence == "指标7%,在13个比较对象中排名第6位,名次在第6~10名,扣0.5分,得4.50分"
    assert outcomes[11].sentence == "指标1%,在13个比较对象中排名第12位,名次在第10名以后,扣1分,得4.00分"


def test_ties_share_the_better_place(bench):
    rule = bench(RANK_TIERS, TIERS | {"tiers": [{"upto": 1, "deduct": 0}, {"upto": 3, "deduct": "0.5"}]})
    _, inputs = rule._score([{"value": v} for v in (7, 9, 9, 7, None, 3)])
    assert list(ranks(inputs)) == [3, 1, 1, 3, 0, 5]
    assert list(ranks(replace(inputs, direction="lte"))) == [2, 4, 4, 2, 0, 1]
    assert [str(o.points) for o in together(rule, [9, 9, 7])] == ["10.00", "10.00", "9.50"]


def test_a_place_among_one_is_no_place(bench):
    rule = bench(RANK_TIERS, TIERS)
    assert [o.branch for o in together(rule, [3, None])] == ["no_range", "unscored"]
    assert [o.branch for o in together(rule, [0])] == ["zero"]
    assert [o.branch for o in together(rule.with_(params=TIERS | {"zero_value_gets_zero": False}), [0, 0])] == [
        "tier"
    ] * 2


def test_points_never_fall_below_zero(bench):
    rule = bench(RANK_TIERS, TIERS | {"otherwise_deduct": 30})
    assert str(together(rule, list(range(20, 0, -1)))[-1].points) == "0.00"


@pytest.mark.parametrize(
    "change",
    [
        {"tiers": []},
        {"tiers": [{"upto": 10, "deduct": 0}, {"upto": 5, "deduct": 1}]},
        {"tiers": [{"upto": 5, "deduct": 1}, {"upto": 10, "deduct": 0}]},
        {"otherwise_deduct": "0.25"},
        {"tiers": [{"upto": 0, "deduct": 0}]},
    ],
)
def test_tiers_out_of_order_are_refused(change):
    with pytest.raises(ValidationError):
        RANK_TIERS.params.model_validate(TIERS | change)


@given(values=st.lists(st.integers(-50, 50), min_size=2, max_size=30), lower=st.booleans())
def test_rank_is_one_more_than_those_ahead(bench, values, lower):
    outcomes = together(bench(RANK_TIERS, TIERS, direction="lte" if lower else "gte"), values)
    for value, outcome in zip(values, outcomes, strict=True):
        ahead = sum(other < value if lower else other > value for other in values)
        off = 0 if ahead < 5 else 0.5 if ahead < 10 else 1
        assert outcome.points == (0 if value <= 0 else 10 - off)
