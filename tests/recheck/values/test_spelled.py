"""Numbers in words: counts, percentages, days; words that only look like numbers stay."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbench.recheck.values.moments import moment_of
from workbench.recheck.values.quantities import prepared, quantities


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("九个", "9", "个"),
        ("一万二千", "12000", ""),
        ("≥一万二千人次", "12000", "人次"),
        ("二十万三千", "203000", ""),
        ("两万三千余人", "23000", "人"),
        ("一万二", "12000", ""),
        ("十五万", "15", "万"),
        ("一点二万人次", "1.2", "万人次"),
        ("三亿五千万元", "35000", "万元"),
        ("1万2千人", "12000", "人"),
        ("1亿2000万元", "120000000", "元"),
        ("百分之百", "100", "%"),
        ("百分百", "100", "%"),
        ("百分之九十五点五", "95.5", "%"),
        ("不低于百分之九十五", "95", "%"),
        ("千分之三", "3", "‰"),
        ("九成以上", "90", "%"),
        ("九成五", "95", "%"),
        ("3成", "30", "%"),
        ("六成半", "65", "%"),
        ("半数以上", "50", "%"),
        ("五分之四", "80", "%"),
        ("共培训学员三百二十人", "320", "人"),
        ("十分钟", "10", "分钟"),
        ("1.5万余亩", "1.5", "万亩"),
        ("1千余人", "1", "千人"),
        ("每年两次", "2", "次"),
    ],
)
def test_one_quantity(text: str, number: str, unit: str) -> None:
    found = quantities(text)
    assert [(f.number, f.unit) for f in found] == [(Decimal(number), unit)]


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("一万五至两万", "1.5", "2", "万"),
        ("三到五个", "3", "5", "个"),
        ("8000-1万人", "0.8", "1", "万人"),
        ("8千人至1万人", "0.8", "1", "万人"),
        ("1至2万人", "1", "2", "万人"),
    ],
)
def test_ranges(text: str, low: str, high: str, unit: str) -> None:
    assert [(f.number, f.high, f.unit) for f in quantities(text)] == [(Decimal(low), Decimal(high), unit)]


def test_two_counts_are_two() -> None:
    assert [(f.number, f.unit) for f in quantities("一年两次")] == [(1, "年"), (2, "次")]


@pytest.mark.parametrize(
    "text",
    [
        "一般",
        "十分满意",
        "一定程度改善",
        "三分之二",
        "万无一失",
        "千方百计推进",
        "第二十一届",
        "三公经费",
        "十二五规划",
    ],
)
def test_words_stay_words(text: str) -> None:
    assert prepared(text) == text
    assert quantities(text) == ()


@pytest.mark.parametrize(
    ("text", "year", "last"),
    [
        ("十二月底前", None, (12, 31)),
        ("十一月二十八日", None, (11, 28)),
        ("二〇二四年十一月二十八日", 2024, (11, 28)),
        ("二零二四年十二月", 2024, (12, 31)),
        ("2024年十月三十号前完成", 2024, (10, 30)),
    ],
)
def test_days(text: str, year: int | None, last: tuple[int, int]) -> None:
    moment = moment_of(text)
    assert moment is not None
    assert (moment.year, moment.last) == (year, last)


@pytest.mark.parametrize("text", ["2千克", "1万5千米", "3万2"])
def test_arabic_digits_with_units_of_measure_are_left(text: str) -> None:
    assert prepared(text) == text
