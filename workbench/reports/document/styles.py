"""Paragraph styles a report is written in: the template's own by their names, ours where it has none of that name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn

from workbench.reports.papers.look import (
    BODY,
    FANG,
    FIXED_28,
    HEAD,
    HEI,
    INDENT,
    NOTE,
    SONG,
    STYLES,
    TEXT,
    Look,
    set_style,
)

if TYPE_CHECKING:
    from docx.document import Document

HEADING = {1: "Heading 1", 2: "Heading 2", 3: "Heading 3"}
CAPTION, CONTENTS_TITLE = "Caption", "TOC Heading"
CONTENTS = {1: "toc 1", 2: "toc 2"}
_LINE_18 = '<w:spacing w:before="0" w:after="0" w:line="360" w:lineRule="exact"/>'
FURTHER: dict[str, Look] = {
    HEADING[3]: (FANG, 32, f'<w:keepNext/>{FIXED_28}{INDENT}<w:outlineLvl w:val="2"/>'),
    CAPTION: (
        HEI,
        24,
        '<w:spacing w:before="120" w:after="60" w:line="320" w:lineRule="atLeast"/><w:jc w:val="center"/>',
    ),
    CONTENTS_TITLE: (
        SONG,
        36,
        '<w:spacing w:before="0" w:after="120" w:line="560" w:lineRule="exact"/><w:jc w:val="center"/>',
    ),
    CONTENTS[1]: (HEI, 24, f'{_LINE_18}<w:ind w:right="560"/>'),
    CONTENTS[2]: (FANG, 24, f'{_LINE_18}<w:ind w:left="480" w:right="560"/>'),
}
"""Styles a report has beyond those of the papers; the outline with its annexes fills one page of contents."""
USED = (*HEADING.values(), BODY, TEXT, HEAD, NOTE, CAPTION, *CONTENTS.values())


def complete(document: Document) -> None:
    """Add our styles for the names the template has none of."""
    looks = STYLES | FURTHER
    for name in USED:
        if name not in document.styles:
            set_style(document, name, looks[name])


def ids(document: Document) -> dict[str, str]:
    """Style id by the name we use. Word gives ids of its own: in a Chinese Word “heading 2” may be style ``2``."""
    return {name: str(document.styles[name].style_id) for name in USED}


def renamed(element: Any, known: dict[str, str]) -> None:
    """Put the template's style ids where a piece of ours names its styles."""
    for style in element.iter(qn("w:pStyle")):
        name = style.get(qn("w:val"))
        style.set(qn("w:val"), known.get(name, name))
