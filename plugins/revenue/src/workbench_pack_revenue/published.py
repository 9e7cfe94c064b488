"""Published rates against published amounts (公布数核对): can the rate come from the amounts as they were printed?

Printed numbers are rounded, so an amount printed as 28.1 亿元 stands for anything between 28.05 and 28.15. The rate is
computed from the printed amounts, then from every corner of those intervals (it is monotone in each amount, so the extremes
lie in the corners). Only a published rate whose own interval lies outside of that range cannot come from the amounts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from workbench.base.exact import from_units
from workbench.evidence.tables import Table
from workbench_pack_revenue.rows import number, records

SAME, ROUNDED, WRONG, UNKNOWN = "一致", "四舍五入可以解释", "与公布数额不符", "公布数额不全,无法核对"
GROWTH = "同比增幅"
"""The kind of rate that is less one; the others (完成进度, 占比) are plain quotients."""
TABLE = "published"
FIELDS = ("item", "measure", "amount", "amount_step", "base", "base_step", "change", "change_step", "percent", "places")
COLUMNS = ("item", "measure", "amount", "base", "published", "computed", "low", "high", "verdict", "implied")


@dataclass(frozen=True)
class Claim:
    """One published rate. ``base`` and ``change`` are what it is computed from, None where not published.

    Each amount goes with the unit it was printed in (``…_step``: 1000 万元 for 亿元 with one decimal), the rate with its decimals.
    """

    subject: str
    item: str
    measure: str
    amount: Fraction | None
    amount_step: Fraction
    base: Fraction | None
    base_step: Fraction
    change: Fraction | None
    change_step: Fraction
    percent: Fraction | None
    places: int


@dataclass(frozen=True)
class Checked:
    """What came out: the rate from the printed amounts, its range, the verdict, and the base a lone rate implies."""

    computed: Fraction | None
    low: Fraction | None
    high: Fraction | None
    verdict: str
    implied: Fraction | None


def published_check(
    tables: Mapping[str, Table], subjects: Sequence[str], params: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Analysis: one row for each published rate, in the order of the sheet."""
    found: dict[str, list[Any]] = {name: [] for name in ("subject", *COLUMNS)}
    for claim in claims(tables[TABLE]):
        seen = check(claim)
        base = last_year(claim) if claim.measure == GROWTH else claim.base
        amounts = (claim.amount, base, claim.percent, seen.computed, seen.low, seen.high)
        numbers = [decimal(v) for v in amounts]
        row = (claim.subject, claim.item, claim.measure, *numbers, seen.verdict, decimal(seen.implied))
        for column, value in zip(found, row, strict=True):
            found[column].append(value)
    return found


