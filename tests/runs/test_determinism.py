"""Two runs in other folders, on other dates, in other locales and time zones give the same bytes (issue: “It is done when”)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from workbench.cli import main; main()", "run"]
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
        [*COMMAND, f"params/{plan}.yaml", "--json"],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    assert done.returncode == 0, done.stderr
    manifest = json.loads((Path(json.loads(done.stdout)["folder"]) / "manifest.json").read_text(encoding="utf-8"))
    return {"digest": manifest["digest"], **manifest["files"]}


@pytest.mark.parametrize("plan", ["huangshi_sponge_2022", "training_unit_cost_lvliang_2021"])
def test_equal_inputs_give_equal_bytes(tmp_path, plan):
    first, second = (run_in(tmp_path / name, plan, environment) for name, environment in WORLDS)
    assert first == second
    assert {"result.json", "scorecard.csv", "notebook.ipynb", "environment.json"} <= set(first)
    assert any(name.startswith("figures/") for name in first)
