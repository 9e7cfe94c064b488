"""What the tests of the three revenue packs share: an example's rows, opened again after a change."""

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

# Test modules of this folder are imported by path; what they share (by_hand.py) stands beside them.
sys.path.insert(0, str(Path(__file__).parent))

PACKS = Path(__file__).parents[1] / "src" / "workbench_pack_revenue" / "packs"
Facts = dict[str, list[dict[str, Any]]]


class Example:
    """The worked example of one pack: its rows, and its plan on other rows."""

    def __init__(self, name: str, workspace: Path) -> None:
        self.folder = PACKS / name
        self.workspace = workspace
        self.pack = load_pack(self.folder / "pack.yaml")

    def facts(self) -> Facts:
        """The example's rows, dates as dates."""
        data = read_yaml(self.folder / "example" / "facts.yaml").data["facts"]
        days = {spec.name: {f.name for f in spec.fields if f.type == "date"} for spec in workbook_specs(self.pack)}
        return {
            table: [
                {k: date.fromisoformat(v) if k in days.get(table, ()) else v for k, v in row.items()} for row in rows
            ]
            for table, rows in data.items()
        }

    def expected(self) -> dict[str, Any]:
        """The scores worked out by hand, by subject."""
        subjects: dict[str, Any] = read_yaml(self.folder / "example" / "expected.yaml").data["expected"]["subjects"]
        return subjects

    def open(self, rows: Facts) -> Any:
        """The example's plan on ``rows``."""
        plan = read_yaml(self.folder / "example" / "plan.yaml").data["plan"] | {"evidence": "evidence.xlsx"}
        write_workbook(self.workspace / "evidence.xlsx", self.pack, rows)
        return wb.open(plan, workspace=self.workspace)


@pytest.fixture
def example_of(tmp_path: Path) -> Callable[[str], Example]:
    """The worked example of a pack by the pack's id."""
    return lambda name: Example(name, tmp_path)


@pytest.fixture
def row_of() -> Callable[[Facts, str, str], dict[str, Any]]:
    """The first row of a subject in a table, to be changed in place."""
    return lambda rows, table, subject: next(r for r in rows[table] if r["subject"] == subject)


@pytest.fixture
def judged() -> Callable[[Any, str], tuple[dict[str, Any], dict[str, str]]]:
    """A subject's indicators by code, and its findings' messages by code (several of one code joined by lines)."""

    def of(evaluation: Any, subject: str) -> tuple[dict[str, Any], dict[str, str]]:
        found = evaluation.subject(subject)
        messages: dict[str, str] = {}
        for finding in found.findings:
            messages[finding.code] = "\n".join(filter(None, [messages.get(finding.code), finding.message]))
        return {i.code: i for i in found.indicators}, messages

    return of
