"""``workbench run`` with the warm engine writes the run folder that it writes with papermill's own, byte by byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from workbench.base.canon import digest_file
from workbench.base.errors import NotebookError
from workbench.runs.engine import run_plan
from workbench.runs.kernel import PLAIN, WARM, Engine

ROOT = Path(__file__).resolve().parents[2]


def left(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): digest_file(p) for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("plan", ["huangshi_sponge_2022", "training_unit_cost_lvliang_2021"])
def test_the_run_folder_is_the_same_bytes(tmp_path: Path, plan: str) -> None:
    done = [
        run_plan(ROOT / f"params/{plan}.yaml", out=tmp_path / str(engine.name), workspace=ROOT, engine=engine)
        for engine in (WARM, PLAIN)
    ]
    assert left(done[0].folder) == left(done[1].folder)
    assert not done[0].reused


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace whose notebook is one's own."""
    for part in ("params/huangshi_sponge_2022.yaml", "params/evidence/huangshi_sponge_2022.xlsx"):
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / part, tmp_path / part)
    (tmp_path / "notebooks").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("cell", "engine", "code"),
    [
        ("import time; time.sleep(600)", Engine("workbench-warm", seconds=1), "run_timeout"),
        ("x = bytearray(600 * 1024**2)", Engine("workbench-warm", memory=200 * 1024**2), "cell_failed"),
        ("import os; os._exit(1)", WARM, "kernel_died"),
        ("raise SystemExit(0)", WARM, "not_saved"),
    ],
)
def test_what_stops_a_notebook_is_told_in_chinese(workspace: Path, cell: str, engine: Engine, code: str) -> None:
    import nbformat

    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    nbformat.write(book, workspace / "notebooks" / "own.ipynb")
    plan = workspace / "params/huangshi_sponge_2022.yaml"
    with pytest.raises(NotebookError) as caught:
        run_plan(plan, workspace=workspace, overrides=["notebook=own.ipynb"], engine=engine)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert not (workspace / "runs").exists()
