"""Tables with one row per evaluated subject: its total, its grade, and the points of the levels where they stand in columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from workbench.reports.checking.document.model import Spot, Table
from workbench.reports.checking.findings import Finding, finding
from workbench.reports.checking.language import words
from workbench.reports.checking.language.numbers import text_of
from workbench.reports.checking.language.words import tight
from workbench.reports.checking.tables.grid import Grid, Value, value_at
from workbench.reports.checking.tables.score_sums import summed

_SUBJECT = re.compile(
    r"^(?:评价对象|被评价(?:单位|对象)|项目名称|子项目(?:名称)?|单位(?:名称)?|部门(?:名称)?|实施单位|项目单位|县[(]市、?区[)]|县区|市县|区县|乡镇(?:[(]街道[)])?|地区|学校|资金名称|对象(?:名称)?|项目)$"
)
_TOTAL = re.compile(
    r"^(?:综合|评价|总|最终|合计|绩效评价)?(?:得分|总分|评分)(?:[(](?P<full>\d+)分?[)])?$|^合计(?:[(]\d+分?[)])?$|^总得分$"
)
_AVERAGE = re.compile("平均|均值|合计|总计|汇总")
_NOT_ADDED = re.compile("率(?:[(]%[)])?$|^占比|^比例|^排名|^名次")
"""A row of rates under rows of points."""
_MAJORITY = 3


@dataclass
class SubjectRow:
    """One subject: its total and grade as printed, and its points by level."""

    name: str
    row: int
    total: Value
    grade: str = ""
    grade_spot: Spot | None = None
    levels: dict[int, Value] = field(default_factory=dict)


@dataclass
class SubjectTable:
    """A recognised table of subjects.

    ``column``: where the totals stand; ``levels``: header by column; ``whole``: the levels' full points add up to the total's.
    """

    table: Table
    column: int
    rows: list[SubjectRow]
    levels: dict[int, str]
    whole: bool


def subject_table(table: Table) -> SubjectTable | None:
    """The table read as one of subjects; None when its header does not say so."""
    if len(table.rows) < 3:
        return None
    heads = [tight(c.text) for c in table.rows[0]]
    names = [x for x, h in enumerate(heads) if _SUBJECT.match(h)]
    totals = [x for x, h in enumerate(heads) if _TOTAL.match(h)]
    if not names or len(totals) != 1 or any(words.role_of(h)[0] in ("weight", "lost", "rate") for h in heads):
        return None
    if any(words.level_of(h) for h in heads):
        return None
    levels = {x: h for x, h in enumerate(heads) if words.level_name(h) in words.LEVEL_NAMES or _extra(h)}
    grades = [x for x, h in enumerate(heads) if words.role_of(h)[0] == "grade"]
    rows = list(_rows(Grid(table), names[0], totals[0], grades, levels))
    if len(rows) < 2:
        return None
    return SubjectTable(table, totals[0], rows, levels, _whole(heads[totals[0]], levels))


def _extra(header: str) -> bool:
    return bool(words.BONUS.match(header) or words.DEDUCTION.match(header))


def _whole(total: str, levels: dict[int, str]) -> bool:
    """Whether the levels of the header are all there are: their full points add up to 100, or to the total's."""
    full = [words.embedded(h) for h in levels.values() if not _extra(h)]
    if not full or any(n is None for n in full):
        return False
    match = _TOTAL.match(total)
    wanted = Decimal(match["full"]) if match and match["full"] else Decimal(100)
    return sum((n.value for n in full if n is not None), Decimal(0)) == wanted


def _rows(grid: Grid, name: int, total: int, grades: Sequence[int], levels: dict[int, str]) -> Iterator[SubjectRow]:
    rows = grid.table.rows
    for y in range(1, len(rows)):
        label = rows[y][name].text.strip()
        value = value_at(grid, rows, y, total, rows[0][total].text)
        if (
            not label
            or value is None
            or _NOT_ADDED.search(tight(label))
            or any(_AVERAGE.search(c.text) for c in rows[y][: name + 1])
        ):
            continue
        made = SubjectRow(label, y, value)
        if len(grades) == 1:
            made.grade = rows[y][grades[0]].text.strip()
            made.grade_spot = grid.spot(y, grades[0], rows[0][grades[0]].text)
        found = {x: value_at(grid, rows, y, x, h) for x, h in levels.items()}
        made.levels = {x: v for x, v in found.items() if v is not None}
        yield made


def judged(subjects: SubjectTable) -> Iterator[Finding]:
    """A row's levels against its total: certain when the header says they are all, or when nearly every row adds up."""
    rows = [r for r in subjects.rows if len(r.levels) == len(subjects.levels)]
    if len(subjects.levels) < 2 or not rows:
        return
    wrong = [r for r in rows if not _adds_up(subjects, r)]
    enough = len(rows) >= _MAJORITY and len(wrong) * 3 <= len(rows)
    # Transposed: a row of full points under the names of the levels.
    full = any(r.name in ("分值", "满分", "标准分") and r.total.number.value == 100 and r not in wrong for r in rows)
    if not (subjects.whole or full or enough):
        return
    for row in wrong:
        value, how = summed(row.levels.values())
        yield finding("row_sum", row.total.spot, f"“{row.name}”总分", row.total.number, text_of(value), how)


def _adds_up(subjects: SubjectTable, row: SubjectRow) -> bool:
    minus = [v for x, v in row.levels.items() if words.DEDUCTION.match(tight(subjects.levels[x]))]
    value = summed(row.levels.values())[0]
    taken = sum((abs(v.number.value) for v in minus), Decimal(0))
    plus = sum((v.number.value for v in minus), Decimal(0))
    return row.total.number.value in (value, value - plus - taken)
