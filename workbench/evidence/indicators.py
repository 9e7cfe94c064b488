"""The 绩效指标 sheet into indicators and one wide table with a row per subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from workbench.base.errors import Place, Problem
from workbench.base.exact import Exact, IntArray
from workbench.base.text import suggest
from workbench.evidence.log import ReadingLog
from workbench.evidence.sheetrows import MOST_DECIMALS, RowReader, SheetRow
from workbench.evidence.tables import SUBJECT, Column, Table
from workbench.scheme.pack import FieldSpec, FieldType, Indicator, IndicatorSheet, InputSpec, TableSpec

WIDE_NAME = "sheet"
"""The per-subject table made from the 绩效指标 sheet, as expressions name it; its columns are known only once it is read."""
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_LEAST_DECIMALS = 2
_JUDGED = {
    "gte": "quantitative",
    "lte": "quantitative",
    "eq": "quantitative",
    "qualitative": "qualitative",
    "yes_no": "yes_no",
    "deadline": "deadline",
}
Part = Literal["actual", "target", "start", "claimed"]
_SOURCE: dict[Part, str] = {"actual": "actual", "target": "target", "start": "start", "claimed": "claimed"}


def indicators_from_sheet(
    table: Table, sheet: IndicatorSheet, subjects: Table, *, notes: list[Problem] | None = None
) -> tuple[list[Indicator], Table]:
    """Indicators of the 绩效指标 sheet, and their values as a table named ``sheet`` with one row per subject.

    Args:
        table: the sheet as read (:data:`workbench.evidence.standard.INDICATOR_SHEET`).
        sheet: the pack's declaration: allowed level-2 names by level 1, and level names judged as satisfaction.
        subjects: the 评价对象 table; its order is the order of the wide table's rows.
        notes: where conversions made are appended, as those of ``Evidence.notes``.

    Returns:
        Indicators in the order of the first subject's lines. The n-th has the expressions ``sheet.i0n_actual``,
        ``sheet.i0n_target`` and ``sheet.i0n_claimed`` (where anyone filled them); a blank actual is missing. Every value
        of the wide table keeps the place of the cell it came from.

    Raises:
        EvidenceError: every cell that cannot be read, duplicated codes, and subjects whose sets of (code, weight,
            direction) differ.
    """
    log = ReadingLog()
    order = [s for s in subjects.texts(SUBJECT.name) if s is not None]
    grouped = _rows_by_subject(table, order, log)
    _check_levels(table, sheet, (r for rows in grouped.values() for r in rows.values()), log)
    _check_same(table, grouped, order, log)
    log.raise_errors()
    if notes is not None:
        notes.extend(log.notes)
    if not order or not grouped[order[0]]:
        return [], _wide(table, [], order)
    lines = [_Line(n, code, [grouped[s][code] for s in order]) for n, code in enumerate(grouped[order[0]], 1)]
    return [_indicator(line, sheet) for line in lines], _wide(table, lines, order)


@dataclass(frozen=True)
class _Line:
    """One indicator: its number in the sheet and its line for every subject, in the order of subjects."""

    number: int
    code: str
    rows: list[SheetRow]

    @property
    def first(self) -> SheetRow:
        return self.rows[0]

    @property
    def decimals(self) -> int:
        """Decimals of value and target: as many as were written, at least 2; 0 for dates and yes/no."""
        if self.first.direction in ("deadline", "yes_no"):
            return 0
        numbers = [x for r in self.rows for x in (r.target, r.actual) if x is not None]
        written = [max(0, -int(x.normalize().as_tuple().exponent)) for x in numbers]
        return min(MOST_DECIMALS, max([_LEAST_DECIMALS, *written]))

    def has(self, part: Part) -> bool:
        return part == "actual" or any(getattr(r, part) is not None for r in self.rows)

    def column(self, part: Part) -> str:
        return f"i{self.number:02d}_{part}"

    def expression(self, part: Part) -> str | None:
        return f"{WIDE_NAME}.{self.column(part)}" if self.has(part) else None


def _rows_by_subject(table: Table, order: Sequence[str], log: ReadingLog) -> dict[str, dict[str, SheetRow]]:
    reader = RowReader(table, log)
    grouped: dict[str, dict[str, SheetRow]] = {s: {} for s in order}
    counts: dict[str, int] = dict.fromkeys(order, 0)
    for i in range(len(table)):
        subject = table.value(i, SUBJECT.name)
        if not isinstance(subject, str) or subject not in grouped:
            continue
        counts[subject] += 1
        code = _code(reader, i, counts[subject])
        row = reader.read(i, code)
        if code in grouped[subject]:
            first = table.row_of(grouped[subject][code].index, "code")
            fix = f"与第{first}行的编码相同,请改编码,或把编码列全部留空"
            reader.refuse(i, "code", "duplicate_code", "指标编码重复", fix, code)
        grouped[subject].setdefault(code, row)
    return grouped


def line_code(table: Table, i: int, position: int) -> str:
    """The code of line ``i``, a subject's ``position``-th (from 1): as written, else I01, I02, …"""
    written = table.value(i, "code")
    return f"I{position:02d}" if written is None else str(written)


def _code(reader: RowReader, i: int, position: int) -> str:
    code = line_code(reader.table, i, position)
    if not _CODE.fullmatch(code):
        fix = "编码以字母开头,只用字母、数字和下划线;也可留空自动编号"
        reader.refuse(i, "code", "indicator_code", "指标编码格式不对", fix, code, "如 I01")
    return code


