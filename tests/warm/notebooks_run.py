"""Small notebooks and what they left, for the tests of warm kernels."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import papermill

WARM = "workbench-warm"


def notebook(*cells: str) -> Any:
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )


def executed(folder: Path, *cells: str, engine: str | None = WARM, **options: Any) -> Any:
    usual = {"progress_bar": False, "record_timing": False, "cwd": str(folder), "kernel_name": "python3"}
    return papermill.execute_notebook(notebook(*cells), None, engine_name=engine, **usual | options)


def printed(done: Any) -> str:
    return "".join(o.get("text", "") for cell in done.cells for o in cell.get("outputs", ()))


def wait_for(found: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return value


def gone(pid: int) -> bool:
    """Whether a process is no more, or waits for nothing but to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def children(pid: int) -> list[int]:
    """Processes that it has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
