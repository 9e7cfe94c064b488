"""Claimed and verified values as written, as numbers that can be compared: one reading for the register and for the check sheet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workbench.evidence.dates import FORMS, parse_date, parse_deadline
from workbench.evidence.quantity import parse_quantity, unit_factor
from workbench.evidence.tables import EPOCH

YES, NO = ("是", "有", "√"), ("否", "无", "×")


@dataclass(frozen=True)
class Refused:
    """Why a value cannot be compared, as the parts of a problem."""

    code: str
    message: str
    fix: str
    expected: str | None = None


def value_of(written: str, sign: str, unit: str | None) -> Decimal | Refused | None:
    """The number a value stands for (days for a date, 1 and 0 for 是 and 否); None for words where words are meant.

    Args:
        sign: the indicator's nature, a value of :data:`workbench.evidence.standard.SIGNS`.
        unit: what the number is to be in; a value written with another unit is converted.
    """
    if sign == "deadline":
        day = parse_date(written)
        return (
            Decimal((day - EPOCH).days) if day else Refused("date_unknown", "时限指标的值不是日期", "请写到日", FORMS)
        )
    if sign == "yes_no":
        if written not in (*YES, *NO):
            return Refused("bool_unknown", "应填是或否", "请改填“是”或“否”", "是 或 否")
        return Decimal(written in YES)
    number = amount(written, unit)
    if number is not None or sign == "qualitative":
        return number
    if parse_deadline(written) is not None:
        return Refused("date_for_number", "不是可以比较的数,像是日期", "是时限指标的,请把“指标性质”改为“时限”")
    fix = "请只写一个数,单位与“计量单位”一致或可以换算;文字说明写到备注"
    return Refused("number_unknown", "不是可以比较的数", fix)


def amount(written: str | None, unit: str | None) -> Decimal | None:
    """The number in a text, in ``unit``; None when it is not one number or in a unit that cannot be converted."""
    quantity = parse_quantity(written or "")
    if quantity is None:
        return None
    factor = unit_factor(quantity.unit, unit or quantity.unit)
    return None if factor is None else quantity.number * factor


def is_percent(written: str | None, unit: str | None) -> bool:
    """Whether a value is a percentage by the sheet's unit or, where that is blank, by its own."""
    quantity = parse_quantity(written or "")
    return "%" in (unit or (quantity.unit if quantity is not None else ""))
