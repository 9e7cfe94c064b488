"""Budget execution rate by bands, asked together with completion."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.scoring.rules.execution_rate import KIND


@pytest.mark.parametrize(
    ("rate", "completed", "branch", "points"),
    [
        # 财预〔2021〕101号 附件1 三(七)2: completed and within the year's budget 10.
        ("85", 1, "completed", "10.00"),
        ("0", 1, "completed", "10.00"),
        ("100", 1, "completed", "10.00"),
        # Not completed: [80,100) 7, [60,80) 5, below 60 nothing.
        ("99.99", 0, "unfinished", "7.00"),
        ("85", 0, "unfinished", "7.00"),
        ("80", 0, "unfinished", "7.00"),
        ("79.99", 0, "unfinished", "5.00"),
        ("60", 0, "unfinished", "5.00"),
        ("59.99", 0, "unfinished", "0.00"),
        ("0", 0, "unfinished", "0.00"),
        # What the document does not say is not scored.
        ("100", 0, "not_covered_unfinished", None),
        ("120", 0, "not_covered_unfinished", None),
        ("100.01", 1, "not_covered_over", None),
        ("-0.01", 0, "bad_rate", None),
        ("-5", 1, "bad_rate", None),
        (None, 1, "unscored", None),
        (None, None, "unscored", None),
    ],
)
def test_points_by_rate_and_completion(bench, rate, completed, branch, points):
    rule = bench(KIND)
    assert (rule.one(value=rate, completed=completed).branch, rule.given({"value": rate, "completed": completed})) == (
        branch,
        [points],
    )


@pytest.mark.parametrize(
    ("rate", "low", "high"),
    [("85", 7, 10), ("80", 7, 10), ("79.99", 5, 10), ("59", 0, 10), ("100", 0, 10), ("130", 0, 10), (None, 0, 10)],
)
@pytest.mark.parametrize("completed", [{}, {"completed": None}, {"completed": 2}])
def test_unknown_completion_bounds_the_points(bench, rate, low, high, completed):
    outcome = bench(KIND).one(value=rate, **completed)
    assert (outcome.points, outcome.low, outcome.high) == (None, low, high)


def test_sentences(bench):
    rule = bench(KIND, name="预算执行率")
    rows = [("85", 1), ("85", 0), ("59", 0), ("103", 1), ("100", 0), ("85", None), ("-1", 0), (None, 0)]
    assert [rule.one(value=v, completed=c).sentence for v, c in rows] == [
        "预算执行率85%,项目已完成且执行数控制在年度预算规模之内,得满分10分",
        "预算执行率85%,项目尚未完成,执行率小于100%且大于等于80%,得10×70%=7.00分",
        "预算执行率59%,项目尚未完成,执行率小于60%,得0.00分",
        "预算执行率103%,项目已完成但执行数超出年度预算规模,文件未规定此情形的得分,未评分,请核实超支原因后评议",
        "预算执行率100%,项目尚未完成而执行率已达到100%,文件未规定此情形的得分,未评分,请核实完成情况后评议",
        "预算执行率85%,未说明项目是否完成(1为完成,0为未完成),未评分",
        "预算执行率-1%,执行率为负,未评分,请核对执行数和预算数",
        "预算执行率未提供执行率,未评分",
    ]


def test_the_table_is_data(bench):
    local = {"unfinished": [{"at": 90, "share": 80}, {"at": "70.5", "share": "33.33"}], "otherwise": 10}
    rule = bench(KIND, local, weight=20)
    rows = [{"value": v, "completed": 0} for v in ("90", "89.99", "70.5", "70.49")]
    assert rule.given(*rows) == ["16.00", "6.67", "6.67", "2.00"]
    assert "小于70.5%" in rule.one(value=1, completed=0).sentence


@pytest.mark.parametrize("limits", [[60, 80], [80, 80], [100, 60], [80, 0], []])
def test_the_table_must_fall_within_0_and_100(limits):
    with pytest.raises(ValidationError):
        KIND.params.model_validate({"unfinished": [{"at": a, "share": 50} for a in limits]})


ROWS = st.fixed_dictionaries(
    {"value": st.none() | st.decimals("-5", "130", places=2), "completed": st.none() | st.integers(0, 2)}
)


@given(rows=st.lists(ROWS, min_size=1, max_size=6), weight=st.integers(0, 40))
def test_points_follow_the_document(bench, rows, weight):
    # Domain: rates −5 … 130 % with two decimals, whole weights 0 … 40 (so that 70 % and 50 % need no rounding).
    for row, outcome in zip(rows, bench(KIND, weight=weight)(*rows), strict=True):
        rate, completed = row["value"], row["completed"]
        expected = None
        if rate is not None and rate >= 0:
            if completed == 1 and rate <= 100:
                expected = Decimal(weight)
            elif completed == 0 and rate < 100:
                expected = weight * (Decimal("0.7") if rate >= 80 else Decimal("0.5") if rate >= 60 else 0)
        assert outcome.points == expected
