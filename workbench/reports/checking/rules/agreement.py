"""The same thing stated several times: tables against each other, words against tables, grades against totals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.findings import Finding, asked, finding, when
from workbench.reports.checking.language.bands import Scale
from workbench.reports.checking.language.numbers import Number, folded, numbers, same, says, text_of
from workbench.reports.checking.language.words import LEVEL_NAMES
from workbench.reports.checking.statements.facts import TOTAL, WHAT_WORDS, Fact, Graded

_LOWERED = re.compile(
    "降档|降级|限级|一票否决|等级上限|下调.{0,4}等级|等级.{0,4}下调|不得评为|降低.{0,4}等级|直接评为|最高(?:只能|不得)"
)
_MOVED = re.compile(r"(?:加分?|奖励|倒扣|扣减|减分?)(?:得分|项|合计|共|计|了|为|:)*(?P<points>\d{1,2}(?:\.\d+)?)分")
_NOT_LOWERED = re.compile("没有|未触发|未发生|无|不存在|均未|未发现|未出现")
_HEADING = re.compile(r"^\s*(?:[(（]?[一二三四五六七八九十\d]+[)）、.．]|附[件表]|[表图]\s*\d)[^。，,；;]{0,30}$")
"""A heading names what is looked into, not what was found."""
_CORE = ({"决策", "过程", "产出", "效益"}, {"产出", "效益", "满意度", "预算执行率"}, {"成本", "产出", "效益", "满意度"})


def repeated(facts: Sequence[Fact]) -> Iterator[Finding]:
    """Facts of the same thing that differ. The table is believed; between equals the value most places state."""
    by_thing: dict[tuple[object, ...], list[Fact]] = {}
    for fact in facts:
        measured = (fact.number.unit, fact.number.percent) if fact.what in ("target", "done") else ()
        by_thing.setdefault((fact.subject, fact.item, fact.what, (fact.who, fact.when), measured), []).append(fact)
    found: list[tuple[object, Finding]] = []
    held: Counter[tuple[str, int]] = Counter()
    for (_, item, what, *_rest), stated in by_thing.items():
        believed = _believed(stated)
        bridged = _bridged(stated, believed) if (item, what) == (TOTAL, "points") else set()
        for fact in (f for f in stated if f.number.value not in bridged):
            if fact is believed or _agree(fact, believed):
                held[fact.spot.part, fact.spot.number] += fact is not believed
            else:
                code = "total_twice" if (item, what) == (TOTAL, "points") else "stated_twice"
                name = (
                    f"{fact.who}{TOTAL}"
                    if item == TOTAL and what == "points"
                    else f"“{item}”{fact.who}{WHAT_WORDS[fact.what]}"
                )
                told = finding(code, fact.spot, name, fact.number, believed.number, believed.how, believed.spot)
                told = when(fact.sure and believed.sure, told)
                found.append(("" if fact.how else item, told))
    # A paragraph or table that differs in most of what it states is about something else; what only follows from another number is one with it.
    places = Counter(
        (part, number) for _, part, number in {(item, f.spot.part, f.spot.number) for item, f in found if item}
    )
    for _, told in found:
        place = (told.spot.part, told.spot.number)
        yield told if places[place] <= max(held[place], 1) else asked(told)


def _bridged(facts: Sequence[Fact], believed: Fact) -> set[Decimal]:
    """Totals whose paragraph tells of the points added or taken off that lead from the other total to them."""
    return {
        f.number.value
        for f in facts
        for m in _MOVED.finditer(f.spot.title)
        if abs(f.number.value - believed.number.value) == Decimal(m["points"])
        and any(n.number.value == believed.number.value for n in numbers(folded(f.spot.title)))
    }


def _believed(facts: Sequence[Fact]) -> Fact:
    votes = Counter(f.number.value for f in facts)
    return max(facts, key=lambda f: (f.table and not f.how, f.sure, votes[f.number.value], f.table, f.number.places))


def _agree(one: Fact, other: Fact) -> bool:
    if one.what == "rate" and one.number.percent != other.number.percent:
        small, large = sorted((one.number, other.number), key=lambda n: n.percent)
        as_percent = Number(small.value * 100, max(small.places - 2, 0)) if small.value <= 1 else small
        return same(as_percent, Number(large.value, large.places))
    return same(one.number, other.number)


def rated_by_table(facts: Sequence[Fact]) -> Iterator[Finding]:
    """A level's rate in words against its points and full points in a table that has no column of rates."""
    by_item: dict[tuple[str | None, str], dict[str, list[Fact]]] = {}
    for fact in facts:
        if not fact.who and not fact.when and fact.item != TOTAL:
            by_item.setdefault((fact.subject, fact.item), {}).setdefault(fact.what, []).append(fact)
    for (_, item), found in by_item.items():
        tables = {what: [f for f in found.get(what, []) if f.table] for what in ("weight", "points", "rate")}
        if tables["rate"] or any(len({f.number.value for f in tables[what]}) != 1 for what in ("weight", "points")):
            continue
        full, got = tables["weight"][0], tables["points"][0]
        # Where the sentence gives the points too, its rate is held against those.
        told = {f.spot: f for f in found.get("points", []) if not f.table}
        for rate in (f for f in found.get("rate", []) if f.number.percent and full.number.value):
            beside = told.get(rate.spot, got)
            wrong = _pair(item, full, beside, {"rate": [rate]})
            yield from (when(rate.sure and beside.sure, f) for f in wrong if f.rule.code == "rate")
        said = re.compile(
            rf"{re.escape(item)}(?:类)?(?:指标|部分|方面)?(?:共计?|合计|累计|总共)?(?:扣|失|扣减|扣除)(?:了|分)?为?[\d.]+分"
        )
        for lost in (f for f in found.get("lost", []) if said.search(f.spot.title)):
            yield from (when(lost.sure, f) for f in _pair(item, full, got, {"lost": [lost]}))


