"""A process of its own for parsers that a hostile file could keep busy for hours, or make fill the memory.

Inside a parser nothing of ours counts, so it runs under limits of the system, and at worst that process ends. This module is
both sides: :func:`parsed_apart` starts it, and run as a program it is the child.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

CPU_SECONDS = 3
MEMORY = 160 * 1024**2
SECONDS = 30
"""By the clock; the limit of computing time is tighter, where the system has one."""


def parsed_apart(worker: str, path: Path) -> dict[str, Any] | None:
    """What ``read(path)`` of a module of this package answers; None when it broke a limit. Raises OSError.

    The answer is JSON. A module that refuses answers ``{"error": …}``; what breaks its parser is answered as ``damaged``.
    """
    # Opened here first: why the system refuses a file is told in this process.
    with path.open("rb"):
        pass
    # -P: the folder people work in, which may hold any xlrd.py, is no place to import from.
    command = [sys.executable, "-P", "-m", __name__, worker, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return found


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has none
        return
    for what, most in ((resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_DATA, MEMORY)):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def answer(worker: str, path: str) -> dict[str, Any]:
    """What the child answers. Raises MemoryError."""
    try:
        # What a parser grumbles is nobody's answer.
        with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
            found: dict[str, Any] = importlib.import_module(f"{__package__}.{worker}").read(path)
    except MemoryError:
        raise
    except Exception:  # A parser raises whatever a damaged file makes it raise.
        return {"error": "damaged"}
    return found


if __name__ == "__main__":
    _limit()
    sys.stdout.write(json.dumps(answer(*sys.argv[1:])))
