"""The cash-flow and net-value sheets as arrays, seen from the investors: paid in is negative, received is positive.

The newest net value dates everything (基准日): flows after it are left out, the value itself is the last inflow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from workbench.base.exact import SAFE, BoolArray, Exact, IntArray, aligned
from workbench.evidence.tables import Table

PAID, FEE_BESIDE, RECEIVED = "实缴出资", "管理费(出资人另付)", "收益分配"
SIGNS = {PAID: -1, FEE_BESIDE: -1, RECEIVED: 1}
"""Kinds of flow between investors and fund; every other kind stays inside the fund."""
HOME_CURRENCY = "人民币"
NO_DAY = np.iinfo(np.int64).min
DAYS = 10**7
"""More than the days a calendar of four-digit years has; one number then says both fund and day."""


class Entries(NamedTuple):
    """Dated amounts of many funds, arrays of one length: index of the fund, days since 1970-01-01, signed units."""

    fund: IntArray
    day: IntArray
    units: IntArray

    def take(self, rows: Any) -> Entries:
        """Some of the entries."""
        return Entries(self.fund[rows], self.day[rows], self.units[rows])


@dataclass(frozen=True)
class Ledger:
    """What investors paid and received, and what their funds were worth, in units of 10^-decimals 万元.

    Attributes:
        payments: flows between investors and fund, in the order of the sheet.
        values: net values, in the order of the sheet.
        foreign: shape (n,), funds with a flow of any kind in foreign money: then no sum of theirs is known.
        stated: shape (n,), day of the newest net value; ``NO_DAY`` where none has both a date and an amount.
    """

    payments: Entries
    values: Entries
    decimals: int
    foreign: BoolArray
    stated: IntArray

    @property
    def paying(self) -> BoolArray:
        """Funds with any payment, shape (n,)."""
        return np.asarray(np.bincount(self.payments.fund, minlength=len(self.stated)) > 0)

    def until_stated(self) -> Entries:
        """Payments up to each fund's newest net value, and that value; nothing of a fund without one."""
        paid = self.payments.take(self.payments.day <= self.stated[self.payments.fund])
        newest = self.values.take(self.values.day == self.stated[self.values.fund])
        # Two values of one day are an error the findings name; the larger one stands.
        largest = np.lexsort((newest.units, newest.fund))
        last = np.append(newest.fund[largest][1:] != newest.fund[largest][:-1], True)[: len(largest)]
        return joined(paid, newest.take(largest[last]))


def read_ledger(tables: Mapping[str, Table], subjects: Sequence[str]) -> Ledger:
    """The ledger of all subjects; rows without a date or an amount are left to the findings."""
    place = {subject: i for i, subject in enumerate(subjects)}
    flows, nav = tables["flows"], tables["nav"]
    decimals, (amounts, worth) = aligned(_numbers(flows, "amount"), _numbers(nav, "nav"))
    signs = np.array([SIGNS.get(kind or "", 0) for kind in flows.texts("kind")], dtype=np.int64)
    paid = Entries(_funds(flows, place), _numbers(flows, "date").units, signs * amounts)
    kept = (signs != 0) & _filled(flows, paid, "amount")
    abroad = np.array([c not in (None, HOME_CURRENCY) for c in flows.texts("currency")], dtype=bool)
    foreign = np.zeros(len(subjects), dtype=bool)
    foreign[paid.fund[abroad & (paid.fund >= 0)]] = True
    values = Entries(_funds(nav, place), _numbers(nav, "date").units, worth)
    values = values.take(_filled(nav, values, "nav"))
    stated = np.full(len(subjects), NO_DAY)
    np.maximum.at(stated, values.fund, values.day)
    return Ledger(paid.take(kept), values, decimals, foreign, stated)


def joined(*parts: Entries) -> Entries:
    """Entries one after the other."""
    return Entries(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def netted(entries: Entries) -> Entries:
    """One entry per fund and day, by fund and day; days that add to nothing are left out."""
    key = entries.fund * DAYS + entries.day + DAYS // 2  # days before 1970 are negative
    order = np.argsort(key, kind="stable")
    key, units = key[order], entries.units[order]
    if key.size == 0:
        return entries
    if units.dtype != object and max(abs(int(units.max())), abs(int(units.min()))) * key.size >= SAFE:
        units = units.astype(object)
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    sums = np.add.reduceat(units, first)
    kept = sums != 0
    fund, day = np.divmod(key[first][kept], DAYS)
    return Entries(fund, day - DAYS // 2, sums[kept])


def _funds(table: Table, place: Mapping[str, int]) -> IntArray:
    """Index of each row's fund; −1 where it is none of the subjects."""
    return np.array([place.get(subject or "", -1) for subject in table.texts("subject")], dtype=np.int64)


def _numbers(table: Table, name: str) -> Exact:
    column = table.columns[name]
    if not isinstance(column, Exact):
        raise TypeError(f"{name} is not a numeric column")
    return column


def _filled(table: Table, entries: Entries, amount: str) -> BoolArray:
    return (entries.fund >= 0) & _numbers(table, "date").valid & _numbers(table, amount).valid
