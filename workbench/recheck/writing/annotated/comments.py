"""Comments of one sheet: added to those it has, as answers where there are conversations (threaded comments)."""

from __future__ import annotations

import re
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from workbench.base.packed import FIXED
from workbench.recheck.files.cells import cell_name
from workbench.recheck.writing.annotated.boxes import EMPTY, with_boxes
from workbench.recheck.writing.annotated.patching import Patch, child, local, space
from workbench.recheck.writing.told import AUTHOR

LONGEST = 30_000
"""Characters of a comment; Excel takes 32,767."""
_EXCEL = "application/vnd.openxmlformats-officedocument."
_COMMENTS_KIND = f"{_EXCEL}spreadsheetml.comments+xml"
_VML_KIND = f"{_EXCEL}vmlDrawing"
_PERSONS_KIND = "application/vnd.ms-excel.person+xml"
_THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
_PERSON_LINK = "http://schemas.microsoft.com/office/2017/10/relationships/person"
_AFTER = frozenset(
    {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}
)
"""What stands after the drawing of comments in a sheet, in the order of the schema."""
_SPELT = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
Texts = dict[tuple[int, int], str]


def comment(patch: Patch, part: str, texts: Texts) -> None:
    """Put comments on cells (row and column from 0) of the sheet in ``part``.

    Raises:
        FileError, ValueError: what the sheet says of its comments does not hold together.
    """
    said = _add(_comments(patch, part), texts)
    talks = patch.linked(part, "threadedComment")
    if talks is not None:
        _answer(patch, patch.tree(talks), texts)
    drawing = _drawing(patch, part)
    patch.put(drawing, with_boxes(patch.text(drawing), said))


def _comments(patch: Patch, part: str) -> Any:
    """The comments of a sheet; a part of its own where it has none yet."""
    found = patch.linked(part, "comments")
    if found is None:
        own = space(patch.tree(part))[1:-1]
        data = f'<comments xmlns="{own}"><authors/><commentList/></comments>'.encode()
        found = patch.add("xl/comments", ".xml", data, _COMMENTS_KIND)
        patch.relate(part, "comments", found)
    return patch.tree(found)


def _add(root: Any, texts: Texts) -> Texts:
    """Add to the comments; what each of the cells says by now."""
    own, authors, listed = space(root), child(root, "authors"), child(root, "commentList")
    if authors is None or listed is None:
        raise ValueError("comments without authors or a list")
    number = str(len(authors))
    etree.SubElement(authors, f"{own}author").text = AUTHOR
    there = {e.get("ref", ""): e for e in listed}
    said: Texts = {}
    for (row, column), text in texts.items():
        name = cell_name(row, column)
        element = there.get(name)
        before = "" if element is None else "".join(e.text or "" for e in element.iter(f"{own}t"))
        whole = f"{before}\n\n{text}" if before else text
        if element is None:
            element = etree.SubElement(listed, f"{own}comment", ref=name, authorId=number)
            etree.SubElement(element, f"{own}text")
        _append(child(element, "text"), f"\n\n{text}" if before else text, own)
        said[row, column] = whole
    return said


def _append(holder: Any, text: str, own: str) -> None:
    if (plain := child(holder, "t")) is not None:  # a text without looks has no pieces to add one to
        run = etree.SubElement(holder, f"{own}r")
        run.append(plain)
    run = etree.SubElement(holder, f"{own}r")
    look = etree.SubElement(run, f"{own}rPr")
    etree.SubElement(look, f"{own}sz", val="9")
    etree.SubElement(look, f"{own}rFont", val="宋体")
    piece = etree.SubElement(run, f"{own}t", {_SPACE: "preserve"})
    piece.text = spelt(text if len(text) <= LONGEST else f"{text[:LONGEST]}……(见“复核意见”表)")


def spelt(text: str) -> str:
    """A text in which ``_x000D_`` stays what it is, and is not read as a character."""
    return _SPELT.sub("_x005F_", text)


def _drawing(patch: Patch, part: str) -> str:
    """The part with the boxes of a sheet's comments, made and named in the sheet where it has none."""
    sheet = patch.tree(part)
    key = f"{{{patch.relations}}}id"
    named = child(sheet, "legacyDrawing")
    if named is not None:
        link = patch.links(part).get(named.get(key, ""))
        if link is None or link.external:
            raise ValueError("a drawing that is not there")
        return link.target
    made = patch.add("xl/drawings/vmlDrawing", ".vml", EMPTY, _VML_KIND)
    drawn = {key: patch.relate(part, "vmlDrawing", made)}
    named = etree.Element(f"{space(sheet)}legacyDrawing", drawn, nsmap={"r": patch.relations})
    after = next((e for e in sheet if local(e) in _AFTER or local(e) == "AlternateContent"), None)
    sheet.append(named) if after is None else after.addprevious(named)
    return made


def _answer(patch: Patch, root: Any, texts: Texts) -> None:
    """Excel shows a conversation where there is one, and not the comment beside it: so the remark is an answer in it."""
    begun = {e.get("ref", ""): e.get("id", "") for e in reversed(root) if not e.get("parentId")}
    for spot, text in texts.items():
        name = cell_name(*spot)
        if name not in begun:
            continue
        own = space(root)
        about = {"ref": name, "dT": FIXED.isoformat(), "personId": _person(patch), "parentId": begun[name]}
        answer = etree.SubElement(root, f"{own}threadedComment", {**about, "id": _guid(f"{begun[name]} {text}")})
        etree.SubElement(answer, f"{own}text").text = text


def _person(patch: Patch) -> str:
    """The id under which we speak."""
    part = patch.linked(patch.package.main, "person")
    if part is None:
        data = f'<personList xmlns="{_THREADS}"/>'.encode()
        part = patch.add("xl/persons/person", ".xml", data, _PERSONS_KIND)
        patch.relate(patch.package.main, _PERSON_LINK, part)
    root, me = patch.tree(part), _guid(AUTHOR)
    if all(e.get("id") != me for e in root):
        etree.SubElement(root, f"{space(root)}person", displayName=AUTHOR, id=me, userId=AUTHOR, providerId="None")
    return me


def _guid(text: str) -> str:
    return f"{{{str(uuid5(NAMESPACE_URL, text)).upper()}}}"
