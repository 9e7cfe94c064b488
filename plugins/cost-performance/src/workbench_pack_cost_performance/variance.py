"""Cost against last year, split into quantity, structure and price effects that add up to the cent.

With last year's and this year's unit costs c0, c1 and quantities q0, q1 of each item, and outputs Q0, Q1 of the object:

    quantity  (数量) = c0·q0·Q1/Q0 − c0·q0   the same work for more or less output
    structure (结构) = c0·q1 − c0·q0·Q1/Q0   more or less of the item for each unit of output
    price     (价格) = c1·q1 − c0·q1         another unit cost

The effects are taken in this order: quantity at last year's prices and make-up, structure at last year's prices, price at this
year's quantities (Laspeyres for the volume, Paasche for the price; 连环替代法 in textbooks of management accounting). Every
product is rounded half-up to the cent once; the effects are differences of rounded amounts, so rows and totals add up exactly.
An item without last year's quantity is new: its whole cost is structure. One without this year's quantity has ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from workbench.evidence.tables import Table
from workbench.scoring.derivations import DerivedColumns

FIELDS = ("previous_quantity", "previous_unit_cost", "quantity", "unit_cost")
EFFECTS = ("quantity", "structure", "price")
LARGEST = 10**15
"""元. Amounts from here on are slips of the pen (the evidence reader refuses them too) and are not passed on."""


@dataclass(frozen=True)
class Split:
    """Cost of last year and this year, and the three effects between them; all in 元, to the cent."""

    previous: Decimal
    quantity: Decimal
    structure: Decimal
    price: Decimal
    current: Decimal

    def __add__(self, other: Split) -> Split:
        return Split(*(a + b for a, b in zip(self.parts, other.parts, strict=True)))

    @property
    def parts(self) -> tuple[Decimal, Decimal, Decimal, Decimal, Decimal]:
        """All five amounts in the order they are shown."""
        return self.previous, self.quantity, self.structure, self.price, self.current


def cents(number: Fraction) -> Decimal:
    """Half-up to the cent, a tie away from zero."""
    scaled = abs(number) * 100
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-whole if number < 0 else whole).scaleb(-2)


def split_item(
    q0: Decimal | None, c0: Decimal | None, q1: Decimal | None, c1: Decimal | None, growth: Fraction
) -> Split | None:
    """One item's split; ``growth`` is Q1/Q0. None where a number is missing that a quantity of
    zero does not make idle, or an amount is past belief."""
    if q0 is None or q1 is None:
        return None
    c0 = c1 if q0 == 0 else c0
    c1 = c0 if q1 == 0 else c1
    if c0 is None or c1 is None:
        return None
    before, then = Fraction(c0) * Fraction(q0), Fraction(c0) * Fraction(q1)
    previous, grown = cents(before), cents(before * growth)
    repriced, current = cents(then), cents(Fraction(c1) * Fraction(q1))
    if max(previous, grown, repriced, current) >= LARGEST:
        return None
    return Split(previous, grown - previous, repriced - grown, current - repriced, current)


def _growths(subjects: Table) -> dict[str, Fraction]:
    """This year's qualified output over last year's, where both are known and last year's is positive."""
    found = {}
    for i in range(len(subjects)):
        now, before = subjects.value(i, "qualified_output"), subjects.value(i, "previous_output")
        if isinstance(now, Decimal) and isinstance(before, Decimal) and before > 0:
            found[str(subjects.value(i, "subject"))] = Fraction(now) / Fraction(before)
    return found


def _items(tables: Mapping[str, Table]) -> Iterator[tuple[str, str, Split | None]]:
    """Subject, item and split of every row of the sheet 可比项目."""
    table, growths = tables["comparable"], _growths(tables["subjects"])
    for i in range(len(table)):
        subject = str(table.value(i, "subject"))
        q0, c0, q1, c1 = (n if isinstance(n, Decimal) else None for n in (table.value(i, f) for f in FIELDS))
        growth = growths.get(subject)
        found = None if growth is None else split_item(q0, c0, q1, c1, growth)
        yield subject, str(table.value(i, "item")), found


def variance(tables: Mapping[str, Table], subjects: Sequence[str], _: Mapping[str, Any]) -> DerivedColumns:
    """The split of all items of each object; ``rows`` items, ``unknown`` of them without a number.

    Returns columns of length n. While one item is unknown, or last year's output, the amounts are None.
    """
    totals: dict[str, Split] = {}
    rows: dict[str, int] = dict.fromkeys(subjects, 0)
    unknown: dict[str, int] = dict.fromkeys(subjects, 0)
    for subject, _item, split in _items(tables):
        rows[subject] = rows.get(subject, 0) + 1
        if split is None:
            unknown[subject] = unknown.get(subject, 0) + 1
        else:
            totals[subject] = totals[subject] + split if subject in totals else split
    known = [totals.get(s) if not unknown[s] else None for s in subjects]
    columns: dict[str, list[Decimal | None]] = {
        name: [None if split is None else getattr(split, name) for split in known]
        for name in ("previous", *EFFECTS, "current")
    }
    columns["rows"] = [Decimal(rows[s]) for s in subjects]
    columns["unknown"] = [Decimal(unknown[s]) for s in subjects]
    return columns


def variance_lines(tables: Mapping[str, Table], subjects: Sequence[str], _: Mapping[str, Any]) -> DerivedColumns:
    """The split item by item, and each object's total; an item that is not known has blanks and there is no total then."""
    names = ("subject", "item", "previous", *EFFECTS, "current", "change")
    found: dict[str, list[Any]] = {name: [] for name in names}
    by_subject: dict[str, list[tuple[str, Split | None]]] = {s: [] for s in subjects}
    for subject, item, split in _items(tables):
        by_subject.setdefault(subject, []).append((item, split))
    for subject in subjects:
        lines = by_subject[subject]
        for item, split in [*lines, *_total(lines)]:
            amounts = [None] * 6 if split is None else [*split.parts, split.current - split.previous]
            for name, value in zip(names, (subject, item, *amounts), strict=True):
                found[name].append(value)
    return found


def _total(lines: Sequence[tuple[str, Split | None]]) -> list[tuple[str, Split | None]]:
    splits = [split for _, split in lines if split is not None]
    if not splits or len(splits) < len(lines):
        return []
    first, *others = splits
    return [("合计", sum(others, first))]
