"""Sheets turned on their side for wide tables, in sections cut out of the template's own: its headers and footers go on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import deepcopy
from itertools import groupby
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from workbench.reports.document.flow import Room
from workbench.reports.papers.grid import TWIPS_PER_MM

_A4 = (11906, 16838)
_MARGIN = 1440
REACH = 3
"""Paragraphs between a heading and its wide table that are turned together with the table."""
_LAYOUT = f"{qn('w:pPr')}/{qn('w:sectPr')}"
_BEFORE = [qn(f"w:{tag}") for tag in ("headerReference", "footerReference", "footnotePr", "endnotePr")]
"""What stands in a ``w:sectPr`` before its type, size and margins."""
_SIDES = ("top", "right", "bottom", "left")
_BODY_PARTS = (qn("w:p"), qn("w:tbl"), qn("w:sdt"))


def layouts(body: Any) -> dict[Any, Any]:
    """Every child of the body with the ``w:sectPr`` that lays it out: the next one after it."""
    found: dict[Any, Any] = {}
    current = None
    for child in reversed(body):
        own = child if child.tag == qn("w:sectPr") else child.find(_LAYOUT)
        current = current if own is None else own
        found[child] = current
    return found


def room_of(layout: Any) -> Room:
    """The type area of a section, in mm."""
    (across, down), (top, right, bottom, left) = _size(layout), _margins(layout)
    wide, high = max(across - left - right, _MARGIN), max(down - top - bottom, _MARGIN)
    turned = wide if across > down else high
    return Room(wide / TWIPS_PER_MM, high / TWIPS_PER_MM, turned / TWIPS_PER_MM)


def turn(body: Any, wide: Collection[Any], headings: Collection[str]) -> None:
    """Give what is wide landscape sheets of its own, with the heading it stands under.

    Args:
        wide: children of the body.
        headings: style ids of headings.
    """
    children = [child for child in body if child.tag in _BODY_PARTS]
    turned = _with_headings(children, set(wide), headings)
    where = layouts(body)
    for layout, group in groupby(children, key=lambda child: where[child]):
        across, down = _size(layout)
        members = list(group)
        if across <= down and not turned.isdisjoint(members):
            _cut(members, layout, turned)


def _with_headings(children: list[Any], wide: set[Any], headings: Collection[str]) -> set[Any]:
    """What is turned: a heading close above a wide table would stand alone on a sheet otherwise."""
    turned = set(wide)
    for position, child in enumerate(children):
        if child not in wide or (position and children[position - 1] in turned):
            continue
        above = _up_to_heading(children, position, headings)
        turned.update(children[above:position])
    return turned


def _up_to_heading(children: list[Any], position: int, headings: Collection[str]) -> int:
    """Where the headings begin that stand right above ``position``; ``position`` itself when there are none near."""
    first = position
    for at in range(position - 1, max(-1, position - 1 - REACH), -1):
        if children[at].tag != qn("w:p") or children[at].find(_LAYOUT) is not None:
            return position
        if _style(children[at]) in headings:
            first = at
            break
    while first < position and first and _style(children[first - 1]) in headings:
        first -= 1
    return first


def _style(paragraph: Any) -> str | None:
    found = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return None if found is None else str(found.get(qn("w:val")))


def _cut(members: list[Any], layout: Any, turned: set[Any]) -> None:
    """Cut a section at each change of direction; its own ``w:sectPr`` stays with the last piece."""
    pieces = [(sideways, list(group)) for sideways, group in groupby(members, key=lambda child: child in turned)]
    plain, side = deepcopy(layout), _sideways(layout)
    for number, (sideways, group) in enumerate(pieces[:-1]):
        own = deepcopy(side if sideways else plain)
        if number:
            _goes_on(own)
        _close(group[-1], own)
    if pieces[-1][0]:
        for tag in ("w:pgSz", "w:pgMar"):
            layout.replace(_child(layout, tag), deepcopy(side.find(qn(tag))))
    if len(pieces) > 1:
        _goes_on(layout)


def _close(last: Any, layout: Any) -> None:
    """End a section after ``last``: in its properties, or in an empty paragraph after a table."""
    if last.tag != qn("w:p"):
        last.addnext(OxmlElement("w:p"))
        last = last.getnext()
    properties = last.find(qn("w:pPr"))
    if properties is None:
        properties = OxmlElement("w:pPr")
        last.insert(0, properties)
    later = [child for child in properties if child.tag == qn("w:pPrChange")]
    (later[0].addprevious if later else properties.append)(layout)


def _goes_on(layout: Any) -> None:
    """A section after the first piece: no title page, no first page number of its own, on a new sheet."""
    for old in _found(layout, "w:titlePg", "w:type"):
        layout.remove(old)
    for numbers in _found(layout, "w:pgNumType"):
        numbers.attrib.pop(qn("w:start"), None)
    kind = OxmlElement("w:type")
    kind.set(qn("w:val"), "nextPage")
    layout.insert(sum(child.tag in _BEFORE for child in layout), kind)


def _found(layout: Any, *tags: str) -> Iterator[Any]:
    return iter([child for child in layout if child.tag in {qn(tag) for tag in tags}])


def _sideways(layout: Any) -> Any:
    """The upright sheet turned a quarter to the left, its margins with it."""
    side = deepcopy(layout)
    (across, down), (top, right, bottom, left) = _size(layout), _margins(layout)
    size = _child(side, "w:pgSz")
    for name, value in (("w:w", str(down)), ("w:h", str(across)), ("w:orient", "landscape")):
        size.set(qn(name), value)
    margins = _child(side, "w:pgMar")
    for name, margin in (("w:top", left), ("w:right", bottom), ("w:bottom", right), ("w:left", top)):
        margins.set(qn(name), str(margin))
    return side


def _child(layout: Any, tag: str) -> Any:
    found = layout.find(qn(tag))
    if found is None:
        found = OxmlElement(tag)
        before = [*_BEFORE, qn("w:type"), qn("w:pgSz")]
        layout.insert(sum(child.tag in before for child in layout), found)
    return found


def _size(layout: Any) -> tuple[int, int]:
    size = layout.find(qn("w:pgSz"))
    if size is None:
        return _A4
    return int(size.get(qn("w:w"), _A4[0])), int(size.get(qn("w:h"), _A4[1]))


def _margins(layout: Any) -> tuple[int, int, int, int]:
    """Top, right, bottom and left, in twips; a header that must not be overlapped has a negative one."""
    margins = layout.find(qn("w:pgMar"))
    found = [_MARGIN if margins is None else int(margins.get(qn(f"w:{side}"), _MARGIN)) for side in _SIDES]
    top, right, bottom, left = map(abs, found)
    return top, right, bottom, left
