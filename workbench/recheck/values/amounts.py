"""Numbers of cells: amounts of money, points, rates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from workbench.base.exact import half_up, half_up_fraction
from workbench.base.text import trimmed
from workbench.evidence.quantity import unit_factor
from workbench.recheck.model import Written
from workbench.recheck.values.quantities import quantities
from workbench.recheck.values.units import is_percent

RATE_DECIMALS = 2
"""Decimals of an execution rate in percent: the number shown is the number used."""
KEPT = 4
"""Decimals of a cell's number that are used where fewer are shown; a binary fraction has no end."""
_DECIMALS = re.compile(r"\.(\d+)")
_AFTER_POINTS = re.compile(r"\s*(分|％|%)\s*$")


def number_of(written: Written | None) -> Decimal | None:
    """The number a cell is, whatever its unit; None for a blank cell, words, a range or an error."""
    if written is None or written.blank or written.error:
        return None
    if written.number is not None:
        return written.number
    found = quantities(written.text)
    return found[0].number if len(found) == 1 and found[0].whole and found[0].high is None else None


def amount_of(written: Written | None, money_unit: str | None) -> Decimal | None:
    """An amount in the form's unit of money. One in another unit is converted; None for what is no amount."""
    number = number_of(written)
    if number is None or written is None:
        return None
    found = quantities(written.text)
    unit = found[0].unit if len(found) == 1 else ""
    if not unit or not money_unit:
        return number
    factor = unit_factor(unit, money_unit)
    return None if factor is None else number * factor


def last_places(cells: Sequence[Written | None], money_unit: str | None) -> list[Decimal]:
    """What one in the last decimal of each of these amounts is worth, in their unit of money; 0 for what is no amount.

    12.40 beside 33.25 is often shown as 12.4: where any of them has two decimals, all have.
    """
    own = [_last_place(cell, money_unit) for cell in cells]
    finest = min((place for place in own if place is not None), default=Decimal(0))
    usual = max(finest, Decimal("0.000001") if money_unit == "亿元" else Decimal("0.01"))
    return [Decimal(0) if place is None else min(place, usual) for place in own]


def _last_place(written: Written | None, money_unit: str | None) -> Decimal | None:
    if written is None or amount_of(written, money_unit) is None:
        return None
    found = quantities(written.text)
    exponent = min(int(found[0].number.as_tuple().exponent), 0) if len(found) == 1 else 0
    factor = unit_factor(found[0].unit, money_unit) if len(found) == 1 and found[0].unit and money_unit else None
    return Decimal(1).scaleb(exponent) * (1 if factor is None else factor)


def points_of(written: Written | None) -> Decimal | None:
    """Points or a weight: 10, 10分, 10%. A negative number is none."""
    if written is None or written.blank or written.error:
        return None
    number = written.number
    if number is not None:
        number = _kept(number, written.text)
    else:
        found = quantities(_AFTER_POINTS.sub("", written.text))
        plain = len(found) == 1 and found[0].whole and not found[0].sign and found[0].high is None and not found[0].unit
        number = found[0].number if plain else None
    return None if number is None or number < 0 else number


def rate_of(executed: Decimal | None, adjusted: Decimal | None) -> Decimal | None:
    """预算执行率 = 全年执行数 ÷ 全年预算数 in percent, half-up to two decimals. None where a number lacks or the budget is not positive."""
    if executed is None or adjusted is None or adjusted <= 0:
        return None
    return half_up_fraction(Fraction(executed) / Fraction(adjusted) * 100, RATE_DECIMALS)


def percent_written(written: Written | None) -> Decimal | None:
    """A rate as written, in percent. 0.98 without a percent sign may be either, so it is None; 0 is 0."""
    number = number_of(written)
    if number is None or written is None:
        return None
    found = quantities(written.text)
    signed = written.percent or (len(found) == 1 and is_percent(found[0].unit))
    return None if not signed and 0 < number <= 1 else half_up(number, max(RATE_DECIMALS, _places(written.text)))


def text_of(written: Written | None) -> str:
    """The text of a cell with the number it holds: ``97.753%`` where 98% is shown; empty for no cell."""
    if written is None:
        return ""
    number = written.number
    if number is None or written.text == str(number):
        return written.text
    shown, number = quantities(written.text), _kept(number, written.text)
    if len(shown) != 1 or shown[0].number == number or shown[0].high is not None:
        return written.text
    return f"{trimmed(number)}{'%' if written.percent else shown[0].unit}"


def _kept(number: Decimal, text: str) -> Decimal:
    """A cell's number without the endless digits of a binary fraction."""
    places = max(KEPT, _places(text))
    return number if -int(number.as_tuple().exponent) <= places else half_up(number, places)


def _places(text: str) -> int:
    match = _DECIMALS.search(text)
    return len(match[1]) if match else 0
