"""From what a file holds to a :class:`Grid`: text as a person sees it, blank edges left out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from workbench.base.errors import FileError, Problem
from workbench.evidence.raw import MAX_CELL_CHARACTERS, letter_of
from workbench.recheck.files.grid import Grid, Merged
from workbench.recheck.files.refusing import ASK_AGAIN, notice, refused
from workbench.recheck.model import Spot, Written

MAX_AREA = 400_000
"""Rows × columns up to the last cell that holds anything, on one sheet. A form has a thousand."""
MAX_CELLS = 100_000
"""Cells that hold anything in one file."""
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_SPACES = re.compile("[\t\xa0\u2000-\u200a\u202f\u205f]")
_BREAKS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_ERROR = re.compile(
    r"#(N/A|DIV/0!|NUM!|VALUE!|REF!|NAME\?|NULL!|SPILL!|CALC!|GETTING_DATA|数字!|值!|名称\?|#{2,})", re.IGNORECASE
)


def clean(text: str) -> str:
    """Text without what nobody sees (zero width, control characters), odd spaces as plain ones, line breaks as ``\\n``."""
    if text.isalnum():
        return text
    text = _SPACES.sub(" ", _UNSEEN.sub("", _BREAKS.sub("\n", text)))
    if "\n" in text:
        text = "\n".join(line.strip() for line in text.split("\n"))
    return text.strip()


def written(
    text: str, spot: Spot, number: Decimal | None = None, percent: bool = False, error: bool = False
) -> Written:
    """A cell with its text cleaned; a text that is an error value counts as one."""
    seen = clean(text)
    return Written(seen, spot, number, percent, error or (seen.startswith("#") and _ERROR.fullmatch(seen) is not None))


def make_grid(
    file: str,
    title: str,
    cells: Mapping[tuple[int, int], Written],
    merged: Iterable[Merged] = (),
    lead: Sequence[Written] = (),
    tail: Sequence[Written] = (),
    name: Callable[[int, int], str] | None = None,
) -> Grid | None:
    """The grid of these cells; None where nothing is written. Raises FileError when they lie too far apart.

    ``name`` says how a spot is called, as in a workbook when absent.
    """
    called = name or cell_name
    filled = {spot: cell for spot, cell in cells.items() if cell.text or cell.number is not None}
    if not filled:
        return None
    _check_lengths(filled, file, title)
    height, width = 1 + max(r for r, _ in filled), 1 + max(c for _, c in filled)
    check_area(file, title, height, width)
    kept = [m for m in merged if m.top < height and m.left < width and (m.top, m.left) != (m.bottom, m.right)]
    _check_merged(kept, height, width, file, title)
    for area in kept:
        home = area.top, area.left
        if home not in filled:
            filled[home] = Written("", Spot(title, *home, called(*home)))
    return Grid(file, title, height, width, filled, called, kept, lead, tail)


def covered(cells: Mapping[tuple[int, int], Written], merged: Iterable[Merged]) -> list[Written]:
    """Cells with content below a merged range, where nobody sees it."""
    found = []
    for area in merged:
        if (area.bottom - area.top + 1) * (area.right - area.left + 1) > len(cells):
            spots = [s for s in cells if area.top <= s[0] <= area.bottom and area.left <= s[1] <= area.right]
        else:
            spots = [
                (r, c)
                for r in range(area.top, area.bottom + 1)
                for c in range(area.left, area.right + 1)
                if (r, c) in cells
            ]
        found += [cells[s] for s in spots if s != (area.top, area.left) and cells[s].text]
    return found


def hidden_notices(
    grid: Grid, cells: Mapping[tuple[int, int], Written], rows: Iterable[int], columns: Iterable[int]
) -> list[Problem]:
    """What a person does not see although it is in the sheet."""
    notices = []
    under = covered(cells, grid.merged)
    if under:
        names = "、".join(c.spot.cell for c in under[:5])
        text = f"{names}在合并单元格下面还有看不见的内容,没有读取"
        notices.append(notice("cell_covered", text, grid.file, "请取消合并后核对", grid.title))
    places = [f"第{r + 1}行" for r in sorted(set(rows) & {r for r, _ in cells})[:5]]
    places += [f"{cell_name(0, c)[:-1]}列" for c in sorted(set(columns) & {c for _, c in cells})[:5]]
    if places:
        text = f"{'、'.join(places)}是隐藏的,照样读取"
        notices.append(notice("cells_hidden", text, grid.file, "请取消隐藏后核对", grid.title))
    return notices


def hidden_sheet(file: str, title: str) -> Problem:
    """A hidden sheet is not part of what was handed in for reading: it is skipped, and that is told."""
    return notice("sheet_hidden", "工作表是隐藏的,没有读取", file, "要复核它,请先取消隐藏再保存", title)


def check_area(file: str, title: str, height: int, width: int) -> None:
    """Raises FileError when the rectangle up to the last cell is no form's."""
    if height * width > MAX_AREA:
        raise refused(
            "sheet_too_wide",
            "工作表范围太大",
            file,
            "请删除表外多余的内容后保存",
            sheet=title,
            found=f"用到第{height}行、第{width}列",
            expected="范围正常的自评表",
        )


def check_count(file: str, title: str, count: int) -> None:
    """Raises FileError when a file holds more cells than any collection of forms."""
    if count > MAX_CELLS:
        raise too_many_cells(file, title)


def too_many_cells(file: str, title: str) -> FileError:
    """The error for a file that holds more cells than any collection of forms."""
    return refused(
        "sheet_too_large", "单元格太多", file, "请把文件拆开,每个文件放几百张自评表以内", sheet=title,
        found=f"超过{MAX_CELLS}个有内容的单元格", expected="大小正常的自评表",
    )  # fmt: skip


def _check_lengths(cells: Mapping[tuple[int, int], Written], file: str, title: str) -> None:
    long = next((c for c in cells.values() if len(c.text) > MAX_CELL_CHARACTERS), None)
    if long is not None:
        found = f"{long.spot.cell}有{len(long.text)}个字"
        expected = f"每格{MAX_CELL_CHARACTERS}个字以内"
        raise refused("cell_too_long", "单元格的字太多", file, ASK_AGAIN, sheet=title, found=found, expected=expected)


def _check_merged(merged: Sequence[Merged], height: int, width: int, file: str, title: str) -> None:
    """Raises FileError for ranges that overlap so often that looking into each would take hours."""
    area = sum((min(m.bottom, height - 1) - m.top + 1) * (min(m.right, width - 1) - m.left + 1) for m in merged)
    if area > height * width * 4 + 1000:
        raise refused(
            "merged_overlap", "合并单元格互相重叠", file, ASK_AGAIN, sheet=title, expected="合并区域互不重叠的自评表"
        )


def cell_name(row: int, column: int) -> str:
    """``D7``: as a workbook names it."""
    return f"{letter_of(column)}{row + 1}"


def table_cell_name(row: int, number: int) -> str:
    """``第7行第4列``: as a person counts the cells of a row in a table of a document; ``row`` from 0, ``number`` from 1."""
    return f"第{row + 1}行第{number}列"


def counted(begun: Sequence[int], column: int) -> int:
    """The how-manieth cell of a row, from 1, a column of the grid belongs to; ``begun``: columns in which its cells begin.

    A table of a document has more columns than anybody sees, wherever rows are parted differently.
    """
    return bisect_right(begun, column) or 1
