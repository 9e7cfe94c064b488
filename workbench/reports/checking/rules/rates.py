"""Rates in sentences: 执行率, 到位率, 完成率, 参保率 and the like against the amounts they come from, shares, growth.

A rate is wrong only when no pair of amounts around it gives it: every amount that may be its numerator over every amount or sum of
amounts that may be its denominator, in its sentence and the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.findings import Finding, finding, when
from workbench.reports.checking.language.amounts import SCALE, Amount, amounts_in, is_quotient
from workbench.reports.checking.language.known import Known, known, stretch
from workbench.reports.checking.language.numbers import Found, closed, numbers, text_of
from workbench.reports.checking.language.phrases import FULL_STOP, MAX_SENTENCE

_IS = r"(?:分别|仅|只有|也|均|就|则|约|共)?\s*[为是:达到计有]{0,3}\s*$"
_RATES: tuple[tuple[str, str, str], ...] = (
    # the rate; words of its numerator; words of its denominator
    (
        r"(?:(?:执行|支出|使用|支付)(?:率|进度)|预算完成率)",
        r"支出|执行|使用|支付|列支|拨付使用|兑付",
        r"预算|到位|下达|安排|批复|拨付|投资|指标|资金|额度",
    ),
    (r"到位率", r"到位|拨付|下达", r"预算|计划|安排|应|批复|下达|投资|申报|总额|资金"),
    (r"(?:有效率|有效回收率|有效问卷率|问卷有效率|有效问卷回收率)", r"有效", r"发放|发出|回收|收回|投放|共计|合计"),
    (r"(?<!有效)(?:回收|收回|返回|回复)率", r"回收|收回|返回|收到|回复", r"发放|发出|发送|投放"),
    (
        r"(?:抽样|抽查|抽取|抽检|现场评价|核查)(?:覆盖)?(?:率|比例|比重)",
        r"抽|现场|实地|核查",
        r"共|总|全|涉及|计划|安排",
    ),
)
_STEM = re.compile(r"(?P<stem>[\u4e00-\u9fff]{2,8}?)(?:率|比例)(?:仅|约|也|均)?[为是:达到]{0,3}\s*$")
_STEM_NOT = re.compile("增长|增幅|下降|变化|利|税|补贴|贡献|同比|环比|得分|折扣|偏差|负债|收益|占|比")
_ASKED = re.compile(
    r"目标|标准|要求|应|规定|不低于|不高于|低于|高于|超过|每|若|如|扣|≥|≤|上年|去年|同比|月|季|半年|序时|平均|全省|全市|全县"
)
"""A rate that is asked for, of a part of the year, of another year or place."""
_NEUTRAL = re.compile(
    r"其中|决算|该|本|其|此|项目|资金|预算|总体|整体|综合|全年|年度|当年|本年|实际|财政|专项|部门|单位|问卷|调查|则|即|故|因此|经计算|计算|可得|为|的|数|总|共|计"
    r"|累计|截[至止]?.*?(?:底|日|末|止|月(?!\d|底|末))|20\d\d年?|年|底|末|期末|至|完成|共计|合计|达|是|已|其中|有效|占|约|,|，|\s|[(]|[)]|项目组|评价组|本次|评价|现场|期间|工作|绩效|金额|额"
)
_WHOLE = re.compile("应|计划|目标|任务|总|共|设计|登记|抽检|检查|检测|验收|申报|参加|需")
_REACHED = re.compile("实际|实(?=发|收|建|到|拨|培)|已|完成|其中|累计")
_SHARE = re.compile(r"占(?P<base>[^。;；]{0,24}?)(?:的(?:比例|比重)?|比例|比重)?[为是:达到约]{0,2}\s*$")
_GROWTH = re.compile(r"(?P<way>增长|增加|提高|上升|增幅|下降|减少|降低|降幅)(?:了|率)?[为是:达到]{0,3}\s*$")
_FROM = re.compile(r"(?:较|比|与|同比|相较|对比)")
_WRITTEN = re.compile(r"\s*[(](?:即|=)?(?P<top>[^()/÷]{1,30})[/÷](?P<base>[^()/÷×]{1,30})(?:×100%)?[)]")
_MANY = 3
"""Amounts of which sums are tried."""


@dataclass(frozen=True)
class _Part:
    """A sum of amounts that may be a numerator or a denominator."""

    value: Fraction
    half: Fraction
    text: str


@dataclass(frozen=True)
class _Around:
    """A sentence with its amounts, those of the sentence before it, and the words that leave no other reading."""

    sentence: str
    amounts: Sequence[Amount]
    before: Sequence[Amount]
    spot: Spot
    known: Known

    def told(self, name: str, percent: Found, top: Amount, base: Amount) -> Finding:
        """A rate that is not ``top`` of ``base``: certain where all words about the three are known."""
        how = f"{top}÷{base}"
        wrong = finding("text_rate", self.spot, name, percent.number, _shown(top.value / base.value, percent), how)
        return when(self._is_known(percent, top, base), wrong)

    def _is_known(self, percent: Found, top: Amount, base: Amount) -> bool:
        clause = stretch(self.sentence, percent.start, percent.start)
        if clause.startswith("占"):
            # Part and whole stand right beside the share, whatever the part is called.
            return self.known.plain(base.label.removeprefix("占"))
        if top.unit not in SCALE:
            return self.known.one_thing(base.label, top.label, clause.replace("率", ""))
        here = [a for a in (top, base) if any(a is x for x in self.amounts)]
        words = "".join(a.label for a in (top, base) if a not in here)
        first = min((a.start for a in here), default=percent.start)
        return self.known.plain(words + stretch(self.sentence, min(first, percent.start), max(percent.start, first)))


def rates(document: Document) -> Iterator[Finding]:
    """Every rate that no amounts around it give."""
    words = known(document)
    for paragraph in document.paragraphs:
        if paragraph.contents:
            continue
        before: list[Amount] = []
        for match in FULL_STOP.finditer(closed(paragraph.text)):
            if len(match[0]) > MAX_SENTENCE:
                before = []
                continue
            found = numbers(match[0])
            amounts = amounts_in(match[0], found)
            yield from _sentence(found, _Around(match[0], amounts, before, paragraph.spot, words))
            before = amounts


def _sentence(found: Sequence[Found], around: _Around) -> Iterator[Finding]:
    sentence = around.sentence
    percents = [f for f in found if f.number.percent]
    if "分别" in sentence and len(percents) > 1:
        return
    for n, percent in enumerate(percents):
        first = percents[n - 1].end if n else 0
        clause = re.split(r"[,，;；、(]", sentence[first : percent.start])[-1]
        window = _window(sentence, percent, percents[n + 1 :], around.amounts)
        if (written := _WRITTEN.match(sentence, percent.end)) is not None:
            yield from _as_written(percent, written, around.spot)
            continue
        rate = next(((r, top, base) for r, top, base in _RATES if re.search(r + _IS, clause)), None)
        if rate is not None:
            yield from _rate(percent, clause, rate, window, around)
        elif (growth := _GROWTH.search(clause)) is not None:
            yield from _grown(percent, growth["way"], window, around)
        elif (share := _SHARE.search(sentence[first : percent.start])) is not None:
            yield from _shared(percent, first + share.start(), window, around)
        elif (stem := _STEM.search(clause)) is not None and not _STEM_NOT.search(stem["stem"]):
            yield from _stemmed(percent, clause, stem["stem"], window, around)


def _window(sentence: str, percent: Found, later: Sequence[Found], amounts: Sequence[Amount]) -> list[Amount]:
    """The amounts before a rate; those behind it where none stand before, or where they follow in brackets."""
    end = later[0].start if later else len(sentence)
    behind = [a for a in amounts if percent.end <= a.start < end]
    before = [a for a in amounts if a.start < percent.start]
    bracket = bool(behind) and "(" in sentence[percent.end : behind[0].start]
    return [*before, *behind] if bracket or not before else before


def _as_written(percent: Found, written: re.Match[str], spot: Spot) -> Iterator[Finding]:
    """“执行率为95%(450万元/500万元)”."""
    amounts = amounts_in(written["top"]), amounts_in(written["base"])
    if not amounts[0] or not amounts[1]:
        return
    [top], [base] = amounts[0][-1:], amounts[1][-1:]
    if (
        top.kind != base.kind
        or not base.value
        or is_quotient(percent.number, top.value, base.value, (top.half, base.half))
    ):
        return
    yield finding("text_rate", spot, "比率", percent.number, _shown(top.value / base.value, percent), f"{top}÷{base}")


def _rate(
    percent: Found,
    clause: str,
    rate: tuple[str, str, str],
    here: Sequence[Amount],
    around: _Around,
) -> Iterator[Finding]:
    """A rate of the known kinds; of a part of the money only when its clause's words name the same part."""
    pattern, over, under = rate
    match = re.search(pattern + _IS, clause)
    if match is None or _ASKED.search(clause) or _NEUTRAL.sub("", clause[: match.start()]):
        return
    tops = [a for a in here if re.search(over, a.label)] or [a for a in around.before if re.search(over, a.label)]
    bases = [a for a in (*here, *around.before) if re.search(under, a.label) and a not in tops[-1:]]
    bases = [b for b in bases if tops and b.kind == tops[-1].kind]
    name = match[0].rstrip(":为是达到计有 ")
    if tops and bases and not _NEUTRAL.sub("", re.sub(over, "", tops[-1].label)):
        # What is told as wrong is held against the whole, not against a part that is less than what it is divided by.
        whole = [b for b in bases if b.value >= tops[-1].value] or bases
        yield from _held(percent, name, tops, [*here, *around.before], whole[0], around)


