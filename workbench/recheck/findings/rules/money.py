"""The money block: amounts, their sums and units, and money that is scored twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from workbench.base.text import trimmed, with_unit
from workbench.recheck.findings.reviewed import (
    COST,
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
from workbench.recheck.recompute.execution import NAME, TEN_THOUSAND, in_two_units
from workbench.recheck.values import TypedRow, amount_of
from workbench.recheck.values.quantities import quantities
from workbench.recheck.values.units import converted, kind_of

_OFFICIAL = (FundKind.FISCAL, FundKind.CARRIED, FundKind.OTHER)
_COLUMNS = (("年初预算数", "initial"), ("全年预算数", "adjusted"), ("全年执行数", "executed"))
_ACCOUNT = re.compile(r"决算|国库")
_ACCOUNTS = re.compile(
    r"((?:决算|国库)(?:(?!结余|结转|剩余|退|收回|审减|核减|调减|差|未)[^\d,。;:]){0,12}?):?(\d[\d,]*(?:\.\d+)?)(亿元|万元|元)"
)
_SPENT = re.compile(
    r"(?P<name>(?:全年|年度|项目|实际|预算)*(?:执行数|(?:全年|年度|实际)(?:执行|支出|支付|使用))(?:数|资金|金额|总额)*)(?:为|共计?|达到?|:)*"
    r"(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>亿元|万元|元)"
)
_OF_A_PART = re.compile(
    r"其中|累计|用于|结余|结转|每|均|上半年|季度|计划|约|余[万亿元]|(?<!12)月(?!底)|增加|减少|节约|差额|分别"
)
"""A sentence of a part of the money, of a part of the year, of a plan."""
_SLIP = TEN_THOUSAND
_MOST, _LEAST = Decimal(100_000), Decimal(1000)
"""Amounts that a project seldom has: 10亿元 in 万元, a thousand yuan."""
_CLOSE = 100
"""Amounts of one form that are less far apart than this are held to be in one unit."""


def funds_sum(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The parts make the total; none of them is more than it."""
    total, tolerance = form.total_money, params.number("tolerance")
    if total is None:
        return
    parts, whole = _parts(form, total)
    odd = {key for _, key in _odd_cells(form)}
    for field, key in _COLUMNS:
        amounts = [a for a in (getattr(m, key) for m in parts) if a is not None]
        cell, stated = getattr(total.row, key), getattr(total, key)
        if not amounts or stated is None or key in odd:
            continue
        made = sum(amounts, Decimal(0)) if whole else max(amounts)
        short = stated - made
        if short < -tolerance or (whole and len(amounts) > 1 and short > tolerance):
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


_Cell = tuple[Money, str]


