"""A docx with comments, put where the reader of forms has its cells: tables in the order of the text, rows and columns of the grid."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from workbench.base.packed import repacked
from workbench.recheck.writing.annotated.remarks import COLOURS, Remark, by_spot
from workbench.recheck.writing.told import AUTHOR

_INITIALS = "复核"
_UNREAD = (qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
"""What the reader of forms passes over."""
_AFTER_SHADE = (
    *("noWrap", "tcMar", "textDirection", "tcFitText", "vAlign", "hideMark"),
    *("headers", "cellIns", "cellDel", "cellMerge", "tcPrChange"),
)
"""What stands after the shading of a cell, in the order of the schema."""


def annotated_document(path: Path, remarks: Sequence[Remark]) -> bytes:
    """The copy's bytes, the same for the same file and remarks."""
    document = Document(str(path))
    body = document.element.body
    tables = [t for t in body.iter(qn("w:tbl")) if not any(a.tag in _UNREAD for a in t.iterancestors())]
    rest = [remark for remark in remarks if remark.spot is None]
    for spot, group in by_spot(remarks):
        number = spot.sheet.removeprefix("表")
        table = tables[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(tables) else None
        cell = None if table is None else _cell(table, spot.row, spot.column)
        if cell is None:
            rest += group
            continue
        _shade(cell, COLOURS[group[0].severity])
        _comment(document, cell, "\n".join(remark.text for remark in group))
    if rest:
        text = "\n".join(f"{remark.place}\n{remark.text}" for remark in rest)
        _comment(document, body, text)
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def _cell(table: Any, row: int, column: int) -> Any:
    """The ``w:tc`` over a spot of the grid; None where there is none."""
    rows = [tr for tr in _own(table, "w:tr", "w:tbl") if not _deleted(tr) and list(_own(tr, "w:tc", "w:tr"))]
    if row >= len(rows):
        return None
    before = rows[row].find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    at = 0 if before is None else int(before.get(qn("w:val")))
    for tc in _own(rows[row], "w:tc", "w:tr"):
        span = tc.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        at += 1 if span is None else max(1, int(span.get(qn("w:val"))))
        if column < at:
            return tc
    return None


def _own(parent: Any, tag: str, kind: str) -> Iterator[Any]:
    """Elements of a table or row itself, not of one that stands within; also those wrapped in a content control."""
    for element in parent.iter(qn(tag)):
        if next(element.iterancestors(qn(kind))) is parent:
            yield element


def _deleted(tr: Any) -> bool:
    return tr.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None


def _comment(document: Any, holder: Any, text: str) -> None:
    """A comment over everything that is written in a cell, or on the first paragraph of the whole text."""
    paragraphs = [p for p in holder.iter(qn("w:p")) if holder.tag == qn("w:body") or _inside(p, holder)]
    if not paragraphs:
        paragraphs = [holder.add_p()]
    runs = [run for p in paragraphs for run in p.findall(qn("w:r"))]
    if holder.tag == qn("w:body"):
        runs = runs[:1]
    parent = Paragraph(paragraphs[0], document)
    marked = [Run(runs[0], parent), Run(runs[-1], parent)] if runs else [parent.add_run()]
    comment = document.add_comment(marked, text, AUTHOR, _INITIALS)
    # The moment of writing would make every copy another one.
    comment._comment_elm.attrib.pop(qn("w:date"), None)


def _inside(paragraph: Any, cell: Any) -> bool:
    return next(paragraph.iterancestors(qn("w:tc"))) is cell


def _shade(cell: Any, colour: str) -> None:
    properties = cell.get_or_add_tcPr()
    for old in properties.findall(qn("w:shd")):
        properties.remove(old)
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        shade.set(qn(name), value)
    after = next((e for e in properties if e.tag in [qn(f"w:{name}") for name in _AFTER_SHADE]), None)
    if after is None:
        properties.append(shade)
    else:
        after.addprevious(shade)
