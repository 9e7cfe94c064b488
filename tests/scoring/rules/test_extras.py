"""Bonus and deduction items; the weight is the item's limit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.scoring.rules.extras import BONUS, DEDUCTION

# ---------------------------------------------------------------------------------------------------------------------
# bonus
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "branch", "points"),
    # chacewang.com/newsdetail/news619205.html: 道路硬化等每完成一项加分. Half a point each, at most 2, is an example.
    [
        ("0", "none", "0.00"),
        ("1", "added", "0.50"),
        ("4", "added", "2.00"),
        ("5", "limit", "2.00"),
        ("1.5", "bad_count", None),
        ("-1", "bad_count", None),
        (None, "unscored", None),
    ],
)
def test_points_per_finished_case(bench, value, branch, points):
    outcome = bench(BONUS, {"per_case": "0.5"}, weight=2, direction="none", unit="项").one(value=value)
    assert (outcome.branch, outcome.points if points is None else str(outcome.points)) == (branch, points)


def test_points_per_unit_of_the_value(bench):
    rule = bench(BONUS, {"per_unit": "0.333"}, weight=2, direction="none")
    rows = [{"value": v} for v in ("-3", "0", "1.5", "6", "6.01", "100", None)]
    assert rule.given(*rows) == ["0.00", "0.00", "0.50", "2.00", "2.00", "2.00", None]
    assert [o.branch for o in rule(*rows)] == ["none", "none", "added", "added", "limit", "limit", "unscored"]


def test_bands_of_points(bench):
    bands = [{"at": 20, "points": 5}, {"at": 10, "points": "1.5"}, {"at": 0, "points": 0}]
    rule = bench(BONUS, {"bands": bands}, weight=4, direction="none")
    rows = [{"value": v} for v in ("20", "19.99", "10", "9.99", "-1")]
    assert rule.given(*rows) == ["4.00", "1.50", "1.50", "0.00", "0.00"]
    assert [o.branch for o in rule(*rows)] == ["limit", "added", "added", "none", "none"]
    assert rule(*rows)[1].sentence == "指标19.99%,属于≥10%一档,加1.50分"


def test_the_sentence_says_what_is_added(bench):
    rule = bench(BONUS, {"per_case": 1}, weight=2, direction="none", unit="项", name="道路硬化")
    sentences = [o.sentence for o in rule({"value": 1}, {"value": 3})]
    assert sentences == ["道路硬化1项,每项加1分,加1.00分", "道路硬化3项,每项加1分,按上限加2.00分"]


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"per_unit": 1, "per_case": 1},
        {"per_case": 0},
        {"bands": []},
        {"bands": [{"at": 1, "points": 1}, {"at": 2, "points": 2}]},
        {"bands": [{"at": 2, "points": 1}, {"at": 1, "points": 2}]},
    ],
)
def test_a_bonus_has_one_form(params):
    with pytest.raises(ValidationError):
        BONUS.params.model_validate(params)


@given(
    value=st.decimals(-(10**6), 10**6, places=2),
    each=st.decimals("0.001", 100, places=3),
    weight=st.decimals(0, 100, places=2),
)
def test_bonus_points_agree_with_exact_rationals(bench, half_up, value, each, weight):
    # Domain: values of two decimals up to 10^6, three decimals of points per unit.
    expected = half_up(min(max(Fraction(value), Fraction(0)) * Fraction(each), Fraction(weight)))
    assert bench(BONUS, {"per_unit": each}, weight=weight, direction="none").one(value=value).points == expected


# ---------------------------------------------------------------------------------------------------------------------
# deduction
# ---------------------------------------------------------------------------------------------------------------------

# bhygbaby.com/paper/381129397.html: 较大及以上安全事故倒扣10分; 一般事故每起扣1分.
ACCIDENTS = {"classes": {"serious": 10, "minor": 1}}


@pytest.mark.parametrize(
    ("serious", "minor", "branch", "points"),
    [
        (0, 0, "none", "0.00"),
        (0, 3, "deducted", "3.00"),
        (1, 0, "deducted", "10.00"),
        (1, 3, "deducted", "13.00"),
        (2, 0, "deducted", "20.00"),
        (2, 1, "limit", "20.00"),
        (-1, 0, "bad_count", None),
        ("0.5", 0, "bad_count", None),
        (None, 1, "unscored", None),
        (0, None, "unscored", None),
    ],
)
def test_accidents_by_class(bench, serious, minor, branch, points):
    outcome = bench(DEDUCTION, ACCIDENTS, weight=20, direction="none").one(serious=serious, minor=minor)
    assert (outcome.branch, outcome.points if points is None else str(outcome.points)) == (branch, points)


def test_the_sentence_lists_every_class(bench):
    sentence = (
        bench(DEDUCTION, ACCIDENTS, weight=20, direction="none", name="安全事故").one(serious=1, minor=3).sentence
    )
    assert sentence == "安全事故:serious1起,每起扣10分;minor3起,每起扣1分;共扣13.00分"


def test_points_per_case_of_the_value(bench):
    # chacewang.com/newsdetail/news619205.html: 每发现一处管理不到位扣1分.
    rule = bench(DEDUCTION, {"per_case": 1}, weight=5, direction="none")
    rows = [{"value": v} for v in (0, 2, 5, 6, "1.5", None)]
    assert rule.given(*rows) == ["0.00", "2.00", "5.00", "5.00", None, None]


@pytest.mark.parametrize(("partial", "points"), [("linear", "2.40"), ("full_step", "2.00"), ("begun_step", "4.00")])
def test_steps_of_the_value(bench, partial, points):
    # Local table on 53号: 预算完成率 100 % full, each 5 % short −2; 6 points short.
    steps = {"start": 100, "step": 5, "per_step": 2, "worse": "lower", "partial": partial}
    rule = bench(DEDUCTION, {"steps": steps}, weight=8, direction="none", name="预算完成率")
    assert rule.given({"value": 94}, {"value": 100}, {"value": 130}, {"value": 0}) == [points, "0.00", "0.00", "8.00"]
    assert "低于100%共6个百分点,每5个百分点扣2分" in rule.one(value=94).sentence
    higher = rule.with_(params={"steps": steps | {"worse": "higher"}})
    assert higher.given({"value": 106}, {"value": 94}) == [points, "0.00"]


def test_parts_of_a_deduction_are_added_before_they_are_rounded(bench):
    params = {"steps": {"start": 0, "step": 1, "per_step": "0.333"}, "classes": {"minor": "0.333"}}
    outcome = bench(DEDUCTION, params, weight=8, direction="none").one(value=1, minor=1)
    assert str(outcome.points) == "0.67"
    assert "共扣0.67分" in outcome.sentence


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"per_case": 1, "steps": {"step": 1, "per_step": 1}},
        {"per_case": -1},
        {"classes": {"serious": 0}},
        {"classes": {"serious": -10}},
        {"steps": {"step": 0, "per_step": 1}},
    ],
)
def test_a_deduction_takes_something_off(params):
    with pytest.raises(ValidationError):
        DEDUCTION.params.model_validate(params)


@given(
    counts=st.lists(st.integers(0, 10**6), min_size=1, max_size=4),
    data=st.data(),
    weight=st.decimals(0, 100, places=2),
)
def test_deducted_points_agree_with_exact_rationals(bench, half_up, counts, data, weight):
    # Domain: up to four classes of up to a million cases, three decimals of points per case.
    prices = data.draw(st.lists(st.decimals("0.001", 20, places=3), min_size=len(counts), max_size=len(counts)))
    names = [f"c{i}" for i in range(len(counts))]
    total = sum(c * Fraction(p) for c, p in zip(counts, prices, strict=True))
    rule = bench(DEDUCTION, {"classes": dict(zip(names, prices, strict=True))}, weight=weight, direction="none")
    assert rule.one(**dict(zip(names, counts, strict=True))).points == half_up(min(total, Fraction(weight)))
