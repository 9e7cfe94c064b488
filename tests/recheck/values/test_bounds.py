"""Targets whose limit is not simply a number: strict signs, how often in each period, a margin, a remark in brackets."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.recheck.values import Says, Sign, actual_of, target_of


@pytest.mark.parametrize(
    ("target", "sign", "on_the_limit", "beyond"),
    [
        ("＞30场", "", "30场", "31场"),
        (">85%", "", "85%", "85.2%"),
        ("‹12天", "", "12天", "11天"),
        ("＜3次", "", "3次", "2次"),
        ("大于400亩", "", "400亩", "410亩"),
        ("高于90%", "", "90%", "92%"),
        ("低于5%", "", "5%", "4.8%"),
        ("15天", "<", "15天", "14天"),
    ],
)
def test_on_a_strict_limit_nobody_says_whether_it_was_kept(
    target: str, sign: str, on_the_limit: str, beyond: str
) -> None:
    wanted = target_of(target, sign)
    doubted = actual_of(on_the_limit, wanted)
    assert (doubted.says, doubted.number) == (Says.WORDS, None)
    assert "恰为" in doubted.told[0]
    assert actual_of(beyond, wanted).number is not None
    assert wanted.shown[0] in "＞＜"


@pytest.mark.parametrize(
    "target", [">=30场", "≥30场", "＞=30场", "不少于30场", "不低于30场", "大于等于30场", "大于或等于30场", "力争30场"]
)
def test_a_limit_that_is_included_is_reached_by_its_number(target: str) -> None:
    assert actual_of("30场", target_of(target)).number == Decimal(30)


@pytest.mark.parametrize(
    ("target", "actual", "number"),
    [
        # Six in a year are none in some months; nobody says that there were six each month.
        ("每月1次", "6次", None),
        ("每季度2场", "5场", None),
        ("4次/季度", "4次", None),
        ("≥1次/周", "30次", None),
        ("每月1次", "每季度3次", None),
        # The same period, or enough for all of the year.
        ("每月1次", "每月1次", 1),
        ("每季度2场", "2场/季度", 2),
        ("每月1次", "12次", 1),
        ("每季度2场", "全年10场", "2.5"),
        ("≥1次/周", "每周2次", 2),
        # A year is the form's own period.
        ("每年2次", "2次", 2),
        ("5次/年", "4次", 4),
        # So much each month for each of them is no frequency.
        ("每月800元", "800元", 800),
    ],
)
def test_how_often_in_each_month(target: str, actual: str, number: object) -> None:
    found = actual_of(actual, target_of(target))
    assert found.number == (None if number is None else Decimal(str(number)))
    assert number is not None or (found.says is Says.WORDS and "全年" in found.told[0])


@pytest.mark.parametrize(
    ("target", "low", "high"),
    [("80公里±5%", "76", "84"), ("50±2亩", "48", "52"), ("120万元±10%", "108", "132"), ("25℃±2℃", "23", "27")],
)
def test_a_margin_is_a_range(target: str, low: str, high: str) -> None:
    wanted = target_of(target)
    assert wanted.leaning is Sign.EQ, "beyond it on either side is missed"
    assert (wanted.sign, wanted.number, wanted.high) == (Sign.BETWEEN, Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    ("target", "number", "unit"),
    [
        ("≥4.2分(满分5分)", "4.2", "分"),
        ("≥85分（百分制，满分100分）", "85", "分"),
        ("≥24场(每月2场)", "24", "场"),
        ("≥12次（1次/月）", "12", "次"),
    ],
)
def test_a_scale_or_a_frequency_in_brackets_is_no_second_target(target: str, number: str, unit: str) -> None:
    wanted = target_of(target)
    assert (wanted.sign, wanted.number, wanted.unit) == (Sign.GTE, Decimal(number), unit)


def test_another_demand_in_brackets_stays_one() -> None:
    assert target_of("≥100人(其中脱贫户≥20人)").several
