"""What LibreOffice rendered: kept as pages to look at, and checked for letters no font has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection, TTFont

RENDERED = Path(__file__).resolve().parents[2] / "build" / "rendered"
"""Not in git; CI keeps it with each run (.github/workflows/ci.yml), so that somebody can leaf through what was rendered."""


@pytest.fixture(scope="session")
def keep() -> Callable[[Path, str], Path]:
    """``keep(pdf, name)``: puts a PDF and its pages as PNG into ``build/rendered/name``, in place of those of the last run."""

    def put(pdf: Path, name: str) -> Path:
        folder = RENDERED / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copy(pdf, folder / f"{name}.pdf")
        subprocess.run(["pdftoppm", "-r", "50", "-png", pdf, folder / "page"], check=True, timeout=120)
        return folder

    return put


@pytest.fixture(scope="session")
def undrawn(chinese_fonts: dict[str, str]) -> Callable[[Path], set[str]]:
    """``undrawn(pdf)``: characters that none of the fonts in it has, so that they were drawn as .notdef (a box, or nothing)."""
    environment = os.environ | chinese_fonts

    def said(*command: str | Path) -> str:
        return subprocess.run(
            command, stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=60, env=environment
        ).stdout

    @cache
    def known(font: str) -> frozenset[int]:
        files = {line.rstrip(": ") for line in said("fc-list", f":postscriptname={font}", "file").splitlines()}
        assert files, f"no font file is called {font}"
        fonts = [f for file in files for f in (TTCollection(file) if file.endswith(".ttc") else [TTFont(file)])]
        return frozenset().union(*(f.getBestCmap() for f in fonts))

    def look(pdf: Path) -> set[str]:
        names = {line.split()[0] for line in said("pdffonts", pdf).splitlines()[2:]}
        drawn = frozenset().union(*(known(re.sub(r"^[A-Z]{6}\+", "", name)) for name in names))
        return {c for c in said("pdftotext", pdf, "-") if not c.isspace() and ord(c) not in drawn}

    return look
