"""Scores that sentences relate to one another: 较上年提高, 核减, 共扣, 平均, 基础分 with 加分 and 扣分, levels and their total.

Each relation is read where the sentence itself names both sides, or where the report states the other side once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from workbench.reports.checking.document.model import Document, Paragraph, Spot
from workbench.reports.checking.findings import Finding, finding, when
from workbench.reports.checking.language.known import Known, known
from workbench.reports.checking.language.numbers import Number, chinese, closed, numbers, says, text_of
from workbench.reports.checking.language.phrases import BEFORE, MAX_SENTENCE, SENTENCE, WHO, normal
from workbench.reports.checking.language.words import LEVEL_NAMES
from workbench.reports.checking.statements.facts import TOTAL, Fact

_N = r"\d{1,3}(?:\.\d+)?"
_UP = "提高|提升|增加|增长|上升|升高|调增|核增|高|多"
_DOWN = "下降|降低|减少|降|低|少|核减|调减"
_COMPARED = re.compile(
    rf"(?:较|比|与|同|和|低于|高于|相较于?|相比于?)\s*(?:(?P<when>上一?年|去年|前一年|20\d\d年)(?:年?度)?|(?P<who>{WHO}))"
    rf"(?:综合|评价|总|绩效|的|结果|得分|评分|总分|分数|为|:)*\s*[(]?(?P<other>{_N})?(?:分[)]?)?(?:相比|相较|的)?[,，]?"
    rf"(?:综合|评价|总|绩效|得分|总分|分数)*(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:了|出)?\s*(?P<moved>{_N})\s*个?分(?!点)"
)
_CUT = re.compile(
    rf"(?P<way>核减|调减|核增|调增|相差|差距|分差|同比(?:提高|增长|增加|上升|下降|降低|减少))(?:了|得分|分数|分值|共|合计|为|:)*\s*(?P<moved>{_N})\s*分"
)
_TWO_AND_THEIR_DIFFERENCE = re.compile(
    rf"(?P<one>{WHO})(?:得分|评分|为|是|得|:)*\s*(?P<first>{_N})\s*分\s*[,，、;；]\s*(?P<other>{WHO})(?:得分|评分|为|是|得|:)*\s*(?P<second>{_N})\s*分\s*"
    rf"[,，、;；(]\s*(?:[两二]者)?(?:分差|相差|差距|差异|差)(?:为|是|达|:)*\s*(?P<moved>{_N})\s*分"
)
_LOST = re.compile(rf"(?:共计?|合计|累计|总共|一共|总计)(?:扣除?|失|扣减)(?:去|掉|了|分|为|:)*\s*(?P<lost>{_N})\s*分")
_LOST_OF_ALL = re.compile("(?:(?:综上|总体|本次评价|评价)[,，]?)?[本该]?项目(?:评价|绩效评价)?")
"""Before points lost that are those of the whole, wherever the total stands."""
_LOST_BEGINS = re.compile(r"(?:综上|总体|本次评价|评价|项目|其中)?[,，]?(?:该|本)?(?:项目)?$")
_MEAN = re.compile(rf"(?:平均|均)(?:得?分|值|为|是|:|分数|评分)*\s*(?P<mean>{_N})\s*分")
_LISTED = re.compile(rf"(?P<number>{_N})\s*分")
_NO_MEAN = re.compile("去掉|加权|剔除|至|之间|等|最高|最低|权重|全省|全市|全县|上年|[-~—]")
_BASE = re.compile(rf"(?:基础|基本)(?:得)?分(?:得分|为|是|合计|小计|:)*\s*(?P<points>{_N})\s*分")
_BONUS = re.compile(rf"(?:加分项?|附加分|奖励分)(?:得分|加分|得|加|为|共|合计|:)*\s*(?P<points>{_N})\s*分")
_MINUS = re.compile(rf"(?:扣分项?|减分项?|倒扣分?|负面清单)(?:扣分|扣减|扣|减|为|共|合计|:)*\s*-?(?P<points>{_N})\s*分")
_BETWEEN_TWO = re.compile(r"(?:[二两]者|两次|前后|评价|得分|结果|分数|之间|存在|\s)*")
_PLAIN_MEAN = re.compile("算术|年度|最终|专家|得分")
_COUNT = re.compile(r"(?P<n>\d{1,3}|[一二三四五六七八九十]{1,2})(?:[名位家人个所次]|组)")
_FEW = 2


class Totals:
    """What a report says its own total, other years' and other people's totals are; None where it says several.

    Args:
        facts: totals; full: what could be had.
    """

    def __init__(self, facts: Sequence[Fact], full: Decimal) -> None:
        self.full = full
        self._said: dict[tuple[Spot | None, str, str], dict[Decimal, Number]] = {}
        for fact in facts:
            for spot in (fact.spot, None) if fact.subject is None else ():
                self._said.setdefault((spot, fact.who, fact.when), {})[fact.number.value] = fact.number

    def own(self, spot: Spot) -> Number | None:
        """The report's own total: said in that place, else anywhere; where all are dated, the last year's."""
        found = self.at(spot) or self._only(None, "", "")
        years = self._years(spot)
        return found if found is not None or len(years) != _FEW else self._only(spot, "", years[-1])

    def at(self, spot: Spot) -> Number | None:
        """The report's own total in that place."""
        return self._only(spot, "", "")

    def of(self, who: str, when: str, spot: Spot) -> Number | None:
        """Somebody's total, or another year's; “上年” is the only other year there is."""
        found = self._only(spot, who, when) or self._only(None, who, when)
        if found is None and when == BEFORE:
            here, all_ = self._years(spot), self._years(None)
            if len(here) == _FEW and self.at(spot) is None:
                return self._only(spot, who, here[0])
            return self._only(None, who, all_[0]) if len(all_) == 1 else None
        return found

    def here(self, spot: Spot) -> list[Number]:
        """One total of each person and year, of that place."""
        found = [self._only(*key) for key in self._said if key[0] == spot]
        return [n for n in found if n is not None]

    def _years(self, spot: Spot | None) -> list[str]:
        return sorted(when for place, who, when in self._said if place == spot and not who and when.isdecimal())

    def _only(self, spot: Spot | None, who: str, when: str) -> Number | None:
        found = self._said.get((spot, who, when), {})
        return next(iter(found.values())) if len(found) == 1 else None


