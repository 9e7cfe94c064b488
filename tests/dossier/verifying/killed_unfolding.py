"""Unfolding that is killed. A program: ``killed_unfolding.py DOSSIER INTO SEED KILLS``, JSON on standard output. POSIX only.

Each is a fork, so that nothing is imported again.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from workbench.base.canon import canonical_json
from workbench.dossier.container import open_container
from workbench.dossier.unpacking import parts_of_dossier, result_of
from workbench.runs.opening import open_plan
from workbench.runs.sealed import PLAN_FILE, restore


def unfolding(dossier: Path, into: Path) -> int:
    """The process id of a fork that unfolds."""
    pid = os.fork()
    if pid:
        return pid
    try:
        restore(parts_of_dossier(open_container(dossier)), into)
    finally:
        os._exit(0)


def state(dossier: Path, into: Path) -> str:
    """What is there: nothing, a workspace that gives the sealed result, or something else."""
    if not into.exists():
        return "none"
    again = open_plan(PLAN_FILE, workspace=into).result()
    same = canonical_json(again) == canonical_json(result_of(open_container(dossier)))
    return "whole" if same else "half"


def main(dossier: Path, into: Path, seed: int, kills: int) -> None:
    """Kill so many, the longest after the time one takes."""
    restore(parts_of_dossier(open_container(dossier)), into)  # once, so that everything is imported
    shutil.rmtree(into)
    begin = time.perf_counter()
    os.waitpid(unfolding(dossier, into), 0)
    takes = time.perf_counter() - begin
    assert state(dossier, into) == "whole"
    chance, found = random.Random(seed), Counter[str]()
    for _ in range(kills):
        shutil.rmtree(into, ignore_errors=True)
        pid = unfolding(dossier, into)
        time.sleep(chance.uniform(0, 1.3 * takes))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        found[state(dossier, into)] += 1
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
