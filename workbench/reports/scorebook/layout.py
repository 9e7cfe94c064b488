"""Columns of a 评分表: what is read and printed, then, out of sight, the whole numbers all formulas are made of.

Points are counted in their last decimal there (7.93 is 793), so that no sum, share or comparison rests on binary fractions.
The official numbers stand among them: what is in sight is compared with those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from workbench.base.exact import to_units
from workbench.reports.scorebook.terms import Terms
from workbench.reports.scorebook.xlsx import Cell, Formula, Look, Page, cell, number_format, over


class Col(IntEnum):
    """Columns, counted from 0."""

    LEVEL1, LEVEL2, NAME, WEIGHT, TARGET, VALUE, COMPUTED, FINAL, LOW, HIGH, RATE, STATE, REMARK = range(13)
    LOWEST, HIGHEST, APPLIES, FULL, FIGURE, OPEN = range(13, 19)
    KEPT_LOWEST, KEPT_HIGHEST, KEPT_APPLIES, KEPT_FULL, KEPT_FIGURE, CHANGED = range(19, 25)
    EFFECTIVE, SCALED_LOWEST, SCALED_HIGHEST = range(25, 28)
    COUNTED, KEPT_REMARK = range(28, 30)


SHOWN = 13
"""Columns that are printed."""
TITLES = (
    *("一级指标", "二级指标", "三级指标", "分值", "指标值", "完成值", "计算得分", "最终得分", "最低", "最高", "得分率"),
    *("状态", "评分说明"),
)
HELPERS = (
    *(
        "最低(整数)",
        "最高(整数)",
        "适用分值(整数)",
        "分值(整数)",
        "完成值(整数)",
        "未评分",
        "正式最低",
        "正式最高",
        "正式适用分值",
    ),
    *("正式分值", "正式完成值", "改动", "调整后分值", "折算最低", "折算最高", "计入(整数)", "正式评分说明"),
)
WIDTHS = (10.0, 11.0, 20.0, 7.5, 11.0, 12.0, 9.0, 9.0, 7.5, 7.5, 9.0, 9.0, 46.0, *(9.0 for _ in HELPERS))
INAPPLICABLE = "不适用"
OFFICIAL = "(正式结果)"
"""Before what is said about a row of the result, while the row no longer shows it."""
TRIED, REFUSED = "试算", "未计入"
PERCENT = '0.00"%"'


@dataclass(frozen=True)
class Units:
    """How points are counted and shown in one workbook; ``decimals`` of points."""

    decimals: int

    @property
    def scale(self) -> int:
        """Units of one point."""
        return int(10**self.decimals)

    @property
    def shown(self) -> str:
        """The number format of points."""
        return number_format(self.decimals)

    def of(self, points: str | Decimal) -> int:
        """Points as a whole number."""
        return to_units(Decimal(points), self.decimals)

    def counted(self, place: str) -> str:
        """The points of a cell as a whole number; what a reader typed finer is rounded half-up, as scoring would."""
        return f"ROUND(ROUND({place},{self.decimals})*{self.scale},0)" if self.decimals else f"ROUND({place},0)"

    def points(self, expression: str) -> str:
        """A whole number back as points."""
        return f"{expression}/{self.scale}" if self.decimals else expression

    def text(self, expression: str) -> str:
        """A whole number as the text of points."""
        return f'TEXT({self.points(expression)},"{number_format(self.decimals).replace("#,##", "")}")'


@dataclass(frozen=True)
class Sheet:
    """A 评分表 being written: its page, how points are counted, and what of the workbook it refers to."""

    page: Page
    units: Units
    terms: Terms
    lines: Lines

    def texts(self, row: int, cells: Mapping[int, Cell], look: Look = "plain") -> None:
        """The cells of a row that are no points, by column; all others in sight get the row's look."""
        for at in range(SHOWN):
            align = "right" if at in (Col.TARGET, Col.VALUE) else "center" if at == Col.STATE else ""
            self.page.put(row, at, cells.get(at), look, align=align)
        self.page.fit(row, [(c, self.page.widths[at]) for at, c in cells.items() if isinstance(c, str)])

    def points(self, row: int, at: int, content: Cell, look: Look = "plain") -> None:
        """Points (or 得分率) of a row."""
        self.page.put(row, at, content, look, PERCENT if at == Col.RATE else self.units.shown, "right")

    def count(self, row: int, at: int, expression: str, value: int | str) -> None:
        """A whole number out of sight, made by a formula."""
        self.page.put(row, at, Formula(f"={expression}", value), "helper", "0")

    def keep(self, row: int, at: int, value: int) -> None:
        """An official whole number out of sight."""
        self.page.put(row, at, value, "helper", "0")

    def bounded(self, row: int, low: int | str, high: int | str, now: int | str) -> None:
        """Out of sight, what was entered as points of a row as a whole number; nothing where it is none or outside the bounds."""
        place = cell(row, Col.FINAL)
        whole = self.units.counted(place)
        inside = f'IF(AND({whole}>={low},{whole}<={high}),{whole},"")'
        self.count(row, Col.COUNTED, f'IF(ISNUMBER({place}),{inside},"")', now)

    def remark(self, row: int, official: str, refused: Sequence[tuple[str, str]]) -> None:
        """What the result says about a row. Where a reader has changed it, it is marked as the result's; what does not count is said.

        Args:
            refused: conditions under which something entered does not count, each with why.
        """
        said = "".join(f'&IF({when},"{REFUSED}:{words};","")' for when, words in refused)
        self.page.put(row, Col.KEPT_REMARK, official, "helper")
        kept = f'IF({cell(row, Col.CHANGED)}=1,"{OFFICIAL}","")&{cell(row, Col.KEPT_REMARK)}'
        self.page.put(row, Col.REMARK, Formula(f'=""{said}&{kept}', official))
        self.page.fit(row, [(f"{OFFICIAL}{official}", self.page.widths[Col.REMARK])])


@dataclass(frozen=True)
class Lines:
    """Where the sheet 等级标准 holds grades, names, lines (as whole numbers) and whether a line was changed."""

    labels: str
    names: str
    lines: str
    changed: str


def column_sum(at: int, rows: Sequence[int]) -> str:
    """The sum of a column over rows that follow each other; 0 of none."""
    return f"SUM({over(at, rows[0], rows[-1])})" if rows else "0"


def span_of(units: Units, low: str, high: str) -> str:
    """Two whole numbers as the text of points: one number where they are the same."""
    return f'IF({low}={high},{units.text(low)},{units.text(low)}&"—"&{units.text(high)})'
