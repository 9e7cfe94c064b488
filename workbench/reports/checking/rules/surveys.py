"""Questionnaires in sentences: 收回 less 无效 is 有效, 线上 and 线下 make 共计, those who are 满意 of the 有效 make the 满意度.

Read only where the sentence gives each of the numbers once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.findings import Finding, finding, when
from workbench.reports.checking.language.amounts import Amount, amounts_in, is_quotient
from workbench.reports.checking.language.known import known
from workbench.reports.checking.language.numbers import closed, numbers, short, text_of
from workbench.reports.checking.language.phrases import FULL_STOP, MAX_SENTENCE

_BACK = re.compile(r"(?:回收|收回|返回|收到)(?:了|到|调查|问卷|[为是:共计])*$")
_INVALID = re.compile(r"(?:无效|废)(?:调查|问卷|样本|卷|[为是:共计])*$")
_VALID = re.compile(r"^(?!.*无效).*有效(?:调查|问卷|样本|[为是:共计])*$")
_ONLINE = re.compile("线上|网络|电子")
_OFFLINE = re.compile("线下|现场|纸质|入户")
_TOGETHER = re.compile(r"^\s*(?:共计|合计|总计|共)(?:收回|回收|问卷|[为是:])*$")
_PLEASED = re.compile(r"^(?!.*(?:不满意|不太满意)).*满意(?:及以上|以上)(?:的|问卷|受访者|人数|[为是:共计有])*$")
_RATE = re.compile(r"满意(?:度|率)[为是:达到]{0,3}\s*$")
_OTHER = re.compile("平均|加权|综合|目标|上年|其中|另|分别")


def surveys(document: Document) -> Iterator[Finding]:
    """Every number of questionnaires that the others of its sentence contradict."""
    words = known(document)
    for paragraph in document.paragraphs:
        if paragraph.contents:
            continue
        for match in FULL_STOP.finditer(closed(paragraph.text)):
            if len(match[0]) <= MAX_SENTENCE and re.search("问卷|样本|满意", match[0]):
                amounts = [a for a in amounts_in(match[0]) if a.kind in ("份", "人", "户") and not a.rough]
                sure = words.plain("".join(a.label for a in amounts).replace("其中", ""))
                for rule in (_left, _together, partial(_pleased, match[0])):
                    yield from (when(sure, f) for f in rule(amounts, paragraph.spot))


def _only(amounts: Sequence[Amount], pattern: re.Pattern[str]) -> Amount | None:
    found = [a for a in amounts if pattern.search(a.label)]
    return found[0] if len(found) == 1 else None


def _left(amounts: Sequence[Amount], spot: Spot) -> Iterator[Finding]:
    """“收回486份,剔除无效问卷10份后,有效问卷476份”."""
    back, invalid, valid = (_only(amounts, p) for p in (_BACK, _INVALID, _VALID))
    if back is None or invalid is None or valid is None or len({a.kind for a in (back, invalid, valid)}) != 1:
        return
    exact = back.value - invalid.value
    between = [a for a in amounts if back.start < a.start < valid.start]
    if valid.value != exact and between == [invalid]:
        yield finding("text_difference", spot, "有效问卷", valid, f"{short(exact, 2)}{valid.unit}", f"{back}-{invalid}")


def _together(amounts: Sequence[Amount], spot: Spot) -> Iterator[Finding]:
    """“线上收回95份、线下收回192份,共计287份”: the three right behind one another."""
    for one, other, whole in zip(amounts, amounts[1:], amounts[2:], strict=False):
        two = {bool(_ONLINE.search(a.label)) - bool(_OFFLINE.search(a.label)) for a in (one, other)}
        if two == {1, -1} and _TOGETHER.search(whole.label) and one.kind == other.kind == whole.kind:
            exact = one.value + other.value
            if whole.value != exact:
                yield finding(
                    "count",
                    spot,
                    "线上线下合计",
                    whole,
                    f"{short(exact, 2)}{whole.unit}",
                    f"{one}+{other}",
                )


def _pleased(sentence: str, amounts: Sequence[Amount], spot: Spot) -> Iterator[Finding]:
    """“有效问卷279份,表示满意及以上的238份,满意度85.30%”."""
    rates = [f for f in numbers(sentence) if f.number.percent and _RATE.search(sentence[: f.start])]
    valid, pleased = _only(amounts, _VALID), _only(amounts, _PLEASED)
    if len(rates) != 1 or valid is None or pleased is None or _OTHER.search(sentence[pleased.end : rates[0].start]):
        return
    fits = is_quotient(rates[0].number, pleased.value, valid.value, (pleased.half, valid.half)) if valid.value else True
    if not fits and valid.kind == pleased.kind and rates[0].start > pleased.end:
        shown = f"{text_of(pleased.value / valid.value * 100, max(rates[0].number.places, 2))}%"
        yield finding("text_rate", spot, "满意度", rates[0].number, shown, f"{pleased}÷{valid}")
