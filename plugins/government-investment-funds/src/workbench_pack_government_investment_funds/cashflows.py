"""What the cash-flow and net-value sheets say of each fund: its rate of return and its J-curve.

Both look from the investors' side: what they pay (实缴出资, and fees they pay beside it) is negative, what they receive is
positive. The newest net value dates everything (基准日): flows after it are left out, the value itself is the last inflow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from workbench.evidence.tables import Table
from workbench.scoring.derivations import DerivedColumns
from workbench_pack_government_investment_funds.irr import Solution, solve

PAID, FEE_BESIDE, RECEIVED = "实缴出资", "管理费(出资人另付)", "收益分配"
SIGNS = {PAID: -1, FEE_BESIDE: -1, RECEIVED: 1}
"""Kinds of flow between investors and fund; every other kind stays inside the fund."""
HOME_CURRENCY = "人民币"
NO_VALUE, FOREIGN = "缺期末净值", "含外币未折算"
ZERO = Decimal(0)


class Value(NamedTuple):
    """A fund's net value on one day."""

    day: date
    amount: Decimal


class Fund(NamedTuple):
    """One fund's dated payments in 万元, its known net values by day, and whether a flow is in foreign money."""

    payments: list[tuple[date, Decimal]]
    values: list[Value]
    foreign: bool

    @property
    def stated(self) -> Value | None:
        """The newest net value; None when none has both a date and an amount."""
        return self.values[-1] if self.values else None


def fund_returns(tables: Mapping[str, Table], subjects: Sequence[str], params: Mapping[str, Any]) -> DerivedColumns:
    """Rate of return of each fund, net to its investors, as of its newest net value.

    Columns of length n: ``rate`` percent a year or None, ``state`` why there is none, ``roots`` all rates found as text,
    ``root_count`` and ``sign_changes``.
    """
    funds = read_funds(tables, subjects)
    found: dict[str, list[Any]] = {name: [] for name in ("rate", "state", "roots", "root_count", "sign_changes")}
    for subject in subjects:
        state, solution = _judged(funds[subject])
        found["rate"].append(solution.rate if solution else None)
        found["state"].append(state)
        found["roots"].append("、".join(f"{root:f}%" for root in solution.roots) if solution else None)
        found["root_count"].append(Decimal(len(solution.roots)) if solution else None)
        found["sign_changes"].append(Decimal(solution.sign_changes) if solution else None)
    return found


def _judged(fund: Fund) -> tuple[str | None, Solution | None]:
    if not fund.payments:
        return None, None
    if fund.foreign:
        return FOREIGN, None
    if fund.stated is None:
        return NO_VALUE, None
    day, amount = fund.stated
    solution = solve([*((d, a) for d, a in fund.payments if d <= day), (day, amount)])
    return solution.state, solution


def j_curve(tables: Mapping[str, Table], subjects: Sequence[str], params: Mapping[str, Any]) -> DerivedColumns:
    """Each fund's way through its J-curve: one row per day with a payment or a net value, up to the newest net value.

    Columns: ``subject``, ``date``, ``flow`` of the day, ``cumulative`` flows so far, ``nav`` of that day where known and
    ``position``, the two together: what the investors would have gained or lost that day. 万元.
    """
    funds = read_funds(tables, subjects)
    names = ("subject", "date", "flow", "cumulative", "nav", "position")
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for subject in subjects:
        for row in _curve(funds[subject]):
            for name, value in zip(names, (subject, *row), strict=True):
                columns[name].append(value)
    return columns


def _curve(fund: Fund) -> list[tuple[date, Decimal, Decimal, Decimal | None, Decimal | None]]:
    if fund.foreign or not fund.payments:
        return []
    last = fund.stated.day if fund.stated else None
    values = dict(fund.values)
    by_day: dict[date, Decimal] = dict.fromkeys(values, ZERO)
    for day, amount in fund.payments:
        by_day[day] = by_day.get(day, ZERO) + amount
    rows: list[tuple[date, Decimal, Decimal, Decimal | None, Decimal | None]] = []
    so_far = ZERO
    for day in sorted(d for d in by_day if last is None or d <= last):
        so_far += by_day[day]
        nav = values.get(day)
        rows.append((day, by_day[day], so_far, nav, None if nav is None else so_far + nav))
    return rows


def read_funds(tables: Mapping[str, Table], subjects: Sequence[str]) -> dict[str, Fund]:
    """Payments and net values of every subject; rows without a date or an amount are left to the findings."""
    funds = {subject: Fund([], [], False) for subject in subjects}
    flows = tables["flows"]
    for row in range(len(flows)):
        owner = flows.value(row, "subject")
        day, amount = flows.value(row, "date"), flows.value(row, "amount")
        sign = SIGNS.get(str(flows.value(row, "kind")))
        if owner not in funds or sign is None or not isinstance(day, date) or not isinstance(amount, Decimal):
            continue
        fund = funds[owner]
        fund.payments.append((day, sign * amount))
        if flows.value(row, "currency") not in (None, HOME_CURRENCY):
            funds[owner] = fund._replace(foreign=True)
    return _with_values(funds, tables["nav"])


def _with_values(funds: dict[str, Fund], nav: Table) -> dict[str, Fund]:
    for row in range(len(nav)):
        owner, day, amount = nav.value(row, "subject"), nav.value(row, "date"), nav.value(row, "nav")
        if owner in funds and isinstance(day, date) and isinstance(amount, Decimal):
            funds[owner].values.append(Value(day, amount))
    for fund in funds.values():
        fund.values.sort()
    return funds
