"""Amounts, points and rates of single cells."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from cases import form_with, indicator, written
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.exact import half_up_fraction
from workbench.recheck.model import Written
from workbench.recheck.values import amount_of, number_of, percent_written, points_of, rate_of, typed_rows

SPOT = written("x").spot
MONEY = st.decimals(min_value=0, max_value=10**9, places=6)


def cell(text: str, number: str | None = None, *, percent: bool = False, error: bool = False) -> Written:
    return Written(text, SPOT, None if number is None else Decimal(number), percent, error)


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("195.5", "万元", "195.5"),
        ("195.5万元", "元", "1955000"),
        ("1,955,000.00元", "万元", "195.5"),
        ("￥20", None, "20"),
        ("1.2亿", "万元", "12000"),
    ],
)
def test_amounts_in_the_unit_of_the_form(text: str, unit: str | None, amount: str) -> None:
    assert amount_of(cell(text), unit) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "—", "无", "20人", "10-20"])
def test_what_is_no_amount(text: str) -> None:
    assert amount_of(cell(text), "万元") is None


def test_an_error_is_no_number() -> None:
    assert number_of(cell("#REF!", error=True)) is None


def test_amounts_keep_what_the_file_holds() -> None:
    assert amount_of(cell("38.77", "38.766462"), "万元") == Decimal("38.766462")


@pytest.mark.parametrize(
    ("text", "points"), [("10", "10"), ("10分", "10"), ("7.93", "7.93"), ("10%", "10"), ("１０", "10"), ("0", "0")]
)
def test_points(text: str, points: str) -> None:
    assert points_of(cell(text)) == Decimal(points)


@pytest.mark.parametrize("text", ["", "-", "/", "十足", "-5", "≥10", "10-20", "满分"])
def test_what_are_no_points(text: str) -> None:
    assert points_of(cell(text)) is None


def test_points_without_the_digits_of_a_binary_fraction() -> None:
    assert points_of(cell("3.33", "3.33333333333333")) == Decimal("3.3333")


def test_rates_as_written() -> None:
    assert percent_written(cell("79.27%")) == Decimal("79.27")
    assert percent_written(cell("98%", "97.7512", percent=True)) == Decimal("97.75")
    assert percent_written(cell("76")) == 76
    assert percent_written(cell("0.7927")) is None
    assert percent_written(cell("0")) == 0


def test_published_rates() -> None:
    # huangshi_sponge_2022, lf_foodschool_2019_hvac (published as 86), jinzhai_2023_dept
    assert rate_of(Decimal("195.5"), Decimal(200)) == Decimal("97.75")
    assert rate_of(Decimal("37.24"), Decimal("43.2")) == Decimal("86.20")
    assert rate_of(Decimal("338.31"), Decimal("329.77")) == Decimal("102.59")


def test_no_rate_without_a_budget() -> None:
    assert rate_of(Decimal(1), Decimal(0)) is None
    assert rate_of(None, Decimal(1)) is None
    assert rate_of(Decimal(1), None) is None


@given(executed=MONEY, adjusted=MONEY)
def test_rates_equal_fractions(executed: Decimal, adjusted: Decimal) -> None:
    rate = rate_of(executed, adjusted)
    if adjusted == 0:
        assert rate is None
    else:
        assert rate == half_up_fraction(Fraction(executed) / Fraction(adjusted) * 100, 2)


def test_rows_use_the_number_the_file_holds() -> None:
    row = indicator(1, "验收合格率", "≥95%", "", 10, 10)
    row = type(row)(**{f: getattr(row, f) for f in row.__slots__} | {"actual": cell("98%", "97.753", percent=True)})
    (typed,) = typed_rows(form_with((row,)))
    assert (typed.actual.number, typed.weight, typed.points) == (Decimal("97.753"), 10, 10)
