"""What the rules make of a form: recomputed points, findings, and what a reviewer decided."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from workbench.recheck.model import Form, Spot

EXECUTION = 0
"""The number of the row that stands for 预算执行率; indicators count from 1."""


class Severity(StrEnum):
    """Grades of a firm's quality check (P0 is closed before issue); see docs/howto/recheck.md."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Points of one scored line under the named ruleset (规则复算得分).

    Attributes:
        rows: numbers of the indicators the line is made of, several where they share a weight; ``(EXECUTION,)``.
        weight: full points; None where the form's cannot be read, then there are no points.
        low, high: equal where the rules give one number; an interval where a reviewer has to choose (定性, shared weight);
            both None where the form does not tell enough.
        taken: what the recomputed total counts: ``low`` where the rules give one number; in an interval the unit's own points,
            drawn to its nearest end where they lie outside; None with ``low``, and in an interval without such points.
        judged: class of the ruleset: quantitative, qualitative, satisfaction, yes_no, deadline, execution_rate.
        sentence: how the points come about, with the numbers put in; or what is missing.
    """

    rows: tuple[int, ...]
    judged: str
    weight: Decimal | None
    low: Decimal | None
    high: Decimal | None
    taken: Decimal | None
    sentence: str

    @property
    def points(self) -> Decimal | None:
        """The one number, where there is one."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold.

    Attributes:
        code: of the rule (``workbench/recheck/findings/catalogue.yaml``).
        spot: the cell to look at; None where the whole form or file is meant.
        field: what the cell is: 得分, 全年执行数 …; indicator: its name where one is meant.
        found: what is written; expected: what follows from the rules.
    """

    file: str
    form: int
    code: str
    severity: Severity
    spot: Spot | None
    field: str
    indicator: str
    found: str
    expected: str
    message: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A reviewer's correction of one line or value, from the corrections file.

    Attributes:
        row: number of the indicator, or EXECUTION.
        actual: 复核完成值 that takes the place of what was written; points: 复核得分 decided; at least one is given.
        reason, reviewer: 备注(扣分原因) and who decided; both are required.
        evidence: what was looked at.
    """

    row: int
    actual: str | None
    points: Decimal | None
    reason: str
    reviewer: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Rechecked:
    """One form with everything that is known about it.

    Attributes:
        recomputed: by line, in the order of the form, 预算执行率 first.
        total: 规则复算得分: exact sum of what each line counts; low, high: its interval. All None where a line has no points.
        decided: 复核得分, only when a reviewer has decided every line; without evidence there is only 复算.
        self_grade, grade: 等级 of 自评得分 and of 复核得分; empty where there is none, and where the form is not out of 100 points.
        again_grade: 等级 of 规则复算得分, where all of its interval gives the same.
    """

    form: Form
    ruleset: str
    recomputed: tuple[Recomputed, ...]
    total: Decimal | None
    low: Decimal | None
    high: Decimal | None
    findings: tuple[Finding, ...]
    choices: tuple[Choice, ...] = ()
    decided: Decimal | None = None
    self_grade: str = ""
    grade: str = ""
    again_grade: str = ""

    @property
    def counted_grade(self) -> str:
        """The grade held against the unit's own: 复核等级, or 复算等级 while nothing is decided."""
        return self.grade if self.decided is not None else self.again_grade
