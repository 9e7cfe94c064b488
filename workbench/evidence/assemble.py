"""One raw sheet into one typed table: header, records, merged cells, columns, required cells, keys, subjects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.base.errors import Place, Problem
from workbench.base.exact import BoolArray, Exact
from workbench.base.filenames import folded
from workbench.base.text import suggest
from workbench.evidence.cells import parse_column
from workbench.evidence.headers import Header, find_header
from workbench.evidence.log import ReadingLog
from workbench.evidence.raw import Cell, RawSheet, is_blank, letter_of, refuse_long_texts
from workbench.evidence.source import ColumnSource
from workbench.evidence.tables import SUBJECT, Column, Table, TextArray, empty_column, empty_table, own_fields
from workbench.scheme.pack import FieldSpec, TableSpec

_NOTE = re.compile(r"\s*(注|说明|备注)")
LONGEST_ID = 60
_ID = re.compile(rf'(?!\.)[^\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?"<>|]{{1,{LONGEST_ID}}}')
_TOTAL = re.compile(r"\s*(合\s*计|总\s*计|小\s*计|总\s*和)\s*[::]?\s*")


@dataclass
class _Records:
    """The rows of a sheet that hold records: index in the sheet, and the cells of the columns wanted."""

    index: list[int]
    cells: dict[int, list[Cell]]


def build_table(spec: TableSpec, sheet: RawSheet, log: ReadingLog) -> Table:
    """The typed table of one sheet, its subjects not yet checked. Problems go to the log."""
    specs = own_fields(spec)
    header = find_header(sheet, specs, log)
    if header is None:
        return empty_table(spec, sheet.file, sheet.title)
    records = _records(sheet, header)
    _fill_merged(sheet, header, records, specs, log)
    rows = np.array(records.index, dtype=np.int64) + 1
    columns: dict[str, Column] = {}
    for field in specs:
        columns[field.name] = _column(field, sheet, header, records, rows.tolist(), log)
    letters = {name: letter_of(at.column) for name, at in header.fields.items()}
    table = Table(spec, sheet.file, sheet.title, rows, letters, columns)
    _refuse_totals(table, records, header, log)
    _refuse_blanks(table, records, header, log)
    return table


def _records(sheet: RawSheet, header: Header) -> _Records:
    wanted = sorted(at.column for at in header.fields.values())
    width = max(wanted) + 1
    body = sheet.rows[header.body :]
    last = len(body)
    while last and _is_remark(body[last - 1]):
        last -= 1
    body = body[:last]
    if min(map(len, body), default=width) < width:
        body = [[*row, *[None] * (width - len(row))] for row in body]
    # Column by column in C: these are the only passes over all cells of a large sheet.
    columns = {c: [row[c] for row in body] for c in wanted}
    for column, cells in columns.items():
        if str in set(map(type, cells)):
            refuse_long_texts(sheet, column, header.body, cells)
    blank = _blank_rows(list(columns.values()), len(body))
    index = [header.body + i for i in range(len(body)) if i not in blank]
    if blank:
        columns = {c: [cell for i, cell in enumerate(cells) if i not in blank] for c, cells in columns.items()}
    return _Records(index, columns)


def _blank_rows(columns: Sequence[Sequence[Cell]], n: int) -> set[int]:
    """Rows in which every wanted cell is blank. Column after column, looking only at rows still in question."""
    rows = set(range(n))
    for cells in columns:
        if not set(map(type, cells)) & {str, type(None)}:
            return set()
        rows = {i for i in rows if is_blank(cells[i])}
        if not rows:
            return rows
    return rows


def _is_remark(row: Sequence[Cell]) -> bool:
    """A blank row, or one whose only filled cell begins with 注, 说明 or 备注."""
    if row and row[0] and not isinstance(row[0], str):
        return False
    filled = [c for c in row if not is_blank(c)]
    return not filled or (len(filled) == 1 and isinstance(filled[0], str) and bool(_NOTE.match(filled[0])))


def _fill_merged(
    sheet: RawSheet, header: Header, records: _Records, specs: Sequence[FieldSpec], log: ReadingLog
) -> None:
    """A text merged over several rows holds for each of them; a number merged over several rows is nobody's."""
    if not sheet.merged or not records.index:
        return
    fields = {at.column: next(s for s in specs if s.name == name) for name, at in header.fields.items()}
    where = {row: i for i, row in enumerate(records.index)}
    end = records.index[-1]
    for (top, left), (bottom, right) in sheet.merged:
        if top == bottom or bottom < header.body:
            continue
        for column, field in fields.items():
            if not left <= column <= right or column != left:
                continue
            spots = [where[r] for r in range(max(top, header.body), min(bottom, end) + 1) if r in where]
            _spread(sheet, field, records.cells[column], spots, records, log)