def _held(
    percent: Found, name: str, tops: Sequence[Amount], all_: Sequence[Amount], base: Amount, context: _Around
) -> Iterator[Finding]:
    top = tops[-1]
    around = [a for a in all_ if a.kind == top.kind]
    # “10600万元(约1.06亿元)” says the same once more.
    around = [a for a in around if not (a.rough and a.label.startswith("("))]
    if any(a.rough for a in around) or base.kind != top.kind or not base.value:
        return
    numerators = [_Part(a.value, a.half, str(a)) for a in tops if a.kind == top.kind]
    numerators += _sums([a for a in tops if a.kind == top.kind])
    bases = [_Part(a.value, a.half, str(a)) for a in around if a is not top] + _sums(
        [a for a in around if a is not top]
    )
    fits = any(
        b.value and is_quotient(percent.number, t.value, b.value, (t.half, b.half)) for t in numerators for b in bases
    )
    if not fits and not _elsewhere(percent, all_):
        yield context.told(name, percent, top, base)


def _elsewhere(percent: Found, amounts: Sequence[Amount]) -> bool:
    """Whether two amounts of another kind give the rate: “68个小区2.33万户” may be counted by either."""
    pairs = ((a, b) for a in amounts for b in amounts if a is not b and a.kind == b.kind and b.value)
    return any(is_quotient(percent.number, a.value, b.value, (a.half, b.half)) for a, b in pairs)


