"""Numbers in words become digits: 一万二千人次, 百分之九十五点五, 九成以上, 1亿2000万, 二〇二四年十一月二十八日.

Words stay words where a numeral counts nothing: 一般, 十分满意, 第三, 三公经费.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from workbench.base.exact import half_up_fraction
from workbench.base.numerals import DIGITS, NUMERAL, chinese_digits, chinese_number
from workbench.base.text import plain
from workbench.recheck.values.units import UNIT

_DIGIT = "[零〇○一二两三四五六七八九]"
_NUMBER = rf"(?:{NUMERAL}+点{_DIGIT}+|{NUMERAL}+(?!{NUMERAL}))"
"""All of a numeral: of 一万五 never 一 alone, with 万 for its unit."""
_ALONE = rf"(?<!{NUMERAL})(?<!第)"
"""Before a numeral that is no part of a longer one, and counts instead of ordering."""
_LEAD = (
    r"(?:完成|达到|实现|不少于|约|近|共|共计|累计|已|每年|全年|每月|每季度|每人|新增|新建|开展|举办|组织|培训|[≥≤=])*"
)
_NO_UNIT = "[性定般体致律切些系点之]"
"""After what looks like a unit: 一次性, 三分之二."""
_ENDS = r"(?:及?以[上下内]|左右|上下|之内|[。.;；,，、]|$)"
_TO = "[-~至到]"
_YEAR = re.compile(rf"{_ALONE}([一二]{_DIGIT}{{3}})(?=年)")
_MONTH = re.compile(rf"{_ALONE}({NUMERAL}{{1,2}})(?=月)")
_DAY = re.compile(rf"(?<=月)({NUMERAL}{{1,3}})(?=[日号])")
_HUNDREDTHS = re.compile(rf"(百分之|千分之)(?:({_NUMBER})|(\d+(?:\.\d+)?))")
_FRACTION = re.compile(rf"{_ALONE}({NUMERAL}+)分之({NUMERAL}+)")
_TENTHS = re.compile(
    rf"^(?P<lead>{_LEAD})(?P<tenths>[一二三四五六七八九1-9])成(?P<more>[一二三四五六七八九半1-9])?(?={_ENDS})"
)
_HALF = re.compile(rf"^(?P<lead>{_LEAD})(?:半数|一半)(?=的|{_ENDS})")
_MIXED = re.compile(r"(?<![\d.])(?:\d+(?:千万|百万|十万|[亿万千百])){2,}(?![\d.克米瓦])")
_PIECE = re.compile(r"(\d+)(千万|百万|十万|[亿万千百])")
_FIRST = re.compile(
    rf"^(?P<lead>{_LEAD})(?!十分[^钟以左])(?P<number>{_NUMBER})(?=[余多来]?{UNIT}(?!{_NO_UNIT})|{_ENDS}|{_TO}{NUMERAL})"
)
_SECOND = re.compile(rf"(?<=\d)(?P<lead>(?:{UNIT})?{_TO})(?P<number>{_NUMBER})(?={UNIT}|{_ENDS})")
_LATER = re.compile(
    rf"{_ALONE}(?P<number>{NUMERAL}*[十百千万亿]{NUMERAL}*|(?<=[年月度周日天人村户镇]){_DIGIT}(?!{NUMERAL}))(?=[余多来]?{UNIT}(?!{_NO_UNIT}))"
)
_MORE = re.compile(rf"(?<=\d)([百千万亿]+)([余多])(?={UNIT})")
"""1.5万余亩 is 1.5余万亩."""
_ANY = re.compile(rf"{NUMERAL}|半数|\d成")
_POWERS = {"百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_TENTH = {char: value for digits in ("零一二三四五六七八九", "0123456789") for value, char in enumerate(digits)} | {
    "半": 5
}
_PLACES = 4
"""Decimals of a percentage that a fraction may have: 八分之一 is 12.5%, 三分之二 is none."""


def in_digits(text: str) -> str:
    """A text with its numbers in digits."""
    if _ANY.search(text) is None:
        return text
    plain_text = _DAY.sub(_counted, _MONTH.sub(_counted, _YEAR.sub(lambda m: chinese_digits(m[1]) or m[0], text)))
    plain_text = _HUNDREDTHS.sub(_hundredths, plain_text.replace("百分百", "100%"))
    plain_text = _FRACTION.sub(_fraction, plain_text)
    plain_text = _TENTHS.sub(_tenths, plain_text)
    plain_text = _HALF.sub(lambda m: f"{m['lead']}50%", plain_text)
    plain_text = _MIXED.sub(_mixed, plain_text)
    plain_text = _SECOND.sub(_spelled, _FIRST.sub(_spelled, plain_text))
    return _MORE.sub(r"\2\1", _LATER.sub(_long, plain_text))


def _counted(match: re.Match[str]) -> str:
    number = chinese_number(match[1])
    return match[0] if number is None else plain(number)


def _hundredths(match: re.Match[str]) -> str:
    sign = "%" if match[1] == "百分之" else "‰"
    if match[3]:
        return f"{match[3]}{sign}"
    number = Decimal(100) if match[2] == "百" else chinese_number(match[2])
    return match[0] if number is None else f"{plain(number)}{sign}"


def _fraction(match: re.Match[str]) -> str:
    bottom, top = chinese_number(match[1]), chinese_number(match[2])
    if not bottom or top is None:
        return match[0]
    exact = Fraction(top) / Fraction(bottom) * 100
    percent = half_up_fraction(exact, _PLACES)
    return f"{plain(percent.normalize())}%" if percent == exact else match[0]


def _tenths(match: re.Match[str]) -> str:
    tens, ones = (_TENTH[match[part] or "零"] for part in ("tenths", "more"))
    return f"{match['lead']}{10 * tens + ones}%"


def _mixed(match: re.Match[str]) -> str:
    pieces = [(int(number), _POWERS[power]) for number, power in _PIECE.findall(match[0])]
    falling = all(number * power < larger for (number, power), (_, larger) in zip(pieces[1:], pieces, strict=False))
    return str(sum(number * power for number, power in pieces)) if falling else match[0]


def _spelled(match: re.Match[str]) -> str:
    number = chinese_number(match["number"])
    return match[0] if number is None else f"{match['lead']}{_short(number, match['number'])}"


def _long(match: re.Match[str]) -> str:
    # One character alone is rather part of a word: 千家万户, 十分.
    number = chinese_number(match["number"]) if len(match["number"]) > 1 or match["number"] in DIGITS else None
    return match[0] if number is None else _short(number, match["number"])


def _short(number: Decimal, written: str) -> str:
    """In digits, with the 万 or 亿 it was written in: 十五万 is 15万, 一万二千 is 12000."""
    power = written[-1] if written[-1] in "万亿" else ""
    return f"{plain(number / _POWERS[power])}{power}" if power else plain(number)
