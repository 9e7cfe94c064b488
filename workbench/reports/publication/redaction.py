"""Taking out of texts what is not for the public: names of people, file names, digests, ways to reach somebody, chosen words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeVar

from workbench.reports.document.blocks import Block, Grid, Heading, Paragraph, Picture, Span
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Texts
from workbench.scheme.panel import ROLE_WORDS

PERSON = "×××"
GONE = "（已删去）"
_ORGANISATIONS = {ROLE_WORDS["unit"], ROLE_WORDS["observer"]}
"""Roles in a panel that institutions have; who they are stands on the cover."""
_BETWEEN = r"[\s\u200b-\u200f\u2066-\u2069]*"
"""What may stand between the characters of a name: it is often spread to the width of three (王　敏)."""
_DOTS = "·•・．‧.∙"
_DOT = f"[{_DOTS}]"
"""The dot within a name, however somebody typed it."""
_SUFFIX = (
    r"\.(?:xlsx?|xlsm|csv|tsv|parquet|et|ods|docx?|docm|wps|rtf|odt|pptx?|ppsx?|dps|pdf|ofd|caj|ceb|txt|md|json|ipynb|ya?ml|html?"
    r"|jpe?g|png|gif|bmp|webp|heic|heif|tiff?|dwg|dxf|shp|kml|mp3|mp4|m4a|wav|amr|wma|aac|avi|mov|mkv|wmv"
    r"|zip|rar|7z|gz|tar|eml|msg|mdb|accdb|db|sqlite)(?![A-Za-z0-9])"
)
_WHERE = r"(?:\s?\[[^\]\n]*\])?(?:\s?(?:第\d+行|[A-Z]{1,3}\d+))?"
"""Sheet and cell behind a file's name."""
_OF_NAME = r"[^\s<>\[\]()、,。;:“”\"'|]"
_FILE = re.compile(
    rf"(?:(?<![A-Z])[A-Z]:[\\/][^\n<>()、,。;:“”\"|]{{1,200}}?|(?<=[“《「『])[^\n“”\"《》「」『』]{{1,80}}?|(?:{_OF_NAME}|\({_OF_NAME}{{1,40}}\))+)"
    rf"{_SUFFIX}{_WHERE}",
    re.IGNORECASE,
)
"""A file's name: with blanks only in quotes or behind a drive, where one sees where it begins."""
_ENDS = re.compile(rf"{_SUFFIX}$", re.IGNORECASE)
_FOLDER = re.compile(rf"(?<![A-Z])[A-Z]:[\\/][^\n<>()、,。;:“”\"|]{{0,200}}?\({GONE[1:-1]}\)", re.IGNORECASE)
"""What is left of a path whose file's name has gone."""
_DIGEST = re.compile(r"(?:[,]?\s?(?:SHA-?256|摘要)[:\s]*)?(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])", re.IGNORECASE)
_BLANK = r"(?:[^\S\n\r]|[\u200b-\u200f\u2060])"
"""Blanks within a line, those without width too: the next line is another cell."""
_GAP = rf"(?:-|{_BLANK}){{0,3}}"
_MAIL = re.compile(rf"[\w.+-]+{_BLANK}?@{_BLANK}?[\w-]+(?:\.[\w-]+)+", re.ASCII)
_MOBILE = rf"1[3-9]\d(?:{_GAP}\d{{4}}{_GAP}|\d{_GAP}\d{{3}}{_GAP})\d{{4}}"
_LANDLINE = rf"\(?0\d{{2,3}}(?:[-)]|{_BLANK}){{1,3}}\d{{3,4}}{_GAP}\d{{4}}"
_SERVICE = rf"[48]00(?:-\d{{3,4}}-\d{{3,4}}|{_BLANK}?(?:\d{{3}}{_BLANK}?\d{{4}}|\d{{4}}{_BLANK}?\d{{3}}))"
_PHONE = re.compile(
    rf"(?<!\d)(?<!\d\.)(?:\(?\+?86\)?{_GAP})?(?:{_MOBILE}|{_LANDLINE}|{_SERVICE})(?![\d]|\.\d|,?\s?[万亿]?元)(?:{_BLANK}?转{_BLANK}?\d{{1,5}})?"
)
_IDENTITY = re.compile(
    rf"(?<![\dA-Za-z])[1-9](?:{_GAP}\d){{5}}{_GAP}(?:1{_GAP}9|2{_GAP}0)(?:{_GAP}\d){{2}}{_GAP}(?:0{_GAP}[1-9]|1{_GAP}[0-2])"
    rf"{_GAP}(?:[0-2]{_GAP}\d|3{_GAP}[01])(?:{_GAP}\d){{3}}{_GAP}[\dXx](?![\dA-Za-z])"
)
_ACCOUNT = re.compile(r"(?:微信|QQ|WeChat)(?:号码?|ID)?[:\s]{0,3}[A-Z0-9][A-Z0-9_-]{4,19}(?![A-Z0-9])", re.IGNORECASE)
_DASHES = "‐‑‒–—−－"
_WIDTH = {
    code: folded
    for code in (
        0xA0,
        *range(0x2000, 0x200B),
        0x202F,
        0x3000,
        *range(0xFE50, 0xFE6C),
        *range(0xFF01, 0xFF5F),
        *range(0x1D7CE, 0x1D800),
    )
    if len(folded := unicodedata.normalize("NFKC", chr(code))) == 1
} | {ord(dash): "-" for dash in _DASHES}
"""One character for one, so that places in folded text are those in the text. Not ① or ²: they part numbers, they are none."""
PERSONAL = (_MAIL, _IDENTITY, _PHONE, _ACCOUNT)
PATTERNS = (_DIGEST, _FILE, *PERSONAL)
_B = TypeVar("_B", Heading, Paragraph, Grid, Picture)


