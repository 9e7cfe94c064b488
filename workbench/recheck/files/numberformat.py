"""Number formats of a workbook: what a person sees where the file holds 0.7927, 44895 or 3.

Covers the formats forms are made with: decimals, thousands, percent, currency, literal text, sections for negative numbers
and zero, scaling by thousands, dates. A format it does not know shows the number plainly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from workbench.base.text import plain, trimmed

_DIGITS = 15
"""Significant digits a spreadsheet holds; the rest of a binary float is noise."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>[Gg]eneral|G/通用格式)|(?P<exponent>[Ee][+-])|(?P<ampm>AM/PM|A/P|上午/下午)"
    r"|(?P<date>[yYmMdDhHsSeEaAbB]+)|(?P<slot>[0#?])|(?P<mark>[.,%@/])|(?P<other>.)",
    re.DOTALL,
)
_CURRENCY = re.compile(r"\$([^-]*)")
_ELAPSED = re.compile(r"[hms]+", re.IGNORECASE)
BUILTIN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 32: "h时mm分",
    33: "h时mm分ss秒", 34: "h时mm分", 35: "h时mm分ss秒", 36: "yyyy年m月", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: '#,##0;-#,##0;"-"', 42: '¥#,##0;-¥#,##0;¥"-"',
    43: '#,##0.00;-#,##0.00;"-"', 44: '¥#,##0.00;-¥#,##0.00;¥"-"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "##0.0E+0",
    50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 55: "h时mm分", 56: "h时mm分ss秒",
    57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
"""Formats that a file names by number only, as a Chinese Excel shows them."""


@dataclass(frozen=True, slots=True)
class Section:
    """One of the sections between semicolons.

    Attributes:
        kind: number, date, or general for a format that is not known or says so.
        before, after: literal text around the number; whole: slots and literals of its integer part, from left to right.
        least, most: decimals shown at least and at most; thousands, scale, percent: separators, thousands dropped, ``%`` given.
        date: which of y m d h s it shows.
    """

    kind: str
    before: str = ""
    after: str = ""
    whole: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    thousands: bool = False
    scale: int = 0
    percent: int = 0
    date: frozenset[str] = frozenset()


_GENERAL = Section("general")


def exact(text: str) -> Decimal | None:
    """The number a file holds, to 15 significant digits; None for what is no finite number."""
    try:
        number = Decimal(text.strip()[:64])
    except ArithmeticError:
        return None
    if not number.is_finite() or abs(number.adjusted()) > 300:
        return None
    return Decimal(trimmed(Context(prec=_DIGITS, rounding=ROUND_HALF_UP).plus(number)))


def shown(number: Decimal, code: str, date1904: bool = False) -> tuple[str, Decimal | None, bool]:
    """What a person sees, the number (None for a date; × 100 for a percentage) and whether it is a percentage."""
    sections = sections_of(code)
    at = 2 if number == 0 and len(sections) > 2 else 1 if number < 0 and len(sections) > 1 else 0
    section = sections[at]
    if section.kind == "date":
        day = _date_text(number, section.date, date1904)
        return (day, None, False) if day else (trimmed(number), number, False)
    percent = bool(section.percent)
    value = number.scaleb(2) if percent else number
    if section.kind == "general":
        return trimmed(number), number, False
    return _number_text(number, section, negative_told=at == 1), Decimal(trimmed(value)), percent


@lru_cache(maxsize=1024)
def sections_of(code: str) -> tuple[Section, ...]:
    """The sections of a format."""
    parts: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(code[:255]):
        kind = match.lastgroup or "other"
        text = match[kind]
        if kind == "other" and text == ";":
            parts.append([])
        else:
            parts[-1].append((kind, text))
    return tuple(_section(part) for part in parts[:3])


def _section(tokens: list[tuple[str, str]]) -> Section:
    letters = {c.lower() for kind, text in tokens if kind == "date" for c in text} - {"a", "b"}
    letters |= {t[0].lower() for kind, t in tokens if kind == "bracket" and _ELAPSED.fullmatch(t)}
    kinds = {kind for kind, _ in tokens}
    if letters and "exponent" not in kinds and "general" not in kinds:
        return Section("date", date=frozenset("y" if c == "e" else c for c in letters))
    slots = [i for i, (kind, _) in enumerate(tokens) if kind == "slot"]
    unknown = kinds & {"general", "exponent", "ampm", "date"} or any(t in "@/" for k, t in tokens if k == "mark")
    conditional = any(kind == "bracket" and text[:1] in "<>=" for kind, text in tokens)
    if unknown or conditional:
        return _GENERAL
    if not slots:
        literal = _literal(tokens)
        return Section("number", before=literal) if literal.strip() else _GENERAL
    return _numeric(tokens, slots[0], slots[-1])


