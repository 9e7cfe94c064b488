"""Satisfaction from a survey."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.scoring.rules.questionnaire import KIND

# 财预〔2021〕101号 附件1 三(七)4: ≥90 % → 10, [80,90) → 8, [60,80) → 5, below 60 % → 0 of 10.
BANDS = [{"at": 90, "share": 100}, {"at": 80, "share": 80}, {"at": 60, "share": 50}]
MEAN = {"formula": "mean", "bands": BANDS}
SHARE = {"formula": "satisfied_share", "bands": BANDS}
SURVEY = {"population": 2000, "sample": 200, "valid": 180}


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("100", "10.00"),
        ("90", "10.00"),
        ("89.99", "8.00"),
        ("80", "8.00"),
        ("79.99", "5.00"),
        ("60", "5.00"),
        ("59.99", "0.00"),
        ("0", "0.00"),
    ],
)
def test_bands_of_101(bench, value, points):
    outcome = bench(KIND, MEAN).one(value=value, **SURVEY)
    assert (outcome.branch, str(outcome.points)) == ("scored", points)


@pytest.mark.parametrize(
    ("satisfied", "points", "shown"),
    # Of 180 valid forms: 162 is 90 % exactly, 161 is 89.44 %, 108 is 60 %, 107 is 59.44 %.
    [
        (180, "10.00", "100%"),
        (162, "10.00", "90%"),
        (161, "8.00", "89.44%"),
        (108, "5.00", "60%"),
        (107, "0.00", "59.44%"),
    ],
)
def test_share_of_the_satisfied(bench, satisfied, points, shown):
    outcome = bench(KIND, SHARE).one(satisfied=satisfied, **SURVEY)
    assert str(outcome.points) == points
    assert f"满意度{shown}" in outcome.sentence


def test_the_share_shown_is_the_share_used(bench):
    # 89995/100000 = 89.995 % shows as 90.00 % and is taken as 90 %; 89994 shows as 89.99 %.
    rule = bench(KIND, SHARE)
    survey = {"population": 100000, "sample": 100000, "valid": 100000}
    assert rule.given({"satisfied": 89995, **survey}, {"satisfied": 89994, **survey}) == ["10.00", "8.00"]


def test_without_bands_points_grow_up_to_full_at(bench):
    rule = bench(KIND, {"formula": "mean", "full_at": 90})
    rows = [{"value": v, **SURVEY} for v in ("0", "45", "81.81", "90", "95")]
    assert rule.given(*rows) == ["0.00", "5.00", "9.09", "10.00", "10.00"]
    assert "得10×45%÷90%=5.00分" in rule(*rows)[1].sentence
    assert bench(KIND, {"formula": "mean"}).given({"value": "81.81", **SURVEY}) == ["8.18"]


@pytest.mark.parametrize(
    ("change", "branch"),
    [
        ({}, "scored"),
        ({"sample": 150, "valid": 150}, "scored"),
        ({"sample": 149, "valid": 149}, "scored_weak_sample"),
        ({"valid": 160}, "scored"),  # 160/200 = 80 %
        ({"valid": 159}, "scored_weak_sample"),
    ],
)
def test_a_weak_sample_is_scored_and_marked(bench, change, branch):
    rule = bench(KIND, MEAN | {"minimum_sample": 150, "minimum_valid_percent": 80})
    outcome = rule.one(value=95, **(SURVEY | change))
    assert (outcome.branch, outcome.points) == (branch, 10)
    assert ("低于要求" in outcome.sentence) == (branch != "scored")


@pytest.mark.parametrize(
    "change",
    [
        {"valid": 201},
        {"sample": 2001, "valid": 180},
        {"valid": 0},
        {"valid": -1},
        {"population": 0, "sample": 0, "valid": 0},
        {"satisfied": 181},
        {"satisfied": -1},
    ],
)
def test_counts_that_contradict_each_other_leave_it_open(bench, change):
    outcome = bench(KIND, SHARE).one(**({"satisfied": 100} | SURVEY | change))
    assert (outcome.branch, outcome.points, outcome.low, outcome.high) == ("bad_counts", None, 0, 10)


@pytest.mark.parametrize("value", ["-0.01", "100.01"])
def test_a_mean_outside_0_to_100_leaves_it_open(bench, value):
    assert bench(KIND, MEAN).one(value=value, **SURVEY).branch == "bad_value"


@pytest.mark.parametrize("missing", ["population", "sample", "valid", "value"])
def test_missing_numbers_leave_it_open(bench, missing):
    outcome = bench(KIND, MEAN).one(**({"value": 95} | SURVEY | {missing: None}))
    assert (outcome.branch, outcome.points) == ("unscored", None)


def test_the_satisfied_are_not_asked_for_by_the_mean_nor_the_value_by_the_share(bench):
    assert bench(KIND, MEAN).one(value=95, satisfied=None, **SURVEY).points == 10
    assert bench(KIND, SHARE).one(value=None, satisfied=180, **SURVEY).points == 10
    assert "满意份数" in bench(KIND, SHARE).one(value=95, **SURVEY).sentence


def test_the_sentence_shows_the_survey(bench):
    sentence = bench(KIND, SHARE | {"minimum_sample": 300}, name="群众满意度").one(satisfied=150, **SURVEY).sentence
    assert sentence == (
        "群众满意度服务对象总数2000、发放份数200、有效份数180、满意份数150(样本量低于要求的300份),"
        "满意度83.33%,属于≥80%一档,得10×80%=8.00分"
    )


@pytest.mark.parametrize(
    "params",
    [
        {"bands": BANDS},  # the formula is named, never assumed
        MEAN | {"bands": BANDS[::-1]},
        MEAN | {"bands": []},
        MEAN | {"full_at": 90},
        {"formula": "mean", "otherwise": 10},
        MEAN | {"minimum_valid_percent": 101},
    ],
)
def test_parameters_that_contradict_each_other_are_refused(params):
    with pytest.raises(ValidationError):
        KIND.params.model_validate(params)


@given(
    valid=st.integers(1, 10**6),
    data=st.data(),
    full_at=st.decimals(1, 100, places=2),
    weight=st.decimals(0, 100, places=2),
)
def test_points_agree_with_exact_rationals(bench, half_up, valid, data, full_at, weight):
    # Domain: up to a million forms, full marks at 1 % to 100 % with two decimals.
    satisfied = data.draw(st.integers(0, valid))
    shown = half_up(Fraction(satisfied, valid) * 100)
    expected = half_up(Fraction(weight) * min(Fraction(shown) / Fraction(full_at), Fraction(1)))
    rule = bench(KIND, {"formula": "satisfied_share", "full_at": full_at}, weight=weight)
    assert rule.one(population=valid, sample=valid, valid=valid, satisfied=satisfied).points == expected
