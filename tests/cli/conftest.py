"""The command in this process, and a scaffolded pack in a workspace of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from workbench.cli.app import application
from workbench.cli.packs_new import write_pack
from workbench.runs.opening import open_plan
from workbench.runs.store import run_folder, seal_folder, write_files

ROOT = Path(__file__).resolve().parents[2]


class Cli:
    """Runs ``workbench`` in this process; the last result stays."""

    def __call__(self, *args: str, code: int | None = None) -> Any:
        self.result = CliRunner().invoke(application(), list(args), prog_name="workbench")
        if code is not None:
            assert self.result.exit_code == code, self.result.output
        assert "Traceback" not in self.result.output
        return self.result

    def json(self, *args: str, code: int = 0) -> Any:
        """Run with ``--json`` and read the answer."""
        return json.loads(self(*args, "--json", code=code).stdout)


@pytest.fixture
def cli():
    return Cli()


@pytest.fixture
def workspace(tmp_path, monkeypatch) -> Path:
    """An empty workspace, and the current folder."""
    folder = tmp_path / "workspace"
    for name in ("params", "notebooks", "packs"):
        (folder / name).mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)
    return folder


@pytest.fixture
def finished(workspace) -> Callable[..., Path]:
    """``finished(name)``: the folder of a run of one of our published plans."""

    def make(name: str) -> Path:
        for file in (f"{name}.yaml", f"evidence/{name}.xlsx"):
            target = workspace / "params" / file
            target.parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / "params" / file, target)
        evaluation = open_plan(workspace / "params" / f"{name}.yaml", workspace=workspace)
        folder = run_folder(evaluation)
        write_files(evaluation, folder)
        seal_folder(folder, evaluation.digest)
        return folder

    return make


@pytest.fixture
def roads(workspace) -> Path:
    """A new pack ``roads`` in the workspace."""
    folder = workspace / "packs" / "roads"
    write_pack(folder, "roads", "农村公路")
    return folder
