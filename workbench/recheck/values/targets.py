"""The target of an indicator (年度指标值), from its text to something an actual can be held against."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from workbench.base.text import trimmed
from workbench.evidence.quantity import tidy_unit
from workbench.recheck.values.bounds import is_strict, margin_of, period_of, without_aside
from workbench.recheck.values.claims import answer_of
from workbench.recheck.values.directions import Sign, default_sign, names_harm, sign_of, stays_open
from workbench.recheck.values.moments import Moment, moment_of
from workbench.recheck.values.quantities import Found, prepared, quantities
from workbench.recheck.values.recurring import recurring_day
from workbench.recheck.values.units import UNIT, is_duration, is_known, is_percent, kind_of

_NAMED_UNIT = re.compile(rf"[(（](?:单位[::])?(?P<unit>{UNIT})[)）]\s*$")
_AT_END = re.compile(rf"[^\d第年月.]\d+(?:\.\d+)?{UNIT}(?:\([^()]*\))?$")
_RATIO = re.compile(r"(率|度|比例|比重|占比|比)(?=[(（]|$)")
_STRICT = {Sign.GTE: "＞", Sign.LTE: "＜"}
_NONE = re.compile(r"无|没有|零")
_NO_UNIT = {"", "-", "--", "—", "/", "无", "定性", "文字", "文字描述"}


@dataclass(frozen=True, slots=True)
class Target:
    """What was to be reached.

    Attributes:
        text: as written.
        sign: direction; see :class:`Sign`.
        leaning: which way is better where that is certain; beyond = or a range it decides what counts as missed.
        number: the limit, in ``unit``; the lower one of a range. None for words, dates, nothing.
        high: the upper limit of a range.
        moment: the deadline.
        yes: the answer wanted, where it is yes or no.
        written: somebody wrote the sign, in the text or in 指标性质; False where it follows from the kind of indicator.
        from_name: the target stands in the name of the indicator only.
        several: there are several numbers in it, which no single actual can be held against.
        ratio: the indicator is called …率, …度, …比例.
        recurring: ``number`` is a day that comes back: 每月25日前.
        strict: the limit itself is shut out: ＞50人.
        per: the period in which ``number`` comes back: 月 of 每月1次; empty for all of the year.
        told: what a person should know: disagreements, in sentences without a full stop.
    """

    text: str
    sign: Sign
    leaning: Sign = Sign.UNKNOWN
    number: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    moment: Moment | None = None
    yes: bool | None = None
    written: bool = False
    from_name: bool = False
    several: bool = False
    ratio: bool = False
    recurring: bool = False
    strict: bool = False
    per: str = ""
    told: tuple[str, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether there is no target at all."""
        return self.text == ""

    @property
    def numeric(self) -> bool:
        """Whether a number is wanted."""
        return self.number is not None

    @property
    def percent(self) -> bool:
        """Whether the number is a percentage."""
        return is_percent(self.unit)

    @property
    def sign_shown(self) -> str:
        """The sign as forms write it, ＞ and ＜ where the limit is shut out."""
        return _STRICT.get(self.sign, self.sign.shown) if self.strict else self.sign.shown

    @property
    def shown(self) -> str:
        """Sign, number and unit as a person writes them: ``≥95%``, ``10~20户``."""
        if self.number is None:
            return self.text
        number = trimmed(self.number) if self.high is None else f"{trimmed(self.number)}~{trimmed(self.high)}"
        period = f"/{self.per}" if self.per else ""
        return f"{self.sign_shown if self.high is None else ''}{number}{self.unit}{period}"


