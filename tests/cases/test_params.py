"""The workbooks of params/ and of the worked examples are what scripts/make_params.py makes of the facts."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "make_params.py"


def make(out: Path, **environment: str) -> dict[str, bytes]:
    command = [sys.executable, str(SCRIPT), "--out", str(out)]
    subprocess.run(command, check=True, env=os.environ | environment, cwd=out, stdout=subprocess.PIPE)
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*.xlsx"))}


def members(data: bytes, folder: Path) -> dict[str, bytes]:
    path = folder / "one.xlsx"
    path.write_bytes(data)
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return make(tmp_path_factory.mktemp("made"))


def test_same_facts_give_the_same_bytes(made: dict[str, bytes], tmp_path: Path) -> None:
    assert make(tmp_path, TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="7") == made


def test_workbooks_in_the_project_are_made_from_the_facts(made: dict[str, bytes], tmp_path: Path) -> None:
    # Contents, not archives: another zlib packs the same sheets into other bytes.
    for name, data in made.items():
        assert members((ROOT / name).read_bytes(), tmp_path) == members(data, tmp_path), name


def test_every_workbook_has_its_facts(made: dict[str, bytes]) -> None:
    here = {p.relative_to(ROOT).as_posix() for p in (ROOT / "params" / "evidence").glob("*.xlsx")}
    made_here = {name for name in made if name.startswith("params/")}
    assert made_here <= here
    assert {Path(n).stem for n in made_here} == {p.stem for p in (ROOT / "params" / "facts").glob("*.yaml")}
