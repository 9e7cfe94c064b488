"""Growth told in sentences: “由上年的100元提高到120元,增加20元,增长20%”, “支出13万元,上年为14万元,减少1万元”.

Read only where the sentence names both numbers as the same thing in two years, and the clauses right behind them say how far
the one moved from the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.findings import Finding, finding, when
from workbench.reports.checking.language.amounts import SCALE, Amount, amounts_in, is_quotient
from workbench.reports.checking.language.known import known
from workbench.reports.checking.language.numbers import closed, numbers, short, text_of
from workbench.reports.checking.language.phrases import MAX_SENTENCE

_UP_OR_DOWN = r"提高|增加|增长|上升|提升|扩大|调增|下降|降低|减少|缩减|压减|下调|调减|降|升|增|减"
_TO = re.compile(rf"[^,，;；。\d]{{0,8}}(?:{_UP_OR_DOWN})(?:到|至|为)了?[^,，;；。\d]{{0,8}}")
_FROM = re.compile(r"(?:由|从)[^,，;；由从]{0,24}$")
_BEFORE = re.compile(r"上一?年|去年|上年同期|同期|20\d\d年")
_THEN = re.compile(r"\s*[,，;；(。]\s*(?:而|较)?(?:上一?年度?|去年|20\d\d年度?)(?:同期)?[^\d,，;；。]{0,14}")
_MOVED = re.compile(
    rf"\s*[,，;；(、]?\s*(?:两年|二者|两者|同比|环比|较|比|与|去年|上一?年度?|20\d\d年度?|同期|相比|的|实际|年度?|共|净|分别)*"
    rf"(?:{_UP_OR_DOWN}|相差|增幅|降幅|增长率|下降率|增减率|增速)(?:了|幅度|比例|率|额|数|分值|为|达到?|约|共|:)*\s*(?=[\d-])"
)
_YEAR = r"20\d\d年(?:度)?"
_SIDE_BY_SIDE = re.compile(r"(?P<one>20\d\d)年(?:度)?[、和及与](?P<two>20\d\d)年(?:度)?[^\d,，。;；]{0,20}分别为?\s*$")
_NOW = re.compile("本年|当年|今年")
_NEXT = re.compile(r"\s*[,，;；]\s*[^\d,，;；。]{0,20}")
_RATHER = re.compile(rf"(?:/[\u4e00-\u9fff]{{1,4}})?\s*[,，(]\s*(?:较|比|与)\s*(?:上一?年度?|去年|{_YEAR})的?\s*")
_TAIL = re.compile("的|[为是:达到共约仅只有计]+$|20\\d\\d年度?|上一?年度?|去年|本年度?|当年|个|同期|年度")
_THEN_OR_NOW = re.compile(
    rf"上一?年度?|去年|上年同期|本年度?|当年|今年|同期|由|从|而|较|比|(?:{_UP_OR_DOWN})(?:到|至|为)?了?"
)
"""What a label says of the year and the direction, and not of the thing."""
_MOVING = re.compile(rf"(?:{_UP_OR_DOWN})(?:了|约)?$")
"""A number that says by how much, no level of anything."""
_TWO = 2
_LEAST = 2
"""Characters two labels must share to be of the same thing."""


def growth(document: Document) -> Iterator[Finding]:
    """Every growth that is not the one between its two numbers."""
    words = known(document)
    for paragraph in document.paragraphs:
        text = closed(paragraph.text)
        if not paragraph.contents and len(text) <= MAX_SENTENCE:
            amounts = amounts_in(text)
            for n, other in enumerate(amounts[1:], 1):
                pair = _pair(text, amounts[:n], other)
                if pair is not None:
                    sure = words.one_thing(*(_THEN_OR_NOW.sub("", _thing(a)) for a in pair))
                    yield from (when(sure, f) for f in _moves(text, pair, amounts[n + 1 :], paragraph.spot))


def _pair(text: str, before: Sequence[Amount], last: Amount) -> tuple[Amount, Amount] | None:
    """The number of the year before and that of the year after, the second of which is ``last``; or the other way round."""
    one = before[-1]
    between = text[one.end : last.start]
    if one.kind == last.kind and not (one.rough or last.rough):
        if _TO.fullmatch(between) and _FROM.search(text[: one.start]):
            return one, last
        if (years := _SIDE_BY_SIDE.search(text[: one.start])) and re.fullmatch(r"\s*[、,，和及与]\s*", between):
            return (one, last) if years["one"] < years["two"] else None
        if _RATHER.fullmatch(between) and not _MOVING.search(one.label):
            return last, one
        if _NEXT.fullmatch(between) and _BEFORE.search(one.label) and _is_next(one, last) and _same(one, last):
            return one, last
        if _THEN.fullmatch(between) and not _BEFORE.search(one.label.removeprefix("20")[4:]) and _same(one, last):
            return _in_order(one, last)
    if _BEFORE.search(last.label) and last.unit == "分":
        for other in reversed(before):
            if other.kind == last.kind and _thing(other).endswith(_thing(last)) and len(_thing(last)) > _LEAST:
                return _in_order(other, last)
    return None


def _is_next(one: Amount, last: Amount) -> bool:
    """Whether the second number is of this year, or of a later one than the first."""
    return bool(_NOW.search(last.label)) or bool(_year(one) and _year(one) < _year(last))


def _in_order(first: Amount, second: Amount) -> tuple[Amount, Amount]:
    """The year before, then the year after: the second number is of the year before, unless their years say otherwise."""
    earlier = bool(_year(first)) and _year(first) < _year(second)
    return (first, second) if earlier else (second, first)


def _year(amount: Amount) -> str:
    match = re.search(r"20\d\d(?=年)", amount.label)
    return match[0] if match else ""


def _same(one: Amount, other: Amount) -> bool:
    """Whether the second number's words name nothing else than the first's."""
    return not _thing(other) or _thing(other) in _thing(one) or _thing(one).endswith(_thing(other))


def _thing(amount: Amount) -> str:
    return _TAIL.sub("", re.sub(r"\s", "", amount.label))


def _moves(text: str, pair: tuple[Amount, Amount], rest: Sequence[Amount], spot: Spot) -> Iterator[Finding]:
    """The clauses right behind: by how much, by how many percent."""
    then, now = pair
    at = max(then.end, now.end)
    moved, half = abs(now.value - then.value), now.half + then.half
    told = set(re.findall(r"20\d\d", re.split("[。；;]", text[:at])[-1]))
    while (match := _MOVED.match(text, at)) is not None:
        years = set(re.findall(r"20\d\d(?=年)", match[0]))
        if years and (not years <= told or len(told) > _TWO):
            return  # against another year
        number = numbers(text[match.end() : match.end() + 24])[0]
        at = match.end() + number.end
        amount = next((a for a in rest if a.start == match.end() + number.start), None)
        if number.number.percent:
            stated = abs(number.number)
            if then.value and not is_quotient(stated, moved, then.value, (half, Fraction(0))):
                shown = f"{text_of(moved / then.value * 100, max(stated.places, 2))}%"
                yield finding("text_rate", spot, "增减幅度", number.number, shown, f"({now}与{then}之差)÷{then}")
        elif amount is not None and amount.kind == now.kind:
            at = amount.end
            if abs(abs(amount.value) - moved) > half + amount.half:
                step = SCALE.get(amount.unit, Fraction(1))
                shown = f"{short(moved / step, 4)}{amount.unit}"
                yield finding("text_difference", spot, "增减数", amount, shown, f"{now}与{then}之差")
        else:
            return
