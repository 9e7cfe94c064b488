"""预算执行率: from the total row, or from its parts where that was left blank, or as written where there are no amounts.

财预〔2020〕10号 附1: only the total row carries points. 预算执行率 is 全年执行数 ÷ 全年预算数.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from workbench.base.exact import half_up_fraction
from workbench.base.text import half_width, with_unit
from workbench.recheck.model import Form, FundKind, FundRow, IndicatorRow, Written
from workbench.recheck.values import amount_of, number_of, percent_written, points_of, rate_of

NAME = "预算执行率"
COMPLETED = "项目是否完成"
"""The label that 财预〔2021〕101号 asks for: its points for 预算执行率 are others for a project that is completed."""
_STATES = r"是|否|已?(?:完成|完工|验收)|(?:尚?未|没有)(?:完成|完工)|部分完成|(?:实施|进行|建设)中|在建"
_COMPLETION = re.compile(
    r"(?:项目)?(?:(?P<no>否|(?:尚?未|没有)(?:完成|完工)|部分完成|(?:实施|进行|建设)中|在建)|是|已?(?:完成|完工|验收))"
)
_BOXED = "□☐☑√✓■"
_BOXES = re.compile(f"[{_BOXED}]")
_TICK_FIRST = re.compile(rf"[☑√✓■]({_STATES})")
_TICK_LAST = re.compile(rf"({_STATES})[☑√✓■]")
_CALLED = re.compile(r"(全年|年度|当年|本年|项目|部门|单位|财政|整体)*(预算|资金|支出)+执行(率|情况)")
_FINE = 10
"""Decimals of a rate from which points follow."""
TEN_THOUSAND = Decimal(10_000)
_BEYOND, _MOST, _ALIKE = 100_000, 110, Decimal("0.02")
"""A rate in percent that no spending has, the highest that some have, and how near two are to be held the same."""
_TWO_UNITS = "全年预算数与全年执行数相差近万倍,金额单位(元、万元)不一致,须核实后计分"
_Rate = tuple[Decimal | None, Decimal | None, str]
"""As :class:`Execution` has them: rate, fine, reason."""
_BRACKETED = re.compile(r"[(（].*?[)）]|[\s、.．]|^[一二三四五六七八九十\d]+")


@dataclass(frozen=True, slots=True)
class Execution:
    """What the money block tells.

    Attributes:
        rate: percent with two decimals; None where it cannot be formed.
        fine: the same as the amounts give it, before it was rounded to be shown: points follow from this; ``rate`` where there
            are no amounts.
        weight, points: of the total row, as numbers.
        completed: whether the project is completed, where the form says so.
        reason: why there is no rate, or how it came about where not from the total row; without a full stop.
        slipped: the amounts are in two units, so that a person has to judge.
    """

    rate: Decimal | None
    weight: Decimal | None
    points: Decimal | None
    reason: str = ""
    completed: bool | None = None
    fine: Decimal | None = None
    slipped: bool = False


def execution_of(form: Form) -> Execution | None:
    """The line of 预算执行率; None for a form without a money block."""
    if not form.funds:
        return None
    holder = scored_fund(form)
    weight, points = (None, None) if holder is None else (points_of(holder.weight), points_of(holder.points))
    total = form.fund(FundKind.TOTAL)
    if total is not None and in_two_units(*_pair(total, form.money_unit), total.rate):
        return Execution(None, weight, points, _TWO_UNITS, completed_in(form), slipped=True)
    rate, fine, reason = _rate(form, total)
    return Execution(rate, weight, points, reason, completed_in(form), fine)


def in_two_units(budget: Decimal | None, executed: Decimal | None, rate: Written | None) -> bool:
    """Whether executed and budget differ ten-thousandfold: far beyond 100 %, as the written rate says, or where none is written."""
    if not executed or not budget or executed < 0 or budget < 0:
        return False
    made = executed / budget * 100
    if made >= _BEYOND:
        return True
    if rate is None or rate.blank:
        ratio = max(executed, budget) / min(executed, budget)
        return TEN_THOUSAND / 2 <= ratio <= TEN_THOUSAND * 2
    return made < 1 and any(0 < w <= _MOST and abs(made * TEN_THOUSAND / w - 1) < _ALIKE for w in written_rates(rate))


def written_rates(cell: Written | None) -> list[Decimal]:
    """The rate in percent; both readings of 0.98 without a percent sign."""
    number = number_of(cell)
    if number is None or cell is None:
        return []
    signed = cell.percent or "%" in half_width(cell.text)
    return [number] if signed or not 0 < number <= 2 else [number, number * 100]


def scored_fund(form: Form) -> FundRow | None:
    """The row of the money block that carries the points: the total, or the only one with a weight; None without any row."""
    if not form.funds:
        return None
    total = form.fund(FundKind.TOTAL)
    holder = total if total is not None else form.funds[0]
    if points_of(holder.weight) is None:
        carrying = [r for r in form.funds if points_of(r.weight) is not None]
        if len(carrying) == 1:
            return carrying[0]
    return holder


def execution_row(form: Form) -> IndicatorRow | None:
    """The indicator that is 预算执行率, in a form whose money block has no 分值; None where there is none, or more than one."""
    if any(row.weight is not None and not row.weight.blank for row in form.funds):
        return None
    named = [
        row for row in form.indicators if not row.part and points_of(row.weight) is not None and _stands_for_rate(row)
    ]
    alone = [row for row in named if sum(other.group == row.group for other in form.indicators) == 1]
    return alone[0] if len(alone) == 1 else None


def execution_in(row: IndicatorRow, form: Form) -> Execution:
    """What is known of 预算执行率 where an indicator stands for it: the rate of the money block, else the one written."""
    found = execution_of(form)
    rate, fine, reason = (None, None, "") if found is None else (found.rate, found.fine, found.reason)
    slipped = found is not None and found.slipped
    if rate is None and not slipped:
        rate = fine = percent_written(row.actual)
        reason = "资金栏算不出执行率,按所写完成值计" if rate is not None else reason or "没有资金栏,完成值也不是百分比"
    return Execution(rate, points_of(row.weight), points_of(row.points), reason, completed_in(form), fine, slipped)


def completed_in(form: Form) -> bool | None:
    """Whether the form says that the project is completed, in a cell for that; None where it does not say, or not plainly."""
    cell = form.labels.get(COMPLETED)
    return None if cell is None else completed_as(cell.text)


def completed_as(said: str) -> bool | None:
    """已完成 and ☑是 □否 are True, 未完成 and 否 False; None for everything else."""
    text = half_width("".join(said.split()))
    boxed = _BOXES.search(text) is not None
    ticked = (_TICK_FIRST if text[0] in _BOXED else _TICK_LAST).findall(text) if boxed else [text]
    found = _COMPLETION.fullmatch(ticked[0]) if len(ticked) == 1 else None
    return None if found is None else found["no"] is None


def is_rate(name: str) -> bool:
    """Whether an indicator of this name is 预算执行率."""
    return _CALLED.fullmatch(_BRACKETED.sub("", name)) is not None


def _stands_for_rate(row: IndicatorRow) -> bool:
    """Whether the indicator is called so; where its own name is left blank, its level."""
    names = [w.text for w in (row.level3, row.level2, row.level1) if w is not None and not w.blank]
    return bool(names) and is_rate(names[0])


def _rate(form: Form, total: FundRow | None) -> _Rate:
    budget, executed = (None, None) if total is None else _pair(total, form.money_unit)
    if budget and executed is not None:
        return _of(executed, budget, _initial_only(total))
    from_parts = _from_parts(form, total, budget)
    if from_parts is not None:
        return from_parts
    if budget is None and executed is None:
        return _as_written(form, total)
    lacking = "全年预算数为0" if budget == 0 else "未填全年预算数" if budget is None else "未填全年执行数"
    return None, None, f"{lacking},不能计算执行率"


def _of(executed: Decimal, budget: Decimal, reason: str) -> _Rate:
    rate = rate_of(executed, budget)
    # Whole percents are where bands begin (101号): a rate that is shown as 80.00% is 80%.
    rounded = rate is None or rate == rate.to_integral_value()
    return rate, rate if rounded else half_up_fraction(Fraction(executed) / Fraction(budget) * 100, _FINE), reason


def _from_parts(form: Form, total: FundRow | None, budget: Decimal | None) -> _Rate | None:
    """The rate of the parts, where the total row was left blank or zero and they hold the money."""
    unit, parts = form.money_unit, _parts(form.funds)
    pairs = [_pair(row, unit) for row in parts]
    planned, spent = (_sum([amounts[i] for amounts in pairs]) for i in (0, 1))
    if not planned or spent is None or (budget and budget != planned):
        return None
    names = "、".join(row.name.text for row in parts)
    lack = (
        "没有总额行"
        if total is None
        else "总额行未填全"
        if budget
        else f"总额行全年预算数{'未填' if budget is None else '为0'}"
    )
    shown = f"全年预算数{with_unit(planned, unit)}、全年执行数{with_unit(spent, unit)}"
    return _of(spent, planned, f"{lack},按其中“{names}”计:{shown}")


def budget_of(form: Form) -> Decimal | None:
    """全年预算数 of the total row, or where that was left blank of its parts, in the form's unit of money."""
    total = form.fund(FundKind.TOTAL)
    budget = None if total is None else _pair(total, form.money_unit)[0]
    return budget or _sum([_pair(row, form.money_unit)[0] for row in _parts(form.funds)])


