"""Facts: a number a report states about something, in a table or in words; the same thing stated twice must be the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.reports.checking.document.model import Spot
from workbench.reports.checking.language.numbers import Number

TOTAL = "总分"
What = Literal["weight", "points", "rate", "lost", "short", "target", "done"]
WHAT_WORDS: dict[What, str] = {
    "weight": "分值",
    "points": "得分",
    "rate": "得分率",
    "lost": "扣分",
    "short": "失分",
    "target": "目标值",
    "done": "完成值",
}


@dataclass(frozen=True)
class Fact:
    """“产出类得分45.2分”: of ``item`` (a level, an indicator, :data:`TOTAL`), the ``what``, is ``number``.

    Attributes:
        who: whose points (自评, 复核, …); empty for the report's own.
        subject: the evaluated subject where a report has several; None for the report's only one.
        when: the other year it is about; empty for the year the report is about.
        how: the sum behind it where it is not written but follows.
        sure: whether the words around it leave no other reading.
        table: whether it stands in a score table; those are believed rather than words.
    """

    item: str
    what: What
    number: Number
    spot: Spot
    who: str = ""
    subject: str | None = None
    how: str = ""
    table: bool = False
    when: str = ""
    sure: bool = True


@dataclass(frozen=True)
class Graded:
    """“评价等级为良”, with the total that stands beside it, if one does; ``doubtful``: words before it may name somebody else."""

    label: str
    spot: Spot
    total: Number | None = None
    who: str = ""
    subject: str | None = None
    when: str = ""
    doubtful: bool = False
