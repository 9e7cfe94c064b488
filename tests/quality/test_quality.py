"""The checks that read the source: style, types, imports and documentation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def check(*command: str) -> None:
    """Run a tool on the project and fail with everything it said."""
    # The tools are not what coverage measures, and measuring slows them down.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=env | {"NO_COLOR": "1", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        pytest.fail(f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}", pytrace=False)


def test_ruff_finds_nothing() -> None:
    check("-m", "ruff", "check", ".")


def test_code_is_formatted() -> None:
    check("-m", "ruff", "format", "--check", ".")


def test_types_hold() -> None:
    check("-m", "mypy", "--strict", "workbench")


def test_imports_point_one_way() -> None:
    check("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache")


def test_documentation_builds(tmp_path: Path) -> None:
    check("-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site"))
