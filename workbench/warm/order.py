"""What a kernel is told before its first cell: where it runs, with which environment, seed and limits."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

INLINE = "module://matplotlib_inline.backend_inline"
"""What a notebook's kernel draws with when nobody says anything else."""


@dataclass(frozen=True)
class Order:
    """How a process becomes the kernel of one notebook.

    Attributes:
        cwd: working directory.
        environment: the whole of it; nothing of the warm process stays.
        seed: of ``random`` and ``numpy.random``; None: from the operating system.
        memory: bytes it may allocate beside what is loaded; None: no limit. Kept on Linux only.
    """

    cwd: str
    environment: Mapping[str, str]
    seed: int | None = None
    memory: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain fields to send."""
        return asdict(self)


def python_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """What Python reads when it starts, and no order can change afterwards."""
    return {name: value for name, value in environment.items() if name.startswith("PYTHON")}


def carry_out(order: Order) -> None:
    """Make this process the one that was ordered."""
    os.environ.clear()
    os.environ.update(order.environment)
    if hasattr(time, "tzset"):
        time.tzset()
    tempfile.tempdir = None  # found anew where it is asked for: the warm process had another TMPDIR
    os.chdir(order.cwd)
    _seed(order.seed)
    if order.memory is not None:
        _limit(order.memory)
    _draw_with(order.environment.get("MPLBACKEND"))


def _seed(seed: int | None) -> None:
    # Forks of one process would all draw the same numbers.
    random.seed(seed)
    if (numpy := sys.modules.get("numpy")) is not None:
        numpy.random.seed(seed)


def _limit(memory: int) -> None:
    if sys.platform == "linux":  # elsewhere nobody says how much is loaded already
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _draw_with(backend: str | None) -> None:
    os.environ["MPLBACKEND"] = backend or INLINE
    if (matplotlib := sys.modules.get("matplotlib")) is not None:
        # As matplotlib itself does when it is imported; the backend is loaded when the first figure is drawn.
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
