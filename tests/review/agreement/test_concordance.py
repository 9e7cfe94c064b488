"""Kendall's W against the published tables (peers.md §2.6)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from workbench.review.agreement.concordance import ALL_TIED, concordance, kendall
from workbench.review.agreement.icc import NO_EXPERTS, NO_ROWS

# R packages irr and DescTools, data set anxiety: twenty people, three raters.
ANXIETY = [
    (3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3),
    (3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4),
    (2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2),
]
# Textbook example without ties: ten projects (rows), four judges.
TEN_PROJECTS = [
    (1, 2, 3, 4),
    (3, 1, 2, 2),
    (4, 4, 1, 3),
    (5, 5, 5, 1),
    (2, 6, 7, 6),
    (8, 3, 4, 7),
    (6, 8, 6, 5),
    (7, 7, 8, 9),
    (10, 10, 9, 8),
    (9, 9, 10, 10),
]
# Zar 2010, example 20.5, rank sums of twelve targets by three raters as the UNISTAT guide prints them.
ZAR_SUMS = (14.5, 21, 30.5, 6, 11, 3.5, 20, 11.5, 29, 28.5, 22.5, 36)
tables = npst.arrays(float, st.tuples(st.integers(2, 9), st.integers(2, 6)), elements=st.integers(0, 6).map(float))


def test_anxiety_with_and_without_correction_for_ties() -> None:
    found = kendall(np.array(ANXIETY, dtype=float).T)
    assert (found.s, found.ties, found.df) == (3004, 1674, 19)
    assert found.uncorrected == pytest.approx(0.501921, abs=5e-7)
    assert found.value == pytest.approx(0.539657, abs=5e-7)
    assert found.chi2 == pytest.approx(30.7604, abs=5e-5)
    assert found.p == pytest.approx(0.042883, abs=5e-7)


def test_forgetting_the_ties_would_flip_the_verdict() -> None:
    sums = np.array([3 * 10.5] * 20)
    with_ties, without = (concordance(sums + np.linspace(-21, 21, 20), 3, ties) for ties in (1674, 0))
    assert with_ties.value > without.value
    assert without.value == without.uncorrected == with_ties.uncorrected


def test_ten_projects() -> None:
    found = kendall(np.array(TEN_PROJECTS, dtype=float))
    assert (found.s, found.ties, found.df) == (1048, 0, 9)
    assert found.value == found.uncorrected == pytest.approx(0.793939, abs=5e-7)
    assert found.chi2 == pytest.approx(28.5818, abs=5e-5)
    assert found.p == pytest.approx(0.000762, abs=5e-7)


def test_zar_from_rank_sums() -> None:
    found = concordance(np.array(ZAR_SUMS), 3, 0)
    assert (found.s, found.df) == (1175.5, 11)
    assert found.uncorrected == pytest.approx(0.913364, abs=5e-7)
    assert found.chi2 == pytest.approx(30.141, abs=5e-4)


@pytest.mark.parametrize(
    ("rows", "why"),
    [([(1, 2)], NO_ROWS), ([(1,), (2,)], NO_EXPERTS), (np.empty((0, 0)), NO_ROWS), ([(4, 5), (4, 5)], ALL_TIED)],
)
def test_without_an_order_there_is_a_reason(rows, why) -> None:
    found = kendall(np.array(rows, dtype=float))
    assert (found.value, found.p, found.why) == (None, None, why)


def test_one_rater_without_an_opinion_takes_nothing_from_the_others() -> None:
    # By hand: rank sums 4, 6, 8 (2 for all from the third), S 8, ties 24: 12·8/(9·24 − 3·24).
    assert kendall(np.array([(1, 1, 5), (2, 2, 5), (3, 3, 5)], dtype=float)).value == pytest.approx(96 / 144, abs=1e-6)


@given(tables)
def test_w_lies_between_none_and_full_concordance(table) -> None:
    found = kendall(table)
    assert found.value is None or (0 <= found.value <= 1 and 0 <= found.p <= 1)


@given(tables)
def test_only_each_raters_order_counts(table) -> None:
    stretched = np.exp(table) * np.arange(1, table.shape[1] + 1) + 7
    assert kendall(stretched) == kendall(table)


@given(st.permutations(range(7)), st.integers(2, 6))
def test_the_same_order_throughout_is_full_concordance(order, raters) -> None:
    assert kendall(np.array([order] * raters, dtype=float).T).value == 1
