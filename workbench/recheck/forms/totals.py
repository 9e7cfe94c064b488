"""Total rows: 总分 with weight, points and grade, in cells of their own or in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.recheck.forms.asking import Asking
from workbench.recheck.forms.header import Column
from workbench.recheck.forms.lines import Line, Used, is_number, number_in, part_of
from workbench.recheck.forms.vocabulary import RANKS, Role, squeezed, total_rank
from workbench.recheck.model import Written

_GRADES = re.compile(
    r"(?:[^:：]{0,8}[:：]|等级|等次|评为|结果为)*[“\"(（]?"
    r"(优秀|良好|优|良|中等|中|一般|较差|差|低|合格|基本合格|不合格|及格|不及格)[”\")）]?(?:等级|等次|等|级)?"
)
_WORDED = re.compile(
    r"(?P<label>[^:：\d]{2,20}?)[:：=为]?(?P<points>\d{1,3}(?:\.\d+)?)分?(?:[,，;；。()（）\s]*(?P<rest>.*))?"
)


@dataclass(frozen=True, slots=True)
class Total:
    """One total row. ``rank``: 小计, 合计 or 总分; ``cells``: everything it is made of."""

    rank: str
    label: Written
    weight: Written | None
    points: Written | None
    grade: Written | None
    cells: tuple[Written, ...]


def total_in(line: Line, columns: Mapping[Role, Column]) -> Total | None:
    """The total that a row of the table says; None for any other row."""
    value_columns = [columns[r].first for r in (Role.WEIGHT, Role.POINTS) if r in columns]
    limit = min(value_columns, default=line.width)
    label_index = next((i for i, (c, cell) in enumerate(line.own) if c < limit and total_rank(cell.text)), None)
    if label_index is None:
        return _worded(line)
    label = line.own[label_index][1]
    rest = line.own[label_index + 1 :]
    if label_index > 1 or (label_index == 1 and is_number(line.own[0][1])):
        return None
    weight, points = (_in(columns.get(role), rest) for role in (Role.WEIGHT, Role.POINTS))
    others = [cell for _, cell in rest if cell is not weight and cell is not points]
    numbers = [cell for cell in others if is_number(cell)]
    if weight is None and points is None and numbers:
        points = numbers[-1]
        weight = numbers[0] if len(numbers) > 1 else None
    elif points is None and numbers:
        points = numbers[-1]
    grade = next((found for cell in others if (found := grade_in(cell)) is not None), None)
    if points is None and Role.POINTS in columns:
        points = line.cell(columns[Role.POINTS].first)
    if weight is None and Role.WEIGHT in columns and columns[Role.WEIGHT].first not in dict(line.own):
        weight = line.cell(columns[Role.WEIGHT].first)
    kept = [cell for cell in (label, weight, points) if cell is not None]
    kept += [cell for cell in others if grade is not None and cell.spot == grade.spot]
    return Total(total_rank(label.text) or RANKS[-1], label, weight, points, grade, tuple(kept))


def _in(column: Column | None, cells: Sequence[tuple[int, Written]]) -> Written | None:
    """The number in a column; a text there is no points."""
    if column is None:
        return None
    return next((cell for c, cell in cells if column.first <= c <= column.last and is_number(cell)), None)


def _worded(line: Line) -> Total | None:
    """A total in words: “总分:96分”, “合计得分 96 分,等级:优”."""
    for _, cell in line.own[:2]:
        found = _WORDED.fullmatch(squeezed(cell.text)) if len(cell.text) < 40 else None
        rank = total_rank(found["label"]) if found else None
        if found and rank is not None and rank != RANKS[0]:
            points = part_of(cell, found["points"])
            return Total(rank, cell, None, points, _grade(cell, found["rest"] or ""), (cell,))
    return None


def grade_in(cell: Written) -> Written | None:
    """The grade a cell says and nothing else: “优”, “等级:良好”."""
    return _grade(cell, cell.text) if len(cell.text) <= 20 else None


def _grade(cell: Written, text: str) -> Written | None:
    found = _GRADES.fullmatch(squeezed(text))
    return part_of(cell, found[1]) if found else None


def final_total(totals: Sequence[Total], used: Used, asking: Asking) -> Total | None:
    """The total that counts: the highest rank, of two alike the one that says more; asked where they disagree.

    The others stay in the notes.
    """
    best: Total | None = None
    for total in totals:
        if total.rank == RANKS[0]:
            continue
        if best is None or RANKS.index(total.rank) > RANKS.index(best.rank):
            best = total if best is None else _completed(total, best)
        elif total.rank == best.rank:
            best = _of_two(best, total, asking)
    if best is not None:
        used.add(*best.cells)
    return best


def _of_two(first: Total, second: Total, asking: Asking) -> Total:
    """One of two total rows of the same rank."""
    if not _points(second) or _points(first) == _points(second):
        return _completed(first, second)
    if not _points(first):
        return _completed(second, first)
    places = f"{first.label.spot.cell}和{second.label.spot.cell}都是“{squeezed(second.label.text)}”行"
    text = f"{places},得分分别为{_points(first)}和{_points(second)}。以哪一行为准?"
    given = asking.answer("totals", "以哪一行为准", text, second.label, ("后一行", "前一行"))
    return first if given == "前一行" else second


def _completed(total: Total, other: Total) -> Total:
    """A total with what it leaves blank and a row of no higher rank, without points of its own, says."""
    if _points(total):
        weight = total.weight if total.weight is not None and total.weight.text else None
        missing = other.weight if _points(other) in ("", _points(total)) else total.weight
        grade = total.grade or other.grade
        cells = [*total.cells, *(cell for cell in (weight or missing, grade) if cell is not None)]
        return Total(total.rank, total.label, weight or missing, total.points, grade, tuple(cells))
    return total


def _points(total: Total) -> str:
    if total.points is None or not total.points.text:
        return ""
    number = total.points.number if total.points.number is not None else number_in(total.points.text)
    return str(number.normalize()) if number is not None else total.points.text
