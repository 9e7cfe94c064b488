"""JupyterLab on a workspace: news and update toasts off, kernels as runs have them."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
            server = subprocess.Popen(command)
        with _signals_for(server):
            return server.wait()


@contextmanager
def _signals_for(server: subprocess.Popen[bytes]) -> Iterator[None]:
    """Leave Ctrl-C to the server, which asks before it stops its kernels; take it along when we are told to end."""
    before = {signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None)}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, lambda *_: server.terminate())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
