"""The rate of return against published examples, by exact fractions, and where there is no rate or more than one."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from workbench_pack_government_investment_funds import irr
from workbench_pack_government_investment_funds.irr import NONE, ONE_SIGN, OUTSIDE, SEVERAL, UNIQUE, solve

START = date(2017, 1, 1)


def yearly(*amounts: object) -> list[tuple[date, Decimal]]:
    """Payments exactly 365 days apart, so that powers are whole numbers."""
    return [(START + timedelta(365 * i), Decimal(str(a))) for i, a in enumerate(amounts)]


def roots(*amounts: object) -> list[str]:
    return [str(root) for root in solve(yearly(*amounts)).roots]


def test_example_of_the_xirr_documentation() -> None:
    # https://support.microsoft.com/zh-cn/excel/functions/xirr-function: 0.373362535
    days = ["2008-01-01", "2008-03-01", "2008-10-30", "2009-02-15", "2009-04-01"]
    payments = list(zip(map(date.fromisoformat, days), map(Decimal, [-10000, 2750, 4250, 3250, 2750]), strict=True))
    assert solve(payments) == irr.Solution(UNIQUE, (Decimal("37.34"),), 1)
    assert solve(reversed(payments)) == solve(payments)


def test_example_of_the_library_documentation() -> None:
    # pyxirr, docs/functions.md, XIRR: 0.6342972615260243
    days = ["2020-01-01", "2020-03-01", "2020-10-30", "2021-02-15"]
    payments = zip(map(date.fromisoformat, days), map(Decimal, [-10000, 5750, 4250, 3250]), strict=True)
    assert solve(payments).rate == Decimal("63.43")


@pytest.mark.parametrize(
    ("amounts", "rates"),
    [
        # −100x² + 230x − 132 = 0 has x = 1.1 and 1.2.
        ((-100, 230, -132), ["10.00", "20.00"]),
        # https://300hours.com/f/cfa/level-1/t/how-do-you-figure-out-the-irr-of-260: "approximately 38% and 260%";
        # x = (10 ± √20)/4 = 1.38196…, 3.61803…
        ((-2000, 10000, -10000), ["38.20", "261.80"]),
        # https://brainmass.com/business/internal-rate-of-return/lt-problem-multiple-irrs-39308 (search between 20 and 70 percent):
        # 1000 (v−4/5)(v−3/4)(v−7/10)(v−3/5) expanded; 1/v = 1.25, 1.3333…, 1.42857…, 1.6666…
        ((-252, 1431, -3035, 2850, -1000), ["25.00", "33.33", "42.86", "66.67"]),
    ],
)
def test_all_roots_are_found_and_none_is_chosen(amounts: tuple[int, ...], rates: list[str]) -> None:
    found = solve(yearly(*amounts))
    assert ([str(r) for r in found.roots], found.state, found.rate) == (rates, SEVERAL, None)


@pytest.mark.parametrize(
    ("amounts", "state"),
    [
        ((-100, 200, -150), NONE),  # 200² < 4 × 100 × 150
        ((-100, -5), ONE_SIGN),
        ((100,), ONE_SIGN),
        ((), ONE_SIGN),
        ((-100, 0, 0), ONE_SIGN),
        ((-1, 1000), OUTSIDE),  # 99900 %
        ((-100, "0.001"), OUTSIDE),  # −99.999 %
    ],
)
def test_no_rate_has_its_reason(amounts: tuple[object, ...], state: str) -> None:
    found = solve(yearly(*amounts))
    assert (found.state, found.rate, found.roots) == (state, None, ())


def test_root_that_only_touches_zero_is_one_root() -> None:
    # −100 + 220/x − 121/x² = −(10 − 11/x)²
    assert (roots(-100, 220, -121), solve(yearly(-100, 220, -121)).state) == (["10.00"], UNIQUE)


@pytest.mark.parametrize(
    ("received", "rate"),
    [
        ("1100.05", "10.01"),  # 10.005 % exactly: up
        ("1100.0499999999999999", "10.00"),
        ("1000.15", "0.02"),  # 0.015 %
        ("999.95", "-0.01"),  # −0.005 %: half-up goes away from zero
        ("999.9500000001", "0.00"),
        ("500", "-50.00"),
        ("1000", "0.00"),
    ],
)
def test_no_float_decides_a_tie(received: str, rate: str) -> None:
    assert [f"{abs(r) if r == 0 else r}" for r in solve(yearly(-1000, received)).roots] == [rate]


def test_payments_of_one_day_are_netted() -> None:
    same = [(START, Decimal(-60)), (START, Decimal(-40)), *yearly(0, 110)]
    assert solve(same) == solve(yearly(-100, 110))
    assert solve([(START, Decimal(-100)), (START, Decimal(100))]).state == ONE_SIGN


def test_proposal_that_decimals_refuse_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyxirr

    for wrong in (0.25, None, 5e9, -0.99999):
        monkeypatch.setattr(pyxirr, "xirr", lambda *a, _wrong=wrong, **k: _wrong)
        assert roots(-100, 110) == ["10.00"]


def worth(amounts: list[Decimal], percent: Decimal) -> Fraction:
    factor = 1 + Fraction(percent) / 100
    return sum((Fraction(a) / factor**i for i, a in enumerate(amounts)), Fraction(0))


def test_every_root_lies_between_its_rounding_neighbours() -> None:
    """Exact fractions: the net present value has other signs half a hundredth of a percent below and above each root."""
    chance = random.Random(20250602)
    several = 0
    for _ in range(60):
        amounts = [Decimal(chance.randint(-999, 999)) for _ in range(chance.randint(2, 7))]
        found = solve(yearly(*amounts))
        several += found.state == SEVERAL
        assert len(found.roots) <= found.sign_changes
        for root in found.roots:
            low, high = (worth(amounts, root + step) for step in (Decimal("-0.005"), Decimal("0.005")))
            assert low == 0 or (low < 0) != (high < 0)
    assert several > 2


def test_rate_is_found_exactly_where_signs_differ_at_the_ends() -> None:
    """An odd number of changes of sign has an odd number of roots, counted with those out of range."""
    chance = random.Random(7)
    for _ in range(40):
        amounts = [-chance.randint(1, 900), *(chance.randint(-900, 900) for _ in range(4)), chance.randint(1, 900)]
        found = solve(yearly(*amounts))
        assert found.state in (UNIQUE, SEVERAL, OUTSIDE)
        assert found.sign_changes % 2 == 1
