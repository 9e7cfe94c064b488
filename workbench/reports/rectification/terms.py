"""When a problem has to be put right: said on the command line, by the problem itself, or by the policy; never made up."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from workbench.base.errors import Problem, shorten
from workbench.scheme.findings import cited
from workbench.scheme.policy import Rectification

_DAY = re.compile(
    r"(?:于|在)?(?P<year>\d{4})\s*(?:年\s*年?(?P<end>底|末)|[-年./]\s*(?P<month>\d{1,2})\s*[-月./]\s*(?P<day>\d{1,2}|底|末)\s*日?)"
    r"\s*(?:之?前|以前|止)?(?:全部|整体)?(?:完成|整改到位|完成整改|整改完成|落实到位)?"
)
_SINCE = (
    r"(?:自|从|在)?(?:(?:收到|接到|送达)[^\d,,;;。、后内]{0,20}?)?(?:之日|次日|当日)?(?:起|之?后|以后)?(?:的|,|,)?\s*"
)
_WITHIN = re.compile(
    _SINCE
    + r"(?P<days>\d{1,4})\s*个?(?:自然日|日历日|日|天)(?:之|以)?内(?:全部|整体)?(?:完成|整改到位|完成整改|整改完成|落实到位)?"
)
"""The whole text, counted from service alone: not 项目验收后30日内, and not 30日内制订方案,60日内完成. Not 工作日 and not 个月:
how those count is not ours to guess."""
YEARS = range(1990, 2100)
"""Another year is a slip of the pen."""
SATURDAY = 5


@dataclass(frozen=True)
class Due:
    """A due date and where it comes from; ``counted`` in days from service."""

    day: date
    basis: str
    counted: bool = False


@dataclass(frozen=True)
class Terms:
    """What a due date can be taken from.

    Attributes:
        due: for every problem, whatever else says.
        served: the day the result was served on the unit, from which “60日内” counts.
        rule: the policy's days; None where neither it nor the national default gives a number.
    """

    due: date | None = None
    served: date | None = None
    rule: Rectification | None = None

    def due_of(self, deadline: str) -> Due | None:
        """The due date of a problem whose own time limit reads so; None when nothing says one.

        A limit that is written and cannot be read is not taken for none: its reader decides, not the policy.
        """
        if self.due is not None:
            return Due(self.due, f"下达时指定{self._service}")
        return self.own(deadline) if deadline.strip() else self._by_rule()

    def own(self, deadline: str) -> Due | None:
        """What the time limit says by itself, as far as it can be read."""
        said = f"报告所定时限“{shorten(deadline.strip())}”"
        day = _day(deadline)
        if day is not None:
            return Due(day, f"{said}{self._service}")
        within = _WITHIN.fullmatch(deadline.strip())
        day = _after(self.served, int(within["days"])) if within is not None else None
        return Due(day, f"{said}{self._service}", counted=True) if day is not None else None

    def _by_rule(self) -> Due | None:
        latest = self.latest
        if latest is None or self.rule is None:
            return None
        return Due(latest, f"{cited(self.rule.clause)}:{self.rule.text}{self._service}", counted=True)

    @property
    def _service(self) -> str:
        """The day of service as part of the basis, where :meth:`Item.served` finds it again."""
        return f",{self.served}送达" if self.served is not None else ""

    @property
    def latest(self) -> date | None:
        """The last day the policy leaves, counted from the day after the result was served (民法典第二百零一条)."""
        return _after(self.served, self.rule.days) if self.rule is not None else None

    def undated(self, deadline: str) -> Problem:
        """That a problem has no due date: what was read, and how to give it one."""
        written = deadline.strip()
        if self.served is None and (_WITHIN.fullmatch(written) or (not written and self.rule is not None)):
            fix = "请用 --served 写明评价结果送达责任单位的日期,或用 --due 指定整改期限"
            return Problem("no_due", "定不出整改期限", found=written or "未填写", fix=fix)
        if not written:
            fix = "请在 report.yaml 中把时限写成日期(如 2024-06-30),或用 --due 指定;所用地区办法和国家默认没有规定整改天数"
            return Problem("no_due", "定不出整改期限", found="未填写", fix=fix)
        by_rule = f";要用办法规定的期限({self.rule.text})的,请把时限留空" if self.rule is not None else ""
        expected = "日期(2024-06-30、2024年6月底前),或“收到报告后60日内”"
        return Problem(
            "no_due", "认不出整改时限", found=written, expected=expected, fix=f"请改写,或用 --due 指定{by_rule}"
        )

    def before_service(self, due: date) -> Problem | None:
        """That something would be overdue on the day it is ordered."""
        if self.served is None or due >= self.served:
            return None
        fix = "请核对 --served、--due 和 report.yaml 中的时限"
        return Problem(
            "due_before_served", "整改期限早于送达日期", found=str(due), expected=f"不早于{self.served}", fix=fix
        )


def _after(served: date | None, days: int) -> date | None:
    """The last of so many days from the day after; None where there is no such date."""
    try:
        return served + timedelta(days=days) if served is not None else None
    except OverflowError:
        return None


def weekend(due: Due, title: str) -> Problem | None:
    """That the last day of a period is no working day; holidays are in no table of ours, so the person decides (民法典第二百零三条)."""
    if not due.counted or due.day.weekday() < SATURDAY:
        return None
    day = "星期六" if due.day.weekday() == SATURDAY else "星期日"
    message = f"“{shorten(title)}”的整改期限{due.day}是{day},是否顺延(民法典第二百零三条)请自行确定"
    return Problem("due_weekend", message, fix="顺延的用 workbench rectify extend", severity="warning")


def _day(text: str) -> date | None:
    """The date a text is, and nothing more: ``2024-06-30``, ``2024年6月30日前``, ``2024年6月底前``, ``2024年底前``."""
    found = _DAY.fullmatch(text.strip())
    if found is None or int(found["year"]) not in YEARS:
        return None
    year, month, day = int(found["year"]), int(found["month"] or 12), found["day"] or found["end"]
    try:
        return date(year, month, int(day) if day.isdigit() else monthrange(year, month)[1])
    except ValueError:
        return None
