"""What a process does before notebooks run in it, so that no notebook has to: imports, fonts, a first figure, a rehearsal."""

from __future__ import annotations

import io
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.warm.kernel import WarmKernel

LIBRARIES = ("numpy", "pandas", "matplotlib.pyplot", "IPython.display")
REHEARSAL = "workbench.runs.rehearsal"
"""Its ``rehearse()`` evaluates an example. Named, not imported: this package knows nothing of evaluations."""
REHEARSALS = 2
"""After the first, Python knows what it runs often; a notebook takes a tenth less of the processor."""
SETTINGS = {"PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
"""What is set while it warms up: equal runs are equal, and the debugger, which IPython's kernel loads, does not complain."""
PROGRAM = "import sys; sys.path[:] = filter(None, sys.path); from workbench.warm.{} import main; main()"
"""What Python is started with: nothing that lies in the current folder can stand for a library of the same name."""


def warmed_kernel() -> WarmKernel:
    """A kernel without anybody to answer to, in a process that has imported what notebooks import and rehearsed."""
    from workbench.warm.kernel import WarmKernel

    kernel = WarmKernel()  # before the rehearsal: what is found on sys.path is found where notebooks look
    with kernel.as_in_a_cell():
        for name in LIBRARIES:
            import_module(name)
    _draw()
    for _ in range(REHEARSALS):
        import_module(REHEARSAL).rehearse()
    return kernel


def _draw() -> None:
    # Through pyplot's own classes, but not through pyplot, which would remember the figure.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    FigureCanvasAgg(figure)
    figure.add_subplot().bar([0], [1])
    figure.savefig(io.BytesIO(), format="png")
