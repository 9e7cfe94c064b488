"""Run folders appear whole, and what was left half-written does not stay for ever."""

from __future__ import annotations

import os
import time
from pathlib import Path

from workbench.runs.store import FORGOTTEN, staged


def test_what_a_killed_run_left_is_cleared_when_nobody_can_be_writing_on_it(tmp_path: Path) -> None:
    forgotten, running = tmp_path / ".0123456789abcdef-dead", tmp_path / ".0123456789abcdef-busy"
    for folder in (forgotten, running):
        folder.mkdir()
        (folder / "result.json").write_text("{", encoding="utf-8")
    long_ago = time.time() - FORGOTTEN - 60
    os.utime(forgotten, (long_ago, long_ago))
    with staged(tmp_path / "fedcba9876543210") as work:
        (work / "manifest.json").write_text("{}", encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == [running.name, "fedcba9876543210"]
