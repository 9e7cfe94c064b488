"""What a declared chart draws: the rows of its analysis as exact numbers, with what could not be drawn said in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from workbench.evidence.tables import EPOCH
from workbench.reports.analysis import head, nothing_found, rows_of, unit_of
from workbench.scheme.pack import ChartSpec, ColumnSpec
from workbench.scoring.result import AnalysisResult, Cell, SubjectResult

NAMED = 6
"""How many rows without data are named."""
FEW = 3
"""How many rows that lack a part are named."""
TOLD = 24
"""How many rows a description tells one by one."""


@dataclass(frozen=True)
class Mark:
    """One row: its label, where it stands and its numbers, None where missing. Dates count days since 1970-01-01."""

    subject: str
    label: str
    own: bool
    x: Decimal | None
    values: tuple[Decimal | None, ...]
    reference: Decimal | None
    low: Decimal | None
    high: Decimal | None
    total: bool

    @property
    def value(self) -> Decimal:
        """The first series' number; 0 only where none was asked to be there."""
        return Decimal(0) if self.values[0] is None else self.values[0]

    @property
    def numbers(self) -> list[Decimal]:
        """Every number of the row that shares the scale of the values."""
        return [n for n in (*self.values, self.reference, self.low, self.high) if n is not None]


@dataclass(frozen=True)
class Data:
    """A chart's rows and words.

    Attributes:
        lacking: names of the rows that are not drawn for want of numbers; partly: of those that lack some series.
        side_by_side: rows of all subjects, the subject's own marked.
        reason: why there is nothing, where there is nothing.
    """

    chart: ChartSpec
    title: str
    columns: dict[str, ColumnSpec]
    marks: tuple[Mark, ...]
    lacking: tuple[str, ...]
    partly: tuple[str, ...]
    side_by_side: bool
    reason: str

    @property
    def unit(self) -> str:
        """The unit of the values."""
        return unit_of(self.columns[self.chart.values[0]])

    @property
    def series(self) -> list[str]:
        """Titles of the series."""
        return [self.columns[name].title for name in self.chart.values]

    @property
    def subtitle(self) -> str:
        """The line under the title."""
        return f"单位:{self.unit}" if self.unit else ""

    @property
    def dated(self) -> bool:
        """Whether the x column holds dates."""
        return self.chart.x is not None and self.columns[self.chart.x].type == "date"

    def named(self, role: str) -> str | None:
        """Title of the column in a role, None when the chart has none."""
        name = getattr(self.chart, role)
        return None if name is None else self.columns[name].title

    def axis(self, name: str) -> str:
        """Title of an axis: that of its column, with unit."""
        return head(self.columns[name])

    def remark(self, *more: str) -> str:
        """What stands under the chart: rows without data, what the drawing has to say, the pack's own note."""
        note = self.chart.note or ""
        return " ".join(x for x in (*(f"{gap}。" for gap in self.gaps), *more, note) if x)

    @property
    def gaps(self) -> list[str]:
        """What is missing, in words: rows by name, single spots by name while they are few."""
        found = [f"没有数据、未画出:{listed(self.lacking, NAMED)}"] if self.lacking else []
        if len(self.partly) > FEW:
            return [*found, f"{len(self.partly)}行缺部分数据,缺的部分空着"]
        return [*found, f"缺数据、空着:{'、'.join(self.partly)}"] if self.partly else found

    def place(self, x: Decimal) -> str:
        """A place on the x axis in words; a year is not broken by separators."""
        if self.dated:
            return date.fromordinal(EPOCH.toordinal() + int(x)).isoformat()
        assert self.chart.x is not None
        whole = self.columns[self.chart.x].type == "integer" and abs(x) < 10000
        return f"{x:f}".replace("-", "−") if whole else shown(x)


def data_of(chart: ChartSpec, analysis: AnalysisResult, subject: SubjectResult) -> Data:
    """The rows a chart draws for a subject. Rows without any value (or place) are named in ``lacking`` instead."""
    side_by_side = analysis.per == "all"
    columns = {c.name: c for c in analysis.columns}
    found = [_mark(chart, columns, row, side_by_side and row[0] == subject.id) for row in rows_of(analysis, subject)]
    marks = [m for m in found if _drawn(chart, m)]
    empty = "需要的数都没有填" if found else nothing_found(analysis)
    title = chart.title if side_by_side else f"{subject.name}:{chart.title}"
    data = Data(chart, title, columns, tuple(marks), (), (), side_by_side, empty)
    lacking = [_name(data, m) for m in found if not _drawn(chart, m)]
    partly = [f"{_name(data, m)}({'、'.join(gaps)})" for m in marks if (gaps := _missing(data, m))]
    return replace(data, lacking=tuple(lacking), partly=tuple(partly))


def _drawn(chart: ChartSpec, mark: Mark) -> bool:
    """Whether a row has a place and at least one number."""
    return (chart.x is None or mark.x is not None) and any(v is not None for v in mark.values)


def _missing(data: Data, mark: Mark) -> list[str]:
    return [title for title, number in zip(data.series, mark.values, strict=True) if number is None]


def _name(data: Data, mark: Mark) -> str:
    return mark.label or (mark.subject if mark.x is None else data.place(mark.x))


def _mark(chart: ChartSpec, columns: dict[str, ColumnSpec], row: list[Cell], own: bool) -> Mark:
    places = {name: i for i, name in enumerate(columns, start=1)}

    def cell(name: str | None) -> Cell:
        return None if name is None else row[places[name]]

    label, x = cell(chart.label), cell(chart.x)
    return Mark(
        subject=str(row[0]),
        label="" if label is None else str(label),
        own=own,
        x=_days(x) if chart.x is not None and columns[chart.x].type == "date" else _number(x),
        values=tuple(_number(cell(name)) for name in chart.values),
        reference=_number(cell(chart.reference)),
        low=_number(cell(chart.low)),
        high=_number(cell(chart.high)),
        total=cell(chart.total) is True,
    )


def _number(cell: Cell) -> Decimal | None:
    return None if cell is None or isinstance(cell, bool) else Decimal(cell)


def _days(cell: Cell) -> Decimal | None:
    return None if cell is None else Decimal((date.fromisoformat(str(cell)) - EPOCH).days)


def shown(number: Decimal, signed: bool = False) -> str:
    """A number with separators and a printed sign; ``signed`` also shows a plus."""
    text = f"{abs(number):,f}"
    return f"−{text}" if number < 0 else f"+{text}" if signed and number > 0 else text


def listed(names: Iterable[str], most: int) -> str:
    """“甲、乙等5项”: names, cut where they become too many."""
    found = list(names)
    text = "、".join(found[:most])
    return f"{text}等{len(found)}项" if len(found) > most else text


def sentence(kind: str, data: Data, parts: Iterable[str]) -> str:
    """One sentence for those who cannot see the chart."""
    unit = f",单位{data.unit}" if data.unit else ""
    told = listed(parts, TOLD) or f"没有可画的数据({data.reason})"
    text = f"{kind}:{data.title}{unit},{';'.join([told, *(data.gaps if data.marks else [])])}"
    return " ".join(text.replace("。", ";").split()) + "。"
