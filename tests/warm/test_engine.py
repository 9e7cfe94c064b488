"""The warm engine runs notebooks as papermill's own does: the same outputs, nothing left behind, every end told."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from notebooks_run import WARM, children, executed, gone, notebook, printed, wait_for
from papermill.exceptions import PapermillExecutionError

from workbench.runs.notebooks import normalised
from workbench.warm.engine import RunTimeout
from workbench.warm.forking import ForkServer
from workbench.warm.serving import kernel_server
from workbench.warm.spawning import SpawnServer

forking = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
EVERY_OUTPUT = (
    "import sys, os, subprocess, warnings\nprint('一'); print('err', file=sys.stderr)\nprint('二', end='')",
    "from IPython.display import display, Markdown, HTML\nprint('before'); display(Markdown('**x**'), HTML('<b>y</b>')); print('after')",
    "import pandas as pd\npd.DataFrame({'指标': ['甲'], '得分': [1.5]})",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([0, 1]); plt.show()",
    "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots(); axes.bar([0], [1]); figure",
    "handle = display('first', display_id='here')\nhandle.update('second')",
    "from IPython.display import clear_output\nprint('gone'); clear_output(); print('stays')",
    "import asyncio\nawait asyncio.sleep(0)\n[i for i in range(3)]",
    "_ + [Out[8]], In[1][:6]",
    "import ipywidgets\nipywidgets.IntSlider(3).value",
    "!echo from a shell",
    "%precision 3\n3.14159",
    "warnings.warn('改一改')",
    "!!echo 1",
    "open('left.txt', 'w').write('x'), os.getcwd() == os.path.realpath('.'), __name__, len(sys.argv) > 0, sys.path",
    "hash('a string'), os.environ.get('MPLBACKEND'), sorted(k for k in os.environ if 'THREADS' in k or 'WORKBENCH' in k)",
    "%%html\n<i>whole</i>",
    "get_ipython().run_cell_magic('capture', 'kept', 'print(1)'); print(kept.stdout)",
    "exit_code = subprocess.run([sys.executable, '-c', 'raise SystemExit(3)']).returncode; exit_code",
    "[os.environ.get(name) for name in ('TERM', 'PAGER', 'GIT_PAGER', 'CLICOLOR', 'FORCE_COLOR')]",
    "import logging; logging.basicConfig(level=logging.DEBUG, force=True); logging.info('of the notebook')",
    "logging.basicConfig(level=logging.WARNING, force=True)",
    "pd.DataFrame([range(30)])",
    "pd.Series(range(5)), pd.get_option('display.max_columns'), pd.get_option('display.width')",
)


@pytest.fixture
def server() -> Iterator[ForkServer]:
    """A warm parent of the test's own."""
    made = ForkServer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """The same notebook, run warm and run by papermill's own engine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONHASHSEED", "0")
        done = [executed(tmp_path_factory.mktemp("x"), *EVERY_OUTPUT, engine=engine) for engine in (WARM, None)]
    return done[0], done[1]


@pytest.mark.parametrize("number", range(len(EVERY_OUTPUT)))
def test_outputs_are_those_of_papermill_s_own_engine(both: tuple[Any, Any], number: int) -> None:
    ours, theirs = (done.cells[number].outputs for done in both)
    if "plt." in EVERY_OUTPUT[number]:
        assert any("image/png" in output.get("data", {}) for output in ours)
    # The name of what a warning is about holds the number of the process.
    assert [o for o in ours if o.get("name") != "stderr"] == [o for o in theirs if o.get("name") != "stderr"]
    assert [o["text"].count("\n") for o in ours if o.get("name") == "stderr"] == [
        o["text"].count("\n") for o in theirs if o.get("name") == "stderr"
    ]


def test_the_notebook_is_the_same_bytes(both: tuple[Any, Any]) -> None:
    assert normalised(both[0]) == normalised(both[1])


def test_the_command_of_papermill_takes_the_engine(tmp_path: Path) -> None:
    from nbformat import write
    from papermill.engines import papermill_engines

    write(notebook("x = 1", "print(x)"), tmp_path / "in.ipynb")
    assert papermill_engines.get_engine(WARM).__name__ == "WarmEngine"
    done = papermill.execute_notebook(
        str(tmp_path / "in.ipynb"), str(tmp_path / "out.ipynb"), engine_name=WARM, progress_bar=False
    )
    assert printed(done) == "1\n"


def test_an_error_stops_the_notebook_with_the_same_traceback(tmp_path: Path) -> None:
    told = []
    for engine in (WARM, None):
        with pytest.raises(PapermillExecutionError) as caught:
            executed(tmp_path, "def f(x):\n    return 1 / x", "f(0)", "print('never')", engine=engine)
        told.append((caught.value.ename, caught.value.evalue, caught.value.traceback, caught.value.cell_index))
    assert told[0] == told[1]


CHANGES = """
import builtins, os, random, sys, threading, time, locale, warnings, signal, decimal
import numpy, pandas, matplotlib, matplotlib.pyplot as plt
os.environ['LEFT'] = '1'; os.chdir('/'); os.umask(0o777)
pandas.set_option('display.max_rows', 3); matplotlib.rcParams['font.size'] = 99; plt.figure(); plt.switch_backend('svg')
numpy.left = builtins.left = True; sys.modules['left'] = sys; sys.path.append('/left'); sys.setrecursionlimit(4321)
numpy.mean = None; sys.argv.append('left'); warnings.simplefilter('ignore'); decimal.getcontext().prec = 3
threading.Thread(target=time.sleep, args=(600,), daemon=True).start(); signal.signal(signal.SIGINT, signal.SIG_IGN)
random.seed(1); numpy.random.seed(1); get_ipython().run_line_magic('load_ext', 'autoreload')
left = 1
"""
LOOKS = """
import builtins, os, random, sys, threading, warnings, signal, decimal
import numpy, pandas, matplotlib, matplotlib.pyplot as plt
umask = os.umask(0); os.umask(umask)
print([
    os.environ.get('LEFT'), os.path.basename(os.getcwd()), pandas.get_option('display.max_rows'), matplotlib.rcParams['font.size'],
    plt.get_fignums(), plt.get_backend().rpartition('.')[2], hasattr(numpy, 'left'), numpy.mean is None, hasattr(builtins, 'left'),
    'left' in sys.modules, '/left' in sys.path, sys.getrecursionlimit(), 'left' in sys.argv, umask, decimal.getcontext().prec,
    ('ignore', None, Warning, None, 0) in warnings.filters, 'left' in dir(), signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
    'autoreload' in str(get_ipython().extension_manager.loaded), any(t.name.startswith('Thread-') for t in threading.enumerate()),
])
"""


def test_nothing_crosses_from_one_notebook_to_the_next(tmp_path: Path) -> None:
    plain = printed(executed(tmp_path, LOOKS, engine=None))
    before = printed(executed(tmp_path, LOOKS))
    executed(tmp_path, CHANGES)
    assert printed(executed(tmp_path, LOOKS)) == before
    assert before == plain.replace("True]", "False]")  # papermill's own kernel has threads of its own


HELD = """
import os, pathlib
links = [link for link in pathlib.Path("/proc/self/fd").iterdir() if os.path.lexists(link)]
print([link.readlink().name for link in links if "left" in link.readlink().name])
"""


def test_files_of_one_notebook_are_closed_for_the_next(tmp_path: Path) -> None:
    assert printed(executed(tmp_path, "file = open('left.txt', 'w')", HELD)) == "['left.txt']\n"
    assert printed(executed(tmp_path, HELD)) == "[]\n"


def test_every_kernel_draws_its_own_random_numbers_unless_given_a_seed(tmp_path: Path) -> None:
    draw = "import random, numpy\nprint(random.random(), numpy.random.rand())"
    assert printed(executed(tmp_path, draw)) != printed(executed(tmp_path, draw))
    assert printed(executed(tmp_path, draw, seed=7)) == printed(executed(tmp_path, draw, seed=7))


@pytest.mark.parametrize(
    "end",
    ["import os; os._exit(3)", "import ctypes; ctypes.string_at(0)", "exit_now = __import__('signal').raise_signal(9)"],
)
def test_a_kernel_that_dies_is_told_and_takes_nothing_with_it(tmp_path: Path, end: str) -> None:
    with pytest.raises(DeadKernelError):
        executed(tmp_path, end)
    assert printed(executed(tmp_path, "print(1)")) == "1\n"


def test_a_cell_without_end_is_ended(tmp_path: Path) -> None:
    with pytest.raises(CellTimeoutError):
        executed(tmp_path, "while True: pass", execution_timeout=1)
    assert printed(executed(tmp_path, "print(1)")) == "1\n"  # its sockets have the numbers of those just closed


def test_a_notebook_without_end_is_ended(tmp_path: Path) -> None:
    with pytest.raises(RunTimeout):
        executed(tmp_path, *["import time; time.sleep(0.3)"] * 100, seconds=1)
    assert printed(executed(tmp_path, "print(1)", seconds=60)) == "1\n"


@forking
def test_a_limit_shorter_than_warming_up_ends_a_kernel_that_left_its_group(tmp_path: Path, server: ForkServer) -> None:
    cell = "import os, time\nos.setpgid(0, os.getpgid(os.getppid()))\ntime.sleep(600)"
    with pytest.raises(RunTimeout):
        executed(tmp_path, cell, seconds=1, server=server)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_memory_has_a_limit_where_one_is_given(tmp_path: Path) -> None:
    with pytest.raises(PapermillExecutionError) as caught:
        executed(tmp_path, "x = bytearray(400 * 1024**2)", memory=100 * 1024**2)
    assert caught.value.ename == "MemoryError"
    executed(tmp_path, "x = bytearray(50 * 1024**2)", memory=100 * 1024**2)


def test_what_is_written_below_python_is_shown(tmp_path: Path) -> None:
    assert printed(executed(tmp_path, "import os\nx = os.system('echo below')")) == "below\n"


def test_a_notebook_writes_more_below_python_than_a_pipe_holds(tmp_path: Path) -> None:
    done = executed(
        tmp_path, "import subprocess, sys\nr = subprocess.run([sys.executable, '-c', \"print('x' * 300_000)\"])"
    )
    assert len(printed(done)) == 300_001


@pytest.mark.parametrize("number", [1, 2])
def test_a_notebook_may_close_what_is_below_its_output(tmp_path: Path, number: int) -> None:
    assert printed(executed(tmp_path, f"import os; os.close({number})", "print('after')")) == "after\n"


def test_what_a_fork_prints_is_shown_and_nothing_of_it_reaches_the_owner(tmp_path: Path) -> None:
    """A fork of the kernel has its wires: two that write on one would garble each other, and both would answer."""
    forks = (
        "import multiprocessing, os, sys",
        "def say(i): print(str(i) * 300_000)",
        "context = multiprocessing.get_context('fork')",
        "processes = [context.Process(target=say, args=(i,)) for i in range(4)]",
        "for p in processes: p.start()",
        "for p in processes: p.join()",
        "print('parent')",
    )
    lines = printed(executed(tmp_path, "\n".join(forks))).splitlines()
    assert sorted(lines) == [*(str(i) * 300_000 for i in range(4)), "parent"]


def test_a_cell_may_cancel_every_task(tmp_path: Path) -> None:
    cell = "import asyncio\nfor task in asyncio.all_tasks(): task.cancel()"
    assert printed(executed(tmp_path, cell, "print('next')")) == "next\n"


@pytest.mark.parametrize("end", ["raise ValueError", "pass", "display(1)", "os._exit(0)"])
def test_a_fork_that_comes_back_from_its_cell_ends(tmp_path: Path, end: str) -> None:
    cell = f"import os, sys\nprint('before', end=' ')\npid = os.fork()\nif pid == 0:\n    {end}\nelse:\n    os.waitpid(pid, 0); print('parent')"
    assert printed(executed(tmp_path, cell, "print('next')")) == "before parent\nnext\n"


def test_what_goes_to_an_output_widget_is_kept_with_it(tmp_path: Path) -> None:
    cells = (
        "import ipywidgets\nout = ipywidgets.Output()\nout",
        "with out:\n    print('shown there')\n    display(1)\nout.clear_output()\nwith out: print('then')",
        "ipywidgets.interact(lambda x: print(x), x=3); print('last')",
    )
    kept = []
    for engine in (WARM, None):
        done = executed(tmp_path, *cells, engine=engine)
        states = done.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"].values()
        kept.append([[o.get("text") for o in s["state"]["outputs"]] for s in states if "outputs" in s["state"]])
        kept.append([[o.get("text") for o in cell.outputs] for cell in done.cells])
    assert kept[:2] == kept[2:] and ["then\n"] in kept[0]


def test_a_kernel_of_another_name_is_papermill_s_affair(tmp_path: Path) -> None:
    from jupyter_client.kernelspec import NoSuchKernel

    with pytest.raises(NoSuchKernel):
        executed(tmp_path, "1", kernel_name="no-such-kernel")


def test_files_for_the_time_being_lie_where_the_order_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The warm process has found a folder for itself while it rehearsed, which may be gone by now."""
    executed(tmp_path, "1")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert printed(executed(tmp_path, "import tempfile; print(tempfile.gettempdir())")) == f"{tmp_path}\n"


