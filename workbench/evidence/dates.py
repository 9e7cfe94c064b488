"""Dates as people type and read them."""

from __future__ import annotations

import calendar
import math
import re
from datetime import date, timedelta
from decimal import Decimal

from workbench.base.text import half_width, trimmed
from workbench.evidence.tables import EPOCH

_DAY = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})[日号])(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_COMPACT = re.compile(r"(19|20)(\d{2})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月(?:份)?)")
_MONTH_END = re.compile(r"(\d{4})年(?:(\d{1,2})月)?底")
_BEFORE = re.compile(r"(之前|以前|前|止|截止)$")
FORMS = "2022-03-01、2022/3/1、2022年3月1日 之一,或 Excel 日期"


def parse_date(text: str) -> date | None:
    """A full day, or None. ``20220301`` and a time of day after the date are understood."""
    plain = re.sub(r"\s+", " ", half_width(text))
    match = _DAY.fullmatch(plain)
    parts = [p for p in match.groups() if p] if match else None
    if parts is None:
        compact = _COMPACT.fullmatch(plain)
        parts = [compact[1] + compact[2], compact[3], compact[4]] if compact else None
    if parts is None:
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def is_month(text: str) -> bool:
    """Whether the text names a month without a day."""
    return _MONTH.fullmatch(half_width(text)) is not None


def parse_deadline(text: str) -> date | None:
    """A planned date: a day, or a month's or year's end (2022年12月底前, 2022年底), with or without 前."""
    plain = re.sub(r"\s+", "", half_width(text))
    plain = _BEFORE.sub("", plain)
    match = _MONTH_END.fullmatch(plain)
    if match is None:
        return parse_date(plain)
    year, month = int(match[1]), int(match[2] or 12)
    return date(year, month, calendar.monthrange(year, month)[1]) if 1 <= month <= 12 and year else None


def date_text(days: Decimal) -> str:
    """Days since 1970-01-01 as ``2022年12月31日``; a number no calendar holds stays a number."""
    try:
        day = EPOCH + timedelta(days=math.floor(days))
    except OverflowError:
        return f"“{trimmed(days)}”(不是日期)"
    return f"{day.year}年{day.month}月{day.day}日"
