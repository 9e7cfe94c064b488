"""Two runs in other folders, on other dates, in other locales and time zones give the same bytes (issue: “It is done when”)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.runs.opening import open_computed
from workbench.runs.store import run_folder

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, "-c", "from workbench.cli import main; main()"]
WORLDS = (
    # Kiritimati is 26 hours ahead of the other: always another date.
    ("一个 文件夹", {"TZ": "Pacific/Kiritimati", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}),
    ("elsewhere/deep", {"TZ": "Etc/GMT+12", "LANG": "zh_CN.GB18030", "LC_ALL": "POSIX", "PYTHONHASHSEED": "77"}),
)


def run_in(folder: Path, plan: str, environment: dict[str, str]) -> dict[str, str]:
    """Run a plan in a copy of the workspace; the manifest's path → digest."""
    folder.mkdir(parents=True)
    for part in ("params", "notebooks"):
        shutil.copytree(ROOT / part, folder / part)
    done = subprocess.run(
        [*PROGRAM, "run", f"params/{plan}.yaml", "--json"],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    assert done.returncode == 0, done.stderr
    manifest = json.loads((Path(json.loads(done.stdout)["folder"]) / "manifest.json").read_text(encoding="utf-8"))
    return {"digest": manifest["digest"], **manifest["files"]}


@pytest.mark.parametrize("plan", ["huangshi_sponge_2022", "shandong_transition_funds"])
def test_equal_inputs_give_equal_bytes(tmp_path, plan):
    first, second = (run_in(tmp_path / name, plan, environment) for name, environment in WORLDS)
    assert first == second
    assert {"result.json", "scorecard.csv", "notebook.ipynb", "environment.json"} <= set(first)
    assert any(name.startswith("figures/") for name in first)


def set_in(folder: Path, run: Path, environment: dict[str, str]) -> dict[str, bytes]:
    """Every file ``workbench report`` writes for a copy of the run in another world."""
    there = folder / "runs" / run.parent.name / run.name
    shutil.copytree(run, there)
    (folder / "params").mkdir()
    (folder / "notebooks").mkdir()
    command = [*PROGRAM, "report", str(there), "--out", "out", "--json"]
    done = subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, check=True)
    names = json.loads(done.stdout)["files"]
    return {name: (folder / "out" / name).read_bytes() for name in [*names, "files.json"]}


def test_the_full_set_is_the_same_in_another_folder_locale_and_time_zone(workspace: Callable[..., Path], tmp_path):
    evaluation = open_computed("params/plan.yaml", workspace=workspace())
    evaluation.save()
    run = run_folder(evaluation)
    first, second = (set_in(tmp_path / name, run, environment) for name, environment in WORLDS)
    assert first == second
    kinds = [Path(name).suffix for name in first]
    assert {".docx", ".html", ".xlsx"} <= set(kinds) and kinds.count(".svg") == kinds.count(".png") == 4
