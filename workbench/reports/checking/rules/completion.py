"""完成率 of what was planned: “改造小区完成20个(计划21个),完成率95.24%”, “年初设定2.4万亩,年末达到2.4万亩,完成目标的100%”.

Read only where the clauses around the rate give one number that is planned and one of the same unit that was reached.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.findings import Finding, finding, when
from workbench.reports.checking.language.amounts import SCALE, Amount, amounts_in, is_quotient
from workbench.reports.checking.language.known import Known, known, stretch
from workbench.reports.checking.language.numbers import Found, closed, numbers, text_of
from workbench.reports.checking.language.phrases import MAX_SENTENCE, SENTENCE

_RATE = re.compile(
    r"(?:完成(?:率|比例|程度)|完成(?:了)?(?:年度|全年|年初|既定)?(?:计划|目标|任务)(?:数|量|值)?的)[为是:达到]{0,3}\s*$"
)
_PLAN = re.compile("计划|目标|设定|任务")
_DONE = re.compile("完成|实际|达到|实现|建成")
_NOT = re.compile("成本|费用|时间|天数|上年|去年|累计|其中|分别|剩余|未完成|超|约|预计|截至|月|整改")
"""What is better when less, and what is of a part or of another year."""


def completions(document: Document) -> Iterator[Finding]:
    """Every 完成率 that is not what was reached of what was planned."""
    words = known(document)
    for paragraph in document.paragraphs:
        if paragraph.contents:
            continue
        for match in SENTENCE.finditer(closed(paragraph.text)):
            if len(match[0]) <= MAX_SENTENCE and not _NOT.search(match[0]):
                found = numbers(match[0])
                yield from _rate(match[0], found, amounts_in(match[0], found), (paragraph.spot, words))


def _rate(
    sentence: str, found: Sequence[Found], amounts: Sequence[Amount], around: tuple[Spot, Known]
) -> Iterator[Finding]:
    rates = [f for f in found if f.number.percent]
    if len(rates) != 1 or not _RATE.search(sentence[: rates[0].start]) or len(amounts) != 2:
        return
    [rate], before = rates, [a for a in amounts if a.end <= rates[0].start]
    plans = [a for a in before if _PLAN.search(a.label)]
    done = [a for a in before if _DONE.search(a.label) and a not in plans]
    if len(plans) != 1 or len(done) != 1:
        return
    [plan], [reached] = plans, done
    if plan.kind != reached.kind or plan.rough or reached.rough or not plan.value or plan.unit in SCALE:
        return
    if not is_quotient(rate.number, reached.value, plan.value, (reached.half, plan.half)):
        shown = f"{text_of(reached.value / plan.value * 100, max(rate.number.places, 2))}%"
        spot, words = around
        wrong = finding("text_rate", spot, "完成率", rate.number, shown, f"{reached}÷{plan}")
        yield when(words.one_thing(plan.label, reached.label, stretch(sentence, rate.start, rate.start)), wrong)
