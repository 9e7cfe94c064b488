"""One paper being written: title, headings, paragraphs, tables that fill the page, boxes to write in, signature lines."""

from __future__ import annotations

import io
from collections.abc import Sequence

from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.section import Section
from docx.shared import Mm

from workbench.base.packed import repacked
from workbench.base.safetext import safe
from workbench.reports.papers.grid import Column, Line, field_grid, table_element
from workbench.reports.papers.look import BODY, NOTE, TEXT, blank, lay_out, style_ids

EXAMPLE_FORMAT = "示例格式,可改"
BLANK_DATE = "______年____月____日"


class Paper:
    """A docx in the making; :meth:`data` gives the same bytes for the same content.

    ``mark`` stands at the foot of every page and says what the sheet belongs to; ``pages`` numbers them.
    """

    def __init__(self, title: str, mark: str, *, landscape: bool = False, pages: bool = True) -> None:
        self._document = blank(safe(title))
        self._mark, self._pages = safe(mark), pages
        self._break_next = False
        self._width = self._lay_out(self._document.sections[0], landscape=landscape)

    @property
    def width(self) -> float:
        """Width of the text in mm."""
        return self._width

    def data(self) -> bytes:
        """The finished file."""
        stream = io.BytesIO()
        self._document.save(stream)
        return repacked(stream.getvalue())

    def title(self, text: str, under: str = "") -> None:
        """The title in the middle, with the evaluation's own title under it."""
        self._paragraph(text, "Title")
        if under:
            self._paragraph(under, "Subtitle")

    def cover(self, text: str, under: str, lines: Sequence[str]) -> None:
        """A first page of its own, without a page's foot: the title, what it is about, and lines to fill in; then a new page."""
        self._document.sections[0].different_first_page_header_footer = True
        self._paragraph(text, "Title")
        self._document.paragraphs[-1].paragraph_format.space_before = Mm(60)
        self._paragraph(under, "Subtitle")
        for number, line in enumerate(lines):
            self._paragraph(line, "Subtitle")
            if not number:
                self._document.paragraphs[-1].paragraph_format.space_before = Mm(70)
        self.new_page()

    def heading(self, text: str) -> None:
        """一、 and so on: the number is part of the text."""
        self._paragraph(text, "Heading 1")

    def subheading(self, text: str) -> None:
        """（一） and so on."""
        self._paragraph(text, "Heading 2")

    def picture(self, png: bytes, alt: str) -> None:
        """A picture as wide as the text, with what it shows in words for those who cannot see it."""
        paragraph = self._document.add_paragraph(style=TEXT)
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(self._width))
        shape._inline.docPr.set("descr", safe(alt))

    def text(self, text: str) -> None:
        """Body paragraphs, one per line of ``text``."""
        for line in text.split("\n"):
            self._paragraph(line, BODY)

    def note(self, text: str) -> None:
        """Small print."""
        self._paragraph(text, NOTE)

    def caption(self, text: str) -> None:
        """What a table is called, on the same page as the table's first row."""
        self.note(text)
        self._document.paragraphs[-1].paragraph_format.keep_with_next = True

    def signature(self, *who: str) -> None:
        """A line to sign on per name, each with a date, at the right margin."""
        for name in who:
            self._paragraph(signature_line(name), NOTE)
            look = self._document.paragraphs[-1].paragraph_format
            look.alignment, look.space_before = WD_ALIGN_PARAGRAPH.RIGHT, Mm(6)

    def new_page(self) -> None:
        """The next title, heading or paragraph begins on a page of its own."""
        self._break_next = True

    def turn(self, *, landscape: bool) -> None:
        """What follows stands on sheets of this orientation."""
        self._width = self._lay_out(self._document.add_section(WD_SECTION.NEW_PAGE), landscape=landscape)

    def fields(self, pairs: Sequence[tuple[str, str]], across: int = 1, height: float = 0) -> None:
        """Labels and values in a grid, ``across`` pairs side by side, rows at least ``height`` mm high."""
        self.table(*field_grid(pairs, self._width, across, height))

    def box(self, label: str, text: str = "", height: float = 40) -> None:
        """A frame with a label: filled in with ``text``, or empty and ``height`` mm high."""
        self.table([Column(label, 1)], [Line([text], height=0 if text else height)])

    def table(self, columns: Sequence[Column], lines: Sequence[Line]) -> None:
        """A table as wide as the page (see :func:`table_element`)."""
        element = table_element(columns, lines, self._width)
        # An empty paragraph after it, or the next table would grow together with this one.
        after = self._document.add_paragraph()._p
        after.style = style_ids()[TEXT]
        after.addprevious(element)

    def _paragraph(self, text: str, style: str) -> None:
        paragraph = self._document.add_paragraph(safe(text))
        # By its id, for the sake of speed.
        paragraph._p.style = style_ids()[style]
        if self._break_next:
            paragraph.paragraph_format.page_break_before = True
            self._break_next = False

    def _lay_out(self, section: Section, *, landscape: bool) -> float:
        """Paper, margins and foot of a section; the foot reaches as far as its text, so each section has its own."""
        width = lay_out(section, landscape=landscape)
        section.footer.is_linked_to_previous = False
        paragraph = section.footer.paragraphs[0]
        paragraph.add_run(self._mark)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(width), WD_TAB_ALIGNMENT.RIGHT)
        if self._pages:
            paragraph.add_run("\t第 ")
            for instruction, after in (("PAGE", " 页 共 "), ("NUMPAGES", " 页")):
                field = f'<w:fldSimple {nsdecls("w")} w:instr="{instruction}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
                paragraph._p.append(parse_xml(field))
                paragraph.add_run(after)
        return width


def signature_line(name: str) -> str:
    """Room for a name and a date."""
    return f"{name}:________________   日期:{BLANK_DATE}"
