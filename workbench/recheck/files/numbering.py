"""Automatic numbers of a Word document (1. 2. 3. or 一、二、三、) as the text a reader sees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workbench.base.office.strict import StrictParser

_CHINESE = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "ideographTraditional",
        "japaneseCounting",
        "taiwaneseCountingThousand",
    }
)
_DIGITS = "零一二三四五六七八九"
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9


@dataclass
class _Level:
    kind: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass
class Numbering(StrictParser):
    """numbering.xml, and how far each list has counted."""

    file: str
    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    counts: dict[str, list[int]] = field(default_factory=dict)
    _abstract: str = ""
    _list: str = ""
    _level: _Level | None = None

    def __post_init__(self) -> None:
        super().__init__(self.file)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        values = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        value = values.get("val", "")
        if name == "abstractNum":
            self._abstract, self._list = values.get("abstractNumId", ""), ""
            self.levels[self._abstract] = {}
        elif name == "num":
            self._list, self._level = values.get("numId", ""), None
        elif name == "abstractNumId" and self._list:
            self.lists[self._list] = value
        elif name == "lvl" and not self._list and values.get("ilvl", "") in "012345678":
            self._level = self.levels.setdefault(self._abstract, {})[int(values["ilvl"] or 0)] = _Level()
        elif self._level is not None and name in ("numFmt", "lvlText", "start"):
            self._describe(self._level, name, value)

    def label(self, list_id: str, level: int) -> str:
        """The number of the next paragraph of a list; empty for a bullet."""
        abstract = self.lists.get(list_id, "")
        levels = self.levels.get(abstract, {})
        if level not in levels:
            return ""
        counts = self.counts.setdefault(abstract, [0] * _LEVELS)
        counts[level] = counts[level] + 1 if counts[level] else levels[level].start
        counts[level + 1 :] = [0] * (_LEVELS - level - 1)
        if levels[level].kind in ("bullet", "none"):
            return ""

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            return _numeral(counts[at] or 1, levels[at].kind if at in levels else "decimal")

        return _PLACE.sub(number, levels[level].text[:40])

    @staticmethod
    def _describe(level: _Level, name: str, value: str) -> None:
        if name == "numFmt":
            level.kind = value
        elif name == "lvlText":
            level.text = value
        elif value.isdecimal() and len(value) < 6:
            level.start = int(value)


def read_numbering(data: bytes, file: str) -> Numbering:
    """The lists a document declares; ``data`` may be empty. Raises FileError."""
    numbering = Numbering(file)
    if data:
        numbering.parse(data)
    return numbering


def _numeral(number: int, kind: str) -> str:
    if kind == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if kind in ("lowerLetter", "upperLetter") and number <= 26:
        return chr(ord("a" if kind == "lowerLetter" else "A") + number - 1)
    if kind not in _CHINESE or number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")
