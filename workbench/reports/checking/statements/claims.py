"""What the words of a report claim: totals, grades, points of levels and indicators, by patterns that leave no doubt.

A sentence is read from left to right: a name (a level, an indicator of the score tables, 综合得分 and the like), then, with
nothing but connecting words between them, 分值, 得分, 得分率 and their numbers. Anything else is not a claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.language.bands import scale_in
from workbench.reports.checking.language.known import Known, stretch
from workbench.reports.checking.language.numbers import Found, Number, closed, numbers
from workbench.reports.checking.language.phrases import (
    MAX_SENTENCE,
    NEUTRAL,
    OTHER_SCHEME,
    OTHERS,
    SENTENCE,
    SUPPOSED,
    GradeSaid,
    clause_before,
    grades_in,
    named_before,
    undated,
    whose,
    year_of,
)
from workbench.reports.checking.language.words import LEVEL_NAMES
from workbench.reports.checking.statements.facts import TOTAL, Fact, Graded, What
from workbench.reports.checking.statements.meanings import (
    beside,
    claimed,
    rates_listed,
    rates_plainly,
    respectively,
    spread,
)
from workbench.reports.checking.statements.mentions import SOMEBODY_ONLY, Mention, mentions_in

_AFTER = re.compile(r"\s*分?\s*(?:[×÷]|[(]含[)本\d]|[-~—至]\s*\d|以[上下]|及以[上下]|左右|[(]不含|\s*个百分点|[≤<])")
_BEFORE = re.compile(r"[≥≤<>]\s*$|大于等?于?$|小于等?于?$|超过$|不低于$|低于$|高于$|约$|近$|[-~—至]$")
_GRADING = re.compile(
    "对应|对照|标准|确定|判定|认定|达到|属于|处于|被|获|应|均|仍|故|则|即|可|按照?|上述|依照?|划分|区间|档次?|等次|级别?|定为|总|目前|组"
)
"""Words before a grade that name nobody."""
_NAMED = 2
"""Characters of what may be a name."""
_COUNTED = re.compile(r"\s*(?:[个项条类家份名人户次处所件座台套辆亩吨批期场例起宗栋]|级指标)")
"""Behind a number that only counts (下设3个二级指标)."""
UNNAMED = "该项"
"""What a sentence is about that names nothing: its numbers are held against one another only."""
_OBJECT = re.compile(
    "^(?!.*(?:上|前|下|季|期|首|次|月)).*(?:项目|资金|经费|补助|补贴|政策|基金|工程|专项|局|委|厅|院|中心)$"
)
"""How the name of an evaluated subject ends; nothing in it tells of another time."""
_BEGINS = re.compile(r"\s*(?:[(]?[一二三四五六七八九十\d.]{1,4}[)、.]?)?\s*(?:关于|经评价,)?[“\"《]?")
"""Before the name a sentence is about."""
_COMMA = re.compile("[,，;；:：]")
_SOMEBODY = re.compile("自评|复核|初评")
_LONGER = re.compile("(?:项目|绩效)$")
"""Before a name that may be the end of a longer one (绩效 before 目标合理性)."""
_CONDITION = re.compile("若|如果|假[如设]|不计|不含|不考虑|剔除|扣除|[前后]的?综合|还原|模拟|测算")
"""A total that was never given."""
_ONE = re.compile("(?:该|本|此|每)(?:项|类|级|部分)?指标|指标分值")
"""A paragraph about one indicator: its 综合得分 is the indicator's."""
_LEAST_WHOLE = 40
"""A weak word beside a lower number may speak of one indicator."""
_NEAR = 24
"""Characters between a score and its grade where neither is named."""
SOMEBODY = "(另一对象)"
"""The subject of a score with its grade that is not the report's own."""
_PART = re.compile(f"{'|'.join(LEVEL_NAMES)}|指标|满意度|问卷|权重|每|扣|加分|满分|信用|风险|资质")
_SCORE = re.compile(r"(?P<number>\d{1,3}(?:\.\d+)?)\s*分(?!\s*[(]含|以|及|[-~—至])")


