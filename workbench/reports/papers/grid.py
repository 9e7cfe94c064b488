"""Tables of a paper, written as one piece of WordprocessingML: ten times faster than cell by cell, and nothing left to chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from workbench.base.safetext import safe
from workbench.reports.papers.look import HEAD, TEXT

SPLITS_FROM = 300
"""Characters of a cell from which its row may run on to the next page; shorter rows stay in one piece."""
TWIPS_PER_MM = 1440 / 25.4
LABEL = 27.0
"""Width in mm of the labels of a grid of fields."""
Kind = Literal["plain", "group", "total"]
Align = Literal["left", "center", "right"]
_SHADES: dict[Kind, str] = {"plain": "", "group": "F2F2F2", "total": "E7E6E6"}
_HEAD_SHADE = "D9E2F3"
_EDGES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_MARGINS = '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'


@dataclass(frozen=True)
class Column:
    """A column of a table; ``share`` of the page's width in relation to the others."""

    title: str
    share: float
    align: Align = "left"


@dataclass(frozen=True)
class Line:
    """A row of a table. A ``group`` row holds one text over all columns; ``height`` (mm) leaves room to write.

    ``splits``: it may run on to the next page however short it is.
    """

    cells: Sequence[str]
    kind: Kind = "plain"
    height: float = 0
    splits: bool = False


def table_element(columns: Sequence[Column], lines: Sequence[Line], width: float) -> Any:
    """A ``w:tbl`` (see :func:`table_xml`), ready to be put into a document."""
    return parse_xml(table_xml(columns, lines, width, nsdecls("w")))


def table_xml(columns: Sequence[Column], lines: Sequence[Line], width: float, spaces: str = "") -> str:
    """A ``w:tbl`` as wide as ``width`` (mm), its header repeated on every page; columns without titles have no header."""
    widths = _widths([c.share for c in columns], width)
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    whole = f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
    look = f'{whole}<w:tblBorders>{_EDGES}</w:tblBorders><w:tblLayout w:type="fixed"/>{_MARGINS}'
    head = _head(columns, widths) if any(c.title for c in columns) else ""
    body = "".join(_row(line, columns, widths) for line in lines)
    begin = f"<w:tbl {spaces}>" if spaces else "<w:tbl>"
    return f"{begin}<w:tblPr>{look}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"


def field_grid(
    pairs: Sequence[tuple[str, str]], width: float, across: int, height: float
) -> tuple[list[Column], list[Line]]:
    """Labels and values as a table without a header, ``across`` pairs side by side; lengths in mm."""
    columns = [Column("", LABEL, "center"), Column("", width / across - LABEL)] * across
    padded = [*pairs, *[("", "")] * (-len(pairs) % across)]
    rows = [[part for pair in padded[i : i + across] for part in pair] for i in range(0, len(padded), across)]
    return columns, [Line(row, height=height) for row in rows]


def _widths(shares: Sequence[float], width: float) -> list[int]:
    """The width given out by share, in twips, to the last one."""
    whole = width * TWIPS_PER_MM
    ends = [0, *(round(whole * sum(shares[: i + 1]) / sum(shares)) for i in range(len(shares)))]
    return [end - start for start, end in pairwise(ends)]


def _head(columns: Sequence[Column], widths: Sequence[int]) -> str:
    cells = (_cell(c.title, w, HEAD, "center", _HEAD_SHADE) for c, w in zip(columns, widths, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"


def _row(line: Line, columns: Sequence[Column], widths: Sequence[int]) -> str:
    shade = _SHADES[line.kind]
    if line.kind == "group":
        inner = _cell("".join(line.cells), sum(widths), HEAD, "left", shade, span=len(widths))
    else:
        parts = zip(line.cells, columns, widths, strict=True)
        inner = "".join(_cell(text, w, TEXT, c.align, shade) for text, c, w in parts)
    whole = "" if line.splits or any(len(cell) >= SPLITS_FROM for cell in line.cells) else "<w:cantSplit/>"
    height = f'<w:trHeight w:val="{round(line.height * TWIPS_PER_MM)}" w:hRule="atLeast"/>' if line.height else ""
    return f"<w:tr><w:trPr>{whole}{height}</w:trPr>{inner}</w:tr>"


def _cell(text: str, width: int, style: str, align: Align, shade: str, span: int = 1) -> str:
    look = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    look += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    look += f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    paragraph = f'<w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="{align}"/></w:pPr>'
    body = "".join(f"<w:p>{paragraph}{_runs(part)}</w:p>" for part in safe(text).split("\n"))
    return f'<w:tc><w:tcPr>{look}<w:vAlign w:val="center"/></w:tcPr>{body}</w:tc>'


def _runs(text: str) -> str:
    pieces = "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in text.split("\t"))
    return f"<w:r>{pieces}</w:r>" if text else ""
