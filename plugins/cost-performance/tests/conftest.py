"""The worked example's rows, and its plan opened on other rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.base.yamlio import read_yaml
from workbench.evidence.template import write_workbook
from workbench.scheme.library import load_pack

FOLDER = Path(__file__).parents[1] / "src" / "workbench_pack_cost_performance"
Rows = dict[str, list[dict[str, Any]]]
DATES = ("verified_on", "surveyed_on")


@pytest.fixture
def facts() -> Rows:
    """The example's rows; dates that decide nothing are left out."""
    data = read_yaml(FOLDER / "example" / "facts.yaml").data["facts"]
    return {table: [{k: v for k, v in row.items() if k not in DATES} for row in rows] for table, rows in data.items()}


@pytest.fixture
def subject_of(facts: Rows) -> Callable[[str], dict[str, Any]]:
    """A subject's row of the example, to be changed in place."""
    return lambda subject: next(row for row in facts["subjects"] if row["subject"] == subject)


@pytest.fixture
def open_rows(tmp_path: Path) -> Callable[[Rows], Any]:
    """Open the example's plan on other rows; the same rows are opened once."""
    plan = read_yaml(FOLDER / "example" / "plan.yaml").data["plan"] | {"evidence": "evidence.xlsx"}

    seen: dict[str, Any] = {}

    def opened(rows: Rows) -> Any:
        key = repr(rows)
        if key not in seen:
            write_workbook(tmp_path / "evidence.xlsx", load_pack(FOLDER / "pack.yaml"), rows)
            seen[key] = wb.open(plan, workspace=tmp_path)
        return seen[key]

    return opened


@pytest.fixture
def judged(open_rows: Callable[[Rows], Any]) -> Callable[[Rows, str], tuple[dict[str, Any], dict[str, Any]]]:
    """A subject's indicators and findings by code, on other rows."""

    def both(rows: Rows, subject: str) -> tuple[dict[str, Any], dict[str, Any]]:
        found = open_rows(rows).subject(subject)
        return {i.code: i for i in found.indicators}, {f.code: f for f in found.findings}

    return both


@pytest.fixture
def analysed(open_rows: Callable[[Rows], Any]) -> Callable[[Rows, str, str], list[dict[str, Any]]]:
    """A subject's rows of one analysis, each column name → text, on other rows."""

    def rows_of(rows: Rows, name: str, subject: str) -> list[dict[str, Any]]:
        table = next(a for a in open_rows(rows).analyses if a.name == name)
        names = [c.name for c in table.columns]
        return [dict(zip(names, row[1:], strict=True)) for row in table.rows if row[0] == subject]

    return rows_of
