"""A register's row as the evidence of its evaluation: one subject, in a small folder of tables that changes when the row does."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from workbench.base.errors import Place, PlanError, Problem
from workbench.base.text import inert, trimmed
from workbench.base.writing import replace_whole, writing
from workbench.evidence.headers import header_text, tidy_title
from workbench.evidence.standard import SUBJECTS, subjects_spec
from workbench.evidence.tables import SUBJECT, Table
from workbench.runs.batch.registersheet import RegisterSheet
from workbench.scheme.pack import FieldSpec, Pack, TableSpec

NAME = SUBJECTS.fields[1]
_ROLE = SUBJECTS.fields[2]


@dataclass(frozen=True)
class _Part:
    """One table of the evidence: the register's typed columns of it, and where a row number stands in them."""

    spec: TableSpec
    fields: Sequence[FieldSpec]
    table: Table | None
    at: Mapping[int, int]


class RowEvidence:
    """Makes the evidence of rows. Columns are found by the titles of the pack's 评价对象 fields, and of those of its tables
    that have one row for each subject.

    Raises:
        PlanError: a row cannot hold what the pack asks for. ProjectsError: a column does not fit its field.
    """

    def __init__(self, sheet: RegisterSheet, pack: Pack, place: Place) -> None:
        _refuse_long_tables(pack, place)
        specs = [_whole(subjects_spec(pack.subject_fields)), *(t for t in pack.tables if t.per == "subject")]
        seen = Counter(tidy_title(field.title) for spec in specs for field in spec.fields)
        # The first table has a title first: 备注 is the subject's.
        taken: set[str] = set()
        self._parts = []
        for spec in specs:
            own = [f for f in spec.fields if tidy_title(f.title) not in taken]
            taken |= {t for t in map(tidy_title, (f.title for f in own)) if seen[t] > 1}
            self._parts.append(_part(sheet, spec, own))

    def blanks(self, row: int) -> list[str]:
        """Titles of columns that the row leaves blank and the pack asks for."""
        return [title for part in self._parts for title in _blanks(part, row)]

    def write(self, row: int, folder: Path, evaluation: str, title: str) -> None:
        """Write one row's tables. Files that say the same already are left alone. Raises NotWritten."""
        files = {f"{part.spec.title}.csv": data for part in self._parts if (data := _csv(part, row, evaluation, title))}
        with writing(folder, "请检查工作区的 runs 文件夹和权限"):
            try:
                present = {path.name for path in folder.iterdir()}
            except FileNotFoundError:
                folder.mkdir(parents=True)
                present = set()
            for name in present - files.keys():
                if name.endswith(".csv"):
                    (folder / name).unlink()
            for name, data in files.items():
                if name not in present or (folder / name).read_bytes() != data:
                    replace_whole(folder / name, data)


def _refuse_long_tables(pack: Pack, place: Place) -> None:
    long = [t.title for t in pack.tables if t.required and t.per != "subject"]
    long += [pack.indicator_sheet.title] if pack.indicator_sheet is not None else []
    if long:
        shown = "、".join(f"“{title}”" for title in long)
        message = f"指标包 {pack.id} 的{shown}一个项目要填多行,清单的一行放不下"
        fix = "请给每个项目一份佐证资料工作簿,在清单中加“佐证资料”一列写明路径"
        raise PlanError(Problem("row_too_small", message, place, fix=fix))


def _whole(spec: TableSpec) -> TableSpec:
    """Every row is judged; who is a peer stands in no register."""
    return spec.model_copy(update={"fields": [field for field in spec.fields if field.name != _ROLE.name]})


def _part(sheet: RegisterSheet, spec: TableSpec, fields: Sequence[FieldSpec]) -> _Part:
    # Not required here: what is missing is told of the evidence, or filled from the plan (编号, 名称).
    found = sheet.present([field.model_copy(update={"required": False}) for field in fields])
    table = sheet.table(spec.name, found) if found else None
    at = {int(row): i for i, row in enumerate(table.rows)} if table is not None else {}
    return _Part(spec, found, table, at)


def _blanks(part: _Part, row: int) -> list[str]:
    filled = {f.name for f in part.fields if _text(part.table, part.at.get(row), f)}
    if not part.spec.required and not filled:
        return []
    wanted = {f.name for f in part.spec.fields if f.required} - {SUBJECT.name, NAME.name}  # these the plan has
    return [f.title for f in part.fields if f.name in wanted - filled]


def _csv(part: _Part, row: int, evaluation: str, title: str) -> bytes:
    """One table with one record; empty where it has nothing to say."""
    i = part.at.get(row)
    values = {f.name: _text(part.table, i, f) for f in part.fields} if part.table is not None and i is not None else {}
    if part.spec.name == SUBJECTS.name:
        values[SUBJECT.name] = values.get(SUBJECT.name) or evaluation
        values[NAME.name] = values.get(NAME.name) or inert(title)
    elif not part.spec.required and not any(values.values()):
        return b""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    shown = [field for field in part.spec.fields if field.name in values]
    own = part.spec.name != SUBJECTS.name
    writer.writerow([*([SUBJECT.title] if own else []), *(header_text(field) for field in shown)])
    writer.writerow([*([""] if own else []), *(values[field.name] for field in shown)])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _text(table: Table | None, i: int | None, field: FieldSpec) -> str:
    """A typed value as every reader understands it, in the declared unit."""
    value = table.value(i, field.name) if table is not None and i is not None else None
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return trimmed(value)
    return value.isoformat() if isinstance(value, date) else inert(value)
