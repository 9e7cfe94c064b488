"""Names of people in running text: whole ones, parts of long ones, a surname before a title, and names that are ordinary words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from workbench.reports.publication.ordinary import BEFORE, BEHIND, COMPOUND, TITLES
from workbench.reports.publication.personal import folded

PERSON = "×××"
_BETWEEN = r"[\s\u200b-\u200f\u2060\u2066-\u2069]*"
"""What may stand between the characters of a name: it is often spread to the width of three (王　敏)."""
_DOTS = "·•・．‧.∙"
_DOT = f"[{_DOTS}]?"
"""The dot within a name, however somebody typed it, or not at all."""
_SEVERAL = re.compile(r"[、,，;；/|\n]")
_REMARK = re.compile(r"[(（\[【].*?[)）\]】]")
_LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u3400-\u9fff]{2,4}")
_TITLED = re.compile(
    r".*(?:会计师|工程师|经济师|审计师|评估师|教授|研究员|主任|组长|组员|成员|专家|博士|硕士|经理|处长|科长)$"
)


def persons(texts: Iterable[str | None]) -> Iterator[str]:
    """The names in fields that hold one, or several (王敏、李建国), or one with a title (王敏（会计师）)."""
    for text in texts:
        for one in _SEVERAL.split(_REMARK.sub(" ", text or "")):
            words = one.split()
            if len(words) > 1 and all(_HAN.fullmatch(w) or _TITLED.match(w) for w in words):
                yield from (w for w in words if not _TITLED.match(w))
            elif one.strip():
                yield one.strip()


def people_pattern(people: Collection[str], common: Collection[str]) -> re.Pattern[str] | None:
    """What names stand as in folded text. ``common``: those that are ordinary words too, taken only where a person is meant."""
    own = [name for name in longest(people) if name not in common]
    found = [_whole(name) for name in own]
    found += [_whole(part) for name in own for part in _parts(name) if part not in common]
    found += list(_titled(people))
    found += [x for name in longest(common) for x in _meant(name, people)]
    return re.compile("|".join(found)) if found else None


def longest(texts: Iterable[str]) -> list[str]:
    """Each once, long ones first; of a single character nothing is taken out of running text."""
    return sorted({t.strip() for t in texts if len(t.strip()) > 1}, key=lambda t: (-len(t), t))


def spread(text: str) -> str:
    """A pattern of a text however it is spaced and dotted."""
    return _BETWEEN.join(_DOT if char in _DOTS else re.escape(char) for char in folded(text) if not char.isspace())


def latin(name: str) -> bool:
    """Whether a name is written in letters, which are parts of words and of markup too."""
    return _LATIN.search(folded(name)) is not None


def _whole(name: str) -> str:
    return rf"(?<![A-Za-z])(?i:{spread(name)})(?![A-Za-z])" if latin(name) else spread(name)


def _parts(name: str) -> list[str]:
    """The parts of a name with a dot (古丽娜尔·艾合买提), each of which is used alone."""
    parts = re.split(f"[{_DOTS}]", name)
    return [part.strip() for part in parts if len(part.strip()) > 1] if len(parts) > 1 else []


def _titled(people: Iterable[str]) -> Iterator[str]:
    """王教授, 欧阳老师 and 建国同志 of people who are known."""
    names = [name for name in sorted(people) if _HAN.fullmatch(name)]
    surnames = {name[:2] if name[:2] in COMPOUND else name[0] for name in names}
    given = {name[1:] for name in names if len(name) == 3} | {name[2:] for name in names if len(name) == 4}
    short = "|".join(map(re.escape, sorted(surnames | {g for g in given if len(g) == 2}, key=lambda x: (-len(x), x))))
    if short:
        yield f"(?:{short})(?={'|'.join(TITLES)})"


def _meant(name: str, people: Iterable[str]) -> Iterator[str]:
    """A name that is a word too: behind a role, before what somebody does, or beside another name."""
    others = [x for x in [*map(folded, sorted(people)), PERSON] if x != name]
    before = [f"(?<={re.escape(w + more)})" for w in BEFORE for more in ("", ":", ": ", " ", "是", "为")]
    before += [f"(?<={re.escape(w + more)})" for w in others for more in "、,和及与"]
    behind = [re.escape(w) for w in BEHIND] + [f"[、,和及与]{re.escape(w)}" for w in others]
    yield f"(?={re.escape(folded(name)[0])})(?:{'|'.join(before)}){spread(name)}"
    yield f"{spread(name)}(?={'|'.join(behind)})"
