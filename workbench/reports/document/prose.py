"""Numbers in an analyst's prose: typed ones are named, and those the result contradicts block 定稿.

Prose should never carry a typed number of points, percent or money: it stays behind when the result moves. What cannot be
told for sure (whose points “8.5分” are) is only named; a total, a level's points, a 得分率 or a grade that the result does not
have is a contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from workbench.base.errors import Problem
from workbench.base.exact import half_up
from workbench.base.text import plain
from workbench.reports import reading
from workbench.reports.document.pieces import Filled
from workbench.reports.document.references import known_points, known_rates
from workbench.reports.document.stated import Named, named, stated
from workbench.scoring.result import RunResult, SubjectResult

_DIGITS = str.maketrans("123456789.,", "0" * 11)
_UNQUOTED = str.maketrans("", "", '“”「」"')
HALF_WIDTH = str.maketrans("０１２３４５６７８９．％，", "0123456789.%,")
_NUMBER = r"(?P<number>-?\d[\d,]*(?:\.\d+)?)"
_UNITS = (
    r"(?P<unit>分(?![钟之别析布类级项为])|%|‰|个百分点|百分点|亿元|万元|千元|元|户|亩|人次|人(?!均|员|大|民)|份(?!额))"
)
_TYPED = re.compile(rf"(?<![\d.第〔]){_NUMBER}\s*{_UNITS}")
_GAP = r"(?:合计|共计|共|为|是|达到|达|:|：|\s){0,2}"
_TOTAL = re.compile(rf"(?:综合评价得分|综合得分|评价得分|总得分|最终得分|总评分|总分){_GAP}{_NUMBER}\s*分(?!钟|之)")
_POINTS = re.compile(rf"得分{_GAP}{_NUMBER}\s*分(?!钟|之)")
_RATE = re.compile(rf"得分率{_GAP}{_NUMBER}\s*%")
_LABELS = "优秀|优|良好|良|中等|中|较差|差|不合格|合格|一般|低"
_FULL = re.compile(rf"满分{_GAP}{_NUMBER}\s*分(?!钟|之)")
_LOST = re.compile(rf"(?:共计?|合计|累计|总计)(?:失|扣|丢)分?{_GAP}{_NUMBER}\s*分(?!钟|之)")
_DESIGN = re.compile("体系|分值|权重|满分|百分制|设[置定为]")
"""In a sentence with 总分: what is meant may be what can be reached."""
_GRADE = re.compile(rf"(?:等级|评级|评价结[果论]|评定|评){_GAP}[“\"「]?(?P<grade>{_LABELS})(?=[”\"」，,。;；、\s]|$)")
_OTHERS = re.compile(r"自评|原评价|上年|上一年|去年|以前年度|公布|公开|评审前|计算得分|按得分")
"""Before a number: it is not about this result's final points."""
_LOOK_BACK = 12
_ODD_BRACES = re.compile(
    r"(?:｛\s*[｛{]|\{\s*｛)[^{}｛｝\n]{0,40}(?:[｝}]\s*[｝}])?|(?<![{｛])[{｛]\s*(?:总分|满分|等级|得分率|指标\[|一级\[|对象\[|事实\[)[^{}｛｝\n]{0,40}[}｝](?!\})|\}\}"
)


@dataclass
class Facts:
    """What the result says, as sets of decimal numbers and labels that prose is compared with."""

    totals: set[Decimal] = field(default_factory=set)
    points: set[Decimal] = field(default_factory=set)
    rates: set[Decimal] = field(default_factory=set)
    grades: set[str] = field(default_factory=set)
    levels: dict[str, set[Decimal]] = field(default_factory=dict)
    full: set[Decimal] = field(default_factory=set)
    full_levels: dict[str, set[Decimal]] = field(default_factory=dict)
    losses: list[Decimal] = field(default_factory=list)
    named: Named | None = None


