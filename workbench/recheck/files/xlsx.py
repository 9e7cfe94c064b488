"""Workbooks (.xlsx): each sheet parsed once, sparsely, with what a form needs: number formats, merges, errors, hidden parts.

The fast reader of evidence tables (``evidence/xlsx.py``) gives values only and allocates rows × columns up to the farthest
cell. A form is small and its meaning lies in how it looks, so it is read here cell by cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from workbench.base.errors import Problem
from workbench.base.office.package import Package
from workbench.base.office.strict import StrictParser
from workbench.evidence.raw import column_of
from workbench.recheck.files.cells import cell_name, check_count, hidden_notices, hidden_sheet, make_grid, written
from workbench.recheck.files.grid import Grid, Merged
from workbench.recheck.files.numberformat import BUILTIN, exact, shown
from workbench.recheck.files.refusing import ASK_AGAIN, SAVE_AS_XLSX, refused
from workbench.recheck.model import Spot, Written

MAX_SHEETS = 1_000
MAX_DECLARED = 32_000_000
"""Cells of the rectangle a sheet declares; whole formatted rows or columns stay below."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_BLANK = re.compile(rb'<c r="[A-Z]{1,3}\d{1,7}"[^<>]{0,200}/>')
_PLACELESS = re.compile(rb'<c(?: (?!r=")|>)')
_FETCHING = re.compile(r"\b(WEBSERVICE|RTD|CALL|REGISTER|EXEC)\s*\(|^\s*=?\s*[\w.]{1,40}\|", re.IGNORECASE)


def read_xlsx(package: Package) -> tuple[list[Grid], list[Problem]]:
    """The visible sheets that hold anything, and what a person should know. Raises FileError."""
    return _Book(package).read()


class _Book:
    """One workbook being read."""

    def __init__(self, package: Package) -> None:
        self.package, self.file = package, package.file
        if "sheet.binary" in package.kind:
            raise refused("file_xlsb", "这是二进制工作簿(.xlsb)", self.file, SAVE_AS_XLSX, found=".xlsb")
        self.notices: list[Problem] = []
        self.contents = _Contents(self.file)
        self.contents.parse(package.part(package.main))
        self.strings = _Strings(self.file)
        self.styles = _Styles(self.file)
        for link in package.targets(package.main).values():
            parser = {"sharedStrings": self.strings, "styles": self.styles}.get(link.kind)
            if parser is not None and not link.external:
                parser.parse(package.part(link.target))

    def read(self) -> tuple[list[Grid], list[Problem]]:
        """All sheets."""
        if len(self.contents.sheets) > MAX_SHEETS:
            raise refused("sheet_too_many", "工作表太多", self.file, ASK_AGAIN, found=f"{len(self.contents.sheets)}个")
        grids, count, seen = [], 0, set[str]()
        targets = self.package.targets(self.package.main)
        for title, state, key in self.contents.sheets:
            link = targets.get(key)
            if link is None or link.kind != "worksheet" or link.target in seen:
                continue
            seen.add(link.target)
            sheet = _Sheet(self, title)
            data = self.package.part(link.target)
            # Counted before they are parsed, where they are written the usual way; what was parsed is counted below.
            check_count(self.file, title, data.count(b"</v>"))
            sheet.parse(_without_blanks(data))
            count += len(sheet.cells)
            check_count(self.file, title, count)
            grid = self._grid(sheet, hidden=state in ("hidden", "veryHidden"))
            grids += [grid] if grid else []
        return grids, self.notices

    def _grid(self, sheet: _Sheet, hidden: bool) -> Grid | None:
        grid = make_grid(self.file, sheet.title, sheet.cells, sheet.merged)
        if grid is None:
            return None
        if hidden:
            self.notices.append(hidden_sheet(self.file, sheet.title))
            return None
        self.notices += hidden_notices(grid, sheet.cells, sheet.hidden_rows, sheet.hidden_columns)
        return grid


def _without_blanks(data: bytes) -> bytes:
    """The sheet without its blank formatted cells, which are most of many a sheet; only where every cell names its place."""
    return data if _PLACELESS.search(data) else _BLANK.sub(b"", data)


class _Contents(StrictParser):
    """workbook.xml: sheets in order, and the calendar."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.sheets: list[tuple[str, str, str]] = []
        self.date1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            key = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
            self.sheets.append((attributes.get("name", ""), attributes.get("state", ""), key))
        elif name == "workbookPr":
            self.date1904 = attributes.get("date1904", "") in ("1", "true")


class _Strings(StrictParser):
    """sharedStrings.xml, without the readings written over characters."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._inside = self._reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._reading = True
        elif name == "t":
            self._inside = not self._reading

    def end(self, name: str) -> None:
        if name == "si":
            self.texts.append("".join(self._pieces))
        elif name == "rPh":
            self._reading = False
        elif name == "t":
            self._inside = False

    def data(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)


