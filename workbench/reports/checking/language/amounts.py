"""Amounts in sentences: a number with its unit, and the words of its own clause, which say what it is an amount of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from workbench.reports.checking.language.numbers import Found, Number, numbers, says

_UNIT = re.compile(
    r"\s*(?P<unit>(?:万|亿)?(?:元|平方米|平方公里|立方米|公斤|千克|公里|千米|米|亩|公顷|份|羽次|户次|车次|台次|架次|课时|学时|户|人次|人|张|眼|口|盏|册|床|千瓦|个|项|处|座|台|套|吨|次|家|名|株|只|头|所|条|件|村|乡镇|辆|例|场|期|批|分))"
)
SCALE = {"元": Fraction(1), "万元": Fraction(10_000), "亿元": Fraction(10**8)}
_ROUGH_BEFORE = re.compile(r"(?:约|近|超过?|不足|逾|至少|以上|[≥≤<>])\s*$")
_ROUGH_AFTER = re.compile(r"(?:余|多|左右|以上|以下|以内)")
_CLAUSE = re.compile(r"[,，、;；:：。]")


@dataclass(frozen=True)
class Amount:
    """A number with its unit; ``label``: the words before it in its clause; ``rough``: said to be about so much."""

    number: Number
    unit: str
    label: str
    start: int
    end: int
    rough: bool = False

    @property
    def kind(self) -> str:
        """What it can be compared with: all money is of one kind."""
        return "元" if self.unit in SCALE else self.unit.lstrip("万亿")

    @property
    def value(self) -> Fraction:
        """In the smallest unit of its kind."""
        return Fraction(self.number.value) * self._step

    @property
    def half(self) -> Fraction:
        """How far rounding may have moved it; things that are not counted in 万 are exact."""
        exact = self.kind != "元" and self.unit == self.kind
        return Fraction(0) if exact else self._step / (2 * 10**self.number.places)

    @property
    def _step(self) -> Fraction:
        if self.unit in SCALE:
            return SCALE[self.unit]
        return Fraction({"万": 10_000, "亿": 10**8}.get(self.unit[:1], 1) if self.unit != self.kind else 1)

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"


def amounts_in(text: str, found: Sequence[Found] | None = None) -> list[Amount]:
    """The amounts of a folded sentence in order."""
    made = []
    last = 0
    for number in numbers(text) if found is None else found:
        unit = _UNIT.match(text, number.end)
        if unit and not number.number.percent:
            between = text[last : number.start]
            label = _CLAUSE.split(between)[-1]
            rough = bool(_ROUGH_BEFORE.search(between) or _ROUGH_AFTER.match(text, unit.end()))
            made.append(Amount(number.number, unit["unit"], label, number.start, unit.end(), rough))
            last = unit.end()
        elif number.number.percent:
            last = number.end
    return made


def is_quotient(stated: Number, top: Fraction, base: Fraction, half: tuple[Fraction, Fraction]) -> bool:
    """Whether a printed percentage is ``top`` of ``base``, each off by ``half`` at most; above 100 it may be cut off."""
    exact = top / base
    spread = (half[0] + half[1] * max(Fraction(1), exact)) / base
    return says(stated, exact * 100, spread * 100) or (exact > 1 and stated.value == 100)
