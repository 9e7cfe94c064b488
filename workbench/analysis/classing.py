"""Classing a difference between a claimed and a verified value: 笔误, 口径差异, 佐证不足, 虚报. A proposal with its ground.

No document says how to tell a slip from an untruth. The limits here are examples (示例,可改), and what they lead to is only
proposed: finance confirms after hearing the unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from workbench.base.errors import SamplingError
from workbench.base.exact import half_up, half_up_fraction
from workbench.base.models import DecimalText, Model, validated
from workbench.base.text import plain, trimmed
from workbench.base.yamlio import read_yaml
from workbench.scheme.library import single_key

Class = Literal["一致", "笔误", "口径差异", "佐证不足", "虚报", "未分类", "未核查"]
ProofState = Literal["有佐证", "佐证不足", "未提供"]
SHIFTS = {4: "元与万元", 8: "元与亿元", 2: "百分数与小数", 3: "千与个"}
SHOWN_DECIMALS = 2


class Ratio(Model):
    """Two ways of counting the same thing: what one gives is ``times`` the other. It counts only for values in ``units``."""

    name: str
    times: Annotated[DecimalText, Field(gt=0)]
    units: list[str] = Field(min_length=1)


_MONEY = ["元", "万元", "亿元"]


class Limits(Model):
    """All numbers classing rests on, none of them fixed by a document for this purpose (示例,可改).

    ``farthest_shift``: decimal places a slip of the unit may move a number; ``small_percent``: a worse value that differs by no
    more than this is asked about as 口径差异 before it is called untrue; ``ratios``: known ways of counting (rates of
    value-added tax: 财政部、税务总局、海关总署公告2019年第39号, 财税〔2016〕36号; 1 公顷 is 15 亩).
    """

    farthest_shift: Annotated[int, Field(ge=1, le=12)] = 8
    small_percent: Annotated[DecimalText, Field(ge=0, le=100)] = Decimal(1)
    ratios: list[Ratio] = [
        Ratio(name="含税与不含税(增值税税率13%)", times=Decimal("1.13"), units=_MONEY),
        Ratio(name="含税与不含税(增值税税率9%)", times=Decimal("1.09"), units=_MONEY),
        Ratio(name="含税与不含税(增值税税率6%)", times=Decimal("1.06"), units=_MONEY),
        Ratio(name="含税与不含税(增值税征收率3%)", times=Decimal("1.03"), units=_MONEY),
        Ratio(name="亩与公顷", times=Decimal(15), units=["亩", "万亩", "公顷", "万公顷"]),
    ]


EXAMPLE_LIMITS = Limits()


def read_limits(path: Path) -> Limits:
    """Limits from a YAML file with one key ``limits``. Raises YamlError, SamplingError."""
    document = read_yaml(path)
    return validated(Limits, single_key(document, "limits", SamplingError), document, SamplingError, "limits")


@dataclass(frozen=True)
class Compared:
    """Two values of one indicator in one unit.

    Attributes:
        claimed, verified: the numbers (days for dates, 1 and 0 for 是 and 否); None where a value is no number.
        claimed_text, verified_text: as written.
        worse: whether the verified value is the worse one; None when that cannot be told.
        other: the value by another way of counting that the checker found.
        basis: what that way of counting is.
        unit: what the numbers are in.
        counted: whether digits mean anything (not for dates and yes or no).
    """

    claimed: Decimal | None
    verified: Decimal | None
    claimed_text: str
    verified_text: str | None
    proof: ProofState | None
    worse: bool | None = None
    other: Decimal | None = None
    basis: str | None = None
    unit: str | None = None
    counted: bool = True

    @property
    def equal(self) -> bool:
        """The same value; a claim with fewer decimals is compared as rounded half-up to them."""
        if self.claimed is None or self.verified is None:
            return self.claimed_text == self.verified_text
        return _same(self.claimed, self.verified)


@dataclass(frozen=True)
class Proposal:
    """A class and why."""

    kind: Class
    ground: str


def propose(c: Compared, limits: Limits) -> Proposal:
    """The class of a difference, by the first test that says something. Never a decision."""
    if c.proof in ("佐证不足", "未提供"):
        word = "没有提供佐证" if c.proof == "未提供" else "佐证不足以支持自评值"
        return Proposal("佐证不足", word)
    if c.proof is None or c.verified_text is None:
        return Proposal("未核查", "没有填写佐证情况" if c.proof is None else "没有填写核查值")
    if c.equal:
        exactly = c.claimed == c.verified
        return Proposal("一致", "自评值与核查值相同" if exactly else "核查值四舍五入后与自评值相同")
    return _declared(c) or _slip(c, limits) or _ratio(c, limits) or _worse(c, limits)


def _declared(c: Compared) -> Proposal | None:
    if c.basis is None:
        return None
    if c.other is None:
        return Proposal("口径差异", f"核查人注明口径不同:{c.basis}")
    if c.claimed is not None and _same(c.claimed, c.other):
        return Proposal("口径差异", f"自评值等于按“{c.basis}”计算的{trimmed(c.other)}")
    return None


def _slip(c: Compared, limits: Limits) -> Proposal | None:
    if c.claimed is None or c.verified is None or not c.counted or not c.claimed or not c.verified:
        return None
    if (c.claimed < 0) != (c.verified < 0):
        return Proposal("笔误", "数值相同,正负号相反") if c.claimed == -c.verified else None
    shift = _shift(c.claimed, c.verified, limits.farthest_shift)
    if shift:
        word = f",像是{SHIFTS[shift]}填错" if shift in SHIFTS else ""
        return Proposal("笔误", f"数字相同,小数点相差{shift}位(10的{shift}次方){word}")
    a, b = _digits(c.claimed), _digits(c.verified)
    if _places(c.claimed) != _places(c.verified) or len(a) != len(b) or sorted(a) != sorted(b):
        return None
    spots = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(spots) == 2 and spots[1] == spots[0] + 1:
        return Proposal("笔误", f"相邻两位数字颠倒({a}与{b})")
    return Proposal("笔误", f"数字相同而次序不同({a}与{b})")


def _ratio(c: Compared, limits: Limits) -> Proposal | None:
    if c.claimed is None or c.verified is None or not c.counted:
        return None
    for ratio in (r for r in limits.ratios if c.unit in r.units):
        for more, less in ((c.claimed, c.verified), (c.verified, c.claimed)):
            if less and _same(more, less * ratio.times):
                return Proposal("口径差异", f"两数之比为{trimmed(ratio.times)}:{ratio.name}(示例,可改)")
    return None


def _worse(c: Compared, limits: Limits) -> Proposal:
    if c.worse is None:
        return Proposal("未分类", "两个值不同,但无法比较好坏,请核查人写明原因")
    if not c.worse:
        return Proposal("未分类", "核查值好于自评值,不构成虚报,请核查人写明原因")
    percent = relative(c)
    if percent is not None and percent <= limits.small_percent:
        text = f"核查值差于自评值,但只差{_percent(percent)}(不超过{trimmed(limits.small_percent)}%,示例,可改)"
        return Proposal("口径差异", f"{text},请核对统计口径")
    by = f"{_percent(percent)}" if percent is not None else ""
    return Proposal("虚报", f"有佐证证明核查值差于自评值{by}")


def relative(c: Compared) -> Fraction | None:
    """The difference in percent of the claimed value; None for dates, words and a claim of zero."""
    if c.claimed is None or c.verified is None or not c.counted or not c.claimed:
        return None
    return abs(Fraction(c.verified) - Fraction(c.claimed)) / abs(Fraction(c.claimed)) * 100


def _percent(number: Fraction | None) -> str:
    return f"{trimmed(half_up_fraction(number, SHOWN_DECIMALS))}%" if number is not None else ""


def _places(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))


def _same(claimed: Decimal, found: Decimal) -> bool:
    return claimed == found or (_places(found) > _places(claimed) and half_up(found, _places(claimed)) == claimed)


def _digits(number: Decimal) -> str:
    return plain(abs(number)).replace(".", "")


def _shift(claimed: Decimal, verified: Decimal, farthest: int) -> int:
    """How many places the decimal point was moved, 0 when that is not the difference."""
    ratio = Fraction(claimed) / Fraction(verified)
    for shift in range(1, farthest + 1):
        if ratio in (Fraction(10**shift), Fraction(1, 10**shift)):
            return shift
    return 0
