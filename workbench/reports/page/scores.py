"""The score table of the page: the cells every other output has, and behind each indicator how its points came about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from workbench.reports import reading
from workbench.reports.document.shown import set_row, typeset
from workbench.reports.reviewing import merged_text
from workbench.reports.table import RowKind
from workbench.reports.tables import FINAL, only_file, ref_text, score_table
from workbench.scoring.result import IndicatorResult, RunResult, SubjectResult

_LEFT_OUT = frozenset({"专家得分", "汇总得分"})
"""Who gave which points stands in 专家意见, where the edition has it; what came of them unfolds under the indicator."""
_COMPUTED = frozenset({"专家评审", "依据", "佐证状态"})
"""What unfolds as a sentence of ours."""
RATE, LEVEL, STATUS = "得分率", "一级", "状态"
_SORTED: dict[str, Literal["number", "text"]] = {
    **dict.fromkeys(("分值", "计算得分", "得分", FINAL, RATE), "number"),
    **dict.fromkeys(("三级", STATUS), "text"),
}
"""Columns the table can be sorted by; values in different units have no order."""
_FIGURE = 14
"""Characters of a number with its unit; longer texts in a column of numbers are words, and set like words."""


@dataclass(frozen=True)
class Cell:
    """One cell under its column; ``key`` is what its row is sorted by, None where nothing is sorted by it."""

    column: str
    text: str
    numeric: bool
    key: str | None


@dataclass(frozen=True)
class Row:
    """A row; ``level`` and ``status`` are what it can be filtered by, ``more`` and ``evidence`` what unfolds under it."""

    cells: list[Cell]
    kind: RowKind
    level: str
    status: str
    indicator: bool
    more: list[tuple[str, str]]
    evidence: list[str]


@dataclass(frozen=True)
class Scores:
    """The table of one subject: its columns and how each is sorted; ``file`` is where all evidence stands, when it is one."""

    columns: list[tuple[str, str | None]]
    rows: list[Row]
    levels: list[str]
    statuses: list[str]
    file: str

    @property
    def count(self) -> int:
        """How many indicators there are."""
        return sum(row.indicator for row in self.rows)


def scores(result: RunResult, subject: SubjectResult) -> Scores:
    """The score table of one subject, with what can be unfolded."""
    file = only_file(result)
    rows = list(_rows(subject, file))
    indicators = [row for row in rows if row.indicator]
    return Scores(
        [(cell.column, _SORTED.get(cell.column)) for cell in rows[0].cells],
        rows,
        list(dict.fromkeys(row.level for row in indicators)),
        list(dict.fromkeys(row.status for row in indicators)),
        file,
    )


def _rows(subject: SubjectResult, file: str) -> Iterator[Row]:
    table = score_table(subject)
    # Indicators stand before everything else that is a plain row: bonus and deductions.
    waiting = iter([i for level in subject.levels for i in reading.members(subject, level.name)])
    for texts, kind in zip(table.rows, table.kinds, strict=True):
        indicator = next(waiting, None) if kind == "plain" else None
        said = dict(zip(table.columns, set_row(texts, table.columns), strict=True))
        if indicator is not None:
            said[RATE] = reading.indicator_rate(indicator)
        columns = [c for c in table.columns if c not in _LEFT_OUT]
        yield Row(
            [_cell(c, said[c], c in table.numeric, indicator) for c in columns],
            kind,
            said[LEVEL],
            said[STATUS],
            indicator is not None,
            _more(indicator) if indicator is not None else [],
            [ref_text(ref, file) for ref in indicator.evidence] if indicator is not None else [],
        )


def _cell(column: str, text: str, numeric: bool, indicator: IndicatorResult | None) -> Cell:
    key = _key(column, text, indicator) if indicator is not None and column in _SORTED else None
    figure = len(text) <= _FIGURE and (text in ("", "—") or any(c.isdigit() for c in text))
    return Cell(column, text, numeric and figure, key)


def _key(column: str, text: str, indicator: IndicatorResult) -> str:
    """What is compared: points that are open by their lower bound; empty stands last."""
    if column in ("得分", FINAL):
        return indicator.final if indicator.final is not None else indicator.low
    if column == "计算得分":
        return indicator.computed or ""
    return text.removesuffix("%") if column == RATE else text


def _more(indicator: IndicatorResult) -> list[tuple[str, str]]:
    """How the points came about, in words; what the indicator has nothing of is left out."""
    review = indicator.review
    said = [
        ("指标编码", indicator.code),
        ("计算公式", indicator.formula),
        ("代入数字", indicator.substituted),
        ("专家评审", merged_text(review) if review is not None else None),
        ("依据", indicator.clause),
        ("佐证状态", indicator.evidence_status),
    ]
    return [(name, typeset(text) if name in _COMPUTED else text) for name, text in said if text]
