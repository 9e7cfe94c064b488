"""Rates of return of many funds at once: floats prove what they can, decimals decide the rest, fund by fund.

pyxirr proposes a rate; it holds at two decimals when the net present value has different signs at its two rounding
neighbours and no other rate exists. That is so when the flows change their sign once (Descartes), and also when at both
neighbours the balance of the flows so far, discounted, keeps the sign of the first flow until the last one: what
Teichroew, Robichek and Montalbano (Management Science, 1965) call a pure investment. Then, the first flow being paid in, at
any higher rate every balance is negative, too, and at any lower rate what is still to come outweighs it, so neither side
has a root; and between the neighbours the net present value falls wherever it is not negative, so there is one only.

Every sign is taken only where the float differs from zero by more than its own error can be. What remains doubtful — a
rate beside a tie, several roots, none — goes to :func:`irr.solve`, and both ways give the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from workbench.base.exact import BoolArray, IntArray, from_units
from workbench.evidence.tables import EPOCH
from workbench_pack_government_investment_funds.irr import DECIMALS, ONE_SIGN, STEPS, UNIQUE, Solution, solve
from workbench_pack_government_investment_funds.ledger import Entries
from workbench_pack_government_investment_funds.worth import YEAR_DAYS, float_error

LOWEST_STEP, HIGHEST_STEP = -9_980, 999_900
"""Proposals outside are left to decimals: −99.8 % and 9999 %."""
MOST_FLOWS, FUNDS_AT_ONCE = 500, 2_000

Floats = npt.NDArray[np.float64]


class Funds(NamedTuple):
    """Funds with netted flows: index of the fund, first entry, number of entries and of changes of sign; shape (m,) each."""

    fund: IntArray
    start: IntArray
    length: IntArray
    changes: IntArray

    def take(self, rows: Any) -> Funds:
        """Some of the funds."""
        return Funds(*(column[rows] for column in self))


def solve_many(entries: Entries, decimals: int, funds: Sequence[int] | IntArray) -> list[Solution]:
    """What :func:`irr.solve` says of each of the ``funds``, by index.

    Args:
        entries: netted flows (see :func:`ledger.netted`), counted in units of 10^-decimals.
    """
    wanted = _counted(entries, np.asarray(funds, dtype=np.int64))
    steps = _proposed(entries, wanted)
    proven = np.zeros(len(steps), dtype=bool)
    fit = np.flatnonzero((wanted.length <= MOST_FLOWS) & (steps > LOWEST_STEP) & (steps < HIGHEST_STEP))
    for first in range(0, len(fit), FUNDS_AT_ONCE):
        rows = fit[first : first + FUNDS_AT_ONCE]
        proven[rows] = _proven(entries, wanted.take(rows), steps[rows])
    solutions = []
    for i, changes in enumerate(wanted.changes.tolist()):
        if changes == 0:
            solutions.append(Solution(ONE_SIGN, (), 0))
        elif proven[i]:
            solutions.append(Solution(UNIQUE, (from_units(int(steps[i]), DECIMALS),), changes))
        else:
            part = slice(wanted.start[i], wanted.start[i] + wanted.length[i])
            solutions.append(_solved(entries.take(part), decimals))
    return solutions


def _solved(entries: Entries, decimals: int) -> Solution:
    """One fund by decimals."""
    pairs = zip(entries.day.tolist(), entries.units.tolist(), strict=True)
    return solve([(EPOCH + timedelta(days=day), from_units(units, decimals)) for day, units in pairs])


def _counted(entries: Entries, index: IntArray) -> Funds:
    start = np.searchsorted(entries.fund, index)
    length = np.searchsorted(entries.fund, index, side="right") - start
    turn = (entries.fund[1:] == entries.fund[:-1]) & ((entries.units[1:] > 0) != (entries.units[:-1] > 0))
    turns_before = np.concatenate([[0], np.cumsum(turn)])
    last = np.maximum(start + length - 1, 0)
    changes = np.where(length > 1, turns_before[last % len(turns_before)] - turns_before[start % len(turns_before)], 0)
    return Funds(index, start, length, changes)


def _proposed(entries: Entries, funds: Funds) -> Floats:
    """The rate pyxirr finds for each fund in whole steps; NaN where it finds none."""
    from pyxirr import xirr

    days, amounts = entries.day.astype("datetime64[D]").tolist(), entries.units.astype(np.float64).tolist()
    found = np.full(len(funds.fund), np.nan)
    for i in np.flatnonzero(funds.changes > 0).tolist():
        part = slice(funds.start[i], funds.start[i] + funds.length[i])
        rate = xirr(days[part], amounts[part], silent=True)
        found[i] = np.nan if rate is None else rate
    return np.asarray(np.rint(found * STEPS))


def _proven(entries: Entries, funds: Funds, steps: Floats) -> BoolArray:
    """Whether each proposal is the only rate, rounded."""
    place = np.arange(funds.length.max())
    rows = np.minimum(funds.start[:, None] + place, len(entries.fund) - 1)
    there = place < funds.length[:, None]
    amounts = np.where(there, entries.units[rows], 0).astype(np.float64)
    years = np.where(there, entries.day[rows] - entries.day[funds.start][:, None], 0) / YEAR_DAYS
    # Seen as an investment: the first flow counts as negative whatever its sign.
    amounts *= -np.sign(amounts[:, :1])
    before_last = place < funds.length[:, None] - 1
    low, low_clear = _balances(amounts, years, steps - 0.5)
    high, high_clear = _balances(amounts, years, steps + 0.5)
    pure = np.where(before_last, (low < -low_clear) & (high < -high_clear), True).all(axis=1)
    crossing = (low[:, -1] > low_clear[:, 0]) & (high[:, -1] < -high_clear[:, 0])
    return np.asarray(crossing & (pure | (funds.changes == 1)))


def _balances(amounts: Floats, years: Floats, steps: Floats) -> tuple[Floats, Floats]:
    """Discounted sums of the flows so far at a rate of each fund, shape (m, L), and the error they may have, (m, 1)."""
    log_rate = np.log((STEPS + steps) / STEPS)[:, None]
    with np.errstate(over="ignore", invalid="ignore"):  # infinite or undefined is doubtful, and so decided elsewhere
        terms = amounts * np.exp(-log_rate * years)
        size = np.abs(terms).sum(axis=1, keepdims=True)
        error = float_error(years.shape[1], years.max(axis=1, keepdims=True), log_rate) * size
        return np.cumsum(terms, axis=1), error
