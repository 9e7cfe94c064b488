"""The execution rate: 全年执行数 ÷ 全年预算数, and what is told about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from workbench.base.exact import half_up_fraction
from workbench.base.text import trimmed
from workbench.recheck.findings.reviewed import QUANTITY, Money, Reviewed, filled, second_of, sentences
from workbench.recheck.findings.rule import Params, Seen
from workbench.recheck.findings.rules.money import slipped
from workbench.recheck.recompute.execution import written_rates
from workbench.recheck.values import percent_written, points_of, rate_of

_RATE_DECIMALS = 2
_HALF = Fraction(1, 200)
"""Half of the last decimal of a rate."""
_RATE_NOTED = re.compile(
    r"(?:^|[,.。;:、()]|项目|全年|年度|整体|总体|部门)"
    r"(?:(?:预算|资金|专项|支出)*(?:执行率|支出率|执行进度|支出进度)|(?:预算|资金|专项)+(?:使用率|支付率|完成率|使用进度|支付进度))"
    r"(?:为|是|达到|达|仅|只有|完成|了|:)*(\d{1,3}(?:\.\d+)?)%"
)
_MIDYEAR = re.compile(r"(?<!12)月|上半年|季度|序时|年中|计划|目标")
"""Of a part of the year, or of a plan."""


def rate_amounts(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The execution rate is 全年执行数 ÷ 全年预算数."""
    yield from (_rate_seen(m, exact) for m, exact, how in _rates(form) if how == "wrong")


