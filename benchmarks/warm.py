"""The warm engine against the papermill command, two of them at once, and the same notebook in-process without isolation.

All in one run, with the same notebook and plan; every notebook that is written is compared with that of papermill's command.

uv run --group test python benchmarks/warm.py [--runs 2000]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
PLAN, NOTEBOOK = "params/huangshi_sponge_2022.yaml", "notebooks/self_evaluation.ipynb"
COMMANDS = 6
"""Of papermill, one after the other; and as many pairs."""
WARM = "workbench-warm"
LATENCIES = 100
RUNS = 2000
FIRST = 100
"""Of them, after which the memory of a parent has found its size."""
WARMING = 5
"""Notebooks before anything is measured."""
STOPPED = 40
"""Plans of the batches that are stopped in the middle."""
PATIENCE = 30.0
"""Seconds in which everything has to have ended."""
WORKERS = 2


def environment() -> dict[str, str]:
    """As ``workbench run`` starts kernels: modules compiled once, figures drawn without a window."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"MPLBACKEND": "agg", "PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


@contextmanager
def workspace() -> Iterator[Path]:
    """A workspace with the plan, its evidence and the notebook."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for part in ("params", "notebooks"):
            shutil.copytree(ROOT / part, folder / part)
        yield folder


# -- papermill's own command ------------------------------------------------------------------------------------------


def command(folder: Path, number: int) -> subprocess.Popen[bytes]:
    """papermill as a user starts it."""
    staging = folder / f"staging-{number}"
    staging.mkdir()
    line = [sys.executable, "-m", "papermill", NOTEBOOK, f"out-{number}.ipynb", "-f", PLAN, "--cwd", str(folder)]
    quiet = subprocess.DEVNULL
    own = environment() | {"WORKBENCH_STAGING": str(staging), "WORKBENCH_WORKSPACE": str(folder)}
    return subprocess.Popen(line, cwd=folder, env=own, stdout=quiet, stderr=quiet)


def commands(folder: Path, together: int, start: int) -> float:
    """Notebooks a minute by commands, so many at a time; the first ones warm the disk."""
    began = 0.0
    for number in range(COMMANDS + 1):
        if number == 1:
            began = time.perf_counter()
        running = [command(folder, start + number * together + i) for i in range(together)]
        if any(process.wait() for process in running):
            raise SystemExit("papermill failed")
    return 60 * COMMANDS * together / (time.perf_counter() - began)


# -- in this process --------------------------------------------------------------------------------------------------


def in_process_engine() -> type:
    """papermill with an IPython shell of this very process: no isolation, nothing to start, nothing to end."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from nbformat.v4 import new_output
    from papermill.engines import Engine

    class InProcess(Engine):
        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
            shell = InteractiveShell.instance()
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                if cell.cell_type == "code":
                    with capture_output() as caught:
                        shell.run_cell(cell.source, store_history=True).raise_error()
                    cell.outputs = [
                        new_output("display_data", data=shown.data, metadata=shown.metadata) for shown in caught.outputs
                    ]
                nb_man.cell_complete(cell, cell_index=index)

    return InProcess


# -- one side, in a process of its own --------------------------------------------------------------------------------


def executed(folder: Path, engine: str) -> Any:
    """The notebook by papermill as a library; what the notebook saves goes to a folder of its own."""
    import papermill
    import yaml

    staging = tempfile.mkdtemp(dir=folder)
    os.environ["WORKBENCH_STAGING"] = staging
    plan = yaml.safe_load((folder / PLAN).read_text(encoding="utf-8"))
    done = papermill.execute_notebook(
        str(folder / NOTEBOOK),
        None,
        parameters=plan,
        cwd=str(folder),
        kernel_name="python3",
        engine_name=engine,
        progress_bar=False,
        autosave_cell_every=0,
    )
    shutil.rmtree(staging)
    return done


def parent_mb() -> float:
    """What the warm parent holds for itself, in MB."""
    from workbench.warm.serving import kernel_server

    process = kernel_server()._process
    lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) / 1024


def side(folder: Path, engine: str) -> None:
    """One engine: for each number that is read, so many notebooks; their times and digests are told as a JSON line."""
    from papermill.engines import papermill_engines

    from workbench.base.canon import digest
    from workbench.runs.notebooks import normalised

    papermill_engines.register("in-process", in_process_engine())
    os.environ["WORKBENCH_WORKSPACE"] = str(folder)
    for _ in range(WARMING):
        executed(folder, engine)
    print("ready", flush=True)
    for number in sys.stdin:
        times, digests = [], set()
        for _ in range(int(number)):
            start = time.perf_counter()
            done = executed(folder, engine)
            times.append(time.perf_counter() - start)
            digests.add(digest(normalised(done)))
        memory = parent_mb() if engine == WARM else 0.0
        print(json.dumps({"times": times, "digests": sorted(digests), "memory": memory}), flush=True)


class Side:
    """A process with an engine, warm."""

    def __init__(self, folder: Path, engine: str) -> None:
        line = [sys.executable, __file__, "--side", engine, "--folder", str(folder)]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen(line, cwd=folder, env=environment() | {"OPENBLAS_NUM_THREADS": "1"}, **pipes)
        self._process.stdout.readline()

    def begin(self, runs: int) -> None:
        """So many notebooks from now on."""
        self._process.stdin.write(f"{runs}\n")
        self._process.stdin.flush()

    def said(self) -> dict[str, Any]:
        """What they took, when they are done."""
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.communicate()


