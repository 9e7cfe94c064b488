"""Blocks: what a report is made of, between the result it says and the file it becomes. Word and page render the same blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from workbench.reports.papers.grid import Column, Line


@dataclass(frozen=True)
class Span:
    """Some text of one look."""

    text: str
    bold: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading within a part; the report's own chapters stand in the template. ``level`` 2 is （一）, 3 is 1."""

    text: str
    level: Literal[2, 3] = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``note`` is small print, ``item`` one entry of a list, whose number or dot is part of its text."""

    spans: Sequence[Span]
    kind: Literal["body", "item", "note"] = "body"

    @property
    def text(self) -> str:
        """All of it, without looks."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class Grid:
    """A table with its caption (表题). ``wide`` tables stand on sheets turned on their side."""

    title: str
    columns: Sequence[Column]
    lines: Sequence[Line]
    note: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Picture:
    """A chart by the name of its file (without ending), its caption (图题) and the sentence that says what it shows."""

    name: str
    title: str
    alt: str


Block: TypeAlias = Heading | Paragraph | Grid | Picture


def paragraph(text: str, kind: Literal["body", "item", "note"] = "body") -> Paragraph:
    """A paragraph of one look."""
    return Paragraph((Span(text),), kind)


Edition = Literal["征求意见稿", "定稿"]
DRAFT: Edition = "征求意见稿"
FINAL: Edition = "定稿"


@dataclass(frozen=True)
class Content:
    """A whole report before it is rendered.

    Attributes:
        fields: short texts a template puts anywhere (``{{ 总分 }}``), by their Chinese name.
        parts: what stands under a chapter (``{{p 评分表 }}``), by its Chinese name; a part without blocks is empty.
        edition: 定稿 only when it is signed and nothing blocks it; until then every page is marked 征求意见稿.
        blocking: what has to be done before 定稿, in sentences, each with where.
        pictures: PNG by the name :class:`Picture` has.
        instead: what stands in the place of a part with nothing in it where that is not （无）.
    """

    title: str
    fields: Mapping[str, str]
    parts: Mapping[str, Sequence[Block]]
    edition: Edition
    blocking: Sequence[str] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    instead: Mapping[str, str] = field(default_factory=dict)

    @property
    def final(self) -> bool:
        """Whether nothing stood in the way of a 定稿."""
        return self.edition == FINAL