class _Styles(StrictParser):
    """styles.xml: the number format of each cell format."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._codes = dict(BUILTIN)
        self._used: list[int] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and attributes.get("numFmtId", "").isdecimal():
            self._codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            number = attributes.get("numFmtId", "0")
            self._used.append(int(number) if number.isdecimal() else 0)

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside = False

    def code(self, style: str) -> str:
        """The format of a cell with this style."""
        at = int(style) if style.isdecimal() else 0
        return self._codes.get(self._used[at], "") if at < len(self._used) else ""


class _Sheet(StrictParser):
    """One worksheet."""

    def __init__(self, book: _Book, title: str) -> None:
        super().__init__(book.file)
        self.title, self._book = title, book
        self.cells: dict[tuple[int, int], Written] = {}
        self.merged: list[Merged] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self._row = self._column = -1
        self._cell: dict[str, str] | None = None
        self._pieces: dict[str, list[str]] = {}
        self._into: list[str] | None = None
        self._reading = False
        self._begin: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._begin_row, "c": self._begin_cell, "dimension": self._check_extent,
            "mergeCell": self._add_merged, "col": self._add_column,
        }  # fmt: skip

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._cell is not None:
            if name == "rPh":
                self._reading = True
            elif name in ("v", "f", "t") and not self._reading:
                self._into = self._pieces.setdefault(name, [])
        elif begin := self._begin.get(name):
            begin(attributes)

    def end(self, name: str) -> None:
        self._into = None
        if name == "rPh":
            self._reading = False
        elif name == "c" and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None

    def data(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = int(number) - 1 if number.isdecimal() and 0 < len(number) < 8 else self._row + 1
        self._column = -1
        if attributes.get("hidden") in ("1", "true"):
            self.hidden_rows.append(self._row)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._cell, self._pieces = attributes, {}
        place = _REFERENCE.fullmatch(attributes.get("r", ""))
        if place:
            self._row, self._column = int(place[2]) - 1, column_of(place[1])
        else:
            self._column += 1

    def _end_cell(self, attributes: dict[str, str]) -> None:
        spot = self._row, self._column
        value = "".join(self._pieces.get("v", self._pieces.get("t", ())))
        formula = "".join(self._pieces["f"]) if "f" in self._pieces else None
        if formula is not None and (fetching := _FETCHING.search(formula)):
            raise refused(
                "file_dde" if "|" in fetching[0] else "file_external", "公式从别的程序或网上取数(DDE)", self.file,
                "请把公式改成数值,保存后再复核", sheet=self.title, found=f"{cell_name(*spot)}“={formula[:80]}”",
                expected="数据都在文件里",
            )  # fmt: skip
        cell = self._written(attributes, value, formula, Spot(self.title, *spot, cell_name(*spot)))
        if cell is not None and (cell.text or cell.number is not None):
            self.cells[spot] = cell
            if len(self.cells) % 1000 == 0:
                check_count(self.file, self.title, len(self.cells))

    def _written(self, attributes: dict[str, str], value: str, formula: str | None, spot: Spot) -> Written | None:
        kind = attributes.get("t", "n")
        if formula is not None and not value and kind != "str":
            return Written(f"={formula[:200]}" if formula else "公式没有计算结果", spot, error=True)
        if not value:
            return None
        if kind == "s":
            at = int(value) if value.strip().isdecimal() and len(value) < 10 else -1
            texts = self._book.strings.texts
            return (
                written(_unescaped(texts[at]), spot) if 0 <= at < len(texts) else written(f"#{value}", spot, error=True)
            )
        if kind in ("inlineStr", "str"):
            return written(_unescaped(value), spot)
        if kind in ("b", "e", "d"):
            text = (
                {"1": "TRUE", "0": "FALSE"}.get(value.strip(), value)
                if kind == "b"
                else value[:10]
                if kind == "d"
                else value
            )
            return written(text, spot, error=kind == "e")
        return self._number(exact(value), value, attributes.get("s", "0"), spot)

    def _number(self, number: Decimal | None, value: str, style: str, spot: Spot) -> Written:
        if number is None:
            return written(value, spot, error=True)
        text, number, percent = shown(number, self._book.styles.code(style), self._book.contents.date1904)
        return Written(text, spot, number, percent)

    def _check_extent(self, attributes: dict[str, str]) -> None:
        last = _REFERENCE.fullmatch(attributes.get("ref", "").rpartition(":")[2])
        if last and int(last[2]) * (column_of(last[1]) + 1) > MAX_DECLARED:
            raise refused(
                "sheet_too_wide", "工作表范围太大", self.file, "请删除表外多余的行、列(连同格式)后保存", sheet=self.title,
                found=attributes["ref"], expected="范围正常的自评表",
            )  # fmt: skip

    def _add_merged(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        a, b = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
        if a and b and len(self.merged) < 100_000:
            self.merged.append(Merged(int(a[2]) - 1, column_of(a[1]), int(b[2]) - 1, column_of(b[1])))

    def _add_column(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if attributes.get("hidden") in ("1", "true") and first.isdecimal() and last.isdecimal():
            self.hidden_columns += range(int(first[:5]) - 1, min(int(last[:5]), int(first[:5]) + 200))


def _unescaped(text: str) -> str:
    """``_x000D_`` is how the format writes characters that XML cannot hold."""
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text