def test_python_s_own_settings_reach_the_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "only_here.py").write_text("word = 'found'", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "lib"))
    assert printed(executed(tmp_path, "import only_here; print(only_here.word)")) == "found\n"


def test_where_nothing_can_be_forked_kernels_are_started_ahead(tmp_path: Path) -> None:
    server = SpawnServer()
    try:
        for _ in range(2):
            done = executed(
                tmp_path, "import os, sys\nprint(os.getcwd())", "!echo 1", "print('x')\n1 + 1", server=server
            )
            assert printed(done) == f"{tmp_path}\n1\r\nx\n"
            assert done.cells[2].outputs[1]["data"] == {"text/plain": "2"}
        with pytest.raises(DeadKernelError):
            executed(tmp_path, "import os; os._exit(1)", server=server)
        with pytest.raises(CellTimeoutError):
            executed(tmp_path, "while True: pass", execution_timeout=1, server=server)
    finally:
        server.close()


@forking
def test_a_parent_that_cannot_start_is_a_kernel_that_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not an error of the file system, which would be told of the folder that the notebook's results go to."""
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(RuntimeError, match="warm parent"):
        executed(tmp_path, "1", server=ForkServer())


def test_the_parent_is_started_anew_when_it_has_died(tmp_path: Path) -> None:
    executed(tmp_path, "1")
    kernel_server()._process.kill()
    kernel_server()._process.wait()
    assert printed(executed(tmp_path, "print(1)")) == "1\n"