def latencies(folder: Path, runs: int) -> dict[str, list[dict[str, Any]]]:
    """What one notebook after the other takes, the engines in turn: whatever else the machine does slows both."""
    found: dict[str, list[dict[str, Any]]] = {}
    engines = {engine: Side(folder, engine) for engine in ("in-process", WARM)}
    for _ in range(runs):
        for engine, one in engines.items():
            one.begin(1)
            found.setdefault(engine, []).append(one.said())
    for one in engines.values():
        one.close()
    return found


def together(folder: Path, runs: int) -> tuple[list[dict[str, Any]], float]:
    """Warm engines at once, so many notebooks each, the first part of them told by itself; and the wall time."""
    engines = [Side(folder, WARM) for _ in range(WORKERS)]
    said, start = [], time.perf_counter()
    for part in (min(FIRST, runs // 2), runs - min(FIRST, runs // 2)):
        for one in engines:
            one.begin(part)
        said += [one.said() for one in engines]
    seconds = time.perf_counter() - start
    for one in engines:
        one.close()
    return said, seconds


def main(runs: int = RUNS) -> list[dict[str, Any]]:
    """All sides, and the ratios."""
    with workspace() as folder:
        loop = commands(folder, 1, 0)
        pairs = commands(folder, 2, 100)
        plain = (folder / "out-1.ipynb").read_bytes()
        one = latencies(folder, LATENCIES)
        many, seconds = together(folder, runs // WORKERS)
    refuse_other_notebooks(plain, [*one[WARM], *many])
    rate = 60 * sum(len(part["times"]) for part in many) / seconds
    inside_p50, warm_p50 = (
        median(time for run in one[engine] for time in run["times"]) for engine in ("in-process", WARM)
    )
    first, last = (max(part["memory"] for part in half) for half in (many[:WORKERS], many[WORKERS:]))
    left = {n.name: left_behind(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)}
    return [
        row(
            "notebooks a minute against the papermill command in a loop", f"{loop:.1f}", f"{rate:.0f}", rate / loop, 12
        ),
        row(
            "notebooks a minute against two papermill commands at once", f"{pairs:.1f}", f"{rate:.0f}", rate / pairs, 5
        ),
        {
            "what": "one notebook with a kernel of its own against the same in-process, p50",
            "baseline": f"{inside_p50 * 1000:.0f} ms",
            "ours": f"{warm_p50 * 1000:.0f} ms",
            "ratio": round(warm_p50 / inside_p50, 2),
            "goal": "≤ 1.3",
            "met": warm_p50 / inside_p50 <= 1.3,
        },
        {
            "what": f"memory of the warm parent, {runs // WORKERS:,} runs each of {WORKERS}",
            "baseline": f"{first:.1f} MB after {FIRST} runs",
            "ours": f"{last:.1f} MB at the end",
            "ratio": round(last / first, 3),
            "goal": "≤ 1.02",
            "met": last / first <= 1.02,
        },
        {
            "what": "processes, temporary files and staging folders left by a batch of two workers that was sent a signal",
            "baseline": ", ".join(left),
            "ours": "none" if not any(left.values()) else str(left),
            "ratio": sum(map(len, left.values())),
            "goal": "0",
            "met": not any(left.values()),
        },
    ]


# -- what stays when a batch is ended from outside --------------------------------------------------------------------


def left_behind(number: signal.Signals) -> list[str]:
    """Processes, files in the folder for temporary files, and staging folders after a batch was sent a signal and gone on with."""
    mark = f"warm-benchmark-{uuid4().hex}"
    with workspace() as folder, tempfile.TemporaryDirectory() as scratch:
        text = (folder / PLAN).read_text(encoding="utf-8")
        (folder / "plans").mkdir()
        for i in range(STOPPED):
            own = text.replace("evaluation: huangshi-sponge-2022", f"evaluation: p{i}")
            (folder / "plans" / f"{i}.yaml").write_text(own, encoding="utf-8")
        start = [sys.executable, "-c", "from workbench.cli import main; main()", "batch", "plans", "--workers", "2"]
        own_environment = environment() | {"TMPDIR": scratch, "WARM_BENCHMARK": mark}
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        running = subprocess.Popen(start, cwd=folder, env=own_environment, **quiet)
        while len(list((folder / "runs").glob("p*/*/manifest.json"))) < STOPPED // 4:
            time.sleep(0.02)
        running.send_signal(number)
        running.wait()
        end = time.monotonic() + PATIENCE
        while (alive := marked(mark)) and time.monotonic() < end:
            time.sleep(0.1)
        files = [path.name for path in Path(scratch).iterdir()]
        subprocess.run([*start, "--resume"], cwd=folder, env=own_environment, check=True, **quiet)
        staging = [path.name for path in (folder / "runs").glob("*/.*")]
        assert len(list((folder / "runs").glob("p*/*/manifest.json"))) == STOPPED
    return [*alive, *files, *staging]


def marked(mark: str) -> list[str]:
    """Processes that have this mark in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(folder.name)
    return found


def row(what: str, baseline: str, ours: str, ratio: float, goal: float) -> dict[str, Any]:
    """A line where more is better."""
    return {
        "what": what,
        "baseline": baseline,
        "ours": ours,
        "ratio": round(ratio, 1),
        "goal": f"≥ {goal}",
        "met": ratio >= goal,
    }


def refuse_other_notebooks(plain: bytes, said: list[dict[str, Any]]) -> None:
    """Every notebook has to be that of papermill's command, without its times and random ids."""
    import nbformat

    from workbench.base.canon import digest
    from workbench.runs.notebooks import normalised

    expected = digest(normalised(nbformat.reads(plain.decode("utf-8"), 4)))
    for one in said:
        if one["digests"] != [expected]:
            raise SystemExit(f"notebooks differ: {one['digests']} instead of {expected}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--side")
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    if chosen.side:
        side(chosen.folder, chosen.side)
    else:
        for line in main(chosen.runs):
            print(line)
