"""An xlsx with comments. openpyxl keeps values, formulas, formats, merges, pictures; charts, shapes and controls are lost."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange

from workbench.base.packed import FIXED, repacked
from workbench.base.safetext import safe
from workbench.recheck.files.package import open_package
from workbench.recheck.writing.annotated.remarks import COLOURS, Remark, by_spot
from workbench.recheck.writing.told import AUTHOR

SHEET = "复核意见"
KEPT = (
    "本文件是原件的批注副本,原件没有改动;底色和批注是复核加上的,数值没有改动。"
    "图表、形状、控件等在副本中可能没有保留,公式在打开时重新计算,一切以原件为准。"
)
_HEAD = ("级别", "位置", "问题", "所写", "应为", "说明", "建议", "依据")
_WIDTHS = (6, 18, 22, 24, 24, 48, 30, 24)
_WIDE, _LINE, _HIGHEST = 340, 17, 600
"""Pixels of a comment: its width, a line, the most."""
_PER_LINE = 24
_MERGED = re.compile(rb"<(\w+:)?mergeCells\b.*?</(\w+:)?mergeCells\s*>", re.DOTALL)
_RANGE = re.compile(rb"""\bref=["']([^"']+)["']""")
_CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def annotated_workbook(path: Path, remarks: Sequence[Remark]) -> bytes:
    """The copy's bytes, the same for the same file and remarks."""
    content, merged = _apart(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells what it does not keep; the copy says so itself
        book = load_workbook(content, rich_text=True)
    for title, ranges in merged.items():
        book[title].merged_cells = ranges
    for spot, group in by_spot(remarks):
        if spot.sheet in book.sheetnames:
            _comment(book[spot.sheet], spot.row + 1, spot.column + 1, group)
    _list(book, remarks)
    stream = io.BytesIO()
    book.save(stream)
    return repacked(_undated(stream.getvalue()))


class _InOrder(MultiCellRange):  # type: ignore[misc]  # openpyxl has no types
    """Merged ranges that are written in one order; openpyxl has them in that of a set."""

    def __iter__(self) -> Iterator[CellRange]:
        return iter(self.sorted())


def _apart(path: Path) -> tuple[io.BytesIO, dict[str, _InOrder]]:
    """The workbook without its merged ranges, and those by sheet.

    openpyxl draws the borders of each range anew: five sixths of its time with a form, and another look than the original's.
    """
    target, merged = io.BytesIO(), dict[str, _InOrder]()
    with open_package(path, path.name) as package:
        links = package.targets(package.main)
        sheets = [e for e in fromstring(package.part(package.main)).iter() if e.tag.endswith("}sheet")]
        keys = {next(v for k, v in e.items() if k.endswith("}id")): e.get("name", "") for e in sheets}
        titles = {links[key].target: name for key, name in keys.items() if links[key].kind == "worksheet"}
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name in titles and (found := _MERGED.search(part)):
                merged[titles[name]] = _InOrder(" ".join(r.decode() for r in _RANGE.findall(found[0])))
                part = part[: found.start()] + part[found.end() :]
            after.writestr(name, part)
    return target, merged


def _comment(sheet: Any, row: int, column: int, group: Sequence[Remark]) -> None:
    cell = sheet.cell(row, column)
    over = next((area for area in sheet.merged_cells if cell.coordinate in area), None)
    if over is not None:
        cell = sheet.cell(over.min_row, over.min_col)
    before = f"{cell.comment.text}\n\n" if cell.comment is not None else ""
    text = before + "\n\n".join(remark.text for remark in group)
    lines = sum(len(line) // _PER_LINE + 1 for line in text.split("\n"))
    cell.comment = Comment(text, AUTHOR, width=_WIDE, height=min(_HIGHEST, lines * _LINE + 12))
    cell.fill = PatternFill("solid", fgColor=COLOURS[group[0].severity])


def _list(book: Any, remarks: Sequence[Remark]) -> None:
    """A sheet at the end with every remark, those about no cell too."""
    sheet = book.create_sheet(SHEET)  # openpyxl gives it another name where there is one of that
    _write(sheet, 1, [KEPT])
    _write(sheet, 2, _HEAD, Font(bold=True))
    for number, r in enumerate(remarks, 3):
        cells = (r.severity.value, r.place, r.title, r.found, r.expected, r.message, r.suggestion, r.source)
        _write(sheet, number, cells)
        sheet.cell(number, 1).fill = PatternFill("solid", fgColor=COLOURS[r.severity])
    for letter, width in zip("ABCDEFGH", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(_HEAD))
    sheet.row_dimensions[1].height = 34
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _write(sheet: Any, row: int, texts: Sequence[str], font: Font | None = None) -> None:
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(row, column)
        cell.value = safe(text)
        # Whatever it begins with: openpyxl takes “=…” for a formula.
        cell.data_type, cell.quotePrefix, cell.number_format = "s", True, "@"
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        if font is not None:
            cell.font = font


def _undated(data: bytes) -> bytes:
    """Without the moment of saving, which openpyxl writes into the properties."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name == _CORE:
                part = _MODIFIED.sub(rb"\g<1>" + FIXED.isoformat().encode() + b"Z", part)
            after.writestr(name, part)
    return target.getvalue()
