"""The money block: amounts, their sums and units, and money that is scored twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from workbench.base.text import half_width, trimmed, with_unit
from workbench.recheck.findings.reviewed import (
    QUALITY,
    QUANTITY,
    TIME,
    Money,
    Reviewed,
    filled,
    name_of,
    second_of,
    sentences,
    text_of,
)
from workbench.recheck.findings.rule import Params, Seen
from workbench.recheck.model import FormKind, FundKind, Written
from workbench.recheck.recompute.execution import NAME
from workbench.recheck.values import TypedRow, amount_of, number_of
from workbench.recheck.values.units import converted, kind_of

_OFFICIAL = (FundKind.FISCAL, FundKind.CARRIED, FundKind.OTHER)
_COLUMNS = (("年初预算数", "initial"), ("全年预算数", "adjusted"), ("全年执行数", "executed"))
_ACCOUNT = re.compile(r"决算|国库")
_ACCOUNTS = re.compile(
    r"((?:决算|国库)(?:(?!结余|结转|剩余|退|收回|审减|核减|调减|差|未)[^\d,。;:]){0,12}?):?(\d[\d,]*(?:\.\d+)?)(亿元|万元|元)"
)
_SLIP = Decimal(10_000)


def funds_sum(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The parts make the total; none of them is more than it."""
    total, tolerance = form.total_money, params.number("tolerance")
    if total is None:
        return
    parts, whole = _parts(form, total)
    for field, key in _COLUMNS:
        amounts = [a for a in (getattr(m, key) for m in parts) if a is not None]
        cell, stated = getattr(total.row, key), getattr(total, key)
        if not amounts or stated is None:
            continue
        made = sum(amounts, Decimal(0)) if whole else max(amounts)
        short = stated - made
        if not _scaled(made, stated) and (short < -tolerance or (whole and len(amounts) > 1 and short > tolerance)):
            named = [m.name for m in parts if whole or getattr(m, key) == made]
            yield Seen(cell, field, total.name, trimmed(made), told={"parts": "、".join(named)})


def _parts(form: Reviewed, total: Money) -> tuple[list[Money], bool]:
    """The rows below the total, and whether they are known to make it together.

    They are where the form has the official rows, where a department parts 基本支出 and 项目支出, and where another column of
    amounts adds up: 中央补助, 地方资金, 其他资金 of a transfer payment.
    """
    rows = [m for m in form.money if m is not total]
    official = [m for m in rows if m.row.kind in _OFFICIAL]
    if {m.row.kind for m in official} >= {FundKind.FISCAL, FundKind.OTHER}:
        return official, True
    pair = [m for m in rows if "基本支出" in m.name or "项目支出" in m.name]
    if len(pair) == 2 and form.form.kind is FormKind.DEPARTMENT:
        return pair, True
    proven = next((some for some in (rows, official) if len(some) > 1 and _adds_up(some, total)), None)
    return (proven, True) if proven is not None else (rows, False)


def _adds_up(rows: list[Money], total: Money) -> bool:
    for _, key in _COLUMNS:
        amounts = [a for a in (getattr(m, key) for m in rows) if a]
        if len(amounts) > 1 and sum(amounts, Decimal(0)) == getattr(total, key):
            return True
    return False


