"""Product of factors."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.scoring.rules.product import KIND

# County table (gzbly.net …/17208128_4.html): 建设质量合格率 = 任务完成率 × 质量抽检合格率, 得分 = 率 × 20, 完成率超100%按100%.
TWO = {"factors": ["done", "passed"]}


@pytest.mark.parametrize(
    ("done", "passed", "branch", "points"),
    [
        ("95", "90", "share", "17.10"),
        ("120", "90", "share", "18.00"),
        ("100", "100", "full", "20.00"),
        ("120", "100", "full", "20.00"),
        ("0", "90", "share", "0.00"),
        ("33.33", "66.67", "share", "4.44"),
        ("-1", "90", "bad_factor", None),
        ("-1", "-90", "bad_factor", None),
        (None, "90", "unscored", None),
        ("95", None, "unscored", None),
    ],
)
def test_the_county_table(bench, done, passed, branch, points):
    outcome = bench(KIND, TWO, weight=20).one(done=done, passed=passed)
    assert (outcome.branch, outcome.points if points is None else str(outcome.points)) == (branch, points)


def test_uncapped_factors_make_up_for_each_other_up_to_full_points(bench):
    rule = bench(KIND, TWO | {"cap_factors": False})
    assert rule.given({"done": 120, "passed": 50}, {"done": 120, "passed": 100}) == ["6.00", "10.00"]


def test_the_value_may_be_a_factor_and_every_factor_is_shown(bench):
    rule = bench(KIND, {"factors": ["value", "passed", "used"]}, weight=20, name="建设任务完成率")
    outcome = rule.one(value=110, passed=95, used=90)
    assert (
        outcome.sentence
        == "建设任务完成率:建设任务完成率110%、passed95%、used90%,超过100%的按100%计,得20×100%×95%×90%=17.10分"
    )


@pytest.mark.parametrize("factors", [[], ["a"], ["a", "a"]])
def test_a_product_has_two_different_factors(factors):
    with pytest.raises(ValidationError):
        KIND.params.model_validate({"factors": factors})


@given(
    factors=st.lists(st.decimals(0, 200, places=2), min_size=2, max_size=8),
    weight=st.decimals(0, 100, places=2),
    capped=st.booleans(),
)
def test_points_agree_with_exact_rationals_and_are_rounded_once(bench, half_up, factors, weight, capped):
    # Domain: two to eight factors of two decimals up to 200 %; eight of them leave 64 bits far behind.
    names = [f"f{i}" for i in range(len(factors))]
    used = [Fraction(min(f, 100) if capped else f) / 100 for f in factors]
    expected = half_up(Fraction(weight) * min(prod(used), Fraction(1)))
    rule = bench(KIND, {"factors": names, "cap_factors": capped}, weight=weight)
    assert rule.one(**dict(zip(names, factors, strict=True))).points == expected
