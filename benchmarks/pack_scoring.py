"""Every field pack on 1,000 generated subjects against numpy by hand: same inputs in memory, same rounding, same answer.

A module of ``packs/`` holds for one pack:

- ``PACK``: its id, and ``VARIANT``: its tree, if it offers any;
- ``made(n, seed)``: ``(subjects, tables)`` as ``wb.score`` takes them, blanks included;
- ``by_hand(subjects, tables)``: a ``Hand`` (see hand.py).
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from hand import Hand

SUBJECTS, ROUNDS, GOAL = 1_000, 7, 3.0
SEED = 11


def differences(hand: Hand, ours: Any) -> list[str]:
    """Where the two sides disagree, in a line each."""
    found = []
    for scores in ours.card.indicators:
        theirs = hand.points.get(scores.code)
        if theirs is None:
            found.append(f"{scores.code}: not computed by hand")
            continue
        mine = np.where(scores.settled, scores.final, -1)
        rows = np.flatnonzero(mine != theirs)
        if rows.size:
            found.append(f"{scores.code}: {rows.size} differ, first row {rows[0]}: {theirs[rows[0]]} / {mine[rows[0]]}")
    for name, theirs, mine in (("low", hand.low, ours.totals.low), ("high", hand.high, ours.totals.high)):
        rows = np.flatnonzero(np.asarray(theirs) != mine)
        if rows.size:
            found.append(f"total {name}: {rows.size} differ, first row {rows[0]}")
    return found


def median(action: Callable[[], Any]) -> float:
    """Seconds of one call, the median of several after a first one that does not count."""
    action()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return sorted(times)[ROUNDS // 2]


def one(module: Any) -> dict[str, Any]:
    """Both sides of one pack."""
    import workbench as wb

    subjects, tables = module.made(SUBJECTS, SEED)
    variant = getattr(module, "VARIANT", None)
    wrong = differences(
        module.by_hand(subjects, tables), wb.score(module.PACK, subjects, tables=tables, variant=variant)
    )
    if wrong:
        raise SystemExit(f"{module.PACK}: results differ\n" + "\n".join(wrong))
    hand = median(lambda: module.by_hand(subjects, tables))
    ours = median(lambda: wb.score(module.PACK, subjects, tables=tables, variant=variant))
    rows = sum(len(next(iter(t.values()))) for t in tables.values())
    return {
        "what": f"{module.PACK}: {SUBJECTS:,} subjects, {rows:,} detail rows, against numpy by hand",
        "baseline": f"{hand * 1000:.0f} ms",
        "ours": f"{ours * 1000:.0f} ms",
        "ratio": round(ours / hand, 2),
        "goal": f"≤ {GOAL:g}",
        "met": ours / hand <= GOAL,
    }


def main() -> list[dict[str, Any]]:
    """All packs, or those named on the command line."""
    sys.path.insert(0, str(Path(__file__).parent))
    names = sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent / "packs")]))
    wanted = [n for n in names if not sys.argv[1:] or n in sys.argv[1:] or Path(sys.argv[0]).name == "run.py"]
    return [one(importlib.import_module(f"packs.{name}")) for name in wanted]


if __name__ == "__main__":
    for row in main():
        print(row)
