"""Open the example's plan on rows of one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.base.yamlio import read_yaml
from workbench.evidence.standard import workbook_specs
from workbench.evidence.template import write_workbook
from workbench.plugins.manager import load_plugins
from workbench.scheme.library import Library

FOLDER = Path(__file__).parents[1] / "src" / "workbench_pack_government_investment_funds"
PACK = Library.of(load_plugins(None, code=False).folders).pack("government-investment-funds")
Facts = dict[str, list[dict[str, Any]]]
Open = Callable[..., Any]


@pytest.fixture
def facts() -> Facts:
    """The example's rows, dates as dates."""
    data = read_yaml(FOLDER / "example" / "facts.yaml").data["facts"]
    days = {spec.name: {f.name for f in spec.fields if f.type == "date"} for spec in workbook_specs(PACK)}
    return {
        table: [{k: date.fromisoformat(v) if k in days[table] else v for k, v in row.items()} for row in rows]
        for table, rows in data.items()
    }


@pytest.fixture
def open_rows(tmp_path: Path) -> Open:
    """Open the example's plan on other rows; keywords replace settings of the plan."""
    plan = read_yaml(FOLDER / "example" / "plan.yaml").data["plan"] | {"evidence": "evidence.xlsx"}

    def opened(rows: Facts, **settings: Any) -> Any:
        write_workbook(tmp_path / "evidence.xlsx", PACK, rows, variant=settings.get("variant", plan["variant"]))
        return wb.open(plan | settings, workspace=tmp_path)

    return opened


@pytest.fixture
def row_of() -> Callable[..., dict[str, Any]]:
    """The first row of a table whose fields have these values."""

    def found(rows: Facts, table: str, **values: Any) -> dict[str, Any]:
        return next(r for r in rows[table] if all(r.get(k) == v for k, v in values.items()))

    return found
