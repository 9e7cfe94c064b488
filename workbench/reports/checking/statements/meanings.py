"""What a number is of the thing named before it: full points, points, a rate, points lost; or nothing that is certain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workbench.reports.checking.document.model import Spot
from workbench.reports.checking.language.numbers import Found
from workbench.reports.checking.statements.facts import TOTAL, Fact, What
from workbench.reports.checking.statements.mentions import Mention

_IS = r"\s*[为是:计达到得“\"]{0,3}\s*"
_WORDS: tuple[tuple[What, str], ...] = (
    ("rate", r"(?:平均|综合)?得分率"),
    (
        "weight",
        r"满分(?:分值|值)?|(?:指标|标准)分值|(?:(?<=[标准总重类部面占的其,，;；:、()\s”\"》])|(?<=设定)|(?<=规定)|^)分值|权重(?:分值|分)?|标准分|(?<=指标)共计?",
    ),
    ("lost", r"(?:共|合计|累计)?(?:扣除?分|失分|扣减|扣)"),
    ("points", r"(?:实际|评价|最终|综合|绩效|实|平均)?得分值?|(?:实际?|最终|共)?得|(?<![自初复互测考点抽查核])评得?"),
)
_WORD = re.compile("|".join(f"(?P<{what}>(?:{pattern})){_IS}$" for what, pattern in _WORDS))
_FOREIGN = re.compile("基础|基本|平均|上年|加分|自评|其他")
"""Words that make a number another one than its item's own points."""
_NEUTRAL = re.compile(r"\d+\s*[个项条类]|[一二三四五六七八九十]+[个项条类]")
_LIGHT = re.compile(r"[^\d。]{0,14}")
_IN_BRACKETS = re.compile(r"(?:[类个]?[一二三]?级?指标|类|部分|方面|维度)*\s*[(](?:满分|分值|权重|共|标准分)?[为:]?\s*")
_PLAIN_BETWEEN = re.compile("(?:类?指标|类|部分|方面|维度)?[为是:]?")
_SPREAD = re.compile(r"(?P<rate>得分率)|(?P<points>得分|得)|(?P<weight>分值|权重|满分)")
_SPREAD_BEHIND = re.compile(
    r"(?:分别|依次)(?:为|是)?(?:(?P<rate>得分率)|(?P<points>得分|得)|(?P<weight>分值|权重|满分))"
)
_OF_ALL = re.compile(
    "(?:其中|各|[一二两三四五六七]|[2-7]|[大个]|级|类|部分|维度|方面|分项|指标|的|评价|从|看|项目|具体|情况|具体来看|\\s)*"
)
_RATED_BEHIND = re.compile(r"(?:类?指标|类|部分|方面|维度)?(?:的)?(?:得分率)?[为是:]?\s*")
_OF_FULL = re.compile(r"\s*分\s*[(](?:满分|分值|权重)[为:]?\s*[\d.]+\s*分[)]")
_OF = re.compile(r"\s*分?/\d{1,3}(?:\.\d+)?\s*分")
_RATED_AFTER = re.compile(r"\s*分\s*[,，、(]\s*得分率")
_THEN_REACHED = re.compile(r"\s*分\s*[,，]\s*(?:实际|评价|最终)?(?:实?得(?!分率)|评分)")
_REACHED_AFTER = re.compile(r"\s*分?\s*[)]\s*[,，:]?\s*(?:共计?|合计)?(?:实际|评价|最终)?(?:得|扣|评分|实得)")


def claimed(between: str, nearest: Mention | None) -> What | None:
    """What the number after these words is of the item before them."""
    text = _NEUTRAL.sub("", between)
    if nearest is not None and nearest.item == TOTAL and re.fullmatch(rf"(?:结果|合计|共计|情况)?{_IS}", text):
        return "points"
    match = _WORD.search(text)
    if match is not None and _FOREIGN.search(text[: match.start()]):
        return None
    if match is None or not _LIGHT.fullmatch(text[: match.start()]) or "," in text[: match.start()].strip(", "):
        return None
    return next(what for what, _ in _WORDS if match[what])


