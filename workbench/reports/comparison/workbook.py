"""复核表.xlsx: per subject the 复核 sheet of the field with difference and shares, then 差异原因 and 说明; in front the 汇总."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from workbench.analysis.comparison import Comparison, LineChange, SubjectChange
from workbench.base.exact import half_up_fraction
from workbench.base.packed import FIXED, repacked
from workbench.base.safetext import isolated, safe
from workbench.reports.comparison import words
from workbench.reports.comparison.causes import write_causes
from workbench.reports.comparison.grid import (
    Aside,
    Book,
    Cell,
    Column,
    Formula,
    Look,
    Percent,
    Sheet,
    column_letter,
    sum_of,
)
from workbench.reports.comparison.remarks import write_remarks
from workbench.reports.comparison.words import Block
from workbench.reports.reading import PURE_NUMBER, number, total_of

HEAD = (
    *(("一级指标", 10), ("二级指标", 11), ("三级指标", 17), ("指标性质", 6), ("指标值", 9.5), ("计量单位", 6)),
    *(
        ("分值", 7.5),
        ("原评价完成值(采用)", 11),
        (words.CLAIMED, 8),
        (words.COMPUTED, 8),
        ("复核完成值", 11),
        ("复核得分", 8),
        ("偏离度", 9),
    ),
    ("备注(扣分原因)", 26),
)
"""The columns of a 复核表 as evaluation firms use them; no document fixes the form (示例格式,可改)."""
WEIGHT, CLAIMED, OLD_POINTS, NEW_POINTS, DEVIATION, DIFFERENCE = 6, 8, 9, 11, 12, 14
"""Columns with numbers, counted from 0."""
EXTRAS = "加分、扣分与限额"
OPEN = "有未评分的指标,总分未定"
_FORBIDDEN = frozenset("[]:*?/\\'")
_RESERVED = ("汇总", "差异原因", "说明", "History")


def workbook(comparison: Comparison) -> bytes:
    """The workbook's bytes, the same for the same comparison."""
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    title = f"{words.short(comparison.new.title, 120)} 复核表"
    with Workbook(stream, options) as made:
        made.set_properties({"title": safe(title)[:250], "author": "绩效评价工作台", "created": FIXED})
        book = Book(made, title)
        names = sheet_names([s.id for s in comparison.subjects])
        _summary(book, comparison, names)
        for subject, name in zip(comparison.subjects, names, strict=True):
            _subject(book, subject, name)
        write_causes(book, comparison)
        write_remarks(book, comparison)
    return repacked(stream.getvalue())


def sheet_names(ids: Sequence[str]) -> list[str]:
    """Names a spreadsheet accepts, one per id: at most 31 characters, none twice whatever their case."""
    found: list[str] = []
    taken = {name.casefold() for name in _RESERVED}
    for number_, text in enumerate(ids, 1):
        safe_ones = "".join(c if c.isprintable() and c not in _FORBIDDEN else "_" for c in text)
        name = safe_ones.strip()[:24] or f"对象{number_}"
        name = name if name.casefold() not in taken else f"{name}~{number_}"
        taken.add(name.casefold())
        found.append(name)
    return found


def _summary(book: Book, comparison: Comparison, names: Sequence[str]) -> None:
    titles = (
        ("编号", 8),
        ("项目", 24),
        (words.CLAIMED, 12),
        (words.COMPUTED, 12),
        ("复核得分", 12),
        ("差异", 9),
        ("偏离度", 9),
    )
    more = (("等级", 14), ("主要原因", 44), ("差异较大", 28))
    heading = f"{words.short(comparison.new.title, 90)} 再评价汇总表"
    sheet = book.sheet("汇总", heading, [Column(*c) for c in (*titles, *more)], fixed=2)
    for subject, name in zip(comparison.subjects, names, strict=True):
        row = sheet.row + 1
        sheet.add([*_totals(subject, name, row), words.grade_change(subject), *_why(subject)])


