"""What a report says of a single indicator, wherever a text begins with its name: what it reached, its points, what it lost.

“预算执行率79.27%,得10×79.27%=7.93分（失2.07分）”, “失分的指标为预算执行率（2.07分）”, “预算执行率(EXEC)失2.07分”.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workbench.reports.checking.document.model import Spot
from workbench.reports.checking.language.numbers import Number, measure, numbers
from workbench.reports.checking.language.words import tight
from workbench.reports.checking.statements.facts import Fact, What

_N = r"\d+(?:\.\d+)?"
_NOTE = r"(?:[(][^()]{0,20}[)])?"
_BEGIN = r"(?:^|(?<=[。;；:：、,，]))(?:[(]?[一二三四五六七八九十\d]{1,3}[)、.])?"
_DONE = re.compile(rf"(?P<value>{_N}%?[^\d,，、;；(（。%]{{0,6}})(?=[,，])")
_TARGET = re.compile(rf"目标值?[为是:]?(?P<value>[≥≤=]?{_N}%?[^\d,，、;；(（。%]{{0,6}})(?=[,，;；(（。]|$)")
_FULL = re.compile(rf"得满分(?P<value>{_N})分")
_POINTS = re.compile(rf"[,，](?:实际?)?得分?为?(?:[^,，;；。=得]{{1,60}}=)?(?P<value>{_N})分(?![/\d])")
_ADJUSTED = re.compile(rf"由{_N}分?调整为(?P<value>{_N})分")
"""What experts made of the points told before: these stand, those were only computed."""
_SHORT = re.compile(rf"[(,，]共?(?:失|失分|扣|扣分|扣减)为?(?P<value>{_N})分")
_LIST = re.compile(r"失分[^。;；:：]{0,8}指标(?:为|有|是|包括|:)+(?P<rest>[^。]*)")
_RULE = re.compile("每|若|如|否则|不得分|扣完|最多|酌情|以上|以下|上年|同期|自评|专家|公布|原评价|约")
"""A scoring rule, another year's or somebody else's points."""


class IndicatorReader:
    """Reads texts with the names of the report's indicators in mind; a note in brackets behind a name may be left out."""

    def __init__(self, names: Iterable[str]) -> None:
        self._items: dict[str, str] = {}
        wanted = sorted({n for n in names if len(n) >= 3})
        for name in wanted:
            self._items.setdefault(re.sub(r"[(][^()]*[)]$", "", name), name)
        self._items |= {name: name for name in wanted}
        longest = sorted(self._items, key=lambda n: (-len(n), n))
        choice = "|".join(map(re.escape, longest)) or "(?!)"
        self._names = re.compile(choice)
        self._start = re.compile(rf"{_BEGIN}(?P<name>{choice}){_NOTE}")
        self._direct = re.compile(rf"(?P<name>{choice}){_NOTE}共?(?:失|失分|扣|扣分)为?(?P<value>{_N})分")
        self._listed = re.compile(rf"(?:^|[、,，])(?P<name>{choice})[(](?P<value>{_N})分[)]")

    def read(self, text: str, spot: Spot, subject: str | None = None) -> Iterator[Fact]:
        """The facts of a paragraph or of a cell."""
        for whole in re.split("[。\n]", tight(text.replace("\n", "。"))):
            adjusted = _ADJUSTED.search(whole)
            stands = None if adjusted is None else _number(adjusted["value"])
            for sentence in re.split("[;；]", whole):
                if len(sentence) < 600 and not _RULE.search(self._names.sub("", sentence)):
                    for item, what, number in self._sentence(sentence):
                        found = stands if stands is not None and what == "points" else number
                        yield Fact(self._items[item], what, found, spot, "", subject)

    def _sentence(self, sentence: str) -> Iterator[tuple[str, What, Number]]:
        lists = _LIST.search(sentence)
        if lists is not None:
            for match in self._listed.finditer(lists["rest"]):
                yield match["name"], "short", _number(match["value"])
            return
        begins = list(self._start.finditer(sentence))
        direct = list(self._direct.finditer(sentence))
        if len(direct) == 1:
            yield direct[0]["name"], "short", _number(direct[0]["value"])
        elif len({b["name"] for b in begins}) == 1 and not direct:
            # A heading may repeat the name: “7.验收合格率:验收合格率98%,…”.
            yield from _of(begins[-1]["name"], sentence[begins[-1].end() :])


def _of(name: str, rest: str) -> Iterator[tuple[str, What, Number]]:
    """What follows the name of the only indicator a sentence begins with."""
    done, targets = _DONE.match(rest), list(_TARGET.finditer(rest))
    if done is not None and not done["value"].endswith("分"):
        yield from _measured(name, "done", done["value"])
    if len(targets) == 1:
        yield from _measured(name, "target", targets[0]["value"])
    full, points, short = (list(p.finditer(rest)) for p in (_FULL, _POINTS, _SHORT))
    if len(full) == 1 and not points:
        yield name, "points", _number(full[0]["value"])
        yield name, "weight", _number(full[0]["value"])
    elif len(points) == 1 and not full:
        yield name, "points", _number(points[0]["value"])
    if len(short) == 1:
        yield name, "short", _number(short[0]["value"])


def _measured(name: str, what: What, text: str) -> Iterator[tuple[str, What, Number]]:
    number = measure(text)
    if number is not None:
        yield name, what, number


def _number(text: str) -> Number:
    return numbers(text)[0].number
