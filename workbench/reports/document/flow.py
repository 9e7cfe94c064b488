"""Blocks as WordprocessingML: paragraphs, headings, tables under and pictures above their numbered captions."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from workbench.base.safetext import safe
from workbench.reports.document import styles
from workbench.reports.document.blocks import Block, Grid, Heading, Paragraph, Picture, Span
from workbench.reports.papers.grid import table_element
from workbench.reports.papers.look import BODY, NOTE, TEXT

if TYPE_CHECKING:
    from docx.parts.story import StoryPart

EMU_PER_MM = 36_000
TALLEST = 0.8
"""Share of the page's height a picture takes at most."""
SHORT_ROWS, SHORT_TEXT = 9, 600
"""A table of up to so many rows and characters is not parted at the end of a page."""
_LOW = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
_STYLE = {"body": BODY, "item": BODY, "note": NOTE}


@dataclass(frozen=True)
class Room:
    """Width and height of the text (mm) on the sheets a part stands on, and its width on a sheet turned on its side."""

    width: float
    height: float
    turned: float


class Flow:
    """Writes parts one after the other, so that captions are numbered through the whole report.

    Attributes:
        wide: elements that belong on sheets turned on their side.
    """

    def __init__(self, part: StoryPart, ids: Mapping[str, str], pictures: Mapping[str, bytes]) -> None:
        self.wide: set[Any] = set()
        self._part, self._ids, self._pictures = part, dict(ids), pictures
        self._numbers = {"表": 0, "图": 0}

    def elements(self, blocks: Sequence[Block], room: Room) -> list[Any]:
        """A part's paragraphs and tables, in the template's styles."""
        made = [element for block in blocks for element in self._block(block, room)]
        for element in made:
            styles.renamed(element, self._ids)
        return made

    def _block(self, block: Block, room: Room) -> Iterator[Any]:
        match block:
            case Heading():
                yield paragraph(runs([Span(block.text)]), styles.HEADING[block.level])
            case Paragraph():
                # What ends in a colon announces what comes next, and stays with it.
                yield paragraph(runs(block.spans), _STYLE[block.kind], keep=block.text.endswith("："))
            case Grid():
                yield from self._grid(block, room)
            case Picture():
                yield self._picture(block, room)
                yield self._caption("图", block.title)

    def _grid(self, grid: Grid, room: Room) -> Iterator[Any]:
        made = [self._caption("表", grid.title, above=True)] if grid.title else []
        made.append(table_element(grid.columns, grid.lines, room.turned if grid.wide else room.width))
        # A paragraph after it, or the next table would grow together with this one.
        # On a sheet of its own next to nothing high, or it would make another one.
        low = _LOW if grid.wide and not grid.note else ""
        made.append(paragraph(runs([Span(grid.note)]), NOTE if grid.note else TEXT, more=low))
        _held_together(made[-2], grid)
        if grid.wide:
            self.wide.update(made)
        return iter(made)

    def _caption(self, kind: str, title: str, *, above: bool = False) -> Any:
        """表1　标题; the number is a field, so that Word can renumber when somebody puts another table in."""
        self._numbers[kind] += 1
        number = field(f"SEQ {kind} \\* ARABIC", str(self._numbers[kind]))
        return paragraph(f"{runs([Span(kind)])}{number}{runs([Span(f'　{title}')])}", styles.CAPTION, keep=above)

    def _picture(self, picture: Picture, room: Room) -> Any:
        """In line with the text and as wide as it, unless it would be too tall for the page."""
        relation, image = self._part.get_or_add_image(io.BytesIO(self._pictures[picture.name]))
        width = min(room.width, TALLEST * room.height * image.px_width / image.px_height)
        across, down = (round(side * EMU_PER_MM) for side in (width, width * image.px_height / image.px_width))
        name, alt = quoteattr(safe(picture.title)), quoteattr(safe(picture.alt))
        about = f'id="0" name={name} descr={alt}'
        shape = (
            f'<pic:pic><pic:nvPicPr><pic:cNvPr {about}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/>'
            f'<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
            f'<a:ext cx="{across}" cy="{down}"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
        )
        uri = "http://schemas.openxmlformats.org/drawingml/2006/picture"
        inline = (
            f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{across}" cy="{down}"/><wp:docPr {about}/>'
            f'<a:graphic><a:graphicData uri="{uri}">{shape}</a:graphicData></a:graphic></wp:inline>'
        )
        return paragraph(f"<w:r><w:drawing>{inline}</w:drawing></w:r>", TEXT, keep=True)


def _held_together(table: Any, grid: Grid) -> None:
    """Keep a short table, or one somebody writes into, on one page, and a note on that of the rows above it."""
    text = sum(len(cell) for line in grid.lines for cell in line.cells)
    short = any(line.height for line in grid.lines) or (len(grid.lines) <= SHORT_ROWS and text <= SHORT_TEXT)
    rows = table.findall(qn("w:tr"))
    for row in (rows if short else rows[-2:])[: None if grid.note else -1]:
        for style in row.iter(qn("w:pStyle")):
            style.addnext(OxmlElement("w:keepNext"))


def paragraph(inner: str, style: str, *, keep: bool = False, more: str = "") -> Any:
    """A ``w:p`` of WordprocessingML runs; ``keep`` holds it on the page of the next one, ``more`` are further properties."""
    look = f'<w:pStyle w:val="{style}"/>{"<w:keepNext/>" if keep else ""}{more}'
    return parse_xml(f"<w:p {nsdecls('w', 'wp', 'a', 'pic', 'r')}><w:pPr>{look}</w:pPr>{inner}</w:p>")


def runs(spans: Sequence[Span]) -> str:
    """Runs of text, whatever the text is made of."""
    return "".join(_run(span) for span in spans if span.text)


def _run(span: Span) -> str:
    look = "<w:rPr><w:b/><w:bCs/></w:rPr>" if span.bold else ""
    lines = ("<w:tab/>".join(map(_text, line.split("\t"))) for line in safe(span.text).split("\n"))
    return f"<w:r>{look}{'<w:br/>'.join(lines)}</w:r>"


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>' if text else ""


def field(instruction: str, shown: str) -> str:
    """A field and what it shows until it is updated."""
    return f"<w:fldSimple w:instr={quoteattr(f' {instruction} ')}><w:r><w:t>{escape(shown)}</w:t></w:r></w:fldSimple>"
