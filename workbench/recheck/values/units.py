"""Units of targets and actuals: which ones there are, and what one is in the other."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from workbench.base.exact import half_up_fraction
from workbench.evidence.quantity import tidy_unit, unit_factor

PERCENT = "%"
COUNT, OCCASION = "个", "次"
_DECIMALS = 6
"""Decimals of a number that had to be converted."""
_MEASURES: dict[str, dict[str, Fraction]] = {
    PERCENT: {"%": Fraction(1), "‰": Fraction(1, 10)},
    "元": {"元": Fraction(1)},
    "米": {
        "米": Fraction(1), "m": Fraction(1), "公里": Fraction(1000), "千米": Fraction(1000), "km": Fraction(1000),
        "厘米": Fraction(1, 100), "cm": Fraction(1, 100), "毫米": Fraction(1, 1000), "延米": Fraction(1),
    },
    "平方米": {
        "平方米": Fraction(1), "㎡": Fraction(1), "m2": Fraction(1), "m²": Fraction(1), "平米": Fraction(1),
        "平方公里": Fraction(10**6), "平方千米": Fraction(10**6), "公顷": Fraction(10**4), "亩": Fraction(2000, 3),
    },
    "立方米": {"立方米": Fraction(1), "m3": Fraction(1), "m³": Fraction(1), "立方": Fraction(1), "方": Fraction(1)},
    "公斤": {
        "公斤": Fraction(1), "千克": Fraction(1), "kg": Fraction(1), "吨": Fraction(1000), "t": Fraction(1000),
        "克": Fraction(1, 1000), "斤": Fraction(1, 2),
    },
    "月": {"月": Fraction(1), "个月": Fraction(1), "年": Fraction(12), "季度": Fraction(3), "个季度": Fraction(3)},
    "小时": {
        "小时": Fraction(1), "个小时": Fraction(1), "天": Fraction(24), "日": Fraction(24), "分钟": Fraction(1, 60),
        "周": Fraction(168),
    },
    "工作日": {"工作日": Fraction(1), "个工作日": Fraction(1)},
    "千瓦": {"千瓦": Fraction(1), "kW": Fraction(1), "MW": Fraction(1000), "兆瓦": Fraction(1000)},
    "度": {"千瓦时": Fraction(1), "kWh": Fraction(1)},
    "人": dict.fromkeys(("人", "名", "位"), Fraction(1)),
    "人次": dict.fromkeys(("人次",), Fraction(1)),
    "户": dict.fromkeys(("户", "户次"), Fraction(1)),
    "学时": dict.fromkeys(("学时", "课时"), Fraction(1)),
    "分": dict.fromkeys(("分",), Fraction(1)),
    "倍": dict.fromkeys(("倍",), Fraction(1)),
    OCCASION: dict.fromkeys(("次", "场", "期", "批", "场次", "批次", "期次", "轮", "班次", "起", "例", "宗"), Fraction(1)),
    COUNT: dict.fromkeys(
        (*"个项处座台套家只头所条件村辆份篇部本册块匹株棵盏眼口间栋幢艘架支把张根片段袋箱瓶桶组类种门款对副幅羽尾枚盘卷副层孔级站房点", "个次",
         "台套", "台件", "件套", "行政村", "乡镇", "社区", "小区", "路段", "平台", "系统", "标段", "车次", "点位", "床", "张床"),
        Fraction(1),
    ),
}  # fmt: skip
_DAY, _MONTH = 24, 30
"""Hours of a day, days of a month."""
_DURATIONS = ("月", "小时", "工作日")
_KIND = {unit: (kind, factor) for kind, units in _MEASURES.items() for unit, factor in units.items()}
_NAMES = sorted(_KIND, key=len, reverse=True)
_POWERS = "万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百"
PLAIN_COUNTS = frozenset({COUNT, OCCASION})
"""Kinds whose words forms mix: 项 for 个, 场 for 次."""
COUNTED = frozenset({COUNT, OCCASION, "人", "人次", "户"})
"""Kinds of what there is a whole number of."""
UNIT = rf"(?:百分比|百分率|个?百分点|(?:{_POWERS})?(?:{'|'.join(_NAMES)})|(?:{_POWERS}))"
"""A regular expression for the units known here, with 万 and 亿 before them."""


@lru_cache(maxsize=2048)
def kind_of(unit: str) -> tuple[str, Fraction]:
    """What a unit measures, and how many of that kind's smallest ones it is; an unknown unit is a kind of its own."""
    text = tidy_unit(unit).split("/")[0]
    for name in _NAMES:
        if text.endswith(name):
            power = unit_factor(text, name)
            if power is not None:
                kind, factor = _KIND[name]
                return kind, Fraction(power) * factor
    power = unit_factor(text, None) if text else None
    return ("", Fraction(power)) if power is not None else (text, Fraction(1))


def is_known(unit: str) -> bool:
    """Whether the unit is one of those known here."""
    return kind_of(unit)[0] in _MEASURES


def is_percent(unit: str) -> bool:
    """Whether numbers in this unit are percentages."""
    return kind_of(unit)[0] == PERCENT


def is_duration(unit: str) -> bool:
    """Whether the unit measures time."""
    return kind_of(unit)[0] in _DURATIONS


def converted(number: Decimal, written: str, declared: str) -> Decimal | None:
    """A number in the unit it is wanted in; None where one unit says nothing about the other (人 and 人次).

    Things that are counted (个, 项, 座, 次 …) count as one another: forms mix these words.
    """
    if not written or not declared or written == declared or tidy_unit(written) == tidy_unit(declared):
        return number
    (kind, factor), (wanted, step) = kind_of(written), kind_of(declared)
    if kind != wanted and not (kind in PLAIN_COUNTS and wanted in PLAIN_COUNTS) and "" not in (kind, wanted):
        return None
    if "" in (kind, wanted) and kind != wanted:
        # A bare 万 takes the other's base: 200万 in a field of 万元 is 200.
        factor, step = (factor, power_of(declared)) if kind == "" else (power_of(written), step)
    exact = Fraction(number) * factor / step
    return number if factor == step else half_up_fraction(exact, _DECIMALS).normalize() + 0


def days_as_months(number: Decimal, written: str, declared: str) -> Decimal | None:
    """Days as months of thirty days, beside a limit in months; None for other units. Whoever uses it tells so."""
    (kind, factor), (wanted, step) = kind_of(written), kind_of(declared)
    if kind != "小时" or wanted != "月" or factor < _DAY:
        return None
    return half_up_fraction(Fraction(number) * factor / _DAY / _MONTH / step, 2)


@lru_cache(maxsize=1024)
def power_of(unit: str) -> Fraction:
    """The 万 or 亿 of a unit alone."""
    text = tidy_unit(unit)
    name = next((n for n in _NAMES if text.endswith(n) and unit_factor(text, n) is not None), None)
    power = unit_factor(text, name)
    return Fraction(1) if power is None else Fraction(power)
