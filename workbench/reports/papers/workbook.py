"""评审记录.xlsx: the whole review as a workbook to sort and filter. Texts are texts: no cell is ever taken for a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal

from workbench.base.packed import FIXED, repacked
from workbench.base.safetext import safe
from workbench.base.text import moment
from workbench.evidence.layout import pages_across
from workbench.reports import reading
from workbench.reports.papers.minutes import STATEMENTS
from workbench.reports.papers.outcome import Outcome, opinions, why
from workbench.scoring.result import IndicatorResult, ReviewNote, SubjectResult

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_FONT = "仿宋_GB2312"
_LONGEST = 32_000
"""Characters of one cell; Excel takes 32,767. Only texts put together from several can be longer."""
_LINE_POINTS, _HIGHEST = 14.5, 400.0
"""Excel makes no row higher than 409 points; what does not fit is in the cell all the same."""
NOTE_WORDS = {
    "expert_statement": "专家个人意见",
    "group_statement": "专家组意见",
    "delegate_statement": "人大代表、政协委员意见",
    "inquiry": "质询",
    "answer": "答复质询",
    "challenge": "质疑",
    "challenge_rejected": "不予更正",
    "correction": "数据更正",
    "correction_revoked": "撤销更正",
    "revision": "修改得分",
    "comment": "反馈意见",
    "reply": "答复意见",
    "internal_review": "内部审核",
    "sign_off": "专家组签字",
    "reopening": "重新开启",
    "panel_set": "变更评审组",
    "round_opened": "另开一轮",
    "draft_issued": "发出征求意见稿",
    "finalised": "定稿",
}
Kind = Literal["text", "points", "center"]
Cell = str | None


@dataclass(frozen=True)
class Field:
    """A column of a sheet: title, width in characters, how its cells are written."""

    title: str
    width: float
    kind: Kind = "text"


def workbook(outcome: Outcome) -> bytes:
    """The workbook's bytes, the same for the same review."""
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(stream, options) as book:
        title = f"{outcome.result.title} 评审记录"
        book.set_properties({"title": safe(title)[:250], "author": "绩效评价工作台", "created": FIXED})
        writer = _Writer(book, outcome)
        writer.sheet("评审结果", _result_fields(outcome), _result_rows(outcome), fixed=3)
        writer.sheet("专家意见", _OPINION_FIELDS, _opinion_rows(outcome), fixed=3)
        writer.sheet("质询与更正", _NOTE_FIELDS, _note_rows(outcome, _DISPUTES))
        writer.sheet("征求意见", _NOTE_FIELDS, _note_rows(outcome, _CONSULTATION))
        writer.sheet("过程", _NOTE_FIELDS, _note_rows(outcome, tuple(NOTE_WORDS)))
    return repacked(stream.getvalue())


_DISPUTES = ("inquiry", "answer", "challenge", "challenge_rejected", "correction", "correction_revoked")
_CONSULTATION = ("draft_issued", "comment", "reply", "revision", "internal_review", "finalised")
_OPINION_FIELDS = [
    Field("评价对象", 14),
    Field("编码", 8),
    Field("指标", 20),
    Field("专家", 10),
    Field("评定", 7, "center"),
    Field("得分", 8, "points"),
    Field("理由", 38),
    Field("引用佐证", 18),
    Field("时间（北京时间）", 17),
    Field("轮次", 5, "center"),
    Field("代录人", 8),
    Field("记录号", 7, "center"),
]
_NOTE_FIELDS = [
    Field("记录号", 7, "center"),
    Field("时间（北京时间）", 17),
    Field("事项", 12),
    Field("人员", 12),
    Field("对象、指标", 20),
    Field("内容", 56),
    Field("佐证", 20),
    Field("结论", 7, "center"),
    Field("对应记录", 9, "center"),
]


def _result_fields(outcome: Outcome) -> list[Field]:
    before = [("评价对象", 14), ("编码", 8), ("三级指标", 20), ("一级指标", 10), ("二级指标", 12)]
    return [
        *(Field(title, width) for title, width in before),
        Field("分值", 7, "points"),
        Field("计算得分", 9, "points"),
        Field("汇总得分", 9, "points"),
        Field("最终得分", 9, "points"),
        *(Field(p.name, 9, "points") for p in outcome.experts),
        Field("汇总办法、时间及说明", 30),
        Field("专家理由", 50),
    ]


def _result_rows(outcome: Outcome) -> list[list[Cell]]:
    rows = []
    for subject in outcome.result.subjects:
        rows += [_result_row(outcome, subject, i) for i in subject.indicators]
        full, grade = str(reading.full_points(subject)), f"等级：{reading.grade_text(subject)}"
        total: list[Cell] = [subject.name, "总分", None, None, None, full, None, None, reading.total_text(subject)]
        rows.append([*total, *[None] * len(outcome.experts), grade, None])
    return rows


