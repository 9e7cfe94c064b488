"""Amounts in sentences and the parts they are made of: sources of money, items of spending, subjects by grade.

Parts need not be all there are. They are held against the whole where the sentence adds them up itself (共计), where the last is
“其他”, where there are three sources or more, or where they come to more than the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.findings import Finding, finding, when
from workbench.reports.checking.language.amounts import SCALE, Amount, amounts_in
from workbench.reports.checking.language.bands import LABELS
from workbench.reports.checking.language.known import known
from workbench.reports.checking.language.numbers import closed, short
from workbench.reports.checking.language.phrases import FULL_STOP, MAX_SENTENCE

_SOURCE = re.compile(
    r"(?:中央|国家|部级|省|自治区|市|州|县|区|乡|镇|村|地方|上级|本级|同级|财政|自筹|自有|配套|社会|银行|贷款|资本金|出资|补助|投入|企业|群众|捐赠|其他|其余|专项债|债券|一般公共|政府性基金|基本支出|项目支出|上年结转|结转|年初)"
)
_NOT_SOURCE = re.compile("执行|到位|结余|完成|占|用于|其中|含|合计|共计|总计|小计|达|增长|较|比")
_OTHER = re.compile("^(?:其他|其余|剩余)")
_TOTAL = re.compile("共计|合计|总计|总额为?|总投资|总预算")
_OPENS = re.compile(
    r"\s*(?:[(]约[^()]{1,16}[)])?(?:[,，;；]?\s*按(?:资金)?来源(?:划分|分|看)[:：,，]|[,，]?由|[(]\s*(?:其中|包括|含|分别为)?|[,，(]?\s*其中|[,，]?\s*包括)\s*[:：,，]?\s*"
)
_JOINS = re.compile(r"\s*[、,，和及;；]\s*[\u4e00-\u9fff]{1,16}\s*[为是共:]{0,2}\s*")
_LABEL = re.compile(r"^[\s、,，和及;；(:]*(?:其中)?[:：,，]?(?P<name>.*?)[为是共:\s]*$")
_SURE = 3
"""Sources that are named from which they are all."""
_FEWEST_ITEMS = 2
_PAIRS = (({"基本支出", "项目支出"}), ({"人员经费", "公用经费"}))
"""Two that are all there is."""
_REST = re.compile("自筹|自有|配套|其他|其余")
"""A second source behind 其中 in brackets that is the rest."""
_LEVEL = re.compile("^(?:中央|国家|省|自治区|市|州|县|区|乡|镇|村)")
_PLAIN_SOURCE = re.compile(
    "(?:中央|国家|自治区|省|市|州|县|区|乡|镇|村|地方|级|财政|专项|债券|一般公共|政府性基金|预算|资金|补助|配套|安排|投入|拨款|自筹|自有|银行|贷款|资本金|"
    "社会|企业|群众|单位|奖补|经费|项目|申请|出资|其他|其余|上年|结转|收入)+"
)
_ITEMISED = re.compile(r"[,，]?\s*(?:其中|包括|分别[为是]|具体为)?\s*[:：]|[,，]\s*(?:其中|包括)")
_SPENT_WHOLE = re.compile(
    r"(?:^|[^\u4e00-\u9fff])(?:(?:本|该)?项目|全年|年度|20\d\d年(?:度)?|实际|累计|资金)*(?:总(?:支出|投资|成本|费用)|(?:支出|费用|成本|投资)(?:合计|共计|总计|总额)|(?:共|合计|共计)支出)[为是共:]*$"
)
_SPENDING = re.compile("[\u4e00-\u9fff]{1,10}(?:费用?|经费|工程款|支出|补助|补贴)[为是共:]{0,2}")
"""What money is spent on."""
_WITHIN = re.compile("含|其中|另|扣除|预备|合计|小计")
_MADE_OF = re.compile(r"\s*(?:构成|组成)")


def parts(document: Document) -> Iterator[Finding]:
    """Every whole that is not the sum of its parts."""
    words = known(document)
    for paragraph in document.paragraphs:
        if paragraph.contents:
            continue
        for match in FULL_STOP.finditer(closed(paragraph.text)):
            sentence = match[0]
            if len(sentence) <= MAX_SENTENCE and not re.search("分别|等[,，、)]", sentence):
                amounts = amounts_in(sentence)
                for n, whole in enumerate(amounts):
                    for found in _below(sentence, whole, amounts[n + 1 :], paragraph.spot):
                        yield when(words.one_thing(whole.label), found)
                    yield from _itemised(sentence, whole, amounts[n + 1 :], paragraph.spot)
                    for found in _above(sentence, whole, amounts[:n], paragraph.spot):
                        yield when(words.plain(whole.label), found)


def _below(sentence: str, whole: Amount, rest: Sequence[Amount], spot: Spot) -> Iterator[Finding]:
    """“资金8,250万元(中央5,000万元、省2,000万元、市1,250万元)”, “支出459万元,其中设备购置费234.57万元…其他104.43万元”."""
    opened = _OPENS.match(sentence, whole.end)
    if opened is None:
        return
    rest = [a for a in rest if a.start >= opened.end()]
    if not rest or rest[0].start - opened.end() > 20:
        return
    parts: list[Amount] = []
    at = opened.end()
    for part in rest:
        between = sentence[at : part.start]
        if part.kind != whole.kind or (parts and not _JOINS.fullmatch(between)) or (")" in between):
            break
        parts.append(part)
        at = part.end
    names = [_name(p) for p in parts]
    graded = all(n in LABELS for n in names)
    others = [n for n, name in enumerate(names) if _OTHER.match(name)]
    if others:
        parts = parts[: others[0] + 1]
    elif not graded:
        sources = [_is_source(n) for n in names]
        parts = parts[: sources.index(False)] if False in sources else parts
    pair = len(parts) == 2 and (
        set(names[:2]) in _PAIRS
        or (sentence[opened.start() : opened.end()].strip().startswith("(") and _REST.search(names[1]))
    )
    sure = bool(others or graded or pair or len(parts) >= _SURE)
    certain = bool(others or graded or pair or _are_sources([_name(p) for p in parts]))
    yield from (when(certain, f) for f in _held(whole, parts, spot, sure=sure))


def _above(sentence: str, whole: Amount, parts: Sequence[Amount], spot: Spot) -> Iterator[Finding]:
    """“省级资金1,200万元,县级配套300万元,共计1,500万元”."""
    if not _TOTAL.search(whole.label) or whole.unit not in SCALE or re.search("支出|执行|到位", whole.label):
        return
    if len(parts) > 1 and all(_is_source(_name(p)) and p.unit in SCALE for p in parts):
        between = [sentence[a.end : b.start] for a, b in zip(parts, [*parts[1:], whole], strict=True)]
        if not any("(" in b or "其中" in b for b in between):
            yield from _held(whole, parts, spot, sure=True)


def _itemised(sentence: str, whole: Amount, rest: Sequence[Amount], spot: Spot) -> Iterator[Finding]:
    """“支出合计1035万元:工程费900万元,设备费100万元,管理费45万元”: all that follows, up to the end of the sentence."""
    opened = _ITEMISED.match(sentence, whole.end) if _SPENT_WHOLE.search(whole.label) else None
    if opened is None or len(rest) < _FEWEST_ITEMS or any(p.unit not in SCALE for p in rest) or whole.unit not in SCALE:
        return
    gaps = [sentence[a : b.start] for a, b in zip([opened.end(), *(p.end for p in rest)], rest, strict=False)]
    names = [re.sub(r"^\s*[、,，和及;；:：]?\s*", "", gap) for gap in gaps]
    plain = all(_SPENDING.fullmatch(n) and not _WITHIN.search(n) for n in names) and len(set(names)) == len(names)
    if plain and not sentence[rest[-1].end :].strip(")） "):
        exceeds = sum((p.value for p in rest), Fraction(0)) > whole.value
        all_told = ":" in opened[0] and "其中" not in opened[0]
        yield from (when(exceeds or all_told, f) for f in _held(whole, rest, spot, sure=all_told))


def _are_sources(names: Sequence[str]) -> bool:
    """Whether all are sources by words that are known, and none of them is what another is a part of."""
    levels = [bool(_LEVEL.match(n)) for n in names]
    umbrella = any(levels) and any(re.match("财政|上级|预算", n) for n in names)
    return all(_PLAIN_SOURCE.fullmatch(n) for n in names) and not umbrella


def _name(part: Amount) -> str:
    match = _LABEL.match(part.label)
    return match["name"].strip() if match else ""


def _is_source(name: str) -> bool:
    return bool(_SOURCE.search(name)) and not _NOT_SOURCE.search(name)


def _held(whole: Amount, parts: Sequence[Amount], spot: Spot, *, sure: bool) -> Iterator[Finding]:
    if len(parts) < 2 or any(a.rough for a in (whole, *parts)):
        return
    total = sum((p.value for p in parts), Fraction(0))
    half = whole.half + sum((p.half for p in parts if p.number.places), Fraction(0))
    if abs(total - whole.value) <= half or (total < whole.value and not sure):
        return
    step = SCALE.get(whole.unit, Fraction(1))
    shown = "+".join(str(p) for p in parts)
    name = whole.label.strip("(,，:为是共") or "金额"
    yield finding("money_sum", spot, f"“{name}”", whole, f"{short(total / step, 6)}{whole.unit}", shown)
