"""Counts that sentences break down, and names they list: “发现问题10个。其中,甲方面2个…”, “三名专家(李某、周某、郑某)”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workbench.reports.checking.document.model import Document, Spot
from workbench.reports.checking.findings import Finding, finding
from workbench.reports.checking.language.numbers import CHINESE, chinese, closed

_THINGS = "问题|事项|建议|意见|项目|子项目|疑点|短板|不足|整改事项"
_WHOLE = re.compile(
    rf"(?:(?P<thing>{_THINGS})(?:共|共计|合计|总计)?(?P<count>\d{{1,4}})[个项条]|(?P<before>\d{{1,4}})[个项条](?:主要|具体)?(?:{_THINGS}))"
)
_OPENS = re.compile(
    r"[^。\d]{0,12}(?:\d[\d,.]*\s*(?:万|亿)?元[^。\d]{0,4})?[,，。;；(]?\s*(?:其中|按类别分|按类型分|分类看|具体为|包括|涉及)[:：,，]?\s*"
)
_PART = re.compile(
    r"(?P<name>[\u4e00-\u9fff“”\"]{2,16}?)(?:方面)?(?:的)?(?:问题)?(?P<count>\d{1,4})[个项条](?P<join>[、,，]|和|及|[。;；)]|$)"
)
_STATE = re.compile("^(?:已|未|尚|其余|还|另|目前|涉及|占)")
"""What became of them is no kind."""
_SURE = 3
"""Kinds that are named from which they are all."""
_PEOPLE = re.compile(
    rf"(?P<number>\d{{1,2}}|{CHINESE}{{1,3}})(?:名|位)(?P<what>[\u4e00-\u9fff]{{1,10}})[(](?P<names>[^()\d]{{3,120}})[)]"
)
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦昌马苗方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅齐康伍余顾孟黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧计成戴宋庞熊纪舒屈项祝董"
    "梁杜阮蓝闵席季麻强贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万管卢莫房解应丁宣邓洪包左石崔吉龚程邢裴陆荣翁荀甄曲家"
    "封储靳焦牧车侯宁仇祖武符刘景詹龙叶黎白蒲邰鄂赖卓蔺屠蒙乔翟谭温庄晏柴瞿阎连习艾容向古易廖耿文欧沙丰关相肖聂曾涂岳"
)
_PERSON = re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}")
_EXPERTS = re.compile(
    rf"(?:专家(?:组成员)?(?:共|计|为|有)?(?P<number>\d{{1,2}}|{CHINESE}{{1,2}})[名位人]|(?P<before>\d{{1,2}}|{CHINESE}{{1,2}})[名位](?:评审|咨询|评价)?专家)"
    r"[,，]?(?:分别[为是]|即|名单[为是])?[:：]?(?P<names>[\u4e00-\u9fff]{2,3}(?:[、和][\u4e00-\u9fff]{2,3})+)(?=[。;；)]|$)"
)
"""“聘请专家3人:张某、李某、王某”: read where each name begins with a surname."""
_OPEN_END = re.compile("等|其中|及其|兼|含|包括|专业|领域|职称|[:：;；]")
_SEPARATE = re.compile(r"[、,，]|\s{1,2}")


def tallies(document: Document) -> Iterator[Finding]:
    """Every count that its kinds do not add up to, and every number of people that is not that of the names behind it."""
    for paragraph in document.paragraphs:
        if not paragraph.contents:
            text = closed(paragraph.text)
            yield from _kinds(text, paragraph.spot)
            yield from _people(text, paragraph.spot)
            yield from _experts(text, paragraph.spot)


def _kinds(text: str, spot: Spot) -> Iterator[Finding]:
    for whole in _WHOLE.finditer(text):
        opened = _OPENS.match(text, whole.end())
        if opened is None:
            continue
        parts, ended = _parts(text, opened.end())
        total = sum(int(p["count"]) for p in parts)
        stated = int(whole["count"] or whole["before"])
        if len(parts) >= 2 and total != stated and (total > stated or (ended and len(parts) >= _SURE)):
            how = "+".join(p["count"] for p in parts)
            yield finding("count", spot, f"“{whole[0]}”", stated, total, how)


def _parts(text: str, at: int) -> tuple[list[re.Match[str]], bool]:
    """The kinds and their counts from ``at`` on, and whether the sentence ends with the last."""
    parts: list[re.Match[str]] = []
    while (match := _PART.match(text, at)) is not None and not _STATE.match(match["name"]):
        parts.append(match)
        at = match.end()
        if match["join"] in ("。", ")", ";", "；", ""):
            return parts, True
    return parts, False


def _people(text: str, spot: Spot) -> Iterator[Finding]:
    for match in _PEOPLE.finditer(text):
        number = match["number"]
        count = int(number) if number.isdecimal() else _chinese(number)
        names = _names(match["names"])
        if count is not None and names and count not in names:
            listed = max(names)
            yield finding("count", spot, f"“{number}名{match['what']}”", number, listed, f"其后列出{listed}人")


def _experts(text: str, spot: Spot) -> Iterator[Finding]:
    for match in _EXPERTS.finditer(text):
        number = match["number"] or match["before"]
        count = int(number) if number.isdecimal() else _chinese(number)
        names = re.split("[、和]", match["names"])
        if count is not None and count != len(names) and all(_PERSON.fullmatch(n) for n in names):
            yield finding("count", spot, f"专家“{number}”人", number, len(names), f"其后列出{len(names)}人")


def _names(text: str) -> Sequence[int]:
    """How many names a list may hold: “和” may join two of them or stand in one."""
    if _OPEN_END.search(text):
        return []
    names = [n for n in _SEPARATE.split(text) if n]
    joined = sum(len(re.findall("和|与|及", n)) for n in names)
    short = all(len(n) <= 8 for n in names) and len(names) > 1
    return range(len(names), len(names) + joined + 1) if short else []


def _chinese(text: str) -> int | None:
    number = chinese(text)
    return None if number is None else int(number.value)
