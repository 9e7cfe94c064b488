"""The kernel itself: IPython's own, made before its process is forked; its messages go over two wires.

Nothing listens and nothing is signed: nobody else can write on a connected pair of sockets.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any, TextIO, cast

import ipykernel.debugger
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from tornado.ioloop import IOLoop
from traitlets.config import Config

from workbench.warm.session import Printed, WireSession
from workbench.warm.wire import Wire

# Nothing can ask for the debugger here, and importing it starts threads, which must not be there when a process forks.
ipykernel.debugger._is_debugpy_available = False


class _Kernel(IPythonKernel):
    """IPython's kernel on one thread: no thread receives, none runs a second shell."""

    shell_channel_thread: Any = SimpleNamespace(parent_thread=threading.main_thread())
    _supports_kernel_subshells = False

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Nothing waits in a queue: whoever asks waits for the answer."""


class WarmKernel:
    """A kernel that has everything but somebody to answer to."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False  # it would write to the user's home, from a thread
        self._session = WireSession()
        log = logging.getLogger("workbench.warm")
        log.propagate = False  # a notebook that asks for everything that is logged would show every message of ours
        self._kernel: Any = _Kernel.instance(session=self._session, log=log, config=config)
        # %matplotlib and its like look for the kernel here.
        application = IPKernelApp.instance()
        application.kernel = self._kernel
        application.init_path()  # type: ignore[no-untyped-call]  # notebooks find modules where they run

    def as_in_a_cell(self) -> AbstractContextManager[Any]:
        """Whatever is imported meanwhile finds ``get_ipython``: pandas asks how much it may show."""
        return cast("AbstractContextManager[Any]", self._kernel.shell.builtin_trap)

    def serve(self, shell: Wire, iopub: Wire) -> None:
        """Answer requests until nobody is at the other end."""
        kernel, shown = self._kernel, self._kernel.shell
        self._session.pid = os.getpid()
        shown.init_environment()  # no pager waits for a key
        kernel.iopub_socket = shown.displayhook.pub_socket = shown.display_pub.pub_socket = iopub
        printed = [Printed("stdout", 1), Printed("stderr", 2)]
        for stream in printed:
            stream.connect(self._session, iopub)
        sys.stdout, sys.stderr = cast("list[TextIO]", printed)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        kernel.io_loop = IOLoop.current()
        loop.run_until_complete(self._answer(shell))

    async def _answer(self, shell: Wire) -> None:
        kernel = self._kernel
        while True:
            try:
                request = await shell.receive()
            except EOFError:
                return
            except asyncio.CancelledError:
                continue  # a cell has cancelled every task there is; nobody else can mean this one
            kernel.set_parent([], request, channel="shell")
            kernel._publish_status("busy", "shell")
            await kernel.shell_handlers[request["header"]["msg_type"]](shell, [], request)
            if os.getpid() != self._session.pid:  # a cell has forked, and this is not the kernel
                os._exit(0)
            sys.stdout.flush()
            sys.stderr.flush()
            kernel._publish_status("idle", "shell")
