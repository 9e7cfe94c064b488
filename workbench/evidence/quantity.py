"""Numbers as people type them: full-width digits, thousands separators, units, 万 and 亿, a percent sign."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from workbench.base.text import half_width

LONGEST = 64
"""A number written with more characters than this is not one."""

_SIGNS = {
    ">=": "gte",
    "<=": "lte",
    "≥": "gte",
    "≧": "gte",
    "≤": "lte",
    "≦": "lte",
    ">": "gte",
    "<": "lte",
    "=": "eq",
    "大于等于": "gte",
    "大于或等于": "gte",
    "不低于": "gte",
    "不少于": "gte",
    "不小于": "gte",
    "小于等于": "lte",
    "小于或等于": "lte",
    "不高于": "lte",
    "不超过": "lte",
    "不大于": "lte",
    "不多于": "lte",
    "大于": "gte",
    "小于": "lte",
    "等于": "eq",
}
_QUANTITY = re.compile(
    r"(?P<sign>" + "|".join(re.escape(s) for s in _SIGNS) + r")?\s*"
    r"[¥￥]?(?P<number>[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?)"
    r"\s*(?P<unit>[^0-9\s.,+-](?:[^0-9]*[^0-9])?[23]?)?"
)
_AFTER = {
    "以上": "gte",
    "及以上": "gte",
    "(含)以上": "gte",
    "以下": "lte",
    "及以下": "lte",
    "(含)以下": "lte",
    "以内": "lte",
}
"""Signs written behind the number: 95%以上. Without them the unit would be “%以上” and 0.93 in it nobody's mistake."""
_MINUS = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u200b": None, "\ufeff": None})
_NOT_FINITE = re.compile(r"[-+]?(nan|inf|infinity|∞)|#(n/a|div/0!|num!|value!|ref!|name\?|null!|spill!|calc!)", re.I)

_MULTIPLIERS = {
    "万亿": 12,
    "千亿": 11,
    "百亿": 10,
    "十亿": 9,
    "亿": 8,
    "千万": 7,
    "百万": 6,
    "十万": 5,
    "万": 4,
    "千": 3,
    "百": 2,
    "十": 1,
}
_ALIASES = {"百分比": "%", "百分率": "%", "百分点": "%", "个百分点": "%", "人民币元": "元", "元人民币": "元"}


@dataclass(frozen=True)
class Quantity:
    """A number as written, with what stood around it. ``sign``: gte, lte, eq or ""; ``unit`` half-width or ""."""

    number: Decimal
    unit: str = ""
    sign: str = ""


def parse_quantity(text: str) -> Quantity | None:
    """The number in a text with its sign and unit, or None when the text is not one number."""
    plain = half_width(text.translate(_MINUS))
    if len(plain) > LONGEST:
        return None
    match = _QUANTITY.fullmatch(plain)
    if match is None:
        return None
    number = Decimal(match["number"].replace(",", ""))
    unit, sign = _signed(match["unit"] or "", _SIGNS.get(match["sign"] or "", ""))
    return Quantity(number, tidy_unit(unit), sign)


def _signed(unit: str, sign: str) -> tuple[str, str]:
    """A unit without the 以上 or 以下 behind it, and the sign that this stands for where none was written before."""
    word = next((w for w in sorted(_AFTER, key=len, reverse=True) if unit.endswith(w)), None)
    return (unit, sign) if word is None else (unit.removesuffix(word), sign or _AFTER[word])


def not_finite(text: str) -> bool:
    """Whether a text is NaN, an infinity or the name of a spreadsheet error."""
    return _NOT_FINITE.fullmatch(half_width(text)) is not None


def tidy_unit(unit: str) -> str:
    """A unit in half-width characters without spaces and without the brackets around it."""
    text = re.sub(r"\s+", "", half_width(unit))
    if len(text) > 1 and text[0] in "([【" and text[-1] in ")]】":
        text = text[1:-1]
    return _ALIASES.get(text, text)


def _split(unit: str) -> tuple[int, str]:
    for word, power in _MULTIPLIERS.items():
        if unit.startswith(word):
            return power, unit[len(word) :]
    return 0, unit


def unit_factor(written: str, declared: str | None) -> Decimal | None:
    """What a number in the unit written is multiplied by to be in the unit declared; None when that is unknown.

    元 → 万元 is 0.0001; a bare 万 or 亿 takes the declared base (200万 in a field of 万元 is 200).
    """
    source, target = tidy_unit(written), tidy_unit(declared or "")
    if source in ("", target):
        return Decimal(1)
    if (source, target) == ("‰", "%"):
        return Decimal("0.1")
    power, base = _split(source)
    wanted, declared_base = _split(target)
    if base != declared_base and not (base == "" and power):
        return None
    return Decimal(1).scaleb(power - wanted)
