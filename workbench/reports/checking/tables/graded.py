"""Tables whose rows have a score and a grade of their own (子项目, 机构, 乡镇), whatever else stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.reports.checking.document.model import Spot, Table
from workbench.reports.checking.language.bands import LABELS
from workbench.reports.checking.language.words import tight
from workbench.reports.checking.tables.grid import Value, is_blank
from workbench.reports.checking.tables.number_tables import NumberTable, number_table

_GRADE = re.compile("等级|等次|评级|级别|档次|结果|结论|评定|分档")
_SCORE = re.compile("得分|评分|总分|分数|成绩|总评")
_WHO = re.compile("单位自评|自评|复核|再评价|复评|初评|抽查|部门评价|财政评价|上年|考核")
_LABEL = re.compile(rf"(?:{'|'.join(LABELS)}|[A-D])(?:等次|等级|等|级|档)?")
_FEWEST = 2


@dataclass(frozen=True)
class GradedRow:
    """A row's name, its score and the grade beside it; ``total``: a row of them all together."""

    name: str
    score: Value
    grade: str
    spot: Spot
    total: bool = False


@dataclass(frozen=True)
class GradeColumn:
    """A column of grades and the column of scores they are for; ``who``: whose."""

    table: Table
    who: str
    rows: Sequence[GradedRow]


def grade_columns(table: Table) -> Iterator[GradeColumn]:
    """Each column of grades that has a column of scores before it."""
    numbers = number_table(table)
    if numbers is None:
        return
    for x, head in enumerate(numbers.heads):
        score = _score_of(numbers, x)
        if score is None or not _GRADE.search(head):
            continue
        rows = list(_rows(numbers, x, score))
        if sum(not r.total for r in rows) >= _FEWEST:
            match = _WHO.search(numbers.heads[score])
            yield GradeColumn(table, match[0] if match else "", rows)


def _score_of(numbers: NumberTable, x: int) -> int | None:
    """The nearest column of scores before a column of grades, where no other column of grades stands between."""
    for c in range(x - 1, 0, -1):
        if _SCORE.search(numbers.heads[c]) and any(c in r.values for r in numbers.rows):
            return c
        if _GRADE.search(numbers.heads[c]):
            return None
    return None


def _rows(numbers: NumberTable, x: int, score: int) -> Iterator[GradedRow]:
    for row in (*numbers.rows, *([numbers.total] if numbers.total else [])):
        grade = tight(numbers.table.rows[row.at][x].text)
        value = row.values.get(score)
        if value is None or is_blank(grade) or not _LABEL.fullmatch(grade) or not row.label:
            continue
        spot = numbers.table.spot(row.at, numbers.heads[x])
        yield GradedRow(row.label, value, grade, spot, row is numbers.total)
