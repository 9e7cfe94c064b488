"""Benchmark against quota, own history, peers or the national average."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.scoring.rules.benchmark import AGAINST, KIND

# 吉政发〔2025〕11号 compares unit running cost with history, the same kind and a benchmark; the bands are an example.
PARAMS = {"against": "quota", "bands": [{"within": 10, "share": 80}, {"within": 30, "share": 50}]}


@pytest.mark.parametrize(
    ("value", "branch", "points"),
    # Standard 100, lower is better: 10 % over → 80 %, 30 % over → 50 %, beyond nothing; limits belong to their band.
    [
        ("0", "better", "10.00"),
        ("99.99", "better", "10.00"),
        ("100", "better", "10.00"),
        ("100.01", "band", "8.00"),
        ("110", "band", "8.00"),
        ("110.01", "band", "5.00"),
        ("130", "band", "5.00"),
        ("130.01", "otherwise", "0.00"),
        ("-5", "better", "10.00"),
    ],
)
def test_bands_of_a_cost_above_its_quota(bench, value, branch, points):
    outcome = bench(KIND, PARAMS, direction="lte").one(value=value, standard=100)
    assert (outcome.branch, str(outcome.points)) == (branch, points)


@pytest.mark.parametrize(
    ("direction", "worse"), [("gte", ["90"]), ("lte", ["110"]), ("eq", ["90", "110"]), ("two_sided", ["90", "110"])]
)
def test_the_direction_says_which_side_is_worse(bench, direction, worse):
    rule = bench(KIND, PARAMS, direction=direction)
    for value in ("90", "110"):
        assert rule.one(value=value, standard=100).points == (8 if value in worse else 10)


@pytest.mark.parametrize("standard", ["0", "-1"])
def test_a_standard_that_is_not_positive_leaves_it_open(bench, standard):
    outcome = bench(KIND, PARAMS).one(value=5, standard=standard)
    assert (outcome.branch, outcome.points, outcome.low, outcome.high) == ("bad_standard", None, 0, 10)


def test_missing_numbers_leave_it_open(bench):
    rule = bench(KIND, PARAMS)
    outcomes = rule({"value": None, "standard": 1}, {"value": 1, "standard": None}, {"value": 1})
    assert [o.branch for o in outcomes] == ["unscored"] * 3
    assert "完成值" in outcomes[0].sentence and "定额标准" in outcomes[1].sentence


def test_the_deviation_shown_is_the_deviation_used(bench):
    # 10.004 % shows as 10 % and is taken as 10 % (docs/semantics.md §2); 10.005 % shows as 10.01 %.
    rule = bench(KIND, PARAMS, direction="lte")
    near, over = rule({"value": "110004", "standard": 100000}, {"value": "110005", "standard": 100000})
    assert (near.points, over.points) == (8, 5)
    assert "10%" in near.sentence and "10.01%" in over.sentence


@pytest.mark.parametrize(("against", "words"), AGAINST.items())
def test_the_sentence_names_what_is_compared_with(bench, against, words):
    rule = bench(KIND, PARAMS | {"against": against}, direction="lte", unit="万元", name="单位运行成本")
    sentence = rule.one(value="1.2", standard=1).sentence
    assert sentence == f"单位运行成本1.2万元,{words}1万元,高于{words}20%,在30%以内,得10×50%=5.00分"


def test_without_bands_it_is_all_or_the_rest(bench):
    rule = bench(KIND, {"against": "national", "otherwise": 60})
    assert rule.given({"value": 99, "standard": 100}, {"value": 100, "standard": 100}) == ["6.00", "10.00"]


@pytest.mark.parametrize(
    "params",
    [
        {"bands": []},  # against is not chosen for anyone
        {"against": "quota", "bands": [{"within": 30, "share": 50}, {"within": 10, "share": 80}]},
        {"against": "quota", "bands": [{"within": 10, "share": 50}, {"within": 30, "share": 80}]},
        {"against": "quota", "bands": [{"within": 10, "share": 50}], "otherwise": 60},
        {"against": "quota", "bands": [{"within": 0, "share": 50}]},
        {"against": "quota", "bands": [{"within": 10, "share": 50.0}]},
    ],
)
def test_bands_out_of_order_are_refused(params):
    with pytest.raises(ValidationError):
        KIND.params.model_validate(params)


numbers = st.decimals(-(10**9), 10**9, places=2)


@given(
    value=numbers,
    standard=st.decimals(Decimal("0.01"), 10**9, places=2),
    direction=st.sampled_from(["gte", "lte", "eq"]),
    weight=st.decimals(0, 100, places=2),
)
def test_points_agree_with_exact_rationals(bench, half_up, value, standard, direction, weight):
    # Domain: values of two decimals up to 10^9, weights of two decimals up to 100.
    gap = (Fraction(value) - Fraction(standard)) / Fraction(standard) * 100
    bad = {"gte": -gap, "lte": gap, "eq": abs(gap)}[direction]
    shown = half_up(bad)
    share = 100 if shown <= 0 else 80 if shown <= 10 else 50 if shown <= 30 else 0
    outcome = bench(KIND, PARAMS, direction=direction, weight=weight).one(value=value, standard=standard)
    assert outcome.points == half_up(Fraction(weight) * share / 100)
