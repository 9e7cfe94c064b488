"""Excel workbooks in: checked, then read with the fast reader, then given back what that reader hides."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, cast
from xml.etree import ElementTree

from workbench.base.errors import FileError
from workbench.evidence import guard
from workbench.evidence.raw import UNCALCULATED, Cell, RawSheet, describe, file_error
from workbench.evidence.tables import SourceFile

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = (b"http://purl.oclc.org/ooxml/spreadsheetml/main", _MAIN[1:-1].encode())
_STRICT_RELATION = (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _RELATION[1:-3].encode())
_PERCENT_BUILTIN = frozenset({9, 10})
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class XlsxBook:
    """One .xlsx file. Opening it checks the whole file; sheets are parsed when they are asked for."""

    what = "工作表"

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.file = path, name
        self._source = describe(path, name)
        with guard.open_checked(path, name) as archive:
            self._parts = _sheet_parts(archive, name)
            self._facts = guard.scan(archive, _percent_styles(archive), name)
        for part, facts in self._facts.items():
            title = next((t for t, p in self._parts.items() if p == part), part)
            guard.check_extent(facts, name, title)
        self._book = self._open()

    def titles(self) -> list[str]:
        """Titles of all sheets, in order."""
        return list(self._book.sheet_names)

    def source(self, title: str) -> tuple[SourceFile, Path]:
        """The workbook itself, whatever the sheet."""
        return self._source, self.path

    def load(self, title: str) -> RawSheet:
        """All cells of one sheet. Raises FileError."""
        rows, merged = self._cells(title)
        facts = self._facts.get(self._parts.get(title, ""), guard.SheetFacts())
        for (r, c), text in facts.errors.items():
            _put(rows, r, c, text)
        for r, c in facts.uncalculated:
            _put(rows, r, c, UNCALCULATED)
        return RawSheet(self.file, title, rows, merged, frozenset(facts.percent))

    def _open(self) -> CalamineWorkbook:
        from python_calamine import CalamineWorkbook

        try:
            return CalamineWorkbook.from_path(self.path)
        except BaseException as error:
            raise _broken(error, self.file) from None

    def _cells(self, title: str) -> tuple[list[list[Cell]], list[tuple[tuple[int, int], tuple[int, int]]]]:
        try:
            sheet = self._book.get_sheet_by_name(title)
            # The reader made these lists for us alone: no need to copy 100,000 of them.
            rows = cast("list[list[Cell]]", sheet.to_python(skip_empty_area=False))
            return rows, list(sheet.merged_cell_ranges or [])
        except BaseException as error:
            raise _broken(error, self.file, title) from None


def _broken(error: BaseException, file: str, sheet: str | None = None) -> BaseException:
    # A panic of the Rust reader arrives as a BaseException of its own; an interrupt must stay one.
    if isinstance(error, KeyboardInterrupt | SystemExit | FileError):
        return error
    return file_error(
        "file_damaged", "工作簿内容已损坏,无法读取", file, "请在 Excel 或 WPS 中打开并另存后再读取", sheet
    )


def _put(rows: list[list[Cell]], r: int, c: int, value: str) -> None:
    if r >= 1_048_576 or c >= 16_384:
        return
    while len(rows) <= r:
        rows.append([])
    row = rows[r]
    row.extend([""] * (c + 1 - len(row)))
    row[c] = value


def _xml(archive: zipfile.ZipFile, part: str) -> ElementTree.Element | None:
    """A part of the workbook parsed, in the transitional namespaces; None when it is absent or no XML."""
    try:
        data = archive.read(part).replace(*_STRICT).replace(*_STRICT_RELATION)
        # UTF-16 would hide a document type from the search; no spreadsheet program writes it.
        hidden = b"<!DOCTYPE" in data or b"\0" in data
        return None if hidden else ElementTree.fromstring(data)
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError):
        return None


def _sheet_parts(archive: zipfile.ZipFile, file: str) -> dict[str, str]:
    """Sheet title -> path of its part in the zip. Raises FileError when the workbook's own list cannot be read."""
    book = _xml(archive, "xl/workbook.xml")
    links = _xml(archive, "xl/_rels/workbook.xml.rels")
    if book is None or links is None:
        raise file_error("file_damaged", "工作簿内容已损坏,无法读取", file, "请在 Excel 或 WPS 中打开并另存后再读取")
    targets = {link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target") or "")) for link in links}
    return {
        sheet.get("name") or "": targets[sheet.get(_RELATION)].lstrip("/")
        for sheet in book.iter(f"{_MAIN}sheet")
        if sheet.get(_RELATION) in targets
    }


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """Numbers of the cell formats that show a percentage."""
    styles = _xml(archive, "xl/styles.xml")
    if styles is None:
        return frozenset()
    own = {f.get("numFmtId"): "%" in _QUOTED.sub("", f.get("formatCode") or "") for f in styles.iter(f"{_MAIN}numFmt")}
    formats = styles.find(f"{_MAIN}cellXfs")
    if formats is None:
        return frozenset()
    builtin = {str(i): True for i in _PERCENT_BUILTIN}
    return frozenset(i for i, f in enumerate(formats) if (builtin | own).get(f.get("numFmtId"), False))
