"""Intraclass correlation against the published tables (peers.md §2.4), and where it cannot be had."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from workbench.review.agreement.icc import ALL_EQUAL, NO_EXPERTS, NO_ROWS, TOO_CLOSE, icc

# Shrout & Fleiss 1979, table 2: six targets, four judges. Results: their table 4; pingouin and R psych print the same.
SHROUT_FLEISS = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]
PUBLISHED = {
    "ICC(1,1)": (0.1657, 1.7947, (5, 18), (-0.13, 0.72)),
    "ICC(2,1)": (0.2898, 11.0272, (5, 15), (0.02, 0.76)),
    "ICC(3,1)": (0.7148, 11.0272, (5, 15), (0.34, 0.95)),
    "ICC(1,k)": (0.4428, 1.7947, (5, 18), (-0.88, 0.91)),
    "ICC(2,k)": (0.6201, 11.0272, (5, 15), (0.07, 0.93)),
    "ICC(3,k)": (0.9093, 11.0272, (5, 15), (0.68, 0.99)),
}
# real-statistics.com, wine data: eight wines, judges A to D.
WINE = [
    (1, 2, 0, 1),
    (1, 3, 3, 2),
    (3, 8, 1, 4),
    (6, 4, 3, 3),
    (6, 5, 5, 6),
    (7, 5, 6, 2),
    (8, 7, 7, 9),
    (9, 9, 9, 8),
]
WINE_PUBLISHED = {
    "ICC(1,1)": (0.728, 11.680),
    "ICC(2,1)": (0.728, 11.787),
    "ICC(3,1)": (0.729, 11.787),
    "ICC(1,k)": (0.914, 11.680),
    "ICC(2,k)": (0.914, 11.787),
    "ICC(3,k)": (0.915, 11.787),
}
tables = npst.arrays(
    float, st.tuples(st.integers(2, 8), st.integers(2, 6)), elements=st.integers(0, 400).map(lambda x: x / 4)
)


def of(rows):
    return icc(np.array(rows, dtype=float))


@pytest.mark.parametrize("name", PUBLISHED)
def test_shrout_and_fleiss(name) -> None:
    found, (value, f, df, interval) = of(SHROUT_FLEISS)[name], PUBLISHED[name]
    assert found.value == pytest.approx(value, abs=5e-5)
    assert found.f == pytest.approx(f, abs=5e-5)
    assert found.df == df
    assert found.interval == pytest.approx(interval, abs=5.1e-3)
    assert found.why is None


def test_p_values_of_the_shrout_and_fleiss_data() -> None:
    # pingouin's documentation prints p 0.165 for the one-way forms and 0.000135 for the others (same data).
    found = of(SHROUT_FLEISS)
    assert found["ICC(1,1)"].p == pytest.approx(0.165, abs=5e-4)
    assert found["ICC(3,k)"].p == pytest.approx(0.000135, abs=1e-6)


@pytest.mark.parametrize("name", WINE_PUBLISHED)
def test_wine(name) -> None:
    found, (value, f) = of(WINE)[name], WINE_PUBLISHED[name]
    assert found.value == pytest.approx(value, abs=5e-4)
    assert found.f == pytest.approx(f, abs=5e-4)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([(5, 6, 7)], NO_ROWS),
        ([(5,), (6,)], NO_EXPERTS),
        (np.empty((0, 0)), NO_ROWS),
        ([(5, 5), (5, 5), (5, 5)], ALL_EQUAL),
        ([(0.1, 0.1, 0.1), (0.1, 0.1, 0.1)], ALL_EQUAL),
    ],
)
def test_without_comparison_every_form_says_why(rows, why) -> None:
    assert {(x.value, x.why) for x in of(rows).values()} == {(None, why)}


def test_full_agreement_is_one_without_interval() -> None:
    found = of([(1.1, 1.1, 1.1), (2.3, 2.3, 2.3), (7.7, 7.7, 7.7)])
    assert {(x.value, x.interval, x.f) for x in found.values()} == {(1.0, None, None)}


def test_a_strict_rater_costs_agreement_but_not_consistency() -> None:
    found = of([(10, 20, 30), (40, 50, 60), (70, 80, 90)])
    assert found["ICC(3,1)"].value == found["ICC(3,k)"].value == 1
    # By hand: MSR 2700, MSC 300, MSE 0; 2700/(2700 + 3·300/3) and 2700/(2700 + 300/3).
    assert found["ICC(2,1)"].value == pytest.approx(0.9)
    assert found["ICC(2,k)"].value == pytest.approx(2700 / 2800, abs=1e-6)


def test_targets_alike_on_average_give_no_coefficient_above_one() -> None:
    # MSR 0, MSC 0: (2,k) would be MSE / (MSE / n) = 3 by the formula, and (C,k) infinite.
    found = of([(1, 2, 3), (2, 3, 1), (3, 1, 2)])
    assert {name for name, x in found.items() if x.why == TOO_CLOSE} == {"ICC(1,k)", "ICC(2,k)", "ICC(3,k)"}
    assert found["ICC(3,1)"].value == pytest.approx(-0.5)
    assert found["ICC(2,1)"].value == pytest.approx(-1.0)  # -MSE / (2·MSE + 3·(0 - MSE)/3)
    assert {x.interval for x in found.values()} == {None}


@pytest.mark.parametrize("rows", [[(0, 5), (4, 1), (2, 3), (3, 3)], [(0, 1.25), (0.5, 0.5)]])
def test_less_than_no_agreement_lies_within_its_interval(rows) -> None:
    found = of(rows)["ICC(2,1)"]
    assert found.interval[0] < found.value < 0
    assert found.value < found.interval[1]


@given(tables)
def test_no_table_gives_a_number_out_of_range_or_a_warning(table) -> None:
    for found in icc(table).values():
        assert (found.value is None) != (found.why is None)
        assert found.value is None or found.value <= 1
        assert found.p is None or 0 <= found.p <= 1
        assert found.interval is None or found.interval[0] <= found.interval[1] <= 1
        if found.value is not None and found.interval is not None:
            assert found.interval[0] - 1e-6 <= found.value <= found.interval[1] + 1e-6


@settings(max_examples=40)
@given(tables, st.integers(1, 9), st.integers(-50, 50))
def test_the_unit_of_the_points_does_not_matter(table, factor, shift) -> None:
    assert values(icc(table * factor + shift)) == pytest.approx(values(icc(table)), abs=2e-6)


@settings(max_examples=40)
@given(tables, st.data())
def test_consistency_forgives_what_agreement_does_not(table, data) -> None:
    strictness = data.draw(st.lists(st.integers(0, 40), min_size=table.shape[1], max_size=table.shape[1]))
    before, after = icc(table), icc(table + np.array(strictness))
    for name in ("ICC(3,1)", "ICC(3,k)"):
        if before[name].value is not None and after[name].value is not None:
            assert after[name].value == pytest.approx(before[name].value, abs=2e-6)


def values(found):
    return [float("-inf") if x.value is None else x.value for x in found.values()]
