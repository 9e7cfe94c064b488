"""What was budgeted, arrived, spent and left of the whole, as sentences and the table of funds tell it.

A sentence is taken to speak of the same money as the table, or as another sentence, only where it gives several of these and all but
one agree; then the one that does not is wrong. Reports that tell of a changed budget, of several years or of parts are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.findings import Finding, finding, when
from workbench.reports.checking.language.amounts import SCALE, amounts_in
from workbench.reports.checking.language.known import Known, known
from workbench.reports.checking.language.numbers import Number, closed, numbers
from workbench.reports.checking.language.phrases import FULL_STOP, MAX_SENTENCE
from workbench.reports.checking.rules.quoted import by_year, column_total
from workbench.reports.checking.tables.number_tables import NumberTable, number_table

_KINDS = {
    "预算": re.compile("预算|批复|安排|下达"),
    "到位": re.compile("到位"),
    "支出": re.compile("支出|支付|使用|支用|列支|执行"),
    "结余": re.compile("结余|剩余|余额|未支|未使用"),
}
_RATE = "执行率"
_RATE_SAID = re.compile(r"(?P<label>[^,，;；、。:：\d]*(?:执行|支出)率)[为是达到:]{0,3}$")
_RATE_HEAD = re.compile(r"(?:预算|资金)?(?:执行|支出)率(?:[(]%[)])?")
_PROJECT = re.compile("(?:本|该)?项目")
_LONE = re.compile(
    rf"{_PROJECT.pattern}(?:资金|实际|全年|总|共|合计)*(?:支出|支付|到位)(?:资金|金额|总额|共计|合计|共|为)*[\d.,]+[万亿]?元"
)
"""One amount alone, as a sentence of its own."""
_NOT_WHOLE = re.compile(
    "抽|一期|二期|进度款|中央|省|市|县|区|乡|镇|自筹|配套|债|上年|上一年|去年|累计|其中|月|季|申报|申请|人均|每|平均|应|拟|结转|合同|违规|调整|追加|基本支出|项目支出|率|占|比|分别|三公|人员|公用"
)
"""Words of a part, of another year, of what was only asked for."""
_CHANGED = re.compile("预算调整|调整预算|调整后|追加|调减|调增|年中[调追增减]|收回(?:资金|结余|存量|预算)")
_DATED = re.compile(r"截[至止](?!(?:20\d\d)?年?度?(?:年底|年末|底|末|年?12月(?:底|末|31日)))|评价日|报告日|基准日|目前")
"""Another day than the end of the year: the money has moved on since."""
_ENOUGH = 2
_FULL = 100


@dataclass(frozen=True)
class _Told:
    """An amount in 元 as it is printed, how far rounding may have moved it, and where it stands."""

    value: Fraction
    half: Fraction
    text: str
    spot: Spot
    sure: bool

    def agrees(self, other: _Told) -> bool:
        return abs(self.value - other.value) <= max(self.half, other.half)


def funds(document: Document) -> Iterator[Finding]:
    """Every amount that all else its sentence tells shows to be the table's, or another sentence's, with another value."""
    if any(_CHANGED.search(p.text) for p in document.paragraphs):
        return
    classed = any("基本支出" in p.text for p in document.paragraphs)
    told = [*_tables(document), *_sentences(document, known(document))]
    told = [t for t in told if len(t) >= _ENOUGH or not classed]
    if not told:
        return
    settled = dict(told[0])
    for other in told[1:]:
        shared = [kind for kind in settled if kind in other]
        wrong = [kind for kind in shared if not settled[kind].agrees(other[kind])]
        if shared not in ([], [_RATE]) and not wrong:
            settled = {**other, **settled}
        elif len(wrong) == 1 and wrong != [_RATE] and (len(shared) >= _ENOUGH or len(other) == 1):
            [kind] = wrong
            here, there = other[kind], settled[kind]
            sure = len(shared) >= _ENOUGH and all(told.sure for k in shared for told in (other[k], settled[k]))
            yield when(sure, finding("money_twice", here.spot, kind, here.text, there.text, "", there.spot))


def _tables(document: Document) -> list[Mapping[str, _Told]]:
    """The totals of the only table that has several of the four."""
    tables = [t for t in map(number_table, document.tables) if t and t.total and not t.nested and not by_year(t)]
    found = [told for t in tables if len(told := _totals(t)) >= _ENOUGH]
    return found if len(found) == 1 else []


def _totals(table: NumberTable) -> Mapping[str, _Told]:
    columns = [(kind, x) for x in table.numeric if (kind := _kind(table.heads[x]))]
    made = {}
    for kind, x in columns:
        total = column_total(table, x)
        if total is None or table.total is None or [k for k, _ in columns].count(kind) > 1:
            continue
        stated = table.total.values[x]
        half = abs(total / Fraction(stated.number.value)) / (2 * 10**stated.number.places) if total else Fraction(0)
        made[kind] = _Told(total, half, str(stated.number), stated.spot, True)
    rates = [
        x for x in table.numeric if _RATE_HEAD.fullmatch(table.heads[x]) and table.total and x in table.total.values
    ]
    if len(rates) == 1 and table.total is not None:
        stated = table.total.values[rates[0]]
        made |= _rated(stated.number, stated.spot, sure=True)
    return made


def _rated(rate: Number, spot: Spot, *, sure: bool) -> Mapping[str, _Told]:
    """A rate beside amounts; one of a hundred is anybody's."""
    if rate.value >= _FULL or (not rate.percent and rate.value <= 1):
        return {}
    return {_RATE: _Told(Fraction(rate.value), Fraction(1, 2 * 10**rate.places), f"{rate.value}%", spot, sure)}


def _sentences(document: Document, words: Known) -> Iterator[Mapping[str, _Told]]:
    for paragraph in document.paragraphs:
        for match in FULL_STOP.finditer(closed(paragraph.text)) if not paragraph.contents else ():
            if (
                len(match[0]) <= MAX_SENTENCE
                and not _DATED.search(match[0])
                and len(set(re.findall(r"20\d\d(?=年)", match[0]))) < _ENOUGH
            ):
                told = _sentence(match[0], paragraph.spot, words)
                if len(told) >= _ENOUGH or _LONE.fullmatch(match[0].strip()):
                    yield told


def _sentence(sentence: str, spot: Spot, words: Known) -> Mapping[str, _Told]:
    amounts = [a for a in amounts_in(sentence) if a.unit in SCALE]
    lone = _LONE.fullmatch(sentence.strip()) is not None
    kinds = [_kind(_PROJECT.sub("", a.label) if lone else a.label) for a in amounts]
    made = {}
    for kind, amount in zip(kinds, amounts, strict=True):
        if kind and kinds.count(kind) == 1 and not amount.rough:
            made[kind] = _Told(amount.value, amount.half, str(amount), spot, words.plain(amount.label))
    rates = [(f, said) for f in numbers(sentence) if (said := _RATE_SAID.search(sentence[: f.start]))]
    if made and len(rates) == 1 and rates[0][0].number.percent:
        [(rate, said)] = rates
        made |= _rated(rate.number, spot, sure=words.plain(said["label"]))
    return made


def _kind(words: str) -> str:
    """Which of the four words speak of; empty where they speak of none, of several, or of a part."""
    plain = re.sub(r"[(].*?[)]|截至.*?[底末日]|20\d\d年(?:度)?|年初", "", words)
    found = [kind for kind, pattern in _KINDS.items() if pattern.search(plain)]
    return found[0] if len(found) == 1 and not _NOT_WHOLE.search(plain) else ""
