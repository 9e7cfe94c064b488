"""When a problem has to be put right: said on the command line, by the problem itself, or by the policy; never made up."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from workbench.base.errors import Problem, shorten
from workbench.scheme.findings import cited
from workbench.scheme.policy import Rectification

_DAY = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2}|底)\s*日?\s*(?:之?前|以前|止)?")
_WITHIN = re.compile(r"(\d{1,4})\s*个?(?:自然日|日历日|日|天)(?:之)?内")
"""Not 工作日 and not 个月: how those count is not ours to guess."""


@dataclass(frozen=True)
class Due:
    """A due date and where it comes from."""

    day: date
    basis: str


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
        """The due date of a problem whose own time limit reads so; None when nothing says one."""
        if self.due is not None:
            return Due(self.due, "下达时指定")
        return self._own(deadline) or self._by_rule()

    def _own(self, deadline: str) -> Due | None:
        said = f"报告所定时限“{shorten(deadline.strip())}”"
        day = _day(deadline)
        if day is not None:
            return Due(day, said)
        within = _WITHIN.search(deadline)
        if within is None or self.served is None:
            return None
        return Due(self.served + timedelta(days=int(within[1])), f"{said},{self.served}送达")

    def _by_rule(self) -> Due | None:
        latest = self.latest
        if latest is None or self.rule is None:
            return None
        return Due(latest, f"{cited(self.rule.clause)}:{self.rule.text},{self.served}送达")

    @property
    def latest(self) -> date | None:
        """The last day the policy leaves, counted from the day after the result was served (民法典第二百零一条)."""
        if self.rule is None or self.served is None:
            return None
        return self.served + timedelta(days=self.rule.days)

    def undated(self, deadline: str) -> Problem:
        """That a problem has no due date, and how to give it one."""
        counts = self.rule is not None or _WITHIN.search(deadline) is not None
        if counts and self.served is None:
            fix = "请用 --served 写明评价结果送达责任单位的日期,或用 --due 指定整改期限"
        else:
            fix = "请在 report.yaml 中把时限写成日期(如 2024-06-30),或用 --due 指定;所用地区办法和国家默认没有规定整改天数"
        return Problem("no_due", "定不出整改期限", found=deadline or "未填写", fix=fix)


def _day(text: str) -> date | None:
    """The date a text is, and nothing more: ``2024-06-30``, ``2024年6月30日前``, ``2024年6月底前``."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    try:
        return date(year, month, monthrange(year, month)[1] if found[3] == "底" else int(found[3]))
    except ValueError:
        return None
