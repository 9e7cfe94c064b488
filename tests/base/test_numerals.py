"""Chinese numerals: every whole number people write can be read back; what spells none is none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.numerals import chinese_digits, chinese_number

_DIGITS = "零一二三四五六七八九"


def spelled(number: int) -> str:
    """The usual way of writing a whole number below 10^12; 零 where a unit is left out."""
    for size, mark in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            count, rest = divmod(number, size)
            gap = "零" if rest and rest < size // 10 else ""
            return f"{spelled(count)}{mark}{gap}{spelled(rest) if rest else ''}"
    return _DIGITS[number]


@given(st.integers(0, 10**9))
def test_a_number_written_out_is_read_back(number: int) -> None:
    assert chinese_number(spelled(number)) == number


@given(st.integers(0, 99), st.text("零一二三四五六七八九", min_size=1, max_size=6))
def test_decimals_are_read_digit_by_digit(number: int, decimals: str) -> None:
    digits = "".join(str(_DIGITS.index(char)) for char in decimals)
    assert chinese_number(f"{spelled(number)}点{decimals}") == Decimal(f"{number}.{digits}")


@given(st.text("零〇一二两三四五六七八九十百千万亿点", max_size=12))
def test_any_heap_of_numerals_is_a_number_or_none(text: str) -> None:
    number = chinese_number(text)
    assert number is None or number >= 0


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10), ("十二", 12), ("二十", 20), ("两百", 200), ("一百零五", 105), ("一百五", 150), ("一百五十", 150),
        ("一百十五", 115), ("三千五", 3500), ("三千零五", 3005), ("一万二", 12_000), ("一万二千", 12_000),
        ("一万零五百", 10_500), ("一万五百", 10_500), ("两万三千", 23_000), ("二十万三千", 203_000),
        ("十五万", 150_000), ("一千二百三十四", 1234), ("三亿五千万", 350_000_000), ("一亿二", 120_000_000), ("一万亿", 10**12),
    ],
)  # fmt: skip
def test_shortened_and_spoken_forms(text: str, number: int) -> None:
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "点", "百", "万", "万一", "三五", "二〇二四", "一百零", "一百二百", "零十", "十点", "一百万一百万", "三点十"],
)
def test_what_spells_no_number(text: str) -> None:
    assert chinese_number(text) is None


def test_digits_read_out() -> None:
    assert chinese_digits("二〇二四") == chinese_digits("二零二四") == "2024"
    assert chinese_digits("二十四") is None
