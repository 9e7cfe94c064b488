"""``workbench run`` against the bare papermill command on the same notebook and plan."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PLAN, NOTEBOOK = "params/huangshi_sponge_2022.yaml", "notebooks/self_evaluation.ipynb"
RUNS = 5


def timed(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    """Wall time of one command."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=folder, env=environment)
    return time.perf_counter() - start


def main() -> dict[str, Any]:
    """Alternate both commands, so that a busy machine slows both."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    bare, ours = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("params", "notebooks"):
            shutil.copytree(ROOT / part, folder / part)
        papermill = [sys.executable, "-m", "papermill", NOTEBOOK, "out.ipynb", "-f", PLAN, "--cwd", str(folder)]
        workbench = [sys.executable, "-c", "from workbench.cli import main; main()", "run", PLAN, "--force"]
        for _ in range(RUNS + 1):
            bare.append(timed(papermill, folder, environment))
            shutil.rmtree(folder / "runs", ignore_errors=True)
            ours.append(timed(workbench, folder, environment))
            shutil.rmtree(folder / "runs", ignore_errors=True)
    ratio = median(ours[1:]) / median(bare[1:])
    return {
        "what": "workbench run against bare papermill, same notebook",
        "baseline": f"{median(bare[1:]):.2f} s",
        "ours": f"{median(ours[1:]):.2f} s",
        "ratio": round(ratio, 2),
        "goal": "≤ 1.2",
        "met": ratio <= 1.2,
    }


if __name__ == "__main__":
    print(main())
