"""Days that come back each month, days beside months, and which way a share points by default."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.recheck.values import Says, Sign, actual_of, target_of


@pytest.mark.parametrize(
    ("target", "actual", "number"),
    [
        ("每月15日前", "每月12日前发放到位", 12),
        ("每月15日前", "每月18日发放", 18),
        ("每季度首月10日前", "每季度首月8日前拨付到位", 8),
        ("每季度10日前", "均于每季度8日前拨付到位", 8),
        ("每月15日前", "每季度12日前发放", None),
    ],
)
def test_a_day_of_each_month(target: str, actual: str, number: int | None) -> None:
    assert actual_of(actual, target_of(target)).number == (None if number is None else Decimal(number))


def test_a_day_of_each_month_is_a_limit_and_its_repetition_a_demand() -> None:
    target = target_of("每月25日前")
    assert (target.sign, target.number, target.recurring) == (Sign.LTE, Decimal(25), True)
    assert actual_of("每月25日前", target).says is Says.SIGNED
    assert not target_of("2022年3月25日前").recurring


@pytest.mark.parametrize(("actual", "number"), [("41天", "1.37"), ("58天", None), ("75天", "2.5"), ("1.5个月", "1.5")])
def test_days_beside_a_limit_in_months(actual: str, number: str | None) -> None:
    """Near the limit nobody can say: months have 28 to 31 days."""
    found = actual_of(actual, target_of("2个月内"))
    assert found.number == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("name", "target", "sign"),
    [
        ("按期竣工标段比例", "100%", Sign.GTE),
        ("优良天数比例", "85%", Sign.GTE),
        ("设备完好占比", "98%", Sign.GTE),
        ("未完工项目比例", "5%", Sign.LTE),
        ("抽检不合格率", "3%", Sign.LTE),
        ("人员经费占比", "60%", Sign.UNKNOWN),
        ("结转结余比例", "5%", Sign.UNKNOWN),
        ("免费开放天数", "300天", Sign.GTE),
        ("办理天数", "5天", Sign.UNKNOWN),
        ("耕地质量等级", "4.2等", Sign.UNKNOWN),
    ],
)
def test_the_direction_that_follows_from_a_name(name: str, target: str, sign: Sign) -> None:
    assert target_of(target, name=name).sign is sign


def test_what_was_measured_comes_before_the_demand_beside_it() -> None:
    target = target_of("≥95%")
    assert actual_of("实测98.6%,达到不低于95%的要求", target).number == Decimal("98.6")
    assert actual_of("≥95%", target).says is Says.SIGNED
    assert actual_of("抽检120批次,合格率不低于95%", target).says is Says.SIGNED