def related(document: Document, facts: Sequence[Fact], full: Decimal | None, own: str) -> Iterator[Finding]:
    """Every relation between totals that does not hold.

    Args:
        full: the full points of the whole, where the report states other than 100.
        own: whose points the report calls its own.
    """
    totals = Totals([f for f in facts if (f.item, f.what) == (TOTAL, "points") and f.sure], full or Decimal(100))
    words = known(document)
    for paragraph in document.paragraphs:
        if paragraph.contents:
            continue
        for match in SENTENCE.finditer(closed(paragraph.text)):
            if len(match[0]) <= MAX_SENTENCE:
                yield from _compared(match[0], paragraph.spot, totals, own)
                yield from _cut(match[0], paragraph.spot, totals)
                yield from _lost(match[0], paragraph, totals)
                yield from _differing(match[0], paragraph.spot)
                yield from _mean(match[0], paragraph.spot, words)
                yield from _composed(match[0], paragraph.spot, totals)


def _compared(sentence: str, spot: Spot, totals: Totals, own: str) -> Iterator[Finding]:
    for match in _COMPARED.finditer(sentence):
        who = normal(match["who"] or "")
        when = (match["when"] or "").removesuffix("年")
        when = when if when.isdecimal() or not when else BEFORE
        other = _number(match["other"]) if match["other"] else totals.of("" if who == own else who, when, spot)
        mine = totals.own(spot)
        if mine is None or other is None or (who == own and who):
            continue
        exact = mine.value - other.value
        moved = _number(match["moved"])
        if moved.value != (exact if match["up"] else -exact):
            yield _difference(match, exact if match["up"] else -exact, f"{mine}与{other}之差", spot)


def _difference(match: re.Match[str], exact: Decimal, how: str, spot: Spot) -> Finding:
    return finding("difference", spot, f"“{match[0]}”", match["moved"], text_of(exact), how)


def _cut(sentence: str, spot: Spot, totals: Totals) -> Iterator[Finding]:
    """“自评总分92.5分,复核得分89.5分,核减3分”: the only two totals of the place, or one and the report's own."""
    match = _CUT.search(sentence)
    if match is None or "其中" in sentence[: match.start()] or _named(sentence[: match.start()]):
        return
    clause = re.split("[,，]", sentence[: match.start()])[-1]
    if not match["way"].startswith(("核", "调")) and not _BETWEEN_TWO.fullmatch(clause):
        return
    here = totals.here(spot)
    mine = totals.own(spot)
    if len(here) == 1 and totals.at(spot) is None and mine is not None:
        here = [*here, mine]
    if len(here) != _FEW:
        return
    first, second = here
    exact = abs(first.value - second.value)
    if _number(match["moved"]).value != exact:
        yield _difference(match, exact, f"{first}与{second}之差", spot)


