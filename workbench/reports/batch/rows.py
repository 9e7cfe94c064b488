"""What a summary is made from: one row for each plan of a batch, and the lines it is shown in, one for each subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.base.errors import Problem
from workbench.reports import reading

PENDING = "待定"
"""Grade of a subject that has an interval and no total yet."""


@dataclass(frozen=True)
class RowVerdict:
    """The conclusion on one subject: points are decimal strings, ``total`` is None while something is unscored."""

    subject: str
    name: str
    total: str | None
    low: str
    high: str
    grade: str | None
    provisional: bool = False

    @property
    def interval(self) -> str:
        """Both ends, always: one number would be read as the total. Empty where there is a total."""
        return "" if self.total is not None else f"{self.low}—{self.high}"

    @property
    def label(self) -> str:
        """The grade it is counted under."""
        return PENDING if self.total is None else self.grade or reading.UNGRADED

    @property
    def grade_text(self) -> str:
        """The grade as it is shown."""
        if self.total is None or self.grade is None:
            return self.label
        return reading.graded(self.grade, None, provisional=self.provisional)


@dataclass(frozen=True)
class Row:
    """What became of one plan.

    Attributes:
        task: how the plan is called: its path, or the row of a register.
        state: as it is shown, ``已运行``.
        folder: run folder as a POSIX path below :attr:`Heading.runs`; empty without one.
        errors, warnings: how many findings (核查发现) of each severity.
        seconds: wall time of the run; 0 where nothing ran this time.
        problems: why it failed.
        evaluated: 被评价单位, where the plan names it.
    """

    task: str
    state: str
    failed: bool = False
    evaluation: str = ""
    title: str = ""
    folder: str = ""
    pack: str = ""
    verdicts: tuple[RowVerdict, ...] = ()
    errors: int = 0
    warnings: int = 0
    seconds: float = 0.0
    attempts: int = 1
    problems: tuple[Problem, ...] = ()
    evaluated: str = ""


@dataclass(frozen=True)
class Heading:
    """What stands above a summary.

    Attributes:
        name: of the batch.
        planned: how many plans it has; more than there are rows when it was stopped.
        runs: where run folders lie, as a POSIX path from the summary.
    """

    name: str
    planned: int
    runs: str = "../.."

    @property
    def title(self) -> str:
        """``批量运行汇总:2026年部门项目``."""
        return f"批量运行汇总：{self.name}" if self.name else "批量运行汇总"


@dataclass(frozen=True)
class Line:
    """One line: a subject of a plan, or a plan that has none. ``first``: of its plan, and the one that says what all have in common."""

    row: Row
    verdict: RowVerdict | None
    first: bool


def lines(rows: Sequence[Row]) -> list[Line]:
    """All lines, those of failed plans on top, else in the order given."""
    ordered = [r for r in rows if r.failed] + [r for r in rows if not r.failed]
    return [
        Line(row, verdict, number == 0)
        for row in ordered
        for number, verdict in enumerate(row.verdicts if row.verdicts else (None,))
    ]


def facts(rows: Sequence[Row], heading: Heading) -> list[tuple[str, str]]:
    """The counts above everything else; nothing is said that is not there."""
    states = Counter(row.state for row in rows)
    failed = {row.state for row in rows if row.failed}
    verdicts = [verdict for row in rows for verdict in row.verdicts]
    scored = sum(verdict.total is not None for verdict in verdicts)
    left = heading.planned - len(rows)
    again = sum(row.attempts > 1 for row in rows)
    return [
        ("计划", f"{heading.planned}份"),
        *(
            (state, f"{states[state]}份")
            for state in sorted(states, key=lambda s: (s in failed, list(states).index(s)))
        ),
        *([("尚未运行", f"{left}份")] if left > 0 else []),
        *([("评价对象", f"{len(verdicts)}个"), ("有总分", f"{scored}个")] if verdicts else []),
        *([("待定(有未评分指标)", f"{len(verdicts) - scored}个")] if scored < len(verdicts) else []),
        *([("重试过的", f"{again}份")] if again else []),
    ]
