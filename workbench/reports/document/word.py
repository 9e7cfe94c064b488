"""The report as a Word document: the content put into a template, which keeps its own look.

Captions and the table of contents are numbered through the whole report, wide tables stand on sheets turned on their side,
and every page is marked until the report is final.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn

from workbench.base.packed import FIXED, repacked
from workbench.base.safetext import safe
from workbench.reports.document import contents, sections, styles, titles
from workbench.reports.document.blocks import DRAFT, Block, Content, paragraph
from workbench.reports.document.flow import Flow, Room
from workbench.reports.document.outline import NONE_OF, NOTHING
from workbench.reports.document.source import Album
from workbench.reports.document.tags import PART, Tagged
from workbench.reports.document.template import OURS, checked, ours
from workbench.reports.document.watermark import stamp
from workbench.reports.papers.grid import TWIPS_PER_MM
from workbench.reports.png import see_through

if TYPE_CHECKING:
    from docx.document import Document


def word(content: Content, template: bytes | None = None, name: str = OURS) -> bytes:
    """The docx; the same bytes for the same content and template.

    Args:
        template: an institution's own template; ours when None.
        name: what the template is called in messages.

    Raises:
        FileError: the template is no docx that holds nothing but itself, or has tags that are wrong.
    """
    data = ours() if template is None else checked(template, name)
    parts = {part: bool(blocks) for part, blocks in content.parts.items()} | {contents.PART: True}
    document: Document = Tagged(io.BytesIO(data), name, content.fields, parts).filled()
    styles.complete(document)
    titles.part(document, content.fields.get("报告名称", ""), sections.room_of(document.sections[0]._sectPr).width)
    ids = styles.ids(document)
    _write(document, content, ids)
    if contents.has_contents(document.element.body):
        contents.updated_when_opened(document)
    if not content.final:
        stamp(document, DRAFT)
    _identify(document, content.title)
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def _write(document: Document, content: Content, ids: Mapping[str, str]) -> None:
    """Put every part in its place, in the order of the document, then what depends on all of them."""
    body: Any = document.element.body
    pictures = content.pictures
    if not content.final:  # the watermark lies behind the text and would be cut by their paper
        pictures = Album(list(pictures), lambda name: see_through(content.pictures[name]))
    flow = Flow(document.part, ids, pictures)
    where = sections.layouts(body)
    table: tuple[Any, Room] | None = None
    for place in list(body.iter(PART)):
        part, room = place.get("name"), _room(place, where)
        if part == contents.PART:
            table = place, room
        else:
            _replace(place, flow.elements(_blocks(content, part), room))
    if table is not None:
        place, room = table
        _replace(place, contents.made(body, ids, room))
    sections.turn(body, flow.wide, [ids[name] for name in styles.HEADING.values()])
    for number, shape in enumerate(body.iter(qn("wp:docPr")), 1):
        shape.set("id", str(number))


def _blocks(content: Content, part: str) -> Sequence[Block]:
    return content.parts[part] or [paragraph(content.instead.get(part, NONE_OF.get(part, NOTHING)))]


def _replace(place: Any, elements: Sequence[Any]) -> None:
    for element in elements:
        place.addprevious(element)
    place.getparent().remove(place)


def _room(place: Any, where: Mapping[Any, Any]) -> Room:
    """What a part may fill: the text of its sheet, or the table cell it stands in."""
    chain = [place, *place.iterancestors()]
    room = sections.room_of(next(where[element] for element in chain if element in where))
    cell = next((element for element in chain if element.tag == qn("w:tc")), None)
    if cell is None:
        return room
    size = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
    fixed = size is not None and size.get(qn("w:type")) == "dxa"
    width = min(room.width, int(size.get(qn("w:w"))) / TWIPS_PER_MM - _CELL) if fixed else room.width - _CELL
    return Room(width, room.height, width)


_CELL = 4.0
"""Margins in mm of a table cell, both sides."""


def _identify(document: Document, title: str) -> None:
    about = document.core_properties
    about.title, about.last_modified_by = safe(title)[:250], ""
    about.created = about.modified = FIXED
    about.revision = 1
