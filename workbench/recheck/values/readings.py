"""Which number is meant where one side leaves its unit, its 万 or its percent sign out.

Of two readings the one near the target is taken, and told, when the other one is far away; otherwise nobody can say, and that is
told instead of a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from workbench.base.exact import half_up_fraction
from workbench.base.text import trimmed
from workbench.recheck.values.directions import Sign
from workbench.recheck.values.quantities import Found
from workbench.recheck.values.targets import Target
from workbench.recheck.values.units import converted, days_as_months, is_percent, kind_of, power_of

_NEAR, _FAR, _WAN = 10, 100, 10_000
_HUNDRED = Decimal(100)
_TENS = Decimal(10)
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """What a quantity is in the target's unit.

    Attributes:
        number: None where the units say nothing about one another, and where there is a doubt.
        high: upper end of a range.
        told: how the number came about; doubt: why there is none. Without a full stop.
    """

    number: Decimal | None
    high: Decimal | None = None
    told: str = ""
    doubt: str = ""


def reading_of(text: str, found: Found, target: Target, column: str) -> Reading:
    """The reading of an actual. ``column``: what stands under 计量单位."""
    return (
        _percentage(text, found, target)
        or _by_power(text, found, target, column)
        or _plain(text, found, target, column)
    )


def _plain(text: str, found: Found, target: Target, column: str) -> Reading:
    own = found.unit or column or target.unit
    number = converted(found.number, own, target.unit)
    if number is None:
        return _in_months(text, found, own, target)
    if (not (found.unit and target.unit) or kind_of(own)[0] == "元") and _slipped(number, target):
        return Reading(None, doubt=_apart(text, target, "近万倍,单位可能不一致"))
    high = None if found.high is None else converted(found.high, own, target.unit)
    told = f"“{text}”已换算为{trimmed(number)}{target.unit}" if number != found.number else ""
    return Reading(number, high, told)


def _in_months(text: str, found: Found, own: str, target: Target) -> Reading:
    """68 days beside 3 months; near the limit nobody can say, for months are not of one length."""
    number = days_as_months(found.number, own, target.unit)
    wanted = target.number or Decimal(0)
    if number is None or abs(number - wanted) * _NEAR < wanted:
        return Reading(None)
    high = None if found.high is None else days_as_months(found.high, own, target.unit)
    return Reading(number, high, f"“{trimmed(found.number)}{own}”按每月30天计为{trimmed(number)}{target.unit}")


def _by_power(text: str, found: Found, target: Target, column: str) -> Reading | None:
    """万 on one side, and no unit at all on the other; None where that is not so."""
    if not found.number or not target.number or is_percent(found.unit) or target.percent or column:
        return None
    if not found.unit and power_of(target.unit) > 1:
        factors = Fraction(1), 1 / power_of(target.unit)
    elif not target.unit and power_of(found.unit) > 1:
        factors = power_of(found.unit), Fraction(1)
    else:
        return None
    for factor, other in (factors, factors[::-1]):
        if _near(Fraction(found.number) * factor, target) and _is_far(Fraction(found.number) * other, target):
            number = _times(found.number, factor)
            told = f"“{text}”按{trimmed(number)}{target.unit}计" if factor != 1 else ""
            return Reading(number, None if found.high is None else _times(found.high, factor), told)
    return Reading(None, doubt=_apart(text, target, "很大,单位可能不一致"))


def _percentage(text: str, found: Found, target: Target) -> Reading | None:
    """0.98 beside 95%, and 98% beside 0.95: one of the two has lost its percent sign. None where neither has."""
    wanted = target.number or Decimal(0)
    if target.sign is Sign.LTE or not (target.percent or target.ratio) or found.high is not None:
        return None
    if not is_percent(found.unit) and not found.unit and 0 < found.number <= 1 and wanted >= _TENS:
        number = found.number * _HUNDRED
        if found.number < 1 and number * 2 >= wanted:
            return Reading(number, told=f"“{text}”按{trimmed(number)}%计")
        return Reading(None, doubt=_apart(text, target, "近百倍,可能漏了百分号"))
    if is_percent(found.unit) and not target.unit and 0 < wanted <= 1 < found.number:
        if wanted < 1 and found.number <= _HUNDRED:
            return Reading(found.number / _HUNDRED, told=f"指标值“{target.text}”按{trimmed(wanted * _HUNDRED)}%计")
        return Reading(None, doubt=_apart(text, target, "近百倍,可能漏了百分号"))
    return None


def _slipped(number: Decimal, target: Target) -> bool:
    """Whether it is far from the target, and would be near it with or without a 万."""
    if not target.number or target.percent or not _is_far(number, target):
        return False
    return _near(Fraction(number) * _WAN, target) or _near(Fraction(number) / _WAN, target)


def _near(number: Fraction | Decimal, target: Target) -> bool:
    wanted = Fraction(target.number or 0)
    return wanted <= number * _NEAR and number <= wanted * _NEAR


def _is_far(number: Fraction | Decimal, target: Target) -> bool:
    wanted = Fraction(target.number or 0)
    return number * _FAR <= wanted or number >= wanted * _FAR


def _times(number: Decimal, factor: Fraction) -> Decimal:
    return number if factor == 1 else half_up_fraction(Fraction(number) * factor, _DECIMALS).normalize() + 0


def _apart(text: str, target: Target, how: str) -> str:
    return f"完成值“{text}”与指标值“{target.text or target.shown}”相差{how}"
