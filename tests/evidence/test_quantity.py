"""Numbers as typed, against exact decimals."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from evidence_workbooks import field
from hypothesis import given
from hypothesis import strategies as st

from workbench.evidence.cells import parse_column
from workbench.evidence.dates import parse_date, parse_deadline
from workbench.evidence.log import ReadingLog
from workbench.evidence.numbers import most_whole_digits
from workbench.evidence.quantity import not_finite, parse_quantity, unit_factor
from workbench.evidence.source import ColumnSource

NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False, allow_infinity=False)
FULL = str.maketrans("0123456789.,-%", "０１２３４５６７８９．，－％")


@given(NUMBERS, st.booleans(), st.booleans(), st.sampled_from(["", "万元", "%", "人次"]))
def test_any_spelling_gives_the_number(number: Decimal, thousands: bool, full_width: bool, unit: str) -> None:
    text = (f"{number:,f}" if thousands else f"{number:f}") + unit
    found = parse_quantity(text.translate(FULL) if full_width else text)
    assert found is not None
    assert (found.number, found.unit, found.sign) == (number, unit, "")


@given(st.text(max_size=40))
def test_no_text_breaks_the_parser(text: str) -> None:
    found = parse_quantity(text)
    assert found is None or found.number.is_finite()
    not_finite(text)
    parse_date(text)
    parse_deadline(text)


@given(
    st.lists(st.one_of(st.none(), st.decimals(min_value=0, max_value=10**8, places=7)), max_size=30),
    st.sampled_from(["float", "text", "both"]),
    st.integers(0, 6),
)
def test_columns_round_half_up_however_they_are_typed(numbers: list[Decimal | None], kind: str, places: int) -> None:
    """A column of floats, of texts, or of both gives the exact half-up rounding of the decimals written."""
    spec = field("x", "数", "number", decimals=places)
    texts = kind in ("text", "both")
    cells = [
        "" if n is None else (f"{n:f}" if texts and (kind == "text" or i % 2) else float(n))
        for i, n in enumerate(numbers)
    ]
    log = ReadingLog()
    column = parse_column(ColumnSource(spec, "a", "表", cells, range(2, 2 + len(cells)), log))
    one = Decimal(1).scaleb(-places)
    expected = [None if n is None else n.quantize(one, rounding=ROUND_HALF_UP) for n in numbers]
    assert column.numbers() == expected  # type: ignore[union-attr]
    assert not log.errors
    rounded = any(n is not None and n != e for n, e in zip(numbers, expected, strict=True))
    assert any(n.code == "rounded" for n in log.notes) == rounded


@given(
    st.lists(st.tuples(st.integers(0, 10**15 - 1), st.integers(0, 8)), min_size=1, max_size=30),
    st.sampled_from(["number", "money"]),
    st.integers(0, 6),
)
def test_fifteen_digits_of_a_spreadsheet_are_exact(written: list[tuple[int, int]], kind: str, places: int) -> None:
    """Any decimal of 15 digits that the engine can hold, stored as a float, comes back rounded half-up."""
    limit = 10 ** most_whole_digits(places)
    numbers = [n for digits, shift in written if (n := Decimal(digits).scaleb(-shift)) < limit]
    spec = field("x", "数", kind, decimals=places, unit="元" if kind == "money" else None)
    cells = [float(n) for n in numbers]
    column = parse_column(ColumnSource(spec, "a", "表", cells, range(len(cells)), ReadingLog()))
    one = Decimal(1).scaleb(-places)
    assert column.numbers() == [n.quantize(one, rounding=ROUND_HALF_UP) for n in numbers]  # type: ignore[union-attr]


@given(st.lists(st.one_of(st.none(), st.text(max_size=12), st.floats(), st.booleans(), st.integers()), max_size=12))
def test_no_cell_breaks_a_column(cells: list[object]) -> None:
    for kind in ("integer", "number", "money", "percent", "date", "bool", "text", "code"):
        spec = field("x", "数", kind, codes=["甲", "乙"] if kind == "code" else None)
        column = parse_column(ColumnSource(spec, "a", "表", cells, range(len(cells)), ReadingLog()))  # type: ignore[arg-type]
        assert len(column) == len(cells)


@pytest.mark.parametrize(
    ("written", "declared", "factor"),
    [
        ("元", "万元", "0.0001"),
        ("亿元", "万元", "10000"),
        ("万", "万元", "1"),
        ("亿", "元", "100000000"),
        ("千元", "元", "1000"),
        ("万亩", "亩", "10000"),
        ("(万元)", "万元", "1"),
        ("％", "%", "1"),
        ("‰", "%", "0.1"),
        ("百分点", "%", "1"),
        ("", "人", "1"),
        ("万人", "人", "10000"),
        ("公顷", "亩", None),
        ("元", None, None),
        ("人", "元", None),
    ],
)
def test_unit_factor(written: str, declared: str | None, factor: str | None) -> None:
    assert unit_factor(written, declared) == (None if factor is None else Decimal(factor))


@pytest.mark.parametrize(
    ("text", "sign", "number"), [("≥95%", "gte", 95), ("不低于95", "gte", 95), ("<=3", "lte", 3), ("＝5", "eq", 5)]
)
def test_signs(text: str, sign: str, number: int) -> None:
    found = parse_quantity(text)
    assert found is not None and (found.sign, found.number) == (sign, number)


@pytest.mark.parametrize("text", ["", "abc", "1,23", "1-2", "95%-98%", "12 34", "--5", "1e999", "约5"])
def test_not_one_number(text: str) -> None:
    assert parse_quantity(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022年12月底前", date(2022, 12, 31)),
        ("2022年2月底", date(2022, 2, 28)),
        ("2022年底前", date(2022, 12, 31)),
        ("2022年6月30日之前", date(2022, 6, 30)),
        ("2022-06-30前", date(2022, 6, 30)),
        ("2022年13月底", None),
        ("尽快", None),
    ],
)
def test_deadlines(text: str, day: date | None) -> None:
    assert parse_deadline(text) == day


def test_a_plain_text_column_is_read_as_one_array() -> None:
    cells = [str(i) + ".25" for i in range(1000)]
    column = parse_column(ColumnSource(field("x", "数", "number"), "a", "表", cells, range(1000), ReadingLog()))
    assert np.array_equal(column.units, np.arange(1000) * 10000 + 2500)  # type: ignore[union-attr]
