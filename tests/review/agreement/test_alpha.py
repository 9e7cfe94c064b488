"""Krippendorff's alpha against the published tables (peers.md §2.5), and an independent implementation on random data."""

from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from workbench.review.agreement.alpha import DIFFERENCES, alpha, interval, nominal, ordinal, ratio
from workbench.review.agreement.icc import ALL_EQUAL, NO_EXPERTS, NO_ROWS

_ = float("nan")
# Coders as rows; krippendorff's own tests and documentation give the coefficients.
FIFTEEN_UNITS = [
    (_, _, _, _, _, 3, 4, 1, 2, 1, 1, 3, 3, _, 3),
    (1, _, 2, 1, 3, 3, 4, 3, _, _, _, _, _, _, _),
    (_, _, 2, 1, 3, 4, 4, _, 2, 1, 1, 3, 3, _, 4),
]
TWELVE_UNITS = [
    (1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3),
    (_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _),
]
SHROUT_FLEISS = [(9, 6, 8, 7, 10, 6), (2, 1, 4, 1, 5, 2), (5, 3, 6, 2, 6, 4), (8, 2, 8, 6, 9, 7)]


def of(coders, difference):
    return alpha(np.array(coders, dtype=float).T, difference)


@pytest.mark.parametrize(
    ("coders", "difference", "value", "within"),
    [
        (FIFTEEN_UNITS, nominal, 0.691358, 5e-7),
        (FIFTEEN_UNITS, interval, 0.810845, 5e-7),
        (TWELVE_UNITS, nominal, 0.743, 5e-4),
        (TWELVE_UNITS, ordinal, 0.815, 5e-4),
        (TWELVE_UNITS, ratio, 0.797, 5e-4),
        (SHROUT_FLEISS, ordinal, 0.109059, 5e-7),
        (SHROUT_FLEISS, interval, 0.147308, 5e-7),
        ([(1, 2, 3), (1, 2, 4)], lambda values, counts: abs(values[:, None] - values), 0.761905, 5e-7),
    ],
)
def test_published(coders, difference, value, within) -> None:
    assert of(coders, difference).value == pytest.approx(value, abs=within)


@given(
    npst.arrays(
        float,
        st.tuples(st.integers(2, 10), st.integers(2, 6)),
        elements=st.one_of(st.integers(0, 8).map(lambda x: x * 12.5), st.just(_)),
    ),
    st.sampled_from(list(DIFFERENCES)),
)
def test_agrees_with_the_krippendorff_package(table, level) -> None:
    found = alpha(table, DIFFERENCES[level])
    if found.value is None:
        paired = table[(~np.isnan(table)).sum(axis=1) >= 2]
        assert len(paired) < 2 or np.unique(paired[~np.isnan(paired)]).size == 1
    else:
        oracle = krippendorff.alpha(reliability_data=table.T, level_of_measurement=level)
        assert found.value == pytest.approx(float(oracle), abs=1e-6)


@pytest.mark.parametrize("level", DIFFERENCES)
@pytest.mark.parametrize(
    ("coders", "why"),
    [
        ([(_, _, _), (_, _, _)], NO_EXPERTS),
        ([(1, 2, 3)], NO_EXPERTS),
        ([(1, _, 3), (_, 2, _)], NO_EXPERTS),
        ([(1, 2), (3, _)], NO_ROWS),
        ([(1,), (3,)], NO_ROWS),
        ([(5, 5, 5), (5, _, 5)], ALL_EQUAL),
        ([(0, 0), (0, 0)], ALL_EQUAL),
    ],
)
def test_without_anything_to_compare_there_is_a_reason(coders, why, level) -> None:
    found = of(coders, DIFFERENCES[level])
    assert (found.value, found.why) == (None, why)


@pytest.mark.parametrize("level", DIFFERENCES)
def test_full_agreement_is_one(level) -> None:
    assert of([(1, 0, 3), (1, 0, 3), (1, _, 3)], DIFFERENCES[level]).value == 1
