"""Counts against what is listed: “存在以下3个问题” and the list below it; numbers of indicators against the score table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workbench.reports.checking.document.model import Document, Paragraph
from workbench.reports.checking.findings import Finding, finding
from workbench.reports.checking.language.numbers import CHINESE, chinese, closed, folded
from workbench.reports.checking.language.words import tight
from workbench.reports.checking.tables.score_model import ScoreTable
from workbench.reports.checking.tables.score_sums import main_points

_COUNT = rf"(?P<number>\d{{1,2}}|{CHINESE}{{1,3}})"
_KINDS = "问题|建议|经验|做法|措施|意见|附件|方面|不足"
_LISTS = (
    re.compile(rf"(?:以下|如下|下列|下述){_COUNT}(?:个|项|条|点|方面|类|种)(?:的|主要|突出)*(?P<kind>{_KINDS})?"),
    re.compile(
        rf"(?:共|主要)?(?:存在|发现|提出|形成|总结|反映出?|梳理出?|归纳出?)(?:了)?(?:主要|的|共)*{_COUNT}(?:个|项|条|点)(?:方面的?)?(?:主要|突出|的)*(?P<kind>{_KINDS})"
    ),
    re.compile(rf"(?P<kind>问题|建议|不足)(?:共|合计|主要)*(?:有|计)?{_COUNT}(?:个|条|项|点|类)(?=[:：,，。]|$)"),
    re.compile(
        rf"(?:存在|发现|提出)(?:的|了|主要|以下|如下)*{_COUNT}(?:大|个)?方面(?:的|主要|突出)*(?P<kind>{_KINDS})"
    ),
    re.compile(
        rf"(?P<kind>问题|建议|经验|做法|不足|短板)(?:主要|突出|集中|具体|大致)*(?:有|存在|为|是|包括|体现在?|表现在?|集中在|反映在|归纳为|概括为|分为)"
        rf"(?:以下|如下)?{_COUNT}(?:个|大|条|项|点|方面|类)(?:方面)?"
    ),
    re.compile(
        rf"(?:还有|仍有|尚有|揭示|查出|反映|归纳为|概括为|总结为|梳理为)(?:了|出|的)?{_COUNT}(?:个|项|条|点|类|大类)(?:方面的?)?(?:主要|突出|的)*"
        rf"(?P<kind>(?:{_KINDS})(?=[:：,，。]|$)|(?=[:：]))"
    ),
    re.compile(rf"共(?:有|计)?{_COUNT}(?:个|项|条|点)(?:方面的?)?(?:主要|突出|的)*(?P<kind>{_KINDS})"),
    re.compile(
        rf"(?P<kind>(?:^|[。;；,，]))(?:主要|具体|大致)?(?:有|包括|存在|表现为|体现在)(?:以下|如下)?{_COUNT}(?:点|个方面|方面|个问题)(?=[:：])"
    ),
)
_STYLES = (
    re.compile(rf"^[(](?P<n>{CHINESE}{{1,3}})[)]"),
    re.compile(rf"^(?P<n>{CHINESE}{{1,3}})是"),
    re.compile(r"^[(](?P<n>\d{1,2})[)]"),
    re.compile(r"^(?P<n>\d{1,2})[.、](?!\d)"),
    re.compile(rf"^(?:问题|建议|附件)(?P<n>{CHINESE}{{1,3}}|\d{{1,2}})[:：、.\s]"),
)
_CHAPTER = re.compile(rf"^{CHINESE}{{1,3}}、|^第{CHINESE}{{1,3}}[章部]")
_INLINE = (
    re.compile(rf"(?:^|[。；;:，,])\s*(?P<n>{CHINESE}{{1,2}})是"),
    re.compile(r"(?:^|[。；;:，,])\s*[(](?P<n>\d{1,2})[)]"),
    re.compile(r"(?:^|[。；;:，,])\s*(?P<n>[①-⑳])"),
)
_CHOSEN = re.compile(
    "[^。:：一(①]{0,12}(?:主要[是为有在]|主要(?:表现|体现|集中|反映)|其中|例如|比如|譬如|涉及|归纳|分为|典型)"
)
"""Before a list that gives the most important of what was counted, or its kinds."""
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NAMED = re.compile(
    rf"(?:包括|包含|含|分为|设|共|涉及)(?:了|有|以下)?{_COUNT}个(?:子项目|子项|分项|方向|类别|板块)\s*[,，(]?\s*(?:分别是|分别为|即|包括)[:：]?(?P<names>[^。;；,，:：()\d]{{3,120}})(?=[。;；)]|$)"
)
"""“项目包括3个子项目,分别为甲类、乙类、丙类。”"""
_LEVELS = re.compile(
    rf"(?P<level>[一二三])级指标(?:共|共有|有|共计)?{_COUNT}[个项]|{_COUNT.replace('number', 'other')}[个项](?P<named>[一二三])级指标"
)
_FULL_MARKS = re.compile(
    r"共(?:有|计|设)?(?P<size>\d{1,3})[个项](?:三级)?指标[,，;；]?其中[,，]?(?P<full>\d{1,3})[个项](?:指标)?得(?:了)?满分(?=[,，、。;；)]|$)"
    r"|(?P<every>\d{1,3})[个项](?:三级)?指标(?:均|全部|都)得?(?:了)?满分(?=[,，、。;；)]|$)"
)
_UNDER = re.compile("(?:下设|下的|包括|含|其中|中|类|[决策过程产出效益])[^。]{0,6}$")
"""Before a count of lower indicators: those of one level only."""
_REACH = 80
"""Paragraphs in which a list is looked for."""


def listed(document: Document) -> Iterator[Finding]:
    """Counts of problems, suggestions and the like against the list that follows."""
    paragraphs = document.paragraphs
    for n, paragraph in enumerate(paragraphs):
        if paragraph.contents:
            continue
        text = closed(paragraph.text)
        for match in _first(text):
            stated = _number(match["number"])
            if stated is None or not 2 <= stated <= 30:
                continue
            rest = text[match.end() :]
            if _CHOSEN.match(rest) and not re.search("[以如]下|下[列述]", match[0]):
                continue
            actual = _inline(rest) if any(p.search(rest) for p in _INLINE) else _below(paragraphs, n, rest)
            if actual is not None and actual != stated:
                what = f"“{match[0]}”"
                yield finding("count", paragraph.spot, what, match["number"], f"{actual}", f"其后列出{actual}项")


def _first(text: str) -> Iterator[re.Match[str]]:
    """The only count of a paragraph; several counts in one paragraph belong to several lists."""
    found = {m.start("number"): m for pattern in _LISTS for m in pattern.finditer(text)}
    if len(found) == 1:
        yield from found.values()


def _number(text: str) -> int | None:
    if text in _CIRCLED:
        return _CIRCLED.index(text) + 1
    if text.isdecimal():
        return int(text)
    number = chinese(text)
    return None if number is None else int(number.value)


def _inline(text: str) -> int | None:
    """一是…二是…: how many, when they count up from one without a gap."""
    styles = [[_number(m["n"]) for m in pattern.finditer(text)] for pattern in _INLINE]
    used = [found for found in styles if found]
    if len(used) != 1:
        return None
    [found] = used
    return len(found) if found == list(range(1, len(found) + 1)) and len(found) > 1 else None


def named(document: Document) -> Iterator[Finding]:
    """Counts of parts whose names follow; “和” may join two of them or stand in one."""
    for paragraph in document.paragraphs:
        for match in _NAMED.finditer(closed(paragraph.text)) if not paragraph.contents else ():
            stated, names = _number(match["number"]), match["names"].split("、")
            joined = sum(len(re.findall("和|与|及", name)) for name in names)
            sure = len(names) > 1 and all(names) and not re.search("等|其中|以及", match["names"])
            if sure and stated is not None and not len(names) <= stated <= len(names) + joined:
                what = f"“{match[0][: match[0].index(match['names'])].rstrip('分别为是即包括,，:：(')}”"
                size = f"{len(names)}至{len(names) + joined}" if joined else f"{len(names)}"
                yield finding("count", paragraph.spot, what, match["number"], size, f"其后列出{size}个")


def _below(paragraphs: Sequence[Paragraph], n: int, rest: str) -> int | None:
    """How many numbered paragraphs follow; None unless the list begins at once, counts up from one and plainly ends."""
    if not re.fullmatch(r"[^。]{0,12}[:：。]?\s*", rest):
        return None
    following = paragraphs[n + 1 : n + 1 + _REACH]
    if not following:
        return None
    first = folded(following[0].text.strip())
    if following[0].listed is not None:
        return _automatic(following)
    style = next((s for s in _STYLES if (m := s.match(first)) and _number(m["n"]) == 1), None)
    if style is None:
        return None
    count, below = 0, paragraphs[n].text.strip()
    chaptered = style.match(folded(below)) is not None
    for paragraph in following:
        text = folded(paragraph.text.strip())
        match = style.match(text)
        if _CHAPTER.match(text) or (match and _number(match["n"]) == 1 and count):
            break
        if match:
            if _number(match["n"]) != count + 1:
                return None
            count += 1
    return None if chaptered else count


def _automatic(following: Sequence[Paragraph]) -> int | None:
    """Word's own numbering: paragraphs of the same list and level, other levels between them."""
    mark = following[0].listed
    assert mark is not None
    count = 0
    for paragraph in following:
        if paragraph.listed == mark:
            count += 1
        elif paragraph.listed is None and (_CHAPTER.match(folded(paragraph.text.strip())) or len(paragraph.text) < 40):
            break
    return count if count > 1 else None


