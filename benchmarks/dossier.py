"""Examining every byte of a 1 GB dossier against one hashlib SHA-256 pass over the same file, alternating."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path
from statistics import median
from typing import Any

from scoring import peak_mb

ROUNDS = 5
SCANS, TABLES, PAPERS = (16, 32 << 20), (200, 2 << 20), (1200, 93_000)
"""Number and bytes of scanned reports, workbooks and small papers: 1.02 GB in 1,416 files."""


def written(path: Path) -> None:
    """A dossier of random bytes."""
    from workbench.dossier.container import BytesSource, write_container
    from workbench.dossier.model import FileEntry, Manifest

    chance, files, sources = random.Random(7), [], {}
    pool = chance.randbytes(33 << 20)
    for kind, (number, size) in {"papers": PAPERS, "scans": SCANS, "tables": TABLES}.items():
        for n in range(number):
            start = chance.randrange(len(pool) - size)
            data, name = memoryview(pool)[start : start + size], f"proof/evidence/{kind}/{n:04d}.bin"
            sha256, crc = hashlib.sha256(data).hexdigest(), f"{zlib.crc32(data):08x}"
            files.append(FileEntry(path=name, sha256=sha256, size=size, crc32=crc, title=name))
            sources[name] = BytesSource(data)
    manifest = Manifest(
        kind="评价档案",
        evaluation="benchmark",
        title="基准",
        run="0" * 64,
        engine="1.0.0",
        ledger_events=0,
        ledger_head="",
        retain_years=None,
        retain_clause=None,
        checklist=[],
        files=files,
    )
    write_container(path, manifest, sources)


def one(path: Path) -> None:
    """Both sides in turn, in a process that does nothing else; the first round apart."""
    from workbench.dossier.container import examine

    theirs, mine = [], []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        with path.open("rb") as stream:
            hashlib.file_digest(stream, "sha256")
        theirs.append(time.perf_counter() - start)
        start = time.perf_counter()
        container, problems = examine(path)
        mine.append(time.perf_counter() - start)
        assert container is not None and not problems
    print(json.dumps({"theirs": median(theirs[1:]), "mine": median(mine[1:]), "peak_mb": peak_mb()}))


def main() -> dict[str, Any]:
    """Both sides, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "档案.zip"
        # Written by a process of its own: the peak of this one would be counted in the next.
        subprocess.run([sys.executable, __file__, "write", path], check=True)
        size = path.stat().st_size
        done = subprocess.run([sys.executable, __file__, "read", path], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    ratio = found["mine"] / found["theirs"]
    return {
        "what": f"examine every byte of a dossier of {size / 1e9:.2f} GB, against one SHA-256 pass",
        "baseline": f"{found['theirs']:.2f} s",
        "ours": f"{found['mine']:.2f} s, peak {found['peak_mb']:.0f} MB",
        "ratio": round(ratio, 2),
        "goal": "≤ 1.4, ≤ 200 MB",
        "met": ratio <= 1.4 and found["peak_mb"] <= 200,
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        {"write": written, "read": one}[sys.argv[1]](Path(sys.argv[2]))
    else:
        print(main())