@lru_cache(maxsize=8192)
def target_of(text: str, sign: str = "", unit: str = "", *, name: str = "", levels: str = "") -> Target:
    """The target a text states.

    Args:
        sign: what stands under 指标性质; it is stronger than a sign in the text, and where they disagree that is told.
        unit: what stands under 计量单位; a unit in the text is stronger.
        name: the indicator; levels: its level 1 and 2. They decide the direction where no sign is written, if it is certain.
    """
    column = sign_of(sign)
    declared = tidy_unit(unit) if unit else ""
    if declared in _NO_UNIT:
        declared = ""
    if text.strip("-—–/／ 　") == "":
        return _from_name(name, column)
    if column is Sign.QUALITATIVE:
        told = (f"指标性质为“定性”,指标值却写“{text}”",) if any(f.sign for f in quantities(text)) else ()
        return Target(text, Sign.QUALITATIVE, written=True, told=told)
    if _NONE.fullmatch(text) and names_harm(name):
        return Target(text, Sign.LTE, Sign.LTE, Decimal(0))
    answer = None if _NONE.fullmatch(text) else answer_of(text)
    if answer is not None:
        return Target(text, Sign.YES_NO, yes=answer, written=column is Sign.YES_NO)
    day = recurring_day(text)
    if day is not None:
        return Target(text, Sign.LTE, Sign.LTE, day, unit="日", written=True, recurring=True)
    moment = moment_of(text) if not declared or is_duration(declared) else None
    if moment is not None:
        return Target(text, Sign.DEADLINE, moment=moment, written=moment.before)
    margin = margin_of(text)
    if margin is not None:
        return Target(text, Sign.BETWEEN, Sign.EQ, margin[0], margin[1], margin[2] or declared, written=True)
    found = quantities(without_aside(text))
    if len(found) != 1:
        return Target(text, Sign.QUALITATIVE, several=len(found) > 1, told=_signless(column, text))
    numeric = _numeric(text, found[0], column, declared, name, levels)
    per = period_of(without_aside(text), numeric.unit)
    return replace(numeric, strict=numeric.high is None and is_strict(text, sign), per=per)


_DIRECTED = (Sign.GTE, Sign.LTE, Sign.EQ)


def _signless(column: Sign | None, text: str) -> tuple[str, ...]:
    return (f"指标性质为“{column.shown}”,指标值“{text}”却不是一个数",) if column and column in _DIRECTED else ()


def _from_name(name: str, column: Sign | None) -> Target:
    one = named_quantity(name)
    if one is None or not one.sign:
        return Target("", Sign.UNKNOWN)
    sign = _written_sign(one, column) or Sign.UNKNOWN
    return Target("", sign, sign, one.number, unit=one.unit, written=True, from_name=True)


def named_quantity(name: str) -> Found | None:
    """What a name says is to be reached: its only number with a sign (合格率≥95%), or the number it ends with (举办培训12期)."""
    found = quantities(name) if name else ()
    signed = [f for f in found if f.sign]
    if len(signed) == 1:
        return signed[0]
    ends = len(found) == 1 and found[0].high is None and is_known(found[0].unit) and _AT_END.search(prepared(name))
    return found[0] if ends else None


def _numeric(text: str, found: Found, column: Sign | None, declared: str, name: str, levels: str) -> Target:
    told, unit = [], found.unit
    if not unit or (found.number == 0 and not is_known(unit)):
        named = _NAMED_UNIT.search(name)
        unit = declared or (named["unit"] if named else "")
    elif declared and is_known(unit) and is_known(declared) and kind_of(unit)[0] != kind_of(declared)[0]:
        told.append(f"计量单位为“{declared}”,指标值却写“{text}”")
    written = _written_sign(found, column)
    if column and column in _DIRECTED and found.sign and column.value != found.sign:
        told.append(f"指标性质为“{column.shown}”,指标值却写“{text}”")
    ratio = _RATIO.search(name) is not None
    leaning = _default(found, unit, name, levels)
    sign = Sign.BETWEEN if found.high is not None else written or leaning
    given = written is not None or found.high is not None
    return Target(text, sign, leaning, found.number, found.high, unit, written=given, ratio=ratio, told=tuple(told))


def _written_sign(found: Found, column: Sign | None) -> Sign | None:
    if column in _DIRECTED:
        return column
    return Sign(found.sign) if found.sign else None


def _default(found: Found, unit: str, name: str, levels: str) -> Sign:
    # Three days may be a promise or a burden: how long something is to take is never more is better by default.
    if is_duration(unit):
        return Sign.GTE if stays_open(name) else Sign.UNKNOWN
    # 零事故 names what must not happen in the text itself.
    zero = found.number == 0
    return default_sign(found.unit if zero and names_harm(found.unit) else name, levels, zero)
