"""A writer that is killed while it writes. A program of its own: ``killed.py FOLDER SEED KILLS``, JSON on standard output.

Each writer is a fork, so that nothing is imported again, and says a byte after every dossier it has written. POSIX only.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
import zlib
from pathlib import Path

from workbench.dossier.container import BytesSource, examine, write_container
from workbench.dossier.model import FileEntry, Manifest

SIZE = 1_500_000


def content(title: str) -> tuple[Manifest, dict[str, BytesSource]]:
    """A dossier of one file; the title tells which."""
    data = title.encode() * (SIZE // len(title.encode()))
    sha256, crc = hashlib.sha256(data).hexdigest(), f"{zlib.crc32(data):08x}"
    entry = FileEntry(path="proof/evidence/a.bin", sha256=sha256, size=len(data), crc32=crc, title=title)
    manifest = Manifest(
        kind="工作档案",
        evaluation="killed",
        title=title,
        run="a" * 64,
        engine="1.0.0",
        ledger_events=0,
        ledger_head="",
        retain_years=None,
        retain_clause=None,
        checklist=[],
        files=[entry],
    )
    return manifest, {entry.path: BytesSource(data)}


OLD, NEW = content("old"), content("new")


def write(path: Path, pipe: int) -> None:
    """One and the other, for ever."""
    while True:
        for manifest, sources in (OLD, NEW):
            write_container(path, manifest, sources)
            os.write(pipe, b".")


def started(path: Path, pipe: int) -> int:
    """The process id of a writer."""
    pid = os.fork()
    if pid:
        return pid
    try:
        write(path, pipe)
    finally:
        os._exit(1)


def state(path: Path) -> str:
    """What is there: none, old, new, or what is wrong with it."""
    if not path.exists():
        return "none"
    container, problems = examine(path)
    return " ".join(map(str, problems)) if container is None or problems else container.manifest.title


def main(folder: Path, seed: int, kills: int) -> None:
    """Kill so many writers, looking at the file after each; the last writer is left in peace."""
    chance, found, killed = random.Random(seed), [], 0
    path = folder / "档案.zip"
    ear, mouth = os.pipe()
    for number in range(kills):
        pid = started(path, mouth)
        if number:  # the first may die before it has written anything
            os.read(ear, 1)
        time.sleep(chance.uniform(0, 0.02))
        os.kill(pid, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(pid, 0)[1])
        found.append(state(path))
    parts = len(list(folder.glob(".*.part")))
    write_container(path, *NEW)
    found.append(state(path))
    left = len([p for p in folder.iterdir() if p != path])
    print(json.dumps({"killed": killed, "found": found, "parts": parts, "left": left}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