def _pair(row: FundRow, unit: str | None) -> tuple[Decimal | None, Decimal | None]:
    """Budget and executed. 年初预算数 stands in only where the form has no column for 全年预算数."""
    budget = row.initial if row.adjusted is None else row.adjusted
    return amount_of(budget, unit), amount_of(row.executed, unit)


def _initial_only(total: FundRow | None) -> str:
    return "表中没有全年预算数一栏,按年初预算数计" if total is not None and total.adjusted is None else ""


def _parts(funds: Sequence[FundRow]) -> list[FundRow]:
    """The rows that together make the total: the official ones, or the local ones where only these hold money."""
    official = [r for r in funds if r.kind in (FundKind.FISCAL, FundKind.CARRIED, FundKind.OTHER)]
    local = [r for r in funds if r.kind is FundKind.PART]
    for rows in (official, local):
        filled = [r for r in rows if amount_of(r.executed, None) is not None or amount_of(r.adjusted, None) is not None]
        if filled:
            return filled
    return []


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [a for a in amounts if a is not None]
    return sum(known, Decimal(0)) if known else None


def _as_written(form: Form, total: FundRow | None) -> _Rate:
    rows = [total] if total is not None else list(form.funds)
    rates = [r for r in (percent_written(row.rate) for row in rows) if r is not None]
    if len(rates) == 1:
        return rates[0], rates[0], "表中没有预算数和执行数,按所写执行率计"
    return None, None, "预算数、执行数和执行率均未填,不能计算"