def rated_in_words(sentences: Iterable[Sequence[Fact]]) -> Iterator[Finding]:
    """Full points, points and rate of one item in one sentence."""
    for facts in sentences:
        by_item: dict[tuple[str, str], dict[str, list[Fact]]] = {}
        for fact in facts:
            by_item.setdefault((fact.item, fact.who), {}).setdefault(fact.what, []).append(fact)
        for (item, _), found in by_item.items():
            if any(len(v) != 1 for v in found.values()):
                continue
            weight, points = found.get("weight"), found.get("points")
            if weight and points and weight[0].number.value:
                sure = all(f.sure for stated in found.values() for f in stated)
                yield from (when(sure, f) for f in _pair(item, weight[0], points[0], found))


def _pair(item: str, weight: Fact, points: Fact, found: dict[str, list[Fact]]) -> Iterator[Finding]:
    full, got = weight.number, points.number
    if got.value > full.value and item != TOTAL:
        yield finding("points_over", points.spot, f"“{item}”得分", got, f"不超过{full}", "该项分值")
    for rate in found.get("rate", []):
        exact = Fraction(got.value) / Fraction(full.value)
        if not says(rate.number, exact * 100) and not (rate.number.value <= 1 and says(rate.number, exact)):
            shown = f"{text_of(exact * 100, max(rate.number.places, 2))}%"
            yield finding("rate", rate.spot, f"“{item}”得分率", rate.number, shown, f"{got}÷{full}")
    for lost in found.get("lost", []):
        if lost.number.value != full.value - got.value:
            expected = text_of(full.value - got.value)
            yield finding("lost", lost.spot, f"“{item}”扣分", lost.number, expected, f"{full}-{got}")


def summed_in_words(document: Document, facts: Sequence[Fact], levels: set[str]) -> Iterator[Finding]:
    """“决策18分、过程17.5分、产出28分、效益24分,总得分87.5分”: where the levels are all there are."""
    by_spot: dict[Spot, list[Fact]] = {}
    for fact in facts:
        by_spot.setdefault(fact.spot, []).append(fact)
    for paragraph in document.paragraphs:
        here = by_spot.get(paragraph.spot, [])
        own = [f for f in here if f.what == "points" and f.subject is None and not f.when]
        totals = {f.number.value: f for f in own if f.item == TOTAL and not f.who}
        parts = {f.item: f for f in own if f.item in (levels or LEVEL_NAMES)}
        if len(totals) != 1 or len(parts) < 3 or re.search("加分|扣减|减分|折算|倒扣", paragraph.text):
            continue
        full = {f.item: f.number.value for f in here if f.what == "weight"}
        whole = set(parts) == levels or (not levels and any(core <= set(parts) for core in _CORE))
        whole = whole or sum((full.get(p, Decimal(0)) for p in parts), Decimal(0)) == 100
        [total] = totals.values()
        value = sum((f.number.value for f in parts.values()), Decimal(0))
        if whole and value != total.number.value:
            how = "+".join(str(f.number) for f in parts.values()) + f"={text_of(value)}"
            sure = total.sure and all(f.sure for f in parts.values())
            yield when(sure, finding("text_sum", paragraph.spot, TOTAL, total.number, text_of(value), how))


