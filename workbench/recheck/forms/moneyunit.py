"""The unit of a form's amounts where its head names none: written in the cells themselves, else asked, form by form.

A layout says nothing about the unit: of two forms alike one is in 万元 and the next in 元. So each form is asked about, under its
own name, and one answer may be given for all; it is not taken for a form whose own figures speak against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from workbench.recheck.forms.asking import Asking
from workbench.recheck.forms.lines import Line, is_number, number_in
from workbench.recheck.forms.mapping import EVERY
from workbench.recheck.forms.vocabulary import squeezed
from workbench.recheck.model import FundRow, Written

CHOICES = ("万元", "元")
_LARGE, _SMALL = Decimal(100_000), Decimal(10_000)
"""A project of more than 100,000 万元, or of less than 10,000 元, is seldom: such a form is asked about by itself."""
_WRITTEN = re.compile(r"(亿元|万元|千元|元)$")
_SAID = re.compile(r"(\d[\d,]*(?:\.\d+)?)(万元|元)")


def unit_in_cells(funds: Sequence[FundRow]) -> str | None:
    """The unit where every amount has its own; of several the one most rows are in, to which the others are converted."""
    found = [_WRITTEN.search(squeezed(cell.text)) for cell in _amounts(funds)]
    units = [match[1] for match in found if match is not None]
    return max(units, key=units.count) if units and len(units) == len(found) else None


def asked_unit(funds: Sequence[FundRow], lines: Iterable[Line], form: str, asking: Asking) -> str | None:
    """The unit from the mapping file, for this form or for all of its layout; the form is read without it.

    Args:
        form: what the form is called in the mapping file (``Form.key``).
    """
    bare = [cell for cell in _amounts(funds) if "元" not in cell.text]
    if not bare:
        return None
    largest = max(bare, key=_value)
    text = f"资金栏的金额(最大的是{largest.text})没有写明单位,是万元还是元?"
    every = asking.mappings.answer(asking.shape, "money_unit", EVERY)
    if every in CHOICES and asking.mappings.answer(asking.shape, "money_unit", form) is None:
        against = _against(every, _value(largest), lines)
        if not against:
            return every
        text = f"{text}“{EVERY}”答作“{every}”,而{against},须单独回答。"
    elif every is not None and every not in CHOICES:
        text = f"识别对照里“{EVERY}”的答案“{every}”不适用。{text}"
    return asking.answer("money_unit", form, text, largest, CHOICES, blocking=False)


def _amounts(funds: Sequence[FundRow]) -> list[Written]:
    """The amounts that say anything: 0 is 0 in every unit."""
    cells = (cell for row in funds for cell in (row.initial, row.adjusted, row.executed))
    return [cell for cell in cells if cell is not None and is_number(cell) and _value(cell) != 0]


def _value(cell: Written) -> Decimal:
    return cell.number if cell.number is not None else number_in(cell.text) or Decimal(0)


def _against(unit: str, largest: Decimal, lines: Iterable[Line]) -> str:
    """What in the form speaks against a unit; empty for nothing."""
    for line in lines:
        for _, cell in line.own:
            for number, said in _SAID.findall(squeezed(cell.text)) if "元" in cell.text else ():
                if Decimal(number.replace(",", "")) == largest and said != unit:
                    return f"{cell.spot.cell}把它写作{number}{said}"
    if unit == "万元" and largest >= _LARGE:
        return "这张表的金额以万元计就在10亿元以上"
    return "这张表的金额以元计就不到1万元" if unit == "元" and largest < _SMALL else ""
