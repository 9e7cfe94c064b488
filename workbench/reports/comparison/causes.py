"""The sheet 差异原因: what each cause answers for, line by line, with sums that check themselves."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from workbench.analysis.comparison import Comparison, Share, SubjectChange
from workbench.reports.comparison import words
from workbench.reports.comparison.grid import Book, Cell, Column, Formula, Sheet, column_letter, sum_of
from workbench.reports.comparison.words import Block
from workbench.reports.reading import number

_TITLES = (("项目", 24), ("编码", 9), ("指标", 24), ("差异", 9))
DIFFERENCE = 3
ALONE = "只改变这一项时的总分变化"


def write_causes(book: Book, comparison: Comparison) -> None:
    """Every line whose points or shares moved, the sum of each subject, and beside it one change at a time."""
    blocks = words.blocks(comparison.subjects)
    columns = [*(Column(*c) for c in _TITLES), *(Column(words.causes_text(b), 12) for b in blocks), Column("核对", 8)]
    sheet = book.sheet("差异原因", "差异原因(各原因之和等于差异,核对列应为0)", columns, fixed=3)
    for subject in comparison.subjects:
        _subject(sheet, subject, blocks)
    if sheet.row == 2:
        sheet.add(["(得分没有变化)", *[None] * (len(columns) - 1)])


def _subject(sheet: Sheet, subject: SubjectChange, blocks: Sequence[Block]) -> None:
    moved = [x for x in subject.lines if number(x.difference) or x.shares]
    if not moved:
        return
    rows = []
    for line in moved:
        head: list[Cell] = [subject.name, line.code or "—", words.line_name(line)]
        rows.append(_row(sheet, head, number(line.difference), _points(line.shares, blocks)))
    rest = [words.rounding(subject, block) for block in blocks]
    if any(rest):
        rows.append(_row(sheet, [subject.name, "—", "尾差(四舍五入)"], Decimal(0), [r or None for r in rest]))
    whole = _points(subject.shares, blocks)
    sums: list[Cell] = [sum_of(DIFFERENCE + 1 + n, rows, p or Decimal(0)) for n, p in enumerate(whole)]
    first: list[Cell] = [subject.name, None, "合计", sum_of(DIFFERENCE, rows, number(subject.difference))]
    sheet.add([*first, *sums, _check(sheet.row + 1, len(blocks))], "total")
    _alone(sheet, subject, blocks)


def _row(sheet: Sheet, head: Sequence[Cell], difference: Decimal, points: Sequence[Decimal | None]) -> int:
    return sheet.add([*head, difference, *points, _check(sheet.row + 1, len(points))])


def _points(shares: Sequence[Share], blocks: Sequence[Block]) -> list[Decimal | None]:
    found = [words.share_of(shares, block) for block in blocks]
    return [None if share is None else Decimal(share) for share in found]


def _check(row: int, blocks: int) -> Formula:
    """What the causes lack to the difference."""
    first, last = column_letter(DIFFERENCE + 1), column_letter(DIFFERENCE + blocks)
    return Formula(f"=ROUND(SUM({first}{row}:{last}{row})-{column_letter(DIFFERENCE)}{row},4)", Decimal(0))


def _alone(sheet: Sheet, subject: SubjectChange, blocks: Sequence[Block]) -> None:
    """One change at a time; these need not add up, so they are not checked."""
    own = set(words.blocks([subject])) if subject.alone else set()
    found = [
        words.share_of(subject.alone, b) or ("0.00" if b in own and "environment" not in b else None) for b in blocks
    ]
    points: list[Cell] = [None if p is None else Decimal(p) for p in found]
    sheet.add([subject.name, None, ALONE, None, *points, None], "sub")
