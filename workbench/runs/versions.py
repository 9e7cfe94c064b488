"""The engine's version, and the environment a run records."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from functools import cache
from pathlib import Path

from workbench.base.canon import digest_file, digest_of
from workbench.base.walking import files_below

ENGINE_VERSION = "1.2.0"
"""Version of the scoring semantics. It changes when the same inputs could give another result, and is part of every digest."""

RECORDED = (
    *("workbench", "duckdb", "numpy", "pandas", "pydantic", "matplotlib", "papermill", "nbclient", "nbformat"),
    *("ipykernel", "python-calamine", "PyYAML", "pluggy", "zhplot"),
)


def environment() -> dict[str, object]:
    """Interpreter, platform, exact package versions and the font file: what byte-equal figures depend on."""
    from workbench.reports.style import font_path

    packages = {}
    for name in RECORDED:
        try:
            packages[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": packages,
        "font": {"name": font_path().name, "sha256": digest_file(font_path())},
    }


@cache
def code_digest(*parts: str) -> str:
    """SHA-256 over this program's own files, or those of its ``parts`` alone (``recheck/files``): a correction of ours shows."""
    root = Path(__file__).parents[1]
    files = [file for place in [root / part for part in parts] or [root] for file in files_below(place)]
    return digest_of({file.relative_to(root).as_posix(): digest_file(file) for file in files})
