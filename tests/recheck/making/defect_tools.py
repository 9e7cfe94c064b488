"""What a mutation of an honest form is, and what most of them need.

A mutation changes what a person would have changed, and leaves the rest as it would then stand (the total, the grade).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any

from form_facts import Facts, grade_of, half_up, plain

Key = tuple[Any, ...]
COUNTS, RATES, TIME, COST, BENEFITS, SATISFACTION = (0, 1, 2), (3, 4), 5, 6, (7, 8, 9), 10
"""Where the indicators of an honest form stand, from 0."""
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Changed:
    """A form with one defect.

    Attributes:
        keys: any of these cells may be named, none for the whole form.
        layout: the only layout that shows it; file: a name of the file that is part of the defect.
    """

    facts: Facts
    keys: tuple[Key, ...] = ()
    layout: str = ""
    file: str = ""


@dataclass(frozen=True)
class Mutation:
    """A kind of defect; any of ``codes`` tells it."""

    kind: str
    codes: tuple[str, ...]
    change: Callable[[Facts, Random], Changed]


MUTATIONS: dict[str, Mutation] = {}


def mutation(*codes: str) -> Callable[[Callable[[Facts, Random], Changed]], Callable[[Facts, Random], Changed]]:
    """Keeps the function as a kind of defect under its name."""

    def kept(change: Callable[[Facts, Random], Changed]) -> Callable[[Facts, Random], Changed]:
        MUTATIONS[change.__name__] = Mutation(change.__name__, codes, change)
        return change

    return kept


def at(n: int, *columns: str) -> tuple[Key, ...]:
    """Cells of an indicator (from 0)."""
    return tuple(("item", n + 1, column) for column in columns)


def money_at(*columns: str, kind: str = "total") -> tuple[Key, ...]:
    """Cells of the money block."""
    return tuple(("fund", kind, column) for column in columns)


def met(facts: Facts, n: int) -> Facts:
    """With this count reached, so that only the defect stands in the row."""
    item = facts.items[n]
    if isinstance(item.value, Decimal) and isinstance(item.actual, Decimal) and item.actual < item.value:
        return facts.item(n, actual=item.value, points=item.weight, remark="")
    return facts


def missed(facts: Facts, n: int, rng: Random, low: int = 55, high: int = 88) -> Facts:
    """With this count missed, its points in proportion, and a reason."""
    item = facts.items[n]
    value = max(item.value, Decimal(10))
    actual = plain((value * rng.randint(low, high) / 100).to_integral_value())
    remark = f"因合同变更,实际完成{actual}{item.unit},完成目标的{half_up(actual / value * 100)}%;列入下年度计划。"
    return facts.item(n, value=value, actual=actual, points=half_up(item.weight * actual / value), remark=remark)


def weighing(facts: Facts, n: int, weight: Decimal) -> Facts:
    """With another weight, the share of points kept."""
    item = facts.items[n]
    return facts.item(n, weight=plain(weight), points=half_up(weight * item.points / item.weight))


def without(facts: Facts, *gone: int, to: int) -> Facts:
    """Without some indicators, their weights gone to another."""
    spare = sum((facts.items[n].weight for n in gone), Decimal(0))
    facts = weighing(facts, to, facts.items[to].weight + spare)
    return replace(facts, items=tuple(x for n, x in enumerate(facts.items) if n not in gone)).settled()


def spent(facts: Facts, share: Decimal) -> Facts:
    """With this share of the budget spent, one row of money, the rate and points that follow."""
    money = facts.first
    executed = half_up(money.adjusted * share)
    rate = half_up(executed / money.adjusted * 100)
    points = half_up(min(money.weight, money.weight * rate / 100))
    return replace(facts, funds=(replace(money, executed=executed, rate=rate, points=points),)).settled()


def stated(facts: Facts, total: Decimal) -> Facts:
    """With this total and its grade, whatever the rows say."""
    return replace(facts, total=plain(total), grade=grade_of(total))
