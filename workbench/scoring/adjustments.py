"""Expert adjustments as plain values: review decides and records them, scoring only applies them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.base.errors import Place, Problem, SchemeError
from workbench.base.exact import from_units, to_units
from workbench.base.text import plain, suggest
from workbench.scoring.status import NOT_APPLICABLE, PROVISIONAL, UNSCORED, ZERO

if TYPE_CHECKING:
    from workbench.scoring.scorecard import IndicatorScores


@dataclass(frozen=True, slots=True)
class Adjustment:
    """The merged points of one indicator of one subject, with who decided, why and when. It never overwrites computed.

    ``way`` says in the explanation how they were found: ``5名专家评审(算术平均)``.
    """

    subject: str
    indicator: str
    points: Decimal
    reason: str
    by: str
    at: str
    way: str = "专家评审"


def apply_adjustments(
    columns: Sequence[IndicatorScores], adjustments: Sequence[Adjustment], subjects: Sequence[str], decimals: int
) -> None:
    """Put adjusted points into ``final``; an unscored judgement becomes scored by it.

    Raises:
        SchemeError: unknown subject or indicator, an indicator that does not apply or is zero by rule, points outside
            0..weight, two adjustments of one indicator of one subject.
    """
    if not adjustments:
        return
    by_code = {c.code: c for c in columns}
    rows = {s: i for i, s in enumerate(subjects)}
    problems = [p for a in adjustments if (p := _why_not(a, by_code, rows, decimals)) is not None]
    problems += _twice(adjustments)
    if problems:
        raise SchemeError(problems)
    for code in {a.indicator for a in adjustments}:  # several columns, or several cards, may share one array
        column = by_code[code]
        column.low, column.high, column.final = column.low.copy(), column.high.copy(), column.final.copy()
        column.status, column.adjusted = column.status.copy(), column.adjusted.copy()
        column.ruled_scored, column.ways = column.ruled_scored.copy(), dict(column.ways)
    for adjustment in adjustments:
        column, row = by_code[adjustment.indicator], rows[adjustment.subject]
        column.final[row] = to_units(adjustment.points, decimals)
        column.low[row] = column.high[row] = column.final[row]
        column.adjusted[row] = True
        column.ways[row] = adjustment.way
        if column.status[row] == UNSCORED:
            column.status[row] = PROVISIONAL
            column.ruled_scored[row] = False


def _why_not(
    adjustment: Adjustment, columns: dict[str, IndicatorScores], rows: dict[str, int], decimals: int
) -> Problem | None:
    place = Place(key=f"{adjustment.subject} {adjustment.indicator}")
    if adjustment.subject not in rows:
        fix = suggest(adjustment.subject, rows)
        return Problem("unknown_subject", "没有这个评价对象", place, adjustment.subject, fix=fix)
    if adjustment.indicator not in columns:
        fix = suggest(adjustment.indicator, columns)
        return Problem("unknown_indicator", "没有这个指标", place, adjustment.indicator, fix=fix)
    if not adjustment.reason.strip() or not adjustment.by.strip() or not adjustment.at.strip():
        return Problem("adjust_reason", "专家调整须有姓名、理由和时间", place)
    column = columns[adjustment.indicator]
    weight = from_units(column.inputs.weight, decimals)
    if not (adjustment.points.is_finite() and 0 <= adjustment.points <= weight):
        return Problem("adjust_bounds", "调整得分超出范围", place, str(adjustment.points), f"0至{plain(weight)}")
    status = column.status[rows[adjustment.subject]]
    if status == NOT_APPLICABLE:
        return Problem("adjust_not_applicable", "该指标对该对象不适用,不能调整得分", place)
    if status == ZERO and adjustment.points != 0:
        fix = "补充佐证后请在佐证清单更新核实状态"
        return Problem("adjust_zero_by_rule", "该指标逾期未提供佐证,按规则零分,不能调整得分", place, fix=fix)
    return None


def _twice(adjustments: Sequence[Adjustment]) -> list[Problem]:
    """The merge has to come before: of two numbers for one indicator, one would be lost."""
    times = Counter((a.subject, a.indicator) for a in adjustments)
    message = "同一对象同一指标有多个调整得分"
    return [Problem("adjust_twice", message, Place(key=f"{s} {i}"), str(n)) for (s, i), n in times.items() if n > 1]
