"""Analyses as tables: the cells of the result under their titles and units."""

from __future__ import annotations

from workbench.reports.table import RowKind, Table
from workbench.scheme.pack import ColumnSpec
from workbench.scoring.result import AnalysisResult, Cell, SubjectResult

NUMERIC = frozenset({"number", "money", "percent", "integer"})


def head(column: ColumnSpec) -> str:
    """The title of a column with its unit: ``成本(万元)``."""
    unit = unit_of(column)
    return f"{column.title}({unit})" if unit else column.title


def unit_of(column: ColumnSpec) -> str:
    """The unit numbers of a column are in; a percent needs none declared."""
    return column.unit or ("%" if column.type == "percent" else "")


def cell_text(cell: Cell) -> str:
    """A value as a reader sees it; numbers stay as they are, so that a frame of them can be computed with."""
    if cell is None:
        return "—"
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return cell


def rows_of(analysis: AnalysisResult, subject: SubjectResult) -> list[list[Cell]]:
    """The rows shown for a subject: its own, or everybody's where subjects stand side by side. Subject first."""
    return [row for row in analysis.rows if analysis.per == "all" or row[0] == subject.id]


def analysis_table(analysis: AnalysisResult, subject: SubjectResult, highlight: bool = False) -> Table:
    """One analysis for one subject; where all stand side by side, ``highlight`` sets its own rows off."""
    rows = rows_of(analysis, subject)
    own = [analysis.per == "all" and highlight and row[0] == subject.id for row in rows]
    kinds: list[RowKind] = ["subtotal" if mine else "plain" for mine in own]
    names = [head(c) for c in analysis.columns]
    return Table(
        analysis.title if analysis.per == "all" else f"{subject.name}:{analysis.title}",
        names,
        [[cell_text(cell) for cell in row[1:]] for row in rows],
        kinds,
        frozenset(name for name, column in zip(names, analysis.columns, strict=True) if column.type in NUMERIC),
        f"({nothing_found(analysis)})",
        analysis.note or "",
    )


def nothing_found(analysis: AnalysisResult) -> str:
    """Why a table is empty, as far as it can be known: which sheets it looked into."""
    if not analysis.sources:
        return "没有符合条件的记录"
    return f"没有符合条件的记录,本表取自:{'、'.join(analysis.sources)}"
