"""Values a sentence of an analyst's gives to what it names, against the result: the total, an indicator's 完成值, a rate of money."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from workbench.base.exact import half_up
from workbench.base.numerals import NUMERAL, chinese_number
from workbench.base.text import plain
from workbench.reports import reading
from workbench.reports.reading import number
from workbench.scoring.result import RunResult

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_SHOWN = re.compile(rf"(?P<number>-?{_NUMBER})\s*(?P<unit>\D{{1,8}})")
_PROJECT = ("本项目", "该项目", "项目整体", "本次评价", "本次绩效评价", "被评价项目")
_GIVEN = r"[”\"」]?(?:的)?(?:最终|综合|总体|评价|合计|共计?|实际|总|均)*(?:得分|评分|得|获)(?:为|是|:|：|\s)*"
_VALUE_OF = (
    r"[”\"」]?(?:指标)?(?:的)?(?:实际)?(?:完成值?|达成值?|实现值?)?(?:已|均|只|仅)?(?:达到|达|为|是|有|:|：|\s){0,2}"
)
_POINTS_END = r"\s*分(?!钟|之|[别布析类级项])"
_LOOSE = r"(?!\s*(?:以[上下内]|及以|左右|[-~—至]\s*\d))"
_TOTAL = re.compile(
    rf"(?:综合评价得分|综合得分|评价得分|总得分|最终得分|总评分|总分)(?:合计|共计|为|是|达到|达|:|：|\s){{0,2}}"
    rf"(?P<number>{NUMERAL}{{1,7}}(?:点{NUMERAL}+)?){_POINTS_END}"
)
"""A total in words."""
_WANTED = re.compile("目标|指标值|计划|要求|标准|不低于|应")
"""In a sentence that may give what was to be reached."""
_MONEY = rf"[^,，。;；\d]{{0,8}}?(?P<number>{_NUMBER})\s*(?P<unit>亿元|万元|元)"
_BUDGET = re.compile(rf"预算(?!执行率|完成率){_MONEY}")
_SPENT = re.compile(rf"(?:执行(?!率)|支出(?!率)){_MONEY}")
_SPENT_RATE = re.compile(rf"(?:执行率|支出率|完成率)(?:为|是|达到|达|:|：|\s){{0,2}}(?P<number>{_NUMBER})\s*%")
_UNIT = {"元": 1, "万元": 10**4, "亿元": 10**8}
_STOPS = re.compile(r"[。;；\n]")


@dataclass(frozen=True)
class Said:
    """A number of a text, its words, and what the result says instead (None: the same).

    Attributes:
        begin: where the words begin; the number stands from ``start`` to ``end``.
        derived: it is held against the numbers beside it, whoever put them there.
    """

    begin: int
    start: int
    end: int
    words: str
    instead: str | None
    derived: bool = False


@dataclass(frozen=True)
class Named:
    """What a result has names for. ``values``: name → unit → the numbers, and those to be reached."""

    subjects: Sequence[str]
    parts: Sequence[str]
    totals: frozenset[Decimal]
    values: Mapping[str, Mapping[str, tuple[frozenset[Decimal], frozenset[Decimal]]]]


def named(result: RunResult) -> Named:
    """The names of a result and their values."""
    values: dict[str, dict[str, tuple[frozenset[Decimal], frozenset[Decimal]]]] = {}
    for i in (i for s in result.subjects for i in s.indicators):
        done, wanted = _measured(reading.value_text(i)), _measured(reading.target_text(i))
        if done is not None:
            unit, value = done
            before = values.setdefault(i.name, {}).get(unit, (frozenset(), frozenset()))
            goal = frozenset([wanted[1]]) if wanted is not None else frozenset()
            values[i.name][unit] = (before[0] | {value}, before[1] | goal)
    levels = {v.name for s in result.subjects for v in s.levels}
    everything = {*levels, *(i.name for s in result.subjects for i in s.indicators)}
    totals = [x for s in result.subjects for x in (s.total, *s.interval, *_computed(s.computed))]
    return Named(
        tuple(s.name for s in result.subjects),
        tuple(sorted(everything, key=lambda name: (-len(name), name))),
        frozenset(number(x) for x in totals if x is not None),
        values,
    )


def _computed(conclusion: object) -> Iterable[str | None]:
    """The points of a conclusion before the review."""
    return (getattr(conclusion, "total", None), *getattr(conclusion, "interval", ()))


def _measured(text: str) -> tuple[str, Decimal] | None:
    match = _SHOWN.fullmatch(text.strip().lstrip("≥≤=<>"))
    return (match["unit"].strip(), _decimal(match["number"])) if match is not None else None


def stated(whole: str, names: Named) -> Iterator[Said]:
    """Everything a text says of what the result has a name for."""
    yield from _totals(whole, names)
    yield from _values(whole, names)
    yield from _rates(whole)


def _totals(whole: str, names: Named) -> Iterator[Said]:
    shown = "、".join(plain(n) for n in sorted(names.totals)) or "未评定"
    for match, points in _points(whole, names):
        instead = None if _among(points, names.totals) else f"结果中总分为{shown}"
        yield Said(match.start(), match.start("number"), match.end("number"), match[0], instead)


def _points(whole: str, names: Named) -> Iterator[tuple[re.Match[str], str]]:
    """Where a total is told, and its points in digits."""
    for match in _project_points(names.subjects).finditer(whole):
        clause = _STOPS.split(whole[: match.start("number")])[-1]
        if not any(part in clause for part in names.parts):
            yield match, match["number"]
    for match in _TOTAL.finditer(whole):
        value = chinese_number(match["number"])
        if value is not None:
            yield match, plain(value)


@lru_cache(maxsize=16)
def _project_points(subjects: Sequence[str]) -> re.Pattern[str]:
    whose = "|".join(re.escape(name) for name in (*subjects, *_PROJECT) if name)
    return re.compile(rf"(?:{whose}){_GIVEN}(?P<number>{_NUMBER}){_POINTS_END}")


def _values(whole: str, names: Named) -> Iterator[Said]:
    """``家长满意度98%``: the longest name that fits is the one meant."""
    taken: set[int] = set()
    for name in sorted(names.values, key=lambda n: (-len(n), n)):
        if name not in whole:
            continue
        for unit, (values, wanted) in names.values[name].items():
            pattern = rf"{re.escape(name)}{_VALUE_OF}(?P<number>{_NUMBER})\s*{re.escape(unit)}{_LOOSE}"
            for match in re.finditer(pattern, whole):
                at = match.start("number")
                if at not in taken:
                    taken.add(at)
                    known = values | (wanted if _WANTED.search(_sentence(whole, at)) else frozenset())
                    shown = "、".join(f"{plain(v)}{unit}" for v in sorted(values))
                    fits = _among(match["number"], known, rounded=True)
                    instead = None if fits else f"结果中“{name}”完成值为{shown}"
                    yield Said(match.start(), at, match.end("number"), match[0], instead)


def _rates(whole: str) -> Iterator[Said]:
    """A sentence with one budget, what was spent of it, and the share that is."""
    start = 0
    for end in [*(m.start() for m in _STOPS.finditer(whole)), len(whole)]:
        sentence = whole[start:end]
        found = [list(p.finditer(sentence)) for p in (_BUDGET, _SPENT, _SPENT_RATE)]
        if all(len(matches) == 1 for matches in found):
            [budget], [spent], [rate] = found
            instead = _share_instead(budget, spent, rate)
            if instead:
                yield Said(
                    start + rate.start(),
                    start + rate.start("number"),
                    start + rate.end("number"),
                    rate[0],
                    instead,
                    True,
                )
        start = end + 1


def _share_instead(budget: re.Match[str], spent: re.Match[str], rate: re.Match[str]) -> str | None:
    """What the share is, where it is not what is said, whatever was rounded away of the amounts."""
    (whole, off_whole), (part, off_part) = (_amount(m) for m in (budget, spent))
    if whole <= off_whole:
        return None
    said, places = _decimal(rate["number"]), _places(rate["number"])
    room = Decimal(5).scaleb(-places - 1)
    low, high = ((part - off_part) * 100 / (whole + off_whole), (part + off_part) * 100 / (whole - off_whole))
    if low - room <= said <= high + room:
        return None
    return (
        f"{spent['number']}{spent['unit']}÷{budget['number']}{budget['unit']}={plain(half_up(part * 100 / whole, 2))}%"
    )


def _amount(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    """An amount in 元, and half of its last digit."""
    size = _UNIT[match["unit"]]
    return _decimal(match["number"]) * size, Decimal(5).scaleb(-_places(match["number"]) - 1) * size


def _sentence(whole: str, at: int) -> str:
    return _STOPS.split(whole[:at])[-1] + _STOPS.split(whole[at:])[0]


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _places(text: str) -> int:
    return len(text.partition(".")[2])


def _among(text: str, known: Iterable[Decimal], *, rounded: bool = False) -> bool:
    """Whether a number is one of those known, at as many decimals as are written; a whole number only where it may be ``rounded``."""
    said, places = _decimal(text), _places(text)
    return any(k == said or ((places or rounded) and half_up(k, places) == said) for k in known)