def unit_slip(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Yuan in one cell and 万元 in the next: told once for a row, at the cell that disagrees with the others."""
    odd = _odd_cells(form)
    for money in form.money:
        cells = [(field, key) for field, key in _COLUMNS if (id(money), key) in odd]
        if cells:
            found = "、".join(text_of(getattr(money.row, key)) for _, key in cells)
            expected = "、".join(_in(odd[id(money), key], form) for _, key in cells)
            first = getattr(money.row, cells[0][1])
            yield Seen(first, "、".join(field for field, _ in cells), money.name, expected, found)
    yield from _indicator_slips(form)


def _odd_cells(form: Reviewed) -> dict[tuple[int, str], Decimal]:
    """What the cells in the other unit are in the form's own, by row and column."""
    amounts = [a for m in form.money for _, key in _COLUMNS if (a := getattr(m, key)) and a > 0]
    odd: dict[tuple[int, str], Decimal] = {}
    for one, others in _far_pairs(form):
        mine, theirs = _amount(one), sum((_amount(other) for other in others), Decimal(0))
        larger = _larger_is_odd(max(mine, theirs), min(mine, theirs), amounts, form.form.money_unit)
        for money, key in [one] if (mine > theirs) is larger else others:
            odd[id(money), key] = _amount((money, key)) / _SLIP if larger else _amount((money, key)) * _SLIP
    for money in form.money:
        # Both budgets of a row are written by one hand.
        if money.initial and money.adjusted and (id(money), "adjusted") in odd and _near(money.initial, money.adjusted):
            factor = odd[id(money), "adjusted"] / money.adjusted
            odd.setdefault((id(money), "initial"), money.initial * factor)
    return odd


def _amount(cell: _Cell) -> Decimal:
    return Decimal(getattr(cell[0], cell[1]) or 0)


def _far_pairs(form: Reviewed) -> Iterator[tuple[_Cell, list[_Cell]]]:
    """A cell, and one or more that are the same but for the unit: in its row, or the parts of a total."""
    for money in form.money:
        if slipped(money):
            yield (money, "executed"), [(money, "adjusted")]
        if money.initial and money.adjusted and _far(money.initial, money.adjusted):
            yield (money, "initial"), [(money, "adjusted")]
    if form.total_money is not None:
        yield from _far_parts(form, form.total_money)


def _far_parts(form: Reviewed, total: Money) -> Iterator[tuple[_Cell, list[_Cell]]]:
    parts = _parts(form, total)[0]
    for _, key in _COLUMNS:
        whole = getattr(total, key)
        made: list[_Cell] = [(m, key) for m in parts if getattr(m, key)]
        if whole and _scaled(sum((_amount(cell) for cell in made), Decimal(0)), whole):
            yield (total, key), made
        for cell in made if whole and whole > 0 else ():
            # A part of a tenth of the total and more; a smaller one cannot be told from a mere error.
            if _amount(cell) > whole * _SLIP / 10:
                yield cell, [(total, key)]


def _larger_is_odd(larger: Decimal, smaller: Decimal, amounts: list[Decimal], unit: str | None) -> bool:
    """Which of two amounts is in the other unit: the one that no project has in the form's own.

    Else the one that fewer of the others are near to; where they are as many, in 万元 somebody wrote yuan, in yuan 万元.
    """
    too_large, too_small = unit == "万元" and larger >= _MOST, unit == "元" and smaller < _LEAST
    if too_large or too_small:
        return too_large
    votes = sum(_near(a, larger) for a in amounts) - sum(_near(a, smaller) for a in amounts)
    return votes < 0 if votes else unit != "元"


def _near(one: Decimal, other: Decimal) -> bool:
    return one * _CLOSE > other and other * _CLOSE > one


def _far(one: Decimal, other: Decimal) -> bool:
    """Whether one is about ten thousand times the other."""
    ratio = max(one, other) / min(one, other) if min(one, other) > 0 else Decimal(0)
    return _SLIP / 2 <= ratio <= _SLIP * 2


def _indicator_slips(form: Reviewed) -> Iterator[Seen]:
    executed = form.total_money.executed if form.total_money else None
    for typed in form.rows:
        meant = amount_slip(typed)
        amount = money_in(typed, form, typed.actual.number) if second_of(typed.row) in (COST, QUANTITY) else None
        if meant is not None:
            yield Seen(typed.row.actual, "实际完成值", name_of(typed.row), f"{trimmed(meant)}{typed.target.unit}")
        elif executed and amount and amount != executed and amount in (executed * _SLIP, executed / _SLIP):
            yield Seen(typed.row.actual, "实际完成值", name_of(typed.row), _in(executed, form))


def amount_slip(typed: TypedRow) -> Decimal | None:
    """What an amount beside a target of money is meant to be, where both write a unit and are ten thousandfold apart."""
    wanted, found = typed.target, quantities(typed.actual.text)
    if typed.actual.number is not None or not wanted.number or len(found) != 1 or not found[0].unit:
        return None
    if kind_of(wanted.unit)[0] != "元" or kind_of(found[0].unit)[0] != "元":
        return None
    amount = converted(found[0].number, found[0].unit, wanted.unit)
    if not amount or _near(amount, wanted.number):
        return None
    meant = amount / _SLIP if amount > wanted.number else amount * _SLIP
    return meant if _near(meant, wanted.number) else None


def _in(amount: Decimal, form: Reviewed) -> str:
    return with_unit(Decimal(trimmed(amount)), form.form.money_unit)


def slipped(money: Money) -> bool:
    """Whether executed and budget of a row are in two units."""
    return in_two_units(money.adjusted, money.executed, money.row.rate)


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
    carries = total is not None and filled(total.row.weight)
    for typed in form.of_level(COST):
        if (
            carries
            and form.form.kind is FormKind.DEPARTMENT
            and params.pattern("names").search(text_of(typed.row.level3))
        ):
            yield Seen(typed.row.level3, "三级指标", name_of(typed.row), "反映单位成本或成本控制的指标")
            continue
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
    """执行数 is the amount of the final accounts or of the treasury where the form names it, and the one that its sentences tell."""
    total, paper = form.total_money, form.form
    if total is None or total.executed is None or not paper.money_unit:
        return
    yield from _told_otherwise(form, total)
    for name, amount, cell in _accounts(form):
        if abs(amount - total.executed) > params.number("tolerance"):
            told = {"name": name, "place": cell.spot.cell}
            yield Seen(total.row.executed, "全年执行数", total.name, _in(amount, form), told=told)
            return


def _told_otherwise(form: Reviewed, total: Money) -> Iterator[Seen]:
    """全年实际支出118.62万元 in the report around the form, which has another amount. Told once only, of the whole, as it is rounded."""
    paper = form.form
    told = [
        (cell, match)
        for cell, text in sentences(paper, *paper.notes, paper.achieved)
        if not _OF_A_PART.search(text)
        for match in _SPENT.finditer(text)
    ]
    if len(told) != 1:
        return
    cell, match = told[0]
    number = Decimal(match["number"].replace(",", ""))
    amount = converted(number, match["unit"], paper.money_unit or match["unit"])
    half = converted(
        Decimal(1).scaleb(int(number.as_tuple().exponent)) / 2, match["unit"], paper.money_unit or match["unit"]
    )
    known = [a for m in form.money for _, key in _COLUMNS if (a := getattr(m, key)) is not None]
    if amount and half is not None and all(abs(amount - a) > half for a in known):
        told_as = {"name": match["name"], "place": cell.spot.cell}
        yield Seen(total.row.executed, "全年执行数", total.name, _in(amount, form), told=told_as)


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
