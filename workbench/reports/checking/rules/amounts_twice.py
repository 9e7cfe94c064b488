"""The same amount, and the same 执行率, stated in several places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.findings import Finding, finding, when
from workbench.reports.checking.language.amounts import SCALE, amounts_in
from workbench.reports.checking.language.known import known
from workbench.reports.checking.language.numbers import Number, closed, numbers, same
from workbench.reports.checking.language.phrases import MAX_SENTENCE, SENTENCE
from workbench.reports.checking.statements.facts import Fact

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
_EXECUTION = re.compile(r"(?:预算|资金)?(?:执行|支出)率(?:仅|约)?[为是:达到]{0,3}\s*$")
_PART_ONLY = re.compile(
    "中央|省|市级|县级|区级|自筹|专项|基本支出|项目支出|人员|公用|结转|配套|债券|目标|低于|高于|月|季|半年|截至|平均"
    "|子项|其他|标准|应|规定|要求|[≥≤<>]|每|若|如|扣"
)
"""The rate of a part of the money, of a part of the year, or one that is asked for."""
_ADJUSTED = re.compile("调整后|预算调整|调整预算|追加|调减|调增|全年预算")
"""Two budgets, two rates."""


def execution(document: Document, facts: Sequence[Fact], also: set[Decimal]) -> Iterator[Finding]:
    """“年初预算200万元,执行率97.27%” against the 预算执行率 of the score tables, where the report knows one budget only.

    Args:
        also: rates that stand in tables of amounts; a text may speak of those.
    """
    reached = [f for f in facts if f.what == "done" and f.table and f.item in ("预算执行率", "资金执行率")]
    own = {f.number.value for f in reached if f.number.percent}
    if len(own) != 1 or any(_ADJUSTED.search(p.text) for p in document.paragraphs):
        return
    stated = [s for p in document.paragraphs if not p.contents for s in _executed(closed(p.text), p.spot)]
    other = [(n, spot) for n, spot in stated if not same(n, reached[0].number) and n.value not in also]
    if len(other) == 1 and other[0][0].value <= 100:
        [(number, spot)] = other
        yield finding("stated_twice", spot, "预算执行率", number, reached[0].number, "", reached[0].spot)


def _executed(text: str, spot: Spot) -> Iterator[tuple[Number, Spot]]:
    """The rate of the whole budget, of a sentence that says nothing of parts and has no two amounts it may come from."""
    for sentence in SENTENCE.findall(text):
        found = numbers(sentence)
        rates_ = [f for f in found if f.number.percent and _EXECUTION.search(sentence[: f.start])]
        plain = "预算" in sentence and not _OTHER.search(sentence) and not _PART_ONLY.search(sentence)
        if plain and len(rates_) == 1 and len(amounts_in(sentence, found)) < 2:
            yield rates_[0].number, spot


def twice(document: Document) -> Iterator[Finding]:
    """The whole budget and the whole spending, each stated under its own full name in several places."""
    words = known(document)
    for name, pattern in _TWICE:
        stated: list[tuple[Fraction, Number, str, Spot]] = []
        plain = True
        for paragraph in document.paragraphs:
            text = closed(paragraph.text)
            if len(text) > MAX_SENTENCE or _OTHER.search(text) or len(set(re.findall(r"20\d\d(?=年)", text))) > 1:
                continue
            before = len(stated)
            stated += [
                (a.value, a.number, a.unit, paragraph.spot)
                for a in amounts_in(text)
                if a.unit in SCALE and pattern.search(a.label) and words.plain(a.label)
            ]
            plain = plain and (len(stated) == before or words.begins_plainly(text))
        yield from (when(plain, f) for f in _differing(name, stated))


def _differing(name: str, stated: list[tuple[Fraction, Number, str, Spot]]) -> Iterator[Finding]:
    if len(stated) < 2 or len({value for value, *_ in stated}) > 2:
        return
    value, number, unit, spot = stated[0]
    for other, printed, measure, place in stated[1:]:
        half = max(SCALE[u] / (2 * 10**n.places) for u, n in ((unit, number), (measure, printed)))
        if abs(other - value) > half:
            yield finding("money_twice", place, name, f"{printed}{measure}", f"{number}{unit}", "", spot)
