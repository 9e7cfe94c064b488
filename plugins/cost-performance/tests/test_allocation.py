"""Shared cost by driver: the parts add up to the pool, and what cannot be shared is said."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.plugins.manager import load_plugins
from workbench.runs.bulk import table_from_columns
from workbench.scheme.library import Library
from workbench_pack_cost_performance.allocation import Pool, allocated, largest_remainder, read_pools

Rows = dict[str, list[dict[str, Any]]]
Judged = Callable[[Rows, str], tuple[dict[str, Any], dict[str, Any]]]
MONEY = st.decimals("-100000000", "100000000", places=2)
DRIVERS = st.lists(st.decimals("0", "1000000", places=2), min_size=1, max_size=20).filter(any)


@pytest.mark.parametrize(
    ("amount", "drivers", "parts"),
    [
        # 1 000 001 cents by 1:1:1 → 333 333.67 cents each; two cents are left for the first two.
        ("10000.01", ["1", "1", "1"], ["3333.34", "3333.34", "3333.33"]),
        # Hamilton's method by hand: 100 cents by 416:338:246 → 41.6, 33.8, 24.6; whole 41, 33, 24; two left: .8, then .6 (first).
        ("1.00", ["416", "338", "246"], ["0.42", "0.34", "0.24"]),
        ("-0.02", ["1", "2"], ["-0.01", "-0.01"]),
        ("5.00", ["0", "3"], ["0.00", "5.00"]),
    ],
)
def test_largest_remainder(amount: str, drivers: list[str], parts: list[str]) -> None:
    assert [str(p) for p in largest_remainder(Decimal(amount), [Decimal(d) for d in drivers])] == parts


@given(MONEY, DRIVERS)
def test_parts_add_up_and_are_within_a_cent_of_their_share(amount: Decimal, drivers: list[Decimal]) -> None:
    parts = largest_remainder(amount, drivers)
    assert sum(parts) == amount
    total = sum(map(Fraction, drivers))
    for part, driver in zip(parts, drivers, strict=True):
        assert abs(Fraction(part) - Fraction(amount) * Fraction(driver) / total) < Fraction(1, 100)


@pytest.mark.parametrize("drivers", [["0", "0"], ["3", "-1"]])
def test_nothing_to_share_by_is_refused(drivers: list[str]) -> None:
    with pytest.raises(ValueError, match="分摊依据"):
        largest_remainder(Decimal(1), [Decimal(d) for d in drivers])


def test_shares_join_the_cost(judged: Judged, facts: Rows) -> None:
    facts["shared_costs"].append({"pool": "安保平台", "amount": 9600, "driver": "工时", "has_standard": "是"})
    facts["drivers"].append({"subject": "P1", "pool": "安保平台", "quantity": 100})
    indicators, _ = judged(facts, "P1")
    # (2712000 + 9600) / 48000 = 56.70; covered (2396666.66 + 9600) / 2721600 = 88.413…%
    assert (indicators["C_UNIT"].value, indicators["C_COVER"].value) == ("56.70", "88.41")


def test_pool_borne_by_nobody_is_said_to_everybody(judged: Judged, facts: Rows) -> None:
    facts["shared_costs"].append({"pool": "无人认领", "amount": 5000, "has_standard": "否"})
    indicators, findings = judged(facts, "P2")
    assert "1笔共5000元" in findings["shared_cost_idle"].message
    assert indicators["C_UNIT"].value == "52.00"


def test_pool_with_zero_drivers_is_borne_by_nobody(judged: Judged, facts: Rows) -> None:
    for row in facts["drivers"]:
        row["quantity"] = 0
    indicators, findings = judged(facts, "P1")
    # Without its share of 195333.34: 2516666.66 / 48000 = 52.430…
    assert indicators["C_UNIT"].value == "52.43"
    assert {"shared_cost_idle", "driver_zero"} <= set(findings)


def test_unknown_driver_leaves_all_its_objects_unscored(judged: Judged, facts: Rows) -> None:
    row = next(r for r in facts["drivers"] if r["subject"] == "P2" and r["pool"] == "后勤综合管理费")
    del row["quantity"]
    own, findings = judged(facts, "P2")
    assert findings["driver_missing"].severity == "error"
    other, told = judged(facts, "P1")
    assert "allocation_waits" in told
    assert [c for c in ("C_COLLECT", "C_UNIT", "C_STD", "C_HEAD") if own[c].final or other[c].final] == []
    # P3 takes no part in that pool.
    assert judged(facts, "P3")[0]["C_UNIT"].value == "60.00"


def test_driver_for_a_pool_that_is_not_listed_is_said(judged: Judged, facts: Rows) -> None:
    facts["drivers"].append({"subject": "P3", "pool": "后勤综合管理", "quantity": 19000})
    assert "1行" in judged(facts, "P3")[1]["driver_without_pool"].message


def test_unknown_standard_of_a_pool_leaves_coverage_unscored(judged: Judged, facts: Rows) -> None:
    del facts["shared_costs"][0]["has_standard"]
    assert judged(facts, "P1")[0]["C_COVER"].final is None
    assert judged(facts, "P3")[0]["C_COVER"].value == "60.00"


def test_overhead_entered_twice_is_said(judged: Judged, facts: Rows) -> None:
    assert "76000元" in judged(facts, "P3")[1]["overhead_twice"].message


def test_allocation_table_shows_what_each_share_is_made_of(
    analysed: Callable[[Rows, str, str], list[dict[str, Any]]], facts: Rows
) -> None:
    first, second = analysed(facts, "allocation_lines", "P1")
    # 312000 × 48000 / 78000 = 192000; 48000 / 78000 = 61.538…%
    assert (first["amount"], first["percent"], first["total"]) == ("192000.00", "61.54", "78000.00")
    assert (second["amount"], second["driver"]) == ("3333.34", "使用账号(个)")


def sheets(chance: random.Random, largest: int) -> dict[str, Any]:
    """Pools shared by a few of twelve objects, some drivers blank, zero or for a pool that is not listed."""
    pools = [f"L{i}" for i in range(chance.randint(0, 9))]
    pairs = sorted({(chance.randrange(12), chance.randrange(11)) for _ in range(chance.randint(0, 60))})
    chance.shuffle(pairs)
    amounts = [chance.choice((7, 100, largest)) * chance.choice((1, 3, -1)) / 100 for _ in pools]
    quantities = [chance.choice((None, 0, 1, 1, 2, largest / 100, largest / 300)) for _ in pairs]
    if chance.random() < 0.7:
        quantities = [1 if q is None else q for q in quantities]
    columns = {
        "shared_costs": {
            "pool": pools,
            "amount": amounts,
            "has_standard": [chance.choice((0.0, 1.0, 1.0, float("nan"))) for _ in pools],
        },
        "drivers": {
            "subject": [f"P{i}" for i, _ in pairs],
            "pool": [f"L{i}" for _, i in pairs],
            "quantity": [float("nan") if q is None else round(q, 2) for q in quantities],
        },
    }
    specs = {t.name: t for t in Library.of(load_plugins(None, code=False).folders).pack("cost-performance").tables}
    return {name: table_from_columns(specs[name], data) for name, data in columns.items()}


def borne(subject: str, pools: list[Pool]) -> tuple[Any, ...]:
    """Amount, covered amount, blocked, blank and zero pools of one object, pool by pool."""
    own = [p for p in pools if subject in p.drivers]
    blocked = sum(p.total is None for p in own)
    parts = [p.shares.get(subject, Decimal(0)) for p in own]
    covered = sum((x for x, p in zip(parts, own, strict=True) if p.standard), Decimal(0))
    amount = None if blocked else sum(parts, Decimal(0))
    zero = sum(p.drivers[subject] == 0 for p in own)
    unsaid = any(p.standard is None for p in own)
    blank = sum(p.drivers[subject] is None for p in own)
    return amount, None if blocked or unsaid else covered, blocked, blank, zero


@pytest.mark.parametrize("largest", [999_999, 10**13])  # cents; the larger ones leave 64 bits
def test_all_pools_at_once_as_pool_by_pool(largest: int) -> None:
    chance = random.Random(largest)
    blocked = red = 0
    for _ in range(60):
        tables = sheets(chance, largest)
        subjects = [f"P{i}" for i in range(11)]  # P11 bears its share without being evaluated
        pools = list(read_pools(tables).values())
        found = allocated(tables, subjects, {})
        names = ("amount", "covered", "blocked", "blank", "zero")
        for i, subject in enumerate(subjects):
            assert tuple(found[name][i] for name in names) == borne(subject, pools)
        idle = [p for p in pools if p.total == 0]
        assert (found["idle_pools"][0], found["idle_amount"][0]) == (len(idle), sum(p.amount for p in idle))
        blocked += sum(p.total is None for p in pools)
        red += sum(p.amount < 0 and bool(p.total) for p in pools)
    assert blocked > 10
    assert red > 10


def test_negative_driver_is_refused() -> None:
    tables = sheets(random.Random(1), 100)
    drivers = tables["drivers"].columns["quantity"]
    drivers.units[:] = -abs(drivers.units) - 1
    drivers.valid[:] = True
    with pytest.raises(ValueError, match="分摊依据"):
        allocated(tables, ["P0"], {})
