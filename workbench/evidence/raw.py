"""What every kind of file is turned into before typing: sheets of untyped cells, with what only the file knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Protocol, TypeAlias

from workbench.base.canon import digest_file
from workbench.base.errors import FileError, Place, Problem
from workbench.evidence.tables import SourceFile

Cell: TypeAlias = str | float | int | bool | date | time | timedelta | Decimal | None
"""A datetime counts as a date. Blank is "" or None."""
Spot: TypeAlias = tuple[int, int]
"""Row and column, both from 0."""

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_CELL_CHARACTERS = 32_767
UNCALCULATED = "\ufffc公式没有计算结果"
"""Stands in for a formula the file has no result for. The object character keeps it from being anyone's text."""


@dataclass(frozen=True)
class RawSheet:
    """One sheet as found.

    Attributes:
        file: path of the file as given; title: the sheet's title.
        rows: cells row by row from the first row of the sheet; rows may differ in length.
        merged: merged ranges as (top left, bottom right).
        percent: cells whose number format shows a percentage, so that 0.93 in them means 93 %.
    """

    file: str
    title: str
    rows: list[list[Cell]]
    merged: Sequence[tuple[Spot, Spot]] = ()
    percent: frozenset[Spot] = field(default_factory=frozenset)


class RawBook(Protocol):
    """A workbook or a folder of table files. ``what`` is the Chinese word for its parts (工作表, 文件)."""

    what: str
    file: str

    def titles(self) -> list[str]:
        """Titles of all sheets, in order."""
        ...

    def load(self, title: str) -> RawSheet:
        """One sheet. Raises FileError."""
        ...

    def source(self, title: str) -> tuple[SourceFile, Path]:
        """The file a sheet stands in, and where it is now."""
        ...


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing but white space."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def letter_of(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def column_of(letters: str) -> int:
    """A → 0, AA → 26."""
    number = 0
    for character in letters.upper():
        number = number * 26 + ord(character) - ord("A") + 1
    return number - 1


def file_error(code: str, message: str, file: str, fix: str, sheet: str | None = None) -> FileError:
    """A FileError about one file, or one sheet in it."""
    return FileError(Problem(code, message, Place(file, sheet), fix=fix))


def describe(path: Path, name: str) -> SourceFile:
    """Digest and size of a file. Raises FileError when it is absent, unreadable or too large."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise file_error("not_a_file", "不是文件", name, "请给出一个 .xlsx 工作簿,或放 .csv、.parquet 的文件夹")
        if size > MAX_FILE_BYTES:
            raise file_error(
                "file_too_large",
                f"文件有{size / 1024 / 1024:.0f} MB,超过{MAX_FILE_BYTES // 1024 // 1024} MB",
                name,
                "请只保留要评价的数据,图片和原件放到附件文件夹",
            )
        return SourceFile(name, digest_file(path), size)
    except FileNotFoundError:
        raise file_error("file_missing", "文件不存在", name, "请检查路径和文件名") from None
    except OSError as error:
        raise file_error("file_unreadable", f"文件打不开({error.strerror})", name, "请检查权限或是否被占用") from None


def refuse_long_texts(sheet: RawSheet, column: int, first_row: int, cells: Sequence[Cell]) -> None:
    """Raises FileError naming the cells (at most 20) whose text is longer than a spreadsheet allows.

    ``cells`` are those of one column from the row with index ``first_row`` on.
    """
    texts = [c for c in cells if isinstance(c, str)] if set(map(type, cells)) != {str} else cells
    if max(map(len, texts), default=0) <= MAX_CELL_CHARACTERS:  # type: ignore[arg-type]  # all are str
        return
    long = [(i, len(c)) for i, c in enumerate(cells) if isinstance(c, str) and len(c) > MAX_CELL_CHARACTERS]
    raise FileError(_too_long(sheet, first_row + i, column, length) for i, length in long[:20])


def _too_long(sheet: RawSheet, r: int, c: int, length: int) -> Problem:
    return Problem(
        "cell_too_long",
        f"{letter_of(c)}{r + 1} 单元格有{length}个字,超过{MAX_CELL_CHARACTERS}个字的上限",
        Place(sheet.file, sheet.title, r + 1),
        fix="请把长文放到附件,单元格里只写资料名称",
    )