def _sums(amounts: Sequence[Amount]) -> list[_Part]:
    """Sums of two or three amounts: a budget may be said source by source."""
    chosen = list(amounts)[:6]
    return [
        _Part(sum((a.value for a in some), Fraction(0)), sum((a.half for a in some), Fraction(0)), "")
        for size in range(2, _MANY + 1)
        for some in combinations(chosen, size)
    ]


def _shown(exact: Fraction, percent: Found) -> str:
    return f"{text_of(exact * 100, max(percent.number.places, 2))}%"


def _stemmed(percent: Found, clause: str, stem: str, window: Sequence[Amount], around: _Around) -> Iterator[Finding]:
    """“应参保12.5万人,实际参保11.8万人,参保率94.4%”: planned and reached of the same thing, or of the thing the rate names."""
    core = stem[-2:]
    last = clause.rfind(stem)
    if _ASKED.search(clause[:last]) or _NEUTRAL.sub("", clause[:last]):
        return
    bases = [a for a in window if _WHOLE.search(a.label) and not _REACHED.search(a.label)]
    if len(bases) != 1:
        return
    [base] = bases
    tops = [a for a in window if a.kind == base.kind and a.start > base.start]
    tops = [a for a in tops if core in a.label or (_REACHED.search(a.label) and _alike(a.label, base.label))]
    if len(tops) == 1:
        yield from _held(percent, f"{stem}率", tops, window, base, around)


def _alike(one: str, other: str) -> bool:
    """Whether two labels speak of the same thing, one perhaps in fewer words."""
    first, second = _thing(one), _thing(other)
    return first == second or bool(first and second and (first.startswith(second) or second.startswith(first)))


def _thing(label: str) -> str:
    """What is planned or reached, without saying which."""
    return re.sub(
        rf"{_WHOLE.pattern}|{_REACHED.pattern}|截至?.*?[底末日]|20\d\d年?|年度?|项目|本|该|[的了:\s]", "", label
    )


def _shared(percent: Found, at: int, window: Sequence[Amount], around: _Around) -> Iterator[Finding]:
    """“抽查资金320万元,占项目资金总额800万元的40%”."""
    sentence = around.sentence
    bases = [a for a in window if a.start > at]
    earlier = [a for a in window if a.end <= at]
    if len(bases) != 1 or not earlier or not re.fullmatch(r"[,，(]?\s*", sentence[earlier[-1].end : at]):
        return
    if earlier[-1].kind == bases[0].kind and not _ASKED.search(sentence[at : percent.start]):
        yield from _held(percent, "占比", earlier[-1:], [earlier[-1], bases[0]], bases[0], around)


def _grown(percent: Found, way: str, window: Sequence[Amount], around: _Around) -> Iterator[Finding]:
    """“就诊120万人次,较上年的100万人次增长20%”: the only two amounts, the later one behind 较 or 比."""
    if len(window) != 2 or window[0].kind != window[1].kind or any(a.rough for a in window) or not window[1].value:
        return
    now, then = window
    sentence = around.sentence
    compared = _FROM.search(sentence[now.end : then.start]) and not re.search(
        r"[,，]", sentence[then.end : percent.start]
    )
    if not compared or re.search("百分点|目标|计划|预算", sentence[now.end : percent.start]):
        return
    moved = (now.value - then.value) / then.value
    down = way in ("下降", "减少", "降低", "降幅")
    half = ((now.half + then.half * (1 + abs(moved))), Fraction(0))
    if not is_quotient(percent.number, -(now.value - then.value) if down else now.value - then.value, then.value, half):
        shown = _shown(-moved if down else moved, percent)
        wrong = finding("text_rate", around.spot, way, percent.number, shown, f"({now}-{then})÷{then}")
        yield when(around.known.one_thing(now.label), wrong)
