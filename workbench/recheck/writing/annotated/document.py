"""A docx with comments, put where the reader of forms has its cells: tables in the order of the text, rows and columns of the grid.

Put into the package as it is; pictures, numbering, headers and everything else stay those of the original.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from workbench.recheck.writing.annotated.patching import Patch, child, local, patching, space
from workbench.recheck.writing.annotated.remarks import COLOURS, Remark, by_spot
from workbench.recheck.writing.told import AUTHOR

KEPT = (
    "本文件是原件的批注副本,原件没有改动。底色和批注是复核加上的,文字没有改动。原件有电子签名的,签名在副本上不再有效。"
)
_INITIALS = "复核"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_UNREAD = frozenset({"del", "moveFrom", "Fallback"})
"""What the reader of forms passes over."""
_AFTER_SHADE = frozenset(
    {
        *("noWrap", "tcMar", "textDirection", "tcFitText", "vAlign", "hideMark"),
        *("headers", "cellIns", "cellDel", "cellMerge", "tcPrChange"),
    }
)
"""What stands after the shading of a cell, in the order of the schema."""


def annotated_document(path: Path, remarks: Sequence[Remark]) -> bytes:
    """The copy's bytes, the same for the same file and remarks.

    Raises:
        FileError, OSError, ValueError, zipfile.BadZipFile: the file is not what was read, or not what Word writes.
    """
    with patching(path) as patch:
        body = child(patch.main, "body")
        if body is None:
            raise ValueError("a document without a body")
        comments = _Comments(patch)
        tables = [t for t in _all(body, "tbl") if not any(local(a) in _UNREAD for a in t.iterancestors())]
        rest = [remark for remark in remarks if remark.spot is None]
        for spot, group in by_spot(remarks):
            number = spot.sheet.removeprefix("表")
            table = tables[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(tables) else None
            cell = None if table is None else _cell(table, spot.row, spot.column)
            if cell is None:
                rest += group
                continue
            _shade(cell, COLOURS[group[0].severity])
            own = [p for p in _all(cell, "p") if _nearest(p, "tc") is cell]
            comments.over(own or [_paragraph(cell)], "\n".join(remark.text for remark in group))
        unplaced = [f"{remark.place}\n{remark.text}" for remark in rest]
        comments.on(next(_all(body, "p"), None), body, "\n".join([KEPT, *unplaced]))
        return patch.data()


class _Comments:
    """The comments of one document, numbered on from those it has."""

    def __init__(self, patch: Patch) -> None:
        self._space = space(patch.main)
        part = patch.linked(patch.package.main, "comments")
        if part is None:
            data = f'<w:comments xmlns:w="{self._space[1:-1]}"/>'.encode()
            part = patch.add("word/comments", ".xml", data, _KIND)
            patch.relate(patch.package.main, "comments", part)
        self._root = patch.tree(part)
        key = f"{self._space}id"
        marks = (e.get(key, "") for e in (*self._root, *_all(patch.main, "commentRangeStart")))
        self._next = max((int(number) for number in marks if number.isdecimal()), default=-1) + 1

    def over(self, paragraphs: Sequence[Any], text: str) -> None:
        """A comment over everything that is written in these paragraphs."""
        runs = [run for p in paragraphs for run in p if local(run) == "r"]
        if runs:
            self._mark(runs[0], runs[-1], text)
        else:
            self._mark(_run(paragraphs[0]), None, text)

    def on(self, paragraph: Any, body: Any, text: str) -> None:
        """A comment on the first words of a paragraph; on one at the beginning of a text that has none."""
        if paragraph is None:
            paragraph = etree.Element(f"{self._space}p")
            body.insert(0, paragraph)
        runs = [run for run in paragraph if local(run) == "r"]
        self._mark(runs[0] if runs else _run(paragraph), None, text)

    def _mark(self, first: Any, last: Any, text: str) -> None:
        number = {f"{self._space}id": str(self._next)}
        self._next += 1
        first.addprevious(etree.Element(f"{self._space}commentRangeStart", number))
        end = etree.Element(f"{self._space}commentRangeEnd", number)
        run = etree.Element(f"{self._space}r")
        etree.SubElement(run, f"{self._space}commentReference", number)
        (first if last is None else last).addnext(end)
        end.addnext(run)
        self._root.append(self._comment(number, text))

    def _comment(self, number: dict[str, str], text: str) -> Any:
        paragraphs = "".join(
            f'<w:p><w:r><w:t xml:space="preserve">{escape(t)}</w:t></w:r></w:p>' for t in text.split("\n")
        )
        comment = etree.fromstring(f'<w:comment xmlns:w="{self._space[1:-1]}">{paragraphs}</w:comment>')
        # Without the moment of writing, which would make every copy another one.
        for name, value in (*number.items(), (f"{self._space}author", AUTHOR), (f"{self._space}initials", _INITIALS)):
            comment.set(name, value)
        return comment


def _run(paragraph: Any) -> Any:
    """A run without text at the end of a paragraph."""
    return etree.SubElement(paragraph, f"{space(paragraph)}r")


def _paragraph(cell: Any) -> Any:
    """A paragraph for a cell that has none, at its end."""
    return etree.SubElement(cell, f"{space(cell)}p")


def _cell(table: Any, row: int, column: int) -> Any:
    """The ``tc`` over a spot of the grid; None where there is none."""
    own = [tr for tr in _all(table, "tr") if _nearest(tr, "tbl") is table and not _deleted(tr)]
    rows = [tr for tr in own if next(_cells(tr), None) is not None]
    if row >= len(rows):
        return None
    at = _value(rows[row], "trPr", "gridBefore", 0)
    for tc in _cells(rows[row]):
        at += max(1, _value(tc, "tcPr", "gridSpan", 1))
        if column < at:
            return tc
    return None


def _cells(row: Any) -> Iterator[Any]:
    """Cells of the row itself, not of a table in it; also those wrapped in a content control."""
    return (tc for tc in _all(row, "tc") if _nearest(tc, "tr") is row)


def _value(element: Any, properties: str, name: str, usual: int) -> int:
    about = child(element, properties)
    found = None if about is None else child(about, name)
    return usual if found is None else int(found.get(f"{space(found)}val", usual))


def _all(parent: Any, name: str) -> Iterator[Any]:
    return parent.iter(f"{space(parent)}{name}")  # type: ignore[no-any-return]


def _nearest(element: Any, name: str) -> Any:
    return next(element.iterancestors(f"{space(element)}{name}"), None)


def _deleted(tr: Any) -> bool:
    about = child(tr, "trPr")
    return about is not None and child(about, "del") is not None


def _shade(cell: Any, colour: str) -> None:
    own = space(cell)
    about = child(cell, "tcPr")
    if about is None:
        about = etree.Element(f"{own}tcPr")
        cell.insert(0, about)
    for old in about.findall(f"{own}shd"):
        about.remove(old)
    look = (("val", "clear"), ("color", "auto"), ("fill", colour))
    shade = etree.Element(f"{own}shd", {f"{own}{name}": value for name, value in look})
    after = next((e for e in about if local(e) in _AFTER_SHADE), None)
    about.append(shade) if after is None else after.addprevious(shade)
