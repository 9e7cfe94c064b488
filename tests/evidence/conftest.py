"""Fixtures that read workbooks made on the spot with a small pack."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# Tests are imported by path (importlib mode): their shared helpers have to be put within reach.
sys.path.insert(0, str(Path(__file__).parent))

from evidence_workbooks import PACK, Sheets, subjects, write_xlsx

from workbench.base.errors import EvidenceError, Problem
from workbench.evidence.reader import read_evidence
from workbench.evidence.tables import Evidence
from workbench.scheme.pack import Pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    return Pack.model_validate(PACK)


@pytest.fixture
def read(tmp_path: Path, pack: Pack) -> Callable[..., Evidence]:
    """Reads a workbook made of the given sheets with the demo pack."""

    def run(sheets: Sheets, **more: Any) -> Evidence:
        sheets = {"评价对象": subjects()} | sheets
        path = write_xlsx(tmp_path / "基础数据.xlsx", sheets, **more)
        return read_evidence(path, pack.tables, subject_fields=pack.subject_fields)

    return run


@pytest.fixture
def problems(read: Callable[..., Evidence]) -> Callable[..., list[Problem]]:
    """The problems of reading a workbook made of the given sheets."""

    def run(sheets: Sheets, **more: Any) -> list[Problem]:
        with pytest.raises(EvidenceError) as caught:
            read(sheets, **more)
        return list(caught.value.problems)

    return run
