"""Data corrections (数据更正): evidence as it is read after a cell, or what is proven about an indicator, was corrected.

The files stay as they are. A new value is read by the code that reads a cell of a workbook, and whatever is shown about it
later names the correction beside the place it stood in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import numpy as np

from workbench.base.errors import EvidenceError, Place, Problem
from workbench.base.exact import Exact, narrow
from workbench.base.text import nearest, suggest, trimmed
from workbench.evidence.assemble import refuse_duplicates
from workbench.evidence.cells import parse_column
from workbench.evidence.indicators import WIDE_NAME, line_code
from workbench.evidence.log import ReadingLog
from workbench.evidence.raw import MAX_CELL_CHARACTERS
from workbench.evidence.register import NEED_DOCUMENT
from workbench.evidence.source import ColumnSource
from workbench.evidence.standard import CAP_FACTS, INDICATOR_SHEET, REGISTER, SUBJECTS, WAIVERS
from workbench.evidence.tables import SUBJECT, Column, Evidence, EvidenceStatus, Proof, Table, own_fields
from workbench.scheme.pack import FieldSpec, Indicator, Pack, TableSpec

FINDINGS_OF_SHEET = ("actual", "degree", "start", "claimed", "reason")
"""Columns of 绩效指标 that say what was found. The others say what was agreed: that changes in the plan, with its reason."""


@dataclass(frozen=True)
class ProofChange:
    """What is proven about one indicator of one subject, in place of all its lines in 佐证清单.

    ``origin`` says who corrected it (评审台账第12号数据更正). Without a ``document`` those already listed stand.
    """

    origin: str
    subject: str
    indicator: str
    status: EvidenceStatus
    verified_value: Decimal | None = None
    document: str | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class CellChange:
    """Another value in one cell; ``old`` and ``new`` as a workbook cell would have them, None where it is empty.

    ``table`` and ``field`` are names or titles; ``row`` counts the subject's rows from 1 (of a shared table: all rows). A line
    of 绩效指标 may be named by its indicator instead: ``I03.actual``.
    """

    origin: str
    subject: str
    table: str
    field: str
    row: int
    old: str | None
    new: str | None


Change = ProofChange | CellChange


def apply_corrections(evidence: Evidence, changes: Sequence[Change], codes: Collection[str]) -> Evidence:
    """The evidence after the changes, one after the other.

    Args:
        codes: indicators, bonus and deduction items that evidence may be about.

    Raises:
        EvidenceError: every change that names something that is not there, does not find the old value, or brings one
            that the table would not take.
    """
    work = _Correcting(evidence, codes)
    for change in changes:
        work.take(change)
    return work.result()


def written(table: Table, i: int, name: str) -> str | None:
    """The value of record ``i`` as a workbook cell would have it: ``是``, ``93.5%``, ``2023-06-30``; None when empty."""
    value = table.value(i, name)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return trimmed(value) + ("%" if table.field_spec(name).type == "percent" else "")
    return value.isoformat() if isinstance(value, date) else value


def correctable(pack: Pack, tree: Sequence[Indicator]) -> list[tuple[str, str, str]]:
    """The columns a correction may name, as (table, field, title); those of 绩效指标 line by line (``I03.actual``)."""
    subject = [(SUBJECTS.name, f.name, f"{SUBJECTS.title}:{f.title}") for f in pack.subject_fields]
    tables = [(t.name, f.name, f"{t.title}:{f.title}") for t in pack.tables for f in t.fields]
    lines = []
    for item in tree if pack.indicator_sheet is not None else []:
        if (item.value or "").startswith(f"{WIDE_NAME}."):
            name = "degree" if item.direction == "qualitative" else "actual"
            title = next(f.title for f in INDICATOR_SHEET.fields if f.name == name)
            lines.append((INDICATOR_SHEET.name, f"{item.code}.{name}", f"{item.name}:{title}"))
    return [*lines, *tables, *subject]


@dataclass
class _Correcting:
    """Evidence on the way from one state to the next, with everything that is wrong."""

    evidence: Evidence
    codes: Collection[str]
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tables: dict[str, Table] = {SUBJECTS.name: self.evidence.subjects, **self.evidence.tables}
        self.proofs = list(self.evidence.proofs)

    def take(self, change: Change) -> None:
        """Make one change, or note why not."""
        subjects = [s for s in self.tables[SUBJECTS.name].texts(SUBJECT.name) if s]
        if change.subject not in subjects:
            problem = Problem("unknown_subject", "没有这个评价对象", found=change.subject)
            self._refuse(change, replace(problem, fix=suggest(change.subject, subjects)))
        elif isinstance(change, ProofChange):
            self._prove(change)
        else:
            self._cell(change)

    def result(self) -> Evidence:
        """The evidence as it is now. Raises EvidenceError."""
        if self.problems:
            raise EvidenceError(self.problems)
        tables = dict(self.tables)
        subjects, notes = tables.pop(SUBJECTS.name), [*self.evidence.notes, *self.notes]
        return replace(self.evidence, subjects=subjects, tables=tables, proofs=self.proofs, notes=notes)

    def _refuse(self, change: Change, *problems: Problem) -> None:
        self.problems += [p.at(key=change.origin) for p in problems]

    def _prove(self, change: ProofChange) -> None:
        place = Place(sheet=REGISTER.title)
        if change.indicator not in self.codes:
            fix = suggest(change.indicator, self.codes)
            self._refuse(change, Problem("unknown_indicator", "没有这个指标", place, change.indicator, fix=fix))
            return
        spots = [i for i, p in enumerate(self.proofs) if (p.subject, p.indicator) == (change.subject, change.indicator)]
        proof = _proof(change, [self.proofs[i] for i in spots])
        problems = [*_proof_problems(proof), *_value_problems(proof)]
        self._refuse(change, *problems)
        if not problems:
            kept = [p for i, p in enumerate(self.proofs) if i not in spots]
            at = spots[0] if spots else len(kept)
            self.proofs = [*kept[:at], proof, *kept[at:]]

    def _cell(self, change: CellChange) -> None:
        found = self._find(change)
        if isinstance(found, Problem):
            self._refuse(change, found)
            return
        table, spec, i = found
        value, problems, notes = _read(table, spec, i, change)
        self._refuse(change, *problems)
        if not problems:
            self.tables[table.spec.name] = changed = _with(table, spec, i, value, change.origin)
            log = ReadingLog()
            refuse_duplicates(changed, log)
            self._refuse(change, *log.errors)
            self.notes += [p.at(key=change.origin) for p in notes]

    def _find(self, change: CellChange) -> tuple[Table, FieldSpec, int] | Problem:
        """The table, field and record a change names, or what is wrong with that."""
        table = next((t for t in self.tables.values() if change.table in (t.spec.name, t.spec.title)), None)
        if table is None:
            return self._no_table(change.table)
        code, dot, name = change.field.rpartition(".")
        by_code = bool(dot) and table.spec.name == INDICATOR_SHEET.name
        wanted = name if by_code else change.field
        spec = next((f for f in own_fields(table.spec) if wanted in (f.name, f.title)), None)
        place = Place(table.file, table.sheet)
        if spec is None:
            fix = _suggested(wanted, own_fields(table.spec))
            return Problem("unknown_column", "表中没有这个字段", place, wanted, fix=fix)
        records = self._records(table, change.subject)
        if by_code:
            lines = {line_code(table, i, n): i for n, i in enumerate(records, 1)}
            if code not in lines:
                return Problem("unknown_indicator", "没有这个指标", place, code, fix=suggest(code, lines))
            return _correctable(table, spec, lines[code])
        if not 1 <= change.row <= len(records):
            expected = f"1至{len(records)}" if records else "(该对象在此表没有记录)"
            fix = "行数从该对象在此表的第一行起算;需要增加记录的,请补充工作簿后重新运行"
            return Problem(
                "unknown_row", "没有这一行", replace(place, field=spec.title), str(change.row), expected, fix
            )
        return _correctable(table, spec, records[change.row - 1])

    def _no_table(self, name: str) -> Problem:
        fix = _suggested(name, [t.spec for t in self.tables.values()])
        if name in (REGISTER.name, REGISTER.title):
            fix = "佐证的核实状态和核定值请用佐证更正"
        elif name in (WAIVERS.name, WAIVERS.title, CAP_FACTS.name, CAP_FACTS.title):
            fix = "此表须有书面依据,请改正工作簿后重新运行"
        return Problem("unknown_table", "没有可更正的这张表", found=name, fix=fix)

    def _records(self, table: Table, subject: str) -> Sequence[int]:
        return range(len(table)) if table.spec.per == "shared" else table.records.get(subject, [])


def _suggested(name: str, specs: Sequence[FieldSpec | TableSpec]) -> str:
    """A “did you mean” with a title, however the table or field was written."""
    titles = {s.name: s.title for s in specs} | {s.title: s.title for s in specs}
    near = nearest(name, titles)
    return f"是否想写“{titles[near]}”?" if near else suggest(name, titles.values())


def _correctable(table: Table, spec: FieldSpec, i: int) -> tuple[Table, FieldSpec, int] | Problem:
    """The spot itself, unless it is no finding: what names a subject, or what was agreed before anything was found."""
    place = Place(table.file, table.sheet, table.row_of(i, spec.name), spec.title)
    if spec.name == SUBJECT.name or (table.spec.name == SUBJECTS.name and spec.name == "role"):
        fix = "评价对象的编号和类型请在工作簿中改正后重新运行"
        return Problem("not_correctable", "这一栏不能用数据更正修改", place, fix=fix)
    if table.spec.name == INDICATOR_SHEET.name and spec.name not in FINDINGS_OF_SHEET:
        fix = "它是评价方案的内容:分值、指标值请在计划的 changes 中声明调整和理由,其他请改正工作簿,然后重新运行"
        return Problem("not_correctable", "这一栏不能用数据更正修改", place, fix=fix)
    return table, spec, i


def _read(table: Table, spec: FieldSpec, i: int, change: CellChange) -> tuple[Column, list[Problem], list[Problem]]:
    """The new value as a column of one, what is wrong with the change, and notes (conversions made)."""
    place = Place(table.file, table.sheet, table.row_of(i, spec.name), spec.title)
    present = written(table, i, spec.name)
    log, unread = ReadingLog(), ReadingLog()
    value, old = _parsed(table, spec, i, change.new, log), _parsed(table, spec, i, change.old, unread)
    if unread.errors or not _same(table.columns[spec.name], i, old):
        fix = "资料已变动,请按现有的值重新提出更正"
        old_value = f"更正所记的“{change.old or '空'}”"
        stale = Problem("stale_correction", "原值与现有资料不符", place, present or "空", old_value, fix)
        return value, [stale], []
    problems = log.errors
    if not problems and _same(table.columns[spec.name], i, value):
        problems = [Problem("nothing_corrected", "更正后的值与原值相同", place, change.new or "空")]
    if not problems and spec.required and not (change.new or "").strip():
        problems = [Problem("required_blank", "必填项为空", place, fix="请填写更正后的值")]
    return value, problems, log.notes


def _parsed(table: Table, spec: FieldSpec, i: int, text: str | None, log: ReadingLog) -> Column:
    """A text read as the cell of record ``i``."""
    source = ColumnSource(spec, table.file, table.sheet, [text], [table.row_of(i, spec.name)], log)
    if text is not None and len(text) > MAX_CELL_CHARACTERS:
        source.refuse(0, "cell_too_long", "单元格的文字太长", expected=f"{MAX_CELL_CHARACTERS}字以内")
    return parse_column(source)


def _same(column: Column, i: int, value: Column) -> bool:
    if isinstance(column, Exact) and isinstance(value, Exact):
        return column.number(i) == value.number(0)
    return not isinstance(column, Exact) and not isinstance(value, Exact) and bool(column[i] == value[0])


def _with(table: Table, spec: FieldSpec, i: int, value: Column, origin: str) -> Table:
    """The table with one value replaced and marked."""
    column = table.columns[spec.name]
    if isinstance(column, Exact) and isinstance(value, Exact):
        units, valid = column.units.astype(object), column.valid.copy()
        units[i], valid[i] = int(value.rescale(column.decimals).units[0]), value.valid[0]
        column = Exact(narrow(units), column.decimals, valid)
    elif not isinstance(column, Exact):
        column = np.array(column, dtype=object)
        column[i] = value[0] if not isinstance(value, Exact) else None
    before = table.corrected.get((spec.name, i))
    marks = {**table.corrected, (spec.name, i): f"{before}、{origin}" if before else origin}
    return replace(table, columns={**table.columns, spec.name: column}, corrected=marks)


def _proof(change: ProofChange, listed: Sequence[Proof]) -> Proof:
    """The one line that stands in place of those listed."""
    places = ";".join(p.place for p in listed)
    place = f"{places}({change.origin})" if places else change.origin
    proof = Proof(change.subject, change.indicator, change.status, verified_value=change.verified_value, place=place)
    if change.document is not None or not listed:
        return replace(proof, document=change.document, attachment_sha256=change.sha256)
    names = "、".join(" ".join(x for x in (p.document, p.number) if x) for p in listed if p.document)
    return replace(proof, document=names or None, attachment_sha256=listed[0].attachment_sha256)


def _proof_problems(proof: Proof) -> list[Problem]:
    """What keeps a line of 佐证清单 from meaning what it says."""
    place = Place(sheet=REGISTER.title, field="资料名称")
    problems = []
    if proof.status in NEED_DOCUMENT and proof.document is None:
        fix = "请写明依据的资料名称或附上文件,或把状态改为“未提供(待补)”"
        problems.append(Problem("proof_without_document", f"状态为“{proof.status}”却没有资料", place, fix=fix))
    if proof.verified_value is not None and proof.status is not EvidenceStatus.contradicted:
        fix = "数值有变的请用“核实不符”并填核定值;数值不变的不填核定值"
        value, spot = trimmed(proof.verified_value), replace(place, field="核定值")
        problems.append(Problem("verified_value_unused", "核定值只用于“核实不符”", spot, value, fix=fix))
    return problems


def _value_problems(proof: Proof) -> list[Problem]:
    """What is wrong with a 核定值 by the code that reads one from 佐证清单."""
    if proof.verified_value is None:
        return []
    spec, log = next(f for f in REGISTER.fields if f.name == "verified_value"), ReadingLog()
    parse_column(ColumnSource(spec, "", REGISTER.title, [proof.verified_value], [0], log))
    return log.errors