WHO = "import os\nprint(os.getpid())"


@forking
def test_who_has_asked_twice_has_a_kernel_waiting(tmp_path: Path, server: ForkServer) -> None:
    executed(tmp_path, "1", server=server)
    assert children(server._process.pid) == []
    executed(tmp_path, "1", server=server)
    (waiting,) = wait_for(lambda: children(server._process.pid))
    assert printed(executed(tmp_path, WHO, server=server)) == f"{waiting}\n"


@forking
def test_a_kernel_that_died_waiting_is_replaced(tmp_path: Path, server: ForkServer) -> None:
    for _ in range(2):
        executed(tmp_path, "1", server=server)
    parent = server._process.pid
    (waiting,) = wait_for(lambda: children(parent))
    os.kill(waiting, signal.SIGKILL)
    wait_for(lambda: gone(waiting))
    assert printed(executed(tmp_path, WHO, server=server)) != f"{waiting}\n"
    assert server._process.pid == parent  # whatever else it serves goes on


@forking
def test_forks_of_the_owner_have_kernels_of_their_own(tmp_path: Path, server: ForkServer) -> None:
    """As with a pool of processes: the kernel that waits for the owner is taken by nobody else, and stays when they end."""
    for _ in range(2):
        executed(tmp_path, "1", server=server)
    (waiting,) = wait_for(lambda: children(server._process.pid))
    forks = []
    for number in range(2):
        if (fork := os.fork()) == 0:
            try:
                told = printed(executed(tmp_path, WHO, server=server))
                (tmp_path / f"{number}.txt").write_text(told, encoding="utf-8")
                server.close()
                os._exit(0)
            finally:
                os._exit(1)
        forks.append(fork)
    assert [os.waitpid(fork, 0)[1] for fork in forks] == [0, 0]
    used = {int((tmp_path / f"{number}.txt").read_text(encoding="utf-8")) for number in range(2)}
    assert len(used) == 2 and waiting not in used
    assert printed(executed(tmp_path, WHO, server=server)) == f"{waiting}\n"


@forking
def test_a_kernel_has_copied_ahead_what_notebooks_write_to(tmp_path: Path, server: ForkServer) -> None:
    """Pages that a notebook has to wait for: less than half of what the first one had to."""
    held = "import sys, resource\nbefore = resource.getrusage(resource.RUSAGE_SELF).ru_minflt"
    work = "import workbench.runs.rehearsal as r; r.rehearse()"
    told = "print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)"
    faults = [int(printed(executed(tmp_path, held, work, told, server=server))) for _ in range(5)]
    assert faults[-1] < faults[0] / 2