def unit_slip(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Yuan in one cell and 万元 in the next."""
    for money in form.money:
        if slipped(money) and money.executed is not None and money.adjusted is not None:
            larger = money.executed > money.adjusted
            expected = money.executed / _SLIP if larger else money.executed * _SLIP
            yield Seen(money.row.executed, "全年执行数", money.name, _in(expected, form))
        if money.initial and money.adjusted and _far(money.initial, money.adjusted):
            expected = money.initial / _SLIP if money.initial > money.adjusted else money.initial * _SLIP
            yield Seen(money.row.initial, "年初预算数", money.name, _in(expected, form))
    yield from _total_slips(form)
    yield from _cost_slips(form)


def _total_slips(form: Reviewed) -> Iterator[Seen]:
    total = form.total_money
    parts = [] if total is None else _parts(form, total)[0]
    for field, key in _COLUMNS:
        amounts = [a for a in (getattr(m, key) for m in parts) if a is not None]
        made = sum(amounts, Decimal(0))
        if total is not None and _scaled(made, getattr(total, key)):
            yield Seen(getattr(total.row, key), field, total.name, _in(made, form))


def _far(one: Decimal, other: Decimal) -> bool:
    """Whether one is about ten thousand times the other."""
    ratio = max(one, other) / min(one, other) if min(one, other) > 0 else Decimal(0)
    return _SLIP / 2 <= ratio <= _SLIP * 2


def _cost_slips(form: Reviewed) -> Iterator[Seen]:
    executed = form.total_money.executed if form.total_money else None
    for typed in form.of_level("成本", QUANTITY):
        amount = money_in(typed, form, typed.actual.number)
        if executed and amount and amount != executed and amount in (executed * _SLIP, executed / _SLIP):
            yield Seen(typed.row.actual, "实际完成值", name_of(typed.row), _in(executed, form))


def _in(amount: Decimal, form: Reviewed) -> str:
    return with_unit(Decimal(trimmed(amount)), form.form.money_unit)


def slipped(money: Money) -> bool:
    """Whether executed and budget differ ten-thousandfold: by far beyond 100 %, as the written rate says, or where none is written."""
    if not money.executed or not money.adjusted or money.executed < 0 or money.adjusted < 0:
        return False
    rate = money.executed / money.adjusted * 100
    if rate >= 100_000:
        return True
    if not filled(money.row.rate):
        return _far(money.executed, money.adjusted)
    return rate < 1 and any(
        0 < w <= 110 and abs(rate * _SLIP / w - 1) < Decimal("0.02") for w in written_rates(money.row.rate)
    )


def written_rates(cell: Written | None) -> list[Decimal]:
    """The rate in percent; both readings of 0.98 without a percent sign."""
    number = number_of(cell)
    if number is None or cell is None:
        return []
    signed = cell.percent or "%" in half_width(cell.text)
    return [number] if signed or not 0 < number <= 2 else [number, number * 100]


def _scaled(made: Decimal, stated: Decimal | None) -> bool:
    if not made or not stated:
        return False
    ratio = made / stated
    return any(abs(ratio / factor - 1) < Decimal("0.005") for factor in (_SLIP, 1 / _SLIP))


def money_in(typed: TypedRow, form: Reviewed, number: Decimal | None) -> Decimal | None:
    """A number of an indicator as an amount in the form's unit of money; None where its unit is no money."""
    unit, money = typed.target.unit, form.form.money_unit
    if number is None or kind_of(unit)[0] != "元":
        return None
    return converted(number, unit, money or unit)


def cost_repeats_execution(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A cost indicator that only says again how much was budgeted and spent."""
    total = form.total_money
    for typed in form.of_level("成本"):
        target, actual = (money_in(typed, form, n) for n in (typed.target.number, typed.actual.number))
        if total and target and target in (total.adjusted, total.initial) and actual == total.executed:
            yield Seen(typed.row.level3, "三级指标", name_of(typed.row), "反映单位成本或成本控制的指标")


def execution_scored_twice(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The money spent scored a second time: as a rate of its own, or as a quantity."""
    total = form.total_money
    if total is None or form.form.kind is FormKind.DEPARTMENT:
        return
    names, carries = params.pattern("names"), filled(total.row.weight)
    for typed in form.rows:
        target, actual = (money_in(typed, form, n) for n in (typed.target.number, typed.actual.number))
        amounts = bool(target) and target in (total.adjusted, total.initial) and actual == total.executed
        # Where the money block carries no points, the row of that name is the one that does.
        named = carries and names.search(text_of(typed.row.level3)) is not None
        if named or (amounts and second_of(typed.row) in (QUANTITY, QUALITY, TIME)):
            yield Seen(typed.row.level3, "三级指标", name_of(typed.row), f"不与{NAME}重复计分")


def cost_unlike_executed(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The total cost of the project is what was spent."""
    total = form.total_money
    executed = _executed(form)
    for typed in form.of_level("成本"):
        name, amount = text_of(typed.row.level3), money_in(typed, form, typed.actual.number)
        if total is None or executed is None or amount is None or not params.pattern("names").search(name):
            continue
        if abs(amount - executed) > params.number("tolerance") and amount not in (executed * _SLIP, executed / _SLIP):
            yield Seen(typed.row.actual, "实际完成值", name, _in(executed, form))


def _executed(form: Reviewed) -> Decimal | None:
    """What was spent: the total row, or its only part where that was left at zero."""
    total = form.total_money
    if total is not None and total.executed:
        return total.executed
    parts = [m.executed for m in form.money if m is not total and m.executed]
    return parts[0] if len(parts) == 1 else None


def executed_accounts(form: Reviewed, params: Params) -> Iterator[Seen]:
    """执行数 is the amount of the final accounts or of the treasury where the form names it."""
    total, paper = form.total_money, form.form
    if total is None or total.executed is None or not paper.money_unit:
        return
    for name, amount, cell in _accounts(form):
        if abs(amount - total.executed) > params.number("tolerance"):
            told = {"name": name, "place": cell.spot.cell}
            yield Seen(total.row.executed, "全年执行数", total.name, _in(amount, form), told=told)
            return


def _accounts(form: Reviewed) -> Iterator[tuple[str, Decimal, Written]]:
    """(name, amount in the form's unit, cell) of what is called the final accounts' or the treasury's."""
    paper = form.form
    for name, cell in paper.labels.items():
        amount = amount_of(cell, paper.money_unit) if _ACCOUNT.search(name) else None
        if amount is not None:
            yield name, amount, cell
    for cell, text in sentences(paper, *paper.notes, *paper.labels.values(), paper.achieved):
        for name, number, unit in _ACCOUNTS.findall(text):
            stated = converted(Decimal(number.replace(",", "")), unit, paper.money_unit or unit)
            if stated is not None:
                yield name, stated, cell