def _spread(
    sheet: RawSheet, field: FieldSpec, cells: list[Cell], spots: list[int], records: _Records, log: ReadingLog
) -> None:
    if len(spots) < 2 or is_blank(cells[spots[0]]):
        return
    if field.numeric:
        row = records.index[spots[0]] + 1
        text = f"一个数合并占了{len(spots)}行,不知道属于哪一行"
        place = Place(sheet.file, sheet.title, row, field.title)
        log.add(Problem("merged_number", text, place, found=str(cells[spots[0]]), fix="请取消合并,逐行填写"))
        return
    for i in spots[1:]:
        if is_blank(cells[i]):
            cells[i] = cells[spots[0]]


def _column(
    field: FieldSpec, sheet: RawSheet, header: Header, records: _Records, rows: list[int], log: ReadingLog
) -> Column:
    at = header.fields.get(field.name)
    if at is None:
        return empty_column(field, len(rows))
    percent = None
    if sheet.percent:
        percent = [(row - 1, at.column) in sheet.percent for row in rows]
    cells = records.cells[at.column]
    return parse_column(ColumnSource(field, sheet.file, sheet.title, cells, rows, log, at.factor, percent, at.unit))


def present(column: Column) -> BoolArray:
    """Where a column holds a value. Shape (n,)."""
    return column.valid if isinstance(column, Exact) else np.array([t is not None for t in column], dtype=bool)


def _refuse_blanks(table: Table, records: _Records, header: Header, log: ReadingLog) -> None:
    for field in own_fields(table.spec):
        at = header.fields.get(field.name)
        if not field.required or at is None:
            continue
        for i in np.flatnonzero(~present(table.columns[field.name])):
            # A cell that could not be read was told already.
            if is_blank(records.cells[at.column][i]):
                place = Place(table.file, table.sheet, int(table.rows[i]), field.title)
                log.add(Problem("required_blank", "必填项为空", place, fix="请补填;确无数据的整行请删除"))


def _refuse_totals(table: Table, records: _Records, header: Header, log: ReadingLog) -> None:
    """A 合计 row would be counted as one more record."""
    for field in own_fields(table.spec)[:3]:
        at = header.fields.get(field.name)
        if at is None or field.type not in ("text", "code") or any(_TOTAL.fullmatch(c) for c in field.codes or []):
            continue
        for i, cell in enumerate(records.cells[at.column]):
            if type(cell) is str and "计" in cell and _TOTAL.fullmatch(cell):
                place = Place(table.file, table.sheet, int(table.rows[i]), field.title)
                text = "合计行会被当作一条记录重复计算"
                log.add(Problem("total_row", text, place, found=cell.strip(), fix="请删除合计、小计行"))


def link_subjects(table: Table, subjects: Table, log: ReadingLog) -> Table:
    """The table with every record's subject filled in and checked against the 评价对象 sheet; a shared one as it is."""
    if table.spec.per == "shared":
        refuse_duplicates(table, log)
        return table
    known = [s for s in subjects.texts(SUBJECT.name) if s is not None]
    column: TextArray = np.array(table.columns[SUBJECT.name], dtype=object)
    blank = np.array([s is None for s in column], dtype=bool)
    if blank.any() and len(set(known)) == 1:
        column[blank] = known[0]
    elif blank.any() and known:  # a sheet without subjects was told already
        _refuse_no_subject(table, blank, log)
    if known:
        _refuse_unknown(table, column, subjects, log)
    linked = Table(
        table.spec, table.file, table.sheet, table.rows, table.letters, {**table.columns, SUBJECT.name: column}
    )
    refuse_duplicates(linked, log)
    return linked


