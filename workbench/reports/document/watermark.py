"""A watermark (水印) across every page: in each header, as Word's own command puts it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from workbench.reports.papers.look import HEI

if TYPE_CHECKING:
    from docx.document import Document

_VML = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w10="urn:schemas-microsoft-com:office:word"'
)
_HEIGHT = 88
"""Points; a character is as wide as it is high."""
_WORDART = (
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
    '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>'
    '<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
    '<v:f eqn="sum @6 0 @5"/></v:formulas><v:path textpathok="t" o:connecttype="custom" '
    'o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
    '<v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles>'
    '<o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
)
"""The shape type of text drawn as a picture, as Word writes it."""


def stamp(document: Document, text: str) -> None:
    """Put ``text`` across every page of every section, title pages and even pages included."""
    sections = list(document.sections)
    first = sections[0]
    first.header.is_linked_to_previous = False
    if any(section.different_first_page_header_footer for section in sections):
        first.first_page_header.is_linked_to_previous = False
    if document.settings.odd_and_even_pages_header_footer:
        first.even_page_header.is_linked_to_previous = False
    part = document.part
    relations = {ref.get(qn("r:id")): None for ref in part.element.iter(qn("w:headerReference"))}
    for number, relation in enumerate(relations, 1):
        _into(part.rels[relation].target_part.element, text, number)


def _into(header: Any, text: str, number: int) -> None:
    paragraph = next(header.iter(qn("w:p")), None)
    if paragraph is None:
        paragraph = OxmlElement("w:p")
        header.append(paragraph)
    where = (
        f"position:absolute;margin-left:0;margin-top:0;width:{_HEIGHT * len(text)}pt;height:{_HEIGHT}pt;rotation:315;"
        "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    letters = f'<v:fill opacity=".5"/><v:textpath style="font-family:&quot;{HEI}&quot;;font-size:1pt" string={quoteattr(text)}/>'
    shape = (
        f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2048 + number}" type="#_x0000_t136" '
        f'alt={quoteattr("水印：" + text)} style="{where}" o:allowincell="f" fillcolor="silver" stroked="f">'
        f'{letters}<w10:wrap anchorx="margin" anchory="margin"/></v:shape>'
    )
    picture = f"<w:pict>{_WORDART}{shape}</w:pict>"
    paragraph.append(parse_xml(f"<w:r {nsdecls('w')} {_VML}><w:rPr><w:noProof/></w:rPr>{picture}</w:r>"))
