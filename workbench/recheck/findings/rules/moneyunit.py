"""Amounts that are all alike, and all in another unit than the head of the form says."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbench.base.text import trimmed
from workbench.recheck.findings.reviewed import Reviewed
from workbench.recheck.findings.rule import Params, Seen
from workbench.recheck.findings.rules.money import unit_slip
from workbench.recheck.model import FormKind

_YI = Decimal(10_000)
"""万元 of 1亿元."""
_COLUMNS = (("全年预算数", "adjusted"), ("年初预算数", "initial"), ("全年执行数", "executed"))


def money_unit_doubt(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A project of 48亿 or of 48 yuan: its amounts may be in the other unit. Asked, for there are such projects."""
    total, unit = form.total_money, form.form.money_unit
    if total is None:
        return
    field, key = next((one for one in _COLUMNS if getattr(total, one[1])), ("", ""))
    if not key:
        return
    amount: Decimal = getattr(total, key)
    whole = form.form.kind is FormKind.DEPARTMENT
    if unit == "万元" and amount >= params.number("department" if whole else "project"):
        how, other = f"以万元计为{trimmed(round(amount / _YI, 2))}亿元", "元"
    elif unit == "元" and 0 < amount < params.number("least"):
        how, other = f"以元计只有{trimmed(amount)}元", "万元"
    else:
        return
    # Where only some of the amounts are in the other unit, that has been told.
    if not any(unit_slip(form, params)):
        yield Seen(getattr(total.row, key), field, total.name, f"核对是否以{other}填写", told={"how": how})
