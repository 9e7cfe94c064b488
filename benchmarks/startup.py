"""``workbench --help`` against ``python -c pass``: the extra time a user waits for help."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median
from typing import Any

RUNS = 9


def seconds(command: list[str]) -> float:
    """Median wall time of a command."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return median(times[1:])


def main() -> dict[str, Any]:
    """Both commands, and the difference."""
    bare = seconds([sys.executable, "-c", "pass"])
    ours = seconds([sys.executable, "-c", "from workbench.cli import main; main()", "--help"])
    extra = ours - bare
    return {
        "what": "workbench --help against python -c pass",
        "baseline": f"{bare * 1000:.0f} ms",
        "ours": f"{ours * 1000:.0f} ms",
        "ratio": f"+{extra:.2f} s",
        "goal": "≤ +0.3 s",
        "met": extra <= 0.3,
    }


if __name__ == "__main__":
    print(main())