def _differing(sentence: str, spot: Spot) -> Iterator[Finding]:
    """“自评91.5分,复核78分,分差13.5分”, whoever it is about."""
    for match in _TWO_AND_THEIR_DIFFERENCE.finditer(sentence):
        first, second = _number(match["first"]), _number(match["second"])
        exact = abs(first.value - second.value)
        if match["one"] != match["other"] and _number(match["moved"]).value != exact:
            yield _difference(match, exact, f"{first}与{second}之差", spot)


def _named(text: str) -> bool:
    """Whether the words name a level or an indicator."""
    return any(name in text for name in (*LEVEL_NAMES, "指标"))


def _lost(sentence: str, paragraph: Paragraph, totals: Totals) -> Iterator[Finding]:
    """“综合得分89.5分…共扣分10.5分”, in a sentence that names nothing else, in a paragraph with the total."""
    match = _LOST.search(sentence)
    if match is None:
        return
    alone = closed(paragraph.text).strip("。 ") == match[0]
    of_all = alone or _LOST_OF_ALL.fullmatch(sentence[: match.start()].strip())
    total = totals.own(paragraph.spot) if of_all else totals.at(paragraph.spot)
    if total is None:
        return
    clause = re.split("[,，]", sentence[: match.start()])[-1]
    if (
        _named(sentence[: match.start()])
        or not _LOST_BEGINS.fullmatch(clause)
        or re.search("加分|倒扣|扣分项", paragraph.text)
    ):
        return
    exact = totals.full - total.value
    if _number(match["lost"]).value != exact:
        wrong = finding(
            "lost", paragraph.spot, f"“{match[0]}”", match["lost"], text_of(exact), f"{totals.full}-{total}"
        )
        # A line of its own may close what is said of one level.
        yield when(not alone, wrong)


def _mean(sentence: str, spot: Spot, words: Known) -> Iterator[Finding]:
    """“甲88分、乙90分、丙90.5分,平均89.5分”: a mean right behind the list it is of."""
    match = _MEAN.search(sentence)
    if match is None or _NO_MEAN.search(sentence):
        return
    parts = [_number(m["number"]) for m in _LISTED.finditer(sentence[: match.start()])]
    gaps = re.split(rf"{_N}\s*分", sentence[: match.start()])[1:-1]
    if len(parts) < _FEW or any(not re.match("[、,，和]", g) or len(g) > 16 for g in gaps):
        return
    exact = Fraction(sum((p.value for p in parts), Decimal(0))) / len(parts)
    stated = _number(match["mean"])
    if not says(stated, exact):
        how = f"({'+'.join(map(str, parts))})÷{len(parts)}"
        wrong = finding("arithmetic", spot, f"“{match[0]}”", stated, text_of(exact), how)
        clause = sentence[: match.start()].rpartition("分")[2]
        yield when(words.plain(_PLAIN_MEAN.sub("", clause)) and _as_many(sentence, len(parts)), wrong)


def _as_many(sentence: str, size: int) -> bool:
    """Whether the sentence counts no other number of things than it lists marks of."""
    counted = [_number(m["n"]).value if m["n"].isdecimal() else chinese(m["n"]) for m in _COUNT.finditer(sentence)]
    return all((n if isinstance(n, Decimal) else n and n.value) == size for n in counted)


def _composed(sentence: str, spot: Spot, totals: Totals) -> Iterator[Finding]:
    """“总得分90.5分,其中:基础得分89.5分,政策加分2分,扣分项扣1分”."""
    found = [list(pattern.finditer(sentence)) for pattern in (_BASE, _BONUS, _MINUS)]
    total = totals.at(spot)
    if total is None or len(found[0]) != 1 or not (found[1] or found[2]) or any(len(f) > 1 for f in found):
        return
    base, bonus, minus = (_number(f[0]["points"]) if f else None for f in found)
    assert base is not None
    exact = base.value + (bonus.value if bonus else 0) - (minus.value if minus else 0)
    if exact != total.value:
        how = f"{base}{f'+{bonus}' if bonus else ''}{f'-{minus}' if minus else ''}={text_of(exact)}"
        yield finding("text_sum", spot, TOTAL, total, text_of(exact), how)


def _number(text: str) -> Number:
    return numbers(text)[0].number
