"""What a person sees of a number. Expected texts are what Excel shows (Chinese settings) with these formats."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.recheck.files.numberformat import exact, shown


@pytest.mark.parametrize(
    ("held", "code", "text", "number", "percent"),
    [
        ("0.7927", "0.00%", "79.27%", "79.27", True),
        ("0.79269999999999996", "0.00%", "79.27%", "79.27", True),
        ("0.7927", "0%", "79%", "79.27", True),
        ("0.005", "0%", "1%", "0.5", True),
        ("1", "0.0%", "100.0%", "100", True),
        ("3", "", "3", "3", False),
        ("3.0", "General", "3", "3", False),
        ("0.1", "", "0.1", "0.1", False),
        ("0.30000000000000004", "", "0.3", "0.3", False),
        ("3", "0.00", "3.00", "3", False),
        ("3.005", "0.00_ ", "3.01", "3.005", False),
        ("-3.5", "0.00_);(0.00)", "(3.50)", "-3.5", False),
        ("-3.5", "0.00", "-3.50", "-3.5", False),
        ("-0.001", "0.00", "0.00", "-0.001", False),
        ("1234567.5", "#,##0.00", "1,234,567.50", "1234567.5", False),
        ("1234.5", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "1,234.50", "1234.5", False),
        ("0", '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-", "0", False),
        ("12.5", '0.00"万元"', "12.50万元", "12.5", False),
        ("12.5", "0.00万元", "12.50万元", "12.5", False),
        ("95", '0"%"', "95%", "95", False),
        ("95", r"0\%", "95%", "95", False),
        ("123456", "0!.0,", "12.3", "123456", False),
        ("123456", "0.00,", "123.46", "123456", False),
        ("8", "[Red]0.0", "8.0", "8", False),
        ("8", "[$¥-804]#,##0.00", "¥8.00", "8", False),
        ("8", "0.##", "8", "8", False),
        ("0.5", "#.0", "0.5", "0.5", False),
        ("5", "00", "05", "5", False),
        ("0", "0;-0;;@", "0", "0", False),
        ("7", "[>=5]0.0;0", "7", "7", False),
        ("1000000", "0.00E+00", "1000000", "1000000", False),
        ("44895", "yyyy/m/d", "2022-11-30", None, False),
        ("44895.75", "yyyy/m/d h:mm", "2022-11-30", None, False),
        ("44895", 'yyyy"年"m"月"d"日"', "2022-11-30", None, False),
        ("44895", 'yyyy"年"m"月"', "2022年11月", None, False),
        ("44854", 'm"月"d"日"', "10月20日", None, False),
        ("44895", "[$-F800]dddd, mmmm dd, yyyy", "2022-11-30", None, False),
        ("0.354166666666667", "h:mm", "08:30", None, False),
        ("-1", "yyyy/m/d", "-1", "-1", False),
        ("1e9", "yyyy/m/d", "1000000000", "1000000000", False),
    ],
)
def test_shown(held: str, code: str, text: str, number: str | None, percent: bool) -> None:
    held_number = exact(held)
    assert held_number is not None
    assert shown(held_number, code) == (text, None if number is None else Decimal(number), percent)


def test_other_calendar() -> None:
    assert shown(Decimal(43433), "yyyy-mm-dd", date1904=True)[0] == "2022-11-30"


@pytest.mark.parametrize("held", ["", "x", "nan", "inf", "1e999", "-1e999"])
def test_no_number(held: str) -> None:
    assert exact(held) is None


@given(st.integers(-(10**14), 10**14), st.integers(0, 10))
def test_fifteen_digits_come_back_exactly_from_a_float(units: int, places: int) -> None:
    number = Decimal(units).scaleb(-places)
    assert exact(repr(float(number))) == number


@given(st.decimals("-1e9", "1e9", places=6), st.integers(0, 4))
def test_decimals_are_rounded_half_up(number: Decimal, places: int) -> None:
    text, kept, _ = shown(number, "0" + ("." + "0" * places if places else ""))
    assert kept == number
    assert abs(Decimal(text) - number) * 2 <= Decimal(1).scaleb(-places)


@given(st.text(max_size=30), st.decimals("-1e6", "1e6", places=3))
def test_any_format_shows_something_or_nothing(code: str, number: Decimal) -> None:
    text, _, _ = shown(number, code)
    assert isinstance(text, str)
