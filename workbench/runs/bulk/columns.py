"""Arrays in memory as typed tables: numbers become exact with the field's decimals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.base.errors import EvidenceError, Place, Problem
from workbench.base.exact import Exact, narrow
from workbench.base.text import suggest
from workbench.evidence.tables import SUBJECT, Column, Table, empty_column
from workbench.scheme.pack import FieldSpec, TableSpec

if TYPE_CHECKING:
    import pandas as pd

MEMORY = "内存"


def table_from_columns(spec: TableSpec, data: Mapping[str, Any] | pd.DataFrame, first: int = 1) -> Table:
    """A typed table from arrays in memory; ``first`` is the number of its first row. Raises EvidenceError."""
    refuse_repeated(spec, data.keys())
    names, n = list(data.keys()), common_length(spec, data)
    fields = {f.name: f for f in spec.fields}
    columns: dict[str, Column] = {}
    for name in names:
        known_field(spec, name, Place(sheet=spec.title))
        columns[name] = _column(spec, fields.get(name), np.asarray(data[name]), first)
    if spec.per != "shared" and SUBJECT.name not in columns:
        columns[SUBJECT.name] = np.array(list(map(str, range(first, first + n))), dtype=object)
    return whole_table(spec, MEMORY, columns, np.arange(first, first + n, dtype=np.int64))


def common_length(spec: TableSpec, data: Mapping[str, Any] | pd.DataFrame) -> int:
    """How many rows the columns have. Raises EvidenceError where they differ in length."""
    lengths = {str(name): len(data[name]) for name in data.keys()}  # noqa: SIM118  # a frame's, too
    if len(set(lengths.values())) > 1:
        name = min(lengths, key=lambda name: list(lengths.values()).count(lengths[name]))
        usual = max(lengths.values(), key=list(lengths.values()).count)
        place = Place(sheet=spec.title, field=name)
        raise EvidenceError(Problem("column_length", "各列的行数不同", place, f"{lengths[name]}行", f"{usual}行"))
    return next(iter(lengths.values()), 0)


def refuse_repeated(spec: TableSpec, names: Iterable[Any]) -> None:
    """Raises EvidenceError for a column that stands twice, as a frame may have it."""
    twice = [name for name, count in Counter(map(str, names)).items() if count > 1]
    if twice:
        place, fix = Place(MEMORY, spec.title, field="、".join(twice)), "每列一个字段名,不得重复"
        raise EvidenceError(Problem("column_twice", "有重复的列名", place, fix=fix))


def known_field(spec: TableSpec, name: str, place: Place) -> None:
    """Raises EvidenceError for a column the table does not have."""
    fields = [f.name for f in spec.fields]
    if name not in fields and (name != SUBJECT.name or spec.per == "shared"):
        raise EvidenceError(Problem("unknown_column", "表中没有这个字段", place, name, fix=suggest(name, fields)))


def whole_table(spec: TableSpec, file: str, columns: dict[str, Column], rows: Any) -> Table:
    """A table of these columns; the fields that are not among them are missing in every row."""
    for field in spec.fields:
        columns.setdefault(field.name, empty_column(field, len(rows)))
    return Table(spec, file, spec.title, rows, {}, columns)


def _column(spec: TableSpec, field: FieldSpec | None, values: Any, first: int) -> Column:
    if field is None or field.type in ("text", "code"):
        texts = [None if v is None or v != v else str(v) for v in values.tolist()]
        refuse_unknown_codes(Place(sheet=spec.title), field, texts)
        return np.array(texts, dtype=object)
    if values.dtype.kind in "uib":
        # Unsigned 64 bits may hold more than int64: those become Python integers.
        units = narrow(values.astype(object)) if values.dtype == np.uint64 else values.astype(np.int64)
        return Exact(units, 0, np.ones(len(units), dtype=bool)).rescale(field.places)
    try:
        if field.type == "date":
            days = values.astype("datetime64[D]")  # text as 2022-03-01, date objects, pandas' own times
            valid = ~np.isnat(days)
            return Exact(np.where(valid, days.astype(np.int64), 0), 0, valid)
        if values.dtype.kind == "M":
            raise TypeError("a date where a number belongs")
        if values.dtype == object and Decimal in set(map(type, values.tolist())):
            return Exact.from_decimals(map(_decimal, values.tolist()), field.places)
        return Exact.from_floats(values.astype(np.float64), field.places)
    except (TypeError, ValueError, InvalidOperation) as error:
        raise _misfit(spec, field, values, first) from error


def _decimal(value: Any) -> Decimal | None:
    """One of decimals, whose digits a float would not hold. NaN and infinities are missing, as they are among floats."""
    if value is None or value != value:
        return None
    number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return number if number.is_finite() else None


def _misfit(spec: TableSpec, field: FieldSpec, values: Any, first: int) -> EvidenceError:
    """The first value that does not fit, by its row."""
    kind = "datetime64[D]" if field.type == "date" else "float64"
    row, found = None, None
    for i, value in enumerate(values.tolist() if values.dtype == object else ()):
        try:
            np.asarray([value]).astype(kind)
        except (TypeError, ValueError):
            row, found = first + i, str(value)
            break
    place = Place(sheet=spec.title, row=row, field=field.title)
    if field.type == "date":
        return EvidenceError(Problem("date_unknown", "日期无法识别", place, found, "日期,如 2022-03-01"))
    return EvidenceError(Problem("not_a_number", "数字字段中有文字或日期", place, found, "数字"))


def refuse_unknown_codes(place: Place, field: FieldSpec | None, texts: list[str | None]) -> None:
    """Raises EvidenceError naming a code the field does not list."""
    if field is None or field.codes is None:
        return
    unknown = sorted({t for t in texts if t is not None}.difference(field.codes))
    if unknown:
        fix = suggest(unknown[0], field.codes)
        where = Place(place.file, place.sheet, field=field.title)
        raise EvidenceError(Problem("unknown_code", "不在代码表里", where, unknown[0], "、".join(field.codes), fix))
