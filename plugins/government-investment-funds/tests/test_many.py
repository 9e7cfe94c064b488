"""Many funds at once against fund by fund in decimals: the same answers, and floats only where they are sure."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from workbench.evidence.tables import EPOCH
from workbench_pack_government_investment_funds import many
from workbench_pack_government_investment_funds.irr import ONE_SIGN, SEVERAL, Solution, solve
from workbench_pack_government_investment_funds.ledger import Entries, netted
from workbench_pack_government_investment_funds.many import solve_many
from workbench_pack_government_investment_funds.worth import Worth

Payments = list[tuple[date, Decimal]]
START = date(2017, 1, 1)


def together(funds: list[Payments]) -> list[Solution]:
    rows = [(i, (day - EPOCH).days, int(amount * 100)) for i, payments in enumerate(funds) for day, amount in payments]
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    entries = Entries(*(np.array(column, dtype=np.int64) for column in columns))
    return solve_many(netted(entries), 2, range(len(funds)))


@pytest.fixture
def left_to_decimals(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Number of entries of every fund that floats could not settle."""
    seen: list[int] = []
    solved = many._solved

    def noted(entries: Entries, decimals: int) -> Solution:
        seen.append(len(entries.fund))
        return solved(entries, decimals)

    monkeypatch.setattr(many, "_solved", noted)
    return seen


@pytest.fixture
def without_floats(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it, and every sign is found in decimals."""
    return lambda: monkeypatch.setattr(Worth, "_measured", lambda *_: (0.0, math.inf))


def wild(chance: random.Random) -> Payments:
    """Anything: signs, sizes and days at random, several payments on one day, days before 1970."""
    count, start = chance.randint(0, 9), START - timedelta(chance.choice((0, 20000)))
    span = chance.choice((5, 400, 4000, 15000))
    sizes = chance.choice((9, 99999, 10**10))
    return [
        (start + timedelta(chance.randint(0, span)), Decimal(chance.randint(-sizes, sizes)) / 100) for _ in range(count)
    ]


def plausible(chance: random.Random) -> Payments:
    """A fund: capital called in the first three years, paid back from the second on, a value at the end."""
    paid = [(chance.randint(0, 1100), -chance.randint(10**5, 10**6)) for _ in range(chance.randint(2, 5))]
    back = [(chance.randint(700, 3200), chance.randint(10**4, 10**6)) for _ in range(chance.randint(0, 6))]
    rows = [*paid, *back, (3650, chance.randint(0, 2 * 10**6))]
    return [(START + timedelta(day), Decimal(amount) / 100) for day, amount in rows]


def test_same_answers_as_one_by_one_in_decimals(without_floats: Callable[[], None]) -> None:
    chance = random.Random(14)
    funds = [plausible(chance) for _ in range(250)] + [wild(chance) for _ in range(250)]
    found = together(funds)
    assert found == [solve(payments) for payments in funds]
    without_floats()
    assert found == [solve(payments) for payments in funds]
    assert len({(s.state, min(s.sign_changes, 4)) for s in found}) > 12  # every state, with few and many changes
    assert sum(s.state == SEVERAL for s in found) > 10


def test_few_plausible_funds_need_decimals(left_to_decimals: list[int]) -> None:
    chance = random.Random(3)
    funds = [plausible(chance) for _ in range(400)]
    found = together(funds)
    changing = sum(s.sign_changes > 1 for s in found)
    assert changing > 60
    assert 0 < len(left_to_decimals) < changing / 3


def test_ties_and_neighbours_are_left_to_decimals(left_to_decimals: list[int]) -> None:
    # 1000.00 paid, after 365 days 1100.05 received: 10.005 % exactly, so half-up is 10.01 %; one cent less is 10.00 %.
    ties = [[(START, Decimal(-10000)), (START + timedelta(365), Decimal(x))] for x in ("11000.5", "10001.5", "9999.5")]
    assert [str(s.rate) for s in together(ties)] == ["10.01", "0.02", "-0.01"]
    assert len(left_to_decimals) == 3
    near = [[(START, Decimal(-10000)), (START + timedelta(365), Decimal("11000.49"))]]
    assert [str(s.rate) for s in together(near)] == ["10.00"]
    assert len(left_to_decimals) == 3


def test_two_rates_within_one_step_are_two() -> None:
    # (1000v − 1)(1000.01v − 1.0001)-like products: roots 0.001 percentage points apart.
    amounts = [Decimal(-10), Decimal("21.10011"), Decimal("-11.130121")]
    payments = [(START + timedelta(365 * i), a * 10**6) for i, a in enumerate(amounts)]
    assert together([payments]) == [solve(payments)]


def test_no_funds_and_funds_without_flows() -> None:
    assert together([]) == []
    assert together([[], []]) == [Solution(ONE_SIGN, (), 0)] * 2
    cancelled = [(START, Decimal(-5)), (START, Decimal(5))]
    assert together([cancelled, cancelled]) == [Solution(ONE_SIGN, (), 0)] * 2


def test_more_funds_and_flows_than_fit_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    funds = [plausible(chance) for _ in range(40)]
    whole = together(funds)
    monkeypatch.setattr(many, "FUNDS_AT_ONCE", 7)
    assert together(funds) == whole
    monkeypatch.setattr(many, "MOST_FLOWS", 4)
    assert together(funds) == whole
