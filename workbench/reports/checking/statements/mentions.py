"""What a sentence speaks of: names of levels and indicators, and words for the whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.reports.checking.language.phrases import (
    NOT_WHOLE,
    PLAIN_TOTAL,
    PROJECT_GOT,
    STRONG,
    TOTAL_SAID,
    WHO,
    grades_in,
    normal,
)
from workbench.reports.checking.language.words import LEVEL_NAMES
from workbench.reports.checking.statements.facts import TOTAL

_ALONE = re.compile(
    r"\s*(?:[(]?[一二三四五六七八九十\d]+[)、.])?\s*[^\d,，:]{0,6}:?\s*(?:[\d.]+|[零一二三四五六七八九十百点]+)\s*分?\s*"
)
_NAME_AFTER = re.compile(
    r"(?:[一二两三四五六七八九\d]?[个大项]*(?:类|方面|维度|部分|环节|层面)(?:一级)?(?:指标)?)?(?:类|指标|方面|部分|维度|一级|二级|三级|情况|的)*[”\"》]?\s*(?:[,，:：(（、]|满分|分值|权重|标准分|实际|评价|分别|依次|评(?=[得\d])|得|扣|共|合计|总分|总|$|\d)"
)
_NAME_BEFORE = re.compile(r"(?:^|[\s,，、:：(（“\"《.\d)）]|其中|项目|绩效|在|从|为|和|与|及|级指标|指标)$")
_COUNTED = re.compile("(?:类|指标)*(?:[二两三四五六七八]|[2-8])[个大项类]")
SOMEBODY_ONLY = re.compile(rf"(?:{WHO})的?(?:评价)?(?:得分|评分|得)")
"""Whose points they are, and not of what: behind an indicator they are the indicator's."""
_SUMS = ("合计", "总计", "共计")
_LISTED = 3
"""Levels named in one sentence from which their 总分 is that of the whole."""


@dataclass(frozen=True)
class Mention:
    item: str
    start: int
    end: int
    who: str = ""
    weak: bool = False
    """A word that is said of a single indicator too."""
    joint: bool = False
    """The last name of several that are counted (“决策和过程两个维度”): what follows is of all of them."""


def mentions_in(sentence: str, names: re.Pattern[str]) -> list[Mention]:
    totals = [
        Mention(TOTAL, m.start(), m.end("kind"), normal(m["who"]))
        for pattern in (TOTAL_SAID, PLAIN_TOTAL, PROJECT_GOT)
        for m in pattern.finditer(sentence)
    ]
    totals = [t for t in totals if not NOT_WHOLE.search(sentence[max(0, t.start - 4) : t.start])]
    totals = [t for t in totals if not any(o.start < t.start < o.end for o in totals)]
    taken = [(t.start, t.end) for t in totals]
    named = [
        Mention(m[0], m.start(), m.end(), joint=bool(_COUNTED.match(sentence, m.end())))
        for m in names.finditer(sentence)
        if not any(a < m.end() and m.start() < b for a, b in taken)
        and _NAME_BEFORE.search(sentence, 0, m.start())
        and _NAME_AFTER.match(sentence, m.end())
    ]
    sure = [replace(t, weak=weak) for t in totals if (weak := weakness(sentence, t, named)) is not None]
    return sorted([*sure, *named], key=lambda m: m.start)


def weakness(sentence: str, mention: Mention, names: Sequence[Mention]) -> bool | None:
    """Whether a word for the whole is a weak one; None where it is none.

    A weak word counts beside a grade, in a line of its own, or where the project is its subject; never after an indicator.
    """
    words = sentence[mention.start : mention.end]
    earlier = any(n.end <= mention.start for n in names)
    if STRONG.search(words) and not (earlier and SOMEBODY_ONLY.fullmatch(words)):
        return False
    if re.match(r"(?:为|是|:)*\s*100\s*分", sentence[mention.end :]):
        return False
    listed = len(names) >= _LISTED and all(n.item in LEVEL_NAMES for n in names)
    if words in _SUMS:
        return False if listed else None
    if earlier:
        return False if listed else None
    if grades_in(sentence) or _ALONE.fullmatch(sentence) or len(names) >= _LISTED:
        return False
    own = re.match("[本该]?项目", words) or re.search(
        r"(?:(?:项目|本次|经[^,，]{0,8}[,，])[^,，]{0,12}|(?:20\d\d年|上一?年|去年)度?的?)$", sentence[: mention.start]
    )
    return True if own else None
