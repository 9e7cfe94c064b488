"""A file becomes grids of cells, whatever program made it.

It runs one way: ``kinds`` (what the file really is) → ``package`` (the container, under limits) → ``xlsx``, ``docx``, or,
parsed in a process of its own (``apart``), ``xls``, ``pdf`` (its cells) → ``cells``
(:class:`~workbench.recheck.files.grid.Grid`). Nothing in a file is ever executed, fetched or followed.
"""

from __future__ import annotations

from workbench.recheck.files.grid import Grid, Merged
from workbench.recheck.files.opening import Opened, open_file, open_grids

__all__ = ["Grid", "Merged", "Opened", "open_file", "open_grids"]