def _why(subject: SubjectChange) -> list[Cell]:
    return [subject.main_reasons or "—", words.large_text(subject)]


def _totals(subject: SubjectChange, name: str, row: int) -> list[Cell]:
    """Totals point at the subject's own sheet; where one is an interval, that is written and the difference is of what is scored."""
    deviation = None if subject.deviation is None else number(subject.deviation)
    claimed = words.claimed_total(subject.lines)
    if not subject.complete:
        cells: list[Cell] = [subject.id, subject.name, claimed, *map(_total_cell, words.totals_text(subject))]
        return [*cells, number(subject.difference), Aside("—") if deviation is None else Percent(deviation)]
    end = f"'{name}'!{{}}{_rows(subject)}"
    old, new = words.scored_sums(subject)
    totals = [Formula(f"={end.format(column_letter(c))}", v) for c, v in ((OLD_POINTS, old), (NEW_POINTS, new))]
    said = None if claimed is None else Formula(f"={end.format(column_letter(CLAIMED))}", claimed)
    difference = Formula(f"=ROUND(E{row}-D{row},4)", number(subject.difference))
    return [subject.id, subject.name, said, *totals, difference, _deviation("D", "E", row, deviation)]


def _total_cell(text: str) -> Cell:
    """A total as a number; an interval as text in its column."""
    return Decimal(text) if PURE_NUMBER.fullmatch(text) else Aside(text)


def _deviation(old: str, new: str, row: int, value: Decimal | None) -> Formula:
    return Formula(f'=IF({old}{row}=0,"—",ROUND(({old}{row}-{new}{row})/{old}{row}*100,2))', value, percent=True)


# -- one subject ------------------------------------------------------------------------------------------------------


def groups(subject: SubjectChange) -> list[tuple[str, list[LineChange]]]:
    """The lines by level 1, in the order of the scheme; what stands outside the tree comes last."""
    found: dict[str, list[LineChange]] = {}
    for line in subject.lines:
        inside = line.kind in ("indicator", "rescaled")
        found.setdefault((line.level1 or "—") if inside else EXTRAS, []).append(line)
    extras = {EXTRAS: found.pop(EXTRAS)} if EXTRAS in found else {}
    return [*found.items(), *extras.items()]


def _rows(subject: SubjectChange) -> int:
    """The row of the total on the subject's sheet, counted from 1: heading, titles, lines, subtotals, 尾差, total."""
    return 2 + len(subject.lines) + len(groups(subject)) + any(_rounding(subject, words.blocks([subject]))) + 1


def _rounding(subject: SubjectChange, blocks: Sequence[Block]) -> list[Decimal]:
    return [words.rounding(subject, block) for block in blocks]


def _subject(book: Book, subject: SubjectChange, name: str) -> None:
    blocks = words.blocks([subject])
    columns = [*(Column(*c) for c in HEAD), Column("差异", 8)]
    columns += [Column(f"其中:{words.causes_text(b)}", 9.5) for b in blocks]
    sheet = book.sheet(name, f"{words.short(subject.name, 90)} 复核表", columns, fixed=3)
    subtotals = []
    for title, lines in groups(subject):
        rows = [sheet.add(_line(line, blocks)) for line in lines]
        name = "已评分小计" if any(map(words.no_points, lines)) else "小计"
        subtotals.append(sheet.add(_sums([title, name], rows, lines, blocks, sheet.row + 1), "sub"))
    rest = _rounding(subject, blocks)
    if any(rest):
        blank: list[Cell] = [None] * (DIFFERENCE - 2)
        # The shares of a line add up to its difference, those of the whole to the whole: only between the two a cent may lack.
        subtotals.append(sheet.add(["尾差(四舍五入)", *blank, None, Decimal(0), *[r or None for r in rest]]))
    _total(sheet, subject, subtotals, blocks)


