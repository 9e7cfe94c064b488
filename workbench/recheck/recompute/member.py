"""What one indicator asks of the rules: its class, its values, and what cannot be asked because something lacks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from workbench.base.exact import half_up_fraction
from workbench.base.text import trimmed
from workbench.evidence.tables import EPOCH
from workbench.recheck.recompute.asking import Ask, Rule
from workbench.recheck.values import Actual, Claim, Says, Sign, Target, TypedRow

QUANTITATIVE, QUALITATIVE, SATISFACTION = "quantitative", "qualitative", "satisfaction"
YES_NO, DEADLINE, EXECUTION_RATE = "yes_no", "deadline", "execution_rate"
_FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Member:
    """One indicator of a scored line.

    Attributes:
        judged: class of the ruleset.
        asks: what is asked; the points lie between the lowest and the highest answer. Without any they are open.
        missing: nothing was filled in, so there are no points at all, neither 0 nor full.
        reason: why nothing is asked, or what has to be known beside the answers; without a full stop.
    """

    judged: str
    asks: tuple[Ask, ...] = ()
    missing: bool = False
    reason: str = ""


def member_of(typed: TypedRow, weight: Decimal, year: int | None, rules: dict[str, Rule]) -> Member:
    """What an indicator asks. ``year`` of the form stands in for one that a deadline does not name."""
    target, actual = typed.target, typed.actual
    judged = class_of(typed)
    if judged not in rules:
        return Member(judged, reason=f"“{_name(typed)}”按{_CALLED[judged]}计分,所选计分规则未规定")
    if actual.blank:
        return Member(judged, missing=True, reason=f"{_name(typed)}实际完成值为空,既不计0分也不计满分")
    if actual.says is Says.ERROR:
        said = "是错误值" if actual.text.startswith("#") else "是没有计算结果的公式"
        return Member(judged, missing=True, reason=f"{_name(typed)}实际完成值{said}“{actual.text}”")
    if target.blank and not target.numeric:
        return Member(judged, reason=f"{_name(typed)}没有指标值,无从比较")
    ask = Ask(judged, "gte", weight, _name(typed), target.unit)
    if judged in (QUANTITATIVE, SATISFACTION):
        return _numeric(ask, typed, rules[judged])
    if judged == DEADLINE:
        return _deadline(ask, typed, year, rules)
    if judged == YES_NO:
        return _yes_no(ask, target, actual)
    return _qualitative(ask, actual, rules[judged])


_CALLED = {
    QUANTITATIVE: "定量指标", QUALITATIVE: "定性指标", SATISFACTION: "满意度指标", YES_NO: "是否判断", DEADLINE: "时限",
    EXECUTION_RATE: "预算执行率",
}  # fmt: skip


def class_of(typed: TypedRow) -> str:
    """The class of the ruleset that decides: by the target, and for numbers by whether it is satisfaction."""
    target = typed.target
    if target.sign is Sign.YES_NO:
        return YES_NO
    if target.sign is Sign.DEADLINE:
        return DEADLINE
    if not target.numeric:
        return QUALITATIVE if not target.blank else QUANTITATIVE
    row = typed.row
    satisfied = any(w is not None and "满意度" in w.text for w in (row.level1, row.level2, row.level3))
    return SATISFACTION if satisfied else QUANTITATIVE


def _name(typed: TypedRow) -> str:
    return "".join(typed.row.level3.text.split()) or f"第{typed.row.number}项指标"


# ---------------------------------------------------------------------------------------------------------------------
# numbers
# ---------------------------------------------------------------------------------------------------------------------


def _numeric(ask: Ask, typed: TypedRow, rule: Rule) -> Member:
    target, actual = typed.target, typed.actual
    values = _values(target, actual)
    if not values:
        return Member(ask.judged, reason=_why_open(ask.name, target, actual))
    if ask.judged == SATISFACTION and not rule.by_target and not (target.percent or not target.unit):
        return Member(ask.judged, reason=f"{ask.name}的单位是“{target.unit}”,不能套用按百分比的分档")
    asks = [a for value in values for a in _against(ask, target, value)]
    told = list(actual.told)
    if actual.rough and actual.says is Says.NUMBER:
        told.append(f"完成值是约数,按{trimmed(values[0])}{target.unit}计")
    if actual.share is not None:
        told.append(f"完成值写作指标值的{trimmed(actual.share)}%")
    if len(asks) > len(values):
        told.append(_two_ways(target))
    return Member(ask.judged, tuple(_fitted(a, rule) for a in asks), reason=",".join(told))


def _two_ways(target: Target) -> str:
    if target.sign is Sign.UNKNOWN:
        return "指标值未写明“≥”或“≤”,两种方向得分不同,须核实"
    return "完成值超出指标值,是否算达到须核实"


def _values(target: Target, actual: Actual) -> list[Decimal]:
    """The numbers that the actual may mean: both ends of a range, both readings of 100% for a target of 50."""
    found = [n for n in (actual.number, actual.high) if n is not None]
    if actual.share is not None and target.number is not None:
        # Of a cost or of a range nobody knows what 95% of it is to mean; all of it is all of it.
        if actual.share == _FULL or target.sign in (Sign.GTE, Sign.EQ):
            found.append(target.number * actual.share / _FULL)
        elif actual.number is None:
            return []
    return list(dict.fromkeys(found))


def _why_open(name: str, target: Target, actual: Actual) -> str:
    if actual.told:
        return f"{name}{'、'.join(actual.told)},须核实"
    if actual.signed:
        return f"{name}完成值写作“{actual.text}”,是要求而不是实测数,不能据以计算"
    return f"{name}指标值为{target.shown},完成值“{actual.text}”不是可比的数,不能据以计算"


def _against(ask: Ask, target: Target, value: Decimal) -> list[Ask]:
    """The ways in which a value may be held against the target.

    A sign settles it, but for = and a range where the value lies beyond on the better side: 10号 lets that count as reached,
    exactness would not. Where neither a sign nor the kind of indicator settles the direction, both are asked.
    """
    low = target.number or Decimal(0)
    high = target.high if target.high is not None else low
    up = replace(ask, value=value, target=low)
    down = replace(ask, direction="lte", value=value, target=high)
    if target.sign in (Sign.GTE, Sign.LTE):
        return [up if target.sign is Sign.GTE else down]
    if low <= value <= high:
        return [replace(up, direction="eq")] if target.sign is Sign.EQ else [up]
    if target.sign is not Sign.UNKNOWN:
        missed, better = (up, Sign.LTE) if value < low else (down, Sign.GTE)
        if target.leaning not in (better, Sign.UNKNOWN):
            return [missed]
    return [up, down]


def _fitted(ask: Ask, rule: Rule) -> Ask:
    """For a kind without a target of its own: satisfaction as it is, everything else as percent of its target."""
    if rule.by_target or ask.judged == SATISFACTION:
        return ask
    top, bottom = (ask.target, ask.value) if ask.direction == "lte" else (ask.value, ask.target)
    if top is None or bottom is None:
        return ask
    rate = None if bottom > 0 or top < bottom else _FULL
    if bottom > 0:
        rate = half_up_fraction(Fraction(max(top, Decimal(0))) / Fraction(bottom) * 100, 2)
    return replace(ask, name=f"{ask.name}完成率", unit="%", value=rate, target=_FULL, direction="gte")


# ---------------------------------------------------------------------------------------------------------------------
# days, yes and no, words
# ---------------------------------------------------------------------------------------------------------------------


def _deadline(ask: Ask, typed: TypedRow, year: int | None, rules: dict[str, Rule]) -> Member:
    target, actual = typed.target, typed.actual
    if actual.claim is not None and QUALITATIVE in rules and actual.claim is not Claim.REACHED:
        member = _qualitative(replace(ask, judged=QUALITATIVE), actual, rules[QUALITATIVE])
        return replace(member, judged=DEADLINE, reason="未写明完成时间,按文字所述的档次")
    if actual.moment is None or actual.signed or target.moment is None:
        return Member(DEADLINE, reason=f"{ask.name}须于{target.text}完成,“{actual.text}”没有写明完成时间")
    wanted, done = target.moment.limits(year), actual.moment.span(year)
    if wanted is None or done is None:
        return Member(DEADLINE, reason=f"{ask.name}的时间没有写年份,“{actual.text}”与“{target.text}”无从比较")
    (strict, lenient), (earliest, latest) = wanted, done
    best = replace(ask, direction="deadline", value=_days(earliest), target=_days(lenient))
    worst = replace(ask, direction="deadline", value=_days(latest), target=_days(strict))
    vague = f"“{actual.text}”、“{target.text}”" if strict != lenient else f"“{actual.text}”"
    if latest <= strict:
        exact = earliest == latest and strict == lenient
        return Member(DEADLINE, (worst,), reason="" if exact else f"{vague}按最不利的日期比较")
    if earliest > lenient:
        return Member(DEADLINE, (best,), reason="" if earliest == latest else f"{vague}按最有利的日期比较")
    return Member(DEADLINE, (best, worst), reason=f"“{actual.text}”是否在“{target.text}”之内不能确定")


def _days(day: date) -> Decimal:
    return Decimal((day - EPOCH).days)


def _yes_no(ask: Ask, target: Target, actual: Actual) -> Member:
    if actual.yes is None:
        return Member(YES_NO, reason=f"{ask.name}指标值为“{target.text}”,完成值“{actual.text}”没有回答是否")
    return Member(YES_NO, (replace(ask, direction="yes_no", value=Decimal(int(actual.yes == target.yes))),))


def _qualitative(ask: Ask, actual: Actual, rule: Rule) -> Member:
    """The band that the words or the percent claim; a person chooses inside it. Words that claim nothing leave all open."""
    ask = replace(ask, direction="qualitative")
    bands = getattr(rule.params, "bands", None)
    if not isinstance(bands, list) or not bands or not all(hasattr(b, "title") for b in bands):
        return Member(QUALITATIVE, (ask,))
    ends = _bands(actual, [b.title for b in bands], [b.at for b in bands])
    if ends is None:
        return Member(QUALITATIVE, reason=f"{ask.name}完成值“{actual.text}”属于哪一档须评定")
    return Member(QUALITATIVE, tuple(replace(ask, band=Decimal(n)) for n in dict.fromkeys(ends)))


def _bands(actual: Actual, titles: list[str], lowest: list[Decimal]) -> tuple[int, int] | None:
    """First and last band, from 1, that an actual may belong to."""
    last = len(titles)
    named = next((i for i, title in enumerate(titles, 1) if title == actual.text), None)
    if named is not None:
        return named, named
    if actual.share is not None and 0 <= actual.share <= _FULL:
        band = next(i for i, at in enumerate(lowest, 1) if actual.share >= at)
        return band, band
    between = (min(2, last), max(1, last - 1))
    found = {
        Claim.ON_TIME: (1, 1),
        Claim.REACHED: (1, 1),
        Claim.MOSTLY: (1, between[0]),
        Claim.PARTLY: between if last > 2 else (1, last),
        Claim.MISSED: (last, last),
    }
    return found.get(actual.claim) if actual.claim else None
