"""Scoring 100,000 subjects × 40 indicators against numpy by hand, same inputs in memory, same declared rounding."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

SUBJECTS, INDICATORS = 100_000, 40
KINDS = ("proportional", "pass", "banded", "step")
MISSING = 0.02


def made(subjects: int = SUBJECTS, indicators: int = INDICATORS) -> dict[str, Any]:
    """Values in percent with two decimals, 2 % missing."""
    random = np.random.default_rng(7)
    columns: dict[str, Any] = {}
    for i in range(indicators):
        values = np.round(random.uniform(30, 130, subjects), 2)
        values[random.random(subjects) < MISSING] = np.nan
        columns[f"v{i:02d}"] = values
    return columns


def by_hand(columns: dict[str, Any], kept: dict[str, Any] | None = None) -> tuple[Any, Any, Any]:
    """What a careful analyst would write in numpy: half-up at two decimals for value, points and total.

    ``kept`` takes the columns of every indicator, for whoever writes them.
    """
    n, full = len(next(iter(columns.values()))), 10_000 // len(columns)
    low = np.zeros(n, dtype=np.int64)
    high = np.zeros(n, dtype=np.int64)
    complete = np.ones(n, dtype=bool)
    for i, (name, raw) in enumerate(columns.items()):
        valid = ~np.isnan(raw)
        value = np.floor(np.where(valid, raw, 0) * 100 + 0.5 + 1e-9).astype(np.int64)
        kind = KINDS[i % len(KINDS)]
        if kind == "proportional":
            points = np.where(value >= 10000, full, (2 * full * value + 10000) // 20000)
            branch = np.where(value >= 10000, 1, 2)
        elif kind == "pass":
            over = np.maximum(value - 6000, 0)
            points = np.where(value >= 10000, full, (2 * full * over + 4000) // 8000)
            branch = np.select([value >= 10000, value < 6000], [1, 3], 2)
        elif kind == "banded":
            shares = [full, (full * 160 + 100) // 200, (full * 100 + 100) // 200]
            points = np.select([value >= 9000, value >= 8000, value >= 6000], shares, 0)
            branch = np.where(value >= 6000, 1, 2)
        else:
            short = np.maximum(9000 - value, 0)
            points = np.maximum((2 * (full * 100 - 10 * short) + 100) // 200, 0)
            branch = np.where(short == 0, 1, 2)
        points = np.where(valid, points, 0)
        low += points
        high += np.where(valid, points, full)
        complete &= valid
        branch = np.where(valid, branch, 0)
        if kept is not None:
            kept |= {f"{name}_value": value, f"{name}_points": points, f"{name}_branch": branch, f"{name}_valid": valid}
    grade = np.select([low >= 9000, low >= 8000, low >= 6000], [0, 1, 2], 3)
    return low, high, np.where(complete, grade, -1)


def pack_folder(root: Path, indicators: int = INDICATORS) -> Path:
    """A workspace with a pack of the same rules."""
    rules = {
        "proportional": "{kind: proportional}",
        "pass": "{kind: proportional, params: {pass_at: 60}}",
        "banded": "{kind: banded, params: {bands: [{at: 90, share: 100}, {at: 80, share: 80}, {at: 60, share: 50}]}}",
        "step": '{kind: step_deduction, params: {threshold: 90, step: 1, per_step: "0.1", partial: linear}}',
    }
    fields = "\n".join(
        f"    - {{name: v{i:02d}, title: 指标{i:02d}, type: percent, unit: '%', decimals: 2}}"
        for i in range(indicators)
    )
    listed = "\n".join(
        f'    - {{code: I{i:02d}, name: 指标{i:02d}, level1: 一级{i % 4}, weight: "{100 / indicators:g}", direction: gte, '
        f"unit: '%', value: v{i:02d}, target: \"100\", rule: {rules[KINDS[i % len(KINDS)]]}, example: true}}"
        for i in range(indicators)
    )
    folder = root / "packs" / "benchmark"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(
        "pack:\n  id: benchmark\n  version: 1.0.0\n  api_version: 1\n  title: 基准\n  object: 基准\n"
        "  basis: [{document: 无}]\n  ruleset: caiyu-2020-10\n"
        f"  subject_fields:\n{fields}\n  indicators:\n{listed}\n",
        encoding="utf-8",
    )
    return root


def peak_mb() -> float:
    """Peak memory of this process in MB; not known on Windows."""
    if sys.platform == "win32":
        return float("nan")
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024**2


def one(which: str) -> None:
    """Time one side in a process of its own: median of five, first run apart."""
    columns = made()
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        if which == "ours":
            import workbench as wb

            workspace = pack_folder(Path(folder))
            for _ in range(6):
                start = time.perf_counter()
                scores = wb.score("benchmark", columns, workspace=workspace)
                times.append(time.perf_counter() - start)
            answer = [int(scores.totals.low.sum()), int(scores.totals.high.sum()), int(scores.totals.grade.sum())]
        else:
            for _ in range(6):
                start = time.perf_counter()
                low, high, grade = by_hand(columns)
                times.append(time.perf_counter() - start)
            answer = [int(low.sum()), int(high.sum()), int(grade.sum())]
    print(json.dumps({"seconds": sorted(times[1:])[2], "peak_mb": peak_mb(), "answer": answer}))


def main() -> dict[str, Any]:
    """Both sides, and the ratio."""
    sides = {}
    for which in ("numpy", "ours"):
        done = subprocess.run([sys.executable, __file__, which], check=True, capture_output=True, text=True)
        sides[which] = json.loads(done.stdout.splitlines()[-1])
    if sides["numpy"]["answer"] != sides["ours"]["answer"]:
        raise SystemExit(f"results differ: {sides}")
    ratio = sides["ours"]["seconds"] / sides["numpy"]["seconds"]
    return {
        "what": f"score {SUBJECTS:,} subjects × {INDICATORS} indicators against numpy by hand",
        "baseline": f"{sides['numpy']['seconds'] * 1000:.0f} ms",
        "ours": f"{sides['ours']['seconds'] * 1000:.0f} ms, peak {sides['ours']['peak_mb']:.0f} MB",
        "ratio": round(ratio, 2),
        "goal": "≤ 2, ≤ 1500 MB",
        "met": ratio <= 2 and sides["ours"]["peak_mb"] <= 1500,
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        one(sys.argv[1])
    else:
        print(main())
