"""Small evaluations made on the spot: a workspace with one plan and one workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.base.yamlio import read_yaml
from workbench.evidence.template import Rows, write_workbook
from workbench.plugins.manager import load_plugins
from workbench.scheme.library import Library

HERE = Path(__file__).parent
Opener = Callable[..., Any]


@pytest.fixture
def zhongjiang() -> Rows:
    """Rows of the published form whose weights add to 110."""
    return read_yaml(HERE / "zhongjiang_water_2022.yaml").data["facts"]


@pytest.fixture(scope="session")
def pack():
    return Library.of(load_plugins(None, code=False).folders).pack("self-evaluation")


@pytest.fixture
def open_rows(tmp_path: Path, pack) -> Opener:
    """Write rows as a workbook, and open a plan on it; keywords replace settings of the plan."""

    def opened(rows: Rows, **settings: Any) -> Any:
        write_workbook(tmp_path / "evidence.xlsx", pack, rows)
        plan = {
            "evaluation": "made-on-the-spot",
            "title": "测试",
            "pack": "self-evaluation",
            "variant": "caiyu10",
            "ruleset": "caiyu-2020-10",
            "policy": "national-default",
            "period": "2022年度",
            "stage": "自评",
            "as_of": "2023-03-31",
            "evidence": "evidence.xlsx",
        }
        return wb.open(plan | settings, workspace=tmp_path)

    return opened
