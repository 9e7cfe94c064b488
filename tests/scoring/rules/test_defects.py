"""Defects: points off per case, or per percent of units or money."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.scoring.rules.defects import KIND

KINDS = {"counts": {"major": 2, "minor": "0.5"}}


@pytest.mark.parametrize(
    ("found", "points", "branch"),
    [
        # 每发现一处管理不到位扣1分 (chacewang news619205), of 5 points.
        ("0", "5.00", "none"),
        ("1", "4.00", "deducted"),
        ("4", "1.00", "deducted"),
        ("5", "0.00", "limit"),
        ("50", "0.00", "limit"),
        ("-1", None, "bad_count"),
        ("1.5", None, "bad_count"),
        (None, None, "unscored"),
    ],
)
def test_points_off_per_case(bench, found, points, branch):
    rule = bench(KIND, {"per_case": 1}, weight=5, unit="处")
    assert (rule.one(value=found).branch, rule.given({"value": found})) == (branch, [points])


def test_the_most_taken_off(bench):
    # 质量不达标每项扣1分最多扣6分, of 15 points (hnqianrun 2020).
    rule = bench(KIND, {"per_case": 1, "max_deduction": 6}, weight=15)
    assert rule.given(*({"value": n} for n in (5, 6, 7, 100))) == ["10.00", "9.00", "9.00", "9.00"]


def test_three_quarters_of_a_point_each(bench):
    # 十六字方针每一项不符扣0.75分 (wjw.luan.gov.cn 4953646), of 3 points.
    rule = bench(KIND, {"per_case": "0.75"}, weight=3, unit="项")
    assert rule.given(*({"value": n} for n in range(5))) == ["3.00", "2.25", "1.50", "0.75", "0.00"]


@pytest.mark.parametrize(
    ("share", "points"),
    [("0", "10.00"), ("0.01", "10.00"), ("3.5", "8.25"), ("19.99", "0.01"), ("20", "0.00"), ("100", "0.00")],
)
def test_points_off_per_percent(bench, share, points):
    # 0.01 % costs 0.005: 9.995 → 10.00 half-up; 19.99 % costs 9.995: 0.005 → 0.01.
    assert bench(KIND, {"per_percent": "0.5"}).given({"value": share}) == [points]


@pytest.mark.parametrize("share", ["-0.01", "100.01"])
def test_a_share_outside_0_to_100_is_not_scored(bench, share):
    assert bench(KIND, {"per_percent": 1}).one(value=share).branch == "bad_count"


def test_several_kinds_of_defects(bench):
    rule = bench(KIND, KINDS)
    rows = [{"major": 1, "minor": 3}, {"major": 0, "minor": 0}, {"major": 5, "minor": 1}, {"major": -1, "minor": 0}]
    assert rule.given(*rows) == ["6.50", "10.00", "0.00", None]
    both = bench(KIND, KINDS | {"per_case": 1})
    assert both.given({"value": 2, "major": 1, "minor": 1}, {"major": 1, "minor": 1}) == ["5.50", None]


@pytest.mark.parametrize(
    ("row", "high"),
    [
        ({"major": 1}, "8.00"),
        ({"minor": 3}, "8.50"),
        ({}, "10.00"),
        ({"major": 9}, "0.00"),
        ({"major": 1, "minor": None}, "8.00"),
    ],
)
def test_defects_already_known_lower_what_is_possible(bench, row, high):
    outcome = bench(KIND, KINDS).one(**row)
    assert (outcome.branch, str(outcome.low), str(outcome.high)) == ("unscored", "0.00", high)


def test_sentences(bench):
    managed = bench(KIND, {"per_case": 1}, weight=5, unit="处", name="管理不到位")
    assert [managed.one(value=n).sentence for n in (3, 0, "1.5", None)] == [
        "管理不到位3处,每处扣1分,扣3分,得2.00分",
        "管理不到位未发现问题,得满分5分",
        "管理不到位1.5处,问题数量应为不小于0的整数,未评分,请核对",
        "管理不到位未提供问题数量,未评分",
    ]
    money = bench(KIND, {"per_percent": "0.5", "max_deduction": 1}, name="违规资金占比")
    assert money.one(value="3.5").sentence == "违规资金占比3.5%,每1%扣0.5分,最多扣1分,扣1分,得9.00分"
    assert money.one(value=101).sentence == "违规资金占比101%,占比应在0%至100%之间,未评分,请核对"
    several = bench(KIND, KINDS, name="资金使用合规性")
    assert several.one(major=1, minor=3).sentence == (
        "资金使用合规性major1处、minor3处,major每处扣2分;minor每处扣0.5分,扣3.5分,得6.50分"
    )
    assert several.one(major=1).sentence == "资金使用合规性未提供minor,未评分"


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"per_case": 1, "per_percent": 1},
        {"per_case": 0},
        {"counts": {"a": 0}},
        {"per_case": 1, "max_deduction": -1},
    ],
)
def test_parameters_must_fit_together(params):
    with pytest.raises(ValidationError):
        KIND.params.model_validate(params)


NUMBER = st.none() | st.integers(0, 40)


@given(
    rows=st.lists(st.fixed_dictionaries({"value": NUMBER, "x": NUMBER, "y": NUMBER}), min_size=1, max_size=5),
    prices=st.tuples(*[st.decimals("0.001", "3", places=3)] * 3),
    most=st.none() | st.decimals("0", "12", places=2),
)
def test_points_are_exact(bench, half_up, rows, prices, most):
    # Domain: 0 … 40 defects of each of three kinds, prices 0.001 … 3 with three decimals, 10 points.
    priced = dict(zip(("value", "x", "y"), prices, strict=True))
    params = {"per_case": prices[0], "counts": {"x": prices[1], "y": prices[2]}, "max_deduction": most}
    for row, outcome in zip(rows, bench(KIND, params)(*rows), strict=True):
        off = sum(Fraction(price) * (row[name] or 0) for name, price in priced.items())
        left = half_up(max(Fraction(0), 10 - (off if most is None else min(off, Fraction(most)))))
        if None in row.values():
            assert (outcome.points, outcome.high) == (None, left)
        else:
            assert outcome.points == left
