"""Rates in sentences against the amounts beside them, and the same amount stated twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from workbench.reports.checking.claims import MAX_SENTENCE
from workbench.reports.checking.facts import Fact
from workbench.reports.checking.findings import Finding, finding
from workbench.reports.checking.model import Document, Spot
from workbench.reports.checking.numbers import Found, Number, folded, numbers, same, says, text_of

_SENTENCE = re.compile(r"[^。；;!?！？\n]+")
_UNIT = re.compile(
    r"\s*(?P<unit>万元|亿元|元|公里|千米|平方米|立方米|米|亩|万亩|公顷|份|户|人次|人|个|项|处|座|台|套|吨|次|家|名|株|只|头)"
)
_RATES: tuple[tuple[str, str, str, str], ...] = (
    # the rate, the word before its numerator, the word before its denominator, what it is called
    (r"(?:预算|资金)?(?:执行|支出)率", r"(?:支出|执行数?|使用|支付)", r"(?:预算|到位|下达|安排|批复|拨付)", "执行率"),
    (r"(?:资金)?到位率", r"到位", r"(?:预算|计划|安排|应到位|批复|下达)", "到位率"),
    (r"完成率", r"(?:实际)?(?:完成|建成|培训|采购)", r"(?:计划|目标|应|任务)", "完成率"),
    (r"(?:回收|收回)率", r"(?:回收|收回)", r"(?:发放|发出)", "回收率"),
    (r"(?:有效率|有效回收率|有效问卷率)", r"有效", r"(?:发放|发出|回收|收回)", "有效率"),
    (r"覆盖率", r"(?:实际|覆盖|完成|投保|承保)", r"(?:应|计划|目标|总|共)", "覆盖率"),
    (r"合格率", r"合格", r"(?:验收|抽检|检查|共)", "合格率"),
)
_RATE_IS = r"(?:约|分别)?\s*[为是:达到计]{0,3}\s*$"
_OTHER = re.compile("约|左右|近|余|多|上年|去年|同比|分别|其中|累计")
_TWICE = (
    (
        "预算金额",
        re.compile(
            r"(?:项目)?(?:预算总额|预算总金额|年度预算数|全年预算数|总预算|预算总投入)(?:共计|合计)?[为是:]{0,2}\s*$"
        ),
    ),
    (
        "实际支出",
        re.compile(
            r"(?:实际支出总额|实际支出合计|全年执行数|累计实际支出|实际支出总金额)(?:共计|合计)?[为是:]{0,2}\s*$"
        ),
    ),
)
_SCALE = {"元": Fraction(1), "万元": Fraction(10_000), "亿元": Fraction(10**8)}


_EXECUTION = re.compile(r"(?:预算|资金)?(?:执行|支出)率(?:仅|约)?[为是:达到]{0,3}\s*$")
_PART_ONLY = re.compile(
    "中央|省|市级|县级|区级|自筹|专项|基本支出|项目支出|人员|公用|结转|配套|债券|目标|低于|高于|月|季|半年|截至|平均"
    "|子项|其他|标准|应|规定|要求|[≥≤<>]|每|若|如|扣"
)
"""The rate of a part of the money, of a part of the year, or one that is asked for."""
_ADJUSTED = re.compile("调整后|预算调整|调整预算|追加|调减|调增|全年预算")
"""Two budgets, two rates."""


@dataclass(frozen=True)
class _Amount:
    found: Found
    unit: str
    before: str


def rates(document: Document) -> Iterator[Finding]:
    """Rates whose numerator and denominator stand in the same sentence."""
    for paragraph in document.paragraphs:
        if paragraph.contents:
            continue
        for match in _SENTENCE.finditer(folded(paragraph.text)):
            if len(match[0]) <= MAX_SENTENCE:
                yield from _sentence(match[0], paragraph.spot)


def execution(document: Document, facts: Sequence[Fact], also: set[Decimal]) -> Iterator[Finding]:
    """“年初预算200万元,执行率97.27%” against the 预算执行率 of the score tables, where the report knows one budget only.

    Args:
        also: rates that stand in tables of amounts; a text may speak of those.
    """
    reached = [f for f in facts if f.what == "done" and f.table and f.item in ("预算执行率", "资金执行率")]
    own = {f.number.value for f in reached if f.number.percent}
    if len(own) != 1 or any(_ADJUSTED.search(p.text) for p in document.paragraphs):
        return
    stated = [s for p in document.paragraphs if not p.contents for s in _executed(folded(p.text), p.spot)]
    other = [(n, spot) for n, spot in stated if not same(n, reached[0].number) and n.value not in also]
    if len(other) == 1 and other[0][0].value <= 100:
        [(number, spot)] = other
        yield finding("stated_twice", spot, "预算执行率", number, reached[0].number, "", reached[0].spot)


def _executed(text: str, spot: Spot) -> Iterator[tuple[Number, Spot]]:
    """The rate of the whole budget, of a sentence that says nothing of parts and has no two amounts it may come from."""
    for sentence in _SENTENCE.findall(text):
        found = numbers(sentence)
        rates_ = [f for f in found if f.number.percent and _EXECUTION.search(sentence[: f.start])]
        plain = "预算" in sentence and not _OTHER.search(sentence) and not _PART_ONLY.search(sentence)
        if plain and len(rates_) == 1 and len(list(_amounts(sentence, found))) < 2:
            yield rates_[0].number, spot


def _sentence(sentence: str, spot: Spot) -> Iterator[Finding]:
    found = numbers(sentence)
    percents = [f for f in found if f.number.percent]
    if not percents or _OTHER.search(sentence):
        return
    amounts = list(_amounts(sentence, found))
    for rate, over, under, name in _RATES:
        stated = [p for p in percents if re.search(rate + _RATE_IS, sentence[: p.start])]
        if len(stated) != 1:
            continue
        earlier = [a for a in amounts if a.found.end <= stated[0].start]
        yield from _one(stated[0], earlier, (over, under, name), spot)


def _amounts(sentence: str, found: list[Found]) -> Iterator[_Amount]:
    """Numbers with a unit, each with the words between it and the number before it."""
    last = 0
    for number in found:
        unit = _UNIT.match(sentence, number.end)
        if unit and not number.number.percent:
            yield _Amount(number, unit["unit"], sentence[last : number.start])
        last = number.end


def _one(stated: Found, amounts: list[_Amount], kind: tuple[str, str, str], spot: Spot) -> Iterator[Finding]:
    over, under, name = kind
    tops = [a for a in amounts if re.search(over, _last_clause(a.before))]
    bases = [a for a in amounts if a not in tops and re.search(under, _last_clause(a.before))]
    if len(tops) != 1 or not bases:
        return
    top = tops[0]
    same_unit = [
        b for b in bases if (b.unit in _SCALE) == (top.unit in _SCALE) and (b.unit in _SCALE or b.unit == top.unit)
    ]
    same_unit = [b for b in same_unit if b.found.number.value]
    if not same_unit:
        return
    if not any(_fits(stated.number, top, base) for base in same_unit):
        base = same_unit[0]
        exact = _value(top) / _value(base)
        shown = f"{text_of(exact * 100, max(stated.number.places, 2))}%"
        how = f"{top.found.number}{top.unit}÷{base.found.number}{base.unit}"
        yield finding("text_rate", spot, name, stated.number, shown, how)


def _last_clause(text: str) -> str:
    return re.split(r"[,，、]", text)[-1]


def _value(amount: _Amount) -> Fraction:
    return Fraction(amount.found.number.value) * _SCALE.get(amount.unit, Fraction(1))


def _fits(stated: Number, top: _Amount, base: _Amount) -> bool:
    exact = _value(top) / _value(base)
    spread = Fraction(0)
    for amount in (top, base):
        places = amount.found.number.places
        if places and amount.unit in _SCALE:
            spread += (
                Fraction(1, 2 * 10**places)
                * _SCALE.get(amount.unit, Fraction(1))
                / _value(base)
                * max(Fraction(1), exact)
            )
    return says(stated, exact * 100, spread * 100) or (exact > 1 and stated.value == 100)


def twice(document: Document) -> Iterator[Finding]:
    """The whole budget and the whole spending, each stated under its own full name in several places."""
    for name, pattern in _TWICE:
        stated: list[tuple[Fraction, Number, str, Spot]] = []
        for paragraph in document.paragraphs:
            text = folded(paragraph.text)
            if len(text) > MAX_SENTENCE or _OTHER.search(text) or len(set(re.findall(r"20\d\d(?=年)", text))) > 1:
                continue
            for found in numbers(text):
                unit = _UNIT.match(text, found.end)
                if unit and unit["unit"] in _SCALE and pattern.search(text[: found.start]):
                    scale = _SCALE[unit["unit"]]
                    stated.append((Fraction(found.number.value) * scale, found.number, unit["unit"], paragraph.spot))
        yield from _differing(name, stated)


def _differing(name: str, stated: list[tuple[Fraction, Number, str, Spot]]) -> Iterator[Finding]:
    if len(stated) < 2 or len({value for value, *_ in stated}) > 2:
        return
    value, number, unit, spot = stated[0]
    for other, printed, measure, place in stated[1:]:
        half = max(_SCALE[u] / (2 * 10**n.places) for u, n in ((unit, number), (measure, printed)))
        if abs(other - value) > half:
            yield finding("money_twice", place, name, f"{printed}{measure}", f"{number}{unit}", "", spot)
