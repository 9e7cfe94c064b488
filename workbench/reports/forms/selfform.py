"""项目支出绩效自评表 (财预〔2020〕10号 附1) as a Word file: one table per subject, on upright A4."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from workbench.base.packed import repacked
from workbench.base.safetext import safe
from workbench.evidence.tables import Evidence
from workbench.reports.document.shown import SHORT
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import ReportedProblem
from workbench.reports.forms.cells import Cell, Row, merged_table
from workbench.reports.forms.entries import SOURCES, TOTAL, Entries, IndicatorEntry, entries
from workbench.reports.papers.look import FANG, HEI, NOTE, SINGLE, TEXT, blank, lay_out, set_style

if TYPE_CHECKING:
    from docx.document import Document

TITLE = "项目支出绩效自评表"
SMALL, SMALL_HEAD = "自评表文字", "自评表栏目"
_MARGIN, _SIDE = Mm(18), Mm(16)
_WIDTHS = (8, 15, 17, 30, 19, 19, 14, 14, 12, 16, 14)
"""Columns in mm: 绩效指标, 一级, 二级, 三级, 指标值, 完成值, 分值, 得分, then three that 偏差原因 reaches over."""
_DASH = "—"


def self_form(source: ReportSource, evidence: Evidence, problems: Sequence[ReportedProblem]) -> bytes:
    """The form of every subject, each from a new page on.

    Args:
        evidence: as the run read it.
        problems: those of ``report.yaml``, references put in; what they say goes before the workbook's own words.
    """
    document = blank(safe(f"{source.result.title} {form_title(source)}"))
    for name, font in ((SMALL, FANG), (SMALL_HEAD, HEI)):
        set_style(document, name, (font, 18, SINGLE))
    section = document.sections[0]
    lay_out(section, landscape=False)
    section.top_margin = section.bottom_margin = _MARGIN
    section.left_margin = section.right_margin = _SIDE
    section.footer_distance = Mm(9)
    section.footer.paragraphs[0].add_run(safe(f"运行 {source.result.evaluation} {source.run[:SHORT]}"))
    for number, subject in enumerate(source.result.subjects):
        _write(document, source, entries(source, subject, evidence, problems), new_page=bool(number))
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def _write(document: Document, source: ReportSource, said: Entries, *, new_page: bool) -> None:
    title = document.add_paragraph(form_title(source), style="Title")
    title.paragraph_format.page_break_before = new_page
    document.add_paragraph(safe(f"（{source.result.period}）"), style="Subtitle").paragraph_format.space_after = Mm(2)
    table = merged_table(_WIDTHS, list(_rows(said)), SMALL, SMALL_HEAD)
    document.add_paragraph(style=TEXT)._p.addprevious(table)
    for note in said.notes:
        document.add_paragraph(safe(note), style=NOTE)
    line = "填报人：______　联系电话：________　单位负责人（签章）：______　填报日期：　　年　月　日"
    document.add_paragraph(line, style=NOTE).alignment = WD_ALIGN_PARAGRAPH.LEFT


def form_title(source: ReportSource) -> str:
    """项目支出绩效自评表; the form of a department's whole spending has the same columns under a title of its own."""
    variant = source.pack.variants.get(source.plan.variant or "") if source.pack is not None else None
    return "整体支出绩效自评表" if variant is not None and "整体" in variant.title else TITLE


def _rows(said: Entries) -> Iterator[Row]:
    yield Row([_head("项目名称", 3), Cell(said.project, 8)], 7)
    yield Row(
        [_head("主管部门", 3), Cell(said.department, 3), _head("实施单位", 2), Cell(said.unit, 3)],
        7,
    )
    yield from _money(said)
    goal = Cell("年度总体目标", 1, down="first", head=True)
    yield Row([goal, _head("预期目标", 5), _head("实际完成情况", 5)], 6)
    yield Row([Cell(down="further"), Cell(said.goal, 5, "left"), Cell(said.outcome, 5, "left")], 16)
    yield from _indicators(said.indicators)
    yield Row([_head("总分", 6), Cell(said.full), Cell(said.total), Cell(span=3)], 7)


def _head(text: str, span: int = 1) -> Cell:
    return Cell(text, span, head=True)


def _money(said: Entries) -> Iterator[Row]:
    """项目资金: only the total row carries points."""
    columns = [_head("年初预算数"), _head("全年预算数"), _head("全年执行数", 2)]
    columns += [_head("分值"), _head("执行率"), _head("得分")]
    yield Row([Cell("项目资金\n（万元）", 3, down="first", head=True), Cell(), *columns], 6)
    weight, rate, points = said.execution
    for item in (TOTAL, *SOURCES):
        initial, budget, executed = said.amounts.get(item, ["", "", ""])
        amounts = [Cell(initial), Cell(budget), Cell(executed, 2)]
        ends = [Cell(weight), Cell(rate), Cell(points)] if item == TOTAL else [Cell(_DASH), Cell(), Cell(_DASH)]
        label = item.replace(":", "：")
        yield Row([Cell(span=3, down="further"), Cell(label, align="left"), *amounts, *ends], 6)


def _indicators(lines: Sequence[IndicatorEntry]) -> Iterator[Row]:
    """绩效指标: a level 1, and a level 2 within it, is one cell however many lines it has."""
    titles = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分")
    side = Cell("绩效指标", down="first", head=True)
    yield Row([side, *map(_head, titles), _head("偏差原因分析及改进措施", 3)], 10)
    for _, level in groupby(lines, key=lambda line: line.level1):
        first1 = True
        for _, group in groupby(level, key=lambda line: line.level2):
            first2 = True
            for line in group:
                one = Cell(line.level1, down="first" if first1 else "further")
                two = Cell(line.level2, down="first" if first2 else "further")
                said = [Cell(line.name, align="left"), Cell(line.target), Cell(line.actual), Cell(line.weight)]
                ends = [Cell(line.points), Cell(line.deviation, 3, "left")]
                yield Row([Cell(down="further"), one, two, *said, *ends], 7)
                first1 = first2 = False
