"""Exact numbers: columns of scaled integers, rounded half-up, so that no grade rests on binary floating point.

A value 97.75 with two decimals is the integer 9775. All arithmetic that decides points is integer
arithmetic; where 64 bits would not hold a product the column silently becomes Python integers.
“Half-up” is decimal ROUND_HALF_UP: a tie goes away from zero (2.675 → 2.68, -2.675 → -2.68).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

IntArray: TypeAlias = npt.NDArray[Any]
"""Integers: int64, or object (Python integers) where 64 bits are too few."""
BoolArray: TypeAlias = npt.NDArray[np.bool_]

SAFE = 2**62
FLOAT_EXACT = 2.0**52
_ALL_DIGITS = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, rounding=ROUND_HALF_UP)
"""Never the context of the process: a notebook may set six digits, and a large number has more than the usual 28."""


def half_up(number: Decimal, decimals: int) -> Decimal:
    """``number`` rounded half-up to ``decimals`` places."""
    return number.quantize(Decimal((0, (1,), -decimals)), context=_ALL_DIGITS)


def half_up_fraction(number: Fraction, decimals: int) -> Decimal:
    """A fraction rounded half-up to ``decimals`` places, without a detour over digits that have to be cut off."""
    scaled = number * 10**decimals
    whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    return from_units(whole if scaled >= 0 else -whole, decimals)


def to_units(number: Decimal, decimals: int) -> int:
    """``number`` rounded half-up and counted in units of 10^-decimals."""
    return int(half_up(number, decimals).scaleb(decimals, context=_ALL_DIGITS))


def from_units(units: int, decimals: int) -> Decimal:
    """The decimal number that ``units`` of 10^-decimals stand for."""
    return Decimal(int(units)).scaleb(-decimals, context=_ALL_DIGITS)


def _largest(values: IntArray) -> int:
    if values.size == 0:
        return 0
    return max(abs(int(values.max())), abs(int(values.min())))


def _signed(values: IntArray | int) -> IntArray:
    """As an array; what only fits unsigned 64 bits becomes Python integers (unsigned times signed would be a float)."""
    array = np.asarray(values)
    return array.astype(object) if array.dtype.kind == "u" else array


def _stored(values: IntArray) -> IntArray:
    """One number seen n times as the one number it is."""
    return values[:1].reshape(()) if values.size and values.strides == (0,) else values


def multiply(left: IntArray | int, right: IntArray | int) -> IntArray:
    """Exact product; falls back to Python integers when 64 bits could overflow."""
    a, b = _signed(left), _signed(right)
    shape = np.broadcast_shapes(a.shape, b.shape)
    a, b = _stored(a), _stored(b)
    if a.dtype != object and b.dtype != object and _largest(a) * _largest(b) < SAFE:
        product = np.asarray(a * b)
    else:
        product = np.asarray(a.astype(object) * b.astype(object), dtype=object)
    return product if product.shape == shape else np.broadcast_to(product, shape)


def divide(numerator: IntArray, denominator: IntArray | int) -> IntArray:
    """Quotient of integers rounded half-up. The denominator must not be zero anywhere."""
    n, d = _signed(numerator), _signed(denominator)
    if n.dtype == object or d.dtype == object or 2 * _largest(n) + _largest(d) >= SAFE:
        n, d = n.astype(object), d.astype(object)
    if d.size and d.shape == n.shape and d.min() == d.max():
        d = d.flat[:1].reshape(())  # dividing by one number is many times faster than by a column
    if n.size == 0 or (n.min() >= 0 and d.min() > 0):
        return np.asarray((2 * n + d) // (2 * d))
    size, base = abs(n), abs(d)
    rounded = (2 * size + base) // (2 * base)
    return np.asarray(np.where((n < 0) != (d < 0), -rounded, rounded))


def narrow(units: IntArray) -> IntArray:
    """Python integers as int64 where they fit."""
    if units.dtype == object and _largest(units) < SAFE:
        return units.astype(np.int64)
    return units


def _near_tie(scaled: npt.NDArray[np.float64], whole: npt.NDArray[np.float64]) -> BoolArray:
    """Where a float lies so near to a half, or is so large, that its own rounding cannot be trusted."""
    largest = max(abs(float(whole.max())), abs(float(whole.min()))) if whole.size else 0.0
    blur = largest * 1e-14 if largest < 1e8 else np.abs(scaled) * 1e-14
    near = np.abs(scaled - whole) >= 0.5 - 1e-9 - blur
    return np.asarray(near | (np.abs(scaled) >= FLOAT_EXACT) if largest >= FLOAT_EXACT else near, dtype=bool)


@dataclass(frozen=True, slots=True)
class Exact:
    """A column of exact numbers, one per subject.

    Attributes:
        units: shape (n,), the numbers counted in units of 10^-decimals; 0 where missing.
        decimals: how many decimals one unit has.
        valid: shape (n,), False where the number is missing.
    """

    units: IntArray
    decimals: int
    valid: BoolArray

    def __len__(self) -> int:
        return len(self.units)

    @classmethod
    def constant(cls, number: Decimal, n: int, decimals: int | None = None) -> Exact:
        """The same number for all ``n`` subjects."""
        places = max(0, -int(number.as_tuple().exponent)) if decimals is None else decimals
        units = to_units(number, places)
        dtype = np.int64 if abs(units) < SAFE else object
        # One stored number seen n times: columns are never written in place.
        return cls(np.broadcast_to(np.array(units, dtype=dtype), (n,)), places, np.broadcast_to(np.True_, (n,)))

    @classmethod
    def from_decimals(cls, numbers: Iterable[Decimal | None], decimals: int) -> Exact:
        """A column from decimals; None is missing."""
        items = list(numbers)
        units = np.array([0 if x is None else to_units(x, decimals) for x in items], dtype=object)
        valid = np.array([x is not None for x in items], dtype=bool)
        return cls(narrow(units) if len(items) else units.astype(np.int64), decimals, valid)

    @classmethod
    def from_floats(
        cls,
        numbers: npt.NDArray[np.float64],
        decimals: int,
        resolve: Callable[[IntArray], Sequence[Decimal | None]] | None = None,
    ) -> Exact:
        """A column from binary floats; NaN and infinities are missing.

        A float too near a tie (or too large) to be rounded safely is settled by ``resolve(rows)``, which gives the exact
        numbers of those rows; without it (or where it answers None) by the shortest decimal that stands for the float.
        """
        valid = np.isfinite(numbers)
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = np.asarray(numbers, dtype=np.float64) * 10.0**decimals
            if not valid.all():
                scaled[~valid] = 0.0
            whole = np.rint(scaled)
            doubtful = _near_tie(scaled, whole)
        doubtful &= valid
        whole[doubtful] = 0.0
        units: IntArray = whole.astype(np.int64)
        spots = np.flatnonzero(doubtful)
        if spots.size:
            exact = resolve(spots) if resolve is not None else [None] * spots.size
            settled = [Decimal(repr(float(numbers[i]))) if x is None else x for i, x in zip(spots, exact, strict=True)]
            units = units.astype(object)
            units[spots] = [to_units(x, decimals) for x in settled]
            units = narrow(units)
        return cls(units, decimals, valid)

    def compact(self) -> Exact:
        """The same column in 64 bits where they hold all its numbers."""
        return Exact(narrow(self.units), self.decimals, self.valid)

    def rescale(self, decimals: int) -> Exact:
        """The column with another number of decimals, rounded half-up where it has fewer."""
        if decimals == self.decimals:
            return self
        if decimals > self.decimals:
            return Exact(multiply(self.units, 10 ** (decimals - self.decimals)), decimals, self.valid)
        return Exact(divide(self.units, 10 ** (self.decimals - decimals)), decimals, self.valid)

    def number(self, i: int) -> Decimal | None:
        """The number of subject ``i``, or None when it is missing."""
        return from_units(self.units[i], self.decimals) if self.valid[i] else None

    def numbers(self) -> list[Decimal | None]:
        """All numbers as decimals, None where missing."""
        return [self.number(i) for i in range(len(self))]

    def take(self, rows: Sequence[int] | npt.NDArray[Any]) -> Exact:
        """The column for some rows only."""
        return Exact(self.units[rows], self.decimals, self.valid[rows])


def aligned(*columns: Exact) -> tuple[int, list[IntArray]]:
    """The columns' units brought to one common number of decimals: (decimals, units of each)."""
    decimals = max(c.decimals for c in columns)
    return decimals, [c.rescale(decimals).units for c in columns]


def share_of(points: int, numerator: IntArray | int, denominator: IntArray | int) -> IntArray:
    """``points × numerator / denominator`` rounded half-up in points units. Denominators must not be zero."""
    return narrow(divide(multiply(points, numerator), np.asarray(denominator)))