def rate_base(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The rate was worked out over 年初预算数."""
    yield from (_rate_seen(m, exact) for m, exact, how in _rates(form) if how == "initial")


def rate_rounded(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The rate was cut or rounded to fewer than two decimals."""
    yield from (_rate_seen(m, exact) for m, exact, how in _rates(form) if how == "rounded")


def _rate_seen(money: Money, exact: Fraction) -> Seen:
    amounts = {"executed": trimmed(money.executed or Decimal(0)), "adjusted": trimmed(money.adjusted or Decimal(0))}
    return Seen(
        money.row.rate, "执行率", money.name, f"{trimmed(half_up_fraction(exact, _RATE_DECIMALS))}%", told=amounts
    )


def _rates(form: Reviewed) -> Iterator[tuple[Money, Fraction, str]]:
    """Each row whose rate is not what its amounts give: (row, exact rate, wrong | initial | rounded)."""
    for money in form.money:
        cell, budget = money.row.rate, money.adjusted if money.row.adjusted is not None else money.initial
        if cell is None or not filled(cell) or not budget or budget < 0 or money.executed is None or slipped(money):
            continue
        written = written_rates(cell)
        if not written or rate_of(money.executed, budget) in written:
            continue
        exact = Fraction(money.executed) / Fraction(budget) * 100
        low, high = _bounds(money.executed, budget)
        if any(low - _HALF <= w <= high + _HALF for w in map(Fraction, written)):
            continue
        if any(_rounding(w, exact) for w in written):
            yield money, exact, "rounded"
        elif money.initial and any(
            _rounding(w, Fraction(money.executed) / Fraction(money.initial) * 100) for w in written
        ):
            yield money, exact, "initial"
        else:
            yield money, exact, "wrong"


def _bounds(executed: Decimal, adjusted: Decimal) -> tuple[Fraction, Fraction]:
    """Between what the rate may be when amounts with two or more decimals were rounded."""
    (e, de), (a, da) = ((Fraction(n), _half_unit(n)) for n in (executed, adjusted))
    return (e - de) / (a + da) * 100, (e + de) / max(a - da, da or a) * 100


def _half_unit(number: Decimal) -> Fraction:
    places = -int(number.normalize().as_tuple().exponent)
    return Fraction(1, 2 * 10**places) if places >= 2 else Fraction(0)


def _rounding(written: Decimal, exact: Fraction) -> bool:
    places = max(0, -int(written.normalize().as_tuple().exponent))
    if places > _RATE_DECIMALS:
        return False
    cut = Decimal(int((exact * 10**places).__floor__())).scaleb(-places)
    up = cut if cut == exact else cut + Decimal(1).scaleb(-places)
    return written in (half_up_fraction(exact, places), cut, up)


def rate_above_100(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Nothing is executed beyond the year's budget."""
    tolerance, total = params.number("tolerance"), form.total_money
    over = [m for m in form.money if not slipped(m) and _over(m, tolerance)]
    for money in over if total not in over else [m for m in over if m is total]:
        if money.adjusted and money.executed is not None:
            rate = rate_of(money.executed, money.adjusted) or Decimal(0)
            expected = f"不超过全年预算数{trimmed(money.adjusted)}"
            cell, field = money.row.executed, "全年执行数"
        else:
            rate, expected, cell, field = (
                percent_written(money.row.rate) or Decimal(0),
                "不超过100%",
                money.row.rate,
                "执行率",
            )
        yield Seen(cell, field, money.name, expected, told={"rate": f"{trimmed(rate)}%"})


def _over(money: Money, tolerance: Decimal) -> bool:
    """By its amounts, or by its rate where there are none."""
    if money.adjusted and money.executed is not None:
        return money.executed > money.adjusted + tolerance
    return (percent_written(money.row.rate) or Decimal(0)) > 100


def denominator_zero(form: Reviewed, params: Params) -> Iterator[Seen]:
    """There is no rate without a budget. Told once: what the total lacks its parts lack too."""
    without = [money for money in form.money if _without_budget(money)]
    first = next((money for money in without if money is form.total_money), without[0] if without else None)
    if first is not None:
        name = "、".join(m.name for m in without) if first is not form.total_money else first.name
        yield Seen(first.row.adjusted, "全年预算数", name, "大于0的预算数;没有预算的不计算执行率")


def _without_budget(money: Money) -> bool:
    row, budget = money.row, money.adjusted
    if budget or row.adjusted is None or (filled(row.adjusted) and budget is None):
        return False
    return (bool(points_of(row.weight)) and filled(row.executed)) or (money.executed or 0) > 0


def funds_blank(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The scored row of the money block has its amounts."""
    money = form.total_money
    if money is None or not filled(money.row.weight):
        return
    budget, executed = money.row.adjusted, money.row.executed
    if not filled(budget) and not filled(executed) and any(m.adjusted and m.executed is not None for m in form.money):
        return  # a total row left blank as a whole; its parts hold the money, and are counted
    # A budget that lacks beside an amount spent is told as such.
    blank = [("全年预算数", budget)] if not filled(executed) else []
    empty = [(field, cell) for field, cell in [*blank, ("全年执行数", executed)] if cell is not None and cell.blank]
    if empty:
        yield Seen(empty[0][1], "、".join(field for field, _ in empty), money.name, "填写金额")


def tiny_spending(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Hardly any money spent, and all output there."""
    found, total = form.execution, form.total_money
    outputs = [line for line in form.lines if line.rows and second_of(line.rows[0].row) == QUANTITY]
    if found is None or found.rate is None or found.rate > params.number("rate") or total is None or not outputs:
        return
    if all(line.full for line in outputs) and not slipped(total):
        cell = total.row.executed if filled(total.row.executed) else total.row.rate
        told = {"rate": f"{trimmed(found.rate)}%", "outputs": str(len(outputs))}
        yield Seen(
            cell, "全年执行数", total.name, "说明资金支出与产出不匹配的原因", f"执行率{trimmed(found.rate)}%", told
        )


def wrong_rate(form: Reviewed) -> bool:
    """Whether the rate of the total row is told to be wrong, so that points that follow from it are told with it."""
    return any(money is form.total_money and how != "rounded" for money, _, how in _rates(form))


def rate_noted(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A sentence of the form that names 预算执行率 names the one of its amounts."""
    found = form.execution
    if found is None or found.rate is None:
        return
    for cell, text in sentences(form.form, form.form.achieved, *form.form.notes):
        for stated in () if _MIDYEAR.search(text) else _RATE_NOTED.findall(text):
            if not _rounding(Decimal(stated), Fraction(found.rate)):
                yield Seen(cell, "文字说明", "", f"{trimmed(found.rate)}%", f"预算执行率{stated}%")
                return