def indicators(document: Document, table: ScoreTable | None) -> Iterator[Finding]:
    """“4个一级指标、10项二级指标、18项三级指标” against the only full score table."""
    if table is None or table.depth != 2 or any(len(x.names) != 3 for x in table.leaves):
        return
    names = [{x.names[: n + 1] for x in table.leaves} for n in range(3)]
    certain = [all(x.names[n] for x in table.leaves) for n in range(3)]
    certain[0] = certain[0] and not table.extra
    certain[2] = certain[2] and len(names[2]) == len(table.leaves)
    for paragraph in document.paragraphs:
        text = closed(paragraph.text)
        for match in _LEVELS.finditer(text):
            said = match["level"] or match["named"]
            level = "一二三".index(said)
            before = text[: match.start()]
            if not certain[level] or (level and _UNDER.search(before) and "一级指标" not in before):
                continue
            stated = _number(match["number"] or match["other"])
            if stated is not None and stated != len(names[level]):
                how = f"第{table.table.number}张表中有{len(names[level])}个"
                yield finding("count", paragraph.spot, f"{said}级指标个数", stated, len(names[level]), how)


def full_marks(document: Document, table: ScoreTable | None) -> Iterator[Finding]:
    """“产出指标…共9项指标，其中8项得满分”, “7项指标均得满分” of a level against its rows in the only full score table."""
    who = main_points(table) if table is not None else None
    if table is None or who is None or table.depth == 0 or any(x.kind == "rescaled" for x in table.lines):
        return
    for top in {x.top for x in table.leaves if x.top}:
        begins = re.compile(
            rf"^(?:[(]?{CHINESE}{{1,3}}[)、.]|\d+[、.])?(?:项目)?{re.escape(top)}(?:类?指标|类|部分|维度)?(?=[得共满,，:])"
        )
        rows = [x for x in table.leaves if x.top == top]
        scored = [x for x in rows if x.weight is not None and who in x.points]
        full = sum(x.weight is not None and x.points[who].number.value == x.weight.number.value for x in scored)
        for paragraph in document.paragraphs:
            text = tight(paragraph.text)
            found = list(_FULL_MARKS.finditer(text)) if begins.match(text) else []
            if len(found) == 1:
                yield from _marks(found[0], paragraph, {len(rows), len(scored)}, full, table)


def _marks(
    match: re.Match[str], paragraph: Paragraph, sizes: set[int], full: int, table: ScoreTable
) -> Iterator[Finding]:
    """The number of indicators, and of those with full points."""
    how = f"第{table.table.number}张表中有{max(sizes)}项,得满分{full}项"
    size, marked = (match["size"], match["full"]) if match["size"] else (match["every"], match["every"])
    if int(size) not in sizes:
        yield finding("count", paragraph.spot, f"“{match[0]}”指标个数", size, max(sizes), how)
    elif int(marked) != full:
        yield finding("count", paragraph.spot, f"“{match[0]}”得满分的个数", marked, full, how)
