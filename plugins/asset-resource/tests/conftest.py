"""What the tests of the three packs share: the example's rows to bend, and the example's plan opened on them.

A test module names its pack in ``PACK``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.base.yamlio import read_yaml
from workbench.evidence.standard import workbook_specs
from workbench.evidence.template import write_workbook
from workbench.scheme.library import load_pack

# Test modules of this folder are imported by path; what they share stands beside them.
sys.path.insert(0, str(Path(__file__).parent))
pytest.register_assert_rewrite("asset_kit")  # so that its assertions show both sides, as those of a test do

import asset_kit  # noqa: E402 - only now is it found, and its assertions rewritten

Facts = dict[str, list[dict[str, Any]]]


@pytest.fixture
def pack_folder(request: pytest.FixtureRequest, pack_folders: dict[str, Path]) -> Path:
    """The folder of the pack the test module names."""
    return pack_folders[request.module.PACK]


@pytest.fixture
def pack(pack_folder: Path) -> Any:
    """The pack the test module names."""
    return load_pack(pack_folder / "pack.yaml")


@pytest.fixture
def facts(pack_folder: Path, pack: Any) -> Facts:
    """The example's rows as facts.yaml states them, dates as dates; a fresh copy for every test."""
    days = {spec.name: {f.name for f in spec.fields if f.type == "date"} for spec in workbook_specs(pack)}
    data = read_yaml(pack_folder / "example" / "facts.yaml").data["facts"]
    return {
        table: [
            {name: date.fromisoformat(v) if name in days.get(table, ()) else v for name, v in row.items()}
            for row in rows
        ]
        for table, rows in data.items()
    }


@pytest.fixture(scope="session")
def opened_before() -> dict[str, Any]:
    """What was opened by now: many tests look at the example as it is, which needs to be scored once."""
    return {}


@pytest.fixture
def open_rows(pack_folder: Path, pack: Any, tmp_path: Path, opened_before: dict[str, Any]) -> Callable[[Facts], Any]:
    """Open the example's plan on other rows."""
    plan = read_yaml(pack_folder / "example" / "plan.yaml").data["plan"] | {"evidence": "evidence.xlsx"}

    def opened(rows: Facts) -> Any:
        key = f"{pack_folder} {rows}"
        if key not in opened_before:
            write_workbook(tmp_path / "evidence.xlsx", pack, rows)
            opened_before[key] = wb.open(plan, workspace=tmp_path)
        return opened_before[key]

    return opened


@pytest.fixture
def expected(pack_folder: Path) -> dict[str, Any]:
    """What was worked out by hand, by subject."""
    subjects: dict[str, Any] = read_yaml(pack_folder / "example" / "expected.yaml").data["expected"]["subjects"]
    return subjects


@pytest.fixture
def judged() -> Callable[[Any, str], tuple[dict[str, Any], set[str]]]:
    """A function giving a subject's indicators by code, and the codes of its findings."""
    return asset_kit.judged


@pytest.fixture
def row_of() -> Callable[..., dict[str, Any]]:
    """A function giving the one row of a table that belongs to a subject and has these values."""
    return asset_kit.row_of
