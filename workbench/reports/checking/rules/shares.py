"""Shares in sentences: “财政出资占比33.5%”, “占到位资金的90.15%”, “分别占30%、70%”, “完成计划的108%”.

As with other rates, a share is wrong only when nothing around it gives it: every amount of its paragraph, and the sum of the
amounts listed, may be the whole it is of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.findings import Finding, finding, when
from workbench.reports.checking.language.amounts import SCALE, Amount, amounts_in, is_quotient
from workbench.reports.checking.language.known import Known, known
from workbench.reports.checking.language.numbers import Found, closed, numbers, text_of
from workbench.reports.checking.language.phrases import MAX_SENTENCE

_CLAUSE = re.compile(r"[,，;；。、(]")
_SHARE = re.compile(
    r"(?P<part>[^占]{0,16})占(?P<base>[^,，;；。、%占]{0,16}?)(?:的)?(?:比例|比重|份额|比)?(?:约)?(?:为|是|达到?|:)*\s*$"
)
_PLAN = re.compile(r"完成(?:了)?(?:年度|全年|年初|既定)?(?:计划|目标|任务)(?:数|量|总量|任务)?的\s*$")
_OTHER_YEAR = re.compile(r"上一?年|去年|同期|20\d\d|全省|全市|全县|全国|平均|约|目标|标准|要求|不低于|不高于|应")
_PLAIN = re.compile(r"的|其中|项目|资金|经费|总额|金额|总|全部|整个|合计|数|其|该|本|为|共|约|[\s:“”\"]")
_SPREAD = re.compile(r"分别占[^,，;；。\d%]{0,14}?(?:的)?(?:比例|比重)?(?:为)?\s*$")
_LISTED = re.compile(r"(?:的?项目|单位)?\s*[、,，和及;；]\s*[\u4e00-\u9fff“”\"]{0,18}[为是共:]?\s*")
_OF = re.compile(r"(?:计划|应|目标|任务)")
_DONE = re.compile(r"实际|已|完成|累计")


def shares(document: Document) -> Iterator[Finding]:
    """Every share that no amounts of its paragraph give."""
    words = known(document)
    for paragraph in document.paragraphs:
        text = closed(paragraph.text)
        if paragraph.contents or len(text) > MAX_SENTENCE or "%" not in text:
            continue
        found = numbers(text)
        amounts = amounts_in(text, found)
        percents = [f for f in found if f.number.percent]
        yield from _respectively(text, percents, amounts, paragraph.spot)
        for percent in percents:
            clause = _CLAUSE.split(text[: percent.start])[-1]
            if (match := _SHARE.search(clause)) and "分别" not in clause and not _OTHER_YEAR.search(clause):
                yield from _share(text, percent, match, amounts, (paragraph.spot, words))
            elif _PLAN.search(clause) and not _OTHER_YEAR.search(clause):
                yield from _of_plan(percent, amounts, (paragraph.spot, words))


def _share(
    text: str, percent: Found, match: re.Match[str], amounts: Sequence[Amount], around: tuple[Spot, Known]
) -> Iterator[Finding]:
    """A share is certain where its words name the whole, in words that are known, and one amount only is called so."""
    spot, words = around
    before = [a for a in amounts if a.end <= percent.start]
    part = _part(text, percent.start - len(match[0]), match["part"], before)
    base = _PLAIN.sub("", match["base"])
    if part is None or part.rough or numbers(match["base"]):
        return
    others = [a for a in amounts if a.kind == part.kind and a is not part and not a.rough]
    named = [a for a in before if base and base in a.label and a in others]
    listed = _list_with(text, part, amounts)
    # “占项目资金的比例” names no other amount: whatever stands around may be the whole.
    if named or (not base and others):
        only = len({a.value for a in named}) == 1 and words.one_thing(base, *(a.label for a in named))
        only = only or (not named and _make_whole(text, listed, [a for a in others if a not in listed]))
        for found in _held(percent, part, [*named, *others], [] if named else listed, spot):
            yield when(only, found)


def _make_whole(text: str, listed: Sequence[Amount], others: Sequence[Amount]) -> bool:
    """Whether a list is all there is: it says so, or adds up to the only other amount, or to the first of its own."""
    if len(listed) > 1 and re.match(r"\s*(?:构成|组成)", text[listed[-1].end :]):
        return True
    wholes = {a.value for a in others}
    whole = listed[0].value if listed and not wholes else wholes.pop() if len(wholes) == 1 else None
    parts = listed if others else listed[1:]
    return len(parts) > 1 and whole == sum((a.value for a in parts), Fraction(0))


def _part(text: str, start: int, words: str, before: Sequence[Amount]) -> Amount | None:
    """What the share is of: the only amount its clause names, else the amount right before."""
    name = _PLAIN.sub("", words)
    if name:
        found = [a for a in before if name in _PLAIN.sub("", a.label)]
        return found[0] if len({a.value for a in found}) == 1 else None
    last = before[-1] if before else None
    if (
        last is None
        or not re.fullmatch(r"\s*[,，、(;；]?\s*", text[last.end : start])
        or words.strip() not in ("", "约")
    ):
        return None
    return last


def _list_with(text: str, part: Amount, amounts: Sequence[Amount]) -> list[Amount]:
    """The amounts of the list a part stands in."""
    same = [a for a in amounts if a.kind == part.kind]
    runs: list[list[Amount]] = [same[:1]]
    for one, other in pairwise(same):
        joined = _LISTED.fullmatch(re.sub(r"[,，]?占[^,，;；、]*?\d+(?:\.\d+)?%", "", text[one.end : other.start]))
        if joined:
            runs[-1].append(other)
        else:
            runs.append([other])
    return next((run for run in runs if part in run), [])


def _held(
    percent: Found, part: Amount, bases: Sequence[Amount], listed: Sequence[Amount], spot: Spot
) -> Iterator[Finding]:
    wholes = [(b.value, b.half) for b in bases]
    if len(listed) > 1:
        wholes.append((sum((a.value for a in listed), Fraction(0)), sum((a.half for a in listed), Fraction(0))))
    wholes = [(value, half) for value, half in wholes if value]
    if any(v >= part.value for v, _ in wholes) and not any(
        is_quotient(percent.number, part.value, v, (part.half, h)) for v, h in wholes
    ):
        value, whole = _likeliest(part, bases, listed)
        yield finding("text_rate", spot, "占比", percent.number, _shown(part.value / value, percent), f"{part}÷{whole}")


def _likeliest(part: Amount, bases: Sequence[Amount], listed: Sequence[Amount]) -> tuple[Fraction, str]:
    """What the share is told to be of: the amount its words name, the whole that heads a list, else the list together."""
    listed = listed if len(listed) > 1 else []
    total = sum((a.value for a in listed), Fraction(0))
    heads = [a for a in listed if a is not part and 2 * a.value >= total]
    base = next((b for b in [*heads, *([] if listed else bases)] if b.value >= part.value), None)
    if base is not None:
        return base.value, str(base)
    value = total or max(b.value for b in bases)
    step = SCALE.get(part.unit, Fraction(1))
    return value, f"{text_of(value / step, 6)}{part.unit}" if listed else text_of(value)


def _shown(exact: Fraction, percent: Found) -> str:
    return f"{text_of(exact * 100, max(percent.number.places, 2))}%"


def _respectively(text: str, percents: Sequence[Found], amounts: Sequence[Amount], spot: Spot) -> Iterator[Finding]:
    """“中央441万元、省级660万元、县级695万元,分别占24.55%、36.74%、38.70%”."""
    for n, first in enumerate(percents):
        if not _SPREAD.search(text[: first.start]):
            continue
        run = [first]
        for other in percents[n + 1 :]:
            if not re.fullmatch(r"\s*[、,，和及]\s*", text[run[-1].end : other.start]):
                break
            run.append(other)
        before = [a for a in amounts if a.end <= first.start]
        parts = before[-len(run) :]
        if len(run) < 2 or len(parts) != len(run) or len({p.kind for p in parts}) != 1 or any(p.rough for p in parts):
            return
        bases = [a for a in amounts if a.kind == parts[0].kind and a not in parts]
        for percent, part in zip(run, parts, strict=True):
            yield from _held(percent, part, bases, parts, spot)


def _of_plan(percent: Found, amounts: Sequence[Amount], around: tuple[Spot, Known]) -> Iterator[Finding]:
    """“计划铺设管网30公里,实际铺设36公里,完成计划的120%”: the two amounts right before."""
    before = [a for a in amounts if a.end <= percent.start][-2:]
    if len(before) == 2 and before[0].kind == before[1].kind and not any(a.rough for a in before):
        base, top = before
        fits = base.value and is_quotient(percent.number, top.value, base.value, (top.half, base.half))
        if _OF.search(base.label) and _DONE.search(top.label) and base.value and not fits:
            (spot, words), how = around, f"{top}÷{base}"
            shown = _shown(top.value / base.value, percent)
            wrong = finding("text_rate", spot, "完成计划", percent.number, shown, how)
            yield when(words.one_thing(base.label, top.label), wrong)
