"""What charts, tables and the console read out of a result: the same words and the same exact sums everywhere.

Points, totals and rates are decimal strings made by scoring and are shown as they are. What is derived here (lost
points, level 2 sums) is exact decimal arithmetic on those strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from workbench.base.exact import half_up
from workbench.base.text import plain
from workbench.scheme.basis import DIRECTION_SIGNS
from workbench.scoring.result import IndicatorResult, LevelResult, SubjectResult

UNGRADED = "未评定"
HALF, FULL = "(,)", "（，）"
"""Brackets and comma of screens, and of documents."""
PURE_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SIGNED = ("gte", "lte", "eq")
_WHOLE = re.compile(r"^(-?\d+)\.0+(?![\d.])")


def number(text: str | None) -> Decimal:
    """A decimal string of the result as a number; nothing counts as 0."""
    return Decimal(text or "0")


def total_of(texts: Iterable[str | None]) -> Decimal:
    """Exact sum of decimal strings."""
    return sum((number(t) for t in texts), Decimal(0))


def minus(points: Decimal) -> str:
    """Points with a printed minus sign."""
    return f"−{plain(-points)}" if points < 0 else plain(points)


def span(low: str, high: str) -> str:
    """“72.50—81.00”, or one number when both ends are the same."""
    return low if number(low) == number(high) else f"{low}—{high}"


def total_text(subject: SubjectResult) -> str:
    """The total, or the interval it lies in while something is unscored."""
    return subject.total if subject.total is not None else span(*subject.interval)


def full_points(subject: SubjectResult) -> Decimal:
    """Full points of the subject: the level 1 weights together."""
    return total_of(level.weight for level in subject.levels)


def vetoed(subject: SubjectResult) -> bool:
    """Whether a 一票否决 was triggered."""
    return any(cap.kind == "veto" and cap.state == "触发" for cap in subject.caps)


def grade_text(subject: SubjectResult, marks: str = HALF) -> str:
    """“良(暂定)”, “优(优秀)”, or 未评定; ``marks`` are the brackets and the comma."""
    if subject.grade is None:
        return f"{UNGRADED}{marks[0]}一票否决{marks[-1]}" if vetoed(subject) else UNGRADED
    return graded(subject.grade, subject.grade_name, provisional=subject.provisional, marks=marks)


def graded(grade: str, name: str | None, *, provisional: bool, marks: str = HALF) -> str:
    """A grade with what the policy calls it, and that it is 暂定."""
    notes = [] if name in (None, grade) else [str(name)]
    notes += ["暂定"] if provisional else []
    return f"{grade}{marks[0]}{marks[1].join(notes)}{marks[2]}" if notes else grade


def standing(subject: SubjectResult) -> str:
    """“总分 85.50 分,等级 良”: the line under every title."""
    name = "总分" if subject.total is not None else "总分区间"
    full = plain(full_points(subject))
    return f"{name} {total_text(subject)} 分(满分 {full} 分),等级:{grade_text(subject)}"


def target_text(indicator: IndicatorResult) -> str:
    """The target as an evaluator writes it: a bare number gets its sign (and unit), words stay as they are."""
    target = indicator.target
    if target is None:
        return "—"
    unit = indicator.unit or ""
    figure = target.removesuffix(unit)
    if not PURE_NUMBER.fullmatch(figure):
        return target
    sign = DIRECTION_SIGNS[indicator.direction] if indicator.direction in _SIGNED else ""
    return f"{sign}{figure}{unit}"


def value_text(indicator: IndicatorResult) -> str:
    """The value with its unit, “—” when there is none: counts as whole numbers, and of a quality that it was rated.

    Amounts of money and percentages keep the decimals they were computed with.
    """
    shown = indicator.shown or "—"
    if indicator.direction == "qualitative" and shown.endswith("%"):
        return f"评定{shown}"
    return shown if shown.endswith(("%", "‰", "元")) else _WHOLE.sub(r"\1", shown)


def points_text(indicator: IndicatorResult) -> str:
    """The points, the interval they lie in, or 不适用."""
    if indicator.status == "not_applicable":
        return "不适用"
    return indicator.final if indicator.final is not None else span(indicator.low, indicator.high)


def level_points_text(level: LevelResult) -> str:
    """As :func:`points_text` for a level 1."""
    if inapplicable(level) and not number(level.high):
        return "不适用"
    return level.points if level.points is not None else span(level.low, level.high)


def inapplicable(level: LevelResult) -> bool:
    """Whether no indicator of a level applies."""
    return number(level.applicable) == 0


def rate_text(level: LevelResult) -> str:
    """The share of its points a level reached, in percent; empty while it is unscored."""
    return "" if level.rate is None else f"{level.rate}%"


def share(part: Decimal, whole: Decimal) -> Decimal:
    """``part`` of ``whole`` in percent, two decimals half-up; 0 of nothing is 0."""
    return half_up(part * 100 / whole, 2) if whole else Decimal("0.00")


def indicator_rate(indicator: IndicatorResult) -> str:
    """Share of its points an indicator reached, in percent; empty while they are open or there are none."""
    if indicator.final is None or not number(indicator.weight):
        return ""
    return f"{plain(share(number(indicator.final), number(indicator.weight)))}%"


def members(subject: SubjectResult, level1: str) -> list[IndicatorResult]:
    """The indicators of one level 1, in the order of the result."""
    return [i for i in subject.indicators if i.level1 == level1]


def final_sum(indicators: Iterable[IndicatorResult]) -> str:
    """Sum of the points shown, an interval while one is unscored."""
    counted = [i for i in indicators if i.status != "not_applicable"]
    low = total_of(i.final if i.final is not None else i.low for i in counted)
    high = total_of(i.final if i.final is not None else i.high for i in counted)
    return span(plain(low), plain(high))


@dataclass(frozen=True, slots=True)
class Rate:
    """Share reached by a level, in percent: exact, or between two bounds while something is unscored."""

    name: str
    low: Decimal
    high: Decimal
    text: str


def level_rates(subject: SubjectResult) -> list[Rate]:
    """得分率 of every level 1 that applies, as the result states them."""
    rates = []
    for level in subject.levels:
        if inapplicable(level):
            continue
        if level.rate is not None:
            rates.append(Rate(level.name, number(level.rate), number(level.rate), rate_text(level)))
        else:
            weight = number(level.weight)
            rates.append(_open_rate(level.name, share(number(level.low), weight), share(number(level.high), weight)))
    return rates


def _open_rate(name: str, low: Decimal, high: Decimal) -> Rate:
    return Rate(name, low, high, f"{plain(low)}%" if low == high else f"{plain(low)}%—{plain(high)}%")


def level2_rates(subject: SubjectResult) -> list[Rate]:
    """得分率 of every level 2 that applies, from the points shown."""
    groups: dict[tuple[str, str | None], list[IndicatorResult]] = {}
    for indicator in subject.indicators:
        if indicator.status != "not_applicable":
            groups.setdefault((indicator.level1, indicator.level2), []).append(indicator)
    names = [level2 for _, level2 in groups]
    rates = []
    for (level1, level2), items in groups.items():
        name = level1 if level2 is None else level2 if names.count(level2) == 1 else f"{level1}·{level2}"
        weight = total_of(i.weight for i in items)
        low = total_of(i.final if i.final is not None else i.low for i in items)
        high = total_of(i.final if i.final is not None else i.high for i in items)
        if weight:
            rates.append(_open_rate(name, share(low, weight), share(high, weight)))
    return rates


@dataclass(frozen=True, slots=True)
class Loss:
    """Points an indicator lost for sure, and points that are still open."""

    indicator: IndicatorResult
    lost: Decimal
    pending: Decimal


def losses(subject: SubjectResult) -> list[Loss]:
    """Indicators below their full points, the largest loss first (ties in the order of the result)."""
    found = []
    for indicator in subject.indicators:
        if indicator.status == "not_applicable":
            continue
        high = number(indicator.final if indicator.final is not None else indicator.high)
        low = number(indicator.final if indicator.final is not None else indicator.low)
        if high != number(indicator.weight) or low != high:
            found.append(Loss(indicator, number(indicator.weight) - high, high - low))
    return sorted(found, key=lambda x: (-x.lost, -x.pending))


def extras(subject: SubjectResult, step: str) -> Decimal:
    """What the bonus or deductions add to the total: the step's points where it states them, else the items' sum."""
    items = subject.bonus if step == "bonus" else subject.deductions
    stated = [number(s.points) for s in subject.steps if s.step == step and s.points is not None]
    size = abs(stated[-1]) if stated else abs(total_of(i.points for i in items))
    return size if step == "bonus" else -size


def scored(subject: SubjectResult) -> bool:
    """Whether any indicator has points."""
    return any(i.final is not None and i.status != "not_applicable" for i in subject.indicators)


def awaiting(subject: SubjectResult) -> list[IndicatorResult]:
    """Indicators that cannot be scored yet."""
    return [i for i in subject.indicators if i.status == "unscored"]
