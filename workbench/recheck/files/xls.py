"""Old workbooks (.xls), and what other compound files are told to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.base.errors import FileError, Problem
from workbench.base.office.refusing import damaged, encrypted
from workbench.recheck.files.apart import parsed_apart
from workbench.recheck.files.cells import (
    cell_name,
    check_area,
    hidden_notices,
    hidden_sheet,
    make_grid,
    too_many_cells,
    written,
)
from workbench.recheck.files.grid import Grid, Merged
from workbench.recheck.files.numberformat import BUILTIN, exact, shown
from workbench.recheck.files.refusing import ASK_AGAIN, SAVE_AS_DOCX, SAVE_AS_XLSX, refused
from workbench.recheck.model import Spot, Written

MAX_SIZE = 48 * 1024**2
_OLD = {
    "excel95": ("Excel 97 以前的工作簿", SAVE_AS_XLSX, "Excel 5.0/95"),
    "word": ("旧版 Word 文档(.doc 或 .wps)", SAVE_AS_DOCX, ".doc"),
    "slides": ("演示文稿", SAVE_AS_XLSX, "演示文稿"),
    "other": ("不是工作簿的旧格式文件(如 .et)", SAVE_AS_XLSX, "不是工作簿的旧格式文件(如 .et)"),
}
"""What a file is, what to do with it, and how that is found."""


def read_xls(path: Path, file: str) -> tuple[list[Grid], list[Problem]]:
    """The visible sheets that hold anything, and what a person should know. Raises FileError, OSError."""
    size = path.stat().st_size
    if size > MAX_SIZE:
        found = f"{size / 1024**2:.0f} MB"
        raise refused("file_too_large", "旧格式的文件太大", file, ASK_AGAIN, found=found, expected="48 MB 以内")
    answer = parsed_apart("xls_worker", path)
    if answer is None:
        found = "超过时间或内存上限"
        raise refused("xls_limits", "旧格式的文件无法读取", file, ASK_AGAIN, found=found, expected="正常的工作簿")
    if "error" in answer:
        raise _refused(answer["error"], answer.get("found"), file)
    return _grids(answer, file)


def _refused(error: str, found: str | None, file: str) -> FileError:
    """The error for what the process that reads has refused."""
    if error == "encrypted":
        return encrypted(file)
    if error in ("macros", "word_macros"):
        fix = SAVE_AS_XLSX if error == "macros" else SAVE_AS_DOCX
        return refused("file_macros", "文件带有宏", file, fix, found=found or "宏", expected="不带宏的文件")
    if error == "embedded":
        fix = "请删去嵌入的对象(佐证资料另附文件),保存后再复核"
        return refused("file_embedded", "文件嵌入了对象", file, fix, found=found, expected="没有嵌入对象的文件")
    if error == "external":
        fix = "请在“数据”→“编辑链接”中断开链接(公式变成数值),保存后再复核"
        message, expected = (
            "文件引用了别的工作簿或外部数据,看到的内容可能不在文件里",
            "内容都在文件里、没有外部链接的文件",
        )
        return refused("file_external", message, file, fix, found=found, expected=expected)
    if error == "sheets":
        return refused("sheet_too_many", "工作表太多", file, ASK_AGAIN, found=found)
    if error == "cells":
        return too_many_cells(file, "全部工作表")
    if error in _OLD:
        what, fix, found = _OLD[error]
        return refused("file_old_format", f"这是{what}", file, fix, found=found)
    return damaged(file)


def _grids(answer: dict[str, Any], file: str) -> tuple[list[Grid], list[Problem]]:
    codes = BUILTIN | {int(key): code for key, code in answer["codes"].items()}
    grids, notices = [], list[Problem]()
    for sheet in answer["sheets"]:
        title, merged = sheet["title"], [Merged(*area) for area in sheet["merged"]]
        cells = _cells(sheet, codes, answer["date1904"])
        grid = make_grid(file, title, cells, merged)
        if grid is None:
            continue
        if sheet["hidden"]:
            notices.append(hidden_sheet(file, title))
            continue
        grids.append(grid)
        notices += hidden_notices(grid, cells, sheet["hidden_rows"], sheet["hidden_columns"])
    check_area(file, "全部工作表", sum(grid.height * grid.width for grid in grids) // 4, 1)
    return grids, notices


def _cells(sheet: dict[str, Any], codes: dict[int, str], date1904: bool) -> dict[tuple[int, int], Written]:
    cells: dict[tuple[int, int], Written] = {}
    for row, column, kind, value, key in sheet["cells"]:
        spot = Spot(sheet["title"], row, column, cell_name(row, column))
        number = exact(repr(value)) if kind == "number" else None
        if number is None:
            cells[row, column] = written(str(value), spot, error=kind != "text")
            continue
        text, seen, percent = shown(number, codes.get(key, ""), date1904)
        cells[row, column] = Written(text, spot, seen, percent)
    return cells
