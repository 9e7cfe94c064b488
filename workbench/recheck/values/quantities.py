"""Numbers with sign and unit in what a person typed: ≥95%, 不低于95%, 20万元以内, 九个, 百分之九十五, 10-20户."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from workbench.base.exact import half_up_fraction
from workbench.base.text import half_width
from workbench.evidence.quantity import LONGEST, parse_quantity
from workbench.recheck.values.spelled import in_digits
from workbench.recheck.values.units import PERCENT, UNIT, power_of

_DECIMALS = 6
LONG = 2000
"""Characters of a cell that are looked through; more is an essay, not a value."""
_SAME = str.maketrans(
    {
        "≧": "≥",
        "≦": "≤",
        "⩾": "≥",
        "⩽": "≤",
        "﹪": "%",
        "−": "-",
        "–": "-",
        "—": "-",
        "〜": "~",
        "∼": "~",
        "‹": "<",
        "›": ">",
    }
)
_COMPARED = (
    (re.compile(r">=|=>|≥="), "≥"),
    (re.compile(r"<=|=<|≤="), "≤"),
    (re.compile(">"), "≥"),
    (re.compile("<"), "≤"),
    (re.compile(r"(?<=[\d%])\+$"), "以上"),
)
_AHEAD = r"(?=约?近?[¥￥]?-?(?:\d|百分之|[半零〇○一二两三四五六七八九十百千]))"
_AT_LEAST = r"大于或等于|大于等于|不得?(?:低于|少于|小于|下于)|不能?(?:低于|少于)|至少|最少|最低|高于|大于|多于|超过|超出|力争|力求|争取|确保"
_AT_MOST = r"小于或等于|小于等于|[不未]得?(?:高于|超过|大于|多于|超出|超)|不能?(?:高于|超过)|控制在|低于|小于|少于|至多|最多|最高"
_WORDS = re.compile(rf"(?:(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST})|等于){_AHEAD}")
_NUMBERING = re.compile(r"(?m)^\s*(?:[(（]?\d{1,2}[)）]|\d{1,2}[.、．](?!\d)|[①-⑳])\s*")
_INCLUSIVE = re.compile(r"\((?:含|含本数|不含|不含本数)\)")
_ZERO = re.compile(r"^零(?=[^\d点一二三四五六七八九十百千万]{1,10}$)")
_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_ONE = (
    r"(?P<sign>[≥≤=])?(?P<about>约|近|大约)?[¥￥]?(?P<number>(?<![\dA-Za-z.])" + _NUMBER + r"(?![\d])(?!\.\d))"
    rf"(?P<more>余|多|来)?(?P<unit>{UNIT})?(?:/[a-zA-Z\u4e00-\u9fff·]{{1,4}})?(?P<further>余|多)?"
    r"(?:[(（][^()（）\d]{0,6}[)）])?(?P<after>及?以上|及?以下|以内|之内|内(?![容部外在])|左右|上下)?"
)
_QUANTITY = re.compile(_ONE)
_RANGE = re.compile(
    rf"(?P<sign>[≥≤=])?(?P<low>(?<![\dA-Za-z.])\d+(?:\.\d+)?)(?P<unit1>{UNIT})?\s*(?:-|~|至|到)\s*(?P<high>\d+(?:\.\d+)?)(?![\d.])(?P<unit2>{UNIT})?"
)
_WHOLE = re.compile(rf"{_ONE}(?P<rest>[^\d\s,，;；。、]{{0,12}})[。.;；]?")
_NO_UNIT = re.compile(r"[A-Za-z]|[级类号届代批次]?[A-Za-z]|[年月日号]")
_BEFORE = re.compile(r"[第〔《〈“\"'A-Za-z]$")
_AFTERWARDS = {"以上": "≥", "以下": "≤", "以内": "≤", "之内": "≤", "内": "≤"}


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text, with what stands around it.

    Attributes:
        sign: ``gte``, ``lte``, ``eq`` or empty.
        high: upper end where a range is written (10-20户); ``number`` is its lower end.
        rough: 约, 余, 左右.
        whole: the text says nothing else.
    """

    number: Decimal
    unit: str = ""
    sign: str = ""
    high: Decimal | None = None
    rough: bool = False
    whole: bool = False


