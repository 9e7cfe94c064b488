"""Taking out of texts what is not for the public: names of people, file names, digests, ways to reach somebody, chosen words."""

from __future__ import annotations

import re
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
_FILE = re.compile(
    r"[^\s<>\[\]（）()，。；：、“”\"',;:|]+\.(?:xlsx?|xlsm|csv|tsv|parquet|docx?|pptx?|pdf|ofd|txt|md|json|ya?ml|jpe?g|png|tiff?|zip|rar|7z)"
    r"(?![A-Za-z0-9])(?:\s?\[[^\]\n]*\])?(?:\s?(?:第\d+行|[A-Z]{1,3}\d+))?",
    re.IGNORECASE,
)
"""A file's name, with the sheet and cell behind it."""
_DIGEST = re.compile(
    r"(?:[，,]?\s?(?:SHA-?256|摘要)[：:\s]*)?(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])", re.IGNORECASE
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PHONE = re.compile(
    r"(?<![\d.])(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|[(（]?0\d{2,3}[-—)） ]\s?\d{7,8}|[48]00-\d{3,4}-\d{3,4})(?![\d]|\.\d|[,，]?\s?[万亿]?元)"
)
_IDENTITY = re.compile(r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{9}[\dXx](?![\dA-Za-z])")
PATTERNS = (_DIGEST, _FILE, _MAIL, _PHONE, _IDENTITY)
_B = TypeVar("_B", Heading, Paragraph, Grid, Picture)


@dataclass(frozen=True)
class Redaction:
    """What is taken out. ``people``: their names; ``words``: whatever else, as written."""

    people: tuple[str, ...]
    words: tuple[str, ...]

    def text(self, text: str) -> str:
        """``text`` without it."""
        for pattern in PATTERNS:
            text = pattern.sub(GONE, text)
        if self._words is not None:
            text = self._words.sub(GONE, text)
        return self._people.sub(PERSON, text) if self._people is not None else text

    def found(self, text: str) -> Iterator[str]:
        """What of it stands in a text all the same."""
        wanted = [p for p in (*PATTERNS, self._words, self._people) if p is not None]
        yield from (match[0] for pattern in wanted for match in pattern.finditer(text))

    def named(self, text: str) -> Iterator[str]:
        """As :meth:`found`, but names and words alone: for markup, where numbers are not a telephone's."""
        wanted = [p for p in (self._words, self._people) if p is not None]
        yield from (match[0] for pattern in wanted for match in pattern.finditer(text))

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
        return _any_of(_spread(word) for word in _longest(self.words))


def _any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    joined = "|".join(patterns)
    return re.compile(joined) if joined else None


def _spread(text: str) -> str:
    return _BETWEEN.join(_DOT if char in _DOTS else re.escape(char) for char in text if not char.isspace())


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
