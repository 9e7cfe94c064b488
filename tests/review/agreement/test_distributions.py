"""F and chi-square: closed forms, printed tables, and each function against the other."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workbench.review.agreement.distributions import beta_share, chi2_tail, f_critical, f_tail

degrees = st.floats(1, 600)


@pytest.mark.parametrize(
    ("tail", "df1", "df2", "critical"),
    [
        # NIST/SEMATECH e-Handbook of Statistical Methods 1.3.6.7.3, upper critical values of F.
        (0.05, 1, 1, 161.448),
        (0.05, 5, 15, 2.901),
        (0.05, 5, 18, 2.773),
        (0.05, 10, 100, 1.927),
        (0.10, 3, 7, 3.074),
        (0.01, 4, 12, 5.412),
    ],
)
def test_critical_values_of_f_are_those_of_the_printed_table(tail, df1, df2, critical) -> None:
    assert f_critical(tail, df1, df2) == pytest.approx(critical, abs=6e-4)


@pytest.mark.parametrize(
    ("x", "df", "tail"),
    # NIST/SEMATECH 1.3.6.7.4, critical values of chi-square.
    [
        (3.841, 1, 0.05),
        (5.991, 2, 0.05),
        (16.919, 9, 0.05),
        (30.144, 19, 0.05),
        (21.666, 9, 0.01),
        (124.342, 100, 0.05),
    ],
)
def test_chi_square_tails_are_those_of_the_printed_table(x, df, tail) -> None:
    assert chi2_tail(x, df) == pytest.approx(tail, abs=2e-5)


@given(st.floats(0.001, 500), st.floats(0.5, 300))
def test_f_with_two_degrees_has_a_closed_form(f, df2) -> None:
    assert f_tail(f, 2, df2) == pytest.approx((1 + 2 * f / df2) ** (-df2 / 2), rel=1e-9, abs=1e-300)


@given(st.floats(0.001, 400), st.integers(1, 60))
def test_even_chi_square_is_a_poisson_sum(x, half) -> None:
    closed = math.fsum(math.exp(i * math.log(x / 2) - x / 2 - math.lgamma(i + 1)) for i in range(half))
    assert chi2_tail(x, 2 * half) == pytest.approx(closed, rel=1e-9)


@given(st.floats(0.01, 5))
def test_one_squared_normal_is_chi_square_and_nearly_f(z) -> None:
    assert chi2_tail(z * z, 1) == pytest.approx(math.erfc(z / math.sqrt(2)), rel=1e-12)
    assert f_tail(z * z, 1, 1e7) == pytest.approx(chi2_tail(z * z, 1), rel=1e-4)


@given(st.sampled_from([0.5, 0.1, 0.05, 0.025, 0.001]), degrees, degrees)
def test_the_critical_value_has_the_tail_it_was_asked_for(tail, df1, df2) -> None:
    assert f_tail(f_critical(tail, df1, df2), df1, df2) == pytest.approx(tail, rel=1e-9)


@given(st.sampled_from([0.1, 0.025]), degrees, degrees)
def test_upper_and_lower_tail_mirror_each_other(tail, df1, df2) -> None:
    assert f_critical(1 - tail, df1, df2) == pytest.approx(1 / f_critical(tail, df2, df1), rel=1e-8)


@given(st.floats(0.001, 0.999), st.floats(0.5, 200), st.floats(0.5, 200))
def test_incomplete_beta_is_symmetric_and_rises(x, a, b) -> None:
    share = beta_share(x, a, b)
    assert 0 <= share <= 1
    assert share + beta_share(1 - x, b, a) == pytest.approx(1, abs=1e-12)
    assume(x < 0.99)
    assert beta_share(x + 0.01, a, b) >= share


def test_the_ends_need_no_fraction() -> None:
    assert (beta_share(0, 2, 3), beta_share(1, 2, 3)) == (0, 1)
    assert (f_tail(0, 3, 4), chi2_tail(0, 3)) == (1, 1)