@dataclass
class Claims:
    """Everything a report's words claim."""

    facts: list[Fact] = field(default_factory=list)
    grades: list[Graded] = field(default_factory=list)
    sentences: list[Sequence[Fact]] = field(default_factory=list)
    """The facts of each sentence that has several, for what must hold among them."""


@dataclass(frozen=True)
class _Said:
    """A fact and where its number stands in the sentence."""

    fact: Fact
    start: int
    end: int


class ClaimReader:
    """Reads sentences with the names of a report's own indicators in mind.

    Args:
        cover: what stands on the cover; the years it names are the report's own.
    """

    def __init__(self, names: Iterable[str], subjects: Sequence[str], cover: Sequence[str]) -> None:
        wanted = {n for n in [*LEVEL_NAMES, *names] if len(n) >= 2}
        longest = sorted(wanted, key=lambda n: (-len(n), n))
        self._names = re.compile("|".join(map(re.escape, longest)))
        self._subjects, self._cover = subjects, "".join(cover)
        self._known = Known(self._cover)
        # The day of signing is no year the report is about.
        self._years = set(re.findall(r"20\d\d(?!\s*年\s*\d{1,2}\s*月|\d)", self._cover))

    def read(self, document: Document) -> Claims:
        """All claims of the paragraphs, and of tables that are pairs of a label and a value."""
        claims = Claims()
        for paragraph in document.paragraphs:
            if not paragraph.contents:
                self.take(paragraph.text, paragraph.spot, claims)
        return claims

    def settled(self, claims: Claims) -> Claims:
        """Where the cover names no year and all scores are of one year, that is the report's own; so is the only name."""
        named = {f.subject for f in claims.facts if f.subject is not None and f.subject not in self._subjects}
        if len(named) == 1:
            [name] = named
            sure = self._known.plain(name) or _OBJECT.search(name) is not None
            claims.facts = [
                replace(f, subject=None, sure=f.sure and sure) if f.subject == name else f for f in claims.facts
            ]
            claims.grades = [replace(g, subject=None) if g.subject == name else g for g in claims.grades]
        dated = {f.when for f in claims.facts if f.item == TOTAL and f.when.isdecimal()}
        undated = any(f.item == TOTAL and f.what == "points" and not f.when and not f.who for f in claims.facts)
        if self._years or len(dated) != 1 or undated:
            return claims
        [own] = dated
        claims.facts = [replace(f, when="") if f.when == own else f for f in claims.facts]
        claims.grades = [replace(g, when="") if g.when == own else g for g in claims.grades]
        return claims

    def take(self, text: str, spot: Spot, claims: Claims) -> None:
        """The claims of one paragraph."""
        one = _ONE.search(text)
        of_items = False
        for match in SENTENCE.finditer(closed(text)):
            sentence = match[0]
            if len(sentence) > MAX_SENTENCE:
                continue
            said = [s for s in self._said(sentence, spot, of_items) if not (one and s.fact.item == TOTAL)]
            facts = [s.fact for s in said]
            claims.facts += [f for f in facts if f.item != UNNAMED]
            claims.grades += self._grades(sentence, spot, said)
            if len(facts) > 1:
                claims.sentences.append(facts)
            of_items = of_items or any(f.item not in (TOTAL, UNNAMED) for f in facts)

    def _elsewhere(self, sentence: str) -> bool:
        """Whether a sentence tells of another scheme than the one the cover names."""
        match = OTHER_SCHEME.search(sentence)
        return match is not None and match[0] not in self._cover

    def _subject(self, sentence: str) -> str | None:
        named = [s for s in self._subjects if s in sentence]
        return named[0] if len(named) == 1 else None

    def _said(self, sentence: str, spot: Spot, of_items: bool) -> Iterator[_Said]:
        found = [
            f
            for f in numbers(sentence)
            if not _AFTER.match(sentence, f.end) and not _BEFORE.search(sentence, 0, f.start)
        ]
        if not found:
            return
        mentions = mentions_in(sentence, self._names)
        together = list(respectively(sentence, mentions, numbers(sentence), spot))
        listed = rates_listed(sentence, mentions, found)
        for mention, number in listed:
            fact = Fact(mention.item, "rate", number.number, spot, whose(sentence), None)
            fact = replace(fact, when=self._when(sentence, number.start), sure=rates_plainly(sentence, listed[0][0]))
            yield _Said(fact, number.start, number.end)
        found = [f for f in found if all(f is not number for _, number in listed)]
        if together:
            yield from (_Said(replace(f, when=self._when(sentence, at)), at, at) for f, at in together)
            return
        apart = spread(sentence, mentions, found)
        yield from self._chained(sentence, [f for f in found if f not in apart], mentions, (spot, of_items))

    def _chained(
        self, sentence: str, found: Sequence[Found], mentions: Sequence[Mention], around: tuple[Spot, bool]
    ) -> Iterator[_Said]:
        """Numbers one after the other, each of the name before it."""
        spot, of_items = around
        # “得分87.52分,评价等级为良” is about the whole when nothing else is named.
        item = (
            None
            if mentions
            else Mention(TOTAL if grades_in(sentence) and not self._elsewhere(sentence) else UNNAMED, 0, 0)
        )
        at, last = 0, None
        told: set[tuple[int, What]] = set()
        for number in found:
            before = sentence[at : number.start]
            nearest = next((m for m in reversed(mentions) if at <= m.start and m.end <= number.start), None)
            counts = _COUNTED.match(sentence, number.end)
            what = (
                None
                if counts
                else claimed(before if nearest is None else sentence[nearest.end : number.start], nearest)
            )
            if nearest is not None:
                item = nearest
                what = None if nearest.joint else what
            if what is None and nearest is not None and not counts and not nearest.joint:
                what = beside(sentence, nearest, number, mentions)
            if what is None and last == "points" and sentence[at : number.start].replace(" ", "") in ("分/", "/"):
                what = "weight"
            if what is None:
                # A number of something else ends the chain, unless it only counts.
                item = item if counts else None
                at = number.end
                continue
            if nearest is None and last is not None and item is not None and _another(item, what, before):
                item = None
            at, last = number.end, what
            if item is not None and not _of_others(sentence, item, number) and not _doubted(item, number, of_items):
                # A second number of the same kind may be of something else (“效益扣4分,共扣11.5分”).
                again = item.item != TOTAL and (item.start, what) in told
                told.add((item.start, what))
                again = again or (of_items and bool(SOMEBODY_ONLY.fullmatch(sentence[item.start : item.end])))
                for said in self._fact(sentence, item, what, number, _Around(before, spot)):
                    yield replace(said, fact=replace(said.fact, sure=False)) if again else said

    def _fact(self, sentence: str, item: Mention, what: What, number: Found, around: _Around) -> Iterator[_Said]:
        who = item.who or whose(around.before)
        subject = self._subject(sentence) or self._named(sentence, item, number.start)
        fact = Fact(item.item, what, number.number, around.spot, who, subject)
        fact = replace(fact, when=self._when(sentence, number.start), sure=self._sure(sentence, item, number, subject))
        if what == "weight" and item.item == TOTAL and not _sure_full(number, around.before):
            return
        if not _is_full(fact):
            yield _Said(fact, number.start, number.end)
        elif fact.item == TOTAL:
            yield _Said(replace(fact, what="weight"), number.start, number.end)

    def _sure(self, sentence: str, item: Mention, number: Found, subject: str | None) -> bool:
        """Whether all words of the clause of a name and those up to its number are known; a sentence may begin with an indicator's."""
        between = sentence[item.end : number.start]
        if item.item == TOTAL:
            lead = undated(stretch(sentence, item.start, item.start)) if item.end and subject is None else ""
            return not _CONDITION.search(sentence[: number.start]) and self._known.plain(lead + between)
        # “自评中决策得20分、过程得20分”: what begins a list holds for all of it.
        lead = self._names.sub("", _COMMA.split(sentence[: item.start])[-1].replace("其中", ""))
        if item.item not in LEVEL_NAMES and _LONGER.search(lead):
            return False
        begins = item.item != TOTAL and _BEGINS.fullmatch(sentence[: item.start])
        return self._known.plain(lead) and not _SOMEBODY.search(lead) and bool(begins or self._known.plain(between))

    def _named(self, sentence: str, item: Mention, at: int) -> str | None:
        """Somebody who is not on the cover, before a word for the whole, or before the number where there is no such word."""
        name = named_before(sentence, item.start if item.end else at) if item.item == TOTAL else ""
        return name if name and name not in NEUTRAL.sub("", self._cover) else None

    def _when(self, sentence: str, at: int) -> str:
        when = year_of(sentence, at)
        return "" if when in self._years else when

    def _grades(self, sentence: str, spot: Spot, said: Sequence[_Said]) -> Iterator[Graded]:
        """Each grade with the total before it; one without a score beside it only where the sentence gives no other."""
        grades = grades_in(sentence)
        if not grades or SUPPOSED.search(sentence):
            return
        scale = scale_in(sentence)[0] is not None
        for n, grade in enumerate(grades):
            first = grades[n - 1].end if n else 0
            own = [s for s in said if first <= s.start < grade.start and s.fact.item == TOTAL]
            totals = [s.fact for s in own if s.fact.what == "points"]
            if totals:
                fact = totals[-1]
                yield Graded(grade.label, spot, fact.number, fact.who, fact.subject, fact.when)
            elif scale or grade.banded or any(first <= s.start < grade.start for s in said):
                continue
            elif (score := _score_beside(sentence, first, grade)) is not None:
                yield Graded(grade.label, spot, score, "", SOMEBODY)
            elif len({g.label for g in grades}) == 1 and not OTHERS.search(sentence):
                when = self._when(sentence, grade.start)
                named = named_before(_GRADING.sub("", sentence[: grade.start]), len(sentence))
                doubtful = len(named) >= _NAMED and named not in self._cover
                yield Graded(grade.label, spot, None, whose(sentence), self._subject(sentence), when, doubtful)