def facts_of(result: RunResult) -> Facts:
    """The numbers and grades of a result."""
    facts = Facts(named=named(result))
    for subject in result.subjects:
        facts.totals |= _numbers(_totals(subject))
        facts.points |= _numbers(known_points(subject))
        facts.rates |= _numbers(known_rates(subject))
        facts.grades |= _grades(subject)
        for level in subject.levels:
            own = _numbers([level.points, level.low, level.high, level.weight, level.applicable])
            facts.levels.setdefault(level.name, set()).update(own)
            facts.full_levels.setdefault(level.name, set()).update(_numbers([level.weight, level.applicable]))
        facts.full.add(reading.full_points(subject))
        facts.losses += [loss.lost for loss in reading.losses(subject) if loss.lost > 0]
    return facts


def _totals(subject: SubjectResult) -> list[str | None]:
    computed = subject.computed
    before = [computed.total, *computed.interval] if computed is not None else []
    return [subject.total, *subject.interval, *before]


def _adds_up(said: Decimal, losses: Sequence[Decimal]) -> bool:
    """Whether some of the losses add up to a number, as far as its decimals go. Bit n of a sum: n hundredths can be reached."""
    sums = 1
    for lost in losses:
        sums |= sums << int(lost * 100)
    places = min(2, max(0, -int(said.as_tuple().exponent)))
    half, hundredths = 10 ** (2 - places) // 2, int(said * 100)
    return bool(sums >> max(1, hundredths - half) & ((1 << max(1, 2 * half)) - 1))


def _grades(subject: SubjectResult) -> set[str]:
    computed = subject.computed.grade if subject.computed is not None else None
    return {g for g in (subject.grade, subject.grade_name, subject.score_grade, computed) if g}


def _numbers(texts: Sequence[str | None] | set[str]) -> set[Decimal]:
    return {Decimal(t) for t in texts if t is not None}


@dataclass(frozen=True)
class Seen:
    """A typed number: what is to be said of it, and of a contradiction the words and the sentence it stands in."""

    problem: Problem
    words: str = ""
    sentence: str = ""


CONTRADICTS = "text_contradicts"
"""Code of a contradiction, by which somebody may let it stand (``checked``)."""


def examine(text: Filled, facts: Facts) -> Iterator[Seen]:
    """Typed numbers (warnings) and contradictions (errors), in the order of the text."""
    whole = text.text.translate(HALF_WIDTH)
    typed = [p.typed for p in text.pieces for _ in p.text]
    contradicted: set[int] = set()
    for at, found, said in sorted(_contradictions(whole, typed, facts)):
        contradicted.add(at)
        message = f"文字与结果不符:写的是“{found}”,{said}"
        fix = "请改用引用,如 {{ 总分 }};确为其他年度或他人的得分,请在前面写明(如自评、上年);核对无误的,写入 checked(代码 text_contradicts)"
        yield Seen(Problem(CONTRADICTS, message, text.at(at), fix=fix), found, _sentence(whole, at))
    for match in _TYPED.finditer(whole):
        at = match.start("number")
        if at in contradicted or not all(typed[at : match.end("number")]):
            continue
        fix = "请引用结果中的值;结果中没有的,写入 report.yaml 的 facts(注明来源)再引用"
        found = _around(whole, match)
        yield Seen(Problem("typed_number", "文字中直接写了数字", text.at(at), found, None, fix, severity="warning"))


def _contradictions(whole: str, typed: Sequence[bool], facts: Facts) -> Iterator[tuple[int, str, str]]:
    """Position, words, and what the result says instead."""
    seen: set[int] = set()
    for match, known, noun in _claims(whole, facts):
        at = match.start("number")
        if at in seen or not all(typed[at : match.end("number")]) or _of_others(whole, match.start()):
            continue
        seen.add(at)
        if not _among(match["number"], known):
            yield at, match[0], f"结果中{noun}"
    for said in stated(whole, facts.named) if facts.named is not None else ():
        ours = said.derived or all(typed[said.start : said.end])
        if said.start not in seen and said.instead and ours and not _of_others(whole, said.begin):
            seen.add(said.start)
            yield said.start, said.words, said.instead
    for match in _GRADE.finditer(whole):
        at, label = match.start("grade"), match["grade"]
        ours = any(g.startswith(label) or label.startswith(g) for g in facts.grades)
        if all(typed[at : match.end("grade")]) and not ours and not _of_others(whole, match.start()):
            yield at, match[0].translate(_UNQUOTED), f"结果中等级为{'、'.join(sorted(facts.grades)) or '未评定'}"


