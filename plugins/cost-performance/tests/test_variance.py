"""Cost against last year: the effects add up to the cent, item by item and in all."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench_pack_cost_performance.variance import Split, split_item

Rows = dict[str, list[dict[str, Any]]]
Analysed = Callable[[Rows, str, str], list[dict[str, Any]]]
QUANTITY = st.decimals("0", "1000000", places=2)
PRICE = st.decimals("0", "100000", places=4)
GROWTH = st.fractions(Fraction(0), Fraction(10))


def split(q0: str, c0: str | None, q1: str, c1: str | None, growth: Fraction) -> list[str]:
    found = split_item(
        Decimal(q0), None if c0 is None else Decimal(c0), Decimal(q1), None if c1 is None else Decimal(c1), growth
    )
    assert found is not None
    return [str(part) for part in found.parts]


def test_effects_by_hand() -> None:
    # The example's labour: 5000·240 = 1200000; ×1.2 = 1440000; 5000·300 = 1500000; 5200·300 = 1560000.
    assert split("240", "5000", "300", "5200", Fraction(6, 5)) == [
        *("1200000.00", "240000.00", "60000.00", "60000.00", "1560000.00")
    ]


def test_rounding_stays_inside_the_sum() -> None:
    # 0.0333·1 = 0.03; ×1/3 → 0.0111 = 0.01; 0.0333·2 = 0.0666 = 0.07; 0.0777·2 = 0.1554 = 0.16
    assert split("1", "0.0333", "2", "0.0777", Fraction(1, 3)) == ["0.03", "-0.02", "0.06", "0.09", "0.16"]


def test_new_item_is_structure_and_ended_item_has_no_price_effect() -> None:
    assert split("0", None, "10", "7", Fraction(1)) == ["0.00", "0.00", "70.00", "0.00", "70.00"]
    assert split("10", "7", "0", None, Fraction(1)) == ["70.00", "0.00", "-70.00", "0.00", "0.00"]


@pytest.mark.parametrize("numbers", [(None, 1, 1, 1), (1, None, 1, 1), (1, 1, None, 1), (1, 1, 1, None)])
def test_missing_number_is_no_split(numbers: tuple[int | None, ...]) -> None:
    q0, c0, q1, c1 = (None if n is None else Decimal(n) for n in numbers)
    assert split_item(q0, c0, q1, c1, Fraction(1)) is None


@given(st.lists(st.tuples(QUANTITY, PRICE, QUANTITY, PRICE), min_size=1, max_size=8), GROWTH)
def test_effects_sum_exactly(items: list[tuple[Decimal, Decimal, Decimal, Decimal]], growth: Fraction) -> None:
    splits = [found for item in items if (found := split_item(*item, growth)) is not None]
    assert len(splits) == len(items)
    total = sum(splits[1:], splits[0])
    for found in (*splits, total):
        assert found.previous + found.quantity + found.structure + found.price == found.current
    assert total == Split(*(sum(parts, Decimal(0)) for parts in zip(*(s.parts for s in splits), strict=True)))


def test_waterfall_and_item_table_agree(analysed: Analysed, facts: Rows) -> None:
    steps = {row["step"]: row["amount"] for row in analysed(facts, "variance_steps", "P1")}
    # Worked out in example/worked-example.md 九.
    assert list(steps.values()) == ["2160000.00", "432000.00", "60000.00", "60000.00", "2712000.00"]
    lines = analysed(facts, "variance_lines", "P1")
    assert [lines[-1][k] for k in ("item", "quantity", "structure", "price", "change")] == [
        *("合计", "432000.00", "60000.00", "60000.00", "552000.00")
    ]
    for name in ("previous", "quantity", "structure", "price", "current", "change"):
        assert sum(Decimal(line[name]) for line in lines[:-1]) == Decimal(lines[-1][name])


@pytest.mark.parametrize("gap", ["previous_output", "quantity"])
def test_unknown_number_gives_no_total(
    analysed: Analysed,
    judged: Callable[[Rows, str], tuple[dict[str, Any], dict[str, Any]]],
    facts: Rows,
    subject_of: Callable[[str], dict[str, Any]],
    gap: str,
) -> None:
    row = subject_of("P1") if gap == "previous_output" else facts["comparable"][0]
    del row[gap]
    assert analysed(facts, "variance_steps", "P1") == []
    assert "合计" not in [line["item"] for line in analysed(facts, "variance_lines", "P1")]
    assert "variance_unknown" in judged(facts, "P1")[1]


def test_items_that_are_not_the_whole_cost_are_said(
    judged: Callable[[Rows, str], tuple[dict[str, Any], dict[str, Any]]], facts: Rows
) -> None:
    facts["comparable"] = facts["comparable"][1:]
    assert "相差-1560000元" in judged(facts, "P1")[1]["variance_not_total"].message
