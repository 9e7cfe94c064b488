"""Words in tables: cells that say something in a sentence, and rows whose sentence and number say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from workbench.reports.checking.document.model import Spot, Table
from workbench.reports.checking.findings import Finding, finding
from workbench.reports.checking.language.numbers import Number, cell_number, folded, numbers
from workbench.reports.checking.language.words import tight

_POINTS = re.compile(r"(?:分数|分值|得分)(?:[(]分[)])?")
_WORDS = re.compile("[\u4e00-\u9fff]{2}")
_SPEAKS = re.compile(r"\d|等级")
_AGREEING = 2
"""Rows whose number stands in their sentence too, from which another row must keep to it."""


def spoken(table: Table) -> Iterator[tuple[str, Spot]]:
    """Cells below the header that hold words with a number or a grade, a merged cell once."""
    seen: set[tuple[int, int]] = set()
    for y, row in enumerate(table.rows[1:], 1):
        for x, cell in enumerate(row):
            says = _WORDS.search(cell.text) and _SPEAKS.search(folded(cell.text)) and cell_number(cell.text) is None
            if says and cell.origin not in seen:
                seen.add(cell.origin)
                yield cell.text, table.spot(y, table.rows[0][x].text.strip())


def rows_told(table: Table) -> Iterator[Finding]:
    """“总分97.93分 | 97.93”: where the rows of a table give their number in words as well, every row does so rightly."""
    right, wrong = _told(table)
    if right >= _AGREEING and len(wrong) * 2 <= right:
        for y, head, number, told in wrong:
            yield finding(
                "row_words", table.spot(y, head), f"“{head}”与同一行的文字", number, "、".join(map(str, told))
            )


def is_told(table: Table) -> bool:
    """Whether the rows of a table say their number in words, so that it has been looked at."""
    return _told(table)[0] >= _AGREEING


def _told(table: Table) -> tuple[int, list[tuple[int, str, Number, Sequence[Number]]]]:
    """How many rows say their number rightly in words, and those that say another."""
    heads = [tight(c.text) for c in table.rows[0]] if table.rows else []
    columns = [x for x, head in enumerate(heads) if _POINTS.fullmatch(head)]
    right = 0
    wrong: list[tuple[int, str, Number, Sequence[Number]]] = []
    for y, row in enumerate(table.rows[1:] if len(columns) == 1 else [], 1):
        [x] = columns
        number = cell_number(row[x].text)
        told = [found for n, cell in enumerate(row) if n != x for found in _points_in(cell.text)]
        if number is None or not told:
            continue
        if number.value in {found.value for found in told}:
            right += 1
        else:
            wrong.append((y, heads[x], number, told))
    return right, wrong


def _points_in(text: str) -> Sequence[Number]:
    plain = folded(text)
    if len(plain) > 200 or cell_number(text) is not None:
        return []
    return [f.number for f in numbers(plain) if re.match(r"\s*分", plain[f.end :]) and f.number.value >= Decimal(0)]
