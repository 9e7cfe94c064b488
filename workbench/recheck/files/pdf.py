"""PDF files with a text layer: tables by their ruled lines, or by the alignment of their text where there are none.

A table that goes on on the next page is joined when its columns agree. A scan has no text, and is refused.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from workbench.base.errors import FileError, Problem
from workbench.base.office.refusing import damaged, encrypted
from workbench.recheck.files.aligned import aligned_table
from workbench.recheck.files.apart import parsed_apart
from workbench.recheck.files.cells import counted, make_grid, written
from workbench.recheck.files.grid import Grid, Merged
from workbench.recheck.files.paged import NEAR, Part, join_parts
from workbench.recheck.files.refusing import ASK_AGAIN, notice, refused
from workbench.recheck.files.ruled import (
    Char,
    Table,
    cell_text,
    ends_full,
    line_text,
    lines_of,
    tables_of,
    widened,
)
from workbench.recheck.model import Spot

FEWEST = 20
"""Characters below which a file has no text layer: page numbers and stamps of a scanner."""
_COMPARE = "请对照原件核对,或索取 Word、Excel 版"
_ASK_TABLE = "请向填报单位索取 Word 或 Excel 版,或经文字识别(OCR)并核对后再复核"


def read_pdf(path: Path, file: str) -> tuple[list[Grid], list[Problem]]:
    """The tables that hold anything, and what a person should know. Raises FileError, OSError."""
    answer = _parsed(path, file)
    pages = [[Char(*c) for c in page["chars"]] for page in answer["pages"]]
    _check_text([c.text for page in pages for c in page], file)
    notices: list[Problem] = []
    parts: list[Part] = []
    for number, (chars, page) in enumerate(zip(pages, answer["pages"], strict=True), 1):
        tables = tables_of(page["lines"])
        if not tables and (table := aligned_table(chars)):
            tables = [table]
            text = f"第{number}页没有表格线,按文字位置分列"
            notices.append(notice("table_unruled", text, file, "请对照原件核对各列"))
        if parts and tables:
            tables[0] = widened(tables[0], parts[-1].xs, NEAR)
        parts += _parts(number, tables, chars)
        if any(table.overrun() for table in tables):
            text = f"第{number}页有文字互相重叠或越过表格线(单元格太矮),可能读错"
            notices.append(notice("text_crowded", text, file, _COMPARE))
        if page["cut"]:
            text = f"第{number}页有{page['cut']}个字超出单元格被遮住,没有读取,格里的字可能不全"
            notices.append(notice("text_cut", text, file, _COMPARE))
    if answer["fields"]:
        text = "PDF 里有可填写的域,域里填的内容可能没有读到"
        notices.append(notice("pdf_fields", text, file, "请打印为 PDF 或导出为 Word 后再复核"))
    joined = join_parts(parts)
    for page in (page for part in joined for page, _, split in part.starts if split):
        text = f"第{page}页第一行是上一页末行的续行,已接在一起"
        notices.append(notice("row_joined", text, file, "请对照原件核对"))
    grids = [_grid(file, part) for part in joined]
    return [g for g in grids if g is not None], notices


def _parsed(path: Path, file: str) -> dict[str, Any]:
    """What the process that parses gave. Raises FileError, OSError."""
    answer = parsed_apart("pdf_worker", path)
    if answer is None:
        found = "超过时间或内存上限,或内容损坏"
        raise refused("pdf_limits", "PDF 无法读取", file, ASK_AGAIN, found=found, expected="正常的 PDF")
    error = answer.get("error")
    if error == "password":
        raise encrypted(file)
    if error == "large":
        raise refused(
            "file_too_large", "PDF 太大", file, "请只保留自评表的页,或拆成几个文件", expected=answer["expected"]
        )
    if error:
        raise damaged(file)
    return answer


def _check_text(texts: list[str], file: str) -> None:
    seen = [t for t in texts if t.strip()]
    if len(seen) < FEWEST:
        raise _no_text("file_scanned", "PDF 是扫描件,没有文字", file, f"{len(seen)}个字")
    strange = sum(1 for t in seen if t == "\ufffd" or "\ue000" <= t <= "\uf8ff")
    if strange * 5 > len(seen):
        raise _no_text("pdf_unmapped", "PDF 的字体没有编码,文字读不出来", file, "乱码")


def _no_text(code: str, message: str, file: str, found: str) -> FileError:
    return refused(code, message, file, _ASK_TABLE, found=found, expected="有文字的 PDF")


def _parts(page: int, tables: list[Table], chars: list[Char]) -> list[Part]:
    """The tables of one page with the lines of text before, between and after them."""
    outside = [c for c in chars if not any(t.take(c) for t in tables)]
    parts = [_part(page, i, t) for i, t in enumerate(tables, 1)]
    lines = [line for line in lines_of(outside) if line_text(line)]
    for number, line in enumerate(lines, 1):
        cell = written(line_text(line), Spot(f"第{page}页", number - 1, 0, f"第{page}页第{number}行文字"))
        after = sum(1 for t in tables if t.ys[0] < line[0].top)
        if after < len(parts):
            parts[after].lead.append(cell)
        if after:
            parts[after - 1].tail.append(cell)
    if not parts:
        # A page of text only still parts the table before it from the one after it.
        return [Part(page, 0, {}, [], 0)] if lines else []
    return parts


def _part(page: int, number: int, table: Table) -> Part:
    cells, full = {}, set()
    for i, region in enumerate(table.regions):
        chars = table.chars.get(i, [])
        right = table.xs[region[3] + 1]
        cells[region] = cell_text(chars, right)
        full |= {region} if ends_full(chars, right) else set()
    return Part(page, number, cells, table.xs, len(table.ys) - 1, full=frozenset(full))


def _grid(file: str, part: Part) -> Grid | None:
    title = f"第{part.page}页表{part.number}"
    begun: dict[int, list[int]] = defaultdict(list)
    for top, left, bottom, _ in sorted(part.cells, key=lambda region: region[1]):
        for row in range(top, bottom + 1):
            begun[row].append(left)

    def name(row: int, column: int) -> str:
        return part.name(row, counted(begun[row], column))

    cells = {
        (top, left): written(text, Spot(title, top, left, name(top, left)))
        for (top, left, _, _), text in part.cells.items()
    }
    merged = [Merged(*region) for region in part.cells]
    return make_grid(file, title, cells, merged, part.lead, part.tail, name)
