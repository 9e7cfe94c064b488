"""JupyterLab on a workspace: news and update toasts off, kernels as runs have them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from workbench.base.canon import canonical_json
from workbench.runs.kernel import kernel_environment
from workbench.runs.workspace import VARIABLE

OVERRIDES = {
    # The news toast covers the page and its first button opens blank tabs where there is no network.
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
}


def run_lab(workspace: Path, arguments: Sequence[str] = ()) -> int:
    """Start JupyterLab with ``workspace`` as its root and wait; returns its exit code."""
    with tempfile.TemporaryDirectory(prefix="workbench-lab-") as settings:
        (Path(settings) / "overrides.json").write_bytes(canonical_json(OVERRIDES))
        command = [
            *(sys.executable, "-m", "jupyterlab"),
            f"--LabApp.app_settings_dir={settings}",
            f"--ServerApp.root_dir={workspace.resolve()}",
            *arguments,
        ]
        with kernel_environment({VARIABLE: str(workspace.resolve())}):
            return subprocess.run(command, check=False).returncode
