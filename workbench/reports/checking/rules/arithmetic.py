"""Sums written out in a report: “10×79.27%=7.93”, “18+17.5+28+24=87.5”, “25.00/29→30.17/35” (折算)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from workbench.reports.checking.document.model import Spot
from workbench.reports.checking.findings import Finding, finding
from workbench.reports.checking.language.numbers import NUMBER, Number, folded, numbers, says, text_of

_N = r"\d+(?:,\d{3})*(?:\.\d+)?%?"
_UNIT = r"(?:分|万元|亿元|元|个|份|人|户|项|公里|亩|米)?"
_SUM = re.compile(
    rf"(?<![\d.,%)\]）+\-×*÷/<>≤≥A-Za-z])(?P<left>{_N}\s*{_UNIT}(?:\s*[+\-×*÷/]\s*{_N}\s*{_UNIT})+)\s*=\s*(?P<right>-?{_N})(?!\d|\s*[+×*÷/]|\s*-\s*\d|\.\d)"
)
_TOKEN = re.compile(rf"(?P<number>{_N})\s*{_UNIT}|(?P<sign>[+\-×*÷/])")
_RESCALED = re.compile(
    rf"(?P<a>{_N})分?/(?P<b>{_N})分?\s*(?:→|->|折算为|折算后为|,?折算后)\s*(?P<c>{_N})分?/(?P<d>{_N})分?"
)


_MOVED = re.compile(
    rf"由(?P<a>{_N})分?(?:变为|变成|调整[为到至]|下?降[低到至为]*|提高[到至]|上?升[到至]|增加到|减少到)(?P<b>{_N})分?\s*[,，(]?\s*"
    rf"(?:差异|相差|下降|降低|减少|提高|上升|增加|提升|调[减增])了?为?(?P<d>[+-]?{_N})分"
)


def checked(text: str, spot: Spot) -> Iterator[Finding]:
    """Every sum in a text whose result is another number."""
    plain = folded(text)
    for match in _SUM.finditer(plain):
        yield from _sum(match, spot)
    for match in _MOVED.finditer(plain):
        before, after, moved = (_number(match[name].lstrip("+-")) for name in "abd")
        if moved.value != abs(after.value - before.value):
            expected = text_of(after.value - before.value)
            yield finding("difference", spot, f"“{match[0]}”", match["d"], expected, f"{after}-{before}")
    for match in _RESCALED.finditer(plain):
        a, b, c, d = (_number(match[name]) for name in "abcd")
        if b.value and not says(c, Fraction(a.value) / Fraction(b.value) * Fraction(d.value)):
            exact = Fraction(a.value) / Fraction(b.value) * Fraction(d.value)
            yield finding("rescaled", spot, f"“{match[0]}”", c, text_of(exact, max(c.places, 2)), f"{a}÷{b}×{d}")


def _number(text: str) -> Number:
    match = NUMBER.fullmatch(text)
    assert match is not None
    return numbers(text)[0].number


def _sum(match: re.Match[str], spot: Spot) -> Iterator[Finding]:
    left, right = match["left"], _signed(match["right"])
    value, spread = _evaluated(left)
    if value is None:
        return
    divided = "/" in left or "÷" in left
    if divided and not right.percent and says(right, value * 100, spread * 100):
        return  # “450/500=90” leaves the percent sign out
    if right.percent:
        if divided and says(right, value, spread):
            return  # “450÷500×100=90%”
        value, spread = value * 100, spread * 100
    if not says(right, value, spread):
        shown = text_of(value, max(right.places, 2)) + ("%" if right.percent else "")
        yield finding("arithmetic", spot, f"“{match[0].strip()}”的结果", right, shown, left.strip())


def _signed(text: str) -> Number:
    number = _number(text.removeprefix("-"))
    return Number(-number.value, number.places, number.percent) if text.startswith("-") else number


def _evaluated(text: str) -> tuple[Fraction | None, Fraction]:
    """The value, products first, and how far it may be off where a rounded amount is divided or multiplied."""
    sums: list[tuple[Fraction, Fraction]] = []
    sign = "+"
    for match in _TOKEN.finditer(text):
        if match["sign"]:
            sign = match["sign"]
            continue
        value, spread = _term(match["number"])
        if sign in "+-":
            sums.append((value if sign == "+" else -value, Fraction(0)))
            continue
        last, before = sums.pop()
        if sign in "×*":
            sums.append((last * value, before * abs(value) + spread * abs(last)))
        elif not value:
            return None, Fraction(0)
        else:
            sums.append((last / value, before / abs(value) + spread * abs(last) / value**2))
    return sum((v for v, _ in sums), Fraction(0)), sum((s for _, s in sums), Fraction(0))


def _term(text: str) -> tuple[Fraction, Fraction]:
    """A number; a percentage with decimals was rounded before it stood here."""
    number = _number(text)
    value = Fraction(number.value)
    if not number.percent:
        return value, Fraction(0)
    return value / 100, Fraction(1, 200 * 10**number.places) if number.places else Fraction(0)
