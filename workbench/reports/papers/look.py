"""The look of a paper: A4, margins, fonts and sizes of GB/T 9704-2012 (5.1 paper, 5.2 margins and type area, 7.3.1 title).

Fonts are named as offices have them; a machine without 方正小标宋 or 仿宋_GB2312 shows its own instead.
"""

from __future__ import annotations

import io
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from workbench.base.packed import FIXED

if TYPE_CHECKING:
    from docx.document import Document as DocumentObject
    from docx.section import Section

TEXT, HEAD, NOTE, BODY = "表格文字", "表头", "说明", "Body Text"
"""Paragraph styles of ours: table cells, their headers, small print; body text keeps its built-in name."""
_SHORT, _LONG = Mm(210), Mm(297)
_TOP, _LEFT, _RIGHT, _BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)
"""天头37毫米, 订口28毫米; what is left is the type area of 156 × 225 mm."""
SONG, FANG, HEI, KAI, SMALL = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
_LATIN = "Times New Roman"
FIXED_28 = '<w:spacing w:before="0" w:after="0" w:line="560" w:lineRule="exact"/>'
SINGLE = '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
Look = tuple[str, int, str]
"""A style: Chinese font, size in half points, its paragraph's properties."""
STYLES: dict[str, Look] = {
    "Normal": (FANG, 32, FIXED_28),
    "Title": (
        SONG,
        44,
        '<w:spacing w:before="0" w:after="120" w:line="640" w:lineRule="exact"/><w:jc w:val="center"/>',
    ),
    "Subtitle": (
        KAI,
        32,
        '<w:spacing w:before="0" w:after="240" w:line="560" w:lineRule="exact"/><w:jc w:val="center"/>',
    ),
    "Heading 1": (HEI, 32, f'<w:keepNext/>{FIXED_28}{INDENT}<w:outlineLvl w:val="0"/>'),
    "Heading 2": (KAI, 32, f'<w:keepNext/>{FIXED_28}{INDENT}<w:outlineLvl w:val="1"/>'),
    BODY: (FANG, 32, f"{FIXED_28}{INDENT}"),
    TEXT: (FANG, 21, SINGLE),
    HEAD: (HEI, 21, f'<w:keepNext/>{SINGLE}<w:jc w:val="center"/>'),
    NOTE: (FANG, 21, '<w:spacing w:before="60" w:after="60" w:line="320" w:lineRule="exact"/>'),
    "Footer": (SMALL, 18, SINGLE),
}


def blank(title: str) -> DocumentObject:
    """An empty document in this look; ``title`` is the one in its properties."""
    document = Document(io.BytesIO(_empty()))
    _properties(document, title)
    return document


@cache
def _empty() -> bytes:
    """The document without a title: hundreds of letters begin with it, and its styles take longer than a letter."""
    document = Document()
    _defaults(document)
    for name, look in STYLES.items():
        set_style(document, name, look)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@cache
def style_ids() -> dict[str, str]:
    """Styles of :func:`blank` by name: python-docx goes through all of them to find one."""
    return {str(style.name): style.style_id for style in blank("").styles}


def lay_out(section: Section, *, landscape: bool) -> float:
    """Set a section's paper and margins; the sheet on its side is the upright one turned. Returns its text's width in mm."""
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (_LONG, _SHORT) if landscape else (_SHORT, _LONG)
    sides = (_LEFT, _BOTTOM, _RIGHT, _TOP) if landscape else (_TOP, _RIGHT, _BOTTOM, _LEFT)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = sides
    section.footer_distance = Mm(15)
    width = _LONG if landscape else _SHORT
    return float(width.mm - sides[1].mm - sides[3].mm)


def _fonts(font: str) -> str:
    """All four kinds of letters; without theme attributes, which would win over the names."""
    return f'<w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="{font}" w:cs="{_LATIN}"/>'


def set_style(document: DocumentObject, name: str, look: Look) -> None:
    """Give a paragraph style this look and no other, adding the style where there is none of that name."""
    font, size, paragraph = look
    styles = document.styles
    known = name in styles
    element: Any = (styles[name] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)).element
    if not known and name != "Normal":
        styles[name].base_style = styles["Normal"]
    for tag in ("w:pPr", "w:rPr"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    element.append(parse_xml(f"<w:pPr {nsdecls('w')}>{paragraph}</w:pPr>"))
    letters = f'{_fonts(font)}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    element.append(parse_xml(f"<w:rPr {nsdecls('w')}>{letters}</w:rPr>"))


def _defaults(document: DocumentObject) -> None:
    """Chinese for every style nobody set, and no picture of somebody else's document."""
    defaults: Any = document.styles.element.find(qn("w:docDefaults"))
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    whole = f"<w:rPrDefault><w:rPr>{_fonts(FANG)}{language}</w:rPr></w:rPrDefault><w:pPrDefault/>"
    fresh = parse_xml(f"<w:docDefaults {nsdecls('w')}>{whole}</w:docDefaults>")
    defaults.getparent().replace(defaults, fresh)
    package = document.part.package
    for key, relation in copy(package.rels).items():
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]


def _properties(document: DocumentObject, title: str) -> None:
    about = document.core_properties
    about.title, about.author, about.last_modified_by, about.comments = title[:250], "绩效评价工作台", "", ""
    about.created = about.modified = FIXED
    about.revision = 1
