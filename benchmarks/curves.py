"""How cost grows: 1 … 10,000 plans, 1 … 10⁶ subjects, 10 … 500 indicators. For docs/performance.md.

uv run python benchmarks/curves.py measure   # an hour and a half on 2 cores; writes curves.json; or stages, subjects, plans alone
uv run python benchmarks/curves.py draw      # docs/images/performance.png from curves.json
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = Path(__file__).with_name("curves.json")
PICTURE = ROOT / "docs" / "images" / "performance.png"
NAME = "huangshi_sponge_2022"
PLANS = (1, 10, 100, 1_000, 10_000)
REPEATED = 20
PARTS = ("stages", "subjects", "plans")
COMMAND = [sys.executable, "-c", "from workbench.cli import main; main()", "batch", "plans", "--workers", "2"]


def batch(plans: int) -> dict[str, float]:
    """Wall time of ``workbench batch`` over copies of a published plan, then of the same command again."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("params/evidence", "notebooks", "plans"):
            (folder / part).mkdir(parents=True)
        shutil.copy(ROOT / f"params/evidence/{NAME}.xlsx", folder / "params/evidence")
        text = (ROOT / f"params/{NAME}.yaml").read_text(encoding="utf-8")
        for number in range(plans):
            own = text.replace("evaluation: huangshi-sponge-2022", f"evaluation: p{number:05}")
            assert own != text
            (folder / "plans" / f"{number:05}.yaml").write_text(own, encoding="utf-8")
        seconds = {}
        for which in ("first", "again"):
            start = time.perf_counter()
            subprocess.run(COMMAND, check=True, capture_output=True, cwd=folder, env=environment)
            seconds[which] = time.perf_counter() - start
        assert len(list((folder / "runs").glob("p*/*/result.json"))) == plans
        return seconds


def stages() -> dict[str, float]:
    """Medians in milliseconds: what a worker of a batch does for one plan, one part after the other."""
    from statistics import median

    import nbformat

    from workbench.runs.engine import execute, run_evaluation
    from workbench.runs.kernel import WARM
    from workbench.runs.opening import open_plan
    from workbench.runs.store import result_bytes

    taken: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
        nbformat.write(empty, folder / "empty.ipynb")
        for number in range(REPEATED + 1):
            staging = folder / f"staging-{number}"
            staging.mkdir()
            clock = [time.perf_counter()]
            evaluation = open_plan(ROOT / f"params/{NAME}.yaml", workspace=ROOT)
            clock.append(time.perf_counter())
            result_bytes(evaluation)
            clock.append(time.perf_counter())
            execute(folder / "empty.ipynb", evaluation, staging, lambda _: None, WARM)
            clock.append(time.perf_counter())
            execute(ROOT / "notebooks/self_evaluation.ipynb", evaluation, staging, lambda _: None, WARM)
            clock.append(time.perf_counter())
            run_evaluation(evaluation, out=folder / f"runs-{number}", engine=WARM)
            clock.append(time.perf_counter())
            opened, scored, nothing, notebook, whole = (b - a for a, b in pairwise(clock))
            parts = {"open": opened, "score": scored, "kernel": nothing, "cells": notebook - nothing}
            for part, seconds in (parts | {"check and seal": whole - notebook}).items():
                taken.setdefault(part, []).append(seconds * 1000)
    return {part: round(median(times[1:]), 1) for part, times in taken.items()}


def measure(parts: Sequence[str]) -> None:
    """Some parts, or all, anew; each number is kept as soon as it is known."""
    sys.path.insert(0, str(Path(__file__).parent))
    import million

    for part in parts:
        _keep(part, {})
        if part == "stages":
            _keep(part, stages())
        elif part == "subjects":
            for subjects, indicators in million.CURVE:
                _keep(part, {f"{subjects}x{indicators}": million.measured(subjects, indicators)})
        else:
            for plans in PLANS:
                _keep(part, {str(plans): batch(plans)})


def _keep(part: str, found: dict[str, Any]) -> None:
    """Put numbers beside those of the same part that are known; none: forget these."""
    known = json.loads(NUMBERS.read_text(encoding="utf-8"))
    known[part] = {**known[part], **found} if found else {}
    NUMBERS.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    print(part, found, flush=True)


def draw() -> None:
    """Three panels, logarithmic: a straight line that rises by one decade in one is a cost that grows in proportion."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from workbench.reports.style import drawing

    found = json.loads(NUMBERS.read_text(encoding="utf-8"))
    sizes = {tuple(map(int, key.split("x"))): value for key, value in found["subjects"].items()}

    @drawing()
    def picture() -> Figure:
        figure = Figure(figsize=(10, 3.4), layout="constrained")
        FigureCanvasAgg(figure)
        left, middle, right = figure.subplots(1, 3)
        plans = {int(n): one for n, one in found["plans"].items()}
        for which, label in (("first", "首次运行"), ("again", "没有变化时再次运行")):
            left.plot(list(plans), [one[which] for one in plans.values()], marker="o", label=label)
        left.set(title="批量运行(2个进程,含图表)", xlabel="计划数", ylabel="秒")
        left.legend()
        for axes, fixed, title in ((middle, 1, "批量打分,40个指标"), (right, 0, "批量打分,10万个对象")):
            kept = {size: one for size, one in sorted(sizes.items()) if size[fixed] == (40 if fixed else 10**5)}
            at = [size[1 - fixed] for size in kept]
            for which, label in (
                ("hand", "手写 numpy + DuckDB"),
                ("ours", "score_to_parquet"),
                ("ours-from-file", "从文件到文件"),
            ):
                axes.plot(at, [_seconds(one, which) for one in kept.values()], marker="o", label=label)
            axes.set(title=title, xlabel="对象数" if fixed else "指标数")
            axes.legend()
        for axes in (left, middle, right):
            axes.set(xscale="log", yscale="log")
            axes.grid(visible=True, alpha=0.3)
        return figure

    picture().savefig(PICTURE, dpi=120, metadata={"Software": None})


def _seconds(sides: dict[str, Any], which: str) -> float:
    """By hand the faster of one and two threads counts."""
    return min(sides[name]["seconds"] for name in ((which, "hand-2") if which == "hand" else (which,)))


if __name__ == "__main__":
    if sys.argv[1] == "draw":
        draw()
    else:
        measure(sys.argv[2:] or PARTS)
