"""Best at one value, falling to both sides."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.scoring.rules.two_sided import KIND

# 两端: x points off per y percentage points on either side of the best value, floor 0. The numbers are an example.
PARAMS = {"tolerance": 2, "step": 5, "per_step": 1}


@pytest.mark.parametrize(
    ("value", "branch", "linear", "full_step", "begun_step"),
    # Best 100, 2 free, then 1 of 10 points per 5.
    [
        ("100", "within", "10.00", "10.00", "10.00"),
        ("98", "within", "10.00", "10.00", "10.00"),
        ("102", "within", "10.00", "10.00", "10.00"),
        ("102.01", "falling", "10.00", "10.00", "9.00"),
        ("93", "falling", "9.00", "9.00", "9.00"),
        ("107", "falling", "9.00", "9.00", "9.00"),
        ("109.5", "falling", "8.50", "9.00", "8.00"),
        ("90.5", "falling", "8.50", "9.00", "8.00"),
        ("152", "floor", "0.00", "0.00", "0.00"),
        ("-1000", "floor", "0.00", "0.00", "0.00"),
    ],
)
def test_points_fall_to_both_sides(bench, value, branch, linear, full_step, begun_step):
    for partial, points in (("linear", linear), ("full_step", full_step), ("begun_step", begun_step)):
        outcome = bench(KIND, PARAMS | {"partial": partial}).one(value=value, target=100)
        assert (outcome.branch, str(outcome.points)) == (branch, points)


def test_the_standard_goes_before_the_target(bench):
    rule = bench(KIND, PARAMS)
    assert rule.given({"value": 50, "target": 100, "standard": 50}, {"value": 50, "standard": 50}) == ["10.00", "10.00"]


def test_missing_numbers_leave_it_open(bench):
    rule = bench(KIND, PARAMS)
    outcomes = rule({"target": 1}, {"value": 1}), rule({"value": 1, "target": 1, "standard": None})
    assert [o.branch for group in outcomes for o in group] == ["unscored"] * 3


def test_the_tolerance_ends_where_it_says(bench):
    # Targets come with six decimals: a millionth beyond the tolerance has begun a step.
    rule = bench(KIND, PARAMS | {"partial": "begun_step"})
    assert rule.given({"value": 102, "target": "100"}, {"value": 102, "target": "99.999999"}) == ["10.00", "9.00"]


def test_zero_and_negative_best_values_are_values(bench):
    assert bench(KIND, PARAMS).given({"value": 0, "target": 0}, {"value": -12, "target": -5}) == ["10.00", "9.00"]


def test_only_the_points_are_rounded(bench):
    # 0.125 a step × 3 steps = 0.375 off 1 → 0.625 → 0.63, not 1 − 3 × 0.13.
    rule = bench(KIND, {"step": 1, "per_step": "0.125"}, weight=1)
    assert rule.given({"value": 3, "target": 0}) == ["0.63"]


def test_the_sentence_shows_distance_tolerance_and_step(bench):
    sentence = (
        bench(KIND, PARAMS | {"partial": "begun_step"}, name="资产负债率").one(value="109.5", target=100).sentence
    )
    assert sentence == (
        "资产负债率109.5%,最佳值100%,偏离9.5个百分点,超出允许偏差7.5个百分点,每5个百分点扣1分(不足一步按一步扣),得8.00分"
    )


@pytest.mark.parametrize("change", [{"step": 0}, {"per_step": 0}, {"tolerance": -1}, {"partial": "half"}])
def test_senseless_parameters_are_refused(change):
    with pytest.raises(ValidationError):
        KIND.params.model_validate(PARAMS | change)


@given(
    value=st.decimals(-(10**6), 10**6, places=2),
    best=st.decimals(-(10**6), 10**6, places=2),
    tolerance=st.decimals(0, 1000, places=3),
    step=st.decimals("0.001", 1000, places=3),
    per_step=st.decimals("0.001", 10, places=3),
    partial=st.sampled_from(["linear", "full_step", "begun_step"]),
    weight=st.decimals(0, 100, places=2),
)
def test_points_agree_with_exact_rationals(bench, half_up, value, best, tolerance, step, per_step, partial, weight):
    # Domain: values of two decimals up to 10^6, parameters of three decimals.
    beyond = max(abs(Fraction(value) - Fraction(best)) - Fraction(tolerance), Fraction(0))
    steps = beyond / Fraction(step)
    steps = {"linear": steps, "full_step": Fraction(steps // 1), "begun_step": Fraction(-(-steps // 1))}[partial]
    expected = half_up(max(Fraction(weight) - steps * Fraction(per_step), Fraction(0)))
    params = {"tolerance": tolerance, "step": step, "per_step": per_step, "partial": partial}
    assert bench(KIND, params, weight=weight).one(value=value, target=best).points == expected
