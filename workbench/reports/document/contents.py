"""目录: the headings that are there, each with a reference to its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from workbench.reports.document.blocks import Span
from workbench.reports.document.flow import Room, field, paragraph, runs
from workbench.reports.document.styles import CONTENTS, HEADING
from workbench.reports.papers.grid import TWIPS_PER_MM

if TYPE_CHECKING:
    from docx.document import Document

PART = "目录"
"""The part a template puts it with: ``{{p 目录 }}``."""


def entries(body: Any, ids: Mapping[str, str]) -> list[tuple[int, str, Any]]:
    """Level, text and paragraph of the headings of levels 1 and 2, in order."""
    levels = {ids[HEADING[level]]: level for level in CONTENTS}
    found = []
    for style in body.iter(qn("w:pStyle")):
        level = levels.get(style.get(qn("w:val")))
        heading = style.getparent().getparent()
        text = "".join(piece.text or "" for piece in heading.iter(qn("w:t"))).strip()
        if level is not None and text:
            found.append((level, text, heading))
    return found


def made(body: Any, ids: Mapping[str, str], room: Room) -> list[Any]:
    """The paragraphs of the table of contents; each heading it names gets a bookmark to lead to.

    No ``TOC`` field round them: LibreOffice takes what stands in one as plain text, and a page number nobody has laid out yet
    would stay empty there. Page references of their own are filled in by every program that lays the pages out.
    """
    first = 1 + max((int(mark.get(qn("w:id"))) for mark in body.iter(qn("w:bookmarkStart"))), default=0)
    end = round(room.width * TWIPS_PER_MM)
    tab = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{end}"/></w:tabs>'
    lines = []
    for number, (level, text, heading) in enumerate(entries(body, ids), first):
        name = f"_Toc{900_000_000 + number}"
        _mark(heading, number, name)
        inner = f"{runs([Span(text)])}<w:r><w:tab/></w:r>" + field(f"PAGEREF {name} \\h", "")
        lines.append(paragraph(f'<w:hyperlink w:anchor="{name}">{inner}</w:hyperlink>', ids[CONTENTS[level]], more=tab))
    return lines


def _mark(heading: Any, number: int, name: str) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    heading.insert(1 if heading[0].tag == qn("w:pPr") else 0, start)
    heading.append(end)


def has_contents(body: Any) -> bool:
    """Whether there is a table of contents, ours or the template's own."""
    written = [text.text or "" for text in body.iter(qn("w:instrText"))]
    simple = [field.get(qn("w:instr"), "") for field in body.iter(qn("w:fldSimple"))]
    return any(text.strip().startswith(("TOC ", "PAGEREF ")) for text in (*written, *simple))


def updated_when_opened(document: Document) -> None:
    """Let Word fill in the page numbers, which nobody knows before the pages are laid out."""
    settings: Any = document.settings.element
    if settings.find(qn("w:updateFields")) is None:
        flag = parse_xml(f'<w:updateFields {nsdecls("w")} w:val="true"/>')
        after = settings.find(qn("w:hdrShapeDefaults"))
        later = [child for child in settings if child.tag in {qn(f"w:{tag}") for tag in _AFTER}]
        anchor = after if after is not None else later[0] if later else None
        settings.append(flag) if anchor is None else anchor.addprevious(flag)


_AFTER = (
    "hdrShapeDefaults",
    "footnotePr",
    "endnotePr",
    "compat",
    "docVars",
    "rsids",
    "mathPr",
    "themeFontLang",
    "clrSchemeMapping",
    "shapeDefaults",
    "decimalSymbol",
    "listSeparator",
)
"""What the schema wants after ``w:updateFields`` in the settings."""
