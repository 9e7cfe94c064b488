"""Exact numbers against rationals: 2.675 is 2.68, ten tenths are one, and nothing rests on a binary float.

The yardstick is decimal's own ROUND_HALF_UP on a quotient kept to 400 digits: two different quotients of integers below
10^60 differ in the first 130 digits, so a tie is told from what lies beside it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.exact import (
    SAFE,
    Exact,
    aligned,
    divide,
    from_units,
    half_up,
    multiply,
    share_of,
    to_units,
)

WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
SMALL = st.integers(-(10**6), 10**6)
HUGE = st.one_of(SMALL, st.integers(-(2**64), 2**64), st.integers(-(10**40), 10**40))
PLACES = st.integers(0, 10)


def reference(number: Fraction, places: int = 0) -> int:
    """The number rounded half-up, counted in units of 10^-places."""
    exact = WIDE.divide(Decimal(number.numerator), Decimal(number.denominator))
    return int(exact.quantize(Decimal(1).scaleb(-places), context=WIDE).scaleb(places, context=WIDE))


def whole(array: object) -> list[int]:
    return [int(x) for x in np.atleast_1d(np.asarray(array))]


def columns(values: Sequence[int]) -> np.ndarray:
    """Integers as evidence brings them: int64 where they fit, else Python integers."""
    fits = all(-(2**63) < v < 2**63 for v in values)
    return np.array(values, dtype=np.int64 if fits else object)


# Rounding vectors, docs/decisions/0002, and the mirror image: a tie goes away from zero (module docstring).
@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("2.675", "2.68"),
        ("0.125", "0.13"),
        ("-2.675", "-2.68"),
        ("-0.125", "-0.13"),
        ("2.6749999999999999999999999999", "2.67"),
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("0.0049", "0.00"),
        ("89.995", "90.00"),
        ("1E+2", "100.00"),
        ("0", "0.00"),
    ],
)
def test_half_up(number: str, shown: str) -> None:
    assert half_up(Decimal(number), 2) == Decimal(shown)
    assert to_units(Decimal(number), 2) == int(Decimal(shown) * 100)
    assert Exact.from_decimals([Decimal(number)], 2).number(0) == Decimal(shown)
    assert Exact.constant(Decimal(number), 3, 2).numbers() == [Decimal(shown)] * 3


@pytest.mark.parametrize("number", [2.675, 0.125, -2.675, -0.125])
def test_a_binary_float_rounds_as_its_decimal(number: float) -> None:
    # Rounding vectors, docs/decisions/0002: round(2.675, 2) is 2.67 in binary; the decimal that stands for the float rounds to 2.68.
    assert Exact.from_floats(np.array([number]), 2).number(0) == half_up(Decimal(repr(number)), 2)


def test_ten_weights_of_a_tenth_add_to_one() -> None:
    # Rounding vectors, docs/decisions/0002: 0.9999999999999999 in binary.
    tenth = Exact.from_decimals([Decimal("0.1")] * 10, 2)
    assert from_units(int(tenth.units.sum()), 2) == 1
    # Ten scores of 89.95 × 0.1 are 89.95 (binary: 89.95000000000003): hand, 10 × 8.995.
    parts = multiply(Exact.constant(Decimal("89.95"), 10).units, 1)
    assert from_units(int(parts.sum()), 3) == Decimal("89.95")


def test_twenty_thousand_scores_times_fifteen_percent() -> None:
    # Rounding vectors, docs/decisions/0002: 3.3 % of these differ from the decimal result when multiplied and rounded as floats.
    rng = random.Random(20)
    scores = [Decimal(rng.randrange(0, 10001)).scaleb(-2) for _ in range(20_000)]
    ours = share_of(15, Exact.from_decimals(scores, 2).units, 100)
    theirs = [(s * Decimal("0.15")).quantize(Decimal("0.01"), ROUND_HALF_UP) for s in scores]
    assert whole(ours) == [int(t * 100) for t in theirs]
    floats = [round(float(s) * 0.15, 2) for s in scores]
    assert sum(f != float(t) for f, t in zip(floats, theirs, strict=True)) > 400  # the trap is real: over 2 %


@given(st.lists(st.tuples(HUGE, HUGE.filter(bool)), min_size=1, max_size=6))
def test_divide_is_half_up(pairs: list[tuple[int, int]]) -> None:
    tops, bottoms = zip(*pairs, strict=True)
    expected = [reference(Fraction(a, b)) for a, b in pairs]
    assert whole(divide(columns(tops), columns(bottoms))) == expected


@given(st.lists(HUGE, min_size=1, max_size=6), HUGE.filter(bool))
def test_divide_by_one_number(tops: list[int], bottom: int) -> None:
    assert whole(divide(columns(tops), bottom)) == [reference(Fraction(a, bottom)) for a in tops]


@given(st.integers(-(10**20), 10**20), st.lists(HUGE.filter(bool), min_size=1, max_size=4))
def test_divide_one_number_by_a_column(top: int, bottoms: list[int]) -> None:
    result = divide(np.asarray(top), columns(bottoms))
    assert result.shape == (len(bottoms),)
    assert whole(result) == [reference(Fraction(top, b)) for b in bottoms]


def test_divide_keeps_the_shape_when_all_denominators_are_equal() -> None:
    assert divide(np.asarray(5), np.array([3, 3])).tolist() == [2, 2]  # hand: 1.67 → 2
    assert divide(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)).shape == (0,)


@given(st.lists(st.tuples(HUGE, HUGE), min_size=1, max_size=6))
def test_multiply_is_exact(pairs: list[tuple[int, int]]) -> None:
    left, right = zip(*pairs, strict=True)
    result = multiply(columns(left), columns(right))
    assert result.dtype.kind in "iO"
    assert whole(result) == [a * b for a, b in pairs]


@given(st.lists(HUGE, min_size=1, max_size=6), HUGE)
def test_multiply_by_one_number(left: list[int], right: int) -> None:
    result = multiply(columns(left), right)
    assert result.dtype.kind in "iO"  # 2^63 … 2^64 alone would become unsigned, and unsigned times signed a float
    assert whole(result) == [a * right for a in left]


def test_products_beyond_64_bits() -> None:
    # 3037000500² is the first square above 2^63.
    assert whole(multiply(np.array([3037000500]), np.array([3037000500]))) == [3037000500**2]
    assert multiply(np.zeros(2, dtype=np.int64), 10**19).dtype.kind in "iO"


@given(
    st.integers(0, 10**6),
    st.lists(st.tuples(st.integers(0, 10**20), st.integers(1, 10**20)), min_size=1, max_size=5),
)
def test_share_of_rounds_once(points: int, pairs: list[tuple[int, int]]) -> None:
    tops, bottoms = zip(*pairs, strict=True)
    assert whole(share_of(points, columns(tops), columns(bottoms))) == [
        reference(Fraction(points * a, b)) for a, b in pairs
    ]


def test_share_of_the_rescaled_level() -> None:
    # issue 2: 35 × 25/29 gives 30.17 (30.1724…).
    assert int(share_of(3500, 2500, 2900)) == 3017


@given(st.lists(HUGE, min_size=1, max_size=5), PLACES, PLACES)
def test_rescale_rounds_half_up_where_it_loses_decimals(units: list[int], old: int, new: int) -> None:
    column = Exact(columns(units), old, np.ones(len(units), dtype=bool)).rescale(new)
    assert column.decimals == new
    assert whole(column.units) == [reference(Fraction(u, 10**old), new) for u in units]


@given(st.decimals(min_value=Decimal(-(10**9)), max_value=Decimal(10**9), places=6), PLACES)
def test_from_decimals(number: Decimal, places: int) -> None:
    column = Exact.from_decimals([number, None], places)
    assert int(column.units[0]) == reference(Fraction(number), places)
    assert column.valid.tolist() == [True, False]
    assert column.number(1) is None


# Stated domain: a float that stands for a decimal of at most 15 significant digits.
@given(st.integers(-(10**13), 10**13), st.integers(0, 6), st.integers(0, 6))
def test_from_floats_rounds_the_decimal_it_stands_for(units: int, written: int, places: int) -> None:
    number = Decimal(units).scaleb(-written)
    assert Exact.from_floats(np.array([float(number)]), places).number(0) == half_up(number, places)


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=5), st.integers(0, 6))
def test_from_floats_never_strays_further_than_half_a_unit(numbers: list[float], places: int) -> None:
    column = Exact.from_floats(np.array(numbers), places)
    for units, number in zip(whole(column.units), numbers, strict=True):
        error = abs(Fraction(units, 10**places) - Fraction(number))
        assert error <= Fraction(1, 2 * 10**places) + abs(Fraction(number)) / 10**14


def test_from_floats_beyond_the_range_of_doubles_counting_ones() -> None:
    # 2^53 + 1 is no double; larger floats are whole numbers and keep their value. 1e300 is beyond 64 bits and decimal's 28.
    numbers = np.array([2.0**60, -(2.0**60), 1e18, 1e300, 12.5])
    assert [int(x) for x in Exact.from_floats(numbers, 2).numbers() if x is not None] == [
        int(Decimal(repr(2.0**60))),
        -int(Decimal(repr(2.0**60))),
        10**18,
        10**300,
        12,
    ]


def test_from_floats_refuses_what_is_no_number() -> None:
    column = Exact.from_floats(np.array([np.nan, np.inf, -np.inf, 1.005, 1e308]), 2)
    assert column.valid.tolist() == [False, False, False, True, True]
    assert column.units[:3].tolist() == [0, 0, 0]
    assert column.number(3) == Decimal("1.01")  # hand: the decimal 1.005 is a tie


def test_from_floats_asks_for_the_exact_number_at_a_tie() -> None:
    asked: list[int] = []

    def resolve(rows: np.ndarray) -> list[Decimal | None]:
        asked.extend(int(r) for r in rows)
        return [Decimal("28.5") for _ in rows]

    # 0.285 × 100 is 28.499999999999996 in binary; the exact 28.5 rounds to 29.
    column = Exact.from_floats(np.array([7.0, 0.285 * 100, 7.1]), 0, resolve)
    assert column.numbers() == [7, 29, 7]
    assert asked == [1]


def test_a_large_neighbour_does_not_change_a_subject() -> None:
    alone = Exact.from_floats(np.array([0.4999]), 0).number(0)
    beside = Exact.from_floats(np.array([0.4999, 1e13, 1e15, 1e17]), 0).number(0)
    assert alone == beside == 0


@given(HUGE, st.integers(0, 6))
def test_units_and_numbers_are_each_other(units: int, decimals: int) -> None:
    number = from_units(units, decimals)
    assert Fraction(number) == Fraction(units, 10**decimals)
    assert to_units(number, decimals) == units


def test_the_context_of_a_notebook_changes_nothing() -> None:
    # A user may well type getcontext().prec = 6 in the first cell.
    with localcontext() as context:
        context.prec, context.rounding = 6, "ROUND_DOWN"
        assert half_up(Decimal("123456789.675"), 2) == Decimal("123456789.68")
        assert to_units(Decimal("123456789.675"), 2) == 12345678968
        assert str(from_units(12345678968, 2)) == "123456789.68"
        assert Exact.from_floats(np.array([123456789.675]), 2).number(0) == Decimal("123456789.68")


def test_aligned_brings_columns_to_the_finer_decimals() -> None:
    decimals, (a, b) = aligned(Exact.constant(Decimal("1.5"), 2), Exact.constant(Decimal("2.25"), 2))
    assert decimals == 2
    assert (whole(a), whole(b)) == ([150, 150], [225, 225])


def test_an_empty_column_stays_empty() -> None:
    column = Exact.from_decimals([], 2)
    assert len(column) == len(column.rescale(0)) == len(Exact.from_floats(np.zeros(0), 2)) == 0
    assert column.units.dtype == np.int64


def test_a_column_too_large_for_64_bits_becomes_python_integers_and_comes_back() -> None:
    large = Exact.from_decimals([Decimal(SAFE) * 10, Decimal(1)], 0)
    assert large.units.dtype == object
    assert large.numbers() == [Decimal(SAFE) * 10, 1]
    assert Exact.from_decimals([Decimal(5)], 0).units.dtype == np.int64
    assert Exact.constant(Decimal(10**25), 2).numbers() == [10**25, 10**25]


def test_take_keeps_missing_missing() -> None:
    column = Exact.from_decimals([Decimal(1), None, Decimal(3)], 2).take([2, 1])
    assert column.numbers() == [3, None]


@pytest.mark.parametrize("large", [1e13, 1e15, 1e17, 1e300])
def test_a_missing_number_beside_a_large_one_stays_missing(large: float) -> None:
    column = Exact.from_floats(np.array([np.nan, large, 0.5, np.inf]), 2)
    assert column.valid.tolist() == [False, True, True, False]
    assert column.number(2) == Decimal("0.5")
    assert column.number(1) == Decimal(repr(large))
