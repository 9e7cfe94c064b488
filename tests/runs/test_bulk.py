"""Columns in memory become the same exact columns as cells of a workbook."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from workbench.base.errors import EvidenceError
from workbench.runs.bulk import table_from_columns
from workbench.scheme.pack import FieldSpec, TableSpec

SPEC = TableSpec(
    name="t",
    title="表",
    per="subject",
    fields=[FieldSpec(name="day", title="日期", type="date"), FieldSpec(name="number", title="数", type="number")],
)


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(pd.to_datetime(["2022-03-01", None])),
        np.array(["2022-03-01", None], dtype=object),
        np.array([date(2022, 3, 1), None], dtype=object),
        np.array([datetime(2022, 3, 1, 5), None], dtype=object),
        np.array([19052.0, np.nan]),
    ],
)
def test_dates_of_every_kind_are_whole_days(values):
    column = table_from_columns(SPEC, {"day": values}).columns["day"]
    assert column.units.tolist() == [19052, 0] and column.valid.tolist() == [True, False]


def test_an_unsigned_number_beyond_64_bits_stays_itself():
    column = table_from_columns(SPEC, {"number": np.array([2**63 + 5], dtype=np.uint64)}).columns["number"]
    assert column.number(0) == 2**63 + 5


@pytest.mark.parametrize(
    ("field", "values"),
    [("day", ["甲"]), ("number", ["甲"]), ("number", np.array(["2022-03-01"], dtype="datetime64[D]"))],
)
def test_what_does_not_fit_its_field_is_named(field, values):
    with pytest.raises(EvidenceError) as caught:
        table_from_columns(SPEC, {field: values})
    assert caught.value.problems[0].place.field in ("日期", "数")
