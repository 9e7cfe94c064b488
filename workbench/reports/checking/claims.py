"""What the words of a report claim: totals, grades, points of levels and indicators, by patterns that leave no doubt.

A sentence is read from left to right: a name (a level, an indicator of the score tables, 综合得分 and the like), then, with
nothing but connecting words between them, 分值, 得分, 得分率 and their numbers. Anything else is not a claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from workbench.reports.checking.bands import LABELS
from workbench.reports.checking.facts import TOTAL, Fact, Graded, What
from workbench.reports.checking.model import Document, Spot
from workbench.reports.checking.numbers import Found, folded, numbers
from workbench.reports.checking.words import LEVEL_NAMES

_SENTENCE = re.compile(r"[^。；;!?！？\n]+")
_WHO = "自评|复核|再评价|原评价|初评|抽查|专家|单位自评|部门评价|财政评价"
_TOTAL = re.compile(
    rf"(?P<who>(?:{_WHO})?)(?:的)?(?P<kind>(?:(?:绩效|项目|综合|总体|整体|最终|评价|总|本次|支出){{0,6}}"
    r"(?:综合|总体|整体|最终|评价|总)(?:得分|评分)|总分|合计|总计|共计))(?:结果|合计|共计|情况)?"
)
_STRONG = re.compile("综合|总得分|总评分|绩效评价|项目.*评价|自评|复核|再评价|原评价")
"""Words for the whole alone; 总分, 最终得分 and 评价得分 are also said of a single indicator."""
_ALONE = re.compile(r"\s*(?:[(]?[一二三四五六七八九十\d]+[)、.])?\s*[^\d,，:]{0,6}:?\s*[\d.]+\s*分?\s*")
_PLAIN_TOTAL = re.compile(rf"(?P<who>(?:{_WHO}))(?P<kind>得分|评分)")
_IS = r"\s*[为是:计达到得“\"]{0,3}\s*"
_WORDS: tuple[tuple[What, str], ...] = (
    ("rate", r"(?:平均|综合)?得分率"),
    ("weight", r"满分(?:分值|值)?|(?:指标|标准)?分值|权重(?:分值|分)?|标准分|(?<=指标)共计?"),
    ("lost", r"(?:共|合计|累计)?(?:扣除?分|失分|扣减|扣)"),
    ("points", r"(?:实际|评价|最终|综合|绩效|实|平均)?得分|得"),
)
_WORD = re.compile("|".join(f"(?P<{what}>(?:{pattern})){_IS}$" for what, pattern in _WORDS))
_AFTER = re.compile(r"\s*分?\s*(?:[(]含[)本\d]|[-~—至]\s*\d|以[上下]|及以[上下]|左右|[(]不含|\s*个百分点|[≤<])")
_BEFORE = re.compile(r"[≥≤<>]\s*$|大于等?于?$|小于等?于?$|超过$|不低于$|低于$|高于$|约$|近$|[-~—至]$")
_NEUTRAL = re.compile(r"\d+\s*[个项条类]|[一二三四五六七八九十]+[个项条类]")
_LIGHT = re.compile(r"[^\d。]{0,14}")
_NAME_AFTER = re.compile(
    r"(?:[一二三四五六]?[个大]?(?:类|个方面)(?:一级)?指标)?(?:类|指标|方面|部分|维度|一级|二级|三级|情况|的)*[”\"》]?\s*(?:[,，:：(（、]|满分|分值|权重|标准分|实际|评价|得|扣|共|合计|总分|总|$|\d)"
)
_NAME_BEFORE = re.compile(r"(?:^|[\s,，、:：(（“\"《.\d)）]|其中|项目|绩效|在|从|为|和|与|及|级指标|指标)$")
_OTHER_TIMES = re.compile(
    r"上年|去年|上一年|往年|历史|同期|平均|全省|全市|全县|上期|前一年|最高|最低|由[^,，]{0,12}(?:变|调|降|升|提)"
)
_GRADE = re.compile(
    rf"(?:等级|级别|等次|评级|评价结果|评价结论|评定结果|结论|评定|被?评为|定为|属于|得分)(?:评定|认定|确定|级别)?(?:结果)?(?:为|是|:|达到|属于|属|列为)*\s*"
    rf"[“\"「『]?(?P<label>{'|'.join(LABELS)})(?=[”\"」』级等档,，。；;、\s(（)）及和并]|$)(?![”\"]?[、/]\s*[“\"]?(?:{'|'.join(LABELS)}))"
)
_SUPPOSED = re.compile("直接(?:评|定|认定)为|一律|凡|(?:存在|出现|发生)[^。]{0,30}的[,，]")
"""What a rule provides for, not what was given."""
_BRACKETED = re.compile(rf"分\s*[(]\s*(?P<label>{'|'.join(LABELS)})\s*(?:等|级|等级)?\s*[)]")


UNNAMED = "该项"
"""What a sentence is about that names nothing: its numbers are held against one another only."""
_SUMS = ("合计", "总计", "共计")
_ONE = re.compile("(?:该|本|此|每)(?:项|类|级|部分)?指标|指标分值")
"""A paragraph about one indicator: its 综合得分 is the indicator's."""
MAX_SENTENCE = 1200
"""A longer stretch without a full stop is no sentence that claims something."""
_LISTED = 3
"""Levels named in one sentence from which their 总分 is that of the whole."""


