"""The look of a paper: A4, margins, fonts and sizes of GB/T 9704-2012 (5.1 paper, 5.2 margins and type area, 7.3.1 title).

Fonts are named as offices have them; a machine without 方正小标宋 or 仿宋_GB2312 shows its own instead.
"""

from __future__ import annotations

from copy import copy
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
_SONG, _FANG, _HEI, _KAI, _SMALL = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
_LATIN = "Times New Roman"
_FIXED_28 = '<w:spacing w:before="0" w:after="0" w:line="560" w:lineRule="exact"/>'
_SINGLE = '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_STYLES: dict[str, tuple[str, int, str]] = {
    # name: (font, half points, paragraph)
    "Normal": (_FANG, 32, _FIXED_28),
    "Title": (
        _SONG,
        44,
        '<w:spacing w:before="0" w:after="120" w:line="640" w:lineRule="exact"/><w:jc w:val="center"/>',
    ),
    "Subtitle": (
        _KAI,
        32,
        '<w:spacing w:before="0" w:after="240" w:line="560" w:lineRule="exact"/><w:jc w:val="center"/>',
    ),
    "Heading 1": (_HEI, 32, f'<w:keepNext/>{_FIXED_28}{_INDENT}<w:outlineLvl w:val="0"/>'),
    "Heading 2": (_KAI, 32, f'<w:keepNext/>{_FIXED_28}{_INDENT}<w:outlineLvl w:val="1"/>'),
    BODY: (_FANG, 32, f"{_FIXED_28}{_INDENT}"),
    TEXT: (_FANG, 21, _SINGLE),
    HEAD: (_HEI, 21, f'<w:keepNext/>{_SINGLE}<w:jc w:val="center"/>'),
    NOTE: (_FANG, 21, '<w:spacing w:before="60" w:after="60" w:line="320" w:lineRule="exact"/>'),
    "Footer": (_SMALL, 18, _SINGLE),
}


def blank(title: str) -> DocumentObject:
    """An empty document in this look; ``title`` is the one in its properties."""
    document = Document()
    _defaults(document)
    for name, (font, size, paragraph) in _STYLES.items():
        _style(document, name, font, size, paragraph)
    _properties(document, title)
    return document


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


def _style(document: DocumentObject, name: str, font: str, size: int, paragraph: str) -> None:
    styles = document.styles
    known = name in styles
    element: Any = (styles[name] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)).element
    if not known and name != "Normal":
        styles[name].base_style = styles["Normal"]
    for tag in ("w:pPr", "w:rPr"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    element.append(parse_xml(f"<w:pPr {nsdecls('w')}>{paragraph}</w:pPr>"))
    look = f'{_fonts(font)}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    element.append(parse_xml(f"<w:rPr {nsdecls('w')}>{look}</w:rPr>"))


def _defaults(document: DocumentObject) -> None:
    """Chinese for every style nobody set, and no picture of somebody else's document."""
    defaults: Any = document.styles.element.find(qn("w:docDefaults"))
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    whole = f"<w:rPrDefault><w:rPr>{_fonts(_FANG)}{language}</w:rPr></w:rPrDefault><w:pPrDefault/>"
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
