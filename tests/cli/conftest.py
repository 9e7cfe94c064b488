"""The command in this process, and a scaffolded pack in a workspace of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from workbench.cli.app import application
from workbench.cli.packs_new import write_pack


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
def roads(workspace) -> Path:
    """A new pack ``roads`` in the workspace."""
    folder = workspace / "packs" / "roads"
    write_pack(folder, "roads", "农村公路")
    return folder