@lru_cache(maxsize=8192)
def prepared(text: str) -> str:
    """A text with one way of writing each sign, without numbering and white space; words for signs as signs, numbers in
    digits."""
    plain = _NUMBERING.sub("", half_width(text[:LONG]).translate(_SAME))
    plain = _INCLUSIVE.sub("", re.sub(r"\s+", "", plain))
    for pattern, sign in _COMPARED:
        plain = pattern.sub(sign, plain)
    plain = _WORDS.sub(lambda m: "≥" if m["least"] else "≤" if m["most"] else "=", plain)
    return in_digits(_ZERO.sub("0", plain))


@lru_cache(maxsize=8192)
def quantities(text: str) -> tuple[Found, ...]:
    """The quantities of a text in order. One that is the whole text may have any unit or none; the others need a known unit
    or a sign, so that 5G and 第3名 are none."""
    plain = prepared(text)
    span = _RANGE.fullmatch(plain.rstrip("。.;；"))
    if span is not None:
        return (_ranged(span, whole=True),)
    whole = _WHOLE.fullmatch(plain)
    if (
        whole is not None
        and not _calendar(plain, whole)
        and not (whole["unit"] is None and _NO_UNIT.match(whole["rest"]))
    ):
        found = _found(whole, whole["unit"] or ("" if whole["after"] else whole["rest"]), True)
        return () if found is None else (found,)
    return tuple(_within(plain))


def _within(plain: str) -> list[Found]:
    spans = [m for m in _RANGE.finditer(plain) if m["unit1"] or m["unit2"]]
    found = [(m.start(), _ranged(m, whole=False)) for m in spans]
    for match in _QUANTITY.finditer(plain):
        if any(m.start() <= match.start() < m.end() for m in spans) or _BEFORE.search(plain[: match.start()]):
            continue
        if match["unit"] is None and match["sign"] is None:
            continue
        one = _found(match, match["unit"] or "", False)
        if one is not None and not _calendar(plain, match):
            found.append((match.start(), one))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _calendar(plain: str, match: re.Match[str]) -> bool:
    """Whether the number belongs to a date: 2022年, 11月, 11月30日. 3个月 and 2年内 are quantities."""
    unit, end = match["unit"] or "", match.end("unit")
    if match["sign"]:
        return False
    if unit == "年":
        return len(match["number"]) == 4 or plain[end : end + 1] in ("度", "级")
    if unit == "月":
        return True
    return unit == "日" and plain[: match.start()].endswith("月")


def _ranged(match: re.Match[str], *, whole: bool) -> Found:
    low, high = Decimal(match["low"]), Decimal(match["high"])
    first, unit = match["unit1"] or "", match["unit2"] or match["unit1"] or ""
    if power_of(first) != power_of(unit) and (first or low > high):
        # 8000至1万 and 8千-1万: each in its own; 1至2万 is 万 for both.
        low = half_up_fraction(Fraction(low) * power_of(first) / power_of(unit), _DECIMALS).normalize() + 0
    return Found(min(low, high), _tidied(unit), "", max(low, high), whole=whole)


def _found(match: re.Match[str], unit: str, whole: bool) -> Found | None:
    if len(match["number"]) > LONGEST // 2:
        return None
    after = (match["after"] or "").removeprefix("及")
    sign = match["sign"] or _AFTERWARDS.get(after, "")
    parsed = parse_quantity(f"{sign}{match['number']}{_tidied(unit)}") or parse_quantity(f"{sign}{match['number']}")
    if parsed is None:
        return None
    rough = bool(match["about"] or match["more"] or match["further"]) or after in ("左右", "上下")
    return Found(parsed.number, parsed.unit if unit else "", parsed.sign, None, rough, whole)


def _tidied(unit: str) -> str:
    if unit.startswith(PERCENT):
        return PERCENT
    return unit.rstrip("余多")
