"""评价结果简报: one A4 page for those who decide. Lines have fixed heights and texts are cut to theirs, so that it stays one."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from workbench.base.packed import repacked
from workbench.reports.document.blocks import Content
from workbench.reports.document.shown import SHORT
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import ReportedProblem
from workbench.reports.document.watermark import stamp
from workbench.reports.forms.cells import Cell, Row, merged_table
from workbench.reports.forms.fitting import fitted
from workbench.reports.forms.told import Told, told
from workbench.reports.papers.look import FANG, HEI, KAI, SONG, blank, lay_out, set_style
from workbench.reports.papers.words import safe

if TYPE_CHECKING:
    from docx.document import Document

NAME = "评价结果简报"
TITLE, KIND, ABOUT, TEXT, CELL, HEAD, PLAIN = (
    "简报标题",
    "简报类别",
    "简报说明",
    "简报正文",
    "简报数字",
    "简报栏目",
    "简报图",
)
_WIDTH, _HEIGHT = 166.0, 252.0
"""The type area in mm."""
_POINT = 25.4 / 72
_LINE = 18
"""Points from line to line of the body text, which has 12 points."""
_GAP = 2
"""Points above and below a paragraph of it."""
_ROW = 15
_ACROSS = _WIDTH / (12 * _POINT)
"""Chinese characters on a line of body text."""
_TITLE_ACROSS = _WIDTH / (18 * _POINT)
_TALLEST, _LOWEST = 62.0, 28.0
"""Heights of the chart in mm; below the lowest nobody could read it."""
_CONCLUSION, _EACH, _ENDS = 4, 3, 2
"""Lines of the conclusion, of each lost point, of what follows and what is open."""
_CELL_ACROSS = 19
"""Chinese characters of 10.5 points in the first column."""


def brief(source: ReportSource, content: Content, problems: Sequence[ReportedProblem]) -> bytes:
    """The page as docx, marked on its face until the report is final. ``problems``: with references put in."""
    said = told(source, content, problems)
    document = _blank(f"{said.title} {NAME}")
    section = document.sections[0]
    lay_out(section, landscape=False)
    section.top_margin, section.bottom_margin = Mm(25), Mm(20)
    section.left_margin = section.right_margin = Mm(22)
    section.footer_distance = Mm(10)
    foot = section.footer.paragraphs[0]
    foot.add_run(safe(f"本页数字取自运行 {source.result.evaluation} {source.run[:SHORT]}，详见评价报告。"))
    _write(document, said)
    if content.edition != "定稿":
        stamp(document, content.edition)
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def _blank(title: str) -> Document:
    document = blank(safe(title))
    exact = '<w:spacing w:before="0" w:after="0" w:line="{}" w:lineRule="exact"/>'
    body = f'<w:spacing w:before="{_GAP * 20}" w:after="{_GAP * 20}" w:line="{_LINE * 20}" w:lineRule="exact"/>'
    row = exact.format(_ROW * 20)
    middle = '<w:jc w:val="center"/>'
    set_style(document, KIND, (KAI, 24, exact.format(400) + '<w:jc w:val="right"/>'))
    set_style(document, TITLE, (SONG, 36, exact.format(560) + middle))
    set_style(document, ABOUT, (KAI, 21, exact.format(320) + middle))
    set_style(document, TEXT, (FANG, 24, f'{body}<w:ind w:firstLineChars="200" w:firstLine="480"/>'))
    set_style(document, CELL, (FANG, 21, row))
    set_style(document, HEAD, (HEI, 21, row))
    set_style(
        document, PLAIN, (FANG, 4, f'<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>{middle}')
    )
    return document


def _write(document: Document, said: Told) -> None:
    used = _Lines(document)
    used.paragraph("领导参阅", KIND, 20)
    for line in (NAME, fitted(said.title, _TITLE_ACROSS, 1)):
        used.paragraph(line, TITLE, 28)
    used.paragraph(fitted(said.about, _WIDTH / (10.5 * _POINT), 1), ABOUT, 16)
    used.told("一、评价结论。", said.conclusion, _CONCLUSION)
    used.table(said)
    place = document.paragraphs[-1]
    for number, (name, text) in enumerate(said.lost, 1):
        lead = "二、主要失分。" if number == 1 else ""
        used.told(f"{lead}{number}. {fitted(name, _ACROSS, 1)}。", text, _EACH)
    if not said.lost:
        used.told("二、主要失分。", "没有失分。", 1)
    used.told("三、结果应用。", said.consequence, _ENDS)
    used.told("四、待定事项。", said.open, _ENDS)
    if said.chart is not None:
        _picture(place, said, _HEIGHT - used.height)


class _Lines:
    """Writes line by line and keeps count of the height in mm."""

    def __init__(self, document: Document) -> None:
        self._document, self.height = document, 0.0

    def paragraph(self, text: str, style: str, points: float) -> None:
        """One line of fixed height."""
        self._document.add_paragraph(safe(text), style=style)
        self.height += points * _POINT

    def told(self, lead: str, text: str, most: int) -> None:
        """A paragraph that begins with a heading, cut to so many lines; all of them are counted."""
        whole = fitted(lead + text, _ACROSS - 2 / most, most)
        paragraph = self._document.add_paragraph(style=TEXT)
        paragraph.add_run(safe(whole[: len(lead)])).bold = True
        paragraph.add_run(safe(whole[len(lead) :]))
        self.height += (most * _LINE + 2 * _GAP) * _POINT

    def table(self, said: Told) -> None:
        """The points of the levels, then the paragraph the chart goes into."""
        others = len(said.columns) - 1
        widths = [_WIDTH - 28.0 * others, *[28.0] * others]
        rows = [Row([Cell(title, head=True) for title in said.columns])]
        for cells in said.rows:
            first = Cell(fitted(cells[0], _CELL_ACROSS, 1), align="left")
            rows.append(Row([first, *(Cell(fitted(c, 8, 1), align="right") for c in cells[1:])]))
        self._document.add_paragraph(style=PLAIN)._p.addprevious(merged_table(widths, rows, CELL, HEAD))
        self.height += len(rows) * (_ROW * _POINT + 0.5) + 3


def _picture(place: object, said: Told, room: float) -> None:
    """The chart as wide as the text unless that is higher than what is left of the page."""
    assert said.chart is not None
    across, down = struct.unpack(">II", said.chart[16:24])  # the size stands at a fixed place of every PNG
    height = min(room - 8, _TALLEST, _WIDTH * down / across)
    if height < _LOWEST:
        return
    shape = place.add_run().add_picture(io.BytesIO(said.chart), height=Mm(height))  # type: ignore[attr-defined]
    shape._inline.docPr.set("descr", safe(said.alt))
    place.paragraph_format.space_before = Mm(2)  # type: ignore[attr-defined]
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER  # type: ignore[attr-defined]
