"""``workbench packs new``: the pack it writes runs where it lies, and an evaluation by it gets the pack's own notebook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.cli.packs_new import write_pack
from workbench.runs.creation import create_workspace
from workbench.runs.engine import run_plan
from workbench.runs.notebooks import find_notebook
from workbench.runs.workspace import find_workspace


@pytest.fixture
def roads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new pack in a workspace of its own."""
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)
    folder = tmp_path / "packs" / "roads"
    write_pack(folder, "roads", "农村公路")
    return folder


def test_the_example_runs_in_the_packs_own_notebook(roads: Path) -> None:
    outcome = run_plan(roads / "example" / "plan.yaml")
    assert outcome.folder.is_relative_to(roads / "runs")
    assert [(s.id, s.total) for s in outcome.result.subjects] == [("P01", "90.39"), ("P02", None)]
    # Worked example: 158.54 ÷ 95, 120 ÷ 80 and 69.6 ÷ 48 万元 a person, against 1.50; the peer P03 is shown with them.
    assert [a.rows for a in outcome.result.analyses] == [
        [
            ["P03", "同类项目", "1.45", "1.50"],
            ["P02", "缺满意度资料的项目", "1.50", "1.50"],
            ["P01", "示例培训项目", "1.67", "1.50"],
        ]
    ]
    assert (outcome.folder / "figures" / "P01-cost_bars.png").is_file()
    kept = (outcome.folder / "notebook.ipynb").read_text(encoding="utf-8")
    assert "人均培训成本比较" in kept


def test_below_a_pack_its_own_folder_is_the_workspace(roads: Path, tmp_path: Path) -> None:
    assert find_workspace(roads / "notebooks") == roads
    assert find_workspace(roads / "example" / "evidence") == roads
    assert find_workspace(roads) == tmp_path, "in the pack's folder itself the workspace around it"


def test_a_new_evaluation_gets_the_packs_notebook(roads: Path, tmp_path: Path) -> None:
    made = create_workspace(
        pack="roads",
        name="school-2024",
        folder=tmp_path,
        title=None,
        variant=None,
        policy="national-default",
        as_of="2025-03-31",
    )
    cells = json.loads(made.notebook.read_text(encoding="utf-8"))["cells"]
    assert cells[0]["source"][0] == "# 农村公路\n"
    assert cells[1]["source"] == ['plan = "params/school-2024.yaml"']


def test_the_workspaces_notebook_comes_before_the_packs(roads: Path, tmp_path: Path) -> None:
    assert find_notebook("roads.ipynb", tmp_path, roads) == roads / "notebooks" / "roads.ipynb"
    own = tmp_path / "notebooks" / "roads.ipynb"
    own.parent.mkdir()
    own.write_text("{}", encoding="utf-8")
    assert find_notebook("roads.ipynb", tmp_path, roads) == own
