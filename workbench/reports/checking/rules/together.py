"""Sums that a sentence says are of what stands right before them, and of how many: “三部分合计93.1分”, “分别到位4.5亿元、0.88亿元,合计5.38亿元”.

Read only where what stands before leaves no choice: as many points as the sentence counts, amounts listed one behind the other, or
amounts each of which is named like the sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.findings import Finding, finding
from workbench.reports.checking.language.amounts import SCALE, Amount, amounts_in
from workbench.reports.checking.language.numbers import chinese, closed, numbers, short, text_of
from workbench.reports.checking.language.phrases import FULL_STOP, MAX_SENTENCE

_N = r"\d{1,3}(?:\.\d+)?"
_COUNTED = re.compile(
    r"(?:^|(?<=[,，。;；:：])|(?<=以上)|(?<=上述))(?P<count>[二两三四五六七八]|[2-8])个?(?:部分|项|类|方面|大类|维度|板块)(?:指标|得分|分数)*(?:合计|相加|加总|累计|总计|共计|加和)"
    rf"(?:总分|总得分|得分|得|为|共|计|:)*\s*(?P<sum>{_N})\s*分(?!\s*[,，;；(]?\s*(?:实际?|共|合计|评价)*得)"
)
_POINTS = re.compile(rf"(?<![自初复互测考])(?:得|评|获得?)(?:分|为|了)*\s*(?P<points>{_N})\s*分(?!值|[以之]|率)")
_ANY = re.compile(rf"{_N}\s*分(?!值|[以之]|率)")
_SUM = re.compile(r"^\s*(?:三者|两者|以上|共计|合计|总计)+(?:资金|金额|支出|到位|[为是:共计])*$")
_EACH = rf"[^,，。;；:：()、\d]{{1,40}}[(]{_N}分[)]"
_BRACKETED = re.compile(rf"(?P<each>{_EACH}(?:、{_EACH})+)[,，](?:共计|合计|总计)(?:失|扣)?(?:分)?(?P<sum>{_N})分")
"""“失分的指标为甲(1.25分)、乙(0.20分),合计1.45分”."""
_JOINT = re.compile(r"\s*[、,，和及]\s*")


def together(document: Document) -> Iterator[Finding]:
    """Every such sum that is another."""
    for paragraph in document.paragraphs:
        if not paragraph.contents:
            text = closed(paragraph.text)
            yield from _points(text, paragraph.spot)
            for match in FULL_STOP.finditer(text):
                if len(match[0]) <= MAX_SENTENCE:
                    yield from _listed(match[0], paragraph.spot)


def _points(text: str, spot: Spot) -> Iterator[Finding]:
    """As many “得…分” before the sum as it says there are."""
    for match in _BRACKETED.finditer(text):
        each = [numbers(n)[0].number for n in re.findall(rf"[(]({_N})分[)]", match["each"])]
        exact, whole = sum((n.value for n in each), Decimal(0)), numbers(match["sum"])[0].number
        if whole.value != exact:
            how = "+".join(map(str, each))
            yield finding("text_sum", spot, f"“合计{whole}分”", whole, text_of(exact), how)
    for match in _COUNTED.finditer(text):
        number = chinese(match["count"].replace("两", "二"))
        count = int(match["count"]) if number is None else int(number.value)
        points = [numbers(m["points"])[0].number for m in _POINTS.finditer(text[: match.start()])]
        total = sum((p.value for p in points), Decimal(0))
        stated = numbers(match["sum"])[0].number
        others = [numbers(m[0])[0].number.value for m in _ANY.finditer(text[: match.start()])]
        full = sum(others, Decimal(0)) - total
        if len(points) == count and stated.value not in (total, full):
            how = "+".join(map(str, points)) + f"={text_of(total)}"
            yield finding("text_sum", spot, f"“{match[0]}”", stated, text_of(total), how)


def _listed(sentence: str, spot: Spot) -> Iterator[Finding]:
    """Two amounts or more with nothing between them but “、”, and their sum right behind."""
    amounts = amounts_in(sentence)
    for n, whole in enumerate(amounts):
        parts = _run(sentence, amounts[:n]) if _SUM.match(whole.label) else []
        joined = bool(parts) and re.fullmatch(r"\s*[,，]\s*", sentence[parts[-1].end : whole.start - len(whole.label)])
        if len(parts) > 1 and joined and "分别" in sentence[: parts[0].start]:
            yield from _held(whole, parts, spot)


def _run(sentence: str, before: Sequence[Amount]) -> list[Amount]:
    """The amounts right behind one another at the end."""
    run = list(before[-1:])
    for amount in reversed(before[:-1]):
        if not _JOINT.fullmatch(sentence[amount.end : run[0].start]):
            break
        run.insert(0, amount)
    return run


def _held(whole: Amount, parts: Sequence[Amount], spot: Spot) -> Iterator[Finding]:
    if any(a.rough or a.kind != whole.kind for a in (whole, *parts)):
        return
    total = sum((p.value for p in parts), Fraction(0))
    if abs(total - whole.value) > whole.half + sum((p.half for p in parts if p.number.places), Fraction(0)):
        step = SCALE.get(whole.unit, Fraction(1))
        shown = "+".join(str(p) for p in parts)
        yield finding("money_sum", spot, "合计", whole, f"{short(total / step, 6)}{whole.unit}", shown)
