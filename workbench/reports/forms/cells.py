"""A table whose cells reach over columns and rows, as official forms have it, in one piece of WordprocessingML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from workbench.base.safetext import safe
from workbench.reports.papers.grid import SPLITS_FROM, TWIPS_PER_MM

Down = Literal["one", "first", "further"]
_EDGES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_MARGINS = '<w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
_DOWN: dict[Down, str] = {"one": "", "first": '<w:vMerge w:val="restart"/>', "further": "<w:vMerge/>"}


@dataclass(frozen=True)
class Cell:
    """A cell over ``span`` columns. ``down``: alone, the first of several rows that are one cell, or one of the further ones."""

    text: str = ""
    span: int = 1
    align: Literal["left", "center", "right"] = "center"
    down: Down = "one"
    head: bool = False


@dataclass(frozen=True)
class Row:
    """A row at least ``height`` mm high."""

    cells: Sequence[Cell]
    height: float = 0


def merged_table(widths: Sequence[float], rows: Sequence[Row], style: str, head_style: str) -> Any:
    """A ``w:tbl``.

    Args:
        widths: of the columns, in mm; the spans of every row add up to their number.
        style, head_style: ids of the paragraph styles of cells, and of those that are titles.
    """
    twips = [round(w * TWIPS_PER_MM) for w in widths]
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in twips)
    whole = f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/>'
    look = f'{whole}<w:tblBorders>{_EDGES}</w:tblBorders><w:tblLayout w:type="fixed"/>{_MARGINS}'
    body = "".join(_row(row, twips, style, head_style) for row in rows)
    return parse_xml(f"<w:tbl {nsdecls('w')}><w:tblPr>{look}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>")


def _row(row: Row, widths: Sequence[int], style: str, head_style: str) -> str:
    made, at = [], 0
    for cell in row.cells:
        made.append(_cell(cell, sum(widths[at : at + cell.span]), head_style if cell.head else style))
        at += cell.span
    assert at == len(widths), "the spans of a row make up the table"
    whole = "" if any(len(c.text) >= SPLITS_FROM for c in row.cells) else "<w:cantSplit/>"
    height = f'<w:trHeight w:val="{round(row.height * TWIPS_PER_MM)}" w:hRule="atLeast"/>' if row.height else ""
    return f"<w:tr><w:trPr>{whole}{height}</w:trPr>{''.join(made)}</w:tr>"


def _cell(cell: Cell, width: int, style: str) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    look = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{_DOWN[cell.down]}<w:vAlign w:val="center"/>'
    lines = safe(cell.text).split("\n") if cell.down != "further" else [""]
    properties = f'<w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="{cell.align}"/></w:pPr>'
    body = "".join(f"<w:p>{properties}{_runs(line)}</w:p>" for line in lines)
    return f"<w:tc><w:tcPr>{look}</w:tcPr>{body}</w:tc>"


def _runs(text: str) -> str:
    pieces = "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in text.split("\t"))
    return f"<w:r>{pieces}</w:r>" if text else ""