def levels_in_words(document: Document, facts: Sequence[Fact]) -> Iterator[Finding]:
    """A report without a score table: its levels, whose full points add up to 100, add up to its total, wherever they stand."""
    own = [f for f in facts if f.subject is None and not f.when and not f.who]
    weights, points = ({f.item: f for f in own if f.what == what} for what in ("weight", "points"))
    levels = [name for name in LEVEL_NAMES if name in weights and name in points]
    several = [
        f
        for f in own
        if f.item in levels and f.number.value not in (weights[f.item].number.value, points[f.item].number.value)
    ]
    totals = {f.number.value: f for f in own if (f.item, f.what) == (TOTAL, "points")}
    whole = len(levels) >= 3 and sum((weights[n].number.value for n in levels), Decimal(0)) == 100
    if not whole or len(totals) != 1 or any(f.what in ("weight", "points") for f in several):
        return
    if any(re.search("加分|扣减|减分|折算|倒扣", p.text) for p in document.paragraphs):
        return
    [total] = totals.values()
    value = sum((points[n].number.value for n in levels), Decimal(0))
    if value != total.number.value:
        how = "+".join(str(points[n].number) for n in levels) + f"={text_of(value)}"
        sure = total.sure and all(f.sure for n in levels for f in (weights[n], points[n]))
        yield when(sure, finding("text_sum", total.spot, TOTAL, total.number, text_of(value), how))


@dataclass(frozen=True)
class Grading:
    """What grades are judged by: the scale, and whether the report tells of grades lowered for other reasons."""

    scale: Scale
    lowered: bool


def lowered(document: Document) -> bool:
    """Whether the report says that a grade was lowered (限级、一票否决) whatever the score is."""
    for paragraph in document.paragraphs:
        for sentence in re.split("[。；;\n]", paragraph.text):
            if _LOWERED.search(sentence) and not _HEADING.search(paragraph.text) and not _NOT_LOWERED.search(sentence):
                return True
    return False


def graded(grades: Sequence[Graded], facts: Sequence[Fact], grading: Grading) -> Iterator[Finding]:
    """Each grade against the total beside it, else against the report's only total."""
    seen: dict[tuple[str | None, str, str], Graded] = {}
    totals: dict[tuple[str | None, str, str], list[Fact]] = {}
    for fact in facts:
        if (fact.item, fact.what) == (TOTAL, "points"):
            totals.setdefault((fact.subject, fact.who, fact.when), []).append(fact)
    believed = {key: _believed(found).number for key, found in totals.items()}
    fitting: dict[tuple[str | None, str, str], Graded] = {}
    for stated in grades:
        total = stated.total or believed.get((stated.subject, stated.who, stated.when))
        if total is not None and grading.scale.known(stated.label) == grading.scale.of(total.value):
            fitting.setdefault((stated.subject, stated.who, stated.when), stated)
    for stated in grades:
        label = grading.scale.known(stated.label)
        total = stated.total or believed.get((stated.subject, stated.who, stated.when))
        if label is None:
            continue
        key = (stated.subject, stated.who, stated.when)
        before = seen.setdefault(key, fitting.get(key, stated))
        if total is not None:
            wrong = list(_fits(stated, label, total, grading))
            yield from map(asked, wrong) if stated.doubtful else wrong
            if wrong:
                continue
        first = grading.scale.known(before.label)
        if first is not None and first != label and (total is None or grading.lowered):
            twice = finding("grade_twice", stated.spot, "等级", stated.label, before.label, "", before.spot)
            yield asked(twice) if stated.doubtful or before.doubtful else twice


def _fits(stated: Graded, label: str, total: Number, grading: Grading) -> Iterator[Finding]:
    scale = grading.scale
    earned = scale.of(total.value)
    if label == earned or (grading.lowered and scale.rank(label) > scale.rank(earned)):
        return
    how = f"{total}分;{scale.text()}({scale.source})"
    yield finding("grade", stated.spot, "等级", stated.label, earned, how)
