"""What a process does before notebooks run in it, so that no notebook has to: imports, fonts, a first figure, a rehearsal."""

from __future__ import annotations

import io
from importlib import import_module

LIBRARIES = ("numpy", "pandas", "matplotlib.pyplot", "IPython.display")
REHEARSAL = "workbench.runs.rehearsal"
"""Its ``rehearse()`` evaluates an example. Named, not imported: this package knows nothing of evaluations."""


PROGRAM = "import sys; sys.path[:] = filter(None, sys.path); from workbench.warm.{} import main; main()"
"""What Python is started with: nothing that lies in the current folder can stand for a library of the same name."""


def warm_up() -> None:
    """Import what notebooks import, draw a figure that nobody sees, rehearse an evaluation."""
    for name in LIBRARIES:
        import_module(name)
    _draw()
    import_module(REHEARSAL).rehearse()


def _draw() -> None:
    # Through pyplot's own classes, but not through pyplot, which would remember the figure.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    FigureCanvasAgg(figure)
    figure.add_subplot().bar([0], [1])
    figure.savefig(io.BytesIO(), format="png")
