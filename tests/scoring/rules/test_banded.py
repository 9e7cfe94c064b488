"""Band tables."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.scoring.rules.banded import KIND

# 财预〔2021〕101号 附件1 三(七)4: ≥90 % 10, [80,90) 8, [60,80) 5, below 60 nothing.
SATISFACTION = {"bands": [{"at": 90, "share": 100}, {"at": 80, "share": 80}, {"at": 60, "share": 50}]}
# 预算控制率 (local table on 财预〔2013〕53号): 0 → 5, (0,10] 4, (10,20] 3, (20,30] 2, above 30 nothing.
CONTROL = {
    "bands": [{"at": a, "share": s} for a, s in [(0, 100), (10, 80), (20, 60), (30, 40)]],
    "better": "lower",
}


@pytest.mark.parametrize(
    ("value", "points", "branch"),
    [
        ("100", "10.00", "band"),
        ("90", "10.00", "band"),
        ("89.99", "8.00", "band"),
        ("80", "8.00", "band"),
        ("79.99", "5.00", "band"),
        ("60", "5.00", "band"),
        ("59.99", "0.00", "otherwise"),
        ("0", "0.00", "otherwise"),
        ("-3", "0.00", "otherwise"),
        ("130", "10.00", "band"),
        (None, None, "unscored"),
    ],
)
def test_satisfaction(bench, value, points, branch):
    rule = bench(KIND, SATISFACTION)
    assert (rule.one(value=value).branch, rule.given({"value": value})) == (branch, [points])


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("-1", "5.00"),
        ("0", "5.00"),
        ("0.01", "4.00"),
        ("10", "4.00"),
        ("10.01", "3.00"),
        ("30", "2.00"),
        ("30.01", "0.00"),
    ],
)
def test_lower_is_better(bench, value, points):
    assert bench(KIND, CONTROL, weight=5).given({"value": value}) == [points]


def test_limits_can_be_exclusive(bench):
    # 整合资金占比超过80%/70%/60%得6/4/2分 (holdmm 17180299).
    bands = {"bands": [{"at": 80, "share": 100}, {"at": 70, "share": "66.6667"}], "exclusive": True}
    rule = bench(KIND, bands, weight=6)
    assert rule.given(*({"value": v} for v in ("80.01", "80", "70.01", "70"))) == ["6.00", "4.00", "4.00", "0.00"]


def test_what_no_band_takes(bench):
    rule = bench(KIND, SATISFACTION | {"otherwise": 20})
    assert rule.given({"value": 10}) == ["2.00"]
    assert rule.one(value=10).sentence == "指标10%,未达到≥60%的最低一档,得10×20%=2.00分"


def test_sentences(bench):
    rule = bench(KIND, SATISFACTION, name="群众满意度")
    assert rule.one(value="86.5").sentence == "群众满意度86.5%,属于≥80%一档,得10×80%=8.00分"
    assert rule.one().sentence == "群众满意度未提供完成值,未评分"
    assert bench(KIND, CONTROL, weight=5).one(value=25).sentence == "指标25%,属于≤30%一档,得5×40%=2.00分"


@pytest.mark.parametrize("limits", [[80, 90], [90, 90], []])
def test_bands_go_from_best_to_worst(limits):
    with pytest.raises(ValidationError):
        KIND.params.model_validate({"bands": [{"at": a, "share": 50} for a in limits]})


@given(
    values=st.lists(st.none() | st.decimals("-10", "130", places=2), min_size=1, max_size=6),
    limits=st.lists(st.decimals("-5", "120", places=2), min_size=1, max_size=5, unique=True),
    shares=st.lists(st.decimals("0", "100", places=2), min_size=6, max_size=6),
    weight=st.decimals("0.01", "60", places=2),
    lower=st.booleans(),
    exclusive=st.booleans(),
)
def test_points_are_exact(bench, half_up, values, limits, shares, weight, lower, exclusive):
    # Domain: values, limits and shares with two decimals, weights 0.01 … 60.
    ordered = sorted(limits, reverse=not lower)
    bands = [{"at": a, "share": s} for a, s in zip(ordered, shares, strict=False)]
    around = {"bands": bands, "otherwise": shares[-1], "better": "lower" if lower else "higher", "exclusive": exclusive}

    def inside(value, limit):
        return (value == limit and not exclusive) or (value < limit if lower else value > limit)

    for value, outcome in zip(values, bench(KIND, around, weight=weight)(*({"value": v} for v in values)), strict=True):
        if value is None:
            assert outcome.points is None
            continue
        share = next((b["share"] for b in bands if inside(value, b["at"])), shares[-1])
        assert outcome.points == half_up(Fraction(weight) * Fraction(share) / 100)
