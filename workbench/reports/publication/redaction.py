"""Taking out of texts what is not for the public: names of people, file names, digests, ways to reach somebody, chosen words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeVar

from workbench.reports.document.blocks import Block, Content, Grid, Heading, Paragraph, Picture, Span
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Texts
from workbench.reports.papers.grid import Line
from workbench.reports.publication.ordinary import ORDINARY
from workbench.reports.publication.people import PERSON, latin, longest, people_pattern, persons, spread
from workbench.reports.publication.personal import (
    ENDS,
    FILE,
    GONE,
    PATTERNS,
    PERSONAL,
    WHERE,
    figures_of,
    folded,
    personal,
    reaching,
)
from workbench.scheme.panel import ROLE_WORDS

_ORGANISATIONS = {ROLE_WORDS["unit"], ROLE_WORDS["observer"]}
"""Roles in a panel that institutions have; who they are stands on the cover."""
_OF_PEOPLE = re.compile(
    r"姓名|名字|^(?:专家|评委|成员|组员|联系人|经办人|填报人|负责人|项目负责人|签名|签字|受益人|户主)$"
)
"""Titles of columns that have nothing but people in them, known ones or not."""
_B = TypeVar("_B", Heading, Paragraph, Grid, Picture)


@dataclass(frozen=True)
class Redaction:
    """What is taken out.

    Attributes:
        people: their names; words: whatever else, as written.
        common: those of the names that the report uses as words too; they are taken only where a person is meant.
        figures: whole numbers of the report that only look like a telephone's or a card's.
    """

    people: tuple[str, ...]
    words: tuple[str, ...]
    common: tuple[str, ...] = ()
    figures: frozenset[str] = frozenset()

    @property
    def single(self) -> list[str]:
        """Names of one character, which are not looked for in running text."""
        return [name for name in self.people if len(name) == 1]

    def text(self, text: str) -> str:
        """``text`` without it."""
        text = _replaced(self._matches(self._words, text), GONE, text)  # patterns do not know where known names begin
        for pattern in PATTERNS:
            text = _replaced(self._matches(pattern, text), GONE, text)
        before = None
        while text != before:  # who stands beside somebody that was taken out is somebody too
            before, text = text, _replaced(self._matches(self._people, text), PERSON, text)
        return text

    def found(self, text: str) -> Iterator[str]:
        """What of it stands in a text all the same."""
        yield from self._found((*PATTERNS, self._words, self._people), text)

    def named(self, text: str) -> Iterator[str]:
        """As :meth:`found`, but names and words alone: for markup, where numbers are not a telephone's and letters no name."""
        yield from self._found((self._words, self._people_in_markup), text)

    def told(self, text: str) -> Iterator[str]:
        """As :meth:`found`, for values within markup: there plain file names are those of the document's own parts."""
        files = () if text.isascii() else (FILE,)
        yield from self._found((*PERSONAL, *files, self._words, self._people), text)

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
                return self._grid(block)

    def _paragraph(self, block: Paragraph) -> Paragraph:
        """Span by span; what is only found when all are read together costs the paragraph its looks."""
        spans = [replace(span, text=self.text(span.text)) for span in block.spans]
        whole = "".join(span.text for span in block.spans)
        together = self.text(whole)
        return replace(block, spans=spans if "".join(s.text for s in spans) == together else [Span(together)])

    def _grid(self, block: Grid) -> Grid:
        """Cell by cell; columns of people, and of how to reach them, lose everything."""
        whole = [
            PERSON if _OF_PEOPLE.search(folded(c.title)) else GONE if reaching(c.title) else "" for c in block.columns
        ]
        lines = [replace(line, cells=self._cells(line, whole)) for line in block.lines]
        columns = [replace(c, title=self.text(c.title)) for c in block.columns]
        return replace(block, title=self.text(block.title), note=self.text(block.note), columns=columns, lines=lines)

    def _cells(self, line: Line, whole: list[str]) -> list[str]:
        if len(line.cells) != len(whole):  # a line over the whole width
            return [self.text(cell) for cell in line.cells]
        return [
            (instead if cell.strip() else cell) if instead else self.text(cell)
            for cell, instead in zip(line.cells, whole, strict=True)
        ]

    def _found(self, patterns: Iterable[re.Pattern[str] | None], text: str) -> Iterator[str]:
        yield from (text[m.start() : m.end()] for p in patterns for m in self._matches(p, text))

    def _matches(self, pattern: re.Pattern[str] | None, text: str) -> Iterator[re.Match[str]]:
        return personal(pattern, folded(text), self.figures) if pattern is not None else iter(())

    @cached_property
    def _people(self) -> re.Pattern[str] | None:
        return people_pattern(self.people, self.common)

    @cached_property
    def _people_in_markup(self) -> re.Pattern[str] | None:
        return people_pattern([name for name in self.people if not latin(name)], self.common)

    @cached_property
    def _words(self) -> re.Pattern[str] | None:
        found = [spread(word) + (WHERE if ENDS.search(word) else "") for word in longest(self.words)]
        return re.compile("|".join(found)) if found else None


def _replaced(matches: Iterable[re.Match[str]], by: str, text: str) -> str:
    """What matched in the folded text is replaced; the rest stays as it was typed."""
    kept, last = [], 0
    for match in matches:
        kept += [text[last : match.start()], by]
        last = match.end()
    return "".join([*kept, text[last:]])


def redaction_of(source: ReportSource, texts: Texts, whole: Content) -> Redaction:
    """What must not be in the publication edition of a run. ``whole``: its report as it is not published."""
    report, plan = texts.report, source.plan
    people = {*persons([*(member.name for member in report.group), report.lead, plan.parties.lead])}
    review = source.result.review
    if review is not None:
        people |= {*persons(p.name for p in review.people if not _ORGANISATIONS.issuperset(p.roles))}
    if plan.panel is not None:
        known = (m for m in plan.panel.members if not _ORGANISATIONS.issuperset(ROLE_WORDS[r] for r in m.roles))
        people |= {*persons(m.name for m in known)}
    for indicator in (i for s in source.result.subjects for i in s.indicators if i.review is not None):
        assert indicator.review is not None
        people |= {*persons(e.name for e in indicator.review.experts)}
        people |= {*persons(e.entered_by for e in indicator.review.experts)}
    files = {plan.evidence, *(f.path for f in source.evidence)}
    files |= {PurePosixPath(path).name for path in files}
    grids = [b for blocks in whole.parts.values() for b in blocks if isinstance(b, Grid)]
    return Redaction(
        tuple(sorted(people)),
        tuple(sorted({*files, *report.publication.words})),
        tuple(sorted(_common(people, source))),
        frozenset(x for grid in grids for x in figures_of(grid)),
    )


def _common(people: Iterable[str], source: ReportSource) -> Iterator[str]:
    """Names that are words of such reports, or of the pack: of nothing that somebody wrote for this evaluation."""
    indicators = source.pack.indicators if source.pack is not None else ()
    vocabulary = "\n".join(x for i in indicators for x in (i.name, i.level1, i.level2 or ""))
    yield from (name for name in people if name in ORDINARY or (len(name) > 1 and name in vocabulary))
