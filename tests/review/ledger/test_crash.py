"""The promise of the ledger: what was acknowledged is there once, whatever is killed while it writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from workbench.review.ledger.store import open_ledger
from workbench.review.ledger.verify import verify

WRITERS, PROPOSALS, KILLS, SEED = 8, 500, 50, 20260301


def test_nothing_acknowledged_is_lost_or_doubled_or_half_written(tmp_path, url):
    # Measuring coverage of processes that are killed tells nothing and takes half the time.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    numbers = map(str, (SEED, WRITERS, PROPOSALS, KILLS))
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("crash.py"), tmp_path, url or "", *numbers],
        stdout=subprocess.PIPE,
        env=env,
        encoding="utf-8",
        check=True,
    )
    answer = json.loads(done.stdout)
    acknowledged = answer.pop("acknowledged")
    print(answer)
    assert answer["killed"] == KILLS
    assert len(acknowledged) == WRITERS * PROPOSALS

    ledger = open_ledger(tmp_path, "crash", url)
    found = verify(ledger)
    events = ledger.events()
    ledger.close()
    assert found.passed, found.problems
    # Every acknowledged one once, as it was acknowledged; and nothing else, for each was acknowledged in the end.
    assert {e.client_id: [e.seq, e.hash] for e in events} == acknowledged
    assert len(events) == len(acknowledged)
