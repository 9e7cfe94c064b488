"""Blocks of a report as the template reads them: captions numbered, headings at their depth, pictures as addresses."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from markupsafe import Markup

from workbench.base.safetext import safe
from workbench.reports.document.blocks import Block, Content, Grid, Heading, Paragraph, Picture, Span
from workbench.reports.document.outline import SCORES, Chapter, Place
from workbench.reports.page.figures import Figures
from workbench.reports.page.scores import Scores, scores
from workbench.reports.papers.grid import Column, Line
from workbench.scoring.result import RunResult

_CHAPTER, _PART = 2, 3
"""Depth of a chapter's heading, and of a part's."""


@dataclass(frozen=True)
class HeadingView:
    """A heading at its depth in the page."""

    view: ClassVar[str] = "heading"
    text: str
    level: int


@dataclass(frozen=True)
class ParagraphView:
    """A paragraph; ``kind`` is its class."""

    view: ClassVar[str] = "paragraph"
    spans: Sequence[Span]
    kind: str


@dataclass(frozen=True)
class GridView:
    """A table; ``widths`` are those of its columns in percent, ``number`` is 0 without a title."""

    view: ClassVar[str] = "grid"
    number: int
    title: str
    columns: Sequence[Column]
    widths: Sequence[int]
    lines: Sequence[Line]
    note: str
    wide: bool

    @property
    def headed(self) -> bool:
        """Whether the columns have titles."""
        return any(column.title for column in self.columns)


@dataclass(frozen=True)
class ScoresView:
    """The score table of one subject."""

    view: ClassVar[str] = "scores"
    number: int
    title: str
    note: str
    table: Scores


@dataclass(frozen=True)
class PictureView:
    """A chart: ``image`` is the element that shows it."""

    view: ClassVar[str] = "picture"
    number: int
    title: str
    image: Markup


View: TypeAlias = HeadingView | ParagraphView | GridView | ScoresView | PictureView


@dataclass(frozen=True)
class SectionView:
    """A part with its heading, if it has one of its own."""

    heading: str
    anchor: str
    blocks: Sequence[View]


@dataclass(frozen=True)
class ChapterView:
    """A chapter; ``listed``: its parts stand in the contents too."""

    heading: str
    anchor: str
    sections: Sequence[SectionView]

    @property
    def listed(self) -> bool:
        """Whether any part has a heading of its own."""
        return any(section.heading for section in self.sections)


class Views:
    """Turns parts into views, one after the other: captions count on.

    Attributes:
        figures: what charts refer to, once all parts are made.
    """

    def __init__(self, content: Content, result: RunResult, drawings: Mapping[str, bytes]) -> None:
        self._content, self._result, self._drawings = content, result, drawings
        self._tables = self._pictures = 0
        self.figures = Figures()

    def chapter(self, chapter: Chapter) -> ChapterView:
        """One chapter with everything in it."""
        return ChapterView(chapter.heading, chapter.anchor, [self._section(place) for place in chapter.places])

    def _section(self, place: Place) -> SectionView:
        blocks = self._content.parts.get(place.part, ())
        # The score tables are those of the subjects in order, where there is one for each.
        own = [b for b in blocks if isinstance(b, Grid) and b.wide] if place.part == SCORES else []
        subjects = self._result.subjects if len(own) == len(self._result.subjects) else []
        tables = {id(grid): scores(self._result, s) for grid, s in zip(own, subjects, strict=False)}
        top = _PART if place.heading else _CHAPTER
        return SectionView(place.heading, place.anchor, list(self._views(blocks, tables, top)))

    def _views(self, blocks: Sequence[Block], tables: Mapping[int, Scores], top: int) -> Iterator[View]:
        depth = top
        for block in blocks:
            match block:
                case Heading():
                    # No depth is left out: a heading of level 3 stands under one of level 2 only where there is one.
                    depth = min(top + block.level - 1, depth + 1)
                    yield HeadingView(block.text, depth)
                case Paragraph():
                    yield ParagraphView(block.spans, block.kind)
                case Picture():
                    yield self._picture(block)
                case Grid():
                    yield self._grid(block, tables.get(id(block)))

    def _grid(self, grid: Grid, table: Scores | None) -> View:
        self._tables += bool(grid.title)
        number = self._tables if grid.title else 0
        if table is not None:
            return ScoresView(number, grid.title or SCORES, grid.note, table)
        return GridView(number, grid.title, grid.columns, _percent(grid.columns), grid.lines, grid.note, grid.wide)

    def _picture(self, picture: Picture) -> PictureView:
        self._pictures += 1
        drawing = self._drawings.get(picture.name)
        if drawing is not None:
            return PictureView(self._pictures, picture.title, self.figures.inline(drawing, safe(picture.alt)))
        data = b64encode(self._content.pictures[picture.name]).decode("ascii")
        image = Markup('<img src="data:image/png;base64,{}" alt="{}">').format(data, safe(picture.alt))
        return PictureView(self._pictures, picture.title, image)


def _percent(columns: Sequence[Column]) -> list[int]:
    whole = sum(column.share for column in columns)
    return [max(1, round(column.share / whole * 100)) for column in columns]


def widths_used(chapters: Iterable[ChapterView]) -> set[int]:
    """Widths of columns anywhere in the report."""
    grids = (b for c in chapters for s in c.sections for b in s.blocks if isinstance(b, GridView))
    return {width for grid in grids for width in grid.widths}