def _check_levels(table: Table, sheet: IndicatorSheet, rows: Iterable[SheetRow], log: ReadingLog) -> None:
    """Level names other than the pack's are said, not refused: local forms name levels differently."""
    if not sheet.level2:
        return
    reader = RowReader(table, log)
    for row in rows:
        allowed = sheet.level2.get(row.level1)
        if allowed is None:
            if row.level1:
                fix = suggest(row.level1, sheet.level2)
                reader.warn(row.index, "level1", "unknown_level1", "一级指标名称不在规定之列", fix, row.level1)
        elif allowed and row.level2 is not None and row.level2 not in allowed:
            fix = suggest(row.level2, allowed)
            reader.warn(row.index, "level2", "unknown_level2", "二级指标名称不在规定之列", fix, row.level2)


def _check_same(table: Table, grouped: dict[str, dict[str, SheetRow]], order: Sequence[str], log: ReadingLog) -> None:
    """Subjects evaluated together share one tree: same codes, weights, directions and units."""
    if not order:
        return
    model = {c: _shape(r) for c, r in grouped[order[0]].items()}
    for subject in order:
        rows = grouped[subject]
        mine = {c: _shape(r) for c, r in rows.items()}
        if mine == model:
            continue
        codes = sorted(c for c in mine.keys() | model.keys() if mine.get(c) != model.get(c))
        row = next((table.row_of(rows[c].index, "code") for c in codes if c in rows), None)
        place = Place(table.file, table.sheet, row, SUBJECT.title)
        text = f"“{subject}”与“{order[0]}”的指标、分值、性质或单位不同({'、'.join(codes[:8])})"
        fix = "一份计划只能有一套指标:请为指标不同的项目各建一份计划和工作簿,或改成一致"
        log.add(Problem("indicator_sets_differ", text, place, found=subject, fix=fix))


def _shape(row: SheetRow) -> tuple[Decimal, str, str | None]:
    return row.weight, row.direction, row.unit


def _indicator(line: _Line, sheet: IndicatorSheet) -> Indicator:
    row = line.first
    targets = {r.target_text for r in line.rows}
    inputs = {}
    start = line.expression("start") if row.direction == "deadline" else None
    if start is not None:
        inputs["start"] = InputSpec(expr=start, title="开始日期", decimals=0)
    return Indicator(
        code=line.code,
        name=row.name,
        level1=row.level1,
        level2=row.level2,
        weight=row.weight,
        direction=row.direction,
        unit="%" if row.direction == "qualitative" else row.unit,
        decimals=line.decimals,
        judged=_judged(row, sheet),
        value=line.expression("actual"),
        target=line.expression("target"),
        target_text=row.target_text if len(targets) == 1 else None,
        inputs=inputs,
        claimed=line.expression("claimed"),
        approved=True,
        proof=[p for p in re.split(r"[、;;\n]+", row.proof or "") if p.strip()],
    )


def _judged(row: SheetRow, sheet: IndicatorSheet) -> str:
    numeric = row.direction in ("gte", "lte", "eq")
    about_people = "满意度" in row.level1 or row.level1 in sheet.satisfaction or row.level2 in sheet.satisfaction
    return "satisfaction" if numeric and about_people else _JUDGED[row.direction]


def _wide(table: Table, lines: Sequence[_Line], order: Sequence[str]) -> Table:
    """One row per subject; ``cell_rows`` leads each value back to its line in the long sheet."""
    fields: list[FieldSpec] = []
    columns: dict[str, Column] = {SUBJECT.name: np.array(order, dtype=object)}
    letters: dict[str, str] = {}
    cell_rows: dict[str, IntArray] = {}
    corrected: dict[tuple[str, int], str] = {}
    for line in lines:
        for part in _SOURCE:
            if not line.has(part):
                continue
            field = _field(line, part)
            fields.append(field)
            values = [getattr(r, part) for r in line.rows]
            columns[field.name] = Exact.from_decimals(values, field.places)
            source = "degree" if part == "actual" and line.first.direction == "qualitative" else _SOURCE[part]
            if source in table.letters:
                letters[field.name] = table.letters[source]
            cell_rows[field.name] = np.array([table.row_of(r.index, source) for r in line.rows], dtype=np.int64)
            marks = ((i, table.corrected.get((source, r.index))) for i, r in enumerate(line.rows))
            corrected |= {(field.name, i): mark for i, mark in marks if mark is not None}
    spec = TableSpec(name=WIDE_NAME, title=table.sheet, per="subject", fields=fields)
    rows = cell_rows[fields[0].name] if fields else np.zeros(len(order), dtype=np.int64)
    return Table(spec, table.file, table.sheet, rows, letters, columns, cell_rows, corrected)


def _field(line: _Line, part: Part) -> FieldSpec:
    row = line.first
    title = {"actual": "实际完成值", "target": "年度指标值", "start": "开始日期", "claimed": "自评得分"}[part]
    if part == "actual" and row.direction == "qualitative":
        title = "评定比例"
    name, title = line.column(part), f"{row.name}:{title}"
    if part == "claimed":
        return FieldSpec(name=name, title=title, type="number", unit="分", decimals=2)
    if part == "start" or row.direction == "deadline":
        return FieldSpec(name=name, title=title, type="date")
    if row.direction == "yes_no":
        return FieldSpec(name=name, title=title, type="integer", decimals=0)
    kind: FieldType = "percent" if row.unit == "%" or row.direction == "qualitative" else "number"
    unit = "%" if kind == "percent" else row.unit
    return FieldSpec(name=name, title=title, type=kind, unit=unit, decimals=line.decimals)