def _numeric(tokens: list[tuple[str, str]], first: int, last: int) -> Section:
    point = next((i for i, t in enumerate(tokens) if t == ("mark", ".")), last + 1)
    decimals = [text for kind, text in tokens[point:] if kind == "slot"]
    commas = sum(1 for t in tokens[last + 1 :] if t == ("mark", ","))
    inner = tokens[first:point] if point > first else []
    literal = [("literal", _literal([t])) if t[0] != "slot" else t for t in inner if t != ("mark", ",")]
    return Section(
        "number",
        before=_literal(tokens[:first]),
        after=_literal(tokens[last + 1 :]),
        whole=tuple(text if kind == "slot" else f'"{text}' for kind, text in literal if text and not text.isspace()),
        least=decimals.count("0"),
        most=len(decimals),
        thousands=("mark", ",") in tokens[first:last],
        scale=commas,
        percent=tokens.count(("mark", "%")),
    )


def _literal(tokens: list[tuple[str, str]]) -> str:
    text = ""
    for kind, value in tokens:
        if kind in ("quoted", "escaped", "other"):
            text += value
        elif kind == "mark" and value == "%":
            text += "%"
        elif kind == "bracket" and (currency := _CURRENCY.match(value)):
            text += currency[1]
    return text


def _number_text(number: Decimal, section: Section, negative_told: bool) -> str:
    if not section.whole and not section.most:
        return section.before.strip()
    value = abs(number).scaleb(2 * section.percent - 3 * section.scale)
    text = plain(value.quantize(Decimal(1).scaleb(-section.most), ROUND_HALF_UP, Context(prec=400)))
    whole, _, decimals = text.partition(".")
    while len(decimals) > section.least and decimals.endswith("0"):
        decimals = decimals[:-1]
    sign = "-" if number < 0 and not negative_told and text.strip("0.") else ""
    body = _whole_text(whole, section)
    body = f"{body or '0'}.{decimals}" if decimals else body
    # A format that hides a zero would hide that one was typed.
    return f"{sign}{section.before}{body}{section.after}".strip() or "0"


def _whole_text(digits: str, section: Section) -> str:
    """The integer part put into its slots, from right to left; digits left over stand before the first slot."""
    if section.thousands:
        return f"{int(digits):,}"
    rest = list(digits.lstrip("0"))
    pieces: list[str] = []
    first = next((i for i, s in enumerate(section.whole) if not s.startswith('"')), 0)
    for i in range(len(section.whole) - 1, -1, -1):
        slot = section.whole[i]
        if slot.startswith('"'):
            pieces.append(slot[1:])
        elif i == first:
            pieces.append("".join(rest) or ("0" if slot == "0" else ""))
        else:
            pieces.append(rest.pop() if rest else "0" if slot == "0" else "")
    return "".join(reversed(pieces))


def _date_text(number: Decimal, parts: frozenset[str], date1904: bool) -> str:
    """A serial number as 2022-11-30, 2022年11月, 11月30日 or 08:30, by what the format shows; empty when no calendar has it."""
    if not 0 <= number < 2_958_466:
        return ""
    whole = int(number)
    # The calendar of a workbook has a 29 February 1900 that never was.
    start = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30) if whole >= 60 else datetime(1899, 12, 31)
    seconds = int((number - whole) * 86400 + Decimal("0.5"))
    try:
        moment = start + timedelta(days=whole, seconds=seconds)
    except OverflowError:
        return ""
    if not parts & {"y", "d"} and ("m" not in parts or parts & {"h", "s"}):
        hours = moment.hour + (whole * 24 if whole else 0)
        return f"{hours:02d}:{moment:%M}" + (f":{moment:%S}" if "s" in parts else "")
    if "y" in parts and "d" not in parts:
        return f"{moment.year}年{moment.month}月" if "m" in parts else f"{moment.year}年"
    if "y" not in parts:
        return f"{moment.month}月{moment.day}日"
    return f"{moment:%Y-%m-%d}"