@dataclass(frozen=True)
class Redaction:
    """What is taken out. ``people``: their names; ``words``: whatever else, as written."""

    people: tuple[str, ...]
    words: tuple[str, ...]

    def text(self, text: str) -> str:
        """``text`` without it."""
        for pattern in (self._words, *PATTERNS, _FOLDER):  # known names first: patterns do not know where they begin
            text = _replaced(pattern, GONE, text)
        return _replaced(self._people, PERSON, text)

    def found(self, text: str) -> Iterator[str]:
        """What of it stands in a text all the same."""
        yield from _matches((*PATTERNS, self._words, self._people), text)

    def named(self, text: str) -> Iterator[str]:
        """As :meth:`found`, but names and words alone: for markup, where numbers are not a telephone's."""
        yield from _matches((self._words, self._people), text)

    def told(self, text: str) -> Iterator[str]:
        """As :meth:`found`, for values within markup: there plain file names are those of the document's own parts."""
        files = () if text.isascii() else (_FILE,)
        yield from _matches((*PERSONAL, *files, self._words, self._people), text)

    def block(self, block: Block) -> Block:
        """A block without it."""
        match block:
            case Heading():
                return replace(block, text=self.text(block.text))
            case Paragraph():
                return self._paragraph(block)
            case Picture():
                return replace(block, title=self.text(block.title), alt=self.text(block.alt))
            case Grid():
                lines = [replace(line, cells=[self.text(cell) for cell in line.cells]) for line in block.lines]
                columns = [replace(c, title=self.text(c.title)) for c in block.columns]
                title, note = self.text(block.title), self.text(block.note)
                return replace(block, title=title, note=note, columns=columns, lines=lines)

    def _paragraph(self, block: Paragraph) -> Paragraph:
        """Span by span; what is only found when all are read together costs the paragraph its looks."""
        spans = [replace(span, text=self.text(span.text)) for span in block.spans]
        whole = "".join(span.text for span in spans)
        return replace(block, spans=spans if self.text(whole) == whole else [Span(self.text(whole))])

    @cached_property
    def _people(self) -> re.Pattern[str] | None:
        return _any_of(_spread(name) for name in _longest(self.people))

    @cached_property
    def _words(self) -> re.Pattern[str] | None:
        return _any_of(_spread(word) + (_WHERE if _ENDS.search(word) else "") for word in _longest(self.words))


def _folded(text: str) -> str:
    return text if text.isascii() else text.translate(_WIDTH)


def _matches(patterns: Iterable[re.Pattern[str] | None], text: str) -> Iterator[str]:
    folded = _folded(text)
    yield from (text[m.start() : m.end()] for p in patterns if p is not None for m in p.finditer(folded))


def _replaced(pattern: re.Pattern[str] | None, by: str, text: str) -> str:
    """What matches when width does not matter is replaced; the rest stays as it was typed."""
    kept, last = [], 0
    for match in pattern.finditer(_folded(text)) if pattern is not None else ():
        kept += [text[last : match.start()], by]
        last = match.end()
    return "".join([*kept, text[last:]])


def _any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    joined = "|".join(patterns)
    return re.compile(joined) if joined else None


def _spread(text: str) -> str:
    return _BETWEEN.join(_DOT if char in _DOTS else re.escape(char) for char in _folded(text) if not char.isspace())


def _longest(texts: Iterable[str]) -> list[str]:
    """Each once, long ones first; of a single character nothing is taken out of running text."""
    return sorted({t.strip() for t in texts if len(t.strip()) > 1}, key=lambda t: (-len(t), t))


def redaction_of(source: ReportSource, texts: Texts) -> Redaction:
    """What must not be in the publication edition of a run."""
    report, plan = texts.report, source.plan
    people = {member.name for member in report.group} | {report.lead or "", plan.parties.lead or ""}
    review = source.result.review
    if review is not None:
        people |= {p.name for p in review.people if not _ORGANISATIONS.issuperset(p.roles)}
    if plan.panel is not None:
        people |= {m.name for m in plan.panel.members if not _ORGANISATIONS.issuperset(ROLE_WORDS[r] for r in m.roles)}
    for indicator in (i for s in source.result.subjects for i in s.indicators if i.review is not None):
        assert indicator.review is not None
        people |= {e.name for e in indicator.review.experts} | {e.entered_by or "" for e in indicator.review.experts}
    files = {plan.evidence, *(f.path for f in source.evidence)}
    files |= {PurePosixPath(path).name for path in files}
    return Redaction(tuple(sorted(people - {""})), tuple(sorted({*files, *report.publication.words})))
