"""The sheets of an .xls workbook as JSON, read by olefile and xlrd in a process of its own (see ``apart``).

What is refused is looked for before anything is parsed: names of streams, and records that say password, macro or link.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import olefile
import xlrd
from xlrd import biffh

MAX_SHEETS = 1_000
MAX_CELLS = 100_000
MAX_TEXT = 4_000_000
"""Characters of all cells together."""
_VBA = ("_VBA_PROJECT_CUR", "_VBA_PROJECT", "Macros", "VBA")
_EMBEDDED = "MBD"
_PASSWORD_BIT = 0x100
_CONNECTION, _QUERY = 0x876, 0x1AD
_MACRO_SHEET, _MODULE = 1, 6
_OWN, _ADD_IN = b"\x01\x04", b"\x01\x3a"
_VERSION_8 = 0x600
_PLAIN = (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE)


def read(path: str) -> dict[str, Any]:
    """``sheets``, ``codes`` (number formats) and ``date1904``; or ``error``, with what was ``found``."""
    with olefile.OleFileIO(path) as container:
        names = {name for place in container.listdir(storages=True) for name in place}
        macros = next((name for name in _VBA if name in names), None)
        if "EncryptedPackage" in names:
            return {"error": "encrypted"}
        workbook = next((name for name in ("Workbook", "Book") if container.exists(name)), None)
        if workbook is None:
            return _other(container, names, macros)
        embedded = next((name for name in names if name.startswith(_EMBEDDED)), None)
        if macros or embedded:
            return {"error": "macros" if macros else "embedded", "found": macros or embedded}
        stream = container.openstream(workbook).read()
    return _refused(stream) or _read(stream)


def _other(container: olefile.OleFileIO, names: set[str], macros: str | None) -> dict[str, Any]:
    """What a compound file without a workbook is."""
    if container.exists("WordDocument"):
        flags = struct.unpack("<10xH", container.openstream("WordDocument").read(12))[0]
        return {"error": "encrypted" if flags & _PASSWORD_BIT else "word_macros" if macros else "word"}
    return {"error": "slides" if "PowerPoint Document" in names else "other"}


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _refused(stream: bytes) -> dict[str, Any] | None:
    """Why a workbook is not read; None when it is."""
    kind, version = struct.unpack_from("<H2xH", stream)
    if kind not in biffh.bofcodes or version != _VERSION_8:
        return {"error": "excel95" if kind in biffh.bofcodes else "damaged"}
    for kind, body in _records(stream):
        if kind == biffh.XL_FILEPASS:
            return {"error": "encrypted"}
        if kind == biffh.XL_BOUNDSHEET and body[5] in (_MACRO_SHEET, _MODULE):
            return {"error": "macros", "found": "宏工作表"}
        if kind in (_CONNECTION, _QUERY):
            return {"error": "external", "found": "数据连接"}
        if kind == biffh.XL_SUPBOOK and body[2:4] not in (_OWN, _ADD_IN):
            target = "".join(c for c in biffh.unpack_unicode(body, 2, lenlen=2) if c.isprintable()).strip()
            if target:
                return {"error": "external", "found": target}
    return None


def _read(stream: bytes) -> dict[str, Any]:
    with Path(os.devnull).open("w") as nowhere:
        # Sheet by sheet, and rows without their blank ends: a cell in the last corner costs nothing.
        book = xlrd.open_workbook(
            file_contents=stream, formatting_info=True, on_demand=True, ragged_rows=True, logfile=nowhere
        )
        if book.nsheets > MAX_SHEETS:
            return {"error": "sheets", "found": f"{book.nsheets}个"}
        sheets, cells, text = [], 0, 0
        for number in range(book.nsheets):
            sheet = _sheet(book, book.sheet_by_index(number))
            book.unload_sheet(number)
            cells += len(sheet["cells"])
            text += sum(len(value) for _, _, _, value, _ in sheet["cells"] if isinstance(value, str))
            if cells > MAX_CELLS or text > MAX_TEXT:
                return {"error": "cells"}
            sheets.append(sheet)
    # Only what the file itself defines: xlrd's own list of the others is American.
    codes = {str(f.format_key): f.format_str for f in book.format_list}
    return {"sheets": sheets, "codes": codes, "date1904": bool(book.datemode)}


def _sheet(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> dict[str, Any]:
    """One sheet. A cell is row, column, what it is (number, text, error), value, key of its number format."""
    cells = [
        (row, column, *_value(cell), book.xf_list[cell.xf_index].format_key)
        for row in range(sheet.nrows)
        for column, cell in enumerate(sheet.row(row))
        if cell.ctype not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
    ]
    return {
        "title": sheet.name,
        "hidden": bool(sheet.visibility),
        "cells": cells,
        "merged": [(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells],
        "hidden_rows": [row for row, info in sheet.rowinfo_map.items() if info.hidden],
        "hidden_columns": [column for column, info in sheet.colinfo_map.items() if info.hidden],
    }


def _value(cell: xlrd.sheet.Cell) -> tuple[str, Any]:
    if cell.ctype in _PLAIN:
        return "number", cell.value
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return "error", xlrd.error_text_from_code.get(cell.value, "#N/A")
    return "text", ("TRUE" if cell.value else "FALSE") if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value
