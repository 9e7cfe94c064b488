"""Any table of numbers with headers above and labels before: its columns of numbers, its rows, its 合计."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.reports.checking.document.model import Table
from workbench.reports.checking.language.numbers import cell_number
from workbench.reports.checking.language.words import PART_OF, tight
from workbench.reports.checking.tables.grid import Grid, Value, is_blank, value_at

_SUM = re.compile(r"(?:合计|总计|共计|总额|小计|汇总|总分|总得分)(?:[(].*[)])?:?")
_SUM_AND_MEAN = re.compile(r"(?:合计|总计)[/(、(]?平均[)]?|平均[/、]合计")
_MEAN = re.compile(r"(?:算术|加权|总体|综合|总)?(?:平均|均值|均分)(?:得?分|分数|值|数)?")
_NESTED = re.compile(r"^(?:[(][一二三四五六七八九十\d]+[)]|\d+(?:\.\d+)+|[①-⑳]|-)")
_SERIAL = re.compile(r"(?:序号|编号|行次|排名|位次|名次|序)")
_LITTLE = re.compile(r"[(]?(?:%|[万亿千百]?(?:元|个|人|户|亩|吨|公里|平方米|人次)|得分|等级|金额|数量|小计|合计)[)]?")
"""A lower head that is nothing without the one above it."""
_HEADS = 3
"""Rows a header has at most."""


@dataclass(frozen=True)
class Row:
    """A row: what it is of, and its numbers by column."""

    at: int
    label: str
    values: dict[int, Value]


@dataclass(frozen=True)
class NumberTable:
    """A table of numbers.

    Attributes:
        heads: the words over each column.
        rows: the rows above the sum, where they are all of one kind.
        total: the row that sums them up, or gives their mean; ``mean``: whether it says that it is a mean; ``both``: of both.
        nested: whether rows are parts of other rows, so that they do not simply add up.
    """

    table: Table
    heads: Sequence[str]
    rows: Sequence[Row]
    total: Row | None
    mean: bool
    both: bool
    nested: bool

    def column(self, x: int) -> list[Value]:
        """The numbers of a column without its total; empty where one is missing."""
        found = [r.values.get(x) for r in self.rows]
        values = [v for v in found if v is not None]
        return values if len(values) == len(found) else []

    @property
    def numeric(self) -> list[int]:
        """Columns of numbers, serial numbers left out."""
        return [x for x, h in enumerate(self.heads) if not _SERIAL.fullmatch(h) and len(self.column(x)) > 1]


def number_table(table: Table) -> NumberTable | None:
    """The table read as one of numbers; None where it has no header, or no two rows of numbers."""
    start = next((y for y, row in enumerate(table.rows[: _HEADS + 1]) if any(map(_is_number, row[1:]))), 0)
    if not 0 < start <= _HEADS or len(table.rows) - start < 2:
        return None
    heads = _heads(table, start)
    grid = Grid(table)
    first = next(x for x, h in enumerate(heads) if x and any(_is_number(r[x]) for r in table.rows[start:]))
    rows: list[Row] = []
    totals: list[Row] = []
    nested = False
    for y in range(start, len(table.rows)):
        row = table.rows[y]
        found = {x: value_at(grid, table.rows, y, x, heads[x]) for x in range(first, table.width)}
        labels = [tight(c.text) for c in row if c.text.strip() and cell_number(c.text) is None]
        told = labels[-1] if (summing := any(map(_sums, labels))) else _label(row, first)
        made = Row(y, told, {x: v for x, v in found.items() if v is not None})
        (totals if summing else rows).append(made)
        nested = nested or bool(PART_OF.match(told) or _NESTED.match(told)) or (bool(totals) and not summing)
    total = totals[0] if len(totals) == 1 else None
    words = " ".join(tight(c.text) for c in table.rows[total.at]) if total else ""
    both = bool(_SUM_AND_MEAN.search(words))
    mean = "平均" in words or "均值" in words
    return NumberTable(table, heads, rows, total, mean, both, nested or len(totals) > 1) if len(rows) > 1 else None


def _heads(table: Table, start: int) -> list[str]:
    """The words over each column; a unit, or a word that says little, together with what stands above it."""
    lower = table.rows[start - 1]
    upper = table.rows[start - 2] if start > 1 else lower
    if len({c.origin for c in upper}) == 1:
        upper = lower
    return [
        tight(b.text if a is b or not _LITTLE.fullmatch(tight(b.text)) else _over(a.text, b.text))
        for a, b in zip(upper, lower, strict=True)
    ]


def _over(upper: str, lower: str) -> str:
    return upper if tight(upper) == tight(lower) else f"{upper}{lower}" if "(" in tight(lower) else f"{upper}({lower})"


def _is_number(cell: object) -> bool:
    return cell_number(getattr(cell, "text", "")) is not None


def _sums(label: str) -> bool:
    return any(p.fullmatch(label) for p in (_SUM, _SUM_AND_MEAN, _MEAN))


def _label(row: Sequence[object], first: int) -> str:
    texts = [tight(getattr(c, "text", "")) for c in row[:first]]
    return next((t for t in reversed(texts) if t and not is_blank(t)), "")
