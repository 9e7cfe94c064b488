"""Proportional points: 10号 without and 101号 with a pass threshold."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.scoring.kinds import Case
from workbench.scoring.rules.proportional import KIND

PASS_AT_60 = {"pass_at": 60}


def test_the_two_documents_differ(bench):
    # 70 % of a 10-point indicator: 7.00 under 财预〔2020〕10号, (70−60)/(100−60) × 10 = 2.50 under 财预〔2021〕101号.
    row = {"value": 70, "target": 100}
    assert bench(KIND).given(row) == ["7.00"]
    assert bench(KIND, PASS_AT_60).given(row) == ["2.50"]


@pytest.mark.parametrize(
    ("direction", "value", "target", "points", "branch"),
    [
        ("gte", "100", "100", "10.00", "reached"),
        ("gte", "99.99", "100", "10.00", "share"),  # 9.999 → 10.00, and still not reached
        ("gte", "99.94", "100", "9.99", "share"),
        ("gte", "0", "100", "0.00", "share"),
        ("gte", "-5", "100", "0.00", "share"),
        ("gte", "260", "100", "10.00", "reached"),
        ("gte", "37.24", "43.2", "8.62", "share"),  # 37.24/43.2 × 10 = 8.6203…
        ("eq", "98", "100", "9.80", "share"),
        ("eq", "100", "98", "9.80", "share"),
        ("eq", "100", "100", "10.00", "reached"),
        # Reverse indicators: points × target/actual (1wenmi 330418).
        ("lte", "100", "100", "10.00", "reached"),
        ("lte", "100.01", "100", "10.00", "share"),
        ("lte", "125", "100", "8.00", "share"),
        ("lte", "-1", "100", "10.00", "reached"),
        ("lte", "5", "0", "0.00", "share"),
        ("lte", "0", "0", "10.00", "reached"),
    ],
)
def test_points_by_direction(bench, direction, value, target, points, branch):
    outcome = bench(KIND, direction=direction).one(value=value, target=target)
    assert (str(outcome.points), outcome.branch) == (points, branch)


@pytest.mark.parametrize(
    ("value", "points", "branch"),
    [
        ("59.99", "0.00", "below_pass"),
        ("60", "0.00", "share"),
        ("60.01", "0.00", "share"),  # 0.0025 → 0.00
        ("60.02", "0.01", "share"),  # 0.005 → 0.01
        ("80", "5.00", "share"),
        ("100", "10.00", "reached"),
        ("0", "0.00", "below_pass"),
    ],
)
def test_the_pass_threshold(bench, value, points, branch):
    # 财预〔2021〕101号 附件1 三(七)2.
    outcome = bench(KIND, PASS_AT_60).one(value=value, target=100)
    assert (str(outcome.points), outcome.branch) == (points, branch)


def test_a_rounding_tie_goes_up(bench):
    # 2.675 is a tie in decimals and below one in binary: 26.75 % of 10 points.
    assert bench(KIND).given({"value": "26.75", "target": 100}) == ["2.68"]
    assert bench(KIND, weight="0.5").given({"value": 1, "target": 100}) == ["0.01"]


@pytest.mark.parametrize(
    ("direction", "value", "target", "branch"),
    [
        ("gte", -1, 0, "bad_target"),
        ("gte", 0, 0, "reached"),
        ("gte", -6, -5, "bad_target"),
        ("lte", 1, -5, "bad_target"),
    ],
)
def test_a_target_of_zero_or_less(bench, direction, value, target, branch):
    assert bench(KIND, direction=direction).one(value=value, target=target).branch == branch


@pytest.mark.parametrize("row", [{}, {"value": 1}, {"target": 1}])
def test_missing_numbers_are_not_scored(bench, row):
    outcome = bench(KIND).one(**row)
    assert (outcome.branch, outcome.low, outcome.high) == ("unscored", 0, 10)


@pytest.mark.parametrize(
    ("value", "points", "branch"),
    # A transfer-payment table in circulation: (200 %,300 %] 10 % off, (300 %,500 %] 20 %, above 500 % 30 %.
    [
        ("200", "10.00", "reached"),
        ("200.01", "9.00", "overshoot"),
        ("300", "9.00", "overshoot"),
        ("300.01", "8.00", "overshoot"),
        ("500", "8.00", "overshoot"),
        ("500.01", "7.00", "overshoot"),
    ],
)
def test_the_overshoot_table(bench, value, points, branch):
    table = [{"over": 200, "share": 10}, {"over": 300, "share": 20}, {"over": 500, "share": 30}]
    outcome = bench(KIND, {"overshoot": table}).one(value=value, target=100)
    assert (str(outcome.points), outcome.branch) == (points, branch)


def test_sentences(bench):
    rule = bench(KIND, name="完成率")
    assert rule.one(value=70, target=100).sentence == "完成率70%,得10×70%=7.00分"
    assert rule.one(value=104, target=100).sentence == "完成率104%,超过100%按100%计,得满分10分"
    assert rule.one(value=-1, target=0).sentence == "完成率-1%,目标值0%不为正,无法按比例计分,请核对目标值"
    assert rule.one(target=100).sentence == "完成率未提供完成值,未评分"
    passed = rule.with_(params=PASS_AT_60)
    assert passed.one(value=70, target=100).sentence == "完成率70%,目标100%,完成率70%,得(70%−60%)÷(1−60%)×10=2.50分"
    assert passed.one(value=50, target=100).sentence.endswith("低于及格门槛60%,不得分")
    fish = bench(KIND, unit="吨", name="产量")
    assert fish.one(value="37.24", target="43.2").sentence == "产量37.24吨,目标43.2吨,得10×37.24/43.2=8.62分"
    cost = bench(KIND, unit="万元", name="成本", direction="lte")
    assert cost.one(value=125, target=100).sentence == "成本125万元,目标100万元,得10×100/125=8.00分"
    assert cost.one(value=90, target=100).sentence == "成本90万元,不超过目标100万元,得满分10分"


@pytest.mark.parametrize("params", [{"pass_at": 100}, {"pass_at": -1}, {"overshoot": [{"over": 200, "share": 101}]}])
def test_parameters_have_bounds(params):
    with pytest.raises(ValidationError):
        KIND.params.model_validate(params)


NUMBERS = st.decimals("-100", "100000000", places=2)


@given(
    rows=st.lists(st.fixed_dictionaries({"value": NUMBERS, "target": NUMBERS}), min_size=1, max_size=5),
    weight=st.decimals("0.01", "100", places=2),
    line=st.none() | st.decimals("0", "99.99", places=2),
    direction=st.sampled_from(["gte", "lte", "eq"]),
)
def test_points_are_exact(bench, half_up, rows, weight, line, direction):
    # Domain: values and targets −100 … 10⁸ with two decimals, weights 0.01 … 100, thresholds 0 … 99.99.
    for row, outcome in zip(
        rows, bench(KIND, {"pass_at": line}, weight=weight, direction=direction)(*rows), strict=True
    ):
        value, target = Fraction(row["value"]), Fraction(row["target"])
        if {"gte": value >= target, "lte": value <= target, "eq": value == target}[direction]:
            assert outcome.points == weight
        elif target < 0 or (target == 0 and direction != "lte"):
            assert outcome.branch == "bad_target"
        else:
            pair = {"gte": (value, target), "lte": (target, value), "eq": (min(value, target), max(value, target))}
            top, bottom = pair[direction]
            rate = max(top, Fraction(0)) / bottom
            passed = Fraction(line or 0) / 100
            expected = max(Fraction(0), (rate - passed) / (1 - passed)) * Fraction(weight)
            assert outcome.points == half_up(expected)


def test_a_negative_value_is_said_to_be_one():
    # −5/90 × 10 is not 0: the sentence must not write a false sum.
    case = Case("满意度", Decimal(10), Decimal("0.00"), "share", "gte", "%", Decimal(-5), Decimal(90))
    text = KIND.explain(case, KIND.params())
    assert "按0计" in text and "×" not in text and "0.00" in text
