"""Typed evidence: tables whose every value knows its cell, and the records of proof, waiver and checked facts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from workbench.base.canon import canonical_json
from workbench.base.errors import Problem
from workbench.base.exact import SAFE, Exact, IntArray
from workbench.scheme.pack import FieldSpec, TableSpec

TextArray: TypeAlias = npt.NDArray[np.object_]
"""Texts of one column, None where blank. Shape (n,)."""
Column: TypeAlias = Exact | TextArray
"""date: whole days since 1970-01-01; bool: 0 or 1; numbers: with ``FieldSpec.places`` decimals; else texts."""

EPOCH = date(1970, 1, 1)
SUBJECT = FieldSpec(
    name="subject", title="对象编号", type="text", note="与“评价对象”表的对象编号一致;只有一个对象时可不填"
)
"""The column every table that is not shared has before its own fields."""


def own_fields(spec: TableSpec) -> list[FieldSpec]:
    """All columns of a table in order: the subject column first (shared tables have none), then the declared fields."""
    if spec.per == "shared" or any(f.name == SUBJECT.name for f in spec.fields):
        return list(spec.fields)
    return [SUBJECT, *spec.fields]


@dataclass(frozen=True)
class Table:
    """One evidence table, column by column.

    Attributes:
        file: the file it came from, as given (posix); sheet: the sheet's title.
        rows: shape (n,), row number of each record as a spreadsheet shows it (1-based).
        letters: field name -> column letter in the source; a field the source lacks has none.
        columns: field name -> column of n values, ``subject`` first (shared tables have no such column).
        cell_rows: rows of fields that do not come from ``rows`` (a wide table made from a long sheet); 0 where none.
        corrected: (field, record) -> who corrected that value; see :mod:`workbench.evidence.corrections`.
    """

    spec: TableSpec
    file: str
    sheet: str
    rows: IntArray
    letters: dict[str, str]
    columns: dict[str, Column]
    cell_rows: dict[str, IntArray] = field(default_factory=dict)
    corrected: Mapping[tuple[str, int], str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def field_spec(self, name: str) -> FieldSpec:
        """The declaration of one column. Raises KeyError for a name the table does not have."""
        for spec in own_fields(self.spec):
            if spec.name == name:
                return spec
        raise KeyError(name)

    def row_of(self, i: int, name: str) -> int:
        """Source row of one value, as a spreadsheet shows it; 0 when it has none."""
        rows = self.cell_rows.get(name)
        return int(self.rows[i] if rows is None else rows[i])

    def cell(self, i: int, name: str) -> str:
        """Where a value stands: ``基础数据.xlsx [项目资金] C5``. Without a column of its own: the row."""
        row, letter = self.row_of(i, name), self.letters.get(name)
        spot = f"{letter}{row}" if letter and row else (f"第{row}行" if row else "")
        parts = (PurePosixPath(self.file).name, f"[{self.sheet}]" if self.sheet else "", spot)
        origin = self.corrected.get((name, i))
        return " ".join(p for p in parts if p) + (f"({origin})" if origin else "")

    def value(self, i: int, name: str) -> Decimal | str | date | bool | None:
        """The typed value of record ``i``; None when it is missing."""
        column = self.columns[name]
        if not isinstance(column, Exact):
            text: str | None = column[i]
            return text
        if not column.valid[i]:
            return None
        kind = self.field_spec(name).type
        if kind == "date":
            return EPOCH + timedelta(days=int(column.units[i]))
        if kind == "bool":
            return bool(column.units[i])
        return column.number(i)

    @cached_property
    def records(self) -> dict[str, list[int]]:
        """Subject id → its records, in order."""
        found: dict[str, list[int]] = {}
        for i, subject in enumerate(self.texts(SUBJECT.name)):
            if subject is not None:
                found.setdefault(subject, []).append(i)
        return found

    def texts(self, name: str) -> list[str | None]:
        """A text column as a list."""
        column = self.columns[name]
        if isinstance(column, Exact):
            raise TypeError(f"{name} is not a text column")
        return list(column)


@dataclass(frozen=True)
class SourceFile:
    """A file the evidence was read from: path as given (posix, relative), digest of its bytes, size in bytes."""

    path: str
    sha256: str
    size: int


class EvidenceStatus(StrEnum):
    """How far the evidence behind a value has come. The value is the Chinese text used in workbooks and reports."""

    missing = "未提供(待补)"
    unverified = "已提供未核实"
    verified = "核实一致"
    contradicted = "核实不符"
    overdue = "逾期未提供"


@dataclass(frozen=True)
class Proof:
    """One line of 佐证清单: which document stands behind one indicator of one subject, and how far it is verified.

    ``verified_value`` is the value the evaluator found (核定值), in the indicator's unit. The notice fields record the
    补充资料通知 without which 逾期未提供 does not count.
    """

    subject: str
    indicator: str
    status: EvidenceStatus
    document: str | None = None
    number: str | None = None
    source_kind: str | None = None
    evidence_kind: str | None = None
    method: str | None = None
    attachment: str | None = None
    attachment_sha256: str | None = None
    verified_value: Decimal | None = None
    notice_number: str | None = None
    notice_date: date | None = None
    deadline: date | None = None
    verifier: str | None = None
    verified_on: date | None = None
    place: str = ""


@dataclass(frozen=True)
class Waiver:
    """One line of 不适用申请. ``adjustment`` is the document that approved a change of the 绩效目标."""

    subject: str
    indicator: str
    reason: str
    proof: str
    approver: str
    approved_on: date
    adjustment: str | None = None
    place: str = ""


@dataclass(frozen=True)
class CapFact:
    """One line of 情形核查: was a circumstance that limits the grade found? ``state``: 触发, 已核查未触发, 未核查."""

    subject: str
    cap: str
    state: str
    document: str | None = None
    date: date | None = None
    note: str | None = None
    place: str = ""


@dataclass(frozen=True)
class Evidence:
    """Everything read from one evidence workbook or folder. ``notes`` are the conversions made and the warnings."""

    subjects: Table
    tables: dict[str, Table]
    proofs: list[Proof] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    cap_facts: list[CapFact] = field(default_factory=list)
    files: list[SourceFile] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the typed content and the files' digests; the folder and the order of tables do not matter."""
        running = hashlib.sha256(b"workbench-evidence-1\n")
        hash_table(running, self.subjects)
        for name in sorted(self.tables):
            hash_table(running, self.tables[name])
        for records in (self.proofs, self.waivers, self.cap_facts):
            running.update(canonical_json(_sorted_records(records)))
        running.update(canonical_json(sorted(f.sha256 for f in self.files)))
        return running.hexdigest()


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...


