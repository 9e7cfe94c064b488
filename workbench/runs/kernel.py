"""The kernel a run gets: its environment, and local sockets instead of network ports where the platform has them."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

DROPPED = ("PYTHONDONTWRITEBYTECODE",)
"""With it every kernel compiles all its imports anew (7.6 s a notebook instead of 2.9 s)."""
FIXED = {"PYTHONHASHSEED": "0", "MPLBACKEND": "agg", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}

LONGEST_FOLDER = 70


@dataclass(frozen=True)
class Engine:
    """What executes a notebook.

    Attributes:
        name: of a papermill engine; papermill's own when None.
        seconds: for the whole notebook; None: no limit but that of each cell.
        memory: bytes the notebook may allocate beside what is loaded; None: no limit. Kept by the warm engine, on Linux.
    """

    name: str | None = None
    seconds: int | None = None
    memory: int | None = None

    @property
    def options(self) -> dict[str, Any]:
        """What papermill is told beside what it is always told; its own engine knows no such limits."""
        limits = {"seconds": self.seconds, "memory": self.memory}
        return {"engine_name": self.name} | (limits if self.name is not None else {})


PLAIN = Engine()
WARM = Engine("workbench-warm")
_MB = 1 << 20


def warm_within(seconds: int | None, memory: int | None) -> Engine:
    """The warm engine with limits for a notebook, as people give them: seconds, and MB."""
    return replace(WARM, seconds=seconds, memory=memory * _MB if memory is not None else None)


@contextmanager
def kernel_environment(extra: Mapping[str, str]) -> Iterator[None]:
    """The process environment as a kernel should inherit it, put back afterwards."""
    before = dict(os.environ)
    for name in DROPPED:
        os.environ.pop(name, None)
    os.environ.update(FIXED | dict(extra))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def transport(engine: Engine = PLAIN) -> Iterator[dict[str, Any]]:
    """Keyword arguments for the notebook client's kernel manager; none for an engine that has a manager of its own.

    On POSIX systems the kernel talks over sockets in a private folder: no port can clash and nothing listens on the
    network. Elsewhere the default stays.
    """
    if sys.platform == "win32" or engine.name is not None:
        yield {}
        return
    from jupyter_client.manager import AsyncKernelManager

    # Socket paths are limited to about 100 bytes, so the folder is a short one.
    with tempfile.TemporaryDirectory(prefix="wb-", dir=short_folder()) as folder:
        connection = str(Path(folder) / "k.json")

        class LocalKernelManager(AsyncKernelManager):
            """A kernel manager bound to this run's private folder."""

            def __init__(self, **kwargs: Any) -> None:
                super().__init__(**kwargs)
                self.transport = "ipc"
                self.ip = str(Path(folder) / "s")
                self.connection_file = connection

        yield {"kernel_manager_class": LocalKernelManager}


def short_folder() -> str | None:
    """Where sockets go: the platform's temporary folder, or /tmp when TMPDIR is too long for them."""
    return None if len(os.fsencode(tempfile.gettempdir())) <= LONGEST_FOLDER else "/tmp"
