"""Writers that are killed while they write. A program of its own: ``crash.py WORKSPACE URL SEED WRITERS PROPOSALS KILLS``.

Everything is imported once and each writer is a fork, so that a killed one is back within milliseconds. A writer says
``writer index seq hash`` through a pipe after the ledger has acknowledged a proposal and not before. Once killed it goes on
with the first proposal it has not been heard to acknowledge, under the same client id. The answer is JSON on standard output.

POSIX only: SIGKILL and fork.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from pathlib import Path

from ledger_drafts import anything, opinion

from workbench.review.events import Draft
from workbench.review.ledger.store import open_ledger

EVALUATION = "crash"


def draft(writer: int, index: int) -> Draft:
    """Proposal ``index`` of a writer; the same every time."""
    return opinion(index + 1, expert=f"expert{writer}")


def write(workspace: Path, url: str | None, writer: int, start: int, proposals: int, pipe: int) -> None:
    """Propose from ``start`` on, each time after what this writer last saw."""
    ledger = open_ledger(workspace, EVALUATION, url)
    seen = ledger.head().seq
    for index in range(start, proposals):
        event = ledger.append(draft(writer, index), seen, anything)
        seen = max(seen, event.seq)
        os.write(pipe, f"{writer} {index} {event.seq} {event.hash}\n".encode())


class Crowd:
    """The writers, and what they were heard to acknowledge."""

    def __init__(self, workspace: Path, url: str | None, writers: int, proposals: int) -> None:
        self.arguments = (workspace, url)
        self.proposals = proposals
        self.ear, self.mouth = os.pipe()
        os.set_blocking(self.ear, False)
        self.heard: dict[int, list[tuple[int, str]]] = {w: [] for w in range(writers)}
        self.pids = {w: self.start(w) for w in range(writers)}
        self.rest = b""

    def start(self, writer: int) -> int:
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            write(*self.arguments, writer, len(self.heard[writer]), self.proposals, self.mouth)
            code = 0
        finally:
            os._exit(code)

    def listen(self, seconds: float) -> None:
        """Take in what was said, waiting at most so long for the first word."""
        select.select([self.ear], [], [], seconds)
        while True:
            try:
                self.rest += os.read(self.ear, 1 << 16)
            except BlockingIOError:
                break
        *lines, self.rest = self.rest.split(b"\n")
        for line in lines:
            writer, index, seq, digest = line.decode().split()
            assert int(index) == len(self.heard[int(writer)]), "acknowledged out of turn"
            self.heard[int(writer)].append((int(seq), digest))

    @property
    def count(self) -> int:
        return sum(map(len, self.heard.values()))

    def busy(self) -> list[int]:
        return [w for w, heard in self.heard.items() if len(heard) < self.proposals]

    def kill(self, writer: int) -> bool:
        """Kill and start again. False when the writer had come to its end by itself."""
        os.kill(self.pids[writer], signal.SIGKILL)
        _, status = os.waitpid(self.pids[writer], 0)
        self.listen(0)
        killed = os.WIFSIGNALED(status)
        assert killed or status == 0, f"writer {writer} failed by itself"
        self.pids[writer] = self.start(writer)
        return killed


def main(workspace: Path, url: str | None, seed: int, writers: int, proposals: int, kills: int) -> None:
    """Run the crowd to its end."""
    open_ledger(workspace, EVALUATION, url, create=True).close()
    chance = random.Random(seed)
    # By acknowledgements, not by the clock: every kill happens however fast the machine is.
    moments = sorted(chance.sample(range(1, writers * proposals * 9 // 10), kills))
    crowd, killed, begun = Crowd(workspace, url, writers, proposals), 0, time.monotonic()
    while crowd.busy():
        crowd.listen(1.0)
        while killed < kills and crowd.count >= moments[killed]:
            time.sleep(chance.uniform(0, 0.003))
            killed += crowd.kill(chance.choice(crowd.busy()))
        ended = [w for w in crowd.busy() if os.waitpid(crowd.pids[w], os.WNOHANG)[0]]
        crowd.listen(0)
        assert all(len(crowd.heard[w]) == proposals for w in ended), f"writers {ended} failed"
    seconds = time.monotonic() - begun
    said = {draft(w, i).client_id: heard for w, all_of in crowd.heard.items() for i, heard in enumerate(all_of)}
    print(json.dumps({"seed": seed, "killed": killed, "seconds": round(seconds, 1), "acknowledged": said}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] or None, *map(int, sys.argv[3:]))
