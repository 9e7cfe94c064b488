"""Numbers as reports write them: 87.52, ８７．５２, 1,234.5, −2, 98%, 八十七点五, 百分之九十."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from workbench.base.numerals import chinese_number
from workbench.base.text import plain, trimmed
from workbench.reports.checking.language.remembered import remembered

_SAME = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}
_SAME |= {code: code - 0xFEE0 for code in [*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
_SAME |= {ord(a): ord(b) for a, b in zip("．％（）：＝～／－−＞＜　\u00a0﹪", ".%():=~/--><  %", strict=True)}
"""Signs that mean the same, one for one, so that a place in the folded text is the place in the text."""
CHINESE = "[零〇一二两三四五六七八九十百千万]"
_CHINESE = re.compile(rf"{CHINESE}+(?:点[零〇一二三四五六七八九]+)?")
_PERCENT_OF = "百分之"
NUMBER = re.compile(
    r"(?P<sign>(?<![\d%)\w])-|负)?"
    r"(?<![\d.])(?<!\d,)(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?P<places>\.\d+)?(?!\.?\d)(?P<percent>\s*%)?"
)
_CELL = re.compile(r"[¥￥]?\s*(?P<number>.+?)\s*(?P<unit>分|%|元|万元|亿元)?")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is printed: its value (of 98% the 98), its decimals, whether a percent sign stands beside it."""

    value: Decimal
    places: int = 0
    percent: bool = False
    unit: str = ""

    def __abs__(self) -> Number:
        return Number(abs(self.value), self.places, self.percent, self.unit)

    def __str__(self) -> str:
        return f"{self.value:.{self.places}f}{'%' if self.percent else ''}"


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text, from ``start`` up to ``end``."""

    number: Number
    start: int
    end: int


def folded(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones; as long as ``text``. A full-width comma stays one."""
    return text.translate(_SAME)


_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=\d)|(?<=[\d%]) +(?=[\u4e00-\u9fff])")


def closed(text: str) -> str:
    """Folded, without the spaces some put around numbers (“2019 年得 85.9 分”); its places are not those of ``text``."""
    return _GAP.sub("", folded(text))


def chinese(text: str) -> Number | None:
    """“八十七点五” as a number; None for what is none, such as “三五”."""
    value = chinese_number(text)
    return None if value is None else Number(value, len(text.partition("点")[2]))


@remembered
def numbers(text: str) -> list[Found]:
    """All numbers of a folded text in order; dates, versions and numbering like 3.2.1 are none."""
    found = [_arabic(m) for m in NUMBER.finditer(text)]
    taken = [(f.start, f.end) for f in found]
    for match in _CHINESE.finditer(text):
        of = text[: match.start()].endswith(_PERCENT_OF)
        after = text[match.end() : match.end() + 1]
        number = chinese(match[0])
        if (
            number is None
            or not (of or after in ("分", "%"))
            or any(a < match.end() and match.start() < b for a, b in taken)
        ):
            continue
        percent = of or after == "%"
        start = match.start() - (len(_PERCENT_OF) if of else 0)
        found.append(Found(Number(number.value, number.places, percent), start, match.end() + (after == "%")))
    return sorted(found, key=lambda f: f.start)


def _arabic(match: re.Match[str]) -> Found:
    places = match["places"] or ""
    value = Decimal(match["digits"].replace(",", "") + places)
    number = Number(-value if match["sign"] else value, max(0, len(places) - 1), bool(match["percent"]))
    return Found(number, match.start(), match.end())


@remembered
def cell_number(text: str) -> Number | None:
    """The number a table cell is, when it is nothing else: ``18``, ``18分``, ``90.4%``, ``八十七点五``."""
    match = _CELL.fullmatch(folded(text).strip().removeprefix("+").removeprefix("＋"))
    if match is None:
        return None
    unit = match["unit"] or ""
    percent = unit == "%"
    arabic = NUMBER.fullmatch(match["number"])
    if arabic is not None:
        number = _arabic(arabic).number
        return Number(number.value, number.places, number.percent or percent, "" if percent else unit)
    written = chinese(match["number"].removeprefix(_PERCENT_OF))
    if written is None:
        return None
    percent = percent or match["number"].startswith(_PERCENT_OF)
    return Number(written.value, written.places, percent, "" if percent else unit)


_MEASURE = re.compile(
    rf"(?:[≥≤=<>]|不低于|不少于|不超过|不高于)?\s*(?P<number>{NUMBER.pattern})(?P<unit>[^\d\s,，、;；(]{{0,6}})"
)


def measure(text: str) -> Number | None:
    """What an indicator demands or reached: ``≥90%``, ``8.00万亩``; the unit is part of it."""
    match = _MEASURE.fullmatch(folded(text).strip())
    if match is None:
        return None
    number = numbers(match["number"])[0].number
    return Number(number.value, number.places, number.percent, match["unit"])


def says(stated: Number, exact: Fraction, spread: Fraction = Fraction(0)) -> bool:
    """Whether a printed number is an exact one rounded to the printed decimals; at a tie either way.

    Args:
        spread: how far ``exact`` itself may be off, where it comes from rounded amounts.
    """
    return abs(Fraction(stated.value) - exact) <= Fraction(1, 2 * 10**stated.places) + spread


def same(stated: Number, other: Number) -> bool:
    """Whether two printed numbers say the same: 98.0 and 98; 87.5 beside 87.52; a whole number only for itself."""
    few, many = sorted((stated, other), key=lambda n: n.places)
    if few.value == many.value:
        return True
    return few.places > 0 and few.places < many.places and says(few, Fraction(many.value))


def text_of(value: Decimal | Fraction, places: int = 2) -> str:
    """An exact number as people write it, at most ``places`` decimals."""
    if isinstance(value, Fraction):
        sign, scaled = ("-" if value < 0 else ""), abs(value) * 10**places
        units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        value = Decimal(f"{sign}{units}").scaleb(-places)
    return plain(value)


def short(value: Fraction, places: int) -> str:
    """An amount as people write it: at most ``places`` decimals, none of them an idle zero."""
    return trimmed(Decimal(text_of(value, places)))
