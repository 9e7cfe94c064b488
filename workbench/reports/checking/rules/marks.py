"""One indicator's points in its own paragraph, and experts' marks with their mean.

“关于救助及时率,进度滞后,扣1.5分,得3.5分(权重5分)”: full points, points lost and points, where the paragraph gives no other points.
“三名专家打分分别为90、89、92分,平均分90.33分”: a mean right behind all the marks it is of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.findings import Finding, finding
from workbench.reports.checking.language.numbers import Number, closed, numbers, says, text_of

_N = r"\d{1,3}(?:\.\d+)?"
_POINTS = re.compile(rf"{_N}\s*分(?!之|别|值|数|析|配|级)")
_FULL = re.compile(rf"(?:满分|权重|标准分|(?<![得评定])分值)(?:分值|值|分)?[为是:]?\s*(?P<n>{_N})\s*分")
_LOST = re.compile(rf"(?:扣减?|扣除|失|扣分|失分)(?:了|去|为|:)?\s*(?P<n>{_N})\s*分")
_GOT = re.compile(rf"(?:得分?|评定|评分|计)(?:值)?[为是:]?\s*(?P<n>{_N})\s*分")
_RULE = re.compile("每|若|如|加分|折算|扣完|最多|最高|倒扣|酌情|不得分|未?超过|其中")
"""A paragraph with a rule for scoring, or with parts."""
_SAME_THING = re.compile(
    '(?:综合|实际|最终|经|评价|评定|评估|组|本|该|此|项|指标|因此|故|则|合计|共计?|后|酌情|予以|应|其|实|评|计|[\\s”"])*'
)
_MARKS = re.compile(
    rf"(?:分别|依次)[\u4e00-\u9fff]{{0,6}}?(?P<marks>(?:{_N}\s*分?\s*[、,，和及]\s*){{2,}}{_N})\s*分"
    rf"(?:的?[\u4e00-\u9fff]{{0,6}})?[)]?\s*[,，;；。]\s*(?:算术|最终|专家)?(?:平均(?:得?分|分数|值|成绩)?|均值|均分)[为是:]*\s*(?P<mean>{_N})\s*分"
)
_ONE_BY_ONE = re.compile(
    rf"(?P<marks>(?:专家[^\d,，、;；。]{{1,4}}{_N}\s*分\s*[、,，;；]\s*)+专家[^\d,，、;；。]{{1,4}}{_N}\s*分)\s*[,，;；。]\s*"
    rf"(?:算术|最终|专家)?(?:平均(?:得?分|分数|值|成绩)?|均值|均分)[为是:]*\s*(?P<mean>{_N})\s*分"
)
_TRIMMED = re.compile("去掉|剔除|加权|权重|最高|最低")


def marks(document: Document) -> Iterator[Finding]:
    """Every deduction that does not lead from full points to points, every mean that is not that of its marks."""
    for paragraph in document.paragraphs:
        if not paragraph.contents:
            text = closed(paragraph.text)
            yield from _deducted(text, paragraph.spot)
            yield from _averaged(text, paragraph.spot)


def _deducted(text: str, spot: Spot) -> Iterator[Finding]:
    found = [list(pattern.finditer(text)) for pattern in (_FULL, _LOST, _GOT)]
    if any(len(f) != 1 for f in found) or len(_POINTS.findall(text)) != len(found) or _RULE.search(text):
        return
    first = min(f[0].start() for f in found)
    if not all(_continues(text, f[0].start()) for f in found if f[0].start() > first):
        return
    full, lost, got = (_number(f[0]["n"]) for f in found)
    exact = full.value - lost.value
    if not _alike(got, lost, exact):
        yield finding("lost", spot, f"“{found[1][0][0]}”", lost, text_of(full.value - got.value), f"{full}-{got}")


def _continues(text: str, at: int) -> bool:
    """Whether the clause up to ``at`` names nothing new, so that it speaks of what the clauses before it do."""
    return _SAME_THING.fullmatch(re.split("[,，。:：(（)）]", text[:at])[-1]) is not None


def _alike(got: Number, lost: Number, exact: Decimal) -> bool:
    """Whether the points are what is left; one of the two numbers may be printed with fewer decimals."""
    places = sorted((got.places, lost.places))
    spread = Decimal(5).scaleb(-places[0] - 1) if 0 < places[0] < places[1] else Decimal(0)
    return abs(got.value - exact) <= spread


def _averaged(text: str, spot: Spot) -> Iterator[Finding]:
    for match in (*_MARKS.finditer(text), *_ONE_BY_ONE.finditer(text)):
        given = [f.number for f in numbers(match["marks"])]
        if _TRIMMED.search(text):
            continue
        exact = sum((Fraction(n.value) for n in given), Fraction(0)) / len(given)
        mean = _number(match["mean"])
        if not says(mean, exact):
            how = f"({'+'.join(map(str, given))})÷{len(given)}"
            yield finding("arithmetic", spot, "平均分", mean, text_of(exact), how)


def _number(text: str) -> Number:
    return numbers(text)[0].number
