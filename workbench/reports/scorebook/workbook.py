"""评分表.xlsx: one 评分表 per subject (all on one sheet when there are many) and the sheets beside it."""

from __future__ import annotations

import io
from collections.abc import Sequence

from workbench.base.errors import FileError, Problem
from workbench.base.packed import FIXED, repacked
from workbench.base.safetext import safe
from workbench.reports import reading
from workbench.reports.comparison.workbook import sheet_names
from workbench.reports.scorebook.companions import lines_of, write_companions, write_grades, write_read_me
from workbench.reports.scorebook.conclusion import CONSISTENT, TRIAL, Conclusion, Way
from workbench.reports.scorebook.layout import HELPERS, REFUSED, SHOWN, TITLES, WIDTHS, Col, Sheet, Units
from workbench.reports.scorebook.live import decimals_of
from workbench.reports.scorebook.rows import write_indicators, write_levels
from workbench.reports.scorebook.terms import Terms
from workbench.reports.scorebook.xlsx import Formula, Pages, cell, quoted
from workbench.scoring.result import RunResult, SubjectResult

SHEETS = 20
"""Subjects with a sheet of their own; more of them stand below each other on one."""
ROWS = 1_000_000
"""Rows of one sheet; Excel has 1,048,576."""
_BESIDE = 13
"""Rows of a subject beside its indicators, levels, items and caps."""
SHEET = "评分表"
OVERVIEW = "汇总"
_OVERVIEW = ("编号", "评价对象", "总分", "等级", "与正式结果", "正式总分", "正式等级")


def scorebook(result: RunResult, terms: Terms, run: str) -> bytes:
    """The workbook's bytes, the same for the same result; ``run`` names the run (its short digest).

    Raises:
        FileError: more subjects than one sheet has rows for.
    """
    from xlsxwriter import Workbook

    _check_size(result)
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(stream, options) as book:
        title = f"{result.title} {SHEET}"
        book.set_properties({"title": safe(title)[:250], "author": "绩效评价工作台", "created": FIXED})
        book.set_calc_mode("auto")
        pages = Pages(book, title, f"{result.evaluation}　运行 {run}")
        units = Units(
            max((decimals_of(reading.number(i.weight)) for s in result.subjects for i in s.indicators), default=2)
        )
        _scores(pages, result, terms, units)
        write_grades(pages, terms, units)
        write_companions(pages, result)
        write_read_me(pages, result, terms, run)
    return repacked(stream.getvalue())


def _check_size(result: RunResult) -> None:
    rows = sum(
        len(s.indicators) + 2 * len(s.levels) + len(s.bonus) + len(s.deductions) + len(s.caps) + _BESIDE
        for s in result.subjects
    )
    if rows > ROWS:
        fix = "请分批运行,或只用 scorecard.csv"
        problem = Problem(
            "scorebook_rows", "评价对象太多,一张评分表写不下", found=f"{rows}行", expected=f"不超过{ROWS}行", fix=fix
        )
        raise FileError(problem)


def _scores(pages: Pages, result: RunResult, terms: Terms, units: Units) -> None:
    subjects = result.subjects
    if len(subjects) == 1:
        _own_sheet(pages, SHEET, result, subjects[0], terms, units)
        return
    overview = pages.page(OVERVIEW, (12, 34, 16, 20, 40, 16, 20), 4)
    found: list[tuple[str, Conclusion]] = []
    if len(subjects) <= SHEETS:
        names = [f"{SHEET}-{name}" for name in sheet_names([s.id for s in subjects])]
        found = [(n, _own_sheet(pages, n, result, s, terms, units)) for n, s in zip(names, subjects, strict=True)]
    else:
        found = [(SHEET, c) for c in _one_sheet(pages, result, _sheet(pages, SHEET, subjects, terms, units))]
    rows = [_summed(s, name, c) for s, (name, c) in zip(subjects, found, strict=True)]
    overview.table(_OVERVIEW, rows, fixed=2)
    for row in range(2, 2 + len(rows)):
        overview.flag(row, 4, TRIAL)