def _claims(whole: str, facts: Facts) -> Iterator[tuple[re.Match[str], set[Decimal], str]]:
    """Numbers whose meaning is sure: the most special pattern first."""
    for match in _TOTAL.finditer(whole):
        designed = match[0].startswith("总分") and _DESIGN.search(_sentence(whole, match.start()))
        yield match, facts.totals | (facts.full if designed else set()), f"总分为{_shown(facts.totals)}"
    for match in _LOST.finditer(whole):
        said = Decimal(match["number"].replace(",", ""))
        yield match, {said} if _adds_up(said, facts.losses) else set(), "各项失分相加没有这个数"
    for name, own in facts.levels.items():
        stem = re.escape(name.removesuffix("指标"))
        pattern = rf"(?<!\w){stem}(?:类)?(?:指标)?{_GAP}得分?{_GAP}{_NUMBER}\s*分(?!钟|之)"
        for match in re.finditer(pattern, whole):
            yield match, own, f"“{name}”没有这个分数"
        full = facts.full_levels[name]
        for match in re.finditer(rf"(?<!\w){stem}(?:类)?(?:指标)?{_FULL.pattern}", whole):
            yield match, full, f"“{name}”满分为{_shown(full)}"
    for match in _POINTS.finditer(whole):
        yield match, facts.points, "没有这个得分"
    for match in _RATE.finditer(whole):
        yield match, facts.rates, "没有这个得分率"


def _sentence(whole: str, at: int) -> str:
    """The sentence around a place."""
    return re.split(r"[。;；\n]", whole[:at])[-1] + re.split(r"[。;；\n]", whole[at:])[0]


def _shown(numbers: set[Decimal]) -> str:
    return "、".join(plain(n) for n in sorted(numbers))


def _of_others(whole: str, start: int) -> bool:
    """Whether the words before say that another year's, or somebody else's, score is meant."""
    return bool(_OTHERS.search(re.split(r"[。;；\n]", whole[max(0, start - _LOOK_BACK) : start + 2])[-1]))


def _among(text: str, known: set[Decimal]) -> bool:
    """Whether a typed number is one of the result's, at as many decimals as were typed."""
    said = Decimal(text.replace(",", ""))
    places = max(0, -int(said.as_tuple().exponent))
    return any(k == said or half_up(k, places) == said for k in known)


def _around(whole: str, match: re.Match[str]) -> str:
    """A few words with the number, so that it is found again."""
    start, end = max(0, match.start() - 8), match.end() + 4
    while start and whole[start - 1 : start + 1].translate(_DIGITS) == "00":  # a number is not cut in half
        start -= 1
    while end < len(whole) and whole[end - 1 : end + 1].translate(_DIGITS) == "00":
        end += 1
    return whole[start:end].replace("\n", " ").strip()


def odd_braces(text: Filled) -> Iterator[Problem]:
    """What was meant as a reference and would be printed as it stands: ｛｛ 总分 ｝｝, { 总分 }, 总分 }}."""
    at = 0
    for piece in text.pieces:
        for match in _ODD_BRACES.finditer(piece.text) if piece.typed else ():
            if match[0] != "}}" or "{{" not in piece.text:
                place, fix = text.at(at + match.start()), "请用两个半角的花括号,两边成对,如 {{ 总分 }}"
                yield Problem("bad_syntax", "引用的括号没有写对", place, match[0], fix=fix)
        at += len(piece.text)


def doubled_percent(text: Filled) -> Iterator[Problem]:
    """``{{ 得分率 }}%``: the reference has its percent sign already."""
    at = 0
    for before, after in pairwise(text.pieces):
        at += len(before.text)
        if not before.typed and before.text.endswith("%") and after.text[:1] in ("%", "％"):
            message = "引用的值已带“%”,后面又写了一个"
            yield Problem("doubled_percent", message, text.at(at), before.text, fix="请删去后面的“%”")