def _refuse_no_subject(table: Table, blank: BoolArray, log: ReadingLog) -> None:
    fix = "评价对象不止一个,每行都要填写对象编号"
    if SUBJECT.name not in table.letters:
        place = Place(table.file, table.sheet, field=SUBJECT.title)
        log.add(Problem("missing_header", "缺少对象编号列", place, expected=f"“{SUBJECT.title}”", fix=fix))
        return
    for i in np.flatnonzero(blank):
        place = Place(table.file, table.sheet, int(table.rows[i]), SUBJECT.title)
        log.add(Problem("subject_blank", "没有填写对象编号", place, fix=fix))


def _refuse_unknown(table: Table, column: TextArray, subjects: Table, log: ReadingLog) -> None:
    known = set(subjects.texts(SUBJECT.name))
    if set(column) <= known | {None}:
        return
    names = {n: s for n, s in zip(subjects.texts("name"), subjects.texts(SUBJECT.name), strict=True) if n and s}
    codes = sorted(k for k in known if k)
    for i, subject in enumerate(column):
        if subject is None or subject in known or _TOTAL.fullmatch(subject):
            continue
        fix = f"这是对象名称,请改填编号“{names[subject]}”" if subject in names else suggest(subject, codes)
        place = Place(table.file, table.sheet, int(table.rows[i]), SUBJECT.title)
        log.add(
            Problem("unknown_subject", "“评价对象”表里没有这个对象", place, subject, "“评价对象”表中的编号", fix=fix)
        )


def refuse_duplicate_subjects(subjects: Table, log: ReadingLog) -> None:
    """Every subject stands once in the 评价对象 sheet, and the figures of two are two files on every system."""
    _refuse_repeats(subjects, [SUBJECT.name], "duplicate_subject", "对象编号重复", log)
    seen: dict[str, tuple[str, int]] = {}
    for subject, row in zip(subjects.texts(SUBJECT.name), subjects.rows, strict=True):
        if subject is None:
            continue
        first, at = seen.setdefault(folded(subject), (subject, int(row)))
        if first != subject:
            place = Place(subjects.file, subjects.sheet, int(row), SUBJECT.title)
            fix = f"与第{at}行的“{first}”会成为同名的图,请改写其中一个编号"
            log.add(Problem("subject_twin", "两个对象编号只有大小写(或字符编码)不同", place, subject, fix=fix))


def refuse_odd_subjects(subjects: Table, log: ReadingLog) -> None:
    """An id becomes part of file names: it must not lead to another folder, and every file system must take it."""
    for i, subject in enumerate(subjects.texts(SUBJECT.name)):
        if subject is None or _ID.fullmatch(subject):
            continue
        place = Place(subjects.file, subjects.sheet, int(subjects.rows[i]), SUBJECT.title)
        fix = "请用字母、数字、汉字或连字符,如 P01;全称写到对象名称"
        expected = f'不超过{LONGEST_ID}个字,不含 / \\ : * ? " < > | 和换行,不以点开头'
        log.add(Problem("subject_id", "对象编号不能用作文件名", place, subject, expected, fix))


def refuse_duplicates(table: Table, log: ReadingLog) -> None:
    """No subject has several rows where one is meant, and no record stands twice under the table's key."""
    own = [] if table.spec.per == "shared" else [SUBJECT.name]
    names = own + [k for k in table.spec.key if k != SUBJECT.name]
    if table.spec.per == "subject":
        _refuse_repeats(table, [SUBJECT.name], "duplicate_subject", "同一对象有多行", log)
    elif table.spec.key:
        _refuse_repeats(table, names, "duplicate_key", "同一记录出现多次", log)


def _refuse_repeats(table: Table, names: list[str], code: str, message: str, log: ReadingLog) -> None:
    values = [_plain(table.columns[n]) for n in names]
    keys = list(zip(*values, strict=True))
    if len(set(keys)) == len(keys):
        return
    first: dict[tuple[object, ...], int] = {}
    titles = "+".join(table.field_spec(n).title for n in names)
    for i, key in enumerate(keys):
        if None in key:
            continue
        if key in first:
            shown = "、".join(str(table.value(i, n)) for n in names)
            place = Place(table.file, table.sheet, int(table.rows[i]), table.field_spec(names[-1]).title)
            fix = f"与第{table.rows[first[key]]}行相同({titles}),请删除或改正其中一行"
            log.add(Problem(code, message, place, found=shown, fix=fix))
        first.setdefault(key, i)


def _plain(column: Column) -> list[object]:
    if not isinstance(column, Exact):
        return list(column)
    return [int(u) if v else None for u, v in zip(column.units, column.valid, strict=True)]
