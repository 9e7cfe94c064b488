"""10⁶ subjects × 40 indicators scored and written, against numpy and DuckDB by hand: same inputs in memory, same columns.

The hand side is what a careful analyst would write: whole columns in numpy, rounded half-up in integers, then one COPY by
DuckDB (pandas has no Parquet writer of its own here) with numbers as DECIMAL. Its answer is compared with ours, row by row.

uv run python benchmarks/million.py curve    # 1 … 10⁶ subjects, 10 … 500 indicators
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from scoring import INDICATORS, by_hand, made, pack_folder, peak_mb

SUBJECTS = 1_000_000
RATIO, MEGABYTES = 3.0, 2048
CONTENT = """SELECT count(*), bit_xor(hash(file_row_number, *COLUMNS(lambda c: NOT ends_with(c, '_branch'))))
    FROM read_parquet(?, file_row_number = true)"""
CURVE = [*((10**power, 40) for power in range(7)), (10**5, 10), (10**5, 100), (10**5, 500)]


def inputs(subjects: int, indicators: int) -> dict[str, Any]:
    """The same columns for both sides, with an id for every subject."""
    return {"subject": np.array([f"P{i:07d}" for i in range(subjects)], dtype=object), **made(subjects, indicators)}


def hand(columns: dict[str, Any], out: Path, threads: int = 1) -> None:
    """Score and write as an analyst would."""
    subject, values = columns["subject"], {k: v for k, v in columns.items() if k != "subject"}
    written: dict[str, Any] = {"subject": subject}
    written["low"], written["high"], written["grade"] = by_hand(values, written)
    heads = ["subject"]
    for i, name in enumerate(values):
        code = f"I{i:02d}"
        for part in ("value", "points"):
            number = f"CAST(CAST({name}_{part} AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(18, 2))"
            heads.append(f"CASE WHEN {name}_valid THEN {number} END AS {code}_{part}")
        heads.append(f"CAST(CASE WHEN {name}_valid THEN 1 ELSE 2 END AS TINYINT) AS {code}_status")
        heads.append(f"CAST({name}_branch AS TINYINT) AS {code}_branch")
    heads += [f"CAST(CAST({x} AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(18, 2)) AS total_{x}" for x in ("low", "high")]
    heads.append("CASE grade WHEN 0 THEN '优' WHEN 1 THEN '良' WHEN 2 THEN '中' WHEN 3 THEN '差' END AS grade")
    with duckdb.connect(config={"threads": threads}) as connection:
        connection.register("written", written)
        connection.execute(
            f"COPY (SELECT {', '.join(heads)}, true AS provisional FROM written) TO '{out}' (FORMAT parquet)"
        )


def one(which: str, subjects: int, indicators: int, folder: Path) -> None:
    """One side in a process of its own: seconds and peak memory; ours also from file to file."""
    out = folder / f"{which}.parquet"
    if which == "ours-from-file":
        source: Any = folder / "in.parquet"
    else:
        source = inputs(subjects, indicators)
    inputs_mb = peak_mb()
    if which.startswith("ours"):
        import workbench as wb

        workspace = folder / "workspace"
        wb.score_to_parquet("benchmark", inputs(100, indicators), out, workspace=workspace)  # imports
        start, cpu_start = time.perf_counter(), time.process_time()
        wb.score_to_parquet("benchmark", source, out, workspace=workspace)
    elif which == "inputs":
        start, cpu_start = time.perf_counter(), time.process_time()
        with duckdb.connect() as connection:
            connection.register("given", source)
            connection.execute(f"COPY (FROM given) TO '{folder / 'in.parquet'}' (FORMAT parquet)")
    else:
        start, cpu_start = time.perf_counter(), time.process_time()
        hand(source, out, threads=2 if which == "hand-2" else 1)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu_start
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "peak_mb": peak_mb(), "inputs_mb": inputs_mb}))


def measured(subjects: int, indicators: int) -> dict[str, Any]:
    """All sides; raises SystemExit when the files differ in any cell but the branch, whose numbering is a matter of taste."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pack_folder(folder / "workspace", indicators)
        sides = {}
        # Each in a process of its own, the making of the inputs too: a process begins with its parent's peak memory.
        for which in ("inputs", "hand", "hand-2", "ours", "ours-from-file"):
            command = [sys.executable, __file__, which, str(subjects), str(indicators), name]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            sides[which] = json.loads(done.stdout.splitlines()[-1])
        del sides["inputs"]
        with duckdb.connect() as connection:
            found = {w: connection.execute(CONTENT, [str(folder / f"{w}.parquet")]).fetchone() for w in sides}
        if len(set(found.values())) != 1:
            raise SystemExit(f"results differ: {found}")
        return sides


def main() -> dict[str, Any]:
    """The goal: a million subjects with 40 indicators. The faster of two ways by hand counts."""
    sides = measured(SUBJECTS, INDICATORS)
    by_hand_seconds = min(sides["hand"]["seconds"], sides["hand-2"]["seconds"])
    ours, peak = sides["ours"]["seconds"], max(sides[which]["peak_mb"] for which in ("ours", "ours-from-file"))
    return {
        "what": f"score and write {SUBJECTS:,} subjects × {INDICATORS} indicators against numpy and DuckDB by hand",
        "baseline": f"{by_hand_seconds:.1f} s, peak {sides['hand']['peak_mb']:.0f} MB",
        "ours": f"{ours:.1f} s (from file {sides['ours-from-file']['seconds']:.1f} s), peak {peak:.0f} MB",
        "ratio": round(ours / by_hand_seconds, 2),
        "goal": f"≤ {RATIO:g}, ≤ {MEGABYTES} MB",
        "met": ours <= RATIO * by_hand_seconds and peak <= MEGABYTES,
    }


if __name__ == "__main__":
    if len(sys.argv) > 2:
        one(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
    elif len(sys.argv) > 1:
        for subjects, indicators in CURVE:
            print(subjects, indicators, json.dumps(measured(subjects, indicators)), flush=True)
    else:
        print(main())
