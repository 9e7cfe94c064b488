"""Whatever becomes of the owner, nothing of its kernels stays: no process, no socket, no file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from notebooks_run import children, executed, gone, wait_for

OWNER = """
import os, sys, nbformat, papermill
cell = '''
import os, pathlib, subprocess, sys, time
other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path("pids.part").write_text(f"{os.getpid()} {other.pid} {os.getppid()}"); os.rename("pids.part", "pids")
time.sleep(600)
'''
for cells in (["1"], [cell]):  # with the second kernel one is forked ahead
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    papermill.execute_notebook(book, None, engine_name="workbench-warm", kernel_name="python3", language="python", progress_bar=False, cwd=".")
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_when_the_owner_ends_everything_ends(tmp_path: Path, number: int) -> None:
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    environment = os.environ | {"TMPDIR": str(scratch)}
    owner = subprocess.Popen([sys.executable, "-c", OWNER], cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL)
    pids = tmp_path / "pids"
    kernel, other, parent = (int(pid) for pid in wait_for(lambda: pids.exists() and pids.read_text()).split())
    forked = wait_for(lambda: len(found := children(parent)) == 2 and found)
    assert kernel in forked
    owner.send_signal(number)
    owner.wait(60)
    wait_for(lambda: all(gone(pid) for pid in (*forked, other, parent)))
    assert list(scratch.iterdir()) == []


def test_when_the_parent_is_killed_its_kernels_end(tmp_path: Path) -> None:
    """The warm parent alone, as when memory runs out: the notebook is told to have died, its owner goes on."""
    cell = "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(600)"
    with pytest.raises(Exception, match="died"):
        executed(tmp_path, cell)
    executed(tmp_path, "1")


def test_a_process_that_leaves_the_kernel_s_group_holds_nobody_up(tmp_path: Path) -> None:
    """One that a notebook set apart outlives it, as with any kernel; it has none of the sockets by which ends are told."""
    cell = "import os, signal, time\nos.system('setsid sleep 600 & echo $! > apart')\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(600)"
    try:
        with pytest.raises(Exception, match="died"):
            executed(tmp_path, cell, seconds=30)
    finally:
        os.kill(int((tmp_path / "apart").read_text()), signal.SIGKILL)


def test_many_kernels_leave_nothing_open(tmp_path: Path) -> None:
    def held() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    for _ in range(2):  # the second has one forked ahead
        executed(tmp_path, "1")
    before = held()
    for _ in range(10):
        executed(tmp_path, "print(1)")
    assert held() == before


def test_what_a_notebook_has_started_ends_with_it(tmp_path: Path) -> None:
    cell = "import subprocess, sys\np = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\nopen('pid', 'w').write(str(p.pid))"
    executed(tmp_path, cell)
    wait_for(lambda: gone(int((tmp_path / "pid").read_text())))
