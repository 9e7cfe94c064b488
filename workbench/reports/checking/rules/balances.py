"""What is left: 结余, 余额, 未使用, 尚有…未完成, against what there was and what was used, and the rate the two make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.findings import Finding, finding, when
from workbench.reports.checking.language.amounts import SCALE, Amount, amounts_in, is_quotient
from workbench.reports.checking.language.known import Known, known
from workbench.reports.checking.language.numbers import Found, closed, numbers, text_of
from workbench.reports.checking.language.phrases import MAX_SENTENCE

_LEFT = re.compile(
    r"^[^上]{0,4}(?:结余|剩余|结转结余|余额|未支出|未执行|未使用|未拨付|尚未使用|尚未支出)(?:资金|金额|额)?[为是:共]{0,2}$"
)
_REMAIN = re.compile(
    r"^(?:尚有|还有|剩余|其余|另有|未完成|未整改|仍有|未使用|尚未使用|未支出|结余|余额)(?:的)?(?:资金|问题|金额)?[为是:共]{0,2}$"
)
_SPENT = re.compile("支出|执行|使用|支付|已支|列支|花费")
_HAD = re.compile("预算|到位|下达|安排|资金|收入|拨付|总投资")
_DONE = re.compile(r"^(?:[^未]{0,10})(?:已|实际|累计)?(?:完成整改|整改到位|完成|整改|使用|支出|支付)[^未]{0,4}$")
_RATE = re.compile(r"(?:整改|完成|执行|支出|使用|支付)(?:完成)?(?:率|进度)(?:仅|约)?[为是:达到]{0,3}\s*$")


def balances(document: Document) -> Iterator[Finding]:
    """Every rest that is not the difference, and every rate that what was used and the rest do not make."""
    words = known(document)
    for paragraph in document.paragraphs:
        text = closed(paragraph.text)
        if paragraph.contents or len(text) > MAX_SENTENCE or "分别" in text:
            continue
        found = numbers(text)
        amounts = amounts_in(text, found)
        yield from _left(amounts, paragraph.spot, words)
        yield from _rated(text, found, amounts, (paragraph.spot, words))


def _left(amounts: Sequence[Amount], spot: Spot, words: Known) -> Iterator[Finding]:
    """“预算500万元,支出450万元,结余50万元”: the difference of two of the amounts before it."""
    rests = [n for n, a in enumerate(amounts) if _LEFT.search(a.label) and a.unit in SCALE]
    if len(rests) != 1:
        return
    rest, before = amounts[rests[0]], [a for a in amounts[: rests[0]] if a.unit in SCALE]
    spent = [a for a in before if _SPENT.search(a.label)]
    had = [a for a in before if _HAD.search(a.label) and a not in spent]
    if len(spent) != 1 or not had or any(a.rough for a in (rest, *before)):
        return
    for whole in [h.value for h in had] + [sum((h.value for h in had), Fraction(0))]:
        if abs(whole - spent[0].value - rest.value) <= rest.half + spent[0].half + sum(h.half for h in had):
            return
    exact = had[-1].value - spent[0].value
    step = SCALE[rest.unit]
    expected = f"{text_of(exact / step, 6)}{rest.unit}"
    wrong = finding("money_sum", spot, "结余", rest, expected, f"{had[-1]}-{spent[0]}")
    told = len(before) == len(had) + len(spent) and words.plain("".join(a.label for a in (*before, rest)))
    yield when(told, wrong)


def _rated(
    text: str, found: Sequence[Found], amounts: Sequence[Amount], around: tuple[Spot, Known]
) -> Iterator[Finding]:
    """“已完成整改4个,整改完成率40%,尚有6个正在整改”: nothing else of the kind stands there, so the two are the whole."""
    rates = [f for f in found if f.number.percent and _RATE.search(text[: f.start])]
    rests = [a for a in amounts if _REMAIN.search(a.label)]
    if len(rates) != 1 or len(rests) != 1:
        return
    [rate], [rest] = rates, rests
    same = [a for a in amounts if a.kind == rest.kind and a is not rest]
    if len(same) != 1 or not _DONE.search(same[0].label) or rest.rough or same[0].rough or same[0].start > rest.start:
        return
    [done] = same
    whole = done.value + rest.value
    if whole and not is_quotient(rate.number, done.value, whole, (done.half, done.half + rest.half)):
        shown = f"{text_of(done.value / whole * 100, max(rate.number.places, 2))}%"
        spot, words = around
        wrong = finding("text_rate", spot, "完成比例", rate.number, shown, f"{done}÷({done}+{rest})")
        yield when(words.one_thing(done.label), wrong)
