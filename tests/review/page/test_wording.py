"""How numbers and times read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.review.page.wording import added, moment, points, size


@pytest.mark.parametrize(
    ("number", "shown"), [("8", "8.00"), ("8.5", "8.50"), ("7.125", "7.125"), ("-0.43", "-0.43"), ("0", "0.00")]
)
def test_points_keep_what_they_say(number: str, shown: str) -> None:
    assert points(Decimal(number)) == shown
    assert points(None) is None


def test_sum_of_something_unknown_is_unknown() -> None:
    assert added([Decimal("1.10"), Decimal("2.20")]) == "3.30"
    assert added([Decimal("1.10"), None]) is None


@pytest.mark.parametrize(
    ("at", "shown"),
    [("2026-11-22T07:05:00.000Z", "2026-11-22 15:05"), ("2026-12-31T16:00:00.123Z", "2027-01-01 00:00")],
)
def test_times_are_chinas(at: str, shown: str) -> None:
    assert moment(at) == shown


def test_sizes() -> None:
    assert [size(n) for n in (1, 35_000, 1_300_000)] == ["1KB", "34KB", "1.2MB"]
