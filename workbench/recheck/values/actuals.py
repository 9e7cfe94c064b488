"""The actual of an indicator (实际完成值), read beside its target."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from workbench.base.exact import half_up_fraction
from workbench.base.text import trimmed
from workbench.recheck.values.bounds import in_each_period, period_of
from workbench.recheck.values.claims import Claim, answer_of, claim_of, repeats
from workbench.recheck.values.directions import Sign, trend_of
from workbench.recheck.values.moments import Moment, moment_of
from workbench.recheck.values.quantities import Found, prepared, quantities
from workbench.recheck.values.readings import reading_of
from workbench.recheck.values.recurring import day_kept
from workbench.recheck.values.targets import Target
from workbench.recheck.values.units import COUNTED, days_as_months, is_percent, kind_of


class Says(StrEnum):
    """What kind of statement an actual is."""

    BLANK = "blank"
    NUMBER = "number"
    RANGE = "range"
    """Between ``number`` and ``high``."""
    SIGNED = "signed"
    """≥95%, 12月底前: a demand, no number or day that was reached."""
    SHARE = "share"
    """A percentage of a target that is no percentage: 完成100% of 50个."""
    MOMENT = "moment"
    ANSWER = "answer"
    CLAIM = "claim"
    WORDS = "words"
    """A description that claims nothing countable, or a number in a unit that does not fit the target's."""
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Actual:
    """What was reached.

    Attributes:
        text: as written.
        number: in the target's unit; the lower end of a range; None unless ``says`` is NUMBER or RANGE.
        unit: as written, before any conversion.
        share: percent of the target; beside ``number`` where both readings are possible.
        rough: 约, 余, 左右 is written.
        told: what a person should know, in sentences without a full stop.
    """

    text: str
    says: Says
    number: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    share: Decimal | None = None
    moment: Moment | None = None
    yes: bool | None = None
    claim: Claim | None = None
    rough: bool = False
    told: tuple[str, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether nothing is written."""
        return self.says is Says.BLANK

    @property
    def signed(self) -> bool:
        """Whether a demand stands where a result belongs."""
        return self.says is Says.SIGNED


_NOTHING = re.compile(r"(?:无|零|0|没有|未发生|未出现|无任何|未收到|不存在)(?:[^\d,，。]{0,12})[。.]?")
_QUOTIENT = re.compile(r"(?P<top>\d+(?:\.\d+)?)[^\d/,，。]{0,3}/(?P<bottom>\d+(?:\.\d+)?)[^\d/,，。]{0,3}")
_OF_TARGET = re.compile(
    r"(?:完成|达成|实现|执行)(?:率|度|比例|进度|情况)?(?:为|了|约|已?达到?|:)*\d"
    r"|(?:达到?|实现|完成|占)(?:了|年度|年初|全年|预期|预定|既定|计划|绩效|目标|指标|任务|要求|值|的)+(?:的)?\d"
    r"|^(?:已|均|全部|总体|基本)*(?:达到?|实现|进度(?:为|达到?)?)\d|进度(?:为|已?达到?|:)*\d"
)
"""A percentage behind one of these is one of what was to be done; 高于人均消费的60% and 知晓率达到71% tell of something else."""


def actual_of(text: str, target: Target, unit: str = "") -> Actual:
    """The actual a text states, for its target. ``unit``: what stands under 计量单位; one in the text is stronger."""
    if text.strip("-—–/／ 　") == "":
        return Actual(text, Says.BLANK)
    if text.startswith("#"):
        return Actual(text, Says.ERROR)
    if target.numeric:
        return _number(text, target, unit)
    if target.sign is Sign.DEADLINE:
        return _moment(text)
    if target.sign is Sign.YES_NO:
        return _answer(text, target)
    return _words(text, target)


def _moment(text: str) -> Actual:
    moment = moment_of(text)
    if moment is not None:
        return Actual(text, Says.SIGNED if moment.before else Says.MOMENT, moment=moment)
    return _claimed(text)


def _claimed(text: str) -> Actual:
    """A claim in words, or a percentage of what was to be done."""
    claim = claim_of(text)
    if claim is not None:
        return Actual(text, Says.CLAIM, claim=claim)
    found = quantities(text)
    if (
        len(found) == 1
        and is_percent(found[0].unit)
        and found[0].high is None
        and (found[0].whole or _OF_TARGET.search(prepared(text)))
    ):
        return _signed(text, found[0]) or Actual(text, Says.SHARE, unit="%", share=found[0].number)
    return Actual(text, Says.WORDS)


def _answer(text: str, target: Target) -> Actual:
    yes = answer_of(text)
    if yes is None:
        claim = claim_of(text)
        if claim in (Claim.REACHED, Claim.ON_TIME) or repeats(text, target.text):
            yes = target.yes
        elif claim is Claim.MISSED:
            yes = not target.yes
    return Actual(text, Says.WORDS) if yes is None else Actual(text, Says.ANSWER, yes=yes)


def _words(text: str, target: Target) -> Actual:
    actual = _claimed(text)
    if actual.says is Says.WORDS and repeats(text, target.text):
        return Actual(text, Says.CLAIM, claim=Claim.REACHED)
    return actual


def _number(text: str, target: Target, unit: str) -> Actual:
    quotient = _quotient(text, target)
    if quotient is not None:
        return quotient
    if target.recurring:
        kept = day_kept(text, target.text)
        return (
            Actual(text, Says.SIGNED)
            if kept == 0
            else Actual(text, Says.NUMBER, kept, unit="日")
            if kept
            else _claimed(text)
        )
    if target.number == 0 and _NOTHING.fullmatch(prepared(text)):
        return Actual(text, Says.NUMBER, Decimal(0))
    found = _meant(quantities(text), target)
    if found is None:
        return _claimed(text)
    signed = _signed(text, found)
    if signed is not None:
        return signed
    if trend_of(text) * trend_of(target.text) < 0:
        return _doubted(text, found, f"完成值“{text}”与指标值“{target.text}”一增一减")
    reading = reading_of(text, found, target, unit.strip("-/ "))
    if reading.doubt:
        return _doubted(text, found, reading.doubt)
    if reading.number is None:
        return _other_unit(text, found, target)
    told = (reading.told,) if reading.told else ()
    if found.high is not None:
        return Actual(text, Says.RANGE, reading.number, reading.high, found.unit, rough=True, told=told)
    number, remark = _kept(text, reading.number, target)
    if number is None:
        return _doubted(text, found, remark)
    told = (*told, remark) if remark else told
    share = found.number if _either(found, target) else None
    return Actual(text, Says.NUMBER, number, None, found.unit, share, rough=found.rough, told=told)


def _kept(text: str, number: Decimal, target: Target) -> tuple[Decimal | None, str]:
    """The number and what has to be said of it; none and why, on a strict limit or where the period is not told."""
    if target.strict and number == target.number:
        return None, f"指标值“{target.text}”不含本数,完成值“{text}”恰为本数,是否算达到没有写明"
    if not target.per or target.number is None:
        return number, ""
    said = period_of(text, target.unit)
    each = in_each_period(number, said, target.number, target.per, at_most=target.sign is Sign.LTE)
    if each is None:
        how = f"按{said}计,全年各期是否都达到" if said else f"是每{target.per}的还是全年合计,"
        return None, f"指标值“{target.text}”按{target.per}计,完成值“{text}”{how}没有写明"
    return each, f"“{text}”按全年合计,合每{target.per}{trimmed(each)}{target.unit}" if each != number else ""


def _doubted(text: str, found: Found, doubt: str) -> Actual:
    return Actual(text, Says.WORDS, unit=found.unit, told=(doubt,))


def _signed(text: str, found: Found) -> Actual | None:
    return Actual(text, Says.SIGNED, unit=found.unit) if found.sign and found.sign != "eq" else None


def _meant(found: tuple[Found, ...], target: Target) -> Found | None:
    """The one quantity that can be the actual: the only one, or the only one in a unit of the target's kind.

    What was measured comes before the demand that is told beside it: 平均68天,均在3个月内.
    """
    if len(found) == 1:
        return found[0]
    for some in (tuple(f for f in found if not f.sign), found):
        fitting = [f for f in some if f.unit and target.unit and _comparable(f.unit, target.unit)]
        if len(fitting) == 1:
            return fitting[0]
    return None


def _comparable(unit: str, wanted: str) -> bool:
    return kind_of(unit)[0] == kind_of(wanted)[0] or days_as_months(Decimal(0), unit, wanted) is not None


def _other_unit(text: str, found: Found, target: Target) -> Actual:
    if (
        is_percent(found.unit)
        and found.high is None
        and (_OF_TARGET.search(prepared(text)) or _whole_share(found, target))
    ):
        return Actual(text, Says.SHARE, unit=found.unit, share=found.number, rough=found.rough)
    return Actual(text, Says.WORDS, unit=found.unit, told=(f"完成值的单位“{found.unit}”与指标值不同,不能换算",))


def _whole_share(found: Found, target: Target) -> bool:
    """Whether a bare percentage may be one of the target: 95% of 20 is 19; 95% of 12 things is none."""
    counted = kind_of(target.unit)[0] in COUNTED and target.number is not None
    return not counted or (target.number or 0) * found.number % 100 == 0


def _either(found: Found, target: Target) -> bool:
    """Whether a percentage may be one of the target as well as a number beside it: 100% for a target of 50."""
    return not target.unit and is_percent(found.unit) and not target.ratio and found.high is None


def _quotient(text: str, target: Target) -> Actual | None:
    """98/100: so many of so many."""
    match = _QUOTIENT.fullmatch(prepared(text[:80]))
    if match is None or Decimal(match["bottom"]) == 0:
        return None
    top, bottom = Decimal(match["top"]), Decimal(match["bottom"])
    if target.percent:
        number = half_up_fraction(Fraction(top) / Fraction(bottom) * 100, 2)
        return Actual(text, Says.NUMBER, number, unit="%", told=(f"“{text}”按{trimmed(number)}%计",))
    return Actual(text, Says.NUMBER, top) if bottom == target.number else Actual(text, Says.WORDS)