def beside(sentence: str, name: Mention, number: Found, mentions: Sequence[Mention]) -> What | None:
    """What a number right behind a name is: “决策类指标(20分)得18分” has full points in the brackets, a list has points."""
    between, after = sentence[name.end : number.start], sentence[number.end :]
    if _IN_BRACKETS.fullmatch(between) and _REACHED_AFTER.match(after):
        return "weight"
    if name.item != TOTAL and _PLAIN_BETWEEN.fullmatch(between):
        if _OF.match(after) or _OF_FULL.match(after) or _RATED_AFTER.match(after):
            return "points"
        if _THEN_REACHED.match(after):
            return "weight"
    return "points" if _listed_points(sentence, name, number, mentions) else None


def _listed_points(sentence: str, name: Mention, number: Found, mentions: Sequence[Mention]) -> bool:
    """“总分87.5分,其中决策18分、过程17.5分”: points, where the sentence speaks of what was reached and not of full points."""
    first = min(m.start for m in mentions if m.item != TOTAL) if name.item != TOTAL else 0
    total = any(m.item == TOTAL and m.start < name.start for m in mentions) or "得分" in sentence[:first]
    direct = name.item != TOTAL and not sentence[name.end : number.start].strip()
    full = re.search("满分|分值|权重|设置|100分|标准分", sentence)
    return direct and total and not full and sentence[number.end :].lstrip().startswith("分")


def rates_listed(sentence: str, mentions: Sequence[Mention], found: Sequence[Found]) -> list[tuple[Mention, Found]]:
    """“得分率依次为:决策65%、过程64.4%”, “决策类得分率85%、管理类80%”: each rate right behind its name, at least two of them."""
    said = sentence.find("得分率")
    listed = []
    for name in mentions if said >= 0 else ():
        number = next((f for f in found if f.start >= name.end), None)
        behind = number and _RATED_BEHIND.fullmatch(sentence[name.end : number.start])
        if number and behind and number.number.percent and number.start > said and name.item != TOTAL:
            listed.append((name, number))
    return listed if len(listed) > 1 and len({n.item for n, _ in listed}) == len(listed) else []


def rates_plainly(sentence: str, first: Mention) -> bool:
    """Whether the words before a list of rates say that they are this evaluation's own, of all levels."""
    said = sentence.find("得分率")
    lead = re.split("[,，;；:：]", sentence[: min(said, first.start)])[-1]
    return _OF_ALL.fullmatch(lead) is not None


def _as_many(text: str, names: int) -> bool:
    """Whether a list holds no more things than names are known of."""
    return len(re.findall("[、,，]|和|与|及", text.strip("、,，和与及"))) + 1 == names


def spread(sentence: str, mentions: Sequence[Mention], found: Sequence[Found]) -> list[Found]:
    """The numbers of a list that follows several names (“甲、乙、丙分别得17分、20分、33分”): none is the last name's alone."""
    lists = [m.start() for m in re.finditer("分别|依次", sentence)]
    if not lists:
        return []
    end = min((m.start for m in mentions if m.start > lists[0]), default=len(sentence))
    return [f for f in found if lists[0] < f.start < end]


def respectively(
    sentence: str, mentions: Sequence[Mention], found: Sequence[Found], spot: Spot
) -> Iterator[tuple[Fact, int]]:
    """“决策、过程、产出、效益得分分别为18、17、30、22.5分”: as many names as numbers."""
    spread = re.search("分别|依次", sentence)
    at = spread.start() if spread else -1
    if at < 0:
        return
    names = [m for m in mentions if m.end <= at and m.item != TOTAL]
    values = [f for f in found if f.start > at]
    match = _SPREAD.search(sentence[max(0, at - 8) : at]) or _SPREAD_BEHIND.match(sentence, at)
    if match and len(names) == len(values) >= 2 and _as_many(sentence[names[0].start : at], len(names)):
        what: What = "rate" if match["rate"] else "points" if match["points"] else "weight"
        for name, value in zip(names, values, strict=True):
            yield Fact(name.item, what, value.number, spot), value.start
