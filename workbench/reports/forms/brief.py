"""评价结果简报: one A4 page for those who decide. Lines have fixed heights and words are shortened where they must be, but no number ever is."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from workbench.base.packed import repacked
from workbench.base.safetext import safe
from workbench.reports.document.blocks import Content
from workbench.reports.document.shown import SHORT
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Report, ReportedProblem
from workbench.reports.document.watermark import stamp
from workbench.reports.forms.cells import Cell, Row, merged_table
from workbench.reports.forms.fitting import fitted, lines, told_apart, units
from workbench.reports.forms.told import LENGTHS, Told, told
from workbench.reports.papers.look import FANG, HEI, KAI, SONG, blank, lay_out, set_style

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
_INDENT = 2
_FIRST, _LAST = "一、评价结论。", "四、待定事项。"
_ACROSS = _WIDTH / (12 * _POINT)
"""Chinese characters on a line of body text."""
_TITLE_ACROSS = _WIDTH / (18 * _POINT)
_TALLEST, _LOWEST, _MARGIN = 62.0, 28.0, 8.0
"""Heights of the chart in mm, below the lowest of which nobody could read it, and what stays free around it."""
_CONCLUSION, _EACH, _ENDS = 4, 3, 2
"""Lines every page has room for: of the conclusion, of each lost point, of what follows and what is open."""
_MOST = 40
_MORE = 6
"""Lines one of them takes where others leave room."""
_NARROW = 22.0
"""Width in mm of a column of numbers, unless one of them is longer."""
_CELL = 10.5 * _POINT


def brief(
    source: ReportSource, content: Content, problems: Sequence[ReportedProblem], report: Report | None = None
) -> bytes:
    """The page as docx, marked on its face until the report is final.

    Args:
        problems: with references put in.
        report: says which losses need a problem; as ours where there is none.
    """
    said = _fitting(source, content, problems, report or Report())
    document = _blank(f"{said.title} {NAME}")
    section = document.sections[0]
    lay_out(section, landscape=False)
    section.top_margin, section.bottom_margin = Mm(25), Mm(20)
    section.left_margin = section.right_margin = Mm(22)
    section.footer_distance = Mm(10)
    foot = section.footer.paragraphs[0]
    foot.add_run(safe(f"本页数字取自运行 {source.result.evaluation} {source.run[:SHORT]}，详见评价报告。"))
    _write(document, said)
    if not content.final:
        stamp(document, content.edition)
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def _fitting(source: ReportSource, content: Content, problems: Sequence[ReportedProblem], report: Report) -> Told:
    """What the brief says, with lists and then the name as short as the conclusion and what is open need to be."""
    for length in LENGTHS:
        said = told(source, content, problems, report, length)
        # What is said of a loss can be cut; the conclusion and what is open are told whole, or shorter.
        asked = [min(_lines(lead + text), _EACH if most == _EACH else _MOST) for lead, text, most in _paragraphs(said)]
        needed = sum(n * _LINE + 2 * _GAP for n in asked) * _POINT
        if needed <= _HEIGHT - _above(said) - (_LOWEST + _MARGIN if said.chart is not None else 0):
            break
    return said


def _above(said: Told) -> float:
    """The height in mm of titles and table."""
    across = _WIDTH / _CELL
    titles = 20 + 28 + 28 * lines(said.title, _TITLE_ACROSS, most=2) + 16 * lines(said.about, across, most=2)
    return titles * _POINT + _table_height(said)


def _table_height(said: Told) -> float:
    return (len(said.rows) + 1) * (_ROW * _POINT + 0.5) + 3


def _lines(text: str) -> int:
    return lines(text, _ACROSS, _INDENT)


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
    used.paragraph(NAME, TITLE, 28)
    used.paragraph(fitted(said.title, _TITLE_ACROSS, 2), TITLE, 28, lines(said.title, _TITLE_ACROSS, most=2))
    across = _WIDTH / _CELL
    used.paragraph(fitted(said.about, across, 2), ABOUT, 16, lines(said.about, across, most=2))
    used.reserve(said)
    told_of = _paragraphs(said)
    first, *rest = _shared(told_of, used.left - (_LOWEST + _MARGIN if said.chart is not None else 0))
    used.told(*told_of[0][:2], first)
    used.table(said)
    place = document.paragraphs[-1]
    for (lead, text, _), most in zip(told_of[1:], rest, strict=True):
        used.told(lead, text, most)
    if said.chart is not None:
        _picture(place, said, _HEIGHT - used.height)


def _paragraphs(said: Told) -> list[tuple[str, str, int]]:
    """Each paragraph: its heading, its text, and the lines it has at least when it needs them."""
    found = [(_FIRST, said.conclusion, _CONCLUSION)]
    for number, (name, text) in enumerate(said.lost, 1):
        lead = "二、主要失分。" if number == 1 else ""
        found.append((f"{lead}{number}. {name}。", text, _EACH))
    found += [] if said.lost else [("二、主要失分。", "已评分的指标没有失分。", 1)]
    return [*found, ("三、结果应用。", said.consequence, _ENDS), (_LAST, said.open, _ENDS)]


def _shared(told_of: Sequence[tuple[str, str, int]], room: float) -> list[int]:
    """The lines of each paragraph: what all need first, then what is left of the room in mm, from the first on."""
    needed = [_lines(lead + text) for lead, text, _ in told_of]
    given = [min(n, least) for n, (_, _, least) in zip(needed, told_of, strict=True)]
    left = int((room - sum(n * _LINE + 2 * _GAP for n in given) * _POINT) / (_LINE * _POINT))
    most = left if sum(needed) - sum(given) <= left else _MORE
    for at, n in enumerate(needed):
        more = max(0, min(n - given[at], most, left))
        given[at], left = given[at] + more, left - more
    return given


class _Lines:
    """Writes line by line and keeps count of the height in mm."""

    def __init__(self, document: Document) -> None:
        self._document, self.height = document, 0.0

    @property
    def left(self) -> float:
        """What is left of the page."""
        return _HEIGHT - self.height

    def paragraph(self, text: str, style: str, points: float, count: int = 1) -> None:
        """Lines of fixed height."""
        self._document.add_paragraph(safe(text), style=style)
        self.height += points * _POINT * count

    def told(self, lead: str, text: str, most: int) -> None:
        """A paragraph that begins with a heading, cut to so many lines; all of them are counted."""
        whole = fitted(lead + text, _ACROSS - _INDENT / most, most)
        paragraph = self._document.add_paragraph(style=TEXT)
        paragraph.add_run(safe(whole[: len(lead)])).bold = True
        paragraph.add_run(safe(whole[len(lead) :]))
        self.height += (most * _LINE + 2 * _GAP) * _POINT

    def reserve(self, said: Told) -> None:
        """Count the table, which is written after the conclusion."""
        self.height += _table_height(said)

    def table(self, said: Told) -> None:
        """The points of the levels, then the paragraph the chart goes into; columns as wide as their longest number."""
        others = [max(map(units, column)) * _CELL + 3 for column in list(zip(*said.rows, strict=True))[1:]]
        others = [max(_NARROW, width) for width in others]
        widths = [_WIDTH - sum(others), *others]
        across = widths[0] / _CELL
        rows = [Row([Cell(title, head=True) for title in said.columns])]
        for name, cells in zip(told_apart([cells[0] for cells in said.rows], across), said.rows, strict=True):
            first = Cell(name, align="left")
            rows.append(Row([first, *(Cell(c, align="right") for c in cells[1:])]))
        self._document.add_paragraph(style=PLAIN)._p.addprevious(merged_table(widths, rows, CELL, HEAD))


def _picture(place: object, said: Told, room: float) -> None:
    """The chart as wide as the text unless that is higher than what is left of the page."""
    assert said.chart is not None
    across, down = struct.unpack(">II", said.chart[16:24])  # the size stands at a fixed place of every PNG
    height = min(room - _MARGIN, _TALLEST, _WIDTH * down / across)
    if height < _LOWEST:
        return
    shape = place.add_run().add_picture(io.BytesIO(said.chart), height=Mm(height))  # type: ignore[attr-defined]
    shape._inline.docPr.set("descr", safe(said.alt))
    place.paragraph_format.space_before = Mm(2)  # type: ignore[attr-defined]
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER  # type: ignore[attr-defined]
