"""Old dossiers stay verifiable: a promise to whoever archives one.

``stored/<version>.dossier.zip`` were sealed by that version, with Python 3.11 on Linux, and are never made anew: every later version
has to verify them and to run them again with the same points. They hold two subjects, a bonus, a review with a data correction,
an attachment and a paper, and a signature whose key is gone; ``-plugin`` holds the answers of a plugin that is nowhere installed.
When the format gets a new version, its dossiers are added: ``python tests/dossier/stored/make.py v2 tests/dossier/stored``.

By hand, S1 of the review: D 14.00 as the experts say, Q 75 % of 30 = 22.50, P 90 % of 50 = 45.00 as corrected, bonus 2.00.
With the plugin: D (80 + 5) % of 20 = 17.00, Q 22.50, P 93.5 % of 50 = 46.75, bonus 2.00. S2 is 90 % of everything; 95 % of D.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workbench.base.canon import canonical_json
from workbench.dossier.container import open_container
from workbench.dossier.trust.keys import trusted_keys
from workbench.dossier.unpacking import parts_of_dossier, result_of
from workbench.dossier.verifying.verify import verify
from workbench.runs.opening import open_plan
from workbench.runs.sealed import PLAN_FILE, restore

STORED = Path(__file__).resolve().parent / "stored"
TOTALS = {"v1": ["83.50", "90.00"], "v1-plugin": ["88.25", "91.00"]}
ELSEWHERE = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "7"}


def dossier(version: str) -> Path:
    return STORED / f"{version}.dossier.zip"


def test_every_stored_dossier_is_looked_at():
    assert {p.name for p in STORED.glob("*.zip")} == {dossier(v).name for v in TOTALS}


@pytest.mark.parametrize("version", TOTALS)
def test_a_stored_dossier_verifies(version):
    found = verify(dossier(version))
    assert found.holds, [str(p) for c in found.checks for p in c.problems]
    assert [s.total for s in result_of(open_container(dossier(version))).subjects] == TOTALS[version]
    assert len(found.not_recomputed) == (version == "v1-plugin")


def test_its_signature_is_still_valid():
    trusted = trusted_keys([STORED / "v1.pub"])
    assert verify(dossier("v1"), trusted).holds
    assert not verify(dossier("v1-plugin"), trusted).holds  # nobody has signed it


@pytest.mark.parametrize("version", TOTALS)
def test_a_stored_dossier_gives_the_same_result_again(version, tmp_path):
    container = open_container(dossier(version))
    again = open_plan(PLAN_FILE, workspace=restore(parts_of_dossier(container), tmp_path / "again"))
    sealed = result_of(container)
    if sealed.engine == again.result().engine:
        assert canonical_json(again.result()) == canonical_json(sealed)
        assert again.digest == container.manifest.run
    assert [s.total for s in again.result().subjects] == TOTALS[version]


def _workbench(*arguments: str, cwd: Path) -> Any:
    """What a command says with ``--json``, in another place, time zone and locale."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("WORKBENCH_", "LC_", "COVERAGE", "COV_"))}
    done = subprocess.run(
        [sys.executable, "-c", "from workbench.cli import main; main()", *arguments, "--json"],
        cwd=cwd,
        env=kept | ELSEWHERE,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_elsewhere_it_verifies_and_runs_again_identically(tmp_path):
    """Two processes and a kernel."""
    folder = tmp_path / "另一个 文件夹"
    folder.mkdir()
    path = shutil.copy(dossier("v1"), folder / "档案.zip")
    found = _workbench("verify", str(path), cwd=folder)
    assert found["holds"] and not found["not_recomputed"]
    again = _workbench("rerun", str(path), "--into", "again", cwd=folder)
    assert again["differences"] == [] and again["parent"]
    sealed = result_of(open_container(dossier("v1")))
    written = (folder / again["run"] / "result.json").read_bytes()
    if again["identical"]:
        assert written == open_container(dossier("v1")).read("conclusion/result.json")
    else:
        assert sealed.engine.version != json.loads(written)["engine"]["version"]
