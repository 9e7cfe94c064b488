"""A ``seal`` that is killed at work. A program of its own: ``killed_seal.py FOLDER RUN WORKSPACE DOCUMENTS``.

Each is a fork, so that nothing is imported again; it seals with and without the papers in turn, and says a byte after each.
JSON on standard output. POSIX only.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from workbench.dossier.container import examine
from workbench.dossier.sealing.seal import seal
from workbench.runs.store import StoredRun

KILLS = 6
LONGEST = 0.15
"""Seconds until the kill: some three seals."""


def work(out: Path, run: StoredRun, workspace: Path, documents: Path, pipe: int) -> None:
    """With the papers and without, for ever."""
    while True:
        for given in (None, documents):
            seal(run, workspace, out, documents=given)
            os.write(pipe, b".")


def state(path: Path) -> str:
    """What is there: none, old, new, or what is wrong with it."""
    if not path.exists():
        return "none"
    container, problems = examine(path)
    if container is None or problems:
        return " ".join(map(str, problems))
    return "new" if any("/documents/" in f.path for f in container.manifest.files) else "old"


def main(folder: Path, run: StoredRun, workspace: Path, documents: Path) -> None:
    """Kill so many, looking at the file after each; the last one is left in peace."""
    out, chance, found, killed = folder / "档案.zip", random.Random(20260301), [], 0
    ear, mouth = os.pipe()
    for number in range(KILLS):
        pid = os.fork()
        if not pid:
            try:
                work(out, run, workspace, documents, mouth)
            finally:
                os._exit(1)
        if number:  # the first may die before it has written anything
            os.read(ear, 1)
        time.sleep(chance.uniform(0, LONGEST))
        os.kill(pid, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(pid, 0)[1])
        found.append(state(out))
    seal(run, workspace, out, documents=documents)
    found.append(state(out))
    print(json.dumps({"killed": killed, "found": found, "left": len([p for p in folder.iterdir() if p != out])}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), StoredRun(Path(sys.argv[2])), Path(sys.argv[3]), Path(sys.argv[4]))