def _summed(subject: SubjectResult, name: str, found: Conclusion) -> list[str | Formula | None]:
    """One subject of the 汇总: live from its sheet, and the official total and grade beside it."""
    sheet, (total, grade) = quoted(name), (reading.total_text(subject), reading.grade_text(subject, reading.FULL))
    links = ((found.total, total), (found.grade, grade), (found.trial, CONSISTENT))
    return [subject.id, subject.name, *(Formula(f"={sheet}!{ref}", now) for ref, now in links), total, grade]


def _sheet(pages: Pages, name: str, subjects: Sequence[SubjectResult], terms: Terms, units: Units) -> Sheet:
    """A 评分表; an interval has columns where some subject has one."""
    settled = (Col.LOW, Col.HIGH) if all(s.complete for s in subjects) else ()
    page = pages.page(name, WIDTHS, Col.REMARK, hidden={*range(SHOWN, len(WIDTHS)), *settled})
    return Sheet(page, units, terms, lines_of(terms))


def _own_sheet(
    pages: Pages, name: str, result: RunResult, subject: SubjectResult, terms: Terms, units: Units
) -> Conclusion:
    """One subject on its sheet: heading, total and grade stay in sight above the rows."""
    sheet = _sheet(pages, name, [subject], terms, units)
    _heading(sheet, result)
    sheet.page.head(2, (*TITLES, *HELPERS))
    found = _block(sheet, subject, 1, 3)
    _finish(sheet, (0, 2), found.row, found.heading)
    return found


def _one_sheet(pages: Pages, result: RunResult, sheet: Sheet) -> list[Conclusion]:
    """All subjects below each other, each on a printed page of its own."""
    _heading(sheet, result)
    sheet.page.head(1, (*TITLES, *HELPERS))
    row, found, breaks = 2, [], []
    for subject in result.subjects:
        found.append(_block(sheet, subject, row, row + 1))
        row = found[-1].row
        breaks.append(row)
    sheet.page.sheet.set_h_pagebreaks(breaks[:-1])
    _finish(sheet, (0, 1), row)
    return found


def _heading(sheet: Sheet, result: RunResult) -> None:
    sheet.page.merge(0, 0, SHOWN - 1, f"{result.title} {SHEET}(浅黄底可改,改后为{TRIAL})", "title")
    sheet.page.high(0, 28)


def _block(sheet: Sheet, subject: SubjectResult, headline: int, row: int) -> Conclusion:
    spans, row = write_indicators(sheet, subject, row)
    levels = write_levels(sheet, subject, spans, row)
    indicators = [r for rows in spans.values() for r in rows]
    found = Way(sheet, subject, indicators, levels, row + len(levels) + 1).write()
    _headline(sheet, subject, found, headline)
    return found


def _headline(sheet: Sheet, subject: SubjectResult, found: Conclusion, row: int) -> None:
    """Who, total, grade, and whether it is the result: the line that stays in sight."""
    page, total, grade = sheet.page, reading.total_text(subject), reading.grade_text(subject, reading.FULL)
    page.merge(row, 0, Col.NAME, f"{subject.name}（{subject.id}）", "total")
    page.merge(row, Col.WEIGHT, Col.VALUE, Formula(f'="总分 "&{found.total}&" 分"', f"总分 {total} 分"), "total")
    page.merge(row, Col.VALUE + 1, Col.STATE, Formula(f'="等级 "&{found.grade}', f"等级 {grade}"), "total")
    page.put(row, Col.REMARK, Formula(f"={found.trial}", CONSISTENT), "total")
    page.fit(row, [(subject.name, sum(page.widths[: Col.NAME + 1]))])
    page.flag(row, Col.REMARK, TRIAL)


def _finish(sheet: Sheet, heads: tuple[int, int], row: int, apart: int | None = None) -> None:
    """What stays in sight, what is printed, and how changed rows are marked."""
    page = sheet.page
    page.sheet.freeze_panes(heads[1] + 1, Col.WEIGHT)
    first = heads[1] + 1
    page.flag(first, Col.REMARK, f"{REFUSED}:", row - 1)
    page.mark((first, Col.NAME, row - 1, Col.STATE), f"=${cell(first, Col.CHANGED)}=1")
    page.print_setup(heads, SHOWN, row - 1, apart)
