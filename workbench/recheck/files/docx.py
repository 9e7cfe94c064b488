"""Word documents (.docx): tables as grids, with the paragraphs around them; automatic numbers are text."""

from __future__ import annotations

from itertools import pairwise

from workbench.base.errors import Problem
from workbench.base.office.package import Package
from workbench.base.office.word import WordBody, WordRow, WordTable, read_word_body
from workbench.recheck.files.cells import check_area, counted, make_grid, table_cell_name, written
from workbench.recheck.files.fields import check_code
from workbench.recheck.files.grid import Grid, Merged
from workbench.recheck.files.numbering import read_numbering
from workbench.recheck.files.refusing import notice
from workbench.recheck.model import Spot, Written

MAX_AROUND = 40
"""Paragraphs kept before and after a table."""


def read_docx(package: Package) -> tuple[list[Grid], list[Problem]]:
    """The tables that hold anything, and what a person should know. Raises FileError."""
    file = package.file
    links = package.targets(package.main).values()
    numbered = next((k.target for k in links if k.kind == "numbering" and not k.external), None)
    numbering = read_numbering(package.part(numbered) if numbered else b"", file)
    body = read_word_body(
        package.part(package.main), file, label=numbering.label, coded=lambda code: check_code(code, file)
    )
    notices = []
    if body.changed:
        text = "文档里有没接受的修订,按接受后的内容读取"
        notices.append(notice("changes_tracked", text, file, "请填报单位接受或拒绝全部修订后再报送"))
    return _grids(body, file), notices


def _grids(body: WordBody, file: str) -> list[Grid]:
    tables: list[list[WordRow]] = []
    around: list[list[tuple[int, str]]] = [[]]
    paragraphs = 0
    for block in body.blocks:
        if isinstance(block, WordTable):
            tables.append(block.kept())
            around.append([])
            continue
        paragraphs += 1
        if block.text.strip():
            around[-1].append((paragraphs, block.text))
    grids = (
        _grid(file, f"表{i}", rows, _paragraphs(before[-MAX_AROUND:]), _paragraphs(after[:MAX_AROUND]))
        for i, (rows, (before, after)) in enumerate(zip(tables, pairwise(around), strict=True), 1)
    )
    return [grid for grid in grids if grid is not None]


def _paragraphs(found: list[tuple[int, str]]) -> list[Written]:
    cells = [written(text, Spot("正文", number - 1, 0, f"第{number}段")) for number, text in found]
    return [cell for cell in cells if cell.text]


def _grid(file: str, title: str, rows: list[WordRow], lead: list[Written], tail: list[Written]) -> Grid | None:
    cells: dict[tuple[int, int], Written] = {}
    areas: dict[tuple[int, int], Merged] = {}
    above: dict[int, tuple[int, int]] = {}
    begun: list[list[int]] = []

    def name(y: int, x: int) -> str:
        return table_cell_name(y, counted(begun[y], x))

    check_area(file, title, len(rows), 1)
    for y, row in enumerate(rows):
        x, line = row.before, dict[int, tuple[int, int]]()
        home = y, x
        begun.append([])
        for part in row.cells:
            if part.joined != "hc" or x == row.before:
                home = above[x] if part.joined == "vc" and x in above else (y, x)
                begun[y].append(x)
            _widen(areas, home, y, x + part.span - 1)
            if text := "\n".join(part.lines).strip():
                # A cell merged away may still hold text of its own; Word shows none of it.
                cells.setdefault(home, written(text, Spot(title, *home, name(*home))))
            line.update(dict.fromkeys(range(x, x + part.span), home))
            x += part.span
        above = line
        check_area(file, title, y + 1, x)
    return make_grid(file, title, cells, areas.values(), lead, tail, name)


def _widen(areas: dict[tuple[int, int], Merged], home: tuple[int, int], bottom: int, right: int) -> None:
    old = areas.get(home)
    areas[home] = Merged(*home, max(bottom, old.bottom if old else 0), max(right, old.right if old else 0))