def _result_row(outcome: Outcome, subject: SubjectResult, i: IndicatorResult) -> list[Cell]:
    said = {e.expert: e for e in opinions(i)}
    points: list[Cell] = [said[p.id].points or said[p.id].choice if p.id in said else None for p in outcome.experts]
    reasons = "\n".join(f"{e.name}（{e.choice}）：{e.reason}" for e in opinions(i) if e.reason)
    if len(reasons) > _LONGEST:
        reasons = f"{reasons[:_LONGEST]}……（全文见“专家意见”表）"
    merged = i.review.merged if i.review else None
    head: list[Cell] = [subject.name, i.code, i.name, i.level1, i.level2, i.weight, i.computed]
    return [*head, merged, reading.points_text(i), *points, why(i), reasons]


def _opinion_rows(outcome: Outcome) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for subject in outcome.result.subjects:
        for i in subject.indicators:
            for e in opinions(i):
                what: list[Cell] = [subject.name, i.code, i.name, e.name, e.choice, e.points, e.reason, e.evidence]
                rows.append([*what, moment(e.at), str(e.round), e.entered_by, str(e.event)])
    return rows + [
        [None, None, NOTE_WORDS[n.kind], n.by, None, None, n.text, n.evidence, moment(n.at), None, None, str(n.event)]
        for n in outcome.notes(*STATEMENTS)
    ]


def _note_rows(outcome: Outcome, kinds: Sequence[str]) -> list[list[Cell]]:
    return [_note_row(outcome, note) for note in outcome.notes(*kinds)]


def _note_row(outcome: Outcome, note: ReviewNote) -> list[Cell]:
    words = ("通过", "未通过") if note.kind == "internal_review" else ("采纳", "不采纳")
    decided = None if note.accepted is None else words[0] if note.accepted else words[1]
    refers = "、".join(f"{n}" for n in note.refers)
    what: list[Cell] = [
        str(note.event),
        moment(note.at),
        NOTE_WORDS[note.kind],
        note.by,
        outcome.about(note),
        note.text,
    ]
    return [*what, note.evidence, decided, refers]


class _Writer:
    """Sheets of one look in one workbook."""

    def __init__(self, book: Workbook, outcome: Outcome) -> None:
        self.book, self.outcome = book, outcome
        base = {"font_name": _FONT, "font_size": 10.5, "border": 1, "valign": "vcenter", "text_wrap": True}
        # The quote prefix is the apostrophe Excel shows in its formula bar: the text stays text when it is edited.
        text = base | {"num_format": "@", "quote_prefix": True}
        self.head: Format = book.add_format(base | {"bold": True, "align": "center", "bg_color": "#D9E2F3"})
        self.formats: dict[Kind, Format] = {
            "text": book.add_format(text),
            "center": book.add_format(text | {"align": "center"}),
            "points": book.add_format(base | {"num_format": "0.00##"}),
        }

    def sheet(self, title: str, fields: Sequence[Field], rows: Sequence[Sequence[Cell]], fixed: int = 0) -> None:
        """One sheet; its head and the first ``fixed`` columns stay in sight, its head is printed on every page."""
        sheet = self.book.add_worksheet(title)
        sheet.freeze_panes(1, fixed)
        sheet.set_row(0, _height([field.title for field in fields], fields))
        for column, field in enumerate(fields):
            sheet.set_column(column, column, field.width)
            sheet.write_string(0, column, safe(field.title), self.head)
        for number, row in enumerate(rows, 1):
            sheet.set_row(number, _height(row, fields))
            for column, (cell, field) in enumerate(zip(row, fields, strict=True)):
                self._write(sheet, number, column, cell, field.kind)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(fields) - 1)
        else:
            sheet.write_string(1, 0, "（无）", self.formats["text"])
        self._print_setup(sheet, [f.width for f in fields], fixed)

    def _write(self, sheet: Worksheet, row: int, column: int, cell: Cell, kind: Kind) -> None:
        if kind == "points" and cell and _is_number(cell):
            sheet.write_number(row, column, float(cell), self.formats["points"])
        elif cell:
            sheet.write_string(row, column, safe(cell), self.formats["center" if kind == "points" else kind])
        else:
            sheet.write_blank(row, column, None, self.formats[kind])

    def _print_setup(self, sheet: Worksheet, widths: Sequence[float], fixed: int) -> None:
        pages = pages_across(sum(widths), repeated=sum(widths[:fixed]))
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
        sheet.fit_to_pages(pages, 0)
        sheet.repeat_rows(0)
        if pages > 1 and fixed:
            sheet.repeat_columns(0, fixed - 1)
        title = safe(self.outcome.result.title).replace("&", "&&")[:80]
        sheet.set_header(f"&L{title}&R&A")
        sheet.set_footer(f"&L{self.outcome.result.evaluation}　运行 {self.outcome.run[:16]}&R第 &P 页 共 &N 页")


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def _height(row: Sequence[Cell], fields: Sequence[Field]) -> float:
    """Height of a row that shows all its wrapped texts, as far as a spreadsheet allows."""
    lines = max(_lines(cell, field.width) for cell, field in zip(row, fields, strict=True))
    return min(_HIGHEST, lines * _LINE_POINTS + 4)


def _lines(cell: Cell, width: float) -> int:
    if not cell:
        return 1
    return sum(max(1, ceil(sum(2 if ord(c) > 255 else 1 for c in line) / (width - 1))) for line in cell.splitlines())
