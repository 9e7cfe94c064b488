"""The scored lines of a form: 预算执行率, then each group of indicators that shares one weight."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from workbench.base.exact import half_up
from workbench.base.text import trimmed
from workbench.recheck.model import Form
from workbench.recheck.outcome import EXECUTION
from workbench.recheck.recompute.asking import Ask, Rule
from workbench.recheck.recompute.execution import NAME, Execution, execution_in, execution_of, execution_row
from workbench.recheck.recompute.member import EXECUTION_RATE, QUANTITATIVE, Member, class_of, member_of
from workbench.recheck.values import TypedRow, typed_rows

_POINTS_DECIMALS, _SHOWN_DECIMALS = 2, 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line that carries points.

    Attributes:
        judged: class of the ruleset; where several indicators share the weight, of the first that is more than a number.
        weight: None where the form's cannot be read; then nothing is asked.
        points: the unit's own.
    """

    rows: tuple[int, ...]
    judged: str
    weight: Decimal | None
    points: Decimal | None
    members: tuple[Member, ...]


def lines_of(form: Form, rules: dict[str, Rule]) -> list[Line]:
    """The lines of a form in its order, 预算执行率 first. Sub-items carry nothing and are in no line."""
    written = execution_row(form)
    rows = [t for t in typed_rows(form) if not t.row.part]
    grouped = [list(group) for _, group in groupby(rows, key=lambda t: t.row.group)]
    lines = [
        _execution((written.number,), execution_in(written, form), rules)
        if written is not None and group[0].row.number == written.number
        else _line(group, form.year, rules)
        for group in grouped
    ]
    first = execution_of(form)
    if first is None or written is not None or all(row.weight is None for row in form.funds):
        return lines
    return [_execution((EXECUTION,), first, rules), *lines]


def _execution(rows: tuple[int, ...], found: Execution, rules: dict[str, Rule]) -> Line:
    member = Member(EXECUTION_RATE, missing=not found.slipped, reason=f"{NAME}:{found.reason}")
    if EXECUTION_RATE not in rules:
        member = Member(EXECUTION_RATE, reason=f"所选计分规则未规定{NAME}的得分")
    elif found.rate is not None and found.weight is not None:
        full = Decimal(100)
        completed = None if found.completed is None else Decimal(int(found.completed))
        ask = Ask(
            EXECUTION_RATE, "gte", found.weight, NAME, "%", found.fine, full, completed=completed, shown=found.rate
        )
        member = Member(EXECUTION_RATE, (ask,), reason=",".join(filter(None, (found.reason, _unrounded(found)))))
    return Line(rows, EXECUTION_RATE, found.weight, found.points, (member,))


def _unrounded(found: Execution) -> str:
    """What has to be said where the rate as it is shown would give other points."""
    if found.weight is None or found.rate is None or found.fine is None:
        return ""
    points = [half_up(rate * found.weight / 100, _POINTS_DECIMALS) for rate in (found.rate, found.fine)]
    return "" if points[0] == points[1] else f"按未舍入的执行率{trimmed(half_up(found.fine, _SHOWN_DECIMALS))}%计"


def _line(group: list[TypedRow], year: int | None, rules: dict[str, Rule]) -> Line:
    weight = next((t.weight for t in group if t.weight is not None), None)
    points = next((t.points for t in group if t.points is not None), None)
    classes = [class_of(t) for t in group]
    judged = next((c for c in classes if c != QUANTITATIVE), QUANTITATIVE)
    rows = tuple(t.row.number for t in group)
    members = () if weight is None else tuple(member_of(t, weight, year, rules) for t in group)
    return Line(rows, judged, weight, points, members)