def _line(line: LineChange, blocks: Sequence[Block]) -> list[Cell]:
    cells: list[Cell] = [line.level1, line.level2, words.line_name(line), line.direction]
    cells += [words.pair(line.old_target, line.new_target) if line.new_target or line.old_target else None, line.unit]
    claimed = None if line.old_claimed is None else number(line.old_claimed)
    cells += [_weight(line), line.old_value, claimed, _points(words.old_points(line)), line.new_value]
    cells += [
        _points(words.new_points(line)),
        Aside("—") if line.deviation is None else Percent(number(line.deviation)),
    ]
    return [*cells, _remark(line), number(line.difference), *_shares(line, blocks)]


def _weight(line: LineChange) -> Cell:
    """The weight that counts now; one that does not count is text, so that no sum takes it."""
    if line.new_weight is not None and words.no_points(line):
        return Aside(line.new_weight)
    if line.new_weight is not None:
        return number(line.new_weight)
    return f"(原{line.old_weight})" if line.old_weight is not None else None


def _points(text: str) -> Cell:
    return Aside(text) if text in ("—", "未评分", "不适用") else Decimal(text)


def _remark(line: LineChange) -> str:
    weight = f"分值由{line.old_weight}改为{line.new_weight}。" if _reweighted(line) else ""
    return weight + isolated(line.remark or "")


def _reweighted(line: LineChange) -> bool:
    return None not in (line.old_weight, line.new_weight) and number(line.old_weight) != number(line.new_weight)


def _shares(line: LineChange, blocks: Sequence[Block]) -> list[Cell]:
    found = [words.share_of(line.shares, block) for block in blocks]
    return [None if share is None else Decimal(share) for share in found]


def _sums(
    titles: Sequence[Cell], rows: Sequence[int], lines: Sequence[LineChange], blocks: Sequence[Block], row: int
) -> list[Cell]:
    """A row of sums over the rows of these lines; 权重 of what stands outside the tree is not summed."""
    old, new = total_of(x.old_points for x in lines), total_of(x.new_points for x in lines)
    weight = total_of(x.new_weight for x in lines if not words.no_points(x))
    claimed = words.claimed_total(lines)
    cells: list[Cell] = [*titles, *[None] * (DIFFERENCE + 1 + len(blocks) - len(titles))]
    cells[WEIGHT] = sum_of(WEIGHT, rows, weight) if weight else None
    cells[CLAIMED] = sum_of(CLAIMED, rows, claimed) if claimed is not None else None
    cells[OLD_POINTS], cells[NEW_POINTS] = sum_of(OLD_POINTS, rows, old), sum_of(NEW_POINTS, rows, new)
    deviation = half_up_fraction(Fraction(old - new) / Fraction(old) * 100, 2) if old else None
    cells[DEVIATION] = _deviation(column_letter(OLD_POINTS), column_letter(NEW_POINTS), row, deviation)
    cells[DIFFERENCE] = sum_of(DIFFERENCE, rows, new - old)
    for n, block in enumerate(blocks):
        share = total_of(words.share_of(x.shares, block) for x in lines)
        cells[DIFFERENCE + 1 + n] = sum_of(DIFFERENCE + 1 + n, rows, share)
    return cells


def _total(sheet: Sheet, subject: SubjectChange, rows: Sequence[int], blocks: Sequence[Block]) -> None:
    """The total: the sum of the subtotals, which is the total score wherever everything is scored."""
    title = "总分" if subject.complete else "已评分合计"
    cells = _sums([title], rows, subject.lines, blocks, sheet.row + 1)
    for n, block in enumerate(blocks):
        at = DIFFERENCE + 1 + n
        cells[at] = sum_of(at, rows, number(words.share_of(subject.shares, block)))
    look: Look = "total"
    sheet.add(cells, look)
    if not subject.complete:
        old, new = words.totals_text(subject)
        interval: list[Cell] = ["总分区间", *[None] * 8, _total_cell(old), None, _total_cell(new), None, OPEN]
        sheet.add([*interval, *[None] * (len(cells) - len(interval))], "total")
