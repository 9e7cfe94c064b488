"""Shapley values, exactly: the axioms of L. S. Shapley (1953), and games whose values are worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.analysis.attribution import Inseparable, attribute, displayed

CAUSES = ("data", "targets", "rules", "policy")
NUMBERS = st.fractions(min_value=-50, max_value=50, max_denominator=30)


@st.composite
def games(draw):
    """A value for every line in every state of up to four causes."""
    causes = CAUSES[: draw(st.integers(0, 4))]
    lines = ["a", "b"][: draw(st.integers(1, 2))]
    states = [frozenset(c for i, c in enumerate(causes) if n >> i & 1) for n in range(2 ** len(causes))]
    return causes, {s: {line: draw(NUMBERS) for line in lines} for s in states}


@given(games())
def test_shares_add_up_to_the_difference_on_every_line(game):
    causes, values = game
    found = attribute(causes, values.__getitem__)
    for line, shares in found.shares.items():
        assert sum(shares.values(), Fraction(0)) == values[frozenset(causes)][line] - values[frozenset()][line]


@given(games())
def test_a_share_is_the_mean_over_all_orders(game):
    """The definition itself, computed the slow way."""
    causes, values = game
    found = attribute(causes, values.__getitem__)
    orders = list(permutations(causes))
    for cause in causes:
        for line in found.shares:
            steps = []
            for order in orders:
                before = frozenset(order[: order.index(cause)])
                steps.append(values[before | {cause}][line] - values[before][line])
            assert found.shares[line][cause,] == sum(steps, Fraction(0)) / len(orders)


@given(st.fractions(), st.fractions(), st.fractions(), st.fractions())
def test_a_product_is_shared_by_the_means(weight, new_weight, rate, new_rate):
    """w·r → w'·r': the weight answers for (w'−w)·(r+r')/2, by hand."""

    def points(chosen):
        w = new_weight if "targets" in chosen else weight
        r = new_rate if "data" in chosen else rate
        return {"x": w * r}

    shares = attribute(["data", "targets"], points).shares["x"]
    assert shares["targets",] == (new_weight - weight) * (rate + new_rate) / 2
    assert shares["data",] == (new_rate - rate) * (weight + new_weight) / 2


def test_what_changes_nothing_answers_for_nothing():
    found = attribute(["data", "policy"], lambda chosen: {"x": Fraction("data" in chosen)})
    assert found.shares["x"] == {("data",): 1, ("policy",): 0}
    assert found.alone["x"] == {("data",): 1, ("policy",): 0}


def test_causes_that_cannot_be_separated_are_joined_and_no_others():
    """New data lack a field the old rules read; targets are independent."""

    def value(chosen):
        if "data" in chosen and "rules" not in chosen:
            raise Inseparable("没有字段“单价”")
        return {"x": Fraction(3 * ("rules" in chosen) + 4 * ("targets" in chosen))}

    found = attribute(["data", "targets", "rules"], value)
    assert found.blocks == (("data", "rules"), ("targets",))
    assert found.shares["x"] == {("data", "rules"): 3, ("targets",): 4}
    assert found.joined == {("data", "rules"): "没有字段“单价”"}


def test_an_end_that_cannot_be_computed_is_told():
    def value(chosen):
        if len(chosen) == 2:
            raise Inseparable("算不出")
        return {}

    with pytest.raises(Inseparable, match="算不出"):
        attribute(["data", "rules"], value)


def test_lines_only_some_states_have_count_as_zero():
    found = attribute(["targets"], lambda chosen: {"new": Fraction(5)} if chosen else {"old": Fraction(2)})
    assert found.shares == {"old": {("targets",): -2}, "new": {("targets",): 5}}


@given(st.lists(NUMBERS, min_size=1, max_size=8), st.integers(0, 3))
def test_printed_shares_add_up_and_none_is_off_by_a_unit(shares, decimals):
    scale = 10**decimals
    shares[-1] += Fraction(round(sum(shares) * scale), scale) - sum(shares)  # the sum has no more decimals
    printed = displayed(shares, decimals)
    assert sum(printed) == sum(shares)
    assert all(abs(Fraction(p) - s) < Fraction(1, scale) for p, s in zip(printed, shares, strict=True))


def test_equal_remainders_go_to_the_earlier():
    third = Fraction(1, 3)
    assert displayed([third, third, third], 2) == [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]
    assert displayed([-third, -2 * third], 2) == [Decimal("-0.33"), Decimal("-0.67")]
    with pytest.raises(ValueError, match="decimals"):
        displayed([third], 2)
