"""Deadlines: on time, late, and what a late date gets."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.evidence.dates import date_text
from workbench.scoring.rules.deadline import KIND


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


PLANNED = day("2022-12-31")
PER_DAY = {"late": "per_day", "points_per_day": "0.1"}
PROPORTIONAL = {"late": "proportional"}


@pytest.mark.parametrize(
    "params", [{}, {"late": "zero"}, PER_DAY, PROPORTIONAL], ids=["judgement", "zero", "per_day", "proportional"]
)
def test_on_time_is_full_points(bench, params):
    rule = bench(KIND, params)
    rows = [{"value": PLANNED, "target": PLANNED}, {"value": PLANNED - 1, "target": PLANNED}]
    assert rule.given(*rows) == ["10.00", "10.00"]
    assert {o.branch for o in rule(*rows)} == {"on_time"}


def test_a_late_date_is_left_to_judgement_by_default(bench):
    # 财预〔2020〕10号 附件2 完成及时性 compares actual with planned time and states no formula.
    outcome = bench(KIND).one(value=PLANNED + 1, target=PLANNED)
    assert (outcome.branch, outcome.points, outcome.low, outcome.high) == ("late_judgement", None, 0, 10)


def test_a_late_date_can_get_nothing(bench):
    assert bench(KIND, {"late": "zero"}).given({"value": PLANNED + 1, "target": PLANNED}) == ["0.00"]


@pytest.mark.parametrize(
    ("late", "points", "branch"),
    [(1, "4.90", "late_per_day"), (12, "3.80", "late_per_day"), (50, "0.00", "late_limit"), (51, "0.00", "late_limit")],
)
def test_points_off_per_day(bench, late, points, branch):
    outcome = bench(KIND, PER_DAY, weight=5).one(value=PLANNED + late, target=PLANNED)
    assert (str(outcome.points), outcome.branch) == (points, branch)


def test_no_more_than_the_most_is_taken_off(bench):
    rule = bench(KIND, PER_DAY | {"max_deduction": 1}, weight=5)
    assert rule.given(*({"value": PLANNED + n, "target": PLANNED} for n in (9, 10, 11, 9999))) == [
        "4.10",
        "4.00",
        "4.00",
        "4.00",
    ]


def test_a_begun_day_counts(bench):
    rule = bench(KIND, PER_DAY, weight=5)
    assert rule.given(
        {"value": f"{PLANNED}.01", "target": PLANNED}, {"value": f"{PLANNED}.01", "target": f"{PLANNED}.01"}
    ) == [
        "4.90",
        "5.00",
    ]
    assert "31日1天" in rule.one(value=f"{PLANNED}.01", target=PLANNED).sentence


def test_planned_over_actual_duration(bench):
    # 364 planned, 376 actual days: 5 × 364/376 = 4.8404…
    rule = bench(KIND, PROPORTIONAL, weight=5)
    outcome = rule.one(value=day("2023-01-12"), target=PLANNED, start=day("2022-01-01"))
    assert str(outcome.points) == "4.84"
    assert outcome.sentence.endswith("自2022年1月1日起计划工期364天、实际工期376天,得5×364/376=4.84分")


@pytest.mark.parametrize(
    ("start", "branch"),
    [(None, "no_start"), (PLANNED, "bad_start"), (PLANNED + 1, "bad_start"), (PLANNED - 1, "late_proportional")],
)
def test_a_duration_needs_a_start_before_the_plan(bench, start, branch):
    rule = bench(KIND, PROPORTIONAL)
    assert rule.one(value=PLANNED + 1, target=PLANNED, start=start).branch == branch
    assert rule.one(value=PLANNED + 1, target=PLANNED).branch == "no_start"
    assert rule.one(value=PLANNED, target=PLANNED, start=start).branch == "on_time"


@pytest.mark.parametrize("row", [{}, {"value": PLANNED}, {"target": PLANNED}])
def test_a_missing_date_is_not_scored(bench, row):
    assert bench(KIND, PER_DAY).one(**row).branch == "unscored"


def test_sentences_write_the_dates_out(bench):
    row = {"value": day("2023-01-12"), "target": PLANNED}
    start = "竣工时间2023年1月12日,晚于计划时间2022年12月31日12天,"
    around = {"name": "竣工时间", "weight": 5, "unit": None}
    assert bench(KIND, **around).one(**row).sentence == f"{start}文件未规定延迟的扣分办法,须在0至5分之间评议计分"
    assert bench(KIND, {"late": "zero"}, **around).one(**row).sentence == f"{start}延迟完成,得0.00分"
    assert bench(KIND, PER_DAY, **around).one(**row).sentence == f"{start}每延迟1天扣0.1分,扣1.2分,得3.80分"
    on_time = bench(KIND, **around).one(value=PLANNED, target=PLANNED).sentence
    assert on_time == "竣工时间2022年12月31日,不晚于计划时间2022年12月31日,得满分5分"
    assert bench(KIND, **around).one(target=PLANNED).sentence == "竣工时间未提供完成时间,未评分"


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ("0", "1970年1月1日"),
        ("-1", "1969年12月31日"),
        ("-0.5", "1969年12月31日"),
        ("19357", "2022年12月31日"),
        ("1e12", "“1000000000000”(不是日期)"),
        ("-1e6", "“-1000000”(不是日期)"),
    ],
)
def test_date_text(days, text):
    assert date_text(Decimal(days)) == text


@pytest.mark.parametrize(
    "params",
    [
        {"late": "per_day"},
        {"points_per_day": 1},
        {"late": "zero", "max_deduction": 1},
        {"late": "per_day", "points_per_day": 0},
    ],
)
def test_parameters_must_fit_together(params):
    with pytest.raises(ValidationError):
        KIND.params.model_validate(params)


DAYS = st.integers(-3000, 30000)


@given(
    rows=st.lists(
        st.fixed_dictionaries({"value": DAYS, "target": DAYS, "start": DAYS | st.none()}), min_size=1, max_size=5
    ),
    price=st.decimals("0.001", "2", places=3),
    most=st.none() | st.decimals("0", "12", places=2),
)
def test_points_are_exact(bench, half_up, rows, price, most):
    # Domain: dates of 1961 … 2052, prices 0.001 … 2 with three decimals, 10 points.
    daily = bench(KIND, {"late": "per_day", "points_per_day": price, "max_deduction": most}, places=0)
    shared = bench(KIND, PROPORTIONAL, places=0)
    for row, by_day, by_share in zip(rows, daily(*rows), shared(*rows), strict=True):
        late = max(0, math.ceil(row["value"] - row["target"]))
        off = late * Fraction(price) if most is None else min(late * Fraction(price), Fraction(most))
        assert by_day.points == half_up(max(Fraction(0), 10 - off))
        if late and row["start"] is not None and row["start"] < row["target"]:
            planned, actual = row["target"] - row["start"], row["value"] - row["start"]
            assert by_share.points == half_up(Fraction(10 * planned, actual))
        else:
            assert by_share.points == (None if late else 10)


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_every_date_of_the_calendar_is_written(moment):
    days = Decimal((moment - date(1970, 1, 1)) // timedelta(days=1))
    assert date_text(days) == f"{moment.year}年{moment.month}月{moment.day}日"
