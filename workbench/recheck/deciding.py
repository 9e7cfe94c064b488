"""What a reviewer's corrections make of a form: 复核完成值, 复核得分 line by line, and the total once every line is decided."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workbench.base.errors import Place, Problem
from workbench.base.text import plain, trimmed
from workbench.recheck.corrections import UNTIL, Accepted, Correction, line_name
from workbench.recheck.model import Form, FundRow, IndicatorRow, Written
from workbench.recheck.outcome import EXECUTION, Choice, Recomputed
from workbench.recheck.recompute.execution import COMPLETED, completed_as, execution_row, scored_fund

_APART = re.compile(r"[,，;；]\s*(?!\d{3}(?!\d))")
"""Between 98% and 项目已完成; not within 1,234.5."""


@dataclass(frozen=True)
class Decided:
    """What was decided about a form.

    Attributes:
        total: 复核得分, only when every line has been decided.
        problems: corrections that were not applied, and why.
        open: which lines are still to be decided point by point, where somebody may think that they are.
    """

    choices: tuple[Choice, ...] = ()
    total: Decimal | None = None
    problems: tuple[Problem, ...] = ()
    open: tuple[Problem, ...] = ()


def corrected(form: Form, corrections: Sequence[Correction]) -> Form:
    """The form with 复核完成值 in the place of what was written; to be recomputed, never shown as the unit's."""
    actuals = {line.indicator: line.actual for line in corrections if line.actual is not None}
    rows = tuple(_with_actual(row, actuals.get(row.number)) for row in form.indicators)
    made = replace(form, indicators=rows)
    standing = execution_row(form)
    if standing is not None and standing.number in actuals:
        return replace(made, funds=())  # its rate is the reviewer's, no longer that of the amounts
    if EXECUTION in actuals:
        return _with_execution(made, actuals[EXECUTION] or "")
    return made


def _with_actual(row: IndicatorRow, actual: str | None) -> IndicatorRow:
    return row if actual is None else replace(row, actual=Written(actual, row.level3.spot))


def _with_execution(form: Form, actual: str) -> Form:
    """The form with a corrected 预算执行率: what was spent or the rate, whether the project is completed, or both."""
    parts = [part.strip() for part in _APART.split(actual) if part.strip()]
    states = [part for part in parts if completed_as(part) is not None]
    if states:
        said = Written(states[0], form.title.spot)
        form = replace(form, labels={**form.labels, COMPLETED: said})
    rest = ",".join(part for part in parts if part not in states) if states else actual
    return replace(form, funds=_with_rate(form, rest)) if rest else form


def _with_rate(form: Form, actual: str) -> tuple[FundRow, ...]:
    """The money block for a corrected 预算执行率: a rate, or else what was spent."""
    holder = scored_fund(form)
    if holder is None:
        return form.funds
    told = Written(actual, holder.name.spot)
    if actual.rstrip().endswith(("%", "\uff05")):
        return (replace(holder, initial=None, adjusted=None, executed=None, rate=told),)
    return tuple(replace(row, executed=told) if row is holder else row for row in form.funds)


def decided(
    form: Form,
    lines: Sequence[Recomputed],
    again: Sequence[Recomputed],
    corrections: Sequence[Correction],
    accepted: Accepted | None,
    refused: Collection[int] = (),
) -> Decided:
    """Choices and 复核得分. Where a correction is not applied, nobody has decided its line, and the form has no 复核得分.

    Accepting is for lines to which the rules give one number: in an interval only a reviewer's own points decide, or the
    unit's would be taken for them.

    Args:
        lines: as recomputed from the form; again: from the corrected form.
        corrections: those that fit the form, in the order of its lines.
        refused: indicators that corrections which do not fit the form are about.
    """
    choices: list[Choice] = []
    problems: list[Problem] = []
    points: list[Decimal | None] = []
    left: list[Recomputed] = []
    for line, new in zip(lines, again, strict=True):
        own = [c for c in corrections if c.indicator in line.rows]
        made, problem = _chosen(form, line, new, own)
        open_ = problem is not None or any(number in refused for number in line.rows)
        if not made and not open_ and accepted is not None and line.points is not None:
            made = [Choice(line.rows[0], None, line.points, accepted.reason, accepted.reviewer)]
        choices += made
        problems += [problem] if problem else []
        points.append(next((c.points for c in made if c.points is not None), None))
        if points[-1] is None and not open_ and (made or accepted is not None):
            left.append(new)
    scored = {number for line in lines for number in line.rows}
    problems += [_told(form, c, "这一项不计分,更正没有采用") for c in corrections if c.indicator not in scored]
    known = [p for p in points if p is not None]
    whole = bool(points) and len(known) == len(points) and not problems and not refused
    total = sum(known, Decimal(0)) if whole else None
    return Decided(tuple(choices), total, tuple(problems), (_left_open(form, left),) if left else ())


def _left_open(form: Form, left: Sequence[Recomputed]) -> Problem:
    """That these lines want points of their own."""
    names = "、".join(f"“{_name(form, line)}”({_span(line)})" for line in left)
    text = f"还有{len(left)}项没有复核得分,认可复算得分、只写复核完成值都定不了:{names}"
    fix = "请逐项写 points(复核得分)和理由;定好以前这张表没有复核总分"
    return Problem("undecided", text, Place(form.key), fix=fix, severity="warning")


def _name(form: Form, line: Recomputed) -> str:
    return "、".join(filter(None, ("".join((line_name(form, number) or "").split()) for number in line.rows)))


def _span(line: Recomputed) -> str:
    if line.low is None or line.high is None:
        return "不能复算"
    return f"规则给出{trimmed(line.low)}～{trimmed(line.high)}分"


def _chosen(
    form: Form, line: Recomputed, again: Recomputed, corrections: Sequence[Correction]
) -> tuple[list[Choice], Problem | None]:
    """The choices about one line, the points on the first that gives any."""
    scored = [c for c in corrections if c.points is not None]
    if len(scored) > 1:
        return [], _told(form, scored[1], "与前一项合并计分,复核得分只能写在其中一项上,两条都没有采用")
    over = next(
        (c for c in scored if c.points is not None and line.weight is not None and c.points > line.weight), None
    )
    if over is not None:
        text = f"复核得分{plain(over.points or Decimal(0))}超过分值{trimmed(line.weight or Decimal(0))},没有采用"
        return [], _told(form, over, text)
    choices = [Choice(c.indicator, c.actual, c.points, c.reason, c.reviewer, c.evidence) for c in corrections]
    if choices and not scored:
        choices[0] = replace(choices[0], points=again.points)
    return choices, None


def _told(form: Form, correction: Correction, text: str) -> Problem:
    name = line_name(form, correction.indicator) or correction.name
    fix = f"请修改这条更正;{UNTIL}"
    return Problem("correction", text, Place(form.key, field=name), fix=fix, severity="warning")
