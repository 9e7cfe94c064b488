"""papermill's engine ``workbench-warm``: each notebook in a fresh process that has imported everything before.

``papermill --engine workbench-warm …``, or ``engine_name="workbench-warm"``: notebooks come out as from papermill's own.
"""

from __future__ import annotations

import threading
from typing import Any

from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger

from workbench.warm.manager import WarmKernelManager
from workbench.warm.process import KernelServer
from workbench.warm.serving import kernel_server

KERNELS = (None, "python3")
"""Names that mean this Python; any other is started as papermill would."""


class RunTimeout(TimeoutError):
    """A notebook took longer than it was given."""


class WarmClientWrap(PapermillNotebookClient):  # type: ignore[misc]  # papermill has no types
    """papermill's notebook client with a kernel of ours."""

    def __init__(self, nb_man: Any, manager: WarmKernelManager, **options: Any) -> None:
        super().__init__(nb_man, **options)
        self._manager = manager

    def create_kernel_manager(self) -> WarmKernelManager:
        """A manager that has no kernel yet."""
        self.km = self._manager
        return self._manager


class WarmEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """As papermill's own, and quicker."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str | None,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        seed: int | None = None,
        memory: int | None = None,
        seconds: float | None = None,
        server: KernelServer | None = None,
        **options: Any,
    ) -> Any:
        """Execute the notebook of ``nb_man``; options beside papermill's own:

        Args:
            seed: of ``random`` and ``numpy.random`` in the notebook; None: from the operating system.
            memory: bytes it may allocate beside what is loaded (Linux); a cell that wants more ends with MemoryError.
            seconds: for the whole notebook, where ``execution_timeout`` is for each cell.
            server: where the kernel comes from, if not from this process's own.

        Raises:
            RunTimeout: the notebook took longer than ``seconds``.
        """
        usual = {"stdout_file": stdout_file, "stderr_file": stderr_file, "log_output": log_output}
        if kernel_name not in KERNELS:
            times = {"start_timeout": start_timeout, "execution_timeout": execution_timeout}
            return super().execute_managed_notebook(nb_man, kernel_name, **usual, **times, **options)
        for unused in ("input_path", "kernel_manager_class"):
            options.pop(unused, None)
        options["timeout"] = execution_timeout or options.get("timeout")
        manager = WarmKernelManager(server or kernel_server(), seed, memory)
        client = WarmClientWrap(nb_man, manager, kernel_name=kernel_name, log=logger, **usual, **options)
        return _within(seconds, client, manager)


def _within(seconds: float | None, client: WarmClientWrap, manager: WarmKernelManager) -> Any:
    """The notebook executed, its kernel ended when the time is over."""
    if seconds is None:
        return client.execute()
    over = threading.Event()

    def end() -> None:
        over.set()
        if (process := manager.process) is not None:
            process.kill()

    timer = threading.Timer(seconds, end)
    manager.started = timer.start  # warming up, which only the first notebook waits for, is no part of it
    try:
        return client.execute()
    except DeadKernelError:
        if over.is_set():
            raise RunTimeout(f"the notebook took longer than {seconds:g} seconds") from None
        raise
    finally:
        timer.cancel()
        if timer.ident is not None:
            timer.join()
