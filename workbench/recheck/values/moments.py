"""Days and parts of years in what a person typed: 2022年11月底前, 9月前, 12月31日前完成, 第三季度, 2022.11."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from workbench.recheck.values.quantities import prepared

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_THIS = r"(?P<relative>当年|本年度?|次年|翌年|第二年)"
_FORMS = (
    re.compile(rf"(?:{_YEAR}年|{_THIS})?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号]"),
    re.compile(rf"{_YEAR}(?P<mark>[-./])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})"),
    re.compile(rf"(?:{_YEAR}年|{_THIS})?(?P<month>\d{{1,2}})月份?(?P<part>底|末|初|上旬|中旬|下旬)?"),
    re.compile(rf"{_YEAR}[-./](?P<month>0?[1-9]|1[0-2])(?P<part>底|末)?"),
    re.compile(rf"(?:{_YEAR}年度?|{_THIS})?(?P<half>上半年|下半年)"),
    re.compile(rf"(?:{_YEAR}年度?|{_THIS})?第?(?P<quarter>[一二三四1-4])季度(?P<part>底|末)?"),
    re.compile(rf"(?:{_YEAR}年|{_THIS})?(?P<whole>年底|年末|底|末|年)"),
    re.compile(rf"(?:{_YEAR}年度?(?:全年)?|{_THIS}|(?P<whole>全年))"),
)
_AROUND = re.compile(
    r"^(?:于|在|应|须|计划|预计|已|均|截至|截止|时间|完成时间|完成日期|实际)*(?P<core>.+?)"
    r"(?:(?P<before>之前|以前|前)|止|以内|之内|内)?(?:按[时期]|全部|全面|已|均|正式|基本)*"
    r"(?:完成|完工|竣工|验收|交付|交工|建成|开工|启动|到位|发放|拨付|支付|结束|实施|投入使用|并|的|了|工作|建设|通过)*[。.;；]?$"
)
_PERIOD = re.compile(r"(?P<first>.+?)(?:-|~|至|到)(?P<last>.+)")
_QUARTER = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is or was to be done, as exactly as it is written.

    Attributes:
        year: None where none is written; then it is that of the form. later: 1 for 次年.
        first, last: (month, day); the day of ``last`` may be 31 in any month.
        before: 前 is written. Of a day it includes the day; of a month nobody knows whether it includes the month.
        closed: the end is named (11月底前, 年底), so that nobody has to know.
    """

    year: int | None
    later: int
    first: tuple[int, int]
    last: tuple[int, int]
    before: bool = False
    closed: bool = False

    def span(self, year: int | None) -> tuple[date, date] | None:
        """First and last day meant, in a form for ``year``; None where no year is known."""
        own = self.year or year
        if own is None:
            return None
        own += self.later
        return _day(own, self.first), _day(own, self.last)

    def limits(self, year: int | None) -> tuple[date, date] | None:
        """As a deadline: the last day in the strictest and in the most lenient reading."""
        span = self.span(year)
        if span is None:
            return None
        first, last = span
        return (first - timedelta(days=1), last) if self.before and not self.closed and first != last else (last, last)


def _day(year: int, month_day: tuple[int, int]) -> date:
    month, day = month_day
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


@lru_cache(maxsize=4096)
def moment_of(text: str) -> Moment | None:
    """The moment a text names when it names one and nothing else; of a period (1月-12月) its end."""
    around = _AROUND.match(prepared(text[:80]))
    if around is None:
        return None
    core, before = around["core"], around["before"] is not None
    found = _single(core, before)
    period = _PERIOD.fullmatch(core) if found is None else None
    if period is None:
        return found
    first, last = _single(_completed(period["first"], period["last"]), False), _single(period["last"], before)
    if first is None or last is None:
        return None
    return Moment(last.year or first.year, last.later, last.first, last.last, before, last.closed)


def _completed(first: str, last: str) -> str:
    """“1” of “1-12月” is a month too."""
    return f"{first}月" if re.fullmatch(r"(?:(?:19|20)\d{2}年)?\d{1,2}", first) and "月" in last else first


def _single(core: str, before: bool) -> Moment | None:
    match = next((m for m in (form.fullmatch(core) for form in _FORMS) if m), None)
    if match is None:
        return None
    parts = match.groupdict()
    days = _days(parts)
    if days is None:
        return None
    year = int(parts["year"]) if parts.get("year") else None
    later = int(parts.get("relative") in ("次年", "翌年", "第二年"))
    try:
        _day(year or 2000, days[0]), _day(year or 2000, days[1])
    except ValueError:
        return None
    closed = parts.get("whole") is not None or parts.get("part") in ("底", "末")
    return Moment(year, later, days[0], days[1], before, closed)


def _days(parts: dict[str, str | None]) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """First and last (month, day)."""
    if parts.get("half"):
        return ((1, 1), (6, 30)) if parts["half"] == "上半年" else ((7, 1), (12, 31))
    if parts.get("quarter"):
        last = 3 * _QUARTER[parts["quarter"] or "1"]
        return (last - 2, 1), (last, 31)
    if not parts.get("month"):
        return (1, 1), (12, 31)
    month = int(parts["month"] or 0)
    if not 1 <= month <= 12:
        return None
    if parts.get("day"):
        day = int(parts["day"] or 0)
        return ((month, day), (month, day)) if 1 <= day <= calendar.monthrange(2000, month)[1] else None
    first, last = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}.get(
        parts.get("part") or "", (1, 31)
    )
    return (month, first), (month, last)
