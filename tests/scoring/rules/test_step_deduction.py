"""Step deduction: a line, a step, points off per step."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.scoring.rules.step_deduction import KIND

STAFF = {"step": 1, "per_step": "0.5"}


@pytest.mark.parametrize(
    ("value", "points", "branch"),
    [
        # 在职人员控制率 (local table on 财预〔2013〕53号): ≤100 % full 5, each point over 0.5 off.
        ("99", "5.00", "full"),
        ("100", "5.00", "full"),
        ("100.01", "5.00", "deducted"),  # 5 − 0.005 = 4.995 → 5.00
        ("100.03", "4.99", "deducted"),  # 5 − 0.015 = 4.985 → 4.99
        ("103", "3.50", "deducted"),
        ("109", "0.50", "deducted"),
        ("110", "0.00", "limit"),
        ("200", "0.00", "limit"),
        ("-5", "5.00", "full"),
        (None, None, "unscored"),
    ],
)
def test_excess_over_the_target(bench, value, points, branch):
    rule = bench(KIND, STAFF, weight=5, direction="lte")
    outcome = rule.one(value=value, target=100)
    assert (outcome.branch, rule.given({"value": value, "target": 100})) == (branch, [points])


@pytest.mark.parametrize(
    ("partial", "points"),
    # 开工率 ≥90 % full 4, each 5 % short 1 off (hnqianrun 2020): 90, 86, 85, 84.99, 70, 69 %.
    [
        ("linear", ["4.00", "3.20", "3.00", "3.00", "0.00", "0.00"]),
        ("full_step", ["4.00", "4.00", "3.00", "3.00", "0.00", "0.00"]),
        ("begun_step", ["4.00", "3.00", "3.00", "2.00", "0.00", "0.00"]),
    ],
)
def test_parts_of_a_step(bench, partial, points):
    rule = bench(KIND, {"threshold": 90, "step": 5, "per_step": 1, "partial": partial}, weight=4)
    assert rule.given(*({"value": v} for v in ("90", "86", "85", "84.99", "70", "69"))) == points


def test_the_most_taken_off(bench):
    # 质量不达标每项扣1分最多扣6分, of 15 points.
    rule = bench(KIND, {"threshold": 0, "step": 1, "per_step": 1, "max_deduction": 6}, weight=15, direction="lte")
    outcomes = rule({"value": 5}, {"value": 6}, {"value": 60})
    assert [(str(o.points), o.branch) for o in outcomes] == [
        ("10.00", "deducted"),
        ("9.00", "limit"),
        ("9.00", "limit"),
    ]


def test_shortfall_in_percent_of_the_target(bench):
    # 建成面积低于年度任务,每减少1%扣1分 (15 points): 188 of 200 mu are 6 % short.
    rule = bench(KIND, {"step": 1, "per_step": 1, "relative": True}, weight=15, unit="亩", name="建成面积")
    outcome = rule.one(value=188, target=200)
    assert outcome.sentence == "建成面积188亩,低于200亩共6%,每低1%扣1分,扣6分,得9.00分"
    assert rule.given({"value": 200, "target": 200}, {"value": 201, "target": 200}) == ["15.00", "15.00"]


def test_percent_of_a_target_that_is_not_positive(bench):
    rule = bench(KIND, {"step": 1, "per_step": 1, "relative": True})
    outcomes = rule({"value": -1, "target": 0}, {"value": 0, "target": 0}, {"value": -6, "target": -5})
    assert [o.branch for o in outcomes] == ["bad_target", "full", "bad_target"]


def test_relative_with_a_threshold_counts_from_it_in_percent_of_the_target(bench):
    rule = bench(KIND, {"threshold": 90, "step": 1, "per_step": "0.5", "relative": True})
    assert rule.given({"value": 80, "target": 200}, {"value": 80}) == ["7.50", None]


def test_relative_without_a_target_column(bench):
    kept = bench(KIND, {"threshold": 80, "step": 1, "per_step": 1, "relative": True})
    inputs = kept._score([{"value": 76}])[1]
    points = KIND.score(type(inputs)(1000, 2, "gte", inputs.peers, inputs.value), kept.params)
    assert points.units.tolist() == [500]  # 4 of 80 are 5 %


@pytest.mark.parametrize(("value", "points"), [("97", "8.50"), ("100", "10.00"), ("103", "8.50")])
def test_an_exact_target_counts_both_sides(bench, value, points):
    assert bench(KIND, STAFF, direction="eq").given({"value": value, "target": 100}) == [points]


@pytest.mark.parametrize("row", [{}, {"value": 1}, {"target": 1}])
def test_missing_numbers_are_not_scored(bench, row):
    outcome = bench(KIND, STAFF).one(**row)
    assert (outcome.branch, outcome.low, outcome.high) == ("unscored", 0, 10)


def test_sentences(bench):
    rule = bench(KIND, STAFF, weight=5, direction="lte", name="在职人员控制率")
    said = [o.sentence for o in rule({"value": 103, "target": 100}, {"value": 100, "target": 100}, {"target": 100})]
    assert said == [
        "在职人员控制率103%,超过100%共3个百分点,每超1个百分点扣0.5分,扣1.5分,得3.50分",
        "在职人员控制率100%,未超过100%,得满分5分",
        "在职人员控制率未提供完成值,未评分",
    ]
    capped = bench(KIND, {"threshold": 90, "step": 5, "per_step": 1, "partial": "full_step", "max_deduction": 3})
    assert capped.one(value=82).sentence == (
        "指标82%,低于90%共8个百分点,每低5个百分点扣1分,不足一步的不扣,最多扣3分,扣1分,得9.00分"
    )
    dust = bench(KIND, STAFF, direction="lte", unit="微克/立方米", name="PM2.5浓度", weight=3)
    said = dust.one(value=38, target=35).sentence
    assert said == "PM2.5浓度38微克/立方米,超过35微克/立方米共3微克/立方米,每超1微克/立方米扣0.5分,扣1.5分,得1.50分"


def test_numbers_of_any_size(bench):
    rule = bench(KIND, {"step": "0.000001", "per_step": "0.000001", "relative": True})
    assert rule.given({"value": "-99999999999999999", "target": "0.000001"}) == ["0.00"]
    assert rule.given({"value": "99999999999", "target": "99999999999.99"}) == ["10.00"]


@pytest.mark.parametrize(
    "params", [{"step": 0, "per_step": 1}, {"step": 1, "per_step": 0}, {"step": 1, "per_step": -1}]
)
def test_steps_must_be_positive(params):
    with pytest.raises(ValidationError):
        KIND.params.model_validate(params)


NUMBERS = st.decimals("-1000", "1000000", places=2)


@given(
    rows=st.lists(st.fixed_dictionaries({"value": NUMBERS, "target": NUMBERS}), min_size=1, max_size=5),
    step=st.decimals("0.01", "10", places=2),
    price=st.decimals("0.01", "3", places=3),
    most=st.none() | st.decimals("0", "12", places=2),
    partial=st.sampled_from(["linear", "full_step", "begun_step"]),
    relative=st.booleans(),
    direction=st.sampled_from(["gte", "lte", "eq"]),
)
def test_points_are_exact(bench, half_up, rows, step, price, most, partial, relative, direction):
    # Domain: values and targets −1000 … 1 000 000 with two decimals, steps and prices as drawn, 10 points.
    around = {"step": step, "per_step": price, "max_deduction": most, "partial": partial, "relative": relative}
    for row, outcome in zip(rows, bench(KIND, around, direction=direction)(*rows), strict=True):
        over = Fraction(row["value"]) - Fraction(row["target"])
        gap = {"gte": max(-over, 0), "lte": max(over, 0), "eq": abs(over)}[direction]
        if gap and relative and row["target"] <= 0:
            assert outcome.branch == "bad_target"
            continue
        if gap and relative:
            gap = gap * 100 / Fraction(row["target"])
        steps = gap / Fraction(step)
        steps = {"linear": steps, "full_step": math.floor(steps), "begun_step": math.ceil(steps)}[partial]
        off = min(steps * Fraction(price), Fraction(Decimal(10) if most is None else most))
        assert outcome.points == half_up(max(Fraction(0), 10 - off))