@dataclass
class Claims:
    """Everything a report's words claim."""

    facts: list[Fact] = field(default_factory=list)
    grades: list[Graded] = field(default_factory=list)
    sentences: list[Sequence[Fact]] = field(default_factory=list)
    """The facts of each sentence that has several, for what must hold among them."""


@dataclass(frozen=True)
class _Mention:
    item: str
    start: int
    end: int
    who: str = ""


class ClaimReader:
    """Reads sentences with the names of a report's own indicators in mind."""

    def __init__(self, names: Iterable[str], subjects: Sequence[str], own_years: set[str]) -> None:
        wanted = {n for n in [*LEVEL_NAMES, *names] if len(n) >= 2}
        longest = sorted(wanted, key=lambda n: (-len(n), n))
        self._names = re.compile("|".join(map(re.escape, longest)))
        self._subjects, self._years = subjects, own_years
        self._dated: dict[int, str] = {}

    def read(self, document: Document) -> Claims:
        """All claims of the paragraphs, and of tables that are pairs of a label and a value."""
        claims = Claims()
        for paragraph in document.paragraphs:
            if not paragraph.contents:
                self.take(paragraph.text, paragraph.spot, claims)
        return claims

    def settled(self, claims: Claims) -> Claims:
        """Without totals and grades of several years, when the report speaks of several."""
        dated = [f for f in claims.facts if f.item == TOTAL and id(f) in self._dated]
        if len({self._dated[id(f)] for f in dated}) > 1:
            claims.facts = [f for f in claims.facts if not (f.item == TOTAL and id(f) in self._dated)]
            spots = {f.spot for f in dated}
            claims.grades = [g for g in claims.grades if g.spot not in spots]
        return claims

    def take(self, text: str, spot: Spot, claims: Claims) -> None:
        """The claims of one paragraph."""
        one = _ONE.search(text)
        for match in _SENTENCE.finditer(folded(text)):
            sentence = match[0]
            if len(sentence) > MAX_SENTENCE:
                continue
            facts = [f for f in self._facts(sentence, spot) if not (one and f.item == TOTAL)]
            claims.facts += [f for f in facts if f.item != UNNAMED]
            claims.grades += self._grades(sentence, spot, facts)
            if len(facts) > 1:
                claims.sentences.append(facts)
            year = re.search(r"20\d\d(?=年)", sentence)
            self._dated |= {id(f): year[0] for f in facts} if year else {}

    def _subject(self, sentence: str) -> str | None:
        named = [s for s in self._subjects if s in sentence]
        return named[0] if len(named) == 1 else None

    def _facts(self, sentence: str, spot: Spot) -> Iterator[Fact]:
        found = [
            f
            for f in numbers(sentence)
            if not _AFTER.match(sentence, f.end) and not _BEFORE.search(sentence, 0, f.start)
        ]
        if not found:
            return
        mentions = self._mentions(sentence)
        subject = self._subject(sentence)
        together = list(_respectively(sentence, mentions, numbers(sentence), spot))
        if together:
            yield from together
            return
        # “得分87.52分,评价等级为良” is about the whole when nothing else is named.
        item = None if mentions else _Mention(TOTAL if _GRADE.search(sentence) else UNNAMED, 0, 0)
        at, last = 0, None
        for number in found:
            before = sentence[at : number.start]
            nearest = next((m for m in reversed(mentions) if at <= m.start and m.end <= number.start), None)
            what = _claimed(before if nearest is None else sentence[nearest.end : number.start], nearest)
            if nearest is not None:
                item = nearest
            if what is None and nearest is not None and _listed_points(sentence, nearest, number, mentions):
                what = "points"
            if what is None and last == "points" and sentence[at : number.start].replace(" ", "") == "分/":
                what = "weight"
            if what is None:
                # A number of something else ends the chain, unless it only counts (下设3个二级指标).
                item = item if _NEUTRAL.match(sentence, number.start) else None
                at = number.end
                continue
            at, last = number.end, what
            if item is not None and self._allowed(sentence, item):
                fact = Fact(item.item, what, number.number, spot, item.who or _whose(before), subject)
                if not _is_full(fact):
                    yield fact
                elif fact.item == TOTAL:
                    yield replace(fact, what="weight")

    def _allowed(self, sentence: str, item: _Mention) -> bool:
        """Not another year's, another place's or a mean: such totals may differ."""
        years = set(re.findall(r"20\d\d(?=年)", sentence))
        return not _OTHER_TIMES.search(sentence) and not (years - self._years)

    def _mentions(self, sentence: str) -> list[_Mention]:
        totals = [_Mention(TOTAL, m.start(), m.end("kind"), m["who"]) for m in _TOTAL.finditer(sentence)]
        totals += [_Mention(TOTAL, m.start(), m.end("kind"), m["who"]) for m in _PLAIN_TOTAL.finditer(sentence)]
        totals = [t for t in totals if _total_stands(sentence, t)]
        taken = [(t.start, t.end) for t in totals]
        names = [
            _Mention(m[0], m.start(), m.end())
            for m in self._names.finditer(sentence)
            if not any(a < m.end() and m.start() < b for a, b in taken)
            and _NAME_BEFORE.search(sentence, 0, m.start())
            and _NAME_AFTER.match(sentence, m.end())
        ]
        sure = [t for t in totals if _is_whole(sentence, t, names)]
        return sorted([*sure, *names], key=lambda m: m.start)

    def _grades(self, sentence: str, spot: Spot, facts: Sequence[Fact]) -> Iterator[Graded]:
        found = {m["label"] for m in _GRADE.finditer(sentence)} | {m["label"] for m in _BRACKETED.finditer(sentence)}
        if (
            len(found) != 1
            or _OTHER_TIMES.search(sentence)
            or _SUPPOSED.search(sentence)
            or set(re.findall(r"20\d\d(?=年)", sentence)) - self._years
        ):
            return
        totals = [f for f in facts if f.item == TOTAL and f.what == "points"]
        who = totals[0].who if len({f.who for f in totals}) == 1 else ""
        if not totals:
            match = re.search(_WHO, sentence)
            who = match[0] if match else ""
        number = totals[0].number if len({f.number.value for f in totals}) == 1 else None
        yield Graded(found.pop(), spot, number, who, self._subject(sentence))


