"""Processes that open a ledger for the first time at once: ``openers.py WORKSPACE URL PROCESSES``. POSIX only (fork).

Each says whether it had to import Alembic: the answer is a JSON list on standard output.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from ledger_drafts import anything, opinion

from workbench.review.ledger.store import open_ledger


def main(workspace: Path, url: str | None, processes: int) -> None:
    """Fork, let all of them go at one moment, and hear what they say."""
    gate, key = os.pipe()
    ear, mouth = os.pipe()
    pids = []
    for number in range(processes):
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.close(key)
                os.read(gate, 1)  # returns when the parent closes its end
                ledger = open_ledger(workspace, "demo", url, create=True)
                ledger.append(opinion(1, expert=f"expert{number}"), 0, anything)
                os.write(mouth, b"1" if "alembic" in sys.modules else b"0")
                code = 0
            finally:
                os._exit(code)
        pids.append(pid)
    os.close(key)
    codes = [os.waitpid(pid, 0)[1] for pid in pids]
    assert codes == [0] * processes, codes
    print(json.dumps([int(c) for c in os.read(ear, processes).decode()]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] or None, int(sys.argv[3]))
