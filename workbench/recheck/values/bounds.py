"""What limits a target beside its number: a strict sign, a period in which it comes back, a margin, a remark in brackets."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from workbench.base.exact import half_up_fraction
from workbench.base.text import half_width
from workbench.recheck.values.quantities import prepared
from workbench.recheck.values.units import PERCENT, PLAIN_COUNTS, kind_of

_OVER = r"大于|高于|多于|超过|超出|小于|低于|少于"
_STRICT = re.compile(
    rf"(?<![=≥≤])[<>‹›](?!=)|(?<!不)(?<!未)(?<!不得)(?<!不能)(?<!不会)(?<!不可)(?<!不应)(?:{_OVER})(?=约?近?(?:\d|百分之|[一二两三四五六七八九十百千]))"
)
_STRICT_COLUMN = re.compile(r"[<>‹›]|大于|小于")
_PERIODS = {"月": 12, "季度": 4, "半年": 2, "周": 52, "天": 365}
_ALIKE = {"季": "季度", "日": "天"}
_PERIOD = r"月|季度?|半年|周|日|天"
_EACH = re.compile(rf"(?:每个?|/每?个?)(?P<period>{_PERIOD})(?![末初底均])")
_MARGIN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)(?P<unit>[^\d±()]{0,4})±(?P<margin>\d+(?:\.\d+)?)(?P<other>[^\d±()]{0,4})"
)
_ASIDE = re.compile(
    rf"\((?:[^()]*(?:满分|总分|分制)[^()]*|[^()\d]*每个?(?:{_PERIOD})[^()]{{0,10}}|\d+[^()\d/]{{1,3}}/(?:{_PERIOD}))\)$"
)
_DECIMALS = 6


def is_strict(text: str, column: str = "") -> bool:
    """Whether the limit itself is shut out: ＞50人, 大于50人. ``column``: what stands under 指标性质."""
    plain = "".join(half_width(text).split())
    return _STRICT.search(plain) is not None or _STRICT_COLUMN.fullmatch(half_width(column)) is not None


def period_of(text: str, unit: str) -> str:
    """月 in 每月1次 and 1次/月; empty for none, for a year, and where no times or things are counted (每月800元)."""
    match = _EACH.search(prepared(text)) if kind_of(unit)[0] in PLAIN_COUNTS else None
    return "" if match is None else _ALIKE.get(match["period"], match["period"])


def in_each_period(number: Decimal, said: str, wanted: Decimal, period: str, *, at_most: bool) -> Decimal | None:
    """How often it was in each period; None where that depends on whether all of the year is meant.

    Args:
        said: period of the actual, empty where it names none; period: of the target.
    """
    times = _PERIODS[period]
    if said:
        return number if said == period else None
    if at_most:
        return number if number <= wanted else None
    enough = number >= wanted * times
    return half_up_fraction(Fraction(number) / times, _DECIMALS).normalize() + 0 if enough else None


def margin_of(text: str) -> tuple[Decimal, Decimal, str] | None:
    """80公里±5% as (76, 84, 公里): a percentage is one of the number, unless that is a percentage itself."""
    match = _MARGIN.fullmatch(prepared(text))
    if match is None:
        return None
    number, margin, unit = Decimal(match["number"]), Decimal(match["margin"]), match["unit"] or match["other"]
    if match["other"] == PERCENT and match["unit"] != PERCENT:
        margin, unit = number * margin / 100, match["unit"]
    return (number - margin).normalize() + 0, (number + margin).normalize() + 0, unit


def without_aside(text: str) -> str:
    """A target without what only explains it in brackets: (满分5分), (每月1场)."""
    return _ASIDE.sub("", half_width(text))