def _sorted_records(records: Iterable[Any]) -> list[dict[str, object]]:
    # A place names the file, which may be renamed without changing what was said.
    plain = [{f.name: getattr(r, f.name) for f in fields(r) if f.name != "place"} for r in records]
    return sorted(plain, key=canonical_json)


def hash_table(running: _Hash, table: Table) -> None:
    """Take a table's typed content into a running hash; where it stood in its file does not matter."""
    running.update(canonical_json({"table": table.spec.name, "rows": len(table), "columns": sorted(table.columns)}))
    for name in sorted(table.columns):
        hash_column(running, name, table.columns[name])


def hash_column(running: _Hash, name: str, column: Column) -> None:
    """Take a column into a running hash."""
    # 100,000 rows are hashed as one block of little-endian integers; texts as one JSON list.
    if not isinstance(column, Exact):
        running.update(canonical_json([name, "text"]))
        running.update(json.dumps(column.tolist(), ensure_ascii=False).encode("utf-8", "surrogatepass"))
        return
    running.update(canonical_json([name, "exact", column.decimals]))
    running.update(np.ascontiguousarray(column.valid, dtype=np.uint8).tobytes())
    units = np.where(column.valid, column.units, 0)
    if units.dtype == object and any(abs(int(u)) >= SAFE for u in units):
        running.update(json.dumps([str(u) for u in units]).encode())
    else:
        running.update(units.astype("<i8").tobytes())


def empty_column(spec: FieldSpec, n: int) -> Column:
    """A column of ``n`` missing values of the field's type."""
    if spec.numeric or spec.type in ("date", "bool"):
        return Exact(np.zeros(n, dtype=np.int64), spec.places, np.zeros(n, dtype=bool))
    return np.full(n, None, dtype=object)


def empty_table(spec: TableSpec, file: str, sheet: str | None = None) -> Table:
    """A table without records, for an optional sheet that is absent."""
    columns: Mapping[str, Column] = {f.name: empty_column(f, 0) for f in own_fields(spec)}
    return Table(spec, file, sheet or spec.title, np.zeros(0, dtype=np.int64), {}, dict(columns))
