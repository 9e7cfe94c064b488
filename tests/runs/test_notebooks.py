"""The notebooks, executed by papermill in real kernels."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import papermill
import pytest
import yaml

import workbench as wb
from workbench.base.canon import canonical_json
from workbench.evidence.template import write_workbook
from workbench.plugins.manager import load_plugins
from workbench.runs.engine import Outcome, run_plan
from workbench.runs.kernel import kernel_environment, transport
from workbench.scheme.library import Library

ROOT = Path(__file__).resolve().parents[2]
PLAN = "params/huangshi_sponge_2022.yaml"
NOTEBOOK = "notebooks/self_evaluation.ipynb"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's plans, evidence and notebooks in a folder of their own, so that no run lands in the project."""
    folder = tmp_path_factory.mktemp("workspace")
    shutil.copytree(ROOT / "params", folder / "params")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    return folder


@pytest.fixture(scope="module")
def outcome(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return run_plan(workspace / PLAN, workspace=workspace, out=tmp_path_factory.mktemp("runs"))


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def outputs(notebook: Any) -> list[Any]:
    return [o for cell in notebook["cells"] if cell["cell_type"] == "code" for o in cell["outputs"]]


def plain_papermill(workspace: Path, target: Path, parameters: dict[str, Any] | None = None) -> Any:
    """What ``papermill notebook out.ipynb`` does, with our kernel's private sockets."""
    # An empty variable is none: save() then writes a run of its own.
    with kernel_environment({"WORKBENCH_STAGING": "", "WORKBENCH_WORKSPACE": ""}), transport() as kernel:
        return papermill.execute_notebook(
            str(workspace / NOTEBOOK),
            str(target),
            parameters=parameters,
            cwd=str(workspace / "notebooks"),
            progress_bar=False,
            **kernel,
        )


def test_run_draws_and_saves(outcome: Outcome, workspace: Path) -> None:
    assert not outcome.reused
    assert outcome.result == wb.open(PLAN, workspace=workspace).result()
    kept = json.loads((outcome.folder / "notebook.ipynb").read_text(encoding="utf-8"))
    images = [o for o in outputs(kept) if "image/png" in o.get("data", {})]
    assert len(images) == 4
    drawn = {n for n in files(outcome.folder) if n.startswith("figures/")}
    assert drawn == {f"figures/P01-{c}.png" for c in ("evidence_status", "level_bars", "lost_points", "radar")}


def test_second_run_is_the_first_one(outcome: Outcome, workspace: Path) -> None:
    again = run_plan(workspace / PLAN, workspace=workspace, out=outcome.folder.parents[1])
    assert again.reused
    assert again.folder == outcome.folder


def test_forced_run_gives_the_same_bytes(outcome: Outcome, workspace: Path, tmp_path: Path) -> None:
    forced = run_plan(workspace / PLAN, workspace=workspace, out=tmp_path, force=True)
    assert not forced.reused
    assert files(forced.folder) == files(outcome.folder)


@pytest.mark.parametrize("from_file", [True, False], ids=["papermill -f", "as opened in JupyterLab"])
def test_plain_papermill_gives_the_same_result(
    outcome: Outcome, workspace: Path, tmp_path: Path, from_file: bool
) -> None:
    parameters = yaml.safe_load((workspace / PLAN).read_text(encoding="utf-8")) if from_file else None
    shutil.rmtree(workspace / "runs", ignore_errors=True)
    executed = plain_papermill(workspace, tmp_path / "out.ipynb", parameters)
    assert not [o for o in outputs(executed) if o.get("name") == "stderr"]
    saved = workspace / "runs" / "huangshi-sponge-2022" / outcome.folder.name
    assert (saved / "result.json").read_bytes() == (outcome.folder / "result.json").read_bytes()
    assert files(saved / "figures") == files(outcome.folder / "figures")


def test_several_subjects_are_compared(tmp_path: Path) -> None:
    people = {"level1": "满意度指标", "name": "满意", "direction": "≥", "target": "90%", "unit": "%", "weight": 90}
    rows = {
        "subjects": [{"subject": s, "name": f"项目{s}"} for s in ("B", "A")],
        "funds": [{"subject": s, "item": "年度资金总额", "budget": 100, "executed": 80} for s in ("B", "A")],
        "indicators": [people | {"subject": "B", "actual": "45%"}, people | {"subject": "A"}],
    }
    for name in ("params", "notebooks"):
        (tmp_path / name).mkdir()
    shutil.copy(ROOT / NOTEBOOK, tmp_path / "notebooks")
    pack = Library.of(load_plugins(None, code=False).folders).pack("self-evaluation")
    write_workbook(tmp_path / "params" / "two.xlsx", pack, rows)
    source = (ROOT / PLAN).read_text(encoding="utf-8").split("  changes:")[0]
    plan = source.replace("params/evidence/huangshi_sponge_2022.xlsx", "params/two.xlsx")
    (tmp_path / "params" / "two.yaml").write_text(plan, encoding="utf-8")

    outcome = run_plan(tmp_path / "params" / "two.yaml", workspace=tmp_path)

    assert [(s.id, s.total, s.interval) for s in outcome.result.subjects] == [
        ("A", None, ["8.00", "98.00"]),
        ("B", "53.00", ["53.00", "53.00"]),
    ]
    kept = (outcome.folder / "notebook.ipynb").read_text(encoding="utf-8")
    assert "评价对象对比" in kept
    assert len(list((outcome.folder / "figures").iterdir())) == 8


# ---------------------------------------------------------------------------------------------------------------------
# the files in the project
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_notebook_in_the_project_is_stripped(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert outputs(notebook) == []
    assert all(c["execution_count"] is None for c in notebook["cells"] if c["cell_type"] == "code")
    ids = [c["id"] for c in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert notebook["cells"][0]["cell_type"] == "markdown"
    tagged = [c for c in notebook["cells"] if "parameters" in c["metadata"].get("tags", [])]
    assert len(tagged) == 1
    # Evaluations take a plan, the review the run it is about, 再评价 a dossier, 复核 the folder of its results, 批量 a folder of plans.
    others = {
        "review.ipynb": 'run = "',
        "re_evaluation.ipynb": 'dossier = "dossiers/',
        "recheck.ipynb": 'folder = "rechecks/',
        "batch.ipynb": 'plans = "params"',
    }
    parameter = others.get(path.name, 'plan = "params/')
    assert "".join(tagged[0]["source"]).startswith(parameter)


def test_code_cells_are_short() -> None:
    notebook = json.loads((ROOT / NOTEBOOK).read_text(encoding="utf-8"))
    assert max(len(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code") <= 3


def test_result_file_is_the_result(outcome: Outcome) -> None:
    assert (outcome.folder / "result.json").read_bytes() == canonical_json(outcome.result.model_dump(), indent=2)


def test_a_changed_notebook_is_another_execution(tmp_path):
    workspace = tmp_path / "w"
    for part in ("params", "notebooks"):
        shutil.copytree(ROOT / part, workspace / part)
    plan = workspace / "params" / "huangshi_sponge_2022.yaml"
    assert not run_plan(plan, workspace=workspace).reused
    notebook = workspace / "notebooks" / "self_evaluation.ipynb"
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(text.replace("# 项目支出绩效自评", "# 另一份"), encoding="utf-8", newline="\n")
    assert not run_plan(plan, workspace=workspace).reused
    outcome = run_plan(plan, workspace=workspace)
    assert outcome.reused and (outcome.folder / "findings.csv").is_file()