def _whose(text: str) -> str:
    """Whose points they are, where the words before them say so."""
    match = re.search("公布|填报|拟得分|计算|汇总", text) or re.search(_WHO, text)
    return match[0] if match else ""


def _listed_points(sentence: str, name: _Mention, number: Found, mentions: Sequence[_Mention]) -> bool:
    """“总分87.5分,其中决策18分、过程17.5分”: points, where the sentence speaks of what was reached and not of full points."""
    first = min(m.start for m in mentions if m.item != TOTAL) if name.item != TOTAL else 0
    total = any(m.item == TOTAL and m.start < name.start for m in mentions) or "得分" in sentence[:first]
    direct = name.item != TOTAL and not sentence[name.end : number.start].strip()
    full = re.search("满分|分值|权重|设置|100分|标准分", sentence)
    return direct and total and not full and sentence[number.end :].lstrip().startswith("分")


def _total_stands(sentence: str, mention: _Mention) -> bool:
    """“满意度综合得分” and “各项目总分” are other things."""
    before = sentence[max(0, mention.start - 4) : mention.start]
    return not re.search(
        "满意度|问卷|调查|专家|各|单项|指标|类|平均|部分|小计|一级|二级|决策|过程|产出|效益|个人|权重$", before
    )


def _is_whole(sentence: str, mention: _Mention, names: Sequence[_Mention]) -> bool:
    """A weak word counts beside a grade, in a line of its own, or where the project is its subject; never after an indicator."""
    if _STRONG.search(sentence, mention.start, mention.end):
        return True
    if sentence[mention.start : mention.end] in _SUMS:
        return len(names) >= _LISTED and all(n.item in LEVEL_NAMES for n in names)
    if any(n.end <= mention.start for n in names):
        return all(n.item in LEVEL_NAMES for n in names) and len(names) >= _LISTED
    beside = _GRADE.search(sentence) or _BRACKETED.search(sentence)
    alone = _ALONE.fullmatch(sentence) or re.search(r"项目[^,，]{0,12}$", sentence[: mention.start])
    return bool(beside or alone or len(names) >= _LISTED)


def _claimed(between: str, nearest: _Mention | None) -> What | None:
    """What the number after these words is of the item before them."""
    text = _NEUTRAL.sub("", between)
    if nearest is not None and nearest.item == TOTAL and re.fullmatch(rf"(?:结果|合计|共计|情况)?{_IS}", text):
        return "points"
    match = _WORD.search(text)
    if match is None or not _LIGHT.fullmatch(text[: match.start()]) or "," in text[: match.start()].strip(", "):
        return None
    return next(what for what, _ in _WORDS if match[what])


def _is_full(fact: Fact) -> bool:
    """“总分100分” is what could be had."""
    return (
        fact.item == TOTAL and fact.what == "points" and fact.number.value in (100, 110, 120) and not fact.number.places
    )


def _respectively(sentence: str, mentions: Sequence[_Mention], found: Sequence[Found], spot: Spot) -> Iterator[Fact]:
    """“决策、过程、产出、效益得分分别为18、17、30、22.5分”: as many names as numbers."""
    at = sentence.find("分别")
    if at < 0:
        return
    names = [m for m in mentions if m.end <= at and m.item != TOTAL]
    values = [f for f in found if f.start > at]
    match = re.search(r"(?P<rate>得分率)|(?P<points>得分|得)|(?P<weight>分值|权重|满分)", sentence[max(0, at - 8) : at])
    if match and len(names) == len(values) >= 2:
        what: What = "rate" if match["rate"] else "points" if match["points"] else "weight"
        for name, value in zip(names, values, strict=True):
            yield Fact(name.item, what, value.number, spot)
