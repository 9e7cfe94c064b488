"""What the cash-flow and net-value sheets say of each fund: its rate of return and its J-curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from workbench.base.exact import from_units
from workbench.evidence.tables import EPOCH, Table
from workbench.scoring.derivations import DerivedColumns
from workbench_pack_government_investment_funds.ledger import NO_DAY, Entries, Ledger, netted, read_ledger
from workbench_pack_government_investment_funds.many import solve_many

NO_VALUE, FOREIGN = "缺期末净值", "含外币未折算"


def fund_returns(tables: Mapping[str, Table], subjects: Sequence[str], params: Mapping[str, Any]) -> DerivedColumns:
    """Rate of return of each fund, net to its investors, as of its newest net value.

    Columns of length n: ``rate`` percent a year or None, ``state`` why there is none, ``roots`` all rates found as text,
    ``root_count`` and ``sign_changes``.
    """
    ledger = read_ledger(tables, subjects)
    dated = ledger.stated != NO_DAY
    state = np.where(ledger.foreign, FOREIGN, np.where(dated, "", NO_VALUE)).astype(object)
    state[~ledger.paying] = None
    names = ("rate", "state", "roots", "root_count", "sign_changes")
    found: dict[str, list[Any]] = {name: [None] * len(subjects) for name in names}
    found["state"] = state.tolist()
    solvable = np.flatnonzero(ledger.paying & ~ledger.foreign & dated)
    solutions = solve_many(netted(ledger.until_stated()), ledger.decimals, solvable)
    for fund, solution in zip(solvable.tolist(), solutions, strict=True):
        found["rate"][fund] = solution.rate
        found["state"][fund] = solution.state
        found["roots"][fund] = "、".join(f"{root:f}%" for root in solution.roots)
        found["root_count"][fund] = Decimal(len(solution.roots))
        found["sign_changes"][fund] = Decimal(solution.sign_changes)
    return found


def j_curve(tables: Mapping[str, Table], subjects: Sequence[str], params: Mapping[str, Any]) -> DerivedColumns:
    """Each fund's way through its J-curve: one row per day with a payment or a net value, up to the newest net value.

    Columns: ``subject``, ``date``, ``flow`` of the day, ``cumulative`` flows so far, ``nav`` of that day where known and
    ``position``, the two together: what the investors would have gained or lost that day. 万元.
    """
    ledger = read_ledger(tables, subjects)
    payments, values = _by_day(ledger.payments, len(subjects)), _by_day(ledger.values, len(subjects))
    names = ("subject", "date", "flow", "cumulative", "nav", "position")
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for i in np.flatnonzero(ledger.paying & ~ledger.foreign).tolist():
        for row in _curve(ledger, i, payments[i], values[i]):
            for name, value in zip(names, (subjects[i], *row), strict=True):
                columns[name].append(value)
    return columns


def _by_day(entries: Entries, n: int) -> list[dict[int, list[int]]]:
    """Each fund's amounts of each day."""
    found: list[dict[int, list[int]]] = [{} for _ in range(n)]
    for fund, day, units in zip(*(column.tolist() for column in entries), strict=True):
        found[fund].setdefault(day, []).append(units)
    return found


def _curve(
    ledger: Ledger, fund: int, payments: Mapping[int, list[int]], values: Mapping[int, list[int]]
) -> list[tuple[date, Decimal, Decimal, Decimal | None, Decimal | None]]:
    last = ledger.stated[fund]
    rows = []
    so_far = 0
    for day in sorted({*payments, *values}):
        if last != NO_DAY and day > last:
            break
        flow = sum(payments.get(day, []))
        so_far += flow
        nav = max(values[day]) if day in values else None
        units = (flow, so_far, nav, None if nav is None else so_far + nav)
        flow_, cumulative, value, position = (None if u is None else from_units(u, ledger.decimals) for u in units)
        assert flow_ is not None and cumulative is not None
        rows.append((EPOCH + timedelta(days=day), flow_, cumulative, value, position))
    return rows