def published_summary(
    tables: Mapping[str, Table], subjects: Sequence[str], params: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Derivation: how many published rates of each subject came out how; None for a subject without any."""
    checked: dict[str, list[tuple[Claim, Checked]]] = {name: [] for name in subjects}
    for claim in claims(tables[TABLE]):
        if claim.subject in checked:
            checked[claim.subject].append((claim, check(claim)))
    names = {"same": SAME, "rounded": ROUNDED, "wrong": WRONG, "unknown": UNKNOWN}
    found: dict[str, list[Any]] = {}
    for column, verdict in names.items():
        counts = [sum(c.verdict == verdict for _, c in rows) if rows else None for rows in checked.values()]
        found[column] = [None if n is None else Decimal(n) for n in counts]
    found["claims"] = [Decimal(len(rows)) if rows else None for rows in checked.values()]
    found["gap"] = [_widest(rows) for rows in checked.values()]
    found["wrong_items"] = [
        "、".join(f"{q.item}{q.measure}" for q, c in rows if c.verdict == WRONG) or None for rows in checked.values()
    ]
    return found


def _widest(rows: Sequence[tuple[Claim, Checked]]) -> Decimal | None:
    gaps = [
        abs(q.percent - c.computed)
        for q, c in rows
        if c.verdict == WRONG and q.percent is not None and c.computed is not None
    ]
    return decimal(max(gaps)) if gaps else None


def claims(table: Table) -> list[Claim]:
    """The rows of the sheet; an amount whose printed unit is not given counts as exact."""
    found = []
    for row in records(table, *FIELDS):
        exact = {name: None if row[name] is None else Fraction(row[name]) for name in FIELDS[2:9]}
        step = exact["amount_step"] or Fraction(0)
        places = number(row["places"])
        claim = Claim(
            row["subject"],
            row["item"],
            row["measure"],
            exact["amount"],
            step,
            exact["base"],
            step if exact["base_step"] is None else exact["base_step"],
            exact["change"],
            step if exact["change_step"] is None else exact["change_step"],
            exact["percent"],
            2 if places is None else int(places),
        )
        found.append(claim)
    return found


def check(claim: Claim) -> Checked:
    """Compare one published rate with what the printed amounts give."""
    parts = _parts(claim)
    if parts is None or claim.percent is None:
        return Checked(None, None, None, UNKNOWN, _implied(claim))
    (first, a), (second, b) = parts
    corners = [(first + i * a / 2, second + j * b / 2) for i, j in product((-1, 1), repeat=2)]
    computed = rate(claim, first, second)
    rates = [rate(claim, x, y) for x, y in corners]
    known = [r for r in rates if r is not None]
    bases = [_denominator(claim, x, y) for x, y in corners]
    if computed is None or len(known) < len(rates) or min(bases) <= 0 <= max(bases):
        return Checked(computed, None, None, UNKNOWN, None)
    low, high = min(known), max(known)
    half = Fraction(1, 2 * 10**claim.places)
    if half_up_fraction(computed, claim.places) == claim.percent:
        verdict = SAME
    else:
        verdict = ROUNDED if low <= claim.percent + half and claim.percent - half <= high else WRONG
    return Checked(computed, low, high, verdict, None)


def _parts(claim: Claim) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]] | None:
    """The two printed amounts the rate is made of, each with its unit: amount and base, or amount and change."""
    if claim.amount is None:
        return None
    if claim.base is not None:
        return (claim.amount, claim.amount_step), (claim.base, claim.base_step)
    if claim.measure == GROWTH and claim.change is not None:
        return (claim.amount, claim.amount_step), (claim.change, claim.change_step)
    return None


def _denominator(claim: Claim, amount: Fraction, second: Fraction) -> Fraction:
    return second if claim.base is not None else amount - second


def rate(claim: Claim, amount: Fraction, second: Fraction) -> Fraction | None:
    """The rate in percent from the amount and the base (or, for growth, the change); None when divided by zero."""
    base = _denominator(claim, amount, second)
    if base == 0:
        return None
    return (amount / base - (1 if claim.measure == GROWTH else 0)) * 100


def last_year(claim: Claim) -> Fraction | None:
    """The amount of the year before: printed, or the amount less its change."""
    if claim.base is not None or claim.amount is None or claim.change is None:
        return claim.base
    return claim.amount - claim.change


def _implied(claim: Claim) -> Fraction | None:
    """The base a rate would need when none was published: what a reader can ask for."""
    if claim.amount is None or claim.percent is None:
        return None
    share = claim.percent / 100 + (1 if claim.measure == GROWTH else 0)
    return claim.amount / share if share > 0 else None


def half_up_fraction(value: Fraction, places: int) -> Fraction:
    """``value`` rounded half-up to ``places`` decimals, exactly."""
    scaled = abs(value) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(units if value >= 0 else -units, 10**places)


def decimal(value: Fraction | None) -> Decimal | None:
    """The fraction with ten decimals, as analyses and derived tables take it."""
    if value is None:
        return None
    return from_units(int(half_up_fraction(value, 10) * 10**10), 10)
