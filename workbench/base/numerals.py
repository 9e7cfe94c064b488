"""Chinese numerals as numbers: 九, 十二, 两百零五, 一百五, 一万二千, 三亿五千万, 九十五点五.

number  = whole ["点" digit+]
whole   = digit | count unit rest          the largest unit first: 亿, 万, 千, 百, 十
count   = whole for 亿 and 万, one digit for 千 and 百, one digit or nothing for 十
rest    = nothing | whole of smaller units, with 零 before it where a unit is left out
        | one digit alone                  of the next smaller unit: 一万二 is 12,000, 一百五 is 150
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
_GROUPS = 10**4
"""From here on a unit counts whole numbers (二十三万), below it single digits (三百)."""
_ZEROS = "零〇○"
_LONGEST = 40
NUMERAL = "[零〇○一二两三四五六七八九十百千万亿]"
"""A character class of what whole numbers are written with."""


@lru_cache(maxsize=4096)
def chinese_number(text: str) -> Decimal | None:
    """The number a text spells; None for what spells none: 三五, 万一, 百, 二〇二四."""
    whole, point, decimals = text.partition("点")
    value = _whole(whole, 0) if len(text) <= _LONGEST else None
    if value is None or (point and not decimals) or any(char not in DIGITS for char in decimals):
        return None
    return Decimal(f"{value}.{''.join(str(DIGITS[char]) for char in decimals)}" if decimals else value)


def chinese_digits(text: str) -> str | None:
    """Digits read out one by one, as years are: 二〇二四 is ``2024``; None for anything else."""
    return "".join(str(DIGITS[char]) for char in text) if text and all(char in DIGITS for char in text) else None


def _whole(text: str, largest: int) -> int | None:
    """A number in the units from ``largest`` on."""
    for index in range(largest, len(_UNITS)):
        mark, size = _UNITS[index]
        before, found, after = text.partition(mark)
        if found:
            count, rest = _count(before, size, index), _rest(after, size, index + 1)
            return None if count is None or rest is None else count * size + rest
    return DIGITS.get(text)


def _count(text: str, size: int, index: int) -> int | None:
    """How many of a unit; no unit is counted with 零."""
    if size >= _GROUPS:
        return _whole(text, index + 1) or None
    return 1 if not text and size == 10 else DIGITS.get(text) or None


def _rest(text: str, size: int, smaller: int) -> int | None:
    """What follows a unit."""
    if not text:
        return 0
    if len(text) == 1 and size > 10 and text not in _ZEROS:
        return DIGITS[text] * size // 10 if text in DIGITS else _whole(text, smaller)
    body = text[1:] if text[0] in _ZEROS and size > 10 else text
    value = _whole(body, smaller) if body else None
    return value if value and value < size else None