@dataclass(frozen=True)
class _Around:
    """The words since the last number, and the place."""

    before: str
    spot: Spot


def _of_others(sentence: str, item: Mention, number: Found) -> bool:
    """Another place's score, a mean, an extreme: it may differ."""
    return bool(OTHERS.search(clause_before(sentence, item.start) + sentence[item.start : number.start]))


def _another(item: Mention, what: What, before: str) -> bool:
    """Whether points behind those of the whole are somebody else's (“部门评价得分92分,财政复评得分87分”)."""
    clause = re.split("[,，;；、]", before)[-1]
    return item.item == TOTAL and what == "points" and bool(re.sub("实际?", "", NEUTRAL.sub("", clause)))


def _doubted(item: Mention, number: Found, of_items: bool) -> bool:
    """A weak word for the whole, in a paragraph about indicators or beside a low number."""
    return item.weak and (of_items or number.number.value < _LEAST_WHOLE)


def _score_beside(sentence: str, first: int, grade: GradeSaid) -> Number | None:
    """The score of a place or a subject that is not the report's own, right before its grade (“最低的乙县78.4分,等级为中”)."""
    # A grade in brackets is found from its “分” on.
    clauses = sentence[first : grade.start + (sentence[grade.start] == "分")]
    found = list(_SCORE.finditer(clauses))
    if not found or len(clauses) - found[-1].end() > _NEAR or _PART.search(clauses):
        return None
    if re.search(r"[≥≤<>约近至\-~—]\s*$|高于$|低于$|不足$|超过$", clauses[: found[-1].start()]):
        return None
    number = numbers(found[-1]["number"])[0].number
    return number if _LEAST_WHOLE <= number.value <= 100 else None


def _sure_full(number: Found, before: str) -> bool:
    """“评价总分值91分” may be what was reached; 满分 is not, nor is a hundred."""
    return number.number.value >= 100 or bool(re.search("满分|标准分", before))


def _is_full(fact: Fact) -> bool:
    """“总分100分” is what could be had."""
    return (
        fact.item == TOTAL and fact.what == "points" and fact.number.value in (100, 110, 120) and not fact.number.places
    )
